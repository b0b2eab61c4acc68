// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients that share a TPM through the resource manager.
 *
 * Memory is handed over in pieces of just the size that was promised, so that
 * the address sanitizer sees who goes beyond.
 */
#include <linux/minmax.h>
#include <stdlib.h>

#include "state.h"
#include "through.h"
#include "tpm.h"

static struct through *of_path(struct path *path)
{
	return container_of(path, struct through, path);
}

struct trm_space *through_space(struct through *t, unsigned int who)
{
	return &t->files[who].space[t->files[who].now];
}

struct trm_entity *through_new(struct through *t, size_t size)
{
	struct trm_entity *e = calloc(1, sizeof(*e));

	trm_entity_init(e, malloc(size), size);
	t->entities++;
	return e;
}

void through_free(struct through *t, struct trm_entity *e)
{
	if (!e)
		return;
	free(e->context.data);
	free(e);
	t->entities--;
}

void through_bury(struct through *t)
{
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, &t->room.dead, member) {
		if (e->place != TRM_NONE || e->pinned)
			t->wrong = "something dead is not gone";
		list_del(&e->member);
		through_free(t, e);
	}
}

static struct trm_entity *new_spare(struct through *t, struct tpm2_bytes cmd)
{
	switch (trm_space_need(cmd)) {
	case TRM_NEED_OBJECT:
		return through_new(t, t->room.object_context);
	case TRM_NEED_SESSION:
		return through_new(t, t->room.session_context);
	default:
		return NULL;
	}
}

/* A new object has the first virtual handle that was free, as on stock. */
static void check_vhandle(struct through *t, const struct trm_space *space,
			  const struct trm_entity *new)
{
	u32 vhandle = TRM_VHANDLE_FIRST;
	struct trm_entity *e;

	list_for_each_entry(e, &space->objects, member) {
		if (e->vhandle != vhandle--)
			t->wrong = "a virtual handle that was free is left out";
		if (e == new)
			break;
	}
}

/* A session that the client flushes by itself is not taken from it. */
static u32 flushed_by(struct tpm2_bytes cmd)
{
	if (trm_wire_code(cmd) != TPM_CC_FlushContext ||
	    cmd.len != TPM2_HEADER_SIZE + 4)
		return 0;
	return get_unaligned_be32(cmd.data + TPM2_HEADER_SIZE);
}

static void rest(struct through *t)
{
	if (one_in(&t->seed, 3))
		return;
	trm_room_rest(&t->room, one_in(&t->seed, 8));
	invariants_check(t, true);
}

static int transmit(struct path *path, unsigned int who, u8 *cmd, size_t len,
		    u8 *rsp)
{
	struct through *t = of_path(path);
	struct trm_entity *spare = new_spare(t, tpm2_bytes(cmd, len));
	u8 *octets = malloc(len);
	int got;

	memcpy(octets, cmd, len);
	t->flushing = flushed_by(tpm2_bytes(cmd, len));
	got = trm_space_transmit(through_space(t, who), octets, len, spare, rsp);
	t->flushing = 0;
	free(octets);
	if (spare && list_empty(&spare->member))
		through_free(t, spare);
	else if (spare && spare->space && !spare->session)
		check_vhandle(t, through_space(t, who), spare);
	through_bury(t);
	invariants_check(t, false);
	rest(t);
	return got;
}

static void init_space(struct through *t, unsigned int who)
{
	struct trm_space *space = through_space(t, who);
	unsigned int shared = t->mode->small ? who & ~3 : who;

	memset(space, 0, sizeof(*space));
	trm_space_init(space, &t->room);
	space->account[TRM_USER] = &t->files[shared].user;
	space->account[TRM_CGROUP] = &t->files[shared & ~7].cgroup;
	space->account[TRM_UNPRIVILEGED] = &t->unprivileged;
}

static void open_file(struct path *path, unsigned int who)
{
	struct through *t = of_path(path);

	t->files[who].now ^= 1;
	init_space(t, who);
}

static void close_space(struct through *t, struct trm_space *space)
{
	trm_space_close(space);
	if (!list_empty(&space->objects) || !list_empty(&space->sessions) ||
	    space->file.sessions || space->file.objects)
		t->wrong = "a closed file has something";
	space->room = NULL;
	through_bury(t);
	invariants_check(t, false);
}

static void close_file(struct path *path, unsigned int who, u32 keep)
{
	struct through *t = of_path(path);

	close_space(t, &t->files[who].space[t->files[who].now ^ 1]);
}

static int send(struct trm_transport *tp, struct tpm2_bytes cmd, u8 *rsp,
		size_t size)
{
	u32 rc = others_warn(trm_wire_code(cmd));

	if (rc)
		return host_tpm_put_error(rsp, rc);
	memcpy(rsp, cmd.data, cmd.len);
	return host_tpm_send(rsp, cmd.len, size);
}

/* Whose session it was must expect to be without it. */
static void note(struct trm_transport *tp, enum trm_event event, u32 handle)
{
	struct through *t = container_of(tp, struct through, tp);
	unsigned int i;

	others_note(t, event, handle);
	if ((event != TRM_EVENT_KICK && event != TRM_EVENT_FLUSH) ||
	    !trm_is_session(handle))
		return;
	if (t->flushing && trm_same_handle(t->flushing, handle))
		return;
	for (i = 0; i < t->nr; i++)
		client_lose_number(&t->client[i], handle);
}

static void set_limits(struct through *t)
{
	struct trm_limits *l = &t->limits;
	unsigned int scope;

	for (scope = 0; scope < TRM_NR_SCOPES; scope++)
		l->sessions[scope] = TRM_MAX_NUMBERS;
	l->objects = 1000;
	l->orphans = TRM_MAX_NUMBERS;
	if (!t->mode->small)
		return;
	l->sessions[TRM_FILE] = 2 + below(&t->seed, 4);
	l->sessions[TRM_USER] = 4 + below(&t->seed, 8);
	l->sessions[TRM_CGROUP] = 6 + below(&t->seed, 12);
	l->sessions[TRM_UNPRIVILEGED] = 8 + below(&t->seed, 40);
	l->objects = 3 + below(&t->seed, 4);
	l->orphans = below(&t->seed, 4);
	l->reserve = below(&t->seed, 50);
	l->refuse = one_in(&t->seed, 3);
}

void through_start(struct through *t, const struct mode *mode, unsigned int nr,
		   u64 seed)
{
	unsigned int i;

	memset(t, 0, sizeof(*t));
	t->path = (struct path){ transmit, open_file, close_file, foreign_step };
	t->tp = (struct trm_transport){ send, note };
	t->mode = mode;
	t->nr = nr;
	t->seed = seed;
	state_restore();
	set_limits(t);
	trm_room_init(&t->room, &t->tp, &t->limits);
	trm_room_measure(&t->room);
	if (!t->room.measured)
		t->wrong = "the TPM was not measured";
	/* As if contexts were soon too old: then they are often renewed. */
	t->room.gap = 2 * TRM_MAX_NUMBERS + below(&t->seed, 2 * TRM_MAX_NUMBERS);
	for (i = 0; i < nr; i++) {
		init_space(t, i);
		t->client[i].forgiving = mode->reset;
	}
	others_start(t);
}

static void forget_orphans(struct through *t)
{
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, &t->room.orphans, member)
		trm_room_flush(&t->room, e);
	through_bury(t);
}

void through_end(struct through *t)
{
	unsigned int i;

	for (i = 0; i < t->nr; i++)
		close_space(t, through_space(t, i));
	forget_orphans(t);
	others_end(t);
	trm_room_rest(&t->room, true);
	invariants_check_end(t);
}
