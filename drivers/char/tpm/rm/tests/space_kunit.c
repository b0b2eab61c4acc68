// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for space.c and job.c: users' commands, and a TPM that fails or
 * lies.
 */
#include "scripted.h"

#define CC_GetRandom	0x17b
#define CC_NV_Read	0x14e

static const int errnos[] = { -EIO, -ETIME, -ENODEV, -EINTR };

static void an_errno_of_the_transport_is_passed_on(struct kunit *test)
{
	struct script *s = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(errnos); i++) {
		script_errno(s, TPM_CC_StartAuthSession, errnos[i]);
		KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_StartAuthSession, 0),
				errnos[i]);
		script_errno(s, TPM_CC_LoadExternal, errnos[i]);
		KUNIT_EXPECT_EQ(test, script_params(s, TPM_CC_LoadExternal, NULL,
						    0), errnos[i]);
	}
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
	KUNIT_EXPECT_EQ(test, s->space.file.objects, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&s->room.loaded));
}

/* Nor is anything lost by it. */
static void an_errno_while_loading_is_passed_on(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, 0x80000000);
	unsigned int i;
	u32 rc;

	script_save(s, 1, 0x80000000);
	script_rc(s, TPM_CC_FlushContext, 0);
	KUNIT_ASSERT_TRUE(test, trm_evict(&s->room, e, &rc));
	script_over(s);
	for (i = 0; i < ARRAY_SIZE(errnos); i++) {
		script_errno(s, TPM_CC_ContextLoad, errnos[i]);
		KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_ReadPublic,
						  0x80ffffff), errnos[i]);
		KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
		KUNIT_EXPECT_FALSE(test, e->pinned);
	}
	script_handle(s, TPM_CC_ContextLoad, 0x80000002);
	script_rc(s, TPM_CC_ReadPublic, 0);
	KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_ReadPublic, 0x80ffffff), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->cmd + TPM2_HEADER_SIZE),
			0x80000002);
}

#define HEAD(tag, size, rc) \
	0x80, tag, 0, 0, 0, size, 0, 0, (rc) >> 8, (rc) & 0xff

static const struct nonsense {
	const char *desc;
	size_t len;
	u8 octets[20];
} nonsenses[] = {
	{ "nothing", 0, { 0 } },
	{ "less than a header", 9, { HEAD(1, 9, 0) } },
	{ "no handle", 10, { HEAD(1, 10, 0) } },
	{ "half a handle", 12, { HEAD(1, 12, 0), 2, 0 } },
	{ "size too big", 14, { HEAD(1, 15, 0), 2, 0, 0, 0 } },
	{ "size too small", 14, { HEAD(1, 13, 0), 2, 0, 0, 0 } },
	{ "tag of sessions", 14, { HEAD(2, 14, 0), 2, 0, 0, 0 } },
	{ "unknown tag", 14, { HEAD(4, 14, 0), 2, 0, 0, 0 } },
	{ "error with a body", 14, { HEAD(1, 14, 0x101), 2, 0, 0, 0 } },
};

KUNIT_ARRAY_PARAM_DESC(nonsense, nonsenses, desc);

static void a_malformed_response_is_eio(struct kunit *test)
{
	const struct nonsense *n = test->param_value;
	struct script *s = test->priv;

	script_raw(s, TPM_CC_StartAuthSession, n->octets, n->len);
	KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_StartAuthSession, 0), -EIO);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&s->space.sessions));
	KUNIT_EXPECT_TRUE(test, list_empty(&s->room.loaded));
}

/* The answer to a command of ours is the client's failure too. */
static void a_malformed_context_load_is_eio(struct kunit *test)
{
	const struct nonsense *n = test->param_value;
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, 0x80000000);

	e->clean = true;
	trm_room_lose(&s->room, e);
	KUNIT_ASSERT_EQ(test, e->place, TRM_SAVED);
	script_raw(s, TPM_CC_ContextLoad, n->octets, n->len);
	KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_ReadPublic, 0x80ffffff),
			-EIO);
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	KUNIT_EXPECT_FALSE(test, e->pinned);
}

static void a_handle_of_another_kind_is_eio(struct kunit *test)
{
	static const u32 handles[] = {
		0, 0x01000000, TPM_RH_OWNER, 0x81000000, 0x90000000, ~0U
	};
	struct script *s = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		script_handle(s, TPM_CC_StartAuthSession, handles[i]);
		KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_StartAuthSession, 0),
				-EIO);
	}
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
	KUNIT_EXPECT_EQ(test, s->space.file.objects, 0);
}

static void a_handle_that_no_memory_was_given_for_is_eio(struct kunit *test)
{
	static const u8 start[] = { 0x80, 1, 0, 0, 0, 18, 0, 0, 1, 0x76,
				    0x40, 0, 0, 7, 0x40, 0, 0, 7 };
	struct script *s = test->priv;

	script_handle(s, TPM_CC_StartAuthSession, 0x02000000);
	KUNIT_EXPECT_EQ(test,
			script_transmit(s, &s->space,
					tpm2_bytes(start, sizeof(start)), NULL),
			-EIO);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&s->space.sessions));
}

/* A TPM that gives out a number twice: it is the last one's. */
static void a_number_is_taken_from_its_former_owner(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_space other = {};
	struct trm_entity *loaded, *saved, *now;
	u32 rc;

	script_space(s, &other);
	loaded = script_own(s, &other, 0x02000001);
	saved = script_own(s, &other, 0x03000002);
	script_save(s, 1, 0x03000002);
	KUNIT_ASSERT_EQ(test, trm_room_save(&s->room, saved, &rc), 0);
	script_over(s);
	now = script_own_anew(s, &s->space, 0x03000001);
	KUNIT_EXPECT_EQ(test, loaded->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, saved->place, TRM_SAVED);
	script_own_anew(s, &s->space, 0x02000002);
	KUNIT_EXPECT_EQ(test, saved->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, now->place, TRM_LOADED);
	KUNIT_EXPECT_EQ(test, other.file.sessions, 0);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 2);
	KUNIT_EXPECT_EQ(test, s->room.nr_users, 2);
}

static void a_slot_is_taken_from_its_former_owner(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *clean = script_own(s, &s->space, 0x80000000);
	struct trm_entity *dirty = script_own(s, &s->space, 0x80000001);

	clean->clean = true;
	script_own_anew(s, &s->space, 0x80000000);
	script_own_anew(s, &s->space, 0x80000001);
	/* The context of the first is good; the second has none. */
	KUNIT_EXPECT_EQ(test, clean->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, dirty->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, s->space.file.objects, 4);
	KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_ReadPublic, 0x80fffffe),
			RM(0x910));
}

/* Names two objects and two sessions. */
static int name_four(struct script *s, u32 rc)
{
	struct trm_wire_command c = {
		.code = CC_NV_Read,
		.handle = { 0x80ffffff, 0x80fffffe },
		.nr_auths = 2,
		.auth = { { .handle = 0x02000000, .attributes = 1 },
			  { .handle = 0x03000001, .attributes = 1 } },
	};

	script_rc(s, CC_NV_Read, rc);
	return script_command(s, &s->space, &c);
}

/* The TPM says which of them is not there. */
static const struct missing {
	const char *desc;
	u32 rc;
	int which;	/* of four, -1: none */
} missings[] = {
	{ "first handle", 0x910, 0 },
	{ "second handle", 0x911, 1 },
	{ "a third handle", 0x912, -1 },
	{ "a fourth handle", 0x913, -1 },
	{ "a seventh handle", 0x916, -1 },
	{ "first session", 0x918, 2 },
	{ "second session", 0x919, 3 },
	{ "a third session", 0x91a, -1 },
	{ "a fourth session", 0x91b, -1 },
	{ "another warning", 0x923, -1 },
	{ "an error", 0x18b, -1 },
};

KUNIT_ARRAY_PARAM_DESC(missing, missings, desc);

static void only_what_is_said_to_be_missing_is_lost(struct kunit *test)
{
	const struct missing *m = test->param_value;
	struct script *s = test->priv;
	struct trm_entity *e[4];
	int i;

	e[0] = script_own(s, &s->space, 0x80000000);
	e[1] = script_own(s, &s->space, 0x80000001);
	e[2] = script_own(s, &s->space, 0x02000000);
	e[3] = script_own(s, &s->space, 0x03000001);
	KUNIT_EXPECT_EQ(test, name_four(s, m->rc), m->rc);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, e[i]->place,
				i == m->which ? TRM_NONE : TRM_LOADED);
		KUNIT_EXPECT_FALSE(test, e[i]->pinned);
	}
}

static void real_handles_are_put_for_virtual_ones(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_wire_command c = {
		.code = TPM_CC_PolicySigned,
		.handle = { 0x80fffffe, 0x03000001 },
		.nr_auths = 1,
		.auth[0] = { .handle = 0x02000001, .attributes = 0x81 },
	};

	script_own(s, &s->space, 0x80000007);
	script_own(s, &s->space, 0x80000005);
	script_own(s, &s->space, 0x02000001);
	script_rc(s, TPM_CC_PolicySigned, 0x101);
	KUNIT_EXPECT_EQ(test, script_command(s, &s->space, &c), 0x101);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->cmd + 10), 0x80000005);
	/* A session under the octet that the client has written. */
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->cmd + 14), 0x03000001);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->cmd + 22), 0x02000001);
}

/* A response that fails to say what became of two sessions, both ended. */
static void sessions_end_only_with_a_wellformed_success(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, 0x02000000);
	struct trm_wire_command c = {
		.code = CC_GetRandom,
		.nr_auths = 1,
		.auth[0] = { .handle = 0x02000000, .attributes = 0x80 },
		.params = tpm2_bytes("\0\1", 2),
	};
	static const u8 success[] = {
		HEAD(2, 22, 0), 0, 0, 0, 3, 0, 1, 5, 0, 0, 0x80, 0, 0
	};

	script_rc(s, CC_GetRandom, 0);
	KUNIT_EXPECT_EQ(test, script_command(s, &s->space, &c), -EIO);
	KUNIT_EXPECT_EQ(test, e->place, TRM_LOADED);
	script_rc(s, CC_GetRandom, 0x12f);
	KUNIT_EXPECT_EQ(test, script_command(s, &s->space, &c), 0x12f);
	KUNIT_EXPECT_EQ(test, e->place, TRM_LOADED);
	script_raw(s, CC_GetRandom, success, sizeof(success));
	KUNIT_EXPECT_EQ(test, script_command(s, &s->space, &c), 0);
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
}

static struct kunit_case space_cases[] = {
	KUNIT_CASE(an_errno_of_the_transport_is_passed_on),
	KUNIT_CASE(an_errno_while_loading_is_passed_on),
	KUNIT_CASE_PARAM(a_malformed_response_is_eio, nonsense_gen_params),
	KUNIT_CASE_PARAM(a_malformed_context_load_is_eio, nonsense_gen_params),
	KUNIT_CASE(a_handle_of_another_kind_is_eio),
	KUNIT_CASE(a_handle_that_no_memory_was_given_for_is_eio),
	KUNIT_CASE(a_number_is_taken_from_its_former_owner),
	KUNIT_CASE(a_slot_is_taken_from_its_former_owner),
	KUNIT_CASE_PARAM(only_what_is_said_to_be_missing_is_lost,
			 missing_gen_params),
	KUNIT_CASE(real_handles_are_put_for_virtual_ones),
	KUNIT_CASE(sessions_end_only_with_a_wellformed_success),
	{}
};

static struct kunit_suite space_suite = {
	.name = "tpm_rm_space",
	.init = script_init,
	.test_cases = space_cases,
};

kunit_test_suite(space_suite);
