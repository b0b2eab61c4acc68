// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocations that fail, by way of /proc/thread-self/fail-nth.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "file.h"
#include "nomem.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"

/* Each failure would be logged, with a stack; that takes longer than the rest. */
int nomem_open(void)
{
	int fd, err = file_write(FAILSLAB "ignore-gfp-wait", 0, "N");

	if (!err)
		err = file_write(FAILSLAB "verbose", 0, "0");
	if (err)
		return err;
	fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void nomem_close(int fd)
{
	close(fd);
	file_write(FAILSLAB "ignore-gfp-wait", 0, "Y");
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
