// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs hostile cases, each in a process of its own, and prints what they saw, a
 * line for each row of the table: "@", id, what, verdict.  A TPM that a case
 * leaves with other handles than before is put right for the next one.
 *
 *	hostile [--long] [--list] [--vm VM] [ID...]
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hostile.h"
#include "kernel_key.h"
#include "parameters.h"
#include "process.h"
#include "tpm.h"

#define SETTLE_MS	3000

bool all_rounds;

static const struct hostile_case *const files[] = {
	session_cases, raw_cases, gap_cases, isolation_cases, malformed_cases,
	many_cases, kill_cases, orphan_cases, quota_cases, lockout_cases,
	danger_cases, transport_cases, unplug_cases, addkey_cases,
	namespace_cases, memory_cases,
};

static const char *id;

/* --- rows ----------------------------------------------------------------- */

static void row(const char *what, const char *verdict)
{
	dprintf(STDOUT_FILENO, "@\t%s\t%s\t%s\n", id, what, verdict);
}

const char *outcome(long got)
{
	static char text[4][32];
	static unsigned int turn;
	char *to = text[turn++ % 4];

	if (!got)
		return "success";
	if (got < 0)
		snprintf(to, sizeof(text[0]), "%s", strerrorname_np(-got) ?: "?");
	else
		snprintf(to, sizeof(text[0]), "%#lx", got);
	return to;
}

bool expect_is(const char *what, long got, long want)
{
	row(what, got == want ? "ok" : outcome(got));
	return got == want;
}

bool expect(const char *what, long got)
{
	return expect_is(what, got, 0);
}

bool expect_that(const char *what, bool good, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	row(what, good ? "ok" : text);
	return good;
}

void expect_nothing(const char *what)
{
	row(what, "-");
}

/* --- the TPM between cases ------------------------------------------------ */

static void flush_new(int raw, const struct tpm_handles *now, const struct tpm_handles *old)
{
	int i;

	for (i = 0; i < now->nr; i++) {
		if (!tpm_has_handle(old, now->handle[i]))
			tpm_flush(raw, now->handle[i]);
	}
}

static void evict_new(int raw, const struct tpm_handles *now, const struct tpm_handles *old)
{
	struct tpm_object o = { 0 };
	int i;

	for (i = 0; i < now->nr; i++) {
		o.handle = now->handle[i];
		if (!tpm_has_handle(old, o.handle))
			tpm_persist(raw, &o, o.handle);
	}
}

static void put_right(const struct tpm_state *before)
{
	struct tpm_state now;
	int raw = tpm_open(TPM_RAW);

	if (raw < 0 || tpm_read_state(raw, &now)) {
		printf("# the TPM cannot be put right\n");
	} else {
		flush_new(raw, &now.transient, &before->transient);
		flush_new(raw, &now.loaded, &before->loaded);
		flush_new(raw, &now.saved, &before->saved);
		evict_new(raw, &now.persistent, &before->persistent);
	}
	if (raw >= 0)
		close(raw);
}

/* Files are closed when a process ends, but not everything is done by then. */
static bool settled(const struct tpm_state *before, struct tpm_state *now, long *err)
{
	long end = now_ms() + SETTLE_MS;
	bool same;

	do {
		*err = tpm_state_now(now);
		same = !*err && tpm_same_state(before, now);
	} while (!same && now_ms() < end && !usleep(10000));
	return same;
}

static void expect_difference(const char *what, const struct tpm_state *before,
			      const struct tpm_state *now)
{
	int objects = now->transient.nr - before->transient.nr;
	int sessions = now->loaded.nr + now->saved.nr - before->loaded.nr - before->saved.nr;

	if (sessions)
		expect_that(what, false, "%+d sessions", sessions);
	else if (objects)
		expect_that(what, false, "%+d objects", objects);
	else
		expect_that(what, false, "other handles");
}

static void check_state(const struct tpm_state *before)
{
	static const char what[] = "the TPM is as before";
	struct tpm_state now;
	long err;

	if (settled(before, &now, &err)) {
		row(what, "ok");
		return;
	}
	tpm_print_state("before", before);
	tpm_print_state("now", &now);
	if (err)
		expect(what, err);
	else
		expect_difference(what, before, &now);
	put_right(before);
}

/* --- cases ---------------------------------------------------------------- */

static int run_case(void *arg)
{
	const struct hostile_case *c = arg;

	setpgid(0, 0);
	c->run();
	return 0;
}

static void reap_group(pid_t group)
{
	kill(-group, SIGKILL);
	while (waitpid(-group, NULL, 0) > 0)
		;
}

static bool can_be_asked(struct tpm_state *state)
{
	long err = tpm_state_now(state);

	return !err || expect("the TPM can be asked", err);
}

static void do_case(const struct hostile_case *c)
{
	long start = now_ms();
	struct tpm_state before;
	int status;
	pid_t pid;

	id = c->id;
	if (!can_be_asked(&before))
		return;
	parameters_save();
	pid = process_start(run_case, (void *)c);
	setpgid(pid, pid);
	status = process_result(pid, c->seconds * 1000L);
	if (status)
		expect_that("the case comes to its end", false,
			    status < 0 ? "not after %d s" : "status %d",
			    status < 0 ? (int)c->seconds : status);
	reap_group(pid);
	parameters_restore();
	check_state(&before);
	printf("# %s: %ld ms\n", c->id, now_ms() - start);
}

/* --- which ones ----------------------------------------------------------- */

static const char *only_vm;
static char **only_ids;

static void list_case(const struct hostile_case *c)
{
	printf("%s\t%s\t%s\n", c->id, c->vm, c->title);
}

/* A letter stands for all of its group. */
static bool chosen(const struct hostile_case *c)
{
	char **id = only_ids;

	if (only_vm && strcmp(only_vm, c->vm))
		return false;
	if (!*id)
		return true;
	while (*id && strncmp(*id, c->id, strlen(*id)))
		id++;
	return *id;
}

static void each_case(void (*f)(const struct hostile_case *c))
{
	const struct hostile_case *c;
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		for (c = files[i]; c->run; c++) {
			if (chosen(c))
				f(c);
		}
	}
}

int main(int argc, char **argv)
{
	bool list = false;
	int i;

	setvbuf(stdout, NULL, _IONBF, 0);
	for (i = 1; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--long"))
			all_rounds = true;
		else if (!strcmp(argv[i], "--list"))
			list = true;
		else if (!strcmp(argv[i], "--vm") && i + 1 < argc)
			only_vm = argv[++i];
		else
			return 2;
	}
	only_ids = argv + i;
	if (list) {
		each_case(list_case);
		return 0;
	}
	/* As an administrator would who wants everybody to use the TPM. */
	if (chmod(TPM_MANAGED, 0666) || prctl(PR_SET_CHILD_SUBREAPER, 1)) {
		perror("hostile");
		return 1;
	}
	kernel_key_prepare();
	each_case(do_case);
	return 0;
}
