// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files with one value.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

int file_write(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags), err = 0;

	if (fd < 0)
		return -errno;
	if (*text && write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int file_write_number(const char *path, long value)
{
	char text[24];

	snprintf(text, sizeof(text), "%ld\n", value);
	return file_write(path, 0, text);
}

long file_number(const char *path)
{
	FILE *f = fopen(path, "re");
	long value = -1;

	if (!f || fscanf(f, "%ld", &value) != 1)
		value = -1;
	if (f)
		fclose(f);
	return value;
}
