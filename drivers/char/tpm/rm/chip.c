// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TPMs that have clients: found when first needed, let go when removed.
 *
 * When the driver of a TPM is unbound, chip_removed() runs before the core
 * takes the chip away.  It waits for the transaction in progress, then drops
 * our reference, so that the device number is free for the next TPM.  Clients
 * keep the struct trm_chip, find no chip in it, and get -ENODEV from then on.
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

static void chip_removed(TRM_REMOVE_ARGS);

static struct class_interface chip_interface = {
	.remove_dev = chip_removed,
};

/* Protects the registration of chip_interface; outside of the class mutex. */
static DEFINE_MUTEX(interface_lock);

static void chip_release(struct kref *kref)
{
	struct trm_chip *trm = container_of(kref, struct trm_chip, kref);

	trm_xmit_exit(trm);
	mutex_destroy(&trm->lock);
	kvfree(trm);
}

void trm_chip_put(struct trm_chip *trm)
{
	kref_put(&trm->kref, chip_release);
}

/* Forgets a TPM; its clients get -ENODEV from now on. */
static void chip_detach(struct trm_chip *trm)
{
	struct tpm_chip *chip;

	mutex_lock(&trm->lock);
	chip = trm->chip;
	trm->chip = NULL;
	mutex_unlock(&trm->lock);
	put_device(&chip->dev);
	trm_chip_put(trm);
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

static void chip_removed(TRM_REMOVE_ARGS)
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

/* Asks the driver core to tell us of removals; needs a chip for its class. */
static int interface_register(struct tpm_chip *chip)
{
	int err = 0;

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

static struct trm_chip *chip_alloc(struct tpm_chip *chip)
{
	struct trm_chip *trm = kvzalloc(sizeof(*trm), GFP_KERNEL);

	if (!trm)
		return NULL;
	kref_init(&trm->kref);
	mutex_init(&trm->lock);
	trm->chip = chip;
	trm_room_init(&trm->room, &trm->tp);
	if (trm_xmit_init(trm)) {
		kvfree(trm);
		return NULL;
	}
	return trm;
}

static struct trm_chip *chip_get(struct tpm_chip *chip)
{
	struct trm_chip *trm;

	mutex_lock(&trm_chips_lock);
	trm = find_by_device(&chip->devs);
	if (trm)
		kref_get(&trm->kref);
	mutex_unlock(&trm_chips_lock);
	return trm;
}

/* Adds @chip, unless somebody else just did. */
static struct trm_chip *chip_attach(struct tpm_chip *chip)
{
	struct trm_chip *new = chip_alloc(chip), *trm;

	if (!new)
		return ERR_PTR(-ENOMEM);
	mutex_lock(&trm_chips_lock);
	trm = find_by_device(&chip->devs);
	if (!trm) {
		trm = new;
		get_device(&chip->dev);
		list_add_tail(&trm->node, &chips);
	}
	kref_get(&trm->kref);
	mutex_unlock(&trm_chips_lock);
	if (trm != new)
		trm_chip_put(new);
	return trm;
}

/* Makes a TPM known here that was not; this may wait for the core. */
static struct trm_chip *chip_add(struct tpm_chip *chip)
{
	int err;

	if (tpm_is_tpm2(chip) != 1)
		return ERR_PTR(-ENODEV);
	err = interface_register(chip);
	return err ? ERR_PTR(err) : chip_attach(chip);
}

/**
 * trm_chip_get_default() - the default TPM
 *
 * Return: the chip, to be put with trm_chip_put(); ERR_PTR of -ENODEV if there
 * is no TPM or it is a TPM 1.2, -ENOMEM.
 */
struct trm_chip *trm_chip_get_default(void)
{
	struct tpm_chip *chip = tpm_default_chip();
	struct trm_chip *trm;

	if (!chip)
		return ERR_PTR(-ENODEV);
	trm = chip_get(chip);
	if (!trm)
		trm = chip_add(chip);
	put_device(&chip->dev);
	return trm;
}

/* Without a TPM at this time, removal is learnt of when one is first used. */
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

/* No client is left: they hold a reference to the module. */
void trm_chips_exit(void)
{
	struct trm_chip *trm, *next;

	if (chip_interface.class)
		class_interface_unregister(&chip_interface);
	list_for_each_entry_safe(trm, next, &chips, node) {
		list_del(&trm->node);
		chip_detach(trm);
	}
}
