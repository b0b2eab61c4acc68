// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for kick.c and evict.c: a TPM that fails, or lies, when room is to
 * be made.
 */
#include "scripted.h"

static const u32 strangers[] = { 0x02000005, 0x02000006 };

static int start(struct script *s)
{
	return script_name(s, TPM_CC_StartAuthSession, 0);
}

/* No number is left, and nobody but the strangers on these lists has any. */
static void script_full(struct script *s)
{
	script_rc(s, TPM_CC_StartAuthSession, TPM_RC_SESSION_HANDLES);
}

static void a_saved_stranger_goes_before_a_loaded_one(struct kunit *test)
{
	struct script *s = test->priv;

	script_full(s);
	script_list(s, TPM_CAP_HANDLES, 2, strangers, 2);
	script_rc(s, TPM_CC_FlushContext, 0);
	script_handle(s, TPM_CC_StartAuthSession, 0x02000006);
	KUNIT_EXPECT_EQ(test, start(s), 0);
	KUNIT_EXPECT_EQ(test, s->room.events[TRM_EVENT_KICK], 1);
}

static void without_saved_strangers_a_loaded_one_goes(struct kunit *test)
{
	struct script *s = test->priv;

	script_full(s);
	script_list(s, TPM_CAP_HANDLES, 0, NULL, 0);
	script_list(s, TPM_CAP_HANDLES, 1, strangers, 1);
	script_rc(s, TPM_CC_FlushContext, 0);
	script_errno(s, TPM_CC_StartAuthSession, -EIO);
	KUNIT_EXPECT_EQ(test, start(s), -EIO);
	KUNIT_EXPECT_EQ(test, s->room.events[TRM_EVENT_KICK], 1);
}

/* Lists that are not to be believed, or did not come. */
static const struct lie {
	const char *desc;
	u32 capability;
	u32 said;
	u32 nr;
	int err;
} lies[] = {
	{ "more than there are", TPM_CAP_HANDLES, 3, 2, 0 },
	{ "fewer than there are", TPM_CAP_HANDLES, 1, 2, 0 },
	{ "more than were asked for", TPM_CAP_HANDLES, 65, 2, 0 },
	{ "very many", TPM_CAP_HANDLES, 0xffffffff, 2, 0 },
	{ "another list", TPM_CAP_TPM_PROPERTIES, 2, 2, 0 },
	{ "no answer", 0, 0, 0, -ETIME },
};

KUNIT_ARRAY_PARAM_DESC(lie, lies, desc);

static void script_lie(struct script *s, const struct lie *lie)
{
	if (lie->err)
		script_errno(s, TPM_CC_GetCapability, lie->err);
	else
		script_list(s, lie->capability, lie->said, strangers, lie->nr);
}

static void a_list_that_lies_flushes_nobody(struct kunit *test)
{
	const struct lie *lie = test->param_value;
	struct script *s = test->priv;
	unsigned int i;

	script_full(s);
	/* Whoever holds most, and then a stranger in any case. */
	for (i = 0; i < 4; i++)
		script_lie(s, lie);
	KUNIT_EXPECT_EQ(test, start(s), TPM_RC_SESSION_HANDLES);
	KUNIT_EXPECT_EQ(test, s->room.events[TRM_EVENT_KICK], 0);
}

static void a_stranger_that_cannot_be_flushed_is_the_answer(struct kunit *test)
{
	struct script *s = test->priv;
	unsigned int i;

	script_full(s);
	for (i = 0; i < 2; i++) {
		script_list(s, TPM_CAP_HANDLES, 1, strangers, 1);
		script_rc(s, TPM_CC_FlushContext, 0x1cb);
		script_list(s, TPM_CAP_HANDLES, 1, strangers, 1);
		script_errno(s, TPM_CC_FlushContext, -EIO);
	}
	KUNIT_EXPECT_EQ(test, start(s), TPM_RC_SESSION_HANDLES);
	KUNIT_EXPECT_EQ(test, s->room.events[TRM_EVENT_KICK], 0);
}

/* On both lists, as by a TPM that has lost count: ours, under either octet. */
static void ours_are_no_strangers(struct kunit *test)
{
	static const u32 list[] = { 0x02000001, 0x03000002, 0x02000005 };
	struct script *s = test->priv;
	struct trm_entity *e[2];
	unsigned int nr = 0;

	e[0] = script_own(s, &s->space, 0x03000001);
	e[1] = script_own(s, &s->space, 0x03000002);
	script_list(s, TPM_CAP_HANDLES, 3, list, 3);
	KUNIT_EXPECT_EQ(test, trm_find_stranger(&s->room, 0x02000000, true, &nr),
			0x02000005);
	KUNIT_EXPECT_EQ(test, nr, 1);
	script_list(s, TPM_CAP_HANDLES, 2, list, 2);
	KUNIT_EXPECT_EQ(test, trm_find_stranger(&s->room, 0x03000000, false,
						&nr), 0);
	script_over(s);
	KUNIT_EXPECT_EQ(test, e[0]->place, TRM_LOADED);
	KUNIT_EXPECT_EQ(test, e[1]->place, TRM_LOADED);
}

/* However the flushing goes, he who is kicked out is not asked again. */
static void a_user_is_kicked_once(struct kunit *test)
{
	static const int errs[] = { 0, -EIO };
	struct script *s = test->priv;
	struct trm_entity *e;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(errs); i++) {
		e = script_own(s, &s->space, 0x02000001);
		script_full(s);
		script_list(s, TPM_CAP_HANDLES, 0, NULL, 0);
		script_list(s, TPM_CAP_HANDLES, 0, NULL, 0);
		if (errs[i])
			script_errno(s, TPM_CC_FlushContext, errs[i]);
		else
			script_rc(s, TPM_CC_FlushContext, 0x1cb);
		script_errno(s, TPM_CC_StartAuthSession, -ETIME);
		KUNIT_EXPECT_EQ(test, start(s), -ETIME);
		KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
		KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
		KUNIT_EXPECT_EQ(test, s->room.nr_users, 0);
		KUNIT_EXPECT_EQ(test, s->room.events[TRM_EVENT_KICK], i + 1);
	}
}

/* As many as users have are tried, then the TPM has its way. */
static void a_tpm_that_is_always_full_is_the_answer(struct kunit *test)
{
	struct script *s = test->priv;
	unsigned int i, k;

	for (i = 0; i < 3; i++)
		script_own(s, &s->space, 0x02000000 + i);
	for (i = 0; i < 3; i++) {
		script_full(s);
		script_list(s, TPM_CAP_HANDLES, 0, NULL, 0);
		script_list(s, TPM_CAP_HANDLES, 0, NULL, 0);
		script_rc(s, TPM_CC_FlushContext, 0);
	}
	script_full(s);
	for (k = 0; k < 4; k++)
		script_list(s, TPM_CAP_HANDLES, 0, NULL, 0);
	KUNIT_EXPECT_EQ(test, start(s), TPM_RC_SESSION_HANDLES);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
}

/* Its slot is made free at rest whatever ContextSave says. */
static void what_cannot_be_saved_is_flushed_at_rest(struct kunit *test)
{
	static const int errs[] = { -EIO, 0 };
	struct script *s = test->priv;
	struct trm_entity *e;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(errs); i++) {
		e = script_own(s, &s->space, 0x80000000);
		if (errs[i])
			script_errno(s, TPM_CC_ContextSave, errs[i]);
		else
			script_rc(s, TPM_CC_ContextSave, 0x101);
		script_rc(s, TPM_CC_FlushContext, 0);
		script_empty(s);
		trm_room_rest(&s->room, true);
		script_over(s);
		KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
		KUNIT_EXPECT_EQ(test, e->vhandle, 0x80ffffff - i);
		KUNIT_EXPECT_EQ(test, s->space.file.objects, i + 1);
	}
}

/* A clean one has lost nothing when FlushContext did not arrive. */
static void a_clean_object_survives_a_failed_flush(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, 0x80000000);

	e->clean = true;
	script_errno(s, TPM_CC_FlushContext, -EIO);
	script_errno(s, TPM_CC_FlushContext, -EIO);
	script_empty(s);
	trm_room_rest(&s->room, true);
	script_over(s);
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
}

static struct kunit_case kick_cases[] = {
	KUNIT_CASE(a_saved_stranger_goes_before_a_loaded_one),
	KUNIT_CASE(without_saved_strangers_a_loaded_one_goes),
	KUNIT_CASE_PARAM(a_list_that_lies_flushes_nobody, lie_gen_params),
	KUNIT_CASE(a_stranger_that_cannot_be_flushed_is_the_answer),
	KUNIT_CASE(ours_are_no_strangers),
	KUNIT_CASE(a_user_is_kicked_once),
	KUNIT_CASE(a_tpm_that_is_always_full_is_the_answer),
	KUNIT_CASE(what_cannot_be_saved_is_flushed_at_rest),
	KUNIT_CASE(a_clean_object_survives_a_failed_flush),
	{}
};

static struct kunit_suite kick_suite = {
	.name = "tpm_rm_kick",
	.init = script_init,
	.test_cases = kick_cases,
};

kunit_test_suite(kick_suite);
