// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions of the kernel that outlive their transaction: where they are, what
 * they cost, who is charged for them, and how they end.
 */
#include "space_fixture.h"

/* As trm_begin() and trm_end(). */
static void begin(struct kunit *test)
{
	trm_room_enter(room_of(test));
}

static void end(struct kunit *test)
{
	trm_room_rest(room_of(test), false);
	reap(test);
	check_books(test);
}

static struct trm_entity *start(struct kunit *test)
{
	struct trm_entity *e = new_entity(test);
	struct world *w = test->priv;

	KUNIT_ASSERT_EQ(test, ours(&w->f, e, put_session), 0);
	return e;
}

/* A session that a transaction has started and kept. */
static struct trm_entity *kept(struct kunit *test,
			       struct trm_account *const *account)
{
	struct trm_entity *e;

	begin(test);
	e = start(test);
	KUNIT_EXPECT_TRUE(test, trm_room_keep(room_of(test), e, account));
	end(test);
	return e;
}

/* Is it there when it is named? */
static bool is_there(struct kunit *test, struct trm_entity *e)
{
	u32 rc;

	return !trm_room_load(room_of(test), e, &rc) && !rc &&
	       is_loaded(e->handle);
}

static void set_accounts(struct kunit *test, struct trm_account *user,
			 struct trm_account **account)
{
	struct world *w = test->priv;

	account[TRM_USER] = user;
	account[TRM_UNPRIVILEGED] = &w->unprivileged;
}

static unsigned long kicks(struct kunit *test)
{
	return room_of(test)->events[TRM_EVENT_KICK];
}

static void it_stays_in_its_slot_and_costs_nothing(struct kunit *test)
{
	struct trm_entity *e = kept(test, NULL);
	unsigned int i;

	host_tpm_clear_counts();
	for (i = 0; i < 5; i++) {
		begin(test);
		KUNIT_EXPECT_TRUE(test, is_there(test, e));
		end(test);
	}
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 0);
	KUNIT_EXPECT_EQ(test, e->place, TRM_LOADED);
}

static void idle_costs_a_save_and_use_a_load(struct kunit *test)
{
	struct trm_entity *e = kept(test, NULL);

	host_tpm_clear_counts();
	trm_room_rest(room_of(test), true);
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextSave), 1);
	trm_room_rest(room_of(test), true);
	begin(test);
	KUNIT_EXPECT_TRUE(test, is_there(test, e));
	end(test);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextLoad), 1);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 2);
}

static void what_is_not_kept_ends(struct kunit *test)
{
	struct trm_entity *e;

	begin(test);
	e = start(test);
	end(test);
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
}

static void a_slot_is_left_free(struct kunit *test)
{
	struct trm_entity *e[SLOTS];
	unsigned int i;

	for (i = 0; i < SLOTS; i++)
		e[i] = kept(test, NULL);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS - 1);
	KUNIT_EXPECT_EQ(test, e[0]->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, e[SLOTS - 1]->place, TRM_LOADED);
}

static void a_kept_object_stays_in_its_slot(struct kunit *test)
{
	struct trm_entity *e = new_entity(test);
	struct world *w = test->priv;
	u32 rc;

	begin(test);
	KUNIT_ASSERT_EQ(test, ours(&w->f, e, put_object), 0);
	e->keep = true;
	end(test);
	host_tpm_clear_counts();
	begin(test);
	KUNIT_EXPECT_EQ(test, trm_room_load(&w->f.room, e, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	end(test);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 0);
}

static void users_may_have_the_slot(struct kunit *test)
{
	struct trm_entity *e = kept(test, NULL);
	struct client *c = client_of_new_user(test);
	u32 a = make_session(c), b = make_session(c);

	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, use_session(c, a), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, b), 0);
	begin(test);
	KUNIT_EXPECT_TRUE(test, is_there(test, e));
	end(test);
	KUNIT_EXPECT_EQ(test, e->place, TRM_LOADED);
	KUNIT_EXPECT_EQ(test, kicks(test), 0);
}

static void strangers_get_their_slots_back(struct kunit *test)
{
	struct trm_entity *e = kept(test, NULL);
	struct world *w = test->priv;
	u32 handle[SLOTS], i;

	trm_room_rest(&w->f.room, true);
	for (i = 0; i < SLOTS; i++)
		handle[i] = stranger(put_session);
	w->strange_sessions = SLOTS;
	trm_room_unsettle(&w->f.room);
	begin(test);
	KUNIT_EXPECT_TRUE(test, is_there(test, e));
	end(test);
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	for (i = 0; i < SLOTS; i++)
		KUNIT_EXPECT_TRUE(test, is_loaded(handle[i]));
}

static void a_saved_one_is_refreshed(struct kunit *test)
{
	struct trm_entity *e = kept(test, NULL);
	struct client *busy = client_of_new_user(test);
	u32 session[SLOTS], i;

	room_of(test)->gap = 16;
	trm_room_rest(room_of(test), true);
	for (i = 0; i < SLOTS; i++)
		session[i] = make_session(busy);
	for (i = 0; i < 60; i++)
		KUNIT_EXPECT_EQ(test, use_session(busy, session[i % SLOTS]), 0);
	KUNIT_EXPECT_GE(test, room_of(test)->events[TRM_EVENT_REFRESH], 2);
	begin(test);
	KUNIT_EXPECT_TRUE(test, is_there(test, e));
	end(test);
	KUNIT_EXPECT_EQ(test, kicks(test), 0);
}

static void a_reset_loses_it(struct kunit *test)
{
	struct trm_entity *e = kept(test, NULL);
	u32 rc;

	trm_room_rest(room_of(test), true);
	host_tpm_reboot();
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	begin(test);
	KUNIT_EXPECT_EQ(test, trm_room_load(room_of(test), e, &rc), 0);
	KUNIT_EXPECT_NE(test, rc, 0);
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	/* It can be started again. */
	e->keep = false;
	KUNIT_EXPECT_EQ(test, ours(test->priv, e, put_session), 0);
	end(test);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
}

/* The client frees it: nothing is sent then, and nothing stays. */
static void one_let_go_is_flushed_by_who_comes_next(struct kunit *test)
{
	struct trm_entity *loaded = kept(test, NULL), *saved;
	struct client *c = client_of_new_user(test);

	trm_room_rest(room_of(test), true);
	saved = loaded;
	loaded = kept(test, NULL);
	KUNIT_ASSERT_EQ(test, saved->place, TRM_SAVED);
	KUNIT_ASSERT_EQ(test, loaded->place, TRM_LOADED);
	host_tpm_clear_counts();
	KUNIT_EXPECT_TRUE(test, trm_room_let_go(room_of(test), saved));
	KUNIT_EXPECT_TRUE(test, trm_room_let_go(room_of(test), loaded));
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 2);
	KUNIT_EXPECT_EQ(test, client_name(c, CC_ReadClock, 0), 0);
	/* reap() has freed both. */
	KUNIT_EXPECT_EQ(test, commands_of(test), 3);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&room_of(test)->kernel));
}

static void one_let_go_may_be_lost_or_kicked(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct trm_account *account[TRM_NR_SCOPES] = {};
	struct trm_entity *e, *e2;
	struct client *c;

	set_accounts(test, user, account);
	e = kept(test, account);
	KUNIT_EXPECT_TRUE(test, trm_room_let_go(room_of(test), e));
	limits_of(test)->sessions[TRM_USER] = 1;
	c = client_open(test, user);
	make_session(c);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, user->sessions, 1);

	e2 = kept(test, NULL);
	trm_room_rest(room_of(test), true);
	KUNIT_EXPECT_TRUE(test, trm_room_let_go(room_of(test), e2));
	host_tpm_reboot();
	trm_room_rest(room_of(test), true);
	reap(test);
	KUNIT_EXPECT_TRUE(test, list_empty(&room_of(test)->kernel));
	/* The user's is lost with the reset. */
	KUNIT_EXPECT_EQ(test, client_name(c, CC_ReadClock, 0), 0);
}

static void what_occupies_nothing_stays_the_callers(struct kunit *test)
{
	struct trm_entity *object = new_entity(test), *e = kept(test, NULL);
	struct world *w = test->priv;

	begin(test);
	KUNIT_ASSERT_EQ(test, ours(&w->f, object, put_object), 0);
	object->keep = true;
	trm_room_flush(&w->f.room, e);
	end(test);
	trm_room_rest(&w->f.room, true);
	KUNIT_ASSERT_EQ(test, object->place, TRM_SAVED);
	KUNIT_EXPECT_FALSE(test, trm_room_let_go(&w->f.room, object));
	KUNIT_EXPECT_EQ(test, object->place, TRM_NONE);
	KUNIT_EXPECT_FALSE(test, trm_room_let_go(&w->f.room, e));
	KUNIT_EXPECT_TRUE(test, list_empty(&w->f.room.kernel));
	KUNIT_EXPECT_TRUE(test, list_empty(&w->f.room.dead));
}

static void it_counts_in_the_quota_of_its_user(struct kunit *test)
{
	struct trm_account *account[TRM_NR_SCOPES] = {};
	struct trm_account *user = new_account(test);
	struct client *other = client_of_new_user(test);
	u32 oldest = make_session(other);
	struct trm_entity *e[3];
	unsigned int i;

	set_accounts(test, user, account);
	limits_of(test)->sessions[TRM_USER] = 2;
	for (i = 0; i < 3; i++)
		e[i] = kept(test, account);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, user->sessions, 2);
	KUNIT_EXPECT_EQ(test, room_of(test)->nr_users, 3);
	/* The client has it still, and can see that it is over. */
	KUNIT_EXPECT_EQ(test, e[0]->place, TRM_NONE);
	KUNIT_EXPECT_TRUE(test, list_empty(&room_of(test)->dead));
	begin(test);
	KUNIT_EXPECT_TRUE(test, is_there(test, e[1]));
	KUNIT_EXPECT_TRUE(test, is_there(test, e[2]));
	end(test);
	KUNIT_EXPECT_EQ(test, use_session(other, oldest), 0);
}

static void a_file_of_the_same_user_may_kick_it(struct kunit *test)
{
	struct trm_account *account[TRM_NR_SCOPES] = {};
	struct trm_account *user = new_account(test);
	struct client *c = client_open(test, user);
	struct trm_entity *e, *root = kept(test, NULL);

	set_accounts(test, user, account);
	e = kept(test, account);
	limits_of(test)->sessions[TRM_USER] = 1;
	make_session(c);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, user->sessions, 1);
	KUNIT_EXPECT_NE(test, root->place, TRM_NONE);
}

/* All numbers are taken, and nobody holds more than he. */
static void when_the_tpm_is_full_it_may_go(struct kunit *test)
{
	struct trm_account *account[TRM_NR_SCOPES] = {};
	struct trm_entity *e[4];
	unsigned int i;

	set_accounts(test, new_account(test), account);
	for (i = 0; i < 4; i++)
		e[i] = kept(test, account);
	while (sessions_in_tpm() < ACTIVE)
		make_session(client_of_new_user(test));
	make_session(client_of_new_user(test));
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_EQ(test, e[0]->place, TRM_NONE);
	KUNIT_EXPECT_NE(test, e[1]->place, TRM_NONE);
}

static void what_a_transaction_uses_is_not_kicked_in_it(struct kunit *test)
{
	struct trm_account *account[TRM_NR_SCOPES] = {};
	struct trm_entity *used, *unused, *e;

	set_accounts(test, new_account(test), account);
	used = kept(test, account);
	unused = kept(test, account);
	while (sessions_in_tpm() < ACTIVE)
		make_session(client_of_new_user(test));
	begin(test);
	KUNIT_EXPECT_TRUE(test, is_there(test, used));
	e = start(test);
	KUNIT_EXPECT_EQ(test, unused->place, TRM_NONE);
	/* Of those in use not even one over quota goes. */
	limits_of(test)->sessions[TRM_USER] = 1;
	KUNIT_EXPECT_TRUE(test, trm_room_keep(room_of(test), e, account));
	KUNIT_EXPECT_TRUE(test, is_there(test, used));
	end(test);
	KUNIT_EXPECT_EQ(test, kicks(test), 1);
	KUNIT_EXPECT_NE(test, e->place, TRM_NONE);
}

static void over_quota_it_may_be_refused(struct kunit *test)
{
	struct trm_account *account[TRM_NR_SCOPES] = {};
	struct trm_entity *first, *e;

	set_accounts(test, new_account(test), account);
	limits_of(test)->sessions[TRM_USER] = 1;
	limits_of(test)->refuse = true;
	first = kept(test, account);
	begin(test);
	e = start(test);
	KUNIT_EXPECT_FALSE(test, trm_room_keep(room_of(test), e, account));
	end(test);
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	KUNIT_EXPECT_NE(test, first->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, account[TRM_USER]->sessions, 1);
	KUNIT_EXPECT_EQ(test, kicks(test), 0);
}

static void keeping_twice_is_charged_once(struct kunit *test)
{
	struct trm_account *account[TRM_NR_SCOPES] = {};
	struct trm_entity *e;

	set_accounts(test, new_account(test), account);
	e = kept(test, account);
	begin(test);
	KUNIT_EXPECT_TRUE(test, trm_room_keep(room_of(test), e, account));
	end(test);
	KUNIT_EXPECT_EQ(test, account[TRM_USER]->sessions, 1);
	trm_room_flush(room_of(test), e);
	KUNIT_EXPECT_EQ(test, account[TRM_USER]->sessions, 0);
	KUNIT_EXPECT_EQ(test, room_of(test)->events[TRM_EVENT_KEEP], 1);
}

static struct kunit_case kept_cases[] = {
	KUNIT_CASE(it_stays_in_its_slot_and_costs_nothing),
	KUNIT_CASE(idle_costs_a_save_and_use_a_load),
	KUNIT_CASE(what_is_not_kept_ends),
	KUNIT_CASE(a_slot_is_left_free),
	KUNIT_CASE(a_kept_object_stays_in_its_slot),
	KUNIT_CASE(users_may_have_the_slot),
	KUNIT_CASE(strangers_get_their_slots_back),
	KUNIT_CASE(a_saved_one_is_refreshed),
	KUNIT_CASE(a_reset_loses_it),
	KUNIT_CASE(one_let_go_is_flushed_by_who_comes_next),
	KUNIT_CASE(one_let_go_may_be_lost_or_kicked),
	KUNIT_CASE(what_occupies_nothing_stays_the_callers),
	KUNIT_CASE(it_counts_in_the_quota_of_its_user),
	KUNIT_CASE(a_file_of_the_same_user_may_kick_it),
	KUNIT_CASE(when_the_tpm_is_full_it_may_go),
	KUNIT_CASE(what_a_transaction_uses_is_not_kicked_in_it),
	KUNIT_CASE(over_quota_it_may_be_refused),
	KUNIT_CASE(keeping_twice_is_charged_once),
	{}
};

static struct kunit_suite kept_suite = {
	.name = "tpm_rm_kept",
	.init = world_init,
	.exit = world_exit,
	.test_cases = kept_cases,
};

kunit_test_suite(kept_suite);
