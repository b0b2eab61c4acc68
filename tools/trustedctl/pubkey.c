// SPDX-License-Identifier: GPL-2.0-only
/*
 * Public keys of files, and what they have signed.
 */
#include <errno.h>
#include <linux/tpm2_spec.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pubkey.h"
#include "verify.h"

#define P256_SIZE	32
#define MAX_RSA_SIZE	512

/* A public key, that of a certificate, or DER of a public key. */
static EVP_PKEY *decode(BIO *bio)
{
	EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
	X509 *cert;

	if (key)
		return key;
	(void)BIO_reset(bio);
	cert = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	if (cert) {
		key = X509_get_pubkey(cert);
		X509_free(cert);
		return key;
	}
	(void)BIO_reset(bio);
	return d2i_PUBKEY_bio(bio, NULL);
}

static EVP_PKEY *read_key(const char *path, const char **what)
{
	struct ctl_octets in = {};
	FILE *stream = fopen(path, "rb");
	EVP_PKEY *key = NULL;
	BIO *bio;

	*what = "cannot be opened";
	if (!stream)
		return NULL;
	in.data = ctl_alloc(CTL_MAX_INPUT);
	in.len = fread(in.data, 1, CTL_MAX_INPUT, stream);
	fclose(stream);
	*what = "is no public key; give one in PEM (openssl pkey -in KEY -pubout) or DER";
	bio = BIO_new_mem_buf(in.data, in.len);
	if (bio)
		key = decode(bio);
	BIO_free(bio);
	ctl_octets_free(&in);
	return key;
}

/**
 * pubkey_read() - read a public key
 * @key: result, to be freed in any case
 * @path: a file: PEM of a public key or certificate, or DER of a public key
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EINVAL; -EOPNOTSUPP for a kind of key that the kernel does not take.
 */
int pubkey_read(struct pubkey *key, const char *path, const char **what)
{
	u8 *der = NULL;
	int len;

	memset(key, 0, sizeof(*key));
	key->key = read_key(path, what);
	if (!key->key)
		return -EINVAL;
	len = i2d_PUBKEY(key->key, &der);
	if (len > 0) {
		key->spki.data = ctl_alloc(len);
		key->spki.len = len;
		memcpy(key->spki.data, der, len);
	}
	OPENSSL_free(der);
	len = tpk_signer_from_spki(ctl_bytes(&key->spki), key->area, what);
	if (len < 0)
		return len;
	key->area_len = len;
	return 0;
}

/**
 * pubkey_free() - give back what a key holds
 * @key: the key; may never have been read
 */
void pubkey_free(struct pubkey *key)
{
	EVP_PKEY_free(key->key);
	key->key = NULL;
	ctl_octets_free(&key->spki);
}

/**
 * pubkey_has_fingerprint() - is it the key with this pkfp?
 * @key: the key
 * @sha256: the fingerprint
 *
 * systemd takes SHA-256 of what i2d_PublicKey() writes, of RSA the PKCS#1
 * RSAPublicKey; others that write such files take the SubjectPublicKeyInfo.
 *
 * Return: true if so.
 */
bool pubkey_has_fingerprint(const struct pubkey *key, struct tpm2_bytes sha256)
{
	u8 digest[SHA256_DIGEST_LENGTH], *der = NULL;
	int len = i2d_PublicKey(key->key, &der);
	bool same = false;

	if (len > 0) {
		SHA256(der, len, digest);
		same = tpm2_bytes_equal(sha256, tpm2_bytes(digest, sizeof(digest)));
	}
	OPENSSL_free(der);
	SHA256(key->spki.data, key->spki.len, digest);
	return same || tpm2_bytes_equal(sha256, tpm2_bytes(digest, sizeof(digest)));
}

/**
 * pubkey_verify() - is this a signature over two pieces?
 * @key: who signed
 * @hash: TPM_ALG_ID of the hash that was signed
 * @a: what was signed
 * @b: and what followed it
 * @sig: the signature as OpenSSL has it
 *
 * Return: true if so.
 */
bool pubkey_verify(EVP_PKEY *key, u16 hash, struct tpm2_bytes a, struct tpm2_bytes b,
		   struct tpm2_bytes sig)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx && EVP_DigestVerifyInit(ctx, NULL, verify_md(hash), NULL, key) == 1 &&
		  EVP_DigestVerifyUpdate(ctx, a.data, a.len) == 1 &&
		  EVP_DigestVerifyUpdate(ctx, b.data, b.len) == 1 &&
		  EVP_DigestVerifyFinal(ctx, sig.data, sig.len) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

static bool put_ecdsa(struct tpm2_bytes sig, struct tpm2_writer *w)
{
	const u8 *der = sig.data;
	ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &der, sig.len);
	u8 r[P256_SIZE], s[P256_SIZE];
	bool ok = pair && BN_bn2binpad(ECDSA_SIG_get0_r(pair), r, sizeof(r)) > 0 &&
		  BN_bn2binpad(ECDSA_SIG_get0_s(pair), s, sizeof(s)) > 0;

	ECDSA_SIG_free(pair);
	if (!ok)
		return false;
	tpm2_put_u16(w, TPM_ALG_ID_ECDSA);
	tpm2_put_u16(w, TPM_ALG_ID_SHA256);
	tpm2_put_sized(w, tpm2_bytes(r, sizeof(r)));
	tpm2_put_sized(w, tpm2_bytes(s, sizeof(s)));
	return true;
}

/**
 * pubkey_put_signature() - write a TPMT_SIGNATURE
 * @key: who signed
 * @sig: the signature as OpenSSL has it, with SHA-256
 * @w: where to
 *
 * Return: false if it is malformed.
 */
bool pubkey_put_signature(EVP_PKEY *key, struct tpm2_bytes sig, struct tpm2_writer *w)
{
	if (EVP_PKEY_base_id(key) == EVP_PKEY_EC)
		return put_ecdsa(sig, w);
	if (!sig.len || sig.len > MAX_RSA_SIZE)
		return false;
	tpm2_put_u16(w, TPM_ALG_ID_RSASSA);
	tpm2_put_u16(w, TPM_ALG_ID_SHA256);
	tpm2_put_sized(w, sig);
	return true;
}
