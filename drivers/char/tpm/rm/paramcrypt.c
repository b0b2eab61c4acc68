// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameter encryption by AES-128 in CFB mode.
 *
 * PURE: used by the module and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/tpm2_spec.h>

#include "kdf.h"
#include "paramcrypt.h"

/* Next part of the key stream, in place of the last cipher text. */
static size_t next_stream(struct tpm2_aes *aes, u8 *iv, size_t left)
{
	tpm2_aes_encrypt(aes, iv, iv);
	return min_t(size_t, left, TPM2_AES_SIZE);
}

void trm_cfb_encrypt(struct tpm2_aes *aes, u8 iv[TPM2_AES_SIZE], u8 *data,
		     size_t len)
{
	size_t i, some;

	for (; len; len -= some, data += some) {
		some = next_stream(aes, iv, len);
		for (i = 0; i < some; i++) {
			data[i] ^= iv[i];
			iv[i] = data[i];
		}
	}
}

void trm_cfb_decrypt(struct tpm2_aes *aes, u8 iv[TPM2_AES_SIZE], u8 *data,
		     size_t len)
{
	size_t i, some;

	for (; len; len -= some, data += some) {
		some = next_stream(aes, iv, len);
		for (i = 0; i < some; i++) {
			u8 cipher = data[i];

			data[i] ^= iv[i];
			iv[i] = cipher;
		}
	}
}

int trm_param_set_key(struct tpm2_aes *aes, u16 hash,
		      struct tpm2_bytes session_key, struct tpm2_bytes value,
		      const struct trm_nonces *nonces, u8 iv[TPM2_AES_SIZE])
{
	u8 key[TRM_MAX_SESSION_VALUE], stream[2 * TPM2_AES_SIZE];
	struct tpm2_writer w = tpm2_writer(key, sizeof(key));
	int err = -EINVAL;

	trm_put_session_value(&w, session_key, value);
	if (!w.full)
		err = trm_kdfa(hash, tpm2_written(&w), "CFB", nonces->newer,
			       nonces->older, stream, sizeof(stream));
	if (!err)
		err = tpm2_aes_set_key(aes, stream);
	if (!err)
		memcpy(iv, stream + TPM2_AES_SIZE, TPM2_AES_SIZE);
	memzero_explicit(key, sizeof(key));
	memzero_explicit(stream, sizeof(stream));
	return err;
}
