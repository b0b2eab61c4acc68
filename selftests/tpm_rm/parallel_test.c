// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trusted keys while everybody is at work: eight processes seal and load keys,
 * a holder of /dev/tpm0 uses what it has loaded, others use /dev/tpmrm0, and
 * sessions come and go by the hundred.  Nobody sees an error.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "keys.h"
#include "module.h"
#include "tpm.h"

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=120";

#define KEYS		8	/* processes with trusted keys */
#define ROUNDS		6	/* of new and load in each */
#define SESSIONS	128	/* that come and go */
#define VICTIMS		60	/* processes that are killed */

/* Shared by all processes. */
struct shared {
	int stop;
	int uses[3];
};

enum user {
	RAW,
	MANAGED,
	COMING,
};

static struct shared *shared;

static bool stopped(void)
{
	return __atomic_load_n(&shared->stop, __ATOMIC_ACQUIRE);
}

static void used(enum user user)
{
	__atomic_add_fetch(&shared->uses[user], 1, __ATOMIC_RELEASE);
}

static int uses(enum user user)
{
	return __atomic_load_n(&shared->uses[user], __ATOMIC_ACQUIRE);
}

/* What a process does; its exit status says whether all went well. */
static int fail(const char *what, long err)
{
	printf("# %s: %#lx\n", what, err);
	fflush(stdout);
	return 1;
}

/* --- users of the TPM ----------------------------------------------------- */

struct holding {
	struct tpm_object key[2];
	struct tpm_session hmac, policy;
};

/* Half of the slots of the TPM, or less with only one key and one session. */
static long take(int fd, struct holding *h, bool two)
{
	long err = tpm_create_key(fd, &h->key[0], getpid() % 1000);

	if (!err && two)
		err = tpm_create_key(fd, &h->key[1], getpid() % 1000 + 1000);
	if (!err)
		err = tpm_session_start(fd, TPM_SE_HMAC, &h->hmac);
	if (err || !two)
		return err;
	err = tpm_session_start(fd, TPM_SE_POLICY, &h->policy);
	return err ? err : tpm_session_mark(fd, &h->policy, 1);
}

static long use(int fd, struct holding *h, bool two)
{
	long err = tpm_use_key(fd, &h->key[0], &h->hmac);

	if (err || !two)
		return err;
	err = tpm_use_key(fd, &h->key[1], &h->hmac);
	return err ? err : tpm_session_use(fd, &h->policy);
}

static long give_back(int fd, struct holding *h, bool two)
{
	long err = tpm_flush(fd, h->key[0].handle);

	if (!err)
		err = tpm_flush(fd, h->hmac.handle);
	if (!err && two)
		err = tpm_flush(fd, h->key[1].handle);
	if (!err && two)
		err = tpm_flush(fd, h->policy.handle);
	return err;
}

static int tpm_user(enum user user)
{
	bool two = user == RAW;
	struct holding h;
	int fd = tpm_open(user == RAW ? TPM_RAW : TPM_MANAGED);
	long err = fd < 0 ? -errno : take(fd, &h, two);

	if (err)
		return fail("cannot begin to use the TPM", err);
	while (!stopped() && !err) {
		err = use(fd, &h, two);
		used(user);
	}
	if (!err)
		err = give_back(fd, &h, two);
	close(fd);
	return err ? fail(user == RAW ? TPM_RAW : TPM_MANAGED, err) : 0;
}

/* Sessions that nobody flushes but the kernel, when their file is closed. */
static int coming_and_going(void)
{
	struct tpm_session s;
	long err = 0;
	int i, fd;

	for (i = 0; (i < SESSIONS || !stopped()) && !err; i++) {
		fd = tpm_open(TPM_MANAGED);
		err = fd < 0 ? -errno : tpm_session_start(fd, TPM_SE_HMAC, &s);
		close(fd);
		used(COMING);
	}
	return err ? fail("a new session", err) : 0;
}

/* --- users of trusted keys ------------------------------------------------ */

static int seal_and_load(int ring, int nr)
{
	int key = key_add(ring, "sealed", "new %d pcrs=sha256:7", 32 + nr);
	char *blob = key > 0 ? key_blob(key) : NULL;
	char *again = NULL;
	int same;

	if (!blob)
		return fail("new", key);
	key = key_add(ring, "loaded", "load %s", blob);
	again = key > 0 ? key_blob(key) : NULL;
	if (!again)
		return fail("load", key);
	same = !strcmp(blob, again);
	free(blob);
	free(again);
	return same ? 0 : fail("another blob", 0);
}

static int key_user(int nr)
{
	int i, ring, failed = 0;

	for (i = 0; i < ROUNDS && !failed; i++) {
		ring = key_ring();
		failed = ring < 0 ? fail("keyring", ring) : seal_and_load(ring, nr);
	}
	return failed;
}

/* --- the tests ------------------------------------------------------------ */

FIXTURE(everybody) {
	struct tpm_state before;
	pid_t user[4], key[KEYS];
};

FIXTURE_SETUP(everybody)
{
	ASSERT_EQ(0, tpm_state_now(&self->before));
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	ASSERT_NE(MAP_FAILED, shared);
}

FIXTURE_TEARDOWN(everybody)
{
	struct tpm_state after;

	munmap(shared, sizeof(*shared));
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
}

static pid_t start_user(enum user user)
{
	pid_t pid = fork();

	if (!pid)
		_exit(user == COMING ? coming_and_going() : tpm_user(user));
	return pid;
}

static pid_t start_key(int nr)
{
	pid_t pid = fork();

	if (!pid)
		_exit(key_user(nr));
	return pid;
}

static bool went_well(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status);
}

/* More uses than @before; returns how many there are in the end. */
static int wait_for_use(enum user user, int before)
{
	time_t end = time(NULL) + 30;

	while (uses(user) <= before && time(NULL) < end)
		usleep(1000);
	return uses(user);
}

TEST_F(everybody, works)
{
	int i, before[3];

	fflush(stdout);
	self->user[0] = start_user(RAW);
	self->user[1] = start_user(MANAGED);
	self->user[2] = start_user(MANAGED);
	self->user[3] = start_user(COMING);
	for (i = RAW; i <= COMING; i++) {
		before[i] = wait_for_use(i, 0);
		EXPECT_LT(0, before[i]);
	}
	for (i = 0; i < KEYS; i++)
		self->key[i] = start_key(i);
	for (i = 0; i < KEYS; i++)
		EXPECT_TRUE(went_well(self->key[i]));
	/* All of them get on, though the kernel goes first. */
	for (i = RAW; i <= COMING; i++)
		EXPECT_LT(before[i], wait_for_use(i, before[i]));
	__atomic_store_n(&shared->stop, 1, __ATOMIC_RELEASE);
	for (i = 0; i < 4; i++)
		EXPECT_TRUE(went_well(self->user[i]));
}

/* Loads until it is killed. */
static int load_for_ever(const char *blob)
{
	int key, ring = key_ring();

	do {
		key = key_add(ring, "kmk", "load %s", blob);
	} while (key > 0 && !key_unlink(ring, key));
	return fail("load", key);
}

static pid_t start_load(const char *blob)
{
	pid_t pid = fork();

	if (!pid)
		_exit(load_for_ever(blob));
	return pid;
}

static bool was_killed(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	       WTERMSIG(status) == SIGKILL;
}

/* At any point of their work, since the moment is another each time. */
TEST_F(everybody, survives_those_who_are_killed)
{
	char *blob;
	int i, key, ring = key_ring();

	ASSERT_LT(0, ring);
	key = key_add(ring, "sealed", "new 32 pcrs=sha256:7,11");
	ASSERT_LT(0, key);
	blob = key_blob(key);
	ASSERT_NE(NULL, blob);
	fflush(stdout);
	self->user[0] = start_user(RAW);
	self->user[1] = start_user(MANAGED);
	ASSERT_LT(0, wait_for_use(RAW, 0));
	ASSERT_LT(0, wait_for_use(MANAGED, 0));
	for (i = 0; i < 4; i++)
		self->key[i] = start_load(blob);
	for (i = 0; i < VICTIMS; i++) {
		pid_t *victim = &self->key[i % 4];

		usleep(i * 997 % 20000);
		EXPECT_EQ(0, kill(*victim, SIGKILL));
		EXPECT_TRUE(was_killed(*victim));
		*victim = start_load(blob);
	}
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(0, kill(self->key[i], SIGKILL));
		EXPECT_TRUE(was_killed(self->key[i]));
	}
	__atomic_store_n(&shared->stop, 1, __ATOMIC_RELEASE);
	EXPECT_TRUE(went_well(self->user[0]));
	EXPECT_TRUE(went_well(self->user[1]));
	EXPECT_EQ(0, module_references("trusted"));
	EXPECT_LT(0, key_add(ring, "kmk", "load %s", blob));
	free(blob);
}

TEST_HARNESS_MAIN
