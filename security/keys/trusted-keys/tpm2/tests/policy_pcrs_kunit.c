// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for the policy that pcrs= stands for.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "../policy.h"

#define ZEROES_32 \
	"0000000000000000000000000000000000000000000000000000000000000000"

/* PolicyPCR of sha256:7 = 0, as the vector k2 has it; SHA-256 of 32 zeroes. */
static const u8 pcr_7_zero[] = {
	0x00, 0x00, 0x00, 0x01, 0x00, 0x0b, 0x03, 0x80, 0x00, 0x00,
	0x66, 0x68, 0x7a, 0xad, 0xf8, 0x62, 0xbd, 0x77, 0x6c, 0x8f, 0xc1, 0x8b,
	0x8e, 0x9f, 0x8e, 0x20, 0x08, 0x97, 0x14, 0x85, 0x6e, 0xe2, 0x33, 0xb3,
	0x90, 0x2a, 0x59, 0x1d, 0x0d, 0x5f, 0x29, 0x25,
};

static struct tpk_pcrs *parse(struct kunit *test, const char *text)
{
	struct tpk_pcrs *pcrs = kunit_kzalloc(test, sizeof(*pcrs), GFP_KERNEL);
	const char *what;

	KUNIT_ASSERT_EQ(test, tpk_pcrs_parse(tpm2_bytes(text, strlen(text)),
					     pcrs, &what), 0);
	return pcrs;
}

static void pcrs_become_a_policypcr(struct kunit *test)
{
	struct tpk_pcrs *pcrs = parse(test, "sha256:7=" ZEROES_32);
	u8 body[TPK_PCR_BODY_SIZE];
	struct tpk_policy policy;

	KUNIT_EXPECT_EQ(test, tpk_policy_from_pcrs(&policy, pcrs, false,
						   TPM_ALG_ID_SHA256, body), 0);
	KUNIT_ASSERT_EQ(test, policy.nr, 1);
	KUNIT_EXPECT_EQ(test, policy.statement[0].code, TPM_CC_PolicyPCR);
	KUNIT_ASSERT_EQ(test, policy.statement[0].body.len, sizeof(pcr_7_zero));
	KUNIT_EXPECT_MEMEQ(test, policy.statement[0].body.data, pcr_7_zero,
			   sizeof(pcr_7_zero));
}

static void an_authorization_comes_behind_it(struct kunit *test)
{
	struct tpk_pcrs *pcrs = parse(test, "sha256:7=" ZEROES_32);
	u8 body[TPK_PCR_BODY_SIZE];
	struct tpk_policy policy;

	KUNIT_EXPECT_EQ(test, tpk_policy_from_pcrs(&policy, pcrs, true,
						   TPM_ALG_ID_SHA256, body), 0);
	KUNIT_ASSERT_EQ(test, policy.nr, 2);
	KUNIT_EXPECT_EQ(test, policy.statement[1].code, TPM_CC_PolicyAuthValue);
	KUNIT_EXPECT_EQ(test, policy.statement[1].body.len, 0);
	KUNIT_EXPECT_TRUE(test, tpk_policy_needs_auth(&policy));
}

static void all_banks_fit_into_the_body(struct kunit *test)
{
	struct tpk_pcrs *pcrs = parse(test, "sha1:0-23+0-23+sha384:0-23+sha512:0-23");
	u8 body[TPK_PCR_BODY_SIZE];
	struct tpk_policy policy;
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++)
		pcrs->bank[i].known = pcrs->bank[i].selected;
	KUNIT_EXPECT_EQ(test, tpk_policy_from_pcrs(&policy, pcrs, false,
						   TPM_ALG_ID_SHA512, body), 0);
	KUNIT_EXPECT_EQ(test, policy.statement[0].body.len, sizeof(body));
}

static void values_must_be_known(struct kunit *test)
{
	struct tpk_pcrs *pcrs = parse(test, "7=" ZEROES_32 "+11");
	u8 body[TPK_PCR_BODY_SIZE];
	struct tpk_policy policy;

	KUNIT_EXPECT_EQ(test, tpk_policy_from_pcrs(&policy, pcrs, false,
						   TPM_ALG_ID_SHA256, body),
			-ENODATA);
	KUNIT_EXPECT_EQ(test, policy.nr, 0);
}

static void the_hash_must_be_known(struct kunit *test)
{
	struct tpk_pcrs *pcrs = parse(test, "7=" ZEROES_32);
	u8 body[TPK_PCR_BODY_SIZE];
	struct tpk_policy policy;

	KUNIT_EXPECT_EQ(test, tpk_policy_from_pcrs(&policy, pcrs, false,
						   TPM_ALG_ID_NULL, body),
			-EOPNOTSUPP);
}

static struct kunit_case policy_pcrs_cases[] = {
	KUNIT_CASE(pcrs_become_a_policypcr),
	KUNIT_CASE(an_authorization_comes_behind_it),
	KUNIT_CASE(all_banks_fit_into_the_body),
	KUNIT_CASE(values_must_be_known),
	KUNIT_CASE(the_hash_must_be_known),
	{}
};

static struct kunit_suite policy_pcrs_suite = {
	.name = "trusted_policy_pcrs",
	.test_cases = policy_pcrs_cases,
};

kunit_test_suite(policy_pcrs_suite);
