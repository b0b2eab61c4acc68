/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signatures for PolicySigned, as those who sign write them.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_SIGNATURE_H
#define _TPK_SIGNATURE_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

/* The longest TPMT_SIGNATURE: RSA-4096. */
#define TPK_MAX_SIGNATURE	(2 + 2 + 2 + 512)

/**
 * struct tpk_signer - what a signature by a key must be
 * @scheme: TPM_ALG_ID_RSASSA or TPM_ALG_ID_ECDSA if the key demands it, else
 *	TPM_ALG_ID_NULL
 * @hash: TPM_ALG_ID that the scheme demands; without a scheme the key's name
 *	algorithm, which is as good as any other
 * @modulus: RSA: octets of it; 0: ECC P-256
 */
struct tpk_signer {
	u16 scheme;
	u16 hash;
	unsigned int modulus;
};

/**
 * tpk_signer_decode() - read the public area of a key that signs
 * @area: TPMT_PUBLIC that tpk_signer_check() has found good
 * @signer: result
 */
void tpk_signer_decode(struct tpm2_bytes area, struct tpk_signer *signer);

/**
 * tpk_signature_make() - make a TPMT_SIGNATURE of what a signer writes
 * @format: "rsassa-HASH" and "rsapss-HASH": the signature as it is (RFC 8017);
 *	"ecdsa-HASH": DER SEQUENCE of two INTEGERs (RFC 3279); HASH is sha256,
 *	sha384 or sha512; "tpmt": a TPMT_SIGNATURE
 * @octets: the signature
 * @area: TPMT_PUBLIC of the key, checked
 * @out: TPK_MAX_SIGNATURE octets
 * @what: in case of an error, what is wrong
 *
 * Whether the signature is good, only the TPM says.  After an error @out is as it
 * was.
 *
 * Return: octets written; -EINVAL if it is malformed, or no signature by such a
 * key; -EOPNOTSUPP for a format that is not known here.
 */
int tpk_signature_make(struct tpm2_bytes format, struct tpm2_bytes octets,
		       struct tpm2_bytes area, u8 *out, const char **what);

#endif /* _TPK_SIGNATURE_H */
