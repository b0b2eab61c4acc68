/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Key derivation functions of TPM 2.0 (Part 1, 11.4.10).
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_KDF_H
#define _TRM_KDF_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

/**
 * trm_kdfa() - a key from a key (Part 1, 11.4.10.2; SP 800-108, counter mode)
 * @hash: TPM_ALG_ID
 * @key: the key
 * @label: what it is for; its terminating zero counts
 * @context_u: what it is bound to
 * @context_v: and this
 * @out: result
 * @len: octets in @out
 *
 * Return: 0; -EOPNOTSUPP.
 */
int trm_kdfa(u16 hash, struct tpm2_bytes key, const char *label,
	     struct tpm2_bytes context_u, struct tpm2_bytes context_v, u8 *out,
	     size_t len);

/**
 * trm_kdfe() - a key from a shared point (Part 1, 11.4.10.3; SP 800-56A)
 * @hash: TPM_ALG_ID
 * @z: x coordinate of the shared point
 * @label: what it is for; its terminating zero counts
 * @party_u: x coordinate of the ephemeral key
 * @party_v: x coordinate of the other key
 * @out: result
 * @len: octets in @out
 *
 * Return: 0; -EOPNOTSUPP.
 */
int trm_kdfe(u16 hash, struct tpm2_bytes z, const char *label,
	     struct tpm2_bytes party_u, struct tpm2_bytes party_v, u8 *out,
	     size_t len);

#endif /* _TRM_KDF_H */
