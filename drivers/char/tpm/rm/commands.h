/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of TPM 2.0 and what a resource manager must know about each.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TRM_COMMANDS_H
#define _TRM_COMMANDS_H

#include <linux/types.h>

/**
 * struct trm_command_info - one row of Part 3
 * @code: TPM_CC
 * @handles: number of handles in the command's handle area
 * @auths: how many of them, from the first on, need authorization
 * @handle_out: the response has a handle area
 * @no_sessions: cannot carry any session, so never ends exclusive auditing
 * @flushes: the sequence object, which is the last of the handles, is gone after
 *	success (FlushContext has its handle among the parameters)
 * @extensive: objects of a whole hierarchy may be gone after success
 * @silent: the response has no parameters
 * @user: a client without privilege may send it (allow.h)
 * @name: as in the specification, without "TPM2_"
 */
struct trm_command_info {
	u32 code;
	u8 handles : 2;
	u8 auths : 2;
	u8 handle_out : 1;
	u8 no_sessions : 1;
	u8 flushes : 1;
	u8 extensive : 1;
	u8 silent : 1;
	u8 user : 1;
	const char *name;
};

/**
 * trm_command_find() - look a command up
 * @code: TPM_CC
 *
 * Return: its row, NULL for one that this table lacks (a vendor's, or newer
 * than revision 1.59).
 */
const struct trm_command_info *trm_command_find(u32 code);

/**
 * trm_command_is() - does a TPM's list of commands mean this one?
 * @code: TPM_CC
 * @attributes: TPMA_CC
 *
 * Return: true if @attributes are those of @code.
 */
bool trm_command_is(u32 code, u32 attributes);

/**
 * trm_command_describe() - a row for a command that the table lacks
 * @attributes: TPMA_CC, as the TPM says
 * @info: result; no authorizations, and not for users
 */
void trm_command_describe(u32 attributes, struct trm_command_info *info);

#endif /* _TRM_COMMANDS_H */
