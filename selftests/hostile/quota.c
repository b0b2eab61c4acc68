// SPDX-License-Identifier: GPL-2.0-only
/*
 * Quotas of a file, a user and a control group; who is over is refused, or loses
 * what he used longest ago, and others lose nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "client.h"
#include "hostile.h"
#include "parameters.h"
#include "refusal.h"

#define QUOTA	5
#define OBJECTS	10

static void set_policy(const char *parameter, const char *on_quota)
{
	parameters_no_quota();
	expect("the quota is set", parameter_set(parameter, QUOTA));
	expect("on_quota is set", parameter_set_text("on_quota", on_quota));
}

static struct client *client_new(void)
{
	struct client *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->fd = -1;
	return c;
}

/* --- refused -------------------------------------------------------------- */

/* Has QUOTA sessions, in two files; one more is refused, in a third. */
static void refused_at(uid_t first, uid_t second, uid_t third)
{
	struct client *a = client_new(), *b = client_new(), *c = client_new();

	expect("as many sessions as the quota allows", client_start(a, first, 1, 3) ?:
	       client_start(b, second, 1, QUOTA - 3));
	expect("a third file is opened", client_open(c, third));
	expect_is("one more is refused", client_add(c, 0, 1), RM_LAYER | RC_SESSION_HANDLES);
	expect("those that it had work", client_works(a) ?: client_works(b));
	expect("one is flushed", tpm_flush(a->fd, a->session[2].handle));
	a->sessions--;
	expect("one more is started then", client_add(c, 0, 1) ?: client_works(c));
	client_close(a);
	client_close(b);
	client_close(c);
}

static void others_have_room(uid_t uid)
{
	struct client *c = client_new();

	expect("another has a quota of his own", client_start(c, uid, 1, 3) ?: client_works(c));
	client_close(c);
}

static void user_refused(void)
{
	struct client *holder = client_new();

	set_policy("sessions_per_user", "refuse");
	expect("another user comes before", client_start(holder, VICTIM, 1, 2));
	refused_at(ATTACKER, ATTACKER, ATTACKER);
	others_have_room(OTHER);
	expect("the other user's sessions work", client_works(holder));
	client_close(holder);
}

static void cgroup_refused(void)
{
	struct client *holder = client_new();

	set_policy("sessions_per_cgroup", "refuse");
	expect("somebody comes before", client_start(holder, VICTIM, 1, 2));
	expect("a control group is made and entered", cgroup_make("hostile") ?:
	       cgroup_enter("hostile"));
	refused_at(ATTACKER, OTHER, ATTACKER);
	expect("it is left", cgroup_enter(""));
	others_have_room(ATTACKER);
	expect("what was outside of it works", client_works(holder));
	expect("the control group can be removed", cgroup_remove("hostile"));
	client_close(holder);
}

static void file_refused(void)
{
	struct client *c = client_new();

	set_policy("sessions_per_file", "refuse");
	expect("as many sessions as the quota allows", client_start(c, ATTACKER, 1, QUOTA));
	expect_is("one more is refused", client_add(c, 0, 1), RM_LAYER | RC_SESSION_HANDLES);
	expect("those that it had work", client_works(c));
	others_have_room(ATTACKER);
	client_close(c);
}

static void objects_refused(void)
{
	struct client *c = client_new();

	expect("the quota is set", parameter_set("objects_per_file", OBJECTS));
	expect("as many objects as the quota allows", client_start(c, ATTACKER, OBJECTS, 1));
	expect_is("one more is refused", client_add(c, 1, 0), RM_LAYER | RC_OBJECT_MEMORY);
	expect("those that it had work", client_works(c));
	expect("one is flushed", tpm_flush(c->fd, c->object[--c->objects].handle));
	expect("one more is made then", client_add(c, 1, 0) ?: client_works(c));
	others_have_room(ATTACKER);
	client_close(c);
}

/* --- kicked out ----------------------------------------------------------- */

/* Uses all but the second, which is for a policy. */
static long use_but_second(struct client *c)
{
	long err = 0;
	int i;

	for (i = 0; i < c->sessions && !err; i++) {
		if (i != 1)
			err = session_works(c->fd, &c->session[i]);
	}
	return err;
}

/* Kicked out; the new one may have been given its number. */
static void expect_gone(struct client *c, uint32_t number)
{
	static const char what[] = "the second was kicked out";

	if (c->sessions > QUOTA && c->session[QUOTA].handle == number)
		expect(what, 0);
	else
		expect_is(what, session_works(c->fd, &c->session[1]), RM_LAYER | RC_REFERENCE_H0);
}

static void kicks(const char *parameter)
{
	struct client *c = client_new(), *holder = client_new();
	uint32_t number;

	set_policy(parameter, "kick");
	expect("another user comes before", client_start(holder, VICTIM, 1, 2));
	expect("as many sessions as the quota allows", client_start(c, ATTACKER, 1, QUOTA));
	number = c->session[1].handle;
	expect("all but the second are used", use_but_second(c));
	expect("one more is started", client_add(c, 0, 1));
	expect("all but the second work", use_but_second(c));
	expect_gone(c, number);
	expect("the other user's sessions work", client_works(holder));
	client_close(c);
	client_close(holder);
}

static void user_kicked(void)
{
	kicks("sessions_per_user");
}

static void file_kicked(void)
{
	kicks("sessions_per_file");
}

const struct hostile_case quota_cases[] = {
	{ "m1", VM_PLAIN, 20, "a user is over his quota: refused", user_refused },
	{ "m2", VM_PLAIN, 20, "a user is over his quota: kicked out", user_kicked },
	{ "m3", VM_PLAIN, 20, "a control group is over its quota: refused", cgroup_refused },
	{ "m4", VM_PLAIN, 20, "a file is over its quota: refused", file_refused },
	{ "m5", VM_PLAIN, 20, "a file is over its quota: kicked out", file_kicked },
	{ "m6", VM_PLAIN, 20, "a file has too many objects: refused", objects_refused },
	{ }
};
