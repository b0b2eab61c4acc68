// SPDX-License-Identifier: GPL-2.0-only
/*
 * pcrs= with alternatives: 1, 8, 9 and 64 of them, and what each costs; blobs that
 * are nearly, and are, too long; the same over a digest alone.
 */
#include "policies.h"

__attribute__((used)) static const char timeout[] = "vm-timeout=120";

#define MOST	64

FIXTURE(alternatives)
{
	struct env env;
};

static struct policy policy, group[8], alternative[8];

FIXTURE_SETUP(alternatives)
{
	env_open(_metadata, &self->env);
	RESET_16(&self->env);
	log_anew(_metadata, &self->env);
	policy_start(&policy, VAULT_SHA256, NULL);
}

FIXTURE_TEARDOWN(alternatives)
{
	RESET_16(&self->env);
	EXPECT_EQ(0, key_count(self->env.ring));
	env_close(_metadata, &self->env);
}

/*
 * "PCR=VALUE|..." of @nr alternatives, each of @size octets, of which number
 * @fits is what the PCR is after a reset; to be freed.
 */
static char *alternatives(const char *pcr, unsigned int size, unsigned int nr,
			  unsigned int fits)
{
	char *text = calloc(nr, strlen(pcr) + 2 * size + 3), *at = text;
	unsigned int i;

	for (i = 0; i < nr; i++)
		at += sprintf(at, "%s%s=%0*x", i ? "|" : "", pcr, 2 * size,
			      i == fits ? 0 : i + 1);
	return text;
}

static char *seal_to(struct __test_metadata *_metadata, struct env *e,
		     const char *pcrs, const char *options)
{
	char *text, *hex;

	ASSERT_LT(0, asprintf(&text, "new 32 pcrs=%s %s", pcrs, options));
	hex = new_blob(_metadata, e, text);
	free(text);
	return hex;
}

/* PCR_Read, PolicyPCR, a PolicyOR for each level, wherever the one that fits is. */
static void expect_costs(struct __test_metadata *_metadata, struct env *e,
			 unsigned int nr, unsigned int fits, int levels)
{
	char *pcrs = alternatives("16", 32, nr, fits);
	char *hex = seal_to(_metadata, e, pcrs, "");
	struct tpm_trace trace;

	EXPECT_EQ(0, load_traced(_metadata, e, hex, "", &trace)) {
		TH_LOG("number %u of %u", fits, nr);
		show_log(&e->log);
	}
	EXPECT_EQ(levels ? 1 : 0, sent(&trace, TPM_CC_PCR_READ));
	EXPECT_EQ(1, sent(&trace, POLICY_CC_PCR));
	EXPECT_EQ(levels, sent(&trace, POLICY_CC_OR));
	EXPECT_EQ(1 + levels, sent_policy(&trace));
	free(pcrs);
	free(hex);
}

TEST_F(alternatives, cost_one_command_for_each_level)
{
	static const struct {
		unsigned int nr;
		int levels;
	} of[] = { { 1, 0 }, { 2, 1 }, { 8, 1 }, { 9, 2 }, { MOST, 2 } };
	unsigned int i;

	for (i = 0; i < sizeof(of) / sizeof(*of); i++) {
		expect_costs(_metadata, &self->env, of[i].nr, 0, of[i].levels);
		expect_costs(_metadata, &self->env, of[i].nr, of[i].nr - 1, of[i].levels);
	}
	expect_costs(_metadata, &self->env, 9, 4, 2);
	expect_costs(_metadata, &self->env, MOST, 37, 2);
}

TEST_F(alternatives, one_too_many)
{
	char *pcrs = alternatives("16", 32, MOST + 1, 0), *text;

	ASSERT_LT(0, asprintf(&text, "new 32 pcrs=%s", pcrs));
	refuse(_metadata, &self->env, -EINVAL, text);
	EXPECT_LOGGED(1, &self->env, "pcrs: ");
	free(text);
	free(pcrs);
}

/* It says which PCR differs from the alternative that is closest. */
TEST_F(alternatives, none_fits)
{
	struct env *e = &self->env;
	char *pcrs = alternatives("7,16", 64, 9, 9), *with, *hex;
	struct tpm_trace trace;

	ASSERT_LT(0, asprintf(&with, "%s|7+16=%064x", pcrs, 0xff));
	hex = seal_to(_metadata, e, with, "");
	EXPECT_EQ(-EKEYREJECTED, load_traced(_metadata, e, hex, "", &trace));
	EXPECT_EQ(0, sent_policy(&trace));
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(1, e, "no alternative fits the PCRs");
	EXPECT_LOGGED(1, e, "trusted_key: PCR ");
	EXPECT_LOGGED(1, e, "PCR sha256:16 is 0000000000000000..., but");
	free(pcrs);
	free(with);
	free(hex);
}

/* Present values and future ones beside each other. */
TEST_F(alternatives, before_and_after)
{
	struct env *e = &self->env;
	struct octets extended;
	char *after, *pcrs, *hex;

	EXTEND_16(e);
	ASSERT_EQ(0, vault_pcr_read(e->tpm, VAULT_SHA256, 16, &extended));
	RESET_16(e);
	after = hex_encode(extended.data, extended.len);
	ASSERT_LT(0, asprintf(&pcrs, "7,16|7+16=%s", after));
	hex = seal_to(_metadata, e, pcrs, "blobauth=" RIGHT);
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	EXTEND_16(e);
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	refuse_load(_metadata, e, -EACCES, hex, "blobauth=" WRONG);
	EXTEND_16(e);
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "blobauth=" RIGHT);
	free(after);
	free(pcrs);
	free(hex);
}

/* An alternative over PCRs that nothing was measured into holds anywhere. */
TEST_F(alternatives, unused_pcrs_in_one_of_them)
{
	refuse(_metadata, &self->env, -EINVAL, "new 32 pcrs=7|16");
	EXPECT_LOGGED(1, &self->env, "nothing was measured into these PCRs");
	refuse(_metadata, &self->env, -EINVAL, "new 32 pcrs=7|11 format=interop");
	EXPECT_LOGGED(1, &self->env, "format");
}

/* --- limits of a blob ----------------------------------------------------- */

/* The description does not fit beside the policy, and makes room. */
TEST_F(alternatives, the_most_of_the_longest)
{
	char *pcrs = alternatives("sha512:16", 64, MOST, MOST - 1);
	struct env *e = &self->env;
	char *hex = seal_to(_metadata, e, pcrs, "hash=sha512");
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_LT(5000, kf.policy.len);
	EXPECT_EQ(1 << 0 | 1 << 1 | 1 << 6, kf.fields);
	EXPECT_LOADS(e, hex, "");
	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA512, 16, 1));
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(1, e, "the blob does not say which values its PCRs had");
	free(pcrs);
	free(hex);
}

/* 64 alternatives of a PolicyPCR and localities. */
static void make_long(uint16_t hash, int localities)
{
	struct octets value = { .len = 64 };
	int i, j, k;

	memset(value.data, 0, sizeof(value.data));
	for (i = 0; i < 8; i++) {
		for (j = 0; j < 8; j++) {
			policy_start(&alternative[j], hash, NULL);
			for (k = 0; k < localities; k++)
				policy_locality(&alternative[j], 1 + i);
			value.data[0] = 8 * i + j;
			policy_pcr(&alternative[j], VAULT_SHA512, 16, &value);
		}
		policy_start(&group[i], hash, NULL);
		policy_or(&group[i], alternative, 8);
	}
	policy_start(&policy, hash, NULL);
	policy_or(&policy, group, 8);
}

/* Statements that hold, until the policy has so many octets. */
static void lengthen(size_t len)
{
	struct octets owner = vault_octets("\x40\0\0\1", 4), ref = { .len = 64 };

	memset(ref.data, 'r', sizeof(ref.data));
	while (policy.len < len)
		policy_secret(&policy, 0, &owner, &ref);
}

TEST_F(alternatives, policy_too_long_for_a_blob)
{
	struct env *e = &self->env;
	char *hex;

	make_long(VAULT_SHA512, 1);
	hex = seal(_metadata, e, &policy, "hash=sha512");
	EXPECT_LOADS(e, hex, "");
	free(hex);
	make_long(VAULT_SHA512, 2);
	EXPECT_GT(8192, policy.len + 4);
	lengthen(7900);
	refuse_seal(_metadata, e, -EINVAL, &policy, "hash=sha512");
	EXPECT_LOGGED(1, e, "the policy is too long for a blob of 8192 octets");
	lengthen(8192);
	refuse_seal(_metadata, e, -EINVAL, &policy, "hash=sha512");
	EXPECT_LOGGED(1, e, "policy: ");
}

/* --- policydigest= -------------------------------------------------------- */

static void make_two(struct __test_metadata *_metadata, struct env *e)
{
	struct octets value = { .len = 32 };

	memset(value.data, 0, 32);
	policy_start(&alternative[0], VAULT_SHA256, NULL);
	policy_pcr(&alternative[0], VAULT_SHA256, 16, &value);
	value.data[31] = 1;
	policy_start(&alternative[1], VAULT_SHA256, NULL);
	policy_pcr(&alternative[1], VAULT_SHA256, 16, &value);
	policy_or(&policy, alternative, 2);
}

#define ZERO	"0000000000000000000000000000000000000000000000000000000000000000"
#define ONE	"0000000000000000000000000000000000000000000000000000000000000001"

static char *seal_to_digest(struct __test_metadata *_metadata, struct env *e)
{
	char *digest = hex_encode(policy.digest, 32), *text, *hex;

	ASSERT_LT(0, asprintf(&text, "new 32 policydigest=%s", digest));
	hex = new_blob(_metadata, e, text);
	free(digest);
	free(text);
	return hex;
}

static void expect_untouched(struct __test_metadata *_metadata, struct env *e,
			     int err, const char *hex, const char *options)
{
	struct tpm_trace trace;

	EXPECT_EQ(err, load_traced(_metadata, e, hex, options, &trace)) {
		TH_LOG("%s", options);
	}
	EXPECT_EQ(0, trace.nr);
}

TEST_F(alternatives, of_a_digest)
{
	struct env *e = &self->env;
	char *hex;

	make_two(_metadata, e);
	hex = seal_to_digest(_metadata, e);
	EXPECT_LOADS(e, hex, "pcrs=16=" ZERO "|16=" ONE);
	expect_untouched(_metadata, e, -EKEYREJECTED, hex, "pcrs=16=" ONE "|16=" ZERO);
	expect_untouched(_metadata, e, -EKEYREJECTED, hex, "pcrs=16=" ZERO);
	expect_untouched(_metadata, e, -EINVAL, hex, "");
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "pcrs=16=" ONE "|16=" ZERO);
	EXPECT_LOGGED(1, e, "it is not the policy that the blob was sealed with");
	/* One to be read, the other given. */
	EXPECT_LOADS(e, hex, "pcrs=16|16=" ONE);
	EXTEND_16(e);
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "pcrs=16=" ZERO "|16=" ONE);
	EXPECT_LOGGED(1, e, "PCR sha256:16 is");
	free(hex);
}

TEST_F(alternatives, of_a_digest_by_policy)
{
	struct env *e = &self->env;
	char *hex, *options, *der;

	make_two(_metadata, e);
	hex = seal_to_digest(_metadata, e);
	der = policy_hex(&policy);
	ASSERT_LT(0, asprintf(&options, "policy=%s", der));
	EXPECT_LOADS(e, hex, options);
	free(options);
	free(der);
	policy_locality(&policy, 1);
	der = policy_hex(&policy);
	ASSERT_LT(0, asprintf(&options, "policy=%s", der));
	expect_untouched(_metadata, e, -EKEYREJECTED, hex, options);
	free(options);
	free(der);
	free(hex);
}

/* --- update --------------------------------------------------------------- */

TEST_F(alternatives, reseal)
{
	expect_same_key(_metadata, &self->env,
			"update pcrs=7,16|7+16=" ONE " blobauth=" RIGHT,
			"blobauth=" RIGHT);
	expect_same_key(_metadata, &self->env,
			"update hash=sha512 pcrs=16=" ONE "|7,16 blobauth=" RIGHT,
			"blobauth=" RIGHT);
}

TEST_F(alternatives, reseal_that_fails_changes_nothing)
{
	static const char *const bad[] = {
		"update pcrs=7|16", "update pcrs=7|", "update pcrs=7|7-5",
		"update policy=3000", "update policy=3004a0020000",
	};
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1 pcrs=7,16|7+16=" ONE);
	char *before = blob(_metadata, key), *after, *text;
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		EXPECT_EQ(-EINVAL, key_update(key, "%s", bad[i])) {
			TH_LOG("number %u", i);
		}
	make_long(VAULT_SHA512, 2);
	lengthen(7900);
	text = with_policy(_metadata, "update", &policy, "hash=sha512");
	EXPECT_EQ(-EINVAL, key_update(key, "%s", text));
	after = blob(_metadata, key);
	EXPECT_STREQ(before, after);
	EXPECT_LOADS(e, after, "");
	EXPECT_EQ(0, key_unlink(e->ring, key));
	free(text);
	free(before);
	free(after);
}

TEST_HARNESS_MAIN
