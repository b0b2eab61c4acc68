/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who opened a file of a TPM, and who is charged for it.
 */
#ifndef _TRM_ACCOUNT_H
#define _TRM_ACCOUNT_H

#include <linux/list.h>
#include <linux/refcount.h>

#include "entity.h"
#include "turn.h"

struct file;
struct inode;
struct trm_chip;

/**
 * struct trm_payer - a user, or a control group, on one TPM
 * @account: what it holds; protected by &trm_chip.lock
 * @node: in &trm_chip.payers
 * @refs: one for each open file and each session
 * @trm: the TPM
 * @scope: TRM_USER or TRM_CGROUP
 * @id: user ID in the initial namespace, or ID of the group
 * @queue: in which a user waits
 */
struct trm_payer {
	struct trm_account account;
	struct list_head node;
	refcount_t refs;
	struct trm_chip *trm;
	enum trm_scope scope;
	u64 id;
	struct trm_queue queue;
};

/**
 * struct trm_opener - who opened a file
 * @user: charged for it; in a user namespace the owner of the outermost one
 * @cgroup: control group (v2) of the opener; 0 for the root of them
 * @privileged: has CAP_SYS_ADMIN in the initial namespace
 * @restricted: has not, and is neither owner nor group of the device node
 */
struct trm_opener {
	u64 user;
	u64 cgroup;
	bool privileged;
	bool restricted;
};

void trm_opener_of(struct trm_opener *opener, const struct inode *inode,
		   const struct file *file);
struct trm_payer *trm_payer_get(struct trm_chip *trm, enum trm_scope scope,
				u64 id);
struct trm_payer *trm_payer_get_current(struct trm_chip *trm);
int trm_payers_get_current(struct trm_chip *trm, struct trm_payer **user,
			   struct trm_payer **cgroup);
void trm_payer_ref(struct trm_payer *payer);
void trm_payer_put(struct trm_payer *payer);

#endif /* _TRM_ACCOUNT_H */
