/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/compiler.h> for user space: all of it is in shim.h. */
