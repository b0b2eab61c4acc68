// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for the meaning of response codes, in numbers as a TPM sends
 * them: 0x1c4 is TPM_RC_VALUE at parameter 1, 0x18b TPM_RC_HANDLE at handle 1,
 * 0x98e TPM_RC_AUTH_FAIL at session 1.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../verdict.h"

#define NR_STEPS	(TPK_STEP_PCR_EXTEND + 1)

/* The same with and without an authorization value. */
static const struct {
	enum tpk_step step;
	u32 rc;
	int err;
	const char *cause;
	const char *cure;
} verdicts[] = {
	/* policy */
	{ TPK_STEP_POLICY_PCR, 0x1c4, -EKEYREJECTED, "PCR policy not met", "reseal" },
	{ TPK_STEP_UNSEAL, 0x99d, -EKEYREJECTED, "policy not met", "reseal" },
	{ TPK_STEP_UNSEAL, 0x12f, -EKEYREJECTED, "policy only", "pcrs=" },
	{ TPK_STEP_UNSEAL, 0x918, -ENOKEY, "not loaded", "/dev/tpm0" },
	{ TPK_STEP_UNSEAL, 0x98b, -ENOKEY, "no policy session", "/dev/tpm0" },
	{ TPK_STEP_UNSEAL, 0x982, -EINVAL, "trial session", "policy session" },
	{ TPK_STEP_LOAD, 0x918, -EIO, "refused", "look" },
	{ TPK_STEP_POLICY_PCR, 0x128, -EBUSY, "PCRs changed", "again" },
	{ TPK_STEP_UNSEAL, 0x128, -EBUSY, "PCRs changed", "again" },
	{ TPK_STEP_POLICY_PCR, 0x2c3, -EOPNOTSUPP, "algorithm", "bank" },
	{ TPK_STEP_POLICY_PCR, 0x2c4, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x1c4, -EBADMSG, "cannot make", "damaged" },
	{ TPK_STEP_POLICY_AUTHVALUE, 0x1c4, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x99d, -EIO, "refused", "look" },
	{ TPK_STEP_POLICY_LOCALITY, 0x1cd, -EKEYREJECTED, "no locality", "new key" },
	{ TPK_STEP_UNSEAL, 0x907, -EKEYREJECTED, "another locality", "new key" },
	{ TPK_STEP_POLICY_LOCALITY, 0x107, -EIO, "refused", "look" },
	{ TPK_STEP_POLICY_OR, 0x1c4, -EKEYREJECTED, "not what it was", "new key" },
	/* what is compared, and until when */
	{ TPK_STEP_POLICY_NV, 0x126, -EKEYREVOKED, "moved on", "new key" },
	{ TPK_STEP_POLICY_NV, 0x148, -EKEYREVOKED, "locked", "before" },
	{ TPK_STEP_POLICY_NV, 0x14a, -EKEYREVOKED, "made anew", "new key" },
	{ TPK_STEP_POLICY_NV, 0x18b, -EKEYREVOKED, "gone", "new key" },
	{ TPK_STEP_POLICY_NV, 0x28b, -EKEYREVOKED, "gone", "new key" },
	{ TPK_STEP_POLICY_COUNTER_TIMER, 0x126, -EKEYEXPIRED, "are over", "new key" },
	{ TPK_STEP_POLICY_SIGNED, 0x4e3, -EKEYEXPIRED, "expired", "signer again" },
	{ TPK_STEP_UNSEAL, 0x9a3, -EKEYEXPIRED, "expired", "signer again" },
	{ TPK_STEP_POLICY_PCR, 0x126, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x4e3, -EBADMSG, "cannot make", "damaged" },
	/* signatures */
	{ TPK_STEP_POLICY_SIGNED, 0x1cf, -ENOKEY, "another session", "signer again" },
	{ TPK_STEP_POLICY_SIGNED, 0x5db, -ENOKEY, "another key", "signer again" },
	{ TPK_STEP_VERIFY_SIGNATURE, 0x2db, -ENOKEY, "another key", "authpolicy=" },
	{ TPK_STEP_LOAD_EXTERNAL, 0x2c4, -EOPNOTSUPP, "this size", "2048" },
	{ TPK_STEP_LOAD_EXTERNAL, 0x2c7, -EOPNOTSUPP, "this size", "2048" },
	{ TPK_STEP_POLICY_AUTHORIZE, 0x1c4, -EKEYREJECTED, "not what it was", "new key" },
	{ TPK_STEP_POLICY_AUTHORIZE, 0x4c4, -EIO, "refused", "look" },
	/* other authorizations */
	{ TPK_STEP_POLICY_SECRET, 0x18b, -ENOKEY, "is gone", "new key" },
	{ TPK_STEP_POLICY_SECRET, 0x12f, -EACCES, "cannot be given", "new key" },
	{ TPK_STEP_POLICY_NV, 0x12f, -EACCES, "cannot be given", "new key" },
	/* blob */
	{ TPK_STEP_LOAD, 0x1df, -EREMOTE, "another TPM or parent", "sealed" },
	{ TPK_STEP_LOAD, 0x1e5, -EREMOTE, "do not belong together", "as it was sealed" },
	{ TPK_STEP_LOAD, 0x2e5, -EREMOTE, "do not belong together", "as it was sealed" },
	{ TPK_STEP_UNSEAL, 0x1df, -EIO, "refused", "look" },
	{ TPK_STEP_CREATE, 0x1df, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x1d5, -EBADMSG, "cannot make", "damaged" },
	{ TPK_STEP_LOAD, 0x2c2, -EBADMSG, "cannot make", "damaged" },
	/* parent */
	{ TPK_STEP_LOAD, 0x18b, -ENOKEY, "does not exist", "keyhandle=" },
	{ TPK_STEP_LOAD, 0x184, -ENOKEY, "does not exist", "keyhandle=" },
	{ TPK_STEP_CREATE, 0x18b, -ENOKEY, "does not exist", "keyhandle=" },
	{ TPK_STEP_CREATE, 0x184, -ENOKEY, "does not exist", "keyhandle=" },
	{ TPK_STEP_PARENT_READ, 0x18b, -ENOKEY, "does not exist", "keyhandle=" },
	{ TPK_STEP_PARENT_READ, 0x184, -ENOKEY, "does not exist", "keyhandle=" },
	{ TPK_STEP_SESSION, 0x18b, -ENOKEY, "does not exist", "keyhandle=" },
	{ TPK_STEP_LOAD, 0x18a, -ENOKEY, "not a storage key", "keyhandle=" },
	{ TPK_STEP_CREATE, 0x18a, -ENOKEY, "not a storage key", "keyhandle=" },
	{ TPK_STEP_LOAD, 0x12f, -EACCES, "by a policy only", "keyhandle=" },
	{ TPK_STEP_UNSEAL, 0x18b, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x1cb, -EBADMSG, "cannot make", "damaged" },
	{ TPK_STEP_LOAD, 0x28b, -EIO, "refused", "look" },
	{ TPK_STEP_PARENT_DERIVE, 0x185, -ENOKEY, "hierarchy is disabled", "firmware" },
	{ TPK_STEP_PARENT_DERIVE, 0x085, -ENOKEY, "hierarchy is disabled", "firmware" },
	{ TPK_STEP_LOAD, 0x185, -ENOKEY, "hierarchy is disabled", "firmware" },
	{ TPK_STEP_CREATE, 0x085, -ENOKEY, "hierarchy is disabled", "firmware" },
	/* what the TPM lacks */
	{ TPK_STEP_UNSEAL, 0x143, -EOPNOTSUPP, "lacks the command", "firmware" },
	{ TPK_STEP_CREATE, 0x2c3, -EOPNOTSUPP, "algorithm", "hash=" },
	{ TPK_STEP_SESSION, 0x4c3, -EOPNOTSUPP, "algorithm", "hash=" },
	{ TPK_STEP_SESSION, 0x4d6, -EOPNOTSUPP, "algorithm", "parent" },
	{ TPK_STEP_PCR_READ, 0x1c3, -EOPNOTSUPP, "algorithm", "bank" },
	{ TPK_STEP_PARENT_DERIVE, 0x2e6, -EOPNOTSUPP, "algorithm", "parent" },
	{ TPK_STEP_PARENT_DERIVE, 0x2c1, -EOPNOTSUPP, "algorithm", "parent" },
	{ TPK_STEP_PARENT_DERIVE, 0x2d6, -EOPNOTSUPP, "algorithm", "parent" },
	{ TPK_STEP_PARENT_DERIVE, 0x2ca, -EOPNOTSUPP, "algorithm", "keyhandle=" },
	{ TPK_STEP_PCR_EXTEND, 0x907, -EIO, "extend this PCR", "pcrlock=" },
	/* an HMAC that is not the authorization's */
	{ TPK_STEP_LOAD, 0xa8e, -EIO, "session's proof", "way to the TPM" },
	{ TPK_STEP_LOAD, 0xaa2, -EIO, "session's proof", "way to the TPM" },
	{ TPK_STEP_CREATE, 0xb8e, -EIO, "session's proof", "way to the TPM" },
	{ TPK_STEP_PCR_READ, 0x98e, -EIO, "session's proof", "way to the TPM" },
	{ TPK_STEP_POLICY_PCR, 0x9a2, -EIO, "session's proof", "way to the TPM" },
	/* codes that look like others, and nonsense */
	{ TPK_STEP_LOAD, 0x909, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x910, -EIO, "refused", "look" },
	{ TPK_STEP_UNSEAL, 0x98b, -ENOKEY, "no policy session", "/dev/tpm0" },
	{ TPK_STEP_UNSEAL, 0x982, -EINVAL, "trial session", "policy session" },
	{ TPK_STEP_LOAD, 0x918, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x121, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x021, -EIO, "refused", "look" },
	{ TPK_STEP_UNSEAL, 0x107, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x1000921, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0xb0902, -EIO, "refused", "look" },
	{ TPK_STEP_LOAD, 0x800001df, -EIO, "refused", "look" },
	{ TPK_STEP_UNSEAL, 0xffffffff, -EIO, "refused", "look" },
	{ TPK_STEP_UNSEAL, 0x000, -EIO, "refused", "look" },
};

static void expect(struct kunit *test, enum tpk_step step, u32 rc, bool secret,
		   int err, const char *cause, const char *cure)
{
	struct tpk_verdict v = tpk_verdict(step, rc, secret);

	KUNIT_EXPECT_EQ_MSG(test, v.err, err, "%s 0x%x", tpk_step_name(step), rc);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(v.cause, cause), "%s 0x%x: %s",
			      tpk_step_name(step), rc, v.cause);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(v.cure, cure), "%s 0x%x: %s",
			      tpk_step_name(step), rc, v.cure);
}

static void the_step_decides(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		expect(test, verdicts[i].step, verdicts[i].rc, false,
		       verdicts[i].err, verdicts[i].cause, verdicts[i].cure);
		expect(test, verdicts[i].step, verdicts[i].rc, true,
		       verdicts[i].err, verdicts[i].cause, verdicts[i].cure);
	}
	kunit_info(test, "%zu verdicts", i);
}

static void the_condition_of_the_tpm_is_told_at_any_step(struct kunit *test)
{
	static const struct {
		u32 rc;
		int err;
		const char *cause;
	} conditions[] = {
		{ 0x921, -EAGAIN, "lockout" },
		{ 0x901, -EBUSY, "oldest saved session" },
		{ 0x902, -EBUSY, "room for one more object" },
		{ 0x903, -EBUSY, "room for one more session" },
		{ 0x904, -EBUSY, "memory" },
		{ 0x905, -EBUSY, "room for one more session" },
		{ 0x906, -EBUSY, "room for one more object" },
		{ 0x908, -EBUSY, "busy" },
		{ 0x90a, -EBUSY, "testing" },
		{ 0x920, -EBUSY, "limits writes" },
		{ 0x922, -EBUSY, "busy" },
		{ 0x923, -EBUSY, "cannot write" },
		{ 0x100, -EIO, "not started" },
		{ 0x101, -EIO, "failure mode" },
		{ 0x143, -EOPNOTSUPP, "lacks the command" },
		{ 0x083, -EOPNOTSUPP, "algorithm" },
		{ 0x2c3, -EOPNOTSUPP, "algorithm" },
		{ 0x0a6, -EOPNOTSUPP, "algorithm" },
		{ 0x081, -EOPNOTSUPP, "algorithm" },
		{ 0x096, -EOPNOTSUPP, "algorithm" },
		{ 0x185, -ENOKEY, "disabled" },
	};
	size_t i, step;

	for (i = 0; i < ARRAY_SIZE(conditions); i++)
		for (step = 0; step < NR_STEPS; step++)
			expect(test, step, conditions[i].rc, i & 1,
			       conditions[i].err, conditions[i].cause, "");
}

static void wrong_authorization_is_told_from_a_missing_one(struct kunit *test)
{
	static const enum tpk_step steps[] = {
		TPK_STEP_LOAD, TPK_STEP_CREATE, TPK_STEP_PARENT_DERIVE,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		expect(test, steps[i], 0x98e, true, -EACCES, "lockout", "check keyauth=");
		expect(test, steps[i], 0x9a2, true, -EACCES, "is wrong", "check keyauth=");
		expect(test, steps[i], 0x98e, false, -EACCES, "wants", "with keyauth=");
		expect(test, steps[i], 0x9a2, false, -EACCES, "wants", "with keyauth=");
	}
	for (i = TPK_STEP_POLICY_NV; i <= TPK_STEP_POLICY_SECRET; i++) {
		expect(test, i, 0x98e, true, -EACCES, "lockout", "check secretauth=");
		expect(test, i, 0x9a2, true, -EACCES, "is wrong", "check secretauth=");
		expect(test, i, 0x98e, false, -EACCES, "policy wants", "with secretauth=");
		expect(test, i, 0x9a2, false, -EACCES, "policy wants", "with secretauth=");
	}
	expect(test, TPK_STEP_UNSEAL, 0x98e, true, -EACCES, "lockout", "check blobauth=");
	expect(test, TPK_STEP_UNSEAL, 0x9a2, true, -EACCES, "is wrong", "check blobauth=");
	expect(test, TPK_STEP_UNSEAL, 0x98e, false, -EIO, "proof", "give blobauth=");
	expect(test, TPK_STEP_UNSEAL, 0x9a2, false, -EIO, "proof", "give blobauth=");
}

static void every_code_has_a_verdict(struct kunit *test)
{
	size_t step;
	u32 rc;

	for (step = 0; step < NR_STEPS; step++) {
		for (rc = 0; rc <= 0x1000; rc++) {
			struct tpk_verdict v = tpk_verdict(step, rc, rc & 1);

			KUNIT_EXPECT_LT(test, v.err, 0);
			KUNIT_ASSERT_NOT_NULL(test, v.cause);
			KUNIT_ASSERT_NOT_NULL(test, v.cure);
			KUNIT_EXPECT_NE(test, *v.cause, '\0');
			KUNIT_EXPECT_NE(test, *v.cure, '\0');
		}
	}
}

static void statements_have_steps_of_their_names(struct kunit *test)
{
	static const struct {
		u32 code;
		const char *name;
	} steps[] = {
		{ 0x17f, "PolicyPCR" }, { 0x16b, "PolicyAuthValue" }, { 0x171, "PolicyOR" },
		{ 0x16d, "PolicyCounterTimer" }, { 0x16f, "PolicyLocality" },
		{ 0x149, "PolicyNV" }, { 0x151, "PolicySecret" }, { 0x160, "PolicySigned" },
		{ 0x16a, "PolicyAuthorize" }, { 0x15e, "StartAuthSession" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		KUNIT_EXPECT_STREQ(test, tpk_step_name(tpk_step_of_policy(steps[i].code)),
				   steps[i].name);
}

static void steps_have_the_names_of_their_commands(struct kunit *test)
{
	size_t step;

	for (step = 0; step < NR_STEPS; step++)
		KUNIT_EXPECT_NOT_NULL(test, tpk_step_name(step));
	KUNIT_EXPECT_STREQ(test, tpk_step_name(TPK_STEP_PARENT_DERIVE), "CreatePrimary");
	KUNIT_EXPECT_STREQ(test, tpk_step_name(TPK_STEP_SESSION), "StartAuthSession");
	KUNIT_EXPECT_STREQ(test, tpk_step_name(TPK_STEP_PCR_EXTEND), "PCR_Extend");
}

static struct kunit_case verdict_cases[] = {
	KUNIT_CASE(the_step_decides),
	KUNIT_CASE(the_condition_of_the_tpm_is_told_at_any_step),
	KUNIT_CASE(wrong_authorization_is_told_from_a_missing_one),
	KUNIT_CASE(every_code_has_a_verdict),
	KUNIT_CASE(statements_have_steps_of_their_names),
	KUNIT_CASE(steps_have_the_names_of_their_commands),
	{}
};

static struct kunit_suite verdict_suite = {
	.name = "tpk_verdict",
	.test_cases = verdict_cases,
};

kunit_test_suite(verdict_suite);
