/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Room in the TPM: object slots, session slots, session numbers, context gap.
 *
 * PURE: all of it works over struct trm_transport, so that the host tests run
 * the very same code against libtpms.
 */
#ifndef _TRM_ROOM_H
#define _TRM_ROOM_H

#include <linux/list.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#define TRM_MAX_CONTEXT	(TPM2_BUFFER_SIZE - TPM2_HEADER_SIZE)
#define TRM_MAX_PARKED	6	/* TRM_MAX_OBJECTS + TRM_MAX_SESSIONS */

/**
 * struct trm_transport - the way to a TPM
 * @send: send @cmd, put the answer into @rsp, which has @size octets.  Returns
 *	the length of the answer, at least TPM2_HEADER_SIZE, or -errno.
 */
struct trm_transport {
	int (*send)(struct trm_transport *tp, struct tpm2_bytes cmd, u8 *rsp,
		    size_t size);
};

/**
 * struct trm_context - a TPMS_CONTEXT
 * @handle: the handle that was saved
 * @len: octets in @data
 * @data: as TPM2_ContextSave gave it
 */
struct trm_context {
	u32 handle;
	size_t len;
	u8 data[TRM_MAX_CONTEXT];
};

/*
 * Where an object or session of ours is.
 *
 *	        admit            evict
 *	TRM_NONE ----> TRM_LOADED ----> TRM_SAVED
 *	   ^               |  ^----------- |
 *	   |    dismiss    |       load    | load, but the TPM has lost it
 *	   +---------------+---------------+
 *
 * TRM_NONE: not in the TPM, @handle means nothing, not in a list.
 * TRM_LOADED: occupies a slot under @handle.
 * TRM_SAVED: @context holds it; a session keeps its @handle, an object has none.
 *
 * The context of an object stays good after it was loaded (@clean); that of a
 * session is used up by ContextLoad.
 */
enum trm_place {
	TRM_NONE,
	TRM_LOADED,
	TRM_SAVED,
};

/**
 * struct trm_entity - an object or session of ours in the TPM
 * @node: in &trm_room.own, least recently used first; not if TRM_NONE
 * @place: where it is
 * @handle: see &enum trm_place
 * @pinned: named by the command in flight: must not be evicted
 * @keep: outlives the transaction; else trm_room_leave() flushes it
 * @clean: @context is that of the object as it is now
 * @context: room for it
 */
struct trm_entity {
	struct list_head node;
	enum trm_place place;
	u32 handle;
	bool pinned;
	bool keep;
	bool clean;
	struct trm_context context;
};

/* Does the TPM give the number of a flushed object out again? */
enum trm_slots {
	TRM_SLOTS_UNKNOWN,
	TRM_SLOTS_REUSED,	/* yes: a parked object can get its handle back */
	TRM_SLOTS_UNIQUE,	/* no: strangers' objects are never parked */
};

/**
 * struct trm_room - the slots of one TPM
 * @tp: the way to it
 * @own: what is ours, least recently used first
 * @slots: learnt when it is first needed
 * @nr_parked: number of @parked
 * @parked: strangers' contexts to be put back by trm_room_leave(), in the order
 *	in which they were taken away
 * @kicked: sessions of strangers that were flushed for good, ever
 * @lost: strangers' objects and sessions that could not be put back, ever
 * @cmd: scratch for commands of the room itself
 * @rsp: scratch for their responses
 *
 * A stranger is whatever is in the TPM and not in @own.
 */
struct trm_room {
	struct trm_transport *tp;
	struct list_head own;
	enum trm_slots slots;
	unsigned int nr_parked;
	struct trm_context parked[TRM_MAX_PARKED];
	unsigned long kicked;
	unsigned long lost;
	u8 cmd[TPM2_BUFFER_SIZE];
	u8 rsp[TPM2_BUFFER_SIZE];
};

/**
 * trm_room_init() - nothing is ours yet
 * @room: the room, about 32 KiB
 * @tp: the way to its TPM
 */
void trm_room_init(struct trm_room *room, struct trm_transport *tp);

/**
 * trm_room_send() - send a command, making room where the TPM lacks it
 * @room: the room
 * @cmd: the command
 * @rsp: TPM2_BUFFER_SIZE octets for the answer
 *
 * 0x902, 0x904, 0x906: evicts an object of ours, else parks a stranger's.
 * 0x903: evicts a session of ours, else parks a stranger's.
 * 0x905: flushes a stranger's session.
 * 0x901: refreshes the oldest saved session of ours, else flushes a stranger's.
 * As often as it helps; what cannot be helped is the answer.
 *
 * Return: octets in @rsp, at least TPM2_HEADER_SIZE; -errno of the transport.
 */
int trm_room_send(struct trm_room *room, struct tpm2_bytes cmd, u8 *rsp);

/**
 * trm_room_admit() - a command has given us a handle
 * @room: the room
 * @e: TRM_NONE before, TRM_LOADED after
 * @handle: the handle
 */
void trm_room_admit(struct trm_room *room, struct trm_entity *e, u32 handle);

/**
 * trm_room_dismiss() - a handle of ours is gone from the TPM
 * @room: the room
 * @e: TRM_NONE after
 */
void trm_room_dismiss(struct trm_room *room, struct trm_entity *e);

/**
 * trm_room_load() - see to it that something of ours can be named
 * @room: the room
 * @e: the object or session
 * @rc: response code if 0 is returned; TPM_RC_SUCCESS if @e is TRM_LOADED
 *
 * If the TPM does not know the context any more, @e is TRM_NONE afterwards.
 *
 * Return: 0; -errno of the transport; -EBADMSG.
 */
int trm_room_load(struct trm_room *room, struct trm_entity *e, u32 *rc);

/**
 * trm_room_flush() - flush something of ours
 * @room: the room
 * @e: TRM_NONE after
 */
void trm_room_flush(struct trm_room *room, struct trm_entity *e);

/**
 * trm_room_leave() - leave the TPM as it was found
 * @room: the room
 *
 * Evicts what is ours and kept, flushes what is not kept, and puts back what was
 * parked.
 */
void trm_room_leave(struct trm_room *room);

#endif /* _TRM_ROOM_H */
