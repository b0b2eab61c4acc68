/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the tests of user clients: spaces of several users over a TPM in the
 * process.  After each command the books are checked, and after each case the
 * TPM must hold again what strangers have in it, and nothing else.
 */
#ifndef _UNIT_HOST_SPACE_FIXTURE_H
#define _UNIT_HOST_SPACE_FIXTURE_H

#include "../../../drivers/char/tpm/rm/space.h"
#include "../../../drivers/char/tpm/rm/wire.h"
#include "room_fixture.h"

#define MAX_CLIENTS	72
#define MAX_ACCOUNTS	72

#define CC_SequenceComplete	0x13e
#define CC_SequenceUpdate	0x15c
#define CC_GetRandom		0x17b
#define CC_ReadClock		0x181

#define RM(rc)		(TRM_RC_LAYER | (rc))

#define USE		(TPMA_SESSION_continueSession | TPMA_SESSION_audit)
#define USE_LAST	TPMA_SESSION_audit

struct client {
	struct trm_space space;
	struct kunit *test;
	bool open;
	u8 rsp[TPM2_BUFFER_SIZE];
};

/**
 * struct world - one TPM and who uses it
 * @f: must be first: what works on a fixture works on a world
 * @unprivileged: the account of all clients without privilege
 * @account: further ones: users and control groups
 * @strange_objects: objects that strangers have at the end
 * @strange_sessions: their sessions
 * @commands: what the last command cost: it, its swapping, and the rest after it
 */
struct world {
	struct fixture f;
	struct trm_account unprivileged;
	struct trm_account account[MAX_ACCOUNTS];
	struct client client[MAX_CLIENTS];
	unsigned int nr_accounts;
	unsigned int nr_clients;
	unsigned int strange_objects;
	unsigned int strange_sessions;
	unsigned int commands;
};

static inline struct trm_room *room_of(struct kunit *test)
{
	struct world *w = test->priv;

	return &w->f.room;
}

static inline struct trm_limits *limits_of(struct kunit *test)
{
	struct world *w = test->priv;

	return &w->f.limits;
}

static inline int world_init(struct kunit *test)
{
	struct world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	unsigned int scope;

	for (scope = 0; scope < TRM_NR_SCOPES; scope++)
		w->f.limits.sessions[scope] = ACTIVE;
	w->f.limits.objects = 100;
	w->f.limits.orphans = 4;
	w->f.tp.send = host_send;
	trm_room_init(&w->f.room, &w->f.tp, &w->f.limits);
	host_tpm_reset();
	trm_room_measure(&w->f.room);
	test->priv = w;
	return !w->f.room.measured;
}

/* A user, or a control group. */
static inline struct trm_account *new_account(struct kunit *test)
{
	struct world *w = test->priv;

	KUNIT_ASSERT_LT(test, w->nr_accounts, MAX_ACCOUNTS);
	return &w->account[w->nr_accounts++];
}

static inline struct client *client_open(struct kunit *test,
					 struct trm_account *user)
{
	struct world *w = test->priv;
	struct client *c = &w->client[w->nr_clients++];

	KUNIT_ASSERT_LE(test, w->nr_clients, MAX_CLIENTS);
	trm_space_init(&c->space, &w->f.room);
	c->space.account[TRM_USER] = user;
	c->space.account[TRM_UNPRIVILEGED] = &w->unprivileged;
	c->test = test;
	c->open = true;
	return c;
}

static inline struct client *client_of_new_user(struct kunit *test)
{
	return client_open(test, new_account(test));
}

static inline struct client *client_privileged(struct kunit *test,
					       struct trm_account *user)
{
	struct client *c = client_open(test, user);

	c->space.account[TRM_UNPRIVILEGED] = NULL;
	c->space.privileged = true;
	return c;
}

/* What the room has no use for any more is freed, so that a late use is seen. */
static inline void reap(struct kunit *test)
{
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, &room_of(test)->dead, member) {
		KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
		list_del(&e->member);
		kunit_kfree(test, e);
	}
}

/* Counts what @list has on @account. */
static inline void recount(const struct list_head *list,
			   const struct trm_account *account,
			   struct trm_account *sum)
{
	struct trm_entity *e;
	unsigned int scope;

	list_for_each_entry(e, list, member) {
		for (scope = 0; scope < TRM_NR_SCOPES; scope++) {
			if (e->account[scope] != account)
				continue;
			sum->sessions += e->session;
			sum->orphans += e->session && e->hold == TRM_ORPHAN;
			sum->objects += !e->session && scope == TRM_FILE;
		}
	}
}

static inline void check_account(struct kunit *test,
				 const struct trm_account *account)
{
	struct world *w = test->priv;
	struct trm_account sum = {};
	unsigned int i;

	for (i = 0; i < w->nr_clients; i++) {
		recount(&w->client[i].space.objects, account, &sum);
		recount(&w->client[i].space.sessions, account, &sum);
	}
	recount(&w->f.room.orphans, account, &sum);
	recount(&w->f.room.kernel, account, &sum);
	KUNIT_EXPECT_EQ(test, account->sessions, sum.sessions);
	KUNIT_EXPECT_EQ(test, account->orphans, sum.orphans);
	KUNIT_EXPECT_EQ(test, account->objects, sum.objects);
}

/* Do the accounts say what there is?  Is what is loaded where we think? */
static inline void check_books(struct kunit *test)
{
	struct world *w = test->priv;
	struct trm_entity *e;
	unsigned int i, users = 0;

	for (i = 0; i < w->nr_accounts; i++)
		check_account(test, &w->account[i]);
	for (i = 0; i < w->nr_clients; i++) {
		/* The memory of a closed file is gone. */
		if (!w->client[i].open)
			w->client[i].space.file = (struct trm_account){};
		check_account(test, &w->client[i].space.file);
	}
	check_account(test, &w->unprivileged);
	list_for_each_entry(e, &w->f.room.loaded, node) {
		KUNIT_EXPECT_EQ(test, e->place, TRM_LOADED);
		KUNIT_EXPECT_FALSE(test, e->pinned);
		users += trm_is_users(e);
	}
	list_for_each_entry(e, &w->f.room.saved, node) {
		KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
		users += trm_is_users(e);
	}
	KUNIT_EXPECT_EQ(test, w->f.room.nr_users, users);
}

static inline struct trm_entity *spare_for(struct kunit *test,
					   struct tpm2_bytes cmd)
{
	return trm_space_need(cmd) == TRM_NEED_NOTHING ? NULL :
							 new_entity(test);
}

/*
 * Sends a command as the device does.  Returns the response code, or -errno.
 */
static inline int client_send(struct client *c, const u8 *cmd, size_t len)
{
	struct kunit *test = c->test;
	struct world *w = test->priv;
	u8 *copy = kunit_kmalloc(test, len, GFP_KERNEL);
	struct trm_entity *spare = spare_for(test, tpm2_bytes(cmd, len));
	int ret;

	memcpy(copy, cmd, len);
	host_tpm_clear_counts();
	ret = trm_space_transmit(&c->space, copy, len, spare, c->rsp);
	trm_room_rest(&w->f.room, false);
	w->commands = host_tpm_count(0);
	kunit_kfree(test, copy);
	if (spare && list_empty(&spare->member))
		kunit_kfree(test, spare);
	reap(test);
	check_books(test);
	if (ret < 0)
		return ret;
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(c->rsp + 2), (u32)ret);
	return rc_of(c->rsp);
}

static inline int client_command(struct client *c, struct trm_wire_command *cmd)
{
	u8 buf[TPM2_BUFFER_SIZE];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));

	cmd->info = trm_command_find(cmd->code);
	trm_wire_put_command(&w, cmd);
	return client_send(c, buf, w.len);
}

/* A command with one handle and nothing else. */
static inline int client_name(struct client *c, u32 code, u32 handle)
{
	struct trm_wire_command cmd = { .code = code, .handle[0] = handle };

	return client_command(c, &cmd);
}

static inline u32 handle_in(const struct client *c)
{
	return get_unaligned_be32(c->rsp + TPM2_HEADER_SIZE);
}

/* Sends what must succeed and give a handle. */
static inline u32 client_make(struct client *c, size_t (*put)(u8 *buf))
{
	u8 buf[TPM2_BUFFER_SIZE];

	KUNIT_ASSERT_EQ(c->test, client_send(c, buf, put(buf)), 0);
	return handle_in(c);
}

static inline u32 make_session(struct client *c)
{
	return client_make(c, put_session);
}

static inline u32 make_sequence(struct client *c)
{
	return client_make(c, put_sequence);
}

/* A session whose handle goes into handle areas. */
static inline u32 make_policy(struct client *c)
{
	u8 buf[TPM2_BUFFER_SIZE];
	size_t len = put_session(buf);

	buf[len - 5] = TPM_SE_POLICY;
	KUNIT_ASSERT_EQ(c->test, client_send(c, buf, len), 0);
	return handle_in(c);
}

/* Where the first octet of the digest is in put_object(), and in ReadPublic. */
#define OBJECT_ID	(TPM2_HEADER_SIZE + 2 + 2 + 2 + 2 + 4 + 2 + 2 + 2)
#define PUBLIC_ID	(OBJECT_ID - 2)

/* An object that says @id when it is asked. */
static inline u32 make_object(struct client *c, u8 id)
{
	u8 buf[TPM2_BUFFER_SIZE];
	size_t len = put_object(buf);

	buf[OBJECT_ID] = id;
	KUNIT_ASSERT_EQ(c->test, client_send(c, buf, len), 0);
	return handle_in(c);
}

/* The id of an object; a response code or -errno if it has none. */
static inline int object_id(struct client *c, u32 handle)
{
	int rc = client_name(c, TPM_CC_ReadPublic, handle);

	return rc ? rc : c->rsp[PUBLIC_ID];
}

/* Uses a session in the authorization area, as the (@nr + 1)th there. */
static inline int use_session_nr(struct client *c, u32 handle, u8 attributes,
				 unsigned int nr)
{
	static const u8 params[] = { 0, 1 };
	struct trm_wire_command cmd = {
		.code = CC_GetRandom,
		.params = tpm2_bytes(params, sizeof(params)),
		.nr_auths = nr + 1,
	};

	cmd.auth[nr].handle = handle;
	cmd.auth[nr].attributes = attributes;
	return client_command(c, &cmd);
}

static inline int use_session(struct client *c, u32 handle)
{
	return use_session_nr(c, handle, USE, 0);
}

static inline int client_flush(struct client *c, u32 handle)
{
	u8 buf[TPM2_BUFFER_SIZE], params[4];

	put_unaligned_be32(handle, params);
	return client_send(c, buf, put_command(buf, TPM_CC_FlushContext,
					       tpm2_bytes(params, 4)));
}

/* A context that a client has saved. */
struct copy {
	u8 data[TPM2_BUFFER_SIZE];
	size_t len;
};

static inline int client_save(struct client *c, u32 handle, struct copy *copy)
{
	int rc = client_name(c, TPM_CC_ContextSave, handle);

	if (rc)
		return rc;
	copy->len = get_unaligned_be32(c->rsp + 2) - TPM2_HEADER_SIZE;
	memcpy(copy->data, c->rsp + TPM2_HEADER_SIZE, copy->len);
	return 0;
}

static inline int client_load(struct client *c, const struct copy *copy)
{
	u8 buf[TPM2_BUFFER_SIZE];

	return client_send(c, buf, put_command(buf, TPM_CC_ContextLoad,
					       tpm2_bytes(copy->data,
							  copy->len)));
}

static inline void client_close(struct client *c)
{
	struct kunit *test = c->test;

	trm_space_close(&c->space);
	c->open = false;
	trm_room_rest(room_of(test), false);
	reap(test);
	KUNIT_EXPECT_TRUE(test, list_empty(&c->space.objects));
	KUNIT_EXPECT_TRUE(test, list_empty(&c->space.sessions));
	check_books(test);
}

static inline unsigned int sessions_in_tpm(void)
{
	return count(TPM_HT_HMAC_SESSION) + count(TPM_HT_POLICY_SESSION);
}

static inline void world_exit(struct kunit *test)
{
	struct world *w = test->priv;
	struct trm_entity *e, *next;
	unsigned int i;

	host_tpm_hook(NULL, NULL);
	for (i = 0; i < w->nr_clients; i++) {
		if (w->client[i].open)
			client_close(&w->client[i]);
	}
	list_for_each_entry_safe(e, next, &w->f.room.orphans, member)
		trm_room_flush(&w->f.room, e);
	list_for_each_entry_safe(e, next, &w->f.room.kernel, member)
		trm_room_flush(&w->f.room, e);
	reap(test);
	check_books(test);
	KUNIT_EXPECT_EQ(test, w->f.room.nr_users, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&w->f.room.loaded));
	KUNIT_EXPECT_TRUE(test, list_empty(&w->f.room.saved));
	KUNIT_EXPECT_EQ(test, count(TPM_HT_TRANSIENT), w->strange_objects);
	KUNIT_EXPECT_EQ(test, sessions_in_tpm(), w->strange_sessions);
}

static inline unsigned int commands_of(struct kunit *test)
{
	struct world *w = test->priv;

	return w->commands;
}

#endif /* _UNIT_HOST_SPACE_FIXTURE_H */
