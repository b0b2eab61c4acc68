// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies chosen, made into commands, and run by a TPM: its session must come
 * to the digest that we computed, which is what it compares when it unseals.
 */
#include <stdio.h>

#include "compose.h"
#include "policy_fixture.h"
#include "verdict.h"

#define BODIES	16384

/**
 * struct run - what the cases need
 * @pcrs: present values
 * @alts: alternatives of the present pcrs=
 * @room: for the reading of alternatives
 * @bodies: where statements go
 * @policy: the policy that is made
 * @w: writer for @bodies
 * @text: a pcrs= that is made
 */
struct run {
	struct tpk_pcrs pcrs;
	struct tpk_alternatives alts;
	struct tpk_pcrs room;
	u8 bodies[BODIES];
	struct tpk_policy policy;
	struct tpm2_writer w;
	char text[65536];
};

static int run_init(struct kunit *test)
{
	struct run *run = kunit_kzalloc(test, sizeof(*run), GFP_KERNEL);

	run->w = tpm2_writer(run->bodies, BODIES);
	test->priv = run;
	host_tpm_reset();
	return 0;
}

static void extend_pcr(struct kunit *test, u32 pcr)
{
	struct command c = {
		.code = TPM_CC_PCR_Extend, .nr_handles = 1, .nr_auths = 1,
		.handle = { pcr },
	};
	u8 digest[32] = { pcr };
	struct tpm2_writer w = tpm2_writer(c.params, MAX_PARAMS);

	tpm2_put_u32(&w, 1);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	tpm2_put(&w, digest, sizeof(digest));
	c.len = w.len;
	must(test, &c);
}

/* Values of PCR 0 to 7 of the SHA-256 bank. */
static void read_pcrs(struct kunit *test)
{
	static const u8 selection[] = { 0, 0, 0, 1, 0, 0x0b, 3, 0xff, 0, 0 };
	struct command c = { .code = TPM_CC_PCR_Read };
	struct run *run = test->priv;
	unsigned int pcr;

	set_params(&c, tpm2_bytes(selection, sizeof(selection)));
	must(test, &c);
	tpm2_get(&reply, 4 + sizeof(selection) + 4);
	memset(&run->pcrs, 0, sizeof(run->pcrs));
	tpk_pcrs_add_selection(&run->pcrs, tpm2_bytes(selection, sizeof(selection)));
	for (pcr = 0; pcr < 8; pcr++) {
		struct tpm2_bytes value = tpm2_get_sized(&reply);

		KUNIT_ASSERT_EQ(test, value.len, 32);
		memcpy(run->pcrs.bank[0].value[pcr], value.data, 32);
	}
	run->pcrs.bank[0].known = 0xff;
}

static void parse_alternatives(struct kunit *test, const char *text)
{
	struct run *run = test->priv;
	const char *what = "";

	KUNIT_ASSERT_EQ_MSG(test, tpk_alternatives_parse(tpm2_bytes(text, strlen(text)),
							 &run->alts, &run->room, &what),
			    0, "%s", what);
}

/* @nr alternatives; the one numbered @right is what the PCRs are now. */
static void add_alternatives(struct kunit *test, unsigned int nr, unsigned int right)
{
	struct run *run = test->priv;
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		len += sprintf(run->text + len, "%s7", i ? "|" : "");
		if (i != right)
			len += sprintf(run->text + len, "=%064x", i + 1);
		len += sprintf(run->text + len, "%s", i & 1 ? "+sha256:0-3" : "");
	}
	parse_alternatives(test, run->text);
	KUNIT_ASSERT_EQ(test, run->alts.nr, nr);
	KUNIT_ASSERT_EQ(test, tpk_compose_pcrs(&run->policy, &run->alts, &run->pcrs,
					       TPM_ALG_ID_SHA256, &run->room, &run->w), 0);
}

static struct tpk_facts facts_of(struct run *run)
{
	return (struct tpk_facts){ .pcrs = &run->pcrs };
}

static void expect_digest(struct kunit *test, const struct tpk_tree *tree, u32 session)
{
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(session_digest(test, session),
						 tpk_tree_digest(tree)));
}

/* Chooses, runs, and compares what the TPM's session has come to. */
static void expect_runs(struct kunit *test, struct tpk_tree *tree)
{
	struct run *run = test->priv;
	struct tpk_facts facts = facts_of(run);
	struct tpk_obstacle obstacle;
	unsigned int failed = 0;
	u32 session, rc;

	KUNIT_ASSERT_EQ_MSG(test, tpk_choice_make(tree, &facts, &obstacle), 0,
			    "%s", obstacle.what);
	session = session_start(test, TPM_SE_POLICY, tree->hash);
	rc = run_program(test, tree, session, &failed);
	KUNIT_EXPECT_EQ_MSG(test, rc, 0, "TPM code 0x%x, branch %u", rc, failed);
	expect_digest(test, tree, session);
	flush(test, session);
}

static struct tpk_tree *present_tree(struct kunit *test)
{
	struct run *run = test->priv;

	return tree_of(test, &run->policy, tpm2_bytes(NULL, 0), TPM_ALG_ID_SHA256);
}

static unsigned int count_steps(const struct tpk_tree *tree, u32 code)
{
	const struct tpk_node *n;
	struct tpk_path path;
	unsigned int nr = 0;

	tpk_path_start(&path, tree);
	while ((n = tpk_path_next(&path)))
		nr += n->code == code;
	return nr;
}

static const struct {
	const char *name;
	unsigned int nr;
	unsigned int levels;
} sizes[] = {
	{ "1", 1, 0 }, { "2", 2, 1 }, { "8", 8, 1 }, { "9", 9, 2 },
	{ "15", 15, 2 }, { "16", 16, 2 }, { "63", 63, 2 }, { "64", 64, 2 },
};

KUNIT_ARRAY_PARAM_DESC(sizes, sizes, name);

/* One PolicyPCR and a PolicyOR for each level, whichever alternative it is. */
static void alternatives_open(struct kunit *test)
{
	const typeof(sizes[0]) *size = test->param_value;
	struct run *run = test->priv;
	unsigned int right;

	extend_pcr(test, 7);
	extend_pcr(test, 2);
	read_pcrs(test);
	for (right = 0; right < size->nr; right += 1 + size->nr / 5) {
		struct tpk_tree *tree;

		memset(&run->policy, 0, sizeof(run->policy));
		run->w.len = 0;
		add_alternatives(test, size->nr, right);
		tree = present_tree(test);
		KUNIT_EXPECT_EQ(test, tree->nr_alternatives, size->nr == 1 ? 0 : size->nr);
		expect_runs(test, tree);
		KUNIT_EXPECT_EQ(test, count_steps(tree, TPM_CC_PolicyPCR), 1);
		KUNIT_EXPECT_EQ(test, count_steps(tree, TPM_CC_PolicyOR), size->levels);
	}
}

static void no_alternative_fits_after_an_extend(struct kunit *test)
{
	struct run *run = test->priv;
	struct tpk_facts facts = facts_of(run);
	struct tpk_obstacle obstacle;
	struct tpk_tree *tree;
	unsigned int failed = 0;
	u32 session, rc;

	read_pcrs(test);
	add_alternatives(test, 9, 5);
	tree = present_tree(test);
	extend_pcr(test, 7);
	read_pcrs(test);
	KUNIT_EXPECT_EQ(test, tpk_choice_make(tree, &facts, &obstacle), -EKEYREJECTED);
	KUNIT_EXPECT_STREQ(test, obstacle.what, "policy: no alternative fits the PCRs");
	KUNIT_EXPECT_EQ(test, obstacle.node->code, TPM_CC_PolicyPCR);
	/* The TPM says the same of the closest. */
	session = session_start(test, TPM_SE_POLICY, tree->hash);
	rc = run_program(test, tree, session, &failed);
	KUNIT_EXPECT_EQ(test, rc, 0x1c4);
	KUNIT_EXPECT_NE(test, failed, 0);
}

static void add_assertion(struct kunit *test, const struct tpk_assertion *a)
{
	struct run *run = test->priv;
	size_t start = run->w.len;

	tpk_assertion_put(&run->w, a);
	KUNIT_ASSERT_FALSE(test, run->w.full);
	run->policy.statement[run->policy.nr++] = (struct tpk_statement){
		.code = a->code,
		.body = tpm2_bytes(run->bodies + start, run->w.len - start),
	};
}

/* clock >= 0; counter == 1; the owner's empty authorization; locality 0. */
static void what_holds_opens(struct kunit *test)
{
	static const u8 zero[8], one[8] = { 0, 0, 0, 0, 0, 0, 0, 1 };
	static const u8 owner[4] = { 0x40, 0, 0, 1 };
	const struct tpk_assertion timer = {
		.code = TPM_CC_PolicyCounterTimer,
		.compare = { .operand = tpm2_bytes(zero, 8), .offset = 8, .operation = 7 },
	};
	const struct tpk_assertion secret = {
		.code = TPM_CC_PolicySecret,
		.secret = { .name = tpm2_bytes(owner, 4) },
	};
	const struct tpk_assertion locality = {
		.code = TPM_CC_PolicyLocality, .locality = 1,
	};
	struct tpk_assertion counter = {
		.code = TPM_CC_PolicyNV,
		.compare = { .auth = COUNTER, .index = COUNTER,
			     .operand = tpm2_bytes(one, 8) },
	};
	u8 name[TPM2_MAX_NAME];
	size_t len;

	counter_make(test, name, &len);
	counter.compare.name = tpm2_bytes(name, len);
	add_assertion(test, &timer);
	add_assertion(test, &secret);
	add_assertion(test, &locality);
	add_assertion(test, &counter);
	read_pcrs(test);
	add_alternatives(test, 3, 1);
	expect_runs(test, present_tree(test));
}

/* A TPMAuthPolicy over pcrs= as they are, or as @text says, signed by @key. */
static struct tpm2_bytes sign_policy(struct kunit *test, EVP_PKEY *key,
				     const char *text, struct tpm2_writer *out)
{
	struct run *run = test->priv;
	struct tpk_assertion a = { .code = TPM_CC_PolicyAuthorize };
	u8 signature[512], digest[TPM2_MAX_DIGEST] = {};
	struct tpm2_writer s = tpm2_writer(signature, sizeof(signature));
	struct tpk_policy kept = run->policy;
	struct tpk_tree *tree;

	memset(&run->policy, 0, sizeof(run->policy));
	parse_alternatives(test, text);
	KUNIT_ASSERT_EQ(test, tpk_compose_pcrs(&run->policy, &run->alts, &run->pcrs,
					       TPM_ALG_ID_SHA256, &run->room, &run->w), 0);
	tree = present_tree(test);
	memcpy(digest, tpk_tree_digest(tree).data, 32);
	key_sign(test, key, tpm2_bytes(digest, 32), tpm2_bytes("ref", 3), &s);
	a.authorize.key = key_public(test, key);
	a.authorize.policy_ref = tpm2_bytes("ref", 3);
	a.authorize.signature = tpm2_written(&s);
	add_assertion(test, &a);
	tpk_auth_policy_put(out, tpm2_bytes("a name", 6), &run->policy);
	run->policy = kept;
	return tpm2_written(out);
}

static void ask_for_signed(struct kunit *test, EVP_PKEY *key)
{
	struct tpk_assertion a = { .code = TPM_CC_PolicyAuthorize };

	a.authorize.key = key_public(test, key);
	a.authorize.policy_ref = tpm2_bytes("ref", 3);
	add_assertion(test, &a);
}

#define WRONG	"7=0000000000000000000000000000000000000000000000000000000000000077"

static const struct {
	const char *name;
	bool rsa;
} kinds[] = { { "rsa", true }, { "ecc", false } };

KUNIT_ARRAY_PARAM_DESC(kinds, kinds, name);

/* Three signed policies, of which the third is for the present PCRs. */
static void signed_policy_opens(struct kunit *test)
{
	const typeof(kinds[0]) *kind = test->param_value;
	struct run *run = test->priv;
	EVP_PKEY *key = key_make(kind->rsa);
	u8 *der = kunit_kzalloc(test, 8192, GFP_KERNEL);
	struct tpm2_writer w = tpm2_writer(der, 8192);
	struct tpm2_bytes auths;
	struct tpk_tree *tree;

	read_pcrs(test);
	sign_policy(test, key, WRONG, &w);
	sign_policy(test, key, WRONG "|" WRONG "+0", &w);
	auths = sign_policy(test, key, "7|" WRONG, &w);
	ask_for_signed(test, key);
	add_alternatives(test, 2, 1);
	tree = tree_of(test, &run->policy, auths, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_EQ(test, tree->nr_alternatives, 1 + 2 + 2 + 2);
	expect_runs(test, tree);
	KUNIT_EXPECT_EQ(test, count_steps(tree, TPM_CC_PolicyAuthorize), 1);
	KUNIT_EXPECT_EQ(test, count_steps(tree, TPM_CC_PolicyOR), 2);
	EVP_PKEY_free(key);
}

/* With hash=sha384 the key's Name stays one by SHA-256, and so does what it signs. */
static void signed_policy_opens_under_another_hash(struct kunit *test)
{
	struct run *run = test->priv;
	EVP_PKEY *key = key_make(false);
	struct tpk_assertion a = { .code = TPM_CC_PolicyAuthorize };
	u8 signature[128], der[1024];
	struct tpm2_writer s = tpm2_writer(signature, sizeof(signature));
	struct tpm2_writer w = tpm2_writer(der, sizeof(der));
	struct tpk_policy approved = {};

	read_pcrs(test);
	parse_alternatives(test, "0-7");
	tpk_compose_pcrs(&approved, &run->alts, &run->pcrs, TPM_ALG_ID_SHA384,
			 &run->room, &run->w);
	key_sign(test, key, tpk_tree_digest(tree_of(test, &approved, tpm2_bytes(NULL, 0),
						    TPM_ALG_ID_SHA384)),
		 tpm2_bytes(NULL, 0), &s);
	a.authorize.key = key_public(test, key);
	add_assertion(test, &a);
	a.authorize.signature = tpm2_written(&s);
	add_assertion(test, &a);
	approved.statement[approved.nr++] = run->policy.statement[--run->policy.nr];
	tpk_auth_policy_put(&w, tpm2_bytes(NULL, 0), &approved);
	expect_runs(test, tree_of(test, &run->policy, tpm2_written(&w), TPM_ALG_ID_SHA384));
	EVP_PKEY_free(key);
}

/* GRUB signs without the digest: which one it is only the signature can tell. */
static struct tpm2_bytes sign_without_digest(struct kunit *test, EVP_PKEY *key,
					     struct tpm2_bytes signature,
					     struct tpm2_writer *out)
{
	static const u8 body[] = { 0, 0, 0, 0, 0, 1, 0, 0x0b, 3, 0x80, 0, 0 };
	struct run *run = test->priv;
	struct tpk_policy kept = run->policy;
	struct tpk_assertion a = { .code = TPM_CC_PolicyAuthorize };

	run->policy = (struct tpk_policy){
		.nr = 1,
		.statement[0] = { TPM_CC_PolicyPCR, tpm2_bytes(body, sizeof(body)) },
	};
	a.authorize.key = key_public(test, key);
	a.authorize.policy_ref = tpm2_bytes("ref", 3);
	a.authorize.signature = signature;
	add_assertion(test, &a);
	tpk_auth_policy_put(out, tpm2_bytes(NULL, 0), &run->policy);
	run->policy = kept;
	return tpm2_written(out);
}

static void rejected_signature_leads_to_the_next(struct kunit *test)
{
	struct run *run = test->priv;
	struct tpk_facts facts = facts_of(run);
	EVP_PKEY *key = key_make(false);
	u8 der[2048], wrong[128], right[128], now[TPM2_MAX_DIGEST] = {};
	struct tpm2_writer w = tpm2_writer(der, sizeof(der));
	struct tpm2_writer bad = tpm2_writer(wrong, sizeof(wrong));
	struct tpm2_writer good = tpm2_writer(right, sizeof(right));
	struct tpk_policy plain = {};
	struct tpk_obstacle obstacle;
	struct tpm2_bytes auths;
	struct tpk_tree *tree;
	unsigned int failed = 0;
	u32 session;

	read_pcrs(test);
	parse_alternatives(test, "7");
	tpk_compose_pcrs(&plain, &run->alts, &run->pcrs, TPM_ALG_ID_SHA256,
			 &run->room, &run->w);
	memcpy(now, tpk_tree_digest(tree_of(test, &plain, tpm2_bytes(NULL, 0),
					    TPM_ALG_ID_SHA256)).data, 32);
	key_sign(test, key, tpm2_bytes(now, 32), tpm2_bytes("other", 5), &bad);
	key_sign(test, key, tpm2_bytes(now, 32), tpm2_bytes("ref", 3), &good);
	sign_without_digest(test, key, tpm2_written(&bad), &w);
	auths = sign_without_digest(test, key, tpm2_written(&good), &w);
	ask_for_signed(test, key);
	tree = tree_of(test, &run->policy, auths, TPM_ALG_ID_SHA256);

	KUNIT_ASSERT_EQ(test, tpk_choice_make(tree, &facts, &obstacle), 0);
	session = session_start(test, TPM_SE_POLICY, tree->hash);
	KUNIT_EXPECT_EQ(test, run_program(test, tree, session, &failed), 0x2db);
	flush(test, session);
	KUNIT_EXPECT_TRUE(test, tpk_choice_reject(tree, failed));
	expect_runs(test, tree);

	KUNIT_EXPECT_TRUE(test, tpk_choice_reject(tree, failed + 1));
	KUNIT_EXPECT_EQ(test, tpk_choice_make(tree, &facts, &obstacle), -ENOKEY);
	EVP_PKEY_free(key);
}

/* The Name of a key is the TPM's, whatever octets its numbers begin with. */
static void keys_have_the_names_that_the_tpm_gives_them(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 20; i++) {
		EVP_PKEY *key = key_make(i < 2);
		struct tpm2_bytes area = key_public(test, key), name;
		u32 handle = load_external(test, area, &name);
		u8 ours[TPM2_MAX_NAME];
		const char *what = "";

		KUNIT_EXPECT_EQ(test, tpk_signer_check(area, &what), 0);
		KUNIT_EXPECT_EQ(test, tpk_public_name(area, ours), 34);
		KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(name, tpm2_bytes(ours, 34)));
		flush(test, handle);
		EVP_PKEY_free(key);
	}
}

#define INDEX	0x01800002

/* An NV index that a policy of this locality reads: defined, and written. */
static void index_make(struct kunit *test, struct tpm2_bytes policy)
{
	struct command define = {
		.code = TPM_CC_NV_DefineSpace, .nr_handles = 1, .nr_auths = 1,
		.handle = { TPM_RH_OWNER },
	};
	struct command write = {
		.code = 0x00000137, .nr_handles = 2, .nr_auths = 1,
		.handle = { INDEX, INDEX }, .params = { 0, 1, 0x55, 0, 0 }, .len = 5,
	};
	struct tpm2_writer w = tpm2_writer(define.params, MAX_PARAMS);
	size_t public;

	tpm2_put_u16(&w, 0);
	public = tpm2_open_u16(&w);
	tpm2_put_u32(&w, INDEX);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(&w, 0x02080004);	/* policyRead, noDA, authWrite */
	tpm2_put_sized(&w, policy);
	tpm2_put_u16(&w, 8);
	tpm2_close_u16(&w, public);
	define.len = w.len;
	must(test, &define);
	must(test, &write);
}

/* NV_Read authorized by a policy session. */
static u32 read_index(u32 session)
{
	struct tpm2_writer w = tpm2_writer(answer, sizeof(answer));

	tpm2_put_u16(&w, TPM_ST_SESSIONS);
	tpm2_put_u32(&w, 10 + 8 + 4 + 9 + 4);
	tpm2_put_u32(&w, 0x0000014e);
	tpm2_put_u32(&w, INDEX);
	tpm2_put_u32(&w, INDEX);
	tpm2_put_u32(&w, 9);
	tpm2_put_u32(&w, session);
	tpm2_put_u16(&w, 0);
	tpm2_put_u8(&w, 1);
	tpm2_put_u16(&w, 0);
	tpm2_put_u16(&w, 1);
	tpm2_put_u16(&w, 0);
	host_tpm_send(answer, w.len, sizeof(answer));
	return get_unaligned_be32(answer + 6);
}

/* PolicyLocality itself is accepted; what uses the session says it. */
static void locality_is_judged_where_the_policy_is_used(struct kunit *test)
{
	static const u8 localities[] = { 1, 2, 0x1e, 0x20 };
	static const u32 codes[] = { 0, TPM_RC_LOCALITY, TPM_RC_LOCALITY, TPM_RC_LOCALITY };
	struct run *run = test->priv;
	unsigned int i, failed;

	for (i = 0; i < ARRAY_SIZE(localities); i++) {
		const struct tpk_assertion a = {
			.code = TPM_CC_PolicyLocality, .locality = localities[i],
		};
		struct tpk_tree *tree;
		u32 session;

		host_tpm_reset();
		run->policy.nr = 0;
		add_assertion(test, &a);
		tree = present_tree(test);
		index_make(test, tpk_tree_digest(tree));
		session = session_start(test, TPM_SE_POLICY, tree->hash);
		KUNIT_EXPECT_EQ(test, run_program(test, tree, session, &failed), 0);
		KUNIT_EXPECT_EQ(test, read_index(session), codes[i]);
	}
}

/* A session with one statement; what the TPM says of it, and what we make of it. */
static void expect_refused(struct kunit *test, const struct tpk_assertion *a,
			   u32 rc, int err)
{
	struct run *run = test->priv;
	struct tpk_tree *tree;
	unsigned int failed = 0;
	u32 session;

	run->policy.nr = 0;
	add_assertion(test, a);
	tree = present_tree(test);
	session = session_start(test, TPM_SE_POLICY, tree->hash);
	KUNIT_EXPECT_EQ(test, run_program(test, tree, session, &failed), rc);
	KUNIT_EXPECT_EQ(test, failed, 0);
	KUNIT_EXPECT_EQ(test, tpk_verdict(tpk_step_of_policy(a->code), rc, false).err, err);
	flush(test, session);
}

static void refusals_have_their_codes(struct kunit *test)
{
	static const u8 zero[8], none[34] = { 0, 0x0b };
	struct tpk_assertion timer = {
		.code = TPM_CC_PolicyCounterTimer,
		.compare = { .operand = tpm2_bytes(zero, 8), .offset = 8, .operation = 5 },
	};
	struct tpk_assertion counter = {
		.code = TPM_CC_PolicyNV,
		.compare = { .auth = COUNTER, .index = COUNTER,
			     .operand = tpm2_bytes(zero, 8) },
	};
	struct tpk_assertion secret = {
		.code = TPM_CC_PolicySecret,
		.secret = { .hint = 0x81000001, .name = tpm2_bytes(none, 34) },
	};
	u8 name[TPM2_MAX_NAME];
	size_t len;

	counter.compare.name = tpm2_bytes(none, 34);
	expect_refused(test, &counter, 0x18b, -EKEYREVOKED);
	counter.compare.auth = TPM_RH_OWNER;
	expect_refused(test, &counter, 0x28b, -EKEYREVOKED);
	counter.compare.auth = COUNTER;
	counter_make(test, name, &len);
	expect_refused(test, &counter, 0x126, -EKEYREVOKED);
	expect_refused(test, &timer, 0x126, -EKEYEXPIRED);
	expect_refused(test, &secret, 0x18b, -ENOKEY);
	expect_refused(test, &(struct tpk_assertion){ .code = TPM_CC_PolicyPCR,
		       .pcr = { tpm2_bytes("\0\0\0\1\0\xb\3\x80\0\0", 10),
				tpm2_bytes(none, 32) } }, 0x1c4, -EKEYREJECTED);
}

static struct kunit_case run_cases[] = {
	KUNIT_CASE(refusals_have_their_codes),
	KUNIT_CASE(locality_is_judged_where_the_policy_is_used),
	KUNIT_CASE_PARAM(alternatives_open, sizes_gen_params),
	KUNIT_CASE(no_alternative_fits_after_an_extend),
	KUNIT_CASE(what_holds_opens),
	KUNIT_CASE_PARAM(signed_policy_opens, kinds_gen_params),
	KUNIT_CASE(signed_policy_opens_under_another_hash),
	KUNIT_CASE(rejected_signature_leads_to_the_next),
	KUNIT_CASE(keys_have_the_names_that_the_tpm_gives_them),
	{}
};

static struct kunit_suite run_suite = {
	.name = "unit_policy_run",
	.init = run_init,
	.test_cases = run_cases,
};

kunit_test_suite(run_suite);
