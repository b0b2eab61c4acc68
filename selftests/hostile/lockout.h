/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TPM's protection against guessing, with few tries (Part 1, 19.8).
 */
#ifndef _HOSTILE_LOCKOUT_H
#define _HOSTILE_LOCKOUT_H

#include <stdint.h>

#define FEW_TRIES	3
#define GUESSERS	10

/* From now on FEW_TRIES wrong authorizations lock the TPM; 0, else an error. */
long lockout_few_tries(void);

/* As before, and nothing counted. */
long lockout_undo(void);

/* Rows: the TPM is not locked, and how many it counted is less than that. */
void expect_no_lockout(void);

/* GUESSERS processes, each as a user of its own, run @guess at the same time. */
void guess_together(int (*guess)(void *arg));

#endif
