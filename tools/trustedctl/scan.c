// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words, and what stands between them.
 *
 * A word ends at a blank, a brace or a semicolon, unless that stands between
 * quotation marks.  A # where a word could begin makes the rest of the line a
 * comment.
 */
#include <linux/string.h>

#include "scan.h"

static bool at(const struct scan *s, char c)
{
	return s->left.len && *s->left.data == (u8)c;
}

static void skip(struct scan *s, size_t len)
{
	s->left.data += len;
	s->left.len -= len;
}

static bool is_blank(u8 c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_word(u8 c)
{
	return is_blank(c) || c == '\n' || c == ';' || c == '{' || c == '}';
}

static void skip_blanks(struct scan *s)
{
	while (s->left.len && is_blank(*s->left.data))
		skip(s, 1);
	if (at(s, '#'))
		while (s->left.len && !at(s, '\n'))
			skip(s, 1);
}

/* Octets of the quotation that begins here; 0 if it does not end on this line. */
static size_t quotation(const struct tpm2_bytes *text, size_t from)
{
	size_t i;

	for (i = from + 1; i < text->len && text->data[i] != '\n'; i++)
		if (text->data[i] == '"')
			return i + 1 - from;
	return 0;
}

static void scan_word(struct scan *s)
{
	size_t len = 0, quoted;

	s->token = SCAN_WORD;
	while (len < s->left.len && !ends_word(s->left.data[len])) {
		if (s->left.data[len] != '"') {
			len++;
			continue;
		}
		quoted = quotation(&s->left, len);
		if (!quoted) {
			s->token = SCAN_BAD;
			return;
		}
		len += quoted;
	}
	s->word = tpm2_bytes(s->left.data, len);
	skip(s, len);
}

/**
 * scan_next() - go to the next token
 * @s: the position
 */
void scan_next(struct scan *s)
{
	skip_blanks(s);
	s->line = s->next_line;
	s->word = tpm2_bytes(NULL, 0);
	if (!s->left.len) {
		s->token = SCAN_END;
		return;
	}
	switch (*s->left.data) {
	case '\n':
		s->next_line++;
		fallthrough;
	case ';':
		s->token = SCAN_STOP;
		break;
	case '{':
		s->token = SCAN_OPEN;
		break;
	case '}':
		s->token = SCAN_CLOSE;
		break;
	default:
		scan_word(s);
		return;
	}
	skip(s, 1);
}

/**
 * scan_start() - go to the first token
 * @s: result
 * @text: the text; need not end in NUL
 */
void scan_start(struct scan *s, struct tpm2_bytes text)
{
	*s = (struct scan){ .left = text, .next_line = 1 };
	scan_next(s);
}

/**
 * scan_args() - the words from here to the end of the statement
 * @s: the position; afterwards behind them
 * @args: result
 *
 * Return: false if there are too many.
 */
bool scan_args(struct scan *s, struct scan_args *args)
{
	*args = (struct scan_args){};
	for (; s->token == SCAN_WORD; scan_next(s)) {
		if (args->nr == SCAN_MAX_WORDS)
			return false;
		args->word[args->nr++] = s->word;
	}
	return true;
}

/**
 * scan_take_option() - take the word "NAME=..." if there is one
 * @args: the words
 * @name: its name
 * @value: result: what follows the =
 *
 * Return: false if there is none.
 */
bool scan_take_option(struct scan_args *args, const char *name, struct tpm2_bytes *value)
{
	size_t len = strlen(name);
	unsigned int i;

	for (i = 1; i < args->nr; i++) {
		struct tpm2_bytes word = args->word[i];

		if (args->used & 1U << i || word.len <= len ||
		    memcmp(word.data, name, len) || word.data[len] != '=')
			continue;
		args->used |= 1U << i;
		*value = tpm2_bytes(word.data + len + 1, word.len - len - 1);
		return true;
	}
	return false;
}

/**
 * scan_peek() - the first word that nobody has taken
 * @args: the words
 * @word: result
 *
 * Return: false if there is none.
 */
bool scan_peek(const struct scan_args *args, struct tpm2_bytes *word)
{
	unsigned int i;

	for (i = 1; i < args->nr; i++) {
		if (args->used & 1U << i)
			continue;
		*word = args->word[i];
		return true;
	}
	return false;
}

/**
 * scan_take() - take the first word that nobody has taken
 * @args: the words
 * @word: result
 *
 * Return: false if there is none.
 */
bool scan_take(struct scan_args *args, struct tpm2_bytes *word)
{
	unsigned int i;

	for (i = 1; i < args->nr; i++) {
		if (args->used & 1U << i)
			continue;
		args->used |= 1U << i;
		*word = args->word[i];
		return true;
	}
	return false;
}
