/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Room in the TPM: object slots, session slots, session numbers, context gap.
 *
 * PURE: all of it works over struct trm_transport, so that the host tests run
 * the very same code against libtpms.
 *
 *	room.c	sending, loading, what rests in the TPM between transactions
 *	evict.c	our own objects and sessions out of their slots; the gap
 *	park.c	strangers' out of the way and back
 *	kick.c	which session goes when there are too many
 *	doubt.c	what is in the TPM that nobody knows
 */
#ifndef _TRM_ROOM_H
#define _TRM_ROOM_H

#include <linux/errno.h>

#include "budget.h"
#include "entity.h"

#define TRM_MAX_PARKED	6	/* TRM_MAX_OBJECTS + TRM_MAX_SESSIONS */
#define TRM_MAX_NUMBERS	64	/* sessions that are managed at once */
#define TRM_MAX_LISTED	64	/* handles of a kind that are looked at */

/* What is done beside the commands of clients. */
enum trm_event {
	TRM_EVENT_LOAD,		/* ContextLoad of something of ours */
	TRM_EVENT_SAVE,		/* ContextSave */
	TRM_EVENT_FLUSH,	/* FlushContext */
	TRM_EVENT_REFRESH,	/* a session loaded and saved for the gap */
	TRM_EVENT_PARK,		/* a stranger's object or session taken away */
	TRM_EVENT_KICK,		/* a session of a user or stranger flushed */
	TRM_EVENT_LOST,		/* a parked one could not be put back */
	TRM_EVENT_KEEP,		/* a kernel session that outlives its transaction */
	TRM_EVENT_DOUBT,	/* an answer did not hang together */
	TRM_EVENT_FOUND,	/* something that nobody knew was flushed */
	TRM_NR_EVENTS,
};

/**
 * struct trm_transport - the way to a TPM
 * @send: send @cmd, put the answer into @rsp, which has @size octets.  Returns
 *	the length of the answer, at least TPM2_HEADER_SIZE, or -errno.
 * @note: told what was done with @handle; may be NULL
 */
struct trm_transport {
	int (*send)(struct trm_transport *tp, struct tpm2_bytes cmd, u8 *rsp,
		    size_t size);
	void (*note)(struct trm_transport *tp, enum trm_event event, u32 handle);
};

/* Does the TPM give the number of a flushed object out again? */
enum trm_slots {
	TRM_SLOTS_UNKNOWN,
	TRM_SLOTS_REUSED,	/* yes: a parked object can get its handle back */
	TRM_SLOTS_UNIQUE,	/* no: strangers' objects are never parked */
};

/* The lists of handles that a TPM gives (Part 3, 30.2). */
enum trm_kind {
	TRM_OBJECTS,
	TRM_SESSIONS_LOADED,
	TRM_SESSIONS_SAVED,
	TRM_NR_KINDS,
};

/* Is the TPM what we think it is?  See doubt.c. */
enum trm_doubt {
	TRM_SURE,
	TRM_WONDER,		/* no answer, an error without HMAC, or a loss */
	TRM_DOUBT,		/* an answer that does not hang together */
};

/**
 * struct trm_handles - some handles
 * @nr: how many
 * @handle: they
 */
struct trm_handles {
	unsigned int nr;
	u32 handle[TRM_MAX_LISTED];
};

/**
 * struct trm_limits - how much users may hold
 * @sessions: of each account, by scope
 * @objects: of a file
 * @orphans: of a user
 * @reserve: session numbers that are left to the kernel
 * @refuse: over quota a command is refused; else a session is kicked out
 *
 * May change at any time; read once for each decision.
 */
struct trm_limits {
	unsigned int sessions[TRM_NR_SCOPES];
	unsigned int objects;
	unsigned int orphans;
	unsigned int reserve;
	bool refuse;
};

/**
 * struct trm_room - the slots of one TPM
 * @tp: the way to it
 * @limits: what users may hold; the caller's memory
 * @object_slots: TPM_PT_HR_TRANSIENT_MIN
 * @session_slots: TPM_PT_HR_LOADED_MIN
 * @session_numbers: TPM_PT_ACTIVE_SESSIONS_MAX
 * @gap: TPM_PT_CONTEXT_GAP_MAX
 * @object_context: TPM_PT_MAX_OBJECT_CONTEXT
 * @session_context: TPM_PT_MAX_SESSION_CONTEXT
 * @attributes: TPMA_CC of the commands that the TPM has; the caller's memory;
 *	NULL: those of the command table
 * @nr_attributes: number of them
 * @measured: the six limits above are the TPM's own, not what is safe for any
 * @loaded: what is ours and in a slot, least recently used first
 * @saved: sessions of ours that are saved, first saved first
 * @kernel: what kernel clients have
 * @orphans: sessions of users without an open file
 * @dead: users' entities that are over; the caller frees them
 * @nr_users: sessions of users, orphans included
 * @clock: counts uses
 * @begun: @clock at the beginning of a kernel client's transaction; what was used
 *	since is not kicked out.  U64_MAX: there is none
 * @newest: sequence number of the last context saved
 * @caller: whose command is in flight; NULL for the kernel
 * @now: seconds since any point in time; the caller sets it
 * @budget: failures that users without privilege may make
 * @strangers: what they had when they were counted, by &enum trm_kind; what of
 *	it is parked will be back
 * @counted: @strangers of that kind is right, as far as we know
 * @others: somebody has used the TPM beside us, so strangers are looked for
 *	before anything is created
 * @doubt: what is in the TPM must be looked at
 * @slots: learnt when it is first needed
 * @foreign: a stranger's session that the transaction in progress uses, so it is
 *	neither parked nor kicked out; 0: none
 * @nr_parked: number of @parked
 * @parked: strangers' contexts to be put back, in the order in which they were
 *	taken away
 * @parked_data: memory of @parked
 * @events: how often each happened, ever
 * @list: scratch for what the TPM lists
 * @cmd: scratch for commands of the room itself
 * @rsp: scratch for their responses
 *
 * A stranger is whatever is in the TPM and in neither @loaded nor @saved.
 */
struct trm_room {
	struct trm_transport *tp;
	const struct trm_limits *limits;
	unsigned int object_slots;
	unsigned int session_slots;
	unsigned int session_numbers;
	u32 gap;
	unsigned int object_context;
	unsigned int session_context;
	const u32 *attributes;
	unsigned int nr_attributes;
	bool measured;
	struct list_head loaded;
	struct list_head saved;
	struct list_head kernel;
	struct list_head orphans;
	struct list_head dead;
	unsigned int nr_users;
	u64 clock;
	u64 begun;
	u64 newest;
	struct trm_space *caller;
	u64 now;
	struct trm_budget budget;
	struct trm_handles strangers[TRM_NR_KINDS];
	bool counted[TRM_NR_KINDS];
	bool others;
	enum trm_doubt doubt;
	enum trm_slots slots;
	u32 foreign;
	unsigned int nr_parked;
	struct trm_context parked[TRM_MAX_PARKED];
	u8 parked_data[TRM_MAX_PARKED][TRM_MAX_CONTEXT];
	unsigned long events[TRM_NR_EVENTS];
	struct trm_handles list[TRM_NR_KINDS];
	u8 cmd[TPM2_BUFFER_SIZE];
	u8 rsp[TPM2_BUFFER_SIZE];
};

/**
 * trm_room_init() - nothing is ours yet
 * @room: the room, about 32 KiB
 * @tp: the way to its TPM
 * @limits: what users may hold
 */
void trm_room_init(struct trm_room *room, struct trm_transport *tp,
		   const struct trm_limits *limits);

/**
 * trm_room_measure() - ask the TPM how many slots it has
 * @room: the room; @room->measured afterwards if the TPM answered
 *
 * One GetCapability; to be called before the first command of a user.
 */
void trm_room_measure(struct trm_room *room);

/**
 * trm_room_send() - send a command, making room where the TPM lacks it
 * @room: the room
 * @cmd: the command
 * @rsp: TPM2_BUFFER_SIZE octets for the answer
 *
 * 0x902, 0x904, 0x906: evicts an object of ours, else parks a stranger's.
 * 0x903: evicts a session of ours, else parks a stranger's.
 * 0x905: kicks a session out.
 * 0x901: refreshes the oldest saved session of ours, else flushes a stranger's.
 * As often as it helps; what cannot be helped is the answer.  Whoever takes the
 * answer apart calls trm_doubt() if it does not hang together.
 *
 * Return: octets in @rsp, at least TPM2_HEADER_SIZE; -errno of the transport.
 */
int trm_room_send(struct trm_room *room, struct tpm2_bytes cmd, u8 *rsp);

/**
 * trm_room_admit() - a command has given us a handle
 * @room: the room
 * @e: TRM_NONE before, TRM_LOADED after; charged to its accounts
 * @handle: the handle
 *
 * Without a space the entity is the kernel's; else the caller puts its member
 * into the space.
 */
void trm_room_admit(struct trm_room *room, struct trm_entity *e, u32 handle);

/**
 * trm_room_dismiss() - a handle of ours is gone from the TPM
 * @room: the room
 * @e: TRM_NONE after, its context wiped; a user's is dead
 */
void trm_room_dismiss(struct trm_room *room, struct trm_entity *e);

/**
 * trm_room_lose() - the TPM does not know a handle of ours any more
 * @room: the room
 * @e: TRM_NONE after; a user's session is dead, a user's object remains in its
 *	space, since its virtual handle was not given back
 */
void trm_room_lose(struct trm_room *room, struct trm_entity *e);

/**
 * trm_room_load() - see to it that something of ours can be named
 * @room: the room
 * @e: the object or session
 * @rc: response code if 0 is returned; TPM_RC_SUCCESS if @e is TRM_LOADED
 *
 * If the TPM does not know the context any more, @e is lost.
 *
 * Return: 0; -EINVAL if it is TRM_NONE; -errno of the transport; -EBADMSG.
 */
int trm_room_load(struct trm_room *room, struct trm_entity *e, u32 *rc);

/**
 * trm_room_save() - see to it that the context of something of ours is at hand
 * @room: the room
 * @e: a session is TRM_SAVED after; an object stays where it is
 * @rc: response code if 0 is returned
 *
 * Return: 0; -EINVAL if it is TRM_NONE; -errno of the transport; -EBADMSG.
 */
int trm_room_save(struct trm_room *room, struct trm_entity *e, u32 *rc);

/**
 * trm_room_flush() - flush something of ours
 * @room: the room
 * @e: dismissed after, whatever the TPM says
 *
 * Return: 0; -errno of the transport; -EBADMSG.
 */
int trm_room_flush(struct trm_room *room, struct trm_entity *e);

/**
 * trm_room_enter() - a kernel client's transaction begins
 * @room: the room
 *
 * Sessions that it uses are not kicked out until trm_room_leave(), whoever is
 * charged for them.
 */
void trm_room_enter(struct trm_room *room);

/**
 * trm_room_leave() - a kernel client's transaction ends
 * @room: the room
 *
 * Flushes what is the kernel's and not kept.
 */
void trm_room_leave(struct trm_room *room);

/**
 * trm_room_keep() - a session of the kernel is to outlive its transaction
 * @room: the room
 * @e: the session
 * @account: who is charged for it from now on; NULL: nobody, it is never kicked
 *	out
 *
 * For room within the quota other sessions of whom it is charged to are kicked
 * out.
 *
 * Return: false if the limits refuse it; it ends with the transaction then.
 */
bool trm_room_keep(struct trm_room *room, struct trm_entity *e,
		   struct trm_account *const *account);

/**
 * trm_room_claim() - a transaction will use a stranger's session
 * @room: the room
 * @handle: its handle; there may be no such session
 *
 * It stays where it is, or comes back there, until trm_room_leave().
 *
 * Return: false if it is ours: of a user, or of the kernel.
 */
bool trm_room_claim(struct trm_room *room, u32 handle);

/**
 * trm_room_let_go() - a kernel client has no more use for a session or object
 * @room: the room; no transaction is going on
 * @e: dismissed, or left to trm_room_rest()
 *
 * Sends nothing.
 *
 * Return: true if @e is the room's from now on, until it is dead; false if it is
 * the caller's.
 */
bool trm_room_let_go(struct trm_room *room, struct trm_entity *e);

/**
 * trm_room_rest() - nobody's transaction is going on
 * @room: the room
 * @empty: leave nothing of ours in a slot
 *
 * Flushes what kernel clients have left; puts back what was parked; leaves one
 * slot of each kind free for users that go past us; refreshes sessions that were
 * saved long ago.
 */
void trm_room_rest(struct trm_room *room, bool empty);

/**
 * trm_room_unsettle() - others have used the TPM
 * @room: the room; what strangers have in the TPM is not known any more
 */
void trm_room_unsettle(struct trm_room *room);

/**
 * trm_room_survey() - find out what strangers have, where it is not known
 * @room: the room
 */
void trm_room_survey(struct trm_room *room);

/**
 * trm_room_believes() - may a command have given us this handle?
 * @room: the room
 * @handle: as the response says; no HMAC covers it
 * @session: what the command makes
 *
 * Return: false if it is of another kind, or somebody else's; there is doubt
 * then.
 */
bool trm_room_believes(struct trm_room *room, u32 handle, bool session);

/**
 * trm_doubt() - an answer did not hang together
 * @room: the room
 *
 * The TPM may hold something that nobody knows, or have lost something of ours:
 * trm_room_rest() will see.
 */
static inline void trm_doubt(struct trm_room *room)
{
	room->doubt = TRM_DOUBT;
}

/**
 * trm_wonder() - an answer may be true or not, or has not come
 * @room: the room
 *
 * As trm_doubt(), but nothing is said about the bus.
 */
static inline void trm_wonder(struct trm_room *room)
{
	if (room->doubt == TRM_SURE)
		room->doubt = TRM_WONDER;
}

/**
 * trm_failed() - a command has failed
 * @room: the room
 * @err: -EBADMSG for an answer that is malformed; -errno of the transport: whether
 *	the TPM has done it is not known
 */
static inline void trm_failed(struct trm_room *room, int err)
{
	if (err == -EBADMSG)
		trm_doubt(room);
	else
		trm_wonder(room);
}

/**
 * trm_room_admits() - may somebody have one more session?
 * @room: the room
 * @account: who would be charged, by scope
 * @moved: the session of another one that it would be, or NULL
 *
 * Return: false if the limits refuse it.
 */
bool trm_room_admits(struct trm_room *room, struct trm_account *const *account,
		     const struct trm_entity *moved);

/**
 * trm_room_trim() - kick out what is over quota because of a new session
 * @room: the room
 * @e: the new session, which stays
 */
void trm_room_trim(struct trm_room *room, struct trm_entity *e);

/**
 * trm_room_left() - room for sessions
 * @room: the room
 * @space: the space
 *
 * Return: how many more @space may have without one being kicked out.
 */
unsigned int trm_room_left(struct trm_room *room,
			   const struct trm_space *space);

/**
 * trm_room_move() - a saved session becomes somebody else's
 * @room: the room
 * @from: TRM_SAVED; dismissed after
 * @to: TRM_NONE, with owner, accounts, and room for the context of @from; held,
 *	and charged, after
 */
void trm_room_move(struct trm_room *room, struct trm_entity *from,
		   struct trm_entity *to);

/* Between the files of the room. */
void trm_note(struct trm_room *room, enum trm_event event, u32 handle);
bool trm_evict(struct trm_room *room, struct trm_entity *e, u32 *rc);
bool trm_evict_one(struct trm_room *room, bool session);
void trm_take_out(struct trm_room *room, struct trm_entity *e);
bool trm_close_gap(struct trm_room *room, bool *refreshed);
void trm_refresh_old(struct trm_room *room);
u32 trm_find_stranger(struct trm_room *room, u32 first, bool last,
		      unsigned int *nr);
bool trm_is_ours(struct trm_room *room, u32 handle);
bool trm_park_object(struct trm_room *room);
bool trm_park_session(struct trm_room *room, bool *refreshed);
void trm_put_back(struct trm_room *room);
bool trm_kick_stranger(struct trm_room *room, bool saved_first, bool last);
bool trm_kick_one(struct trm_room *room);
void trm_look_round(struct trm_room *room, struct tpm2_bytes cmd);
void trm_count_strangers(struct trm_room *room, enum trm_kind kind);
void trm_strike_out(struct trm_room *room, u32 handle);
bool trm_flush_leftover(struct trm_room *room, u32 handle);
void trm_clear_up(struct trm_room *room);

#endif /* _TRM_ROOM_H */
