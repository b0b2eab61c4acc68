// SPDX-License-Identifier: GPL-2.0-only
/*
 * rmmod while keys are being made is refused, and disturbs nobody.
 */
#include <errno.h>
#include <keyutils.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "keys.h"
#include "module.h"
#include "process.h"
#include "tpm.h"

/* Needs the --tpm-delay of selftests/vm/check. */
#define SLOW_MS		100	/* of each command, so that there is time */
#define LONG_MS		30000	/* for what takes some of them */

enum work {
	NEW,
	LOAD,
	UPDATE,
	INSTANTIATE,
};

FIXTURE(making) {
	struct tpm_state before;
	int ring, key;
	char *blob;
};

FIXTURE_VARIANT(making) {
	enum work work;
};

FIXTURE_VARIANT_ADD(making, new) { .work = NEW };
FIXTURE_VARIANT_ADD(making, load) { .work = LOAD };
FIXTURE_VARIANT_ADD(making, update) { .work = UPDATE };
FIXTURE_VARIANT_ADD(making, instantiate) { .work = INSTANTIATE };

#define HELPER		"/sbin/request-key"
#define HELPER_PID	"/tmp/request-key.pid"

/* As /sbin/request-key: says who it is, and makes the key that is wanted. */
static int request_helper(int key)
{
	static const char text[] = "new 32 pcrs=7";
	FILE *f = fopen(HELPER_PID ".new", "we");

	if (!f)
		return errno;
	fprintf(f, "%d", getpid());
	fclose(f);
	if (rename(HELPER_PID ".new", HELPER_PID) || keyctl_assume_authority(key) < 0)
		return errno;
	return keyctl_instantiate(key, text, strlen(text), 0) ? errno : 0;
}

/* This program is what the kernel calls for a key that is not there. */
__attribute__((constructor)) static void be_helper(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[0], HELPER))
		_exit(request_helper(atoi(argv[2])));
}

static int install_helper(void)
{
	char self[256] = "";

	return readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || symlink(self, HELPER);
}

FIXTURE_SETUP(making)
{
	ASSERT_EQ(0, tpm_state_now(&self->before));
	self->ring = add_key("keyring", "making", NULL, 0, KEY_SPEC_SESSION_KEYRING);
	ASSERT_LT(0, self->ring);
	self->key = key_add(self->ring, "kmk", "new 32 pcrs=7 migratable=1");
	ASSERT_LT(0, self->key);
	self->blob = key_blob(self->key);
	ASSERT_NE(NULL, self->blob);
	unlink(HELPER);
	unlink(HELPER_PID);
	ASSERT_EQ(0, install_helper());
	ASSERT_EQ(0, tpm_slow(SLOW_MS));
}

FIXTURE_TEARDOWN(making)
{
	struct tpm_state after;

	EXPECT_EQ(0, tpm_slow(0));
	if (!module_present("tpm_rm"))
		EXPECT_EQ(0, module_insert("tpm_rm"));
	if (!module_present("trusted"))
		EXPECT_EQ(0, module_insert("trusted"));
	EXPECT_EQ(0, keyctl_unlink(self->ring, KEY_SPEC_SESSION_KEYRING));
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
	unlink(HELPER);
	unlink(HELPER_PID);
	free(self->blob);
}

static int make_new(void *arg)
{
	FIXTURE_DATA(making) *self = arg;
	int key = key_add(self->ring, "made", "new 32 pcrs=7");

	return key < 0 ? -key : 0;
}

static int make_loaded(void *arg)
{
	FIXTURE_DATA(making) *self = arg;
	int key = key_add(self->ring, "made", "load %s", self->blob);

	return key < 0 ? -key : 0;
}

static int make_updated(void *arg)
{
	FIXTURE_DATA(making) *self = arg;

	return -key_update(self->key, "update pcrs=7,11");
}

static int make_requested(void *arg)
{
	FIXTURE_DATA(making) *self = arg;

	return request_key("trusted", "made", "please", self->ring) < 0 ? errno : 0;
}

static pid_t helper_pid(void)
{
	long end = now_ms() + LONG_MS;
	int pid = -1;
	FILE *f;

	while (pid < 0 && now_ms() < end) {
		usleep(1000);
		f = fopen(HELPER_PID, "re");
		if (!f)
			continue;
		if (fscanf(f, "%d", &pid) != 1)
			pid = -1;
		fclose(f);
	}
	return pid;
}

TEST_F(making, is_not_disturbed_by_rmmod)
{
	static int (*const make[])(void *) = {
		make_new, make_loaded, make_updated, make_requested,
	};
	pid_t child = process_start(make[variant->work], self), pid = child;

	if (variant->work == INSTANTIATE)
		pid = helper_pid();
	ASSERT_LT(0, pid);
	ASSERT_TRUE(process_reaches(pid, "tpm_transmit"));
	EXPECT_EQ(-EWOULDBLOCK, module_remove("trusted"));
	EXPECT_EQ(-EWOULDBLOCK, module_remove("tpm_rm"));
	EXPECT_TRUE(process_runs(child));

	EXPECT_EQ(0, process_result(child, LONG_MS));
	EXPECT_LT(0, key_find(self->ring, variant->work == UPDATE ? "kmk" : "made"));
	EXPECT_EQ(0, module_remove("trusted"));
	EXPECT_EQ(0, module_remove("tpm_rm"));
}

TEST_HARNESS_MAIN
