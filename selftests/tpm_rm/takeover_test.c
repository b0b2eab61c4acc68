// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/tpmrm0 is taken over and given back, while files are open on either side;
 * the TPM goes and comes back, and a second one with it.
 */
#include <fcntl.h>
#include <linux/vtpm_proxy.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "form.h"
#include "kselftest_harness.h"
#include "keys.h"
#include "manager.h"
#include "tpm.h"

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=120";

#define LONG_MS		30000
#define RC_LAYER	0x000b0000	/* of a resource manager */
#define STOCK_SESSIONS	3	/* that a file of the core's can have */

/* What one client has. */
struct client {
	int fd;
	struct tpm_object key;
	struct tpm_session session;
};

FIXTURE(takeover) {
	struct tpm_driver driver;
	struct tpm_state before;
};

FIXTURE_SETUP(takeover)
{
	ASSERT_EQ(0, tpm_driver_find(&self->driver));
	ASSERT_EQ(0, tpm_state_now(&self->before));
}

FIXTURE_TEARDOWN(takeover)
{
	struct tpm_state after;

	if (access(TPM_RAW, F_OK))
		EXPECT_LE(0, tpm_driver_bind(&self->driver));
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

static void client_open(struct __test_metadata *_metadata, struct client *c, const char *path)
{
	c->fd = tpm_open(path);
	ASSERT_LE(0, c->fd);
	ASSERT_EQ(0, tpm_create_key(c->fd, &c->key, 1));
	ASSERT_EQ(0, tpm_session_start(c->fd, TPM_SE_HMAC, &c->session));
}

static long client_use(struct client *c)
{
	return tpm_use_key(c->fd, &c->key, &c->session);
}

/* Only ours gives a file more sessions than fit into the slots. */
static bool is_ours(int fd)
{
	struct tpm_session s[STOCK_SESSIONS + 1];
	long err = 0;
	int i, nr = 0;

	while (nr <= STOCK_SESSIONS && !err) {
		err = tpm_session_start(fd, TPM_SE_POLICY, &s[nr]);
		nr += !err;
	}
	for (i = 0; i < nr; i++)
		tpm_flush(fd, s[i].handle);
	return nr > STOCK_SESSIONS;
}

/* Only ours refuses by itself what is not the client's. */
static bool refuses_strangers(int fd)
{
	return tpm_flush(fd, 0x02ffffff) == RC_LAYER + 0x1cb;
}

static bool opens_ours(void)
{
	int fd = tpm_open(TPM_MANAGED);
	bool ours = fd >= 0 && is_ours(fd);

	close(fd);
	return ours;
}

static void unload(struct __test_metadata *_metadata)
{
	ASSERT_EQ(0, module_remove("trusted"));
	ASSERT_EQ(0, module_remove("tpm_rm"));
}

/* --- the module ----------------------------------------------------------- */

TEST_F(takeover, file_of_the_core_outlives_the_module)
{
	struct client core, ours;

	unload(_metadata);
	client_open(_metadata, &core, TPM_MANAGED);
	ASSERT_EQ(0, module_insert("tpm_rm"));
	EXPECT_EQ(0, client_use(&core));
	EXPECT_EQ(0, manager_files());

	client_open(_metadata, &ours, TPM_MANAGED);
	EXPECT_EQ(1, manager_files());
	EXPECT_EQ(0, client_use(&core));
	EXPECT_EQ(0, client_use(&ours));
	EXPECT_EQ(0, client_use(&core));
	EXPECT_EQ(0, client_use(&ours));
	EXPECT_TRUE(is_ours(ours.fd));
	EXPECT_EQ(0, client_use(&core));

	close(ours.fd);
	EXPECT_EQ(0, manager_files());
	EXPECT_EQ(0, client_use(&core));
	EXPECT_EQ(0, module_remove("tpm_rm"));
	EXPECT_EQ(0, client_use(&core));
	EXPECT_FALSE(opens_ours());
	EXPECT_EQ(0, client_use(&core));
	close(core.fd);
}

TEST_F(takeover, file_of_the_core_is_closed_under_us)
{
	int core;

	unload(_metadata);
	core = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, core);
	ASSERT_EQ(0, module_insert("tpm_rm"));
	EXPECT_EQ(0, close(core));
	EXPECT_TRUE(opens_ours());
	EXPECT_EQ(0, module_remove("tpm_rm"));
	EXPECT_FALSE(opens_ours());
}

/* One reference for each file, however many descriptors it has. */
TEST_F(takeover, file_holds_the_module)
{
	int one = tpm_open(TPM_MANAGED), two = tpm_open(TPM_MANAGED), copy = dup(one);

	ASSERT_LE(0, one);
	ASSERT_LE(0, two);
	EXPECT_EQ(2, manager_files());
	EXPECT_EQ(0, module_remove("trusted"));
	EXPECT_EQ(-EWOULDBLOCK, module_remove("tpm_rm"));
	close(one);
	EXPECT_EQ(2, manager_files());
	close(two);
	EXPECT_EQ(1, manager_files());
	EXPECT_EQ(-EWOULDBLOCK, module_remove("tpm_rm"));
	EXPECT_TRUE(is_ours(copy));
	close(copy);
	EXPECT_EQ(0, manager_files());
	EXPECT_EQ(0, module_remove("tpm_rm"));
}

/* A session that a client saved and left is not left in the TPM by us. */
TEST_F(takeover, module_leaves_nothing_behind)
{
	static struct tpm_buf context;
	struct tpm_session session;
	struct tpm_state now;
	int fd = tpm_open(TPM_MANAGED);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, tpm_session_start(fd, TPM_SE_POLICY, &session));
	EXPECT_EQ(0, tpm_context_save(fd, session.handle, &context));
	close(fd);
	ASSERT_EQ(0, tpm_state_now(&now));
	EXPECT_EQ(self->before.saved.nr + 1, now.saved.nr);
	unload(_metadata);
	ASSERT_EQ(0, tpm_state_now(&now));
	EXPECT_TRUE(tpm_same_state(&self->before, &now));
}

TEST_F(takeover, may_be_left_to_the_core)
{
	int key, ring = key_ring();

	unload(_metadata);
	ASSERT_EQ(0, module_insert_with("tpm_rm", "takeover=0"));
	EXPECT_FALSE(opens_ours());
	ASSERT_EQ(0, module_insert("trusted"));
	key = key_add(ring, "kmk", "new 32 pcrs=7");
	EXPECT_LT(0, key);
	EXPECT_EQ(0, key_unlink(ring, key));
	unload(_metadata);
}

/* Somebody who opens the node all the time; only rmmod itself may be seen. */
static int open_all_the_time(void *arg)
{
	struct tpm_session session;
	int fd;

	for (;;) {
		fd = tpm_open(TPM_MANAGED);
		if (fd < 0 && errno != ENXIO)
			return errno;
		if (fd < 0)
			continue;
		if (tpm_session_start(fd, TPM_SE_POLICY, &session) ||
		    tpm_session_use(fd, &session))
			return EIO;
		close(fd);
		usleep(2000);
	}
}

/* It is in use most of the time. */
static int remove_at_last(const char *name)
{
	long end = now_ms() + LONG_MS;
	int err;

	do {
		err = module_remove(name);
	} while (err == -EWOULDBLOCK && now_ms() < end);
	return err;
}

TEST_F(takeover, module_comes_and_goes_while_files_are_opened)
{
	pid_t user[2];
	unsigned int i;

	ASSERT_EQ(0, module_remove("trusted"));
	for (i = 0; i < ARRAY_SIZE(user); i++)
		user[i] = process_start(open_all_the_time, NULL);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, remove_at_last("tpm_rm"));
		ASSERT_EQ(0, module_insert("tpm_rm"));
	}
	for (i = 0; i < ARRAY_SIZE(user); i++) {
		EXPECT_TRUE(process_runs(user[i]));
		kill(user[i], SIGKILL);
		EXPECT_EQ(128 + SIGKILL, process_result(user[i], LONG_MS));
	}
	EXPECT_TRUE(opens_ours());
}

/* --- others beside us ----------------------------------------------------- */

TEST_F(takeover, holder_of_the_raw_device_finds_the_slots_empty)
{
	struct tpm_state now;
	struct client ours;
	int raw = tpm_open(TPM_RAW);

	ASSERT_LE(0, raw);
	client_open(_metadata, &ours, TPM_MANAGED);
	EXPECT_EQ(0, client_use(&ours));
	ASSERT_EQ(0, tpm_read_state(raw, &now));
	EXPECT_EQ(0, now.transient.nr);
	EXPECT_EQ(0, now.loaded.nr);
	EXPECT_EQ(self->before.saved.nr + 1, now.saved.nr);
	EXPECT_EQ(0, client_use(&ours));
	close(ours.fd);
	ASSERT_EQ(0, tpm_read_state(raw, &now));
	EXPECT_TRUE(tpm_same_state(&self->before, &now));
	close(raw);
}

/* The core does not say so: its files are counted. */
TEST_F(takeover, file_of_the_core_finds_the_slots_empty)
{
	struct client ours;
	int core;

	unload(_metadata);
	core = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, core);
	ASSERT_EQ(0, module_insert_with("tpm_rm", "idle_ms=600000"));
	client_open(_metadata, &ours, TPM_MANAGED);
	EXPECT_EQ(0, client_use(&ours));
	EXPECT_EQ(0, manager_stat("objects_loaded"));
	EXPECT_EQ(0, manager_stat("sessions_loaded"));
	EXPECT_EQ(1, manager_stat("sessions_saved"));

	close(core);
	EXPECT_EQ(0, client_use(&ours));
	EXPECT_EQ(1, manager_stat("objects_loaded"));
	EXPECT_EQ(1, manager_stat("sessions_loaded"));
	EXPECT_EQ(0, manager_stat("sessions_saved"));
	close(ours.fd);
	EXPECT_EQ(0, module_remove("tpm_rm"));
}

TEST_F(takeover, idle_device_has_nothing_in_its_slots)
{
	struct tpm_state now;
	struct client ours;

	client_open(_metadata, &ours, TPM_MANAGED);
	EXPECT_EQ(0, client_use(&ours));
	EXPECT_TRUE(manager_reaches("objects_loaded", 0));
	EXPECT_TRUE(manager_reaches("sessions_loaded", 0));
	ASSERT_EQ(0, tpm_state_now(&now));
	EXPECT_EQ(0, now.transient.nr);
	EXPECT_EQ(0, now.loaded.nr);
	EXPECT_EQ(0, client_use(&ours));
	close(ours.fd);
}

/* --- the TPM -------------------------------------------------------------- */

/* What our files had is flushed; they themselves are of no use any more. */
TEST_F(takeover, tpm_goes_with_files_open)
{
	static struct tpm_buf context;
	struct tpm_session handed;
	/* A module also knows of files whose TPM is gone; debugfs does not. */
	const int left = !module_built_in("tpm_rm");
	struct tpm_state now;
	struct client ours, other;
	int node;

	client_open(_metadata, &ours, TPM_MANAGED);
	client_open(_metadata, &other, TPM_MANAGED);
	EXPECT_EQ(0, tpm_session_start(other.fd, TPM_SE_POLICY, &handed));
	EXPECT_EQ(0, tpm_context_save(other.fd, handed.handle, &context));
	close(other.fd);
	node = open(TPM_MANAGED, O_PATH | O_CLOEXEC);
	ASSERT_LE(0, node);

	ASSERT_EQ(0, tpm_driver_unbind(&self->driver));
	EXPECT_EQ(-ENODEV, client_use(&ours));
	EXPECT_EQ(-ENODEV, tpm_session_use(ours.fd, &ours.session));
	EXPECT_EQ(left, manager_files());
	EXPECT_EQ(-ENODEV, manager_stat("files"));

	ASSERT_LE(0, tpm_driver_bind(&self->driver));
	ASSERT_EQ(0, tpm_state_now(&now));
	EXPECT_TRUE(tpm_same_state(&self->before, &now));
	EXPECT_EQ(-ENODEV, client_use(&ours));
	client_open(_metadata, &other, TPM_MANAGED);
	EXPECT_EQ(0, client_use(&other));
	EXPECT_EQ(left + 1, manager_files());
	EXPECT_EQ(1, manager_stat("files"));
	close(ours.fd);
	EXPECT_EQ(0, client_use(&other));
	close(other.fd);
	close(node);
}

/* A node that is kept leads to what the core has of a TPM that is gone. */
TEST_F(takeover, node_of_a_tpm_that_is_gone)
{
	int old, fd, node = open(TPM_MANAGED, O_PATH | O_CLOEXEC);
	const int left = !module_built_in("tpm_rm");
	struct tpm_session session;
	char path[32];

	ASSERT_LE(0, node);
	fd = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tpm_driver_unbind(&self->driver));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", node);
	old = tpm_open(path);
	ASSERT_LE(0, old);
	EXPECT_EQ(left, manager_files());
	EXPECT_EQ(-EPIPE, tpm_session_start(old, TPM_SE_POLICY, &session));
	EXPECT_EQ(-ENODEV, tpm_session_start(fd, TPM_SE_POLICY, &session));
	close(fd);
	EXPECT_EQ(0, manager_files());
	close(old);
	EXPECT_EQ(-1, tpm_open(path));
	EXPECT_EQ(ENXIO, errno);
	close(node);
}

/*
 * A client that works, whatever comes and goes.  A TPM that comes is the core's
 * for a moment; what files of the core's have when it goes, stays in it.
 */
static int use_all_the_time(void *arg)
{
	struct tpm_session session;
	struct tpm_object key;
	long err;
	int fd;

	for (;;) {
		fd = tpm_open(TPM_MANAGED);
		if (fd < 0)
			continue;
		err = -EPIPE;
		if (refuses_strangers(fd))
			err = tpm_create_key(fd, &key, 1) ?:
			      tpm_session_start(fd, TPM_SE_HMAC, &session);
		while (!err)
			err = tpm_use_key(fd, &key, &session);
		close(fd);
		if (err != -ENODEV && err != -EPIPE) {
			printf("# use: %ld\n", err);
			fflush(stdout);
			return EIO;
		}
	}
}

TEST_F(takeover, tpm_goes_and_comes_back_under_load)
{
	pid_t user[3];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(user); i++)
		user[i] = process_start(use_all_the_time, NULL);
	for (i = 0; i < 10; i++) {
		ASSERT_EQ(0, tpm_driver_unbind(&self->driver));
		ASSERT_LE(0, tpm_driver_bind(&self->driver));
		EXPECT_TRUE(opens_ours());
	}
	for (i = 0; i < ARRAY_SIZE(user); i++) {
		EXPECT_TRUE(process_runs(user[i]));
		kill(user[i], SIGKILL);
		EXPECT_EQ(128 + SIGKILL, process_result(user[i], LONG_MS));
	}
}

/* --- a second TPM --------------------------------------------------------- */

#define CC_SET_LOCALITY	0x20001000	/* of tpm_vtpm_proxy */
#define CC_SHUTDOWN	0x145

static uint32_t code_of(const uint8_t *command)
{
	return (uint32_t)command[6] << 24 | command[7] << 16 | command[8] << 8 | command[9];
}

/* The second TPM is the first one by another name, but for its power. */
static int be_second_tpm(void *arg)
{
	static const uint8_t success[] = { 0x80, 0x01, 0, 0, 0, 10, 0, 0, 0, 0 };
	int fd = *(int *)arg, raw = tpm_open(TPM_RAW);
	uint8_t buf[TPM_BUF_SIZE];
	ssize_t n;

	if (raw < 0)
		return -raw;
	while ((n = read(fd, buf, sizeof(buf))) > 0) {
		uint32_t code = code_of(buf);

		if (code == CC_SET_LOCALITY || code == CC_SHUTDOWN) {
			n = sizeof(success);
			memcpy(buf, success, n);
		} else {
			if (write(raw, buf, n) != n)
				return errno;
			n = read(raw, buf, sizeof(buf));
		}
		if (n <= 0 || write(fd, buf, n) != n)
			return EIO;
	}
	return 0;
}

/* Waits until a node is there, or is not. */
static bool node_becomes(const char *path, bool there)
{
	long end = now_ms() + LONG_MS;

	while (!access(path, F_OK) != there && now_ms() < end)
		usleep(1000);
	return !access(path, F_OK) == there;
}

static void second_tpm_start(struct __test_metadata *_metadata, pid_t *server, char *node,
			     size_t size)
{
	struct vtpm_proxy_new_dev dev = { .flags = VTPM_PROXY_FLAG_TPM2 };
	int ctl, fd;

	ASSERT_EQ(0, access("/dev/vtpmx", F_OK) ? system("modprobe tpm_vtpm_proxy") : 0);
	ASSERT_TRUE(node_becomes("/dev/vtpmx", true));
	ctl = open("/dev/vtpmx", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, ctl);
	ASSERT_EQ(0, ioctl(ctl, VTPM_PROXY_IOC_NEW_DEV, &dev));
	close(ctl);
	fd = dev.fd;
	*server = process_start(be_second_tpm, &fd);
	close(fd);
	snprintf(node, size, "/sys/kernel/debug/tpm_rm/tpm%u", dev.tpm_num);
	ASSERT_TRUE(node_becomes(node, true));
	snprintf(node, size, "/dev/tpmrm%u", dev.tpm_num);
}

static void second_tpm_stop(struct __test_metadata *_metadata, pid_t server, const char *node)
{
	kill(server, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, process_result(server, LONG_MS));
	EXPECT_TRUE(node_becomes(node, false));
}

/* What was in the second one could not be flushed: nobody answered. */
static void flush_left(struct __test_metadata *_metadata, struct client *ours,
		       const struct client *second)
{
	struct tpm_state now;
	int raw = tpm_open(TPM_RAW);

	ASSERT_LE(0, raw);
	EXPECT_EQ(0, client_use(ours));
	EXPECT_EQ(0, tpm_flush(raw, second->session.handle));
	ASSERT_EQ(0, tpm_read_state(raw, &now));
	/* None if it was idle for a moment before. */
	ASSERT_GE(1, now.transient.nr);
	if (now.transient.nr)
		EXPECT_EQ(0, tpm_flush(raw, now.transient.handle[0]));
	close(raw);
}

/* 0 also if it is not there, or part of the kernel. */
static int remove_proxy(void)
{
	if (!module_present("tpm_vtpm_proxy") || module_built_in("tpm_vtpm_proxy"))
		return 0;
	return module_remove("tpm_vtpm_proxy");
}

TEST_F(takeover, second_tpm_comes_and_goes)
{
	struct client ours, second;
	char node[64];
	pid_t server;
	int i;

	client_open(_metadata, &ours, TPM_MANAGED);
	for (i = 0; i < 3; i++) {
		second_tpm_start(_metadata, &server, node, sizeof(node));
		client_open(_metadata, &second, node);
		EXPECT_EQ(2, manager_files());
		EXPECT_EQ(0, client_use(&ours));
		EXPECT_EQ(0, client_use(&second));
		EXPECT_EQ(0, client_use(&ours));
		EXPECT_TRUE(is_ours(second.fd));

		second_tpm_stop(_metadata, server, node);
		EXPECT_EQ(-ENODEV, client_use(&second));
		EXPECT_EQ(0, client_use(&ours));
		close(second.fd);
		EXPECT_EQ(1, manager_files());
		flush_left(_metadata, &ours, &second);
		EXPECT_EQ(0, client_use(&ours));
	}
	close(ours.fd);
	EXPECT_EQ(0, remove_proxy());
}

TEST_F(takeover, module_goes_with_two_tpms)
{
	char node[64];
	pid_t server;
	int fd;

	second_tpm_start(_metadata, &server, node, sizeof(node));
	unload(_metadata);
	fd = tpm_open(node);
	ASSERT_LE(0, fd);
	EXPECT_FALSE(is_ours(fd));
	EXPECT_FALSE(opens_ours());
	EXPECT_EQ(0, module_insert("tpm_rm"));
	EXPECT_FALSE(is_ours(fd));
	close(fd);
	fd = tpm_open(node);
	ASSERT_LE(0, fd);
	EXPECT_TRUE(is_ours(fd));
	EXPECT_TRUE(opens_ours());
	close(fd);
	second_tpm_stop(_metadata, server, node);
	EXPECT_EQ(0, remove_proxy());
}

static const char *const of_modules[] = {
	"file_of_the_core_outlives_the_module",
	"file_of_the_core_is_closed_under_us",
	"file_holds_the_module",
	"module_leaves_nothing_behind",
	"may_be_left_to_the_core",
	"module_comes_and_goes_while_files_are_opened",
	"file_of_the_core_finds_the_slots_empty",
	"module_goes_with_two_tpms",
	NULL
};

int main(int argc, char **argv)
{
	return form_run(argc, argv, of_modules);
}
