/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Comparisons of PolicyNV and PolicyCounterTimer.
 */
#ifndef _CTL_COMPARE_H
#define _CTL_COMPARE_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#define COMPARE_TEXT	(4 + 2 * 64 + 1)

bool compare_holds(u16 operation, struct tpm2_bytes a, struct tpm2_bytes b);
void compare_format(struct tpm2_bytes octets, char text[COMPARE_TEXT]);

#endif /* _CTL_COMPARE_H */
