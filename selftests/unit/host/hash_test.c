// SPDX-License-Identifier: GPL-2.0-only
/*
 * tools/lib/hash.c against published answers: FIPS 180 examples, RFC 2202 and
 * RFC 4231.
 */
#include <kunit/test.h>
#include <linux/tpm2_hash.h>
#include <stdio.h>

struct digest_answer {
	const char *name;
	u16 alg;
	const char *text;
	const char *hex;
};

#define TWO_BLOCKS	"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

static const struct digest_answer digests[] = {
	{ "sha1 empty", TPM_ALG_ID_SHA1, "",
	  "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
	{ "sha1 abc", TPM_ALG_ID_SHA1, "abc",
	  "a9993e364706816aba3e25717850c26c9cd0d89d" },
	{ "sha1 two blocks", TPM_ALG_ID_SHA1, TWO_BLOCKS,
	  "84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	{ "sha256 empty", TPM_ALG_ID_SHA256, "",
	  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "sha256 abc", TPM_ALG_ID_SHA256, "abc",
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "sha256 two blocks", TPM_ALG_ID_SHA256, TWO_BLOCKS,
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "sha384 abc", TPM_ALG_ID_SHA384, "abc",
	  "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
	  "8086072ba1e7cc2358baeca134c825a7" },
	{ "sha512 abc", TPM_ALG_ID_SHA512, "abc",
	  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	  "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f" },
};

KUNIT_ARRAY_PARAM_DESC(digests, digests, name);

struct hmac_answer {
	const char *name;
	u16 alg;
	const char *key;
	const char *text;
	const char *hex;
};

#define KEY_0B \
	"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"

static const struct hmac_answer hmacs[] = {
	{ "sha1 case 1", TPM_ALG_ID_SHA1, KEY_0B, "Hi There",
	  "b617318655057264e28bc0b6fb378c8ef146be00" },
	{ "sha1 case 2", TPM_ALG_ID_SHA1, "Jefe", "what do ya want for nothing?",
	  "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" },
	{ "sha1 empty", TPM_ALG_ID_SHA1, "", "",
	  "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d" },
	{ "sha256 case 1", TPM_ALG_ID_SHA256, KEY_0B, "Hi There",
	  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
	{ "sha256 case 2", TPM_ALG_ID_SHA256, "Jefe",
	  "what do ya want for nothing?",
	  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
	{ "sha256 empty", TPM_ALG_ID_SHA256, "", "",
	  "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
	{ "sha384 case 1", TPM_ALG_ID_SHA384, KEY_0B, "Hi There",
	  "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59c"
	  "faea9ea9076ede7f4af152e8b2fa9cb6" },
	{ "sha512 case 1", TPM_ALG_ID_SHA512, KEY_0B, "Hi There",
	  "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
	  "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854" },
};

KUNIT_ARRAY_PARAM_DESC(hmacs, hmacs, name);

static struct tpm2_bytes text(const char *s)
{
	return tpm2_bytes(s, strlen(s));
}

static void expect_hex(struct kunit *test, u16 alg, const u8 *octets,
		       const char *hex)
{
	char out[2 * TPM2_MAX_DIGEST + 1] = "";
	unsigned int i;

	for (i = 0; i < tpm2_digest_size(alg); i++)
		sprintf(out + 2 * i, "%02x", octets[i]);
	KUNIT_EXPECT_STREQ(test, out, hex);
}

static void digest_is_the_published_one(struct kunit *test)
{
	const struct digest_answer *a = test->param_value;
	struct tpm2_bytes part = text(a->text);
	u8 *out = kunit_kzalloc(test, tpm2_digest_size(a->alg), GFP_KERNEL);

	KUNIT_ASSERT_EQ(test, tpm2_digest(a->alg, &part, 1, out), 0);
	expect_hex(test, a->alg, out, a->hex);
}

static void hmac_is_the_published_one(struct kunit *test)
{
	const struct hmac_answer *a = test->param_value;
	struct tpm2_bytes part = text(a->text);
	u8 *out = kunit_kzalloc(test, tpm2_digest_size(a->alg), GFP_KERNEL);

	KUNIT_ASSERT_EQ(test, tpm2_hmac(a->alg, text(a->key), &part, 1, out), 0);
	expect_hex(test, a->alg, out, a->hex);
}

/* RFC 4231, case 6: the key is hashed first. */
static void hmac_takes_a_key_longer_than_a_block(struct kunit *test)
{
	struct tpm2_bytes part =
		text("Test Using Larger Than Block-Size Key - Hash Key First");
	u8 key[131], out[32];

	memset(key, 0xaa, sizeof(key));
	KUNIT_ASSERT_EQ(test, tpm2_hmac(TPM_ALG_ID_SHA256,
					tpm2_bytes(key, sizeof(key)), &part, 1,
					out), 0);
	expect_hex(test, TPM_ALG_ID_SHA256, out,
		   "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

static void pieces_make_a_whole(struct kunit *test)
{
	struct tpm2_bytes parts[] = {
		text("a"), tpm2_bytes(NULL, 0), text("b"), text("c"),
	};
	struct tpm2_bytes whole = text("abc");
	u8 one[32], four[32];

	KUNIT_EXPECT_EQ(test, tpm2_digest(TPM_ALG_ID_SHA256, parts, 4, four), 0);
	expect_hex(test, TPM_ALG_ID_SHA256, four, digests[4].hex);
	KUNIT_EXPECT_EQ(test, tpm2_hmac(TPM_ALG_ID_SHA256, whole, &whole, 1, one), 0);
	KUNIT_EXPECT_EQ(test, tpm2_hmac(TPM_ALG_ID_SHA256, whole, parts, 4, four), 0);
	KUNIT_EXPECT_MEMEQ(test, one, four, sizeof(one));
}

/* A policy digest is extended in its place. */
static void digest_may_be_a_piece(struct kunit *test)
{
	u8 in[32] = { 1, 2, 3 }, out[32];
	struct tpm2_bytes part = tpm2_bytes(in, sizeof(in));

	KUNIT_EXPECT_EQ(test, tpm2_digest(TPM_ALG_ID_SHA256, &part, 1, out), 0);
	KUNIT_EXPECT_EQ(test, tpm2_digest(TPM_ALG_ID_SHA256, &part, 1, in), 0);
	KUNIT_EXPECT_MEMEQ(test, in, out, sizeof(in));
}

static void nothing_has_a_digest(struct kunit *test)
{
	u8 out[20];

	KUNIT_EXPECT_EQ(test, tpm2_digest(TPM_ALG_ID_SHA1, NULL, 0, out), 0);
	expect_hex(test, TPM_ALG_ID_SHA1, out, digests[0].hex);
	KUNIT_EXPECT_EQ(test, tpm2_hmac(TPM_ALG_ID_SHA1, tpm2_bytes(NULL, 0),
					NULL, 0, out), 0);
	expect_hex(test, TPM_ALG_ID_SHA1, out, hmacs[2].hex);
}

static void other_algorithms_are_refused(struct kunit *test)
{
	static const u16 algs[] = { 0, TPM_ALG_ID_NULL, TPM_ALG_ID_RSA, 0x12 };
	u8 out[TPM2_MAX_DIGEST] = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(algs); i++) {
		KUNIT_EXPECT_EQ(test, tpm2_digest_size(algs[i]), 0);
		KUNIT_EXPECT_EQ(test, tpm2_digest(algs[i], NULL, 0, out),
				-EOPNOTSUPP);
		KUNIT_EXPECT_EQ(test, tpm2_hmac(algs[i], text("k"), NULL, 0, out),
				-EOPNOTSUPP);
	}
	KUNIT_EXPECT_TRUE(test, mem_is_zero(out, sizeof(out)));
}

static struct kunit_case hash_cases[] = {
	KUNIT_CASE_PARAM(digest_is_the_published_one, digests_gen_params),
	KUNIT_CASE_PARAM(hmac_is_the_published_one, hmacs_gen_params),
	KUNIT_CASE(hmac_takes_a_key_longer_than_a_block),
	KUNIT_CASE(pieces_make_a_whole),
	KUNIT_CASE(digest_may_be_a_piece),
	KUNIT_CASE(nothing_has_a_digest),
	KUNIT_CASE(other_algorithms_are_refused),
	{}
};

static struct kunit_suite hash_suite = {
	.name = "tools_hash",
	.test_cases = hash_cases,
};

kunit_test_suite(hash_suite);
