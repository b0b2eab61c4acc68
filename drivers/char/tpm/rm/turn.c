// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose turn it is, and the lock of a chip that is taken in turn.
 *
 * A turn is handed over: whoever passes it on chooses the next, so nobody can
 * come between.  The gate is closed while the machine is suspended; a turn that
 * is taken then may still end.
 */
#include <linux/completion.h>
#include <linux/errno.h>
#include <linux/sched.h>

#include "trm.h"

static void queue_init(struct trm_queue *queue, u64 served)
{
	INIT_LIST_HEAD(&queue->node);
	INIT_LIST_HEAD(&queue->waiters);
	queue->served = served;
}

void trm_turn_init(struct trm_turn *turn)
{
	spin_lock_init(&turn->lock);
	queue_init(&turn->kernel, 0);
	INIT_LIST_HEAD(&turn->users);
	turn->clock = 0;
	turn->taken = false;
	turn->closed = false;
	turn->gone = false;
}

/**
 * trm_queue_init() - a new user
 * @queue: its queue
 * @turn: the TPM's
 *
 * It counts as just served: by coming anew nobody gets before those that wait.
 */
void trm_queue_init(struct trm_queue *queue, struct trm_turn *turn)
{
	spin_lock(&turn->lock);
	queue_init(queue, turn->clock);
	spin_unlock(&turn->lock);
}

static void finish(struct trm_waiter *w, int err)
{
	list_del_init(&w->node);
	if (list_empty(&w->queue->waiters))
		list_del_init(&w->queue->node);
	w->err = err;
	w->ready(w);
}

static struct trm_queue *longest_ago(struct trm_turn *turn)
{
	struct trm_queue *queue, *best = NULL;

	list_for_each_entry(queue, &turn->users, node) {
		if (!best || queue->served < best->served)
			best = queue;
	}
	return best;
}

/* If the turn is nobody's, somebody gets it. */
static void give(struct trm_turn *turn)
{
	struct trm_queue *queue = &turn->kernel;

	if (turn->taken || turn->closed)
		return;
	if (list_empty(&queue->waiters))
		queue = longest_ago(turn);
	if (!queue)
		return;
	turn->taken = true;
	queue->served = ++turn->clock;
	finish(list_first_entry(&queue->waiters, struct trm_waiter, node), 0);
}

static int refused(const struct trm_turn *turn, const struct trm_waiter *w)
{
	if (turn->gone)
		return -ENODEV;
	return turn->closed && w->leaving ? -EAGAIN : 0;
}

static void refuse_in(struct trm_turn *turn, struct trm_queue *queue)
{
	struct trm_waiter *w, *next;

	list_for_each_entry_safe(w, next, &queue->waiters, node) {
		int err = refused(turn, w);

		if (err)
			finish(w, err);
	}
}

static void refuse_all(struct trm_turn *turn)
{
	struct trm_queue *queue, *next;

	refuse_in(turn, &turn->kernel);
	list_for_each_entry_safe(queue, next, &turn->users, node)
		refuse_in(turn, queue);
}

/**
 * trm_turn_ask() - wait for a turn
 * @turn: the TPM's
 * @queue: whose turn it will be; NULL: the kernel's
 * @w: with @w->ready and @w->leaving set; must stay until @w->ready is called
 */
void trm_turn_ask(struct trm_turn *turn, struct trm_queue *queue,
		  struct trm_waiter *w)
{
	spin_lock(&turn->lock);
	w->queue = queue ?: &turn->kernel;
	list_add_tail(&w->node, &w->queue->waiters);
	if (queue && list_empty(&queue->node))
		list_add_tail(&queue->node, &turn->users);
	if (refused(turn, w))
		finish(w, refused(turn, w));
	else
		give(turn);
	spin_unlock(&turn->lock);
}

/**
 * trm_turn_withdraw() - cease to wait
 * @turn: the TPM's
 * @w: one that waits
 *
 * Return: false if it does not wait any more: &trm_waiter.ready was called.
 */
bool trm_turn_withdraw(struct trm_turn *turn, struct trm_waiter *w)
{
	bool waits;

	spin_lock(&turn->lock);
	waits = !list_empty(&w->node);
	list_del_init(&w->node);
	if (waits && list_empty(&w->queue->waiters))
		list_del_init(&w->queue->node);
	spin_unlock(&turn->lock);
	return waits;
}

/**
 * trm_turn_hurry() - do not wait at a closed gate any more
 * @turn: the TPM's
 * @w: one that waits, or waited
 */
void trm_turn_hurry(struct trm_turn *turn, struct trm_waiter *w)
{
	spin_lock(&turn->lock);
	w->leaving = true;
	if (!list_empty(&w->node) && refused(turn, w))
		finish(w, refused(turn, w));
	spin_unlock(&turn->lock);
}

/**
 * trm_turn_try() - take the turn if nobody wants it
 * @turn: the TPM's
 *
 * Return: true if it was taken.
 */
bool trm_turn_try(struct trm_turn *turn)
{
	bool ok;

	spin_lock(&turn->lock);
	ok = !turn->taken && !turn->closed && !turn->gone;
	if (ok)
		turn->taken = true;
	spin_unlock(&turn->lock);
	return ok;
}

/**
 * trm_turn_pass() - it is the next one's turn
 * @turn: the TPM's, taken by the caller
 */
void trm_turn_pass(struct trm_turn *turn)
{
	spin_lock(&turn->lock);
	turn->taken = false;
	give(turn);
	spin_unlock(&turn->lock);
}

/**
 * trm_turn_close() - close the gate
 * @turn: the TPM's; a turn that is taken goes on
 */
void trm_turn_close(struct trm_turn *turn)
{
	spin_lock(&turn->lock);
	turn->closed = true;
	refuse_all(turn);
	spin_unlock(&turn->lock);
}

void trm_turn_open(struct trm_turn *turn)
{
	spin_lock(&turn->lock);
	turn->closed = false;
	give(turn);
	spin_unlock(&turn->lock);
}

/**
 * trm_turn_end() - the TPM is gone: whoever waits is told, now and from now on
 * @turn: the TPM's
 */
void trm_turn_end(struct trm_turn *turn)
{
	spin_lock(&turn->lock);
	turn->gone = true;
	refuse_all(turn);
	spin_unlock(&turn->lock);
}

/* One that sleeps until it is its turn. */
struct sleeper {
	struct trm_waiter waiter;
	struct completion done;
};

static void wake_sleeper(struct trm_waiter *w)
{
	complete(&container_of(w, struct sleeper, waiter)->done);
}

/*
 * A sleeper may hold locks, those of a key for instance, while it is frozen:
 * whoever wants them is frozen too or waits for us in any case.
 */
static int sleep_in_turn(struct trm_turn *turn, struct trm_queue *queue,
			 bool leaving)
{
	struct sleeper s = {
		.waiter = { .ready = wake_sleeper, .leaving = leaving },
	};

	init_completion(&s.done);
	trm_turn_ask(turn, queue, &s.waiter);
	if (!wait_for_completion_state(&s.done, TASK_KILLABLE |
						TASK_FREEZABLE_UNSAFE))
		return s.waiter.err;
	if (trm_turn_withdraw(turn, &s.waiter))
		return -EINTR;
	/* Killed, but it was our turn already. */
	wait_for_completion(&s.done);
	if (!s.waiter.err)
		trm_turn_pass(turn);
	return -EINTR;
}

/**
 * trm_chip_lock() - take a chip in turn
 * @trm: the chip
 * @queue: whose turn it will be; NULL: the kernel's
 *
 * Context: sleeps, killably; also while the machine is suspended.
 * Return: 0: to be given back by trm_chip_unlock(); -EINTR if killed; -ENODEV
 * if the chip is gone.
 */
int trm_chip_lock(struct trm_chip *trm, struct trm_queue *queue)
{
	int err = sleep_in_turn(&trm->turn, queue, false);

	if (!err)
		mutex_lock(&trm->lock);
	return err;
}

/**
 * trm_chip_lock_leaving() - take a chip, but not while the machine is suspended
 * @trm: the chip
 * @queue: as with trm_chip_lock()
 *
 * Return: as trm_chip_lock(); -EAGAIN while the machine is suspended.
 */
int trm_chip_lock_leaving(struct trm_chip *trm, struct trm_queue *queue)
{
	int err = sleep_in_turn(&trm->turn, queue, true);

	if (!err)
		mutex_lock(&trm->lock);
	return err;
}

/**
 * trm_chip_trylock() - take a chip that nobody wants
 * @trm: the chip
 *
 * Return: true: to be given back by trm_chip_unlock().
 */
bool trm_chip_trylock(struct trm_chip *trm)
{
	bool ok = trm_turn_try(&trm->turn);

	if (ok)
		mutex_lock(&trm->lock);
	return ok;
}

/**
 * trm_chip_unlock() - give a chip to the next one
 * @trm: the chip
 *
 * Frees what has died in the transaction.
 */
void trm_chip_unlock(struct trm_chip *trm)
{
	LIST_HEAD(dead);

	lockdep_assert_held(&trm->lock);
	list_splice_init(&trm->room.dead, &dead);
	mutex_unlock(&trm->lock);
	trm_turn_pass(&trm->turn);
	trm_dead_free(&dead);
}
