/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling the interposer what to do, and asking what became of it; see
 * selftests/vm/tpm-mutate.h.
 */
#ifndef _INTERPOSER_CONTROL_H
#define _INTERPOSER_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#define MAX_ANSWERS	64
#define NR_KINDS	3	/* of handles: objects, sessions loaded, sessions saved */

/**
 * struct report - what became of a plan
 * @told: an answer was changed
 * @nr: answers since
 * @code: TPM_CC of each
 * @len: octets of each
 * @handles: in use in the TPM, as text
 * @unknown: how many of each kind the resource manager does not know; below 0: it
 *	believes in what is not there (books_ask())
 */
struct report {
	bool told;
	int nr;
	uint32_t code[MAX_ANSWERS];
	unsigned int len[MAX_ANSWERS];
	char handles[1024];
	int unknown[NR_KINDS];
};

/* control_plan() - @fd is /dev/tpmrm0; ends the program if there is no interposer */
void control_plan(int fd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void control_ask(int fd, struct report *r);

/* control_same() - are the answers to the same commands, and as long? */
bool control_same(const struct report *a, const struct report *b);

#endif
