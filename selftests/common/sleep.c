// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suspending the VM.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <unistd.h>

#include "sleep.h"

/* 0, or -errno. */
static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int sleep_prepare(void)
{
	unsigned int i;
	glob_t g;
	int err = 0;

	if (glob("/sys/devices/platform/i8042/serio*/power/wakeup", 0, NULL, &g))
		return -ENODEV;
	for (i = 0; i < g.gl_pathc && !err; i++)
		err = put(g.gl_pathv[i], "enabled");
	globfree(&g);
	return err ? err : put("/sys/power/mem_sleep", "s2idle");
}

int sleep_till_key(void)
{
	return put("/sys/power/state", "freeze");
}
