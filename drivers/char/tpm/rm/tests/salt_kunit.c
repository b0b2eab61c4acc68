// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for salt.c.
 *
 * The ECC key is the generator of P-256 (SP 800-186), whose private half is 1:
 * the shared point is then our own, so the salt can be computed here.  The
 * modulus is no product of primes, which the public operation does not mind.
 * That a TPM learns the same salt is seen in the tests that run against one.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>

#include "../kdf.h"
#include "../salt.h"

#define ATTRIBUTES	(TPMA_OBJECT_restricted | TPMA_OBJECT_decrypt)

static const u8 generator_x[] = {
	0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
	0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0,
	0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
};

static const u8 generator_y[] = {
	0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a,
	0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce,
	0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

/* A TPMT_PUBLIC, field by field, so that each can be wrong. */
struct area {
	u16 type;
	u16 name_alg;
	u32 attributes;
	u16 symmetric;
	u16 scheme;
	u16 bits_or_curve;
	u32 exponent;
	u16 kdf;
	size_t len;
};

static const struct area ecc = {
	TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256, ATTRIBUTES, TPM_ALG_ID_AES,
	TPM_ALG_ID_NULL, TPM_ECC_NIST_P256, 0, TPM_ALG_ID_NULL, 32,
};

static const struct area rsa = {
	TPM_ALG_ID_RSA, TPM_ALG_ID_SHA256, ATTRIBUTES, TPM_ALG_ID_AES,
	TPM_ALG_ID_NULL, 2048, 0, 0, 256,
};

static void put_modulus(struct tpm2_writer *w, size_t len)
{
	u8 *at;

	tpm2_put_u16(w, len);
	at = tpm2_reserve(w, len);
	if (at && len) {
		memset(at, 0x81, len);
		at[0] = 0xff;
	}
}

static struct tpm2_bytes put_area(u8 *buf, size_t size, const struct area *a)
{
	struct tpm2_writer w = tpm2_writer(buf, size);

	tpm2_put_u16(&w, a->type);
	tpm2_put_u16(&w, a->name_alg);
	tpm2_put_u32(&w, a->attributes);
	tpm2_put_u16(&w, 0);
	tpm2_put_u16(&w, a->symmetric);
	if (a->symmetric != TPM_ALG_ID_NULL) {
		tpm2_put_u16(&w, 128);
		tpm2_put_u16(&w, TPM_ALG_ID_CFB);
	}
	tpm2_put_u16(&w, a->scheme);
	tpm2_put_u16(&w, a->bits_or_curve);
	if (a->type == TPM_ALG_ID_RSA) {
		tpm2_put_u32(&w, a->exponent);
		put_modulus(&w, a->len);
	} else {
		tpm2_put_u16(&w, a->kdf);
		tpm2_put_sized(&w, tpm2_bytes(generator_x, a->len));
		tpm2_put_sized(&w, tpm2_bytes(generator_y, a->len));
	}
	return tpm2_written(&w);
}

static int decode(const struct area *a, struct tpm2_salt_key *key)
{
	static u8 buf[512];

	return tpm2_salt_key_decode(put_area(buf, sizeof(buf), a), key);
}

static void ecc_is_decoded(struct kunit *test)
{
	struct tpm2_salt_key key;

	KUNIT_ASSERT_EQ(test, decode(&ecc, &key), 0);
	KUNIT_EXPECT_EQ(test, key.type, TPM_ALG_ID_ECC);
	KUNIT_EXPECT_EQ(test, key.name_alg, TPM_ALG_ID_SHA256);
	KUNIT_ASSERT_EQ(test, key.x.len, 32);
	KUNIT_ASSERT_EQ(test, key.y.len, 32);
	KUNIT_EXPECT_MEMEQ(test, key.x.data, generator_x, 32);
	KUNIT_EXPECT_MEMEQ(test, key.y.data, generator_y, 32);
}

static void rsa_is_decoded(struct kunit *test)
{
	struct area a = rsa;
	struct tpm2_salt_key key;

	KUNIT_ASSERT_EQ(test, decode(&a, &key), 0);
	KUNIT_EXPECT_EQ(test, key.type, TPM_ALG_ID_RSA);
	KUNIT_EXPECT_EQ(test, key.exponent, 65537);
	KUNIT_EXPECT_EQ(test, key.modulus.len, 256);
	a.bits_or_curve = 3072;
	a.len = 384;
	a.exponent = 3;
	a.symmetric = TPM_ALG_ID_NULL;
	KUNIT_ASSERT_EQ(test, decode(&a, &key), 0);
	KUNIT_EXPECT_EQ(test, key.exponent, 3);
	KUNIT_EXPECT_EQ(test, key.modulus.len, 384);
}

struct unusable {
	const char *name;
	struct area area;
};

/* Each differs from the two above in one field, which its name tells. */
static const struct unusable unusables[] = {
	{ "nameAlg sha1", {
		TPM_ALG_ID_ECC, TPM_ALG_ID_SHA1, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, TPM_ECC_NIST_P256, 0,
		TPM_ALG_ID_NULL, 32 } },
	{ "nameAlg unknown", {
		TPM_ALG_ID_ECC, 0x0027, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, TPM_ECC_NIST_P256, 0,
		TPM_ALG_ID_NULL, 32 } },
	{ "no decryption key", {
		TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256, TPMA_OBJECT_sign,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, TPM_ECC_NIST_P256, 0,
		TPM_ALG_ID_NULL, 32 } },
	{ "curve P-384", {
		TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, 4, 0,
		TPM_ALG_ID_NULL, 32 } },
	{ "ecc with a scheme", {
		TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, 0x0019, TPM_ECC_NIST_P256, 0,
		TPM_ALG_ID_NULL, 32 } },
	{ "ecc with a kdf", {
		TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, TPM_ECC_NIST_P256, 0,
		0x0020, 32 } },
	{ "short coordinates", {
		TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, TPM_ECC_NIST_P256, 0,
		TPM_ALG_ID_NULL, 31 } },
	{ "empty coordinates", {
		TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, TPM_ECC_NIST_P256, 0,
		TPM_ALG_ID_NULL, 0 } },
	{ "sealed data", {
		TPM_ALG_ID_KEYEDHASH, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, TPM_ECC_NIST_P256, 0,
		TPM_ALG_ID_NULL, 32 } },
	{ "rsa 1024", {
		TPM_ALG_ID_RSA, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, 1024, 0,
		0, 256 } },
	{ "rsa 4096", {
		TPM_ALG_ID_RSA, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, 4096, 0,
		0, 256 } },
	{ "rsa with a scheme", {
		TPM_ALG_ID_RSA, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, 0x0015, 2048, 0,
		0, 256 } },
	{ "short modulus", {
		TPM_ALG_ID_RSA, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, 2048, 0,
		0, 255 } },
	{ "empty modulus", {
		TPM_ALG_ID_RSA, TPM_ALG_ID_SHA256, ATTRIBUTES,
		TPM_ALG_ID_AES, TPM_ALG_ID_NULL, 2048, 0,
		0, 0 } },
};

KUNIT_ARRAY_PARAM_DESC(unusables, unusables, name);

static void what_cannot_take_a_salt_is_refused(struct kunit *test)
{
	const struct unusable *u = test->param_value;
	struct tpm2_salt_key key;

	KUNIT_EXPECT_EQ(test, decode(&u->area, &key), -EOPNOTSUPP);
}

static void expect_no_prefix(struct kunit *test, const struct area *a)
{
	u8 buf[512];
	struct tpm2_bytes area = put_area(buf, sizeof(buf) - 1, a);
	struct tpm2_salt_key key;
	size_t len;

	for (len = 0; len < area.len; len++)
		KUNIT_EXPECT_NE(test, tpm2_salt_key_decode(tpm2_bytes(buf, len),
							   &key), 0);
	KUNIT_EXPECT_EQ(test, tpm2_salt_key_decode(tpm2_bytes(buf, area.len - 1),
						   &key), -EBADMSG);
	buf[area.len] = 0;
	KUNIT_EXPECT_EQ(test, tpm2_salt_key_decode(tpm2_bytes(buf, area.len + 1),
						   &key), -EBADMSG);
}

static void public_area_must_be_whole(struct kunit *test)
{
	expect_no_prefix(test, &ecc);
	expect_no_prefix(test, &rsa);
}

/* With the generator as the key, Z is the x that is sent. */
static void ecc_salt_is_kdfe_of_the_shared_point(struct kunit *test)
{
	struct tpm2_salt_key key;
	struct trm_salt salt;
	struct tpm2_reader r;
	struct tpm2_bytes x, y;
	u8 expected[32];

	KUNIT_ASSERT_EQ(test, decode(&ecc, &key), 0);
	KUNIT_ASSERT_EQ(test, trm_salt_make(&salt, &key), 0);
	r = tpm2_reader(salt.encrypted, salt.encrypted_len);
	x = tpm2_get_sized(&r);
	y = tpm2_get_sized(&r);
	KUNIT_ASSERT_TRUE(test, tpm2_done(&r));
	KUNIT_EXPECT_EQ(test, x.len, 32);
	KUNIT_EXPECT_EQ(test, y.len, 32);
	KUNIT_ASSERT_EQ(test, salt.len, 32);
	KUNIT_ASSERT_EQ(test, trm_kdfe(TPM_ALG_ID_SHA256, x, "SECRET", x,
				       key.x, expected, 32), 0);
	KUNIT_EXPECT_MEMEQ(test, salt.value, expected, 32);
}

static void rsa_salt_is_as_long_as_the_name_alg(struct kunit *test)
{
	struct area a = rsa;
	struct tpm2_salt_key key;
	struct trm_salt salt;

	a.name_alg = TPM_ALG_ID_SHA384;
	KUNIT_ASSERT_EQ(test, decode(&a, &key), 0);
	KUNIT_ASSERT_EQ(test, trm_salt_make(&salt, &key), 0);
	KUNIT_EXPECT_EQ(test, salt.len, 48);
	KUNIT_EXPECT_EQ(test, salt.encrypted_len, 256);
}

static void expect_no_salt(struct kunit *test, const struct tpm2_salt_key *key,
			   int err)
{
	struct trm_salt salt;

	memset(&salt, 0xee, sizeof(salt));
	KUNIT_EXPECT_EQ(test, trm_salt_make(&salt, key), err);
	KUNIT_EXPECT_NULL(test, memchr_inv(&salt, 0, sizeof(salt)));
}

static void bad_key_leaves_no_salt(struct kunit *test)
{
	struct tpm2_salt_key key;
	u8 x[32];

	KUNIT_ASSERT_EQ(test, decode(&ecc, &key), 0);
	memcpy(x, generator_x, sizeof(x));
	x[31] ^= 1;
	key.x = tpm2_bytes(x, sizeof(x));
	expect_no_salt(test, &key, -EBADMSG);
	KUNIT_ASSERT_EQ(test, decode(&ecc, &key), 0);
	key.name_alg = TPM_ALG_ID_SHA1;
	expect_no_salt(test, &key, -EOPNOTSUPP);
	key.name_alg = TPM_ALG_ID_SHA256;
	key.type = TPM_ALG_ID_KEYEDHASH;
	expect_no_salt(test, &key, -EOPNOTSUPP);
}

static struct kunit_case salt_cases[] = {
	KUNIT_CASE(ecc_is_decoded),
	KUNIT_CASE(rsa_is_decoded),
	KUNIT_CASE_PARAM(what_cannot_take_a_salt_is_refused,
			 unusables_gen_params),
	KUNIT_CASE(public_area_must_be_whole),
	KUNIT_CASE(ecc_salt_is_kdfe_of_the_shared_point),
	KUNIT_CASE(rsa_salt_is_as_long_as_the_name_alg),
	KUNIT_CASE(bad_key_leaves_no_salt),
	{}
};

static struct kunit_suite salt_suite = {
	.name = "tpm_rm_salt",
	.test_cases = salt_cases,
};

kunit_test_suite(salt_suite);
