// SPDX-License-Identifier: GPL-2.0-only
/* KUnit cases for whole policies: their shape, their bounds, their digests. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>
#include <linux/types.h>

#include "../tree.h"
#include "policy_parts.h"

static void expect_built(struct kunit *test, struct parts *p)
{
	int err = build(p);

	KUNIT_EXPECT_EQ_MSG(test, err, 0, "%s", p->what);
}

static void expect_bad(struct kunit *test, struct parts *p, const char *piece)
{
	KUNIT_EXPECT_EQ(test, build(p), -EBADMSG);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(p->what, piece), "\"%s\" is not in \"%s\"",
			      piece, p->what);
}

/* @nr alternatives, each with one PolicyPCR. */
static void put_or(struct parts *p, unsigned int nr)
{
	struct open_or or = open_or(p);

	while (nr--)
		put_one(p, &or, TPM_CC_PolicyPCR, PCR_7);
	close_or(p, &or);
}

static void an_empty_policy_is_all_zeroes(struct kunit *test)
{
	struct parts *p = parts_new(test);
	static const u8 zero[32];

	expect_built(test, p);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpk_tree_digest(&p->tree),
						 tpm2_bytes(zero, 32)));
	KUNIT_EXPECT_EQ(test, p->tree.nr_alternatives, 0);
}

/* H(0 || CC || digests), worked out here from the parts. */
static void digest_of_an_or_is_over_its_alternatives(struct kunit *test)
{
	static const u8 zero[32], cc[] = { 0, 0, 1, 0x71 };
	struct parts *p = parts_new(test);
	struct tpm2_bytes parts[4];
	u8 a[32] = {}, b[32] = {}, want[32];
	struct open_or or;

	tpk_digest_extend(TPM_ALG_ID_SHA256, a, TPM_CC_PolicyAuthValue,
			  tpm2_bytes(NULL, 0), tpm2_bytes(NULL, 0));
	memcpy(b, a, 32);
	tpk_digest_extend(TPM_ALG_ID_SHA256, b, TPM_CC_PolicyLocality,
			  tpm2_bytes("\x01", 1), tpm2_bytes(NULL, 0));
	tpk_digest_extend(TPM_ALG_ID_SHA256, a, TPM_CC_PolicyAuthValue,
			  tpm2_bytes(NULL, 0), tpm2_bytes(NULL, 0));
	parts[0] = tpm2_bytes(zero, 32);
	parts[1] = tpm2_bytes(cc, 4);
	parts[2] = tpm2_bytes(a, 32);
	parts[3] = tpm2_bytes(b, 32);
	tpm2_digest(TPM_ALG_ID_SHA256, parts, 4, want);

	add(p, TPM_CC_PolicyAuthValue, "");
	or = open_or(p);
	put_one(p, &or, TPM_CC_PolicyAuthValue, "");
	put_one(p, &or, TPM_CC_PolicyLocality, "01");
	close_or(p, &or);
	expect_built(test, p);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpk_tree_digest(&p->tree),
						 tpm2_bytes(want, 32)));
}

static void an_or_has_2_to_8_alternatives(struct kunit *test)
{
	unsigned int nr;

	for (nr = 2; nr <= 8; nr++) {
		struct parts *p = parts_new(test);

		put_or(p, nr);
		expect_built(test, p);
		KUNIT_EXPECT_EQ(test, p->tree.nr_alternatives, nr);
		KUNIT_EXPECT_EQ(test, p->tree.nr_nodes, nr + 1);
		KUNIT_EXPECT_EQ(test, p->tree.nr_branches, nr + 1);
	}
}

static void other_numbers_of_alternatives_are_refused(struct kunit *test)
{
	struct parts *p = parts_new(test);

	put_or(p, 1);
	expect_bad(test, p, "fewer than 2");
	p = parts_new(test);
	put_or(p, 9);
	expect_bad(test, p, "more than 8 alternatives");
	p = parts_new(test);
	put_or(p, 0);
	expect_bad(test, p, "malformed PolicyOR");
}

/* Nested around what is there: another alternative, and the whole below it. */
static void nest(struct parts *p, unsigned int levels)
{
	struct open_or or[12];
	unsigned int i;

	for (i = 0; i < levels; i++) {
		or[i] = open_or(p);
		put_one(p, &or[i], TPM_CC_PolicyAuthValue, "");
		begin(p, &or[i]);
	}
	add(p, TPM_CC_PolicyPCR, PCR_7);
	while (i--) {
		end(p, &or[i]);
		close_or(p, &or[i]);
	}
}

static void ors_nest_8_deep(struct kunit *test)
{
	struct parts *p = parts_new(test);

	nest(p, 8);
	expect_built(test, p);
	KUNIT_EXPECT_EQ(test, p->tree.nr_alternatives, 9);
	p = parts_new(test);
	nest(p, 9);
	expect_bad(test, p, "8 levels deep");
}

static void alternatives_are_64_in_all(struct kunit *test)
{
	struct parts *p = parts_new(test);
	unsigned int i;

	for (i = 0; i < 8; i++)
		put_or(p, 8);
	expect_built(test, p);
	KUNIT_EXPECT_EQ(test, p->tree.nr_alternatives, 64);
	put_or(p, 2);
	expect_bad(test, p, "more than 64 alternatives");
}

/* The most branches that 64 alternatives can have: each PolicyOR has two. */
static void a_comb_of_64_alternatives_is_taken(struct kunit *test)
{
	struct parts *p = parts_new(test);
	unsigned int i;

	for (i = 0; i < 7; i++)
		nest(p, 8);
	expect_built(test, p);
	KUNIT_EXPECT_EQ(test, p->tree.nr_alternatives, 63);
	KUNIT_EXPECT_EQ(test, p->tree.nr_branches, 1 + 7 * 16);
}

static void put_statements(struct parts *p, unsigned int nr)
{
	while (nr--)
		add(p, TPM_CC_PolicyAuthValue, "");
}

static void a_list_has_1_to_16_statements(struct kunit *test)
{
	static const unsigned int numbers[] = { 1, 16, 17, 0 };
	static const char *const faults[] = { NULL, NULL, "16 statements", "without a statement" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct parts *p = parts_new(test);
		struct open_or or = open_or(p);

		put_one(p, &or, TPM_CC_PolicyPCR, PCR_7);
		begin(p, &or);
		put_statements(p, numbers[i]);
		end(p, &or);
		close_or(p, &or);
		if (faults[i])
			expect_bad(test, p, faults[i]);
		else
			expect_built(test, p);
	}
}

static void statements_are_256_in_all(struct kunit *test)
{
	struct parts *p = parts_new(test);
	unsigned int i, j;

	for (i = 0; i < 3; i++) {
		struct open_or or = open_or(p);

		for (j = 0; j < 8; j++) {
			begin(p, &or);
			put_statements(p, i < 2 || j < 1 ? 14 : 2);
			end(p, &or);
		}
		close_or(p, &or);
	}
	/* 3 PolicyOR, 17 times 14, 7 times 2: one below the bound. */
	expect_built(test, p);
	KUNIT_EXPECT_EQ(test, p->tree.nr_nodes, 255);
	put_statements(p, 1);
	expect_built(test, p);
	put_statements(p, 1);
	expect_bad(test, p, "256 statements");
}

static const struct {
	const char *body;
	const char *piece;
} malformed[] = {
	{ "", "malformed PolicyOR" },
	{ "00", "malformed PolicyOR" },
	{ "3000", "malformed PolicyOR" },
	{ "3001", "malformed PolicyOR" },
	{ "3000 00", "malformed PolicyOR" },
	{ "3080 0000", "malformed PolicyOR" },
	{ "3001 30", "malformed PolicyOR" },
	{ "3002 0400", "malformed PolicyOR" },
	{ "3002 3000", "without a statement" },
	{ "3003 300100", "malformed statement" },
	{ "300e 300c 300a a00402 02016b a1020400", "fewer than 2" },
	{ "300f 300c 300a a00402 02016b a1020400 00", "malformed PolicyOR" },
	{ "3010 300e 300a a00402 02016b a1020400 3000", "malformed statement" },
	{ "300d 300b 3009 a00402 02016b a10104", "malformed statement" },
	{ "300f 300d 300b a00402 02016b a1030401 00", "AuthValue with a body" },
	{ "300f 300d 300b a00402 02016f a1030401 00", "malformed PolicyLocality" },
	{ "300e 300c 300a a00402 02017f a1020400", "malformed PolicyPCR" },
	{ "3012 3010 300e a00402 020171 a1060404 30023000", "without a statement" },
};

static void malformed_alternatives_are_refused(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(malformed); i++) {
		struct parts *p = parts_new(test);

		add(p, TPM_CC_PolicyOR, malformed[i].body);
		KUNIT_EXPECT_EQ_MSG(test, build(p), -EBADMSG, "%zu", i);
		KUNIT_EXPECT_TRUE_MSG(test, strstr(p->what, malformed[i].piece),
				      "%zu: %s", i, p->what);
	}
}

static void a_digest_is_needed_in_an_alternative(struct kunit *test)
{
	struct parts *p = parts_new(test);
	struct open_or or = open_or(p);

	put_one(p, &or, TPM_CC_PolicyPCR, PCR_7);
	put_one(p, &or, TPM_CC_PolicyPCR, PCR_7_NOW);
	close_or(p, &or);
	expect_bad(test, p, "without a digest");
}

/* Once the values are known the digest is that of a PolicyPCR with digest. */
static void a_digest_is_known_with_the_values(struct kunit *test)
{
	struct tpk_pcrs *pcrs = kunit_kzalloc(test, sizeof(*pcrs), GFP_KERNEL);
	struct parts *now = parts_new(test), *sealed = parts_new(test);

	add(now, TPM_CC_PolicyPCR, PCR_7_NOW);
	put_or(now, 3);
	add(sealed, TPM_CC_PolicyPCR, PCR_7);
	put_or(sealed, 3);
	expect_built(test, now);
	expect_built(test, sealed);
	KUNIT_EXPECT_EQ(test, tpk_tree_digest(&now->tree).len, 0);
	KUNIT_EXPECT_EQ(test, tpk_tree_digest(&sealed->tree).len, 32);
	pcrs->nr = 1;
	pcrs->bank[0].alg = TPM_ALG_ID_SHA256;
	pcrs->bank[0].selected = 0x80;
	pcrs->bank[0].known = 0x80;
	KUNIT_EXPECT_EQ(test, tpk_tree_compute(&now->tree, pcrs), 0);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpk_tree_digest(&now->tree),
						 tpk_tree_digest(&sealed->tree)));
}

#define AUTHORIZE	TPM_CC_PolicyAuthorize
#define ASKED		ECC_KEY "0000 0010"
#define ANSWERED	ECC_KEY "0000 " ECDSA

static void authorize_stands_first(struct kunit *test)
{
	struct parts *p = parts_new(test);
	struct open_or or;

	add(p, AUTHORIZE, ASKED);
	add(p, TPM_CC_PolicyAuthValue, "");
	expect_built(test, p);
	p = parts_new(test);
	or = open_or(p);
	put_one(p, &or, AUTHORIZE, ASKED);
	put_one(p, &or, TPM_CC_PolicyAuthValue, "");
	close_or(p, &or);
	expect_built(test, p);
}

static void authorize_elsewhere_is_refused(struct kunit *test)
{
	struct parts *p = parts_new(test);
	struct open_or or;

	add(p, TPM_CC_PolicyAuthValue, "");
	add(p, AUTHORIZE, ASKED);
	expect_bad(test, p, "not the first statement");
	p = parts_new(test);
	add(p, AUTHORIZE, ASKED);
	add(p, AUTHORIZE, ASKED);
	expect_bad(test, p, "not the first statement");
	p = parts_new(test);
	add(p, AUTHORIZE, ANSWERED);
	expect_bad(test, p, "with a signature");
	p = parts_new(test);
	add(p, TPM_CC_PolicyAuthValue, "");
	or = open_or(p);
	put_one(p, &or, AUTHORIZE, ASKED);
	put_one(p, &or, TPM_CC_PolicyAuthValue, "");
	close_or(p, &or);
	expect_bad(test, p, "not the first statement");
}

static void expect_bad_signed(struct kunit *test, struct parts *p, size_t policy_end,
			      const char *piece)
{
	sign(p, policy_end);
	KUNIT_EXPECT_EQ(test, build_signed(p, policy_end), -EBADMSG);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(p->what, piece), "\"%s\" is not in \"%s\"",
			      piece, p->what);
}

static size_t asking(struct kunit *test, struct parts **p)
{
	*p = parts_new(test);
	add(*p, AUTHORIZE, ASKED);
	return (*p)->w.len;
}

static void signed_policies_end_with_a_signature(struct kunit *test)
{
	struct open_or or;
	struct parts *p;
	size_t policy_end = asking(test, &p);

	add(p, TPM_CC_PolicyPCR, PCR_7);
	add(p, AUTHORIZE, ANSWERED);
	sign(p, policy_end);
	KUNIT_EXPECT_EQ_MSG(test, build_signed(p, policy_end), 0, "%s", p->what);
	KUNIT_EXPECT_EQ(test, p->tree.nr_alternatives, 1);
	KUNIT_EXPECT_EQ(test, p->tree.signed_policies, 1);

	policy_end = asking(test, &p);
	add(p, TPM_CC_PolicyPCR, PCR_7);
	expect_bad_signed(test, p, policy_end, "does not end with");
	policy_end = asking(test, &p);
	add(p, AUTHORIZE, ASKED);
	expect_bad_signed(test, p, policy_end, "without a signature");
	policy_end = asking(test, &p);
	add(p, AUTHORIZE, ANSWERED);
	add(p, TPM_CC_PolicyPCR, PCR_7);
	expect_bad_signed(test, p, policy_end, "not the last statement");
	policy_end = asking(test, &p);
	or = open_or(p);
	put_one(p, &or, AUTHORIZE, ANSWERED);
	put_one(p, &or, TPM_CC_PolicyAuthValue, "");
	close_or(p, &or);
	expect_bad_signed(test, p, policy_end, "not the last statement");
}

static void signed_policies_count_as_alternatives(struct kunit *test)
{
	struct parts *p;
	size_t policy_end = asking(test, &p), start;
	unsigned int i;

	for (i = 0; i < 65; i++) {
		start = p->w.len;
		add(p, AUTHORIZE, ANSWERED);
		sign(p, start);
		KUNIT_EXPECT_EQ_MSG(test, build_signed(p, policy_end), i < 64 ? 0 : -EBADMSG,
				    "%u: %s", i, p->what);
	}
	KUNIT_EXPECT_STREQ(test, p->what, "policy: more than 64 alternatives");
}

static void an_unknown_hash_is_not_supported(struct kunit *test)
{
	static const struct tpk_policy nothing;
	struct parts *p = parts_new(test);

	KUNIT_EXPECT_EQ(test, tpk_tree_build(&p->tree, &nothing, NULL, 0x12, &p->what),
			-EOPNOTSUPP);
	KUNIT_EXPECT_STREQ(test, p->what, "policy: hash is not supported");
}

static void interop_is_what_the_draft_can_say(struct kunit *test)
{
	struct parts *p = parts_new(test);

	add(p, TPM_CC_PolicyPCR, PCR_7);
	add(p, TPM_CC_PolicyLocality, "01");
	expect_built(test, p);
	KUNIT_EXPECT_TRUE(test, tpk_tree_is_interop(&p->tree));
	put_or(p, 2);
	expect_built(test, p);
	KUNIT_EXPECT_FALSE(test, tpk_tree_is_interop(&p->tree));
	p = parts_new(test);
	add(p, TPM_CC_PolicyNV, "01800001 01800001 0022 " NAME_0 "0001 00 0000 0000");
	expect_built(test, p);
	KUNIT_EXPECT_FALSE(test, tpk_tree_is_interop(&p->tree));
	KUNIT_EXPECT_TRUE(test, tpk_tree_uses(&p->tree, TPM_CC_PolicyNV));
}

static struct kunit_case tree_cases[] = {
	KUNIT_CASE(an_empty_policy_is_all_zeroes),
	KUNIT_CASE(digest_of_an_or_is_over_its_alternatives),
	KUNIT_CASE(an_or_has_2_to_8_alternatives),
	KUNIT_CASE(other_numbers_of_alternatives_are_refused),
	KUNIT_CASE(ors_nest_8_deep),
	KUNIT_CASE(alternatives_are_64_in_all),
	KUNIT_CASE(a_comb_of_64_alternatives_is_taken),
	KUNIT_CASE(a_list_has_1_to_16_statements),
	KUNIT_CASE(statements_are_256_in_all),
	KUNIT_CASE(malformed_alternatives_are_refused),
	KUNIT_CASE(a_digest_is_needed_in_an_alternative),
	KUNIT_CASE(a_digest_is_known_with_the_values),
	KUNIT_CASE(authorize_stands_first),
	KUNIT_CASE(authorize_elsewhere_is_refused),
	KUNIT_CASE(signed_policies_end_with_a_signature),
	KUNIT_CASE(signed_policies_count_as_alternatives),
	KUNIT_CASE(an_unknown_hash_is_not_supported),
	KUNIT_CASE(interop_is_what_the_draft_can_say),
	{}
};

static struct kunit_suite tree_suite = {
	.name = "tpk_tree",
	.test_cases = tree_cases,
};

kunit_test_suite(tree_suite);

MODULE_DESCRIPTION("Policies with alternatives");
MODULE_LICENSE("GPL");
