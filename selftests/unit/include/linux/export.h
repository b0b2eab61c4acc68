/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/export.h> for user space: all of it is in shim.h. */
