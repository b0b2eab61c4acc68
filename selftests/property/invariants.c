// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds after every command, whatever it was.
 */
#include "through.h"
#include "tpm.h"

#define MAX_LISTED	64

/* How often a handle is in a list of the room. */
static unsigned int listed(const struct list_head *list, u32 handle)
{
	struct trm_entity *e;
	unsigned int nr = 0;

	list_for_each_entry(e, list, node)
		nr += trm_same_handle(e->handle, handle);
	return nr;
}

static unsigned int length(const struct list_head *list, bool session)
{
	struct trm_entity *e;
	unsigned int nr = 0;

	list_for_each_entry(e, list, node)
		nr += e->session == session;
	return nr;
}

/*
 * What is in the TPM is ours, once, or a stranger's; and what is ours is there.
 * Returns how many there are in the TPM.
 */
static unsigned int check_list(struct through *t, u32 ht,
			       const struct list_head *list)
{
	u32 handle[MAX_LISTED];
	unsigned int nr = host_tpm_handles(ht, handle, MAX_LISTED), i, ours = 0;

	for (i = 0; i < nr; i++) {
		unsigned int times = listed(list, handle[i]);

		ours += !!times;
		if (times > 1)
			t->wrong = "a handle is there twice";
		if (!times && !others_have(&t->room, handle[i]))
			t->wrong = "something in the TPM is nobody's";
		if (times && others_have(&t->room, handle[i]))
			t->wrong = "a stranger's is held to be ours";
	}
	if (ours != length(list, ht != TPM_HT_TRANSIENT) && !t->mode->reset)
		t->wrong = "something of ours is not in the TPM";
	return nr;
}

static void check_tpm(struct through *t, bool rests)
{
	struct trm_room *room = &t->room;
	unsigned int objects, sessions;

	objects = check_list(t, TPM_HT_TRANSIENT, &room->loaded);
	sessions = check_list(t, TPM_HT_HMAC_SESSION, &room->loaded);
	check_list(t, TPM_HT_POLICY_SESSION, &room->saved);
	if (objects > room->object_slots || sessions > room->session_slots)
		t->wrong = "more in the TPM than it has slots";
	if (!rests)
		return;
	/* But for what strangers have filled by themselves. */
	if (objects >= room->object_slots && length(&room->loaded, false))
		t->wrong = "no object slot is free at rest";
	if (sessions >= room->session_slots && length(&room->loaded, true))
		t->wrong = "no session slot is free at rest";
	if (room->nr_parked)
		t->wrong = "something is parked at rest";
}

/* What must be true of anything of a space, or of none. */
static void check_entity(struct through *t, const struct trm_entity *e,
			 const struct trm_space *space)
{
	const struct list_head *list = &t->room.loaded;
	bool in_list = !list_empty(&e->node);
	bool orphan = e->hold == TRM_ORPHAN;

	if (e->place == TRM_SAVED)
		list = &t->room.saved;
	if (e->space != space || e->pinned)
		t->wrong = "an entity is not its owner's";
	if (in_list != (e->place == TRM_LOADED ||
			(e->place == TRM_SAVED && e->session)))
		t->wrong = "an entity is in the wrong list";
	if (in_list && !listed(list, e->handle))
		t->wrong = "an entity is not in its list";
	if (e->hold != TRM_HELD && e->place != TRM_SAVED)
		t->wrong = "a context that a client has is not saved";
	if (e->session && orphan == !!space)
		t->wrong = "an orphan has a file, or another has none";
	if (e->context.len > e->context.size)
		t->wrong = "a context is larger than its room";
}

/* Adds an entity to what its accounts should say. */
static void count(const struct trm_entity *e, const struct trm_account *of,
		  struct trm_account *sum)
{
	unsigned int scope;

	for (scope = 0; scope < TRM_NR_SCOPES; scope++) {
		if (e->account[scope] != of)
			continue;
		if (!e->session) {
			sum->objects += scope == TRM_FILE;
			continue;
		}
		sum->sessions++;
		sum->orphans += e->hold == TRM_ORPHAN;
	}
}

static void count_space(const struct trm_space *space,
			const struct trm_account *of, struct trm_account *sum)
{
	struct trm_entity *e;

	if (!space->room)
		return;
	list_for_each_entry(e, &space->objects, member)
		count(e, of, sum);
	list_for_each_entry(e, &space->sessions, member)
		count(e, of, sum);
}

static void check_account(struct through *t, const struct trm_account *of)
{
	struct trm_account sum = { 0 };
	struct trm_entity *e;
	unsigned int i;

	for (i = 0; i < t->nr; i++) {
		count_space(&t->files[i].space[0], of, &sum);
		count_space(&t->files[i].space[1], of, &sum);
	}
	list_for_each_entry(e, &t->room.orphans, member)
		count(e, of, &sum);
	if (memcmp(&sum, of, sizeof(sum)))
		t->wrong = "an account does not add up";
}

static void check_space(struct through *t, const struct trm_space *space)
{
	u32 vhandle = TRM_VHANDLE_FIRST + 1;
	struct trm_entity *e;

	if (!space->room)
		return;
	list_for_each_entry(e, &space->objects, member) {
		if (e->vhandle >= vhandle || e->session)
			t->wrong = "virtual handles are out of order";
		vhandle = e->vhandle;
		check_entity(t, e, space);
	}
	list_for_each_entry(e, &space->sessions, member) {
		if (!e->session)
			t->wrong = "an object among sessions";
		check_entity(t, e, space);
	}
	check_account(t, &space->file);
}

/* Quotas are kept, but for what the kernel and a refusal leave over. */
static void check_quotas(struct through *t)
{
	const struct trm_limits *l = &t->limits;
	unsigned int i;

	if (t->unprivileged.sessions > l->sessions[TRM_UNPRIVILEGED])
		t->wrong = "all users together are over quota";
	for (i = 0; i < t->nr; i++) {
		const struct trm_space *s = through_space(t, i);

		if (s->file.sessions > l->sessions[TRM_FILE] ||
		    s->file.objects > l->objects)
			t->wrong = "a file is over quota";
		if (t->files[i].user.sessions > l->sessions[TRM_USER] ||
		    t->files[i].user.orphans > l->orphans)
			t->wrong = "a user is over quota";
		if (t->files[i].cgroup.sessions > l->sessions[TRM_CGROUP])
			t->wrong = "a control group is over quota";
	}
	if (t->room.nr_users > t->room.session_numbers - l->reserve)
		t->wrong = "the kernel's reserve is used up";
}

/* Each session's context was saved after the one before it in the list. */
static void check_order(struct through *t)
{
	struct trm_entity *e;
	u64 last = 0, age;

	list_for_each_entry(e, &t->room.saved, node) {
		age = (u64)get_unaligned_be32(e->context.data) << 32 |
		      get_unaligned_be32(e->context.data + 4);
		if (age <= last && !t->mode->reset)
			t->wrong = "saved sessions are not in order";
		last = age;
	}
}

void invariants_check(struct through *t, bool rests)
{
	struct trm_entity *e;
	unsigned int i, users = 0;

	check_tpm(t, rests);
	check_order(t);
	for (i = 0; i < t->nr; i++) {
		check_space(t, &t->files[i].space[0]);
		check_space(t, &t->files[i].space[1]);
		check_account(t, &t->files[i].user);
		check_account(t, &t->files[i].cgroup);
	}
	check_account(t, &t->unprivileged);
	list_for_each_entry(e, &t->room.orphans, member)
		check_entity(t, e, NULL);
	list_for_each_entry(e, &t->room.loaded, node)
		users += trm_is_users(e);
	list_for_each_entry(e, &t->room.saved, node)
		users += trm_is_users(e);
	if (users != t->room.nr_users)
		t->wrong = "the number of users' sessions";
	check_quotas(t);
	if (t->room.caller)
		t->wrong = "a caller without a command";
}

/* Nothing is left of all that. */
void invariants_check_end(struct through *t)
{
	static const u32 types[] = {
		TPM_HT_TRANSIENT, TPM_HT_HMAC_SESSION, TPM_HT_POLICY_SESSION,
	};
	u32 handle[MAX_LISTED];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (host_tpm_handles(types[i], handle, MAX_LISTED))
			t->wrong = "something is left in the TPM";
	}
	if (!list_empty(&t->room.loaded) || !list_empty(&t->room.saved) ||
	    !list_empty(&t->room.kernel) || !list_empty(&t->room.orphans) ||
	    t->room.nr_users || t->unprivileged.sessions)
		t->wrong = "something is left in the room";
	if (t->entities)
		t->wrong = "memory is left over";
	if (t->room.events[TRM_EVENT_LOST])
		t->wrong = "a stranger's could not be put back";
	if (t->mode->compare && t->room.events[TRM_EVENT_KICK])
		t->wrong = "a session was kicked out though there was room";
}
