// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters of tpm_rm, and what they were.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "parameters.h"

#define DIRECTORY	"/sys/module/tpm_rm/parameters/"

static struct old {
	char value[64];
} *old;
static glob_t names;

static void save(const char *path, struct old *o)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, o->value, sizeof(o->value) - 1) < 0)
		perror(path);
	close(fd);
}

void parameters_save(void)
{
	size_t i;

	names.gl_pathc = 0;
	if (glob(DIRECTORY "*", 0, NULL, &names))
		return;
	old = calloc(names.gl_pathc, sizeof(*old));
	for (i = 0; i < names.gl_pathc; i++)
		save(names.gl_pathv[i], &old[i]);
}

static void restore(const char *path, const struct old *o)
{
	struct old now = { 0 };

	save(path, &now);
	if (strcmp(o->value, now.value) && file_write(path, 0, o->value))
		printf("# %s is not what it was\n", path);
}

void parameters_restore(void)
{
	size_t i;

	for (i = 0; i < names.gl_pathc; i++)
		restore(names.gl_pathv[i], &old[i]);
	if (names.gl_pathc)
		globfree(&names);
	free(old);
	old = NULL;
}

int parameter_set_text(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), DIRECTORY "%s", name);
	return file_write(path, 0, value);
}

int parameter_set(const char *name, unsigned int value)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", value);
	return parameter_set_text(name, text);
}

void parameters_no_quota(void)
{
	parameter_set("objects_per_file", 10000);
	parameter_set("sessions_per_file", 64);
	parameter_set("sessions_per_user", 64);
	parameter_set("sessions_per_cgroup", 64);
}
