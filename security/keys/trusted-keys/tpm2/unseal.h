/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What unsealing a blob consists of: reading it, and then using the TPM.
 */
#ifndef _TPK_UNSEAL_H
#define _TPK_UNSEAL_H

#include "plan.h"
#include "program.h"
#include "tpk.h"

/**
 * struct unseal - a blob on its way to a key
 * @o: what the user asked for
 * @blob: the blob
 * @kf: the blob decoded; spans point into @blob
 * @public: public area of the sealed object
 * @name: its Name
 * @old_format: the blob is of before Linux 5.13
 * @wants_auth: the policy asks for the object's authValue, in the way that was
 *	chosen, or in the only one there is
 * @pcr_changes: how often PCRs changed under the policy
 * @refused: the most specific error of the ways that the TPM refused; 0: none
 * @proves_nonce: nothing is unsealed: Load is to prove the session's nonce
 * @signing: the locked file of signfd=, whose session is used; NULL: none
 * @plan: what opens the key: the blob's policy, or that of pcrs= or policy=
 * @program: @plan as it is run
 * @key: result, secret
 * @key_len: its octets
 */
struct unseal {
	struct tpk_options *o;
	struct tpm2_bytes blob;
	struct tpk_keyfile kf;
	struct tpk_public public;
	struct trm_name name;
	bool old_format;
	bool wants_auth;
	unsigned int pcr_changes;
	int refused;
	bool proves_nonce;
	struct tpk_signing *signing;
	struct tpk_plan plan;
	struct tpk_program program;
	u8 key[TPK_MAX_KEY + 1];
	unsigned int key_len;
};

/* blob.c */
int tpk_blob_prepare(struct unseal *u);
int tpk_blob_complete(struct unseal *u);
bool tpk_blob_by_policy(const struct unseal *u);
bool tpk_blob_knows_auth(const struct unseal *u);
int tpk_blob_bad(const char *what);
int tpk_blob_refuse(int err, const char *why);

/* unseal.c */
int tpk_load(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u);
int tpk_policy_restart(struct tpk_tpm *tpm, struct tpk_scratch *s);
bool tpk_proves_keyauth(const struct unseal *u);

/* run.c */
int tpk_run_choose(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u);
int tpk_run(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u,
	    unsigned int *branch);
bool tpk_run_revoked(struct tpk_tpm *tpm, const struct unseal *u);

/* authorize.c */
int tpk_authorize(struct tpk_tpm *tpm, struct tpk_scratch *s,
		  const struct tpk_policy_step *step);

int tpk_signer_load(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    struct tpm2_bytes key, struct tpm2_bytes name);

/* signed.c */
int tpk_signed(struct tpk_tpm *tpm, struct tpk_scratch *scratch,
	       const struct unseal *u, const struct tpk_policy_step *step);
int tpk_signed_resume(struct tpk_tpm *tpm, struct tpk_scratch *scratch,
		      struct tpk_signing *s);
int tpk_signed_check(struct tpk_tpm *tpm, const struct unseal *u);

/* legacy.c */
int tpk_legacy_allow(const struct unseal *u);
int tpk_legacy_claim(struct tpk_tpm *tpm, const struct unseal *u);
void tpk_legacy_authorize(struct trm_call *call, struct tpk_scratch *s,
			  const struct unseal *u);
int tpk_legacy_finish(struct tpk_tpm *tpm, int err);

/* mismatch.c */
void tpk_mismatch_report(struct tpk_tpm *tpm, struct tpk_scratch *s,
			 struct unseal *u);

#endif /* _TPK_UNSEAL_H */
