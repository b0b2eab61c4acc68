// SPDX-License-Identifier: GPL-2.0-only
/* The policies that options ask for. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm2_spec.h>

#include "../plan.h"
#include "hex.h"

#define ZEROES_32 \
	"0000000000000000000000000000000000000000000000000000000000000000"
#define AUTH_VALUE	"300aa0040202016ba1020400"
#define LOCALITY	"300ba0040202016fa103040101"
#define PCR_NOW		"3016a0040202017fa10e040c000000000001000b03800000"
#define SPKI \
	"3059301306072a8648ce3d020106082a8648ce3d03010703420004" \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* PolicyPCR of sha256:7 = 0; its digest is SHA-256 of 32 zeroes. */
#define PCR_7_ZERO \
	"00000001 000b 03 800000 " \
	"66687aadf862bd776c8fc18b8e9f8e2008971485 6ee233b3902a591d0d5f2925"

/**
 * struct made - a text and what becomes of it
 * @text: the text, parsed in place
 * @o: its options
 * @plan: their policy
 * @what: why there is none
 */
struct made {
	char text[1024];
	struct tpk_options o;
	struct tpk_plan plan;
	const char *what;
};

static int make(struct kunit *test, const char *text, struct made **result)
{
	struct made *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct tpk_complaint c;

	KUNIT_ASSERT_NOT_NULL(test, m);
	*result = m;
	strscpy(m->text, text, sizeof(m->text));
	KUNIT_ASSERT_EQ(test, tpk_options_parse(m->text, strlen(text), &m->o, &c), 0);
	tpk_plan_pcrs(&m->plan, &m->o);
	return tpk_plan_make(&m->plan, &m->o, m->o.hash, &m->what);
}

static struct made *made(struct kunit *test, const char *text)
{
	struct made *m;
	int err = make(test, text, &m);

	KUNIT_ASSERT_EQ_MSG(test, err, 0, "%s: %s", text, m->what);
	return m;
}

static void expect_codes(struct kunit *test, const char *text, u32 a, u32 b, u32 c)
{
	const struct tpk_policy *p = &made(test, text)->plan.policy;
	const u32 want[] = { a, b, c };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(want); i++)
		KUNIT_EXPECT_EQ_MSG(test, i < p->nr ? p->statement[i].code : 0, want[i],
				    "%s", text);
}

static void options_become_statements(struct kunit *test)
{
	expect_codes(test, "new 32", 0, 0, 0);
	expect_codes(test, "new 32 blobauth=x", 0, 0, 0);
	expect_codes(test, "new 32 pcrs=7=" ZEROES_32, TPM_CC_PolicyPCR, 0, 0);
	expect_codes(test, "new 32 blobauth=x pcrs=7=" ZEROES_32, TPM_CC_PolicyPCR,
		     TPM_CC_PolicyAuthValue, 0);
	expect_codes(test, "new 32 pcrs=7=" ZEROES_32 "|8=" ZEROES_32, TPM_CC_PolicyOR,
		     0, 0);
	expect_codes(test, "new 32 signer=" SPKI, TPM_CC_PolicyAuthorize, 0, 0);
	expect_codes(test, "new 32 blobauth=x signer=" SPKI " pcrs=7=" ZEROES_32,
		     TPM_CC_PolicyAuthorize, TPM_CC_PolicyPCR, TPM_CC_PolicyAuthValue);
	expect_codes(test, "new 32 policy=300d" LOCALITY, TPM_CC_PolicyLocality, 0, 0);
	expect_codes(test, "new 32 blobauth=x policy=300d" LOCALITY, TPM_CC_PolicyLocality,
		     TPM_CC_PolicyAuthValue, 0);
	expect_codes(test, "new 32 blobauth=x policy=3019" AUTH_VALUE LOCALITY,
		     TPM_CC_PolicyAuthValue, TPM_CC_PolicyLocality, 0);
}

static void pcrs_become_a_policypcr(struct kunit *test)
{
	const struct tpk_plan *plan = &made(test, "new 32 pcrs=sha256:7=" ZEROES_32)->plan;

	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(plan->policy.statement[0].body,
						 hex_exact(test, PCR_7_ZERO)));
	KUNIT_EXPECT_EQ(test, tpk_tree_digest(&plan->tree).len, 32);
}

static void what_is_not_known_has_to_be_read(struct kunit *test)
{
	struct made *m;

	KUNIT_EXPECT_EQ(test, make(test, "new 32 pcrs=7=" ZEROES_32 "+11|sha1:4", &m),
			-ENODATA);
	KUNIT_ASSERT_EQ(test, m->plan.now.nr, 2);
	KUNIT_EXPECT_EQ(test, m->plan.now.bank[0].selected, 1U << 11);
	KUNIT_EXPECT_EQ(test, m->plan.now.bank[1].selected, 1U << 4);
	m->plan.now.bank[0].known = 1U << 11;
	m->plan.now.bank[1].known = 1U << 4;
	KUNIT_EXPECT_EQ(test, tpk_plan_make(&m->plan, &m->o, m->o.hash, &m->what), 0);
	m = made(test, "new 32 pcrs=7=" ZEROES_32);
	KUNIT_EXPECT_EQ(test, m->plan.now.nr, 0);
}

static void a_policy_that_leaves_pcrs_open_has_no_digest(struct kunit *test)
{
	struct made *m = made(test, "new 32 policy=3018" PCR_NOW);

	KUNIT_EXPECT_EQ(test, tpk_tree_digest(&m->plan.tree).len, 0);
}

static void malformed_text_is_einval(struct kunit *test)
{
	struct made *m;

	KUNIT_EXPECT_EQ(test, make(test, "new 32 policy=300d300ba0040202016ba103040100", &m),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, m->what, "policy: PolicyAuthValue with a body");
	KUNIT_EXPECT_EQ(test, make(test, "new 32 policy=300c300aa0040202018ca1020400", &m),
			-EOPNOTSUPP);
}

static void one_statement_too_many_is_einval(struct kunit *test)
{
	struct made *m;

	KUNIT_EXPECT_EQ(test, make(test, "new 32 blobauth=x policy=3081d0"
				   LOCALITY LOCALITY LOCALITY LOCALITY
				   LOCALITY LOCALITY LOCALITY LOCALITY
				   LOCALITY LOCALITY LOCALITY LOCALITY
				   LOCALITY LOCALITY LOCALITY LOCALITY, &m), -EINVAL);
	KUNIT_EXPECT_STREQ(test, m->what, "the policy is too long for a blob");
}

static struct kunit_case plan_cases[] = {
	KUNIT_CASE(options_become_statements),
	KUNIT_CASE(pcrs_become_a_policypcr),
	KUNIT_CASE(what_is_not_known_has_to_be_read),
	KUNIT_CASE(a_policy_that_leaves_pcrs_open_has_no_digest),
	KUNIT_CASE(malformed_text_is_einval),
	KUNIT_CASE(one_statement_too_many_is_einval),
	{}
};

static struct kunit_suite plan_suite = {
	.name = "tpk_plan",
	.test_cases = plan_cases,
};

kunit_test_suite(plan_suite);

MODULE_DESCRIPTION("Policies that options ask for");
MODULE_LICENSE("GPL");
