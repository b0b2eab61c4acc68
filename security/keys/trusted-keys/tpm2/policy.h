/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policy digests in software, and the bodies of policy statements.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_POLICY_H
#define _TPK_POLICY_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "keyfile.h"
#include "pcrs.h"

/**
 * struct tpk_pcr_statement - decoded commandPolicy of a PolicyPCR
 * @selection: marshalled TPML_PCR_SELECTION, points into the body
 * @digest: pcrDigest, points into the body; empty: the present values count
 */
struct tpk_pcr_statement {
	struct tpm2_bytes selection;
	struct tpm2_bytes digest;
};

/**
 * tpk_pcr_statement_decode() - read a PolicyPCR in either encoding in use
 * @body: commandPolicy
 * @hash: TPM_ALG_ID of the policy's hash
 * @st: result
 *
 * The draft's own implementation writes TPML_PCR_SELECTION and the digest
 * without a size; GRUB and pcr-oracle write a TPM2B_DIGEST, often empty, and
 * then the TPML_PCR_SELECTION.
 *
 * Return: 0; -EBADMSG.
 */
int tpk_pcr_statement_decode(struct tpm2_bytes body, u16 hash,
			     struct tpk_pcr_statement *st);

/* A PolicyPCR as it is written: TPML_PCR_SELECTION of all banks, and a digest. */
#define TPK_PCR_BODY_SIZE \
	(4 + TPK_MAX_BANKS * (2 + 1 + TPM2_PCR_SELECT_SIZE) + TPM2_MAX_DIGEST)

/**
 * tpk_policy_from_pcrs() - the policy that pcrs= stands for
 * @policy: result: PolicyPCR, and PolicyAuthValue behind it if @auth
 * @pcrs: the PCRs, all values known
 * @auth: the object's authValue is asked for too
 * @hash: TPM_ALG_ID of the policy's hash
 * @body: TPK_PCR_BODY_SIZE octets, to which @policy points afterwards
 *
 * Return: 0; -ENODATA if a value is not known; -EOPNOTSUPP.
 */
int tpk_policy_from_pcrs(struct tpk_policy *policy, struct tpk_pcrs *pcrs,
			 bool auth, u16 hash, u8 *body);

/**
 * tpk_policy_check() - is this a policy that can be run here?
 * @policy: the policy
 * @hash: TPM_ALG_ID of its hash
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EBADMSG for a malformed body; -EOPNOTSUPP for a statement that is
 * not supported.
 */
int tpk_policy_check(const struct tpk_policy *policy, u16 hash,
		     const char **what);

/**
 * tpk_policy_digest() - the digest that a session has after a policy
 * @policy: the policy, checked
 * @hash: TPM_ALG_ID of its hash
 * @out: tpm2_digest_size(@hash) octets
 *
 * Return: 0; -ENODATA if a statement depends on what only the TPM knows;
 * -EBADMSG; -EOPNOTSUPP.
 */
int tpk_policy_digest(const struct tpk_policy *policy, u16 hash, u8 *out);

/**
 * tpk_policy_needs_auth() - does the policy ask for the object's authValue?
 * @policy: the policy
 *
 * Return: true if it holds a PolicyAuthValue.
 */
bool tpk_policy_needs_auth(const struct tpk_policy *policy);

#endif /* _TPK_POLICY_H */
