/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a client without privilege may send.
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_ALLOW_H
#define _TRM_ALLOW_H

#include "wire.h"

/**
 * trm_allow_command() - may a client without privilege send this?
 * @c: the command
 *
 * Everything is denied that the command table does not allow to users; so are
 * authorizations of the platform, lockout and endorsement hierarchies, of the
 * owner's for anything but CreatePrimary, making RSA keys, and listing handles
 * in a command with a session, whose response cannot be filtered.
 *
 * Return: true if it may be sent.
 */
bool trm_allow_command(const struct trm_wire_command *c);

#endif /* _TRM_ALLOW_H */
