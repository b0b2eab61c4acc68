/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Digests and HMACs by TPM algorithm identifier.
 *
 * PURE files call these two functions; the kernel has them from its crypto API
 * (drivers/char/tpm/rm/hash.c), user space from OpenSSL (tools/lib/hash.c).
 */
#ifndef _LINUX_TPM2_HASH_H
#define _LINUX_TPM2_HASH_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>

/**
 * tpm2_digest_size() - octets in a digest
 * @alg: TPM_ALG_ID of a hash
 *
 * Return: 20, 32, 48 or 64; 0 if @alg is not a hash that is known here.
 */
static inline unsigned int tpm2_digest_size(u16 alg)
{
	switch (alg) {
	case TPM_ALG_ID_SHA1:
		return 20;
	case TPM_ALG_ID_SHA256:
		return 32;
	case TPM_ALG_ID_SHA384:
		return 48;
	case TPM_ALG_ID_SHA512:
		return 64;
	default:
		return 0;
	}
}

/**
 * tpm2_digest() - digest of several pieces, one after the other
 * @alg: TPM_ALG_ID of the hash
 * @parts: the pieces; @out may be one of them
 * @nr: number of @parts
 * @out: tpm2_digest_size(@alg) octets
 *
 * Context: may sleep; allocates nothing.
 * Return: 0, or -EOPNOTSUPP if this kernel lacks the hash.
 */
int tpm2_digest(u16 alg, const struct tpm2_bytes *parts, unsigned int nr,
		u8 *out);

/**
 * tpm2_hmac() - HMAC (FIPS 198) of several pieces
 * @alg: TPM_ALG_ID of the hash
 * @key: key, may be empty
 * @parts: the pieces
 * @nr: number of @parts
 * @out: tpm2_digest_size(@alg) octets
 *
 * Context: may sleep; allocates nothing.
 * Return: 0, or -EOPNOTSUPP if this kernel lacks the hash.
 */
int tpm2_hmac(u16 alg, struct tpm2_bytes key, const struct tpm2_bytes *parts,
	      unsigned int nr, u8 *out);

#endif /* _LINUX_TPM2_HASH_H */
