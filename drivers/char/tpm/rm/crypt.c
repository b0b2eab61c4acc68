// SPDX-License-Identifier: GPL-2.0-only
/*
 * ECDH, RSA, AES and random octets from the kernel: <linux/tpm2_crypt.h>.
 *
 * Transforms of public key algorithms are allocated for each use, which never
 * lies within a transaction, and go with the secrets that they hold.  The
 * modules that they need were loaded with ours; a use loads none, lest adding a
 * key have to wait for modprobe.
 */
#include <crypto/aes.h>
#include <crypto/akcipher.h>
#include <crypto/algapi.h>
#include <crypto/ecdh.h>
#include <crypto/kpp.h>

#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/kconfig.h>
#include <linux/printk.h>
#include <linux/random.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/tpm2_crypt.h>

#include "trm.h"

#define ECDH	"ecdh-nist-p256"
#define RSA	"rsa"

/* Private keys that are tried: one in 2^32 is not below the curve's order. */
#define MAX_TRIES	3

/* Octets of an RSAPublicKey around its modulus. */
#define RSA_KEY_FRAME	32

/**
 * struct agreement - what ECDH works on, in memory that scatterlists may name
 * @peer: the other side's point
 * @own: our point
 * @z: the shared secret
 * @encoded: our private key as the crypto API wants it
 */
struct agreement {
	struct tpm2_point peer;
	struct tpm2_point own;
	u8 z[TPM2_P256_SIZE];
	u8 encoded[TPM2_P256_SIZE + 16];
};

struct tpm2_aes {
	struct aes_enckey key;
};

void tpm2_random(void *out, size_t len)
{
	get_random_bytes(out, len);
}

bool tpm2_secrets_differ(const void *a, const void *b, size_t len)
{
	return crypto_memneq(a, b, len);
}

static int lacking(const char *algorithm, int err)
{
	if (err != -ENOENT && err != -ELIBBAD)
		return err;
	pr_notice_ratelimited("tpm_rm: this kernel lacks %s, so sessions cannot be salted; load its module\n",
			      algorithm);
	return -EOPNOTSUPP;
}

static int set_private_key(struct crypto_kpp *tfm, struct agreement *a)
{
	u8 random[TPM2_P256_SIZE];
	struct ecdh private = { .key = random, .key_size = sizeof(random) };
	unsigned int len = crypto_ecdh_key_len(&private);
	unsigned int tries;
	int err = -EINVAL;

	if (WARN_ON_ONCE(len > sizeof(a->encoded)))
		return -EINVAL;
	for (tries = 0; tries < MAX_TRIES && err == -EINVAL; tries++) {
		get_random_bytes(random, sizeof(random));
		err = crypto_ecdh_encode_key(a->encoded, len, &private);
		if (!err)
			err = crypto_kpp_set_secret(tfm, a->encoded, len);
	}
	memzero_explicit(random, sizeof(random));
	return err;
}

/* One step: with @in the shared secret, without it our public key. */
static int kpp_step(struct kpp_request *req, void *in, size_t in_len, void *out,
		    size_t out_len)
{
	DECLARE_CRYPTO_WAIT(wait);
	struct scatterlist from, to;
	int err;

	if (in)
		sg_init_one(&from, in, in_len);
	sg_init_one(&to, out, out_len);
	kpp_request_set_input(req, in ? &from : NULL, in_len);
	kpp_request_set_output(req, &to, out_len);
	kpp_request_set_callback(req, CRYPTO_TFM_REQ_MAY_BACKLOG,
				 crypto_req_done, &wait);
	err = in ? crypto_kpp_compute_shared_secret(req) :
		   crypto_kpp_generate_public_key(req);
	return crypto_wait_req(err, &wait);
}

static int agree(struct crypto_kpp *tfm, struct agreement *a)
{
	struct kpp_request *req = kpp_request_alloc(tfm, GFP_KERNEL);
	int err;

	if (!req)
		return -ENOMEM;
	err = set_private_key(tfm, a);
	if (!err)
		err = kpp_step(req, NULL, 0, &a->own, sizeof(a->own));
	if (!err)
		err = kpp_step(req, &a->peer, sizeof(a->peer), a->z,
			       sizeof(a->z));
	kpp_request_free(req);
	switch (err) {
	case -EFAULT:	/* the point at infinity */
		return -EINVAL;
	case -EAGAIN:	/* our own public key was not checked: no memory */
		return -ENOMEM;
	default:
		return err;
	}
}

int tpm2_ecdh_p256(const struct tpm2_point *peer, struct tpm2_point *own,
		   u8 z[TPM2_P256_SIZE])
{
	struct crypto_kpp *tfm;
	struct agreement *a;
	int err = -ENOMEM;

	if (!IS_ENABLED(CONFIG_CRYPTO_ECDH))
		return lacking(ECDH, -ENOENT);
	tfm = crypto_alloc_kpp(ECDH, 0, CRYPTO_NOLOAD);
	if (IS_ERR(tfm))
		return lacking(ECDH, PTR_ERR(tfm));
	a = kmalloc(sizeof(*a), GFP_KERNEL);
	if (a) {
		a->peer = *peer;
		err = agree(tfm, a);
	}
	if (!err) {
		*own = a->own;
		memcpy(z, a->z, sizeof(a->z));
	}
	kfree_sensitive(a);
	crypto_free_kpp(tfm);
	return err;
}

/* RFC 8017, A.1.1, as DER; no length needs more than two octets. */
static void put_rsa_key(struct tpm2_writer *w, struct tpm2_bytes modulus,
			u32 exponent)
{
	tpm2_put_u16(w, 0x3082);
	tpm2_put_u16(w, 4 + 1 + modulus.len + 2 + 5);
	tpm2_put_u16(w, 0x0282);
	tpm2_put_u16(w, 1 + modulus.len);
	tpm2_put_u8(w, 0);
	tpm2_put_bytes(w, modulus);
	tpm2_put_u16(w, 0x0205);
	tpm2_put_u8(w, 0);
	tpm2_put_u32(w, exponent);
}

/* @data, of @len octets: the public key, then what is encrypted in its place. */
static int rsa_run(struct crypto_akcipher *tfm, u8 *data, size_t len)
{
	struct akcipher_request *req = akcipher_request_alloc(tfm, GFP_KERNEL);
	DECLARE_CRYPTO_WAIT(wait);
	struct scatterlist sg;
	int err;

	if (!req)
		return -ENOMEM;
	sg_init_one(&sg, data, len);
	akcipher_request_set_crypt(req, &sg, &sg, len, len);
	akcipher_request_set_callback(req, CRYPTO_TFM_REQ_MAY_BACKLOG,
				      crypto_req_done, &wait);
	err = crypto_wait_req(crypto_akcipher_encrypt(req), &wait);
	akcipher_request_free(req);
	return err;
}

static int rsa_encrypt(struct crypto_akcipher *tfm, struct tpm2_bytes modulus,
		       u32 exponent, const u8 *in, u8 *out)
{
	size_t size = modulus.len + RSA_KEY_FRAME;
	u8 *data = kmalloc(size, GFP_KERNEL);
	struct tpm2_writer w = tpm2_writer(data, size);
	int err;

	if (!data)
		return -ENOMEM;
	put_rsa_key(&w, modulus, exponent);
	err = crypto_akcipher_set_pub_key(tfm, data, w.len);
	if (!err) {
		memcpy(data, in, modulus.len);
		err = rsa_run(tfm, data, modulus.len);
	}
	if (!err)
		memcpy(out, data, modulus.len);
	kfree_sensitive(data);
	return err;
}

int tpm2_rsa_encrypt(struct tpm2_bytes modulus, u32 exponent, const u8 *in,
		     u8 *out)
{
	struct crypto_akcipher *tfm;
	int err;

	tfm = crypto_alloc_akcipher(RSA, 0, CRYPTO_NOLOAD);
	if (IS_ERR(tfm))
		return lacking(RSA, PTR_ERR(tfm));
	err = rsa_encrypt(tfm, modulus, exponent, in, out);
	crypto_free_akcipher(tfm);
	return err;
}

struct tpm2_aes *tpm2_aes_alloc(void)
{
	return kzalloc(sizeof(struct tpm2_aes), GFP_KERNEL);
}

void tpm2_aes_free(struct tpm2_aes *aes)
{
	kfree_sensitive(aes);
}

int tpm2_aes_set_key(struct tpm2_aes *aes, const u8 key[TPM2_AES_SIZE])
{
	return aes_prepareenckey(&aes->key, key, TPM2_AES_SIZE);
}

void tpm2_aes_encrypt(struct tpm2_aes *aes, const u8 in[TPM2_AES_SIZE],
		      u8 out[TPM2_AES_SIZE])
{
	aes_encrypt(&aes->key, out, in);
}

/* Loads modules; what is missing is told when it is needed. */
void trm_crypt_init(void)
{
	crypto_has_alg(ECDH, 0, 0);
	crypto_has_alg(RSA, 0, 0);
}
