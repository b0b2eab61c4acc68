// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys that are sealed to PCRs open while the PCRs have those values; where they
 * do not, the log names the PCRs that differ.
 */
#include <sys/fsuid.h>

#include "fixture.h"
#include "sha256.h"
#include "user.h"

FIXTURE(pcr)
{
	struct env env;
};

FIXTURE_SETUP(pcr)
{
	env_open(_metadata, &self->env);
	ASSERT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	log_anew(_metadata, &self->env);
}

FIXTURE_TEARDOWN(pcr)
{
	EXPECT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	env_close(_metadata, &self->env);
}

/* Extends PCR 7 in the bank SHA-256; PCR 7 counts: pcrUpdateCounter moves. */
#define EXTEND(e, pcr)	\
	ASSERT_EQ(0, vault_pcr_extend((e)->tpm, VAULT_SHA256, pcr, 0xaa))

/* Refused, and the log names these PCRs ("sha256:7") and no other. */
static void expect_mismatch(struct __test_metadata *_metadata, struct env *e,
			    const char *hex, const char *options,
			    const char *first, const char *second)
{
	char text[64];

	refuse_load(_metadata, e, -EKEYREJECTED, hex, options);
	EXPECT_LOGGED(second ? 2 : 1, e, "trusted_key: PCR ");
	snprintf(text, sizeof(text), "PCR %s ", first);
	EXPECT_LOGGED(1, e, text);
	if (second) {
		snprintf(text, sizeof(text), "PCR %s ", second);
		EXPECT_LOGGED(1, e, text);
	}
}

TEST_F(pcr, opens_again_and_again)
{
	char *hex = new_blob(_metadata, &self->env, "new 32 pcrs=7,11");
	int i;

	for (i = 0; i < 5; i++)
		EXPECT_LOADS(&self->env, hex, "");
	free(hex);
}

TEST_F(pcr, other_pcrs_do_not_matter)
{
	char *hex = new_blob(_metadata, &self->env, "new 32 pcrs=7,11");

	EXTEND(&self->env, 8);
	EXTEND(&self->env, 16);
	EXPECT_LOADS(&self->env, hex, "");
	free(hex);
}

/* PCR 16 can be reset and does not count: now one, now the other. */
TEST_F(pcr, mismatch_names_counted_and_uncounted_pcrs)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=sha256:7,16");

	EXTEND(e, 16);
	expect_mismatch(_metadata, e, hex, "", "sha256:16", NULL);
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	EXPECT_LOADS(e, hex, "");
	EXTEND(e, 7);
	expect_mismatch(_metadata, e, hex, "", "sha256:7", NULL);
	EXTEND(e, 16);
	expect_mismatch(_metadata, e, hex, "", "sha256:7", "sha256:16");
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	expect_mismatch(_metadata, e, hex, "", "sha256:7", NULL);
	free(hex);
}

TEST_F(pcr, sealed_anew_it_opens)
{
	struct env *e = &self->env;
	char *old = new_blob(_metadata, e, "new 32 pcrs=7");
	char *hex;

	EXTEND(e, 7);
	hex = new_blob(_metadata, e, "new 32 pcrs=7");
	EXPECT_LOADS(e, hex, "");
	EXPECT_EQ(-EKEYREJECTED, load(e, old, ""));
	free(old);
	free(hex);
}

/* The same PCR in two banks, of which one was extended. */
TEST_F(pcr, mismatch_names_the_bank)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=sha256:7,16+sha384:7,16+sha1:7,16");

	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA384, 16, 0x11));
	expect_mismatch(_metadata, e, hex, "", "sha384:16", NULL);
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA1, 16, 0x11));
	expect_mismatch(_metadata, e, hex, "", "sha1:16", NULL);
	EXTEND(e, 16);
	expect_mismatch(_metadata, e, hex, "", "sha1:16", "sha256:16");
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

/* It says the step and the TPM's code, and what to do. */
TEST_F(pcr, mismatch_names_step_and_code)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16");

	EXTEND(e, 16);
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyPCR");
	EXPECT_LOGGED(1, e, "0x1c4");
	EXPECT_LOGGED(1, e, "reseal");
	free(hex);
}

/* Without [4] there is nothing to compare with, and the log says so. */
TEST_F(pcr, mismatch_without_description_names_none)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16 format=interop");

	EXTEND(e, 16);
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(0, e, "trusted_key: PCR ");
	EXPECT_LOGGED(2, e, "trusted_key: ");
	free(hex);
}

/* Anybody can write a description; only one that fits the policy is believed. */
TEST_F(pcr, forged_description_is_not_believed)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16");
	struct keyfile kf = parsed(_metadata, hex);
	uint8_t *digit = kf.description.data + strlen("pcrs=sha256:7,16=");

	ASSERT_NE(NULL, memmem(kf.description.data, kf.description.len,
			       "pcrs=sha256:7,16=", 17));
	*digit = *digit == '0' ? '1' : '0';
	free(hex);
	hex = keyfile_encode(&kf);
	EXPECT_LOADS(e, hex, "");
	EXTEND(e, 16);
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(0, e, "trusted_key: PCR ");
	free(hex);
}

/* --- values that are still to come ----------------------------------------- */

/* What PCR 7 will be after EXTEND. */
static char *next_value(struct __test_metadata *_metadata, struct env *e)
{
	uint8_t digest[SHA256_SIZE];
	struct octets value;
	struct sha256 s;

	ASSERT_EQ(0, vault_pcr_read(e->tpm, VAULT_SHA256, 7, &value));
	memset(digest, 0xaa, sizeof(digest));
	sha256_init(&s);
	sha256_update(&s, value.data, value.len);
	sha256_update(&s, digest, sizeof(digest));
	sha256_final(&s, digest);
	return hex_encode(digest, sizeof(digest));
}

static void expect_opens_after_extend(struct __test_metadata *_metadata,
				      struct env *e, const char *text)
{
	char *hex = new_blob(_metadata, e, text);

	expect_mismatch(_metadata, e, hex, "", "sha256:7", NULL);
	EXTEND(e, 7);
	EXPECT_LOADS(e, hex, "");
	EXTEND(e, 7);
	expect_mismatch(_metadata, e, hex, "", "sha256:7", NULL);
	free(hex);
}

TEST_F(pcr, future_value_opens_only_once_it_is_there)
{
	char *value = next_value(_metadata, &self->env);
	char text[256];

	snprintf(text, sizeof(text), "new 32 pcrs=7=%s", value);
	expect_opens_after_extend(_metadata, &self->env, text);
	free(value);
}

TEST_F(pcr, future_value_beside_a_present_one)
{
	char *value = next_value(_metadata, &self->env);
	char text[256];

	snprintf(text, sizeof(text), "new 32 pcrs=sha256:0,11+sha256:7=%s+sha384:0",
		 value);
	expect_opens_after_extend(_metadata, &self->env, text);
	free(value);
}

/* Values come in ascending order of the numbers, however the list goes. */
TEST_F(pcr, values_of_several_pcrs_are_in_ascending_order)
{
	struct env *e = &self->env;
	struct octets seven, zero;
	char text[256];
	char *a, *b, *hex;

	EXTEND(e, 7); /* so that it is not what PCR 0 is */
	ASSERT_EQ(0, vault_pcr_read(e->tpm, VAULT_SHA256, 0, &zero));
	ASSERT_EQ(0, vault_pcr_read(e->tpm, VAULT_SHA256, 7, &seven));
	a = hex_encode(zero.data, zero.len);
	b = hex_encode(seven.data, seven.len);
	snprintf(text, sizeof(text), "new 32 pcrs=7,0=%s%s", a, b);
	hex = new_blob(_metadata, e, text);
	EXPECT_LOADS(e, hex, "");
	free(hex);
	snprintf(text, sizeof(text), "new 32 pcrs=7,0=%s%s", b, a);
	hex = new_blob(_metadata, e, text);
	expect_mismatch(_metadata, e, hex, "", "sha256:0", "sha256:7");
	free(hex);
	free(a);
	free(b);
}

/* --- policydigest= -------------------------------------------------------- */

/* Sealed to the digest of a policy of PCR 7 as it is. */
static char *seal_to_digest(struct __test_metadata *_metadata, struct env *e)
{
	struct keyfile kf = { 0 };
	struct octets body, digest;
	char text[128];
	char *hex;

	ASSERT_EQ(0, vault_pcr_policy(e->tpm, 7, &body));
	keyfile_add_statement(&kf, 0x17f, body.data, body.len);
	digest = vault_policy_digest(&kf);
	hex = hex_encode(digest.data, digest.len);
	snprintf(text, sizeof(text), "new 32 policydigest=%s", hex);
	free(hex);
	return new_blob(_metadata, e, text);
}

TEST_F(pcr, policydigest_needs_its_policy)
{
	struct env *e = &self->env;
	char *hex = seal_to_digest(_metadata, e);
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_EQ(0, kf.fields & 1 << 1);
	EXPECT_EQ(32, policy_len_of(&kf));
	refuse_load(_metadata, e, -EINVAL, hex, "");
	EXPECT_LOGGED(1, e, "pcrs=");
	EXPECT_LOADS(e, hex, "pcrs=7");
	EXPECT_LOADS(e, hex, "pcrs=sha256:7");
	free(hex);
}

TEST_F(pcr, policydigest_must_be_that_of_the_policy)
{
	struct env *e = &self->env;
	char *hex = seal_to_digest(_metadata, e);

	refuse_load(_metadata, e, -EKEYREJECTED, hex, "pcrs=11");
	EXPECT_LOGGED(1, e, "pcrs=");
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "pcrs=sha384:7");
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "pcrs=7,11");
	EXPECT_LOADS(e, hex, "pcrs=7");
	free(hex);
}

/* Where all values are given, the TPM is not asked. */
TEST_F(pcr, policydigest_is_compared_before_the_tpm_is_touched)
{
	struct env *e = &self->env;
	char *hex = seal_to_digest(_metadata, e);
	char *value = next_value(_metadata, e);
	struct tpm_trace trace;
	char options[128];

	snprintf(options, sizeof(options), "pcrs=7=%s", value);
	ASSERT_EQ(0, tpm_trace_start());
	EXPECT_EQ(-EKEYREJECTED, load(e, hex, options));
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_EQ(0, trace.nr);
	EXPECT_EQ(-EINVAL, load(e, hex, ""));
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_EQ(0, trace.nr);
	EXPECT_LOADS(e, hex, "pcrs=7");
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_LT(0, trace.nr);
	tpm_trace_stop();
	free(value);
	free(hex);
}

/* The right policy, but the PCR has moved on. */
TEST_F(pcr, policydigest_with_values_that_are_no_more)
{
	struct env *e = &self->env;
	struct octets value;
	char options[128];
	char *hex, *was;

	ASSERT_EQ(0, vault_pcr_read(e->tpm, VAULT_SHA256, 7, &value));
	hex = seal_to_digest(_metadata, e);
	was = hex_encode(value.data, value.len);
	snprintf(options, sizeof(options), "pcrs=7=%s", was);
	EXPECT_LOADS(e, hex, options);
	EXTEND(e, 7);
	expect_mismatch(_metadata, e, hex, options, "sha256:7", NULL);
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "pcrs=7");
	free(was);
	free(hex);
}

/* pcrs= is for blobs that do not know. */
TEST_F(pcr, blob_with_a_policy_takes_no_other)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7");
	char *plain = new_blob(_metadata, e, "new 32");

	refuse_load(_metadata, e, -EINVAL, hex, "pcrs=7");
	EXPECT_LOGGED(1, e, "pcrs=");
	refuse_load(_metadata, e, -EINVAL, plain, "pcrs=7");
	EXPECT_LOGGED(1, e, "pcrs=");
	free(hex);
	free(plain);
}

/* --- pcrlock= ------------------------------------------------------------- */

static struct octets pcr_value(struct __test_metadata *_metadata,
			       struct env *e, uint16_t bank)
{
	struct octets value;

	ASSERT_EQ(0, vault_pcr_read(e->tpm, bank, 16, &value));
	return value;
}

TEST_F(pcr, pcrlock_extends_after_success)
{
	static const uint16_t bank[] = { VAULT_SHA1, VAULT_SHA256, VAULT_SHA384, VAULT_SHA512 };
	struct octets before[4], after;
	struct env *e = &self->env;
	char *hex;
	int i;

	for (i = 0; i < 4; i++)
		before[i] = pcr_value(_metadata, e, bank[i]);
	hex = new_blob(_metadata, e, "new 32 pcrs=sha256:7,16 pcrlock=16");
	for (i = 0; i < 4; i++) {
		after = pcr_value(_metadata, e, bank[i]);
		EXPECT_FALSE(same_octets(&before[i], &after));
	}
	expect_mismatch(_metadata, e, hex, "", "sha256:16", NULL);
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	EXPECT_LOADS(e, hex, "pcrlock=16");
	EXPECT_EQ(-EKEYREJECTED, load(e, hex, ""));
	free(hex);
}

TEST_F(pcr, pcrlock_does_not_extend_after_failure)
{
	struct env *e = &self->env;
	struct octets before = pcr_value(_metadata, e, VAULT_SHA256), after;

	EXPECT_EQ(-EINVAL, key_add(e->ring, "no", "new 32 pcrs=23 pcrlock=16"));
	EXPECT_EQ(-EINVAL, key_add(e->ring, "no", "new 31 pcrlock=16"));
	EXPECT_EQ(-EINVAL, key_add(e->ring, "no", "update pcrlock=16"));
	add(_metadata, e, "yes", "new 32");
	EXPECT_EQ(-EINVAL, key_add(e->ring, "yes", "new 32 pcrlock=16"));
	after = pcr_value(_metadata, e, VAULT_SHA256);
	EXPECT_TRUE(same_octets(&before, &after));
}

/*
 * It is the very last step.  The key is charged to a user who has none, for of
 * root's there may be some that are about to be collected.
 */
TEST_F(pcr, pcrlock_does_not_extend_without_quota)
{
	struct env *e = &self->env;
	struct octets before = pcr_value(_metadata, e, VAULT_SHA256), after;
	long limit = file_number(MAXBYTES);
	int ret;

	ASSERT_LT(0, limit);
	ASSERT_TRUE(quota_becomes(USER, 0));
	ASSERT_EQ(0, file_write_number(MAXBYTES, 300));
	setfsuid(USER);
	ret = key_add(e->ring, "no", "new 32 pcrs=7 pcrlock=16");
	setfsuid(0);
	ASSERT_EQ(0, file_write_number(MAXBYTES, limit));
	EXPECT_EQ(-EDQUOT, ret);
	EXPECT_EQ(0, key_count(e->ring));
	after = pcr_value(_metadata, e, VAULT_SHA256);
	EXPECT_TRUE(same_octets(&before, &after));
}

TEST_HARNESS_MAIN
