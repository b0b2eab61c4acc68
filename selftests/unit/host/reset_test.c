// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions that grow old in the gap, a TPM that is reset under its clients, and
 * commands that flush what they do not name.
 */
#include "space_fixture.h"

#define CC_Clear	0x126

static void what_was_saved_long_ago_is_refreshed(struct kunit *test)
{
	struct client *idle = client_of_new_user(test);
	struct client *busy = client_of_new_user(test);
	struct trm_room *room = room_of(test);
	u32 session = make_session(idle), a, b, c;
	unsigned int i;

	room->gap = 16;
	a = make_session(busy);
	b = make_session(busy);
	c = make_session(busy);
	KUNIT_ASSERT_FALSE(test, is_loaded(session));
	/* Three take turns in two slots: each use saves one. */
	for (i = 0; i < 24; i++)
		use_session(busy, i % 3 == 0 ? a : i % 3 == 1 ? b : c);
	/* Not at each save, but at every eighth. */
	KUNIT_EXPECT_GE(test, room->events[TRM_EVENT_REFRESH], 2);
	KUNIT_EXPECT_LE(test, room->events[TRM_EVENT_REFRESH], 4);
	KUNIT_EXPECT_EQ(test, use_session(idle, session), 0);
}

static u64 age_of(struct kunit *test, u32 handle)
{
	struct trm_entity *e;

	list_for_each_entry(e, &room_of(test)->saved, node) {
		if (e->handle == handle)
			return get_unaligned_be64(e->context.data);
	}
	KUNIT_FAIL(test, "not saved");
	return 0;
}

/* Nothing that is saved ever lies half the gap behind at rest. */
static void nothing_saved_is_older_than_half_the_gap(struct kunit *test)
{
	struct client *idle = client_of_new_user(test);
	struct client *busy = client_of_new_user(test);
	struct trm_room *room = room_of(test);
	u32 session[5], used[3], i, k;

	room->gap = 32;
	for (i = 0; i < 5; i++)
		session[i] = make_session(idle);
	for (i = 0; i < 3; i++)
		used[i] = make_session(busy);
	for (i = 0; i < 60; i++) {
		KUNIT_ASSERT_EQ(test, use_session(busy, used[i % 3]), 0);
		for (k = 0; k < 5; k++)
			KUNIT_EXPECT_LE(test, room->newest -
					age_of(test, session[k]), 16);
	}
	KUNIT_EXPECT_EQ(test, room->events[TRM_EVENT_KICK], 0);
	for (k = 0; k < 5; k++)
		KUNIT_EXPECT_EQ(test, use_session(idle, session[k]), 0);
}

/* Saves of strangers that we make and see count in the gap too. */
static void parking_strangers_counts_in_the_gap(struct kunit *test)
{
	struct client *idle = client_of_new_user(test);
	struct world *w = test->priv;
	u32 session = make_session(idle), i;
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(idle, session, &copy), 0);
	w->f.room.gap = 16;
	for (i = 0; i < SLOTS; i++)
		KUNIT_ASSERT_NE(test, stranger(put_session), 0);
	w->strange_sessions = SLOTS;
	trm_room_unsettle(&w->f.room);
	for (i = 0; i < 20; i++) {
		KUNIT_EXPECT_EQ(test, ours(&w->f, new_entity(test), put_session),
				0);
		trm_room_leave(&w->f.room);
		trm_room_rest(&w->f.room, false);
		KUNIT_EXPECT_LE(test, w->f.room.newest - age_of(test, session),
				8);
	}
	/* Though at rest there is no slot for it. */
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS);
	KUNIT_EXPECT_GE(test, w->f.room.events[TRM_EVENT_REFRESH], 2);
	KUNIT_EXPECT_EQ(test, client_load(idle, &copy), 0);
}

/* What the client has was refreshed meanwhile: its copy stands for it still. */
static void a_copy_is_good_after_a_refresh(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *c = client_open(test, user);
	struct client *busy = client_of_new_user(test);
	u32 session = make_session(c), used[3], i;
	struct copy copy;

	room_of(test)->gap = 16;
	KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
	client_close(c);
	for (i = 0; i < 3; i++)
		used[i] = make_session(busy);
	for (i = 0; i < 30; i++)
		use_session(busy, used[i % 3]);
	KUNIT_EXPECT_GE(test, room_of(test)->events[TRM_EVENT_REFRESH], 2);
	c = client_open(test, user);
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), RM(0x1cb));
}

/* It goes to another file, but was saved when it was saved. */
static void a_session_that_moves_keeps_its_age(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_open(test, user);
	struct client *b = client_open(test, user);
	struct client *busy = client_of_new_user(test);
	u32 first = make_session(a), second = make_session(a), used[3], i;
	struct copy copy, later;

	for (i = 0; i < 3; i++)
		used[i] = make_session(busy);
	KUNIT_ASSERT_EQ(test, client_save(a, first, &copy), 0);
	for (i = 0; i < 6; i++)
		use_session(busy, used[i % 3]);
	KUNIT_ASSERT_EQ(test, client_save(a, second, &later), 0);
	KUNIT_ASSERT_EQ(test, client_load(b, &copy), 0);
	room_of(test)->gap = 24;
	for (i = 0; i < 20; i++) {
		use_session(busy, used[i % 3]);
		KUNIT_EXPECT_LE(test, room_of(test)->newest -
				age_of(test, first), 12);
	}
	KUNIT_EXPECT_EQ(test, use_session(b, first), 0);
}

/* A space full of things: some loaded, some saved, one handed out. */
struct full {
	struct client *c;
	u32 session[4];
	u32 handed;
	struct copy copy;
};

static void fill_space(struct kunit *test, struct full *full)
{
	struct client *c = client_of_new_user(test);
	u32 i;

	full->c = c;
	full->handed = make_session(c);
	KUNIT_ASSERT_EQ(test, client_save(c, full->handed, &full->copy), 0);
	for (i = 0; i < 4; i++) {
		make_object(c, i);
		full->session[i] = make_session(c);
	}
	make_sequence(c);
	/* One of those that are loaded has been saved before. */
	KUNIT_ASSERT_EQ(test, object_id(c, 0x80ffffff), 0);
}

/* Loaded ones get the TPM's own answer, saved ones ours. */
static void expect_sessions_lost(struct kunit *test, struct full *full)
{
	u32 i;

	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, use_session(full->c, full->session[i]) &
				0xffff, 0x918);
		KUNIT_EXPECT_EQ(test, use_session(full->c, full->session[i]),
				RM(0x918));
		KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	}
	client_load(full->c, &full->copy);
	KUNIT_EXPECT_EQ(test, use_session(full->c, full->handed), RM(0x918));
	KUNIT_EXPECT_EQ(test, full->c->space.file.sessions, 0);
}

/* Their virtual handles were not given back, so nothing else takes them. */
static void expect_objects_lost(struct kunit *test, struct full *full)
{
	u32 i, handle;

	for (i = 0; i < 5; i++) {
		handle = 0x80ffffff - i;
		KUNIT_EXPECT_EQ(test, object_id(full->c, handle) & 0xffff,
				0x910);
		object_id(full->c, handle);
		KUNIT_EXPECT_EQ(test, object_id(full->c, handle), RM(0x910));
		KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	}
	KUNIT_EXPECT_EQ(test, make_object(full->c, 9), 0x80fffffa);
	for (i = 0; i < 5; i++) {
		handle = 0x80ffffff - i;
		KUNIT_EXPECT_EQ(test, client_flush(full->c, handle), RM(0x1cb));
		KUNIT_EXPECT_EQ(test, client_flush(full->c, handle), -EINVAL);
	}
}

static void a_reset_is_told_once_for_each(struct kunit *test)
{
	struct full full;
	u32 session;

	fill_space(test, &full);
	host_tpm_reboot();
	expect_sessions_lost(test, &full);
	expect_objects_lost(test, &full);
	/* And the client goes on. */
	session = make_session(full.c);
	KUNIT_EXPECT_EQ(test, use_session(full.c, session), 0);
	KUNIT_EXPECT_EQ(test, object_id(full.c, 0x80fffffa), 9);
	KUNIT_EXPECT_EQ(test, make_object(full.c, 10), 0x80ffffff);
}

static void a_reset_is_survived_by_close(struct kunit *test)
{
	struct full full;

	fill_space(test, &full);
	host_tpm_reboot();
	client_close(full.c);
	/* The one that was handed out is an orphan until its context is tried. */
	KUNIT_EXPECT_LE(test, room_of(test)->nr_users, 1);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 0);
}

/* The TPM gives the numbers of sessions that it has lost to others. */
static void after_a_reset_numbers_are_the_new_owners(struct kunit *test)
{
	struct client *b = client_of_new_user(test);
	struct full full;
	u32 session[6], i;

	fill_space(test, &full);
	host_tpm_reboot();
	for (i = 0; i < 6; i++)
		session[i] = make_session(b);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, use_session(full.c, full.session[i]),
				RM(0x918));
	KUNIT_EXPECT_EQ(test, client_load(full.c, &full.copy), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, full.c->space.file.sessions, 0);
	for (i = 0; i < 6; i++)
		KUNIT_EXPECT_EQ(test, use_session(b, session[i]), 0);
}

/* Sessions saved before the reset make the new ones look old: no harm in it. */
static void after_a_reset_old_contexts_are_dropped(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	struct full full;
	u32 used[3], i;

	fill_space(test, &full);
	room_of(test)->gap = 16;
	host_tpm_reboot();
	for (i = 0; i < 3; i++)
		used[i] = make_session(c);
	for (i = 0; i < 30; i++)
		KUNIT_ASSERT_EQ(test, use_session(c, used[i % 3]), 0);
	KUNIT_EXPECT_EQ(test, room_of(test)->nr_users, 3);
	KUNIT_EXPECT_EQ(test, full.c->space.file.sessions, 0);
}

static int clear(struct client *c)
{
	struct trm_wire_command cmd = {
		.code = CC_Clear,
		.handle[0] = TPM_RH_PLATFORM,
		.nr_auths = 1,
		.auth[0].handle = TPM_RS_PW,
	};

	return client_command(c, &cmd);
}

static u32 make_owners(struct client *c)
{
	u8 buf[TPM2_BUFFER_SIZE];
	size_t len = put_object(buf);

	put_unaligned_be32(TPM_RH_OWNER, buf + len - 4);
	KUNIT_ASSERT_EQ(c->test, client_send(c, buf, len), 0);
	return handle_in(c);
}

/* Objects of the owner's hierarchy are gone, others and sessions are not. */
static void clear_is_noticed(struct kunit *test)
{
	struct client *root = client_privileged(test, new_account(test));
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c), null = make_object(c, 5);
	u32 owners = make_owners(c);

	KUNIT_ASSERT_EQ(test, count(TPM_HT_TRANSIENT), 2);
	KUNIT_EXPECT_EQ(test, clear(root), 0);
	KUNIT_EXPECT_EQ(test, object_id(c, owners), RM(0x910));
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	KUNIT_EXPECT_EQ(test, object_id(c, null), 5);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_EXPECT_EQ(test, client_flush(c, owners), RM(0x1cb));
}

/* Saved before, and loaded now: its context is no good any more either. */
static void clear_takes_saved_objects_too(struct kunit *test)
{
	struct client *root = client_privileged(test, new_account(test));
	struct client *c = client_of_new_user(test);
	u32 owners = make_owners(c);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, owners, &copy), 0);
	KUNIT_EXPECT_EQ(test, clear(root), 0);
	KUNIT_EXPECT_EQ(test, object_id(c, owners), RM(0x910));
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0x1df);
	KUNIT_EXPECT_EQ(test, c->space.file.objects, 1);
}

/*
 * It is given up, but its virtual handle is not given back: its client does not
 * know, and would name another object by it.
 */
static void what_cannot_be_saved_is_lost_not_forgotten(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u8 buf[TPM2_BUFFER_SIZE];
	size_t len = put_object(buf);

	make_object(c, 1);
	make_object(c, 2);
	host_tpm_fail(TPM_CC_ContextSave, 0, 0x12e /* TOO_MANY_CONTEXTS */);
	KUNIT_EXPECT_EQ(test, client_send(c, buf, len), 0);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), SLOTS - 1);
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff), RM(0x910));
	KUNIT_EXPECT_EQ(test, make_object(c, 4), 0x80fffffc);
	KUNIT_EXPECT_EQ(test, client_flush(c, 0x80ffffff), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, make_object(c, 5), 0x80ffffff);
}

static void a_session_that_cannot_be_saved_is_kicked(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);

	make_session(c);
	host_tpm_fail(TPM_CC_ContextSave, 0, 0x12e);
	make_session(c);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 2);
	KUNIT_EXPECT_EQ(test, use_session(c, session), RM(0x918));
}

static struct kunit_case reset_cases[] = {
	KUNIT_CASE(what_was_saved_long_ago_is_refreshed),
	KUNIT_CASE(nothing_saved_is_older_than_half_the_gap),
	KUNIT_CASE(parking_strangers_counts_in_the_gap),
	KUNIT_CASE(a_copy_is_good_after_a_refresh),
	KUNIT_CASE(a_session_that_moves_keeps_its_age),
	KUNIT_CASE(a_reset_is_told_once_for_each),
	KUNIT_CASE(a_reset_is_survived_by_close),
	KUNIT_CASE(after_a_reset_numbers_are_the_new_owners),
	KUNIT_CASE(after_a_reset_old_contexts_are_dropped),
	KUNIT_CASE(clear_is_noticed),
	KUNIT_CASE(clear_takes_saved_objects_too),
	KUNIT_CASE(what_cannot_be_saved_is_lost_not_forgotten),
	KUNIT_CASE(a_session_that_cannot_be_saved_is_kicked),
	{}
};

static struct kunit_suite reset_suite = {
	.name = "tpm_rm_reset",
	.init = world_init,
	.exit = world_exit,
	.test_cases = reset_cases,
};

kunit_test_suite(reset_suite);
