// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an open file of /dev/tpmrm0 has to itself: objects under virtual handles
 * and sessions, of which others neither see nor use anything; lists of them;
 * and room for more than the TPM has.
 *
 * Tests that are called ours_ are not passed by the kernel's own /dev/tpmrm0.
 */
#include <stdlib.h>

#include "space.h"

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=120";

/* --- virtual handles ------------------------------------------------------ */

TEST_F(space, handles_are_virtual_and_go_down)
{
	struct tpm_object key[SLOTS];
	int i;

	for (i = 0; i < SLOTS; i++) {
		ASSERT_EQ(0, tpm_create_key(self->a, &key[i], i));
		EXPECT_EQ(FIRST_VIRTUAL - i, key[i].handle);
	}
	for (i = 0; i < SLOTS; i++)
		EXPECT_EQ(0, tpm_use_key(self->a, &key[i], NULL));
}

TEST_F(space, first_free_handle_is_given)
{
	struct tpm_object key[SLOTS], another;
	int i;

	for (i = 0; i < SLOTS; i++)
		ASSERT_EQ(0, tpm_create_key(self->a, &key[i], i));
	for (i = SLOTS - 1; i >= 0; i--) {
		EXPECT_EQ(0, tpm_flush(self->a, key[i].handle));
		EXPECT_EQ(-EINVAL, tpm_use_key(self->a, &key[i], NULL));
		EXPECT_EQ(0, tpm_create_key(self->a, &another, 10 + i));
		EXPECT_EQ(FIRST_VIRTUAL - i, another.handle);
		EXPECT_EQ(0, tpm_use_key(self->a, &another, NULL));
	}
	EXPECT_EQ(0, tpm_flush(self->a, FIRST_VIRTUAL));
	EXPECT_EQ(0, tpm_flush(self->a, FIRST_VIRTUAL - 1));
	EXPECT_EQ(0, tpm_create_key(self->a, &another, 20));
	EXPECT_EQ(FIRST_VIRTUAL, another.handle);
}

TEST_F(space, sequences_are_objects_too)
{
	struct tpm_object key;
	uint8_t digest[SHA256_SIZE];
	uint32_t handle;

	EXPECT_EQ(0, tpm_create_key(self->a, &key, 1));
	EXPECT_EQ(0, tpm_sequence_start(self->a, &handle));
	EXPECT_EQ(FIRST_VIRTUAL - 1, handle);
	EXPECT_EQ(0, tpm_sequence_complete(self->a, handle, "", digest));
	EXPECT_EQ(-EINVAL, tpm_sequence_update(self->a, handle, ""));
	EXPECT_EQ(0, tpm_sequence_start(self->a, &handle));
	EXPECT_EQ(FIRST_VIRTUAL - 1, handle);
}

/* --- two clients ---------------------------------------------------------- */

TEST_F(space, two_files_are_independent)
{
	struct belongings a, b;
	int i;

	ASSERT_EQ(0, have_all(self->a, &a, 1));
	ASSERT_EQ(0, have_all(self->b, &b, 11));
	for (i = 0; i < SLOTS; i++)
		EXPECT_EQ(a.key[i].handle, b.key[i].handle);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, use_all(self->a, &a));
		EXPECT_EQ(0, use_all(self->b, &b));
	}
	EXPECT_EQ(0, close(self->b));
	EXPECT_EQ(0, use_all(self->a, &a));
	self->b = tpm_open(TPM_MANAGED);
}

TEST_F(space, no_use_of_anothers_object)
{
	struct tpm_object key;
	struct tpm_buf context;

	ASSERT_EQ(0, tpm_create_key(self->a, &key, 1));
	EXPECT_EQ(-EINVAL, tpm_use_key(self->b, &key, NULL));
	EXPECT_EQ(-EINVAL, tpm_context_save(self->b, key.handle, &context));
	EXPECT_EQ(-EINVAL, tpm_flush(self->b, key.handle));
	EXPECT_EQ(0, tpm_use_key(self->a, &key, NULL));
}

TEST_F(space, no_use_of_anothers_session)
{
	struct tpm_session policy, hmac, before;
	struct tpm_buf context;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_POLICY, &policy));
	ASSERT_EQ(0, tpm_session_mark(self->a, &policy, 7));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &hmac));
	before = hmac;
	EXPECT_EQ(TPM_RC_REFERENCE_H0, code(tpm_session_use(self->b, &policy)));
	EXPECT_EQ(TPM_RC_REFERENCE_S0, code(tpm_session_use(self->b, &hmac)));
	EXPECT_EQ(TPM_RC_REFERENCE_H0, code(tpm_context_save(self->b, policy.handle, &context)));
	hmac = before;
	EXPECT_EQ(0, tpm_session_use(self->a, &policy));
	EXPECT_EQ(0, tpm_session_use(self->a, &hmac));
}

TEST_F(space, ours_no_flush_of_anothers_session)
{
	struct tpm_session session;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_flush(self->b, session.handle)));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_flush(self->b, session.handle | SAVED)));
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
}

/* Its number is given to the next, who is somebody else. */
TEST_F(space, number_of_a_flushed_session)
{
	struct tpm_session old, new;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &old));
	ASSERT_EQ(0, tpm_flush(self->a, old.handle));
	ASSERT_EQ(0, tpm_session_start(self->b, TPM_SE_HMAC, &new));
	ASSERT_EQ(old.handle, new.handle);
	EXPECT_EQ(TPM_RC_REFERENCE_S0, code(tpm_session_use(self->a, &old)));
	EXPECT_EQ(0, tpm_session_use(self->b, &new));
}

/* --- flushing ------------------------------------------------------------- */

TEST_F(space, flush_own)
{
	struct tpm_session hmac, policy;
	struct tpm_object key;

	ASSERT_EQ(0, tpm_create_key(self->a, &key, 1));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &hmac));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_POLICY, &policy));
	EXPECT_EQ(0, tpm_flush(self->a, key.handle));
	EXPECT_EQ(0, tpm_flush(self->a, hmac.handle));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_flush(self->a, hmac.handle)));
	EXPECT_EQ(TPM_RC_REFERENCE_S0, code(tpm_session_use(self->a, &hmac)));
	EXPECT_EQ(0, tpm_session_use(self->a, &policy));
	EXPECT_EQ(0, tpm_flush(self->a, policy.handle));
	EXPECT_EQ(TPM_RC_REFERENCE_H0, code(tpm_session_use(self->a, &policy)));
	EXPECT_EQ(-EINVAL, tpm_flush(self->a, key.handle));
}

/* The upper octet says what kind of session it is, but a number has one. */
TEST_F(space, flush_under_the_other_type)
{
	struct tpm_session hmac, policy;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &hmac));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_POLICY, &policy));
	EXPECT_EQ(0, tpm_flush(self->a, (hmac.handle & 0xffffff) | SAVED));
	EXPECT_EQ(TPM_RC_REFERENCE_S0, code(tpm_session_use(self->a, &hmac)));
	EXPECT_EQ(0, tpm_flush(self->a, (policy.handle & 0xffffff) | LOADED));
	EXPECT_EQ(TPM_RC_REFERENCE_H0, code(tpm_session_use(self->a, &policy)));
}

/* --- GetCapability -------------------------------------------------------- */

#define LIST(fd, range, max) tpm_list_handles(fd, range, max, &h, &more)

TEST_F(space, list_of_nothing)
{
	struct tpm_handles h;
	bool more;

	EXPECT_EQ(0, LIST(self->a, TRANSIENT, TPM_MAX_HANDLES));
	EXPECT_EQ(0, h.nr);
	EXPECT_FALSE(more);
	EXPECT_EQ(0, LIST(self->a, LOADED, TPM_MAX_HANDLES));
	EXPECT_EQ(0, h.nr);
	EXPECT_FALSE(more);
}

TEST_F(space, list_of_own_objects)
{
	struct tpm_object key[2], other;
	struct tpm_handles h;
	bool more;

	ASSERT_EQ(0, tpm_create_key(self->a, &key[0], 0));
	ASSERT_EQ(0, tpm_create_key(self->a, &key[1], 1));
	ASSERT_EQ(0, tpm_create_key(self->b, &other, 2));
	EXPECT_EQ(0, LIST(self->a, TRANSIENT, TPM_MAX_HANDLES));
	EXPECT_EQ(2, h.nr);
	EXPECT_TRUE(tpm_has_handle(&h, FIRST_VIRTUAL));
	EXPECT_TRUE(tpm_has_handle(&h, FIRST_VIRTUAL - 1));
	EXPECT_EQ(0, LIST(self->b, TRANSIENT, TPM_MAX_HANDLES));
	EXPECT_EQ(1, h.nr);
	EXPECT_EQ(FIRST_VIRTUAL, h.handle[0]);
	EXPECT_FALSE(more);
}

TEST_F(space, ours_list_of_objects_goes_up)
{
	struct tpm_object key[SLOTS];
	struct tpm_handles h;
	bool more;
	int i;

	for (i = 0; i < SLOTS; i++)
		ASSERT_EQ(0, tpm_create_key(self->a, &key[i], i));
	EXPECT_EQ(0, LIST(self->a, TRANSIENT, TPM_MAX_HANDLES));
	ASSERT_EQ(SLOTS, h.nr);
	for (i = 0; i < SLOTS; i++)
		EXPECT_EQ(FIRST_VIRTUAL - SLOTS + 1 + i, h.handle[i]);
	EXPECT_FALSE(more);
}

TEST_F(space, ours_list_of_objects_in_pages)
{
	uint32_t lowest = FIRST_VIRTUAL - SLOTS + 1;
	struct tpm_object key[SLOTS];
	struct tpm_handles h;
	bool more;
	int i;

	for (i = 0; i < SLOTS; i++)
		ASSERT_EQ(0, tpm_create_key(self->a, &key[i], i));
	for (i = 0; i < SLOTS; i++) {
		EXPECT_EQ(0, LIST(self->a, i ? lowest + i : TRANSIENT, 1));
		EXPECT_EQ(1, h.nr);
		EXPECT_EQ(lowest + i, h.handle[0]);
		EXPECT_EQ(i < SLOTS - 1, more);
	}
	EXPECT_EQ(0, LIST(self->a, lowest + 1, 2));
	EXPECT_EQ(2, h.nr);
	EXPECT_EQ(lowest + 1, h.handle[0]);
	EXPECT_FALSE(more);
	EXPECT_EQ(0, tpm_flush(self->a, lowest + 1));
	EXPECT_EQ(0, LIST(self->a, lowest + 1, 1));
	EXPECT_EQ(1, h.nr);
	EXPECT_EQ(FIRST_VIRTUAL, h.handle[0]);
	EXPECT_FALSE(more);
}

/*
 * The kernel's own tests go on from the first handle of the range by one each
 * time, as if virtual handles began there: so that has to come to an end, too.
 */
TEST_F(space, list_of_objects_by_position)
{
	struct tpm_object key[2];
	struct tpm_handles h;
	uint32_t first;
	bool more;

	ASSERT_EQ(0, tpm_create_key(self->a, &key[0], 0));
	ASSERT_EQ(0, tpm_create_key(self->a, &key[1], 1));
	EXPECT_EQ(0, LIST(self->a, TRANSIENT, 1));
	ASSERT_EQ(1, h.nr);
	EXPECT_TRUE(more);
	first = h.handle[0];
	EXPECT_EQ(0, LIST(self->a, TRANSIENT + 1, 1));
	ASSERT_EQ(1, h.nr);
	EXPECT_FALSE(more);
	EXPECT_EQ(key[0].handle + key[1].handle, first + h.handle[0]);
}

/* Whether they are loaded just now is not the client's affair. */
TEST_F(space, list_of_own_sessions)
{
	struct tpm_session own[SLOTS];
	struct tpm_handles h;
	bool more;
	int i;

	for (i = 0; i < SLOTS; i++)
		ASSERT_EQ(0, tpm_session_start(self->a, i ? TPM_SE_POLICY : TPM_SE_HMAC, &own[i]));
	EXPECT_EQ(0, LIST(self->a, LOADED, TPM_MAX_HANDLES));
	EXPECT_TRUE(lists_sessions(&h, own, SLOTS));
	EXPECT_FALSE(more);
	EXPECT_EQ(0, tpm_flush(self->a, own[1].handle));
	own[1] = own[2];
	EXPECT_EQ(0, LIST(self->a, LOADED, TPM_MAX_HANDLES));
	EXPECT_TRUE(lists_sessions(&h, own, 2));
}

TEST_F(space, ours_list_of_sessions_has_no_others)
{
	struct tpm_session own[2], other[2];
	struct tpm_buf context;
	struct tpm_handles h;
	bool more;
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, tpm_session_start(self->b, TPM_SE_HMAC, &other[i]));
		ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &own[i]));
	}
	EXPECT_EQ(0, tpm_context_save(self->a, own[1].handle, &context));
	EXPECT_EQ(0, LIST(self->a, LOADED, TPM_MAX_HANDLES));
	EXPECT_TRUE(lists_sessions(&h, &own[0], 1));
	EXPECT_EQ(0, LIST(self->a, SAVED, TPM_MAX_HANDLES));
	EXPECT_TRUE(lists_sessions(&h, &own[1], 1));
	EXPECT_EQ(0, LIST(self->b, LOADED, TPM_MAX_HANDLES));
	EXPECT_TRUE(lists_sessions(&h, other, 2));
	EXPECT_EQ(0, LIST(self->b, SAVED, TPM_MAX_HANDLES));
	EXPECT_EQ(0, h.nr);
	EXPECT_FALSE(more);
	EXPECT_EQ(0, tpm_flush(self->a, own[1].handle));
}

/* The HMAC of the response is over what the TPM said: that must not be touched. */
TEST_F(space, list_under_audit_is_left_alone)
{
	struct tpm_session audit;
	struct tpm_object key;
	struct tpm_handles h;

	ASSERT_EQ(0, tpm_create_key(self->a, &key, 1));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &audit));
	EXPECT_EQ(0, tpm_use_key(self->a, &key, NULL));
	EXPECT_EQ(0, tpm_list_audited(self->a, TRANSIENT, &audit, &h));
	EXPECT_FALSE(tpm_has_handle(&h, key.handle));
	EXPECT_EQ(0, tpm_list_audited(self->a, LOADED, &audit, &h));
	EXPECT_TRUE(tpm_has_handle(&h, audit.handle));
	EXPECT_EQ(0, tpm_session_check_audit(self->a, &audit));
}

/* --- persistent objects --------------------------------------------------- */

#define PERSISTENT	0x81000002

TEST_F(space, virtual_object_made_persistent)
{
	struct tpm_object parent, persistent = { .handle = PERSISTENT };
	struct tpm_handles h;
	bool more;

	ASSERT_EQ(0, tpm_create_parent(self->a, TPM_RH_OWNER, &parent));
	ASSERT_EQ(0, tpm_persist(self->a, &parent, PERSISTENT));
	EXPECT_EQ(0, LIST(self->b, PERSISTENT, 1));
	EXPECT_TRUE(tpm_has_handle(&h, PERSISTENT));
	EXPECT_EQ(0, tpm_flush(self->a, parent.handle));
	memcpy(persistent.name, parent.name, sizeof(parent.name));
	persistent.name_len = parent.name_len;
	EXPECT_EQ(0, tpm_check_name(self->a, &persistent));
	EXPECT_EQ(0, tpm_check_name(self->b, &persistent));
	EXPECT_EQ(0, tpm_persist(self->b, &persistent, PERSISTENT));
	EXPECT_EQ(0, LIST(self->b, PERSISTENT, 1));
	EXPECT_FALSE(tpm_has_handle(&h, PERSISTENT));
}

/* The TPM needs a free slot for it. */
TEST_F(space, ours_persistent_object_when_slots_are_full)
{
	struct tpm_object parent, persistent = { .handle = PERSISTENT };
	struct belongings all;

	ASSERT_EQ(0, tpm_create_parent(self->b, TPM_RH_OWNER, &parent));
	ASSERT_EQ(0, tpm_persist(self->b, &parent, PERSISTENT));
	memcpy(persistent.name, parent.name, sizeof(parent.name));
	persistent.name_len = parent.name_len;
	EXPECT_EQ(0, have_all(self->a, &all, 1));
	EXPECT_EQ(0, tpm_check_name(self->a, &persistent));
	EXPECT_EQ(0, use_all(self->a, &all));
	EXPECT_EQ(0, tpm_persist(self->a, &persistent, PERSISTENT)) {
		tpm_persist(self->b, &persistent, PERSISTENT);
	}
	EXPECT_EQ(0, use_all(self->a, &all));
}

/* --- no small limits ------------------------------------------------------ */

#define MANY	60

TEST_F(space, ours_many_objects_in_a_file)
{
	static struct tpm_object key[MANY];
	struct tpm_handles h;
	bool more;
	int i;

	for (i = 0; i < MANY; i++) {
		ASSERT_EQ(0, tpm_create_key(self->a, &key[i], i));
		ASSERT_EQ(FIRST_VIRTUAL - i, key[i].handle);
	}
	EXPECT_EQ(0, LIST(self->a, TRANSIENT, TPM_MAX_HANDLES));
	EXPECT_EQ(MANY, h.nr);
	for (i = 0; i < 2 * MANY; i++)
		EXPECT_EQ(0, tpm_use_key(self->a, &key[i * 7 % MANY], NULL));
	for (i = 0; i < MANY; i += 2)
		EXPECT_EQ(0, tpm_flush(self->a, key[i].handle));
	for (i = 1; i < MANY; i += 2)
		EXPECT_EQ(0, tpm_use_key(self->a, &key[i], NULL));
}

TEST_F(space, ours_many_sessions_in_a_file)
{
	static struct tpm_session session[MANY];
	struct tpm_handles h;
	bool more;
	int i;

	for (i = 0; i < MANY; i++) {
		ASSERT_EQ(0, tpm_session_start(self->a, i % 2, &session[i]));
		if (i % 2)
			ASSERT_EQ(0, tpm_session_mark(self->a, &session[i], i));
	}
	EXPECT_EQ(0, LIST(self->a, LOADED, TPM_MAX_HANDLES));
	EXPECT_TRUE(lists_sessions(&h, session, MANY));
	for (i = 0; i < 2 * MANY; i++)
		EXPECT_EQ(0, tpm_session_use(self->a, &session[i * 7 % MANY]));
	for (i = 0; i < MANY; i += 2)
		EXPECT_EQ(0, tpm_flush(self->a, session[i].handle));
	for (i = 1; i < MANY; i += 2)
		EXPECT_EQ(0, tpm_session_use(self->a, &session[i]));
}

/* Who has filled all that a file could have loses nothing by one too many. */
TEST_F(space, ours_a_fourth_of_each)
{
	struct tpm_session session;
	struct belongings all;
	struct tpm_object key;

	ASSERT_EQ(0, have_all(self->a, &all, 1));
	EXPECT_EQ(0, tpm_create_key(self->a, &key, 10));
	EXPECT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, tpm_use_key(self->a, &key, &session));
	EXPECT_EQ(0, use_all(self->a, &all));
}

TEST_HARNESS_MAIN
