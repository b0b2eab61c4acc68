// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions that user space has started on /dev/tpm0 for a kernel client to use.
 *
 * To the resource manager such a session is a stranger's.  Its nonces are not
 * known, so no HMAC can be computed and none verified: all that it carries is a
 * password.  It must be in a slot when it is used, so it is not parked.
 */
#include <linux/errno.h>
#include <linux/export.h>

#include "swap.h"
#include "trm.h"

int trm_foreign_claim(struct trm_client *client, u32 handle)
{
	struct trm_chip *chip = client->chip;

	lockdep_assert_held(&chip->lock);
	if (!trm_is_session(handle))
		return -EINVAL;
	if (chip->restricted || !trm_room_claim(&chip->room, handle))
		return -EPERM;
	return 0;
}
EXPORT_SYMBOL_GPL(trm_foreign_claim);

int trm_foreign_flush(struct trm_client *client)
{
	struct trm_chip *chip = client->chip;
	struct trm_room *room = &chip->room;
	u32 rc;
	int err;

	lockdep_assert_held(&chip->lock);
	if (!room->foreign)
		return -EPERM;
	err = trm_swap_flush(room, room->foreign, &rc);
	if (err)
		return err;
	if (rc)
		return -ENOENT;
	trm_note(room, TRM_EVENT_FLUSH, room->foreign);
	trm_strike_out(room, room->foreign);
	room->foreign = 0;
	return 0;
}
EXPORT_SYMBOL_GPL(trm_foreign_flush);
