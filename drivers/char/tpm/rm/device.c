// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/tpmrm0: a command is written, its response is read.
 *
 *	      read(), write(): claim()             O_NONBLOCK
 *	FREE <------------------------> CLAIMED --------------> QUEUED
 *	 ^                                                        |
 *	 +--------------------------------------------------------+
 *	                       command_work()
 *
 * What a program sees is what it saw of the core's own files: the same octets,
 * errors and events.  But nobody sleeps on a lock here while a command is on its
 * way: who waits can be killed and frozen.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/uaccess.h>
#include <linux/unaligned.h>

#include "trm.h"

/* A command has at least its size field. */
#define MIN_COMMAND	6

/* A response that nobody reads is forgotten. */
#define EXPIRY		(120 * HZ)

/* Is there an answer to who wants to work on the file?  @err is it. */
static bool try_claim(struct trm_file *file, bool patient, int *err)
{
	bool done = true;

	*err = 0;
	spin_lock(&file->lock);
	if (file->state == TRM_FILE_FREE)
		file->state = TRM_FILE_CLAIMED;
	else if (file->state == TRM_FILE_QUEUED && !patient)
		*err = -EBUSY;
	else
		done = false;
	spin_unlock(&file->lock);
	return done;
}

/* 0, -EINTR, or -EBUSY if the worker has it and one is not @patient. */
static int claim(struct trm_file *file, bool patient)
{
	int err;

	if (wait_event_state(file->wait, try_claim(file, patient, &err),
			     (TASK_KILLABLE | TASK_FREEZABLE_UNSAFE)))
		return -EINTR;
	return err;
}

static void set_state(struct trm_file *file, enum trm_file_state state)
{
	spin_lock(&file->lock);
	file->state = state;
	spin_unlock(&file->lock);
	wake_up_all(&file->wait);
}

static void drop_response(struct trm_file *file)
{
	kvfree_sensitive(file->data, TPM2_BUFFER_SIZE);
	file->data = NULL;
	file->len = 0;
	cancel_delayed_work(&file->expiry);
}

static void expire(struct work_struct *work)
{
	struct trm_file *file = container_of(to_delayed_work(work),
					     struct trm_file, expiry);
	int err;

	if (!try_claim(file, false, &err)) {
		/* Somebody is reading it just now, and may leave some. */
		queue_delayed_work(trm_wq, &file->expiry, HZ);
		return;
	}
	if (err)
		return;
	/* It may be another one already. */
	if (file->len && time_after_eq(jiffies, file->expires))
		drop_response(file);
	set_state(file, TRM_FILE_FREE);
}

/* What has become of the command: octets of the response, or -errno. */
static void put_response(struct trm_file *file, int len)
{
	if (len <= 0)
		drop_response(file);
	file->len = len;
	file->pos = 0;
	file->begun = false;
	file->expires = jiffies + EXPIRY;
	if (len)
		mod_delayed_work(trm_wq, &file->expiry, EXPIRY);
}

/* The command that is written takes the place of the rest of a response. */
static int take_command(struct trm_file *file, const char __user *buf,
			size_t size)
{
	u8 *data = trm_file_alloc(file, TPM2_BUFFER_SIZE);
	int err = 0;

	if (!data)
		return -ENOMEM;
	if (copy_from_user(data, buf, size))
		err = -EFAULT;
	else if (size < MIN_COMMAND || size < get_unaligned_be32(data + 2))
		err = -EINVAL;
	if (err) {
		kvfree_sensitive(data, TPM2_BUFFER_SIZE);
		return err;
	}
	drop_response(file);
	file->data = data;
	file->len = get_unaligned_be32(data + 2);
	return 0;
}

/* Allocates what the command may need memory for. */
static int get_spare(struct trm_file *file)
{
	enum trm_need need = trm_space_need(tpm2_bytes(file->data, file->len));

	if (need == TRM_NEED_NOTHING)
		return 0;
	file->spare = trm_part_alloc(file, need);
	return file->spare ? 0 : -ENOMEM;
}

static void put_spare(struct trm_file *file)
{
	if (file->spare)
		trm_part_free(file->spare);
	file->spare = NULL;
}

/* In the task that writes; if the core refuses, that is a broken pipe. */
static int run_here(struct trm_file *file)
{
	struct trm_chip *trm = file->trm;
	int len = trm_chip_lock(trm, &file->user->queue);

	if (len)
		return len;
	len = trm_file_transmit(file, -EPIPE);
	trm_chip_unlock(trm);
	return len;
}

/* It is the turn of a command that was left to us, or will never be. */
static void command_work(struct work_struct *work)
{
	struct trm_file *file = container_of(work, struct trm_file, command);
	struct trm_chip *trm = file->trm;
	int len = file->waiter.err;

	if (!len) {
		mutex_lock(&trm->lock);
		len = trm_file_transmit(file, 0);
		trm_chip_unlock(trm);
	}
	put_spare(file);
	put_response(file, len);
	set_state(file, TRM_FILE_FREE);
}

static void queue_command(struct trm_waiter *w)
{
	struct trm_file *file = container_of(w, struct trm_file, waiter);

	queue_work(trm_wq, &file->command);
}

/* Returns 1 if the command was left to the worker. */
static int do_command(struct trm_file *file, bool nonblock)
{
	int len = get_spare(file);

	if (!len && nonblock) {
		set_state(file, TRM_FILE_QUEUED);
		trm_turn_ask(&file->trm->turn, &file->user->queue,
			     &file->waiter);
		return 1;
	}
	if (!len)
		len = run_here(file);
	put_spare(file);
	put_response(file, max(len, 0));
	return min(len, 0);
}

static ssize_t device_write(struct file *filp, const char __user *buf,
			    size_t size, loff_t *off)
{
	struct trm_file *file = filp->private_data;
	int err;

	if (size > TPM2_BUFFER_SIZE)
		return -E2BIG;
	err = claim(file, false);
	if (err)
		return err;
	if (file->len && !file->begun)
		err = -EBUSY;
	if (!err)
		err = take_command(file, buf, size);
	if (!err)
		err = do_command(file, filp->f_flags & O_NONBLOCK);
	if (err <= 0)
		set_state(file, TRM_FILE_FREE);
	return err < 0 ? err : size;
}

static ssize_t give_response(struct trm_file *file, char __user *buf,
			     size_t size)
{
	int len = file->len;

	file->begun = true;
	if (len > 0) {
		len = min_t(size_t, len, size);
		if (copy_to_user(buf, file->data + file->pos, len)) {
			drop_response(file);
			return -EFAULT;
		}
		memzero_explicit(file->data + file->pos, len);
		file->pos += len;
		file->len -= len;
	}
	if (len <= 0 || !file->len)
		drop_response(file);
	return len;
}

static ssize_t device_read(struct file *filp, char __user *buf, size_t size,
			   loff_t *off)
{
	struct trm_file *file = filp->private_data;
	ssize_t len;

	if (!size)
		return 0;
	len = claim(file, !(filp->f_flags & O_NONBLOCK));
	if (len == -EBUSY)
		return 0;
	if (len)
		return len;
	len = give_response(file, buf, size);
	set_state(file, TRM_FILE_FREE);
	return len;
}

static __poll_t device_poll(struct file *filp, poll_table *wait)
{
	struct trm_file *file = filp->private_data;
	__poll_t mask = 0;

	poll_wait(filp, &file->wait, wait);
	spin_lock(&file->lock);
	if (file->state == TRM_FILE_FREE)
		mask = file->len ? EPOLLIN | EPOLLRDNORM :
				   EPOLLOUT | EPOLLWRNORM;
	spin_unlock(&file->lock);
	return mask;
}

static int device_open(struct inode *inode, struct file *filp)
{
	struct trm_chip *trm = trm_chip_of_node(inode);
	struct trm_opener opener;
	struct trm_file *file;

	if (!trm)
		return -ENODEV;
	trm_opener_of(&opener, inode, filp);
	file = trm_file_create(trm, &opener);
	if (!file) {
		trm_chip_put(trm);
		return -ENOMEM;
	}
	INIT_DELAYED_WORK(&file->expiry, expire);
	INIT_WORK(&file->command, command_work);
	INIT_LIST_HEAD(&file->waiter.node);
	file->waiter.ready = queue_command;
	filp->private_data = file;
	return stream_open(inode, filp);
}

/*
 * What was written is done, unless the process was killed or the machine is
 * suspended.
 */
static int device_release(struct inode *inode, struct file *filp)
{
	struct trm_file *file = filp->private_data;
	struct trm_turn *turn = &file->trm->turn;

	if (trm_killed() && trm_turn_withdraw(turn, &file->waiter))
		file->state = TRM_FILE_FREE;
	trm_turn_hurry(turn, &file->waiter);
	wait_event(file->wait, READ_ONCE(file->state) == TRM_FILE_FREE);
	flush_work(&file->command);
	cancel_delayed_work_sync(&file->expiry);
	put_spare(file);
	drop_response(file);
	trm_file_close(file);
	return 0;
}

const struct file_operations trm_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.read = device_read,
	.write = device_write,
	.poll = device_poll,
	.release = device_release,
};
