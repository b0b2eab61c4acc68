// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory of an idle client: many files are opened in a cgroup, and none of them
 * holds anything.  What the machine's slabs have grown by is what it costs; what
 * the cgroup has grown by is what is charged to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

#define CGROUPS	"/sys/fs/cgroup"
#define CGROUP	CGROUPS "/bench"
#define FILES	2000

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int bad = fd < 0 || write(fd, text, strlen(text)) < 0;

	close(fd);
	return bad ? -errno : 0;
}

/* The number after @name in a file of such lines, or at its begin. */
static double number_in(const char *path, const char *name)
{
	char text[8192] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *at;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		exit((int)failed(path, -errno) != 0);
	close(fd);
	at = strstr(text, name);
	return at ? strtod(at + strlen(name), NULL) : -1;
}

/* With what each processor has counted for itself. */
static double slabs(void)
{
	if (put("/proc/sys/vm/stat_refresh", "1"))
		exit(failed("stat_refresh", -errno) != 0);
	return number_in("/proc/meminfo", "\nSlab:") * 1024;
}

/*
 * Each processor has charges in store, up to 256 KiB.  Ours gives them back when
 * the limit seems to be exceeded.
 */
static double charged(void)
{
	if (put(CGROUP "/memory.high", "0") || put(CGROUP "/memory.high", "max"))
		exit(failed("memory.high", -errno) != 0);
	return number_in(CGROUP "/memory.current", "");
}

/* On one processor, so that the others have no charges in store. */
static long enter(void)
{
	struct rlimit files = { FILES + 64, FILES + 64 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one) || setrlimit(RLIMIT_NOFILE, &files))
		return -errno;
	if (mkdir(CGROUP, 0755) && errno != EEXIST)
		return -errno;
	return put(CGROUPS "/cgroup.subtree_control", "+memory") ?:
	       put(CGROUP "/cgroup.procs", "0");
}

/* KiB for each file since the two values that are given. */
static void tell(const struct column *col, const char *when, double slab, double charge)
{
	char name[64];

	snprintf(name, sizeof(name), "%s: KiB", when);
	figure(col, name, (slabs() - slab) / FILES / 1024);
	snprintf(name, sizeof(name), "%s: KiB charged", when);
	figure(col, name, (charged() - charge) / FILES / 1024);
}

static long open_all(const char *path, struct client *c)
{
	long err = 0;
	int i;

	for (i = 0; i < FILES && !err; i++)
		err = client_open(&c[i], path, 0, 0);
	return err;
}

static long use_all(struct client *c)
{
	long err = 0;
	int i;

	for (i = 0; i < FILES && !err; i++)
		err = get_random(&c[i], 0);
	return err;
}

long bench_memory(const struct column *col, int argc, char **argv)
{
	struct client *c = calloc(FILES, sizeof(*c));
	double slab, charge;
	long err = c ? enter() : -ENOMEM;

	(void)argc;
	(void)argv;
	if (err)
		return failed("cgroup", err);
	/* The pages of the array are there before. */
	memset(c, 1, FILES * sizeof(*c));
	slab = slabs();
	charge = charged();
	err = open_all(col->path, c);
	if (err)
		return failed("open", err);
	tell(col, "opened", slab, charge);
	err = use_all(c);
	if (err)
		return failed("GetRandom", err);
	tell(col, "after a command", slab, charge);
	free(c);
	return 0;
}
