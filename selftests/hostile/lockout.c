// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ten users guess authorizations on /dev/tpmrm0.  The TPM counts what they get
 * wrong, for all together, and locks when it was too much: then nobody can use
 * what is protected like that.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "lockout.h"
#include "process.h"
#include "vault.h"

#define TPM_CC_DA_PARAMETERS	0x13a
#define TPM_CC_CREATE		0x153
#define TPM_CC_POLICY_SECRET	0x151

#define GUESSES			15
#define FIRST_GUESSER		3000

enum {
	PT_PERMANENT		= 0x200,
	PT_MAX_AUTH_FAIL	= 0x20f,
	PT_LOCKOUT_INTERVAL	= 0x210,
	PT_LOCKOUT_RECOVERY	= 0x211,
	IN_LOCKOUT		= 1 << 9,
};

/* --- the TPM's parameters ------------------------------------------------- */

struct da {
	uint32_t tries, interval, recovery;
};

static struct da before;

static long get_parameters(int fd, struct da *da)
{
	return tpm_property(fd, PT_MAX_AUTH_FAIL, &da->tries) ?:
	       tpm_property(fd, PT_LOCKOUT_INTERVAL, &da->interval) ?:
	       tpm_property(fd, PT_LOCKOUT_RECOVERY, &da->recovery);
}

static long set_parameters(int fd, const struct da *da)
{
	struct tpm_call c = {
		.code = TPM_CC_DA_PARAMETERS,
		.handles = 1, .handle = { VAULT_LOCKOUT },
		.auths = 1,
	};

	tpm_put32(&c.params, da->tries);
	tpm_put32(&c.params, da->interval);
	tpm_put32(&c.params, da->recovery);
	return tpm_run(fd, &c);
}

long lockout_few_tries(void)
{
	struct da few = { FEW_TRIES, 1000, 1000 };
	int fd = tpm_open(TPM_MANAGED);
	long err = fd < 0 ? -errno : vault_lockout_reset(fd);

	err = err ?: get_parameters(fd, &before) ?: set_parameters(fd, &few);
	close(fd);
	return err;
}

long lockout_undo(void)
{
	int fd = tpm_open(TPM_MANAGED);
	long err = fd < 0 ? -errno : vault_lockout_reset(fd) ?: set_parameters(fd, &before);

	close(fd);
	return err;
}

void expect_no_lockout(void)
{
	uint32_t counted = 0, permanent = 0;
	int raw = tpm_open(TPM_RAW);

	expect("the TPM says what it counted", tpm_property(raw, PT_PERMANENT, &permanent) ?:
	       tpm_property(raw, TPM_PT_LOCKOUT_COUNTER, &counted));
	close(raw);
	expect_that("it is not locked", !(permanent & IN_LOCKOUT), "locked");
	expect_that("it counted less than locks it", counted < FEW_TRIES, "%u", counted);
}

void guess_together(int (*guess)(void *arg))
{
	static uid_t uid[GUESSERS];
	pid_t pid[GUESSERS];
	int i;

	for (i = 0; i < GUESSERS; i++) {
		uid[i] = FIRST_GUESSER + i;
		pid[i] = process_start(guess, &uid[i]);
	}
	for (i = 0; i < GUESSERS; i++)
		waitpid(pid[i], NULL, 0);
}

/* --- guesses -------------------------------------------------------------- */

/* A key whose authorization counts when it is wrong. */
static long make_protected(int fd, struct tpm_object *o)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER, .da = true };

	p.auth = vault_text("right");
	memset(o, 0, sizeof(*o));
	strcpy(o->auth, "right");
	o->auth_len = strlen(o->auth);
	return vault_create_primary(fd, &p, &o->handle);
}

static long use_protected(int fd, const struct tpm_object *o)
{
	struct tpm_call c = {
		.code = TPM_CC_POLICY_SECRET,
		.handles = 2, .object = { o },
		.auths = 1,
	};
	struct tpm_session s;
	long err = tpm_session_start(fd, TPM_SE_POLICY, &s);

	c.handle[1] = s.handle;
	tpm_put(&c.params, "\0\0\0\0\0\0\0\0\0\0", 10);	/* nothing of everything */
	if (err)
		return err;
	err = tpm_run(fd, &c);
	tpm_flush(fd, s.handle);
	return err;
}

/* In the end the parameters do not matter: authorization comes first. */
static long create_under(int fd, const struct tpm_object *o)
{
	struct tpm_call c = {
		.code = TPM_CC_CREATE,
		.handles = 1, .object = { o },
		.auths = 1,
	};

	return tpm_run(fd, &c);
}

static int guess_objects(void *arg)
{
	struct tpm_object o;
	int i, fd;

	fd = open_as(*(uid_t *)arg, TPM_MANAGED);
	if (fd < 0 || make_protected(fd, &o))
		return 1;
	strcpy(o.auth, "wrong");
	for (i = 0; i < GUESSES; i++) {
		if (i % 2)
			create_under(fd, &o);
		else
			use_protected(fd, &o);
	}
	return 0;
}

static void guess_on_device(void)
{
	struct client *c = malloc(sizeof(*c)), *user = malloc(sizeof(*user));
	struct tpm_object o, own;

	expect("3 wrong authorizations lock the TPM", lockout_few_tries());
	expect("root has a protected key", client_start(c, ROOT, 1, 1) ?:
	       make_protected(c->fd, &o));
	expect("a user has one, and one for which guesses do not count",
	       client_start(user, VICTIM, 1, 1) ?: make_protected(user->fd, &own));
	guess_together(guess_objects);
	expect_no_lockout();
	expect("root's protected key can be used", use_protected(c->fd, &o));
	expect("root's other things work", client_works(c));
	expect("the user's unprotected key can be used", client_works(user));
	expect_kernel_key("the kernel loads a key");
	expect("the TPM is not so strict any more", lockout_undo());
	expect("the user's protected key can be used then", use_protected(user->fd, &own));
	client_close(user);
	client_close(c);
}

const struct hostile_case lockout_cases[] = {
	{ "n", VM_GUESS, 60, "ten users guess authorizations", guess_on_device },
	{ }
};
