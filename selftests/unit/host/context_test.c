// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions that clients save and load by themselves, and those that outlive
 * their files.
 */
#include "space_fixture.h"

static void a_saved_session_is_loaded_without_the_tpm(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy copy;

	KUNIT_EXPECT_EQ(test, client_save(c, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, commands_of(test), 1);
	KUNIT_EXPECT_EQ(test, use_session(c, session), RM(0x918));
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	KUNIT_EXPECT_EQ(test, handle_in(c), session);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(c->rsp + 2), 14);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
}

/* It has left its slot already. */
static void saving_an_evicted_session_costs_nothing(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy copy;

	make_session(c);
	make_session(c);
	KUNIT_ASSERT_FALSE(test, is_loaded(session));
	KUNIT_EXPECT_EQ(test, client_save(c, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
}

static void a_saved_session_cannot_be_saved_or_named(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_policy(c);
	struct copy copy, again;

	KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, client_save(c, session, &again), RM(0x910));
	KUNIT_EXPECT_EQ(test, client_name(c, TPM_CC_PolicyRestart, session),
			RM(0x910));
	KUNIT_EXPECT_EQ(test, use_session_nr(c, session, USE, 2), RM(0x91a));
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
	KUNIT_EXPECT_EQ(test, client_name(c, TPM_CC_PolicyRestart, session), 0);
}

static void a_saved_session_can_be_flushed(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, client_flush(c, session), 0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), RM(0x1cb));
}

static void a_copy_is_used_up(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy first, second;

	KUNIT_ASSERT_EQ(test, client_save(c, session, &first), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &first), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &first), RM(0x1cb));
	KUNIT_ASSERT_EQ(test, use_session(c, session), 0);
	KUNIT_ASSERT_EQ(test, client_save(c, session, &second), 0);
	/* A copy of an earlier save does not stand for the present one. */
	KUNIT_EXPECT_EQ(test, client_load(c, &first), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, client_load(c, &second), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &second), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
}

/* Each octet of it; what is a number of ours or says the kind is another. */
static void an_altered_copy_is_refused(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy copy;
	size_t i;
	int rc;

	KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
	for (i = 0; i < copy.len; i++) {
		copy.data[i] ^= 1;
		rc = client_load(c, &copy);
		/* savedHandle: the octet of the kind 02 and 03 are alike. */
		if (i < 8 || (i > 8 && i < 12))
			KUNIT_EXPECT_EQ_MSG(test, rc, RM(0x1cb), "octet %zu", i);
		else
			KUNIT_EXPECT_EQ_MSG(test, rc, RM(0x1df), "octet %zu", i);
		KUNIT_EXPECT_EQ(test, commands_of(test), 0);
		copy.data[i] ^= 1;
	}
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
}

static void a_cut_or_longer_copy_is_refused(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
	copy.len--;
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), RM(0x1df));
	copy.len += 2;
	copy.data[copy.len - 1] = 0;
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), RM(0x1df));
	copy.len--;
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
}

static void another_user_is_refused(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	u32 session = make_session(a);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(a, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, client_load(b, &copy), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, client_flush(b, session), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, client_load(a, &copy), 0);
	KUNIT_ASSERT_EQ(test, client_save(a, session, &copy), 0);
	client_close(a);
	KUNIT_EXPECT_EQ(test, client_load(b, &copy), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 1);
}

static void the_same_users_other_file_takes_it(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_open(test, user);
	struct client *b = client_open(test, user);
	u32 session = make_session(a);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(a, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, client_load(b, &copy), 0);
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	KUNIT_EXPECT_EQ(test, a->space.file.sessions, 0);
	KUNIT_EXPECT_EQ(test, b->space.file.sessions, 1);
	KUNIT_EXPECT_EQ(test, user->sessions, 1);
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
	KUNIT_EXPECT_EQ(test, use_session(a, session), RM(0x918));
	KUNIT_EXPECT_EQ(test, client_load(a, &copy), RM(0x1cb));
	client_close(a);
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
}

/* As tpm2-tools does it: each process saves, exits, and the next one loads. */
static void an_orphan_is_adopted(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *c = client_open(test, user);
	u32 session = make_session(c), i;
	struct copy copy;

	for (i = 0; i < 5; i++) {
		KUNIT_ASSERT_EQ(test, use_session(c, session), 0);
		KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
		client_close(c);
		KUNIT_EXPECT_EQ(test, user->sessions, 1);
		KUNIT_EXPECT_EQ(test, user->orphans, 1);
		c = client_open(test, user);
		KUNIT_EXPECT_EQ(test, use_session(c, session), RM(0x918));
		KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
		KUNIT_EXPECT_EQ(test, user->orphans, 0);
		KUNIT_EXPECT_EQ(test, c->space.file.sessions, 1);
	}
	client_close(c);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
}

static void a_privileged_client_adopts_any(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct trm_account *admin = new_account(test);
	struct client *c = client_open(test, user);
	struct client *root = client_privileged(test, admin);
	struct world *w = test->priv;
	u32 session = make_session(c);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
	client_close(c);
	KUNIT_EXPECT_EQ(test, w->unprivileged.orphans, 1);
	KUNIT_EXPECT_EQ(test, client_load(root, &copy), 0);
	KUNIT_EXPECT_EQ(test, user->sessions, 0);
	KUNIT_EXPECT_EQ(test, user->orphans, 0);
	KUNIT_EXPECT_EQ(test, w->unprivileged.sessions, 0);
	KUNIT_EXPECT_EQ(test, w->unprivileged.orphans, 0);
	KUNIT_EXPECT_EQ(test, admin->sessions, 1);
	KUNIT_EXPECT_EQ(test, use_session(root, session), 0);
}

static void orphans_are_bounded_oldest_first(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *other = client_of_new_user(test), *c;
	struct copy copy[6], others;
	u32 session, i;

	session = make_session(other);
	KUNIT_ASSERT_EQ(test, client_save(other, session, &others), 0);
	client_close(other);
	limits_of(test)->orphans = 3;
	for (i = 0; i < 6; i++) {
		c = client_open(test, user);
		KUNIT_ASSERT_EQ(test, client_save(c, make_session(c), &copy[i]),
				0);
		client_close(c);
		KUNIT_EXPECT_EQ(test, user->orphans, i < 3 ? i + 1 : 3);
	}
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 4);
	c = client_open(test, user);
	for (i = 0; i < 6; i++)
		KUNIT_EXPECT_EQ(test, client_load(c, &copy[i]),
				i < 3 ? RM(0x1cb) : 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &others), RM(0x1cb));
}

static void one_file_leaves_no_more_orphans_than_it_may(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *c = client_open(test, user);
	struct copy copy;
	u32 i;

	limits_of(test)->orphans = 2;
	for (i = 0; i < 5; i++)
		KUNIT_ASSERT_EQ(test, client_save(c, make_session(c), &copy), 0);
	client_close(c);
	KUNIT_EXPECT_EQ(test, user->orphans, 2);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 2);
	limits_of(test)->orphans = 0;
	c = client_open(test, user);
	KUNIT_ASSERT_EQ(test, client_save(c, make_session(c), &copy), 0);
	client_close(c);
	KUNIT_EXPECT_EQ(test, user->orphans, 0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
}

/* What is only evicted has no copy outside, so nobody could present one. */
static void what_was_not_saved_by_the_client_is_no_orphan(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	struct copy copy;
	u32 saved = make_session(c), i;

	KUNIT_ASSERT_EQ(test, client_save(c, saved, &copy), 0);
	KUNIT_ASSERT_EQ(test, client_load(c, &copy), 0);
	for (i = 0; i < 3; i++)
		make_session(c);
	client_close(c);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
}

/* Objects are not counted for what a session's context is loaded into. */
static void a_full_file_can_load_its_session(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy copy, object;

	limits_of(test)->objects = 1;
	make_object(c, 1);
	KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_ASSERT_EQ(test, client_save(c, 0x80ffffff, &object), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &object), RM(0x902));
}

/* The one that was loaded just now is not the least recently used. */
static void loading_is_a_use(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 first = make_session(c), second = make_session(c);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, first, &copy), 0);
	KUNIT_ASSERT_EQ(test, use_session(c, second), 0);
	KUNIT_ASSERT_EQ(test, client_load(c, &copy), 0);
	limits_of(test)->sessions[TRM_FILE] = 2;
	make_session(c);
	KUNIT_EXPECT_EQ(test, use_session(c, first), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, second), RM(0x918));
}

static void a_tpm_that_forgot_a_saved_session_is_noticed(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, session, &copy), 0);
	KUNIT_ASSERT_EQ(test, stranger_flush(session), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &copy), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), RM(0x918));
	KUNIT_EXPECT_EQ(test, c->space.file.sessions, 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), RM(0x918));
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
}

static struct kunit_case context_cases[] = {
	KUNIT_CASE(a_saved_session_is_loaded_without_the_tpm),
	KUNIT_CASE(saving_an_evicted_session_costs_nothing),
	KUNIT_CASE(a_saved_session_cannot_be_saved_or_named),
	KUNIT_CASE(a_saved_session_can_be_flushed),
	KUNIT_CASE(a_copy_is_used_up),
	KUNIT_CASE(an_altered_copy_is_refused),
	KUNIT_CASE(a_cut_or_longer_copy_is_refused),
	KUNIT_CASE(another_user_is_refused),
	KUNIT_CASE(the_same_users_other_file_takes_it),
	KUNIT_CASE(an_orphan_is_adopted),
	KUNIT_CASE(a_privileged_client_adopts_any),
	KUNIT_CASE(orphans_are_bounded_oldest_first),
	KUNIT_CASE(one_file_leaves_no_more_orphans_than_it_may),
	KUNIT_CASE(what_was_not_saved_by_the_client_is_no_orphan),
	KUNIT_CASE(a_full_file_can_load_its_session),
	KUNIT_CASE(loading_is_a_use),
	KUNIT_CASE(a_tpm_that_forgot_a_saved_session_is_noticed),
	{}
};

static struct kunit_suite context_suite = {
	.name = "tpm_rm_context_tpm",
	.init = world_init,
	.exit = world_exit,
	.test_cases = context_cases,
};

kunit_test_suite(context_suite);
