// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys derived from secrets that a caller shares with a TPM 2.0, and parameters
 * that are hidden by them.
 */
#include <string.h>

#include "tpm.h"

static void kdf_block(const uint8_t *key, size_t key_len, const char *label, const uint8_t *u,
		      const uint8_t *v, uint32_t nr, uint32_t bits, uint8_t *out)
{
	struct sha256 s;

	hmac256_init(&s, key, key_len);
	sha256_update32(&s, nr);
	sha256_update(&s, label, strlen(label) + 1);
	sha256_update(&s, u, SHA256_SIZE);
	sha256_update(&s, v, SHA256_SIZE);
	sha256_update32(&s, bits);
	hmac256_final(&s, key, key_len, out);
}

void tpm_kdf(const uint8_t *key, size_t key_len, const char *label, const uint8_t *u,
	     const uint8_t *v, uint8_t *out, size_t len)
{
	uint8_t block[SHA256_SIZE];
	size_t at, n;

	for (at = 0; at < len; at += n) {
		n = len - at < sizeof(block) ? len - at : sizeof(block);
		kdf_block(key, key_len, label, u, v, at / sizeof(block) + 1, len * 8, block);
		memcpy(out + at, block, n);
	}
}

/* sessionKey and, bound or not, the authValue of what is authorized. */
void tpm_hide(const struct tpm_call *c, struct tpm_buf *params, const uint8_t *newer,
	      const uint8_t *older)
{
	const struct tpm_session *s = c->auth[0].session;
	const struct tpm_object *o = c->handles ? c->object[0] : NULL;
	uint8_t key[SHA256_BLOCK], mask[TPM_BUF_SIZE];
	size_t key_len = s->key_len, i;
	uint16_t len = params->data[0] << 8 | params->data[1];

	if (len > params->len - 2) {
		params->bad = true;
		return;
	}
	memcpy(key, s->key, key_len);
	if (o) {
		memcpy(key + key_len, o->auth, o->auth_len);
		key_len += o->auth_len;
	}
	tpm_kdf(key, key_len, "XOR", newer, older, mask, len);
	for (i = 0; i < len; i++)
		params->data[2 + i] ^= mask[i];
}
