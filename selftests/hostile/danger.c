// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user without privileges, on a node that is everybody's, tries each command
 * with which he could harm others.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "danger.h"
#include "fingerprint.h"
#include "hostile.h"
#include "kernel_key.h"
#include "keys.h"
#include "refusal.h"
#include "vault.h"

#define PERSISTENT		0x81000001
#define TPM_CC_NV_DEFINE_SPACE	0x12a
#define TPM_CC_NV_UNDEFINE	0x122
#define TPM_CC_CREATE_LOADED	0x191
#define REFUSED			(RM_LAYER | RC_COMMAND_CODE)

static const char *const rows[THEMES] = {
	[THEME_NV]		= "NV memory: refused",
	[THEME_PCR]		= "PCRs: refused",
	[THEME_AUTHORITY]	= "authorized by a hierarchy: refused",
	[THEME_LOCKOUT]		= "dictionary attack: refused",
	[THEME_CLOCK_AUDIT]	= "clock and audit: refused",
	[THEME_START_TEST]	= "start, stop, test, upgrade: refused",
	[THEME_KEYS]		= "RSA keys: refused",
	[THEME_VENDOR]		= "of a vendor, and unusual ones: refused",
	[THEME_HIERARCHY]	= "hierarchies: refused",
};

/* --- what there is to be harmed ------------------------------------------- */

/* TPMA_NV: AUTHREAD, AUTHWRITE, NO_DA, locks, and the type. */
static const struct index {
	uint32_t handle, attributes;
	uint16_t size;
} indices[] = {
	{ NV_ORDINARY, 0x82044004 | 1u << 14, 8 },
	{ NV_COUNTER, 0x02040014, 8 },
	{ NV_BITS, 0x02040024, 8 },
	{ NV_EXTEND, 0x02040044, SHA256_SIZE },
};

static long define(int fd, const struct index *i)
{
	struct tpm_call c = {
		.code = TPM_CC_NV_DEFINE_SPACE,
		.handles = 1, .handle = { TPM_RH_OWNER },
		.auths = 1,
	};

	tpm_put16(&c.params, 0);
	tpm_put16(&c.params, 14);
	tpm_put32(&c.params, i->handle);
	tpm_put16(&c.params, TPM_ALG_SHA256);
	tpm_put32(&c.params, i->attributes);
	tpm_put16(&c.params, 0);
	tpm_put16(&c.params, i->size);
	return tpm_run(fd, &c);
}

static void undefine(int fd, uint32_t handle)
{
	struct tpm_call c = {
		.code = TPM_CC_NV_UNDEFINE,
		.handles = 2, .handle = { TPM_RH_OWNER, handle },
		.auths = 1,
	};

	tpm_run(fd, &c);
}

static long furnish(void)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER };
	int raw = tpm_open(TPM_RAW);
	long err = raw < 0 ? -errno : vault_persist(raw, &p, PERSISTENT);
	size_t i;

	for (i = 0; i < sizeof(indices) / sizeof(*indices) && !err; i++)
		err = define(raw, &indices[i]);
	close(raw);
	return err;
}

static void clear_away(void)
{
	int raw = tpm_open(TPM_RAW);
	size_t i;

	for (i = 0; i < sizeof(indices) / sizeof(*indices); i++)
		undefine(raw, indices[i].handle);
	vault_evict(raw, PERSISTENT);
	close(raw);
}

/* --- what is tried -------------------------------------------------------- */

static long try_one(int fd, const struct dangerous *d, uint32_t own_session)
{
	bool creates = d->code == TPM_CC_CREATE_PRIMARY || d->code == TPM_CC_CREATE_LOADED;
	struct tpm_call c = { .code = d->code, .auths = d->auths };
	uint8_t params[256];
	uint32_t object;
	long got;

	while (c.handles < 3 && d->handle[c.handles]) {
		c.handle[c.handles] = d->handle[c.handles];
		if (c.handle[c.handles] == OWN_SESSION)
			c.handle[c.handles] = own_session;
		c.handles++;
	}
	tpm_put(&c.params, params, hex_decode(d->params, params, sizeof(params)));
	if (creates)
		c.result = &object;
	got = tpm_run(fd, &c);
	if (creates && !got)
		tpm_flush(fd, object);
	return got;
}

/* A row: all of one theme; the verdict names those that were carried out. */
static void try_theme(struct client *c, enum theme theme)
{
	char carried_out[128] = "";
	const struct dangerous *d;
	int other = 0;
	long got;

	for (d = dangerous; d->name; d++) {
		if (d->theme != theme)
			continue;
		got = try_one(c->fd, d, c->session[1].handle);
		printf("# %s: %s\n", d->name, outcome(got));
		if (!got && !*carried_out)
			snprintf(carried_out, sizeof(carried_out), "%s", d->name);
		else if (got != REFUSED)
			other++;
	}
	expect_that(rows[theme], !*carried_out && !other, *carried_out ? "%s" : "asks the TPM",
		    carried_out);
}

/* What the TPM answers to this shows others' handles, and must not be changed. */
static long list_handles_in_session(struct client *c)
{
	struct tpm_call call = {
		.code = TPM_CC_GET_CAPABILITY,
		.auths = 1, .auth[0] = { &c->session[0], TPM_AUDIT },
	};

	tpm_put32(&call.params, 1);
	tpm_put32(&call.params, 0x02000000);
	tpm_put32(&call.params, 64);
	return tpm_run(c->fd, &call);
}

static void expect_unchanged(const struct fingerprint *before)
{
	struct fingerprint now;
	long err = fingerprint_take(&now);
	const char *other = err ? outcome(err) : fingerprint_differs(before, &now);

	expect_that("nothing was changed", !other, "%s", other);
}

static void danger(void)
{
	struct client *c = malloc(sizeof(*c));
	struct fingerprint before;
	int i;

	expect("root has things in the TPM", furnish());
	expect("its state can be read", fingerprint_take(&before));
	expect("a user comes", client_start(c, ATTACKER, 1, 2));
	expect_is("handles, in a session: refused", list_handles_in_session(c), REFUSED);
	for (i = 0; i < THEMES; i++)
		try_theme(c, i);
	expect("his own sessions and objects work", client_works(c));
	expect_unchanged(&before);
	expect_kernel_key("the kernel loads a key");
	client_close(c);
	clear_away();
}

const struct hostile_case danger_cases[] = {
	{ "o", VM_DANGER, 60, "a user tries each dangerous command", danger },
	{ }
};
