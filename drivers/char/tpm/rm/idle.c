// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is to be done for a TPM when nobody comes: nothing of ours stays in its
 * slots, and files that were put aside are closed.
 */
#include <linux/jiffies.h>

#include "trm.h"

/* Commands of users with O_NONBLOCK, too. */
struct workqueue_struct *trm_wq;

/* Whoever has the chip instead of us arms it again. */
void trm_idle_work(struct work_struct *work)
{
	struct trm_chip *trm = container_of(to_delayed_work(work),
					    struct trm_chip, idle);
	LIST_HEAD(finished);

	if (!trm_chip_trylock(trm))
		return;
	if (!trm_xmit_start(trm)) {
		trm_files_finish(trm, &finished);
		trm_room_rest(&trm->room, true);
		trm_xmit_stop(trm);
	}
	trm_chip_unlock(trm);
	trm_files_free(&finished);
}

/**
 * trm_idle_arm() - something may be left to do
 * @trm: the TPM, locked
 */
void trm_idle_arm(struct trm_chip *trm)
{
	unsigned int ms = READ_ONCE(trm_param_idle_ms);

	lockdep_assert_held(&trm->lock);
	if (!trm->chip)
		return;
	if (!list_empty(&trm->closed) || !list_empty(&trm->room.loaded))
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
