// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the guest: runs test programs one after the other, each under a timeout,
 * and prints one nested KTAP document.  Beside what a program says of itself it
 * fails if it ran into its timeout, ended badly, skipped, left processes behind,
 * or left the physical TPM with other handles than it found.
 *
 *	tap-run [-s SETTLE] SECONDS:PROGRAM...
 *
 * The shell command SETTLE runs each time before the TPM's handles are read.
 * tapcheck judges what the programs printed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include "tpm.h"

#define GRACE_MS	1000
#define EXIT_SKIP	4

/* One stream of a program's output, printed line by line behind @prefix. */
struct stream {
	int fd;
	const char *prefix;
	size_t len;
	char line[4096];
};

struct program {
	const char *path, *name;
	int seconds;
	pid_t pid;
	int status;
	bool exited, timed_out, left_processes;
	struct stream out, err;
};

static const char *settle;

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- handles ------------------------------------------------------------- */

/* Returns false if the TPM cannot be asked, as when somebody holds /dev/tpm0. */
static bool list_handles(char *text, size_t size)
{
	size_t len = 0;
	bool ok = true;
	int fd, i, r;

	text[0] = 0;
	tpm_forget_kept();
	fd = open("/dev/tpm0", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	for (r = 0; r < TPM_RANGES && ok; r++) {
		struct tpm_handles h = { 0 };

		ok = !tpm_list_range(fd, tpm_ranges[r].first, &h);
		for (i = 0; i < h.nr && len < size - 32; i++)
			len += snprintf(text + len, size - len, " %s:%08x",
					tpm_ranges[r].name, h.handle[i]);
	}
	close(fd);
	return ok;
}

/* Waits until the handles are @before: what is closed may be flushed later. */
static bool same_handles(const char *before, char *after, size_t size)
{
	long end = now_ms() + GRACE_MS;

	do {
		if (settle && system(settle))
			printf("  # %s failed\n", settle);
		if (list_handles(after, size) && !strcmp(before, after))
			return true;
		usleep(20000);
	} while (now_ms() < end);
	if (!list_handles(after, size))
		snprintf(after, size, " cannot ask /dev/tpm0: %s", strerror(errno));
	return false;
}

/* --- processes ------------------------------------------------------------ */

/* Kills whoever is our child by now: we adopt the program's orphans. */
static void kill_children(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *d;

	while (proc && (d = readdir(proc))) {
		char path[300];
		int pid, ppid;
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%s/stat", d->d_name);
		f = atoi(d->d_name) ? fopen(path, "r") : NULL;
		if (!f)
			continue;
		if (fscanf(f, "%d (%*[^)]) %*c %d", &pid, &ppid) == 2 && ppid == getpid())
			kill(pid, SIGKILL);
		fclose(f);
	}
	if (proc)
		closedir(proc);
}

/* Returns false if processes were still there after a while. */
static bool reap(pid_t group)
{
	long end = now_ms() + GRACE_MS;
	bool alone = true;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		if (pid)
			continue;
		if (now_ms() > end) {
			alone = false;
			kill(-group, SIGKILL);
			kill_children();
		}
		usleep(10000);
	}
	return alone;
}

static void start(struct program *p)
{
	int out[2], err[2];

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) {
		perror("pipe");
		exit(1);
	}
	fflush(stdout);
	p->pid = fork();
	if (!p->pid) {
		setpgid(0, 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		execl(p->path, p->path, NULL);
		perror(p->path);
		_exit(127);
	}
	setpgid(p->pid, p->pid);
	close(out[1]);
	close(err[1]);
	p->out = (struct stream){ .fd = out[0], .prefix = "  " };
	p->err = (struct stream){ .fd = err[0], .prefix = "  # " };
}

static void flush_line(struct stream *s)
{
	printf("%s%.*s\n", s->prefix, (int)s->len, s->line);
	fflush(stdout);
	s->len = 0;
}

static void pump(struct stream *s)
{
	char buf[4096];
	ssize_t n, i;

	n = read(s->fd, buf, sizeof(buf));
	for (i = 0; i < n; i++) {
		if (buf[i] == '\n') {
			flush_line(s);
			continue;
		}
		s->line[s->len++] = buf[i];
		if (s->len == sizeof(s->line))
			flush_line(s);
	}
	if (n <= 0) {
		if (s->len)
			flush_line(s);
		close(s->fd);
		s->fd = -1;
	}
}

/* Until the program has ended and nobody can write to its output any more. */
static void watch(struct program *p)
{
	long deadline = now_ms() + p->seconds * 1000L;
	int pidfd = syscall(SYS_pidfd_open, p->pid, 0);

	while (!p->exited || p->out.fd >= 0 || p->err.fd >= 0) {
		struct pollfd fds[] = {
			{ p->out.fd, POLLIN, 0 }, { p->err.fd, POLLIN, 0 },
			{ p->exited ? -1 : pidfd, POLLIN, 0 },
		};
		long left = deadline - now_ms();

		poll(fds, 3, left > 0 ? left : 0);
		if (fds[0].revents)
			pump(&p->out);
		if (fds[1].revents)
			pump(&p->err);
		if (fds[2].revents && waitpid(p->pid, &p->status, 0) == p->pid) {
			p->exited = true;
			deadline = now_ms() + GRACE_MS;
		}
		if (now_ms() < deadline)
			continue;
		if (p->exited)
			p->left_processes = true;
		else
			p->timed_out = true;
		kill(-p->pid, SIGKILL);
		if (p->exited)
			kill_children();
		deadline = now_ms() + GRACE_MS;
	}
	close(pidfd);
	if (!reap(p->pid))
		p->left_processes = true;
}

/* Why the program failed, or an empty string. */
static void judge(const struct program *p, bool handles, char *why, size_t size)
{
	why[0] = 0;
	if (p->timed_out)
		snprintf(why, size, "TIMEOUT %d s", p->seconds);
	else if (WIFSIGNALED(p->status))
		snprintf(why, size, "signal %d", WTERMSIG(p->status));
	else if (WEXITSTATUS(p->status) == EXIT_SKIP)
		snprintf(why, size, "exit 4: a skip is a failure here");
	else if (WEXITSTATUS(p->status))
		snprintf(why, size, "exit %d", WEXITSTATUS(p->status));
	else if (p->left_processes)
		snprintf(why, size, "left processes behind");
	else if (!handles)
		snprintf(why, size, "TPM handles are not what they were");
}

static bool run(struct program *p, int nr)
{
	static char before[16384], after[16384];
	char why[64];
	FILE *kmsg;
	long begin, took;
	bool same;

	if (settle && system(settle))
		printf("# %s failed\n", settle);
	if (!list_handles(before, sizeof(before))) {
		printf("not ok %d %s # /dev/tpm0: %s\n", nr, p->name, strerror(errno));
		return false;
	}
	kmsg = fopen("/dev/kmsg", "w");
	if (kmsg) {
		fprintf(kmsg, "test: %s\n", p->name);
		fclose(kmsg);
	}
	begin = now_ms();
	start(p);
	watch(p);
	same = same_handles(before, after, sizeof(after));
	if (!same)
		printf("  # TPM handles before:%s\n  # TPM handles after:%s\n", before, after);
	judge(p, same, why, sizeof(why));
	took = now_ms() - begin;
	printf("# %s: %ld.%ld s\n", p->name, took / 1000, took % 1000 / 100);
	printf("%s %d %s%s%s\n", why[0] ? "not ok" : "ok", nr, p->name, why[0] ? " # " : "", why);
	fflush(stdout);
	return !why[0];
}

int main(int argc, char **argv)
{
	int i, first = 1, failed = 0;

	if (argc > 2 && !strcmp(argv[1], "-s")) {
		settle = argv[2];
		first = 3;
	}
	if (first == argc) {
		fprintf(stderr, "usage: tap-run [-s SETTLE] SECONDS:PROGRAM...\n");
		return 2;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	setenv("TPM_TEST_STRICT", "1", 1);
	printf("KTAP version 1\n1..%d\n", argc - first);
	for (i = first; i < argc; i++) {
		struct program p = { 0 };
		char *path;

		p.seconds = strtol(argv[i], &path, 10);
		p.path = path + 1;
		p.name = strrchr(path, '/') + 1;
		failed += !run(&p, i - first + 1);
	}
	return failed ? 1 : 0;
}
