// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a TPM does with TPM_EO (Part 2, 6.8): numbers of any length, the highest
 * octet first.
 */
#include <linux/string.h>
#include <stdio.h>

#include "compare.h"

static int compare_unsigned(struct tpm2_bytes a, struct tpm2_bytes b)
{
	return memcmp(a.data, b.data, a.len);
}

/*
 * As the reference code does it, which is not two's complement: of two negative
 * numbers the one with the larger octets is the smaller.
 */
static int compare_signed(struct tpm2_bytes a, struct tpm2_bytes b)
{
	int sign_a = a.data[0] >> 7, sign_b = b.data[0] >> 7;

	if (sign_a != sign_b)
		return sign_b - sign_a;
	return sign_a ? compare_unsigned(b, a) : compare_unsigned(a, b);
}

static bool all_bits(struct tpm2_bytes a, struct tpm2_bytes b, u8 want)
{
	size_t i;

	for (i = 0; i < a.len; i++)
		if ((a.data[i] ^ want) & b.data[i])
			return false;
	return true;
}

/**
 * compare_holds() - does it hold?
 * @operation: TPM_EO
 * @a: what the TPM has, on the left
 * @b: operandB, as long as @a, not empty
 *
 * Return: true if so.
 */
bool compare_holds(u16 operation, struct tpm2_bytes a, struct tpm2_bytes b)
{
	switch (operation) {
	case 0x0:
		return !compare_unsigned(a, b);
	case 0x1:
		return compare_unsigned(a, b);
	case 0x2:
		return compare_signed(a, b) > 0;
	case 0x3:
		return compare_unsigned(a, b) > 0;
	case 0x4:
		return compare_signed(a, b) < 0;
	case 0x5:
		return compare_unsigned(a, b) < 0;
	case 0x6:
		return compare_signed(a, b) >= 0;
	case 0x7:
		return compare_unsigned(a, b) >= 0;
	case 0x8:
		return compare_signed(a, b) <= 0;
	case 0x9:
		return compare_unsigned(a, b) <= 0;
	case 0xa:
		return all_bits(a, b, 0xff);
	default:
		return all_bits(a, b, 0x00);
	}
}

/**
 * compare_format() - octets as a number, or in hex if they are more than eight
 * @octets: 1 to 64
 * @text: result
 */
void compare_format(struct tpm2_bytes octets, char text[COMPARE_TEXT])
{
	unsigned long long value = 0;
	size_t i;

	if (octets.len > 8)
		text += sprintf(text, "hex:");
	for (i = 0; i < octets.len; i++) {
		value = value << 8 | octets.data[i];
		if (octets.len > 8)
			text += sprintf(text, "%02x", octets.data[i]);
	}
	if (octets.len <= 8)
		sprintf(text, "%llu", value);
}
