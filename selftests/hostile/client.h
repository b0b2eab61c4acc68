/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of /dev/tpmrm0 and the user whose it is; what it holds can tell
 * whether it still is what it was.
 */
#ifndef _HOSTILE_CLIENT_H
#define _HOSTILE_CLIENT_H

#include <sys/types.h>

#include "tpm.h"

#define ROOT		0
#define ATTACKER	2001
#define VICTIM		2002
#define OTHER		2003

#define CLIENT_MAX	200	/* of each kind */

struct client {
	int fd, objects, sessions;
	struct tpm_object object[CLIENT_MAX];
	struct tpm_session session[CLIENT_MAX];
};

/*
 * The calling process is @uid's in everything that counts when a file is opened:
 * user, group, groups, capabilities.  As ROOT it is itself again.
 */
int become(uid_t uid);

/* Where clients go: TPM_MANAGED unless it is set to another. */
extern const char *client_device;

/* As open(2); -errno. */
int open_as(uid_t uid, const char *path);

/* 0, or -errno. */
long client_open(struct client *c, uid_t uid);
void client_close(struct client *c);

/* One more, whose number is its own; sessions in turn for HMACs and policies. */
long client_add_object(struct client *c);
long client_add_session(struct client *c);

/* So many more; the first error. */
long client_add(struct client *c, int objects, int sessions);

/* client_open() and client_add() */
long client_start(struct client *c, uid_t uid, int objects, int sessions);

/*
 * So many clients that they take all sessions, and more, with three for a file,
 * which is what stock gives; the first error.
 */
#define CROWD	22

struct client *crowd_start(uid_t uid, long *err);
void crowd_leave(struct client *crowd);

/* Uses what anybody may use. */
long session_works(int fd, struct tpm_session *s);

/* Uses everything that it holds; the first error. */
long client_works(struct client *c);

#endif
