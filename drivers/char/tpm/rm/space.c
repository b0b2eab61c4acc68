// SPDX-License-Identifier: GPL-2.0-only
/*
 * The space of a user client: what is in it, and what becomes of that when the
 * file is closed.
 *
 * PURE: used by the module and the host tests alike.
 */
#include "job.h"

void trm_space_init(struct trm_space *space, struct trm_room *room)
{
	space->room = room;
	space->account[TRM_FILE] = &space->file;
	INIT_LIST_HEAD(&space->objects);
	INIT_LIST_HEAD(&space->sessions);
}

enum trm_need trm_space_need(struct tpm2_bytes cmd)
{
	u32 code = trm_wire_code(cmd);
	const struct trm_command_info *info = trm_command_find(code);
	struct tpm2_reader r = tpm2_reader(cmd.data, cmd.len);

	if (code == TPM_CC_StartAuthSession)
		return TRM_NEED_SESSION;
	if (info && !info->handle_out)
		return TRM_NEED_NOTHING;
	if (code != TPM_CC_ContextLoad)
		return TRM_NEED_OBJECT;
	tpm2_get(&r, TPM2_HEADER_SIZE + 8); /* sequence */
	return trm_is_session(tpm2_get_u32(&r)) ? TRM_NEED_SESSION :
						  TRM_NEED_OBJECT;
}

struct trm_entity *trm_space_object(struct trm_space *space, u32 vhandle)
{
	struct trm_entity *e;

	list_for_each_entry(e, &space->objects, member) {
		if (e->vhandle == vhandle)
			return e;
	}
	return NULL;
}

struct trm_entity *trm_space_session(struct trm_space *space, u32 handle)
{
	struct trm_entity *e;

	list_for_each_entry(e, &space->sessions, member) {
		if (trm_same_handle(e->handle, handle))
			return e;
	}
	return NULL;
}

/* The lowest virtual handle that is free, counted as the stock driver does. */
void trm_space_add(struct trm_space *space, struct trm_entity *object)
{
	u32 vhandle = TRM_VHANDLE_FIRST;
	struct trm_entity *e;

	list_for_each_entry(e, &space->objects, member) {
		if (e->vhandle != vhandle)
			break;
		vhandle--;
	}
	object->vhandle = vhandle;
	list_add_tail(&object->member, &e->member);
}

void trm_space_charge(struct trm_space *space, struct trm_entity *e)
{
	unsigned int scope;

	e->space = space;
	for (scope = 0; scope < TRM_NR_SCOPES; scope++)
		e->account[scope] = space->account[scope];
}

void trm_space_adopt(struct trm_space *space, struct trm_entity *e)
{
	list_add_tail(&e->member, &space->sessions);
}

/* Oldest first, until the user has no more of them than he may. */
static void trim_orphans(struct trm_room *room, struct trm_account *user)
{
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, &room->orphans, member) {
		if (user->orphans <= READ_ONCE(room->limits->orphans))
			break;
		if (e->account[TRM_USER] == user)
			trm_room_flush(room, e);
	}
}

static void orphan(struct trm_room *room, struct trm_entity *e)
{
	unsigned int scope;

	e->space = NULL;
	e->hold = TRM_ORPHAN;
	e->account[TRM_FILE]->sessions--;
	e->account[TRM_FILE] = NULL;
	for (scope = 0; scope < TRM_NR_SCOPES; scope++) {
		if (e->account[scope])
			e->account[scope]->orphans++;
	}
	list_move_tail(&e->member, &room->orphans);
	trim_orphans(room, e->account[TRM_USER]);
}

void trm_space_close(struct trm_space *space)
{
	struct trm_room *room = space->room;
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, &space->objects, member)
		trm_room_flush(room, e);
	list_for_each_entry_safe(e, next, &space->sessions, member) {
		if (e->hold == TRM_HANDED && e->account[TRM_USER])
			orphan(room, e);
		else
			trm_room_flush(room, e);
	}
}
