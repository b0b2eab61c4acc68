// SPDX-License-Identifier: GPL-2.0-only
/*
 * While one process waits for a slow TPM to load its trusted key, others use
 * their keys as if nothing were, and who waits behind it can be killed.
 */
#include <errno.h>
#include <keyutils.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "keys.h"
#include "module.h"
#include "process.h"
#include "tpm.h"

/* For selftests/vm/check; needs its --tpm-delay. */
__attribute__((used)) static const char timeout[] = "vm-timeout=400";

#define SLOW_MS		1500	/* of each command; at 2000 the driver gives GetRandom up */
#define PROMPT_MS	100	/* for what does not wait */
#define KILL_MS		500	/* for a process to be gone */
#define LONG_MS		60000	/* for a load */
#define TEST_S		90	/* a case, with its load */

FIXTURE(busy) {
	struct tpm_state before;
	int ring;
	char *blob;
	pid_t loader;
};

struct loading {
	int ring;
	const char *name, *blob;
};

static int load(void *arg)
{
	struct loading *l = arg;
	int key = key_add(l->ring, l->name, "load %s", l->blob);

	return key < 0 ? -key : 0;
}

/* A process that is in the middle of a load, and will be for many seconds. */
FIXTURE_SETUP(busy)
{
	struct loading l;
	int key;

	ASSERT_EQ(0, tpm_state_now(&self->before));
	self->ring = add_key("keyring", "busy", NULL, 0, KEY_SPEC_SESSION_KEYRING);
	ASSERT_LT(0, self->ring);
	key = key_add(self->ring, "kmk", "new 32 pcrs=sha256:7,11");
	ASSERT_LT(0, key);
	self->blob = key_blob(key);
	ASSERT_NE(NULL, self->blob);
	ASSERT_EQ(0, key_unlink(self->ring, key));

	ASSERT_EQ(0, tpm_slow(SLOW_MS));
	l = (struct loading){ self->ring, "slow", self->blob };
	self->loader = process_start(load, &l);
	ASSERT_TRUE(process_reaches(self->loader, "tpm_transmit"));
}

/* The load is not disturbed by anything that was done meanwhile. */
FIXTURE_TEARDOWN(busy)
{
	struct tpm_state after;

	EXPECT_TRUE(process_runs(self->loader));
	EXPECT_EQ(0, process_result(self->loader, LONG_MS));
	EXPECT_EQ(0, tpm_slow(0));
	EXPECT_LT(0, key_find(self->ring, "slow"));
	EXPECT_EQ(1, key_count(self->ring));
	EXPECT_EQ(0, keyctl_unlink(self->ring, KEY_SPEC_SESSION_KEYRING));
	EXPECT_EQ(0, module_references("trusted"));
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
	free(self->blob);
}

/* --- other keys ----------------------------------------------------------- */

static long add_user(int ring)
{
	return add_key("user", "other", "secret", 6, ring);
}

static long read_user(int ring)
{
	char secret[8];
	long key = keyctl_search(ring, "user", "other", 0);

	return key < 0 ? key : keyctl_read(key, secret, sizeof(secret));
}

static long search_user(int ring)
{
	return keyctl_search(ring, "user", "other", 0);
}

static long update_user(int ring)
{
	return keyctl_update(search_user(ring), "public", 6);
}

static long link_user(int ring)
{
	int key = search_user(ring), err = keyctl_link(key, KEY_SPEC_PROCESS_KEYRING);

	return err ? err : keyctl_unlink(key, KEY_SPEC_PROCESS_KEYRING);
}

static long request_user(int ring)
{
	return request_key("user", "other", NULL, ring);
}

static long list_ring(int ring)
{
	return key_count(ring);
}

static long unlink_user(int ring)
{
	return keyctl_unlink(search_user(ring), ring);
}

/*
 * Milliseconds of the quickest of three, since the machine may stumble.  An
 * operation that waits for the load has but one try: then the load is over, and
 * the teardown knows.
 */
static long take_time(struct __test_metadata *_metadata, long (*operation)(int), int ring)
{
	long best = LONG_MS, begin, end;
	int i;

	for (i = 0; i < 3; i++) {
		begin = now_ms();
		EXPECT_LE(0, operation(ring))
			TH_LOG("%s", strerror(errno));
		end = now_ms();
		if (end - begin < best)
			best = end - begin;
	}
	return best;
}

/* @ring: where others put their keys. */
static void use_other_keys(struct __test_metadata *_metadata, int ring)
{
	static long (*const operation[])(int) = {
		add_user, read_user, search_user, update_user, link_user, request_user, list_ring,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(operation); i++)
		EXPECT_GT(PROMPT_MS, take_time(_metadata, operation[i], ring));
	EXPECT_EQ(0, unlink_user(ring));
}

/* What is refused without the TPM does not wait for it either. */
static long refused(int ring)
{
	return key_add(ring, "kmk", "new 32 nonsense=1") == -EINVAL ? 0 : -1;
}

static long malformed(int ring)
{
	return key_add(ring, "kmk", "load 3003020101") == -EBADMSG ? 0 : -1;
}

TEST_F_TIMEOUT(busy, what_needs_no_tpm_does_not_wait, TEST_S)
{
	int ring = key_ring();

	ASSERT_LT(0, ring);
	use_other_keys(_metadata, ring);
	use_other_keys(_metadata, self->ring);
	EXPECT_GT(PROMPT_MS, take_time(_metadata, refused, self->ring));
	EXPECT_GT(PROMPT_MS, take_time(_metadata, malformed, self->ring));
}

/* --- trusted keys --------------------------------------------------------- */

TEST_F_TIMEOUT(busy, a_load_in_the_queue_can_be_killed, TEST_S)
{
	struct loading l = { self->ring, "queued", self->blob };
	pid_t queued = process_start(load, &l);

	ASSERT_TRUE(process_reaches(queued, "trm_begin"));
	EXPECT_EQ(0, kill(queued, SIGKILL));
	EXPECT_EQ(128 + SIGKILL, process_result(queued, KILL_MS));
	EXPECT_TRUE(process_runs(self->loader));
	EXPECT_EQ(-ENOKEY, key_find(self->ring, "queued"));
}

/* --- strangers ------------------------------------------------------------ */

#define SLOTS		3
#define LESS_SLOW_MS	50	/* above 750 the driver gives GetCapability up */

FIXTURE(holder) {
	int raw, ring;
	struct tpm_state before, held;
	struct tpm_object object[SLOTS];
	struct tpm_session session[SLOTS];
	char *blob;
};

FIXTURE_SETUP(holder)
{
	int i, key;

	self->ring = key_ring();
	ASSERT_LT(0, self->ring);
	key = key_add(self->ring, "kmk", "new 32 pcrs=sha256:7,11");
	ASSERT_LT(0, key);
	self->blob = key_blob(key);
	ASSERT_NE(NULL, self->blob);
	self->raw = tpm_open(TPM_RAW);
	ASSERT_LE(0, self->raw);
	ASSERT_EQ(0, tpm_read_state(self->raw, &self->before));
	for (i = 0; i < SLOTS; i++) {
		ASSERT_EQ(0, tpm_create_key(self->raw, &self->object[i], i));
		ASSERT_EQ(0, tpm_session_start(self->raw, TPM_SE_HMAC, &self->session[i]));
	}
	ASSERT_EQ(0, tpm_read_state(self->raw, &self->held));
	ASSERT_EQ(0, tpm_slow(LESS_SLOW_MS));
}

FIXTURE_TEARDOWN(holder)
{
	struct tpm_state after;
	int i;

	EXPECT_EQ(0, tpm_slow(0));
	EXPECT_EQ(0, tpm_read_state(self->raw, &after));
	EXPECT_TRUE(tpm_same_state(&self->held, &after));
	for (i = 0; i < SLOTS; i++) {
		EXPECT_EQ(0, tpm_use_key(self->raw, &self->object[i], &self->session[i]));
		EXPECT_EQ(0, tpm_flush(self->raw, self->object[i].handle));
		EXPECT_EQ(0, tpm_flush(self->raw, self->session[i].handle));
	}
	EXPECT_EQ(0, tpm_read_state(self->raw, &after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
	close(self->raw);
	EXPECT_EQ(0, module_references("trusted"));
	free(self->blob);
}

static int load_for_itself(void *arg)
{
	struct loading l = { key_ring(), "killed", arg };

	return load(&l);
}

/* Killed while strangers are parked: they are put back all the same. */
TEST_F_TIMEOUT(holder, gets_everything_back_from_who_is_killed, TEST_S)
{
	pid_t loader = process_start(load_for_itself, self->blob);

	ASSERT_TRUE(process_reaches(loader, "trm_transmit"));
	EXPECT_EQ(0, kill(loader, SIGKILL));
	EXPECT_EQ(128 + SIGKILL, process_result(loader, LONG_MS));
}

TEST_HARNESS_MAIN
