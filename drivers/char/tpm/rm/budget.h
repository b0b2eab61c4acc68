/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Authorization failures of users without privilege, all together.
 *
 * PURE: used by the module and the host tests alike.
 *
 * After MAX_AUTH_FAIL failures the TPM locks everybody out (Part 1, 19.8).  So
 * of what is left until then, users without privilege may use up half in each
 * recovery interval; the TPM forgives one failure in that time.
 */
#ifndef _TRM_BUDGET_H
#define _TRM_BUDGET_H

#include <linux/types.h>

struct trm_command_info;
struct trm_room;

/**
 * struct trm_budget - failures that are left
 * @left: how many, until @until
 * @room: failures until lockout when @left was settled
 * @until: &trm_room.now when it is settled anew; 0: at once
 * @asked: &trm_room.now when the TPM was asked last
 *
 * Protected by the lock of the room.
 */
struct trm_budget {
	u32 left;
	u32 room;
	u64 until;
	u64 asked;
};

/**
 * trm_budget_allows() - may a user without privilege send this now?
 * @room: the room
 * @info: the command
 * @handle: its handles
 *
 * Asks the TPM once in a recovery interval; when nothing is left, now and then
 * whether an administrator has reset its counter.
 *
 * Return: false if the command has an authorization that might fail and count,
 * and the budget is spent.
 */
bool trm_budget_allows(struct trm_room *room,
		       const struct trm_command_info *info, const u32 *handle);

/**
 * trm_budget_note() - see whether a command of such a user has failed so
 * @room: the room
 * @rc: response code
 */
void trm_budget_note(struct trm_room *room, u32 rc);

/**
 * trm_budget_reset() - an administrator has changed what the TPM counts
 * @room: the room
 */
void trm_budget_reset(struct trm_room *room);

#endif /* _TRM_BUDGET_H */
