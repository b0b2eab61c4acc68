// SPDX-License-Identifier: GPL-2.0-only
/*
 * Room in the TPM: slots, numbers, and what cannot be helped.
 */
#include "room_fixture.h"

static void where_there_is_room_a_command_costs_one(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *object = new_entity(test), *session = new_entity(test);

	host_tpm_clear_counts();
	KUNIT_EXPECT_EQ(test, ours(f, object, put_sequence), 0);
	KUNIT_EXPECT_EQ(test, ours(f, session, put_session), 0);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 2);
	leave(f);
	/* Neither is kept: two flushes, nothing else. */
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 4);
	KUNIT_EXPECT_EQ(test, object->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 0);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), 0);
}

/* Which slots strangers hold, and how many of ours come on top. */
struct slots_case {
	const char *desc;
	unsigned int held;	/* bit n: 0x8000000n */
	unsigned int needed;
};

static const struct slots_case slots_cases[] = {
	{ "all held, one needed", 7, 1 },
	{ "all held, two needed", 7, 2 },
	{ "all held, three needed", 7, 3 },
	{ "middle free, two needed", 5, 2 },
	{ "lowest free, two needed", 6, 2 },
	{ "lowest and middle free, three needed", 4, 3 },
	{ "highest held, three needed", 4, 3 },
	{ "two held, one needed", 3, 1 },
	{ "none held, three needed", 0, 3 },
};

static void slots_desc(const struct slots_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(slots, slots_cases, slots_desc);

static void hold_slots(struct kunit *test, unsigned int held)
{
	u32 i, handle;

	for (i = 0; i < SLOTS; i++)
		KUNIT_ASSERT_NE(test, stranger(put_sequence), 0);
	for (i = 0; i < SLOTS; i++) {
		handle = TPM_HANDLE_FIRST(TPM_HT_TRANSIENT) + i;
		if (!(held & 1U << i))
			KUNIT_ASSERT_EQ(test, stranger_flush(handle), 0);
	}
}

static void strangers_objects_come_back_where_they_were(struct kunit *test)
{
	const struct slots_case *c = test->param_value;
	struct fixture *f = test->priv;
	unsigned int i;

	hold_slots(test, c->held);
	for (i = 0; i < c->needed; i++)
		KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_sequence), 0);
	leave(f);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_LOST], 0);
	KUNIT_EXPECT_EQ(test, f->room.nr_parked, 0);
	for (i = 0; i < SLOTS; i++)
		KUNIT_EXPECT_EQ(test,
				is_object(TPM_HANDLE_FIRST(TPM_HT_TRANSIENT) + i),
				!!(c->held & 1U << i));
}

static void more_objects_than_slots_is_the_answer(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e[SLOTS + 1];
	int i;

	for (i = 0; i < SLOTS; i++) {
		e[i] = new_entity(test);
		KUNIT_ASSERT_EQ(test, ours(f, e[i], put_sequence), 0);
		e[i]->pinned = true;
	}
	e[i] = new_entity(test);
	KUNIT_EXPECT_EQ(test, ours(f, e[i], put_sequence),
			TPM_RC_OBJECT_MEMORY);
	leave(f);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 0);
}

/* A TPM that never gives the number of an object out twice. */
static int unique_numbers(void *ctx, const u8 *cmd, size_t len, u8 *rsp,
			  size_t size)
{
	struct tpm2_writer w = tpm2_writer(rsp, size);
	u32 *next = ctx;

	switch (get_unaligned_be32(cmd + 6)) {
	case TPM_CC_HashSequenceStart:
		tpm2_put_u16(&w, TPM_ST_NO_SESSIONS);
		tpm2_put_u32(&w, TPM2_HEADER_SIZE + 4);
		tpm2_put_u32(&w, 0);
		tpm2_put_u32(&w, (*next)++);
		return w.len;
	case TPM_CC_FlushContext:
		return host_tpm_put_error(rsp, TPM_RC_SUCCESS);
	case TPM_CC_StartAuthSession:
		return host_tpm_put_error(rsp, TPM_RC_OBJECT_MEMORY);
	default:
		return 0;
	}
}

static void objects_that_could_not_come_back_are_not_taken(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 next = 0x80000010;

	hold_slots(test, 3);
	host_tpm_clear_counts();
	host_tpm_hook(unique_numbers, &next);
	/* The hook answers 0x902 to a command that is none of the room's. */
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_session),
			TPM_RC_OBJECT_MEMORY);
	KUNIT_EXPECT_EQ(test, f->room.slots, TRM_SLOTS_UNIQUE);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextSave), 0);
	host_tpm_hook(NULL, NULL);
	leave(f);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 2);
}

static void strangers_sessions_are_loaded_again(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e = new_entity(test), *e2 = new_entity(test);
	u32 handle[SLOTS];
	int i;

	for (i = 0; i < SLOTS; i++) {
		handle[i] = stranger(put_session);
		KUNIT_ASSERT_NE(test, handle[i], 0);
	}
	KUNIT_EXPECT_EQ(test, ours(f, e, put_session), 0);
	e->pinned = true;
	KUNIT_EXPECT_EQ(test, ours(f, e2, put_session), 0);
	KUNIT_EXPECT_FALSE(test, is_loaded(handle[2]));
	leave(f);
	for (i = 0; i < SLOTS; i++)
		KUNIT_EXPECT_TRUE(test, is_loaded(handle[i]));
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_LOST], 0);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_KICK], 0);
}

/* All numbers taken: @loaded of them in slots, the others saved. */
static void take_all_sessions(struct kunit *test, unsigned int loaded)
{
	u8 buf[TPM2_BUFFER_SIZE];
	unsigned int i;
	size_t len;

	for (i = 0; i < ACTIVE; i++) {
		u32 handle = stranger(put_session);

		KUNIT_ASSERT_NE(test, handle, 0);
		if (i < ACTIVE - loaded)
			KUNIT_ASSERT_EQ(test, stranger_save(handle, buf, &len),
					0);
	}
}

static void of_all_sessions_the_last_saved_one_is_kicked(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 last = TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION) + ACTIVE - SLOTS - 1;

	take_all_sessions(test, SLOTS);
	KUNIT_EXPECT_TRUE(test, is_listed(TPM_HT_POLICY_SESSION, last));
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_session), 0);
	leave(f);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_KICK], 1);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_POLICY_SESSION), ACTIVE - SLOTS - 1);
	KUNIT_EXPECT_FALSE(test, is_listed(TPM_HT_POLICY_SESSION, last));
}

static void a_kept_object_is_saved_once(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e = new_entity(test);
	u32 rc;

	KUNIT_ASSERT_EQ(test, ours(f, e, put_object), 0);
	e->keep = true;
	leave(f);
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 0);
	host_tpm_clear_counts();
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	KUNIT_EXPECT_TRUE(test, is_object(e->handle));
	leave(f);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextLoad), 1);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_FlushContext), 1);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 2);
}

static void a_kept_session_keeps_its_number(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e = new_entity(test);
	u32 handle, rc;

	KUNIT_ASSERT_EQ(test, ours(f, e, put_session), 0);
	e->keep = true;
	handle = e->handle;
	leave(f);
	KUNIT_EXPECT_TRUE(test, is_listed(TPM_HT_POLICY_SESSION, handle));
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	KUNIT_EXPECT_EQ(test, e->handle, handle);
	trm_room_flush(&f->room, e);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), 0);
}

/* Ours make room for ours before a stranger has to. */
static void ours_are_evicted_first(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e[4];
	u32 handle = stranger(put_sequence), rc;
	int i;

	for (i = 0; i < 4; i++) {
		e[i] = new_entity(test);
		e[i]->keep = true;
		KUNIT_ASSERT_EQ(test, ours(f, e[i], put_sequence), 0);
	}
	KUNIT_EXPECT_EQ(test, f->room.nr_parked, 0);
	KUNIT_EXPECT_TRUE(test, is_object(handle));
	/* Least recently used first. */
	KUNIT_EXPECT_EQ(test, e[0]->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, e[3]->place, TRM_LOADED);
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e[0], &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	KUNIT_EXPECT_EQ(test, e[2]->place, TRM_SAVED);
	leave(f);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 1);
}

static void what_the_tpm_forgot_is_dismissed(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e = new_entity(test);
	u32 rc;

	KUNIT_ASSERT_EQ(test, ours(f, e, put_sequence), 0);
	e->keep = true;
	leave(f);
	host_tpm_reboot();
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), 0);
	KUNIT_EXPECT_EQ(test, tpm2_rc_base(rc), TPM_RC_INTEGRITY);
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), -EINVAL);
}

static void a_stranger_that_cannot_be_saved_stays(struct kunit *test)
{
	struct fixture *f = test->priv;

	hold_slots(test, 7);
	host_tpm_fail(TPM_CC_ContextSave, 0, 0x12e /* TOO_MANY_CONTEXTS */);
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_sequence),
			TPM_RC_OBJECT_MEMORY);
	leave(f);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), SLOTS);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_LOST], 0);
}

static void a_stranger_that_cannot_be_loaded_is_counted(struct kunit *test)
{
	struct fixture *f = test->priv;

	hold_slots(test, 7);
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_sequence), 0);
	host_tpm_fail(TPM_CC_ContextLoad, 0, 0x1df /* INTEGRITY */);
	leave(f);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_LOST], 1);
	KUNIT_EXPECT_EQ(test, f->room.nr_parked, 0);
}

/* Whatever it answers, a TPM is not asked for ever. */
static int always_full(void *ctx, const u8 *cmd, size_t len, u8 *rsp,
		       size_t size)
{
	u32 *rc = ctx;

	return get_unaligned_be32(cmd + 6) == TPM_CC_StartAuthSession ?
	       host_tpm_put_error(rsp, *rc) : 0;
}

static const u32 warnings[] = {
	TPM_RC_CONTEXT_GAP, TPM_RC_OBJECT_MEMORY, TPM_RC_SESSION_MEMORY,
	TPM_RC_MEMORY, TPM_RC_SESSION_HANDLES, TPM_RC_OBJECT_HANDLES,
	TPM_RC_YIELDED,
};

static void warning_desc(const u32 *rc, char *desc)
{
	sprintf(desc, "0x%03x", *rc);
}

KUNIT_ARRAY_PARAM(warning, warnings, warning_desc);

static void a_warning_that_stays_is_the_answer(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 rc = *(const u32 *)test->param_value;

	hold_slots(test, 5);
	stranger(put_session);
	host_tpm_clear_counts();
	host_tpm_hook(always_full, &rc);
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_session), rc);
	host_tpm_hook(NULL, NULL);
	KUNIT_EXPECT_LT(test, host_tpm_count(0), 400);
	leave(f);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 2);
}

static int broken(void *ctx, const u8 *cmd, size_t len, u8 *rsp, size_t size)
{
	memset(rsp, 0, TPM2_HEADER_SIZE);
	return *(int *)ctx;
}

static void a_broken_transport_is_reported(struct kunit *test)
{
	static const int answers[] = { -EIO, -ETIME, -ENODEV, 9 };
	static const int reports[] = { -EIO, -ETIME, -ENODEV, -EBADMSG };
	struct fixture *f = test->priv;
	u8 cmd[TPM2_BUFFER_SIZE];
	size_t len = put_session(cmd), i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		int answer = answers[i];

		host_tpm_hook(broken, &answer);
		KUNIT_EXPECT_EQ(test, trm_room_send(&f->room,
						    tpm2_bytes(cmd, len),
						    f->rsp), reports[i]);
	}
	host_tpm_hook(NULL, NULL);
}

static struct kunit_case room_cases[] = {
	KUNIT_CASE(where_there_is_room_a_command_costs_one),
	KUNIT_CASE_PARAM(strangers_objects_come_back_where_they_were,
			 slots_gen_params),
	KUNIT_CASE(more_objects_than_slots_is_the_answer),
	KUNIT_CASE(objects_that_could_not_come_back_are_not_taken),
	KUNIT_CASE(strangers_sessions_are_loaded_again),
	KUNIT_CASE(of_all_sessions_the_last_saved_one_is_kicked),
	KUNIT_CASE(a_kept_object_is_saved_once),
	KUNIT_CASE(a_kept_session_keeps_its_number),
	KUNIT_CASE(ours_are_evicted_first),
	KUNIT_CASE(what_the_tpm_forgot_is_dismissed),
	KUNIT_CASE(a_stranger_that_cannot_be_saved_stays),
	KUNIT_CASE(a_stranger_that_cannot_be_loaded_is_counted),
	KUNIT_CASE_PARAM(a_warning_that_stays_is_the_answer,
			 warning_gen_params),
	KUNIT_CASE(a_broken_transport_is_reported),
	{}
};

static struct kunit_suite room_suite = {
	.name = "tpm_rm_room",
	.init = room_init,
	.test_cases = room_cases,
};

kunit_test_suite(room_suite);
