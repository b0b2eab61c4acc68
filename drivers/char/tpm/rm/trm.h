/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private map of the TPM resource manager.
 *
 * Lock order, outermost first:
 *
 *	class mutex of the driver core (taken around chip_removed())
 *	trm_chips_lock		chip.c: the list of chips; never across a command
 *	trm_chip.turn		whose turn it is (turn.c); not a lock for lockdep,
 *				which sees trm_chip.lock taken at the same time
 *	trm_chip.lock		one transaction; across commands
 *	trm_chip.clients	lists of files and payers; across commands only
 *				when the TPM is removed
 *	ops_sem, tpm_mutex	the TPM core's, by tpm_try_get_ops()
 *	hmac lock of hash.c
 *	trm_file.lock		spin lock
 *	trm_turn.lock		spin lock
 *
 * Nothing that a user can make wait is waited for under trm_chip.lock, and
 * nobody sleeps under it while the machine is suspended.
 */
#ifndef _TRM_H
#define _TRM_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/tpm_rm.h>
#include <linux/workqueue.h>

#include "account.h"
#include "exchange.h"
#include "file.h"
#include "room.h"
#include "turn.h"

struct dentry;
struct inode;
struct tpm_chip;

/* Parameters of class_interface callbacks; a kernel before 6.4 has more. */
#ifndef TRM_INTERFACE_ARGS
#define TRM_INTERFACE_ARGS struct device *dev
#endif

/**
 * struct trm_chip - a TPM that has clients
 * @kref: one for the list while the TPM is there, one for each client and file
 * @node: in the list of chips; protected by trm_chips_lock
 * @nr: number of the TPM
 * @debugfs: its directory
 * @stock: what the core had in &tpm_chip.cdevs; NULL while it has it
 * @stock_raw: what the core has in &tpm_chip.cdev; valid while @stock was
 * @turn: who comes next
 * @idle: work to do when nobody comes
 * @clients: protects the next three; see the lock order
 * @files: open files, and those that are being closed
 * @nr_files: how many of them are open
 * @payers: users and control groups
 * @lock: one transaction at a time; held across TPM commands and by trm_begin()
 *	until trm_end(); protects all members below
 * @chip: the core's chip, referenced; NULL once the TPM has been removed
 * @started: between trm_xmit_start() and trm_xmit_stop()
 * @shared: somebody else used the TPM when we looked last
 * @owner: client whose transaction is in progress
 * @restricted: it is done for a user without privilege
 * @payer: that user, referenced; NULL if it is done for the kernel
 * @tidying: the next three wait for a turn, or have it
 * @tidier: waits for it
 * @tidy: flushes what kernel clients have left
 * @commands: how many the TPM was sent
 * @unprivileged: what all users without privilege have together
 * @tp: the transport of @room, by xmit.c
 * @page: what tpm_transmit_cmd() works in; owned by xmit.c
 * @room: who is where in the TPM
 * @cmd: command of the client
 * @rsp: response to it; &trm_call.reply points into it
 */
struct trm_chip {
	struct kref kref;
	struct list_head node;
	int nr;
	struct dentry *debugfs;
	const struct file_operations *stock;
	const struct file_operations *stock_raw;
	struct trm_turn turn;
	struct delayed_work idle;
	struct mutex clients; /* files and payers */
	struct list_head files;
	unsigned int nr_files;
	struct list_head payers;
	struct mutex lock; /* a transaction; protects what follows */
	struct tpm_chip *chip;
	bool started;
	bool shared;
	struct trm_client *owner;
	bool restricted;
	struct trm_payer *payer;
	bool tidying;
	struct trm_waiter tidier;
	struct work_struct tidy;
	unsigned long commands;
	struct trm_account unprivileged;
	struct trm_transport tp;
	void *page;
	struct trm_room room;
	u8 cmd[TPM2_BUFFER_SIZE];
	u8 rsp[TPM2_BUFFER_SIZE];
};

/**
 * struct trm_client - a kernel user of a TPM
 * @chip: its TPM, referenced
 *
 * Any number of tasks may use a client; transactions keep them apart.
 */
struct trm_client {
	struct trm_chip *chip;
};

/**
 * struct trm_object - a transient object of a client
 * @entity: where it is in the TPM; protected by &trm_chip.lock
 * @client: owner
 * @name: its Name, for HMACs
 * @context: room for that of @entity
 */
struct trm_object {
	struct trm_entity entity;
	struct trm_client *client;
	struct trm_name name;
	u8 context[TRM_MAX_CONTEXT];
};

/**
 * struct trm_session - a session of a client
 * @entity: where it is in the TPM; protected by &trm_chip.lock
 * @client: owner
 * @type: TPM_SE
 * @keys: hash, nonces, session key
 * @salt: for each start of it; secret
 * @salt_object: the storage key that can decrypt @salt; NULL: not transient
 * @salt_handle: its handle, if it is persistent; TPM_RH_NULL without a salt
 * @user: who is charged for it when it is kept, referenced; NULL: nobody
 * @cgroup: likewise
 * @context: room for that of @entity
 */
struct trm_session {
	struct trm_entity entity;
	struct trm_client *client;
	u8 type;
	struct trm_keys keys;
	struct trm_salt salt;
	struct trm_object *salt_object;
	u32 salt_handle;
	struct trm_payer *user;
	struct trm_payer *cgroup;
	u8 context[TRM_MAX_CONTEXT];
};

/* chip.c */
struct trm_chip *trm_chip_get_default(void);
struct trm_chip *trm_chip_get(const struct tpm_chip *chip);
struct trm_chip *trm_chip_get_by_gate(bool closed);
void trm_chip_put(struct trm_chip *trm);
int trm_chips_init(void);
void trm_chips_exit(void);

/* turn.c: a chip, taken in turn */
int trm_chip_lock(struct trm_chip *trm, struct trm_queue *queue);
int trm_chip_lock_leaving(struct trm_chip *trm, struct trm_queue *queue);
bool trm_chip_trylock(struct trm_chip *trm);
void trm_chip_unlock(struct trm_chip *trm);

/* takeover.c */
void trm_takeover(struct trm_chip *trm);
void trm_giveback(struct trm_chip *trm);
void trm_takeover_exit(void);
bool trm_chip_shared(struct trm_chip *trm);
void trm_chip_look(struct trm_chip *trm);
struct trm_chip *trm_chip_of_node(const struct inode *inode);

/* device.c */
extern const struct file_operations trm_fops;

/* idle.c */
extern struct workqueue_struct *trm_wq;
int trm_idle_init(void);
void trm_idle_exit(void);
void trm_idle_init_chip(struct trm_chip *trm);
void trm_chip_rest(struct trm_chip *trm);
void trm_chip_tidy(struct trm_chip *trm);

/* client.c */
void trm_let_go(struct trm_chip *trm, struct trm_entity *e);

/* params.c */
extern struct trm_limits trm_limits;
extern bool trm_param_takeover;
extern unsigned int trm_param_idle_ms;

/* trace.c */
void trm_trace_event(struct trm_transport *tp, enum trm_event event,
		     u32 handle);

/* debugfs.c */
void trm_debugfs_add(struct trm_chip *trm);
void trm_debugfs_remove(struct trm_chip *trm);
void trm_debugfs_init(void);
void trm_debugfs_exit(void);

/* power.c */
int trm_power_init(void);
void trm_power_exit(void);

/* xmit.c: the one place that knows struct tpm_buf */
int trm_xmit_init(struct trm_chip *trm);
void trm_xmit_exit(struct trm_chip *trm);
int trm_xmit_start(struct trm_chip *trm);
void trm_xmit_stop(struct trm_chip *trm);

/* hash.c */
bool trm_hash_available(u16 alg);
int trm_hash_init(void);
void trm_hash_exit(void);

/* crypt.c */
void trm_crypt_init(void);

#endif /* _TRM_H */
