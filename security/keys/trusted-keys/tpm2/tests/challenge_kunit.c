// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is asked of those who sign, and the lines in which they answer.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>

#include "../challenge.h"
#include "../choice.h"
#include "../object.h"
#include "policy_parts.h"

#define SIGNED		TPM_CC_PolicySigned
#define ECC_SIGNED	"" ECC_KEY "0000 00000000"
#define ECC_LATE	"" ECC_KEY "0003 726566 0000003c"
#define RSA_SIGNED	"" RSA_KEY "0000 00000000"
#define NAME_SIGNED	"0000 0022 " NAME_0 "0001 aa 00000000"
#define SIG_32		"3044 0220 " ONES_32 "0220 " ONES_32

/* One at a time, as long as its texts are needed. */
static struct tpk_challenge *filled(struct kunit *test, struct parts *p, int nr)
{
	struct tpk_challenge *c;
	u8 nonce[32];

	KUNIT_ASSERT_EQ_MSG(test, build(p), 0, "%s", p->what);
	KUNIT_ASSERT_EQ(test, tpk_challenge_count(&p->tree), nr);
	c = kunit_kzalloc(test, sizeof(*c) + nr * sizeof(c->asked[0]), GFP_KERNEL);
	KUNIT_ASSERT_EQ(test, tpk_challenge_fill(c, &p->tree), 0);
	memset(nonce, 0x22, sizeof(nonce));
	c->object.len = hex_octets(NAME_0, c->object.data).len;
	KUNIT_ASSERT_EQ(test, tpk_challenge_bind(c, TPM_ALG_ID_SHA256,
						 tpm2_bytes(nonce, sizeof(nonce))), 0);
	return c;
}

static char *text_of(struct kunit *test, const struct tpk_challenge *c)
{
	size_t len = tpk_challenge_print(c, NULL, 0);
	char *text = kunit_kzalloc(test, len + 1, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, tpk_challenge_print(c, text, len), len);
	KUNIT_EXPECT_EQ(test, strlen(text), len);
	return text;
}

static struct tpk_challenge *of(struct kunit *test, const char *body)
{
	struct parts *p = parts_new(test);

	add(p, SIGNED, body);
	return filled(test, p, 1);
}

static int answer(struct kunit *test, struct tpk_challenge *c, const char *line,
		  const char **what)
{
	char *copy = kunit_kzalloc(test, strlen(line), GFP_KERNEL);

	memcpy(copy, line, strlen(line));
	return tpk_answer_parse(copy, strlen(line), c, what);
}

/* A line with hex digits in it that were written with blanks for readers. */
static char *line_of(struct kunit *test, const char *head, const char *hex,
		     const char *tail, const char *more)
{
	size_t size = strlen(head) + strlen(hex) + strlen(tail) + strlen(more) + 1;
	char *line = kunit_kzalloc(test, size, GFP_KERNEL);
	char *at = line + strlen(head);

	memcpy(line, head, strlen(head));
	for (; *hex; hex++)
		if (*hex != ' ')
			*at++ = *hex;
	memcpy(at, tail, strlen(tail));
	at += strlen(tail);
	for (; *more; more++)
		if (*more != ' ')
			*at++ = *more;
	return line;
}

static void a_challenge_is_text(struct kunit *test)
{
	char *text = text_of(test, of(test, ECC_LATE));

	KUNIT_EXPECT_TRUE(test, !strncmp(text, "trusted-sign 1\nobject 000b0000", 30));
	KUNIT_EXPECT_TRUE(test, strstr(text, "\nparent -\n"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "\nsigner 1\nkey 000b"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "\npublic 0023000b00060040"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "\npolicyref 726566\nexpiration 60\nmessage 2222"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "22220000003c"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "726566\nhash sha256\ndigest "));
	KUNIT_EXPECT_STREQ(test, text + strlen(text) - 5, "\nend\n");
}

static void a_short_buffer_is_not_overrun(struct kunit *test)
{
	struct tpk_challenge *c = of(test, ECC_SIGNED);
	size_t len = tpk_challenge_print(c, NULL, 0), size;

	for (size = 0; size < len; size += 7) {
		char *text = kunit_kmalloc(test, size ?: 1, GFP_KERNEL);

		KUNIT_EXPECT_EQ(test, tpk_challenge_print(c, text, size), len);
		kunit_kfree(test, text);
	}
}

/* H(CC || Name), and that the message is what PolicySigned hashes. */
static void the_message_is_bound_to_unseal(struct kunit *test)
{
	struct tpk_challenge *c = of(test, ECC_LATE);
	struct tpm2_bytes unseal = hex_exact(test, "0000015e " NAME_0);
	struct tpm2_bytes rest = hex_exact(test, "0000003c"), ref = hex_exact(test, "726566");
	struct tpm2_bytes parts[] = {
		tpk_value_bytes(&c->nonce), rest, tpk_value_bytes(&c->cp_hash), ref,
	};
	u8 digest[32];
	char *text = text_of(test, c), *want;

	KUNIT_ASSERT_EQ(test, tpm2_digest(TPM_ALG_ID_SHA256, &unseal, 1, digest), 0);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(parts[2], tpm2_bytes(digest, 32)));
	KUNIT_ASSERT_EQ(test, tpm2_digest(TPM_ALG_ID_SHA256, parts, 4, digest), 0);
	want = strstr(text, "\ndigest ");
	KUNIT_ASSERT_NOT_NULL(test, want);
	want[8 + 64] = '\0';
	KUNIT_EXPECT_MEMEQ(test, hex_exact(test, want + 8).data, digest, 32);
}

static void a_name_alone_is_asked_without_public(struct kunit *test)
{
	char *text = text_of(test, of(test, NAME_SIGNED));

	KUNIT_EXPECT_TRUE(test, strstr(text, "\npublic -\npolicyref aa\n"));
	KUNIT_EXPECT_TRUE(test, strstr(text, "\nhash sha256\n"));
}

static void a_repeated_statement_is_asked_once(struct kunit *test)
{
	struct parts *p = parts_new(test);
	struct open_or or = open_or(p);
	struct tpk_challenge *c;

	put_one(p, &or, SIGNED, ECC_SIGNED);
	begin(p, &or);
	add(p, TPM_CC_PolicyPCR, PCR_7);
	add(p, SIGNED, ECC_SIGNED);
	add(p, SIGNED, RSA_SIGNED);
	end(p, &or);
	put_one(p, &or, TPM_CC_PolicyPCR, PCR_7_OTHER);
	close_or(p, &or);
	add(p, SIGNED, ECC_LATE);
	c = filled(test, p, 3);
	KUNIT_EXPECT_EQ(test, c->nr, 3);
	KUNIT_EXPECT_TRUE(test, strstr(text_of(test, c), "\nsigner 3\n"));
	KUNIT_EXPECT_FALSE(test, strstr(text_of(test, c), "\nsigner 4\n"));
}

/* The same key by Name and by public area is one, and its area is known. */
static void a_name_is_the_key_that_has_it(struct kunit *test)
{
	struct parts *p = parts_new(test);
	struct tpm2_bytes area = hex_exact(test, ECC_AREA);
	char body[256] = "0000 0022 ";
	struct tpk_challenge *c;
	u8 name[TPM2_MAX_NAME];
	unsigned int i;

	KUNIT_ASSERT_EQ(test, tpk_public_name(area, name), 34);
	for (i = 0; i < 34; i++) {
		body[10 + 2 * i] = "0123456789abcdef"[name[i] >> 4];
		body[11 + 2 * i] = "0123456789abcdef"[name[i] & 15];
	}
	strcat(body, "0000 00000000");
	add(p, SIGNED, body);
	add(p, SIGNED, ECC_SIGNED);
	c = filled(test, p, 2);
	KUNIT_EXPECT_EQ(test, c->nr, 1);
	KUNIT_EXPECT_EQ(test, c->asked[0].public_len, area.len);
}

/* Of alternatives, the one that was signed is run; without one, none. */
static void answers_choose_an_alternative(struct kunit *test)
{
	struct parts *p = parts_new(test);
	struct tpk_pcrs *pcrs = kunit_kzalloc(test, sizeof(*pcrs), GFP_KERNEL);
	struct tpk_facts facts = { .pcrs = pcrs, .signer = true };
	struct open_or or = open_or(p);
	struct tpk_obstacle obstacle;
	struct tpk_challenge *c;
	const char *what = "";

	put_one(p, &or, SIGNED, RSA_SIGNED);
	put_one(p, &or, SIGNED, ECC_SIGNED);
	close_or(p, &or);
	c = filled(test, p, 2);
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	KUNIT_EXPECT_EQ(test, p->tree.node[0].chosen, 1);

	facts.answers = c;
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), -ENOKEY);
	KUNIT_EXPECT_EQ_MSG(test, answer(test, c, line_of(test, "sign 2 ecdsa-sha256 ", SIG_32,
							  "", ""), &what), 0, "%s", what);
	KUNIT_EXPECT_EQ(test, tpk_choice_make(&p->tree, &facts, &obstacle), 0);
	KUNIT_EXPECT_EQ(test, p->tree.node[0].chosen, 2);
}

static void more_than_64_are_too_many(struct kunit *test)
{
	struct parts *p = parts_new(test);
	struct open_or or = open_or(p);
	unsigned int i, j, nr = 0;

	/* Their expirations differ. */
	for (i = 0; i < 5; i++) {
		begin(p, &or);
		for (j = 0; j < 13; j++) {
			add(p, SIGNED, NAME_SIGNED);
			p->buf[p->w.len - 1] = nr++;
		}
		end(p, &or);
	}
	close_or(p, &or);
	KUNIT_ASSERT_EQ_MSG(test, build(p), 0, "%s", p->what);
	KUNIT_EXPECT_EQ(test, tpk_challenge_count(&p->tree), -EOPNOTSUPP);
}

static void a_policy_may_ask_nothing(struct kunit *test)
{
	struct parts *p = parts_new(test);

	add(p, TPM_CC_PolicyAuthValue, "");
	KUNIT_ASSERT_EQ(test, build(p), 0);
	KUNIT_EXPECT_EQ(test, tpk_challenge_count(&p->tree), 0);
}

static void an_answer_is_kept(struct kunit *test)
{
	struct tpk_challenge *c = of(test, ECC_LATE);
	struct tpk_signed_statement st = { .policy_ref = hex_exact(test, "726566"),
					   .expiration = 60 };
	struct tpk_asked *a = tpk_challenge_find(c, &st, tpk_value_bytes(&c->asked[0].name));
	const char *what = "";

	KUNIT_ASSERT_PTR_EQ(test, a, &c->asked[0]);
	KUNIT_EXPECT_FALSE(test, tpk_challenge_answered(c));
	KUNIT_EXPECT_EQ_MSG(test, answer(test, c, line_of(test, "sign 1 ecdsa-sha256 ", SIG_32,
							  "", ""), &what), 0, "%s", what);
	KUNIT_EXPECT_TRUE(test, tpk_challenge_answered(c));
	KUNIT_EXPECT_EQ(test, a->signature_len, 2 + 2 + 34 + 34);
	st.expiration = 61;
	KUNIT_EXPECT_NULL(test, tpk_challenge_find(c, &st, tpk_value_bytes(&a->name)));
}

static void a_key_comes_with_the_signature(struct kunit *test)
{
	struct tpm2_bytes area = hex_exact(test, ECC_AREA);
	struct tpk_challenge *c = of(test, NAME_SIGNED);
	const char *what = "";
	char *line;

	KUNIT_EXPECT_EQ(test, answer(test, c, line_of(test, "sign 1 ecdsa-sha256 ", SIG_32,
						      "", ""), &what), -EINVAL);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(what, "public="), "%s", what);
	line = line_of(test, "sign 1 ecdsa-sha256 ", SIG_32, " public=", ECC_AREA);
	KUNIT_EXPECT_EQ(test, answer(test, c, line, &what), -EINVAL);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(what, "another key"), "%s", what);
	KUNIT_EXPECT_FALSE(test, tpk_challenge_answered(c));

	KUNIT_ASSERT_EQ(test, tpk_public_name(area, c->asked[0].name.data), 34);
	KUNIT_EXPECT_EQ_MSG(test, answer(test, c, line, &what), 0, "%s", what);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpk_asked_public(&c->asked[0]), area));

	/* As SubjectPublicKeyInfo; then it need not be said again. */
	c->asked[0].public_len = 0;
	line = line_of(test, "sign 1 ecdsa-sha256 ", SIG_32, " public=",
		       "3059 3013 06072a8648ce3d0201 06082a8648ce3d030107 0342 00 04 "
		       ONES_32 ZERO_32);
	KUNIT_EXPECT_EQ_MSG(test, answer(test, c, line, &what), 0, "%s", what);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpk_asked_public(&c->asked[0]), area));
	line = line_of(test, "sign 1 ecdsa-sha256 ", SIG_32, "", "");
	KUNIT_EXPECT_EQ_MSG(test, answer(test, c, line, &what), 0, "%s", what);
}

static const struct {
	const char *line;
	int err;
	const char *piece;
} wrong[] = {
	{ "", -EINVAL, "begin with sign" },
	{ "sign", -EINVAL, "number" },
	{ "Sign 1 tpmt 00", -EINVAL, "begin with sign" },
	{ " sign 1 tpmt 00", -EINVAL, "begin with sign" },
	{ "sign  1 tpmt 00", -EINVAL, "number" },
	{ "sign 0 tpmt 00", -EINVAL, "number" },
	{ "sign 2 tpmt 00", -EINVAL, "number" },
	{ "sign 65 tpmt 00", -EINVAL, "number" },
	{ "sign 4294967297 tpmt 00", -EINVAL, "number" },
	{ "sign -1 tpmt 00", -EINVAL, "number" },
	{ "sign 1 tpmt", -EINVAL, "hex" },
	{ "sign 1 tpmt 0", -EINVAL, "hex" },
	{ "sign 1 tpmt 0x00", -EINVAL, "hex" },
	{ "sign 1 tpmt 00 ", -EINVAL, "behind the signature" },
	{ "sign 1 tpmt 00 00", -EINVAL, "behind the signature" },
	{ "sign 1 tpmt 00 public=", -EINVAL, "public= must be hex" },
	{ "sign 1 tpmt 00 public=0", -EINVAL, "public= must be hex" },
	{ "sign 1 tpmt 00 public=00 ", -EINVAL, "public= must be hex" },
	{ "sign 1 tpmt 00 public=00", -EINVAL, "malformed public key" },
	{ "sign 1 tpmt 00 public=3000", -EINVAL, "SubjectPublicKeyInfo" },
	{ "sign 1 pgp 00", -EOPNOTSUPP, "format" },
	{ "sign 1 rsassa-sha256 00", -EINVAL, "no such" },
};

static void other_lines_are_refused(struct kunit *test)
{
	struct tpk_challenge *c = of(test, ECC_SIGNED);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		const char *what = "";
		int err = answer(test, c, wrong[i].line, &what);

		KUNIT_EXPECT_EQ_MSG(test, err, wrong[i].err, "%s: %s", wrong[i].line, what);
		KUNIT_EXPECT_TRUE_MSG(test, strstr(what, wrong[i].piece), "%s: %s",
				      wrong[i].line, what);
		KUNIT_EXPECT_FALSE(test, tpk_challenge_answered(c));
	}
}

static struct kunit_case challenge_cases[] = {
	KUNIT_CASE(a_challenge_is_text),
	KUNIT_CASE(a_short_buffer_is_not_overrun),
	KUNIT_CASE(the_message_is_bound_to_unseal),
	KUNIT_CASE(a_name_alone_is_asked_without_public),
	KUNIT_CASE(a_repeated_statement_is_asked_once),
	KUNIT_CASE(a_name_is_the_key_that_has_it),
	KUNIT_CASE(answers_choose_an_alternative),
	KUNIT_CASE(more_than_64_are_too_many),
	KUNIT_CASE(a_policy_may_ask_nothing),
	KUNIT_CASE(an_answer_is_kept),
	KUNIT_CASE(a_key_comes_with_the_signature),
	KUNIT_CASE(other_lines_are_refused),
	{}
};

static struct kunit_suite challenge_suite = {
	.name = "tpk_challenge",
	.test_cases = challenge_cases,
};

kunit_test_suite(challenge_suite);

MODULE_DESCRIPTION("Challenges and answers of PolicySigned");
MODULE_LICENSE("GPL");
