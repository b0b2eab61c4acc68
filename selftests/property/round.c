// SPDX-License-Identifier: GPL-2.0-only
/*
 * One round: a few clients take turns on one TPM; then each of them alone.
 */
#include <stdio.h>
#include <time.h>

#include "alone.h"
#include "compare.h"
#include "round.h"

/* Processor time that may be spent on making a failure smaller. */
#define SHRINK_SECONDS	5

/* Each client has a few turns in a row; then somebody else. */
static void take_turns(struct round *r, u64 *seed)
{
	unsigned int done[MAX_CLIENTS] = { 0 }, left = 0, who = 0, i;

	for (i = 0; i < r->nr; i++)
		left += r->program[i].nr;
	r->turns = left;
	for (i = 0; i < r->turns; i++) {
		if (one_in(seed, 3))
			who = below(seed, r->nr);
		while (done[who] == r->program[who].nr)
			who = (who + 1) % r->nr;
		r->turn[i] = (struct turn){ who, done[who]++, false };
	}
}

void round_make(struct round *r, const struct mode *mode, u64 seed)
{
	struct taste taste = {
		.objects = OBJECTS,
		.sessions = mode->small ? SESSIONS : 3,
	};
	u64 s = seed;
	unsigned int i, steps;

	r->mode = mode;
	r->seed = seed;
	r->nr = 1 + below(&s, MAX_CLIENTS);
	steps = 20 + below(&s, MAX_STEPS - 20);
	for (i = 0; i < r->nr; i++) {
		/* Half of them would be content with the TPM's own slots. */
		if (!mode->small)
			taste.objects = one_in(&s, 2) ? 3 : OBJECTS;
		program_make(&r->program[i], (u64)chance(&s) << 8 | i, steps,
			     &taste);
	}
	take_turns(r, &s);
}

static bool went_wrong(struct round *r, unsigned int at, const char *wrong)
{
	if (!r->wrong && wrong) {
		r->wrong = wrong;
		r->at = at;
	}
	return r->wrong;
}

static void count(struct tally *tally, const struct result *result)
{
	if (result->rc == RESULT_NOTHING)
		return;
	tally->done[result->what]++;
	tally->good[result->what] += !result->rc;
}

static void one_turn(struct round *r, struct through *t, unsigned int i,
		     struct tally *tally)
{
	const struct turn *turn = &r->turn[i];
	struct result *result = &r->result[turn->who][turn->step];
	struct client *c = &t->client[turn->who];

	client_step(c, turn->who, &t->path,
		    &r->program[turn->who].step[turn->step], result);
	r->commands += result->rc != RESULT_NOTHING;
	count(tally, result);
	if (!t->wrong)
		others_act(t);
	went_wrong(r, i, c->wrong);
	went_wrong(r, i, t->wrong);
}

static void run_through(struct round *r, struct tally *tally)
{
	static struct through t;
	unsigned int i;

	through_start(&t, r->mode, r->nr, r->seed);
	for (i = 0; i < r->turns && !r->wrong; i++) {
		if (!r->turn[i].left_out)
			one_turn(r, &t, i, tally);
	}
	through_end(&t);
	went_wrong(r, i, t.wrong);
	for (i = 0; i < TRM_NR_EVENTS; i++)
		tally->events[i] += t.room.events[i];
}

/* The same steps without the others. */
static void run_alone(struct round *r, unsigned int who)
{
	static struct client c;
	struct path *path = alone_start();
	unsigned int i;

	memset(&c, 0, sizeof(c));
	for (i = 0; i < r->turns && !r->wrong; i++) {
		const struct turn *turn = &r->turn[i];
		struct result *result = &r->alone[who][turn->step];

		if (turn->who != who || turn->left_out)
			continue;
		client_step(&c, who, path, &r->program[who].step[turn->step],
			    result);
		if (c.wrong)
			went_wrong(r, i, c.wrong);
		went_wrong(r, i, compare(&r->result[who][turn->step], result));
	}
}

bool round_run(struct round *r, struct tally *tally)
{
	unsigned int i;

	r->wrong = NULL;
	r->commands = 0;
	run_through(r, tally);
	for (i = 0; i < r->nr && r->mode->compare && !r->wrong; i++)
		run_alone(r, i);
	return !r->wrong;
}

/* Is it still wrong, in the same way, without these turns? */
static bool try_without(struct round *r, unsigned int from, unsigned int nr)
{
	static struct round smaller;
	struct tally tally;
	unsigned int i;

	smaller = *r;
	for (i = from; i < from + nr && i < r->turns; i++)
		smaller.turn[i].left_out = true;
	if (round_run(&smaller, &tally) || strcmp(smaller.wrong, r->wrong))
		return false;
	*r = smaller;
	return true;
}

void round_shrink(struct round *r)
{
	clock_t end = clock() + SHRINK_SECONDS * CLOCKS_PER_SEC;
	unsigned int size, from;

	if (r->at + 1 < r->turns)
		try_without(r, r->at + 1, r->turns);
	for (size = r->turns; size; size /= 2) {
		for (from = 0; from < r->turns && clock() < end; from += size)
			try_without(r, from, size);
	}
}

void round_print(const struct round *r)
{
	unsigned int i;

	for (i = 0; i < r->turns && i <= r->at; i++) {
		const struct turn *turn = &r->turn[i];
		const struct step *s = &r->program[turn->who].step[turn->step];

		if (turn->left_out)
			continue;
		printf("# client %2u step %3u %-22s object %u %u session %u %u",
		       turn->who, turn->step, step_names[s->kind], s->object,
		       s->second, s->session, s->extra);
		printf(" context %u auth %u mangle %u: %08x", s->context,
		       s->auth, s->mangle,
		       r->result[turn->who][turn->step].rc);
		if (r->mode->compare)
			printf(", alone %08x",
			       r->alone[turn->who][turn->step].rc);
		printf("\n");
	}
	printf("# after the last of these: %s\n", r->wrong);
}
