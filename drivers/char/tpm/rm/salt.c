// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making a salt, and reading the public keys that it can be made for.
 *
 * PURE: used by the module and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>

#include "kdf.h"
#include "oaep.h"
#include "salt.h"

#define LABEL		"SECRET"	/* of both methods, with its zero */
#define EXPONENT	65537		/* that 0 stands for */

/* TPMT_SYM_DEF_OBJECT (Part 2, 11.1.7): a cipher has key size and mode. */
static void skip_symmetric(struct tpm2_reader *r)
{
	if (tpm2_get_u16(r) != TPM_ALG_ID_NULL)
		tpm2_get(r, 2 + 2);
}

/* Part 2, 12.2.3.5 */
static bool get_rsa(struct tpm2_reader *r, struct tpm2_salt_key *key)
{
	bool plain = tpm2_get_u16(r) == TPM_ALG_ID_NULL;
	unsigned int bits;

	if (!plain)
		return false;
	bits = tpm2_get_u16(r);
	key->exponent = tpm2_get_u32(r) ?: EXPONENT;
	key->modulus = tpm2_get_sized(r);
	return (bits == 2048 || bits == 3072) && key->modulus.len == bits / 8 &&
	       key->modulus.data[0] & 0x80;
}

/* Part 2, 12.2.3.6 */
static bool get_ecc(struct tpm2_reader *r, struct tpm2_salt_key *key)
{
	bool plain = tpm2_get_u16(r) == TPM_ALG_ID_NULL;
	bool p256 = tpm2_get_u16(r) == TPM_ECC_NIST_P256;

	if (!plain || !p256 || tpm2_get_u16(r) != TPM_ALG_ID_NULL)
		return false;
	key->x = tpm2_get_sized(r);
	key->y = tpm2_get_sized(r);
	return key->x.len == TPM2_P256_SIZE && key->y.len == TPM2_P256_SIZE;
}

static bool get_parameters(struct tpm2_reader *r, struct tpm2_salt_key *key)
{
	if (key->type != TPM_ALG_ID_ECC && key->type != TPM_ALG_ID_RSA)
		return false;
	skip_symmetric(r);
	return key->type == TPM_ALG_ID_ECC ? get_ecc(r, key) : get_rsa(r, key);
}

int tpm2_salt_key_decode(struct tpm2_bytes area, struct tpm2_salt_key *key)
{
	struct tpm2_reader r = tpm2_reader(area.data, area.len);
	u32 attributes;
	bool usable;

	memset(key, 0, sizeof(*key));
	key->type = tpm2_get_u16(&r);
	key->name_alg = tpm2_get_u16(&r);
	attributes = tpm2_get_u32(&r);
	tpm2_get_sized(&r); /* authPolicy */
	usable = get_parameters(&r, key);
	if (r.bad || (usable && !tpm2_done(&r)))
		return -EBADMSG;
	if (!usable || !(attributes & TPMA_OBJECT_decrypt) ||
	    key->name_alg == TPM_ALG_ID_SHA1 ||
	    !tpm2_digest_size(key->name_alg))
		return -EOPNOTSUPP;
	return 0;
}
EXPORT_SYMBOL_GPL(tpm2_salt_key_decode);

/* Part 1, C.6.1: the salt comes from a point, and its other half is sent. */
static int salt_by_ecc(struct trm_salt *salt, const struct tpm2_salt_key *key)
{
	struct tpm2_writer w = tpm2_writer(salt->encrypted,
					   sizeof(salt->encrypted));
	struct tpm2_point peer, own;
	u8 z[TPM2_P256_SIZE];
	int err;

	memcpy(peer.x, key->x.data, sizeof(peer.x));
	memcpy(peer.y, key->y.data, sizeof(peer.y));
	err = tpm2_ecdh_p256(&peer, &own, z);
	if (!err && !memchr_inv(z, 0, sizeof(z)))
		err = -EINVAL;
	if (!err)
		err = trm_kdfe(key->name_alg, tpm2_bytes(z, sizeof(z)), LABEL,
			       tpm2_bytes(own.x, sizeof(own.x)), key->x,
			       salt->value, salt->len);
	memzero_explicit(z, sizeof(z));
	if (err)
		return err;
	tpm2_put_sized(&w, tpm2_bytes(own.x, sizeof(own.x)));
	tpm2_put_sized(&w, tpm2_bytes(own.y, sizeof(own.y)));
	salt->encrypted_len = w.len;
	return 0;
}

/* Part 1, B.10.2: the salt is random, and sent encrypted. */
static int salt_by_rsa(struct trm_salt *salt, const struct tpm2_salt_key *key)
{
	u8 seed[TPM2_MAX_DIGEST];
	int err;

	tpm2_random(salt->value, salt->len);
	tpm2_random(seed, sizeof(seed));
	salt->encrypted_len = key->modulus.len;
	err = trm_oaep_encode(key->name_alg, tpm2_bytes(LABEL, sizeof(LABEL)),
			      tpm2_bytes(salt->value, salt->len), seed,
			      salt->encrypted, salt->encrypted_len);
	memzero_explicit(seed, sizeof(seed));
	return err ?: tpm2_rsa_encrypt(key->modulus, key->exponent,
				       salt->encrypted, salt->encrypted);
}

int trm_salt_make(struct trm_salt *salt, const struct tpm2_salt_key *key)
{
	int err = -EOPNOTSUPP;

	salt->len = tpm2_digest_size(key->name_alg);
	if (key->name_alg == TPM_ALG_ID_SHA1 || !salt->len)
		err = -EOPNOTSUPP;
	else if (key->type == TPM_ALG_ID_ECC)
		err = salt_by_ecc(salt, key);
	else if (key->type == TPM_ALG_ID_RSA)
		err = salt_by_rsa(salt, key);
	if (err)
		memzero_explicit(salt, sizeof(*salt));
	return err == -EINVAL ? -EBADMSG : err;
}
