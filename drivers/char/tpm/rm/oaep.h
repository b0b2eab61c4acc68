/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * EME-OAEP with MGF1 (RFC 8017, 7.1.1; Part 1, B.4).
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_OAEP_H
#define _TRM_OAEP_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

/**
 * trm_oaep_encode() - pad a message for RSA
 * @hash: TPM_ALG_ID, of the label and of MGF1
 * @label: L; a TPM's has a zero at its end, which counts
 * @message: M
 * @seed: tpm2_digest_size(@hash) random octets
 * @em: result
 * @len: octets in @em, those of the modulus
 *
 * Return: 0; -EMSGSIZE if @message does not fit; -EOPNOTSUPP.
 */
int trm_oaep_encode(u16 hash, struct tpm2_bytes label,
		    struct tpm2_bytes message, const u8 *seed, u8 *em,
		    size_t len);

#endif /* _TRM_OAEP_H */
