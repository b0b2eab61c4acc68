// SPDX-License-Identifier: GPL-2.0-only
/* KUnit cases for the bodies of policy statements: read, written, refused. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "../assertion.h"
#include "policy_parts.h"

static int decode(struct kunit *test, u32 code, const char *body,
		  struct tpk_assertion *a, const char **what)
{
	struct tpk_statement st = { .code = code, .body = hex_exact(test, body) };

	return tpk_assertion_decode(&st, TPM_ALG_ID_SHA256, a, what);
}

static const struct good {
	const char *name;
	u32 code;
	const char *body;
} good[] = {
	{ "pcr", TPM_CC_PolicyPCR, PCR_7 },
	{ "pcr_now", TPM_CC_PolicyPCR, PCR_7_NOW },
	{ "authvalue", TPM_CC_PolicyAuthValue, "" },
	{ "authorize_ecc", TPM_CC_PolicyAuthorize, ECC_KEY "0000 0010" },
	{ "authorize_rsa", TPM_CC_PolicyAuthorize, RSA_KEY "0003 726566 0010" },
	{ "authorize_ref_64", TPM_CC_PolicyAuthorize, ECC_KEY "0040 " ONES_64 "0010" },
	{ "authorize_signed_ecc", TPM_CC_PolicyAuthorize, ECC_KEY "0000 " ECDSA },
	{ "authorize_signed_rsa", TPM_CC_PolicyAuthorize, RSA_KEY "0001 ff " RSASSA },
	{ "counter_timer", TPM_CC_PolicyCounterTimer, "00000000000f4240 0008 0009" },
	{ "counter_timer_1", TPM_CC_PolicyCounterTimer, "01 0018 0000" },
	{ "counter_timer_25", TPM_CC_PolicyCounterTimer, ONES_16 "111111111111111111 0000 000b" },
	{ "locality_0", TPM_CC_PolicyLocality, "01" },
	{ "locality_all", TPM_CC_PolicyLocality, "1f" },
	{ "locality_255", TPM_CC_PolicyLocality, "ff" },
	{ "nv", TPM_CC_PolicyNV,
	  "01800001 01800001 0022 " NAME_0 "0008 0000000000000001 0000 0000" },
	{ "nv_owner", TPM_CC_PolicyNV, "40000001 01ffffff 0022 " NAME_0 "0001 ff ffff 000b" },
	{ "nv_platform", TPM_CC_PolicyNV,
	  "4000000c 01000000 0022 " NAME_0 "0040 " ONES_64 "0000 0009" },
	{ "secret_owner", TPM_CC_PolicySecret, "00000000 0004 40000001 0000" },
	{ "secret_hinted", TPM_CC_PolicySecret, "4000000b 0004 4000000b 0002 0102" },
	{ "secret_lockout", TPM_CC_PolicySecret, "00000000 0004 4000000a 0000" },
	{ "secret_persistent", TPM_CC_PolicySecret, "81000001 0022 " NAME_0 "0000" },
	{ "secret_nv", TPM_CC_PolicySecret, "01800001 0022 " NAME_0 "0000" },
	{ "signed_key", TPM_CC_PolicySigned, ECC_KEY "0000 00000000" },
	{ "signed_name", TPM_CC_PolicySigned, "0000 0022 " NAME_0 "0003 726566 0000003c" },
	{ "signed_expires_late", TPM_CC_PolicySigned, RSA_KEY "0000 7fffffff" },
};

KUNIT_ARRAY_PARAM_DESC(good, good, name);

static void body_comes_back(struct kunit *test)
{
	const struct good *c = test->param_value;
	struct tpm2_bytes body = hex_exact(test, c->body);
	u8 *out = kunit_kzalloc(test, body.len + 1, GFP_KERNEL);
	struct tpm2_writer w = tpm2_writer(out, body.len + 1);
	struct tpk_assertion a;
	const char *what = "";

	KUNIT_ASSERT_EQ_MSG(test, decode(test, c->code, c->body, &a, &what), 0, "%s", what);
	KUNIT_EXPECT_EQ(test, a.code, c->code);
	tpk_assertion_put(&w, &a);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpm2_written(&w), body));
}

#define PCR		TPM_CC_PolicyPCR
#define AUTHVALUE	TPM_CC_PolicyAuthValue
#define AUTHORIZE	TPM_CC_PolicyAuthorize
#define TIMER		TPM_CC_PolicyCounterTimer
#define LOCALITY	TPM_CC_PolicyLocality
#define NV		TPM_CC_PolicyNV
#define SECRET		TPM_CC_PolicySecret
#define SIGNED		TPM_CC_PolicySigned
#define BAD		-EBADMSG
#define UNKNOWN		-EOPNOTSUPP

/* By their numbers in what the test says. */
static const struct bad {
	u32 code;
	const char *body;
	int err;
	const char *piece;
} bads[] = {
	{ PCR, "", BAD, "PolicyPCR" },
	{ PCR, "00000000", BAD, "PolicyPCR" },
	{ PCR, "00000001 000b 03 800000", BAD, "PolicyPCR" },
	{ PCR, "00000001 000b 03 800000 " ZERO_16, BAD, "PolicyPCR" },
	{ PCR, PCR_7 "00", BAD, "PolicyPCR" },
	{ PCR, "0000 00000001 000b 05 8000000000", BAD, "PolicyPCR" },
	{ PCR, "0010 " ZERO_16 "00000001 000b 03 800000", BAD, "PolicyPCR" },
	{ AUTHVALUE, "00", BAD, "PolicyAuthValue with a body" },
	/* PolicyAuthorize */
	{ AUTHORIZE, "", BAD, "PolicyAuthorize" },
	{ AUTHORIZE, "0000 0000 0010", BAD, "PolicyAuthorize" },
	{ AUTHORIZE, ECC_KEY, BAD, "PolicyAuthorize" },
	{ AUTHORIZE, ECC_KEY "0000", BAD, "signature" },
	{ AUTHORIZE, ECC_KEY "0000 00", BAD, "signature" },
	{ AUTHORIZE, ECC_KEY "0000 0010 00", BAD, "PolicyAuthorize" },
	{ AUTHORIZE, ECC_KEY "0041 " ONES_64 "11 0010", BAD, "PolicyAuthorize" },
	{ AUTHORIZE, ECC_KEY "0001 0010", BAD, "signature" },
	{ AUTHORIZE, ECC_KEY "0000 " ECDSA "00", BAD, "PolicyAuthorize" },
	{ AUTHORIZE, ECC_KEY "0000 0018 000b 0001 01", BAD, "signature" },
	{ AUTHORIZE, ECC_KEY "0000 0018 000b 0000 0001 02", BAD, "signature" },
	{ AUTHORIZE, ECC_KEY "0000 0018 000b 0001 01 0000", BAD, "signature" },
	{ AUTHORIZE, ECC_KEY "0000 0018 000c 0001 01 0001 02", BAD, "algorithm or hash" },
	{ AUTHORIZE, ECC_KEY "0000 " RSASSA, BAD, "algorithm or hash" },
	{ AUTHORIZE, RSA_KEY "0000 " ECDSA, BAD, "algorithm or hash" },
	{ AUTHORIZE, RSA_KEY "0000 0014 0004 0001 01", BAD, "algorithm or hash" },
	{ AUTHORIZE, RSA_KEY "0000 0016 000b 0001 01", UNKNOWN, "RSASSA or ECDSA" },
	{ AUTHORIZE, ECC_KEY "0000 0005 000b " ZERO_32, UNKNOWN, "RSASSA or ECDSA" },
	/* keys */
	{ AUTHORIZE, "0055 " ECC_AREA "0000 0010", BAD, "public key" },
	{ AUTHORIZE, "0057 " ECC_AREA "00 0000 0010", BAD, "public key" },
	{ AUTHORIZE, "0002 0023 0000 0010", BAD, "public key" },
	{ AUTHORIZE, "0056 0023 000b 00020040 0000 0010 0010 0003 0010 0020 " ONES_32
	  "0020 " ZERO_32 "0000 0010", BAD, "not for signatures" },
	{ AUTHORIZE, "0056 0025 000b 00060040 0000 0010 0010 0003 0010 0020 " ONES_32
	  "0020 " ZERO_32 "0000 0010", UNKNOWN, "RSA (2048" },
	{ AUTHORIZE, "0056 0023 0012 00060040 0000 0010 0010 0003 0010 0020 " ONES_32
	  "0020 " ZERO_32 "0000 0010", UNKNOWN, "RSA (2048" },
	{ AUTHORIZE, "0056 0023 000b 00060040 0000 0006 0010 0003 0010 0020 " ONES_32
	  "0020 " ZERO_32 "0000 0010", UNKNOWN, "RSA (2048" },
	{ AUTHORIZE, "0056 0023 000b 00060040 0000 0010 001a 0003 0010 0020 " ONES_32
	  "0020 " ZERO_32 "0000 0010", UNKNOWN, "RSA (2048" },
	{ AUTHORIZE, "0056 " ECC_HEAD "0004 0010 0020 " ONES_32 "0020 " ZERO_32 "0000 0010",
	  UNKNOWN, "RSA (2048" },
	{ AUTHORIZE, "0056 " ECC_HEAD "0003 0020 0020 " ONES_32 "0020 " ZERO_32 "0000 0010",
	  UNKNOWN, "RSA (2048" },
	{ AUTHORIZE, "0036 " ECC_HEAD "0003 0010 0000 0020 " ZERO_32 "0000 0010",
	  BAD, "public key" },
	{ AUTHORIZE, "0057 " ECC_HEAD "0003 0010 0021 " ONES_32 "11 0020 " ZERO_32 "0000 0010",
	  BAD, "public key" },
	{ AUTHORIZE, "0057 0023 000b 00060040 0001 ff 0010 0010 0003 0010 0020 " ONES_32
	  "0020 " ZERO_32 "0000 0010", BAD, "public key" },
	{ AUTHORIZE, "0116 " RSA_HEAD "0c00 00000000 0100 " ONES_256 "0000 0010",
	  BAD, "public key" },
	{ AUTHORIZE, "0096 " RSA_HEAD "0400 00000000 0080 " ONES_64 ONES_64 "0000 0010",
	  UNKNOWN, "RSA (2048" },
	/* PolicyCounterTimer */
	{ TIMER, "", BAD, "PolicyCounterTimer" },
	{ TIMER, "0000 00", BAD, "PolicyCounterTimer" },
	{ TIMER, "0000 0000", BAD, "PolicyCounterTimer" },
	{ TIMER, "00 0000 000c", BAD, "PolicyCounterTimer" },
	{ TIMER, "00 0000 ffff", BAD, "PolicyCounterTimer" },
	{ TIMER, "00 0019 0000", BAD, "beyond TPMS_TIME_INFO" },
	{ TIMER, "0000000000000000 0012 0000", BAD, "beyond TPMS_TIME_INFO" },
	{ TIMER, "00 ffff 0000", BAD, "beyond TPMS_TIME_INFO" },
	{ TIMER, ONES_64 "00 0000 0000", BAD, "PolicyCounterTimer" },
	/* PolicyLocality */
	{ LOCALITY, "", BAD, "PolicyLocality" },
	{ LOCALITY, "00", BAD, "PolicyLocality" },
	{ LOCALITY, "0101", BAD, "PolicyLocality" },
	/* PolicyNV */
	{ NV, "", BAD, "PolicyNV" },
	{ NV, "01800001 01800001", BAD, "PolicyNV" },
	{ NV, "01800001 01800001 0000 0001 00 0000 0000", BAD, "PolicyNV" },
	{ NV, "01800001 01800001 0004 01800001 0001 00 0000 0000", BAD, "PolicyNV" },
	{ NV, "01800001 01800001 0022 " NAME_0 "0000 0000 0000", BAD, "PolicyNV" },
	{ NV, "01800001 01800001 0022 " NAME_0 "0041 " ONES_64 "11 0000 0000", BAD, "PolicyNV" },
	{ NV, "01800001 01800001 0022 " NAME_0 "0001 00 0000 000c", BAD, "PolicyNV" },
	{ NV, "01800001 01800001 0022 " NAME_0 "0001 00 0000 0000 00", BAD, "PolicyNV" },
	{ NV, "01800001 01800001 0022 " NAME_0 "0001 00 0000 00", BAD, "PolicyNV" },
	{ NV, "81000001 81000001 0022 " NAME_0 "0001 00 0000 0000", BAD, "no NV index" },
	{ NV, "40000001 40000001 0022 " NAME_0 "0001 00 0000 0000", BAD, "no NV index" },
	{ NV, "01800002 01800001 0022 " NAME_0 "0001 00 0000 0000", BAD, "neither index" },
	{ NV, "4000000b 01800001 0022 " NAME_0 "0001 00 0000 0000", BAD, "neither index" },
	{ NV, "00000000 01800001 0022 " NAME_0 "0001 00 0000 0000", BAD, "neither index" },
	/* PolicySecret */
	{ SECRET, "", BAD, "PolicySecret" },
	{ SECRET, "00000000 0004 40000001", BAD, "PolicySecret" },
	{ SECRET, "00000000 0004 40000001 0000 00", BAD, "PolicySecret" },
	{ SECRET, "00000000 0004 40000001 0041 " ONES_64 "11", BAD, "PolicySecret" },
	{ SECRET, "00000000 0000 0000", BAD, "PolicySecret" },
	{ SECRET, "81000001 0021 000b " ZERO_16 "000000000000000000000000000000 0000",
	  BAD, "PolicySecret" },
	{ SECRET, "40000001 0004 4000000b 0000", BAD, "no hierarchy" },
	{ SECRET, "00000000 0004 40000009 0000", BAD, "no hierarchy" },
	{ SECRET, "00000000 0004 00000007 0000", BAD, "no hierarchy" },
	{ SECRET, "00000000 0022 " NAME_0 "0000", UNKNOWN, "neither persistent" },
	{ SECRET, "80000001 0022 " NAME_0 "0000", UNKNOWN, "neither persistent" },
	/* PolicySigned */
	{ SIGNED, "", BAD, "PolicySigned" },
	{ SIGNED, "0000 0000 0000 00000000", BAD, "PolicySigned" },
	{ SIGNED, "0000 0004 40000001 0000 00000000", BAD, "PolicySigned" },
	{ SIGNED, ECC_KEY "0000", BAD, "PolicySigned" },
	{ SIGNED, ECC_KEY "0000 000000", BAD, "PolicySigned" },
	{ SIGNED, ECC_KEY "0000 0000000000", BAD, "PolicySigned" },
	{ SIGNED, ECC_KEY "0000 80000000", BAD, "PolicySigned" },
	{ SIGNED, ECC_KEY "0000 ffffffff", BAD, "PolicySigned" },
	{ SIGNED, ECC_KEY "0041 " ONES_64 "11 00000000", BAD, "PolicySigned" },
	{ SIGNED, ECC_KEY "0022 " NAME_0 "0000 00000000", BAD, "PolicySigned" },
	{ SIGNED, "0001 00 0000 00000000", BAD, "public key" },
	/* others */
	{ 0x18c, "", UNKNOWN, "statement" },
	{ 0x171, "", UNKNOWN, "statement" },
	{ 0, "", UNKNOWN, "statement" },
};

static void malformed_bodies_are_refused(struct kunit *test)
{
	struct tpk_assertion a;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bads); i++) {
		const char *what = "";
		int err = decode(test, bads[i].code, bads[i].body, &a, &what);

		KUNIT_EXPECT_EQ_MSG(test, err, bads[i].err, "%zu: 0x%x: %s", i, bads[i].code, what);
		KUNIT_EXPECT_TRUE_MSG(test, strstr(what, bads[i].piece), "%zu: 0x%x: %s", i,
				      bads[i].code, what);
	}
	kunit_info(test, "%zu malformed bodies", i);
}

/* Only a PolicyPCR that loses its digest is another one, and well-formed. */
static void truncated_bodies_are_refused(struct kunit *test)
{
	struct tpk_assertion a;
	const char *what;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct tpk_statement st = { .code = good[i].code };
		struct tpm2_bytes body = hex_exact(test, good[i].body);

		if (good[i].code == TPM_CC_PolicyCounterTimer)
			continue;
		for (len = 0; len < body.len; len++) {
			u8 *exact = kunit_kmalloc(test, len, GFP_KERNEL);

			memcpy(exact, body.data, len);
			st.body = tpm2_bytes(exact, len);
			KUNIT_EXPECT_EQ_MSG(test, tpk_assertion_decode(&st, TPM_ALG_ID_SHA256,
								       &a, &what), -EBADMSG,
					    "%s, %zu octets", good[i].name, len);
			kunit_kfree(test, exact);
		}
	}
}

static void fields_are_where_they_belong(struct kunit *test)
{
	struct tpk_assertion a;
	const char *what;

	KUNIT_EXPECT_EQ(test, decode(test, NV, "40000001 01800001 0022 " NAME_0
				     "0002 abcd 1234 0009", &a, &what), 0);
	KUNIT_EXPECT_EQ(test, a.compare.auth, 0x40000001);
	KUNIT_EXPECT_EQ(test, a.compare.index, 0x01800001);
	KUNIT_EXPECT_EQ(test, a.compare.name.len, 34);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(a.compare.operand, tpm2_bytes("\xab\xcd", 2)));
	KUNIT_EXPECT_EQ(test, a.compare.offset, 0x1234);
	KUNIT_EXPECT_EQ(test, a.compare.operation, 9);

	KUNIT_EXPECT_EQ(test, decode(test, TIMER, "abcd 0008 0003", &a, &what), 0);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(a.compare.operand, tpm2_bytes("\xab\xcd", 2)));
	KUNIT_EXPECT_EQ(test, a.compare.name.len, 0);
	KUNIT_EXPECT_EQ(test, a.compare.offset, 8);
	KUNIT_EXPECT_EQ(test, a.compare.operation, 3);

	KUNIT_EXPECT_EQ(test, decode(test, SECRET, "00000000 0004 4000000a 0001 77", &a, &what), 0);
	KUNIT_EXPECT_EQ(test, a.secret.entity, 0x4000000a);
	KUNIT_EXPECT_EQ(test, a.secret.hint, 0);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(a.secret.policy_ref, tpm2_bytes("\x77", 1)));

	KUNIT_EXPECT_EQ(test, decode(test, SIGNED, "0000 0022 " NAME_0
				     "0001 77 00000102", &a, &what), 0);
	KUNIT_EXPECT_EQ(test, a.signer.key.len, 0);
	KUNIT_EXPECT_EQ(test, a.signer.name.len, 34);
	KUNIT_EXPECT_EQ(test, a.signer.expiration, 0x102);

	KUNIT_EXPECT_EQ(test, decode(test, AUTHORIZE, ECC_KEY "0001 77 " ECDSA, &a, &what), 0);
	KUNIT_EXPECT_EQ(test, a.authorize.key.len, 0x56);
	KUNIT_EXPECT_EQ(test, a.authorize.policy_ref.len, 1);
	KUNIT_EXPECT_EQ(test, a.authorize.signature.len, 10);
}

static void authorize_forgets_what_came_before(struct kunit *test)
{
	struct tpk_assertion a;
	u8 zero[32] = {}, other[32];
	const char *what;

	memset(other, 0x5a, sizeof(other));
	KUNIT_ASSERT_EQ(test, decode(test, AUTHORIZE, ECC_KEY "0000 0010", &a, &what), 0);
	KUNIT_EXPECT_EQ(test, tpk_assertion_extend(&a, TPM_ALG_ID_SHA256, zero), 0);
	KUNIT_EXPECT_EQ(test, tpk_assertion_extend(&a, TPM_ALG_ID_SHA256, other), 0);
	KUNIT_EXPECT_MEMEQ(test, zero, other, sizeof(zero));
}

static struct kunit_case assertion_cases[] = {
	KUNIT_CASE_PARAM(body_comes_back, good_gen_params),
	KUNIT_CASE(malformed_bodies_are_refused),
	KUNIT_CASE(truncated_bodies_are_refused),
	KUNIT_CASE(fields_are_where_they_belong),
	KUNIT_CASE(authorize_forgets_what_came_before),
	{}
};

static struct kunit_suite assertion_suite = {
	.name = "tpk_assertion",
	.test_cases = assertion_cases,
};

kunit_test_suite(assertion_suite);

MODULE_DESCRIPTION("Bodies of policy statements");
MODULE_LICENSE("GPL");
