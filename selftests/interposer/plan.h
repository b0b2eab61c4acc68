/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What may follow when an answer of the TPM is changed.  A plan is what control.h
 * tells the interposer: the kind of change, the number of the answer, from 1, and
 * more.
 */
#ifndef _INTERPOSER_PLAN_H
#define _INTERPOSER_PLAN_H

#include <stdbool.h>

struct report;

/*
 * Must the kernel notice?  Not an error that could be true, a list or a context that
 * is only used later, a FlushContext that was not carried out.  @kept: the kernel
 * keeps sessions.
 */
bool plan_is_noticeable(const char *plan, unsigned int at, const struct report *r, bool kept);

/* May a handle be left?  After FlushContext, 0x922, or all answers of another TPM. */
bool plan_may_leave(const char *plan, unsigned int at, const struct report *r);

/*
 * What is left cannot be told from a stranger's, if the answer names his handle, if
 * the list of his handles was altered, or once it was listed among them.
 */
bool plan_may_be_his(const char *plan, unsigned int at, const struct report *r);

#endif
