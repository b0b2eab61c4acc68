/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A user without capabilities, and the quota of that user's keys.
 */
#ifndef _TRUSTED_USER_H
#define _TRUSTED_USER_H

#include "file.h"
#include "fixture.h"

#define USER		1000
#define MAXBYTES	"/proc/sys/kernel/keys/maxbytes"

static inline void become_user(void)
{
	if (setresgid(USER, USER, USER) || setresuid(USER, USER, USER))
		exit(126);
}

/* Octets that a user's keys are charged with: "uid: keys i/n q/max bytes/max". */
static inline long quota_used(unsigned int uid)
{
	FILE *f = fopen("/proc/key-users", "re");
	unsigned int who;
	char line[256];
	long bytes, used = 0;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%u: %*d %*d/%*d %*d/%*d %ld/", &who,
			   &bytes) == 2 && who == uid)
			used = bytes;
	}
	if (f)
		fclose(f);
	return used;
}

/* Keys of a process that has ended are collected later. */
static inline bool quota_becomes(unsigned int uid, long used)
{
	long end = now_ms() + 5000;

	while (quota_used(uid) != used) {
		if (now_ms() > end)
			return false;
		usleep(10000);
	}
	return true;
}

#endif /* _TRUSTED_USER_H */
