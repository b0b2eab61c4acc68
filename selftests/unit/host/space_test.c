// SPDX-License-Identifier: GPL-2.0-only
/*
 * Spaces over a TPM: handles that a client knows, and those that are not its own.
 */
#include "space_fixture.h"

static void virtual_handles_count_downwards(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 i;

	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, make_object(c, i), 0x80ffffff - i);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff - i), i);
}

static void a_free_handle_is_given_out_again(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 i;

	for (i = 0; i < 4; i++)
		make_object(c, i);
	KUNIT_EXPECT_EQ(test, client_flush(c, 0x80fffffe), 0);
	KUNIT_EXPECT_EQ(test, client_flush(c, 0x80ffffff), 0);
	KUNIT_EXPECT_EQ(test, make_object(c, 10), 0x80ffffff);
	KUNIT_EXPECT_EQ(test, make_object(c, 11), 0x80fffffe);
	KUNIT_EXPECT_EQ(test, make_object(c, 12), 0x80fffffb);
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80fffffe), 11);
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80fffffd), 2);
}

static void two_spaces_have_the_same_handles(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);

	KUNIT_EXPECT_EQ(test, make_object(a, 1), 0x80ffffff);
	KUNIT_EXPECT_EQ(test, make_object(b, 2), 0x80ffffff);
	KUNIT_EXPECT_EQ(test, object_id(a, 0x80ffffff), 1);
	KUNIT_EXPECT_EQ(test, object_id(b, 0x80ffffff), 2);
	KUNIT_EXPECT_EQ(test, client_flush(a, 0x80ffffff), 0);
	KUNIT_EXPECT_EQ(test, object_id(a, 0x80ffffff), -EINVAL);
	KUNIT_EXPECT_EQ(test, object_id(b, 0x80ffffff), 2);
}

/* Also by the number that it really has. */
static void an_unknown_object_is_einval(struct kunit *test)
{
	static const u32 handles[] = { 0x80000000, 0x80fffffe, 0x80ffffff };
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	u32 session = make_session(b);
	unsigned int i;

	make_object(a, 1);
	KUNIT_ASSERT_TRUE(test, is_object(0x80000000));
	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		KUNIT_EXPECT_EQ(test, object_id(b, handles[i]), -EINVAL);
		KUNIT_EXPECT_EQ(test, client_flush(b, handles[i]), -EINVAL);
		KUNIT_EXPECT_EQ(test, client_name(b, TPM_CC_ContextSave,
						  handles[i]), -EINVAL);
		KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	}
	/* It has cost neither client anything. */
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
	KUNIT_EXPECT_EQ(test, object_id(a, 0x80ffffff), 1);
}

/* Every place in a handle area where a session may stand. */
static void a_foreign_session_in_the_handle_area_is_refused(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	u32 session = make_policy(a), n;

	for (n = 0; n < TPM2_MAX_HANDLES; n++) {
		struct trm_wire_command cmd = {
			.code = TPM_CC_PolicyNV,
			.handle = { TPM_RH_OWNER, 0x01000001, 0x01000002 },
		};

		cmd.handle[n] = session;
		KUNIT_EXPECT_EQ(test, client_command(b, &cmd), RM(0x910 + n));
		KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	}
	KUNIT_EXPECT_EQ(test, client_name(b, TPM_CC_ContextSave, session),
			RM(0x910));
	KUNIT_EXPECT_EQ(test, client_name(a, TPM_CC_PolicyRestart, session), 0);
}

static void a_foreign_session_in_the_auth_area_is_refused(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	u32 session = make_session(a), n;

	for (n = 0; n < TPM2_MAX_SESSIONS; n++) {
		KUNIT_EXPECT_EQ(test, use_session_nr(b, session, USE, n),
				RM(0x918 + n));
		KUNIT_EXPECT_EQ(test, use_session_nr(b, session ^ 0x01000000,
						     USE, n), RM(0x918 + n));
		KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	}
	KUNIT_EXPECT_EQ(test, use_session(a, session), 0);
}

static void a_foreign_session_cannot_be_flushed(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	struct client *root = client_privileged(test, new_account(test));
	u32 session = make_session(a);

	KUNIT_EXPECT_EQ(test, client_flush(b, session), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, client_flush(b, session ^ 0x01000000), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, client_flush(root, session), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	KUNIT_EXPECT_TRUE(test, is_loaded(session));
	KUNIT_EXPECT_EQ(test, use_session(a, session), 0);
}

/* A TPM tells sessions by the lower octets alone when it flushes (Part 3). */
static void ones_own_session_is_flushed_by_either_octet(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 hmac = make_session(c), policy = make_policy(c);

	KUNIT_EXPECT_EQ(test, TPM_HT(hmac), TPM_HT_HMAC_SESSION);
	KUNIT_EXPECT_EQ(test, TPM_HT(policy), TPM_HT_POLICY_SESSION);
	KUNIT_EXPECT_EQ(test, client_flush(c, hmac ^ 0x01000000), 0);
	KUNIT_EXPECT_EQ(test, client_flush(c, policy ^ 0x01000000), 0);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 0);
	KUNIT_EXPECT_EQ(test, client_flush(c, hmac), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, client_flush(c, policy), RM(0x1cb));
}

/* A number that was given to another client since is not the first one's. */
static void a_number_used_again_is_the_new_owners(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	u32 session = make_session(a);

	KUNIT_EXPECT_EQ(test, client_flush(a, session), 0);
	KUNIT_ASSERT_EQ(test, make_session(b), session);
	KUNIT_EXPECT_EQ(test, use_session(a, session), RM(0x918));
	KUNIT_EXPECT_EQ(test, client_flush(a, session), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
}

/* Octets that the TPM, not we, must find fault with: nothing is flushed. */
static void an_odd_flush_flushes_nothing(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	u32 session = make_session(a);
	u8 buf[TPM2_BUFFER_SIZE], params[5];
	size_t len;

	make_object(a, 1);
	put_unaligned_be32(session, params);
	params[4] = 0;
	len = put_command(buf, TPM_CC_FlushContext, tpm2_bytes(params, 5));
	KUNIT_EXPECT_EQ(test, client_send(b, buf, len), 0x095);
	put_unaligned_be32(0x80000000, params);
	len = put_command(buf, TPM_CC_FlushContext, tpm2_bytes(params, 5));
	KUNIT_EXPECT_EQ(test, client_send(b, buf, len), 0x095);
	len = put_command(buf, TPM_CC_FlushContext, tpm2_bytes(params, 3));
	KUNIT_EXPECT_EQ(test, client_send(b, buf, len), 0x1da);
	KUNIT_EXPECT_EQ(test, client_flush(b, TPM_RH_OWNER), 0x1c4);
	KUNIT_EXPECT_EQ(test, client_flush(b, 0x81000001), 0x1c4);
	KUNIT_EXPECT_EQ(test, use_session(a, session), 0);
	KUNIT_EXPECT_EQ(test, object_id(a, 0x80ffffff), 1);
}

/* Octets that are no command of this TPM, and what is said of them. */
static const struct bad {
	const char *desc;
	u32 rc;
	size_t len;
	u16 tag;
	u32 size;
	u32 code;
	u8 rest[16];
} bads[] = {
	{ "tag 0", RM(0x01e), 10, 0, 10, CC_ReadClock },
	{ "tag of a TPM 1.2", RM(0x01e), 10, 0x00c1, 10, CC_ReadClock },
	{ "tag of an attestation", RM(0x01e), 14, 0x8014, 14, TPM_CC_ReadPublic,
	  { 0x81, 0, 0, 1 } },
	{ "no handle", RM(0x19a), 10, 0x8001, 10, TPM_CC_ReadPublic },
	{ "three octets of a handle", RM(0x19a), 13, 0x8001, 13,
	  TPM_CC_ReadPublic, { 0x81, 0, 0 } },
	{ "two handles of three", RM(0x39a), 18, 0x8002, 18, TPM_CC_PolicyNV,
	  { 0x40, 0, 0, 1, 1, 0, 0, 1 } },
	{ "size beyond the end", RM(0x142), 10, 0x8001, 11, CC_ReadClock },
	{ "size before the end", RM(0x142), 11, 0x8001, 10, CC_ReadClock },
	{ "unknown code, wrong size", RM(0x142), 11, 0x8001, 10, 0x123 },
	{ "sessions, but no area", RM(0x144), 10, 0x8002, 10, CC_ReadClock },
	{ "area of no size", RM(0x144), 14, 0x8002, 14, CC_ReadClock },
	{ "area beyond the end", RM(0x144), 23, 0x8002, 23, CC_ReadClock,
	  { 0, 0, 0, 10, 0x40, 0, 0, 9, 0, 0, 1, 0, 0 } },
	{ "area that cuts a session", RM(0x144), 23, 0x8002, 23, CC_ReadClock,
	  { 0, 0, 0, 8, 0x40, 0, 0, 9, 0, 0, 1, 0, 0 } },
	{ "code 0", RM(0x143), 10, 0x8001, 10, 0 },
	{ "unknown code", RM(0x143), 10, 0x8001, 10, 0x123 },
	{ "a vendor's code", RM(0x143), 10, 0x8001, 10, 0x20000000 },
};

KUNIT_ARRAY_PARAM_DESC(bad, bads, desc);

static void what_is_no_command_is_answered(struct kunit *test)
{
	const struct bad *bad = test->param_value;
	struct client *c = client_of_new_user(test);
	u32 session = make_session(c);
	u8 octets[32];
	struct tpm2_writer w = tpm2_writer(octets, sizeof(octets));

	tpm2_put_u16(&w, bad->tag);
	tpm2_put_u32(&w, bad->size);
	tpm2_put_u32(&w, bad->code);
	tpm2_put(&w, bad->rest, sizeof(bad->rest));
	make_object(c, 1);
	KUNIT_EXPECT_EQ(test, client_send(c, octets, bad->len), bad->rc);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(c->rsp), TPM_ST_NO_SESSIONS);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(c->rsp + 2), TPM2_HEADER_SIZE);
	KUNIT_EXPECT_EQ(test, commands_of(test), 0);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_EXPECT_EQ(test, object_id(c, 0x80ffffff), 1);
}

/* The TPM's list of commands counts, not our table. */
static void a_command_that_the_tpm_lacks_is_refused(struct kunit *test)
{
	static const u32 attributes[] = { TPM_CC_StartAuthSession, CC_GetRandom };
	struct client *c = client_of_new_user(test);
	struct trm_room *room = room_of(test);
	u32 session;

	room->attributes = attributes;
	room->nr_attributes = 2;
	session = make_session(c);
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_EXPECT_EQ(test, client_name(c, CC_ReadClock, 0), RM(0x143));
	KUNIT_EXPECT_EQ(test, client_flush(c, session), RM(0x143));
	room->nr_attributes = 1;
	KUNIT_EXPECT_EQ(test, use_session(c, session), RM(0x143));
	room->attributes = NULL;
	room->nr_attributes = 0;
	KUNIT_EXPECT_EQ(test, use_session(c, session), 0);
	KUNIT_EXPECT_EQ(test, client_name(c, CC_ReadClock, 0), 0);
}

static void close_flushes_everything(struct kunit *test)
{
	struct client *a = client_of_new_user(test);
	struct client *b = client_of_new_user(test);
	u32 session = make_session(b), i;

	for (i = 0; i < 5; i++) {
		make_session(a);
		make_object(a, i);
	}
	make_sequence(a);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 6);
	client_close(a);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), 1);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), 0);
	KUNIT_EXPECT_EQ(test, use_session(b, session), 0);
}

static struct kunit_case space_cases[] = {
	KUNIT_CASE(virtual_handles_count_downwards),
	KUNIT_CASE(a_free_handle_is_given_out_again),
	KUNIT_CASE(two_spaces_have_the_same_handles),
	KUNIT_CASE(an_unknown_object_is_einval),
	KUNIT_CASE(a_foreign_session_in_the_handle_area_is_refused),
	KUNIT_CASE(a_foreign_session_in_the_auth_area_is_refused),
	KUNIT_CASE(a_foreign_session_cannot_be_flushed),
	KUNIT_CASE(ones_own_session_is_flushed_by_either_octet),
	KUNIT_CASE(a_number_used_again_is_the_new_owners),
	KUNIT_CASE(an_odd_flush_flushes_nothing),
	KUNIT_CASE_PARAM(what_is_no_command_is_answered, bad_gen_params),
	KUNIT_CASE(a_command_that_the_tpm_lacks_is_refused),
	KUNIT_CASE(close_flushes_everything),
	{}
};

static struct kunit_suite space_suite = {
	.name = "tpm_rm_space_tpm",
	.init = world_init,
	.exit = world_exit,
	.test_cases = space_cases,
};

kunit_test_suite(space_suite);
