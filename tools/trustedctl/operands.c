// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers, octets, handles, Names and keys in a policy's text.
 */
#include <linux/errno.h>
#include <linux/tpm2_spec.h>
#include <stdio.h>
#include <string.h>

#include "grammar.h"
#include "names.h"
#include "signer.h"
#include "text.h"

static bool is_quoted(struct tpm2_bytes text)
{
	return text.len >= 2 && text.data[0] == '"' && text.data[text.len - 1] == '"';
}

static struct tpm2_bytes without(struct tpm2_bytes text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (text.len >= len && !memcmp(text.data, prefix, len))
		return tpm2_bytes(text.data + len, text.len - len);
	return text;
}

/**
 * grammar_octets() - octets as "text" or hex digits
 * @g: the text that is being read
 * @text: the word
 * @octets: result
 *
 * Return: 0; -EINVAL.
 */
int grammar_octets(struct grammar *g, struct tpm2_bytes text, struct tpm2_bytes *octets)
{
	u8 *out;

	if (is_quoted(text)) {
		*octets = tpm2_bytes(text.data + 1, text.len - 2);
		if (memchr(octets->data, '"', octets->len))
			return grammar_bad(g, "a quotation mark within a quotation");
		return 0;
	}
	text = without(text, "0x");
	out = tpm2_reserve(&g->parts, text.len / 2);
	if (!out)
		return grammar_bad(g, "hex digits for more than %zu octets", sizeof(g->octets));
	if (tpk_text_hex(text, out))
		return grammar_bad(g, "'%.*s' is neither hex digits, two an octet, nor \"text\"",
				   (int)min_t(size_t, text.len, 40), text.data);
	*octets = tpm2_bytes(out, text.len / 2);
	return 0;
}

static unsigned int digit_of(u8 c, unsigned int base)
{
	unsigned int digit = tpk_text_nibble(c);

	return digit < base ? digit : 16;
}

/**
 * grammar_number() - a number, decimal or 0x and hex digits
 * @g: the text that is being read
 * @text: the word
 * @max: the largest that is allowed
 * @value: result
 *
 * Return: 0; -EINVAL.
 */
int grammar_number(struct grammar *g, struct tpm2_bytes text, u64 max, u64 *value)
{
	struct tpm2_bytes digits = without(text, "0x");
	unsigned int base = digits.len < text.len ? 16 : 10, digit;
	size_t i;

	*value = 0;
	for (i = 0; i < digits.len; i++) {
		digit = digit_of(digits.data[i], base);
		if (digit > 15 || *value > (max - digit) / base || max < digit)
			break;
		*value = *value * base + digit;
	}
	if (digits.len && i == digits.len)
		return 0;
	return grammar_bad(g, "'%.*s' is no number from 0 to %llu",
			   (int)min_t(size_t, text.len, 40), text.data,
			   (unsigned long long)max);
}

/**
 * grammar_handle() - a hierarchy by name, or any handle as a number
 * @g: the text that is being read
 * @text: the word
 * @handle: result
 *
 * Return: 0; -EINVAL.
 */
int grammar_handle(struct grammar *g, struct tpm2_bytes text, u32 *handle)
{
	const struct name *hierarchy = name_find(name_hierarchies, text);
	u64 value;
	int err;

	if (hierarchy) {
		*handle = hierarchy->value;
		return 0;
	}
	err = grammar_number(g, text, 0xffffffff, &value);
	*handle = value;
	return err;
}

/* Milliseconds, as the TPM's clock counts: 30d, 12h, 5m, 10s, or as they are. */
static u64 take_unit(struct tpm2_bytes *text)
{
	static const struct {
		char letter;
		u64 ms;
	} units[] = { { 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 } };
	size_t i;

	if (text->len < 2 || text->data[1] == 'x')
		return 1;
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (text->data[text->len - 1] != (u8)units[i].letter)
			continue;
		text->len--;
		return units[i].ms;
	}
	return 1;
}

/**
 * grammar_operand() - what a counter or a field is compared with
 * @g: the text that is being read
 * @text: a number, perhaps with a unit of time, or hex: and hex digits
 * @size: octets of a number
 * @operand: result
 *
 * Return: 0; -EINVAL.
 */
int grammar_operand(struct grammar *g, struct tpm2_bytes text, size_t size,
		    struct tpm2_bytes *operand)
{
	struct tpm2_bytes hex = without(text, "hex:");
	u64 value, max = size < 8 ? (1ULL << 8 * size) - 1 : ~0ULL, unit = 1;
	u8 *out;
	int err;

	if (hex.len < text.len)
		return grammar_octets(g, hex, operand);
	if (size == 8)
		unit = take_unit(&text);
	err = grammar_number(g, text, max / unit, &value);
	if (err)
		return err;
	out = tpm2_reserve(&g->parts, size);
	if (!out)
		return grammar_bad(g, "the statement is too long");
	*operand = tpm2_bytes(out, size);
	for (value *= unit; size; value >>= 8)
		out[--size] = value;
	return 0;
}

/**
 * grammar_name() - the Name that is given, or that the TPM says
 * @g: the text that is being read
 * @args: words of the statement; name= is taken
 * @handle: of an NV index or persistent object
 * @name: result
 *
 * Return: 0; -EINVAL; another -errno if it cannot be looked up.
 */
int grammar_name(struct grammar *g, struct scan_args *args, u32 handle,
		 struct tpm2_bytes *name)
{
	struct tpm2_bytes text;
	u8 *out;
	int err;

	if (scan_take_option(args, "name", &text))
		return grammar_octets(g, text, name);
	out = tpm2_reserve(&g->parts, TPM2_MAX_NAME);
	if (!out)
		return grammar_bad(g, "the statement is too long");
	name->data = out;
	err = g->lookup->name(g->lookup->ctx, handle, out, &name->len, g->what);
	return err;
}

static int key_from_spki(struct grammar *g, struct tpm2_bytes text, struct tpm2_bytes *area)
{
	u8 *out = tpm2_reserve(&g->parts, TPK_MAX_SIGNER);
	struct tpm2_bytes spki;
	const char *what;
	int len, err = grammar_octets(g, text, &spki);

	if (err)
		return err;
	if (!out)
		return grammar_bad(g, "the statement is too long");
	len = tpk_signer_from_spki(spki, out, &what);
	if (len < 0)
		return grammar_bad(g, "spki: %s", what);
	*area = tpm2_bytes(out, len);
	return 0;
}

static int key_from_file(struct grammar *g, struct tpm2_bytes text, struct tpm2_bytes *area)
{
	u8 *out = tpm2_reserve(&g->parts, TPK_MAX_SIGNER);
	char path[4096];

	if (is_quoted(text))
		text = tpm2_bytes(text.data + 1, text.len - 2);
	if (!out || !text.len || text.len >= sizeof(path) || memchr(text.data, 0, text.len))
		return grammar_bad(g, "file= is no name of a file");
	memcpy(path, text.data, text.len);
	path[text.len] = '\0';
	area->data = out;
	return g->lookup->key(g->lookup->ctx, path, out, &area->len, g->what);
}

/**
 * grammar_key() - the TPMT_PUBLIC of public=, spki= or file=
 * @g: the text that is being read
 * @args: words of the statement; the option is taken
 * @area: result; empty if none of them is there
 *
 * Return: 0; -EINVAL; another -errno if the file is no key.
 */
int grammar_key(struct grammar *g, struct scan_args *args, struct tpm2_bytes *area)
{
	struct tpm2_bytes text;

	*area = tpm2_bytes(NULL, 0);
	if (scan_take_option(args, "public", &text))
		return grammar_octets(g, text, area);
	if (scan_take_option(args, "spki", &text))
		return key_from_spki(g, text, area);
	if (scan_take_option(args, "file", &text))
		return key_from_file(g, text, area);
	return 0;
}
