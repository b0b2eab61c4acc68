// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for sets of PCRs that must be refused, as text and as octets.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "../pcrs.h"
#include "hex.h"

#define SHA1	"000102030405060708090a0b0c0d0e0f10111213"
#define SHA256	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* In a buffer of exactly its size, so that the sanitizers see a read beyond. */
static int parse(struct kunit *test, const char *text, size_t len,
		 const char **what)
{
	char *copy = kunit_kmalloc(test, len, GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, text, len);
	*what = "";
	err = tpk_pcrs_parse(tpm2_bytes(copy, len), test->priv, what);
	kunit_kfree(test, copy);
	return err;
}

#define MISSING	"a PCR number is missing"
#define RANGE	"PCR numbers are 0 to 23"
#define NUMBER	"a PCR is a decimal number, as in sha256:0-7,11"
#define UPWARDS	"a range goes upwards, as in 0-7"
#define NOTHING	"no PCR is named; write it as sha256:7,11"
#define TWICE	"a PCR is named twice"
#define DIGESTS	"after = goes one digest in hex for each PCR of the list"
#define NOT_HEX	"the value after = is not hex digits"
#define BANK	"a bank is one of sha1, sha256, sha384, sha512"
#define PLUS	"nothing stands on one side of a +"
#define BAR	"an alternative has no | in it"

static const struct {
	const char *text;
	const char *reason;
} wrong[] = {
	{ "", NOTHING },
	{ ":", BANK },
	{ "sha256:", NOTHING },
	{ "=", NOTHING },
	{ "=" SHA256, NOTHING },
	{ "sha256:=" SHA256, NOTHING },
	{ "+", PLUS },
	{ "+7", PLUS },
	{ "7+", PLUS },
	{ "7++8", PLUS },
	{ "sha1:7+sha256:", NOTHING },
	{ ",", MISSING },
	{ "7,", MISSING },
	{ ",7", MISSING },
	{ "7,,8", MISSING },
	{ "sha256:7,", MISSING },
	{ "7,+8", MISSING },
	{ "-", MISSING },
	{ "-7", MISSING },
	{ "7-", MISSING },
	{ "0-7,-", MISSING },
	{ "7--8", NUMBER },
	{ "0-3-7", NUMBER },
	{ "24", RANGE },
	{ "0-24", RANGE },
	{ "24-25", RANGE },
	{ "7,32", RANGE },
	{ "100", RANGE },
	{ "4294967296", RANGE },
	{ "4294967303", RANGE },
	{ "18446744073709551623", RANGE },
	{ "99999999999999999999999999999999999999999", RANGE },
	{ "7-0", UPWARDS },
	{ "23-22", UPWARDS },
	{ "0-7,11-9", UPWARDS },
	{ "7,7", TWICE },
	{ "0-7,7", TWICE },
	{ "0-7,3-9", TWICE },
	{ "7,0-23", TWICE },
	{ "7+7", TWICE },
	{ "7+sha256:7", TWICE },
	{ "sha1:1+sha256:1+sha1:0-1", TWICE },
	{ "sha256:7=" SHA256 "+sha256:7", TWICE },
	{ "x", NUMBER },
	{ "7x", NUMBER },
	{ "0x7", NUMBER },
	{ "+-7", PLUS },
	{ " 7", NUMBER },
	{ "7 ", NUMBER },
	{ "7, 8", NUMBER },
	{ "7;8", NUMBER },
	{ "7.8", NUMBER },
	{ "all", NUMBER },
	{ "7\n", NUMBER },
	{ "sha256:7:8", NUMBER },
	{ "sha256:sha1:8", NUMBER },
	{ "sha256", NUMBER },
	{ "7,sha1:8", BANK },
	{ "sha25:7", BANK },
	{ "sha2567:7", BANK },
	{ "SHA256:7", BANK },
	{ "sha-256:7", BANK },
	{ "sm3_256:7", BANK },
	{ "md5:7", BANK },
	{ "0x000b:7", BANK },
	{ " sha256:7", BANK },
	{ "sha256 :7", BANK },
	{ ":7", BANK },
	{ "7=", DIGESTS },
	{ "7=0", DIGESTS },
	{ "7=" SHA1, DIGESTS },
	{ "7=" SHA256 "0", DIGESTS },
	{ "7=0" SHA256 "0", DIGESTS },
	{ "7=" SHA256 SHA256, DIGESTS },
	{ "7,8=" SHA256, DIGESTS },
	{ "0-2=" SHA256 SHA256, DIGESTS },
	{ "sha1:7=" SHA256, DIGESTS },
	{ "sha384:7=" SHA256, DIGESTS },
	{ "sha512:7=" SHA256, DIGESTS },
	{ "7=" SHA256 "=" SHA256, DIGESTS },
	{ "sha1:7=000102030405060708090a0b0c0d0e0f1011121g", NOT_HEX },
	{ "sha1:7=g00102030405060708090a0b0c0d0e0f10111213", NOT_HEX },
	{ "sha1:7=0001020304050607 8090a0b0c0d0e0f10111213", NOT_HEX },
	{ "sha1:7=00:102030405060708090a0b0c0d0e0f10111213", NOT_HEX },
	{ "sha1:7=@00102030405060708090a0b0c0d0e0f10111213", NOT_HEX },
	{ "sha1:7=`00102030405060708090a0b0c0d0e0f10111213", NOT_HEX },
	{ "sha1:7=/00102030405060708090a0b0c0d0e0f10111213", NOT_HEX },
	{ "sha1:7=\20000102030405060708090a0b0c0d0e0f10111213", NOT_HEX },
	{ "7|8", BAR },
	{ "|", BAR },
	{ "sha256:7=" SHA256 "|sha256:7=" SHA256, BAR },
};

static void wrong_texts_are_refused(struct kunit *test)
{
	const char *what;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		const char *text = wrong[i].text;

		KUNIT_EXPECT_EQ_MSG(test, parse(test, text, strlen(text), &what),
				    -EINVAL, "%s", text);
		KUNIT_EXPECT_STREQ_MSG(test, what, wrong[i].reason, "%s", text);
	}
	kunit_info(test, "%zu wrong texts", i);
}

static const char *const valid[] = {
	"sha256:0-7,11+sha1:4=" SHA1 "+sha512:0-23",
	"7=" SHA256 "+8,9+sha1:0,2-4,23",
};

static void truncated_texts_do_no_harm(struct kunit *test)
{
	const char *what;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(valid); i++) {
		for (len = 0; len <= strlen(valid[i]); len++) {
			int err = parse(test, valid[i], len, &what);

			if (err)
				KUNIT_EXPECT_EQ(test, err, -EINVAL);
			KUNIT_EXPECT_EQ(test, !err, !*what);
		}
		KUNIT_EXPECT_STREQ(test, what, "");
	}
}

static void changed_texts_do_no_harm(struct kunit *test)
{
	const char *what;
	unsigned int octet;
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(valid); i++) {
		size_t len = strlen(valid[i]);
		char copy[128];

		KUNIT_ASSERT_LE(test, len, sizeof(copy));
		for (at = 0; at < len; at++) {
			for (octet = 0; octet < 256; octet++) {
				memcpy(copy, valid[i], len);
				copy[at] = octet;
				KUNIT_EXPECT_EQ(test, !parse(test, copy, len, &what),
						!*what);
			}
		}
	}
}

static const struct {
	const char *hex;
	int err;
} selections[] = {
	/* too short */
	{ "", -EBADMSG },
	{ "000000", -EBADMSG },
	{ "00000001", -EBADMSG },
	{ "00000001 00", -EBADMSG },
	{ "00000001 000b", -EBADMSG },
	{ "00000001 000b 03", -EBADMSG },
	{ "00000001 000b 03 8000", -EBADMSG },
	{ "00000001 000b 04 800000", -EBADMSG },
	{ "00000002 000b 03 800000", -EBADMSG },
	{ "00000002 000b 03 800000 0004 03 8000", -EBADMSG },
	/* counts and sizes */
	{ "00000000", -EBADMSG },
	{ "00000000 000b 03 800000", -EBADMSG },
	{ "00000011 000b 03 800000", -EBADMSG },
	{ "00000100 000b 03 800000", -EBADMSG },
	{ "80000001 000b 03 800000", -EBADMSG },
	{ "ffffffff 000b 03 800000", -EBADMSG },
	{ "00000001 000b 00", -EBADMSG },
	{ "00000001 000b 05 8000000000", -EBADMSG },
	{ "00000001 000b ff 800000", -EBADMSG },
	/* no PCR, a bank twice */
	{ "00000001 000b 03 000000", -EBADMSG },
	{ "00000001 000b 01 00", -EBADMSG },
	{ "00000002 000b 03 800000 0004 03 000000", -EBADMSG },
	{ "00000002 000b 03 800000 000b 03 000001", -EBADMSG },
	{ "00000002 000b 03 800000 000b 03 800000", -EBADMSG },
	{ "00000003 000b 01 80 0004 01 80 000b 01 01", -EBADMSG },
	/* not known here */
	{ "00000001 000b 04 00000001", -EOPNOTSUPP },
	{ "00000001 000b 04 80000080", -EOPNOTSUPP },
	{ "00000001 0012 03 800000", -EOPNOTSUPP },
	{ "00000001 0027 03 800000", -EOPNOTSUPP },
	{ "00000001 0010 03 800000", -EOPNOTSUPP },
	{ "00000001 0000 03 800000", -EOPNOTSUPP },
	{ "00000002 0012 03 800000 000b 03 800000", -EOPNOTSUPP },
	{ "00000002 000b 03 800000 0012 03 800000", -EOPNOTSUPP },
	/* malformed comes before not known */
	{ "00000002 0012 03 800000 000b 03 0000", -EBADMSG },
	{ "00000002 0012 03 800000 000b 03 000000", -EBADMSG },
	{ "00000001 0012 03 000000", -EBADMSG },
};

static void wrong_selections_are_refused(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(selections); i++) {
		size_t room = strlen(selections[i].hex) / 2;
		u8 *octets = kunit_kmalloc(test, room, GFP_KERNEL);
		struct tpm2_bytes b;
		struct tpm2_reader r;

		KUNIT_ASSERT_NOT_NULL(test, octets);
		b = hex_octets(selections[i].hex, octets);
		r = tpm2_reader(b.data, b.len);
		KUNIT_EXPECT_EQ_MSG(test, tpk_pcrs_get_selection(&r, test->priv),
				    selections[i].err, "%s", selections[i].hex);
		kunit_kfree(test, octets);
	}
	kunit_info(test, "%zu wrong selections", i);
}

static void more_than_sixteen_banks_are_refused(struct kunit *test)
{
	struct tpm2_reader r;
	struct tpm2_writer w;
	u8 octets[4 + 17 * 4];
	unsigned int nr, i;

	for (nr = 15; nr <= 17; nr++) {
		w = tpm2_writer(octets, sizeof(octets));
		tpm2_put_u32(&w, nr);
		for (i = 0; i < nr; i++)
			tpm2_put_u32(&w, 0x00120180);
		r = tpm2_reader(w.buf, w.len);
		KUNIT_EXPECT_EQ(test, tpk_pcrs_get_selection(&r, test->priv),
				nr <= 16 ? -EOPNOTSUPP : -EBADMSG);
	}
}

static int wrong_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct tpk_pcrs), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static struct kunit_case wrong_cases[] = {
	KUNIT_CASE(wrong_texts_are_refused),
	KUNIT_CASE(truncated_texts_do_no_harm),
	KUNIT_CASE(changed_texts_do_no_harm),
	KUNIT_CASE(wrong_selections_are_refused),
	KUNIT_CASE(more_than_sixteen_banks_are_refused),
	{}
};

static struct kunit_suite wrong_suite = {
	.name = "tpk_pcrs_wrong",
	.init = wrong_init,
	.test_cases = wrong_cases,
};

kunit_test_suite(wrong_suite);
