// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy's text: lists of statements, and the blocks of or.
 */
#include <linux/errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "der.h"
#include "grammar.h"
#include "names.h"
#include "tree.h"

static int read_list(struct grammar *g);

/**
 * grammar_bad() - note a mistake in the text
 * @g: the text
 * @format: what is wrong, and what would be right
 *
 * Return: -EINVAL.
 */
int grammar_bad(struct grammar *g, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(g->what, sizeof(g->what), format, args);
	va_end(args);
	return -EINVAL;
}

/* One { ... } of an or. */
static int read_block(struct grammar *g)
{
	size_t start = g->out.len;
	int err;

	if (g->scan.token != SCAN_OPEN)
		return grammar_bad(g, "or is followed by alternatives: or { ... } { ... }");
	if (g->depth == TPK_MAX_LEVELS)
		return grammar_bad(g, "or more than %d levels deep", TPK_MAX_LEVELS);
	g->depth++;
	scan_next(&g->scan);
	err = read_list(g);
	if (err)
		return err;
	if (g->scan.token != SCAN_CLOSE)
		return grammar_bad(g, "a } is missing");
	scan_next(&g->scan);
	g->depth--;
	tpk_der_wrap(&g->out, start, DER_SEQUENCE);
	return 0;
}

/* The next block may stand on a line of its own. */
static bool more_blocks(struct grammar *g)
{
	struct scan here = g->scan;

	while (g->scan.token == SCAN_STOP)
		scan_next(&g->scan);
	if (g->scan.token == SCAN_OPEN)
		return true;
	g->scan = here;
	return false;
}

static int read_or(struct grammar *g)
{
	size_t start, body = tpk_statement_open(&g->out, TPM_CC_PolicyOR, &start);
	size_t list = g->out.len;
	int err;

	do {
		err = read_block(g);
	} while (!err && more_blocks(g));
	if (err)
		return err;
	tpk_der_wrap(&g->out, list, DER_SEQUENCE);
	tpk_statement_close(&g->out, start, body);
	return 0;
}

static int check_end(struct grammar *g, const struct scan_args *args)
{
	struct tpm2_bytes word;

	if (scan_peek(args, &word))
		return grammar_bad(g, "'%.*s' is not known here, or stands here twice",
				   (int)min_t(size_t, word.len, 40), word.data);
	if (g->scan.token == SCAN_BAD)
		return grammar_bad(g, "a quotation mark has no other on its line");
	if (g->scan.token == SCAN_OPEN)
		return grammar_bad(g, "{ stands only behind or");
	return 0;
}

static int read_statement(struct grammar *g)
{
	const struct name *name;
	struct scan_args args;
	int err;

	g->line = g->scan.line;
	if (!scan_args(&g->scan, &args))
		return grammar_bad(g, "more than %d words in a statement", SCAN_MAX_WORDS);
	name = name_find(name_statements, args.word[0]);
	if (!name)
		return grammar_bad(g, "there is no statement '%.*s'; there are pcr, authvalue, or, authorize, countertimer, nv, locality, secret, signed",
				   (int)min_t(size_t, args.word[0].len, 40), args.word[0].data);
	if (name->value == TPM_CC_PolicyOR && args.nr == 1)
		return read_or(g);
	g->parts = tpm2_writer(g->octets, sizeof(g->octets));
	err = grammar_statement(g, name->value, &args);
	return err ?: check_end(g, &args);
}

static int read_list(struct grammar *g)
{
	int err = 0;

	while (!err) {
		g->line = g->scan.line;
		switch (g->scan.token) {
		case SCAN_STOP:
			scan_next(&g->scan);
			break;
		case SCAN_WORD:
			err = read_statement(g);
			break;
		case SCAN_OPEN:
			return grammar_bad(g, "{ stands only behind or");
		case SCAN_BAD:
			return grammar_bad(g, "a quotation mark has no other on its line");
		default:
			return 0;
		}
	}
	return err;
}

int grammar_read(struct grammar *g, struct tpm2_bytes text, u16 hash,
		 const struct grammar_lookup *lookup, struct tpm2_writer *der)
{
	int err;

	memset(g, 0, sizeof(*g));
	g->lookup = lookup;
	g->hash = hash;
	g->out = tpm2_writer(der->buf, der->size);
	scan_start(&g->scan, text);
	err = read_list(g);
	if (!err && g->scan.token == SCAN_CLOSE)
		err = grammar_bad(g, "a } too many");
	tpk_der_wrap(&g->out, 0, DER_SEQUENCE);
	if (!err && g->out.full)
		err = grammar_bad(g, "the policy is larger than %zu octets", der->size);
	der->len = g->out.len;
	return err;
}
