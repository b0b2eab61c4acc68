// SPDX-License-Identifier: GPL-2.0-only
/*
 * One client tries the handles of another.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "parameters.h"
#include "refusal.h"

#define TPM_CC_POLICY_SECRET	0x151

enum {
	OWNED_HMAC,
	OWNED_POLICY,
	OWNED_THIRD,
	OWNED,
};

/* --- one session of another's --------------------------------------------- */

static long in_handle_area(int fd, const struct client *owner)
{
	struct tpm_session s = owner->session[OWNED_POLICY];

	return tpm_session_mark(fd, &s, 99);
}

/* PolicySecret of an object of the thief's own, for the owner's session. */
static long in_second_handle(struct client *thief, const struct client *owner)
{
	struct tpm_call c = {
		.code = TPM_CC_POLICY_SECRET,
		.handles = 2, .object = { &thief->object[0] },
		.handle = { 0, owner->session[OWNED_POLICY].handle },
		.auths = 1,
	};

	tpm_put16(&c.params, 0);	/* nonceTPM */
	tpm_put16(&c.params, 0);	/* cpHashA */
	tpm_put16(&c.params, 0);	/* policyRef */
	tpm_put32(&c.params, 0);	/* expiration */
	return tpm_run(thief->fd, &c);
}

/* With the right nonces: nothing else is wrong with it. */
static long in_auth_area(int fd, const struct client *owner)
{
	struct tpm_session s = owner->session[OWNED_HMAC];

	return session_works(fd, &s);
}

/* Behind a session of the thief's own. */
static long in_second_auth(struct client *thief, const struct client *owner)
{
	struct tpm_session s = owner->session[OWNED_HMAC];
	struct tpm_call c = {
		.code = TPM_CC_GET_RANDOM,
		.auths = 2, .auth = { { &thief->session[0], TPM_AUDIT }, { &s, 0 } },
	};

	tpm_put16(&c.params, 8);
	return tpm_run(thief->fd, &c);
}

static long save(int fd, const struct client *owner)
{
	struct tpm_buf context;

	return tpm_context_save(fd, owner->session[OWNED_HMAC].handle, &context);
}

/* The upper octet of a session's handle says nothing. */
static long flush(int fd, const struct client *owner, int which, uint8_t upper)
{
	uint32_t index = owner->session[which].handle & 0xffffff;

	return tpm_flush(fd, (uint32_t)upper << 24 | index);
}

static void try_all(struct client *thief, const struct client *owner)
{
	int fd = thief->fd;

	expect_refused("in the handle area: refused", in_handle_area(fd, owner), RC_REFERENCE_H0);
	expect_refused("as the second handle: refused", in_second_handle(thief, owner),
		       RC_REFERENCE_H1);
	expect_refused("as authorization: refused", in_auth_area(fd, owner), RC_REFERENCE_S0);
	expect_refused("as second authorization: refused", in_second_auth(thief, owner),
		       RC_REFERENCE_S1);
	expect_refused("ContextSave: refused", save(fd, owner), RC_REFERENCE_H0);
	expect_refused("FlushContext of 02xxxxxx: refused", flush(fd, owner, OWNED_HMAC, 2),
		       RC_HANDLE);
	expect_refused("FlushContext of 03xxxxxx: refused", flush(fd, owner, OWNED_POLICY, 3),
		       RC_HANDLE);
}

/* Objects have numbers that are a client's own: this client has none of them. */
static void try_object(int fd, const struct client *owner)
{
	expect_is("an object: refused", tpm_use_key(fd, &owner->object[0], NULL), -EINVAL);
	expect_is("FlushContext of an object: refused", tpm_flush(fd, owner->object[0].handle),
		  -EINVAL);
}

/* Of its own it has one session and one object. */
static void look_around(struct client *thief)
{
	struct tpm_state s;
	long err = tpm_read_state(thief->fd, &s);

	if (err)
		expect("GetCapability", err);
	else
		expect_that("it sees its own handles alone",
			    s.transient.nr == 1 && s.loaded.nr + s.saved.nr == 1,
			    "%d sessions", s.loaded.nr + s.saved.nr);
}

static void other_handles(void)
{
	struct client *owner = malloc(sizeof(*owner)), *thief = malloc(sizeof(*thief));
	int fd = open_as(ATTACKER, TPM_MANAGED);

	expect("the owner comes", client_start(owner, VICTIM, 1, OWNED));
	expect("the thief comes", client_start(thief, ATTACKER, 1, 1));
	look_around(thief);
	try_object(fd, owner);
	close(fd);
	try_all(thief, owner);
	expect("the owner's sessions and objects work", client_works(owner));
	expect("the thief's own work", client_works(thief));
	client_close(thief);
	expect("the owner's still work when the thief is gone", client_works(owner));
	client_close(owner);
}

/* --- a context that another saved ----------------------------------------- */

static void other_contexts(void)
{
	struct client *owner = malloc(sizeof(*owner));
	uint32_t handle;
	int thief = open_as(ATTACKER, TPM_MANAGED);
	struct tpm_session *s = &owner->session[OWNED_HMAC];
	struct tpm_buf context;

	expect("the owner saves a session", client_start(owner, VICTIM, 1, OWNED) ?:
	       tpm_context_save(owner->fd, s->handle, &context));
	expect_no_context("another user loads it: refused",
			  tpm_context_load(thief, &context, &handle));
	expect("the owner loads it", tpm_context_load(owner->fd, &context, &handle));
	expect("the owner's sessions and objects work", client_works(owner));
	expect_no_context("a second time: refused",
			  tpm_context_load(owner->fd, &context, &handle));
	expect("the owner's sessions and objects still work", client_works(owner));
	close(thief);
	client_close(owner);
}

/* --- a number that was one's own ------------------------------------------ */

static long flush_raw(uint32_t handle)
{
	int raw = tpm_open(TPM_RAW);
	long err = raw < 0 ? -errno : tpm_flush(raw, handle);

	close(raw);
	return err;
}

/* The TPM gives the lowest free number, which is the one just lost. */
static long start_with_number(struct client *c, uint32_t handle)
{
	long err = client_start(c, VICTIM, 1, OWNED);

	return err ? err : c->session[OWNED_HMAC].handle == handle ? 0 : -ESTALE;
}

static void reuse(struct client *old, const struct client *new)
{
	int fd = old->fd;

	expect_refused("in its authorization: refused", in_auth_area(fd, new), RC_REFERENCE_S0);
	expect_refused("ContextSave: refused", save(fd, new), RC_REFERENCE_H0);
	expect_refused("FlushContext: refused", flush(fd, new, OWNED_HMAC, 2), RC_HANDLE);
}

/* Of the old owner one session is gone; the others are its own. */
static long rest_works(struct client *old)
{
	long err = 0;
	int i;

	for (i = OWNED_POLICY; i < OWNED && !err; i++)
		err = session_works(old->fd, &old->session[i]);
	return err;
}

static void reused_number(void)
{
	struct client *old = malloc(sizeof(*old)), *new = malloc(sizeof(*new));
	uint32_t number;

	expect("somebody has sessions", client_start(old, ATTACKER, 1, OWNED));
	number = old->session[OWNED_HMAC].handle;
	expect("one is flushed on /dev/tpm0", flush_raw(number));
	expect("another gets its number", start_with_number(new, number));
	reuse(old, new);
	expect("its new owner's sessions work", client_works(new));
	expect("its old owner's other sessions work", rest_works(old));
	client_close(old);
	expect("its new owner's sessions still work", client_works(new));
	client_close(new);
}

static bool same_number(const struct tpm_session *s, uint32_t handle)
{
	return !((s->handle ^ handle) & 0xffffff);
}

/* The latest client of a crowd that was given a number, and which of its sessions. */
static struct client *had_number(struct client *crowd, uint32_t handle, int *session)
{
	int i, k;

	for (i = CROWD - 1; i >= 0; i--) {
		for (k = crowd[i].sessions - 1; k >= 0; k--) {
			*session = k;
			if (same_number(&crowd[i].session[k], handle))
				return &crowd[i];
		}
	}
	return NULL;
}

/* How many do not work whose number nobody else has been given since. */
static int lost_without_reuse(struct client *crowd, const struct client *new)
{
	int i, k, latest, lost = 0;

	for (i = 0; i < CROWD; i++) {
		for (k = 0; k < crowd[i].sessions; k++) {
			struct tpm_session *s = &crowd[i].session[k];
			bool has = had_number(crowd, s->handle, &latest) == &crowd[i];

			if (has && latest == k && !same_number(s, new->session[OWNED_HMAC].handle))
				lost += !!session_works(crowd[i].fd, s);
		}
	}
	return lost;
}

static void kicked_number(void)
{
	struct client *new = malloc(sizeof(*new)), *crowd, *old = NULL;
	int session, lost;
	long err;

	parameters_no_quota();
	crowd = crowd_start(ROOT, &err);
	printf("# root's last session: %s\n", outcome(err));
	if (expect("another starts one then", client_start(new, VICTIM, 1, 1))) {
		old = had_number(crowd, new->session[OWNED_HMAC].handle, &session);
		expect_that("it has the number of one that was kicked out", old, "another");
	}
	if (old) {
		reuse(old, new);
		expect("its owner's sessions and objects work", client_works(new));
		/* One may have been kicked out ahead of whoever needs it next. */
		lost = lost_without_reuse(crowd, new);
		expect_that("root's other sessions work", lost <= 1, "%d do not", lost);
	}
	client_close(new);
	crowd_leave(crowd);
}

const struct hostile_case isolation_cases[] = {
	{ "h1", VM_PLAIN, 20, "a client tries another's sessions", other_handles },
	{ "h2", VM_PLAIN, 20, "a client loads another's saved session", other_contexts },
	{ "h3", VM_PLAIN, 20, "a client uses a number that was its own", reused_number },
	{ "h4", VM_PLAIN, 20, "a client uses the number of a kicked-out session", kicked_number },
	{ }
};
