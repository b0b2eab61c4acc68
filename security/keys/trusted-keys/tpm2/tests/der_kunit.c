// SPDX-License-Identifier: GPL-2.0-only
/* DER: lengths, integers and text at their limits. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../der.h"
#include "hex.h"

static const struct length {
	const char *name;
	size_t len;
	const char *head;
} lengths[] = {
	{ "0", 0, "0400" },
	{ "1", 1, "0401" },
	{ "127", 127, "047f" },
	{ "128", 128, "048180" },
	{ "255", 255, "0481ff" },
	{ "256", 256, "04820100" },
	{ "65535", 65535, "0482ffff" },
};

KUNIT_ARRAY_PARAM_DESC(lengths, lengths, name);

static void length_is_shortest(struct kunit *test)
{
	const struct length *c = test->param_value;
	u8 *data = kunit_kzalloc(test, c->len, GFP_KERNEL);
	u8 *out = kunit_kzalloc(test, 65540, GFP_KERNEL);
	struct tpm2_writer w = tpm2_writer(out, 65540);
	struct tpm2_bytes got, head;
	struct tpm2_reader r;
	u8 want[4];

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_ASSERT_NOT_NULL(test, out);
	head = hex_octets(c->head, want);
	tpk_der_put(&w, DER_OCTETS, tpm2_bytes(data, c->len));
	KUNIT_EXPECT_FALSE(test, w.full);
	KUNIT_EXPECT_EQ(test, w.len, tpk_der_size(c->len));
	KUNIT_EXPECT_EQ(test, w.len, head.len + c->len);
	KUNIT_EXPECT_MEMEQ(test, out, want, head.len);

	r = tpm2_reader(out, w.len);
	KUNIT_EXPECT_EQ(test, tpk_der_peek(&r), DER_OCTETS);
	got = tpk_der_get(&r, DER_OCTETS);
	KUNIT_EXPECT_TRUE(test, tpm2_done(&r));
	KUNIT_EXPECT_EQ(test, got.len, c->len);
	KUNIT_EXPECT_EQ(test, tpk_der_peek(&r), 0);
}

static void length_of_65536_is_not_written(struct kunit *test)
{
	u8 out[16];
	struct tpm2_writer w = tpm2_writer(out, sizeof(out));

	tpk_der_open(&w, DER_OCTETS, 65536);
	KUNIT_EXPECT_TRUE(test, w.full);
}

static const struct element {
	const char *name;
	const char *octets;
	bool good;
} elements[] = {
	{ "short", "0402aabb", true },
	{ "other_identifier", "0502aabb", false },
	{ "nothing", "", false },
	{ "no_length", "04", false },
	{ "beyond_end", "0403aabb", false },
	{ "indefinite", "0480aabb0000", false },
	{ "81_not_shortest", "048102aabb", false },
	{ "81_cut", "0481", false },
	{ "82_not_shortest", "04820002aabb", false },
	{ "82_cut", "048200", false },
	{ "83", "0483000002aabb", false },
	{ "84", "048400000002aabb", false },
	{ "ff", "04ffaabb", false },
};

KUNIT_ARRAY_PARAM_DESC(elements, elements, name);

static void element_is_read_strictly(struct kunit *test)
{
	const struct element *c = test->param_value;
	u8 *in = kunit_kzalloc(test, 16, GFP_KERNEL);
	struct tpm2_bytes octets, got;
	struct tpm2_reader r;

	KUNIT_ASSERT_NOT_NULL(test, in);
	octets = hex_octets(c->octets, in);
	r = tpm2_reader(octets.data, octets.len);
	got = tpk_der_get(&r, DER_OCTETS);
	KUNIT_EXPECT_EQ(test, tpm2_done(&r), c->good);
	KUNIT_EXPECT_EQ(test, r.bad, !c->good);
	KUNIT_EXPECT_EQ(test, got.len, c->good ? 2 : 0);
}

/* The longest that has a shorter form. */
static void longer_form_of_length_is_refused(struct kunit *test)
{
	u8 *in = kunit_kzalloc(test, 4 + 255, GFP_KERNEL);
	struct tpm2_reader r;

	KUNIT_ASSERT_NOT_NULL(test, in);
	in[0] = DER_OCTETS;
	in[1] = 0x81;
	in[2] = 127;
	r = tpm2_reader(in, 3 + 127);
	tpk_der_get(&r, DER_OCTETS);
	KUNIT_EXPECT_TRUE(test, r.bad);
	in[1] = 0x82;
	in[2] = 0;
	in[3] = 255;
	r = tpm2_reader(in, 4 + 255);
	tpk_der_get(&r, DER_OCTETS);
	KUNIT_EXPECT_TRUE(test, r.bad);
}

static void error_sticks(struct kunit *test)
{
	static const u8 in[] = { 0x05, 0x00, 0x04, 0x00, 0xa0, 0x02, 0x04, 0x00 };
	struct tpm2_reader r = tpm2_reader(in, sizeof(in));
	struct tpm2_reader inside;

	tpk_der_get(&r, DER_OCTETS);
	KUNIT_EXPECT_TRUE(test, r.bad);
	KUNIT_EXPECT_EQ(test, tpk_der_peek(&r), 0);
	KUNIT_EXPECT_EQ(test, tpk_der_get(&r, DER_OCTETS).len, 0);
	inside = tpk_der_enter(&r, DER_TAG(0));
	KUNIT_EXPECT_TRUE(test, inside.bad);
	KUNIT_EXPECT_FALSE(test, tpm2_done(&inside));
}

static void explicit_holds_one_element(struct kunit *test)
{
	static const u8 one[] = { 0xa3, 0x03, 0x04, 0x01, 0xaa };
	static const u8 two[] = { 0xa3, 0x05, 0x04, 0x01, 0xaa, 0x04, 0x00 };
	u8 out[sizeof(one)];
	struct tpm2_writer w = tpm2_writer(out, sizeof(out));
	struct tpm2_reader r = tpm2_reader(one, sizeof(one));
	struct tpm2_bytes got;

	got = tpk_der_get_explicit(&r, DER_TAG(3), DER_OCTETS);
	KUNIT_EXPECT_TRUE(test, tpm2_done(&r));
	KUNIT_EXPECT_PTR_EQ(test, got.data, one + 4);
	KUNIT_EXPECT_EQ(test, got.len, 1);
	tpk_der_put_explicit(&w, DER_TAG(3), DER_OCTETS, got);
	KUNIT_EXPECT_EQ(test, w.len, tpk_der_explicit_size(1));
	KUNIT_EXPECT_MEMEQ(test, out, one, sizeof(one));

	r = tpm2_reader(two, sizeof(two));
	got = tpk_der_get_explicit(&r, DER_TAG(3), DER_OCTETS);
	KUNIT_EXPECT_TRUE(test, r.bad);
	KUNIT_EXPECT_EQ(test, got.len, 0);
}

static const struct integer {
	const char *name;
	u32 value;
	const char *octets;
} integers[] = {
	{ "0", 0, "020100" },
	{ "1", 1, "020101" },
	{ "7f", 0x7f, "02017f" },
	{ "80", 0x80, "02020080" },
	{ "7fff", 0x7fff, "02027fff" },
	{ "8000", 0x8000, "0203008000" },
	{ "7fffff", 0x7fffff, "02037fffff" },
	{ "800000", 0x800000, "020400800000" },
	{ "7fffffff", 0x7fffffff, "02047fffffff" },
	{ "80000000", 0x80000000, "02050080000000" },
	{ "81000001", 0x81000001, "02050081000001" },
	{ "ffffffff", 0xffffffff, "020500ffffffff" },
};

KUNIT_ARRAY_PARAM_DESC(integers, integers, name);

static void integer_is_shortest(struct kunit *test)
{
	const struct integer *c = test->param_value;
	u8 buf[8], out[8];
	struct tpm2_bytes want = hex_octets(c->octets, buf);
	struct tpm2_writer w = tpm2_writer(out, sizeof(out));
	struct tpm2_reader r = tpm2_reader(want.data, want.len);
	u32 value = ~c->value;

	tpk_der_put_u32(&w, c->value);
	KUNIT_EXPECT_EQ(test, w.len, want.len);
	KUNIT_EXPECT_EQ(test, w.len, 2 + tpk_der_u32_len(c->value));
	KUNIT_EXPECT_MEMEQ(test, out, want.data, want.len);
	KUNIT_EXPECT_TRUE(test, tpk_der_u32(tpk_der_get(&r, DER_INTEGER), &value));
	KUNIT_EXPECT_EQ(test, value, c->value);
}

static const struct {
	const char *name;
	const char *octets;
} no_integers[] = {
	{ "empty", "" },
	{ "negative", "80" },
	{ "minus_one", "ff" },
	{ "negative_4", "81000001" },
	{ "zero_twice", "0000" },
	{ "zero_before_7f", "007f" },
	{ "ff_before_ff", "ffff" },
	{ "33_bits", "0100000000" },
	{ "40_bits", "7fffffffff" },
	{ "41_bits", "00ffffffffff" },
	{ "72_bits", "010000000000000000" },
};

KUNIT_ARRAY_PARAM_DESC(no_integers, no_integers, name);

static void integer_is_refused(struct kunit *test)
{
	const typeof(no_integers[0]) *c = test->param_value;
	u8 buf[16];
	u32 value;

	KUNIT_EXPECT_FALSE(test, tpk_der_u32(hex_octets(c->octets, buf), &value));
}

static const struct text {
	const char *name;
	const char *octets;
	bool good;
} texts[] = {
	{ "empty", "", true },
	{ "nul", "00", true },
	{ "ascii", "48 69 7f", true },
	{ "two_first", "c280", true },
	{ "two_last", "dfbf", true },
	{ "three_first", "e0a080", true },
	{ "three_last", "efbfbf", true },
	{ "before_surrogates", "ed9fbf", true },
	{ "after_surrogates", "ee8080", true },
	{ "four_first", "f0908080", true },
	{ "four_last", "f48fbfbf", true },
	{ "mixed", "61 c3a4 e282ac f09f9491 7a", true },
	{ "tail_alone", "80", false },
	{ "tail_alone_bf", "bf", false },
	{ "tails_alone", "bf80", false },
	{ "overlong_c0", "c080", false },
	{ "overlong_c1", "c1bf", false },
	{ "overlong_three", "e09fbf", false },
	{ "overlong_four", "f08fbfbf", false },
	{ "surrogate_first", "eda080", false },
	{ "surrogate_last", "edbfbf", false },
	{ "above_10ffff", "f4908080", false },
	{ "f5", "f5808080", false },
	{ "five_octets", "f888808080", false },
	{ "fe", "fe", false },
	{ "ff", "ff", false },
	{ "two_cut", "c3", false },
	{ "three_cut", "e282", false },
	{ "four_cut", "f09f94", false },
	{ "tail_missing", "c361", false },
	{ "lead_in_tail", "e2c2ac", false },
};

KUNIT_ARRAY_PARAM_DESC(texts, texts, name);

static void text_is_utf8(struct kunit *test)
{
	const struct text *c = test->param_value;
	u8 buf[32];

	KUNIT_EXPECT_EQ(test, tpk_der_is_utf8(hex_octets(c->octets, buf)), c->good);
}

static struct kunit_case der_cases[] = {
	KUNIT_CASE_PARAM(length_is_shortest, lengths_gen_params),
	KUNIT_CASE(length_of_65536_is_not_written),
	KUNIT_CASE_PARAM(element_is_read_strictly, elements_gen_params),
	KUNIT_CASE(longer_form_of_length_is_refused),
	KUNIT_CASE(error_sticks),
	KUNIT_CASE(explicit_holds_one_element),
	KUNIT_CASE_PARAM(integer_is_shortest, integers_gen_params),
	KUNIT_CASE_PARAM(integer_is_refused, no_integers_gen_params),
	KUNIT_CASE_PARAM(text_is_utf8, texts_gen_params),
	{}
};

static struct kunit_suite der_suite = {
	.name = "tpk_der",
	.test_cases = der_cases,
};

kunit_test_suite(der_suite);

MODULE_DESCRIPTION("Reading and writing DER");
MODULE_LICENSE("GPL");
