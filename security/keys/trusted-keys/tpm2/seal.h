/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What sealing a key consists of: what will open it, and then the TPM.
 */
#ifndef _TPK_SEAL_H
#define _TPK_SEAL_H

#include "plan.h"
#include "tpk.h"

/**
 * struct seal - a key on its way into a blob
 * @o: what the user asked for
 * @key: the key, secret
 * @key_len: its octets
 * @parent_name: Name of the parent under which it is sealed
 * @parent_attributes: its TPMA_OBJECT
 * @plan: what will open the key; without statements if it is policydigest= or
 *	nothing
 * @digest: digest of the policy, or that of policydigest=
 * @digest_len: octets of @digest; 0 without a policy
 * @description: text of [4]
 * @description_len: octets of @description
 * @kf: the blob as it will be written; spans point into the rest and @sealed
 * @sealed: TPM2B_PRIVATE and TPM2B_PUBLIC as Create gave them
 */
struct seal {
	struct tpk_options *o;
	u8 key[TPK_MAX_KEY];
	unsigned int key_len;
	struct trm_name parent_name;
	u32 parent_attributes;
	struct tpk_plan plan;
	u8 digest[TPM2_MAX_DIGEST];
	unsigned int digest_len;
	u8 description[TPK_MAX_BLOB];
	size_t description_len;
	struct tpk_keyfile kf;
	u8 sealed[2048];
};

/* sealpolicy.c */
int tpk_sealpolicy_prepare(struct seal *seal);
int tpk_sealpolicy_finish(struct tpk_tpm *tpm, struct tpk_scratch *s,
			  struct seal *seal);

#endif /* _TPK_SEAL_H */
