// SPDX-License-Identifier: GPL-2.0-only
/*
 * Public keys that verify signatures: TPMT_PUBLIC, SubjectPublicKeyInfo.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "der.h"
#include "object.h"
#include "signer.h"

#define P256_SIZE	32
#define UNCOMPRESSED	0x04	/* SEC 1, 2.3.3: then x, then y */

#define SIGNER_ATTRIBUTES \
	(TPMA_OBJECT_userWithAuth | TPMA_OBJECT_decrypt | TPMA_OBJECT_sign)

/* 1.2.840.113549.1.1.1, 1.2.840.10045.2.1, 1.2.840.10045.3.1.7 */
static const u8 oid_rsa[] = {
	0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01
};

static const u8 oid_ec[] = { 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01 };
static const u8 oid_p256[] = {
	0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07
};

static const u8 exponent_65537[] = { 0x01, 0x00, 0x01 };

static int fail(int err, const char **what, const char *fault)
{
	*what = fault;
	return err;
}

/* TPMT_RSA_SCHEME or TPMT_ECC_SCHEME: none, or the one that we know. */
static bool get_scheme(struct tpm2_reader *r, u16 known)
{
	u16 scheme = tpm2_get_u16(r);

	if (scheme == TPM_ALG_ID_NULL)
		return true;
	return scheme == known && tpm2_digest_size(tpm2_get_u16(r));
}

/* Part 2, 12.2.3.5, and the modulus. */
static bool get_rsa(struct tpm2_reader *r)
{
	bool known = get_scheme(r, TPM_ALG_ID_RSASSA);
	u16 bits = tpm2_get_u16(r);
	struct tpm2_bytes modulus;

	tpm2_get_u32(r);		/* exponent */
	modulus = tpm2_get_sized(r);
	if (known && modulus.len != bits / 8)
		r->bad = true;
	return known && (bits == 2048 || bits == 3072 || bits == 4096);
}

/* Part 2, 12.2.3.6, and the point. */
static bool get_ecc(struct tpm2_reader *r)
{
	bool known = get_scheme(r, TPM_ALG_ID_ECDSA);
	struct tpm2_bytes x, y;

	known &= tpm2_get_u16(r) == TPM_ECC_NIST_P256;
	known &= tpm2_get_u16(r) == TPM_ALG_ID_NULL;	/* kdf */
	x = tpm2_get_sized(r);
	y = tpm2_get_sized(r);
	if (known && (!x.len || x.len > P256_SIZE || !y.len || y.len > P256_SIZE))
		r->bad = true;
	return known;
}

int tpk_signer_check(struct tpm2_bytes area, const char **what)
{
	struct tpm2_reader r = tpm2_reader(area.data, area.len);
	u16 type = tpm2_get_u16(&r);
	u16 hash = tpm2_get_u16(&r);
	u32 attributes = tpm2_get_u32(&r);
	struct tpm2_bytes policy = tpm2_get_sized(&r);
	bool known = tpm2_digest_size(hash);

	if (known && policy.len && policy.len != tpm2_digest_size(hash))
		r.bad = true;
	known &= tpm2_get_u16(&r) == TPM_ALG_ID_NULL;	/* symmetric */
	if (type == TPM_ALG_ID_RSA)
		known = known && get_rsa(&r);
	else
		known = known && type == TPM_ALG_ID_ECC && get_ecc(&r);
	if (r.bad || (known && tpm2_left(&r)))
		return fail(-EBADMSG, what, "policy: malformed public key");
	if (hash == TPM_ALG_ID_SHA1)
		return fail(-EOPNOTSUPP, what, "policy: signatures with SHA-1 are not taken");
	if (!known)
		return fail(-EOPNOTSUPP, what, "policy: keys are RSA (2048 to 4096) or ECC P-256");
	if (!(attributes & TPMA_OBJECT_sign))
		return fail(-EBADMSG, what, "policy: public key is not for signatures");
	return 0;
}

/* Part 2, 11.3.4 TPMT_SIGNATURE */
int tpk_signature_get(struct tpm2_reader *r, struct tpk_signature *sig,
		      const char **what)
{
	sig->alg = tpm2_get_u16(r);
	sig->hash = TPM_ALG_ID_NULL;
	if (!r->bad && sig->alg == TPM_ALG_ID_NULL)
		return 0;
	sig->hash = tpm2_get_u16(r);
	if (!r->bad && sig->alg != TPM_ALG_ID_RSASSA && sig->alg != TPM_ALG_ID_ECDSA)
		return fail(-EOPNOTSUPP, what, "policy: signatures are RSASSA or ECDSA");
	if (!tpm2_get_sized(r).len)
		r->bad = true;
	if (sig->alg == TPM_ALG_ID_ECDSA && !tpm2_get_sized(r).len)
		r->bad = true;
	return r->bad ? fail(-EBADMSG, what, "policy: malformed signature") : 0;
}

bool tpk_signature_fits(const struct tpk_signature *sig, struct tpm2_bytes area)
{
	struct tpm2_reader r = tpm2_reader(area.data, area.len);
	u16 type = tpm2_get_u16(&r);

	return sig->hash == tpm2_get_u16(&r) &&
	       (type == TPM_ALG_ID_RSA) == (sig->alg == TPM_ALG_ID_RSASSA);
}

/* All of a TPMT_PUBLIC down to its scheme. */
static void put_head(struct tpm2_writer *w, u16 type)
{
	tpm2_put_u16(w, type);
	tpm2_put_u16(w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(w, SIGNER_ATTRIBUTES);
	tpm2_put_u16(w, 0);			/* authPolicy */
	tpm2_put_u16(w, TPM_ALG_ID_NULL);	/* symmetric */
	tpm2_put_u16(w, TPM_ALG_ID_NULL);	/* scheme */
}

#define BAD_RSA	"has a malformed RSA key in it"

/* RFC 8017, A.1.1: RSAPublicKey, the numbers positive and in shortest form. */
static int put_rsa(struct tpm2_writer *w, struct tpm2_reader *key,
		   const char **what)
{
	struct tpm2_reader r = tpk_der_enter(key, DER_SEQUENCE);
	struct tpm2_bytes n = tpk_der_get(&r, DER_INTEGER);
	struct tpm2_bytes e = tpk_der_get(&r, DER_INTEGER);

	if (!tpm2_done(&r) || !tpm2_done(key) || n.len < 2 || n.data[0])
		return fail(-EINVAL, what, BAD_RSA);
	n = tpm2_bytes(n.data + 1, n.len - 1);
	if (n.data[0] < 0x80)
		return fail(-EINVAL, what, BAD_RSA);
	if (n.len != 2048 / 8 && n.len != 3072 / 8)
		return fail(-EOPNOTSUPP, what, "an RSA key must have 2048 or 3072 bits");
	if (!tpm2_bytes_equal(e, tpm2_bytes(exponent_65537, 3)))
		return fail(-EOPNOTSUPP, what, "an RSA key must have the exponent 65537");
	put_head(w, TPM_ALG_ID_RSA);
	tpm2_put_u16(w, 8 * n.len);
	tpm2_put_u32(w, 0);			/* exponent */
	tpm2_put_sized(w, n);
	return 0;
}

static int put_ecc(struct tpm2_writer *w, struct tpm2_reader *key,
		   const char **what)
{
	u8 form = tpm2_get_u8(key);
	struct tpm2_bytes x = tpm2_get_bytes(key, P256_SIZE);
	struct tpm2_bytes y = tpm2_get_bytes(key, P256_SIZE);

	if (!tpm2_done(key) || form != UNCOMPRESSED)
		return fail(-EINVAL, what, "has a point in it that is not uncompressed P-256");
	put_head(w, TPM_ALG_ID_ECC);
	tpm2_put_u16(w, TPM_ECC_NIST_P256);
	tpm2_put_u16(w, TPM_ALG_ID_NULL);	/* kdf */
	tpm2_put_sized(w, x);
	tpm2_put_sized(w, y);
	return 0;
}

/* AlgorithmIdentifier: an OID, and NULL or the OID of a curve. */
static u16 get_algorithm(struct tpm2_reader *spki)
{
	struct tpm2_reader r = tpk_der_enter(spki, DER_SEQUENCE);
	struct tpm2_bytes oid = tpk_der_get(&r, DER_OID);
	struct tpm2_bytes curve;

	if (tpm2_bytes_equal(oid, tpm2_bytes(oid_rsa, sizeof(oid_rsa)))) {
		tpk_der_get(&r, DER_NULL);
		return tpm2_done(&r) ? TPM_ALG_ID_RSA : TPM_ALG_ID_NULL;
	}
	if (!tpm2_bytes_equal(oid, tpm2_bytes(oid_ec, sizeof(oid_ec))))
		return TPM_ALG_ID_NULL;
	curve = tpk_der_get(&r, DER_OID);
	if (!tpm2_done(&r) ||
	    !tpm2_bytes_equal(curve, tpm2_bytes(oid_p256, sizeof(oid_p256))))
		return TPM_ALG_ID_NULL;
	return TPM_ALG_ID_ECC;
}

int tpk_signer_from_spki(struct tpm2_bytes spki, u8 *out, const char **what)
{
	struct tpm2_reader all = tpm2_reader(spki.data, spki.len);
	struct tpm2_reader r = tpk_der_enter(&all, DER_SEQUENCE);
	struct tpm2_writer w = tpm2_writer(out, TPK_MAX_SIGNER);
	struct tpm2_reader key;
	u16 type;
	int err;

	type = get_algorithm(&r);
	key = tpk_der_enter(&r, DER_BITS);
	/* X.690, 8.6.2.2: how many bits of the last octet do not count. */
	if (tpm2_get_u8(&key) || !tpm2_done(&r) || !tpm2_done(&all) || key.bad)
		return fail(-EINVAL, what, "must be one SubjectPublicKeyInfo in DER");
	if (type == TPM_ALG_ID_NULL)
		return fail(-EOPNOTSUPP, what, "must be an RSA key, or an ECC key on P-256");
	if (type == TPM_ALG_ID_RSA)
		err = put_rsa(&w, &key, what);
	else
		err = put_ecc(&w, &key, what);
	return err ? err : w.len;
}
