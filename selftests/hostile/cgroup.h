/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control groups, version 2.  A name is from the root; "" is the root.
 */
#ifndef _HOSTILE_CGROUP_H
#define _HOSTILE_CGROUP_H

#include <sys/types.h>

/* All of them: 0 or -errno. */
int cgroup_make(const char *name);
int cgroup_remove(const char *name);

/* The calling process. */
int cgroup_enter(const char *name);

int cgroup_set(const char *name, const char *file, const char *value);
long cgroup_get(const char *name, const char *file);

/* The number behind a word in such a file; -errno. */
long cgroup_count(const char *name, const char *file, const char *word);

#endif
