// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for capability.c: what a client is told of the TPM.
 */
#include "scripted.h"

#define ALL	0xffff

/* Asks without a session. */
static int ask(struct script *s, u32 capability, u32 property, u32 count)
{
	u8 params[12];

	put_unaligned_be32(capability, params);
	put_unaligned_be32(property, params + 4);
	put_unaligned_be32(count, params + 8);
	return script_params(s, TPM_CC_GetCapability, params, sizeof(params));
}

/* Is the response this list, and does it say that there is more? */
static void expect_list(struct kunit *test, const u32 *handle, u32 nr, u8 more)
{
	struct script *s = test->priv;
	struct tpm2_reader r = tpm2_reader(s->rsp,
					   get_unaligned_be32(s->rsp + 2));
	u32 i;

	tpm2_get(&r, TPM2_HEADER_SIZE);
	KUNIT_EXPECT_EQ(test, tpm2_get_u8(&r), more);
	KUNIT_EXPECT_EQ(test, tpm2_get_u32(&r), TPM_CAP_HANDLES);
	KUNIT_ASSERT_EQ(test, tpm2_get_u32(&r), nr);
	for (i = 0; i < nr; i++)
		KUNIT_EXPECT_EQ(test, tpm2_get_u32(&r), handle[i]);
	KUNIT_EXPECT_TRUE(test, tpm2_done(&r));
}

static void save(struct kunit *test, u32 handle)
{
	struct script *s = test->priv;

	script_save(s, 1, handle);
	KUNIT_ASSERT_EQ(test, script_name(s, TPM_CC_ContextSave, handle), 0);
}

static void own_five_objects(struct script *s)
{
	u32 i;

	for (i = 0; i < 5; i++)
		script_own(s, &s->space, 0x80000000 + i);
}

static const u32 vhandles[] = {
	0x80fffffb, 0x80fffffc, 0x80fffffd, 0x80fffffe, 0x80ffffff
};

/* Where to begin, how many; what comes of @vhandles, and whether there is more. */
static const struct one_page {
	const char *desc;
	u32 property;
	u32 count;
	u32 from;
	u32 nr;
	u8 more;
} pages[] = {
	{ "all", 0x80000000, ALL, 0, 5, 0 },
	{ "just as many", 0x80000000, 5, 0, 5, 0 },
	{ "first two", 0x80000000, 2, 0, 2, 1 },
	{ "next two", 0x80fffffd, 2, 2, 2, 1 },
	{ "last one", 0x80ffffff, 2, 4, 1, 0 },
	{ "none", 0x80000000, 0, 0, 0, 1 },
	{ "from the third", 0x80fffffd, ALL, 2, 3, 0 },
	{ "huge count", 0x80000000, ~0U, 0, 5, 0 },
};

KUNIT_ARRAY_PARAM_DESC(page, pages, desc);

static void objects_are_sorted_and_paged(struct kunit *test)
{
	const struct one_page *p = test->param_value;
	struct script *s = test->priv;

	own_five_objects(s);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, p->property, p->count), 0);
	expect_list(test, vhandles + p->from, p->nr, p->more);
}

static void an_object_that_is_lost_is_not_listed(struct kunit *test)
{
	struct script *s = test->priv;
	u32 rest[] = { 0x80fffffb, 0x80fffffc, 0x80fffffe, 0x80ffffff };

	own_five_objects(s);
	script_rc(s, TPM_CC_ReadPublic, 0x910);
	KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_ReadPublic, 0x80fffffd),
			0x910);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x80000000, ALL), 0);
	expect_list(test, rest, 4, 0);
}

/* More than one response holds; the rest comes with the next. */
static void a_long_list_comes_in_parts(struct kunit *test)
{
	struct script *s = test->priv;
	struct tpm2_reader r;
	u32 i, first;

	s->limits.objects = 300;
	for (i = 0; i < 300; i++)
		script_own(s, &s->space, 0x80000000 + i);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x80000000, ALL), 0);
	r = tpm2_reader(s->rsp, get_unaligned_be32(s->rsp + 2));
	tpm2_get(&r, TPM2_HEADER_SIZE);
	KUNIT_EXPECT_EQ(test, tpm2_get_u8(&r), 1);
	tpm2_get_u32(&r);
	KUNIT_EXPECT_EQ(test, tpm2_get_u32(&r), 254);
	first = tpm2_get_u32(&r);
	KUNIT_EXPECT_EQ(test, first, 0x80ffffff - 299);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, first + 254, ALL), 0);
	KUNIT_EXPECT_EQ(test, s->rsp[TPM2_HEADER_SIZE], 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->rsp + 15), 46);
}

/* Loaded or not: what a client may use is loaded to it. */
static void sessions_are_listed_by_who_has_them(struct kunit *test)
{
	static const u32 held[] = { 0x02000001, 0x03000004, 0x02000009 };
	static const u32 handed[] = { 0x02000002, 0x02000003 };
	struct script *s = test->priv;
	struct trm_entity *evicted;
	u32 rc;

	script_own(s, &s->space, 0x02000009);
	script_own(s, &s->space, 0x03000003);
	script_own(s, &s->space, 0x02000002);
	evicted = script_own(s, &s->space, 0x03000004);
	script_own(s, &s->space, 0x02000001);
	save(test, 0x02000002);
	save(test, 0x03000003);
	script_save(s, 2, 0x03000004);
	KUNIT_ASSERT_TRUE(test, trm_evict(&s->room, evicted, &rc));
	script_over(s);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x02000000, ALL), 0);
	expect_list(test, held, 3, 0);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x02000002, 1), 0);
	expect_list(test, held + 1, 1, 1);
	/* Saved ones all under one octet, as TPMs have it. */
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x03000000, ALL), 0);
	expect_list(test, handed, 2, 0);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x03000000, 1), 0);
	expect_list(test, handed, 1, 1);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x03000003, 1), 0);
	expect_list(test, handed + 1, 1, 0);
}

static void nobody_sees_anothers_handles(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_space other = {};

	script_space(s, &other);
	script_own(s, &other, 0x80000000);
	script_own(s, &other, 0x02000000);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x80000000, ALL), 0);
	expect_list(test, NULL, 0, 0);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x02000000, ALL), 0);
	expect_list(test, NULL, 0, 0);
	KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, 0x03000000, ALL), 0);
	expect_list(test, NULL, 0, 0);
}

/* Handles that are everybody's, other lists, and what is no question. */
static void other_questions_go_to_the_tpm(struct kunit *test)
{
	static const u32 kinds[] = {
		0, 0x01000000, 0x40000000, 0x81000000, 0x90000000
	};
	struct script *s = test->priv;
	static const u8 odd[13];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		script_list(s, TPM_CAP_HANDLES, 1, kinds, 1);
		KUNIT_EXPECT_EQ(test, ask(s, TPM_CAP_HANDLES, kinds[i], ALL), 0);
		KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->cmd + 14), kinds[i]);
	}
	script_rc(s, TPM_CC_GetCapability, 0x1c4);
	KUNIT_EXPECT_EQ(test, ask(s, 99, 0x80000000, ALL), 0x1c4);
	script_rc(s, TPM_CC_GetCapability, 0x1da);
	KUNIT_EXPECT_EQ(test, script_params(s, TPM_CC_GetCapability, odd, 11),
			0x1da);
	script_rc(s, TPM_CC_GetCapability, 0x95);
	KUNIT_EXPECT_EQ(test, script_params(s, TPM_CC_GetCapability, odd, 13),
			0x95);
}

/* Its response is covered by an HMAC, so it is as the TPM has it. */
static void a_command_with_a_session_is_left_alone(struct kunit *test)
{
	static const u8 rsp[] = {
		0x80, 2, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 17,
		0, 0, 0, 0, TPM_CAP_TPM_PROPERTIES, 0, 0, 0, 1,
		0, 0, 2, 3, 0, 0, 0, 77,
		0, 0, 1, 0, 0,
	};
	static const u8 params[] = {
		0, 0, 0, TPM_CAP_HANDLES, 0x80, 0, 0, 0, 0, 0, 0, 1
	};
	struct script *s = test->priv;
	struct trm_wire_command c = {
		.code = TPM_CC_GetCapability,
		.params = tpm2_bytes(params, sizeof(params)),
		.nr_auths = 1,
		.auth[0] = { .handle = 0x02000000, .attributes = 0x81 },
	};

	script_own(s, &s->space, 0x02000000);
	script_raw(s, TPM_CC_GetCapability, rsp, sizeof(rsp));
	KUNIT_EXPECT_EQ(test, script_command(s, &s->space, &c), 0);
	KUNIT_EXPECT_MEMEQ(test, s->rsp, rsp, sizeof(rsp));
}

/* Properties as a TPM says them, @said of them as it claims. */
static int properties(struct script *s, const u32 *property, u32 nr, u32 said)
{
	u8 body[86];
	struct tpm2_writer w = tpm2_writer(body, sizeof(body));
	u32 i;

	tpm2_put_u8(&w, 0);
	tpm2_put_u32(&w, TPM_CAP_TPM_PROPERTIES);
	tpm2_put_u32(&w, said);
	for (i = 0; i < nr; i++) {
		tpm2_put_u32(&w, property[i]);
		tpm2_put_u32(&w, 77);
	}
	script_answer(s, TPM_CC_GetCapability, TPM_RC_SUCCESS,
		      tpm2_written(&w));
	return ask(s, TPM_CAP_TPM_PROPERTIES, property[0], nr);
}

static u32 value(const struct script *s, u32 i)
{
	return get_unaligned_be32(s->rsp + TPM2_HEADER_SIZE + 9 + 8 * i + 4);
}

static void properties_are_those_of_the_client(struct kunit *test)
{
	static const u32 property[] = {
		0x10e, 0x114, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208
	};
	struct script *s = test->priv;

	script_own(s, &s->space, 0x80000000);
	script_own(s, &s->space, 0x80000001);
	script_own(s, &s->space, 0x02000000);
	script_own(s, &s->space, 0x02000001);
	script_own(s, &s->space, 0x02000002);
	save(test, 0x02000000);
	KUNIT_EXPECT_EQ(test, properties(s, property, 9, 9), 0);
	KUNIT_EXPECT_EQ(test, value(s, 0), 77);
	KUNIT_EXPECT_EQ(test, value(s, 1), ~0U);
	KUNIT_EXPECT_EQ(test, value(s, 2), 77);
	KUNIT_EXPECT_EQ(test, value(s, 3), 2);	/* loaded */
	KUNIT_EXPECT_EQ(test, value(s, 4), 5);	/* of 8 */
	KUNIT_EXPECT_EQ(test, value(s, 5), 3);	/* active */
	KUNIT_EXPECT_EQ(test, value(s, 6), 5);
	KUNIT_EXPECT_EQ(test, value(s, 7), 6);	/* objects, of 8 */
	KUNIT_EXPECT_EQ(test, value(s, 8), 77);
	/* Limits that have been lowered meanwhile. */
	s->limits.objects = 1;
	s->limits.sessions[TRM_USER] = 4;
	KUNIT_EXPECT_EQ(test, properties(s, property, 9, 9), 0);
	KUNIT_EXPECT_EQ(test, value(s, 4), 1);
	KUNIT_EXPECT_EQ(test, value(s, 7), 0);
	s->limits.sessions[TRM_FILE] = 2;
	KUNIT_EXPECT_EQ(test, properties(s, property, 9, 9), 0);
	KUNIT_EXPECT_EQ(test, value(s, 6), 0);
}

/* A list that is not as long as it says: nothing beyond it is touched. */
static void properties_that_lie_do_no_harm(struct kunit *test)
{
	static const u32 property[] = { 0x203, 0x114, 0x207 };
	static const u32 said[] = { 0, 2, 4, 1000, ~0U };
	struct script *s = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(said); i++) {
		memset(s->rsp, 0xa5, sizeof(s->rsp));
		KUNIT_EXPECT_EQ(test, properties(s, property, 3, said[i]), 0);
		KUNIT_EXPECT_EQ(test, value(s, 0), said[i] ? 0 : 77);
		KUNIT_EXPECT_EQ(test, value(s, 2), said[i] > 2 ? 8 : 77);
		KUNIT_EXPECT_EQ(test, s->rsp[get_unaligned_be32(s->rsp + 2)],
				0xa5);
	}
}

static struct kunit_case capability_cases[] = {
	KUNIT_CASE_PARAM(objects_are_sorted_and_paged, page_gen_params),
	KUNIT_CASE(an_object_that_is_lost_is_not_listed),
	KUNIT_CASE(a_long_list_comes_in_parts),
	KUNIT_CASE(sessions_are_listed_by_who_has_them),
	KUNIT_CASE(nobody_sees_anothers_handles),
	KUNIT_CASE(other_questions_go_to_the_tpm),
	KUNIT_CASE(a_command_with_a_session_is_left_alone),
	KUNIT_CASE(properties_are_those_of_the_client),
	KUNIT_CASE(properties_that_lie_do_no_harm),
	{}
};

static struct kunit_suite capability_suite = {
	.name = "tpm_rm_capability",
	.init = script_init,
	.test_cases = capability_cases,
};

kunit_test_suite(capability_suite);
