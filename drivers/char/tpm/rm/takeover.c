// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/tpmrm0, and opening /dev/tpm0, is taken over from the core and given back.
 *
 * A file gets its operations when it is opened, from the character device of the
 * chip.  So what is open when they are replaced stays with the code that it has,
 * the core's or ours, and both are at work side by side.
 *
 * Our operations hold the module while a file of ours is open or being opened,
 * for whoever opens one takes their owner before anything else.  Only between
 * finding the operations and taking the owner may a task have nothing but the
 * address; it does not sleep there, and synchronize_rcu_tasks() waits for it.
 */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/timekeeping.h>
#include <linux/tpm.h>

#include "trm.h"

/* From here on the core says that the raw device is open; so nothing stays. */
static void empty_slots(struct trm_chip *trm)
{
	/* They are empty while the machine is suspended. */
	if (trm_chip_lock_leaving(trm, NULL))
		return;
	trm->shared = true;
	if (!trm_xmit_start(trm)) {
		trm_room_rest(&trm->room, true);
		trm_xmit_stop(trm);
	}
	trm_chip_unlock(trm);
}

static int open_raw(struct trm_chip *trm, struct inode *inode,
		    struct file *filp)
{
	const struct file_operations *stock = fops_get(trm->stock_raw);
	int err;

	if (!stock)
		return -ENODEV;
	replace_fops(filp, stock);
	err = stock->open(inode, filp);
	if (!err)
		empty_slots(trm);
	return err;
}

/*
 * Who opens /dev/tpm0 finds the slots empty, as without us.  The file becomes
 * the core's and does not hold the module any more, so this function does.
 */
static int raw_open(struct inode *inode, struct file *filp)
{
	struct tpm_chip *chip = container_of(inode->i_cdev, struct tpm_chip,
					     cdev);
	struct trm_chip *trm = trm_chip_get(chip);
	int err;

	if (!trm)
		return -ENODEV;
	__module_get(THIS_MODULE);
	err = open_raw(trm, inode, filp);
	trm_chip_put(trm);
	/* trm_takeover_exit() waits until we have returned. */
	module_put(THIS_MODULE);
	return err;
}

static const struct file_operations raw_fops = {
	.owner = THIS_MODULE,
	.open = raw_open,
};

/**
 * trm_takeover() - serve the device node of a chip
 * @trm: a chip that has just come
 */
void trm_takeover(struct trm_chip *trm)
{
	struct cdev *cdev = &trm->chip->cdevs;

	if (!trm_param_takeover)
		return;
	trm->stock = cdev->ops;
	trm->stock_raw = trm->chip->cdev.ops;
	WRITE_ONCE(cdev->ops, &trm_fops);
	WRITE_ONCE(trm->chip->cdev.ops, &raw_fops);
}

/**
 * trm_giveback() - let the core serve the device node again
 * @trm: a chip that goes away, or that we leave
 *
 * Before the module goes, trm_takeover_exit() must be called.
 */
void trm_giveback(struct trm_chip *trm)
{
	if (!trm->stock)
		return;
	WRITE_ONCE(trm->chip->cdevs.ops, trm->stock);
	WRITE_ONCE(trm->chip->cdev.ops, trm->stock_raw);
	trm->stock = NULL;
}

/*
 * Nobody has found our operations and not yet taken the module, nor put it and
 * not yet left.
 */
void trm_takeover_exit(void)
{
	synchronize_rcu_tasks();
}

/**
 * trm_chip_shared() - do others use this TPM, without us?
 * @trm: the chip, locked
 *
 * Each open file has a reference to its character device, which has one of its
 * own; a file that is being opened or closed may be taken for another's.
 *
 * Return: true if the raw device is open, or a file that the core serves.
 */
bool trm_chip_shared(struct trm_chip *trm)
{
	struct tpm_chip *chip = trm->chip;
	unsigned int files = kref_read(&chip->cdevs.kobj.kref) - 1;

	return test_bit(0, &chip->is_open) || files != READ_ONCE(trm->nr_files);
}

/**
 * trm_chip_look() - has anybody else used this TPM since the last time?
 * @trm: the chip, locked, at the beginning of each transaction
 *
 * What is known of it may be out of date then.
 */
void trm_chip_look(struct trm_chip *trm)
{
	bool shared = trm_chip_shared(trm);
	/* Without our operations nothing says that a file was opened. */
	bool unseen = !trm->stock;

	if (shared || trm->shared)
		trm_budget_reset(&trm->room);
	if (shared || trm->shared || unseen)
		trm_room_unsettle(&trm->room);
	trm->shared = shared;
	trm->room.now = ktime_get_boottime_seconds();
}

/**
 * trm_chip_of_node() - which TPM has this device node?
 * @inode: the node, of /dev/tpmrm0 or another such
 *
 * Return: the chip, to be put with trm_chip_put(); NULL if it is going away.
 */
struct trm_chip *trm_chip_of_node(const struct inode *inode)
{
	return trm_chip_get(container_of(inode->i_cdev, struct tpm_chip,
					 cdevs));
}
