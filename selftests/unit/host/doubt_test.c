// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers that are damaged or false: what they leave in the TPM is found and
 * flushed, what belongs to others stays.
 */
#include "space_fixture.h"

/* What becomes of an answer. */
enum how {
	CUT,		/* an octet is missing at its end */
	FORGED,		/* it is an error, though the TPM did it */
	RENAMED,	/* it has another handle */
	SWALLOWED,	/* it is a success, though the TPM did nothing */
	UNDELIVERED,	/* it does not come, though the TPM did it */
};

/**
 * struct lie - what is done to the next answer to a command
 * @code: TPM_CC
 * @how: what
 * @value: response code or handle
 * @told: it was done
 */
struct lie {
	u32 code;
	enum how how;
	u32 value;
	bool told;
};

static int lie_about(struct lie *lie, u8 *rsp, int len)
{
	switch (lie->how) {
	case CUT:
		put_unaligned_be32(len - 1, rsp + 2);
		return len - 1;
	case FORGED:
		return host_tpm_put_error(rsp, lie->value);
	case RENAMED:
		put_unaligned_be32(lie->value, rsp + TPM2_HEADER_SIZE);
		return len;
	default:
		return -EIO;
	}
}

static int tell(void *ctx, const u8 *cmd, size_t len, u8 *rsp, size_t size)
{
	struct lie *lie = ctx;

	if (lie->told || get_unaligned_be32(cmd + 6) != lie->code)
		return 0;
	lie->told = true;
	if (lie->how == SWALLOWED)
		return host_tpm_put_error(rsp, TPM_RC_SUCCESS);
	memcpy(rsp, cmd, len);
	return lie_about(lie, rsp, host_tpm_send(rsp, len, size));
}

static void rest(struct kunit *test)
{
	trm_room_leave(room_of(test));
	trm_room_rest(room_of(test), false);
}

/* As a kernel client takes an answer.  Returns -errno, or the response code. */
static int take(struct kunit *test, size_t (*put)(u8 *buf))
{
	struct world *w = test->priv;
	struct trm_room *room = room_of(test);
	u8 cmd[TPM2_BUFFER_SIZE];
	struct trm_wire_response r;
	u32 code;
	int len;

	len = put(cmd);
	code = get_unaligned_be32(cmd + 6);
	len = trm_room_send(room, tpm2_bytes(cmd, len), w->f.rsp);
	if (len < 0)
		return len;
	if (trm_wire_parse_response(tpm2_bytes(w->f.rsp, len),
				    trm_command_find(code), 0, &r) ||
	    (!r.rc && !trm_room_believes(room, r.handle,
					 code == TPM_CC_StartAuthSession))) {
		trm_doubt(room);
		return -EBADMSG;
	}
	if (r.rc)
		trm_wonder(room);
	else
		trm_room_admit(room, new_entity(test), r.handle);
	return r.rc;
}

/* Strangers with @objects and @sessions, whom the room knows of. */
static void strangers(struct kunit *test, unsigned int objects,
		      unsigned int sessions)
{
	struct world *w = test->priv;

	w->strange_objects = objects;
	w->strange_sessions = sessions;
	while (objects--)
		KUNIT_ASSERT_NE(test, stranger(put_sequence), 0);
	while (sessions--)
		KUNIT_ASSERT_NE(test, stranger(put_session), 0);
	trm_room_unsettle(&w->f.room);
}

struct lie_case {
	const char *desc;
	size_t (*put)(u8 *buf);
	struct lie lie;
	int answer;
	unsigned int found;
	unsigned int left;
};

static const struct lie_case lie_cases[] = {
	{ "an object, cut", put_sequence,
	  { TPM_CC_HashSequenceStart, CUT }, -EBADMSG, 1 },
	{ "an object, not delivered", put_sequence,
	  { TPM_CC_HashSequenceStart, UNDELIVERED }, -EIO, 1 },
	{ "an object, an error", put_sequence,
	  { TPM_CC_HashSequenceStart, FORGED, 0x101 }, 0x101, 1 },
	{ "an object, a stranger's handle", put_sequence,
	  { TPM_CC_HashSequenceStart, RENAMED, 0x80000000 }, -EBADMSG, 0, 1 },
	{ "an object, nobody's handle", put_sequence,
	  { TPM_CC_HashSequenceStart, RENAMED, 0x80000002 }, 0, 1 },
	{ "an object, a session's handle", put_sequence,
	  { TPM_CC_HashSequenceStart, RENAMED, 0x02000005 }, -EBADMSG, 1 },
	{ "an object, a persistent handle", put_sequence,
	  { TPM_CC_HashSequenceStart, RENAMED, 0x81000001 }, -EBADMSG, 1 },
	{ "no object, a stranger's handle", put_sequence,
	  { TPM_CC_HashSequenceStart, SWALLOWED }, -EBADMSG, 0 },
	{ "no room for an object, though there was", put_sequence,
	  { TPM_CC_HashSequenceStart, FORGED, TPM_RC_OBJECT_MEMORY }, 0, 1 },
	{ "a session, cut", put_session,
	  { TPM_CC_StartAuthSession, CUT }, 0, 0 },
	{ "a session, not delivered", put_session,
	  { TPM_CC_StartAuthSession, UNDELIVERED }, -EIO, 1 },
	{ "a session, an error", put_session,
	  { TPM_CC_StartAuthSession, FORGED, 0x101 }, 0x101, 1 },
	{ "a session, a stranger's handle", put_session,
	  { TPM_CC_StartAuthSession, RENAMED, 0x02000000 }, -EBADMSG, 0, 1 },
	{ "a session, a stranger's handle by its other name", put_session,
	  { TPM_CC_StartAuthSession, RENAMED, 0x03000000 }, -EBADMSG, 0, 1 },
	{ "a session, nobody's handle", put_session,
	  { TPM_CC_StartAuthSession, RENAMED, 0x02000009 }, 0, 1 },
	{ "a session, an object's handle", put_session,
	  { TPM_CC_StartAuthSession, RENAMED, 0x80000002 }, -EBADMSG, 1 },
	{ "no room for a session, though there was", put_session,
	  { TPM_CC_StartAuthSession, FORGED, TPM_RC_SESSION_MEMORY }, 0, 1 },
};

static void lie_desc(const struct lie_case *c, char *desc)
{
	strscpy(desc, c->desc, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(lie, lie_cases, lie_desc);

/*
 * One stranger of each kind; at the end there is nothing else in the TPM, unless
 * it cannot be told from a stranger's.
 */
static void what_a_lie_leaves_is_flushed(struct kunit *test)
{
	const struct lie_case *c = test->param_value;
	struct trm_room *room = room_of(test);
	struct world *w = test->priv;
	struct lie lie = c->lie;

	strangers(test, 1, 1);
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, take(test, c->put), c->answer);
	KUNIT_EXPECT_TRUE(test, lie.told);
	rest(test);
	KUNIT_EXPECT_EQ(test, room->doubt, TRM_SURE);
	KUNIT_EXPECT_EQ(test, room->events[TRM_EVENT_FOUND], c->found);
	KUNIT_EXPECT_EQ(test, room->events[TRM_EVENT_LOST], 0);
	KUNIT_EXPECT_TRUE(test, is_object(0x80000000));
	KUNIT_EXPECT_TRUE(test, is_loaded(0x02000000));
	if (c->put == put_session)
		w->strange_sessions += c->left;
	else
		w->strange_objects += c->left;
}

static void without_doubt_nothing_is_listed(struct kunit *test)
{
	trm_room_survey(room_of(test));
	host_tpm_clear_counts();
	KUNIT_EXPECT_EQ(test, take(test, put_sequence), 0);
	KUNIT_EXPECT_EQ(test, take(test, put_session), 0);
	rest(test);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 4);
}

static void strangers_cost_one_list_of_each_kind(struct kunit *test)
{
	strangers(test, 1, 1);
	host_tpm_clear_counts();
	KUNIT_EXPECT_EQ(test, take(test, put_sequence), 0);
	KUNIT_EXPECT_EQ(test, take(test, put_session), 0);
	rest(test);
	KUNIT_EXPECT_EQ(test, take(test, put_session), 0);
	rest(test);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_GetCapability), 2);
}

/* Others come and go: what they had may be given to us. */
static void a_strangers_handle_is_free_when_he_is_gone(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 object = make_object(c, 7);
	u32 strange;

	trm_room_rest(room_of(test), true);
	strange = stranger(put_sequence);
	KUNIT_ASSERT_NE(test, strange, 0);
	trm_room_unsettle(room_of(test));
	trm_room_survey(room_of(test));
	KUNIT_ASSERT_EQ(test, stranger_flush(strange), 0);
	trm_room_unsettle(room_of(test));
	KUNIT_EXPECT_EQ(test, object_id(c, object), 7);
	KUNIT_EXPECT_EQ(test, room_of(test)->doubt, TRM_SURE);
}

/* Until strangers were counted, what nobody knows may be theirs. */
static void what_may_be_a_strangers_stays(struct kunit *test)
{
	struct world *w = test->priv;
	struct lie lie = { TPM_CC_HashSequenceStart, CUT };

	KUNIT_ASSERT_NE(test, stranger(put_sequence), 0);
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, take(test, put_sequence), -EBADMSG);
	rest(test);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 2);
	w->strange_objects = 2;
}

/* What has the slot of an object that is parked is not the stranger's. */
static void the_slot_of_a_parked_object_is_not_his(struct kunit *test)
{
	struct trm_room *room = room_of(test);
	struct lie lie = { TPM_CC_HashSequenceStart, CUT };

	strangers(test, SLOTS, 0);
	KUNIT_EXPECT_EQ(test, take(test, put_sequence), 0);
	KUNIT_EXPECT_EQ(test, room->nr_parked, 1);
	trm_room_leave(room);
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, take(test, put_sequence), -EBADMSG);
	rest(test);
	KUNIT_EXPECT_EQ(test, room->events[TRM_EVENT_FOUND], 1);
	KUNIT_EXPECT_EQ(test, room->events[TRM_EVENT_LOST], 0);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), SLOTS);
}

/* That FlushContext did nothing cannot be known, until there is doubt. */
static void what_was_not_flushed_is_found_later(struct kunit *test)
{
	static const struct lie lies[] = {
		{ TPM_CC_FlushContext, SWALLOWED },
		{ TPM_CC_StartAuthSession, UNDELIVERED },
	};
	struct trm_room *room = room_of(test);
	struct lie lie = lies[0];

	strangers(test, 0, 1);
	KUNIT_EXPECT_EQ(test, take(test, put_session), 0);
	host_tpm_hook(tell, &lie);
	rest(test);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), 2);
	lie = lies[1];
	take(test, put_session);
	rest(test);
	KUNIT_EXPECT_EQ(test, room->doubt, TRM_SURE);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), 1);
}

static void a_flush_that_failed_is_looked_into(struct kunit *test)
{
	struct lie lie = { TPM_CC_FlushContext, FORGED, 0x1cb };

	trm_room_survey(room_of(test));
	KUNIT_EXPECT_EQ(test, take(test, put_session), 0);
	host_tpm_hook(tell, &lie);
	rest(test);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), 0);
}

/* Lists that lie are asked for again the next time. */
static void doubt_stays_until_the_lists_come(struct kunit *test)
{
	struct trm_room *room = room_of(test);
	struct lie lie = { TPM_CC_StartAuthSession, UNDELIVERED };
	int i;

	trm_room_survey(room);
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, take(test, put_session), -EIO);
	for (i = 0; i < 2; i++) {
		lie = (struct lie){ TPM_CC_GetCapability, CUT };
		trm_clear_up(room);
		KUNIT_EXPECT_EQ(test, room->doubt, TRM_DOUBT);
	}
	rest(test);
	KUNIT_EXPECT_EQ(test, room->doubt, TRM_SURE);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), 0);
}

/* What the TPM does not let go of is flushed no more than once. */
static void what_cannot_be_flushed_is_left(struct kunit *test)
{
	struct world *w = test->priv;
	struct lie lie = { TPM_CC_StartAuthSession, UNDELIVERED };

	trm_room_survey(room_of(test));
	host_tpm_hook(tell, &lie);
	take(test, put_session);
	lie = (struct lie){ TPM_CC_FlushContext, FORGED, 0x101 };
	/* The TPM did it in fact, so one is left to be told of. */
	KUNIT_ASSERT_NE(test, stranger(put_session), 0);
	rest(test);
	host_tpm_clear_counts();
	rest(test);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 0);
	w->strange_sessions = sessions_in_tpm();
}

/* --- users ---------------------------------------------------------------- */

static void a_users_object_is_not_given_to_another(struct kunit *test)
{
	struct client *a = client_of_new_user(test), *b = client_of_new_user(test);
	u8 buf[TPM2_BUFFER_SIZE];
	struct lie lie = { TPM_CC_LoadExternal, RENAMED, 0x80000000 };
	u32 object = make_object(a, 7);

	trm_room_survey(room_of(test));
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, client_send(b, buf, put_object(buf)), -EIO);
	KUNIT_EXPECT_TRUE(test, lie.told);
	host_tpm_hook(NULL, NULL);
	KUNIT_EXPECT_EQ(test, object_id(a, object), 7);
	KUNIT_EXPECT_EQ(test, b->space.file.objects, 0);
}

static void a_users_session_is_not_given_to_another(struct kunit *test)
{
	struct client *a = client_of_new_user(test), *b = client_of_new_user(test);
	u8 buf[TPM2_BUFFER_SIZE];
	u32 session = make_session(a);
	struct lie lie = { TPM_CC_StartAuthSession, RENAMED, session };

	trm_room_survey(room_of(test));
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, client_send(b, buf, put_session(buf)), -EIO);
	host_tpm_hook(NULL, NULL);
	KUNIT_EXPECT_EQ(test, use_session(a, session), 0);
	KUNIT_EXPECT_EQ(test, b->space.file.sessions, 0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 1);
}

/* The TPM has loaded it; it is used on as if nothing had been. */
static void a_session_survives_a_load_that_was_not_told(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct lie lie = { TPM_CC_ContextLoad, CUT };

	trm_room_rest(room_of(test), true);
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, use_session(c, session), -EIO);
	KUNIT_EXPECT_TRUE(test, lie.told);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
}

/* Its context has not come, so it is of no use to anybody. */
static void a_session_whose_context_was_lost_is_flushed(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct lie lie = { TPM_CC_ContextSave, UNDELIVERED };
	struct copy copy;

	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, client_save(c, session, &copy), -EIO);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), RM(0x918));
}

static void a_session_that_is_said_to_be_missing_is_not_left(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	struct lie lie = { CC_GetRandom, FORGED, TPM_RC_REFERENCE_S0 };

	trm_room_survey(room_of(test));
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, use_session(c, session), TPM_RC_REFERENCE_S0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
}

static void an_object_that_was_loaded_unseen_is_flushed(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	struct lie lie = { TPM_CC_ContextLoad, CUT };
	u32 object = make_object(c, 7);

	trm_room_survey(room_of(test));
	trm_room_rest(room_of(test), true);
	host_tpm_hook(tell, &lie);
	KUNIT_EXPECT_EQ(test, object_id(c, object), -EIO);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 0);
	KUNIT_EXPECT_EQ(test, object_id(c, object), 7);
}

static struct kunit_case doubt_cases[] = {
	KUNIT_CASE_PARAM(what_a_lie_leaves_is_flushed, lie_gen_params),
	KUNIT_CASE(without_doubt_nothing_is_listed),
	KUNIT_CASE(strangers_cost_one_list_of_each_kind),
	KUNIT_CASE(a_strangers_handle_is_free_when_he_is_gone),
	KUNIT_CASE(what_may_be_a_strangers_stays),
	KUNIT_CASE(the_slot_of_a_parked_object_is_not_his),
	KUNIT_CASE(what_was_not_flushed_is_found_later),
	KUNIT_CASE(a_flush_that_failed_is_looked_into),
	KUNIT_CASE(doubt_stays_until_the_lists_come),
	KUNIT_CASE(what_cannot_be_flushed_is_left),
	KUNIT_CASE(a_users_object_is_not_given_to_another),
	KUNIT_CASE(a_users_session_is_not_given_to_another),
	KUNIT_CASE(a_session_survives_a_load_that_was_not_told),
	KUNIT_CASE(a_session_whose_context_was_lost_is_flushed),
	KUNIT_CASE(a_session_that_is_said_to_be_missing_is_not_left),
	KUNIT_CASE(an_object_that_was_loaded_unseen_is_flushed),
	{}
};

static struct kunit_suite doubt_suite = {
	.name = "tpm_rm_doubt",
	.init = world_init,
	.exit = world_exit,
	.test_cases = doubt_cases,
};

kunit_test_suite(doubt_suite);
