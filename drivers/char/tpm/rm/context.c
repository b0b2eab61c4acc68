// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client saves, loads and flushes by itself.
 *
 * PURE: used by the module and the host tests alike.
 *
 * A session's context that a client was given is not what the TPM takes once the
 * resource manager has refreshed the session.  So a client's copy only stands
 * for the session: it is known again by its digest, and is used up when it has
 * been presented.
 */
#include <linux/errno.h>
#include <linux/tpm2_hash.h>

#include "job.h"
#include "swap.h"

int trm_do_flush_context(struct trm_job *job)
{
	struct tpm2_reader r = tpm2_reader(job->c.params.data,
					   job->c.params.len);
	u32 handle = tpm2_get_u32(&r);
	struct trm_entity *e;
	bool gone;
	int err;

	if (!tpm2_done(&r) || job->c.nr_auths)
		return TRM_JOB_FORWARD;
	if (trm_is_session(handle)) {
		e = trm_space_session(job->space, handle);
	} else if (TPM_HT(handle) == TPM_HT_TRANSIENT) {
		e = trm_space_object(job->space, handle);
		if (!e)
			return -EINVAL;
	} else {
		return TRM_JOB_FORWARD;
	}
	if (!e)
		return trm_job_error(job, TPM_RC_HANDLE_P1);
	gone = e->place == TRM_NONE;
	err = trm_room_flush(job->space->room, e);
	if (err)
		return err;
	if (gone)
		return trm_job_error(job, TPM_RC_HANDLE_P1);
	return trm_job_answer(job, tpm2_bytes(NULL, 0));
}

static int digest(struct tpm2_bytes context, u8 *out)
{
	return tpm2_digest(TPM_ALG_ID_SHA256, &context, 1, out) ? -EIO : 0;
}

/* The context is at hand; a session's is the client's from now on. */
static int hand_out(struct trm_job *job, struct trm_entity *e)
{
	struct tpm2_bytes context = tpm2_bytes(e->context.data, e->context.len);

	if (e->session) {
		if (digest(context, e->handed))
			return -EIO;
		e->handed_age = trm_swap_age(&e->context);
		e->hold = TRM_HANDED;
	}
	return trm_job_answer(job, context);
}

int trm_do_context_save(struct trm_job *job)
{
	struct trm_room *room = job->space->room;
	struct trm_entity *e = job->handle[0];
	bool refreshed = false;
	unsigned int tries;
	u32 rc;
	int err;

	if (!e || job->c.nr_auths || job->c.params.len)
		return TRM_JOB_FORWARD;
	/* Only FlushContext takes a session by the other upper octet. */
	if (e->session && job->c.handle[0] != e->handle)
		return trm_job_error(job, TPM_RC_HANDLE_H1);
	for (tries = 0; tries <= room->session_numbers; tries++) {
		err = trm_room_save(room, e, &rc);
		if (err || rc != TPM_RC_CONTEXT_GAP ||
		    !trm_close_gap(room, &refreshed))
			break;
	}
	if (err)
		return err;
	if (rc)
		return trm_job_error(job, rc);
	return hand_out(job, e);
}

/* May a copy of this session be in the client's hands? */
static bool may_present(const struct trm_space *space,
			const struct trm_entity *e, u32 handle)
{
	return e->hold != TRM_HELD && trm_same_handle(e->handle, handle) &&
	       (space->privileged ||
		e->account[TRM_USER] == space->account[TRM_USER]);
}

/* A session that is saved; but for one whose refreshing failed half-way. */
static struct trm_entity *find_saved(struct trm_job *job, u32 handle)
{
	struct trm_room *room = job->space->room;
	struct trm_entity *e;

	list_for_each_entry(e, &room->saved, node) {
		if (may_present(job->space, e, handle))
			return e;
	}
	list_for_each_entry(e, &room->loaded, node) {
		if (may_present(job->space, e, handle))
			return e;
	}
	return NULL;
}

/* Moves a session of another file, or of none, to this one. */
static int move(struct trm_job *job, struct trm_entity *from)
{
	struct trm_room *room = job->space->room;
	struct trm_entity *to = job->spare;

	if (from->place != TRM_SAVED)
		return trm_job_error(job, TPM_RC_CONTEXT_GAP);
	if (!to || to->context.size < from->context.len ||
	    !trm_room_admits(room, job->space->account, from))
		return trm_job_error(job, TPM_RC_SESSION_HANDLES);
	job->spare = NULL;
	trm_space_charge(job->space, to);
	trm_room_move(room, from, to);
	trm_space_adopt(job->space, to);
	trm_room_trim(room, to);
	return TRM_JOB_FORWARD;
}

static void take_back(struct trm_job *job, struct trm_entity *e)
{
	e->hold = TRM_HELD;
	e->used = ++job->space->room->clock;
}

/* The right handle, but not what was handed out. */
static int refuse(struct trm_job *job, const struct trm_entity *e, u64 age)
{
	bool current_one = e && age == e->handed_age;

	return trm_job_error(job, current_one ? TPM_RC_INTEGRITY_P1 :
						TPM_RC_HANDLE_P1);
}

int trm_do_context_load(struct trm_job *job)
{
	struct tpm2_bytes params = job->c.params;
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	u64 age = (u64)tpm2_get_u32(&r) << 32;
	u8 is[TRM_HANDED_SIZE], body[4];
	int refused = TRM_JOB_FORWARD;
	struct trm_entity *e;
	u32 handle;

	age |= tpm2_get_u32(&r);
	handle = tpm2_get_u32(&r);
	if (r.bad || !trm_is_session(handle) || job->c.nr_auths)
		return TRM_JOB_FORWARD;
	e = find_saved(job, handle);
	if (digest(params, is))
		return -EIO;
	if (!e || memcmp(is, e->handed, sizeof(is)))
		return refuse(job, e, age);
	put_unaligned_be32(e->handle, body);
	if (e->space == job->space)
		take_back(job, e);
	else
		refused = move(job, e);
	return refused ?: trm_job_answer(job, tpm2_bytes(body, sizeof(body)));
}
