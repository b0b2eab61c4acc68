// SPDX-License-Identifier: GPL-2.0-only
/*
 * Suspend: what is loaded in a TPM is lost, what is saved is not.  So all is
 * saved before, and a gate closed behind it until the machine is back.
 *
 * That is done while tasks still run: whoever waits at the gate is frozen there,
 * or can be killed.
 */
#include <linux/suspend.h>

#include "trm.h"

/* Empties the slots; the transaction in progress is waited for. */
static int close_gate(struct trm_chip *trm)
{
	int err = trm_chip_lock(trm, NULL);

	if (err)
		return err == -ENODEV ? 0 : err;
	if (!trm_xmit_start(trm)) {
		trm_room_rest(&trm->room, true);
		trm_xmit_stop(trm);
	}
	/* A reset would take what strangers have. */
	trm_room_unsettle(&trm->room);
	trm_turn_close(&trm->turn);
	trm_chip_unlock(trm);
	return 0;
}

static int close_gates(void)
{
	struct trm_chip *trm;
	int err = 0;

	while (!err && (trm = trm_chip_get_by_gate(false))) {
		err = close_gate(trm);
		trm_chip_put(trm);
	}
	return err;
}

static void open_gates(void)
{
	struct trm_chip *trm;

	while ((trm = trm_chip_get_by_gate(true))) {
		trm_turn_open(&trm->turn);
		trm_chip_put(trm);
	}
}

static int notify(struct notifier_block *nb, unsigned long action, void *data)
{
	int err = 0;

	switch (action) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		err = close_gates();
		if (err)
			open_gates();
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		open_gates();
		break;
	}
	return notifier_from_errno(err);
}

static struct notifier_block power_notifier = { .notifier_call = notify };

int trm_power_init(void)
{
	return register_pm_notifier(&power_notifier);
}

void trm_power_exit(void)
{
	unregister_pm_notifier(&power_notifier);
}
