// SPDX-License-Identifier: GPL-2.0-only
/*
 * Digests and HMACs for user space, by OpenSSL 3: <linux/tpm2_hash.h>.
 */
#include <linux/errno.h>
#include <linux/tpm2_hash.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

static const char *hash_name(u16 alg)
{
	switch (alg) {
	case TPM_ALG_ID_SHA1:
		return "SHA1";
	case TPM_ALG_ID_SHA256:
		return "SHA256";
	case TPM_ALG_ID_SHA384:
		return "SHA384";
	case TPM_ALG_ID_SHA512:
		return "SHA512";
	default:
		return NULL;
	}
}

static bool digest_parts(EVP_MD_CTX *ctx, const EVP_MD *md,
			 const struct tpm2_bytes *parts, unsigned int nr,
			 u8 *out)
{
	bool ok = EVP_DigestInit_ex(ctx, md, NULL);

	for (; ok && nr; nr--, parts++)
		ok = EVP_DigestUpdate(ctx, parts->data, parts->len);
	return ok && EVP_DigestFinal_ex(ctx, out, NULL);
}

int tpm2_digest(u16 alg, const struct tpm2_bytes *parts, unsigned int nr,
		u8 *out)
{
	const char *name = hash_name(alg);
	EVP_MD *md = name ? EVP_MD_fetch(NULL, name, NULL) : NULL;
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = md && ctx && digest_parts(ctx, md, parts, nr, out);

	EVP_MD_CTX_free(ctx);
	EVP_MD_free(md);
	return ok ? 0 : -EOPNOTSUPP;
}

static bool hmac_parts(EVP_MAC_CTX *ctx, const char *name,
		       struct tpm2_bytes key, const struct tpm2_bytes *parts,
		       unsigned int nr, u8 *out)
{
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST,
						 (char *)name, 0),
		OSSL_PARAM_construct_end(),
	};
	size_t len;
	bool ok;

	/* A NULL key would mean "the key of last time". */
	ok = EVP_MAC_init(ctx, key.len ? key.data : (const u8 *)"", key.len,
			  params);
	for (; ok && nr; nr--, parts++)
		ok = EVP_MAC_update(ctx, parts->data, parts->len);
	return ok && EVP_MAC_final(ctx, out, &len, EVP_MAC_CTX_get_mac_size(ctx));
}

int tpm2_hmac(u16 alg, struct tpm2_bytes key, const struct tpm2_bytes *parts,
	      unsigned int nr, u8 *out)
{
	const char *name = hash_name(alg);
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	bool ok = name && ctx && hmac_parts(ctx, name, key, parts, nr, out);

	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return ok ? 0 : -EOPNOTSUPP;
}
