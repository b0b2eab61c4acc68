/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files with one value: what the kernel shows of itself in /sys and /proc.
 */
#ifndef _COMMON_FILE_H
#define _COMMON_FILE_H

/* With these flags of open() too; 0, or -errno of open() or write(). */
int file_write(const char *path, int flags, const char *text);
int file_write_number(const char *path, long value);

/* -1 if it has no number. */
long file_number(const char *path);

#endif
