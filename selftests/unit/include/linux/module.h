/* SPDX-License-Identifier: GPL-2.0-only */
/* <linux/module.h> for user space: a program has no module information. */
#ifndef _UNIT_LINUX_MODULE_H
#define _UNIT_LINUX_MODULE_H

#define MODULE_LICENSE(text)		_Static_assert(1, text)
#define MODULE_DESCRIPTION(text)	_Static_assert(1, text)
#define MODULE_IMPORT_NS(ns)		_Static_assert(1, "")

#endif /* _UNIT_LINUX_MODULE_H */
