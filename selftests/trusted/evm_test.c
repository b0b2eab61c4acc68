// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file trusted/evm, which gives a key to EVM.  What is refused comes first:
 * EVM takes one key as long as the kernel runs.
 */
#include <fcntl.h>
#include <keyutils.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "fixture.h"
#include "module.h"
#include "process.h"
#include "user.h"

#define SECURITY	"/sys/kernel/security/"
#define TRUSTED_EVM	SECURITY "trusted/evm"

FIXTURE(evm)
{
	struct env env;
};

FIXTURE_SETUP(evm)
{
	env_open(_metadata, &self->env);
	klog_mark(&self->env.log);
}

FIXTURE_TEARDOWN(evm)
{
	env_close(_metadata, &self->env);
}

/* 0, or -errno of open() or write(). */
static int give_text(const char *text)
{
	return file_write(TRUSTED_EVM, 0, text);
}

static int give(int key)
{
	char text[16];

	snprintf(text, sizeof(text), "%d\n", key);
	return give_text(text);
}

/*
 * Kernels before 6.6 oops if EVM has a key, with the BPF security module that those
 * have in which this runs: there the file takes no key at all.
 */
static bool oopses(void)
{
	unsigned int major, minor;
	struct utsname uts;

	uname(&uts);
	return sscanf(uts.release, "%u.%u", &major, &minor) == 2 &&
	       (major < 6 || (major == 6 && minor < 6));
}

/* What the kernel says of EVM: bit 0 is the HMAC's key. */
static long evm_bits(void)
{
	return file_number(SECURITY "evm");
}

/* --- what is refused ------------------------------------------------------ */

TEST_F(evm, is_for_root_to_write)
{
	struct stat st;

	ASSERT_EQ(0, stat(TRUSTED_EVM, &st));
	EXPECT_EQ(S_IFREG | 0200, st.st_mode);
	EXPECT_EQ(0, st.st_uid);
}

TEST_F(evm, text_that_is_no_serial_number)
{
	static const char * const wrong[] = {
		"\n", "x", "1 2", "0x10", "1.", "--1",
		"2147483648", "99999999999999999999",
		"1111111111111111111111111111111111111111111111111111111111",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		EXPECT_GT(0, give_text(wrong[i]))
			TH_LOG("number %zu of the list", i);
	EXPECT_EQ(-EINVAL, give_text("x"));
	EXPECT_EQ(-ERANGE, give_text("2147483648"));
	EXPECT_EQ(0, evm_bits());
}

TEST_F(evm, serial_number_of_no_key)
{
	int key = add(_metadata, &self->env, "gone", "new 32");

	ASSERT_EQ(0, keyctl_invalidate(key));
	EXPECT_EQ(-ENOKEY, give(key));
	EXPECT_EQ(-EINVAL, give(0));
	EXPECT_EQ(-EINVAL, give(-100));
	EXPECT_EQ(0, evm_bits());
}

TEST_F(evm, key_of_another_type)
{
	struct env *e = &self->env;
	int key = add_key("user", "evm-key", "0123456789abcdef0123456789abcdef",
			  32, e->ring);

	ASSERT_LT(0, key);
	klog_mark(&e->log);
	EXPECT_EQ(-EINVAL, give(key));
	EXPECT_EQ(-EINVAL, give(e->ring));
	EXPECT_EQ(-EINVAL, give(KEY_SPEC_USER_KEYRING));
	klog_read(&e->log);
	EXPECT_LOGGED(3, e, "is not of type trusted");
	EXPECT_EQ(0, evm_bits());
}

TEST_F(evm, key_that_must_not_be_used)
{
	int key = add(_metadata, &self->env, "hidden", "new 32");

	ASSERT_EQ(0, keyctl_setperm(key, KEY_POS_ALL & ~KEY_POS_SEARCH));
	EXPECT_EQ(-EACCES, give(key));
	EXPECT_EQ(0, evm_bits());
}

TEST_F(evm, key_that_is_no_longer_valid)
{
	int revoked = add(_metadata, &self->env, "revoked", "new 32");
	int expired = add(_metadata, &self->env, "expired", "new 32");
	long end = now_ms() + 5000;
	int err;

	ASSERT_EQ(0, keyctl_revoke(revoked));
	EXPECT_EQ(-EKEYREVOKED, give(revoked));
	/* Until then it is not to be given: that would work. */
	ASSERT_EQ(0, keyctl_set_timeout(expired, 1));
	do {
		err = keyctl_read(expired, NULL, 0) < 0 ? errno : 0;
		usleep(10000);
	} while (!err && now_ms() < end);
	ASSERT_EQ(EKEYEXPIRED, err);
	EXPECT_EQ(-EKEYEXPIRED, give(expired));
	EXPECT_EQ(0, evm_bits());
}

/* A process of its own, which may change who it is. */
static int give_as(void (*become)(void), int fd, int key)
{
	char text[16];
	int status;
	pid_t pid;

	snprintf(text, sizeof(text), "%d", key);
	pid = fork();
	if (!pid) {
		become();
		if (fd < 0)
			fd = open(TRUSTED_EVM, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, text, strlen(text)) < 0)
			_exit(errno);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -ECHILD;
	return -WEXITSTATUS(status);
}

static void become_root_of_a_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(126);
}

TEST_F(evm, user_without_privilege)
{
	int key = add(_metadata, &self->env, "key", "new 32");
	int fd = open(TRUSTED_EVM, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EACCES, give_as(become_user, -1, key));
	/* Nor with a file that root has opened. */
	EXPECT_EQ(-EPERM, give_as(become_user, fd, key));
	EXPECT_EQ(-EPERM, give_as(become_root_of_a_namespace, fd, key));
	close(fd);
	EXPECT_EQ(0, evm_bits());
}

TEST_F(evm, somewhere_else_than_at_the_start)
{
	int key = add(_metadata, &self->env, "key", "new 32");
	int fd = open(TRUSTED_EVM, O_WRONLY | O_CLOEXEC);
	char text[16];

	snprintf(text, sizeof(text), "%d", key);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, pwrite(fd, text, strlen(text), 1));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
	EXPECT_EQ(0, evm_bits());
}

TEST_F(evm, reading_it)
{
	char text[16];
	int fd = open(TRUSTED_EVM, O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, read(fd, text, sizeof(text)));
	EXPECT_EQ(EINVAL, errno);
	close(fd);
}

/* --- the module goes ------------------------------------------------------ */

TEST_F(evm, open_file_holds_the_module)
{
	int fd = open(TRUSTED_EVM, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-EWOULDBLOCK, module_remove("trusted"));
	close(fd);
	EXPECT_EQ(0, module_remove("trusted"));
	EXPECT_EQ(-1, access(SECURITY "trusted", F_OK));
	EXPECT_EQ(ENOENT, errno);
	EXPECT_EQ(0, module_insert("trusted"));
	EXPECT_EQ(0, access(TRUSTED_EVM, F_OK));
}

/* --- EVM has a key from here on ------------------------------------------- */

TEST_F(evm, takes_a_key_of_the_smallest_size)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "evm-key", "new 32 pcrs=7");

	klog_mark(&e->log);
	EXPECT_EQ(oopses() ? -EOPNOTSUPP : 0, give(key));
	klog_read(&e->log);
	EXPECT_LOGGED(1, e, oopses() ? "boot 6.6 or later" : "evm: key initialized");
	EXPECT_EQ(!oopses(), evm_bits());
	/* It has a copy. */
	EXPECT_EQ(0, key_unlink(e->ring, key));
}

/* Of every key after the first. */
static int refusal(void)
{
	return oopses() ? -EOPNOTSUPP : -EBUSY;
}

TEST_F(evm, takes_no_second_key)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "evm-key", "new 128");

	EXPECT_EQ(refusal(), give(key));
	EXPECT_EQ(refusal(), give(key));
	EXPECT_EQ(-ENOKEY, give(0x7fffffff));
	EXPECT_EQ(!oopses(), evm_bits());
}

TEST_F(evm, takes_none_after_the_module_was_away)
{
	struct env *e = &self->env;

	ASSERT_EQ(0, module_remove("trusted"));
	EXPECT_EQ(!oopses(), evm_bits());
	ASSERT_EQ(0, module_insert("trusted"));
	EXPECT_EQ(refusal(), give(add(_metadata, e, "evm-key", "new 32")));
}

TEST_HARNESS_MAIN
