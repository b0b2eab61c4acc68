// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control groups, version 2.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"

#define ROOT_DIR	"/sys/fs/cgroup"

int cgroup_make(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), ROOT_DIR "/%s", name);
	return mkdir(path, 0755) ? -errno : 0;
}

int cgroup_remove(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), ROOT_DIR "/%s", name);
	return rmdir(path) ? -errno : 0;
}

static int open_file(const char *name, const char *file, int flags)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), ROOT_DIR "/%s/%s", name, file);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int cgroup_set(const char *name, const char *file, const char *value)
{
	int err = 0, fd = open_file(name, file, O_WRONLY);

	if (fd < 0)
		return fd;
	if (write(fd, value, strlen(value)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int cgroup_enter(const char *name)
{
	return cgroup_set(name, "cgroup.procs", "0");
}

static int read_file(const char *name, const char *file, char *text, size_t size)
{
	int fd = open_file(name, file, O_RDONLY);
	ssize_t len;

	if (fd < 0)
		return fd;
	len = read(fd, text, size - 1);
	close(fd);
	if (len < 0)
		return -EIO;
	text[len] = '\0';
	return 0;
}

long cgroup_get(const char *name, const char *file)
{
	char text[64];

	return read_file(name, file, text, sizeof(text)) ?: atol(text);
}

long cgroup_count(const char *name, const char *file, const char *word)
{
	char text[4096], *line, *next = text;
	int err = read_file(name, file, text, sizeof(text));
	size_t len = strlen(word);

	while (!err && (line = strsep(&next, "\n"))) {
		if (!strncmp(line, word, len) && line[len] == ' ')
			return atol(line + len);
	}
	return err ? err : -ENOENT;
}
