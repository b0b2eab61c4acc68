// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions of kernel clients: salt, start, end.
 *
 * The state machine is the entity's (room.h): TRM_NONE until StartAuthSession
 * succeeds and again once the session is over.  nonce_caller changes with every
 * command that is sent, nonce_tpm with every response that is verified; the
 * session key with each start, though the salt stays (exchange.c, start.c).  One
 * that is kept may become TRM_NONE also between transactions.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/tpm2_hash.h>

#include "trm.h"
#include "wire.h"

static void release(struct trm_entity *e)
{
	struct trm_session *session = container_of(e, struct trm_session,
						   entity);

	tpm2_aes_free(session->keys.aes);
	trm_payer_put(session->cgroup);
	trm_payer_put(session->user);
	kvfree_sensitive(session, sizeof(*session));
}

struct trm_session *trm_session_alloc(struct trm_client *client, u8 type,
				      u16 hash)
{
	struct trm_session *session;

	if (type != TPM_SE_HMAC && type != TPM_SE_POLICY)
		return ERR_PTR(-EINVAL);
	if (hash == TPM_ALG_ID_SHA1 || !trm_hash_available(hash))
		return ERR_PTR(-EOPNOTSUPP);
	session = kvzalloc(sizeof(*session), GFP_KERNEL_ACCOUNT);
	if (!session)
		return ERR_PTR(-ENOMEM);
	session->entity.release = release;
	if (trm_payers_get_current(client->chip, &session->user,
				   &session->cgroup)) {
		release(&session->entity);
		return ERR_PTR(-ENOMEM);
	}
	trm_entity_init(&session->entity, session->context,
			sizeof(session->context));
	session->client = client;
	session->type = type;
	session->keys.hash = hash;
	session->keys.nonce_len = tpm2_digest_size(hash);
	session->salt_handle = TPM_RH_NULL;
	return session;
}
EXPORT_SYMBOL_GPL(trm_session_alloc);

void trm_session_free(struct trm_session *session)
{
	if (IS_ERR_OR_NULL(session))
		return;
	memzero_explicit(&session->salt, sizeof(session->salt));
	memzero_explicit(session->keys.key, sizeof(session->keys.key));
	trm_let_go(session->client->chip, &session->entity);
}
EXPORT_SYMBOL_GPL(trm_session_free);

static void forget_salt(struct trm_session *session)
{
	memzero_explicit(&session->salt, sizeof(session->salt));
	memzero_explicit(session->keys.key, sizeof(session->keys.key));
	session->keys.key_len = 0;
	session->salt_object = NULL;
	session->salt_handle = TPM_RH_NULL;
}

int trm_session_salt(struct trm_session *session,
		     const struct trm_salt_key *key)
{
	int err;

	might_sleep();
	if (WARN_ON_ONCE(session->entity.place != TRM_NONE))
		return -EINVAL;
	forget_salt(session);
	if (!session->keys.aes)
		session->keys.aes = tpm2_aes_alloc();
	if (!session->keys.aes)
		return -ENOMEM;
	err = trm_salt_make(&session->salt, &key->public);
	if (err)
		return err;
	session->salt_object = key->object;
	session->salt_handle = key->handle;
	return 0;
}
EXPORT_SYMBOL_GPL(trm_session_salt);

/* The storage key must stay where it is until the TPM has used it. */
static int load_salt_key(struct trm_session *session, u32 *handle, u32 *rc)
{
	struct trm_object *object = session->salt_object;
	int err;

	*handle = session->salt_handle;
	*rc = TPM_RC_SUCCESS;
	if (!object)
		return 0;
	err = trm_room_load(&session->client->chip->room, &object->entity, rc);
	if (err || *rc)
		return err;
	object->entity.pinned = true;
	*handle = object->entity.handle;
	return 0;
}

static void unpin_salt_key(struct trm_session *session)
{
	if (session->salt_object)
		session->salt_object->entity.pinned = false;
}

/* StartAuthSession; its parameters are put together where the answer goes. */
static int send_start(struct trm_session *session, u32 tpm_key,
		      struct trm_wire_response *r)
{
	struct trm_chip *chip = session->client->chip;
	struct tpm2_writer params = tpm2_writer(chip->rsp, sizeof(chip->rsp));
	struct tpm2_writer out = tpm2_writer(chip->cmd, sizeof(chip->cmd));
	struct trm_wire_command c = {
		.code = TPM_CC_StartAuthSession,
		.info = trm_command_find(TPM_CC_StartAuthSession),
		.handle = { tpm_key, TPM_RH_NULL }, /* tpmKey, bind */
	};
	int len;

	trm_start_params(&params, &session->keys, session->type,
			 &session->salt);
	c.params = tpm2_written(&params);
	trm_wire_put_command(&out, &c);
	len = trm_room_send(&chip->room, tpm2_written(&out), chip->rsp);
	if (len < 0)
		return len;
	return trm_wire_parse_response(tpm2_bytes(chip->rsp, len), c.info, 0, r);
}

/* Nothing vouches for the answer yet, neither for a handle nor for an error. */
static int take_start(struct trm_session *session,
		      const struct trm_wire_response *r)
{
	struct trm_room *room = &session->client->chip->room;

	if (!trm_room_believes(room, r->handle, true))
		return -EBADMSG;
	/* The one before it may have been kept, and charged. */
	session->entity.keep = false;
	memset(session->entity.account, 0, sizeof(session->entity.account));
	trm_room_admit(room, &session->entity, r->handle);
	return trm_start_reply(&session->keys, &session->salt, r->params);
}

int trm_session_start(struct trm_session *session, u32 *rc)
{
	struct trm_chip *chip = session->client->chip;
	struct trm_wire_response r;
	u32 tpm_key;
	int err;

	lockdep_assert_held(&chip->lock);
	if (WARN_ON_ONCE(session->entity.place != TRM_NONE))
		return -EINVAL;
	err = load_salt_key(session, &tpm_key, rc);
	if (err || *rc)
		return err;
	err = send_start(session, tpm_key, &r);
	unpin_salt_key(session);
	if (!err && !r.rc)
		err = take_start(session, &r);
	if (err)
		trm_doubt(&chip->room);
	else if (r.rc)
		trm_wonder(&chip->room);
	if (!err)
		*rc = r.rc;
	return err;
}
EXPORT_SYMBOL_GPL(trm_session_start);

bool trm_session_active(const struct trm_session *session)
{
	/* One that is kept may be lost at any time outside a transaction. */
	return READ_ONCE(session->entity.place) != TRM_NONE;
}
EXPORT_SYMBOL_GPL(trm_session_active);

struct tpm2_bytes trm_session_nonce(const struct trm_session *session)
{
	return tpm2_bytes(session->keys.nonce_tpm, session->keys.nonce_len);
}
EXPORT_SYMBOL_GPL(trm_session_nonce);

void trm_session_keep(struct trm_session *session)
{
	struct trm_chip *chip = session->client->chip;
	struct trm_account *account[TRM_NR_SCOPES] = {};

	lockdep_assert_held(&chip->lock);
	if (session->entity.place == TRM_NONE)
		return;
	if (!session->user) {
		trm_room_keep(&chip->room, &session->entity, NULL);
		return;
	}
	account[TRM_USER] = &session->user->account;
	if (session->cgroup)
		account[TRM_CGROUP] = &session->cgroup->account;
	account[TRM_UNPRIVILEGED] = &chip->unprivileged;
	trm_room_keep(&chip->room, &session->entity, account);
}
EXPORT_SYMBOL_GPL(trm_session_keep);

bool trm_session_load(struct trm_session *session)
{
	struct trm_chip *chip = session->client->chip;
	u32 rc;

	lockdep_assert_held(&chip->lock);
	return !trm_room_load(&chip->room, &session->entity, &rc) && !rc;
}
EXPORT_SYMBOL_GPL(trm_session_load);

void trm_session_flush(struct trm_session *session)
{
	struct trm_chip *chip = session->client->chip;

	lockdep_assert_held(&chip->lock);
	if (session->entity.place != TRM_NONE)
		trm_room_flush(&chip->room, &session->entity);
}
EXPORT_SYMBOL_GPL(trm_session_flush);
