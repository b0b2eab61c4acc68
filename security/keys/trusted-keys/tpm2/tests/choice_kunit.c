// SPDX-License-Identifier: GPL-2.0-only
/* KUnit cases for the choice of alternatives, and for what is then to be run. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../choice.h"
#include "../program.h"
#include "policy_parts.h"

#define PCR		TPM_CC_PolicyPCR
#define AUTHVALUE	TPM_CC_PolicyAuthValue
#define AUTHORIZE	TPM_CC_PolicyAuthorize
#define LOCALITY	TPM_CC_PolicyLocality
#define TIMER		TPM_CC_PolicyCounterTimer
#define ASKED		ECC_KEY "0000 0010"
#define ANSWERED	ECC_KEY "0000 " ECDSA
#define TIME_PASSED	"00 0008 0007"
#define SIGNED_BODY	ECC_KEY "0000 00000000"

/* PCR 0 to 23 of the SHA-256 bank, all zeroes. */
static struct tpk_pcrs *reset_pcrs(struct kunit *test)
{
	struct tpk_pcrs *pcrs = kunit_kzalloc(test, sizeof(*pcrs), GFP_KERNEL);

	pcrs->nr = 1;
	pcrs->bank[0].alg = TPM_ALG_ID_SHA256;
	pcrs->bank[0].selected = 0xffffff;
	pcrs->bank[0].known = 0xffffff;
	return pcrs;
}

struct statement {
	u32 code;
	const char *body;
};

/* Two alternatives of two statements at most, and what is known. */
static const struct {
	const char *name;
	struct statement a[2];
	struct statement b[2];
	bool auth_value;
	bool signer;
	int err;
	unsigned int chosen;
	const char *what;
} choices[] = {
	{ "first_of_two_that_fit", { { PCR, PCR_7 } }, { { PCR, PCR_7 } }, .chosen = 1 },
	{ "pcrs_fit_a", { { PCR, PCR_7 } }, { { PCR, PCR_7_OTHER } }, .chosen = 1 },
	{ "pcrs_fit_b", { { PCR, PCR_7_OTHER } }, { { PCR, PCR_7 } }, .chosen = 2 },
	{ "no_pcrs_fit", { { PCR, PCR_7_OTHER } }, { { PCR, PCR_8_OTHER } },
	  .err = -EKEYREJECTED, .chosen = 1, .what = "the PCRs" },
	{ "the_closest_is_chosen", { { PCR, PCR_7_OTHER }, { PCR, PCR_8_OTHER } },
	  { { PCR, PCR_7 }, { PCR, PCR_8_OTHER } },
	  .err = -EKEYREJECTED, .chosen = 2, .what = "the PCRs" },
	{ "auth_missing", { { PCR, PCR_7_OTHER } }, { { AUTHVALUE, "" } },
	  .err = -EKEYREJECTED, .chosen = 1, .what = "the PCRs" },
	{ "auth_needed", { { PCR, PCR_7 }, { AUTHVALUE, "" } },
	  { { PCR, PCR_7_OTHER }, { AUTHVALUE, "" } },
	  .err = -EACCES, .chosen = 1, .what = "blobauth=" },
	{ "auth_there", { { PCR, PCR_7_OTHER } }, { { AUTHVALUE, "" } },
	  .auth_value = true, .chosen = 2 },
	{ "locality_0", { { LOCALITY, "02" } }, { { LOCALITY, "03" } }, .chosen = 2 },
	{ "locality_extended", { { LOCALITY, "21" } }, { { LOCALITY, "20" } },
	  .err = -EKEYREJECTED, .chosen = 1, .what = "locality" },
	{ "certain_before_possible", { { TIMER, TIME_PASSED } }, { { PCR, PCR_7 } }, .chosen = 2 },
	{ "possible_before_failing", { { PCR, PCR_7_OTHER } },
	  { { TIMER, TIME_PASSED } }, .chosen = 2 },
	{ "nobody_signs", { { TPM_CC_PolicySigned, SIGNED_BODY } },
	  { { TPM_CC_PolicySigned, SIGNED_BODY } },
	  .err = -ENOKEY, .chosen = 1, .what = "nobody is there to sign" },
	{ "somebody_signs", { { PCR, PCR_7_OTHER } }, { { TPM_CC_PolicySigned, SIGNED_BODY } },
	  .signer = true, .chosen = 2 },
};

KUNIT_ARRAY_PARAM_DESC(choices, choices, name);

static void put_alternative(struct parts *p, struct open_or *or, const struct statement *st)
{
	unsigned int i;

	begin(p, or);
	for (i = 0; i < 2 && st[i].code; i++)
		add(p, st[i].code, st[i].body);
	end(p, or);
}

static void the_alternative_that_fits_is_chosen(struct kunit *test)
{
	const typeof(choices[0]) *c = test->param_value;
	struct tpk_facts facts = {
		.pcrs = reset_pcrs(test), .auth_value = c->auth_value, .signer = c->signer,
	};
	struct parts *p = parts_new(test);
	struct open_or or = open_or(p);
	struct tpk_obstacle obstacle;

	put_alternative(p, &or, c->a);
	put_alternative(p, &or, c->b);
	close_or(p, &or);
	KUNIT_ASSERT_EQ_MSG(test, build(p), 0, "%s", p->what);
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), c->err);
	KUNIT_EXPECT_EQ(test, obstacle.err, c->err);
	KUNIT_EXPECT_EQ(test, p->tree.node[0].chosen, c->chosen);
	if (c->err)
		KUNIT_EXPECT_TRUE_MSG(test, strstr(obstacle.what, c->what), "%s", obstacle.what);
}

/* What must hold in any case is for the TPM to judge. */
static void without_alternatives_nothing_is_judged(struct kunit *test)
{
	struct tpk_facts facts = { .pcrs = reset_pcrs(test) };
	struct tpk_pcrs *needed = reset_pcrs(test);
	struct parts *p = parts_new(test);
	struct tpk_obstacle obstacle;

	add(p, PCR, PCR_7_OTHER);
	add(p, PCR, PCR_7_NOW);
	add(p, AUTHVALUE, "");
	KUNIT_ASSERT_EQ(test, build(p), 0);
	tpk_choice_pcrs(&p->tree, needed);
	KUNIT_EXPECT_EQ(test, needed->nr, 0);
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	KUNIT_EXPECT_TRUE(test, tpk_program_needs_auth(&p->tree));
}

static void pcrs_of_alternatives_are_needed(struct kunit *test)
{
	struct tpk_pcrs *needed = reset_pcrs(test);
	struct parts *p = parts_new(test);
	struct open_or or;

	add(p, PCR, "00000001 000b 03 010000 " ZERO_32);
	add(p, PCR, "0000 00000001 000b 03 020000");
	or = open_or(p);
	put_one(p, &or, PCR, PCR_7);
	put_one(p, &or, PCR, "00000003 0004 03 000001 0012 03 ffffff 000b 04 000200ff "
		    ZERO_32);
	close_or(p, &or);
	KUNIT_ASSERT_EQ_MSG(test, build(p), 0, "%s", p->what);
	tpk_choice_pcrs(&p->tree, needed);
	KUNIT_ASSERT_EQ(test, needed->nr, 2);
	KUNIT_EXPECT_EQ(test, needed->bank[0].alg, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_EQ(test, needed->bank[0].selected, 0x000282);
	KUNIT_EXPECT_EQ(test, needed->bank[0].known, 0);
	KUNIT_EXPECT_EQ(test, needed->bank[1].alg, TPM_ALG_ID_SHA1);
	KUNIT_EXPECT_EQ(test, needed->bank[1].selected, 0x010000);
}

/* What cannot be judged here may fit, after what does. */
static void unknown_banks_may_fit(struct kunit *test)
{
	struct tpk_facts facts = { .pcrs = reset_pcrs(test) };
	struct parts *p = parts_new(test);
	struct open_or or = open_or(p);
	struct tpk_obstacle obstacle;

	put_one(p, &or, PCR, PCR_7_OTHER);
	put_one(p, &or, PCR, "00000001 0012 03 800000 " ZERO_32);
	close_or(p, &or);
	KUNIT_ASSERT_EQ(test, build(p), 0);
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	KUNIT_EXPECT_EQ(test, p->tree.node[0].chosen, 2);
}

static void rejected_alternatives_make_way(struct kunit *test)
{
	struct tpk_facts facts = { .pcrs = reset_pcrs(test) };
	struct parts *p = parts_new(test);
	struct open_or or = open_or(p);
	struct tpk_obstacle obstacle;

	put_one(p, &or, TIMER, TIME_PASSED);
	put_one(p, &or, TIMER, TIME_PASSED);
	close_or(p, &or);
	KUNIT_ASSERT_EQ(test, build(p), 0);
	KUNIT_EXPECT_FALSE(test, tpk_choice_reject(&p->tree, 0));
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	KUNIT_EXPECT_EQ(test, p->tree.node[0].chosen, 1);
	KUNIT_EXPECT_TRUE(test, tpk_choice_reject(&p->tree, 1));
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	KUNIT_EXPECT_EQ(test, p->tree.node[0].chosen, 2);
	KUNIT_EXPECT_TRUE(test, tpk_choice_reject(&p->tree, 2));
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), -EKEYREJECTED);
	KUNIT_EXPECT_TRUE(test, strstr(obstacle.what, "refused each alternative"));
	KUNIT_EXPECT_NULL(test, obstacle.node);
}

/* PolicyOR( PCR 7 other | AuthValue, PolicyOR( PCR 7 other | PCR 7 ), locality ) */
static void put_nested(struct parts *p)
{
	struct open_or outer = open_or(p), inner;

	put_one(p, &outer, PCR, PCR_7_OTHER);
	begin(p, &outer);
	add(p, AUTHVALUE, "");
	inner = open_or(p);
	put_one(p, &inner, PCR, PCR_7_OTHER);
	put_one(p, &inner, PCR, PCR_7);
	close_or(p, &inner);
	add(p, LOCALITY, "01");
	end(p, &outer);
	close_or(p, &outer);
}

static void steps_come_in_their_order(struct kunit *test)
{
	static const u32 codes[] = {
		TIMER, AUTHVALUE, PCR, TPM_CC_PolicyOR, LOCALITY, TPM_CC_PolicyOR, AUTHVALUE,
	};
	static const unsigned int branches[] = { 0, 2, 4, 4, 2, 2, 0 };
	static const size_t params[] = { 2 + 1 + 4, 0, 2 + 32 + 10, 4 + 2 * 34, 1, 4 + 2 * 34, 0 };
	struct tpk_program *program = kunit_kzalloc(test, sizeof(*program), GFP_KERNEL);
	struct tpk_facts facts = { .pcrs = reset_pcrs(test), .auth_value = true };
	struct parts *p = parts_new(test);
	struct tpk_policy_step step;
	struct tpk_obstacle obstacle;
	size_t i;

	add(p, TIMER, TIME_PASSED);
	put_nested(p);
	add(p, AUTHVALUE, "");
	KUNIT_ASSERT_EQ_MSG(test, build(p), 0, "%s", p->what);
	KUNIT_ASSERT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	tpk_program_start(program, &p->tree);
	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		KUNIT_ASSERT_EQ(test, tpk_program_next(program, &step), 1);
		KUNIT_EXPECT_EQ(test, step.code, codes[i]);
		KUNIT_EXPECT_EQ(test, step.branch, branches[i]);
		KUNIT_EXPECT_EQ(test, step.params.len, params[i]);
	}
	KUNIT_EXPECT_EQ(test, tpk_program_next(program, &step), 0);
	KUNIT_EXPECT_EQ(test, tpk_program_next(program, &step), 0);
}

static void nothing_is_run_before_the_choice(struct kunit *test)
{
	struct tpk_program *program = kunit_kzalloc(test, sizeof(*program), GFP_KERNEL);
	struct parts *p = parts_new(test);
	struct tpk_policy_step step;

	put_nested(p);
	KUNIT_ASSERT_EQ(test, build(p), 0);
	tpk_program_start(program, &p->tree);
	KUNIT_EXPECT_EQ(test, tpk_program_next(program, &step), -ENODATA);
	p = parts_new(test);
	add(p, AUTHORIZE, ASKED);
	KUNIT_ASSERT_EQ(test, build(p), 0);
	tpk_program_start(program, &p->tree);
	KUNIT_EXPECT_EQ(test, tpk_program_next(program, &step), -ENODATA);
}

static void put_signed(struct parts *p, const char *pcr, const char *authorize)
{
	size_t start = p->w.len;

	add(p, PCR, pcr);
	add(p, AUTHORIZE, authorize);
	sign(p, start);
}

/* Of five, the fourth is by the key, over its policyRef, and for these PCRs. */
static void the_signed_policy_that_fits_is_chosen(struct kunit *test)
{
	struct tpk_program *program = kunit_kzalloc(test, sizeof(*program), GFP_KERNEL);
	struct tpk_facts facts = { .pcrs = reset_pcrs(test) };
	struct parts *p = parts_new(test);
	struct tpk_policy_step step;
	struct tpk_obstacle obstacle;
	size_t policy_end;

	add(p, AUTHORIZE, ECC_KEY "0003 726566 0010");
	policy_end = p->w.len;
	put_signed(p, PCR_7, RSA_KEY "0003 726566 " RSASSA);
	put_signed(p, PCR_7, ECC_KEY "0000 " ECDSA);
	put_signed(p, PCR_7_OTHER, ECC_KEY "0003 726566 " ECDSA);
	put_signed(p, PCR_7, ECC_KEY "0003 726566 " ECDSA);
	put_signed(p, PCR_7, ECC_KEY "0003 726566 " ECDSA);
	KUNIT_ASSERT_EQ_MSG(test, build_signed(p, policy_end), 0, "%s", p->what);
	KUNIT_ASSERT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	KUNIT_EXPECT_EQ(test, p->tree.node[0].chosen, 4);
	tpk_program_start(program, &p->tree);
	KUNIT_ASSERT_EQ(test, tpk_program_next(program, &step), 1);
	KUNIT_EXPECT_EQ(test, step.code, PCR);
	KUNIT_ASSERT_EQ(test, tpk_program_next(program, &step), 1);
	KUNIT_EXPECT_EQ(test, step.code, AUTHORIZE);
	KUNIT_EXPECT_EQ(test, step.branch, 4);
	KUNIT_EXPECT_EQ(test, step.name.len, 34);
	KUNIT_EXPECT_EQ(test, step.message.len, 32);
	KUNIT_EXPECT_EQ(test, step.params.len, 34 + 5 + 36);
	KUNIT_EXPECT_EQ(test, tpk_program_next(program, &step), 0);
}

static void no_signed_policy_is_enokey(struct kunit *test)
{
	struct tpk_facts facts = { .pcrs = reset_pcrs(test) };
	struct parts *p = parts_new(test);
	struct tpk_obstacle obstacle;
	size_t policy_end;

	add(p, AUTHORIZE, ASKED);
	policy_end = p->w.len;
	KUNIT_ASSERT_EQ(test, build(p), 0);
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), -ENOKEY);
	KUNIT_EXPECT_STREQ(test, obstacle.what, "policy: no signed policy by this key fits");
	put_signed(p, PCR_7_OTHER, ANSWERED);
	KUNIT_ASSERT_EQ(test, build_signed(p, policy_end), 0);
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), -ENOKEY);
	KUNIT_EXPECT_STREQ(test, obstacle.what, "policy: no signed policy fits the PCRs");
	KUNIT_EXPECT_EQ(test, obstacle.node->code, PCR);
}

/* authpolicy= is newer than the blob, and so is tried before it. */
static void given_comes_before_recorded(struct kunit *test)
{
	struct tpk_facts facts = { .pcrs = reset_pcrs(test) };
	struct tpk_signed_policies s = {};
	struct tpk_policy policy = { .nr = 1 };
	struct parts *p = parts_new(test);
	struct tpk_obstacle obstacle;
	u8 body[128];
	size_t end;

	put_signed(p, PCR_7, ECC_KEY "0000 0018 000b 0001 aa 0001 aa");
	end = p->w.len;
	put_signed(p, PCR_7, ECC_KEY "0000 0018 000b 0001 bb 0001 bb");
	s.recorded = tpm2_bytes(p->buf, end);
	s.given = tpm2_bytes(p->buf + end, p->w.len - end);
	policy.statement[0].code = AUTHORIZE;
	policy.statement[0].body = hex_octets(ASKED, body);
	KUNIT_ASSERT_EQ(test, tpk_tree_build(&p->tree, &policy, &s, TPM_ALG_ID_SHA256,
					     &p->what), 0);
	KUNIT_ASSERT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	KUNIT_EXPECT_EQ(test, p->tree.node[0].chosen, 1);
	KUNIT_EXPECT_TRUE(test, p->tree.node[1].body.data > p->buf + end);
}

/* For those who tell a person why, also outside alternatives. */
static void a_statement_alone_is_judged(struct kunit *test)
{
	static const struct {
		struct statement st;
		u32 cost;
	} list[] = {
		{ { PCR, PCR_7 }, 0 },
		{ { PCR, PCR_7_OTHER }, TPK_COST_FAILS },
		{ { AUTHVALUE, "" }, TPK_COST_FAILS },
		{ { LOCALITY, "03" }, 0 },
		{ { LOCALITY, "02" }, TPK_COST_FAILS },
		{ { TIMER, TIME_PASSED }, 1 },
		{ { TPM_CC_PolicySigned, SIGNED_BODY }, TPK_COST_FAILS },
	};
	struct tpk_facts facts = { .pcrs = reset_pcrs(test) };
	struct parts *p = parts_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(list); i++)
		add(p, list[i].st.code, list[i].st.body);
	KUNIT_ASSERT_EQ_MSG(test, build(p), 0, "%s", p->what);
	for (i = 0; i < ARRAY_SIZE(list); i++)
		KUNIT_EXPECT_EQ_MSG(test, tpk_choice_cost(&p->tree, &p->tree.node[i], &facts),
				    list[i].cost, "statement %u", i);
	facts.auth_value = true;
	facts.signer = true;
	KUNIT_EXPECT_EQ(test, tpk_choice_cost(&p->tree, &p->tree.node[2], &facts), 0);
	KUNIT_EXPECT_EQ(test, tpk_choice_cost(&p->tree, &p->tree.node[6], &facts), 1);
}

static struct kunit_case choice_cases[] = {
	KUNIT_CASE(a_statement_alone_is_judged),
	KUNIT_CASE_PARAM(the_alternative_that_fits_is_chosen, choices_gen_params),
	KUNIT_CASE(without_alternatives_nothing_is_judged),
	KUNIT_CASE(pcrs_of_alternatives_are_needed),
	KUNIT_CASE(unknown_banks_may_fit),
	KUNIT_CASE(rejected_alternatives_make_way),
	KUNIT_CASE(steps_come_in_their_order),
	KUNIT_CASE(nothing_is_run_before_the_choice),
	KUNIT_CASE(the_signed_policy_that_fits_is_chosen),
	KUNIT_CASE(no_signed_policy_is_enokey),
	KUNIT_CASE(given_comes_before_recorded),
	{}
};

static struct kunit_suite choice_suite = {
	.name = "tpk_choice",
	.test_cases = choice_cases,
};

kunit_test_suite(choice_suite);

MODULE_DESCRIPTION("Choice of alternatives");
MODULE_LICENSE("GPL");
