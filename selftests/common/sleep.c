// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suspending the VM.
 */
#include <errno.h>
#include <glob.h>
#include <stddef.h>

#include "file.h"
#include "sleep.h"

int sleep_prepare(void)
{
	unsigned int i;
	glob_t g;
	int err = 0;

	if (glob("/sys/devices/platform/i8042/serio*/power/wakeup", 0, NULL, &g))
		return -ENODEV;
	for (i = 0; i < g.gl_pathc && !err; i++)
		err = file_write(g.gl_pathv[i], 0, "enabled");
	globfree(&g);
	return err ? err : file_write("/sys/power/mem_sleep", 0, "s2idle");
}

int sleep_till_key(void)
{
	return file_write("/sys/power/state", 0, "freeze");
}
