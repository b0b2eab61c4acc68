/* SPDX-License-Identifier: GPL-2.0-only */
/* Octets of test cases, written as hex digits; and numbers for random ones. */
#ifndef _TPK_TESTS_HEX_H
#define _TPK_TESTS_HEX_H

#include <kunit/test.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

static inline u8 hex_digit(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Blanks are skipped.  @out has room for half of @text. */
static inline struct tpm2_bytes hex_octets(const char *text, u8 *out)
{
	size_t digits = 0;

	for (; *text; text++) {
		if (*text == ' ')
			continue;
		if (digits % 2)
			out[digits / 2] |= hex_digit(*text);
		else
			out[digits / 2] = hex_digit(*text) << 4;
		digits++;
	}
	return tpm2_bytes(out, digits / 2);
}

/* In memory that ends where the octets do, for those who watch over it. */
static inline struct tpm2_bytes hex_exact(struct kunit *test, const char *text)
{
	u8 *out = kunit_kzalloc(test, strlen(text) / 2 + 1, GFP_KERNEL);
	struct tpm2_bytes b = hex_octets(text, out);
	u8 *exact = kunit_kmalloc(test, b.len, GFP_KERNEL);

	memcpy(exact, out, b.len);
	return tpm2_bytes(exact, b.len);
}

/* Marsaglia's xorshift: the same numbers in every run. */
static inline u32 test_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static inline void test_random_octets(u32 *state, u8 *out, size_t len)
{
	while (len--)
		*out++ = test_random(state) >> 11;
}

#endif /* _TPK_TESTS_HEX_H */
