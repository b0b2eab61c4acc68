// SPDX-License-Identifier: GPL-2.0-only
/* PolicyPCR: the two encodings of its body, and what is neither. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "../assertion.h"
#include "hex.h"

#define D_32		"d000000000000000 0000000000000000 0000000000000000 000000000000000d "
#define D_20		"d000000000000000 0000000000000000 0000000d "
#define D_48		D_32 "0000000000000000 000000000000000d "
#define D_64		"" D_32 D_32
#define SHA256_7	"000b 03 800000 "
#define ONE_BANK	"00000001 " SHA256_7
#define TWO_BANKS	"00000002 0004 03 110000 000b 03 800880 "
#define FOUR_BANKS	"" SHA256_7 SHA256_7 SHA256_7 SHA256_7
#define BANKS_16	"" FOUR_BANKS FOUR_BANKS FOUR_BANKS FOUR_BANKS

static const struct body {
	const char *name;
	u16 hash;
	const char *body;
	const char *selection;
	const char *digest;
} bodies[] = {
	{ "unsized_sha1", TPM_ALG_ID_SHA1, ONE_BANK D_20, ONE_BANK, D_20 },
	{ "unsized_sha256", TPM_ALG_ID_SHA256, ONE_BANK D_32, ONE_BANK, D_32 },
	{ "unsized_sha384", TPM_ALG_ID_SHA384, ONE_BANK D_48, ONE_BANK, D_48 },
	{ "unsized_sha512", TPM_ALG_ID_SHA512, ONE_BANK D_64, ONE_BANK, D_64 },
	{ "unsized_two_banks", TPM_ALG_ID_SHA256, TWO_BANKS D_32, TWO_BANKS, D_32 },
	{ "unsized_16_banks", TPM_ALG_ID_SHA256, "00000010 " BANKS_16 D_32, "00000010 " BANKS_16,
	  D_32 },
	{ "unsized_bitmap_of_1", TPM_ALG_ID_SHA256, "00000001 000b 01 80 " D_32,
	  "00000001 000b 01 80", D_32 },
	{ "unsized_bitmap_of_4", TPM_ALG_ID_SHA256,
	  "00000001 000b 04 80000000 " D_32, "00000001 000b 04 80000000", D_32 },
	{ "sized_empty", TPM_ALG_ID_SHA256, "0000 " ONE_BANK, ONE_BANK, "" },
	{ "sized_empty_sha384", TPM_ALG_ID_SHA384, "0000 " TWO_BANKS, TWO_BANKS, "" },
	{ "sized_empty_16_banks", TPM_ALG_ID_SHA256, "0000 00000010 " BANKS_16,
	  "00000010 " BANKS_16, "" },
	/* Could be taken for no bank and a digest. */
	{ "sized_empty_5_banks", TPM_ALG_ID_SHA256, "0000 00000005 " FOUR_BANKS SHA256_7,
	  "00000005 " FOUR_BANKS SHA256_7, "" },
	{ "sized_sha1", TPM_ALG_ID_SHA1, "0014 " D_20 ONE_BANK, ONE_BANK, D_20 },
	{ "sized_sha256", TPM_ALG_ID_SHA256, "0020 " D_32 ONE_BANK, ONE_BANK, D_32 },
	{ "sized_sha384", TPM_ALG_ID_SHA384, "0030 " D_48 ONE_BANK, ONE_BANK, D_48 },
	{ "sized_sha512", TPM_ALG_ID_SHA512, "0040 " D_64 TWO_BANKS, TWO_BANKS, D_64 },
};

KUNIT_ARRAY_PARAM_DESC(bodies, bodies, name);

static void pcr_body_decodes(struct kunit *test)
{
	const struct body *c = test->param_value;
	struct tpk_pcr_statement st;
	int err;

	err = tpk_pcr_statement_decode(hex_exact(test, c->body), c->hash, &st);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(st.selection, hex_exact(test, c->selection)));
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(st.digest, hex_exact(test, c->digest)));
}

static void truncated_pcr_body_is_refused(struct kunit *test)
{
	const struct body *c = test->param_value;
	struct tpm2_bytes body = hex_exact(test, c->body);
	struct tpk_pcr_statement st;
	size_t len;
	int err;

	for (len = 0; len < body.len; len++) {
		u8 *tight = kunit_kmalloc(test, len, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, tight);
		memcpy(tight, body.data, len);
		err = tpk_pcr_statement_decode(tpm2_bytes(tight, len), c->hash, &st);
		KUNIT_EXPECT_EQ_MSG(test, err, -EBADMSG, "%zu octets", len);
		KUNIT_EXPECT_EQ(test, st.selection.len, 0);
		kunit_kfree(test, tight);
	}
}

static const struct body bad_bodies[] = {
	{ "empty", TPM_ALG_ID_SHA256, "" },
	{ "digest_missing", TPM_ALG_ID_SHA256, ONE_BANK },
	{ "digest_of_other_hash", TPM_ALG_ID_SHA256, ONE_BANK D_20 },
	{ "digest_of_longer_hash", TPM_ALG_ID_SHA256, ONE_BANK D_48 },
	{ "digest_long", TPM_ALG_ID_SHA256, ONE_BANK D_32 "00" },
	{ "count_0", TPM_ALG_ID_SHA256, "00000000 " D_32 },
	{ "count_0_sized", TPM_ALG_ID_SHA256, "0000 00000000" },
	{ "count_0_sized_digest", TPM_ALG_ID_SHA256, "0020 " D_32 "00000000" },
	{ "count_17", TPM_ALG_ID_SHA256, "00000011 " BANKS_16 SHA256_7 D_32 },
	{ "count_17_sized", TPM_ALG_ID_SHA256, "0000 00000011 " BANKS_16 SHA256_7 },
	{ "count_huge", TPM_ALG_ID_SHA256, "ffffffff " SHA256_7 D_32 },
	{ "count_too_large", TPM_ALG_ID_SHA256, "00000002 " SHA256_7 },
	{ "count_too_small", TPM_ALG_ID_SHA256, "00000001 " SHA256_7 SHA256_7 D_32 },
	{ "bitmap_empty", TPM_ALG_ID_SHA256, "00000001 000b 00 " D_32 },
	{ "bitmap_of_5", TPM_ALG_ID_SHA256, "00000001 000b 05 8000000000 " D_32 },
	{ "bitmap_beyond_end", TPM_ALG_ID_SHA256, "0000 00000001 000b 04 800000" },
	{ "sized_of_other_hash", TPM_ALG_ID_SHA256, "0014 " D_20 ONE_BANK },
	{ "sized_of_longer_hash", TPM_ALG_ID_SHA256, "0030 " D_48 ONE_BANK },
	{ "sized_of_1", TPM_ALG_ID_SHA256, "0001 aa " ONE_BANK },
	{ "sized_and_more", TPM_ALG_ID_SHA256, "0000 " ONE_BANK "00" },
	{ "sized_and_digest", TPM_ALG_ID_SHA256, "0000 " ONE_BANK D_32 },
	{ "sized_after", TPM_ALG_ID_SHA256, ONE_BANK "0020 " D_32 },
	{ "hash_unknown", 0x0012, ONE_BANK D_32 },
	{ "hash_unknown_without_digest", 0x0012, ONE_BANK },
};

KUNIT_ARRAY_PARAM_DESC(bad_bodies, bad_bodies, name);

static void pcr_body_is_refused(struct kunit *test)
{
	const struct body *c = test->param_value;
	struct tpk_pcr_statement st;
	int err;

	err = tpk_pcr_statement_decode(hex_exact(test, c->body), c->hash, &st);
	KUNIT_EXPECT_EQ(test, err, -EBADMSG);
}

/* Whatever selection and digest, each encoding is read as itself. */
static void random_pcr_body_is_read_as_written(struct kunit *test)
{
	u8 selection[128], digest[32], body[256];
	struct tpk_pcr_statement st;
	struct tpm2_writer w;
	u32 seed = 7, nr, i, n;

	for (n = 0; n < 20000; n++) {
		bool sized = n % 2, empty = sized && n % 3;
		struct tpm2_bytes d = tpm2_bytes(digest, empty ? 0 : 32);

		w = tpm2_writer(selection, sizeof(selection));
		nr = 1 + test_random(&seed) % 16;
		tpm2_put_u32(&w, nr);
		for (i = 0; i < nr; i++) {
			u32 pcrs = test_random(&seed);
			u8 octets = 1 + test_random(&seed) % 4;

			tpm2_put_u16(&w, test_random(&seed) % 16);
			tpm2_put_u8(&w, octets);
			tpm2_put(&w, &pcrs, octets);
		}
		nr = w.len;
		test_random_octets(&seed, digest, sizeof(digest));
		w = tpm2_writer(body, sizeof(body));
		if (sized)
			tpm2_put_sized(&w, d);
		tpm2_put(&w, selection, nr);
		if (!sized)
			tpm2_put_bytes(&w, d);
		KUNIT_ASSERT_FALSE(test, w.full);
		KUNIT_ASSERT_EQ(test, tpk_pcr_statement_decode(tpm2_written(&w),
							       TPM_ALG_ID_SHA256, &st), 0);
		KUNIT_ASSERT_TRUE(test, tpm2_bytes_equal(st.selection, tpm2_bytes(selection, nr)));
		KUNIT_ASSERT_TRUE(test, tpm2_bytes_equal(st.digest, d));
	}
}

static struct kunit_case pcr_body_cases[] = {
	KUNIT_CASE_PARAM(pcr_body_decodes, bodies_gen_params),
	KUNIT_CASE_PARAM(truncated_pcr_body_is_refused, bodies_gen_params),
	KUNIT_CASE_PARAM(pcr_body_is_refused, bad_bodies_gen_params),
	KUNIT_CASE(random_pcr_body_is_read_as_written),
	{}
};

static struct kunit_suite pcr_body_suite = {
	.name = "tpk_pcr_body",
	.test_cases = pcr_body_cases,
};

kunit_test_suite(pcr_body_suite);

MODULE_DESCRIPTION("Bodies of PolicyPCR");
MODULE_LICENSE("GPL");
