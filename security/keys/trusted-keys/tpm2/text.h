/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Scanning of option text: its pieces, decimal numbers, hex digits.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_TEXT_H
#define _TPK_TEXT_H

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

static inline bool tpk_text_is(struct tpm2_bytes text, const char *string)
{
	return tpm2_bytes_equal(text, tpm2_bytes(string, strlen(string)));
}

/**
 * tpk_text_cut() - cut a piece off the front
 * @text: the text; what follows the separator stays, nothing if there is none
 * @separator: where to cut
 * @found: set to whether there was a separator
 *
 * Return: what stands before the first separator, or all of @text.
 */
static inline struct tpm2_bytes tpk_text_cut(struct tpm2_bytes *text,
					     char separator, bool *found)
{
	struct tpm2_bytes piece = *text;

	for (piece.len = 0; piece.len < text->len; piece.len++)
		if (text->data[piece.len] == separator)
			break;

	*found = piece.len < text->len;
	text->data += piece.len + *found;
	text->len -= piece.len + *found;
	return piece;
}

/**
 * tpk_text_decimal() - read a decimal number
 * @text: digits and nothing else
 * @max: largest number that is allowed, at most 99999999
 * @value: result
 *
 * Return: 0; -EINVAL if it is not a number; -ERANGE if it is above @max.
 */
static inline int tpk_text_decimal(struct tpm2_bytes text, unsigned int max,
				   unsigned int *value)
{
	size_t i;

	*value = 0;
	for (i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return -EINVAL;
		if (*value <= max)
			*value = *value * 10 + text.data[i] - '0';
	}
	if (!text.len)
		return -EINVAL;
	return *value <= max ? 0 : -ERANGE;
}

/*
 * The value of a hex digit, something above 15 for any other octet.  Without a
 * branch or a table, since keyauth= and blobauth= are secret.
 */
static inline unsigned int tpk_text_nibble(u8 c)
{
	unsigned int digit = (u8)(c - '0');
	unsigned int letter = (u8)((c | 0x20) - 'a');
	unsigned int is_digit = -((digit - 10) >> 31);
	unsigned int is_letter = -((letter - 6) >> 31);

	return (digit & is_digit) | ((letter + 10) & is_letter) |
	       (~(is_digit | is_letter) & 0x10);
}

/**
 * tpk_text_hex() - read hex digits
 * @text: the digits, two for each octet
 * @out: @text.len / 2 octets; may be where @text is
 *
 * Return: 0; -EINVAL if @text is anything else.
 */
static inline int tpk_text_hex(struct tpm2_bytes text, u8 *out)
{
	unsigned int bad = text.len & 1;
	size_t i;

	for (i = 0; i < text.len / 2; i++) {
		unsigned int high = tpk_text_nibble(text.data[2 * i]);
		unsigned int low = tpk_text_nibble(text.data[2 * i + 1]);

		bad |= (high | low) >> 4;
		out[i] = high << 4 | low;
	}
	return bad ? -EINVAL : 0;
}

#endif /* _TPK_TEXT_H */
