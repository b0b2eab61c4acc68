// SPDX-License-Identifier: GPL-2.0-only
/*
 * From the moment in which the machine prepares to suspend until it is back: all
 * is saved, and everybody waits at a gate.  /dev/snapshot, by which a program can
 * hibernate the machine, begins and ends that without a suspend in between.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "form.h"
#include "kselftest_harness.h"
#include "keys.h"
#include "manager.h"
#include "tpm.h"

#define LONG_MS		20000
#define PROMPT_MS	2000	/* for what must not wait at the gate */

/* GetRandom of eight octets, and how long the answer is. */
static const uint8_t get_random[] = { 0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x7b, 0, 8 };

#define RANDOM_SIZE	20

FIXTURE(suspend) {
	struct tpm_state before;
	int fd, gate;
	struct tpm_object key;
	struct tpm_session session;
};

FIXTURE_SETUP(suspend)
{
	ASSERT_EQ(0, tpm_state_now(&self->before));
	self->gate = -1;
	self->fd = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, tpm_create_key(self->fd, &self->key, 1));
	ASSERT_EQ(0, tpm_session_start(self->fd, TPM_SE_HMAC, &self->session));
}

FIXTURE_TEARDOWN(suspend)
{
	struct tpm_state after;

	close(self->gate);
	close(self->fd);
	if (!module_present("tpm_rm"))
		EXPECT_EQ(0, module_insert("tpm_rm"));
	if (!module_present("trusted"))
		EXPECT_EQ(0, module_insert("trusted"));
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
}

static void gate_close(struct __test_metadata *_metadata, FIXTURE_DATA(suspend) *self)
{
	self->gate = open("/dev/snapshot", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->gate);
}

static void gate_open(FIXTURE_DATA(suspend) *self)
{
	close(self->gate);
	self->gate = -1;
}

static int use(void *arg)
{
	FIXTURE_DATA(suspend) *self = arg;

	return tpm_use_key(self->fd, &self->key, &self->session) ? EIO : 0;
}

/* A child has the gate's file too, which would keep it closed. */
static int use_in_child(void *arg)
{
	FIXTURE_DATA(suspend) *self = arg;

	close(self->gate);
	return use(self);
}

static int load_in_child(void *arg)
{
	FIXTURE_DATA(suspend) *self = arg;
	int key;

	close(self->gate);
	key = key_add(key_ring(), "kmk", "new 32 pcrs=7");
	return key < 0 ? -key : 0;
}

static int leave_session(void *arg)
{
	struct tpm_session session;
	int fd = tpm_open(TPM_MANAGED), *pipe_of = arg;
	char c;

	if (fd < 0 || tpm_session_start(fd, TPM_SE_POLICY, &session))
		return EIO;
	if (write(pipe_of[1], "", 1) != 1 || read(pipe_of[2], &c, 1) != 1)
		return EPIPE;
	return close(fd) ? errno : 0;
}

/* Even what would have stayed in a slot. */
TEST_F(suspend, all_is_saved_before)
{
	struct tpm_state now;

	ASSERT_EQ(0, manager_set("idle_ms", "600000"));
	EXPECT_EQ(0, use(self));
	EXPECT_EQ(1, manager_stat("objects_loaded"));
	EXPECT_EQ(1, manager_stat("sessions_loaded"));
	gate_close(_metadata, self);
	EXPECT_EQ(0, manager_stat("objects_loaded"));
	EXPECT_EQ(0, manager_stat("sessions_loaded"));
	ASSERT_EQ(0, tpm_state_now(&now));
	EXPECT_EQ(0, now.transient.nr);
	EXPECT_EQ(0, now.loaded.nr);
	EXPECT_EQ(self->before.saved.nr + 1, now.saved.nr);
	gate_open(self);
	EXPECT_EQ(0, use(self));
	EXPECT_EQ(0, manager_set("idle_ms", "50"));
}

TEST_F(suspend, everybody_waits_and_goes_on)
{
	long commands;
	pid_t user, loader;

	gate_close(_metadata, self);
	commands = manager_stat("commands");
	user = process_start(use_in_child, self);
	loader = process_start(load_in_child, self);
	EXPECT_TRUE(process_reaches(user, "trm_chip_lock"));
	EXPECT_TRUE(process_reaches(loader, "trm_chip_lock"));
	EXPECT_EQ(commands, manager_stat("commands"));
	gate_open(self);
	EXPECT_EQ(0, process_result(user, LONG_MS));
	EXPECT_EQ(0, process_result(loader, LONG_MS));
}

TEST_F(suspend, who_waits_can_be_killed)
{
	pid_t user, loader;

	gate_close(_metadata, self);
	user = process_start(use_in_child, self);
	loader = process_start(load_in_child, self);
	EXPECT_TRUE(process_reaches(user, "trm_chip_lock"));
	EXPECT_TRUE(process_reaches(loader, "trm_chip_lock"));
	kill(user, SIGKILL);
	kill(loader, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, process_result(user, PROMPT_MS));
	EXPECT_EQ(128 + SIGKILL, process_result(loader, PROMPT_MS));
	gate_open(self);
}

TEST_F(suspend, nonblocking_command_waits)
{
	struct pollfd p = { .events = POLLIN };
	uint8_t r[64];

	p.fd = open(TPM_MANAGED, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, p.fd);
	gate_close(_metadata, self);
	EXPECT_EQ(sizeof(get_random), write(p.fd, get_random, sizeof(get_random)));
	EXPECT_EQ(0, poll(&p, 1, 100));
	EXPECT_EQ(0, read(p.fd, r, sizeof(r)));
	gate_open(self);
	EXPECT_EQ(1, poll(&p, 1, LONG_MS));
	EXPECT_EQ(RANDOM_SIZE, read(p.fd, r, sizeof(r)));
	close(p.fd);
}

/* Nobody can be told any more, nor has the TPM seen the command. */
TEST_F(suspend, nonblocking_command_is_dropped_with_its_file)
{
	int fd = open(TPM_MANAGED, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	long begin, commands;

	ASSERT_LE(0, fd);
	gate_close(_metadata, self);
	commands = manager_stat("commands");
	EXPECT_EQ(sizeof(get_random), write(fd, get_random, sizeof(get_random)));
	begin = now_ms();
	EXPECT_EQ(0, close(fd));
	EXPECT_GT(PROMPT_MS, now_ms() - begin);
	gate_open(self);
	EXPECT_EQ(commands, manager_stat("commands"));
	EXPECT_EQ(0, use(self));
}

/* close() does not wait; what the file had is flushed afterwards. */
TEST_F(suspend, file_is_closed_meanwhile)
{
	int to_child[2], from_child[2], pipe_of[3];
	pid_t child[2];
	unsigned int i;
	char c;

	ASSERT_EQ(0, pipe2(to_child, O_CLOEXEC));
	ASSERT_EQ(0, pipe2(from_child, O_CLOEXEC));
	pipe_of[1] = from_child[1];
	pipe_of[2] = to_child[0];
	for (i = 0; i < ARRAY_SIZE(child); i++) {
		child[i] = process_start(leave_session, pipe_of);
		ASSERT_EQ(1, read(from_child[0], &c, 1));
	}
	EXPECT_EQ(3, manager_stat("sessions_of_users"));
	gate_close(_metadata, self);
	kill(child[0], SIGKILL);
	EXPECT_EQ(128 + SIGKILL, process_result(child[0], PROMPT_MS));
	ASSERT_EQ(1, write(to_child[1], "", 1));
	EXPECT_EQ(0, process_result(child[1], PROMPT_MS));
	EXPECT_EQ(1, manager_stat("files"));
	EXPECT_EQ(3, manager_stat("sessions_of_users"));
	gate_open(self);
	EXPECT_TRUE(manager_reaches("sessions_of_users", 1));
	EXPECT_EQ(0, use(self));
}

TEST_F(suspend, module_goes_meanwhile)
{
	struct tpm_state now;

	gate_close(_metadata, self);
	EXPECT_EQ(0, close(self->fd));
	self->fd = -1;
	EXPECT_EQ(1, manager_stat("sessions_of_users"));
	EXPECT_EQ(0, module_remove("trusted"));
	EXPECT_EQ(0, module_remove("tpm_rm"));
	ASSERT_EQ(0, tpm_state_now(&now));
	EXPECT_TRUE(tpm_same_state(&self->before, &now));
	gate_open(self);
}

TEST_F(suspend, tpm_goes_meanwhile)
{
	struct tpm_driver driver;
	pid_t user;

	ASSERT_EQ(0, tpm_driver_find(&driver));
	gate_close(_metadata, self);
	user = process_start(use_in_child, self);
	EXPECT_TRUE(process_reaches(user, "trm_chip_lock"));
	EXPECT_EQ(0, tpm_driver_unbind(&driver));
	EXPECT_EQ(EIO, process_result(user, PROMPT_MS));
	EXPECT_EQ(-ENODEV, tpm_session_use(self->fd, &self->session));
	EXPECT_LE(0, tpm_driver_bind(&driver));
	gate_open(self);
}

/* Again and again, with clients at work. */
static int use_all_the_time(void *arg)
{
	struct tpm_session session;
	struct tpm_object key;
	int fd = tpm_open(TPM_MANAGED);

	if (fd < 0 || tpm_create_key(fd, &key, 1) ||
	    tpm_session_start(fd, TPM_SE_HMAC, &session))
		return EIO;
	while (!tpm_use_key(fd, &key, &session))
		;
	return EIO;
}

TEST_F(suspend, under_load)
{
	pid_t user[3];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(user); i++)
		user[i] = process_start(use_all_the_time, NULL);
	for (i = 0; i < 50; i++) {
		struct tpm_state now;

		gate_close(_metadata, self);
		ASSERT_EQ(0, tpm_state_now(&now));
		EXPECT_EQ(0, now.transient.nr);
		EXPECT_EQ(0, now.loaded.nr);
		gate_open(self);
		EXPECT_EQ(0, use(self));
	}
	for (i = 0; i < ARRAY_SIZE(user); i++) {
		EXPECT_TRUE(process_runs(user[i]));
		kill(user[i], SIGKILL);
		EXPECT_EQ(128 + SIGKILL, process_result(user[i], LONG_MS));
	}
}

static const char *const of_modules[] = {
	"module_goes_meanwhile",
	NULL
};

int main(int argc, char **argv)
{
	return form_run(argc, argv, of_modules);
}
