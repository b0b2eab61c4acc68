// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocations that fail, by way of /proc/thread-self/fail-nth.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nomem.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"

static int set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* Each failure would be logged, with a stack; that takes longer than the rest. */
int nomem_open(void)
{
	int fd, err = set(FAILSLAB "ignore-gfp-wait", "N");

	if (!err)
		err = set(FAILSLAB "verbose", "0");
	if (err)
		return err;
	fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void nomem_close(int fd)
{
	close(fd);
	set(FAILSLAB "ignore-gfp-wait", "Y");
}

int nomem_begin(int fd, int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", nth);

	return pwrite(fd, text, len, 0) == len ? 0 : -errno;
}

int nomem_end(int fd)
{
	char text[16] = "";
	int err = pread(fd, text, sizeof(text) - 1, 0) < 0 ? -errno : 0;

	if (pwrite(fd, "0", 1, 0) != 1)
		err = -errno;
	return err ? err : !atoi(text);
}
