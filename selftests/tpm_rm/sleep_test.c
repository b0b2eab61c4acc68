// SPDX-License-Identifier: GPL-2.0-only
/*
 * The machine sleeps (s2idle) and wakes: programs and keys go on as if nothing
 * had been.  The VM is woken by a key every two seconds.
 */
#include <signal.h>

#include "kselftest_harness.h"
#include "keys.h"
#include "manager.h"
#include "sleep.h"
#include "tpm.h"

#define SLEEPS	3

FIXTURE(sleep) {
	struct tpm_state before;
	int fd, ring;
	struct tpm_object key;
	struct tpm_session hmac, policy;
};

FIXTURE_SETUP(sleep)
{
	ASSERT_EQ(0, sleep_prepare());
	ASSERT_EQ(0, tpm_state_now(&self->before));
	self->ring = key_ring();
	self->fd = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, tpm_create_key(self->fd, &self->key, 1));
	ASSERT_EQ(0, tpm_session_start(self->fd, TPM_SE_HMAC, &self->hmac));
	ASSERT_EQ(0, tpm_session_start(self->fd, TPM_SE_POLICY, &self->policy));
	ASSERT_EQ(0, tpm_session_mark(self->fd, &self->policy, 7));
}

FIXTURE_TEARDOWN(sleep)
{
	struct tpm_state after;

	close(self->fd);
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
}

static long use(FIXTURE_DATA(sleep) *self)
{
	long err = tpm_use_key(self->fd, &self->key, &self->hmac);

	return err ? err : tpm_session_use(self->fd, &self->policy);
}

TEST_F(sleep, objects_and_sessions_are_what_they_were)
{
	int i;

	for (i = 0; i < SLEEPS; i++) {
		EXPECT_EQ(0, use(self));
		ASSERT_EQ(0, sleep_till_key());
		EXPECT_EQ(0, use(self));
	}
}

TEST_F(sleep, a_saved_session_can_be_loaded)
{
	struct tpm_buf context;
	uint32_t handle;

	ASSERT_EQ(0, tpm_context_save(self->fd, self->policy.handle, &context));
	ASSERT_EQ(0, sleep_till_key());
	EXPECT_EQ(0, tpm_context_load(self->fd, &context, &handle));
	EXPECT_EQ(self->policy.handle, handle);
	EXPECT_EQ(0, use(self));
}

TEST_F(sleep, keys_are_sealed_and_loaded_afterwards)
{
	int key = key_add(self->ring, "kmk", "new 32 pcrs=7");
	char *blob = key > 0 ? key_blob(key) : NULL;

	ASSERT_NE(NULL, blob);
	ASSERT_EQ(0, sleep_till_key());
	EXPECT_LT(0, key_add(self->ring, "again", "load %s", blob));
	free(blob);
}

/* Ends only when something fails. */
static int use_all_the_time(void *arg)
{
	struct tpm_session session;
	struct tpm_object key;
	int fd = tpm_open(TPM_MANAGED);

	if (fd < 0 || tpm_create_key(fd, &key, 2) ||
	    tpm_session_start(fd, TPM_SE_HMAC, &session))
		return EIO;
	while (!tpm_use_key(fd, &key, &session))
		;
	return EIO;
}

TEST_F(sleep, whoever_is_at_work_goes_on)
{
	pid_t user[3];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(user); i++)
		user[i] = process_start(use_all_the_time, NULL);
	for (i = 0; i < SLEEPS; i++) {
		ASSERT_EQ(0, sleep_till_key());
		EXPECT_EQ(0, use(self));
	}
	for (i = 0; i < ARRAY_SIZE(user); i++) {
		EXPECT_TRUE(process_runs(user[i]));
		kill(user[i], SIGKILL);
		EXPECT_EQ(128 + SIGKILL, process_result(user[i], 20000));
	}
}

TEST_HARNESS_MAIN
