// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for wire.c: commands taken apart.
 *
 * Octets under test lie in memory of just their length, so that KASAN (ASan on
 * the host) sees any look beyond them.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "../wire.h"

/* Commands that the kernel itself does not send. */
#define CC_GetRandom	0x17b
#define CC_ReadClock	0x181

#define BE16(x)	(u8)((x) >> 8), (u8)(x)
#define BE32(x)	BE16((u32)(x) >> 16), BE16((x) & 0xffff)

static const u8 get_random[] = {
	BE16(TPM_ST_NO_SESSIONS), BE32(12), BE32(CC_GetRandom),
	BE16(20),
};

static const u8 read_clock[] = {
	BE16(TPM_ST_NO_SESSIONS), BE32(10), BE32(CC_ReadClock),
};

static const u8 read_public[] = {
	BE16(TPM_ST_NO_SESSIONS), BE32(14), BE32(TPM_CC_ReadPublic),
	BE32(0x80000001),
};

/* A policy session, an encrypting one, and an auditing one. */
static const u8 unseal[] = {
	BE16(TPM_ST_SESSIONS), BE32(64), BE32(TPM_CC_Unseal),
	BE32(0x80000002),
	BE32(46),
	BE32(0x03000000), BE16(4), 1, 2, 3, 4, 0x01, BE16(0),
	BE32(0x02000001), BE16(0), 0x41, BE16(5), 5, 6, 7, 8, 9,
	BE32(0x02000002), BE16(3), 0xa, 0xb, 0xc, 0x81, BE16(7),
	0xd, 0xe, 0xf, 0x10, 0x11, 0x12, 0x13,
};

static const u8 policy_nv[] = {
	BE16(TPM_ST_SESSIONS), BE32(43), BE32(TPM_CC_PolicyNV),
	BE32(TPM_RH_OWNER), BE32(0x01000001), BE32(0x03000001),
	BE32(11),
	BE32(TPM_RS_PW), BE16(0), 0x01, BE16(2), 'p', 'w',
	BE16(0), BE16(2), BE16(4),
};

#define SAMPLE(_octets, _params) \
	{ .name = #_octets, .octets = _octets, .len = sizeof(_octets), \
	  .params = _params }

/* @params: offset of the parameter area. */
static const struct sample {
	const char *name;
	const u8 *octets;
	size_t len;
	size_t params;
} samples[] = {
	SAMPLE(get_random, 10),
	SAMPLE(read_clock, 10),
	SAMPLE(read_public, 14),
	SAMPLE(unseal, 64),
	SAMPLE(policy_nv, 37),
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
static int parse(struct kunit *test, u8 *p, size_t len,
		 struct trm_wire_command *c)
{
	int err = trm_wire_parse_command(tpm2_bytes(p, len), c);

	kunit_kfree(test, p);
	return err;
}

static void samples_have_their_length(struct kunit *test)
{
	const struct sample *s = test->param_value;

	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->octets + 2), s->len);
	KUNIT_EXPECT_EQ(test,
			trm_wire_command_size(tpm2_bytes(s->octets, s->len)),
			s->len);
}

static void sample_is_put_as_it_was(struct kunit *test)
{
	const struct sample *s = test->param_value;
	u8 *p = copy(test, s->octets, s->len, s->len);
	u8 *out = copy(test, s->octets, 0, s->len);
	struct tpm2_writer w = tpm2_writer(out, s->len);
	struct trm_wire_command c;

	KUNIT_ASSERT_EQ(test, trm_wire_parse_command(tpm2_bytes(p, s->len), &c), 0);
	KUNIT_EXPECT_PTR_EQ(test, c.params.data, p + s->params);
	KUNIT_EXPECT_EQ(test, c.params.len, s->len - s->params);
	trm_wire_put_command(&w, &c);
	KUNIT_EXPECT_FALSE(test, w.full);
	KUNIT_EXPECT_EQ(test, w.len, s->len);
	KUNIT_EXPECT_MEMEQ(test, out, s->octets, s->len);
}

/* With the size field as it was. */
static void truncated_is_refused(struct kunit *test)
{
	const struct sample *s = test->param_value;
	struct trm_wire_command c;
	size_t len;

	for (len = 0; len < s->len; len++) {
		u8 *p = copy(test, s->octets, len, len);

		KUNIT_EXPECT_EQ_MSG(test,
				    trm_wire_command_size(tpm2_bytes(p, len)),
				    -EINVAL, "%zu", len);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, p, len, &c), -EINVAL,
				    "%zu", len);
	}
}

/* With a size field that agrees; only parameters can be cut unnoticed. */
static void cut_is_refused_before_parameters(struct kunit *test)
{
	const struct sample *s = test->param_value;
	struct trm_wire_command c;
	size_t len;

	for (len = TPM2_HEADER_SIZE; len < s->len; len++) {
		u8 *p = copy(test, s->octets, len, len);

		put_unaligned_be32(len, p + 2);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, p, len, &c),
				    len < s->params ? -EINVAL : 0, "%zu", len);
	}
}

static void trailing_octets_are_refused(struct kunit *test)
{
	const struct sample *s = test->param_value;
	struct trm_wire_command c;
	size_t len;

	for (len = s->len + 1; len < s->len + 20; len++) {
		u8 *p = copy(test, s->octets, s->len, len);

		KUNIT_EXPECT_EQ(test, trm_wire_command_size(tpm2_bytes(p, len)),
				s->len);
		KUNIT_EXPECT_EQ(test, parse(test, p, len, &c), -EINVAL);
	}
}

static void size_field_that_lies_is_refused(struct kunit *test)
{
	static const u32 far[] = {
		0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff
	};
	const struct sample *s = test->param_value;
	struct trm_wire_command c;
	size_t i;

	for (i = 0; i < s->len + 20 + ARRAY_SIZE(far); i++) {
		u8 *p = copy(test, s->octets, s->len, s->len);
		u32 size = i < s->len + 20 ? i : far[i - s->len - 20];
		bool whole = size >= TPM2_HEADER_SIZE && size <= s->len;

		put_unaligned_be32(size, p + 2);
		KUNIT_EXPECT_EQ(test,
				trm_wire_command_size(tpm2_bytes(p, s->len)),
				whole ? (int)size : -EINVAL);
		KUNIT_EXPECT_EQ(test, parse(test, p, s->len, &c),
				size == s->len ? 0 : -EINVAL);
	}
}

static void unknown_tags_are_refused(struct kunit *test)
{
	u8 octets[sizeof(get_random)];
	struct trm_wire_command c;
	unsigned int tag;

	memcpy(octets, get_random, sizeof(octets));
	for (tag = 0; tag <= 0xffff; tag++) {
		if (tag == TPM_ST_NO_SESSIONS || tag == TPM_ST_SESSIONS)
			continue;
		put_unaligned_be16(tag, octets);
		KUNIT_ASSERT_EQ_MSG(test,
				    trm_wire_command_size(tpm2_bytes(octets, 12)),
				    -EINVAL, "%x", tag);
		KUNIT_ASSERT_EQ_MSG(test,
				    trm_wire_parse_command(tpm2_bytes(octets, 12), &c),
				    -EINVAL, "%x", tag);
	}
}

static void wrong_tag_is_refused(struct kunit *test)
{
	const struct sample *s = test->param_value;
	u8 *p = copy(test, s->octets, s->len, s->len);
	struct trm_wire_command c;

	if (get_unaligned_be16(p) == TPM_ST_NO_SESSIONS) {
		put_unaligned_be16(TPM_ST_SESSIONS, p);
		KUNIT_EXPECT_EQ(test, parse(test, p, s->len, &c), -EINVAL);
		return;
	}
	/* The authorization area passes for parameters then: the TPM's affair. */
	put_unaligned_be16(TPM_ST_NO_SESSIONS, p);
	KUNIT_EXPECT_EQ(test, parse(test, p, s->len, &c), 0);
	KUNIT_EXPECT_EQ(test, c.nr_auths, 0);
}

static void sessions_are_taken_apart(struct kunit *test)
{
	struct trm_wire_command c;

	KUNIT_ASSERT_EQ(test,
			trm_wire_parse_command(tpm2_bytes(unseal, sizeof(unseal)), &c), 0);
	KUNIT_EXPECT_EQ(test, c.code, TPM_CC_Unseal);
	KUNIT_ASSERT_PTR_EQ(test, c.info, trm_command_find(TPM_CC_Unseal));
	KUNIT_EXPECT_EQ(test, c.handle[0], 0x80000002);
	KUNIT_EXPECT_EQ(test, c.handle[1], 0);
	KUNIT_ASSERT_EQ(test, c.nr_auths, 3);
	KUNIT_EXPECT_EQ(test, c.auth[0].handle, 0x03000000);
	KUNIT_EXPECT_EQ(test, c.auth[0].attributes, 0x01);
	KUNIT_EXPECT_EQ(test, c.auth[0].nonce.len, 4);
	KUNIT_EXPECT_EQ(test, c.auth[0].hmac.len, 0);
	KUNIT_EXPECT_EQ(test, c.auth[1].handle, 0x02000001);
	KUNIT_EXPECT_EQ(test, c.auth[1].attributes, 0x41);
	KUNIT_EXPECT_EQ(test, c.auth[1].nonce.len, 0);
	KUNIT_ASSERT_EQ(test, c.auth[1].hmac.len, 5);
	KUNIT_EXPECT_MEMEQ(test, c.auth[1].hmac.data, "\x05\x06\x07\x08\x09", 5);
	KUNIT_EXPECT_EQ(test, c.auth[2].handle, 0x02000002);
	KUNIT_EXPECT_EQ(test, c.auth[2].attributes, 0x81);
	KUNIT_ASSERT_EQ(test, c.auth[2].nonce.len, 3);
	KUNIT_EXPECT_MEMEQ(test, c.auth[2].nonce.data, "\x0a\x0b\x0c", 3);
	KUNIT_EXPECT_EQ(test, c.auth[2].hmac.len, 7);
	KUNIT_EXPECT_EQ(test, c.params.len, 0);
}

static void handles_are_taken_apart(struct kunit *test)
{
	struct trm_wire_command c;

	KUNIT_ASSERT_EQ(test,
			trm_wire_parse_command(tpm2_bytes(policy_nv, sizeof(policy_nv)),
					       &c), 0);
	KUNIT_EXPECT_EQ(test, c.handle[0], TPM_RH_OWNER);
	KUNIT_EXPECT_EQ(test, c.handle[1], 0x01000001);
	KUNIT_EXPECT_EQ(test, c.handle[2], 0x03000001);
	KUNIT_ASSERT_EQ(test, c.nr_auths, 1);
	KUNIT_EXPECT_EQ(test, c.auth[0].handle, TPM_RS_PW);
	KUNIT_ASSERT_EQ(test, c.auth[0].hmac.len, 2);
	KUNIT_EXPECT_MEMEQ(test, c.auth[0].hmac.data, "pw", 2);
	KUNIT_EXPECT_EQ(test, c.params.len, 6);
}

/*
 * The only other sizes of the area that are right end with the first or the
 * second session.
 */
static void auth_size_that_lies_is_refused(struct kunit *test)
{
	struct trm_wire_command c;
	u32 size;

	for (size = 0; size <= sizeof(unseal); size++) {
		u8 *p = copy(test, unseal, sizeof(unseal), sizeof(unseal));
		bool right = size == 13 || size == 27 || size == 46;

		put_unaligned_be32(size, p + 14);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, p, sizeof(unseal), &c),
				    right ? 0 : -EINVAL, "%u", size);
		if (right)
			KUNIT_EXPECT_EQ(test, c.params.len, 46 - size);
	}
}

static void huge_auth_size_is_refused(struct kunit *test)
{
	static const u32 sizes[] = {
		0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff
	};
	struct trm_wire_command c;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 *p = copy(test, unseal, sizeof(unseal), sizeof(unseal));

		put_unaligned_be32(sizes[i], p + 14);
		KUNIT_EXPECT_EQ(test, parse(test, p, sizeof(unseal), &c), -EINVAL);
	}
}

/* Whatever is taken for a command can be put together again as it was. */
static void expect_canonical(struct kunit *test, const u8 *octets, size_t len,
			     const struct trm_wire_command *c)
{
	u8 *p = copy(test, octets, 0, len);
	struct tpm2_writer w = tpm2_writer(p, len);

	trm_wire_put_command(&w, c);
	KUNIT_EXPECT_FALSE(test, w.full);
	KUNIT_EXPECT_EQ(test, w.len, len);
	KUNIT_EXPECT_MEMEQ(test, p, octets, len);
	kunit_kfree(test, p);
}

/* A size may swallow what follows, if the rest of the area makes sense then. */
static void expect_lie(struct kunit *test, u8 *p, bool beyond)
{
	struct tpm2_bytes bytes = tpm2_bytes(p, sizeof(unseal));
	struct trm_wire_command c;
	int err = trm_wire_parse_command(bytes, &c);

	if (err || beyond) {
		KUNIT_EXPECT_EQ(test, err, -EINVAL);
		return;
	}
	KUNIT_EXPECT_LT(test, c.nr_auths, 3);
	expect_canonical(test, p, sizeof(unseal), &c);
}

static void nonce_and_hmac_size_that_lie_are_noticed(struct kunit *test)
{
	static const u8 fields[] = { 22, 29, 35, 38, 49, 55 };
	u8 *p = copy(test, unseal, sizeof(unseal), sizeof(unseal));
	unsigned int value;
	u16 true_size;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		true_size = get_unaligned_be16(p + fields[i]);
		for (value = 0; value <= 0xffff; value += value < 80 ? 1 : 97) {
			if (value == true_size)
				continue;
			put_unaligned_be16(value, p + fields[i]);
			expect_lie(test, p, value > sizeof(unseal) - fields[i] - 2);
		}
		put_unaligned_be16(true_size, p + fields[i]);
	}
}

/* @nr empty sessions, in @p of 18 + 9 * @nr octets. */
static void put_sessions(u8 *p, unsigned int nr)
{
	memcpy(p, unseal, 18);
	put_unaligned_be32(18 + 9 * nr, p + 2);
	put_unaligned_be32(9 * nr, p + 14);
}

static void more_than_three_sessions_are_refused(struct kunit *test)
{
	struct trm_wire_command c;
	unsigned int nr;

	for (nr = 0; nr < 8; nr++) {
		u8 *p = copy(test, unseal, 0, 18 + 9 * nr);

		put_sessions(p, nr);
		KUNIT_EXPECT_EQ_MSG(test, parse(test, p, 18 + 9 * nr, &c),
				    nr >= 1 && nr <= 3 ? 0 : -EINVAL, "%u", nr);
	}
}

static void unknown_code_is_told_apart(struct kunit *test)
{
	static const u32 codes[] = { 0, 0x11e, 0x123, 0x19b, 0x20000000, ~0U };
	struct trm_wire_command c;
	u8 octets[sizeof(unseal)];
	size_t i;

	memcpy(octets, unseal, sizeof(octets));
	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		put_unaligned_be32(codes[i], octets + 6);
		KUNIT_EXPECT_EQ(test,
				trm_wire_parse_command(tpm2_bytes(octets, sizeof(octets)),
						       &c), -EOPNOTSUPP);
		KUNIT_EXPECT_EQ(test, c.code, codes[i]);
		KUNIT_EXPECT_NULL(test, c.info);
		KUNIT_EXPECT_EQ(test,
				trm_wire_parse_command(tpm2_bytes(octets, 20), &c),
				-EINVAL);
	}
}

static void nothing_is_refused(struct kunit *test)
{
	struct trm_wire_command c;

	KUNIT_EXPECT_EQ(test, trm_wire_command_size(tpm2_bytes(NULL, 0)), -EINVAL);
	KUNIT_EXPECT_EQ(test, trm_wire_parse_command(tpm2_bytes(NULL, 0), &c),
			-EINVAL);
}

static struct kunit_case wire_cases[] = {
	KUNIT_CASE_PARAM(samples_have_their_length, samples_gen_params),
	KUNIT_CASE_PARAM(sample_is_put_as_it_was, samples_gen_params),
	KUNIT_CASE_PARAM(truncated_is_refused, samples_gen_params),
	KUNIT_CASE_PARAM(cut_is_refused_before_parameters, samples_gen_params),
	KUNIT_CASE_PARAM(trailing_octets_are_refused, samples_gen_params),
	KUNIT_CASE_PARAM(size_field_that_lies_is_refused, samples_gen_params),
	KUNIT_CASE(unknown_tags_are_refused),
	KUNIT_CASE_PARAM(wrong_tag_is_refused, samples_gen_params),
	KUNIT_CASE(sessions_are_taken_apart),
	KUNIT_CASE(handles_are_taken_apart),
	KUNIT_CASE(auth_size_that_lies_is_refused),
	KUNIT_CASE(huge_auth_size_is_refused),
	KUNIT_CASE(nonce_and_hmac_size_that_lie_are_noticed),
	KUNIT_CASE(more_than_three_sessions_are_refused),
	KUNIT_CASE(unknown_code_is_told_apart),
	KUNIT_CASE(nothing_is_refused),
	{}
};

static struct kunit_suite wire_suite = {
	.name = "tpm_rm_wire_command",
	.test_cases = wire_cases,
};

kunit_test_suite(wire_suite);
