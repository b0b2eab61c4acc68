// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stays in the slots of a TPM after a transaction: what may be needed again,
 * for a moment; nothing of ours when nobody comes, or when others share the TPM.
 */
#include <linux/jiffies.h>

#include "trm.h"

/* Commands of users with O_NONBLOCK, too. */
struct workqueue_struct *trm_wq;

/* Whoever has the chip instead of us has armed it, or will, by trm_chip_rest(). */
void trm_idle_work(struct work_struct *work)
{
	struct trm_chip *trm = container_of(to_delayed_work(work),
					    struct trm_chip, idle);

	if (!trm_chip_trylock(trm))
		return;
	if (!trm_xmit_start(trm)) {
		trm_room_rest(&trm->room, true);
		trm_xmit_stop(trm);
	}
	trm_chip_unlock(trm);
}

/**
 * trm_chip_rest() - somebody's commands are done
 * @trm: the TPM, locked, with trm_xmit_start()
 */
void trm_chip_rest(struct trm_chip *trm)
{
	unsigned int ms = READ_ONCE(trm_param_idle_ms);

	lockdep_assert_held(&trm->lock);
	trm_room_rest(&trm->room, trm_chip_shared(trm));
	if (!list_empty(&trm->room.loaded))
		mod_delayed_work(trm_wq, &trm->idle, msecs_to_jiffies(ms));
}

int trm_idle_init(void)
{
	trm_wq = alloc_workqueue("tpm_rm", WQ_UNBOUND | WQ_FREEZABLE, 0);
	return trm_wq ? 0 : -ENOMEM;
}

void trm_idle_exit(void)
{
	destroy_workqueue(trm_wq);
}
