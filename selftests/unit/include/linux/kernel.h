/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/kernel.h> for user space: in shim.h; glibc wants the system's, too. */
#include_next <linux/kernel.h>
