/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What unsealing a blob consists of: reading it, and then using the TPM.
 */
#ifndef _TPK_UNSEAL_H
#define _TPK_UNSEAL_H

#include "policy.h"
#include "tpk.h"

/**
 * struct unseal - a blob on its way to a key
 * @o: what the user asked for
 * @blob: the blob
 * @kf: the blob decoded; spans point into @blob
 * @public: public area of the sealed object
 * @name: its Name
 * @old_format: the blob is of before Linux 5.13
 * @policy: what opens the key: the blob's, or that of pcrs=
 * @pcr_body: body of the PolicyPCR of pcrs=
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
	struct tpk_policy policy;
	u8 pcr_body[TPK_PCR_BODY_SIZE];
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

#endif /* _TPK_UNSEAL_H */
