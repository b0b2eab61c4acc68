/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One round: a few clients, from one seed.
 */
#ifndef _PROPERTY_ROUND_H
#define _PROPERTY_ROUND_H

#include "through.h"

#define MAX_TURNS	(MAX_CLIENTS * MAX_STEPS)

/* Whose step is next. */
struct turn {
	u8 who;
	u8 step;
	bool left_out;
};

/**
 * struct round - one round
 * @mode: what is tried
 * @seed: of which all follows
 * @nr: clients
 * @program: what each does
 * @turn: in which order
 * @turns: how many
 * @result: of each step through the resource manager
 * @alone: of each step alone
 * @wrong: what was wrong; NULL: nothing
 * @at: the turn after which it was
 * @commands: user commands through the resource manager
 */
struct round {
	const struct mode *mode;
	u64 seed;
	unsigned int nr;
	struct program program[MAX_CLIENTS];
	struct turn turn[MAX_TURNS];
	unsigned int turns;
	struct result result[MAX_CLIENTS][MAX_STEPS];
	struct result alone[MAX_CLIENTS][MAX_STEPS];
	const char *wrong;
	unsigned int at;
	unsigned long commands;
};

/* Steps done and steps that succeeded, by kind. */
struct tally {
	unsigned long done[NR_STEP_KINDS];
	unsigned long good[NR_STEP_KINDS];
	unsigned long events[TRM_NR_EVENTS];
};

void round_make(struct round *r, const struct mode *mode, u64 seed);

/* Runs it; true if all is well. */
bool round_run(struct round *r, struct tally *tally);

/* Leaves out what is not needed for it to fail. */
void round_shrink(struct round *r);

void round_print(const struct round *r);

#endif /* _PROPERTY_ROUND_H */
