/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Two clients of /dev/tpmrm0, and what else the tests of their spaces share.
 */
#ifndef _TPM_RM_SPACE_H
#define _TPM_RM_SPACE_H

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "tpm.h"

#define FIRST_VIRTUAL	0x80ffffff	/* the next is one lower, and so on */
#define SLOTS		3		/* of each kind, in the VM's TPM */

#define TRANSIENT	0x80000000
#define LOADED		0x02000000
#define SAVED		0x03000000

#define RC_HANDLE_P1	0x1cb		/* as of FlushContext and ContextLoad */
#define RC_INTEGRITY_P1	0x1df

FIXTURE(space) {
	struct tpm_state before;
	int a, b;
};

FIXTURE_SETUP(space)
{
	ASSERT_EQ(0, tpm_state_now(&self->before));
	self->a = tpm_open(TPM_MANAGED);
	self->b = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, self->a);
	ASSERT_LE(0, self->b);
}

/* Nobody has to clean up behind himself: files are closed. */
FIXTURE_TEARDOWN(space)
{
	struct tpm_state after;

	close(self->a);
	close(self->b);
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
}

/* The TPM's code, whoever says it: the TPM, or the resource manager for it. */
static inline long code(long rc)
{
	return rc > 0 ? rc & ~0x000b0000 : rc;
}

/* A session or an object that is not there, or not the caller's. */
static inline bool is_refused(long rc)
{
	rc = code(rc);
	return rc == RC_HANDLE_P1 || rc == TPM_RC_REFERENCE_H0 || rc == TPM_RC_REFERENCE_S0;
}

/* Three keys and three sessions, two of these for HMACs. */
struct belongings {
	struct tpm_object key[SLOTS];
	struct tpm_session session[SLOTS];
};

static inline long have_all(int fd, struct belongings *b, int nr)
{
	long err = 0;
	int i;

	for (i = 0; i < SLOTS && !err; i++)
		err = tpm_create_key(fd, &b->key[i], nr + i);
	for (i = 0; i < SLOTS && !err; i++)
		err = tpm_session_start(fd, i == 1 ? TPM_SE_POLICY : TPM_SE_HMAC, &b->session[i]);
	return err ? err : tpm_session_mark(fd, &b->session[1], nr);
}

/* Each key with each session. */
static inline long use_all(int fd, struct belongings *b)
{
	long err = 0;
	int i;

	for (i = 0; i < SLOTS && !err; i++)
		err = tpm_use_key(fd, &b->key[i], &b->session[i == 1 ? 2 : i]);
	for (i = 0; i < SLOTS && !err; i++)
		err = tpm_session_use(fd, &b->session[i]);
	return err;
}

/* Sessions are listed under the type that they have, or another. */
static inline bool lists_sessions(const struct tpm_handles *h, const struct tpm_session *s, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!tpm_has_handle(h, s[i].handle))
			return false;
	}
	return h->nr == nr;
}

#endif /* _TPM_RM_SPACE_H */
