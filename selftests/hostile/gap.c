// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions that nobody uses, while others save theirs again and again: a TPM
 * saves no more when the oldest is TPM_PT_CONTEXT_GAP_MAX behind.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "orphan.h"

#define GAP		(all_rounds ? 65535ull : 255ull)
#define SAVES		(all_rounds ? 70000 : 4 * GAP)
#define AT_A_TIME	20
#define MAX_TIMES	(SAVES / AT_A_TIME)	/* each saves once at the least */

/* As the physical TPM counts them: the number is in a session's context. */
static long count_saves(uint64_t *nr)
{
	struct tpm_session s;
	struct tpm_buf context;
	int raw = tpm_open(TPM_RAW);
	long err = raw < 0 ? -errno : tpm_session_start(raw, TPM_SE_HMAC, &s);

	if (!err)
		err = tpm_context_save(raw, s.handle, &context);
	if (!err) {
		*nr = (uint64_t)tpm_get32(&context) << 32;
		*nr |= tpm_get32(&context);
	}
	if (raw >= 0) {
		tpm_flush(raw, s.handle);
		close(raw);
	}
	return err;
}

/* Six sessions, in turn, in the TPM's three slots. */
static long work(struct client *a, struct client *b)
{
	long err = 0;
	int i;

	for (i = 0; i < AT_A_TIME && !err; i++)
		err = client_works(a) ?: client_works(b);
	return err;
}

static void work_on(struct client *a, struct client *b)
{
	uint64_t first = 0, nr = 0, times = 0;
	long count_err = count_saves(&first), err = 0, key_err = 0;

	nr = first;
	while (!err && !count_err && nr - first < SAVES && times++ < MAX_TIMES) {
		err = work(a, b);
		count_err = count_saves(&nr);
		if (kernel_key_known() && !key_err && times % 10 == 1)
			key_err = kernel_key_load();
	}
	printf("# %llu saves\n", (unsigned long long)(nr - first));
	expect("others work all the time", err);
	expect("a raw user starts and saves sessions", count_err);
	expect_that("there were enough saves", nr - first >= SAVES, "%llu",
		    (unsigned long long)(nr - first));
	if (kernel_key_known())
		expect("meanwhile: the kernel loads keys", key_err);
	else
		expect_nothing("meanwhile: the kernel loads keys");
}

static void idle_sessions(void)
{
	struct client *idle = malloc(sizeof(*idle));
	struct client *a = malloc(sizeof(*a)), *b = malloc(sizeof(*b));
	struct orphan *o = malloc(sizeof(*o));

	expect("a client has sessions and goes idle", client_start(idle, VICTIM, 1, 2));
	expect("another user leaves a saved session", orphan_leave(OTHER, o, 7));
	expect("two clients have three each", client_start(a, ATTACKER, 0, 3) ?:
	       client_start(b, ROOT, 0, 3));
	work_on(a, b);
	expect("the idle sessions work", client_works(idle));
	expect("the saved session is loaded and works", orphan_adopt(OTHER, o, false));
	expect_kernel_key("the kernel loads a key");
	client_close(idle);
	client_close(a);
	client_close(b);
}

const struct hostile_case gap_cases[] = {
	{ "g", VM_GAP, 3000, "sessions are idle while others save theirs", idle_sessions },
	{ }
};
