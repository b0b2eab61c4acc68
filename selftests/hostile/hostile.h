/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The frame of the hostile suite: what a case is, and how it says what it saw.
 */
#ifndef _HOSTILE_H
#define _HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In which boot a case runs: what it needs, or what it may destroy. */
#define VM_PLAIN	"plain"
#define VM_GAP		"gap"		/* a TPM with CONTEXT_GAP_MAX 255 */
#define VM_DANGER	"danger"	/* the TPM may be cleared and disabled */
#define VM_GUESS	"guess"		/* failed authorizations are counted */
#define VM_GUESS_KEYS	"guess-keys"	/* the same, anew */
#define VM_UNPLUG	"unplug"	/* the driver comes and goes */

/**
 * struct hostile_case - somebody does harm, and others want to go on
 * @id: short, unique, and of the group's letter
 * @vm: in which boot it runs
 * @seconds: that it has
 * @title: who does what
 * @run: does it, and says with expect() what became of it
 */
struct hostile_case {
	const char *id;
	const char *vm;
	unsigned int seconds;
	const char *title;
	void (*run)(void);
};

extern const struct hostile_case session_cases[], raw_cases[], gap_cases[];
extern const struct hostile_case isolation_cases[], malformed_cases[];
extern const struct hostile_case many_cases[], kill_cases[], orphan_cases[];
extern const struct hostile_case quota_cases[], namespace_cases[];
extern const struct hostile_case memory_cases[], lockout_cases[];
extern const struct hostile_case danger_cases[], transport_cases[];
extern const struct hostile_case unplug_cases[], addkey_cases[];

/* --long was given: all the rounds. */
extern bool all_rounds;

/*
 * One row of the table: "ok" if @got is @want, else what @got is.  Both are TPM
 * response codes or -errno, 0 is success.  Returns whether it is.
 */
bool expect_is(const char *what, long got, long want);
bool expect(const char *what, long got);

/* A row that is "ok" if @good, else what the format says. */
bool expect_that(const char *what, bool good, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A row that says "-": it cannot be asked here. */
void expect_nothing(const char *what);

/* A name or a number for what a command gave, in a buffer of its own. */
const char *outcome(long got);

#endif
