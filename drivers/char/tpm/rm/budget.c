// SPDX-License-Identifier: GPL-2.0-only
/*
 * Authorization failures of users without privilege, all together.
 *
 * PURE: used by the module and the host tests alike.
 */
#include <linux/minmax.h>

#include "budget.h"
#include "commands.h"
#include "room.h"
#include "swap.h"

/* The TPM is not asked more often than that, in seconds. */
#define ASK_SECONDS	5

/* What the TPM says about itself. */
struct lockout {
	u32 room;	/* failures until lockout */
	u32 interval;	/* seconds after which it forgets one; 0: no lockout */
	bool fresh;	/* it remembers none */
};

/* LOCKOUT_COUNTER, MAX_AUTH_FAIL and LOCKOUT_INTERVAL follow each other. */
static bool ask(struct trm_room *room, struct lockout *l)
{
	struct trm_property p[3];
	int nr = trm_swap_properties(room, TPM_PT_LOCKOUT_COUNTER, p, 3);
	u32 counter, max;

	room->budget.asked = room->now;
	if (nr != 3 || p[2].property != TPM_PT_LOCKOUT_INTERVAL)
		return false;
	counter = p[0].value;
	max = p[1].value;
	l->room = max - min(counter, max);
	l->fresh = !counter;
	l->interval = p[2].value;
	return true;
}

static void settle(struct trm_budget *budget, const struct lockout *l, u64 now)
{
	budget->room = l->room;
	budget->left = l->interval ? l->room / 2 : ~0U;
	budget->until = now + max_t(u32, l->interval, ASK_SECONDS);
}

/* Is there anything left, or again? */
static bool is_left(struct trm_room *room)
{
	struct trm_budget *budget = &room->budget;
	bool over = room->now >= budget->until;
	struct lockout l;

	if (budget->left && !over)
		return true;
	if (budget->until && room->now < budget->asked + ASK_SECONDS)
		return budget->left;
	if (!ask(room, &l))
		return false;
	/* More room than there was: somebody has reset the counter. */
	if (over || l.fresh || l.room > budget->room)
		settle(budget, &l, room->now);
	return budget->left;
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
	return is_left(room);
}

void trm_budget_reset(struct trm_room *room)
{
	memset(&room->budget, 0, sizeof(room->budget));
}

void trm_budget_note(struct trm_room *room, u32 rc)
{
	if (rc && tpm2_rc_base(rc) == TPM_RC_AUTH_FAIL && room->budget.left)
		room->budget.left--;
}
