// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user makes a user namespace and has 65 536 users in it.  All of them are the
 * one who made it, or each would have a quota of his own.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "parameters.h"
#include "process.h"
#include "refusal.h"
#include "vault.h"

#define FIRST	100000		/* what user 0 of the namespace is outside */
#define RANGE	65536
#define QUOTA	5
#define USERS	70		/* more than the TPM has sessions */

/* A process in a namespace of its own, until it is killed. */
static int live_in_namespace(void *arg)
{
	int *ready = arg;

	if (become(ATTACKER) || unshare(CLONE_NEWUSER) || write(*ready, "", 1) != 1)
		return 1;
	while (pause())
		;
	return 0;
}

/* As newuidmap(1) does, for whom /etc/subuid allows it. */
static int map_users(pid_t pid, const char *file)
{
	char path[64];
	int err, fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = dprintf(fd, "0 %d %d\n", FIRST, RANGE) < 0 ? -errno : 0;
	close(fd);
	return err;
}

static pid_t namespace_start(void)
{
	int pipes[2];
	char c;
	pid_t pid;

	if (pipe(pipes))
		return -errno;
	pid = process_start(live_in_namespace, &pipes[1]);
	close(pipes[1]);
	if (read(pipes[0], &c, 1) != 1 || map_users(pid, "uid_map") || map_users(pid, "gid_map"))
		pid = -EPERM;
	close(pipes[0]);
	return pid;
}

/* --- files that users in there have opened -------------------------------- */

static int enter(pid_t namespace, uid_t uid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", namespace);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWUSER) || setgroups(0, NULL) ||
	    setresgid(uid, uid, uid) || setresuid(uid, uid, uid))
		return -errno;
	close(fd);
	return 0;
}

/*
 * By user @uid there or, if @deeper, in yet another namespace which that user
 * has made.  The process that does so has its files in common with this one.
 */
static int open_there(pid_t namespace, uid_t uid, bool deeper)
{
	int status, fd = -1;
	pid_t pid = syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);

	if (!pid) {
		if (!enter(namespace, uid) && !(deeper && unshare(CLONE_NEWUSER)))
			fd = open(TPM_MANAGED, O_RDWR);
		_exit(fd < 0 ? 255 : fd);
	}
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 255)
		return -EACCES;
	return WEXITSTATUS(status);
}

/* With a session each; the first error. */
static long start_there(pid_t namespace, int *fds, int nr, bool deeper)
{
	struct tpm_session s;
	long err = 0;
	int i;

	for (i = 0; i < nr; i++) {
		fds[i] = open_there(namespace, i, deeper && i % 2);
		err = err ?: fds[i] < 0 ? fds[i] : tpm_session_start(fds[i], TPM_SE_HMAC, &s);
	}
	return err;
}

static void close_all(const int *fds, int nr)
{
	while (nr--)
		close(fds[nr]);
}

/* --- the cases ------------------------------------------------------------ */

static long one_session(int fd)
{
	struct tpm_session s;

	return fd < 0 ? fd : tpm_session_start(fd, TPM_SE_HMAC, &s);
}

static void one_quota(void)
{
	struct client *c = malloc(sizeof(*c));
	pid_t namespace = namespace_start();
	int fds[QUOTA + 1];

	expect("a namespace is made", namespace < 0 ? namespace : 0);
	parameters_no_quota();
	expect("the quota is set", parameter_set("sessions_per_user", QUOTA));
	expect("on_quota is set", parameter_set_text("on_quota", "refuse"));
	expect("users in there take what one may", start_there(namespace, fds, QUOTA, true));
	fds[QUOTA] = open_there(namespace, QUOTA, false);
	expect_is("one more of them is refused", one_session(fds[QUOTA]),
		  RM_LAYER | RC_SESSION_HANDLES);
	expect_is("who made the namespace is refused", client_start(c, ATTACKER, 0, 1),
		  RM_LAYER | RC_SESSION_HANDLES);
	client_close(c);
	expect("another user has his own quota", client_start(c, VICTIM, 1, 3) ?: client_works(c));
	client_close(c);
	close_all(fds, QUOTA + 1);
	kill(namespace, SIGKILL);
}

/* Each has but one session, a real user three: who holds most? */
static void many_users(void)
{
	struct client *before = malloc(sizeof(*before)), *c = malloc(sizeof(*c));
	pid_t namespace = namespace_start();
	int fds[USERS];

	expect("a user comes before", client_start(before, VICTIM, 1, 3));
	expect("a namespace is made", namespace < 0 ? namespace : 0);
	printf("# one of its users gets %s\n", outcome(start_there(namespace, fds, USERS, true)));
	expect("the user's old sessions work", client_works(before));
	expect("he gets new ones", client_start(c, VICTIM, 1, 2) ?: client_works(c));
	client_close(c);
	expect("root gets some", client_start(c, ROOT, 1, 2) ?: client_works(c));
	expect_kernel_key("the kernel loads a key");
	client_close(c);
	client_close(before);
	close_all(fds, USERS);
	kill(namespace, SIGKILL);
}

/* Its root is no root. */
static void root_of_namespace(void)
{
	uint8_t digest[SHA256_SIZE] = { 1 };
	pid_t namespace = namespace_start();
	int fd, raw;

	expect("a namespace is made", namespace < 0 ? namespace : 0);
	fd = open_there(namespace, 0, false);
	expect_is("its root extends PCR 16: refused", tpm_pcr_extend(fd, 16, digest),
		  RM_LAYER | RC_COMMAND_CODE);
	close(fd);
	kill(namespace, SIGKILL);
	raw = tpm_open(TPM_RAW);
	vault_pcr_reset(raw, 16);
	close(raw);
}

const struct hostile_case namespace_cases[] = {
	{ "s1", VM_PLAIN, 20, "a rootless user has one quota", one_quota },
	{ "s2", VM_PLAIN, 30, "a rootless user attacks as 70 users", many_users },
	{ "s3", VM_PLAIN, 20, "a rootless user is root in his namespace", root_of_namespace },
	{ }
};
