// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies of policy=: each kind of statement opens the key, or refuses it for a
 * reason and with an errno of its own, alone and in alternatives within
 * alternatives; with every hash and under every parent.
 */
#include "policies.h"

#define ECC_PARENT	0x81000023
#define RSA_PARENT	0x81000024
#define READ_CLOCK	0x181
#define CLOCK_AT	8	/* in TPMS_TIME_INFO; Part 2, 10.11.6 */
#define RESETS_AT	16

__attribute__((used)) static const char timeout[] = "vm-timeout=120";

FIXTURE(run)
{
	struct env env;
};

/* Three levels; what the macros of a test cannot have on the stack. */
static struct policy policy, inner[8], middle[8], outer[8];

FIXTURE_SETUP(run)
{
	env_open(_metadata, &self->env);
	RESET_16(&self->env);
	log_anew(_metadata, &self->env);
	policy_start(&policy, VAULT_SHA256, NULL);
}

FIXTURE_TEARDOWN(run)
{
	RESET_16(&self->env);
	EXPECT_EQ(0, key_count(self->env.ring));
	env_close(_metadata, &self->env);
}

/* --- one statement -------------------------------------------------------- */

TEST_F(run, pcr)
{
	struct env *e = &self->env;
	char *hex;

	policy_pcr_now(_metadata, e, &policy);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "");
	EXTEND_16(e);
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyPCR: PCR policy not met (TPM code 0x1c4)");
	RESET_16(e);
	EXPECT_LOADS(e, hex, "");
	free(hex);
	expect_same_key_by(_metadata, e, &policy, "", "");
}

/* blobauth= is asked for where the policy says so, and no second time. */
TEST_F(run, auth_value)
{
	struct env *e = &self->env;
	char *hex;

	policy_auth_value(&policy);
	hex = seal(_metadata, e, &policy, "blobauth=" RIGHT);
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	refuse_load(_metadata, e, -EACCES, hex, "blobauth=" WRONG);
	EXPECT_LOGGED(1, e, "Unseal: authorization is wrong");
	refuse_load(_metadata, e, -EACCES, hex, "");
	EXPECT_LOGGED(1, e, "blobauth=");
	free(hex);
	expect_same_key_by(_metadata, e, &policy, "blobauth=" RIGHT, "blobauth=" RIGHT);
}

/* A policy that does not ask for it does so with blobauth=. */
TEST_F(run, blobauth_adds_auth_value)
{
	struct env *e = &self->env;
	struct statement st;
	struct keyfile kf;
	char *hex;

	policy_locality(&policy, 1);
	hex = seal(_metadata, e, &policy, "blobauth=" RIGHT);
	kf = parsed(_metadata, hex);
	ASSERT_TRUE(keyfile_statement(&kf, 1, &st));
	EXPECT_EQ(POLICY_CC_AUTH_VALUE, st.code);
	EXPECT_FALSE(keyfile_statement(&kf, 2, &st));
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	refuse_load(_metadata, e, -EACCES, hex, "blobauth=" WRONG);
	free(hex);
}

/* The kernel's commands come from locality 0. */
TEST_F(run, locality)
{
	struct env *e = &self->env;
	char *hex;

	policy_locality(&policy, 0x11);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "");
	free(hex);
	policy_start(&policy, VAULT_SHA256, NULL);
	policy_locality(&policy, 0x1e);
	hex = seal(_metadata, e, &policy, "");
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(1, e, "Unseal: policy is for another locality than the kernel's");
	free(hex);
}

static struct octets clock_now(struct __test_metadata *_metadata, struct env *e)
{
	struct tpm_call c = { .code = READ_CLOCK };
	const uint8_t *p;

	ASSERT_EQ(0, tpm_run(e->tpm, &c));
	p = tpm_get(&c.reply, 16); /* time, clock */
	ASSERT_NE(NULL, p);
	return vault_octets(p + 8, 8);
}

/* Until the clock is beyond what it is now, which does not take long. */
TEST_F(run, counter_timer)
{
	struct comparison until = {
		clock_now(_metadata, &self->env), CLOCK_AT, POLICY_UNSIGNED_LE
	};
	struct env *e = &self->env;
	char *hex;

	policy_counter_timer(&policy, &until);
	hex = seal(_metadata, e, &policy, "");
	refuse_load(_metadata, e, -EKEYEXPIRED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyCounterTimer: the time or the boots");
	EXPECT_LOGGED(1, e, "0x126");
	free(hex);
	until.operand.data[0] = 0x7f;
	policy_start(&policy, VAULT_SHA256, NULL);
	policy_counter_timer(&policy, &until);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

/* Four octets of it: so many boots. */
TEST_F(run, counter_timer_of_boots)
{
	struct comparison boots = {
		vault_octets("\xff\xff\xff\xff", 4), RESETS_AT, POLICY_UNSIGNED_LE
	};
	struct env *e = &self->env;
	char *hex;

	policy_counter_timer(&policy, &boots);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "");
	free(hex);
	boots.operation = POLICY_UNSIGNED_GT;
	policy_start(&policy, VAULT_SHA256, NULL);
	policy_counter_timer(&policy, &boots);
	hex = seal(_metadata, e, &policy, "");
	refuse_load(_metadata, e, -EKEYEXPIRED, hex, "");
	free(hex);
}

/* --- alternatives --------------------------------------------------------- */

/* Inner, middle, outer: PCR, then locality; and blobauth= beside it. */
static void make_three_levels(struct __test_metadata *_metadata, struct env *e)
{
	policy_start(&middle[0], VAULT_SHA256, NULL);
	policy_locality(&middle[0], 1);
	policy_start(&inner[0], VAULT_SHA256, &middle[0]);
	policy_pcr_never(&inner[0], 1);
	policy_start(&inner[1], VAULT_SHA256, &middle[0]);
	policy_pcr_now(_metadata, e, &inner[1]);
	policy_or(&middle[0], inner, 2);
	policy_start(&middle[1], VAULT_SHA256, NULL);
	policy_pcr_never(&middle[1], 2);
	policy_start(&outer[0], VAULT_SHA256, NULL);
	policy_or(&outer[0], middle, 2);
	policy_locality(&outer[0], 3);
	policy_start(&outer[1], VAULT_SHA256, NULL);
	policy_auth_value(&outer[1]);
	policy_or(&policy, outer, 2);
	policy_locality(&policy, 1);
}

TEST_F(run, alternatives_three_deep)
{
	struct env *e = &self->env;
	struct tpm_trace trace;
	char *hex;

	make_three_levels(_metadata, e);
	hex = seal(_metadata, e, &policy, "blobauth=" RIGHT);
	EXPECT_EQ(0, load_traced(_metadata, e, hex, "", &trace));
	EXPECT_EQ(1, sent(&trace, TPM_CC_PCR_READ));
	EXPECT_EQ(1, sent(&trace, POLICY_CC_PCR));
	EXPECT_EQ(3, sent(&trace, POLICY_CC_OR));
	EXPECT_EQ(3, sent(&trace, POLICY_CC_LOCALITY));
	EXPECT_EQ(7, sent_policy(&trace));
	EXTEND_16(e);
	EXPECT_EQ(0, load_traced(_metadata, e, hex, "blobauth=" RIGHT, &trace));
	EXPECT_EQ(1, sent(&trace, POLICY_CC_AUTH_VALUE));
	EXPECT_EQ(1, sent(&trace, POLICY_CC_OR));
	EXPECT_EQ(3, sent_policy(&trace));
	refuse_load(_metadata, e, -EACCES, hex, "blobauth=" WRONG);
	RESET_16(e);
	free(hex);
	expect_same_key_by(_metadata, e, &policy, "blobauth=" RIGHT, "");
	expect_same_key_by(_metadata, e, &policy, "blobauth=" RIGHT, "blobauth=" RIGHT);
}

/* Nothing fits: no session is started for it. */
TEST_F(run, no_alternative_fits)
{
	struct env *e = &self->env;
	struct tpm_trace trace;
	char *hex;

	policy_start(&outer[0], VAULT_SHA256, NULL);
	policy_pcr_never(&outer[0], 1);
	policy_start(&outer[1], VAULT_SHA256, NULL);
	policy_auth_value(&outer[1]);
	policy_or(&policy, outer, 2);
	hex = seal(_metadata, e, &policy, "blobauth=" RIGHT);
	EXPECT_EQ(-EKEYREJECTED, load_traced(_metadata, e, hex, "", &trace));
	EXPECT_EQ(0, sent(&trace, TPM_CC_START_AUTH_SESSION));
	EXPECT_EQ(0, sent_policy(&trace));
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(1, e, "no alternative fits the PCRs");
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	free(hex);
}

/* What only the TPM can tell is tried, and the reason that says most is kept. */
TEST_F(run, alternatives_that_the_tpm_refuses)
{
	struct comparison past = {
		vault_octets("\0\0\0\0\0\0\0\1", 8), CLOCK_AT, POLICY_UNSIGNED_LE
	};
	struct env *e = &self->env;
	struct tpm_trace trace;
	char *hex;

	policy_start(&outer[0], VAULT_SHA256, NULL);
	policy_counter_timer(&outer[0], &past);
	policy_start(&outer[1], VAULT_SHA256, NULL);
	policy_pcr_never(&outer[1], 1);
	policy_start(&outer[2], VAULT_SHA256, NULL);
	policy_counter_timer(&outer[2], &past);
	policy_pcr_now(_metadata, e, &outer[2]);
	policy_start(&outer[3], VAULT_SHA256, NULL);
	past.operation = POLICY_UNSIGNED_GT;
	policy_counter_timer(&outer[3], &past);
	policy_pcr_now(_metadata, e, &outer[3]);
	policy_or(&policy, outer, 4);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_EQ(0, load_traced(_metadata, e, hex, "", &trace));
	EXPECT_EQ(3, sent(&trace, POLICY_CC_COUNTER_TIMER));
	EXPECT_EQ(1, sent(&trace, POLICY_CC_PCR));
	EXPECT_EQ(1, sent(&trace, POLICY_CC_OR));
	EXTEND_16(e);
	refuse_load(_metadata, e, -EKEYEXPIRED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyCounterTimer: ");
	free(hex);
}

/* --- hashes and parents --------------------------------------------------- */

static void make_mixed(struct __test_metadata *_metadata, struct env *e,
		       uint16_t hash)
{
	policy_start(&policy, hash, NULL);
	policy_locality(&policy, 1);
	policy_start(&outer[0], hash, &policy);
	policy_pcr_never(&outer[0], 1);
	policy_start(&outer[1], hash, &policy);
	policy_pcr_now(_metadata, e, &outer[1]);
	policy_or(&policy, outer, 2);
	policy_auth_value(&policy);
}

static void expect_opens(struct __test_metadata *_metadata, struct env *e,
			 const char *sealing, const char *opening)
{
	char *hex = seal(_metadata, e, &policy, sealing);

	EXPECT_LOADS(e, hex, opening);
	EXTEND_16(e);
	EXPECT_EQ(-EKEYREJECTED, load(e, hex, opening));
	RESET_16(e);
	EXPECT_EQ(-EACCES, load(e, hex, "blobauth=" WRONG));
	free(hex);
}

TEST_F(run, of_every_hash)
{
	struct env *e = &self->env;

	make_mixed(_metadata, e, VAULT_SHA256);
	expect_opens(_metadata, e, "hash=sha256 blobauth=" RIGHT, "blobauth=" RIGHT);
	make_mixed(_metadata, e, VAULT_SHA384);
	expect_opens(_metadata, e, "hash=sha384 blobauth=" RIGHT, "blobauth=" RIGHT);
	expect_same_key_by(_metadata, e, &policy, "hash=sha384 blobauth=" RIGHT,
			   "blobauth=" RIGHT);
	make_mixed(_metadata, e, VAULT_SHA512);
	expect_opens(_metadata, e, "hash=sha512 blobauth=" RIGHT, "blobauth=" RIGHT);
	expect_same_key_by(_metadata, e, &policy, "hash=sha512 blobauth=" RIGHT,
			   "blobauth=" RIGHT);
}

static void expect_under(struct __test_metadata *_metadata, struct env *e,
			 bool rsa, uint32_t handle)
{
	struct vault_primary p = { TPM_RH_OWNER, .rsa = rsa };
	char sealing[192];

	p.auth.len = hex_decode(WRONG, p.auth.data, sizeof(p.auth.data));
	ASSERT_EQ(0, vault_persist(e->tpm, &p, handle));
	make_mixed(_metadata, e, VAULT_SHA256);
	snprintf(sealing, sizeof(sealing), "keyhandle=0x%08x keyauth=" WRONG
		 " blobauth=" RIGHT, handle);
	expect_opens(_metadata, e, sealing, "keyauth=" WRONG " blobauth=" RIGHT);
	expect_same_key_by(_metadata, e, &policy, sealing,
			   "keyauth=" WRONG " blobauth=" RIGHT);
	EXPECT_EQ(0, vault_evict(e->tpm, handle));
}

TEST_F(run, under_a_parent_with_an_authorization)
{
	expect_under(_metadata, &self->env, false, ECC_PARENT);
	expect_under(_metadata, &self->env, true, RSA_PARENT);
}

/* --- what cannot be sealed to --------------------------------------------- */

/* A digest stands for the policy, so a PolicyPCR must have its own. */
TEST_F(run, open_pcr_is_refused_at_seal)
{
	static const uint8_t body[] = {
		0, 0, 0, 0, 0, 1, 0, 0x0b, 3, 0, 0, 1
	};
	struct env *e = &self->env;

	policy_add(&policy, POLICY_CC_PCR, body, sizeof(body));
	refuse_seal(_metadata, e, -EINVAL, &policy, "");
	EXPECT_LOGGED(1, e, "a PolicyPCR has no digest");
}

TEST_F(run, malformed_is_invalid)
{
	struct env *e = &self->env;

	policy_add(&policy, POLICY_CC_LOCALITY, "\0", 1);
	refuse_seal(_metadata, e, -EINVAL, &policy, "");
	EXPECT_LOGGED(1, e, "malformed PolicyLocality");
	policy_start(&policy, VAULT_SHA256, NULL);
	policy_add(&policy, 0x18c, NULL, 0); /* PolicyPassword */
	refuse_seal(_metadata, e, -EOPNOTSUPP, &policy, "");
	EXPECT_LOGGED(1, e, "statement is not supported");
}

/* What the draft of the file format has no encoding for. */
TEST_F(run, interop)
{
	struct env *e = &self->env;
	struct keyfile kf;
	char *hex;

	policy_locality(&policy, 1);
	hex = seal(_metadata, e, &policy, "format=interop");
	kf = parsed(_metadata, hex);
	EXPECT_EQ(0, kf.fields & (1 << 4 | 1 << 6));
	EXPECT_LOADS(e, hex, "");
	free(hex);
	make_mixed(_metadata, e, VAULT_SHA256);
	refuse_seal(_metadata, e, -EINVAL, &policy, "format=interop blobauth=" RIGHT);
	EXPECT_LOGGED(1, e, "format=interop has no way to say PolicyOR");
}

TEST_HARNESS_MAIN
