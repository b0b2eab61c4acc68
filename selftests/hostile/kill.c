// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients are killed at any moment: nothing of theirs stays in the TPM, and
 * others do not notice.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "process.h"

#define AT_ONCE		8
#define KILLS		(all_rounds ? 1000 : 160)
#define LIFE_US		60000	/* at most */
#define OBJECTS		4
#define SESSIONS	4

/* Something else each time, by chance. */
static long step(struct client *c)
{
	switch (random() % 6) {
	case 0:
		return c->objects < OBJECTS ? client_add_object(c) : 0;
	case 1:
		return c->sessions < SESSIONS ? client_add_session(c) : 0;
	case 2:
		return c->objects ? tpm_flush(c->fd, c->object[--c->objects].handle) : 0;
	case 3:
		return c->sessions ? tpm_flush(c->fd, c->session[--c->sessions].handle) : 0;
	default:
		return client_works(c);
	}
}

static int live(void *arg)
{
	struct client *c = malloc(sizeof(*c));

	srandom(*(int *)arg);
	while (!client_open(c, ATTACKER)) {
		while (random() % 50)
			step(c);
		client_close(c);
	}
	return 1;
}

/* The oldest of them dies, and another is born. */
static long generations(struct client *witness)
{
	pid_t pid[AT_ONCE];
	long err = 0;
	int i;

	for (i = 0; i < KILLS + AT_ONCE; i++) {
		if (i >= AT_ONCE) {
			usleep(random() % LIFE_US);
			kill(pid[i % AT_ONCE], SIGKILL);
			waitpid(pid[i % AT_ONCE], NULL, 0);
			if (i % AT_ONCE == 0)
				err = err ?: client_works(witness);
		}
		if (i < KILLS)
			pid[i % AT_ONCE] = process_start(live, &i);
	}
	return err;
}

/* Loads keys until it is killed, or one cannot be loaded: then it ends. */
static int load_keys(void *arg)
{
	(void)arg;
	while (!kernel_key_load())
		;
	return 1;
}

static void killed(void)
{
	struct client *witness = malloc(sizeof(*witness));
	pid_t loader = 0;

	srandom(1);
	expect("a client comes before", client_start(witness, VICTIM, 2, 2));
	if (kernel_key_known())
		loader = process_start(load_keys, NULL);
	expect("it goes on working", generations(witness));
	if (loader)
		expect_that("meanwhile: the kernel loads keys", process_runs(loader), "fails");
	else
		expect_nothing("meanwhile: the kernel loads keys");
	if (loader)
		kill(loader, SIGKILL);
	expect_kernel_key("the kernel loads a key");
	client_close(witness);
}

const struct hostile_case kill_cases[] = {
	{ "k", VM_PLAIN, 300, "clients are killed at any moment", killed },
	{ }
};
