// SPDX-License-Identifier: GPL-2.0-only
/* KUnit cases for pcrs= with alternatives, and the policies made of options. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../alternatives.h"
#include "../compose.h"
#include "policy_parts.h"

#define HEX_A	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define HEX_B	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

struct room {
	struct tpk_alternatives alts;
	struct tpk_pcrs pcrs;
	struct tpk_pcrs now;
	struct tpk_pcrs room;
	struct tpk_policy policy;
	struct tpm2_writer w;
	u8 bodies[16384];
	struct tpk_tree tree;
};

static int room_init(struct kunit *test)
{
	struct room *r = kunit_kzalloc(test, sizeof(*r), GFP_KERNEL);

	r->w = tpm2_writer(r->bodies, sizeof(r->bodies));
	test->priv = r;
	return 0;
}

static int parse(struct kunit *test, const char *text, const char **what)
{
	struct room *r = test->priv;

	return tpk_alternatives_parse(tpm2_bytes(text, strlen(text)), &r->alts, &r->room, what);
}

static void right(struct kunit *test, const char *text, unsigned int nr)
{
	struct room *r = test->priv;
	const char *what = "";

	KUNIT_ASSERT_EQ_MSG(test, parse(test, text, &what), 0, "%s", what);
	KUNIT_ASSERT_EQ(test, r->alts.nr, nr);
}

/* "7|7|7..." */
static void right_many(struct kunit *test, unsigned int nr)
{
	static char text[2 * 65];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		text[2 * i] = '7';
		text[2 * i + 1] = '|';
	}
	text[2 * nr - 1] = '\0';
	right(test, text, nr);
}

static void alternatives_are_counted(struct kunit *test)
{
	struct room *r = test->priv;

	right(test, "7", 1);
	KUNIT_EXPECT_EQ(test, r->room.bank[0].selected, 0x80);
	right(test, "7|8", 2);
	right(test, "sha256:7=" HEX_A "+sha1:1|0-3,5|11", 3);
	right_many(test, 64);
}

static void wrong_alternatives_are_refused(struct kunit *test)
{
	static const char *const wrong[] = {
		"", "|", "7|", "|7", "7||8", "7|x", "7|8|9,9", "7=00|8",
	};
	static char many[2 * 65];
	const char *what;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		what = "";
		KUNIT_EXPECT_EQ_MSG(test, parse(test, wrong[i], &what), -EINVAL, "%s", wrong[i]);
		KUNIT_EXPECT_NE(test, *what, '\0');
	}
	for (i = 0; i < 65; i++) {
		many[2 * i] = '7';
		many[2 * i + 1] = i == 64 ? '\0' : '|';
	}
	KUNIT_EXPECT_EQ(test, parse(test, many, &what), -EINVAL);
	KUNIT_EXPECT_STREQ(test, what, "at most 64 alternatives are possible");
}

static void what_has_no_value_must_be_read(struct kunit *test)
{
	struct room *r = test->priv;

	right(test, "7=" HEX_A "+11|7+sha1:1|sha256:0-1=" HEX_A HEX_B, 3);
	tpk_alternatives_pcrs(&r->alts, &r->pcrs, &r->room);
	KUNIT_ASSERT_EQ(test, r->pcrs.nr, 2);
	KUNIT_EXPECT_EQ(test, r->pcrs.bank[0].selected, 0x880);
	KUNIT_EXPECT_EQ(test, r->pcrs.bank[0].known, 0);
	KUNIT_EXPECT_EQ(test, r->pcrs.bank[1].alg, TPM_ALG_ID_SHA1);
	KUNIT_EXPECT_EQ(test, r->pcrs.bank[1].selected, 0x2);
	KUNIT_EXPECT_EQ(test, r->alts.nr, 3);
	right(test, "7=" HEX_A "|7=" HEX_B, 2);
	tpk_alternatives_pcrs(&r->alts, &r->pcrs, &r->room);
	KUNIT_EXPECT_EQ(test, r->pcrs.nr, 0);
}

static void the_closest_has_the_fewest_that_differ(struct kunit *test)
{
	struct room *r = test->priv;

	right(test, "7=" HEX_A "+11=" HEX_B, 1);
	r->now = r->room;
	right(test, "7=" HEX_B "+11=" HEX_A "|7=" HEX_A "+11=" HEX_A "|11=" HEX_A, 3);
	KUNIT_EXPECT_EQ(test, tpk_alternatives_closest(&r->alts, &r->now, &r->pcrs, &r->room), 1);
	KUNIT_EXPECT_EQ(test, r->pcrs.bank[0].selected, 0x880);
	KUNIT_EXPECT_EQ(test, r->pcrs.bank[0].value[7][0], 0xaa);
	right(test, "7=" HEX_B "|11=" HEX_B, 2);
	KUNIT_EXPECT_EQ(test, tpk_alternatives_closest(&r->alts, &r->now, &r->pcrs, &r->room), 0);
	KUNIT_EXPECT_EQ(test, r->pcrs.bank[0].selected, 0x800);
}

static int compose_with(struct kunit *test, u16 hash, struct tpm2_writer *w)
{
	struct room *r = test->priv;

	return tpk_compose_pcrs(&r->policy, &r->alts, &r->now, hash, &r->room, w);
}

static int compose(struct kunit *test)
{
	struct room *r = test->priv;

	r->policy.nr = 0;
	r->w.len = 0;
	return compose_with(test, TPM_ALG_ID_SHA256, &r->w);
}

static int rebuild(struct kunit *test, const char **what)
{
	struct room *r = test->priv;

	return tpk_tree_build(&r->tree, &r->policy, NULL, TPM_ALG_ID_SHA256, what);
}

/* Every number of them: a tree that can be read, as flat as it can be. */
static void any_number_becomes_a_policy(struct kunit *test)
{
	struct room *r = test->priv;
	const char *what = "";
	unsigned int nr;

	right(test, "0-23", 1);
	r->now = r->room;
	r->now.bank[0].known = 0xffffff;
	for (nr = 1; nr <= 64; nr++) {
		unsigned int groups = nr > 8 ? (nr + 7) / 8 : 0;

		right_many(test, nr);
		KUNIT_ASSERT_EQ(test, compose(test), 0);
		KUNIT_ASSERT_EQ(test, r->policy.nr, 1);
		KUNIT_ASSERT_EQ_MSG(test, rebuild(test, &what), 0, "%u: %s", nr, what);
		KUNIT_EXPECT_EQ(test, r->tree.nr_alternatives, nr == 1 ? 0 : nr);
		KUNIT_EXPECT_EQ(test, r->tree.nr_nodes, nr + groups + (nr > 1));
	}
}

static void values_must_be_known(struct kunit *test)
{
	struct room *r = test->priv;

	right(test, "7|8=" HEX_A, 2);
	KUNIT_EXPECT_EQ(test, compose(test), -ENODATA);
	right(test, "7=" HEX_B "|8=" HEX_A, 2);
	KUNIT_EXPECT_EQ(test, compose(test), 0);
	KUNIT_EXPECT_EQ(test, compose_with(test, 0x12, &r->w), -EOPNOTSUPP);
}

static void memory_is_not_overrun(struct kunit *test)
{
	struct room *r = test->priv;
	size_t size, whole;

	right(test, "7=" HEX_B "|8=" HEX_A, 2);
	KUNIT_ASSERT_EQ(test, compose(test), 0);
	whole = r->w.len;
	for (size = 0; size <= whole; size++) {
		u8 *exact = kunit_kmalloc(test, size, GFP_KERNEL);
		struct tpm2_writer w = tpm2_writer(exact, size);

		r->policy.nr = 0;
		KUNIT_EXPECT_EQ(test, compose_with(test, TPM_ALG_ID_SHA256, &w),
				size < whole ? -EMSGSIZE : 0);
		kunit_kfree(test, exact);
	}
	r->policy.nr = TPK_MAX_STATEMENTS;
	KUNIT_EXPECT_EQ(test, tpk_compose_auth(&r->policy), -EMSGSIZE);
}

/* signer=, pcrs= and blobauth= together. */
static void statements_come_in_their_order(struct kunit *test)
{
	struct room *r = test->priv;
	struct tpm2_bytes key = hex_exact(test, ECC_AREA);
	struct tpm2_bytes body = hex_exact(test, ECC_KEY "0000 0010");
	const char *what = "";

	right(test, "7=" HEX_B, 1);
	KUNIT_EXPECT_EQ(test, tpk_compose_signer(&r->policy, key, &r->w), 0);
	KUNIT_EXPECT_EQ(test, compose_with(test, TPM_ALG_ID_SHA256, &r->w), 0);
	KUNIT_EXPECT_EQ(test, tpk_compose_auth(&r->policy), 0);
	KUNIT_ASSERT_EQ(test, r->policy.nr, 3);
	KUNIT_EXPECT_EQ(test, r->policy.statement[0].code, TPM_CC_PolicyAuthorize);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(r->policy.statement[0].body, body));
	KUNIT_EXPECT_EQ(test, r->policy.statement[1].code, TPM_CC_PolicyPCR);
	KUNIT_EXPECT_EQ(test, r->policy.statement[2].code, TPM_CC_PolicyAuthValue);
	KUNIT_EXPECT_EQ(test, rebuild(test, &what), 0);
}

static struct kunit_case alternatives_cases[] = {
	KUNIT_CASE(alternatives_are_counted),
	KUNIT_CASE(wrong_alternatives_are_refused),
	KUNIT_CASE(what_has_no_value_must_be_read),
	KUNIT_CASE(the_closest_has_the_fewest_that_differ),
	KUNIT_CASE(any_number_becomes_a_policy),
	KUNIT_CASE(values_must_be_known),
	KUNIT_CASE(memory_is_not_overrun),
	KUNIT_CASE(statements_come_in_their_order),
	{}
};

static struct kunit_suite alternatives_suite = {
	.name = "tpk_alternatives",
	.init = room_init,
	.test_cases = alternatives_cases,
};

kunit_test_suite(alternatives_suite);

MODULE_DESCRIPTION("Alternatives of pcrs=");
MODULE_LICENSE("GPL");
