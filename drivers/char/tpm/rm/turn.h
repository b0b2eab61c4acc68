/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose turn it is: who may use a TPM next.
 *
 * The kernel's own come first, so that one of them waits for no more than the
 * transaction in progress.  Users come in turn: of those that wait, the one that
 * was served longest ago.  What one user asks for is done in that order.
 */
#ifndef _TRM_TURN_H
#define _TRM_TURN_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct trm_queue - what one user waits for
 * @node: in &trm_turn.users while it waits
 * @waiters: &trm_waiter.node, first come first
 * @served: &trm_turn.clock when its last turn began
 */
struct trm_queue {
	struct list_head node;
	struct list_head waiters;
	u64 served;
};

/**
 * struct trm_waiter - one that waits for its turn
 * @node: in &trm_queue.waiters; empty while it does not wait
 * @queue: whose it is
 * @ready: called once, with a spin lock held and interrupts on: @err says why
 * @err: 0: it has the turn; -ENODEV: the TPM is gone; -EAGAIN: the gate is
 *	closed and @leaving is set
 * @leaving: it must not wait at a closed gate
 */
struct trm_waiter {
	struct list_head node;
	struct trm_queue *queue;
	void (*ready)(struct trm_waiter *w);
	int err;
	bool leaving;
};

/**
 * struct trm_turn - the order in which a TPM is used
 * @lock: protects all of it; innermost
 * @kernel: what the kernel waits for
 * @users: queues in which somebody waits
 * @clock: counts turns
 * @taken: somebody has the turn
 * @closed: the gate is closed: nobody's turn begins
 * @gone: the TPM is gone: nobody need wait
 */
struct trm_turn {
	spinlock_t lock; /* innermost */
	struct trm_queue kernel;
	struct list_head users;
	u64 clock;
	bool taken;
	bool closed;
	bool gone;
};

void trm_turn_init(struct trm_turn *turn);
void trm_queue_init(struct trm_queue *queue, struct trm_turn *turn);
void trm_turn_ask(struct trm_turn *turn, struct trm_queue *queue,
		  struct trm_waiter *w);
bool trm_turn_withdraw(struct trm_turn *turn, struct trm_waiter *w);
void trm_turn_hurry(struct trm_turn *turn, struct trm_waiter *w);
bool trm_turn_try(struct trm_turn *turn);
void trm_turn_pass(struct trm_turn *turn);
void trm_turn_close(struct trm_turn *turn);
void trm_turn_open(struct trm_turn *turn);
void trm_turn_end(struct trm_turn *turn);

#endif /* _TRM_TURN_H */
