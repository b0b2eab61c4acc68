// SPDX-License-Identifier: GPL-2.0-only
/*
 * An open file of /dev/tpmrm0: who has it, what it has in the TPM, and what
 * becomes of that when it is closed.
 *
 * What a closed file leaves in the TPM is flushed by the worker when it is the
 * user's turn.  close() waits for that, but not while the machine is suspended.
 */
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "trm.h"

/* So long a process that was killed waits until its files are closed. */
#define PATIENCE	(HZ / 5)

static void init_space(struct trm_file *file, const struct trm_opener *opener)
{
	struct trm_space *space = &file->space;
	struct trm_chip *trm = file->trm;

	trm_space_init(space, &trm->room);
	space->account[TRM_USER] = &file->user->account;
	if (file->cgroup)
		space->account[TRM_CGROUP] = &file->cgroup->account;
	if (!opener->privileged)
		space->account[TRM_UNPRIVILEGED] = &trm->unprivileged;
	space->privileged = opener->privileged;
	space->restricted = opener->restricted;
}

static void file_put(struct trm_file *file)
{
	struct trm_chip *trm = file->trm;

	if (!refcount_dec_and_test(&file->refs))
		return;
	mutex_lock(&trm->clients);
	list_del(&file->node);
	mutex_unlock(&trm->clients);
	mem_cgroup_put(file->memcg);
	trm_payer_put(file->cgroup);
	trm_payer_put(file->user);
	kfree(file);
	trm_chip_put(trm);
}

static int find_payers(struct trm_file *file, const struct trm_opener *opener)
{
	file->user = trm_payer_get(file->trm, TRM_USER, opener->user);
	if (!file->user)
		return -ENOMEM;
	if (!opener->cgroup)
		return 0;
	file->cgroup = trm_payer_get(file->trm, TRM_CGROUP, opener->cgroup);
	return file->cgroup ? 0 : -ENOMEM;
}

/**
 * trm_file_create() - a file is opened
 * @trm: the TPM; the file takes over the caller's reference if it succeeds
 * @opener: who opens it
 *
 * Context: in the task that opens it.
 * Return: the file, to be closed by trm_file_close(); NULL if there is no
 * memory.
 */
struct trm_file *trm_file_create(struct trm_chip *trm,
				 const struct trm_opener *opener)
{
	struct trm_file *file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);

	if (!file)
		return NULL;
	refcount_set(&file->refs, 1);
	file->trm = trm;
	if (find_payers(file, opener)) {
		trm_payer_put(file->user);
		kfree(file);
		return NULL;
	}
	file->memcg = get_mem_cgroup_from_mm(current->mm);
	file->pid = task_tgid_nr(current);
	get_task_comm(file->comm, current);
	init_space(file, opener);
	spin_lock_init(&file->lock);
	init_waitqueue_head(&file->wait);
	init_completion(&file->closed);

	mutex_lock(&trm->clients);
	list_add_tail(&file->node, &trm->files);
	trm->nr_files++;
	mutex_unlock(&trm->clients);
	return file;
}

/*
 * Memory that is charged to who opened the file; zeroed, freed by kvfree().
 * Where there is none the command fails; nobody is killed for it.
 */
void *trm_file_alloc(struct trm_file *file, size_t size)
{
	struct mem_cgroup *old = set_active_memcg(file->memcg);
	void *p = kvzalloc(size, GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL |
				 __GFP_NOWARN);

	set_active_memcg(old);
	return p;
}

/**
 * trm_file_transmit() - send the command that a file has
 * @file: &trm_file.data is the command, and then the response; its TPM is
 *	locked by trm_chip_lock()
 * @refused: what to return if the core does not give the TPM; 0: what it says
 *
 * Return: octets of the response; -ENODEV if the TPM is gone; -ENODATA for a
 * command of no octets; @refused, or as trm_space_transmit().
 */
int trm_file_transmit(struct trm_file *file, int refused)
{
	struct trm_chip *trm = file->trm;
	struct trm_room *room = &trm->room;
	int len;

	if (!file->len)
		return -ENODATA;
	len = trm_xmit_start(trm);
	if (len)
		return len == -ENODEV || !refused ? len : refused;
	if (!room->measured)
		trm_room_measure(room);
	len = trm_space_transmit(&file->space, file->data, file->len,
				 file->spare, trm->rsp);
	/* Not ours any more if it is anybody's. */
	if (file->spare && !list_empty(&file->spare->member)) {
		file->spare = NULL;
		file->owner = true;
	}
	if (len > 0)
		memcpy(file->data, trm->rsp, len);
	memzero_explicit(trm->rsp, sizeof(trm->rsp));
	trm_chip_rest(trm);
	trm_xmit_stop(trm);
	file->commands++;
	return len;
}

/*
 * It never had anything, or has nothing now: no need to wait for its turn.  With
 * the lock nobody is just kicking its last session out.
 */
static bool has_nothing(struct trm_file *file)
{
	struct trm_space *space = &file->space;
	bool nothing;

	if (!file->owner)
		return true;
	if (!mutex_trylock(&file->trm->lock))
		return false;
	nothing = list_empty(&space->objects) && list_empty(&space->sessions);
	mutex_unlock(&file->trm->lock);
	return nothing;
}

/* If the core does not give the TPM, our side is tidied up in any case. */
static void close_space(struct trm_file *file)
{
	struct trm_chip *trm = file->trm;

	mutex_lock(&trm->lock);
	if (!trm_xmit_start(trm)) {
		trm_space_close(&file->space);
		trm_chip_rest(trm);
		trm_xmit_stop(trm);
	} else {
		trm_space_close(&file->space);
	}
	trm_chip_unlock(trm);
}

/* It is the turn of a file that was closed; or nobody is to wait for it. */
static void close_work(struct work_struct *work)
{
	struct trm_file *file = container_of(work, struct trm_file, command);

	if (file->waiter.err == -EAGAIN) {
		file->waiter.leaving = false;
		complete(&file->closed);
		trm_turn_ask(&file->trm->turn, &file->user->queue,
			     &file->waiter);
		return;
	}
	close_space(file);
	complete(&file->closed);
	file_put(file);
}

/* Was the present task ended by a signal? */
bool trm_killed(void)
{
	return current->flags & PF_EXITING && current->exit_code & 0x7f;
}

/**
 * trm_file_close() - a file is closed
 * @file: nobody works on it any more; freed, now or later
 *
 * Context: waits for others' transactions, but not while the machine is
 * suspended, nor for long if the process was killed.
 */
void trm_file_close(struct trm_file *file)
{
	struct trm_chip *trm = file->trm;

	mutex_lock(&trm->clients);
	trm->nr_files--;
	mutex_unlock(&trm->clients);
	if (has_nothing(file)) {
		file_put(file);
		return;
	}
	refcount_inc(&file->refs);
	INIT_WORK(&file->command, close_work);
	file->waiter.leaving = true;
	trm_turn_ask(&trm->turn, &file->user->queue, &file->waiter);
	wait_for_completion_timeout(&file->closed, trm_killed() ?
				    PATIENCE : MAX_SCHEDULE_TIMEOUT);
	file_put(file);
}

/**
 * trm_files_detach() - nothing of ours stays in a TPM that we lose
 * @trm: the TPM, locked
 *
 * Files that are open have an empty space from then on.  If the TPM is not to be
 * reached, only our side is tidied up.
 */
void trm_files_detach(struct trm_chip *trm)
{
	struct trm_room *room = &trm->room;
	struct trm_entity *e, *next;
	struct trm_file *file;

	mutex_lock(&trm->clients);
	list_for_each_entry(file, &trm->files, node)
		trm_space_close(&file->space);
	mutex_unlock(&trm->clients);
	list_for_each_entry_safe(e, next, &room->orphans, member)
		trm_room_flush(room, e);
	list_for_each_entry_safe(e, next, &room->kernel, member)
		trm_room_flush(room, e);
	trm_room_rest(room, true);
}
