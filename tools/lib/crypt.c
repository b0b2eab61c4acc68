// SPDX-License-Identifier: GPL-2.0-only
/*
 * ECDH, RSA, AES and random octets for user space, by OpenSSL 3:
 * <linux/tpm2_crypt.h>.
 */
#include <linux/errno.h>
#include <linux/tpm2_crypt.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#define P256		"prime256v1"
#define UNCOMPRESSED	4	/* form of an encoded point */

/* A point as OpenSSL has it. */
struct encoded_point {
	u8 form;
	struct tpm2_point point;
};

struct tpm2_aes {
	EVP_CIPHER_CTX *ctx;
};

void tpm2_random(void *out, size_t len)
{
	if (RAND_bytes(out, len) != 1)
		abort();
}

bool tpm2_secrets_differ(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len);
}

static EVP_PKEY *key_from(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *key = NULL;

	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* Fails if the point is not on the curve. */
static EVP_PKEY *key_from_point(const struct tpm2_point *point)
{
	struct encoded_point p = { UNCOMPRESSED, *point };
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
						 (char *)P256, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, &p,
						  sizeof(p)),
		OSSL_PARAM_construct_end(),
	};

	return key_from("EC", params);
}

static bool point_of(EVP_PKEY *key, struct tpm2_point *point)
{
	struct encoded_point p;
	size_t len;

	if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
					    (u8 *)&p, sizeof(p), &len) != 1 ||
	    len != sizeof(p))
		return false;
	*point = p.point;
	return true;
}

static bool agree(EVP_PKEY *own, EVP_PKEY *peer, u8 *z)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
	size_t len = TPM2_P256_SIZE;
	bool ok = ctx && EVP_PKEY_derive_init(ctx) == 1 &&
		  EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
		  EVP_PKEY_derive(ctx, z, &len) == 1 && len == TPM2_P256_SIZE;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

int tpm2_ecdh_p256(const struct tpm2_point *peer, struct tpm2_point *own,
		   u8 z[TPM2_P256_SIZE])
{
	EVP_PKEY *key = EVP_EC_gen(P256);
	EVP_PKEY *other = key_from_point(peer);
	bool ok = key && other && point_of(key, own) && agree(key, other, z);

	EVP_PKEY_free(key);
	EVP_PKEY_free(other);
	return ok ? 0 : -EINVAL;
}

static EVP_PKEY *key_from_modulus(struct tpm2_bytes modulus, u32 exponent)
{
	BIGNUM *n = BN_bin2bn(modulus.data, modulus.len, NULL);
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	EVP_PKEY *key = NULL;

	if (n && bld && OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) &&
	    OSSL_PARAM_BLD_push_uint(bld, OSSL_PKEY_PARAM_RSA_E, exponent))
		params = OSSL_PARAM_BLD_to_param(bld);
	if (params)
		key = key_from("RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(n);
	return key;
}

int tpm2_rsa_encrypt(struct tpm2_bytes modulus, u32 exponent, const u8 *in,
		     u8 *out)
{
	EVP_PKEY *key = key_from_modulus(modulus, exponent);
	EVP_PKEY_CTX *ctx = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
	u8 result[TPM2_MAX_RSA_SIZE];
	size_t len = sizeof(result);
	bool ok = ctx && EVP_PKEY_encrypt_init(ctx) == 1 &&
		  EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1 &&
		  EVP_PKEY_encrypt(ctx, result, &len, in, modulus.len) == 1 &&
		  len == modulus.len;

	if (ok)
		memcpy(out, result, len);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok ? 0 : -EINVAL;
}

struct tpm2_aes *tpm2_aes_alloc(void)
{
	struct tpm2_aes *aes = malloc(sizeof(*aes));

	if (!aes)
		return NULL;
	aes->ctx = EVP_CIPHER_CTX_new();
	if (aes->ctx)
		return aes;
	free(aes);
	return NULL;
}

void tpm2_aes_free(struct tpm2_aes *aes)
{
	if (!aes)
		return;
	EVP_CIPHER_CTX_free(aes->ctx);
	free(aes);
}

int tpm2_aes_set_key(struct tpm2_aes *aes, const u8 key[TPM2_AES_SIZE])
{
	if (EVP_EncryptInit_ex(aes->ctx, EVP_aes_128_ecb(), NULL, key, NULL) != 1)
		return -EINVAL;
	EVP_CIPHER_CTX_set_padding(aes->ctx, 0);
	return 0;
}

void tpm2_aes_encrypt(struct tpm2_aes *aes, const u8 in[TPM2_AES_SIZE],
		      u8 out[TPM2_AES_SIZE])
{
	int len;

	if (EVP_EncryptUpdate(aes->ctx, out, &len, in, TPM2_AES_SIZE) != 1)
		abort();
}
