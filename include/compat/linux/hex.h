/* SPDX-License-Identifier: GPL-2.0-only */
/* Before 6.4 the hex conversions were in <linux/kernel.h>. */
#ifndef _COMPAT_LINUX_HEX_H
#define _COMPAT_LINUX_HEX_H

#include <linux/kernel.h>

#endif /* _COMPAT_LINUX_HEX_H */
