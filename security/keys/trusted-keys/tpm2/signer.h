/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys and signatures of PolicyAuthorize and PolicySigned.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_SIGNER_H
#define _TPK_SIGNER_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

/* The longest TPMT_PUBLIC that tpk_signer_from_spki() makes: RSA-3072. */
#define TPK_MAX_SIGNER	(2 + 2 + 4 + 2 + 2 + 2 + 2 + 4 + 2 + 384)

/**
 * struct tpk_signature - a TPMT_SIGNATURE
 * @alg: TPM_ALG_ID_RSASSA, TPM_ALG_ID_ECDSA; TPM_ALG_ID_NULL: no signature
 * @hash: TPM_ALG_ID of the hash; valid with a signature
 */
struct tpk_signature {
	u16 alg;
	u16 hash;
};

/**
 * tpk_signer_check() - is this the public area of a key that verifies?
 * @area: TPMT_PUBLIC
 * @what: in case of an error, what is wrong
 *
 * RSA of 2048, 3072 or 4096 bits and ECC on NIST P-256, with the attribute
 * sign, no symmetric cipher, and no scheme or RSASSA or ECDSA; nothing behind.
 * What it signs is hashed with its nameAlg, so that is not SHA-1: whoever can make
 * two policies of one hash would have one of them signed, and use the other.
 *
 * Return: 0; -EBADMSG; -EOPNOTSUPP for another kind of key.
 */
int tpk_signer_check(struct tpm2_bytes area, const char **what);

/**
 * tpk_signature_get() - read a TPMT_SIGNATURE
 * @r: where from
 * @sig: result
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EBADMSG; -EOPNOTSUPP for another algorithm, after which @r is of
 * no more use.
 */
int tpk_signature_get(struct tpm2_reader *r, struct tpk_signature *sig,
		      const char **what);

/**
 * tpk_signature_fits() - can a key have made this signature over a policy?
 * @sig: the signature
 * @area: TPMT_PUBLIC of the key, checked
 *
 * TPM2_PolicyAuthorize() hashes what was signed with the key's nameAlg.
 *
 * Return: false if its algorithm or its hash are not those of the key.
 */
bool tpk_signature_fits(const struct tpk_signature *sig,
			struct tpm2_bytes area);

/**
 * tpk_signer_from_spki() - the TPMT_PUBLIC of a key, as systemd builds it
 * @spki: DER SubjectPublicKeyInfo (RFC 5280): RSA of 2048 or 3072 bits with the
 *	exponent 65537, or ECC on NIST P-256
 * @out: TPK_MAX_SIGNER octets
 * @what: in case of an error, what is wrong
 *
 * nameAlg SHA-256; userWithAuth, decrypt and sign; no policy, cipher or scheme;
 * exponent 0, which stands for 65537; x and y as long as the curve demands.
 *
 * Return: octets written; -EINVAL; -EOPNOTSUPP for another kind of key.
 */
int tpk_signer_from_spki(struct tpm2_bytes spki, u8 *out, const char **what);

#endif /* _TPK_SIGNER_H */
