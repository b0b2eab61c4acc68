/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What goes on while somebody takes his time to sign: clients that work, and one
 * that takes what it can get.
 */
#ifndef _TRUSTED_SIGN_WAIT_H
#define _TRUSTED_SIGN_WAIT_H

#include <keyutils.h>
#include <signal.h>
#include <sys/stat.h>

#include "sign.h"
#include "module.h"
#include "process.h"
#include "user.h"

#define GRABBED	72	/* files of one who takes all sessions; the TPM has 64 */

/* Uses an object and a session, and ends only when something fails. */
static inline int work(void *arg)
{
	struct tpm_session session;
	struct tpm_object key;
	int fd = tpm_open(TPM_MANAGED);

	if (fd < 0 || tpm_create_key(fd, &key, (long)arg) ||
	    tpm_session_start(fd, TPM_SE_HMAC, &session))
		return EIO;
	while (!tpm_use_key(fd, &key, &session))
		;
	return EIO;
}

/* A user who asks for sessions in many files, again and again. */
static inline int grab(void *arg)
{
	struct tpm_session s;
	int fd[GRABBED], i;

	become_user();
	for (i = 0; i < GRABBED; i++)
		fd[i] = tpm_open(TPM_MANAGED);
	for (i = 0;; i = (i + 1) % GRABBED)
		tpm_session_start(fd[i], TPM_SE_POLICY, &s);
	return EIO;
}

/* Ends one that would go on for ever; it must still be at it. */
static inline void stop(struct __test_metadata *_metadata, pid_t pid)
{
	EXPECT_TRUE(process_runs(pid));
	kill(pid, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, process_result(pid, 20000));
}

/* A text that it refuses shows that the type is there. */
static inline int type_says(void)
{
	return add_key(MODULE_TYPE, "x", "x", 1, KEY_SPEC_PROCESS_KEYRING) < 0 ? -errno : 0;
}

/* A key type comes and goes, without waiting. */
static inline void register_type(struct __test_metadata *_metadata)
{
	long since = now_ms();

	ASSERT_EQ(0, module_insert_type());
	EXPECT_EQ(-EINVAL, type_says());
	EXPECT_EQ(0, module_remove(MODULE_TYPE));
	EXPECT_EQ(-ENODEV, type_says());
	EXPECT_GT(5000, now_ms() - since);
}

#endif /* _TRUSTED_SIGN_WAIT_H */
