// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions of kernel clients: start, nonces, HMAC, end.
 *
 * The state machine is the entity's (room.h): TRM_NONE until StartAuthSession
 * succeeds and again once the session is over.  nonce_caller changes with every
 * command that is sent, nonce_tpm with every response that is verified.
 *
 * A session has no session key yet: salting to a parent, and the encryption of
 * parameters, which are worth something only with it, have their place in
 * trm_session_start() (tpmKey, encryptedSalt, symmetric, @key) and in
 * transact.c, between putting a command together and its cpHash.
 */
#include <crypto/algapi.h>

#include <linux/err.h>
#include <linux/export.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/tpm2_hash.h>

#include "authcalc.h"
#include "trm.h"
#include "wire.h"

struct trm_session *trm_session_alloc(struct trm_client *client, u8 type,
				      u16 hash)
{
	struct trm_session *session;

	if (type != TPM_SE_HMAC && type != TPM_SE_POLICY)
		return ERR_PTR(-EINVAL);
	if (hash == TPM_ALG_ID_SHA1 || !trm_hash_available(hash))
		return ERR_PTR(-EOPNOTSUPP);
	session = kvzalloc(sizeof(*session), GFP_KERNEL);
	if (!session)
		return ERR_PTR(-ENOMEM);
	trm_entity_init(&session->entity, session->context,
			sizeof(session->context));
	session->client = client;
	session->type = type;
	session->hash = hash;
	session->nonce_len = tpm2_digest_size(hash);
	return session;
}
EXPORT_SYMBOL_GPL(trm_session_alloc);

void trm_session_free(struct trm_session *session)
{
	if (IS_ERR_OR_NULL(session))
		return;
	/* trm_end() has flushed it. */
	WARN_ON_ONCE(session->entity.place != TRM_NONE);
	kvfree_sensitive(session, sizeof(*session));
}
EXPORT_SYMBOL_GPL(trm_session_free);

void trm_session_new_nonce(struct trm_session *session)
{
	get_random_bytes(session->nonce_caller, session->nonce_len);
}

/* Part 3, 11.1: unbound, unsalted, no symmetric algorithm. */
static void put_start(struct trm_session *session, struct tpm2_writer *w)
{
	tpm2_put_sized(w, tpm2_bytes(session->nonce_caller,
				     session->nonce_len));
	tpm2_put_u16(w, 0); /* encryptedSalt */
	tpm2_put_u8(w, session->type);
	tpm2_put_u16(w, TPM_ALG_ID_NULL);
	tpm2_put_u16(w, session->hash);
}

static int take_nonce_tpm(struct trm_session *session, struct tpm2_bytes nonce)
{
	if (nonce.len != session->nonce_len)
		return -EBADMSG;
	memcpy(session->nonce_tpm, nonce.data, nonce.len);
	return 0;
}

/* Admits the session that the TPM has started. */
static int start_reply(struct trm_session *session,
		       const struct trm_wire_response *r)
{
	struct tpm2_reader reply = tpm2_reader(r->params.data, r->params.len);
	struct tpm2_bytes nonce = tpm2_get_sized(&reply);

	trm_room_admit(&session->client->chip->room, &session->entity,
		       r->handle);
	if (!tpm2_done(&reply))
		return -EBADMSG;
	return take_nonce_tpm(session, nonce);
}

int trm_session_start(struct trm_session *session, u32 *rc)
{
	struct trm_chip *chip = session->client->chip;
	u8 params[2 + TPM2_MAX_DIGEST + 2 + 1 + 2 + 2];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct tpm2_writer out = tpm2_writer(chip->cmd, sizeof(chip->cmd));
	struct trm_wire_command c = {
		.code = TPM_CC_StartAuthSession,
		.info = trm_command_find(TPM_CC_StartAuthSession),
		.handle = { TPM_RH_NULL, TPM_RH_NULL }, /* tpmKey, bind */
	};
	struct trm_wire_response r;
	int len, err;

	lockdep_assert_held(&chip->lock);
	if (WARN_ON_ONCE(session->entity.place != TRM_NONE))
		return -EINVAL;
	trm_session_new_nonce(session);
	put_start(session, &w);
	c.params = tpm2_written(&w);
	trm_wire_put_command(&out, &c);
	len = trm_room_send(&chip->room, tpm2_written(&out), chip->rsp);
	if (len < 0)
		return len;
	err = trm_wire_parse_response(tpm2_bytes(chip->rsp, len), c.info, 0, &r);
	if (err)
		return err;
	*rc = r.rc;
	return r.rc ? 0 : start_reply(session, &r);
}
EXPORT_SYMBOL_GPL(trm_session_start);

bool trm_session_active(const struct trm_session *session)
{
	return session->entity.place != TRM_NONE;
}
EXPORT_SYMBOL_GPL(trm_session_active);

void trm_session_flush(struct trm_session *session)
{
	struct trm_chip *chip = session->client->chip;

	lockdep_assert_held(&chip->lock);
	if (session->entity.place != TRM_NONE)
		trm_room_flush(&chip->room, &session->entity);
}
EXPORT_SYMBOL_GPL(trm_session_flush);

/**
 * trm_session_authorize() - HMAC of a command
 * @session: a session of the command, with a new nonce_caller
 * @cp_hash: the command's digest by the session's hash
 * @attributes: TPMA_SESSION
 * @value: authValue that takes part, or empty
 * @hmac: result, @session->nonce_len octets
 *
 * Return: 0; -EOPNOTSUPP.
 */
int trm_session_authorize(struct trm_session *session, const u8 *cp_hash,
			  u8 attributes, struct tpm2_bytes value, u8 *hmac)
{
	const struct trm_nonces nonces = {
		.newer = tpm2_bytes(session->nonce_caller, session->nonce_len),
		.older = tpm2_bytes(session->nonce_tpm, session->nonce_len),
	};

	return trm_auth_hmac(session->hash,
			     tpm2_bytes(session->key, session->key_len), value,
			     cp_hash, &nonces, attributes, hmac);
}

/**
 * trm_session_verify() - check the HMAC of a response, take its nonce
 * @session: a session of the command
 * @rp_hash: the response's digest by the session's hash
 * @attributes: TPMA_SESSION of the response
 * @value: authValue that took part in the command, or empty
 * @nonce_tpm: nonce of the response
 * @hmac: HMAC of the response
 *
 * Return: 0; -EBADMSG if it is not what the TPM must have sent.
 */
int trm_session_verify(struct trm_session *session, const u8 *rp_hash,
		       u8 attributes, struct tpm2_bytes value,
		       struct tpm2_bytes nonce_tpm, struct tpm2_bytes hmac)
{
	const struct trm_nonces nonces = {
		.newer = nonce_tpm,
		.older = tpm2_bytes(session->nonce_caller, session->nonce_len),
	};
	u8 expected[TPM2_MAX_DIGEST];
	int err;

	err = trm_auth_hmac(session->hash,
			    tpm2_bytes(session->key, session->key_len), value,
			    rp_hash, &nonces, attributes, expected);
	if (!err && (hmac.len != session->nonce_len ||
		     crypto_memneq(expected, hmac.data, hmac.len)))
		err = -EBADMSG;
	memzero_explicit(expected, sizeof(expected));
	return err ?: take_nonce_tpm(session, nonce_tpm);
}
