// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user's command: what it names is looked up, loaded and given its real
 * handle; what the response brings is taken into the space.
 *
 * PURE: used by the module and the host tests alike.
 *
 *	parse	is it a command of this TPM, and may the user send it?
 *	find	every handle and session of it must be the space's
 *	do	what is ours to do (context.c, capability.c)
 *	send	load, replace handles, send with repairs
 *	settle	new handles in, what is over out
 */
#include <linux/errno.h>

#include "allow.h"
#include "job.h"
#include "swap.h"

int trm_job_answer(struct trm_job *job, struct tpm2_bytes body)
{
	struct tpm2_writer w = tpm2_writer(job->rsp, TPM2_BUFFER_SIZE);

	tpm2_put_u16(&w, TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, TPM2_HEADER_SIZE + body.len);
	tpm2_put_u32(&w, TPM_RC_SUCCESS);
	tpm2_put_bytes(&w, body);
	return w.full ? -EIO : (int)w.len;
}

int trm_job_error(struct trm_job *job, u32 rc)
{
	int len = trm_job_answer(job, tpm2_bytes(NULL, 0));

	put_unaligned_be32(TRM_RC_LAYER | rc, job->rsp + 6);
	return len;
}

/* The command's row, if the TPM has it; @other is room for one. */
static const struct trm_command_info *
find_command(const struct trm_room *room, u32 code,
	     struct trm_command_info *other)
{
	const struct trm_command_info *known = trm_command_find(code);
	unsigned int i;

	for (i = 0; i < room->nr_attributes; i++) {
		if (trm_command_is(code, room->attributes[i]))
			break;
	}
	if (!room->attributes)
		return known;
	if (i == room->nr_attributes)
		return NULL;
	if (known)
		return known;
	trm_command_describe(room->attributes[i], other);
	return other;
}

/* What is wrong with octets that are no command. */
static int malformed(struct trm_job *job)
{
	struct tpm2_bytes bytes = tpm2_bytes(job->cmd, job->len);
	struct tpm2_reader r = tpm2_reader(job->cmd, job->len);
	u16 tag = tpm2_get_u16(&r);
	unsigned int handles;

	/* Octets that are not there count as zeroes; there is no such code. */
	if (job->len < TPM2_HEADER_SIZE)
		return trm_job_error(job, TPM_RC_COMMAND_CODE);
	if (tag != TPM_ST_NO_SESSIONS && tag != TPM_ST_SESSIONS)
		return trm_job_error(job, TPM_RC_BAD_TAG);
	if (!job->c.info || trm_wire_command_size(bytes) != (int)job->len)
		return trm_job_error(job, TPM_RC_COMMAND_SIZE);
	handles = (job->len - TPM2_HEADER_SIZE) / 4;
	if (handles < job->c.info->handles)
		return trm_job_error(job, TPM_RC_INSUFFICIENT |
					  (handles + 1) << 8);
	return trm_job_error(job, TPM_RC_AUTHSIZE);
}

/* Returns TRM_JOB_FORWARD if the command may go on. */
static int parse(struct trm_job *job)
{
	struct tpm2_bytes bytes = tpm2_bytes(job->cmd, job->len);
	const struct trm_command_info *info;
	int err;

	info = find_command(job->space->room, trm_wire_code(bytes),
			    &job->other);
	err = trm_wire_parse_with(bytes, info, &job->c);
	if (err == -EOPNOTSUPP)
		return trm_job_error(job, TPM_RC_COMMAND_CODE);
	if (err)
		return malformed(job);
	return TRM_JOB_FORWARD;
}

/* Without privilege not everything may be sent. */
static int check_privilege(struct trm_job *job)
{
	if (!job->space->restricted)
		return TRM_JOB_FORWARD;
	if (!trm_allow_command(&job->c))
		return trm_job_error(job, TPM_RC_COMMAND_CODE);
	return TRM_JOB_FORWARD;
}

/* Nor may what could fail and count be sent too often. */
static int check_budget(struct trm_job *job)
{
	u32 handle[TPM2_MAX_HANDLES];
	unsigned int i;

	if (!job->space->restricted)
		return TRM_JOB_FORWARD;
	for (i = 0; i < job->c.info->handles; i++) {
		bool harmless = job->handle[i] && job->handle[i]->no_da;

		handle[i] = harmless ? TPM_RH_NULL : job->c.handle[i];
	}
	return trm_budget_allows(job->space->room, job->c.info, handle) ?
		TRM_JOB_FORWARD : trm_job_error(job, TPM_RC_LOCKOUT);
}

/* A session that the client may use now. */
static struct trm_entity *usable(struct trm_job *job, u32 handle)
{
	struct trm_entity *e = trm_space_session(job->space, handle);

	return e && e->hold == TRM_HELD ? e : NULL;
}

/* What the handle area names. */
static int find_handles(struct trm_job *job)
{
	unsigned int i;

	for (i = 0; i < job->c.info->handles; i++) {
		u32 handle = job->c.handle[i];
		bool session = trm_is_session(handle);
		struct trm_entity *e;

		if (!session && TPM_HT(handle) != TPM_HT_TRANSIENT)
			continue;
		e = session ? usable(job, handle) :
			      trm_space_object(job->space, handle);
		if (!session && !e)
			return -EINVAL;
		if (!e || e->place == TRM_NONE)
			return trm_job_error(job, TPM_RC_REFERENCE_H0 + i);
		job->handle[i] = e;
	}
	return TRM_JOB_FORWARD;
}

/* What the authorization area names. */
static int find_auths(struct trm_job *job)
{
	unsigned int i;

	for (i = 0; i < job->c.nr_auths; i++) {
		u32 handle = job->c.auth[i].handle;

		if (!trm_is_session(handle))
			continue;
		job->auth[i] = usable(job, handle);
		if (!job->auth[i])
			return trm_job_error(job, TPM_RC_REFERENCE_S0 + i);
	}
	return TRM_JOB_FORWARD;
}

/* What the resource manager does itself. */
static int do_own(struct trm_job *job)
{
	switch (job->c.code) {
	case TPM_CC_FlushContext:
		return trm_do_flush_context(job);
	case TPM_CC_ContextSave:
		return trm_do_context_save(job);
	case TPM_CC_ContextLoad:
		return trm_do_context_load(job);
	case TPM_CC_GetCapability:
		return trm_do_get_capability(job);
	default:
		return TRM_JOB_FORWARD;
	}
}

/* The handle in the response will be a session's. */
static bool makes_session(const struct trm_job *job)
{
	return trm_space_need(tpm2_bytes(job->cmd, job->len)) ==
	       TRM_NEED_SESSION;
}

/* May it have what the response would bring? */
static int check_quota(struct trm_job *job)
{
	struct trm_space *space = job->space;
	struct trm_room *room = space->room;

	if (!job->c.info->handle_out)
		return TRM_JOB_FORWARD;
	/* Where a session's context may be loaded is for context.c to say. */
	if (job->c.code == TPM_CC_ContextLoad && makes_session(job))
		return TRM_JOB_FORWARD;
	if (job->c.code == TPM_CC_StartAuthSession)
		return trm_room_admits(room, space->account, NULL) ?
			TRM_JOB_FORWARD :
			trm_job_error(job, TPM_RC_SESSION_HANDLES);
	return space->file.objects < READ_ONCE(room->limits->objects) ?
		TRM_JOB_FORWARD : trm_job_error(job, TPM_RC_OBJECT_MEMORY);
}

/* Loads one thing; @missing: what to say if the TPM has lost it. */
static int load(struct trm_job *job, struct trm_entity *e, u32 missing)
{
	u32 rc;
	int err;

	if (!e)
		return TRM_JOB_FORWARD;
	/* Loading another one may have shown that the TPM has lost it. */
	if (e->place == TRM_NONE)
		return trm_job_error(job, missing);
	err = trm_room_load(job->space->room, e, &rc);
	if (err)
		return err;
	if (e->place == TRM_NONE)
		return trm_job_error(job, missing);
	if (rc)
		return trm_job_error(job, rc);
	return TRM_JOB_FORWARD;
}

static int load_all(struct trm_job *job)
{
	unsigned int i;
	int len;

	for (i = 0; i < job->c.info->handles; i++) {
		len = load(job, job->handle[i], TPM_RC_REFERENCE_H0 + i);
		if (len)
			return len;
	}
	for (i = 0; i < job->c.nr_auths; i++) {
		len = load(job, job->auth[i], TPM_RC_REFERENCE_S0 + i);
		if (len)
			return len;
	}
	return TRM_JOB_FORWARD;
}

/* What the command names is neither evicted nor kicked out for it. */
static void pin_all(struct trm_job *job, bool pinned)
{
	unsigned int i;

	for (i = 0; i < TPM2_MAX_HANDLES; i++) {
		if (job->handle[i])
			job->handle[i]->pinned = pinned;
	}
	for (i = 0; i < TPM2_MAX_SESSIONS; i++) {
		if (job->auth[i])
			job->auth[i]->pinned = pinned;
	}
}

/* A session keeps the upper octet under which the client knows it. */
static void replace_handles(struct trm_job *job)
{
	unsigned int i;

	for (i = 0; i < job->c.info->handles; i++) {
		if (job->handle[i] && !job->handle[i]->session)
			put_unaligned_be32(job->handle[i]->handle, job->cmd +
					   TPM2_HEADER_SIZE + 4 * i);
	}
}

/*
 * The public area with which an object is made or loaded: the second parameter,
 * which is never encrypted.
 */
static bool has_no_da(const struct trm_job *job)
{
	struct tpm2_reader r = tpm2_reader(job->c.params.data,
					   job->c.params.len);
	struct tpm2_bytes public;

	if (job->c.code != TPM_CC_CreatePrimary &&
	    job->c.code != TPM_CC_CreateLoaded && job->c.code != TPM_CC_Load &&
	    job->c.code != TPM_CC_LoadExternal)
		return false;
	tpm2_get_sized(&r);
	public = tpm2_get_sized(&r);
	r = tpm2_reader(public.data, public.len);
	tpm2_get(&r, 2 + 2); /* type, nameAlg */
	return tpm2_get_u32(&r) & TPMA_OBJECT_noDA;
}

/* An object whose context the client has brought need not be saved again. */
static void take_loaded(struct trm_job *job, struct trm_entity *e)
{
	struct tpm2_bytes params = job->c.params;

	if (job->c.code != TPM_CC_ContextLoad || params.len > e->context.size)
		return;
	memcpy(e->context.data, params.data, params.len);
	e->context.len = params.len;
	e->clean = !trm_swap_is_sequence(&e->context);
}

/* A new handle: into the space, and virtual from here on. */
static int take_handle(struct trm_job *job, u32 handle)
{
	struct trm_entity *e = job->spare;
	struct trm_space *space = job->space;

	if (!e || !trm_room_believes(space->room, handle, makes_session(job))) {
		trm_doubt(space->room);
		return -EIO;
	}
	job->spare = NULL;
	trm_space_charge(space, e);
	trm_room_admit(space->room, e, handle);
	if (e->session) {
		trm_space_adopt(space, e);
		trm_room_trim(space->room, e);
		return 0;
	}
	e->no_da = has_no_da(job);
	trm_space_add(space, e);
	take_loaded(job, e);
	put_unaligned_be32(e->vhandle, job->rsp + TPM2_HEADER_SIZE);
	return 0;
}

/* What is over after a success: sessions not continued, a sequence completed. */
static void dismiss_ended(struct trm_job *job)
{
	struct trm_room *room = job->space->room;
	unsigned int i, last = job->c.info->handles - 1;

	for (i = 0; i < job->c.nr_auths; i++) {
		if (job->auth[i] && !(job->c.auth[i].attributes &
				      TPMA_SESSION_continueSession))
			trm_room_dismiss(room, job->auth[i]);
	}
	if (job->c.info->flushes && job->handle[last])
		trm_room_dismiss(room, job->handle[last]);
	/* What else is gone, the lists tell; strangers' objects are, too. */
	if (job->c.info->extensive) {
		trm_room_unsettle(room);
		trm_wonder(room);
	}
}

/* The TPM says that something is not loaded that we thought was. */
static void lose_missing(struct trm_job *job, u32 rc)
{
	struct trm_entity *e = NULL;

	if (rc >= TPM_RC_REFERENCE_H0 &&
	    rc < TPM_RC_REFERENCE_H0 + TPM2_MAX_HANDLES)
		e = job->handle[rc - TPM_RC_REFERENCE_H0];
	else if (rc >= TPM_RC_REFERENCE_S0 &&
		 rc < TPM_RC_REFERENCE_S0 + TPM2_MAX_SESSIONS)
		e = job->auth[rc - TPM_RC_REFERENCE_S0];
	if (e)
		trm_room_lose(job->space->room, e);
}

static int settle(struct trm_job *job, size_t len)
{
	struct trm_wire_response r;
	int err;

	if (trm_wire_parse_response(tpm2_bytes(job->rsp, len), job->c.info,
				    job->c.nr_auths, &r)) {
		trm_doubt(job->space->room);
		return -EIO;
	}
	if (job->space->restricted)
		trm_budget_note(job->space->room, r.rc);
	if (r.rc) {
		lose_missing(job, r.rc);
		return len;
	}
	dismiss_ended(job);
	if (job->c.code == TPM_CC_DictionaryAttackLockReset ||
	    job->c.code == TPM_CC_DictionaryAttackParameters)
		trm_budget_reset(job->space->room);
	if (job->c.info->handle_out) {
		err = take_handle(job, r.handle);
		if (err)
			return err;
	}
	if (job->c.code == TPM_CC_GetCapability && !job->c.nr_auths)
		trm_show_properties(job, len);
	return len;
}

static int forward(struct trm_job *job)
{
	int len;

	pin_all(job, true);
	len = load_all(job);
	if (!len) {
		replace_handles(job);
		len = trm_room_send(job->space->room,
				    tpm2_bytes(job->cmd, job->len), job->rsp);
		pin_all(job, false);
		return len < 0 ? len : settle(job, len);
	}
	pin_all(job, false);
	return len;
}

int trm_space_transmit(struct trm_space *space, u8 *cmd, size_t len,
		       struct trm_entity *spare, u8 *rsp)
{
	static int (*const steps[])(struct trm_job *job) = {
		parse, check_privilege, find_handles, find_auths, check_budget,
		check_quota, do_own, forward,
	};
	struct trm_job job = {
		.space = space,
		.cmd = cmd,
		.len = len,
		.spare = spare,
		.rsp = rsp,
	};
	unsigned int i;
	int done = TRM_JOB_FORWARD;

	space->room->caller = space;
	for (i = 0; i < ARRAY_SIZE(steps) && done == TRM_JOB_FORWARD; i++)
		done = steps[i](&job);
	space->room->caller = NULL;
	return done == -EBADMSG ? -EIO : done;
}
