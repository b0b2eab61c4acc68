// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for paramcrypt.c.
 *
 * CFB: NIST SP 800-38A, F.3.13 and F.3.14.  Keys of parameters: computed with
 * Python's hmac (KDFa) and the package "cryptography" (AES-CFB); the session key
 * counts up from 0x00, the nonces from 0x20 and 0x40, the authValue is "secret".
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "../paramcrypt.h"

static const u8 nist_key[] = {
	0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88,
	0x09, 0xcf, 0x4f, 0x3c,
};

static const u8 nist_plain[] = {
	0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11,
	0x73, 0x93, 0x17, 0x2a, 0xae, 0x2d, 0x8a, 0x57, 0x1e, 0x03, 0xac, 0x9c,
	0x9e, 0xb7, 0x6f, 0xac, 0x45, 0xaf, 0x8e, 0x51, 0x30, 0xc8, 0x1c, 0x46,
	0xa3, 0x5c, 0xe4, 0x11, 0xe5, 0xfb, 0xc1, 0x19, 0x1a, 0x0a, 0x52, 0xef,
	0xf6, 0x9f, 0x24, 0x45, 0xdf, 0x4f, 0x9b, 0x17, 0xad, 0x2b, 0x41, 0x7b,
	0xe6, 0x6c, 0x37, 0x10,
};

static const u8 nist_cipher[] = {
	0x3b, 0x3f, 0xd9, 0x2e, 0xb7, 0x2d, 0xad, 0x20, 0x33, 0x34, 0x49, 0xf8,
	0xe8, 0x3c, 0xfb, 0x4a, 0xc8, 0xa6, 0x45, 0x37, 0xa0, 0xb3, 0xa9, 0x3f,
	0xcd, 0xe3, 0xcd, 0xad, 0x9f, 0x1c, 0xe5, 0x8b, 0x26, 0x75, 0x1f, 0x67,
	0xa3, 0xcb, 0xb1, 0x40, 0xb1, 0x80, 0x8c, 0xf1, 0x87, 0xa4, 0xf4, 0xdf,
	0xc0, 0x4b, 0x05, 0x35, 0x7c, 0x5d, 0x1c, 0x0e, 0xea, 0xc4, 0xc6, 0x6f,
	0x9f, 0xf7, 0xf2, 0xe6,
};

static const char param_plain[] = "0123456789abcdefX";

static const u8 param_cipher[] = {
	0x7e, 0x97, 0xf5, 0xcc, 0x98, 0x3a, 0x75, 0x7a, 0x41, 0xe2, 0x80, 0xea,
	0xaf, 0x69, 0xe1, 0x7f, 0x22,
};

static int aes_init(struct kunit *test)
{
	test->priv = tpm2_aes_alloc();
	return test->priv ? 0 : -ENOMEM;
}

static void aes_exit(struct kunit *test)
{
	tpm2_aes_free(test->priv);
}

static void nist_iv(u8 *iv)
{
	int i;

	for (i = 0; i < TPM2_AES_SIZE; i++)
		iv[i] = i;
}

static void cfb_encrypts_any_length(struct kunit *test)
{
	u8 iv[TPM2_AES_SIZE], data[sizeof(nist_plain) + 1];
	size_t len;

	KUNIT_ASSERT_EQ(test, tpm2_aes_set_key(test->priv, nist_key), 0);
	for (len = 0; len <= sizeof(nist_plain); len++) {
		memset(data, 0xee, sizeof(data));
		memcpy(data, nist_plain, len);
		nist_iv(iv);
		trm_cfb_encrypt(test->priv, iv, data, len);
		KUNIT_EXPECT_MEMEQ(test, data, nist_cipher, len);
		KUNIT_EXPECT_EQ(test, data[len], 0xee);
	}
}

static void cfb_decrypts_any_length(struct kunit *test)
{
	u8 iv[TPM2_AES_SIZE], data[sizeof(nist_plain) + 1];
	size_t len;

	KUNIT_ASSERT_EQ(test, tpm2_aes_set_key(test->priv, nist_key), 0);
	for (len = 0; len <= sizeof(nist_plain); len++) {
		memset(data, 0xee, sizeof(data));
		memcpy(data, nist_cipher, len);
		nist_iv(iv);
		trm_cfb_decrypt(test->priv, iv, data, len);
		KUNIT_EXPECT_MEMEQ(test, data, nist_plain, len);
		KUNIT_EXPECT_EQ(test, data[len], 0xee);
	}
}

static int set_key(struct kunit *test, struct tpm2_bytes value, u8 *iv)
{
	u8 key[32], newer[32], older[32];
	const struct trm_nonces nonces = {
		.newer = tpm2_bytes(newer, sizeof(newer)),
		.older = tpm2_bytes(older, sizeof(older)),
	};
	int i;

	for (i = 0; i < 32; i++) {
		key[i] = i;
		newer[i] = 0x20 + i;
		older[i] = 0x40 + i;
	}
	return trm_param_set_key(test->priv, TPM_ALG_ID_SHA256,
				 tpm2_bytes(key, sizeof(key)), value, &nonces,
				 iv);
}

static void key_depends_on_session_value_and_nonces(struct kunit *test)
{
	u8 iv[TPM2_AES_SIZE], data[sizeof(param_cipher)];

	KUNIT_ASSERT_EQ(test, set_key(test, tpm2_bytes("secret", 6), iv), 0);
	memcpy(data, param_plain, sizeof(data));
	trm_cfb_encrypt(test->priv, iv, data, sizeof(data));
	KUNIT_EXPECT_MEMEQ(test, data, param_cipher, sizeof(data));
}

static void zeroes_at_the_end_of_the_value_do_not_count(struct kunit *test)
{
	u8 iv[TPM2_AES_SIZE], data[sizeof(param_cipher)];

	KUNIT_ASSERT_EQ(test, set_key(test, tpm2_bytes("secret\0\0", 8), iv), 0);
	memcpy(data, param_plain, sizeof(data));
	trm_cfb_encrypt(test->priv, iv, data, sizeof(data));
	KUNIT_EXPECT_MEMEQ(test, data, param_cipher, sizeof(data));
}

static void value_that_does_not_fit_is_refused(struct kunit *test)
{
	u8 iv[TPM2_AES_SIZE], value[TRM_MAX_SESSION_VALUE - 32 + 1];

	memset(value, 1, sizeof(value));
	KUNIT_EXPECT_EQ(test, set_key(test, tpm2_bytes(value, sizeof(value)),
				      iv), -EINVAL);
}

static struct kunit_case paramcrypt_cases[] = {
	KUNIT_CASE(cfb_encrypts_any_length),
	KUNIT_CASE(cfb_decrypts_any_length),
	KUNIT_CASE(key_depends_on_session_value_and_nonces),
	KUNIT_CASE(zeroes_at_the_end_of_the_value_do_not_count),
	KUNIT_CASE(value_that_does_not_fit_is_refused),
	{}
};

static struct kunit_suite paramcrypt_suite = {
	.name = "tpm_rm_paramcrypt",
	.init = aes_init,
	.exit = aes_exit,
	.test_cases = paramcrypt_cases,
};

kunit_test_suite(paramcrypt_suite);
