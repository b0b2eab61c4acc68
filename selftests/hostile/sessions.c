// SPDX-License-Identifier: GPL-2.0-only
/*
 * One user takes all sessions, and goes on trying; others need some.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "process.h"

#define MANY_FILES	70
#define ROUNDS		20

/* --- the attacker --------------------------------------------------------- */

struct attack {
	int files, sessions;	/* so many files, so many sessions of each */
	int fd[MANY_FILES];
};

/* Whatever the answers are: it takes what it gets. */
static int take_all(struct attack *a)
{
	struct tpm_session s;
	int i, k, taken = 0;

	for (i = 0; i < a->files; i++) {
		a->fd[i] = open_as(ATTACKER, TPM_MANAGED);
		for (k = 0; k < a->sessions; k++)
			taken += !tpm_session_start(a->fd[i], TPM_SE_HMAC, &s);
	}
	return taken;
}

static void let_go(struct attack *a)
{
	int i;

	for (i = 0; i < a->files; i++)
		close(a->fd[i]);
}

/* Asks for more and more on all files, until it is killed. */
static int go_on(void *arg)
{
	struct attack *a = arg;
	struct tpm_session s;
	int i, err = become(ATTACKER);

	for (i = 0; !err; i = (i + 1) % a->files)
		tpm_session_start(a->fd[i], TPM_SE_HMAC, &s);
	return 1;
}

/* --- the others ----------------------------------------------------------- */

/* Comes, works, goes, again and again. */
static long visit(uid_t uid)
{
	struct client c;
	long err = client_start(&c, uid, 1, 2);

	if (!err)
		err = client_works(&c);
	client_close(&c);
	return err;
}

static long visits(uid_t uid)
{
	long err = 0;
	int i;

	for (i = 0; i < ROUNDS && !err; i++)
		err = visit(uid);
	return err;
}

static void others_go_on(struct client *user, struct client *root)
{
	expect("a user's old sessions and objects work", client_works(user));
	expect("root's old sessions and objects work", client_works(root));
	expect("a user gets new sessions", visit(VICTIM));
	expect("root gets new sessions", visit(ROOT));
	expect_kernel_key("the kernel loads a key");
}

static void others_meanwhile(struct client *user, struct client *root)
{
	expect("meanwhile: a user's old sessions work", client_works(user));
	expect("meanwhile: root's old sessions work", client_works(root));
	expect("meanwhile: a user gets sessions", visits(VICTIM));
	expect("meanwhile: root gets sessions", visits(ROOT));
	expect_kernel_key("meanwhile: the kernel loads a key");
}

static void attacked(struct attack *a)
{
	struct client *user = malloc(sizeof(*user)), *root = malloc(sizeof(*root));
	pid_t pid;

	expect("a user comes before", client_start(user, VICTIM, 1, 2));
	expect("root comes before", client_start(root, ROOT, 1, 2));
	printf("# the attacker got %d sessions\n", take_all(a));
	others_go_on(user, root);
	pid = process_start(go_on, a);
	others_meanwhile(user, root);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	let_go(a);
	expect("afterwards: a user's old sessions work", client_works(user));
	client_close(user);
	client_close(root);
}

static void over_many_files(void)
{
	struct attack a = { .files = MANY_FILES, .sessions = 3 };

	attacked(&a);
}

static void over_one_file(void)
{
	struct attack a = { .files = 1, .sessions = 200 };

	attacked(&a);
}

const struct hostile_case session_cases[] = {
	{ "a", VM_PLAIN, 60, "a user takes all sessions, over many files", over_many_files },
	{ "b", VM_PLAIN, 60, "a user takes all sessions, over one file", over_one_file },
	{ }
};
