// SPDX-License-Identifier: GPL-2.0-only
/*
 * Room in the TPM: the module's own code over a TPM in the process.
 *
 * "Strangers" are objects and sessions made behind the room's back, as a user of
 * /dev/tpm0 makes them.
 */
#include <errno.h>
#include <kunit/test.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>

#include "../../../drivers/char/tpm/rm/room.h"
#include "tpm.h"

#define SLOTS		3	/* object slots, and session slots, of libtpms */
#define ACTIVE		64	/* sessions that it can have at once */

struct fixture {
	struct trm_transport tp;
	struct trm_room room;
	u8 rsp[TPM2_BUFFER_SIZE];
};

static int host_send(struct trm_transport *tp, struct tpm2_bytes cmd, u8 *rsp,
		     size_t size)
{
	memcpy(rsp, cmd.data, cmd.len);
	return host_tpm_send(rsp, cmd.len, size);
}

static int room_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	f->tp.send = host_send;
	trm_room_init(&f->room, &f->tp);
	host_tpm_reset();
	test->priv = f;
	return 0;
}

static u32 rc_of(const u8 *rsp)
{
	return get_unaligned_be32(rsp + 6);
}

/* A command with nothing but a code and parameters. */
static size_t put_command(u8 *buf, u32 code, struct tpm2_bytes params)
{
	struct tpm2_writer w = tpm2_writer(buf, TPM2_BUFFER_SIZE);

	tpm2_put_u16(&w, TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, TPM2_HEADER_SIZE + params.len);
	tpm2_put_u32(&w, code);
	tpm2_put_bytes(&w, params);
	return w.len;
}

static size_t put_sequence(u8 *buf)
{
	static const u8 params[] = { 0, 0, 0, TPM_ALG_ID_SHA256 };

	return put_command(buf, TPM_CC_HashSequenceStart,
			   tpm2_bytes(params, sizeof(params)));
}

static size_t put_session(u8 *buf)
{
	u8 params[64];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	static const u8 nonce[16];

	tpm2_put_u32(&w, TPM_RH_NULL);
	tpm2_put_u32(&w, TPM_RH_NULL);
	tpm2_put_sized(&w, tpm2_bytes(nonce, sizeof(nonce)));
	tpm2_put_u16(&w, 0);
	tpm2_put_u8(&w, TPM_SE_HMAC);
	tpm2_put_u16(&w, TPM_ALG_ID_NULL);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	return put_command(buf, TPM_CC_StartAuthSession, tpm2_written(&w));
}

/* What a stranger does: straight to the TPM.  Returns the handle, 0 if none. */
static u32 stranger(size_t (*put)(u8 *buf))
{
	u8 buf[TPM2_BUFFER_SIZE];

	host_tpm_send(buf, put(buf), sizeof(buf));
	return rc_of(buf) ? 0 : get_unaligned_be32(buf + TPM2_HEADER_SIZE);
}

static u32 stranger_flush(u32 handle)
{
	u8 buf[TPM2_BUFFER_SIZE], params[4];

	put_unaligned_be32(handle, params);
	host_tpm_send(buf, put_command(buf, TPM_CC_FlushContext,
				       tpm2_bytes(params, 4)), sizeof(buf));
	return rc_of(buf);
}

/* Saves a session; its context is left in @buf behind the header. */
static u32 stranger_save(u32 handle, u8 *buf, size_t *len)
{
	u8 params[4];

	put_unaligned_be32(handle, params);
	*len = host_tpm_send(buf, put_command(buf, TPM_CC_ContextSave,
					      tpm2_bytes(params, 4)),
			     TPM2_BUFFER_SIZE);
	return rc_of(buf);
}

static u32 stranger_load(const u8 *saved, size_t len)
{
	u8 buf[TPM2_BUFFER_SIZE];

	host_tpm_send(buf, put_command(buf, TPM_CC_ContextLoad,
				       tpm2_bytes(saved + TPM2_HEADER_SIZE,
						  len - TPM2_HEADER_SIZE)),
		      sizeof(buf));
	return rc_of(buf);
}

/* Ours: through the room.  Returns the response code. */
static u32 ours(struct fixture *f, struct trm_entity *e, size_t (*put)(u8 *buf))
{
	u8 cmd[TPM2_BUFFER_SIZE];
	size_t len = put(cmd);

	if (trm_room_send(&f->room, tpm2_bytes(cmd, len), f->rsp) < 0)
		abort();
	if (!rc_of(f->rsp))
		trm_room_admit(&f->room, e, get_unaligned_be32(f->rsp +
							TPM2_HEADER_SIZE));
	return rc_of(f->rsp);
}

static struct trm_entity *new_entity(struct kunit *test)
{
	struct trm_entity *e = kunit_kzalloc(test, sizeof(*e), GFP_KERNEL);

	INIT_LIST_HEAD(&e->node);
	return e;
}

static unsigned int count(u32 ht)
{
	u32 handle[ACTIVE];

	return host_tpm_handles(ht, handle, ACTIVE);
}

static bool is_listed(u32 ht, u32 handle)
{
	u32 list[ACTIVE];
	int i, nr = host_tpm_handles(ht, list, ACTIVE);

	for (i = 0; i < nr; i++) {
		if (list[i] == handle)
			return true;
	}
	return false;
}

static bool is_object(u32 handle)
{
	return is_listed(TPM_HT_TRANSIENT, handle);
}

static bool is_loaded(u32 handle)
{
	return is_listed(TPM_HT_HMAC_SESSION, handle);
}

static void where_there_is_room_a_command_costs_one(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *object = new_entity(test), *session = new_entity(test);

	host_tpm_clear_counts();
	KUNIT_EXPECT_EQ(test, ours(f, object, put_sequence), 0);
	KUNIT_EXPECT_EQ(test, ours(f, session, put_session), 0);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 2);
	trm_room_leave(&f->room);
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
	strcpy(desc, c->desc);
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
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, f->room.lost, 0);
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
	trm_room_leave(&f->room);
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
	trm_room_leave(&f->room);
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
	trm_room_leave(&f->room);
	for (i = 0; i < SLOTS; i++)
		KUNIT_EXPECT_TRUE(test, is_loaded(handle[i]));
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS);
	KUNIT_EXPECT_EQ(test, f->room.lost, 0);
	KUNIT_EXPECT_EQ(test, f->room.kicked, 0);
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
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, f->room.kicked, 1);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_POLICY_SESSION), ACTIVE - SLOTS - 1);
	KUNIT_EXPECT_FALSE(test, is_listed(TPM_HT_POLICY_SESSION, last));
}

static void a_kept_object_is_saved_once(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e = new_entity(test);
	u32 rc;

	KUNIT_ASSERT_EQ(test, ours(f, e, put_sequence), 0);
	e->keep = true;
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 0);
	host_tpm_clear_counts();
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	KUNIT_EXPECT_TRUE(test, is_object(e->handle));
	trm_room_leave(&f->room);
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
	trm_room_leave(&f->room);
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
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 1);
}

static void what_the_tpm_forgot_is_dismissed(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e = new_entity(test);
	u32 rc;

	KUNIT_ASSERT_EQ(test, ours(f, e, put_sequence), 0);
	e->keep = true;
	trm_room_leave(&f->room);
	host_tpm_reboot();
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), 0);
	KUNIT_EXPECT_EQ(test, tpm2_rc_base(rc), TPM_RC_INTEGRITY);
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), -EINVAL);
}

/*
 * A session saved at first, and another one saved until the TPM has no sequence
 * numbers left beside it.  Returns the other one's handle; it stays loaded.
 */
static u32 open_gap(struct kunit *test)
{
	u8 buf[TPM2_BUFFER_SIZE];
	u32 handle = stranger(put_session), rc;
	int saves;
	size_t len;

	for (saves = 0; saves < 70000; saves++) {
		rc = stranger_save(handle, buf, &len);
		if (rc)
			break;
		KUNIT_ASSERT_EQ(test, stranger_load(buf, len), 0);
	}
	KUNIT_ASSERT_EQ(test, rc, TPM_RC_CONTEXT_GAP);
	return handle;
}

static void a_gap_held_open_by_ours_is_closed(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *old = new_entity(test), *e = new_entity(test);
	u32 busy, other, rc;

	KUNIT_ASSERT_EQ(test, ours(f, old, put_session), 0);
	old->keep = true;
	trm_room_leave(&f->room);
	busy = open_gap(test);
	other = stranger(put_session);
	/* One slot is free, and the TPM wants to be able to save what is in it. */
	KUNIT_EXPECT_EQ(test, ours(f, e, put_session), 0);
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, f->room.kicked, 0);
	KUNIT_EXPECT_TRUE(test, is_loaded(busy));
	KUNIT_EXPECT_TRUE(test, is_loaded(other));
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, old, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	trm_room_flush(&f->room, old);
}

static void a_gap_held_open_by_a_stranger_costs_a_loaded_one(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 buf[TPM2_BUFFER_SIZE];
	u32 old = stranger(put_session), busy, other;
	size_t len;

	KUNIT_ASSERT_EQ(test, stranger_save(old, buf, &len), 0);
	busy = open_gap(test);
	other = stranger(put_session);
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_session), 0);
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, f->room.kicked, 1);
	KUNIT_EXPECT_TRUE(test, is_listed(TPM_HT_POLICY_SESSION, old));
	KUNIT_EXPECT_TRUE(test, is_loaded(busy));
	KUNIT_EXPECT_FALSE(test, is_loaded(other));
}

/* Nothing is loaded: the saved ones go, until the old one was among them. */
static void a_kept_session_is_saved_in_spite_of_a_gap(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e = new_entity(test);
	u8 buf[TPM2_BUFFER_SIZE];
	u32 old = stranger(put_session), busy, rc;
	size_t len;

	KUNIT_ASSERT_EQ(test, stranger_save(old, buf, &len), 0);
	busy = open_gap(test);
	KUNIT_ASSERT_EQ(test, stranger_flush(busy), 0);
	KUNIT_ASSERT_EQ(test, ours(f, e, put_session), 0);
	e->keep = true;
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, f->room.kicked, 1);
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	trm_room_flush(&f->room, e);
}

static void a_stranger_that_cannot_be_saved_stays(struct kunit *test)
{
	struct fixture *f = test->priv;

	hold_slots(test, 7);
	host_tpm_fail(TPM_CC_ContextSave, 0, 0x12e /* TOO_MANY_CONTEXTS */);
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_sequence),
			TPM_RC_OBJECT_MEMORY);
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), SLOTS);
	KUNIT_EXPECT_EQ(test, f->room.lost, 0);
}

static void a_stranger_that_cannot_be_loaded_is_counted(struct kunit *test)
{
	struct fixture *f = test->priv;

	hold_slots(test, 7);
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_sequence), 0);
	host_tpm_fail(TPM_CC_ContextLoad, 0, 0x1df /* INTEGRITY */);
	trm_room_leave(&f->room);
	KUNIT_EXPECT_EQ(test, f->room.lost, 1);
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
	trm_room_leave(&f->room);
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
	KUNIT_CASE(a_gap_held_open_by_ours_is_closed),
	KUNIT_CASE(a_gap_held_open_by_a_stranger_costs_a_loaded_one),
	KUNIT_CASE(a_kept_session_is_saved_in_spite_of_a_gap),
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
