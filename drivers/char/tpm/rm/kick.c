// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which session goes when there are too many.
 *
 * PURE: used by the module and the host tests alike.
 *
 * The order: the caller's own orphans, others' orphans, sessions of users over
 * their quota, the least recently used session of whoever holds most.  Strangers
 * count as one user.  Never the kernel's, never one that is named by the command
 * in flight.  What the kernel keeps for a user is his, but for the transaction
 * that uses it.
 */
#include <linux/minmax.h>

#include "space.h"
#include "swap.h"

typedef bool (*trm_match_t)(struct trm_room *room, const struct trm_entity *e,
			    const struct trm_account *account);

static bool is_orphan(struct trm_room *room, const struct trm_entity *e,
		      const struct trm_account *account)
{
	return e->hold == TRM_ORPHAN &&
	       (!account || e->account[TRM_USER] == account);
}

static bool is_on(struct trm_room *room, const struct trm_entity *e,
		  const struct trm_account *account)
{
	unsigned int scope;

	for (scope = 0; account && scope < TRM_NR_SCOPES; scope++) {
		if (e->account[scope] == account)
			return true;
	}
	return false;
}

static bool is_orphan_on(struct trm_room *room, const struct trm_entity *e,
			 const struct trm_account *account)
{
	return e->hold == TRM_ORPHAN && is_on(room, e, account);
}

static bool is_over(struct trm_room *room, const struct trm_entity *e,
		    const struct trm_account *account)
{
	return e->account[TRM_UNPRIVILEGED] &&
	       e->account[TRM_USER]->sessions >
	       READ_ONCE(room->limits->sessions[TRM_USER]);
}

static bool may_go(const struct trm_room *room, const struct trm_entity *e)
{
	return trm_is_users(e) && !e->pinned && e->used <= room->begun;
}

/* The older of two candidates. */
static struct trm_entity *older(struct trm_entity *a, struct trm_entity *b)
{
	return a && a->used <= b->used ? a : b;
}

/* The least recently used of the users' sessions that match. */
static struct trm_entity *find(struct trm_room *room, trm_match_t match,
			       const struct trm_account *account)
{
	struct trm_entity *e, *found = NULL;

	list_for_each_entry(e, &room->loaded, node) {
		if (may_go(room, e) && match(room, e, account))
			found = older(found, e);
	}
	list_for_each_entry(e, &room->saved, node) {
		if (may_go(room, e) && match(room, e, account))
			found = older(found, e);
	}
	return found;
}

static bool kick(struct trm_room *room, struct trm_entity *e)
{
	if (!e)
		return false;
	trm_note(room, TRM_EVENT_KICK, e->handle);
	trm_room_flush(room, e);
	return true;
}

static bool kick_match(struct trm_room *room, trm_match_t match,
		       const struct trm_account *account)
{
	return kick(room, find(room, match, account));
}

/* Flushes a stranger's session for good. */
static bool kick_handle(struct trm_room *room, u32 handle)
{
	u32 rc;

	if (!handle || trm_swap_flush(room, handle, &rc) || rc)
		return false;
	trm_note(room, TRM_EVENT_KICK, handle);
	trm_strike_out(room, handle);
	return true;
}

bool trm_kick_stranger(struct trm_room *room, bool saved_first, bool last)
{
	u32 loaded = TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION);
	u32 saved = TPM_HANDLE_FIRST(TPM_HT_POLICY_SESSION);
	unsigned int nr = 0;

	if (saved_first)
		return kick_handle(room, trm_find_stranger(room, saved, last,
							   &nr)) ||
		       kick_handle(room, trm_find_stranger(room, loaded, true,
							   &nr));
	return kick_handle(room, trm_find_stranger(room, loaded, true, &nr)) ||
	       kick_handle(room, trm_find_stranger(room, saved, last, &nr));
}

static unsigned int count_strangers(struct trm_room *room)
{
	unsigned int nr = 0;

	trm_find_stranger(room, TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION), false,
			  &nr);
	trm_find_stranger(room, TPM_HANDLE_FIRST(TPM_HT_POLICY_SESSION), false,
			  &nr);
	return nr;
}

static void most(const struct trm_room *room, const struct list_head *list,
		 const struct trm_account **max)
{
	struct trm_entity *e;

	list_for_each_entry(e, list, node) {
		struct trm_account *user = e->account[TRM_USER];

		if (may_go(room, e) &&
		    (!*max || user->sessions > (*max)->sessions))
			*max = user;
	}
}

/* From whoever holds most; @strangers: they are one of those. */
static bool kick_most(struct trm_room *room, bool strangers)
{
	const struct trm_account *max = NULL;

	most(room, &room->loaded, &max);
	most(room, &room->saved, &max);
	if (strangers && (!max || count_strangers(room) > max->sessions))
		return trm_kick_stranger(room, true, true);
	return max && kick_match(room, is_on, max);
}

/* By the order above. */
static bool kick_by_order(struct trm_room *room, bool strangers)
{
	struct trm_space *caller = room->caller;

	return (caller && kick_match(room, is_orphan,
				     caller->account[TRM_USER])) ||
	       kick_match(room, is_orphan, NULL) ||
	       kick_match(room, is_over, NULL) ||
	       kick_most(room, strangers);
}

/* The TPM is full: makes a session number free. */
bool trm_kick_one(struct trm_room *room)
{
	return kick_by_order(room, true) || trm_kick_stranger(room, true, true);
}

/* The quota of an account; a privileged user has none as a user. */
static unsigned int limit(struct trm_room *room, struct trm_account *const *a,
			  enum trm_scope scope)
{
	if (!a[scope] || (scope == TRM_USER && !a[TRM_UNPRIVILEGED]))
		return room->session_numbers;
	return READ_ONCE(room->limits->sessions[scope]);
}

/* What is left to users of the TPM's session numbers. */
static unsigned int users_share(struct trm_room *room)
{
	unsigned int reserve = READ_ONCE(room->limits->reserve);

	return room->session_numbers - min(reserve, room->session_numbers);
}

/* Sessions that count against a new one: orphans make way in any case. */
static unsigned int in_the_way(const struct trm_account *account,
			       enum trm_scope scope,
			       const struct trm_entity *moved)
{
	unsigned int nr = account->sessions - account->orphans;

	return nr - (moved && moved->hold != TRM_ORPHAN &&
		     moved->account[scope] == account);
}

bool trm_room_admits(struct trm_room *room, struct trm_account *const *account,
		     const struct trm_entity *moved)
{
	unsigned int scope;

	if (!READ_ONCE(room->limits->refuse))
		return true;
	for (scope = 0; scope < TRM_NR_SCOPES; scope++) {
		if (account[scope] &&
		    in_the_way(account[scope], scope, moved) >=
			    limit(room, account, scope))
			return false;
	}
	return true;
}

/* Orphans first, then from the new session's own file. */
static bool kick_over(struct trm_room *room, const struct trm_entity *e,
		      enum trm_scope scope)
{
	return kick_match(room, is_orphan_on, e->account[scope]) ||
	       kick_match(room, is_on, e->account[TRM_FILE]) ||
	       kick_match(room, is_on, e->account[scope]);
}

void trm_room_trim(struct trm_room *room, struct trm_entity *e)
{
	unsigned int scope;

	e->pinned = true;
	for (scope = 0; scope < TRM_NR_SCOPES; scope++) {
		while (e->account[scope] &&
		       e->account[scope]->sessions >
		       limit(room, e->account, scope) &&
		       kick_over(room, e, scope))
			;
	}
	/* That strangers go would leave users no fewer. */
	while (room->nr_users > users_share(room) && kick_by_order(room, false))
		;
	e->pinned = false;
}

unsigned int trm_room_left(struct trm_room *room,
			   const struct trm_space *space)
{
	unsigned int left = users_share(room), scope, max;

	left -= min(left, room->nr_users);
	for (scope = 0; scope < TRM_NR_SCOPES; scope++) {
		if (!space->account[scope])
			continue;
		max = limit(room, space->account, scope);
		max -= min(max, space->account[scope]->sessions);
		left = min(left, max);
	}
	return left;
}
