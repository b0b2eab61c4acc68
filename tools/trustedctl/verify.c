// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signatures in the TPM's own form, checked as TPM2_VerifySignature() does.
 */
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <tss2/tss2_mu.h>

#include "verify.h"

#define P256_SIZE	32
#define EXPONENT	65537

static EVP_PKEY *from_params(const char *type, OSSL_PARAM_BLD *bld)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	EVP_PKEY *key = NULL;

	if (ctx && params && EVP_PKEY_fromdata_init(ctx) == 1)
		EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *rsa_key(const TPMT_PUBLIC *public)
{
	BIGNUM *n = BN_bin2bn(public->unique.rsa.buffer, public->unique.rsa.size, NULL);
	BIGNUM *e = BN_new();
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY *key = NULL;

	if (n && e && bld && BN_set_word(e, public->parameters.rsaDetail.exponent ?: EXPONENT) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e))
		key = from_params("RSA", bld);
	OSSL_PARAM_BLD_free(bld);
	BN_free(e);
	BN_free(n);
	return key;
}

/* An uncompressed point; the TPM may leave out leading zeroes. */
static bool put_point(const TPMS_ECC_POINT *p, u8 point[1 + 2 * P256_SIZE])
{
	if (p->x.size > P256_SIZE || p->y.size > P256_SIZE)
		return false;
	point[0] = 4;
	memcpy(point + 1 + P256_SIZE - p->x.size, p->x.buffer, p->x.size);
	memcpy(point + 1 + 2 * P256_SIZE - p->y.size, p->y.buffer, p->y.size);
	return true;
}

static EVP_PKEY *ecc_key(const TPMT_PUBLIC *public)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	u8 point[1 + 2 * P256_SIZE] = {};
	EVP_PKEY *key = NULL;

	if (bld && put_point(&public->unique.ecc, point) &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0) &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)))
		key = from_params("EC", bld);
	OSSL_PARAM_BLD_free(bld);
	return key;
}

static EVP_PKEY *key_of(struct tpm2_bytes area)
{
	TPMT_PUBLIC public = {};
	size_t at = 0;

	if (Tss2_MU_TPMT_PUBLIC_Unmarshal(area.data, area.len, &at, &public))
		return NULL;
	return public.type == TPM2_ALG_RSA ? rsa_key(&public) : ecc_key(&public);
}

/**
 * verify_md() - a hash as OpenSSL has it
 * @alg: TPM_ALG_ID of one that tpm2_digest_size() knows
 *
 * Return: the hash.
 */
const EVP_MD *verify_md(u16 alg)
{
	switch (alg) {
	case TPM_ALG_ID_SHA1:
		return EVP_sha1();
	case TPM_ALG_ID_SHA256:
		return EVP_sha256();
	case TPM_ALG_ID_SHA384:
		return EVP_sha384();
	default:
		return EVP_sha512();
	}
}

static bool verify(EVP_PKEY *key, u16 hash, const u8 *sig, size_t len,
		   struct tpm2_bytes digest)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	bool ok = ctx && EVP_PKEY_verify_init(ctx) == 1;

	if (ok && EVP_PKEY_base_id(key) == EVP_PKEY_RSA)
		ok = EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1 &&
		     EVP_PKEY_CTX_set_signature_md(ctx, verify_md(hash)) == 1;
	ok = ok && EVP_PKEY_verify(ctx, sig, len, digest.data, digest.len) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

static bool verify_ecdsa(EVP_PKEY *key, const TPMS_SIGNATURE_ECC *e, struct tpm2_bytes digest)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(e->signatureR.buffer, e->signatureR.size, NULL);
	BIGNUM *s = BN_bin2bn(e->signatureS.buffer, e->signatureS.size, NULL);
	u8 *der = NULL;
	int len;
	bool ok;

	if (!pair || !r || !s || ECDSA_SIG_set0(pair, r, s) != 1) {
		BN_free(r);
		BN_free(s);
		ECDSA_SIG_free(pair);
		return false;
	}
	len = i2d_ECDSA_SIG(pair, &der);
	ok = len > 0 && verify(key, e->hash, der, len, digest);
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	return ok;
}

/**
 * verify_signature() - is this a key's signature of a digest?
 * @area: TPMT_PUBLIC of the key
 * @signature: TPMT_SIGNATURE
 * @digest: what was signed
 *
 * Return: true if so.
 */
bool verify_signature(struct tpm2_bytes area, struct tpm2_bytes signature,
		      struct tpm2_bytes digest)
{
	TPMT_SIGNATURE sig = {};
	EVP_PKEY *key = key_of(area);
	bool ok = false;
	size_t at = 0;

	if (!key || Tss2_MU_TPMT_SIGNATURE_Unmarshal(signature.data, signature.len, &at, &sig))
		goto out_free;
	if (sig.sigAlg == TPM2_ALG_RSASSA)
		ok = verify(key, sig.signature.rsassa.hash, sig.signature.rsassa.sig.buffer,
			    sig.signature.rsassa.sig.size, digest);
	else if (sig.sigAlg == TPM2_ALG_ECDSA)
		ok = verify_ecdsa(key, &sig.signature.ecdsa, digest);
out_free:
	EVP_PKEY_free(key);
	return ok;
}
