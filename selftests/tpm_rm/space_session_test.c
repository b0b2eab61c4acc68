// SPDX-License-Identifier: GPL-2.0-only
/*
 * What sessions and sequences are for, through /dev/tpmrm0 and with others at
 * work in between: authorization, audit, hidden parameters, data that come in
 * several buffers.  Whatever is wrong shows in an HMAC or a digest.
 */
#include "space.h"

#define BUFFERS	4

/* Another client, whose work takes all slots of the TPM. */
static struct belongings others;

static void others_work(struct __test_metadata *_metadata, int fd)
{
	EXPECT_EQ(0, use_all(fd, &others));
}

/* --- sequences ------------------------------------------------------------ */

static void update_all(struct __test_metadata *_metadata, FIXTURE_DATA(space) *self,
		       uint32_t sequence, const char *data)
{
	int i;

	for (i = 0; i < BUFFERS; i++) {
		EXPECT_EQ(0, tpm_sequence_update(self->a, sequence, data));
		others_work(_metadata, self->b);
	}
}

TEST_F(space, hash_of_several_buffers)
{
	uint8_t digest[2][SHA256_SIZE], expected[SHA256_SIZE];
	uint32_t sequence[2];
	struct sha256 s;
	int i;

	ASSERT_EQ(0, have_all(self->b, &others, 1));
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, tpm_sequence_start(self->a, &sequence[i]));
	update_all(_metadata, self, sequence[0], "some data");
	update_all(_metadata, self, sequence[1], "other data");
	for (i = 0; i < 2; i++)
		EXPECT_EQ(0, tpm_sequence_complete(self->a, sequence[i], "end", digest[i]));
	for (i = 0; i < 2; i++) {
		const char *data = i ? "other data" : "some data";
		int n;

		sha256_init(&s);
		for (n = 0; n < BUFFERS; n++)
			sha256_update(&s, data, strlen(data));
		sha256_update(&s, "end", 3);
		sha256_final(&s, expected);
		EXPECT_EQ(0, memcmp(expected, digest[i], sizeof(expected)));
	}
}

TEST_F(space, hmac_of_several_buffers)
{
	uint8_t digest[SHA256_SIZE], expected[SHA256_SIZE];
	struct tpm_object key;
	uint32_t sequence;
	struct sha256 s;
	int n;

	ASSERT_EQ(0, have_all(self->b, &others, 1));
	ASSERT_EQ(0, tpm_create_key(self->a, &key, 5));
	ASSERT_EQ(0, tpm_hmac_start(self->a, &key, &sequence));
	EXPECT_EQ(0, tpm_flush(self->a, key.handle));
	update_all(_metadata, self, sequence, "some data");
	EXPECT_EQ(0, tpm_sequence_complete(self->a, sequence, "end", digest));
	hmac256_init(&s, key.key, strlen(key.key));
	for (n = 0; n < BUFFERS; n++)
		sha256_update(&s, "some data", 9);
	sha256_update(&s, "end", 3);
	hmac256_final(&s, key.key, strlen(key.key), expected);
	EXPECT_EQ(0, memcmp(expected, digest, sizeof(expected)));
}

/* --- sessions ------------------------------------------------------------- */

TEST_F(space, authorization_by_hmac)
{
	struct tpm_session session;
	struct tpm_object key[2];
	int i;

	ASSERT_EQ(0, have_all(self->b, &others, 1));
	ASSERT_EQ(0, tpm_create_key(self->a, &key[0], 5));
	ASSERT_EQ(0, tpm_create_key(self->a, &key[1], 6));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	for (i = 0; i < 10; i++) {
		EXPECT_EQ(0, tpm_use_key(self->a, &key[i % 2], &session));
		others_work(_metadata, self->b);
	}
}

/* The first in the list authorizes, the second audits the same command. */
TEST_F(space, two_sessions_in_a_command)
{
	struct tpm_session session, audit;
	struct tpm_object key;
	int i;

	ASSERT_EQ(0, have_all(self->b, &others, 1));
	ASSERT_EQ(0, tpm_create_key(self->a, &key, 5));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &audit));
	for (i = 0; i < 5; i++) {
		struct tpm_call c = {
			.code = TPM_CC_HMAC,
			.handles = 1, .object = { &key },
			.auths = 2, .auth = { { &session }, { &audit, TPM_AUDIT } },
		};

		tpm_put_sized(&c.params, "message", 7);
		tpm_put16(&c.params, TPM_ALG_SHA256);
		EXPECT_EQ(0, tpm_run(self->a, &c));
		others_work(_metadata, self->b);
	}
	EXPECT_EQ(0, tpm_session_check_audit(self->a, &audit));
}

/* Swapping is nothing that the TPM takes for a command in between. */
TEST_F(space, audit_is_exclusive)
{
	struct tpm_session audit, another;
	struct tpm_object key;
	bool exclusive;
	int i;

	ASSERT_EQ(0, tpm_create_key(self->a, &key, 5));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_POLICY, &another));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &audit));
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(0, tpm_session_audit(self->a, &audit, &exclusive));
		EXPECT_TRUE(exclusive);
	}
	EXPECT_EQ(0, tpm_session_use(self->a, &another));
	EXPECT_EQ(0, tpm_session_audit(self->a, &audit, &exclusive));
	EXPECT_FALSE(exclusive);
	EXPECT_EQ(0, tpm_session_check_audit(self->a, &audit));
}

TEST_F(space, audit_with_others_in_between)
{
	struct tpm_session audit;
	bool exclusive;
	int i;

	ASSERT_EQ(0, have_all(self->b, &others, 1));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &audit));
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(0, tpm_session_audit(self->a, &audit, &exclusive));
		EXPECT_EQ(i == 0, exclusive);
		others_work(_metadata, self->b);
	}
	EXPECT_EQ(0, tpm_session_check_audit(self->a, &audit));
}

/* The key in the TPM's answer comes from the virtual object's authValue. */
TEST_F(space, bound_session_hides_parameters)
{
	struct tpm_object key, another;
	struct tpm_session session;
	int i;

	ASSERT_EQ(0, have_all(self->b, &others, 1));
	ASSERT_EQ(0, tpm_create_key(self->a, &another, 4));
	ASSERT_EQ(0, tpm_create_key(self->a, &key, 5));
	ASSERT_EQ(0, tpm_session_start_bound(self->a, &key, &session));
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(0, tpm_use_key(self->a, &key, &session));
		EXPECT_EQ(0, tpm_use_key(self->a, &another, &session));
		others_work(_metadata, self->b);
	}
}

TEST_F(space, bound_session_after_its_object)
{
	struct tpm_object key, another;
	struct tpm_session session;

	ASSERT_EQ(0, tpm_create_key(self->a, &another, 4));
	ASSERT_EQ(0, tpm_create_key(self->a, &key, 5));
	ASSERT_EQ(0, tpm_session_start_bound(self->a, &key, &session));
	EXPECT_EQ(0, tpm_flush(self->a, key.handle));
	EXPECT_EQ(0, tpm_use_key(self->a, &another, &session));
}

TEST_F(space, bound_session_to_nobodys_object)
{
	struct tpm_object key;
	struct tpm_session session;

	ASSERT_EQ(0, tpm_create_key(self->b, &key, 5));
	EXPECT_EQ(-EINVAL, tpm_session_start_bound(self->a, &key, &session));
	EXPECT_EQ(0, tpm_session_start_bound(self->b, &key, &session));
	EXPECT_EQ(0, tpm_use_key(self->b, &key, &session));
}

/* --- continueSession ------------------------------------------------------ */

TEST_F(space, session_ends_with_a_command)
{
	struct tpm_session session, another, next;
	struct tpm_handles h;
	bool more;

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &another));
	EXPECT_EQ(0, tpm_session_finish(self->a, &session));
	EXPECT_EQ(TPM_RC_REFERENCE_S0, code(tpm_session_use(self->a, &session)));
	EXPECT_EQ(RC_HANDLE_P1, code(tpm_flush(self->a, session.handle)));
	EXPECT_EQ(0, tpm_list_handles(self->a, LOADED, TPM_MAX_HANDLES, &h, &more));
	EXPECT_TRUE(lists_sessions(&h, &another, 1));
	EXPECT_EQ(0, tpm_session_use(self->a, &another));

	/* Its number is free, and its owner has no claim to it. */
	EXPECT_EQ(0, tpm_session_start(self->b, TPM_SE_HMAC, &next));
	EXPECT_EQ(session.handle, next.handle);
	EXPECT_EQ(TPM_RC_REFERENCE_S0, code(tpm_session_use(self->a, &session)));
	EXPECT_EQ(0, tpm_session_use(self->b, &next));
}

/* A command that fails ends nothing. */
TEST_F(space, session_does_not_end_with_a_failure)
{
	struct tpm_session session;
	struct tpm_call c = {
		.code = TPM_CC_PCR_RESET,
		.handles = 1, .handle = { 0 },
		.auths = 1, .auth[0] = { .session = &session, .last = true },
	};

	ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
	EXPECT_EQ(0x907, tpm_run(self->a, &c)); /* RC_LOCALITY */
	EXPECT_EQ(0, tpm_session_use(self->a, &session));
	EXPECT_EQ(0, tpm_session_finish(self->a, &session));
}

/* One after the other, more than the TPM could have at a time. */
TEST_F(space, sessions_come_and_go)
{
	struct tpm_session session;
	int i;

	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, tpm_session_start(self->a, TPM_SE_HMAC, &session));
		ASSERT_EQ(0, i % 3 ? tpm_session_finish(self->a, &session) :
				     tpm_flush(self->a, session.handle));
	}
}

TEST_HARNESS_MAIN
