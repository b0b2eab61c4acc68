// SPDX-License-Identifier: GPL-2.0-only
/*
 * What was asked, and signed with OpenSSL, is what a TPM takes for PolicySigned:
 * also again, after PolicyRestart, when PCRs have changed.
 */
#include <openssl/rsa.h>
#include <stdio.h>

#include "challenge.h"
#include "policy_fixture.h"

#define TPM_CC_PCR_Event	0x0000013c
#define A_PCR		10	/* that PolicyPCR does not name */

/**
 * struct signing - one challenge, and its session
 * @key: who signs
 * @tree: PolicySigned
 * @challenge: what is asked
 * @session: handle
 */
struct signing {
	EVP_PKEY *key;
	struct tpk_tree *tree;
	struct tpk_challenge *challenge;
	u32 session;
};

static int signing_init(struct kunit *test)
{
	host_tpm_reset();
	return 0;
}

/* PolicySigned by the key, with a policyRef. */
static struct tpk_tree *policy_of(struct kunit *test, EVP_PKEY *key)
{
	u8 *body = kunit_kzalloc(test, 1024, GFP_KERNEL);
	struct tpm2_writer w = tpm2_writer(body, 1024);
	struct tpk_policy policy = { .nr = 1 };

	tpm2_put_sized(&w, key_public(test, key));
	tpm2_put_sized(&w, tpm2_bytes("door", 4));
	tpm2_put_u32(&w, 0);
	policy.statement[0].code = TPM_CC_PolicySigned;
	policy.statement[0].body = tpm2_written(&w);
	return tree_of(test, &policy, tpm2_bytes(NULL, 0), TPM_ALG_ID_SHA256);
}

static struct signing *ask(struct kunit *test, bool rsa)
{
	struct signing *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	struct tpm2_bytes nonce;

	s->key = key_make(rsa);
	s->tree = policy_of(test, s->key);
	s->challenge = kunit_kzalloc(test, sizeof(*s->challenge) + sizeof(struct tpk_asked),
				     GFP_KERNEL);
	KUNIT_ASSERT_EQ(test, tpk_challenge_count(s->tree), 1);
	KUNIT_ASSERT_EQ(test, tpk_challenge_fill(s->challenge, s->tree), 0);
	s->challenge->object.len = 34;
	s->challenge->object.data[1] = TPM_ALG_ID_SHA256;
	s->session = session_start(test, TPM_SE_POLICY, TPM_ALG_ID_SHA256);
	nonce = tpm2_get_sized(&reply);
	KUNIT_ASSERT_EQ(test, tpk_challenge_bind(s->challenge, TPM_ALG_ID_SHA256, nonce), 0);
	return s;
}

/* The value of "message" in the text of the challenge. */
static size_t message_of(struct kunit *test, const struct signing *s, u8 *out)
{
	size_t len = tpk_challenge_print(s->challenge, NULL, 0), n = 0;
	char *text = kunit_kzalloc(test, len + 1, GFP_KERNEL), *at;
	unsigned int octet;

	tpk_challenge_print(s->challenge, text, len);
	at = strstr(text, "\nmessage ");
	KUNIT_ASSERT_NOT_NULL(test, at);
	for (at += 9; sscanf(at, "%2x", &octet) == 1 && *at != '\n'; at += 2)
		out[n++] = octet;
	return n;
}

/* As somebody would who has OpenSSL and the text. */
static void sign(struct kunit *test, struct signing *s, const EVP_MD *md, int padding,
		 const char *format)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	u8 message[256], sig[512];
	char line[1200];
	size_t len = sizeof(sig), i, at;
	EVP_PKEY_CTX *pctx;
	const char *what = "";

	KUNIT_ASSERT_EQ(test, EVP_DigestSignInit(ctx, &pctx, md, NULL, s->key), 1);
	if (padding)
		EVP_PKEY_CTX_set_rsa_padding(pctx, padding);
	KUNIT_ASSERT_EQ(test, EVP_DigestSign(ctx, sig, &len, message,
					     message_of(test, s, message)), 1);
	EVP_MD_CTX_free(ctx);
	at = sprintf(line, "%s 1 %s ", "sign", format);
	for (i = 0; i < len; i++)
		at += sprintf(line + at, "%02x", sig[i]);
	KUNIT_ASSERT_EQ_MSG(test, tpk_answer_parse(line, at, s->challenge, &what), 0, "%s", what);
}

/* The response code of PolicySigned. */
static u32 prove(struct kunit *test, struct signing *s)
{
	struct command c = { .code = TPM_CC_PolicySigned, .nr_handles = 2 };
	struct tpm2_writer w = tpm2_writer(c.params, sizeof(c.params));
	const struct tpk_asked *a = &s->challenge->asked[0];
	struct tpm2_bytes name;
	u32 rc;

	c.handle[0] = load_external(test, tpk_asked_public(a), &name);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(name, tpk_value_bytes(&a->name)));
	c.handle[1] = s->session;
	tpm2_put_sized(&w, tpk_value_bytes(&s->challenge->nonce));
	tpm2_put_sized(&w, tpk_value_bytes(&s->challenge->cp_hash));
	tpm2_put_sized(&w, tpk_value_bytes(&a->policy_ref));
	tpm2_put_u32(&w, a->expiration);
	tpm2_put(&w, a->signature, a->signature_len);
	c.len = w.len;
	rc = send(&c);
	flush(test, c.handle[0]);
	return rc;
}

static void expect_taken(struct kunit *test, struct signing *s)
{
	struct tpm2_bytes digest;
	u32 rc = prove(test, s);

	KUNIT_ASSERT_EQ_MSG(test, rc, TPM_RC_SUCCESS, "0x%x", rc);
	digest = session_digest(test, s->session);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(digest, tpk_tree_digest(s->tree)));
}

static void done(struct kunit *test, struct signing *s)
{
	flush(test, s->session);
	EVP_PKEY_free(s->key);
}

static void a_tpm_takes_ecdsa(struct kunit *test)
{
	struct signing *s = ask(test, false);

	sign(test, s, EVP_sha256(), 0, "ecdsa-sha256");
	expect_taken(test, s);
	done(test, s);
}

static void a_tpm_takes_other_hashes(struct kunit *test)
{
	struct signing *s = ask(test, false);

	sign(test, s, EVP_sha384(), 0, "ecdsa-sha384");
	expect_taken(test, s);
	done(test, s);
}

static void a_tpm_takes_rsa_with_either_padding(struct kunit *test)
{
	struct signing *s = ask(test, true);

	sign(test, s, EVP_sha256(), RSA_PKCS1_PADDING, "rsassa-sha256");
	expect_taken(test, s);
	done(test, s);
	s = ask(test, true);
	sign(test, s, EVP_sha512(), RSA_PKCS1_PSS_PADDING, "rsapss-sha512");
	expect_taken(test, s);
	done(test, s);
}

static void what_says_another_hash_is_refused(struct kunit *test)
{
	struct signing *s = ask(test, false);

	sign(test, s, EVP_sha256(), 0, "ecdsa-sha384");
	KUNIT_EXPECT_EQ(test, prove(test, s), TPM_RC_SIGNATURE | TPM_RC_P | 0x500);
	sign(test, s, EVP_sha256(), 0, "ecdsa-sha256");
	expect_taken(test, s);
	done(test, s);
}

static u32 policy_pcr(struct signing *s)
{
	struct command c = { .code = TPM_CC_PolicyPCR, .nr_handles = 1 };
	struct tpm2_writer w = tpm2_writer(c.params, sizeof(c.params));

	c.handle[0] = s->session;
	tpm2_put_u16(&w, 0);
	tpm2_put_u32(&w, 1);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	tpm2_put_u8(&w, 3);
	tpm2_put(&w, "\x80\x00\x00", 3);
	c.len = w.len;
	return send(&c);
}

static void change_pcr(struct kunit *test)
{
	struct command c = { .code = TPM_CC_PCR_Event, .nr_handles = 1, .nr_auths = 1 };

	c.handle[0] = A_PCR;
	memcpy(c.params, "\x00\x01x", 3);
	c.len = 3;
	must(test, &c);
}

/* 0x128, PolicyRestart, and the same signature again: the nonce has stayed. */
static void a_signature_survives_changed_pcrs(struct kunit *test)
{
	struct signing *s = ask(test, false);
	struct command restart = { .code = TPM_CC_PolicyRestart, .nr_handles = 1 };

	sign(test, s, EVP_sha256(), 0, "ecdsa-sha256");
	expect_taken(test, s);
	KUNIT_EXPECT_EQ(test, policy_pcr(s), TPM_RC_SUCCESS);
	change_pcr(test);
	KUNIT_EXPECT_EQ(test, policy_pcr(s), TPM_RC_PCR_CHANGED);
	restart.handle[0] = s->session;
	must(test, &restart);
	expect_taken(test, s);
	KUNIT_EXPECT_EQ(test, policy_pcr(s), TPM_RC_SUCCESS);
	done(test, s);
}

static void another_session_refuses_it(struct kunit *test)
{
	struct signing *s = ask(test, false);
	u32 first = s->session;

	sign(test, s, EVP_sha256(), 0, "ecdsa-sha256");
	s->session = session_start(test, TPM_SE_POLICY, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_EQ(test, prove(test, s), TPM_RC_NONCE | TPM_RC_P | 0x100);
	flush(test, first);
	done(test, s);
}

static struct kunit_case signing_cases[] = {
	KUNIT_CASE(a_tpm_takes_ecdsa),
	KUNIT_CASE(a_tpm_takes_other_hashes),
	KUNIT_CASE(a_tpm_takes_rsa_with_either_padding),
	KUNIT_CASE(what_says_another_hash_is_refused),
	KUNIT_CASE(a_signature_survives_changed_pcrs),
	KUNIT_CASE(another_session_refuses_it),
	{}
};

static struct kunit_suite signing_suite = {
	.name = "tpk_signing_tpm",
	.init = signing_init,
	.test_cases = signing_cases,
};

kunit_test_suite(signing_suite);
