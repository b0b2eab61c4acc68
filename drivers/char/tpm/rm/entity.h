/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects and sessions of ours: where each is, whose it is, who is charged.
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_ENTITY_H
#define _TRM_ENTITY_H

#include <linux/list.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

struct trm_space;

#define TRM_MAX_CONTEXT	(TPM2_BUFFER_SIZE - TPM2_HEADER_SIZE)

/* Octets of the digest by which a handed-out context is known again. */
#define TRM_HANDED_SIZE	32

/**
 * struct trm_context - a TPMS_CONTEXT
 * @handle: the handle that was saved
 * @len: octets in @data
 * @size: octets that @data has room for
 * @data: as TPM2_ContextSave gave it; memory of whoever owns the context
 */
struct trm_context {
	u32 handle;
	u16 len;
	u16 size;
	u8 *data;
};

/* On whom a session counts; a file's objects too. */
enum trm_scope {
	TRM_FILE,		/* one open file */
	TRM_USER,		/* all files of a user, and his orphans */
	TRM_CGROUP,		/* all files opened in a control group */
	TRM_UNPRIVILEGED,	/* all files of all users without privilege */
	TRM_NR_SCOPES,
};

/**
 * struct trm_account - what somebody holds
 * @sessions: active sessions, orphans included
 * @orphans: those of them that no open file has
 * @objects: transient objects; counted for files only
 *
 * Protected by the lock of the room.
 */
struct trm_account {
	unsigned int sessions;
	unsigned int orphans;
	unsigned int objects;
};

/*
 * Where an object or session of ours is.
 *
 *	        admit            evict
 *	TRM_NONE ----> TRM_LOADED ----> TRM_SAVED
 *	   ^               |  ^----------- |
 *	   |     lose      |       load    | load, but the TPM has lost it
 *	   +---------------+---------------+
 *
 * TRM_NONE: not in the TPM, @handle means nothing.
 * TRM_LOADED: occupies a slot under @handle.
 * TRM_SAVED: @context holds it; a session keeps its @handle, an object has none.
 *
 * The context of an object stays good after it was loaded (@clean), unless it is
 * a sequence; that of a session is used up by ContextLoad.
 */
enum trm_place {
	TRM_NONE,
	TRM_LOADED,
	TRM_SAVED,
};

/*
 * Who has a session.  Objects, and sessions of the kernel, are TRM_HELD.
 *
 *	         client saves          file closes
 *	TRM_HELD ------------> TRM_HANDED ------> TRM_ORPHAN
 *	 | ^   client loads        |                  |
 *	 | +-----------------------+------------------+
 *	 +---------------------> TRM_LEFT
 *	   kernel client frees
 *
 * TRM_HELD: its space may use it.
 * TRM_HANDED: the client saved it and has a copy of the context; @handed is the
 *	digest of that copy, while @context stays the one that the TPM takes.
 * TRM_ORPHAN: as TRM_HANDED, and the file is closed.
 * TRM_LEFT: a session or object of the kernel that is to be flushed by whoever
 *	has the TPM next, and is then dead.
 */
enum trm_hold {
	TRM_HELD,
	TRM_HANDED,
	TRM_ORPHAN,
	TRM_LEFT,
};

/**
 * struct trm_entity - an object or session of ours
 * @node: in &trm_room.loaded or, a session, in &trm_room.saved
 * @member: in &trm_space.objects, &trm_space.sessions, &trm_room.orphans,
 *	&trm_room.kernel or, when it is to be freed, &trm_room.dead
 * @release: frees it once it is dead; its allocator's
 * @space: whose it is; NULL for the kernel's and orphans
 * @account: who is charged for it; all NULL for the kernel's, but for sessions
 *	that it keeps for a user
 * @place: where it is
 * @hold: who has it
 * @session: it is a session
 * @pinned: named by the command in flight: must not be evicted
 * @keep: outlives the transaction of a kernel client
 * @clean: @context is that of the object as it is now
 * @no_da: the object is known to have noDA: no failure of it counts
 * @handle: see &enum trm_place
 * @vhandle: virtual handle of a client's object
 * @used: &trm_room.clock when it was last used
 * @handed: see &enum trm_hold
 * @handed_age: sequence number of the copy
 * @context: room for it
 */
struct trm_entity {
	struct list_head node;
	struct list_head member;
	void (*release)(struct trm_entity *e);
	struct trm_space *space;
	struct trm_account *account[TRM_NR_SCOPES];
	enum trm_place place;
	enum trm_hold hold;
	bool session;
	bool pinned;
	bool keep;
	bool clean;
	bool no_da;
	u32 handle;
	u32 vhandle;
	u64 used;
	u8 handed[TRM_HANDED_SIZE];
	u64 handed_age;
	struct trm_context context;
};

/**
 * trm_entity_init() - nothing yet
 * @e: the entity, zeroed
 * @data: room for its context; stays the caller's
 * @size: octets in @data
 */
static inline void trm_entity_init(struct trm_entity *e, u8 *data, size_t size)
{
	INIT_LIST_HEAD(&e->node);
	INIT_LIST_HEAD(&e->member);
	e->context.data = data;
	e->context.size = size;
}

/* Does a handle name a session? */
static inline bool trm_is_session(u32 handle)
{
	return TPM_HT(handle) == TPM_HT_HMAC_SESSION ||
	       TPM_HT(handle) == TPM_HT_POLICY_SESSION;
}

/* The same handle?  A session goes by either upper octet (Part 1, 15.4). */
static inline bool trm_same_handle(u32 a, u32 b)
{
	if (trm_is_session(a) && trm_is_session(b))
		return (a & TPM_HANDLE_INDEX) == (b & TPM_HANDLE_INDEX);
	return a == b;
}

/* Is a user charged for it, so that it may be kicked out? */
static inline bool trm_is_users(const struct trm_entity *e)
{
	return e->session && e->account[TRM_USER];
}

#endif /* _TRM_ENTITY_H */
