/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Public keys that sessions can be salted to.
 */
#ifndef _LINUX_TPM2_SALT_H
#define _LINUX_TPM2_SALT_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

/**
 * struct tpm2_salt_key - what a TPMT_PUBLIC says of a storage key
 * @type: TPM_ALG_ID_ECC or TPM_ALG_ID_RSA
 * @name_alg: TPM_ALG_ID of its Name
 * @x: of ECC: first coordinate of the point on P-256
 * @y: second coordinate
 * @modulus: of RSA: 2048 or 3072 bits
 * @exponent: public exponent
 *
 * Spans point into the TPMT_PUBLIC.
 */
struct tpm2_salt_key {
	u16 type;
	u16 name_alg;
	struct tpm2_bytes x;
	struct tpm2_bytes y;
	struct tpm2_bytes modulus;
	u32 exponent;
};

/**
 * tpm2_salt_key_decode() - read the public area of a storage key
 * @area: the TPMT_PUBLIC, without a size field
 * @key: result, points into @area
 *
 * Return: 0; -EBADMSG if it is malformed; -EOPNOTSUPP if it is well-formed but
 * no session can be salted to it: not a decryption key of ECC P-256, RSA-2048
 * or RSA-3072 without a scheme of its own, or its nameAlg is SHA-1 or unknown.
 */
int tpm2_salt_key_decode(struct tpm2_bytes area, struct tpm2_salt_key *key);

#endif /* _LINUX_TPM2_SALT_H */
