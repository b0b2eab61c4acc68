/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/unaligned.h> came with 6.12; goes when 6.1 does. */
#include <asm/unaligned.h>
