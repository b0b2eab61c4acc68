// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signatures in the formats of OpenSSL and smartcards become TPMT_SIGNATUREs.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "der.h"
#include "signature.h"
#include "text.h"

#define P256_SIZE	32

static const struct scheme {
	const char *name;
	u16 alg;
} schemes[] = {
	{ "rsassa", TPM_ALG_ID_RSASSA },
	{ "rsapss", TPM_ALG_ID_RSAPSS },
	{ "ecdsa", TPM_ALG_ID_ECDSA },
};

static const struct hash {
	const char *name;
	u16 alg;
} hashes[] = {
	{ "sha256", TPM_ALG_ID_SHA256 },
	{ "sha384", TPM_ALG_ID_SHA384 },
	{ "sha512", TPM_ALG_ID_SHA512 },
};

/* What is in a TPMT_SIGNATURE; @s for ECDSA only. */
struct parts {
	u16 alg;
	u16 hash;
	struct tpm2_bytes r;
	struct tpm2_bytes s;
};

static int fail(int err, const char **what, const char *fault)
{
	*what = fault;
	return err;
}

/* Part 2, 12.2.4 TPMT_PUBLIC, as far as the modulus of an RSA key. */
void tpk_signer_decode(struct tpm2_bytes area, struct tpk_signer *signer)
{
	struct tpm2_reader r = tpm2_reader(area.data, area.len);
	u16 type = tpm2_get_u16(&r);

	signer->hash = tpm2_get_u16(&r);
	tpm2_get_u32(&r);			/* attributes */
	tpm2_get_sized(&r);			/* authPolicy */
	tpm2_get_u16(&r);			/* symmetric */
	signer->scheme = tpm2_get_u16(&r);
	if (signer->scheme != TPM_ALG_ID_NULL)
		signer->hash = tpm2_get_u16(&r);
	signer->modulus = type == TPM_ALG_ID_RSA ? tpm2_get_u16(&r) / 8 : 0;
}

static bool is_hash(u16 alg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hashes); i++)
		if (hashes[i].alg == alg)
			return true;
	return false;
}

/* "ecdsa-sha256" */
static bool get_format(struct tpm2_bytes format, struct parts *p)
{
	bool found;
	struct tpm2_bytes scheme = tpk_text_cut(&format, '-', &found);
	size_t i;

	p->alg = TPM_ALG_ID_NULL;
	p->hash = TPM_ALG_ID_NULL;
	for (i = 0; i < ARRAY_SIZE(schemes); i++)
		if (tpk_text_is(scheme, schemes[i].name))
			p->alg = schemes[i].alg;
	for (i = 0; i < ARRAY_SIZE(hashes); i++)
		if (tpk_text_is(format, hashes[i].name))
			p->hash = hashes[i].alg;
	return p->alg != TPM_ALG_ID_NULL && p->hash != TPM_ALG_ID_NULL;
}

/* A positive INTEGER in its shortest form, without the zero before its sign. */
static struct tpm2_bytes get_integer(struct tpm2_reader *r)
{
	struct tpm2_bytes n = tpk_der_get(r, DER_INTEGER);

	if (!n.len || n.data[0] >= 0x80)
		r->bad = true;
	if (n.len > 1 && !n.data[0]) {
		if (n.data[1] < 0x80)
			r->bad = true;
		n = tpm2_bytes(n.data + 1, n.len - 1);
	}
	return n;
}

/* RFC 3279, 2.2.3: Ecdsa-Sig-Value. */
static bool get_ecdsa(struct tpm2_bytes octets, struct parts *p)
{
	struct tpm2_reader all = tpm2_reader(octets.data, octets.len);
	struct tpm2_reader r = tpk_der_enter(&all, DER_SEQUENCE);

	p->r = get_integer(&r);
	p->s = get_integer(&r);
	return tpm2_done(&r) && tpm2_done(&all);
}

/* Part 2, 11.3.4. */
static bool get_tpmt(struct tpm2_bytes octets, struct parts *p)
{
	struct tpm2_reader r = tpm2_reader(octets.data, octets.len);

	p->alg = tpm2_get_u16(&r);
	p->hash = tpm2_get_u16(&r);
	p->r = tpm2_get_sized(&r);
	if (p->alg == TPM_ALG_ID_ECDSA)
		p->s = tpm2_get_sized(&r);
	return tpm2_done(&r);
}

static bool get_parts(struct tpm2_bytes octets, bool tpmt, struct parts *p)
{
	if (tpmt)
		return get_tpmt(octets, p);
	if (p->alg == TPM_ALG_ID_ECDSA)
		return get_ecdsa(octets, p);
	p->r = octets;
	return true;
}

static bool is_scalar(struct tpm2_bytes n)
{
	size_t i;

	for (i = 0; i < n.len && n.len <= P256_SIZE; i++)
		if (n.data[i])
			return true;
	return false;
}

static int check(const struct parts *p, const struct tpk_signer *signer,
		 const char **what)
{
	bool ecc = p->alg == TPM_ALG_ID_ECDSA;

	if (!ecc && p->alg != TPM_ALG_ID_RSASSA && p->alg != TPM_ALG_ID_RSAPSS)
		return fail(-EOPNOTSUPP, what, "signatures are rsassa, rsapss or ecdsa");
	if (!is_hash(p->hash))
		return fail(-EOPNOTSUPP, what, "hashes are sha256, sha384 or sha512");
	if (ecc != !signer->modulus ||
	    (signer->scheme != TPM_ALG_ID_NULL &&
	     (p->alg != signer->scheme || p->hash != signer->hash)))
		return fail(-EINVAL, what, "the key makes no such signatures");
	if (ecc ? !is_scalar(p->r) || !is_scalar(p->s) : p->r.len != signer->modulus)
		return fail(-EINVAL, what, "the signature is not of the key's size");
	return 0;
}

/* A scalar as long as the curve demands. */
static void put_scalar(struct tpm2_writer *w, struct tpm2_bytes n)
{
	size_t i;

	tpm2_put_u16(w, P256_SIZE);
	for (i = n.len; i < P256_SIZE; i++)
		tpm2_put_u8(w, 0);
	tpm2_put_bytes(w, n);
}

static void put(struct tpm2_writer *w, const struct parts *p)
{
	tpm2_put_u16(w, p->alg);
	tpm2_put_u16(w, p->hash);
	if (p->alg != TPM_ALG_ID_ECDSA) {
		tpm2_put_sized(w, p->r);
		return;
	}
	put_scalar(w, p->r);
	put_scalar(w, p->s);
}

int tpk_signature_make(struct tpm2_bytes format, struct tpm2_bytes octets,
		       struct tpm2_bytes area, u8 *out, const char **what)
{
	struct tpm2_writer w = tpm2_writer(out, TPK_MAX_SIGNATURE);
	bool tpmt = tpk_text_is(format, "tpmt");
	struct tpk_signer signer;
	struct parts p = {};
	int err;

	if (!tpmt && !get_format(format, &p))
		return fail(-EOPNOTSUPP, what, "the format is not tpmt, or SCHEME-HASH");
	if (!get_parts(octets, tpmt, &p))
		return fail(-EINVAL, what, "the signature is malformed");
	tpk_signer_decode(area, &signer);
	err = check(&p, &signer, what);
	if (err)
		return err;
	put(&w, &p);
	return w.len;
}
