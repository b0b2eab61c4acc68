// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects and sessions of ours out of their slots, and the context gap.
 *
 * PURE: used by the module and the host tests alike.
 *
 * The TPM numbers the saves of sessions with a counter of which it keeps a few
 * bits for each saved session.  When the counter has gone round to where the
 * oldest stands, no session can be saved any more (Part 1, 30.5): the gap.  So
 * the oldest is loaded and saved again long before.
 */
#include "room.h"
#include "swap.h"

/* Takes an entity of ours out of its slot; @rc says why not. */
bool trm_evict(struct trm_room *room, struct trm_entity *e, u32 *rc)
{
	u32 handle = e->handle;

	if (trm_room_save(room, e, rc) || *rc)
		return false;
	if (e->place != TRM_LOADED)
		return true;
	/* What was flushed behind our back is out of its slot as well. */
	if (trm_swap_flush(room, handle, rc))
		return false;
	e->place = TRM_SAVED;
	list_del_init(&e->node);
	return true;
}

static struct trm_entity *find_victim(struct trm_room *room, bool session)
{
	struct trm_entity *e;

	list_for_each_entry(e, &room->loaded, node) {
		if (!e->pinned && e->session == session)
			return e;
	}
	return NULL;
}

/* Evicts what was used least recently; false if nothing can be evicted. */
bool trm_evict_one(struct trm_room *room, bool session)
{
	struct trm_entity *e = find_victim(room, session);
	u32 rc;

	if (!e)
		return false;
	if (trm_evict(room, e, &rc))
		return true;
	/* One that the TPM has lost has left its slot too. */
	return e->place == TRM_NONE;
}

/* Evicts at any price: what cannot be saved is given up, not left behind. */
void trm_take_out(struct trm_room *room, struct trm_entity *e)
{
	bool refreshed = false;
	unsigned int tries;
	u32 rc;

	for (tries = 0; tries <= room->session_numbers; tries++) {
		if (trm_evict(room, e, &rc) || e->place == TRM_NONE)
			return;
		if (rc != TPM_RC_CONTEXT_GAP ||
		    !trm_close_gap(room, &refreshed))
			break;
	}
	trm_swap_flush(room, e->handle, &rc);
	trm_note(room, TRM_EVENT_FLUSH, e->handle);
	trm_room_lose(room, e);
}

/* Loads and saves a session of ours again: loading the oldest always works. */
static bool refresh(struct trm_room *room, struct trm_entity *e)
{
	u32 handle, rc;

	if (trm_swap_load(room, &e->context, &handle, &rc))
		return false;
	if (rc) {
		if (rc & TPM_RC_FMT1)
			trm_room_lose(room, e);
		return false;
	}
	e->place = TRM_LOADED;
	list_move_tail(&e->node, &room->loaded);
	trm_note(room, TRM_EVENT_REFRESH, e->handle);
	return trm_evict(room, e, &rc);
}

/*
 * A session saved long ago keeps all others from being saved.  Ours is
 * refreshed.  A stranger's we cannot load, and we do not know which it is: a
 * loaded one is flushed, since with two slots free nothing need be saved; else
 * saved ones, lowest numbers first, until the old one was among them.
 */
bool trm_close_gap(struct trm_room *room, bool *refreshed)
{
	struct trm_entity *oldest;

	oldest = list_first_entry_or_null(&room->saved, struct trm_entity,
					  node);
	if (oldest && !*refreshed) {
		*refreshed = true;
		if (refresh(room, oldest))
			return true;
	}
	return trm_kick_stranger(room, false, false);
}

static bool is_old(struct trm_room *room, const struct trm_entity *e)
{
	return room->newest - trm_swap_age(&e->context) > room->gap / 2;
}

/* Refreshes, oldest first, what half the gap lies behind. */
void trm_refresh_old(struct trm_room *room)
{
	struct trm_entity *oldest;
	unsigned int i;

	for (i = 0; i < room->session_numbers; i++) {
		oldest = list_first_entry_or_null(&room->saved,
						  struct trm_entity, node);
		if (!oldest || !is_old(room, oldest) || !refresh(room, oldest))
			break;
	}
}
