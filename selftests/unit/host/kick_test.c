// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TPM has no session number left: whose session goes, and who learns it how.
 */
#include "space_fixture.h"

static void make_sessions(struct client *c, unsigned int nr)
{
	while (nr--)
		make_session(c);
}

/* Sessions of many users, few each, until all numbers are taken. */
static void fill_tpm(struct kunit *test)
{
	struct client *c;
	unsigned int nr;

	for (nr = sessions_in_tpm(); nr < ACTIVE; nr++) {
		c = client_of_new_user(test);
		make_session(c);
	}
}

/* A session whose context its client has, and then no client. */
static void make_orphan(struct kunit *test, struct trm_account *user)
{
	struct client *c = client_open(test, user);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, make_session(c), &copy), 0);
	client_close(c);
}

static unsigned long kicks(struct kunit *test)
{
	return room_of(test)->events[TRM_EVENT_KICK];
}

static void ones_own_orphan_goes_first(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct trm_account *other = new_account(test);
	struct client *c = client_open(test, user);

	make_orphan(test, other);
	make_orphan(test, user);
	make_orphan(test, user);
	fill_tpm(test);
	make_session(c);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, other->orphans, 1);
	KUNIT_EXPECT_EQ(test, user->orphans, 1);
}

static void anothers_orphan_goes_next(struct kunit *test)
{
	struct trm_account *other = new_account(test);
	struct trm_account *greedy = new_account(test);
	struct client *c = client_of_new_user(test);
	struct client *over = client_open(test, greedy);

	make_sessions(over, 5);
	make_orphan(test, other);
	fill_tpm(test);
	limits_of(test)->sessions[TRM_USER] = 4;
	make_session(c);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, other->orphans, 0);
	KUNIT_EXPECT_EQ(test, greedy->sessions, 5);
}

/* The quota was lowered meanwhile; whom it is not for holds more and older. */
static void who_is_over_quota_goes_next(struct kunit *test)
{
	struct client *root = client_privileged(test, new_account(test));
	struct client *over = client_of_new_user(test);
	struct client *c = client_of_new_user(test);
	u32 old;

	make_sessions(root, 9);
	old = make_session(over);
	make_sessions(over, 4);
	fill_tpm(test);
	limits_of(test)->sessions[TRM_USER] = 4;
	make_session(c);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, over->space.file.sessions, 4);
	KUNIT_EXPECT_EQ(test, use_session(over, old), RM(0x918));
	KUNIT_EXPECT_EQ(test, root->space.file.sessions, 9);
}

static void who_holds_most_loses_his_oldest(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_open(test, user);
	struct client *b = client_open(test, user);
	struct client *few = client_of_new_user(test);
	struct client *c = client_of_new_user(test);
	u32 oldest = make_session(few), session = make_session(a), second;

	make_sessions(few, 2);
	second = make_session(b);
	make_sessions(b, 2);
	fill_tpm(test);
	KUNIT_EXPECT_EQ(test, use_session(a, session), 0);
	make_session(c);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, use_session(b, second), RM(0x918));
	KUNIT_EXPECT_EQ(test, use_session(a, session), 0);
	KUNIT_EXPECT_EQ(test, use_session(few, oldest), 0);
}

/* @nr sessions made by users of /dev/tpm0, saved but for the last one. */
static void make_strangers(struct kunit *test, unsigned int nr)
{
	struct world *w = test->priv;
	u8 buf[TPM2_BUFFER_SIZE];
	size_t len;
	u32 handle;

	trm_room_rest(&w->f.room, true);
	w->strange_sessions += nr;
	while (nr--) {
		handle = stranger(put_session);
		KUNIT_ASSERT_NE(test, handle, 0);
		if (nr)
			KUNIT_ASSERT_EQ(test, stranger_save(handle, buf, &len),
					0);
	}
}

static void strangers_are_one_user(struct kunit *test)
{
	struct client *greedy = client_of_new_user(test);
	struct client *c = client_of_new_user(test);
	struct world *w = test->priv;

	make_sessions(greedy, 5);
	make_strangers(test, 6);
	fill_tpm(test);
	make_session(c);
	w->strange_sessions--;
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, greedy->space.file.sessions, 5);
	/* Now they have as many: his go before theirs, who can tell nobody. */
	make_session(c);
	KUNIT_EXPECT_EQ(test, greedy->space.file.sessions, 4);
}

static void take_kernel_sessions(struct kunit *test, struct trm_entity **e,
				 unsigned int nr)
{
	struct world *w = test->priv;

	while (nr--) {
		*e = new_entity(test);
		KUNIT_ASSERT_EQ(test, ours(&w->f, *e, put_session), 0);
		(*e++)->keep = true;
		trm_room_leave(&w->f.room);
		trm_room_rest(&w->f.room, false);
	}
}

static void the_kernels_are_never_kicked(struct kunit *test)
{
	struct trm_entity *e[ACTIVE];
	struct client *c = client_of_new_user(test);
	u8 buf[TPM2_BUFFER_SIZE];
	unsigned int i;
	u32 rc;

	take_kernel_sessions(test, e, ACTIVE);
	KUNIT_EXPECT_EQ(test, client_send(c, buf, put_session(buf)),
			TPM_RC_SESSION_HANDLES);
	KUNIT_EXPECT_EQ(test, kicks(test), 0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), ACTIVE);
	for (i = 0; i < ACTIVE; i++) {
		KUNIT_EXPECT_EQ(test, trm_room_load(room_of(test), e[i], &rc),
				0);
		KUNIT_EXPECT_EQ(test, rc, 0);
	}
}

/* All numbers but one are the kernel's, and that one the command names. */
static void what_the_command_names_is_never_kicked(struct kunit *test)
{
	struct trm_entity *e[ACTIVE - 1];
	struct client *c = client_of_new_user(test);
	struct trm_wire_command cmd = {
		.code = TPM_CC_StartAuthSession,
		.handle = { TPM_RH_NULL, TPM_RH_NULL },
		.nr_auths = 1,
	};
	u8 buf[TPM2_BUFFER_SIZE];
	size_t len = put_session(buf);
	u32 session;

	take_kernel_sessions(test, e, ACTIVE - 1);
	session = make_session(c);
	cmd.auth[0].handle = session;
	cmd.auth[0].attributes = USE;
	cmd.params = tpm2_bytes(buf + TPM2_HEADER_SIZE + 8,
				len - TPM2_HEADER_SIZE - 8);
	KUNIT_EXPECT_EQ(test, client_command(c, &cmd), TPM_RC_SESSION_HANDLES);
	KUNIT_EXPECT_EQ(test, kicks(test), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	/* Where it is not named, it makes way for its own client's next. */
	KUNIT_EXPECT_EQ(test, make_session(c), session);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
}

static void users_make_way_for_the_kernel(struct kunit *test)
{
	struct trm_entity *e = new_entity(test);
	struct client *greedy = client_of_new_user(test);
	struct world *w = test->priv;
	u32 old = make_session(greedy);

	make_sessions(greedy, 2);
	fill_tpm(test);
	KUNIT_EXPECT_EQ(test, ours(&w->f, e, put_session), 0);
	trm_room_leave(&w->f.room);
	trm_room_rest(&w->f.room, false);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, use_session(greedy, old), RM(0x918));
}

/* What the kernel keeps is as it was, whatever users do meanwhile. */
static void what_the_kernel_keeps_stays(struct kunit *test)
{
	struct trm_entity *session = new_entity(test);
	struct trm_entity *object = new_entity(test);
	struct world *w = test->priv;
	u32 rc;

	session->keep = true;
	object->keep = true;
	KUNIT_ASSERT_EQ(test, ours(&w->f, session, put_session), 0);
	KUNIT_ASSERT_EQ(test, ours(&w->f, object, put_object), 0);
	trm_room_rest(&w->f.room, false);
	KUNIT_EXPECT_EQ(test, session->place, TRM_LOADED);
	KUNIT_EXPECT_EQ(test, object->place, TRM_LOADED);
	fill_tpm(test);
	make_sessions(client_of_new_user(test), 3);
	KUNIT_EXPECT_EQ(test, session->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, trm_room_load(&w->f.room, session, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	KUNIT_EXPECT_EQ(test, trm_room_load(&w->f.room, object, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	KUNIT_EXPECT_TRUE(test, is_loaded(session->handle));
	KUNIT_EXPECT_TRUE(test, is_object(object->handle));
}

static void the_reserve_is_left_to_the_kernel(struct kunit *test)
{
	struct world *w = test->priv;
	unsigned int i;

	w->f.limits.reserve = 4;
	for (i = 0; i < ACTIVE; i++)
		make_session(client_of_new_user(test));
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), ACTIVE - 4);
	KUNIT_EXPECT_EQ(test, kicks(test), 4);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, ours(&w->f, new_entity(test), put_session),
				0);
	KUNIT_EXPECT_EQ(test, kicks(test), 4);
	trm_room_leave(&w->f.room);
}

/* Strangers' going would leave users no fewer. */
static void strangers_do_not_make_way_for_the_reserve(struct kunit *test)
{
	struct world *w = test->priv;
	unsigned int i;

	make_strangers(test, 3);
	w->f.limits.reserve = ACTIVE - 10;
	for (i = 0; i < 12; i++)
		make_session(client_of_new_user(test));
	KUNIT_EXPECT_EQ(test, w->f.room.nr_users, 10);
	KUNIT_EXPECT_EQ(test, kicks(test), 2);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 13);
	/* Not even where users may have nothing. */
	w->f.limits.reserve = ACTIVE;
	make_session(client_of_new_user(test));
	KUNIT_EXPECT_EQ(test, w->f.room.nr_users, 1);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 4);
}

/* The owner learns it at each place where a session can be named. */
static void the_owner_learns_it(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_policy(c), saved = make_session(c);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, saved, &copy), 0);
	limits_of(test)->sessions[TRM_FILE] = 1;
	make_session(c);
	KUNIT_EXPECT_EQ(test, kicks(test), 2);
	KUNIT_EXPECT_EQ(test, client_name(c, TPM_CC_PolicyRestart, session),
			RM(0x910));
	KUNIT_EXPECT_EQ(test, client_name(c, TPM_CC_ContextSave, session),
			RM(0x910));
	KUNIT_EXPECT_EQ(test, use_session_nr(c, session, USE, 1), RM(0x919));
	KUNIT_EXPECT_EQ(test, client_flush(c, session), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
}

static struct kunit_case kick_cases[] = {
	KUNIT_CASE(ones_own_orphan_goes_first),
	KUNIT_CASE(anothers_orphan_goes_next),
	KUNIT_CASE(who_is_over_quota_goes_next),
	KUNIT_CASE(who_holds_most_loses_his_oldest),
	KUNIT_CASE(strangers_are_one_user),
	KUNIT_CASE(the_kernels_are_never_kicked),
	KUNIT_CASE(what_the_command_names_is_never_kicked),
	KUNIT_CASE(users_make_way_for_the_kernel),
	KUNIT_CASE(what_the_kernel_keeps_stays),
	KUNIT_CASE(the_reserve_is_left_to_the_kernel),
	KUNIT_CASE(strangers_do_not_make_way_for_the_reserve),
	KUNIT_CASE(the_owner_learns_it),
	{}
};

static struct kunit_suite kick_suite = {
	.name = "tpm_rm_kick_tpm",
	.init = world_init,
	.exit = world_exit,
	.test_cases = kick_cases,
};

kunit_test_suite(kick_suite);
