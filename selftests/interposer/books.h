/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the resource manager believes to be in the TPM, and what is there.
 */
#ifndef _INTERPOSER_BOOKS_H
#define _INTERPOSER_BOOKS_H

#include <stdbool.h>

#include "control.h"

/* books_doubts() - how often it has found that an answer did not hang together */
unsigned long books_doubts(void);

/* books_ask() - control_ask(), and what there is that it does not know */
void books_ask(int fd, struct report *r);

/*
 * books_same() - is there as much that it does not know?  What it keeps for itself
 * may be elsewhere, or be gone if it knows so.
 */
bool books_same(const struct report *a, const struct report *b);

#endif
