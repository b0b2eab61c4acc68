/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client alone with a TPM that has enough slots.
 */
#ifndef _PROPERTY_ALONE_H
#define _PROPERTY_ALONE_H

#include "client.h"

/**
 * alone_start() - an empty TPM for one client
 *
 * Return: the way to it; good until the next alone_start().
 */
struct path *alone_start(void);

/* How often the TPM warned that it lacked a slot. */
extern unsigned long alone_warnings;

#endif /* _PROPERTY_ALONE_H */
