// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who opened a file of a TPM, and who is charged for it.
 *
 * Whose command it is was settled when the file was opened: what runs in a
 * worker, or on a file that was passed on, is the opener's.
 */
#include <linux/capability.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "trm.h"

/*
 * A user may have thousands of user IDs in namespaces of his own, so there he is
 * whoever made the outermost.
 */
static kuid_t charged_user(const struct cred *cred)
{
	struct user_namespace *ns;
	kuid_t user = cred->fsuid;

	for (ns = cred->user_ns; ns != &init_user_ns; ns = ns->parent)
		user = ns->owner;
	return user;
}

/* The root of all groups has no limits, as with any controller. */
static u64 current_cgroup(void)
{
	u64 id = 0;

#ifdef CONFIG_CGROUPS
	struct cgroup *cgroup;

	rcu_read_lock();
	cgroup = task_dfl_cgroup(current);
	if (cgroup_parent(cgroup))
		id = cgroup_id(cgroup);
	rcu_read_unlock();
#endif
	return id;
}

/**
 * trm_opener_of() - who opens a file?
 * @opener: result
 * @inode: the device node
 * @file: the file
 *
 * Context: in the task that opens it.
 */
void trm_opener_of(struct trm_opener *opener, const struct inode *inode,
		   const struct file *file)
{
	opener->user = __kuid_val(charged_user(file->f_cred));
	opener->cgroup = current_cgroup();
	opener->privileged = file_ns_capable(file, &init_user_ns,
					     CAP_SYS_ADMIN);
	opener->restricted = !opener->privileged &&
			     !uid_eq(file->f_cred->fsuid, inode->i_uid) &&
			     !in_group_p(inode->i_gid);
}

static struct trm_payer *find(struct trm_chip *trm, enum trm_scope scope,
			      u64 id)
{
	struct trm_payer *payer;

	list_for_each_entry(payer, &trm->payers, node) {
		if (payer->scope == scope && payer->id == id)
			return payer;
	}
	return NULL;
}

static struct trm_payer *create(struct trm_chip *trm, enum trm_scope scope,
				u64 id)
{
	struct trm_payer *payer = kzalloc(sizeof(*payer), GFP_KERNEL_ACCOUNT);

	if (!payer)
		return NULL;
	refcount_set(&payer->refs, 1);
	payer->trm = trm;
	payer->scope = scope;
	payer->id = id;
	trm_queue_init(&payer->queue, &trm->turn);
	list_add_tail(&payer->node, &trm->payers);
	return payer;
}

/**
 * trm_payer_get() - a user or control group
 * @trm: the TPM
 * @scope: TRM_USER or TRM_CGROUP
 * @id: its ID
 *
 * Return: it, to be put with trm_payer_put(); NULL if there is no memory.
 */
struct trm_payer *trm_payer_get(struct trm_chip *trm, enum trm_scope scope,
				u64 id)
{
	struct trm_payer *payer;

	mutex_lock(&trm->clients);
	payer = find(trm, scope, id);
	if (payer)
		refcount_inc(&payer->refs);
	else
		payer = create(trm, scope, id);
	mutex_unlock(&trm->clients);
	return payer;
}

/**
 * trm_payer_get_current() - the user for whom the kernel works just now
 * @trm: the TPM
 *
 * Return: as trm_payer_get().
 */
struct trm_payer *trm_payer_get_current(struct trm_chip *trm)
{
	return trm_payer_get(trm, TRM_USER,
			     __kuid_val(charged_user(current_cred())));
}

/**
 * trm_payers_get_current() - who is charged for what the present task has kept
 * @trm: the TPM
 * @user: result; NULL: nobody, since the task has CAP_SYS_ADMIN
 * @cgroup: its control group; NULL: none that has limits
 *
 * Return: 0; -ENOMEM.  Both are to be put with trm_payer_put() in any case.
 */
int trm_payers_get_current(struct trm_chip *trm, struct trm_payer **user,
			   struct trm_payer **cgroup)
{
	u64 id = current_cgroup();

	*user = NULL;
	*cgroup = NULL;
	if (ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN))
		return 0;
	*user = trm_payer_get_current(trm);
	if (*user && id)
		*cgroup = trm_payer_get(trm, TRM_CGROUP, id);
	return *user && (*cgroup || !id) ? 0 : -ENOMEM;
}

/* One reference more; the caller has one. */
void trm_payer_ref(struct trm_payer *payer)
{
	if (payer)
		refcount_inc(&payer->refs);
}

void trm_payer_put(struct trm_payer *payer)
{
	struct trm_chip *trm;

	if (!payer)
		return;
	trm = payer->trm;
	if (!refcount_dec_and_mutex_lock(&payer->refs, &trm->clients))
		return;
	list_del(&payer->node);
	mutex_unlock(&trm->clients);
	WARN_ON_ONCE(payer->account.sessions);
	kfree(payer);
}
