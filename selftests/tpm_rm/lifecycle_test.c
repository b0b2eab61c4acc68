// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modules come and go, and so does the TPM: while nothing happens, and
 * while keys are being made.
 */
#include <errno.h>
#include <fcntl.h>
#include <keyutils.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "form.h"
#include "kselftest_harness.h"
#include "keys.h"
#include "module.h"
#include "process.h"
#include "tpm.h"

/* For selftests/vm/check; needs its --tpm-delay. */
__attribute__((used)) static const char timeout[] = "vm-timeout=200";

#define SLOW_MS		100	/* of each command, where something else must come between */
#define LONG_MS		30000	/* for what takes some slow commands */
#define USER		1000	/* who has nothing to do with the test VM */
#define NO_TPM		"no TPM 2.0"

FIXTURE(lifecycle) {
	struct tpm_driver driver;
	struct tpm_state before;
	struct klog log;
	int ring;
	char *blob;
	int pipe[2];
};

/* --- what there is -------------------------------------------------------- */

static void read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t n;

	while (have < size - 1 && (n = read(fd, text + have, size - 1 - have)) > 0)
		have += n;
	text[have] = '\0';
	close(fd);
}

/* Keys of a type that is gone are taken away a moment later. */
static bool no_trusted_key(void)
{
	static char keys[65536];
	long end = now_ms() + 5000;

	do {
		read_text("/proc/keys", keys, sizeof(keys));
		if (!strstr(keys, " trusted "))
			return true;
		usleep(10000);
	} while (now_ms() < end);
	return false;
}

/* Does the kernel still keep keys for USER? */
static bool has_keys(void)
{
	char users[4096], *line;

	read_text("/proc/key-users", users, sizeof(users));
	for (line = strtok(users, "\n"); line; line = strtok(NULL, "\n")) {
		if (atoi(line) == USER)
			return true;
	}
	return false;
}

/* What its processes had goes a moment after them. */
static bool keys_go(void)
{
	long end = now_ms() + 5000;

	while (has_keys() && now_ms() < end)
		usleep(10000);
	return !has_keys();
}

/* A key can be made, and made again from its blob and from @blob. */
static void check_keys_work(struct __test_metadata *_metadata, FIXTURE_DATA(lifecycle) *self)
{
	int key = key_add(self->ring, "works", "new 32 pcrs=7");
	char *blob = key > 0 ? key_blob(key) : NULL;

	EXPECT_LT(0, key)
		TH_LOG("new: %s", strerror(-key));
	if (!blob)
		return;
	EXPECT_LT(0, key_add(self->ring, "works again", "load %s", blob));
	EXPECT_LT(0, key_add(self->ring, "from before", "load %s", self->blob));
	EXPECT_EQ(0, key_unlink(self->ring, key));
	EXPECT_EQ(0, key_unlink(self->ring, key_find(self->ring, "works again")));
	EXPECT_EQ(0, key_unlink(self->ring, key_find(self->ring, "from before")));
	free(blob);
}

static void check_blob(struct __test_metadata *_metadata, int key, const char *expected)
{
	char *blob = key_blob(key);

	ASSERT_NE(NULL, blob);
	EXPECT_STREQ(expected, blob);
	free(blob);
}

static void check_tools_work(struct __test_metadata *_metadata)
{
	EXPECT_EQ(0, system("tpm2_getrandom -T device:/dev/tpm0 8 > /dev/null"));
	EXPECT_EQ(0, system("tpm2_createprimary -T device:/dev/tpmrm0 -c /tmp/ctx > /dev/null"));
}

/* --- fixture -------------------------------------------------------------- */

/* Children have it too. */
static int make_ring(void)
{
	return add_key("keyring", "lifecycle", NULL, 0, KEY_SPEC_SESSION_KEYRING);
}

FIXTURE_SETUP(lifecycle)
{
	int key;

	ASSERT_EQ(0, tpm_driver_find(&self->driver));
	ASSERT_EQ(0, tpm_state_now(&self->before));
	ASSERT_EQ(0, klog_open(&self->log));
	self->ring = make_ring();
	ASSERT_LT(0, self->ring);
	key = key_add(self->ring, "seal", "new 32 pcrs=sha256:7,11 migratable=1");
	ASSERT_LT(0, key);
	self->blob = key_blob(key);
	ASSERT_NE(NULL, self->blob);
	ASSERT_EQ(0, key_unlink(self->ring, key));
}

/* All is there again, whatever the test has come to. */
FIXTURE_TEARDOWN(lifecycle)
{
	struct tpm_state after;

	if (access(TPM_RAW, F_OK))
		EXPECT_LE(0, tpm_driver_bind(&self->driver));
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
	klog_close(&self->log);
	free(self->blob);
}

/* --- modules -------------------------------------------------------------- */

/* A user with a key, who keeps it until it is asked for; 0 if it is gone. */
static int be_user(void *arg)
{
	FIXTURE_DATA(lifecycle) *self = arg;
	int key;
	char c;

	if (setgid(USER) || setuid(USER) || keyctl_join_session_keyring(NULL) < 0)
		return errno;
	key = key_add(KEY_SPEC_SESSION_KEYRING, "kmk", "load %s", self->blob);
	if (key < 0)
		return -key;
	if (write(self->pipe[1], "", 1) != 1 || read(self->pipe[1], &c, 1) != 1)
		return EPIPE;
	return key_blob(key) ? EEXIST : 0;
}

TEST_F(lifecycle, rmmod_leaves_no_trace)
{
	struct tpm_state now;
	pid_t user;
	int key;
	char c;

	ASSERT_FALSE(has_keys());
	key = key_add(self->ring, "kmk", "load %s", self->blob);
	ASSERT_LT(0, key);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, self->pipe));
	user = process_start(be_user, self);
	close(self->pipe[1]);
	ASSERT_EQ(1, read(self->pipe[0], &c, 1));
	EXPECT_TRUE(has_keys());
	ASSERT_EQ(0, module_remove("trusted"));
	ASSERT_EQ(0, module_remove("tpm_rm"));

	EXPECT_FALSE(module_present("trusted"));
	EXPECT_FALSE(module_present("tpm_rm"));
	EXPECT_TRUE(no_trusted_key());
	EXPECT_EQ(1, write(self->pipe[0], "", 1));
	EXPECT_EQ(0, process_result(user, LONG_MS));
	EXPECT_TRUE(keys_go());
	EXPECT_EQ(-ENODEV, key_add(self->ring, "kmk", "load %s", self->blob));
	EXPECT_EQ(NULL, key_blob(key));
	EXPECT_EQ(0, tpm_state_now(&now));
	EXPECT_TRUE(tpm_same_state(&self->before, &now));
	check_tools_work(_metadata);

	ASSERT_EQ(0, module_insert("tpm_rm"));
	ASSERT_EQ(0, module_insert("trusted"));
	check_keys_work(_metadata, self);
	close(self->pipe[0]);
}

TEST_F(lifecycle, tpm_rm_stays_while_trusted_needs_it)
{
	EXPECT_EQ(-EWOULDBLOCK, module_remove("tpm_rm"));
	check_keys_work(_metadata, self);
}

TEST_F(lifecycle, inserting_twice_is_refused)
{
	EXPECT_EQ(-EEXIST, module_insert("tpm_rm"));
	EXPECT_EQ(-EEXIST, module_insert("trusted"));
	check_keys_work(_metadata, self);
	EXPECT_EQ(0, module_remove("trusted"));
	EXPECT_EQ(0, module_remove("tpm_rm"));
}

TEST_F(lifecycle, another_key_type_trusted_is_respected)
{
	klog_mark(&self->log);
	EXPECT_EQ(-EEXIST, module_insert_copy("trusted", "key_type_trusted"));
	EXPECT_TRUE(klog_read(&self->log));
	EXPECT_EQ(1, klog_has(&self->log, "key type trusted already"));
	EXPECT_FALSE(module_present("truste_"));
	check_keys_work(_metadata, self);
}

/* --- the TPM -------------------------------------------------------------- */

/* Nothing is refused but what needs the TPM, and that with its reason. */
static void check_without_tpm(struct __test_metadata *_metadata, FIXTURE_DATA(lifecycle) *self,
			      int key)
{
	klog_mark(&self->log);
	EXPECT_EQ(-ENODEV, key_add(self->ring, "none", "new 32"));
	EXPECT_EQ(-ENODEV, key_add(self->ring, "none", "load %s", self->blob));
	EXPECT_EQ(-ENODEV, key_update(key, "update pcrs=7"));
	EXPECT_TRUE(klog_read(&self->log));
	EXPECT_EQ(3, klog_has(&self->log, NO_TPM));
	EXPECT_EQ(-ENOKEY, key_find(self->ring, "none"));
	check_blob(_metadata, key, self->blob);
}

/*
 * It comes back under the number that it had: we hold on to none.  Of the first
 * that is not to be seen, since IMA does.
 */
TEST_F(lifecycle, tpm_goes_and_comes_back)
{
	int i, key, nr = 0;

	key = key_add(self->ring, "kmk", "load %s", self->blob);
	ASSERT_LT(0, key);
	for (i = 0; i < 4; i++) {
		int was = nr;

		ASSERT_EQ(0, tpm_driver_unbind(&self->driver));
		check_without_tpm(_metadata, self, key);
		nr = tpm_driver_bind(&self->driver);
		ASSERT_LE(0, nr);
		if (i)
			EXPECT_EQ(was, nr);
		check_blob(_metadata, key, self->blob);
		check_keys_work(_metadata, self);
		check_tools_work(_metadata);
	}
}

struct loading {
	int ring;
	const char *name, *blob;
};

static int load_key(void *arg)
{
	struct loading *l = arg;
	int key = key_add(l->ring, l->name, "load %s", l->blob);

	return key < 0 ? -key : 0;
}

static int unbind(void *arg)
{
	return -tpm_driver_unbind(arg);
}

/* What was begun is finished; who comes after the driver has left gets ENODEV. */
TEST_F(lifecycle, tpm_goes_during_a_transaction)
{
	struct loading first = { self->ring, "first", self->blob };
	struct loading late = { self->ring, "late", self->blob };
	pid_t loader, unbinder, latecomer;

	ASSERT_EQ(0, tpm_slow(SLOW_MS));
	loader = process_start(load_key, &first);
	ASSERT_TRUE(process_reaches(loader, "tpm_transmit"));
	unbinder = process_start(unbind, &self->driver);
	ASSERT_TRUE(process_reaches(unbinder, "chip_removed"));
	latecomer = process_start(load_key, &late);

	EXPECT_EQ(0, process_result(loader, LONG_MS));
	EXPECT_EQ(0, process_result(unbinder, LONG_MS));
	EXPECT_EQ(ENODEV, process_result(latecomer, LONG_MS));
	EXPECT_LT(0, key_find(self->ring, "first"));
	EXPECT_EQ(-ENOKEY, key_find(self->ring, "late"));

	ASSERT_LE(0, tpm_driver_bind(&self->driver));
	ASSERT_EQ(0, tpm_slow(0));
	check_keys_work(_metadata, self);
}

TEST_F(lifecycle, modules_without_a_tpm)
{
	ASSERT_EQ(0, module_remove("trusted"));
	ASSERT_EQ(0, module_remove("tpm_rm"));
	ASSERT_EQ(0, tpm_driver_unbind(&self->driver));

	klog_mark(&self->log);
	ASSERT_EQ(0, module_insert("tpm_rm"));
	ASSERT_EQ(0, module_insert("trusted"));
	EXPECT_EQ(-ENODEV, key_add(self->ring, "none", "new 32"));
	EXPECT_TRUE(klog_read(&self->log));
	EXPECT_EQ(1, klog_has(&self->log, NO_TPM));
	EXPECT_EQ(-ENOKEY, key_find(self->ring, "none"));

	ASSERT_LE(0, tpm_driver_bind(&self->driver));
	check_keys_work(_metadata, self);
	ASSERT_EQ(0, tpm_driver_unbind(&self->driver));
	EXPECT_EQ(0, module_remove("trusted"));
	EXPECT_EQ(0, module_remove("tpm_rm"));
}

/* All primaries are others afterwards; the one that was kept is not used. */
TEST_F(lifecycle, tpm_is_cleared)
{
	char *blob = self->blob;

	EXPECT_EQ(0, system("tpm2_clear -T device:/dev/tpmrm0 -c p"));
	EXPECT_EQ(-EREMOTE, key_add(self->ring, "foreign", "load %s", blob));
	EXPECT_EQ(-ENOKEY, key_find(self->ring, "foreign"));
	ASSERT_LT(0, key_add(self->ring, "seal", "new 32 pcrs=7"));
	self->blob = key_blob(key_find(self->ring, "seal"));
	ASSERT_NE(NULL, self->blob);
	check_keys_work(_metadata, self);
	free(blob);
}

/* Loads until it is told to end; only the TPM may be missing now and then. */
static int load_all_the_time(void *arg)
{
	struct loading *l = arg;
	int err, ring = key_ring();

	for (;;) {
		err = key_add(ring, "kmk", "load %s", l->blob);
		if (err == -ENODEV)
			continue;
		if (err < 0 || key_unlink(ring, err))
			break;
	}
	printf("# load: %s\n", strerror(-err));
	fflush(stdout);
	return -err;
}

TEST_F_TIMEOUT(lifecycle, tpm_goes_and_comes_back_while_keys_are_loaded, 90)
{
	struct loading l = { self->ring, "kmk", self->blob };
	pid_t loader[4];
	unsigned int i;
	int nr;

	for (i = 0; i < ARRAY_SIZE(loader); i++)
		loader[i] = process_start(load_all_the_time, &l);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, tpm_driver_unbind(&self->driver));
		nr = tpm_driver_bind(&self->driver);
		ASSERT_LE(0, nr);
		/*
		 * Who asks for the default TPM holds it for a moment, gone or
		 * not, and its number with it.  One held for good in each round
		 * would show.
		 */
		EXPECT_GE(4, nr);
		check_keys_work(_metadata, self);
	}
	for (i = 0; i < ARRAY_SIZE(loader); i++) {
		EXPECT_TRUE(process_runs(loader[i]));
		kill(loader[i], SIGKILL);
		EXPECT_EQ(128 + SIGKILL, process_result(loader[i], LONG_MS));
	}
}

static const char *const of_modules[] = {
	"rmmod_leaves_no_trace",
	"tpm_rm_stays_while_trusted_needs_it",
	"inserting_twice_is_refused",
	"another_key_type_trusted_is_respected",
	"modules_without_a_tpm",
	NULL
};

int main(int argc, char **argv)
{
	return form_run(argc, argv, of_modules);
}
