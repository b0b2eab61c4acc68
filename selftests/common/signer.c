// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys that sign policies.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "keys.h"
#include "signer.h"
#include "tpm.h"
#include "vault.h"

#define ALG_RSA		0x0001
#define ALG_RSASSA	0x0014
#define ALG_ECDSA	0x0018
#define P256_SIZE	32
#define MAX_DER		4096

/* userWithAuth, decrypt, sign */
#define SIGNER_ATTRIBUTES	0x00060040

static const struct octets nothing;

static void must(bool worked)
{
	if (!worked)
		abort();
}

/* --- the key -------------------------------------------------------------- */

static EVP_PKEY *generate(enum signer_kind kind)
{
	switch (kind) {
	case SIGNER_RSA2048:
		return EVP_RSA_gen(2048);
	case SIGNER_RSA3072:
		return EVP_RSA_gen(3072);
	default:
		return EVP_EC_gen("P-256");
	}
}

static EVP_PKEY *recall(const char *path)
{
	uint8_t der[MAX_DER];
	const uint8_t *at = der;
	FILE *f = fopen(path, "re");
	size_t len;

	if (!f)
		return NULL;
	len = fread(der, 1, sizeof(der), f);
	fclose(f);
	return d2i_AutoPrivateKey(NULL, &at, len);
}

/* RSA takes the VM's processor seconds. */
static void keep(const char *path, EVP_PKEY *pkey)
{
	uint8_t *der = NULL;
	int len = i2d_PrivateKey(pkey, &der);
	FILE *f = fopen(path, "we");

	must(len > 0 && f && fwrite(der, 1, len, f) == (size_t)len && !fclose(f));
	OPENSSL_free(der);
}

static struct octets number(const EVP_PKEY *pkey, const char *name, size_t len)
{
	struct octets o = { .len = len };
	BIGNUM *bn = NULL;

	must(EVP_PKEY_get_bn_param(pkey, name, &bn) &&
	     BN_bn2binpad(bn, o.data, len) == (int)len);
	BN_free(bn);
	return o;
}

static void put_rsa(struct tpm_buf *b, const EVP_PKEY *pkey)
{
	unsigned int bits = EVP_PKEY_get_bits(pkey);
	struct octets n = number(pkey, OSSL_PKEY_PARAM_RSA_N, bits / 8);

	tpm_put16(b, TPM_ALG_NULL); /* scheme */
	tpm_put16(b, bits);
	tpm_put32(b, 0); /* exponent */
	tpm_put_sized(b, n.data, n.len);
}

static void put_ecc(struct tpm_buf *b, const EVP_PKEY *pkey)
{
	struct octets x = number(pkey, OSSL_PKEY_PARAM_EC_PUB_X, P256_SIZE);
	struct octets y = number(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, P256_SIZE);

	tpm_put16(b, TPM_ALG_NULL); /* scheme */
	tpm_put16(b, 0x0003); /* curve */
	tpm_put16(b, TPM_ALG_NULL); /* kdf */
	tpm_put_sized(b, x.data, x.len);
	tpm_put_sized(b, y.data, y.len);
}

void signer_set_hash(struct signer *s, uint16_t hash)
{
	struct tpm_buf b = { 0 };

	s->hash = hash;
	tpm_put16(&b, s->kind == SIGNER_P256 ? TPM_ALG_ECC : ALG_RSA);
	tpm_put16(&b, hash);
	tpm_put32(&b, SIGNER_ATTRIBUTES);
	tpm_put16(&b, 0); /* authPolicy */
	tpm_put16(&b, TPM_ALG_NULL); /* symmetric */
	if (s->kind == SIGNER_P256)
		put_ecc(&b, s->pkey);
	else
		put_rsa(&b, s->pkey);
	s->area = vault_octets(b.data, b.len);
}

bool signer_make(struct signer *s, enum signer_kind kind, unsigned int nr)
{
	char path[64];

	snprintf(path, sizeof(path), "/tmp/signer-%d-%u", kind, nr);
	s->kind = kind;
	s->pkey = recall(path);
	if (!s->pkey) {
		s->pkey = generate(kind);
		if (!s->pkey)
			return false;
		keep(path, s->pkey);
	}
	signer_set_hash(s, VAULT_SHA256);
	return true;
}

void signer_free(struct signer *s)
{
	EVP_PKEY_free(s->pkey);
}

char *signer_hex(const struct signer *s)
{
	uint8_t *der = NULL;
	int len = i2d_PUBKEY(s->pkey, &der);
	char *hex;

	must(len > 0);
	hex = hex_encode(der, len);
	OPENSSL_free(der);
	return hex;
}

/* --- signatures ----------------------------------------------------------- */

static const EVP_MD *evp(uint16_t hash)
{
	switch (hash) {
	case VAULT_SHA1:
		return EVP_sha1();
	case VAULT_SHA384:
		return EVP_sha384();
	case VAULT_SHA512:
		return EVP_sha512();
	default:
		return EVP_sha256();
	}
}

static struct octets digest(uint16_t hash, const struct octets *a,
			    const struct octets *b)
{
	struct octets both = *a, out = { 0 };
	unsigned int len;

	memcpy(both.data + a->len, b->data, b->len);
	must(EVP_Digest(both.data, a->len + b->len, out.data, &len, evp(hash), NULL));
	out.len = len;
	return out;
}

static struct octets sign_digest(const struct signer *s, uint16_t hash,
				 const struct octets *message)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(s->pkey, NULL);
	struct octets sig = { .len = sizeof(sig.data) };

	must(EVP_PKEY_sign_init(ctx) > 0 &&
	     (s->kind == SIGNER_P256 ||
	      EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0) &&
	     EVP_PKEY_CTX_set_signature_md(ctx, evp(hash)) > 0 &&
	     EVP_PKEY_sign(ctx, sig.data, &sig.len, message->data, message->len) > 0);
	EVP_PKEY_CTX_free(ctx);
	return sig;
}

static void put_point(struct tpm_buf *b, const struct octets *der)
{
	const uint8_t *at = der->data;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, der->len);
	uint8_t r[P256_SIZE], s[P256_SIZE];

	must(sig && BN_bn2binpad(ECDSA_SIG_get0_r(sig), r, sizeof(r)) > 0 &&
	     BN_bn2binpad(ECDSA_SIG_get0_s(sig), s, sizeof(s)) > 0);
	tpm_put_sized(b, r, sizeof(r));
	tpm_put_sized(b, s, sizeof(s));
	ECDSA_SIG_free(sig);
}

/* TPMT_SIGNATURE of a policy's digest and a policyRef. */
static void put_signature(struct tpm_buf *b, const struct policy *p,
			  const struct signer *s, const struct octets *ref,
			  uint16_t hash)
{
	struct octets approved = vault_octets(p->digest, policy_digest_size(p->hash));
	struct octets message = digest(hash, &approved, ref);
	struct octets sig = sign_digest(s, hash, &message);

	tpm_put16(b, s->kind == SIGNER_P256 ? ALG_ECDSA : ALG_RSASSA);
	tpm_put16(b, hash);
	if (s->kind == SIGNER_P256)
		put_point(b, &sig);
	else
		tpm_put_sized(b, sig.data, sig.len);
}

static struct octets name_of(const struct signer *s)
{
	struct octets hash = digest(s->hash, &s->area, &nothing), name;

	name.len = 2 + hash.len;
	name.data[0] = s->hash >> 8;
	name.data[1] = s->hash;
	memcpy(name.data + 2, hash.data, hash.len);
	return name;
}

/* What came before is forgotten, but for the signature. */
static void add_authorize(struct policy *p, const struct signer *s,
			  const struct octets *ref, struct tpm_buf *b)
{
	struct octets name = name_of(s);

	policy_add(p, POLICY_CC_AUTHORIZE, b->data, b->len);
	memset(p->digest, 0, sizeof(p->digest));
	policy_update(p, POLICY_CC_AUTHORIZE, &name, ref);
}

static void put_key(struct tpm_buf *b, const struct signer *s,
		    const struct octets *ref)
{
	tpm_put_sized(b, s->area.data, s->area.len);
	tpm_put_sized(b, ref->data, ref->len);
}

void policy_authorize(struct policy *p, const struct signer *s,
		      const struct octets *ref)
{
	struct tpm_buf b = { 0 };

	ref = ref ?: &nothing;
	put_key(&b, s, ref);
	tpm_put16(&b, TPM_ALG_NULL);
	add_authorize(p, s, ref, &b);
}

void policy_sign(struct policy *p, const struct signer *s,
		 const struct octets *ref, uint16_t hash)
{
	struct tpm_buf b = { 0 };

	ref = ref ?: &nothing;
	put_key(&b, s, ref);
	put_signature(&b, p, s, ref, hash);
	add_authorize(p, s, ref, &b);
}
