// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is in the TPM that nobody knows.
 *
 * PURE: used by the module and the host tests alike.
 *
 * An answer may be damaged on its way, or not be the TPM's own.  Then the TPM may
 * hold an object or session that we have never heard of, or may not hold what we
 * think it does.  The same after an error that nothing vouches for.  That is
 * doubt.  It ends before anybody else has his turn: the lists of handles are read,
 * our books are set right, and what is neither ours nor a stranger's is flushed.
 *
 * So strangers must be known.  Nobody but us uses the TPM in a transaction, so
 * they are counted when nobody waits; and if others have used it since, then
 * before something is created.
 */
#include <linux/minmax.h>

#include "room.h"
#include "swap.h"
#include "wire.h"

static const u32 first_handle[TRM_NR_KINDS] = {
	[TRM_OBJECTS] = TPM_HANDLE_FIRST(TPM_HT_TRANSIENT),
	[TRM_SESSIONS_LOADED] = TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION),
	[TRM_SESSIONS_SAVED] = TPM_HANDLE_FIRST(TPM_HT_POLICY_SESSION),
};

/* Asks what there is of a kind, into @room->list. */
static bool get_list(struct trm_room *room, enum trm_kind kind)
{
	struct trm_handles *list = &room->list[kind];
	int nr = trm_swap_list(room, first_handle[kind], list->handle,
			       TRM_MAX_LISTED);

	list->nr = max(nr, 0);
	if (nr < 0)
		trm_failed(room, nr);
	return nr >= 0;
}

static bool has(const struct trm_handles *list, u32 handle)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++) {
		if (trm_same_handle(list->handle[i], handle))
			return true;
	}
	return false;
}

static bool any_has(const struct trm_handles *lists, u32 handle)
{
	enum trm_kind kind;

	for (kind = 0; kind < TRM_NR_KINDS; kind++) {
		if (has(&lists[kind], handle))
			return true;
	}
	return false;
}

static void add(struct trm_handles *list, u32 handle)
{
	if (list->nr < TRM_MAX_LISTED && !has(list, handle))
		list->handle[list->nr++] = handle;
}

static enum trm_kind loaded_kind(u32 handle)
{
	return trm_is_session(handle) ? TRM_SESSIONS_LOADED : TRM_OBJECTS;
}

static bool is_parked(const struct trm_room *room, u32 handle)
{
	unsigned int i;

	for (i = 0; i < room->nr_parked; i++) {
		if (trm_same_handle(room->parked[i].handle, handle))
			return true;
	}
	return false;
}

/*
 * A stranger's session may be in either list.  While his object is parked, what
 * has its slot is not his.
 */
static bool is_strangers(const struct trm_room *room, u32 handle)
{
	return any_has(room->strangers, handle) &&
	       (trm_is_session(handle) || !is_parked(room, handle));
}

void trm_count_strangers(struct trm_room *room, enum trm_kind kind)
{
	struct trm_handles *strangers = &room->strangers[kind];
	const struct trm_handles *list = &room->list[kind];
	unsigned int i;

	if (room->counted[kind] || !get_list(room, kind))
		return;
	strangers->nr = 0;
	for (i = 0; i < list->nr; i++) {
		if (!trm_is_ours(room, list->handle[i]))
			add(strangers, list->handle[i]);
	}
	/* Those that are away will be back. */
	for (i = 0; i < room->nr_parked; i++) {
		if (loaded_kind(room->parked[i].handle) == kind)
			add(strangers, room->parked[i].handle);
	}
	room->counted[kind] = true;
}

void trm_room_survey(struct trm_room *room)
{
	enum trm_kind kind;

	for (kind = 0; kind < TRM_NR_KINDS; kind++)
		trm_count_strangers(room, kind);
}

void trm_room_unsettle(struct trm_room *room)
{
	enum trm_kind kind;

	for (kind = 0; kind < TRM_NR_KINDS; kind++) {
		room->counted[kind] = false;
		room->strangers[kind].nr = 0;
	}
	room->others = true;
}

/* Before @cmd creates anything: what is there, if others may have left it? */
void trm_look_round(struct trm_room *room, struct tpm2_bytes cmd)
{
	const struct trm_command_info *info;

	if (!room->others)
		return;
	info = trm_command_find(trm_wire_code(cmd));
	if (!info || !info->handle_out)
		return;
	trm_count_strangers(room, info->code == TPM_CC_StartAuthSession ?
				  TRM_SESSIONS_LOADED : TRM_OBJECTS);
}

/* A stranger's handle is free again, by our doing. */
void trm_strike_out(struct trm_room *room, u32 handle)
{
	enum trm_kind kind;
	unsigned int i;

	for (kind = 0; kind < TRM_NR_KINDS; kind++) {
		struct trm_handles *list = &room->strangers[kind];

		for (i = list->nr; i-- > 0;) {
			if (trm_same_handle(list->handle[i], handle))
				list->handle[i] = list->handle[--list->nr];
		}
	}
}

/* Known to be nobody's: only then may it be flushed. */
static bool is_unknown(struct trm_room *room, enum trm_kind kind, u32 handle)
{
	return room->counted[kind] && !is_strangers(room, handle) &&
	       !trm_is_ours(room, handle);
}

static bool has_unknown(struct trm_room *room, enum trm_kind kind)
{
	const struct trm_handles *list = &room->list[kind];
	unsigned int i;

	for (i = 0; i < list->nr; i++) {
		if (is_unknown(room, kind, list->handle[i]))
			return true;
	}
	return false;
}

/*
 * A handle that we thought was in use, by ourselves.  The TPM may have lost what
 * had it; but then the list has the handle, and none that is nobody's.
 */
static bool is_given_anew(struct trm_room *room, u32 handle)
{
	enum trm_kind kind = loaded_kind(handle);

	return get_list(room, kind) && has(&room->list[kind], handle) &&
	       !has_unknown(room, kind);
}

static bool believes(struct trm_room *room, u32 handle, bool session)
{
	if (session ? !trm_is_session(handle) :
		      TPM_HT(handle) != TPM_HT_TRANSIENT)
		return false;
	if (is_strangers(room, handle)) {
		/* Or the list was wrong: nothing may be flushed by it. */
		trm_room_unsettle(room);
		return false;
	}
	return !trm_is_ours(room, handle) || is_given_anew(room, handle);
}

bool trm_room_believes(struct trm_room *room, u32 handle, bool session)
{
	if (believes(room, handle, session))
		return true;
	trm_doubt(room);
	return false;
}

/* Whatever becomes of it, it is not found again. */
static bool flush(struct trm_room *room, enum trm_kind kind, u32 handle)
{
	u32 rc;

	if (!trm_swap_flush(room, handle, &rc) && !rc) {
		trm_note(room, TRM_EVENT_FOUND, handle);
		return true;
	}
	add(&room->strangers[kind], handle);
	return false;
}

/* Something loaded that is in our way: is it what a lie has left behind? */
bool trm_flush_leftover(struct trm_room *room, u32 handle)
{
	return handle && is_unknown(room, loaded_kind(handle), handle) &&
	       flush(room, loaded_kind(handle), handle);
}

static void flush_unknown(struct trm_room *room, enum trm_kind kind)
{
	const struct trm_handles *list = &room->list[kind];
	unsigned int i;

	for (i = 0; i < list->nr; i++) {
		if (is_unknown(room, kind, list->handle[i]))
			flush(room, kind, list->handle[i]);
	}
}

/* What we thought was loaded; a session may have been saved all the same. */
static void check_loaded(struct trm_room *room)
{
	struct trm_entity *e, *next;
	u32 rc;

	list_for_each_entry_safe(e, next, &room->loaded, node) {
		if (has(&room->list[loaded_kind(e->handle)], e->handle))
			continue;
		/* We do not have its context. */
		if (has(&room->list[TRM_SESSIONS_SAVED], e->handle))
			trm_swap_flush(room, e->handle, &rc);
		trm_room_lose(room, e);
	}
}

/* What we thought was saved; the TPM may have loaded it all the same. */
static void check_saved(struct trm_room *room)
{
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, &room->saved, node) {
		if (has(&room->list[TRM_SESSIONS_SAVED], e->handle))
			continue;
		if (!has(&room->list[TRM_SESSIONS_LOADED], e->handle)) {
			trm_room_lose(room, e);
			continue;
		}
		e->place = TRM_LOADED;
		list_move_tail(&e->node, &room->loaded);
	}
}

/*
 * Ends doubt, if there is any.  If the lists do not come, it stays for the next
 * time.  Lists may lie as well: no stranger is forgotten because of one.
 */
void trm_clear_up(struct trm_room *room)
{
	enum trm_kind kind;

	if (room->doubt == TRM_SURE)
		return;
	if (room->doubt == TRM_DOUBT)
		trm_note(room, TRM_EVENT_DOUBT, 0);
	for (kind = 0; kind < TRM_NR_KINDS; kind++) {
		if (!get_list(room, kind))
			return;
	}
	check_saved(room);
	check_loaded(room);
	for (kind = 0; kind < TRM_NR_KINDS; kind++)
		flush_unknown(room, kind);
	room->doubt = TRM_SURE;
}
