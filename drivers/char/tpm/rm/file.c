// SPDX-License-Identifier: GPL-2.0-only
/*
 * An open file of /dev/tpmrm0: who has it, what it has in the TPM, and what
 * becomes of that when it is closed.
 *
 * What a closed file leaves in the TPM is flushed at once, but while the machine
 * is suspended: then the file is put aside, and its space closed afterwards.
 */
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>

#include "trm.h"

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

static void file_free(struct trm_file *file)
{
	mem_cgroup_put(file->memcg);
	trm_payer_put(file->cgroup);
	trm_payer_put(file->user);
	trm_chip_put(file->trm);
	kfree(file);
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
	trm_chip_look(trm);
	len = trm_space_transmit(&file->space, file->data, file->len,
				 file->spare, trm->rsp);
	/* Not ours any more if it is anybody's. */
	if (file->spare && !list_empty(&file->spare->member))
		file->spare = NULL;
	if (len > 0)
		memcpy(file->data, trm->rsp, len);
	memzero_explicit(trm->rsp, sizeof(trm->rsp));
	trm_room_rest(room, trm_chip_shared(trm));
	trm_xmit_stop(trm);
	file->commands++;
	return len;
}

static bool is_empty(const struct trm_space *space)
{
	return list_empty(&space->objects) && list_empty(&space->sessions);
}

/* The caller frees the file afterwards. */
static void unlist(struct trm_file *file)
{
	struct trm_chip *trm = file->trm;

	mutex_lock(&trm->clients);
	list_del(&file->node);
	trm->nr_files--;
	mutex_unlock(&trm->clients);
}

/* What has nothing in the TPM need not wait for its turn. */
static bool close_empty(struct trm_file *file)
{
	struct trm_chip *trm = file->trm;
	bool empty;

	mutex_lock(&trm->lock);
	empty = is_empty(&file->space);
	mutex_unlock(&trm->lock);
	return empty;
}

static int close_in_turn(struct trm_file *file)
{
	struct trm_chip *trm = file->trm;
	int err = trm_chip_lock_leaving(trm, &file->user->queue);

	if (err)
		return err;
	err = trm_xmit_start(trm);
	if (!err) {
		trm_space_close(&file->space);
		trm_room_rest(&trm->room, trm_chip_shared(trm));
		trm_xmit_stop(trm);
	}
	trm_chip_unlock(trm);
	return err;
}

/* Lets the idle work do it; unless the TPM, and so the space, is gone. */
static bool put_aside(struct trm_file *file)
{
	struct trm_chip *trm = file->trm;
	bool done;

	mutex_lock(&trm->lock);
	done = !is_empty(&file->space);
	if (done) {
		mutex_lock(&trm->clients);
		list_move_tail(&file->node, &trm->closed);
		trm->nr_files--;
		mutex_unlock(&trm->clients);
		trm_idle_arm(trm);
	}
	mutex_unlock(&trm->lock);
	return done;
}

/**
 * trm_file_close() - a file is closed
 * @file: nobody works on it any more; freed, now or later
 *
 * Context: waits for others' transactions, but not for the end of a suspend.
 */
void trm_file_close(struct trm_file *file)
{
	if (!close_empty(file) && close_in_turn(file) && put_aside(file))
		return;
	unlist(file);
	file_free(file);
}

/**
 * trm_files_finish() - close what was put aside
 * @trm: the TPM, locked by trm_chip_lock(), with trm_xmit_start()
 * @finished: takes the files
 *
 * The spaces are closed; the files are freed by trm_files_free().
 */
void trm_files_finish(struct trm_chip *trm, struct list_head *finished)
{
	struct trm_file *file;

	mutex_lock(&trm->clients);
	list_for_each_entry(file, &trm->closed, node)
		trm_space_close(&file->space);
	list_splice_init(&trm->closed, finished);
	mutex_unlock(&trm->clients);
}

void trm_files_free(struct list_head *finished)
{
	struct trm_file *file, *next;

	list_for_each_entry_safe(file, next, finished, node)
		file_free(file);
}

/**
 * trm_files_detach() - nothing of ours stays in a TPM that we lose
 * @trm: the TPM, locked
 * @finished: as with trm_files_finish()
 *
 * Files that are open have no space any more.  If the TPM is not to be reached,
 * only our side is tidied up.
 */
void trm_files_detach(struct trm_chip *trm, struct list_head *finished)
{
	struct trm_room *room = &trm->room;
	struct trm_entity *e, *next;
	struct trm_file *file;

	trm_files_finish(trm, finished);
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
