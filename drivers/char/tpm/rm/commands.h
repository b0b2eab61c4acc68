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

#endif /* _TRM_COMMANDS_H */
