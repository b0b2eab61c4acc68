// SPDX-License-Identifier: GPL-2.0-only
/*
 * Room in the TPM for a command, and what stays in it afterwards.
 *
 * PURE: used by the module and the host tests alike.
 *
 * Nothing is done ahead of need: a command is sent, and if the TPM warns that
 * it lacks room, the least harmful thing that gives some is done and the command
 * is sent again.  So where there is room, a command costs one command; and what
 * a command has loaded stays where it is until somebody else needs the slot.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#include "room.h"
#include "swap.h"

/* One command is repaired this often: all sessions, and the slots. */
#define MAX_REPAIRS	(TRM_MAX_NUMBERS + 2 * TRM_MAX_PARKED)

void trm_room_init(struct trm_room *room, struct trm_transport *tp,
		   const struct trm_limits *limits)
{
	memset(room, 0, sizeof(*room));
	room->tp = tp;
	room->limits = limits;
	room->object_slots = 3;
	room->session_slots = 3;
	room->session_numbers = 64;
	room->gap = 255;
	room->object_context = TRM_MAX_CONTEXT;
	room->session_context = TRM_MAX_CONTEXT;
	room->begun = U64_MAX;
	INIT_LIST_HEAD(&room->loaded);
	INIT_LIST_HEAD(&room->saved);
	INIT_LIST_HEAD(&room->kernel);
	INIT_LIST_HEAD(&room->orphans);
	INIT_LIST_HEAD(&room->dead);
}

/* A property of the TPM; what makes no sense is not believed. */
static void take_property(struct trm_room *room, u32 property, u32 value)
{
	if (property == TPM_PT_HR_TRANSIENT_MIN && value >= 2)
		room->object_slots = value;
	else if (property == TPM_PT_HR_LOADED_MIN && value >= 2)
		room->session_slots = value;
	else if (property == TPM_PT_ACTIVE_SESSIONS_MAX && value >= 3)
		room->session_numbers = min_t(u32, value, TRM_MAX_NUMBERS);
	else if (property == TPM_PT_CONTEXT_GAP_MAX && value >= 255)
		room->gap = value;
	else if (property == TPM_PT_MAX_OBJECT_CONTEXT && value)
		room->object_context = min_t(u32, value, TRM_MAX_CONTEXT);
	else if (property == TPM_PT_MAX_SESSION_CONTEXT && value)
		room->session_context = min_t(u32, value, TRM_MAX_CONTEXT);
}

void trm_room_measure(struct trm_room *room)
{
	struct trm_property list[TPM_PT_MAX_SESSION_CONTEXT + 1 -
				 TPM_PT_HR_TRANSIENT_MIN];
	int i, nr = trm_swap_properties(room, TPM_PT_HR_TRANSIENT_MIN, list,
					ARRAY_SIZE(list));

	for (i = 0; i < nr; i++)
		take_property(room, list[i].property, list[i].value);
	room->measured = nr > 0;
}

void trm_note(struct trm_room *room, enum trm_event event, u32 handle)
{
	room->events[event]++;
	if (room->tp->note)
		room->tp->note(room->tp, event, handle);
}

/* @by is 1 for a new one, -1 for one that is over. */
static void charge(struct trm_room *room, struct trm_entity *e, int by)
{
	struct trm_account *account;
	unsigned int scope;

	if (!e->session) {
		if (e->account[TRM_FILE])
			e->account[TRM_FILE]->objects += by;
		return;
	}
	if (trm_is_users(e))
		room->nr_users += by;
	for (scope = 0; scope < TRM_NR_SCOPES; scope++) {
		account = e->account[scope];
		if (!account)
			continue;
		account->sessions += by;
		if (e->hold == TRM_ORPHAN)
			account->orphans += by;
	}
}

/* The number that the TPM gave out just now cannot be another's. */
static void lose_former(struct trm_room *room, const struct trm_entity *now,
			u32 handle)
{
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, &room->loaded, node) {
		if (e != now && trm_same_handle(e->handle, handle))
			trm_room_lose(room, e);
	}
	list_for_each_entry_safe(e, next, &room->saved, node) {
		if (e != now && trm_same_handle(e->handle, handle))
			trm_room_lose(room, e);
	}
}

void trm_room_admit(struct trm_room *room, struct trm_entity *e, u32 handle)
{
	lose_former(room, e, handle);
	e->place = TRM_LOADED;
	e->hold = TRM_HELD;
	e->handle = handle;
	e->session = trm_is_session(handle);
	e->clean = false;
	e->used = ++room->clock;
	list_add_tail(&e->node, &room->loaded);
	if (!e->space)
		list_add_tail(&e->member, &room->kernel);
	charge(room, e, 1);
}

/* Not in the TPM any more, and not in its slot. */
static void forget(struct trm_entity *e)
{
	e->place = TRM_NONE;
	e->clean = false;
	list_del_init(&e->node);
	memzero_explicit(e->context.data, e->context.size);
}

void trm_room_dismiss(struct trm_room *room, struct trm_entity *e)
{
	/* A kernel client still has what it holds, and may start it again. */
	bool kernels = !e->space && e->hold == TRM_HELD;

	if (kernels && e->place == TRM_NONE)
		return;
	forget(e);
	charge(room, e, -1);
	e->space = NULL;
	list_del_init(&e->member);
	if (!kernels)
		list_add_tail(&e->member, &room->dead);
}

void trm_room_lose(struct trm_room *room, struct trm_entity *e)
{
	/* If it is there after all, nobody knows it from now on. */
	trm_wonder(room);
	if (e->session || !e->space) {
		trm_room_dismiss(room, e);
	} else if (e->place == TRM_LOADED && e->clean) {
		e->place = TRM_SAVED;
		list_del_init(&e->node);
	} else {
		forget(e);
	}
}

/* Does one thing about a warning; false if nothing can be done. */
static bool repair(struct trm_room *room, u32 rc, bool *refreshed)
{
	switch (rc) {
	case TPM_RC_OBJECT_MEMORY:
	case TPM_RC_OBJECT_HANDLES:
	case TPM_RC_MEMORY:
		return trm_evict_one(room, false) || trm_park_object(room);
	case TPM_RC_SESSION_MEMORY:
		return trm_evict_one(room, true) ||
		       trm_park_session(room, refreshed);
	case TPM_RC_SESSION_HANDLES:
		return trm_kick_one(room);
	case TPM_RC_CONTEXT_GAP:
		return trm_close_gap(room, refreshed);
	default:
		return rc == TPM_RC_YIELDED;
	}
}

int trm_room_send(struct trm_room *room, struct tpm2_bytes cmd, u8 *rsp)
{
	bool refreshed = false;
	int len, tries;

	trm_look_round(room, cmd);
	for (tries = 0;; tries++) {
		len = room->tp->send(room->tp, cmd, rsp, TPM2_BUFFER_SIZE);
		if (len >= 0 && len < TPM2_HEADER_SIZE)
			len = -EBADMSG;
		if (len < 0) {
			trm_failed(room, len);
			return len;
		}
		if (tries == MAX_REPAIRS ||
		    !repair(room, get_unaligned_be32(rsp + 6), &refreshed))
			return len;
	}
}

/* A session keeps its number; an object may have any that is nobody's. */
static bool is_back(struct trm_room *room, const struct trm_entity *e,
		    u32 handle)
{
	return e->session ? trm_same_handle(e->handle, handle) :
			    trm_room_believes(room, handle, false);
}

/* Loads the context of something of ours, making room for it. */
static int load(struct trm_room *room, struct trm_entity *e, u32 *rc)
{
	bool refreshed = false;
	u32 handle;
	int err, tries;

	for (tries = 0;; tries++) {
		err = trm_swap_load(room, &e->context, &handle, rc);
		if (err)
			return err;
		if (!*rc)
			break;
		if (tries == MAX_REPAIRS || !repair(room, *rc, &refreshed))
			return 0;
	}
	if (!is_back(room, e, handle)) {
		trm_doubt(room);
		return -EBADMSG;
	}
	lose_former(room, e, handle);
	e->place = TRM_LOADED;
	e->handle = handle;
	list_del(&e->node);
	list_add_tail(&e->node, &room->loaded);
	trm_note(room, TRM_EVENT_LOAD, handle);
	return 0;
}

/* A session changes with each use, and so does a sequence. */
static bool stays_clean(const struct trm_entity *e)
{
	return !e->session && !trm_swap_is_sequence(&e->context);
}

int trm_room_load(struct trm_room *room, struct trm_entity *e, u32 *rc)
{
	bool pinned = e->pinned;
	int err;

	*rc = TPM_RC_SUCCESS;
	if (e->place == TRM_NONE)
		return -EINVAL;
	e->used = ++room->clock;
	if (e->place == TRM_LOADED) {
		list_move_tail(&e->node, &room->loaded);
		e->clean = e->clean && stays_clean(e);
		return 0;
	}
	/* What is being loaded is not to be kicked out for it. */
	e->pinned = true;
	err = load(room, e, rc);
	e->pinned = pinned;
	if (err)
		return err;
	if (!*rc)
		e->clean = stays_clean(e);
	else if (*rc & TPM_RC_FMT1)
		/* Not a lack of room: the TPM was reset or cleared. */
		trm_room_lose(room, e);
	else
		trm_wonder(room);
	return 0;
}

/* The context has come; a session has left its slot with it. */
static void take_context(struct trm_room *room, struct trm_entity *e)
{
	trm_note(room, TRM_EVENT_SAVE, e->handle);
	if (!e->session) {
		e->clean = true;
		return;
	}
	e->place = TRM_SAVED;
	list_move_tail(&e->node, &room->saved);
	room->newest = trm_swap_age(&e->context);
}

int trm_room_save(struct trm_room *room, struct trm_entity *e, u32 *rc)
{
	int err;

	*rc = TPM_RC_SUCCESS;
	if (e->place == TRM_NONE)
		return -EINVAL;
	if (e->place == TRM_SAVED || e->clean)
		return 0;
	err = trm_swap_save(room, e->handle, &e->context, rc);
	if (err)
		return err;
	if (!*rc)
		take_context(room, e);
	else if (*rc == TPM_RC_REFERENCE_H0 || *rc & TPM_RC_FMT1)
		trm_room_lose(room, e);
	else if (*rc != TPM_RC_CONTEXT_GAP)
		trm_wonder(room);
	return 0;
}

int trm_room_flush(struct trm_room *room, struct trm_entity *e)
{
	int err = 0;
	u32 rc;

	/* A saved object has no slot; a saved session still has its number. */
	if (e->place == TRM_LOADED || (e->place == TRM_SAVED && e->session)) {
		err = trm_swap_flush(room, e->handle, &rc);
		trm_note(room, TRM_EVENT_FLUSH, e->handle);
	}
	trm_room_dismiss(room, e);
	return err;
}

void trm_room_move(struct trm_room *room, struct trm_entity *from,
		   struct trm_entity *to)
{
	to->place = TRM_SAVED;
	to->hold = TRM_HELD;
	to->session = true;
	to->clean = false;
	to->handle = from->handle;
	to->used = ++room->clock;
	to->context.handle = from->context.handle;
	to->context.len = from->context.len;
	memcpy(to->context.data, from->context.data, from->context.len);
	/* The same place in the list, which is in the order of saving. */
	list_add(&to->node, &from->node);
	charge(room, to, 1);
	trm_room_dismiss(room, from);
}

void trm_room_enter(struct trm_room *room)
{
	room->begun = room->clock;
}

void trm_room_leave(struct trm_room *room)
{
	struct trm_entity *e, *next;

	room->begun = U64_MAX;
	/* A session that has done its work may be over, and its number free. */
	if (room->foreign)
		trm_room_unsettle(room);
	room->foreign = 0;
	list_for_each_entry_safe(e, next, &room->kernel, member) {
		if (!e->keep)
			trm_room_flush(room, e);
	}
}

bool trm_room_keep(struct trm_room *room, struct trm_entity *e,
		   struct trm_account *const *account)
{
	unsigned int scope;

	if (e->keep)
		return true;
	if (account && !trm_room_admits(room, account, NULL))
		return false;
	e->keep = true;
	trm_note(room, TRM_EVENT_KEEP, e->handle);
	if (!account)
		return true;
	for (scope = 0; scope < TRM_NR_SCOPES; scope++)
		e->account[scope] = account[scope];
	charge(room, e, 1);
	trm_room_trim(room, e);
	return true;
}

bool trm_room_let_go(struct trm_room *room, struct trm_entity *e)
{
	/* A saved object occupies nothing in the TPM. */
	if (e->place == TRM_SAVED && !e->session)
		trm_room_dismiss(room, e);
	if (e->place == TRM_NONE)
		return false;
	e->hold = TRM_LEFT;
	e->keep = false;
	return true;
}

/* Takes out what was used least recently until @max of a kind are left. */
static void thin_out(struct trm_room *room, bool session, unsigned int max)
{
	struct trm_entity *e, *next;
	unsigned int nr = 0;

	list_for_each_entry(e, &room->loaded, node)
		nr += e->session == session;
	list_for_each_entry_safe(e, next, &room->loaded, node) {
		if (nr <= max)
			break;
		if (e->session != session)
			continue;
		trm_take_out(room, e);
		nr--;
	}
}

/* How many of ours may rest: one slot is left free beside those of strangers. */
static unsigned int may_rest(const struct trm_room *room, bool session)
{
	enum trm_kind kind = session ? TRM_SESSIONS_LOADED : TRM_OBJECTS;
	unsigned int slots = session ? room->session_slots :
				       room->object_slots;

	return slots - 1 - min(room->strangers[kind].nr, slots - 1);
}

void trm_room_rest(struct trm_room *room, bool empty)
{
	room->caller = NULL;
	trm_room_leave(room);
	trm_clear_up(room);
	if (!empty && !list_empty(&room->loaded)) {
		trm_count_strangers(room, TRM_OBJECTS);
		trm_count_strangers(room, TRM_SESSIONS_LOADED);
	}
	thin_out(room, false, empty ? 0 : may_rest(room, false));
	thin_out(room, true, empty ? 0 : may_rest(room, true));
	trm_refresh_old(room);
	/* Last: while strangers are away there is a slot for refreshing. */
	trm_put_back(room);
	trm_clear_up(room);
}
