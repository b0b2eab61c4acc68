// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making room in the TPM for a command, and leaving it as it was found.
 *
 * PURE: used by the module and the host tests alike.
 *
 * Nothing is done ahead of need: a command is sent, and if the TPM warns that
 * it lacks room, the least harmful thing that gives some is done and the command
 * is sent again.  So where there is room, a command costs one command.
 */
#include <linux/errno.h>

#include "room.h"
#include "swap.h"

/* Handles of one kind that are looked at; TPMs have 3 to 64. */
#define MAX_LISTED	64

/* One command is repaired this often: all sessions, and the slots. */
#define MAX_REPAIRS	(MAX_LISTED + 2 * TRM_MAX_PARKED)

/* Loads of a parked object until it is in its old slot. */
#define MAX_LOADS	16

static bool is_session(u32 handle)
{
	return TPM_HT(handle) == TPM_HT_HMAC_SESSION ||
	       TPM_HT(handle) == TPM_HT_POLICY_SESSION;
}

/* A session is listed under either upper octet. */
static bool same_handle(u32 a, u32 b)
{
	if (is_session(a) && is_session(b))
		return (a & TPM_HANDLE_INDEX) == (b & TPM_HANDLE_INDEX);
	return a == b;
}

void trm_room_init(struct trm_room *room, struct trm_transport *tp)
{
	memset(room, 0, sizeof(*room));
	room->tp = tp;
	INIT_LIST_HEAD(&room->own);
}

void trm_room_admit(struct trm_room *room, struct trm_entity *e, u32 handle)
{
	e->place = TRM_LOADED;
	e->handle = handle;
	e->clean = false;
	list_add_tail(&e->node, &room->own);
}

void trm_room_dismiss(struct trm_room *room, struct trm_entity *e)
{
	if (e->place == TRM_NONE)
		return;
	e->place = TRM_NONE;
	list_del_init(&e->node);
	memzero_explicit(&e->context, sizeof(e->context));
}

/* Ours, or a session that we have parked and owe to its user. */
static bool is_ours(struct trm_room *room, u32 handle)
{
	struct trm_entity *e;
	unsigned int i;

	for (i = 0; i < room->nr_parked; i++) {
		if (is_session(handle) &&
		    same_handle(room->parked[i].handle, handle))
			return true;
	}
	list_for_each_entry(e, &room->own, node) {
		if (e->place == TRM_SAVED && !is_session(e->handle))
			continue;
		if (same_handle(e->handle, handle))
			return true;
	}
	return false;
}

/*
 * A stranger's handle from @first on, or 0.  @last: the highest, else the
 * lowest.  User space fills slots and numbers from below, so what is highest
 * came last and has the least built upon it.
 */
static u32 find_stranger(struct trm_room *room, u32 first, bool last)
{
	u32 handle[MAX_LISTED], found = 0;
	int i, nr = trm_swap_list(room, first, handle, MAX_LISTED);

	for (i = 0; i < nr; i++) {
		if (is_ours(room, handle[i]))
			continue;
		found = handle[i];
		if (!last)
			break;
	}
	return found;
}

/* Takes an entity of ours out of its slot; *@rc says why not. */
static bool evict(struct trm_room *room, struct trm_entity *e, u32 *rc)
{
	*rc = TPM_RC_SUCCESS;
	if (!e->clean &&
	    (trm_swap_save(room, e->handle, &e->context, rc) || *rc))
		return false;
	if (!is_session(e->handle)) {
		e->clean = true;
		if (trm_swap_flush(room, e->handle, rc) || *rc)
			return false;
	}
	e->place = TRM_SAVED;
	return true;
}

static struct trm_entity *find_own(struct trm_room *room, bool session)
{
	struct trm_entity *e;

	list_for_each_entry(e, &room->own, node) {
		if (e->place == TRM_LOADED && !e->pinned &&
		    is_session(e->handle) == session)
			return e;
	}
	return NULL;
}

static bool evict_own(struct trm_room *room, bool session)
{
	struct trm_entity *e = find_own(room, session);
	u32 rc;

	return e && evict(room, e, &rc);
}

/* With a free slot: does the number of a flushed object come again? */
static enum trm_slots try_slots(struct trm_room *room)
{
	u32 first, second, rc;

	if (trm_swap_sequence(room, &first, &rc) || rc ||
	    trm_swap_flush(room, first, &rc) || rc ||
	    trm_swap_sequence(room, &second, &rc) || rc)
		return TRM_SLOTS_UNKNOWN;
	if (trm_swap_flush(room, second, &rc) || rc)
		return TRM_SLOTS_UNKNOWN;
	return first == second ? TRM_SLOTS_REUSED : TRM_SLOTS_UNIQUE;
}

/*
 * Without a free slot nothing can be tried.  But handles that are just the
 * first numbers of their kind, in a TPM whose firmware and kernel have already
 * loaded and flushed others, are numbers of slots.
 */
static enum trm_slots guess_slots(struct trm_room *room)
{
	u32 first = TPM_HANDLE_FIRST(TPM_HT_TRANSIENT), handle[MAX_LISTED];
	int i, nr = trm_swap_list(room, first, handle, MAX_LISTED);

	for (i = 0; i < nr; i++) {
		if (handle[i] != first + i)
			return TRM_SLOTS_UNKNOWN;
	}
	return nr > 0 ? TRM_SLOTS_REUSED : TRM_SLOTS_UNKNOWN;
}

static bool slots_are_reused(struct trm_room *room)
{
	if (room->slots == TRM_SLOTS_UNKNOWN)
		room->slots = try_slots(room);
	if (room->slots == TRM_SLOTS_UNKNOWN)
		room->slots = guess_slots(room);
	return room->slots == TRM_SLOTS_REUSED;
}

/* Takes a stranger's object away until trm_room_leave(). */
static bool park_object(struct trm_room *room)
{
	struct trm_context *ctx = &room->parked[room->nr_parked];
	u32 handle, rc;

	if (room->nr_parked == TRM_MAX_PARKED || !slots_are_reused(room))
		return false;
	handle = find_stranger(room, TPM_HANDLE_FIRST(TPM_HT_TRANSIENT), true);
	if (!handle || trm_swap_save(room, handle, ctx, &rc) || rc)
		return false;
	/* From here on the context may be all there is of it. */
	room->nr_parked++;
	return !trm_swap_flush(room, handle, &rc) && !rc;
}

/* Flushes a stranger's session for good. */
static bool kick(struct trm_room *room, u32 handle)
{
	u32 rc;

	if (!handle || trm_swap_flush(room, handle, &rc) || rc)
		return false;
	room->kicked++;
	return true;
}

static bool kick_loaded(struct trm_room *room)
{
	return kick(room, find_stranger(room,
				TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION), true));
}

static bool kick_saved(struct trm_room *room, bool last)
{
	return kick(room, find_stranger(room,
				TPM_HANDLE_FIRST(TPM_HT_POLICY_SESSION), last));
}

/* The session of ours that was saved first: it may hold the gap open. */
static struct trm_entity *oldest_own(struct trm_room *room)
{
	struct trm_entity *e, *oldest = NULL;

	list_for_each_entry(e, &room->own, node) {
		if (e->place != TRM_SAVED || !is_session(e->handle))
			continue;
		if (!oldest || trm_swap_age(&e->context) <
			       trm_swap_age(&oldest->context))
			oldest = e;
	}
	return oldest;
}

/* Loads and saves a session of ours again: loading the oldest always works. */
static bool refresh(struct trm_room *room, struct trm_entity *e)
{
	u32 handle, rc;

	if (trm_swap_load(room, &e->context, &handle, &rc) || rc)
		return false;
	e->place = TRM_LOADED;
	return evict(room, e, &rc);
}

/*
 * A session saved long ago keeps all others from being saved.  Ours is
 * refreshed.  A stranger's we cannot load, and we do not know which it is: a
 * loaded one is flushed, since with two slots free nothing need be saved; else
 * saved ones, lowest numbers first, until the old one was among them.
 */
static bool close_gap(struct trm_room *room, bool *refreshed)
{
	struct trm_entity *oldest = oldest_own(room);

	if (oldest && !*refreshed) {
		*refreshed = true;
		if (refresh(room, oldest))
			return true;
	}
	return kick_loaded(room) || kick_saved(room, false);
}

/* Takes a stranger's session away until trm_room_leave(). */
static bool park_session(struct trm_room *room, bool *refreshed)
{
	struct trm_context *ctx = &room->parked[room->nr_parked];
	u32 handle, rc;

	if (room->nr_parked == TRM_MAX_PARKED)
		return false;
	handle = find_stranger(room, TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION),
			       true);
	if (!handle || trm_swap_save(room, handle, ctx, &rc))
		return false;
	if (rc == TPM_RC_CONTEXT_GAP)
		return close_gap(room, refreshed);
	if (rc)
		return false;
	room->nr_parked++;
	return true;
}

/* Does one thing about a warning; false if nothing can be done. */
static bool repair(struct trm_room *room, u32 rc, bool *refreshed)
{
	switch (rc) {
	case TPM_RC_OBJECT_MEMORY:
	case TPM_RC_OBJECT_HANDLES:
	case TPM_RC_MEMORY:
		return evict_own(room, false) || park_object(room);
	case TPM_RC_SESSION_MEMORY:
		return evict_own(room, true) || park_session(room, refreshed);
	case TPM_RC_SESSION_HANDLES:
		return kick_saved(room, true) || kick_loaded(room);
	case TPM_RC_CONTEXT_GAP:
		return close_gap(room, refreshed);
	default:
		return rc == TPM_RC_YIELDED;
	}
}

int trm_room_send(struct trm_room *room, struct tpm2_bytes cmd, u8 *rsp)
{
	bool refreshed = false;
	int len, tries;

	for (tries = 0;; tries++) {
		len = room->tp->send(room->tp, cmd, rsp, TPM2_BUFFER_SIZE);
		if (len < 0)
			return len;
		if (len < TPM2_HEADER_SIZE)
			return -EBADMSG;
		if (tries == MAX_REPAIRS ||
		    !repair(room, get_unaligned_be32(rsp + 6), &refreshed))
			return len;
	}
}

/* Loads a context, making room for it. */
static int load(struct trm_room *room, const struct trm_context *ctx,
		u32 *handle, u32 *rc)
{
	bool refreshed = false;
	int err, tries;

	for (tries = 0;; tries++) {
		err = trm_swap_load(room, ctx, handle, rc);
		if (err || !*rc || tries == MAX_REPAIRS ||
		    !repair(room, *rc, &refreshed))
			return err;
	}
}

int trm_room_load(struct trm_room *room, struct trm_entity *e, u32 *rc)
{
	u32 handle;
	int err;

	*rc = TPM_RC_SUCCESS;
	if (e->place == TRM_NONE)
		return -EINVAL;
	list_move_tail(&e->node, &room->own);
	if (e->place == TRM_LOADED)
		return 0;
	err = load(room, &e->context, &handle, rc);
	if (err)
		return err;
	if (!*rc) {
		e->place = TRM_LOADED;
		e->handle = handle;
		e->clean = !is_session(handle);
	} else if (*rc & TPM_RC_FMT1) {
		/* Not a lack of room: the TPM was reset or cleared. */
		trm_room_dismiss(room, e);
	}
	return 0;
}

void trm_room_flush(struct trm_room *room, struct trm_entity *e)
{
	u32 rc;

	/* A saved object has no slot; a saved session still has its number. */
	if (e->place == TRM_LOADED ||
	    (e->place == TRM_SAVED && is_session(e->handle)))
		trm_swap_flush(room, e->handle, &rc);
	trm_room_dismiss(room, e);
}

/*
 * Puts a stranger's object back under its old handle.  The TPM chooses the
 * slot, so it is loaded again and again until it is in its own; the copies in
 * the free slots before that are flushed.
 */
static bool put_back_object(struct trm_room *room,
			    const struct trm_context *ctx)
{
	u32 handle, copy[MAX_LOADS], rc;
	unsigned int i, nr = 0;
	bool back = false;

	while (!back && nr < MAX_LOADS) {
		if (trm_swap_load(room, ctx, &handle, &rc) || rc)
			break;
		back = handle == ctx->handle;
		if (!back)
			copy[nr++] = handle;
	}
	for (i = 0; i < nr; i++)
		trm_swap_flush(room, copy[i], &rc);
	return back;
}

static bool put_back_session(struct trm_room *room,
			     const struct trm_context *ctx)
{
	bool refreshed = false;
	u32 handle, rc;
	int tries;

	for (tries = 0; tries < MAX_LISTED; tries++) {
		if (trm_swap_load(room, ctx, &handle, &rc))
			return false;
		if (rc != TPM_RC_CONTEXT_GAP)
			return !rc;
		if (!close_gap(room, &refreshed))
			return false;
	}
	return false;
}

/* Last taken, first put back: so lower slots are filled before higher ones. */
static void put_back(struct trm_room *room)
{
	while (room->nr_parked) {
		struct trm_context *ctx = &room->parked[--room->nr_parked];

		if (is_session(ctx->handle) ? !put_back_session(room, ctx) :
					      !put_back_object(room, ctx))
			room->lost++;
		memzero_explicit(ctx, sizeof(*ctx));
	}
}

/* Evicts at any price: what cannot be saved is given up, not left behind. */
static void take_out(struct trm_room *room, struct trm_entity *e)
{
	bool refreshed = false;
	u32 rc;
	int tries;

	for (tries = 0; tries < MAX_LISTED; tries++) {
		if (evict(room, e, &rc))
			return;
		if (rc != TPM_RC_CONTEXT_GAP || !close_gap(room, &refreshed))
			break;
	}
	trm_room_flush(room, e);
}

void trm_room_leave(struct trm_room *room)
{
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, &room->own, node) {
		if (!e->keep)
			trm_room_flush(room, e);
		else if (e->place == TRM_LOADED)
			take_out(room, e);
	}
	put_back(room);
}
