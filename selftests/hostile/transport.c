// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to the TPM fails in the middle of one client's command: that client
 * may lose something, the others lose nothing.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "process.h"
#include "vtpm.h"

/* An audited GetRandom of 8 octets: what session_works() sends. */
#define AUDITED		TPM_CC_GET_RANDOM
#define AUDITED_LAST	8
#define WAIT_MS		10000

struct party {
	struct vtpm vtpm;
	struct client unlucky, user, root;
};

static long others_work(struct party *c)
{
	return client_works(&c->user) ?: client_works(&c->root);
}

static bool party_start(struct party *c)
{
	int err = vtpm_start(&c->vtpm);

	if (!expect("a second TPM is there", err))
		return false;
	client_device = c->vtpm.managed;
	return expect("clients come", client_start(&c->unlucky, OTHER, 1, 1) ?:
		      client_start(&c->user, VICTIM, 1, 2) ?:
		      client_start(&c->root, ROOT, 1, 2));
}

static void party_leave(struct party *c)
{
	client_close(&c->unlucky);
	client_close(&c->user);
	client_close(&c->root);
	vtpm_stop(&c->vtpm);
}

static long come_anew(struct client *c)
{
	client_close(c);
	return client_start(c, OTHER, 1, 1) ?: client_works(c);
}

/* A row: after a fault in a command of the unlucky one. */
static void after_fault(struct party *c, const char *what)
{
	long err;

	if (!vtpm_fault_done(&c->vtpm))
		expect_that(what, false, "there was no fault");
	err = others_work(c);
	if (err)
		expect_that(what, false, "others: %s", outcome(err));
	else
		expect(what, come_anew(&c->unlucky));
}

static void own_command(struct party *c, enum fault kind, const char *what)
{
	vtpm_fault(&c->vtpm, kind, AUDITED, AUDITED_LAST);
	printf("# %s: %s\n", what, outcome(session_works(c->unlucky.fd, &c->unlucky.session[0])));
	after_fault(c, what);
}

/* The others have taken the slots: its session must come back first. */
static void on_its_behalf(struct party *c, enum fault kind, const char *what)
{
	others_work(c);
	vtpm_fault(&c->vtpm, kind, TPM_CC_CONTEXT_LOAD, -1);
	printf("# %s: %s\n", what, outcome(session_works(c->unlucky.fd, &c->unlucky.session[0])));
	after_fault(c, what);
}

static void fails(void)
{
	struct party *c = calloc(1, sizeof(*c));

	if (party_start(c)) {
		own_command(c, FAULT_SHORT, "command: half an answer");
		own_command(c, FAULT_LENGTH, "command: an answer that lacks something");
		own_command(c, FAULT_EMPTY, "command: an empty answer");
		own_command(c, FAULT_SILENT, "command: no answer");
		on_its_behalf(c, FAULT_SHORT, "ContextLoad: half an answer");
		on_its_behalf(c, FAULT_LENGTH, "ContextLoad: an answer that lacks something");
		on_its_behalf(c, FAULT_EMPTY, "ContextLoad: an empty answer");
	}
	party_leave(c);
}

/* --- the TPM goes away while it is asked ---------------------------------- */

static int use_session(void *arg)
{
	struct client *c = arg;

	return session_works(c->fd, &c->session[0]) == 0;
}

static void wait_for_fault(struct party *c)
{
	long end = now_ms() + WAIT_MS;

	while (!vtpm_fault_done(&c->vtpm) && now_ms() < end)
		usleep(1000);
}

/* The TPM behind it is still there, with what nobody can flush any more. */
static void flush_everything(void)
{
	struct tpm_state s;
	int i, raw = tpm_open(TPM_RAW);

	if (tpm_read_state(raw, &s))
		return;
	for (i = 0; i < s.transient.nr; i++)
		tpm_flush(raw, s.transient.handle[i]);
	for (i = 0; i < s.loaded.nr; i++)
		tpm_flush(raw, s.loaded.handle[i]);
	for (i = 0; i < s.saved.nr; i++)
		tpm_flush(raw, s.saved.handle[i]);
	close(raw);
}

static void goes_away(void)
{
	struct party *c = calloc(1, sizeof(*c));
	pid_t pid;

	if (!party_start(c))
		return;
	vtpm_fault(&c->vtpm, FAULT_SILENT, AUDITED, AUDITED_LAST);
	pid = process_start(use_session, &c->unlucky);
	wait_for_fault(c);
	vtpm_stop(&c->vtpm);
	expect_that("the command under way ends with an error",
		    process_result(pid, WAIT_MS) == 0, "it does not");
	expect_is("a user is told that the TPM is gone", client_works(&c->user), -ENODEV);
	expect_is("root is told that the TPM is gone", client_works(&c->root), -ENODEV);
	client_close(&c->unlucky);
	client_close(&c->user);
	client_close(&c->root);
	flush_everything();
	client_device = TPM_MANAGED;
	expect("the other TPM's clients work", client_start(&c->user, VICTIM, 1, 2) ?:
	       client_works(&c->user));
	client_close(&c->user);
}

const struct hostile_case transport_cases[] = {
	{ "p1", VM_PLAIN, 60, "the way to the TPM fails in one client's command", fails },
	{ "p2", VM_PLAIN, 60, "a TPM goes away in the middle of a command", goes_away },
	{ }
};
