// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions that a client saves and leaves behind, as tpm2-tools do between two
 * of their runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "orphan.h"
#include "parameters.h"
#include "refusal.h"

#define ROUNDS	64	/* as many sessions as the TPM has */

static void adopted(void)
{
	struct orphan *o = malloc(sizeof(*o));
	struct tpm_buf first;

	expect("a user saves a session and goes", orphan_leave(VICTIM, o, 1));
	first = o->context;
	expect_no_context("another user loads it: refused", orphan_adopt(ATTACKER, o, true));
	expect("its user loads it, uses it, saves it", orphan_adopt(VICTIM, o, true));
	expect("and once more", orphan_adopt(VICTIM, o, true));
	expect("root may", orphan_adopt(ROOT, o, true));
	expect_that("each saved context is another", memcmp(&first, &o->context, sizeof(first)),
		    "the same");
	expect("its user flushes it", orphan_adopt(ROOT, o, false));
	free(o);
}

static long leave_many(struct orphan *o)
{
	long err = 0;
	int i;

	for (i = 0; i < ROUNDS && !err; i++)
		err = orphan_leave(ATTACKER, &o[i], i);
	return err;
}

/* How many are still there; they are not any more. */
static int adopt_many(struct orphan *o)
{
	int i, there = 0;

	for (i = 0; i < ROUNDS; i++)
		there += !orphan_adopt(ATTACKER, &o[i], false);
	return there;
}

static void left_behind(void)
{
	struct orphan *o = calloc(ROUNDS, sizeof(*o));
	struct client *c = malloc(sizeof(*c)), *root = malloc(sizeof(*root));

	expect("a user starts, saves, closes, 64 times", leave_many(o));
	expect("he can do so once more", orphan_leave(ATTACKER, &o[0], 0));
	expect("another user has room", client_start(c, VICTIM, 1, 4) ?: client_works(c));
	expect("root has room", client_start(root, ROOT, 1, 4) ?: client_works(root));
	expect_kernel_key("the kernel loads a key");
	printf("# %d orphans were there\n", adopt_many(o));
	client_close(c);
	client_close(root);
	free(o);
}

/* With an orphan around, live sessions fill the TPM; which one goes? */
static void first_to_go(void)
{
	struct client *c = malloc(sizeof(*c)), *crowd;
	struct orphan *o = malloc(sizeof(*o));
	long err;

	parameters_no_quota();
	expect("a user saves a session and goes", orphan_leave(OTHER, o, 1));
	expect("another user has sessions", client_start(c, VICTIM, 0, 3));
	crowd = crowd_start(ROOT, &err);
	expect("root takes the rest, and more", err);
	expect("the other user's sessions work", client_works(c));
	expect_no_context("the orphan had to go", orphan_adopt(OTHER, o, false));
	crowd_leave(crowd);
	client_close(c);
}

const struct hostile_case orphan_cases[] = {
	{ "l1", VM_PLAIN, 40, "a user leaves saved sessions behind", left_behind },
	{ "l2", VM_PLAIN, 20, "a saved session is adopted", adopted },
	{ "l3", VM_PLAIN, 20, "saved sessions are first to go", first_to_go },
	{ }
};
