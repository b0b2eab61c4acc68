/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Through the resource manager and alone: is it the same?
 */
#ifndef _PROPERTY_COMPARE_H
#define _PROPERTY_COMPARE_H

#include "client.h"

/* NULL if it is, else what is not. */
const char *compare(const struct result *through, const struct result *alone);

/* How often each exemption was made use of. */
void compare_print_exempt(void);

#endif /* _PROPERTY_COMPARE_H */
