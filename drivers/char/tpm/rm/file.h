/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An open file of /dev/tpmrm0: its space, its memory, its command.
 */
#ifndef _TRM_FILE_H
#define _TRM_FILE_H

#include <linux/completion.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "account.h"
#include "space.h"

struct mem_cgroup;

/* Who may touch the command and response of a file. */
enum trm_file_state {
	TRM_FILE_FREE,		/* nobody does */
	TRM_FILE_CLAIMED,	/* a read() or write() */
	TRM_FILE_QUEUED,	/* the worker, to which O_NONBLOCK left it */
};

/**
 * struct trm_file - an open file
 * @refs: one of who has it open or closes it, one of who finishes that
 * @node: in &trm_chip.files, protected by &trm_chip.clients
 * @trm: its TPM, referenced
 * @space: what it has there; protected by &trm_chip.lock
 * @user: who is charged
 * @cgroup: or which control group; may be NULL
 * @memcg: who is charged for memory; may be NULL
 * @pid: process that opened it, and
 * @comm: its name, for debugfs
 * @commands: how many it has sent; protected by &trm_chip.lock
 * @lock: protects @state
 * @wait: for a change of @state
 * @state: who works on what follows
 * @data: a command, and then the response to it; NULL: neither.
 *	TPM2_BUFFER_SIZE octets
 * @len: octets of the response that are unread; -errno if that is the response
 * @pos: where they begin
 * @begun: some of them were read
 * @spare: memory for what the command may bring
 * @expires: when the response is forgotten, in jiffies
 * @expiry: forgets it
 * @waiter: for a turn of @command
 * @command: runs it; and closes the space at last
 * @owner: it has had something in its space
 * @closed: the space is closed, or nobody is to wait for that
 */
struct trm_file {
	refcount_t refs;
	struct list_head node;
	struct trm_chip *trm;
	struct trm_space space;
	struct trm_payer *user;
	struct trm_payer *cgroup;
	struct mem_cgroup *memcg;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	unsigned long commands;
	spinlock_t lock; /* who may work on it; inside of all but trm_turn.lock */
	wait_queue_head_t wait;
	enum trm_file_state state;
	u8 *data;
	int len;
	unsigned int pos;
	bool begun;
	struct trm_entity *spare;
	unsigned long expires;
	struct delayed_work expiry;
	struct trm_waiter waiter;
	struct work_struct command;
	bool owner;
	struct completion closed;
};

/* file.c */
struct trm_file *trm_file_create(struct trm_chip *trm,
				 const struct trm_opener *opener);
void trm_file_close(struct trm_file *file);
bool trm_killed(void);
void trm_files_detach(struct trm_chip *trm);
void *trm_file_alloc(struct trm_file *file, size_t size);
int trm_file_transmit(struct trm_file *file, int refused);

/* part.c: the memory of users' objects and sessions */
struct trm_entity *trm_part_alloc(struct trm_file *file, enum trm_need need);
void trm_part_free(struct trm_entity *e);
void trm_dead_free(struct list_head *dead);

#endif /* _TRM_FILE_H */
