// SPDX-License-Identifier: GPL-2.0-only
/*
 * Digests and HMACs by TPM algorithm identifier, from the crypto API.
 *
 * All transforms are allocated when the module is loaded: allocating one may
 * load a module, which must not happen within a transaction.
 */
#include <crypto/hash.h>

#include <linux/errno.h>
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/tpm2_hash.h>

#include "trm.h"

/**
 * struct trm_hash - an algorithm and its transforms
 * @alg: TPM_ALG_ID
 * @name: name in the crypto API
 * @hmac_name: name of its HMAC
 * @tfm: NULL if this kernel lacks the hash; shared by all
 * @hmac: NULL if there is no @tfm; its key is protected by hmac_lock
 */
struct trm_hash {
	u16 alg;
	const char *name;
	const char *hmac_name;
	struct crypto_shash *tfm;
	struct crypto_shash *hmac;
};

static struct trm_hash hashes[] = {
	{ TPM_ALG_ID_SHA1, "sha1", "hmac(sha1)" },
	{ TPM_ALG_ID_SHA256, "sha256", "hmac(sha256)" },
	{ TPM_ALG_ID_SHA384, "sha384", "hmac(sha384)" },
	{ TPM_ALG_ID_SHA512, "sha512", "hmac(sha512)" },
};

/* Key of the HMAC transforms, from setkey to final.  Innermost. */
static DEFINE_MUTEX(hmac_lock);

static struct trm_hash *find_hash(u16 alg)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hashes); i++) {
		if (hashes[i].alg == alg)
			return hashes[i].tfm ? &hashes[i] : NULL;
	}
	return NULL;
}

bool trm_hash_available(u16 alg)
{
	return find_hash(alg);
}

static int hash_parts(struct crypto_shash *tfm, const struct tpm2_bytes *parts,
		      unsigned int nr, u8 *out)
{
	SHASH_DESC_ON_STACK(desc, tfm);
	unsigned int i;
	int err;

	desc->tfm = tfm;
	err = crypto_shash_init(desc);
	for (i = 0; i < nr && !err; i++)
		err = crypto_shash_update(desc, parts[i].data, parts[i].len);
	if (!err)
		err = crypto_shash_final(desc, out);
	shash_desc_zero(desc);
	return err;
}

int tpm2_digest(u16 alg, const struct tpm2_bytes *parts, unsigned int nr,
		u8 *out)
{
	struct trm_hash *h = find_hash(alg);

	return h ? hash_parts(h->tfm, parts, nr, out) : -EOPNOTSUPP;
}
EXPORT_SYMBOL_GPL(tpm2_digest);

int tpm2_hmac(u16 alg, struct tpm2_bytes key, const struct tpm2_bytes *parts,
	      unsigned int nr, u8 *out)
{
	static const u8 no_key[TPM2_MAX_DIGEST];
	struct trm_hash *h = find_hash(alg);
	int err;

	if (!h)
		return -EOPNOTSUPP;
	mutex_lock(&hmac_lock);
	err = crypto_shash_setkey(h->hmac, key.data, key.len);
	if (!err)
		err = hash_parts(h->hmac, parts, nr, out);
	/* Not even what can be computed from the key stays behind. */
	crypto_shash_setkey(h->hmac, no_key, sizeof(no_key));
	mutex_unlock(&hmac_lock);
	return err;
}
EXPORT_SYMBOL_GPL(tpm2_hmac);

static int hash_alloc(struct trm_hash *h)
{
	struct crypto_shash *tfm = crypto_alloc_shash(h->name, 0, 0);
	struct crypto_shash *hmac;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	hmac = crypto_alloc_shash(h->hmac_name, 0, 0);
	if (IS_ERR(hmac)) {
		crypto_free_shash(tfm);
		return PTR_ERR(hmac);
	}
	h->tfm = tfm;
	h->hmac = hmac;
	return 0;
}

/* SHA-256 must be there; what else this kernel lacks cannot be used. */
int trm_hash_init(void)
{
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(hashes); i++) {
		err = hash_alloc(&hashes[i]);
		if (err && (err != -ENOENT ||
			    hashes[i].alg == TPM_ALG_ID_SHA256)) {
			trm_hash_exit();
			return err;
		}
	}
	return 0;
}

void trm_hash_exit(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hashes); i++) {
		if (!hashes[i].tfm)
			continue;
		crypto_free_shash(hashes[i].hmac);
		crypto_free_shash(hashes[i].tfm);
		hashes[i].tfm = NULL;
	}
}
