// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stays in the slots of a TPM after a transaction: what may be needed again,
 * for a moment; nothing of ours when nobody comes, or when others share the TPM;
 * and never what a kernel client has let go.
 */
#include <linux/jiffies.h>

#include "trm.h"

/* Commands of users with O_NONBLOCK, too. */
struct workqueue_struct *trm_wq;

/* Whoever has the chip instead of us has armed it, or will, by trm_chip_rest(). */
static void idle_work(struct work_struct *work)
{
	struct trm_chip *trm = container_of(to_delayed_work(work),
					    struct trm_chip, idle);

	if (!trm_chip_trylock(trm))
		return;
	if (!trm_xmit_start(trm)) {
		/* So that nobody's command has to wait for it. */
		if (!trm->shared && trm->stock)
			trm_room_survey(&trm->room);
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

/* It is our turn; or the TPM is gone, and nothing of ours in it. */
static void tidy_work(struct work_struct *work)
{
	struct trm_chip *trm = container_of(work, struct trm_chip, tidy);

	mutex_lock(&trm->lock);
	trm->tidying = false;
	if (!trm_xmit_start(trm)) {
		trm_chip_rest(trm);
		trm_xmit_stop(trm);
	} else {
		trm_room_leave(&trm->room);
	}
	trm_chip_unlock(trm);
	trm_chip_put(trm);
}

static void start_tidying(struct trm_waiter *w)
{
	struct trm_chip *trm = container_of(w, struct trm_chip, tidier);

	queue_work(trm_wq, &trm->tidy);
}

/**
 * trm_chip_tidy() - have flushed what a kernel client has left
 * @trm: the TPM, its lock held, but not its turn
 *
 * By the worker at the latest, which waits for its turn; whose transaction ends
 * before that does it.  Needs no memory and cannot fail.
 */
void trm_chip_tidy(struct trm_chip *trm)
{
	lockdep_assert_held(&trm->lock);
	if (trm->tidying)
		return;
	trm->tidying = true;
	kref_get(&trm->kref);
	trm->tidier.ready = start_tidying;
	trm_turn_ask(&trm->turn, NULL, &trm->tidier);
}

void trm_idle_init_chip(struct trm_chip *trm)
{
	INIT_DELAYED_WORK(&trm->idle, idle_work);
	INIT_WORK(&trm->tidy, tidy_work);
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
