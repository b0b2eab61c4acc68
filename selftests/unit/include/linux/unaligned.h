/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/unaligned.h> for user space: integers of a given byte order. */
#ifndef _UNIT_LINUX_UNALIGNED_H
#define _UNIT_LINUX_UNALIGNED_H

#include <linux/types.h>

static inline __u64 unit_get(const void *p, unsigned int len, unsigned int flip)
{
	const __u8 *at = p;
	__u64 value = 0;
	unsigned int i;

	for (i = 0; i < len; i++)
		value |= (__u64)at[i ^ flip] << (8 * i);
	return value;
}

static inline void unit_put(__u64 value, void *p, unsigned int len,
			    unsigned int flip)
{
	__u8 *at = p;
	unsigned int i;

	for (i = 0; i < len; i++)
		at[i ^ flip] = value >> (8 * i);
}

#define UNIT_UNALIGNED(order, bits, flip) \
static inline __u##bits get_unaligned_##order##bits(const void *p) \
{ \
	return unit_get(p, (bits) / 8, flip); \
} \
static inline void put_unaligned_##order##bits(__u##bits value, void *p) \
{ \
	unit_put(value, p, (bits) / 8, flip); \
}

/* Octet i of a big-endian integer is octet i ^ (size - 1) of a little-endian. */
UNIT_UNALIGNED(le, 16, 0)
UNIT_UNALIGNED(le, 32, 0)
UNIT_UNALIGNED(le, 64, 0)
UNIT_UNALIGNED(be, 16, 1)
UNIT_UNALIGNED(be, 32, 3)
UNIT_UNALIGNED(be, 64, 7)

#endif /* _UNIT_LINUX_UNALIGNED_H */
