// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fairness: clients with mixed work, all at once.  How long does each command
 * wait, from write() to the answer?  A client's fair share is one command of
 * every round.  So the fair wait is as many commands as there are clients, its
 * own included; or in time, which a machine that stumbles stretches for all, the
 * whole time divided by the rounds that there were.
 */
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"

#define CLIENTS		8
#define MAX_WAITS	100000
#define HELD		2

/* Shared: what each client did. */
struct log {
	unsigned int seed;		/* of what comes next */
	int nr;
	int longest;			/* wait, in commands that were answered */
	double wait[MAX_WAITS];		/* us */
};

struct work {
	const char *path;
	int64_t seconds;
	int ready;
	int answered;	/* commands of all clients */
	struct log log[CLIENTS];
};

/* --- mixed work: what a client does next ---------------------------------- */

static long new_key(struct client *c, int nr)
{
	c->objects = HELD + 1;
	return tpm_create_key(c->fd, &c->object[HELD], nr);
}

static long flush_key(struct client *c, int nr)
{
	(void)nr;
	c->objects = HELD;
	return tpm_flush(c->fd, c->object[HELD].handle);
}

static long new_session(struct client *c, int nr)
{
	(void)nr;
	c->sessions = HELD + 1;
	return tpm_session_start(c->fd, TPM_SE_HMAC, &c->session[HELD]);
}

static long flush_session(struct client *c, int nr)
{
	(void)nr;
	c->sessions = HELD;
	return tpm_flush(c->fd, c->session[HELD].handle);
}

static long mixed(struct client *c, unsigned int *seed, int nr)
{
	switch (rand_r(seed) % 8) {
	case 0:
		return get_random(c, nr);
	case 1:
		return pcr_read(c, nr);
	case 2:
		return pcr_reset(c, nr);
	case 3:
		return c->objects > HELD ? flush_key(c, nr) : new_key(c, nr);
	case 4:
		return c->sessions > HELD ? flush_session(c, nr) : new_session(c, nr);
	default:
		return hmac(c, nr);
	}
}

/* --- clients -------------------------------------------------------------- */

static long one_command(struct client *c, struct log *log, int *answered)
{
	int turns = -__atomic_load_n(answered, __ATOMIC_ACQUIRE);
	int64_t begin = now_us();
	long err = mixed(c, &log->seed, log->nr);

	log->wait[log->nr++] = now_us() - begin;
	turns += __atomic_add_fetch(answered, 1, __ATOMIC_RELEASE);
	if (turns > log->longest)
		log->longest = turns;
	return err;
}

static long work_until(struct client *c, struct log *log, int *answered, int64_t end)
{
	long err = 0;

	while (now_us() < end && !err && log->nr < MAX_WAITS)
		err = one_command(c, log, answered);
	return err;
}

static int work(void *arg, int me)
{
	struct work *w = arg;
	struct client c;
	long err = client_open(&c, w->path, HELD, HELD);

	w->log[me].seed = me + 1;
	__atomic_add_fetch(&w->ready, 1, __ATOMIC_RELEASE);
	while (__atomic_load_n(&w->ready, __ATOMIC_ACQUIRE) < CLIENTS)
		sched_yield();
	if (!err)
		err = work_until(&c, &w->log[me], &w->answered,
				 now_us() + w->seconds * 1000000);
	err = client_close(&c) ?: err;
	return failed("a fair client", err) != 0;
}

/* --- figures -------------------------------------------------------------- */

struct spread {
	double fewest, most;	/* commands of a client */
	double turns;		/* longest wait */
	double half, nearly_all, longest;	/* waits, of the worst client */
};

static double max(double a, double b)
{
	return a > b ? a : b;
}

static void add_client(struct spread *s, struct log *log)
{
	if (!s->most || log->nr < s->fewest)
		s->fewest = log->nr;
	s->most = max(s->most, log->nr);
	s->turns = max(s->turns, log->longest);
	s->half = max(s->half, median(log->wait, log->nr));
	s->nearly_all = max(s->nearly_all, log->wait[log->nr * 99 / 100]);
	s->longest = max(s->longest, log->wait[log->nr - 1]);
}

static long tell(const struct column *col, struct work *w)
{
	struct spread s = { 0 };
	double all = 0, round;
	int i;

	for (i = 0; i < CLIENTS; i++) {
		if (!w->log[i].nr)
			return failed("a client without a turn", -EIO);
		add_client(&s, &w->log[i]);
		all += w->log[i].nr;
	}
	round = w->seconds * 1e6 / (all / CLIENTS);
	figure(col, "in turns: longest wait", s.turns / CLIENTS);
	figure(col, "fair wait: ms", round / 1e3);
	figure(col, "in time: half of the waits, at most", s.half / round);
	figure(col, "in time: 99 % of the waits, at most", s.nearly_all / round);
	figure(col, "in time: longest wait", s.longest / round);
	figure(col, "commands of a client: fewest", s.fewest);
	figure(col, "commands of a client: most", s.most);
	figure(col, "most / fewest", s.most / s.fewest);
	return 0;
}

long bench_fair(const struct column *col, int argc, char **argv)
{
	struct work *w = shared_alloc(sizeof(*w));

	w->path = col->path;
	w->seconds = argc ? atoi(argv[0]) : 10;
	children_start(CLIENTS, work, w);
	return children_wait(CLIENTS) ? tell(col, w) : -ECHILD;
}
