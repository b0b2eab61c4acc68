/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a policy's text.
 */
#ifndef _CTL_SCAN_H
#define _CTL_SCAN_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#define SCAN_MAX_WORDS	16	/* of one statement */

enum scan_token {
	SCAN_WORD,
	SCAN_STOP,	/* the end of a line, or a semicolon */
	SCAN_OPEN,	/* { */
	SCAN_CLOSE,	/* } */
	SCAN_END,
	SCAN_BAD,	/* a quotation without an end */
};

/**
 * struct scan - a position in a policy's text
 * @left: what is behind @token
 * @line: the line of @token, from 1
 * @next_line: the line of what comes next
 * @token: what stands here
 * @word: its characters if it is a word; quotation marks are still in it
 */
struct scan {
	struct tpm2_bytes left;
	unsigned int line;
	unsigned int next_line;
	enum scan_token token;
	struct tpm2_bytes word;
};

/**
 * struct scan_args - the words of a statement
 * @nr: how many
 * @word: the words; the first is the statement's name
 * @used: bit n: somebody has taken word n
 */
struct scan_args {
	unsigned int nr;
	struct tpm2_bytes word[SCAN_MAX_WORDS];
	u32 used;
};

void scan_start(struct scan *s, struct tpm2_bytes text);
void scan_next(struct scan *s);
bool scan_args(struct scan *s, struct scan_args *args);
bool scan_take_option(struct scan_args *args, const char *name, struct tpm2_bytes *value);
bool scan_take(struct scan_args *args, struct tpm2_bytes *word);
bool scan_peek(const struct scan_args *args, struct tpm2_bytes *word);

#endif /* _CTL_SCAN_H */
