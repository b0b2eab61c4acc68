// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strangers' objects and sessions out of the way, and back where they were.
 *
 * PURE: used by the module and the host tests alike.
 *
 * A stranger is what users of /dev/tpm0 and the core have left in the TPM.  They
 * know their objects by slot numbers, so an object must get its slot back.
 */
#include "room.h"
#include "swap.h"

/* Loads of a parked object until it is in its old slot. */
#define MAX_LOADS	16

/* In the TPM by our doing. */
static bool is_managed(const struct trm_room *room, u32 handle)
{
	struct trm_entity *e;

	list_for_each_entry(e, &room->loaded, node) {
		if (trm_same_handle(e->handle, handle))
			return true;
	}
	list_for_each_entry(e, &room->saved, node) {
		if (trm_same_handle(e->handle, handle))
			return true;
	}
	return false;
}

/* Ours, or a session that we have parked and owe to its user. */
bool trm_is_ours(struct trm_room *room, u32 handle)
{
	unsigned int i;

	for (i = 0; i < room->nr_parked; i++) {
		if (trm_is_session(handle) &&
		    trm_same_handle(room->parked[i].handle, handle))
			return true;
	}
	return is_managed(room, handle);
}

/* A stranger's session that the transaction in progress uses. */
static bool is_used(const struct trm_room *room, u32 handle)
{
	return trm_is_session(handle) && room->foreign &&
	       trm_same_handle(room->foreign, handle);
}

bool trm_room_claim(struct trm_room *room, u32 handle)
{
	if (is_managed(room, handle))
		return false;
	/* It may be away, if it is claimed late. */
	trm_put_back(room);
	room->foreign = handle;
	/* Whatever becomes of it, others have used the TPM. */
	trm_room_unsettle(room);
	return true;
}

/*
 * A stranger's handle from @first on, or 0.  @last: the highest, else the
 * lowest.  User space fills slots and numbers from below, so what is highest
 * came last and has the least built upon it.  @nr: adds up how many there are.
 */
u32 trm_find_stranger(struct trm_room *room, u32 first, bool last,
		      unsigned int *nr)
{
	u32 handle[TRM_MAX_LISTED], found = 0;
	int i, listed = trm_swap_list(room, first, handle, TRM_MAX_LISTED);

	for (i = 0; i < listed; i++) {
		if (trm_is_ours(room, handle[i]) || is_used(room, handle[i]))
			continue;
		(*nr)++;
		if (!found || last)
			found = handle[i];
	}
	return found;
}

static u32 last_stranger(struct trm_room *room, u32 ht)
{
	unsigned int nr = 0;

	return trm_find_stranger(room, TPM_HANDLE_FIRST(ht), true, &nr);
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
	u32 first = TPM_HANDLE_FIRST(TPM_HT_TRANSIENT), handle[TRM_MAX_LISTED];
	int i, nr = trm_swap_list(room, first, handle, TRM_MAX_LISTED);

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

/* Room for one more; NULL if there is none. */
static struct trm_context *next_parked(struct trm_room *room)
{
	struct trm_context *ctx = &room->parked[room->nr_parked];

	if (room->nr_parked == TRM_MAX_PARKED)
		return NULL;
	ctx->data = room->parked_data[room->nr_parked];
	ctx->size = TRM_MAX_CONTEXT;
	return ctx;
}

/* Takes a stranger's object away until trm_put_back(). */
bool trm_park_object(struct trm_room *room)
{
	struct trm_context *ctx = next_parked(room);
	u32 handle, rc;

	if (!ctx || !slots_are_reused(room))
		return false;
	handle = last_stranger(room, TPM_HT_TRANSIENT);
	if (trm_flush_leftover(room, handle))
		return true;
	if (!handle || trm_swap_save(room, handle, ctx, &rc) || rc)
		return false;
	/* From here on the context may be all there is of it. */
	room->nr_parked++;
	trm_note(room, TRM_EVENT_PARK, handle);
	return !trm_swap_flush(room, handle, &rc) && !rc;
}

/* Takes a stranger's session away until trm_put_back(). */
bool trm_park_session(struct trm_room *room, bool *refreshed)
{
	struct trm_context *ctx = next_parked(room);
	u32 handle, rc;

	if (!ctx)
		return false;
	handle = last_stranger(room, TPM_HT_HMAC_SESSION);
	if (trm_flush_leftover(room, handle))
		return true;
	if (!handle || trm_swap_save(room, handle, ctx, &rc))
		return false;
	if (rc == TPM_RC_CONTEXT_GAP)
		return trm_close_gap(room, refreshed);
	if (rc)
		return false;
	room->nr_parked++;
	room->newest = trm_swap_age(ctx);
	trm_note(room, TRM_EVENT_PARK, handle);
	return true;
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

	for (tries = 0; tries < TRM_MAX_LISTED; tries++) {
		if (trm_swap_load(room, ctx, &handle, &rc))
			return false;
		if (rc != TPM_RC_CONTEXT_GAP)
			return !rc;
		if (!trm_close_gap(room, &refreshed))
			return false;
	}
	return false;
}

static bool put_back(struct trm_room *room, const struct trm_context *ctx)
{
	bool session = trm_is_session(ctx->handle);

	/* Ours may be in its slot, and in those before it. */
	while (trm_evict_one(room, session))
		;
	return session ? put_back_session(room, ctx) :
			 put_back_object(room, ctx);
}

/* Last taken, first put back: so lower slots are filled before higher ones. */
void trm_put_back(struct trm_room *room)
{
	while (room->nr_parked) {
		struct trm_context *ctx = &room->parked[--room->nr_parked];

		if (!put_back(room, ctx))
			trm_note(room, TRM_EVENT_LOST, ctx->handle);
		memzero_explicit(ctx->data, ctx->len);
	}
}
