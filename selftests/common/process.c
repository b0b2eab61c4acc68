// SPDX-License-Identifier: GPL-2.0-only
/*
 * Child processes, what they wait for, and a TPM that keeps them waiting.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

#define REACH_MS	10000

long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Nobody outlives the test. */
pid_t process_start(int (*run)(void *arg), void *arg)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(run(arg));
	}
	return pid;
}

static bool on_stack(pid_t pid, const char *function)
{
	char path[64], stack[4096];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stack", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, stack, sizeof(stack) - 1);
	close(fd);
	stack[len > 0 ? len : 0] = '\0';
	return strstr(stack, function);
}

bool process_reaches(pid_t pid, const char *function)
{
	long end = now_ms() + REACH_MS;

	while (now_ms() < end) {
		if (on_stack(pid, function))
			return true;
		usleep(1000);
	}
	return false;
}

bool process_runs(pid_t pid)
{
	siginfo_t info = { 0 };

	return !waitid(P_PID, pid, &info, WEXITED | WNOHANG | WNOWAIT) && !info.si_pid;
}

int process_result(pid_t pid, long ms)
{
	long end = now_ms() + ms;
	int status;

	while (process_runs(pid)) {
		if (now_ms() > end)
			return -1;
		usleep(1000);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int tpm_slow(unsigned int ms)
{
	char command[32];

	snprintf(command, sizeof(command), "tpm-delay %u", ms);
	return system(command);
}
