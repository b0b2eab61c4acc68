// SPDX-License-Identifier: GPL-2.0-only
/*
 * Authorization failures of users without privilege, all together.
 *
 * PURE: used by the module and the host tests alike.
 */
#include "budget.h"
#include "commands.h"
#include "room.h"
#include "swap.h"

/* Asked again so soon if the TPM did not say. */
#define RETRY_SECONDS	60

/* LOCKOUT_COUNTER, MAX_AUTH_FAIL and LOCKOUT_INTERVAL follow each other. */
static void ask(struct trm_room *room)
{
	struct trm_property p[3];
	int nr = trm_swap_properties(room, TPM_PT_LOCKOUT_COUNTER, p, 3);
	u32 counter, max, interval;

	room->budget.left = 0;
	room->budget.until = room->now + RETRY_SECONDS;
	if (nr != 3 || p[2].property != TPM_PT_LOCKOUT_INTERVAL)
		return;
	counter = p[0].value;
	max = p[1].value;
	interval = p[2].value;
	if (counter < max)
		room->budget.left = (max - counter) / 2;
	if (interval)
		room->budget.until = room->now + interval;
	else
		room->budget.left = ~0U; /* no protection, no lockout */
}

/* Hierarchies, PCRs and the like are not under the protection. */
static bool may_count(const struct trm_command_info *info, const u32 *handle)
{
	unsigned int i;

	for (i = 0; i < info->auths; i++) {
		switch (TPM_HT(handle[i])) {
		case TPM_HT_NV_INDEX:
		case TPM_HT_TRANSIENT:
		case TPM_HT_PERSISTENT:
			return true;
		}
	}
	return false;
}

bool trm_budget_allows(struct trm_room *room,
		       const struct trm_command_info *info, const u32 *handle)
{
	if (!may_count(info, handle))
		return true;
	if (room->now >= room->budget.until)
		ask(room);
	return room->budget.left;
}

void trm_budget_note(struct trm_room *room, u32 rc)
{
	if (rc && tpm2_rc_base(rc) == TPM_RC_AUTH_FAIL && room->budget.left)
		room->budget.left--;
}
