// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TPM is reset, or its driver is unbound, while clients have it open.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "module.h"
#include "refusal.h"

#define TPM_CC_STIR_RANDOM	0x146

static struct client *client_new(uid_t uid)
{
	struct client *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	expect("a client comes", client_start(c, uid, 2, 3));
	return c;
}

static long newcomer(uid_t uid)
{
	struct client *c = calloc(1, sizeof(*c));
	long err = client_start(c, uid, 2, 2) ?: client_works(c);

	client_close(c);
	free(c);
	return err;
}

/* --- reset ---------------------------------------------------------------- */

/* What the interposer of selftests/vm/run takes for its own. */
static long reset_tpm(void)
{
	static const char order[] = "RESET:";
	struct tpm_call c = { .code = TPM_CC_STIR_RANDOM };
	int raw = tpm_open(TPM_RAW);
	long err;

	tpm_put_sized(&c.params, order, sizeof(order) - 1);
	err = raw < 0 ? -errno : tpm_run(raw, &c);
	close(raw);
	return err;
}

/* Whoever says it. */
static void lost(const char *what, long got, long rc)
{
	expect_that(what, got == rc || got == (RM_LAYER | rc), "%s", outcome(got));
}

/* What it held is gone, and it is told so for each. */
static void find_it_gone(struct client *c)
{
	long got;

	lost("its session for HMACs is gone", session_works(c->fd, &c->session[0]),
	     RC_REFERENCE_S0);
	lost("its policy session is gone", session_works(c->fd, &c->session[1]), RC_REFERENCE_H0);
	lost("another as well", session_works(c->fd, &c->session[2]), RC_REFERENCE_S0);
	got = tpm_use_key(c->fd, &c->object[0], NULL);
	lost("its object is gone", got, got == -EINVAL ? got : RC_REFERENCE_H0);
}

/* In the same file. */
static long begin_anew(struct client *c)
{
	c->objects = 0;
	c->sessions = 0;
	return client_add(c, 2, 2) ?: client_works(c);
}

/* PCR 7 is not what it was, and a key is not sealed to one that is all zeroes. */
static long seal_anew(void)
{
	uint8_t digest[SHA256_SIZE] = { 7 };
	int raw = tpm_open(TPM_RAW);
	long err = raw < 0 ? -errno : tpm_pcr_extend(raw, 7, digest);

	close(raw);
	kernel_key_prepare();
	return err;
}

static void after_reset(void)
{
	struct client *c = client_new(VICTIM), *other = client_new(ROOT);

	expect("the TPM is reset", reset_tpm());
	find_it_gone(c);
	expect("it begins anew in the same file", begin_anew(c));
	expect("another one begins anew at once", begin_anew(other));
	expect("a newcomer works", newcomer(OTHER));
	expect("another key is sealed", seal_anew());
	expect_kernel_key("the kernel loads it");
	client_close(c);
	client_close(other);
}

/* --- unplug --------------------------------------------------------------- */

static void unbound(struct client *c)
{
	expect_is("a client is told that it is gone", session_works(c->fd, &c->session[0]),
		  -ENODEV);
	expect_is("for each command", tpm_use_key(c->fd, &c->object[0], NULL), -ENODEV);
	expect_is("a new session: the same", client_add(c, 0, 1), -ENODEV);
}

static void unplug(void)
{
	struct client *user = client_new(VICTIM), *root = client_new(ROOT);
	struct tpm_driver driver;
	int nr;

	expect("the driver is found", tpm_driver_find(&driver));
	expect("it is unbound", tpm_driver_unbind(&driver));
	unbound(user);
	client_close(user);
	nr = tpm_driver_bind(&driver);
	expect("it is bound again", nr < 0 ? nr : 0);
	expect("anybody may use it", chmod(TPM_MANAGED, 0666) ? -errno : 0);
	expect("a newcomer works", newcomer(OTHER));
	expect("root as a newcomer works", newcomer(ROOT));
	expect_is("the old file is as it was", session_works(root->fd, &root->session[0]),
		  -ENODEV);
	expect_kernel_key("the kernel loads a key");
	client_close(root);
}

const struct hostile_case unplug_cases[] = {
	{ "q1", VM_UNPLUG, 30, "the TPM's driver is unbound and bound again", unplug },
	{ "q2", VM_UNPLUG, 30, "the TPM is reset", after_reset },
	{ }
};
