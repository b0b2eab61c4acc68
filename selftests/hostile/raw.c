// SPDX-License-Identifier: GPL-2.0-only
/*
 * Somebody uses /dev/tpm0 itself, and leaves things in the TPM's few slots;
 * others need some on /dev/tpmrm0.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "process.h"

#define SLOTS	3	/* of each kind, in the VM's TPM */
#define ROUNDS	20
#define NOTICE_MS	1000

/* --- the raw user, as a client whose file is another ---------------------- */

/* What others have in the slots goes when it is noticed that this is open. */
static long raw_open(struct client *c)
{
	long err, end = now_ms() + NOTICE_MS;
	struct tpm_state s;

	c->fd = tpm_open(TPM_RAW);
	if (c->fd < 0)
		return -errno;
	do {
		err = tpm_read_state(c->fd, &s);
	} while (!err && s.transient.nr + s.loaded.nr > c->objects + c->sessions &&
		 now_ms() < end && !usleep(1000));
	return err;
}

/* What it holds stays in the TPM. */
static void raw_leave(struct client *c)
{
	close(c->fd);
}

static long raw_flush(struct client *c)
{
	long err = 0;

	while (c->objects && !err)
		err = tpm_flush(c->fd, c->object[--c->objects].handle);
	while (c->sessions && !err)
		err = tpm_flush(c->fd, c->session[--c->sessions].handle);
	return err;
}

static long raw_start(struct client *c, int objects, int sessions)
{
	long err = raw_open(c);

	return err ? err : client_add(c, objects, sessions);
}

/* --- what it leaves ------------------------------------------------------- */

static void others_go_on(struct client *before)
{
	struct client *c = malloc(sizeof(*c));

	expect("a client from before goes on", client_works(before));
	expect("a client comes", client_open(c, VICTIM));
	expect("it makes objects and uses them", client_add(c, 2, 0) ?: client_works(c));
	expect("it starts sessions and uses them", client_add(c, 0, 2) ?: client_works(c));
	expect_kernel_key("the kernel loads a key");
	client_close(c);
}

static void leaves(int objects, int sessions, bool stays)
{
	struct client *raw = calloc(1, sizeof(*raw)), *before = malloc(sizeof(*before));

	expect("a client comes before", client_start(before, VICTIM, 1, 1));
	expect("the raw user comes", raw_start(raw, objects, sessions));
	if (!stays)
		raw_leave(raw);
	others_go_on(before);
	if (!stays)
		expect("the raw user comes back", raw_open(raw));
	expect("the raw user's things are there and work", client_works(raw));
	expect("the raw user flushes them", raw_flush(raw));
	raw_leave(raw);
	expect("afterwards: the client from before goes on", client_works(before));
	client_close(before);
}

static void leaves_objects(void)
{
	leaves(SLOTS, 0, false);
}

static void leaves_sessions(void)
{
	leaves(0, SLOTS, false);
}

static void leaves_both_and_stays(void)
{
	leaves(SLOTS, SLOTS, true);
}

/* --- in turn -------------------------------------------------------------- */

/* All the slots, as if nobody else were there. */
static long take_the_room(struct client *raw)
{
	long err = client_add(raw, SLOTS - raw->objects, SLOTS - raw->sessions);

	return err ? err : client_works(raw);
}

static long leave_one_of_each(struct client *raw)
{
	long err = 0;

	while (raw->objects > 1 && !err)
		err = tpm_flush(raw->fd, raw->object[--raw->objects].handle);
	while (raw->sessions > 1 && !err)
		err = tpm_flush(raw->fd, raw->session[--raw->sessions].handle);
	return err;
}

static void in_turn(void)
{
	struct client *raw = calloc(1, sizeof(*raw)), *c = malloc(sizeof(*c));
	long raw_err = 0, err = 0;
	int i;

	expect("the raw user comes", raw_start(raw, 1, 1));
	expect("a client makes objects, starts sessions", client_start(c, VICTIM, 2, 2));
	for (i = 0; i < ROUNDS && !raw_err && !err; i++) {
		raw_err = take_the_room(raw) ?: leave_one_of_each(raw);
		err = client_works(c);
	}
	expect("the raw user has all the room there is", raw_err);
	expect("the client works with what it has", err);
	expect_kernel_key("the kernel loads a key");
	expect("the raw user's things work", client_works(raw));
	expect("the raw user flushes them", raw_flush(raw));
	raw_leave(raw);
	client_close(c);
}

const struct hostile_case raw_cases[] = {
	{ "c", VM_PLAIN, 20, "a raw user leaves 3 objects", leaves_objects },
	{ "d", VM_PLAIN, 20, "a raw user leaves 3 sessions", leaves_sessions },
	{ "e", VM_PLAIN, 20, "a raw user leaves both and stays", leaves_both_and_stays },
	{ "f", VM_PLAIN, 30, "a raw user and a client in turn", in_turn },
	{ }
};
