// SPDX-License-Identifier: GPL-2.0-only
/*
 * One client holds more than the TPM has slots for: much more than three of a
 * kind, which is what stock gives to a file.
 */
#include <stdlib.h>

#include "client.h"
#include "hostile.h"
#include "parameters.h"

#define MANY	60

/* From @have to @want; the first error. */
static long up_to(struct client *c, int objects, int sessions)
{
	return client_add(c, objects - c->objects, 0) ?:
	       client_add(c, 0, sessions - c->sessions);
}

static void many_of_a_kind(bool sessions)
{
	static const char *const what[] = { "the fourth", "the tenth", "the sixtieth" };
	static const int nr[] = { 4, 10, MANY };
	struct client *c = malloc(sizeof(*c));
	long err;
	int i;

	parameters_no_quota();
	expect("a client comes", client_open(c, ROOT));
	for (i = 0; i < 3; i++) {
		err = sessions ? up_to(c, 0, nr[i]) : up_to(c, nr[i], 0);
		expect(what[i], err);
	}
	expect("all that it has work", client_works(c));
	client_close(c);
}

static void many_objects(void)
{
	many_of_a_kind(false);
}

static void many_sessions(void)
{
	many_of_a_kind(true);
}

const struct hostile_case many_cases[] = {
	{ "j1", VM_PLAIN, 20, "a client holds 60 objects", many_objects },
	{ "j2", VM_PLAIN, 20, "a client holds 60 sessions", many_sessions },
	{ }
};
