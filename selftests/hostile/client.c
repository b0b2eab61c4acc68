// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients of /dev/tpmrm0, whose users they are, and what they hold.
 */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"

const char *client_device = TPM_MANAGED;

/* Back to root the user comes first: only root may change groups. */
int become(uid_t uid)
{
	if (setresuid(0, 0, 0) || setgroups(0, NULL) || setresgid(uid, uid, 0) ||
	    setresuid(uid, uid, 0))
		return -errno;
	return 0;
}

int open_as(uid_t uid, const char *path)
{
	int fd, err = become(uid);

	fd = tpm_open(path);
	if (fd < 0)
		fd = -errno;
	return become(ROOT) ?: err ?: fd;
}

long client_open(struct client *c, uid_t uid)
{
	memset(c, 0, sizeof(*c));
	c->fd = open_as(uid, client_device);
	return c->fd < 0 ? c->fd : 0;
}

void client_close(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->objects = 0;
	c->sessions = 0;
}

long client_add_object(struct client *c)
{
	long err = tpm_create_key(c->fd, &c->object[c->objects], c->objects);

	if (!err)
		c->objects++;
	return err;
}

long client_add_session(struct client *c)
{
	struct tpm_session *s = &c->session[c->sessions];
	uint8_t type = c->sessions % 2 ? TPM_SE_POLICY : TPM_SE_HMAC;
	long err = tpm_session_start(c->fd, type, s);

	if (!err && type == TPM_SE_POLICY)
		err = tpm_session_mark(c->fd, s, c->sessions + 1);
	if (!err)
		c->sessions++;
	return err;
}

long client_add(struct client *c, int objects, int sessions)
{
	long err = 0;

	while (objects-- && !err)
		err = client_add_object(c);
	while (sessions-- && !err)
		err = client_add_session(c);
	return err;
}

long client_start(struct client *c, uid_t uid, int objects, int sessions)
{
	long err = client_open(c, uid);

	return err ? err : client_add(c, objects, sessions);
}

struct client *crowd_start(uid_t uid, long *err)
{
	struct client *crowd = calloc(CROWD, sizeof(*crowd));
	int i;

	if (!crowd)
		abort();
	*err = 0;
	for (i = 0; i < CROWD; i++)
		*err = *err ?: client_start(&crowd[i], uid, 0, 3);
	return crowd;
}

void crowd_leave(struct client *crowd)
{
	int i;

	for (i = 0; i < CROWD; i++)
		client_close(&crowd[i]);
	free(crowd);
}

/* An audited command needs no authorization and has an HMAC both ways. */
long session_works(int fd, struct tpm_session *s)
{
	bool exclusive;

	if (s->type == TPM_SE_POLICY)
		return tpm_session_use(fd, s);
	return tpm_session_audit(fd, s, &exclusive);
}

long client_works(struct client *c)
{
	long err = 0;
	int i;

	for (i = 0; i < c->objects && !err; i++)
		err = tpm_use_key(c->fd, &c->object[i], NULL);
	for (i = 0; i < c->sessions && !err; i++)
		err = session_works(c->fd, &c->session[i]);
	return err;
}
