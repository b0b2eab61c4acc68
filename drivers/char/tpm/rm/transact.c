// SPDX-License-Identifier: GPL-2.0-only
/*
 * One command of a kernel client: handles, sessions, sending, checking.
 *
 *	load	what the command names is loaded and pinned
 *	put	the command is put together, each session's HMAC over it
 *	send	with repairs, by room.c
 *	check	the response is taken apart, each session's HMAC verified
 *	settle	sessions that are over are dismissed, a new handle is admitted
 */
#include <linux/export.h>
#include <linux/tpm2_hash.h>

#include "authcalc.h"
#include "trm.h"
#include "wire.h"

static struct trm_entity *ref_entity(const struct trm_ref *ref)
{
	if (ref->object)
		return &ref->object->entity;
	return ref->session ? &ref->session->entity : NULL;
}

static u32 ref_handle(const struct trm_ref *ref)
{
	struct trm_entity *e = ref_entity(ref);

	return e ? e->handle : ref->handle;
}

/* The Name that goes into cpHash; @handle is room for one that is its Name. */
static struct tpm2_bytes ref_name(const struct trm_ref *ref, u8 *handle)
{
	const struct trm_name *name =
		ref->object ? &ref->object->name : ref->name;

	if (name && name->len)
		return tpm2_bytes(name->data, name->len);
	put_unaligned_be32(ref_handle(ref), handle);
	return tpm2_bytes(handle, 4);
}

static int load_and_pin(struct trm_room *room, struct trm_entity *e, u32 *rc)
{
	int err = trm_room_load(room, e, rc);

	if (!err && !*rc)
		e->pinned = true;
	return err;
}

static int load_all(struct trm_room *room, struct trm_call *call,
		    const struct trm_command_info *info)
{
	unsigned int i;
	int err;

	for (i = 0; i < info->handles; i++) {
		struct trm_entity *e = ref_entity(&call->ref[i]);

		err = e ? load_and_pin(room, e, &call->rc) : 0;
		if (err || call->rc)
			return err;
	}
	for (i = 0; i < call->nr_auths; i++) {
		struct trm_session *session = call->auth[i].session;

		err = session ? load_and_pin(room, &session->entity,
					     &call->rc) : 0;
		if (err || call->rc)
			return err;
	}
	return 0;
}

static void unpin_all(struct trm_call *call,
		      const struct trm_command_info *info)
{
	unsigned int i;

	for (i = 0; i < info->handles; i++) {
		struct trm_entity *e = ref_entity(&call->ref[i]);

		if (e)
			e->pinned = false;
	}
	for (i = 0; i < call->nr_auths; i++) {
		if (call->auth[i].session)
			call->auth[i].session->entity.pinned = false;
	}
}

static int cp_hash(const struct trm_call *call,
		   const struct trm_command_info *info, u16 hash, u8 *out)
{
	struct tpm2_bytes name[TPM2_MAX_HANDLES];
	u8 handle[TPM2_MAX_HANDLES][4];
	unsigned int i;

	for (i = 0; i < info->handles; i++)
		name[i] = ref_name(&call->ref[i], handle[i]);
	return trm_cp_hash(hash, call->code, name, info->handles, call->params,
			   out);
}

/* Fills one session of the authorization area; @hmac is room for its HMAC. */
static int put_auth(const struct trm_call *call,
		    const struct trm_command_info *info,
		    const struct trm_auth *auth, struct trm_wire_auth *out,
		    u8 *hmac)
{
	struct trm_session *session = auth->session;
	u8 hash[TPM2_MAX_DIGEST];
	int err;

	out->attributes = auth->attributes;
	if (!session) {
		out->handle = TPM_RS_PW;
		out->hmac = auth->value;
		return 0;
	}
	err = cp_hash(call, info, session->hash, hash);
	if (err)
		return err;
	trm_session_new_nonce(session);
	out->handle = session->entity.handle;
	out->nonce = tpm2_bytes(session->nonce_caller, session->nonce_len);
	out->hmac = tpm2_bytes(hmac, session->nonce_len);
	return trm_session_authorize(session, hash, auth->attributes,
				     auth->value, hmac);
}

/* Puts the command together in @chip->cmd. */
static int put_call(struct trm_chip *chip, const struct trm_call *call,
		    const struct trm_command_info *info, struct tpm2_bytes *cmd)
{
	struct tpm2_writer w = tpm2_writer(chip->cmd, sizeof(chip->cmd));
	struct trm_wire_command c = {
		.code = call->code,
		.info = info,
		.nr_auths = call->nr_auths,
		.params = call->params,
	};
	u8 hmac[TPM2_MAX_SESSIONS][TPM2_MAX_DIGEST];
	unsigned int i;
	int err;

	for (i = 0; i < info->handles; i++)
		c.handle[i] = ref_handle(&call->ref[i]);
	for (i = 0; i < call->nr_auths; i++) {
		err = put_auth(call, info, &call->auth[i], &c.auth[i], hmac[i]);
		if (err)
			return err;
	}
	trm_wire_put_command(&w, &c);
	*cmd = tpm2_written(&w);
	return w.full ? -EMSGSIZE : 0;
}

/* One session of the response: verify it, and see whether it goes on. */
static int check_auth(struct trm_room *room, const struct trm_call *call,
		      const struct trm_auth *auth,
		      const struct trm_wire_response *r,
		      const struct trm_wire_auth *answer)
{
	struct trm_session *session = auth->session;
	u8 hash[TPM2_MAX_DIGEST];
	int err;

	if (!session)
		return 0;
	/* Whatever the answer: the TPM has ended a session that was to end. */
	if (!(auth->attributes & TPMA_SESSION_continueSession))
		trm_room_dismiss(room, &session->entity);
	err = trm_rp_hash(session->hash, call->code, r->params, hash);
	if (err)
		return err;
	return trm_session_verify(session, hash, answer->attributes,
				  auth->value, answer->nonce, answer->hmac);
}

static int check_auths(struct trm_room *room, const struct trm_call *call,
		       const struct trm_wire_response *r)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < call->nr_auths; i++) {
		int one = check_auth(room, call, &call->auth[i], r, &r->auth[i]);

		err = err ?: one;
	}
	return err;
}

/* Takes the response apart and settles what it changes. */
static int take_response(struct trm_chip *chip, struct trm_call *call,
			 const struct trm_command_info *info, size_t len)
{
	struct trm_wire_response r;
	int err;

	err = trm_wire_parse_response(tpm2_bytes(chip->rsp, len), info,
				      call->nr_auths, &r);
	if (err)
		return err;
	call->rc = r.rc;
	if (chip->restricted)
		trm_budget_note(&chip->room, r.rc);
	if (r.rc)
		return 0;
	if (info->handle_out)
		trm_room_admit(&chip->room, &call->result->entity, r.handle);
	call->reply = r.params;
	return check_auths(&chip->room, call, &r);
}

/* A user without privilege must not lock the TPM by way of the kernel either. */
static bool allows(struct trm_chip *chip, const struct trm_call *call,
		   const struct trm_command_info *info)
{
	u32 handle[TPM2_MAX_HANDLES];
	unsigned int i;

	for (i = 0; i < info->handles; i++)
		handle[i] = ref_handle(&call->ref[i]);
	return !chip->restricted || call->no_da ||
	       trm_budget_allows(&chip->room, info, handle);
}

static int send_call(struct trm_chip *chip, struct trm_call *call,
		     const struct trm_command_info *info)
{
	struct tpm2_bytes cmd;
	int err, len;

	if (!allows(chip, call, info)) {
		call->rc = TPM_RC_LOCKOUT;
		return 0;
	}
	err = load_all(&chip->room, call, info);
	if (err || call->rc)
		return err;
	err = put_call(chip, call, info, &cmd);
	if (err)
		return err;
	len = trm_room_send(&chip->room, cmd, chip->rsp);
	return len < 0 ? len : take_response(chip, call, info, len);
}

int trm_transmit(struct trm_client *client, struct trm_call *call)
{
	const struct trm_command_info *info = trm_command_find(call->code);
	struct trm_chip *chip = client->chip;
	int err;

	lockdep_assert_held(&chip->lock);
	if (WARN_ON_ONCE(chip->owner != client || !info ||
			 call->nr_auths > TPM2_MAX_SESSIONS ||
			 info->handle_out != !!call->result))
		return -EINVAL;
	call->rc = TPM_RC_SUCCESS;
	call->reply = tpm2_bytes(NULL, 0);
	err = send_call(chip, call, info);
	unpin_all(call, info);
	return err;
}
EXPORT_SYMBOL_GPL(trm_transmit);
