// SPDX-License-Identifier: GPL-2.0-only
/*
 * StartAuthSession, and the session key (Part 1, 19.6.8).
 *
 * PURE: used by the module and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>

#include "exchange.h"
#include "kdf.h"

#define AES_KEY_BITS	(8 * TPM2_AES_SIZE)

void trm_start_params(struct tpm2_writer *w, struct trm_keys *keys, u8 type,
		      const struct trm_salt *salt)
{
	tpm2_random(keys->nonce_caller, keys->nonce_len);
	tpm2_put_sized(w, tpm2_bytes(keys->nonce_caller, keys->nonce_len));
	tpm2_put_sized(w, tpm2_bytes(salt->encrypted, salt->encrypted_len));
	tpm2_put_u8(w, type);
	if (salt->len) {
		tpm2_put_u16(w, TPM_ALG_ID_AES);
		tpm2_put_u16(w, AES_KEY_BITS);
		tpm2_put_u16(w, TPM_ALG_ID_CFB);
	} else {
		tpm2_put_u16(w, TPM_ALG_ID_NULL);
	}
	tpm2_put_u16(w, keys->hash);
}

int trm_start_reply(struct trm_keys *keys, const struct trm_salt *salt,
		    struct tpm2_bytes params)
{
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	struct tpm2_bytes nonce = tpm2_get_sized(&r);
	int err;

	if (!tpm2_done(&r) || nonce.len != keys->nonce_len)
		return -EBADMSG;
	memcpy(keys->nonce_tpm, nonce.data, nonce.len);
	if (!salt->len)
		return 0;
	err = trm_kdfa(keys->hash, tpm2_bytes(salt->value, salt->len), "ATH",
		       nonce, tpm2_bytes(keys->nonce_caller, keys->nonce_len),
		       keys->key, tpm2_digest_size(keys->hash));
	keys->key_len = err ? 0 : tpm2_digest_size(keys->hash);
	return err;
}
