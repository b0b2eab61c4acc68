/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Users of the kernel's own /dev/tpmrm0, who hold many sessions, all saved.
 */
#ifndef _TPM_RM_CROWD_H
#define _TPM_RM_CROWD_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "tpm.h"

#define note(fmt, ...) printf("# " fmt "\n", __VA_ARGS__)

#define MAX_ACTIVE	64	/* sessions in the VM's TPM */
#define PER_FILE	3	/* sessions that stock /dev/tpmrm0 lets a file have */

struct crowd {
	bool neighbours_fall;
	int nr;
	int fd[(MAX_ACTIVE + PER_FILE - 1) / PER_FILE];
	struct tpm_session session[MAX_ACTIVE];
};

/* All saved, each another: every third for HMACs, the others for policies. */
static long crowd_fill(struct crowd *c, int nr)
{
	long err = 0;

	for (c->nr = 0; c->nr < nr && !err; c->nr++) {
		int *fd = &c->fd[c->nr / PER_FILE];
		uint8_t type = c->nr % 3 ? TPM_SE_POLICY : TPM_SE_HMAC;

		if (c->nr % PER_FILE == 0)
			*fd = tpm_open(TPM_MANAGED);
		err = *fd < 0 ? -errno : tpm_session_start(*fd, type, &c->session[c->nr]);
		if (!err && type == TPM_SE_POLICY)
			err = tpm_session_mark(*fd, &c->session[c->nr], c->nr);
	}
	return err;
}

/*
 * What becomes of a file's other sessions when one of them is flushed from
 * outside, whoever does it?  Linux 6.1 takes the TPM's answer for a failure and
 * drops them all, 6.12 knows it (TPM_RC_HANDLE).
 */
static bool neighbours_survive(int raw)
{
	int fd = tpm_open(TPM_MANAGED);
	struct tpm_session s[2];
	bool survive;

	survive = !tpm_session_start(fd, TPM_SE_HMAC, &s[0]) &&
		  !tpm_session_start(fd, TPM_SE_HMAC, &s[1]) &&
		  !tpm_flush(raw, s[1].handle) && !tpm_session_use(fd, &s[0]);
	close(fd);
	return survive;
}

static int crowd_find(const struct crowd *c, uint32_t handle)
{
	int i;

	for (i = 0; i < c->nr && c->session[i].handle != handle; i++)
		;
	return i;
}

/* How many cannot be used, but for that with the handle @gone. */
static int crowd_broken(struct crowd *c, uint32_t gone)
{
	int i, left = crowd_find(c, gone), broken = 0;

	for (i = 0; i < c->nr; i++) {
		struct tpm_session *s = &c->session[i];
		long err;

		if (i == left || (c->neighbours_fall && i / PER_FILE == left / PER_FILE))
			continue;
		err = tpm_session_use(c->fd[i / PER_FILE], s);
		if (err)
			note("session %08x of file %d: %#lx", s->handle, i / PER_FILE, err);
		broken += !!err;
	}
	return broken;
}

static void crowd_leave(struct crowd *c)
{
	int i;

	for (i = 0; i < c->nr; i += PER_FILE)
		close(c->fd[i / PER_FILE]);
	c->nr = 0;
}

#endif /* _TPM_RM_CROWD_H */
