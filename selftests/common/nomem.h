/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel with CONFIG_FAILSLAB that has no memory: one allocation of the calling
 * task fails, the first, the second, and so on.
 */
#ifndef _COMMON_NOMEM_H
#define _COMMON_NOMEM_H

/* More than any operation makes. */
#define NOMEM_MAX	2000

/**
 * nomem_open() - allocations that may wait for memory can fail too from now on
 *
 * Return: a file for the other functions, or -errno.
 */
int nomem_open(void);
void nomem_close(int fd);

/* The allocation with this number, counted from 1, is to fail. */
int nomem_begin(int fd, int nth);

/* No more; 1 if one failed, 0 if there were not so many, or -errno. */
int nomem_end(int fd);

#endif
