// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients of /dev/tpmrm0 who save contexts themselves: those of objects can be
 * loaded as often as one likes, by anybody; that of a session once, and from
 * then on it is used up.
 *
 * Tests that are called ours_ are not passed by the kernel's own /dev/tpmrm0.
 */
#include "space.h"

/* --- objects -------------------------------------------------------------- */

TEST_F(space, object_is_saved_and_loaded)
{
	struct tpm_object key, copy;
	struct tpm_buf context;

	ASSERT_EQ(0, tpm_create_key(self->a, &key, 1));
	EXPECT_EQ(0, tpm_context_save(self->a, key.handle, &context));
	EXPECT_EQ(0, tpm_use_key(self->a, &key, NULL));
	copy = key;
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &copy.handle));
	EXPECT_EQ(FIRST_VIRTUAL - 1, copy.handle);
	EXPECT_EQ(0, tpm_flush(self->a, key.handle));
	EXPECT_EQ(0, tpm_use_key(self->a, &copy, NULL));
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &key.handle));
	EXPECT_EQ(FIRST_VIRTUAL, key.handle);
	EXPECT_EQ(0, tpm_use_key(self->a, &key, NULL));
}

TEST_F(space, object_context_of_another_client)
{
	struct tpm_object key;
	struct tpm_buf context;

	ASSERT_EQ(0, tpm_create_key(self->a, &key, 1));
	EXPECT_EQ(0, tpm_context_save(self->a, key.handle, &context));
	EXPECT_EQ(0, close(self->a));
	EXPECT_EQ(0, tpm_context_load(self->b, &context, &key.handle));
	EXPECT_EQ(FIRST_VIRTUAL, key.handle);
	EXPECT_EQ(0, tpm_use_key(self->b, &key, NULL));
	self->a = tpm_open(TPM_MANAGED);
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &key.handle));
	EXPECT_EQ(0, tpm_use_key(self->a, &key, NULL));
}

TEST_F(space, object_context_that_was_changed)
{
	struct tpm_object key, copy;
	struct tpm_buf context, bad;
	uint32_t handle;

	ASSERT_EQ(0, tpm_create_key(self->a, &key, 1));
	EXPECT_EQ(0, tpm_context_save(self->a, key.handle, &context));
	bad = context;
	bad.data[bad.len - 1] ^= 1;
	EXPECT_EQ(RC_INTEGRITY_P1, code(tpm_context_load(self->a, &bad, &handle)));
	bad = context;
	bad.data[7] ^= 1; /* sequence */
	EXPECT_EQ(RC_INTEGRITY_P1, code(tpm_context_load(self->a, &bad, &handle)));
	EXPECT_EQ(0, tpm_use_key(self->a, &key, NULL));
	copy = key;
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &copy.handle));
	EXPECT_EQ(FIRST_VIRTUAL - 1, copy.handle);
	EXPECT_EQ(0, tpm_use_key(self->a, &copy, NULL));
}

static void hash_of(const char *data, uint8_t *digest)
{
	struct sha256 s;

	sha256_init(&s);
	sha256_update(&s, data, strlen(data));
	sha256_final(&s, digest);
}

/* Each copy goes on from where it was saved. */
TEST_F(space, sequence_is_saved_and_loaded_twice)
{
	uint8_t digest[SHA256_SIZE], expected[SHA256_SIZE];
	uint32_t first, second, third;
	struct tpm_buf context;

	ASSERT_EQ(0, tpm_sequence_start(self->a, &first));
	EXPECT_EQ(0, tpm_sequence_update(self->a, first, "a"));
	EXPECT_EQ(0, tpm_context_save(self->a, first, &context));
	EXPECT_EQ(0, tpm_sequence_update(self->a, first, "b"));
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &second));
	EXPECT_EQ(0, tpm_context_load(self->b, &context, &third));

	hash_of("abc", expected);
	EXPECT_EQ(0, tpm_sequence_complete(self->a, first, "c", digest));
	EXPECT_EQ(0, memcmp(expected, digest, sizeof(digest)));
	hash_of("ac", expected);
	EXPECT_EQ(0, tpm_sequence_complete(self->a, second, "c", digest));
	EXPECT_EQ(0, memcmp(expected, digest, sizeof(digest)));
	EXPECT_EQ(0, tpm_sequence_complete(self->b, third, "c", digest));
	EXPECT_EQ(0, memcmp(expected, digest, sizeof(digest)));
}

/* --- sessions ------------------------------------------------------------- */

TEST_F(space, session_is_saved_and_loaded)
{
	struct tpm_session hmac, policy, away;
	struct tpm_buf context[2];
	uint32_t handle;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &hmac));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_POLICY, &policy));
	ASSERT_EQ(0, tpm_session_mark(self->a, &policy, 5));
	EXPECT_EQ(0, tpm_context_save(self->a, hmac.handle, &context[0]));
	EXPECT_EQ(0, tpm_context_save(self->a, policy.handle, &context[1]));
	away = hmac;
	EXPECT_EQ(TPM_RC_REFERENCE_S0, code(tpm_session_use(self->a, &away)));
	EXPECT_EQ(TPM_RC_REFERENCE_H0, code(tpm_session_use(self->a, &policy)));

	EXPECT_EQ(0, tpm_context_load(self->a, &context[1], &handle));
	EXPECT_EQ(policy.handle, handle);
	EXPECT_EQ(0, tpm_context_load(self->a, &context[0], &handle));
	EXPECT_EQ(hmac.handle, handle);
	EXPECT_EQ(0, tpm_session_use(self->a, &hmac));
	EXPECT_EQ(0, tpm_session_use(self->a, &policy));
}

TEST_F(space, session_context_is_used_up)
{
	struct tpm_session session;
	struct tpm_buf context;
	uint32_t handle;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &handle));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_context_load(self->a, &context, &handle)));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_context_load(self->b, &context, &handle)));
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
}

/* Of two contexts only the later one is that of the session. */
TEST_F(space, session_context_from_before)
{
	struct tpm_buf context, later;
	struct tpm_session session;
	uint32_t handle;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &handle));
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &later));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_context_load(self->a, &context, &handle)));
	EXPECT_EQ(0, tpm_context_load(self->a, &later, &handle));
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
}

TEST_F(space, session_is_saved_but_once)
{
	struct tpm_session session;
	struct tpm_buf context, none;
	uint32_t handle;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	EXPECT_EQ(TPM_RC_REFERENCE_H0, code(tpm_context_save(self->a, session.handle, &none)));
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &handle));
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
}

static bool is_no_context(long rc)
{
	rc = code(rc);
	return rc == RC_HANDLE_P1 || rc == RC_INTEGRITY_P1;
}

/* Neither the sequence nor what is in it; and the true one is as good as before. */
TEST_F(space, session_context_that_was_changed)
{
	struct tpm_session session;
	struct tpm_buf context, bad;
	uint32_t handle;
	size_t i;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	for (i = 7; i < context.len; i += i == 7 ? 20 : 31) {
		bad = context;
		bad.data[i] ^= 1;
		EXPECT_TRUE(is_no_context(tpm_context_load(self->a, &bad, &handle)))
			TH_LOG("octet %zu", i);
	}
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &handle));
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
}

TEST_F(space, saved_session_is_flushed)
{
	struct tpm_session session;
	struct tpm_buf context;
	uint32_t handle;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	EXPECT_EQ(0, tpm_flush(self->a, session.handle));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_flush(self->a, session.handle)));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_context_load(self->a, &context, &handle)));
}

TEST_F(space, ours_anothers_saved_session_is_not_flushed)
{
	struct tpm_session session;
	struct tpm_buf context;
	uint32_t handle;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_flush(self->b, session.handle)));
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &handle));
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
}

/* As tpm2-tools do it, each in a process of its own. */
TEST_F(space, session_goes_from_file_to_file)
{
	struct tpm_session session;
	struct tpm_buf context;
	uint32_t handle;
	int i;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_POLICY, &session));
	ASSERT_EQ(0, tpm_session_mark(self->a, &session, 1));
	for (i = 0; i < 5; i++) {
		struct tpm_session other;

		EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
		EXPECT_EQ(0, close(self->a));
		EXPECT_EQ(0, tpm_session_start(self->b, TPM_SE_HMAC, &other));
		EXPECT_NE(session.handle & 0xffffff, other.handle & 0xffffff);
		self->a = tpm_open(TPM_MANAGED);
		EXPECT_EQ(0, tpm_context_load(self->a, &context, &handle));
		EXPECT_EQ(session.handle, handle);
		EXPECT_EQ(0, tpm_session_use(self->a, &session));
		EXPECT_EQ(0, tpm_flush(self->b, other.handle));
	}
}

/* The saving file is still open, and has it no more. */
TEST_F(space, session_is_given_to_another)
{
	struct tpm_session session, before;
	struct tpm_buf context;
	uint32_t handle;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	EXPECT_EQ(0, tpm_context_load(self->b, &context, &handle));
	EXPECT_EQ(session.handle, handle);
	EXPECT_EQ(0, tpm_session_use(self->b, &session));
	before = session;
	EXPECT_EQ(TPM_RC_REFERENCE_S0, code(tpm_session_use(self->a, &session)));
	session = before;
	EXPECT_EQ(0, close(self->a));
	self->a = tpm_open(TPM_MANAGED);
	EXPECT_EQ(0, tpm_session_use(self->b, &session));
}

/* Who has it when he goes takes it with him. */
TEST_F(space, session_goes_with_its_last_owner)
{
	struct tpm_session session;
	struct tpm_buf context;
	uint32_t handle;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	EXPECT_EQ(0, tpm_context_load(self->b, &context, &handle));
	EXPECT_EQ(0, close(self->b));
	self->b = tpm_open(TPM_MANAGED);
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_context_load(self->b, &context, &handle)));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_context_load(self->a, &context, &handle)));
}

/*
 * Others save and load their sessions meanwhile, over and over: the context in
 * the client's hand is as good as on the first day.
 */
TEST_F(space, session_context_keeps)
{
	struct belongings busy;
	struct tpm_session session;
	struct tpm_buf context;
	uint32_t handle;
	int i;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_context_save(self->a, session.handle, &context));
	ASSERT_EQ(0, have_all(self->b, &busy, 1));
	for (i = 0; i < 10; i++)
		EXPECT_EQ(0, use_all(self->b, &busy));
	EXPECT_EQ(0, tpm_context_load(self->a, &context, &handle));
	EXPECT_EQ(session.handle, handle);
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
}

TEST_HARNESS_MAIN
