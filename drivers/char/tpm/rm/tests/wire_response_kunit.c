// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for wire.c: responses taken apart.
 *
 * Octets under test lie in memory of just their length, so that KASAN (ASan on
 * the host) sees any look beyond them.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../wire.h"

#define BE16(x)	(u8)((x) >> 8), (u8)(x)
#define BE32(x)	BE16((u32)(x) >> 16), BE16((x) & 0xffff)

/* TPM2_GetRandom: no handle, no session. */
static const u8 plain[] = {
	BE16(TPM_ST_NO_SESSIONS), BE32(16), BE32(TPM_RC_SUCCESS),
	BE16(4), 1, 2, 3, 4,
};

static const u8 empty[] = {
	BE16(TPM_ST_NO_SESSIONS), BE32(10), BE32(TPM_RC_SUCCESS),
};

/* TPM2_StartAuthSession */
static const u8 handle[] = {
	BE16(TPM_ST_NO_SESSIONS), BE32(18), BE32(TPM_RC_SUCCESS),
	BE32(0x03000001),
	BE16(2), 5, 6,
};

/* TPM2_Load with a password. */
static const u8 handle_session[] = {
	BE16(TPM_ST_SESSIONS), BE32(27), BE32(TPM_RC_SUCCESS),
	BE32(0x80000001),
	BE32(4),
	BE16(2), 0x00, 0x0b,
	BE16(0), 0x01, BE16(0),
};

/* TPM2_Unseal with three sessions. */
static const u8 sessions[] = {
	BE16(TPM_ST_SESSIONS), BE32(42), BE32(TPM_RC_SUCCESS),
	BE32(6),
	BE16(4), 's', 'e', 'c', 'r',
	BE16(2), 1, 2, 0x01, BE16(1), 3,
	BE16(0), 0x41, BE16(0),
	BE16(1), 4, 0x81, BE16(3), 5, 6, 7,
};

#define SAMPLE(_octets, _code, _nr_auths, _params, _params_len) \
	{ .name = #_octets, .octets = _octets, .len = sizeof(_octets), \
	  .code = _code, .nr_auths = _nr_auths, \
	  .params = _params, .params_len = _params_len }

/* @params: offset of the parameter area, which has @params_len octets. */
static const struct sample {
	const char *name;
	const u8 *octets;
	size_t len;
	u32 code;
	unsigned int nr_auths;
	size_t params;
	size_t params_len;
} samples[] = {
	SAMPLE(plain, TPM_CC_GetCapability, 0, 10, 6),
	SAMPLE(empty, TPM_CC_FlushContext, 0, 10, 0),
	SAMPLE(handle, TPM_CC_StartAuthSession, 0, 14, 4),
	SAMPLE(handle_session, TPM_CC_Load, 1, 18, 4),
	SAMPLE(sessions, TPM_CC_Unseal, 3, 14, 6),
};

static void describe(const struct sample *s, char *desc)
{
	strscpy(desc, s->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(samples, samples, describe);

/* A copy of @len octets of which the first @from are those of a sample. */
static u8 *copy(struct kunit *test, const u8 *octets, size_t from, size_t len)
{
	u8 *p = kunit_kzalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	memcpy(p, octets, from);
	return p;
}

/* Parsing @p of @len octets, which are freed. */
static int parse(struct kunit *test, u8 *p, size_t len, const struct sample *s,
		 struct trm_wire_response *r)
{
	int err = trm_wire_parse_response(tpm2_bytes(p, len),
					  trm_command_find(s->code),
					  s->nr_auths, r);

	kunit_kfree(test, p);
	return err;
}

static void sample_is_taken_apart(struct kunit *test)
{
	const struct sample *s = test->param_value;
	struct trm_wire_response r;
	int err = trm_wire_parse_response(tpm2_bytes(s->octets, s->len),
					  trm_command_find(s->code),
					  s->nr_auths, &r);

	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, r.rc, TPM_RC_SUCCESS);
	KUNIT_EXPECT_EQ(test, r.nr_auths, s->nr_auths);
	KUNIT_EXPECT_PTR_EQ(test, r.params.data, s->octets + s->params);
	KUNIT_EXPECT_EQ(test, r.params.len, s->params_len);
}

static void handle_is_taken(struct kunit *test)
{
	struct trm_wire_response r;

	KUNIT_ASSERT_EQ(test,
			trm_wire_parse_response(tpm2_bytes(handle, sizeof(handle)),
						trm_command_find(TPM_CC_StartAuthSession),
						0, &r), 0);
	KUNIT_EXPECT_EQ(test, r.handle, 0x03000001);
	KUNIT_ASSERT_EQ(test,
			trm_wire_parse_response(tpm2_bytes(plain, sizeof(plain)),
						trm_command_find(TPM_CC_GetCapability),
						0, &r), 0);
	KUNIT_EXPECT_EQ(test, r.handle, 0);
}

static void sessions_are_taken_apart(struct kunit *test)
{
	struct trm_wire_response r;

	KUNIT_ASSERT_EQ(test,
			trm_wire_parse_response(tpm2_bytes(sessions, sizeof(sessions)),
						trm_command_find(TPM_CC_Unseal),
						3, &r), 0);
	KUNIT_EXPECT_EQ(test, r.auth[0].handle, 0);
	KUNIT_EXPECT_EQ(test, r.auth[0].attributes, 0x01);
	KUNIT_ASSERT_EQ(test, r.auth[0].nonce.len, 2);
	KUNIT_EXPECT_MEMEQ(test, r.auth[0].nonce.data, "\x01\x02", 2);
	KUNIT_ASSERT_EQ(test, r.auth[0].hmac.len, 1);
	KUNIT_EXPECT_MEMEQ(test, r.auth[0].hmac.data, "\x03", 1);
	KUNIT_EXPECT_EQ(test, r.auth[1].attributes, 0x41);
	KUNIT_EXPECT_EQ(test, r.auth[1].nonce.len, 0);
	KUNIT_EXPECT_EQ(test, r.auth[1].hmac.len, 0);
	KUNIT_EXPECT_EQ(test, r.auth[2].attributes, 0x81);
	KUNIT_EXPECT_EQ(test, r.auth[2].nonce.len, 1);
	KUNIT_ASSERT_EQ(test, r.auth[2].hmac.len, 3);
	KUNIT_EXPECT_MEMEQ(test, r.auth[2].hmac.data, "\x05\x06\x07", 3);
}

/* With the size field as it was. */
static void truncated_is_refused(struct kunit *test)
{
	const struct sample *s = test->param_value;
	struct trm_wire_response r;
	size_t len;

	for (len = 0; len < s->len; len++) {
		u8 *p = copy(test, s->octets, len, len);

		KUNIT_EXPECT_EQ_MSG(test, parse(test, p, len, s, &r), -EBADMSG,
				    "%zu", len);
	}
}

/* With a size field that agrees: parameters can be cut if nothing follows. */
static void cut_is_refused(struct kunit *test)
{
	const struct sample *s = test->param_value;
	struct trm_wire_response r;
	size_t len;

	for (len = TPM2_HEADER_SIZE; len < s->len; len++) {
		u8 *p = copy(test, s->octets, len, len);
		bool refused = s->nr_auths || len < s->params;

		put_unaligned_be32(len, p + 2);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, p, len, s, &r),
				    refused ? -EBADMSG : 0, "%zu", len);
	}
}

static void trailing_octets_are_refused(struct kunit *test)
{
	const struct sample *s = test->param_value;
	struct trm_wire_response r;
	size_t len;

	for (len = s->len + 1; len < s->len + 20; len++) {
		u8 *p = copy(test, s->octets, s->len, len);

		KUNIT_EXPECT_EQ(test, parse(test, p, len, s, &r), -EBADMSG);
		if (!s->nr_auths)
			continue;
		p = copy(test, s->octets, s->len, len);
		put_unaligned_be32(len, p + 2);
		KUNIT_EXPECT_EQ(test, parse(test, p, len, s, &r), -EBADMSG);
	}
}

static void size_field_that_lies_is_refused(struct kunit *test)
{
	static const u32 far[] = {
		0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff
	};
	const struct sample *s = test->param_value;
	struct trm_wire_response r;
	size_t i;

	for (i = 0; i < s->len + 20 + ARRAY_SIZE(far); i++) {
		u8 *p = copy(test, s->octets, s->len, s->len);
		u32 size = i < s->len + 20 ? i : far[i - s->len - 20];

		put_unaligned_be32(size, p + 2);
		KUNIT_EXPECT_EQ(test, parse(test, p, s->len, s, &r),
				size == s->len ? 0 : -EBADMSG);
	}
}

static void only_the_right_tag_is_taken(struct kunit *test)
{
	const struct sample *s = test->param_value;
	u16 right = s->nr_auths ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS;
	const struct trm_command_info *info = trm_command_find(s->code);
	u8 *p = copy(test, s->octets, s->len, s->len);
	struct trm_wire_response r;
	unsigned int tag;
	int err;

	for (tag = 0; tag <= 0xffff; tag++) {
		put_unaligned_be16(tag, p);
		err = trm_wire_parse_response(tpm2_bytes(p, s->len), info,
					      s->nr_auths, &r);
		KUNIT_ASSERT_EQ_MSG(test, err, tag == right ? 0 : -EBADMSG,
				    "%x", tag);
	}
}

static void other_number_of_sessions_is_refused(struct kunit *test)
{
	const struct sample *s = test->param_value;
	struct sample other = *s;
	struct trm_wire_response r;

	for (other.nr_auths = 0; other.nr_auths < 8; other.nr_auths++) {
		u8 *p = copy(test, s->octets, s->len, s->len);

		KUNIT_EXPECT_EQ_MSG(test, parse(test, p, s->len, &other, &r),
				    other.nr_auths == s->nr_auths ? 0 : -EBADMSG,
				    "%u", other.nr_auths);
	}
}

static void parameter_size_that_lies_is_refused(struct kunit *test)
{
	static const u32 far[] = { 0x10000, 0x7fffffff, 0x80000000, 0xffffffff };
	const struct sample *s = &samples[ARRAY_SIZE(samples) - 1];
	struct trm_wire_response r;
	size_t i;

	for (i = 0; i < s->len + ARRAY_SIZE(far); i++) {
		u8 *p = copy(test, s->octets, s->len, s->len);
		u32 size = i < s->len ? i : far[i - s->len];

		put_unaligned_be32(size, p + 10);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, p, s->len, s, &r),
				    size == s->params_len ? 0 : -EBADMSG,
				    "%u", size);
	}
}

static void error_is_a_header_alone(struct kunit *test)
{
	const struct sample *s = test->param_value;
	u8 octets[TPM2_HEADER_SIZE + 4] = {
		BE16(TPM_ST_NO_SESSIONS), BE32(10), BE32(TPM_RC_RETRY),
	};
	struct trm_wire_response r;
	u8 *p = copy(test, octets, 10, 10);

	KUNIT_EXPECT_EQ(test, parse(test, p, 10, s, &r), 0);
	KUNIT_EXPECT_EQ(test, r.rc, TPM_RC_RETRY);
	KUNIT_EXPECT_EQ(test, r.handle, 0);
	KUNIT_EXPECT_EQ(test, r.nr_auths, 0);
	KUNIT_EXPECT_EQ(test, r.params.len, 0);
	put_unaligned_be32(14, octets + 2);
	p = copy(test, octets, 14, 14);
	KUNIT_EXPECT_EQ(test, parse(test, p, 14, s, &r), -EBADMSG);
	put_unaligned_be32(10, octets + 2);
	put_unaligned_be16(TPM_ST_SESSIONS, octets);
	p = copy(test, octets, 10, 10);
	KUNIT_EXPECT_EQ(test, parse(test, p, 10, s, &r), -EBADMSG);
}

/* The success of another command is none of PolicyPCR. */
static void parameters_where_there_are_none_are_refused(struct kunit *test)
{
	static const u32 codes[] = {
		TPM_CC_PolicyPCR, TPM_CC_PolicyAuthValue, TPM_CC_FlushContext,
	};
	struct trm_wire_response r;
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		const struct trm_command_info *info = trm_command_find(codes[i]);

		err = trm_wire_parse_response(tpm2_bytes(plain, sizeof(plain)), info, 0, &r);
		KUNIT_EXPECT_EQ(test, err, -EBADMSG);
		err = trm_wire_parse_response(tpm2_bytes(empty, sizeof(empty)), info, 0, &r);
		KUNIT_EXPECT_EQ(test, err, 0);
	}
}

static void nothing_is_refused(struct kunit *test)
{
	struct trm_wire_response r;

	KUNIT_EXPECT_EQ(test,
			trm_wire_parse_response(tpm2_bytes(NULL, 0),
						trm_command_find(TPM_CC_Load),
						1, &r), -EBADMSG);
}

static struct kunit_case response_cases[] = {
	KUNIT_CASE_PARAM(sample_is_taken_apart, samples_gen_params),
	KUNIT_CASE(handle_is_taken),
	KUNIT_CASE(sessions_are_taken_apart),
	KUNIT_CASE_PARAM(truncated_is_refused, samples_gen_params),
	KUNIT_CASE_PARAM(cut_is_refused, samples_gen_params),
	KUNIT_CASE_PARAM(trailing_octets_are_refused, samples_gen_params),
	KUNIT_CASE_PARAM(size_field_that_lies_is_refused, samples_gen_params),
	KUNIT_CASE_PARAM(only_the_right_tag_is_taken, samples_gen_params),
	KUNIT_CASE_PARAM(other_number_of_sessions_is_refused, samples_gen_params),
	KUNIT_CASE(parameter_size_that_lies_is_refused),
	KUNIT_CASE_PARAM(error_is_a_header_alone, samples_gen_params),
	KUNIT_CASE(parameters_where_there_are_none_are_refused),
	KUNIT_CASE(nothing_is_refused),
	{}
};

static struct kunit_suite response_suite = {
	.name = "tpm_rm_wire_response",
	.test_cases = response_cases,
};

kunit_test_suite(response_suite);
