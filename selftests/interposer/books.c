// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the resource manager says of itself in debugfs, beside what is in the TPM.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "books.h"

#define STATS	"/sys/kernel/debug/tpm_rm/tpm0/stats"

struct books {
	unsigned long doubts, handles[NR_KINDS];
};

static void read_books(struct books *books)
{
	static const char *const names[NR_KINDS] = {
		"objects_loaded", "sessions_loaded", "sessions_saved",
	};
	FILE *f = fopen(STATS, "r");
	unsigned long value;
	char name[32];
	int i;

	if (!f)
		err(2, STATS);
	memset(books, 0, sizeof(*books));
	while (fscanf(f, "%31s %lu", name, &value) == 2) {
		for (i = 0; i < NR_KINDS; i++) {
			if (!strcmp(name, names[i]))
				books->handles[i] = value;
		}
		if (!strcmp(name, "doubts"))
			books->doubts = value;
	}
	fclose(f);
}

unsigned long books_doubts(void)
{
	struct books books;

	read_books(&books);
	return books.doubts;
}

/* The words behind each bar: "| 80000000 | 02000000 | | 81000021". */
static void count_handles(const char *text, int nr[NR_KINDS])
{
	int kind = -1;

	memset(nr, 0, NR_KINDS * sizeof(*nr));
	for (; *text; text++) {
		if (*text == '|')
			kind++;
		else if (kind >= 0 && kind < NR_KINDS && *text == ' ' && text[1] != '|' && text[1])
			nr[kind]++;
	}
}

/* Asked again if it has tidied up meanwhile. */
void books_ask(int fd, struct report *r)
{
	struct books before, after;
	int i;

	do {
		read_books(&before);
		control_ask(fd, r);
		read_books(&after);
	} while (memcmp(before.handles, after.handles, sizeof(after.handles)));
	count_handles(r->handles, r->unknown);
	for (i = 0; i < NR_KINDS; i++)
		r->unknown[i] -= after.handles[i];
}

bool books_same(const struct report *a, const struct report *b)
{
	return !memcmp(a->unknown, b->unknown, sizeof(a->unknown)) &&
	       !strcmp(strrchr(a->handles, '|'), strrchr(b->handles, '|'));
}
