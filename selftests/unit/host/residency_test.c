// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stays in the slots of a TPM between commands, and what each command costs.
 */
#include "space_fixture.h"

/* TPM commands since the last call of host_tpm_clear_counts(). */
struct cost {
	unsigned int loads;
	unsigned int saves;
	unsigned int flushes;
};

static void expect_cost(struct kunit *test, struct cost cost)
{
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextLoad), cost.loads);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextSave), cost.saves);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_FlushContext),
			cost.flushes);
	KUNIT_EXPECT_EQ(test, commands_of(test),
			1 + cost.loads + cost.saves + cost.flushes);
}

static const struct cost nothing;
static const struct cost load_clean = { .loads = 1, .flushes = 1 };
static const struct cost load_dirty = { .loads = 1, .saves = 1, .flushes = 1 };

static void what_is_loaded_costs_one_command(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 policy = make_policy(c), i;

	make_object(c, 1);
	expect_cost(test, nothing);
	for (i = 0; i < 10; i++) {
		KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff), 1);
		expect_cost(test, nothing);
		KUNIT_EXPECT_EQ(test, client_name(c, TPM_CC_PolicyRestart,
						  policy), 0);
		expect_cost(test, nothing);
		KUNIT_EXPECT_EQ(test, client_name(c, CC_ReadClock, 0), 0);
		expect_cost(test, nothing);
	}
}

/* A client that holds much pays for what it names alone. */
static void only_what_is_named_is_loaded(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	struct client *other = client_of_new_user(test);
	u32 session, i;

	session = make_session(c);
	for (i = 0; i < 4; i++) {
		make_object(c, i);
		make_session(c);
	}
	for (i = 0; i < 2; i++) {
		make_object(other, i);
		make_session(other);
	}
	KUNIT_EXPECT_EQ(test, client_name(c, CC_ReadClock, 0), 0);
	expect_cost(test, nothing);
	/* The context of an object that has been saved is good for ever. */
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff), 0);
	expect_cost(test, load_dirty);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	expect_cost(test, (struct cost){ .loads = 1, .saves = 1 });
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	expect_cost(test, nothing);
}

static void the_least_recently_used_object_goes(struct kunit *test)
{
	struct client *c = client_of_new_user(test);

	make_object(c, 0);
	make_object(c, 1);
	object_id(c, 0x80ffffff);
	/* Two stay, one slot is left free: the second goes, not the first. */
	make_object(c, 2);
	expect_cost(test, (struct cost){ .saves = 1, .flushes = 1 });
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff), 0);
	expect_cost(test, nothing);
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80fffffd), 2);
	expect_cost(test, nothing);
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80fffffe), 1);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextLoad), 1);
}

static void the_least_recently_used_session_goes(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 a = make_session(c), b = make_session(c), d;

	use_session(c, a);
	d = make_session(c);
	expect_cost(test, (struct cost){ .saves = 1 });
	KUNIT_EXPECT_TRUE(test, is_loaded(a));
	KUNIT_EXPECT_TRUE(test, is_listed(TPM_HT_POLICY_SESSION, b));
	KUNIT_EXPECT_TRUE(test, is_loaded(d));
	KUNIT_EXPECT_EQ(test, use_session(c, b), 0);
	KUNIT_EXPECT_TRUE(test, is_listed(TPM_HT_POLICY_SESSION, a));
}

/* Once its context is there, an object is evicted by FlushContext alone. */
static void a_clean_object_is_not_saved_again(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	unsigned int i, round;

	for (i = 0; i < 4; i++)
		make_object(c, i);
	for (i = 0; i < 4; i++)
		object_id(c, 0x80ffffff - i);
	for (round = 0; round < 3; round++) {
		for (i = 0; i < 4; i++) {
			KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff - i), i);
			expect_cost(test, load_clean);
		}
	}
}

static int update(struct client *c, u32 handle, const char *data)
{
	struct trm_wire_command cmd = {
		.code = CC_SequenceUpdate,
		.handle[0] = handle,
		.nr_auths = 1,
		.auth[0].handle = TPM_RS_PW,
	};
	u8 params[64];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));

	tpm2_put_sized(&w, tpm2_bytes(data, strlen(data)));
	cmd.params = tpm2_written(&w);
	return client_command(c, &cmd);
}

static int complete(struct client *c, u32 handle)
{
	static const u8 params[] = { 0, 0, 0x40, 0, 0, 0x07 };
	struct trm_wire_command cmd = {
		.code = CC_SequenceComplete,
		.handle[0] = handle,
		.nr_auths = 1,
		.auth[0].handle = TPM_RS_PW,
		.params = tpm2_bytes(params, sizeof(params)),
	};

	return client_command(c, &cmd);
}

/* A sequence changes with each use, so each eviction needs its context anew. */
static void a_sequence_is_saved_each_time(struct kunit *test)
{
	static const u8 abc[] = { 0xba, 0x78, 0x16, 0xbf };
	struct client *c = client_of_new_user(test);
	u32 sequence[4], i, step;

	for (i = 0; i < 4; i++)
		sequence[i] = make_sequence(c);
	for (i = 0; i < 4; i++)
		KUNIT_ASSERT_EQ(test, update(c, sequence[i], "a"), 0);
	for (step = 0; step < 2; step++) {
		for (i = 0; i < 4; i++) {
			KUNIT_ASSERT_EQ(test, update(c, sequence[i],
						     step ? "c" : "b"), 0);
			expect_cost(test, load_dirty);
		}
	}
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, complete(c, sequence[i]), 0);
		/* After parameterSize and the size of the digest. */
		KUNIT_EXPECT_MEMEQ(test, c->rsp + TPM2_HEADER_SIZE + 4 + 2, abc,
				   4);
	}
}

static void a_completed_sequence_is_gone(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 sequence = make_sequence(c);

	KUNIT_EXPECT_EQ(test, complete(c, sequence), 0);
	expect_cost(test, nothing);
	KUNIT_EXPECT_EQ(test, c->space.file.objects, 0);
	KUNIT_EXPECT_EQ(test, update(c, sequence, "a"), -EINVAL);
	KUNIT_EXPECT_EQ(test, make_sequence(c), sequence);
}

static void a_sequence_that_fails_to_complete_is_not(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 sequence = make_sequence(c);

	host_tpm_fail(CC_SequenceComplete, 0, 0x984);
	KUNIT_EXPECT_EQ(test, complete(c, sequence), 0x984);
	KUNIT_EXPECT_EQ(test, complete(c, sequence), 0);
}

/* What a client has loaded from a context need not be saved to be evicted. */
static void a_loaded_context_is_clean(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	struct copy copy;
	u32 i;

	make_object(a, 7);
	KUNIT_ASSERT_EQ(test, client_save(a, 0x80ffffff, &copy), 0);
	client_close(a);
	KUNIT_EXPECT_EQ(test, client_load(b, &copy), 0);
	KUNIT_EXPECT_EQ(test, commands_of(test), 1);
	KUNIT_EXPECT_EQ(test, handle_in(b), 0x80ffffff);
	make_object(b, 8);
	make_object(b, 9);
	expect_cost(test, (struct cost){ .flushes = 1 });
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, object_id(b, 0x80ffffff - i), 7 + i);
}

/* But a sequence that was, must be. */
static void a_loaded_sequence_is_not_clean(struct kunit *test)
{
	static const u8 abc[] = { 0xba, 0x78, 0x16, 0xbf };
	struct client *c = client_of_new_user(test);
	struct copy copy;
	u32 sequence = make_sequence(c);

	KUNIT_ASSERT_EQ(test, client_save(c, sequence, &copy), 0);
	KUNIT_ASSERT_EQ(test, client_flush(c, sequence), 0);
	KUNIT_ASSERT_EQ(test, client_load(c, &copy), 0);
	sequence = handle_in(c);
	KUNIT_EXPECT_EQ(test, update(c, sequence, "abc"), 0);
	make_object(c, 1);
	make_object(c, 2);
	expect_cost(test, (struct cost){ .saves = 1, .flushes = 1 });
	KUNIT_EXPECT_EQ(test, complete(c, sequence), 0);
	KUNIT_EXPECT_MEMEQ(test, c->rsp + TPM2_HEADER_SIZE + 4 + 2, abc, 4);
}

static void saving_a_clean_object_costs_nothing(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	struct copy first, second;

	make_object(c, 1);
	KUNIT_EXPECT_EQ(test, client_save(c, 0x80ffffff, &first), 0);
	KUNIT_EXPECT_EQ(test, commands_of(test), 1);
	KUNIT_EXPECT_EQ(test, client_save(c, 0x80ffffff, &second), 0);
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	KUNIT_EXPECT_EQ(test, first.len, second.len);
	KUNIT_EXPECT_EQ(test, client_load(c, &second), 0);
	KUNIT_EXPECT_EQ(test, object_id(c, handle_in(c)), 1);
}

/*
 * The command names two that are out, and, of the two that are in, the one used
 * least recently: the other has to go.
 */
static void what_a_command_names_does_not_make_way_for_it(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	struct trm_wire_command cmd = {
		.code = CC_GetRandom,
		.nr_auths = 3,
		.params = tpm2_bytes("\0\1", 2),
	};
	u32 session[4], i;

	for (i = 0; i < 4; i++)
		session[i] = make_session(c);
	for (i = 0; i < 3; i++) {
		cmd.auth[i].handle = session[i];
		cmd.auth[i].attributes = TPMA_SESSION_continueSession;
	}
	/* TPM_RC_ATTRIBUTES: the TPM has seen the sessions, and wants none. */
	KUNIT_EXPECT_EQ(test, client_command(c, &cmd), 0x982);
	KUNIT_EXPECT_FALSE(test, is_loaded(session[3]));
	/* The second one is tried, and loaded when there is a slot. */
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextLoad), 3);
	/* The one that made way, and one that rest takes out. */
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_ContextSave), 2);
}

static void at_rest_a_slot_of_each_kind_is_free(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 i;

	for (i = 0; i < 6; i++) {
		make_object(c, i);
		make_session(c);
		KUNIT_EXPECT_LE(test, count(TPM_HT_TRANSIENT), SLOTS - 1);
		KUNIT_EXPECT_LE(test, count(TPM_HT_HMAC_SESSION), SLOTS - 1);
	}
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), SLOTS - 1);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS - 1);
}

static void rest_empties_the_tpm_if_it_is_told_to(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session[3], i;

	for (i = 0; i < 3; i++) {
		make_object(c, i);
		session[i] = make_session(c);
	}
	trm_room_rest(room_of(test), true);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 0);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), 0);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_POLICY_SESSION), 3);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff - i), i);
		KUNIT_EXPECT_EQ(test, use_session(c, session[i]), 0);
	}
}

/* Users of /dev/tpm0 have filled the slots: a user's command gets some anyway. */
static void strangers_make_way_and_come_back(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	struct world *w = test->priv;
	u32 session, i;

	for (i = 0; i < SLOTS; i++) {
		KUNIT_ASSERT_NE(test, stranger(put_sequence), 0);
		KUNIT_ASSERT_NE(test, stranger(put_session), 0);
	}
	w->strange_objects = SLOTS;
	w->strange_sessions = SLOTS;
	make_object(c, 1);
	session = make_session(c);
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff), 1);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_EXPECT_EQ(test, w->f.room.events[TRM_EVENT_LOST], 0);
	KUNIT_EXPECT_EQ(test, w->f.room.events[TRM_EVENT_KICK], 0);
	for (i = 0; i < SLOTS; i++) {
		KUNIT_EXPECT_TRUE(test, is_object(0x80000000 + i));
		KUNIT_EXPECT_TRUE(test, is_loaded(0x02000000 + i));
	}
}

static void a_session_that_is_not_continued_is_gone(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);

	KUNIT_EXPECT_EQ(test, use_session_nr(c, session, USE_LAST, 0), 0);
	expect_cost(test, nothing);
	KUNIT_EXPECT_EQ(test, c->space.file.sessions, 0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), RM(0x918));
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
}

static void a_session_outlives_a_command_that_fails(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);

	host_tpm_fail(CC_GetRandom, 0, 0x1d5);
	KUNIT_EXPECT_EQ(test, use_session_nr(c, session, USE_LAST, 0), 0x1d5);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
}

static struct kunit_case residency_cases[] = {
	KUNIT_CASE(what_is_loaded_costs_one_command),
	KUNIT_CASE(only_what_is_named_is_loaded),
	KUNIT_CASE(the_least_recently_used_object_goes),
	KUNIT_CASE(the_least_recently_used_session_goes),
	KUNIT_CASE(a_clean_object_is_not_saved_again),
	KUNIT_CASE(a_sequence_is_saved_each_time),
	KUNIT_CASE(a_completed_sequence_is_gone),
	KUNIT_CASE(a_sequence_that_fails_to_complete_is_not),
	KUNIT_CASE(a_loaded_context_is_clean),
	KUNIT_CASE(a_loaded_sequence_is_not_clean),
	KUNIT_CASE(saving_a_clean_object_costs_nothing),
	KUNIT_CASE(what_a_command_names_does_not_make_way_for_it),
	KUNIT_CASE(at_rest_a_slot_of_each_kind_is_free),
	KUNIT_CASE(rest_empties_the_tpm_if_it_is_told_to),
	KUNIT_CASE(strangers_make_way_and_come_back),
	KUNIT_CASE(a_session_that_is_not_continued_is_gone),
	KUNIT_CASE(a_session_outlives_a_command_that_fails),
	{}
};

static struct kunit_suite residency_suite = {
	.name = "tpm_rm_residency",
	.init = world_init,
	.exit = world_exit,
	.test_cases = residency_cases,
};

kunit_test_suite(residency_suite);
