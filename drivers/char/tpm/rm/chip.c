// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TPMs of this machine, as they come and go.
 *
 * The driver core tells of each TPM 2.0 by its second device, that of
 * /dev/tpmrm0, which a TPM 1.2 lacks.  chip_removed() runs before the core takes
 * a chip away, and before tpm_default_chip() ceases to find it: so only what
 * chip_added() has listed and chip_removed() has not yet taken off is used.  It
 * waits for the transaction in progress, then drops our reference, so that the
 * device number is free for the next TPM.  Clients keep the struct trm_chip, find
 * no chip in it, and get -ENODEV from then on.
 */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/tpm.h>

#include "trm.h"

static LIST_HEAD(chips);

/* Protects chips.  Not held across a TPM command. */
static DEFINE_MUTEX(trm_chips_lock);

static int chip_added(TRM_INTERFACE_ARGS);
static void chip_removed(TRM_INTERFACE_ARGS);

static struct class_interface chip_interface = {
	.add_dev = chip_added,
	.remove_dev = chip_removed,
};

/* Protects the registration of chip_interface; outside of the class mutex. */
static DEFINE_MUTEX(interface_lock);

static void chip_release(struct kref *kref)
{
	struct trm_chip *trm = container_of(kref, struct trm_chip, kref);

	trm_xmit_exit(trm);
	mutex_destroy(&trm->clients);
	mutex_destroy(&trm->lock);
	kvfree(trm);
}

void trm_chip_put(struct trm_chip *trm)
{
	kref_put(&trm->kref, chip_release);
}

static struct trm_chip *chip_alloc(struct tpm_chip *chip)
{
	struct trm_chip *trm = kvzalloc(sizeof(*trm), GFP_KERNEL);

	if (!trm)
		return NULL;
	kref_init(&trm->kref);
	trm_turn_init(&trm->turn);
	trm_idle_init_chip(trm);
	mutex_init(&trm->clients);
	INIT_LIST_HEAD(&trm->files);
	INIT_LIST_HEAD(&trm->payers);
	mutex_init(&trm->lock);
	trm->chip = chip;
	trm->nr = chip->dev_num;
	trm_room_init(&trm->room, &trm->tp, &trm_limits);
	trm->room.attributes = chip->cc_attrs_tbl;
	trm->room.nr_attributes = chip->nr_commands;
	if (trm_xmit_init(trm)) {
		kvfree(trm);
		return NULL;
	}
	return trm;
}

static int chip_added(TRM_INTERFACE_ARGS)
{
	struct tpm_chip *chip = container_of(dev, struct tpm_chip, devs);
	struct trm_chip *trm = chip_alloc(chip);

	if (!trm) {
		dev_err(dev, "no memory to manage this TPM; unbind and bind its driver\n");
		return -ENOMEM;
	}
	get_device(&chip->dev);
	mutex_lock(&trm_chips_lock);
	list_add_tail(&trm->node, &chips);
	mutex_unlock(&trm_chips_lock);
	trm_takeover(trm);
	trm_debugfs_add(trm);
	/* Counts strangers, before anybody waits for it. */
	queue_delayed_work(trm_wq, &trm->idle, 0);
	return 0;
}

static struct trm_chip *find_by_device(const struct device *dev)
{
	struct trm_chip *trm;

	list_for_each_entry(trm, &chips, node) {
		if (&trm->chip->devs == dev)
			return trm;
	}
	return NULL;
}

/* Takes what is ours out of a TPM, and forgets it. */
static struct tpm_chip *leave_tpm(struct trm_chip *trm, struct list_head *dead)
{
	struct tpm_chip *chip;
	bool started;

	mutex_lock(&trm->lock);
	started = !trm_xmit_start(trm);
	trm_files_detach(trm);
	if (started)
		trm_xmit_stop(trm);
	list_splice_init(&trm->room.dead, dead);
	chip = trm->chip;
	trm->chip = NULL;
	trm->room.attributes = NULL;
	trm->room.nr_attributes = 0;
	mutex_unlock(&trm->lock);
	return chip;
}

/* Its clients get -ENODEV from now on. */
static void chip_detach(struct trm_chip *trm)
{
	struct tpm_chip *chip;
	LIST_HEAD(dead);

	trm_giveback(trm);
	trm_debugfs_remove(trm);
	trm_turn_end(&trm->turn);
	chip = leave_tpm(trm, &dead);
	cancel_delayed_work_sync(&trm->idle);
	trm_dead_free(&dead);
	put_device(&chip->dev);
	trm_chip_put(trm);
}

static void chip_removed(TRM_INTERFACE_ARGS)
{
	struct trm_chip *trm;

	mutex_lock(&trm_chips_lock);
	trm = find_by_device(dev);
	if (trm)
		list_del(&trm->node);
	mutex_unlock(&trm_chips_lock);
	if (trm)
		chip_detach(trm);
}

/*
 * Asks the driver core to tell us of TPMs, those that are there included.  That
 * takes a chip: only from one can a module learn the class.
 */
static int interface_register(struct tpm_chip *chip)
{
	int err = 0;

	/* A TPM 1.2 has no /dev/tpmrm0, and knows of no class. */
	if (!chip->devs.class)
		return 0;
	mutex_lock(&interface_lock);
	if (!chip_interface.class) {
		chip_interface.class = chip->devs.class;
		err = class_interface_register(&chip_interface);
		if (err)
			chip_interface.class = NULL;
	}
	mutex_unlock(&interface_lock);
	return err;
}

/**
 * trm_chip_get() - a TPM
 * @chip: the core's
 *
 * Return: the chip, to be put with trm_chip_put(); NULL if it is none of ours.
 */
struct trm_chip *trm_chip_get(const struct tpm_chip *chip)
{
	struct trm_chip *trm;

	mutex_lock(&trm_chips_lock);
	trm = find_by_device(&chip->devs);
	if (trm)
		kref_get(&trm->kref);
	mutex_unlock(&trm_chips_lock);
	return trm;
}

/**
 * trm_chip_get_by_gate() - any TPM whose gate is closed, or open
 * @closed: which
 *
 * Return: the chip, to be put with trm_chip_put(); NULL if there is none.
 */
struct trm_chip *trm_chip_get_by_gate(bool closed)
{
	struct trm_chip *trm, *found = NULL;

	mutex_lock(&trm_chips_lock);
	list_for_each_entry(trm, &chips, node) {
		if (READ_ONCE(trm->turn.closed) == closed)
			found = trm;
	}
	if (found)
		kref_get(&found->kref);
	mutex_unlock(&trm_chips_lock);
	return found;
}

/**
 * trm_chip_get_default() - the default TPM
 *
 * Return: the chip, to be put with trm_chip_put(); ERR_PTR of -ENODEV if there
 * is no TPM, or it is a TPM 1.2, or it is just going away.
 */
struct trm_chip *trm_chip_get_default(void)
{
	struct tpm_chip *chip = tpm_default_chip();
	struct trm_chip *trm = NULL;
	int err;

	if (!chip)
		return ERR_PTR(-ENODEV);
	err = interface_register(chip);
	if (!err)
		trm = trm_chip_get(chip);
	put_device(&chip->dev);
	if (err)
		return ERR_PTR(err);
	return trm ?: ERR_PTR(-ENODEV);
}

/* Without a TPM at this time, we look again when a client asks for one. */
int trm_chips_init(void)
{
	struct tpm_chip *chip = tpm_default_chip();
	int err;

	if (!chip)
		return 0;
	err = interface_register(chip);
	put_device(&chip->dev);
	return err;
}

/* Unregistering removes all; no client or file is left: they hold the module. */
void trm_chips_exit(void)
{
	if (chip_interface.class)
		class_interface_unregister(&chip_interface);
}
