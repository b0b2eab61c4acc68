// SPDX-License-Identifier: GPL-2.0-only
/*
 * What users may hold: by file, user, control group, and all of them together.
 */
#include "space_fixture.h"

static struct client *client_in(struct kunit *test, struct trm_account *user,
				struct trm_account *cgroup)
{
	struct client *c = client_open(test, user);

	c->space.account[TRM_CGROUP] = cgroup;
	return c;
}

static int try_session(struct client *c)
{
	u8 buf[TPM2_BUFFER_SIZE];

	return client_send(c, buf, put_session(buf));
}

static void limit(struct kunit *test, enum trm_scope scope, unsigned int nr)
{
	limits_of(test)->sessions[scope] = nr;
}

static void over_its_quota_a_file_loses_its_oldest(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session[4], i;

	limit(test, TRM_FILE, 3);
	for (i = 0; i < 3; i++)
		session[i] = make_session(c);
	KUNIT_EXPECT_EQ(test, use_session(c, session[0]), 0);
	session[3] = make_session(c);
	KUNIT_EXPECT_EQ(test, c->space.file.sessions, 3);
	KUNIT_EXPECT_EQ(test, room_of(test)->events[TRM_EVENT_KICK], 1);
	KUNIT_EXPECT_EQ(test, use_session(c, session[1]), RM(0x918));
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, use_session(c, session[i]),
				i == 1 ? RM(0x918) : 0);
}

/* The user's orphans are not the file's, and their going would not help it. */
static void a_file_over_its_quota_leaves_orphans_alone(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *c = client_open(test, user);
	struct copy orphan;

	KUNIT_ASSERT_EQ(test, client_save(c, make_session(c), &orphan), 0);
	client_close(c);
	limit(test, TRM_FILE, 1);
	c = client_open(test, user);
	make_session(c);
	make_session(c);
	KUNIT_EXPECT_EQ(test, c->space.file.sessions, 1);
	KUNIT_EXPECT_EQ(test, user->orphans, 1);
	KUNIT_EXPECT_EQ(test, client_load(c, &orphan), 0);
}

static void two_files_of_a_user_share_his_quota(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_open(test, user);
	struct client *b = client_open(test, user);
	struct client *other = client_of_new_user(test);
	u32 others = make_session(other), first, second;

	limit(test, TRM_USER, 2);
	first = make_session(a);
	second = make_session(a);
	KUNIT_EXPECT_EQ(test, use_session(a, first), 0);
	make_session(b);
	KUNIT_EXPECT_EQ(test, user->sessions, 2);
	KUNIT_EXPECT_EQ(test, use_session(a, second), RM(0x918));
	KUNIT_EXPECT_EQ(test, use_session(a, first), 0);
	KUNIT_EXPECT_EQ(test, use_session(other, others), 0);
}

/* What is over quota goes from the file that is over it, as far as it can. */
static void the_own_file_loses_before_others_of_the_user(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_open(test, user);
	struct client *b = client_open(test, user);
	u32 old, own;

	limit(test, TRM_USER, 2);
	old = make_session(a);
	own = make_session(b);
	make_session(b);
	KUNIT_EXPECT_EQ(test, use_session(a, old), 0);
	KUNIT_EXPECT_EQ(test, use_session(b, own), RM(0x918));
}

static void a_users_orphans_make_way_first(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *c = client_open(test, user);
	struct client *other = client_of_new_user(test);
	u32 session = make_session(c);
	struct copy orphan, others;

	KUNIT_ASSERT_EQ(test, client_save(other, make_session(other), &others),
			0);
	client_close(other);
	KUNIT_ASSERT_EQ(test, client_save(c, session, &orphan), 0);
	client_close(c);
	c = client_open(test, user);
	limit(test, TRM_USER, 2);
	session = make_session(c);
	make_session(c);
	KUNIT_EXPECT_EQ(test, user->orphans, 0);
	KUNIT_EXPECT_EQ(test, user->sessions, 2);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_EXPECT_EQ(test, client_load(c, &orphan), RM(0x1cb));
	/* Another user's are not his to lose. */
	KUNIT_EXPECT_EQ(test, room_of(test)->events[TRM_EVENT_KICK], 1);
}

static void a_control_group_has_a_quota(struct kunit *test)
{
	struct trm_account *cgroup = new_account(test);
	struct client *a = client_in(test, new_account(test), cgroup);
	struct client *b = client_in(test, new_account(test), cgroup);
	struct client *outside = client_of_new_user(test);
	u32 old = make_session(outside), session;

	limit(test, TRM_CGROUP, 2);
	session = make_session(a);
	make_session(a);
	make_session(b);
	KUNIT_EXPECT_EQ(test, cgroup->sessions, 2);
	KUNIT_EXPECT_EQ(test, use_session(a, session), RM(0x918));
	KUNIT_EXPECT_EQ(test, use_session(outside, old), 0);
}

/* Of another user, but in the same group. */
static void a_control_groups_orphans_make_way_first(struct kunit *test)
{
	struct trm_account *cgroup = new_account(test);
	struct client *a = client_in(test, new_account(test), cgroup);
	struct client *b = client_in(test, new_account(test), cgroup);
	struct copy orphan;
	u32 session;

	KUNIT_ASSERT_EQ(test, client_save(a, make_session(a), &orphan), 0);
	client_close(a);
	KUNIT_EXPECT_EQ(test, cgroup->orphans, 1);
	limit(test, TRM_CGROUP, 2);
	session = make_session(b);
	make_session(b);
	KUNIT_EXPECT_EQ(test, cgroup->orphans, 0);
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
}

/* And his own that count elsewhere do not. */
static void orphans_of_another_control_group_stay(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_in(test, user, new_account(test));
	struct client *b = client_in(test, user, new_account(test));
	struct copy orphan;

	KUNIT_ASSERT_EQ(test, client_save(a, make_session(a), &orphan), 0);
	client_close(a);
	limit(test, TRM_CGROUP, 1);
	make_session(b);
	make_session(b);
	KUNIT_EXPECT_EQ(test, user->orphans, 1);
	KUNIT_EXPECT_EQ(test, b->space.file.sessions, 1);
}

static void all_without_privilege_share_a_quota(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	struct client *root = client_privileged(test, new_account(test));
	struct world *w = test->priv;
	u32 roots = make_session(root), session;

	limit(test, TRM_UNPRIVILEGED, 2);
	session = make_session(a);
	make_session(a);
	make_session(b);
	KUNIT_EXPECT_EQ(test, w->unprivileged.sessions, 2);
	KUNIT_EXPECT_EQ(test, use_session(a, session), RM(0x918));
	make_session(root);
	make_session(root);
	KUNIT_EXPECT_EQ(test, w->unprivileged.sessions, 2);
	KUNIT_EXPECT_EQ(test, use_session(root, roots), 0);
}

static void a_privileged_user_has_no_quota_as_a_user(struct kunit *test)
{
	struct client *root = client_privileged(test, new_account(test));
	u32 i;

	limit(test, TRM_USER, 2);
	limit(test, TRM_UNPRIVILEGED, 2);
	for (i = 0; i < 5; i++)
		make_session(root);
	KUNIT_EXPECT_EQ(test, root->space.file.sessions, 5);
	/* But one for each file. */
	limit(test, TRM_FILE, 5);
	make_session(root);
	KUNIT_EXPECT_EQ(test, root->space.file.sessions, 5);
}

/* The scopes whose quota refuses, each by itself. */
static void over_quota_a_session_can_be_refused(struct kunit *test)
{
	struct client *c = client_in(test, new_account(test), new_account(test));
	struct world *w = test->priv;
	u32 session = make_session(c);
	unsigned int scope;

	w->f.limits.refuse = true;
	for (scope = 0; scope < TRM_NR_SCOPES; scope++) {
		limit(test, scope, 1);
		KUNIT_EXPECT_EQ_MSG(test, try_session(c), RM(0x905), "%u",
				    scope);
		KUNIT_EXPECT_EQ(test, commands_of(test), 0);
		limit(test, scope, ACTIVE);
	}
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_EXPECT_EQ(test, try_session(c), 0);
}

static void orphans_make_way_instead_of_a_refusal(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *c = client_open(test, user);
	struct copy orphan;

	limits_of(test)->refuse = true;
	limit(test, TRM_USER, 1);
	KUNIT_ASSERT_EQ(test, client_save(c, make_session(c), &orphan), 0);
	client_close(c);
	c = client_open(test, user);
	KUNIT_EXPECT_EQ(test, try_session(c), 0);
	KUNIT_EXPECT_EQ(test, user->orphans, 0);
	KUNIT_EXPECT_EQ(test, try_session(c), RM(0x905));
}

/* Adopting an orphan adds none, and so does taking another file's. */
static void what_is_adopted_is_not_over_quota(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_open(test, user);
	struct client *b = client_open(test, user);
	struct copy copy;
	u32 session = make_session(a);

	limits_of(test)->refuse = true;
	limit(test, TRM_USER, 1);
	KUNIT_ASSERT_EQ(test, client_save(a, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, client_load(b, &copy), 0);
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
	KUNIT_ASSERT_EQ(test, client_save(b, session, &copy), 0);
	client_close(b);
	KUNIT_EXPECT_EQ(test, client_load(a, &copy), 0);
	KUNIT_EXPECT_EQ(test, user->sessions, 1);
}

/* But the file that takes it can be full, and then the orphan stays one. */
static void a_full_file_does_not_adopt(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_open(test, user);
	struct client *b = client_open(test, user);
	struct copy copy;
	u32 session = make_session(a);

	make_session(b);
	limits_of(test)->refuse = true;
	limit(test, TRM_FILE, 1);
	KUNIT_ASSERT_EQ(test, client_save(a, session, &copy), 0);
	client_close(a);
	KUNIT_EXPECT_EQ(test, client_load(b, &copy), RM(0x905));
	KUNIT_EXPECT_EQ(test, user->orphans, 1);
	limit(test, TRM_FILE, 2);
	KUNIT_EXPECT_EQ(test, client_load(b, &copy), 0);
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
}

static void adopting_over_quota_kicks_another(struct kunit *test)
{
	struct trm_account *user = new_account(test);
	struct client *a = client_open(test, user);
	struct client *b = client_open(test, user);
	struct copy copy;
	u32 session = make_session(a), old = make_session(b);

	limit(test, TRM_FILE, 1);
	KUNIT_ASSERT_EQ(test, client_save(a, session, &copy), 0);
	KUNIT_EXPECT_EQ(test, client_load(b, &copy), 0);
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
	KUNIT_EXPECT_EQ(test, use_session(b, old), RM(0x918));
}

static void objects_are_refused_over_quota(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u8 buf[TPM2_BUFFER_SIZE];

	limits_of(test)->objects = 2;
	make_object(c, 1);
	make_sequence(c);
	KUNIT_EXPECT_EQ(test, client_send(c, buf, put_sequence(buf)), RM(0x902));
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	/* A session is no object. */
	make_session(c);
	KUNIT_EXPECT_EQ(test, client_flush(c, 0x80ffffff), 0);
	KUNIT_EXPECT_EQ(test, make_sequence(c), 0x80ffffff);
}

static struct kunit_case quota_cases[] = {
	KUNIT_CASE(over_its_quota_a_file_loses_its_oldest),
	KUNIT_CASE(a_file_over_its_quota_leaves_orphans_alone),
	KUNIT_CASE(two_files_of_a_user_share_his_quota),
	KUNIT_CASE(the_own_file_loses_before_others_of_the_user),
	KUNIT_CASE(a_users_orphans_make_way_first),
	KUNIT_CASE(a_control_group_has_a_quota),
	KUNIT_CASE(a_control_groups_orphans_make_way_first),
	KUNIT_CASE(orphans_of_another_control_group_stay),
	KUNIT_CASE(all_without_privilege_share_a_quota),
	KUNIT_CASE(a_privileged_user_has_no_quota_as_a_user),
	KUNIT_CASE(over_quota_a_session_can_be_refused),
	KUNIT_CASE(orphans_make_way_instead_of_a_refusal),
	KUNIT_CASE(what_is_adopted_is_not_over_quota),
	KUNIT_CASE(a_full_file_does_not_adopt),
	KUNIT_CASE(adopting_over_quota_kicks_another),
	KUNIT_CASE(objects_are_refused_over_quota),
	{}
};

static struct kunit_suite quota_suite = {
	.name = "tpm_rm_quota",
	.init = world_init,
	.exit = world_exit,
	.test_cases = quota_cases,
};

kunit_test_suite(quota_suite);
