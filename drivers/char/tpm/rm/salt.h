/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The salt of a session: a secret that only the owner of a storage key learns
 * (Part 1, 19.6.13, B.10 and C.6).
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_SALT_H
#define _TRM_SALT_H

#include <linux/tpm2_crypt.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_salt.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

/**
 * struct trm_salt - a salt
 * @len: octets in @value: those of the storage key's nameAlg; 0: no salt
 * @value: the salt; secret
 * @encrypted_len: octets in @encrypted
 * @encrypted: TPM2B_ENCRYPTED_SECRET without its size
 */
struct trm_salt {
	unsigned int len;
	u8 value[TPM2_MAX_DIGEST];
	unsigned int encrypted_len;
	u8 encrypted[TPM2_MAX_RSA_SIZE];
};

/**
 * trm_salt_make() - a new salt
 * @salt: result; no salt after an error
 * @key: the storage key
 *
 * Context: may sleep and allocate; not in a transaction.
 * Return: 0; -EBADMSG if the point of @key is not on its curve, or RSA refuses
 * the key; -EOPNOTSUPP if this kernel lacks the algorithm; -ENOMEM.
 */
int trm_salt_make(struct trm_salt *salt, const struct tpm2_salt_key *key);

#endif /* _TRM_SALT_H */
