// SPDX-License-Identifier: GPL-2.0-only
/*
 * One command of a kernel client: handles, sessions, sending, checking.
 *
 *	load	what the command names is loaded and pinned
 *	put	the command is put together, encrypted, each session's HMAC over it
 *	send	with repairs, by room.c
 *	settle	sessions that are over are dismissed
 *	check	each session's HMAC in the response is verified, then it is
 *		decrypted, and a new handle is admitted
 *
 * Putting and checking are exchange.c's.
 */
#include <linux/export.h>

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

/* The Name that goes into cpHash; empty: the handle. */
static struct tpm2_bytes ref_name(const struct trm_ref *ref)
{
	const struct trm_name *name =
		ref->object ? &ref->object->name : ref->name;

	return name ? tpm2_bytes(name->data, name->len) : tpm2_bytes(NULL, 0);
}

static int load(struct trm_room *room, struct trm_entity *e, u32 *rc)
{
	return e ? trm_room_load(room, e, rc) : 0;
}

static struct trm_entity *auth_entity(const struct trm_auth *auth)
{
	return auth->session ? &auth->session->entity : NULL;
}

static int load_all(struct trm_room *room, struct trm_call *call,
		    const struct trm_command_info *info)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < info->handles && !err && !call->rc; i++)
		err = load(room, ref_entity(&call->ref[i]), &call->rc);
	for (i = 0; i < call->nr_auths && !err && !call->rc; i++)
		err = load(room, auth_entity(&call->auth[i]), &call->rc);
	return err;
}

static void pin(struct trm_entity *e, bool pinned)
{
	if (e)
		e->pinned = pinned;
}

/* What the command names does not make way for what else it names. */
static void pin_all(struct trm_call *call, const struct trm_command_info *info,
		    bool pinned)
{
	unsigned int i;

	for (i = 0; i < info->handles; i++)
		pin(ref_entity(&call->ref[i]), pinned);
	for (i = 0; i < call->nr_auths; i++)
		pin(auth_entity(&call->auth[i]), pinned);
}

/* A command as its sessions see it. */
static void fill_exchange(const struct trm_call *call,
			  const struct trm_command_info *info,
			  struct trm_exchange *x)
{
	unsigned int i;

	*x = (struct trm_exchange){
		.info = info,
		.nr_auths = call->nr_auths,
		.params = call->params,
	};
	for (i = 0; i < info->handles; i++) {
		x->handle[i] = ref_handle(&call->ref[i]);
		x->name[i] = ref_name(&call->ref[i]);
	}
	for (i = 0; i < call->nr_auths; i++) {
		const struct trm_auth *auth = &call->auth[i];

		x->auth[i].attributes = auth->attributes;
		x->auth[i].value = auth->value;
		x->auth[i].unproved = auth->unproved;
		x->auth[i].handle = auth->foreign;
		if (!auth->session)
			continue;
		x->auth[i].keys = &auth->session->keys;
		x->auth[i].handle = auth->session->entity.handle;
	}
}

/* Whatever the answer: the TPM has ended the sessions that were to end. */
static void dismiss_ended(struct trm_room *room, const struct trm_call *call)
{
	unsigned int i;

	for (i = 0; i < call->nr_auths; i++) {
		const struct trm_auth *auth = &call->auth[i];

		if (auth->session &&
		    !(auth->attributes & TPMA_SESSION_continueSession))
			trm_room_dismiss(room, &auth->session->entity);
	}
}

/* The TPM does not know what we thought it has: it was reset, or flushed it. */
static void lose_missing(struct trm_room *room, const struct trm_call *call)
{
	struct trm_entity *e = NULL;

	if (call->rc >= TPM_RC_REFERENCE_H0 &&
	    call->rc < TPM_RC_REFERENCE_H0 + TPM2_MAX_HANDLES)
		e = ref_entity(&call->ref[call->rc - TPM_RC_REFERENCE_H0]);
	else if (call->rc >= TPM_RC_REFERENCE_S0 &&
		 call->rc < TPM_RC_REFERENCE_S0 + call->nr_auths)
		e = auth_entity(&call->auth[call->rc - TPM_RC_REFERENCE_S0]);
	if (e && e->place == TRM_LOADED)
		trm_room_lose(room, e);
}

/* What the command has made is the client's. */
static int take_handle(struct trm_room *room, struct trm_call *call, u32 handle)
{
	if (!call->result)
		return 0;
	if (!trm_room_believes(room, handle, false))
		return -EBADMSG;
	trm_room_admit(room, &call->result->entity, handle);
	return 0;
}

/* Takes a success: settles what it changes, verifies and decrypts it. */
static int take_success(struct trm_chip *chip, struct trm_call *call,
			const struct trm_exchange *x,
			const struct trm_wire_response *r)
{
	int err;

	dismiss_ended(&chip->room, call);
	err = trm_exchange_check(x, chip->rsp, r);
	if (!err)
		err = take_handle(&chip->room, call, r->handle);
	if (!err)
		call->reply = r->params;
	return err;
}

/* Takes the response apart. */
static int take_response(struct trm_chip *chip, struct trm_call *call,
			 struct trm_exchange *x, size_t len)
{
	struct trm_wire_response r;
	int err;

	err = trm_wire_parse_response(tpm2_bytes(chip->rsp, len), x->info,
				      call->nr_auths, &r);
	if (!err) {
		call->rc = r.rc;
		if (chip->restricted)
			trm_budget_note(&chip->room, r.rc);
	}
	if (!err && !r.rc)
		err = take_success(chip, call, x, &r);
	if (!err && r.rc)
		lose_missing(&chip->room, call);
	/* Nothing vouches for an error: something may have been made. */
	if (err)
		trm_doubt(&chip->room);
	else if (r.rc && call->result)
		trm_wonder(&chip->room);
	return err;
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

/* Somebody else's session is used only if it was claimed. */
static bool is_claimed(const struct trm_room *room, const struct trm_call *call)
{
	unsigned int i;

	for (i = 0; i < call->nr_auths; i++) {
		const struct trm_auth *auth = &call->auth[i];

		if (auth->foreign &&
		    (auth->session || auth->foreign != room->foreign))
			return false;
	}
	return true;
}

static int send_call(struct trm_chip *chip, struct trm_call *call,
		     const struct trm_command_info *info)
{
	struct tpm2_writer w = tpm2_writer(chip->cmd, sizeof(chip->cmd));
	struct trm_exchange x;
	int err, len;

	if (!allows(chip, call, info)) {
		call->rc = TPM_RC_LOCKOUT;
		return 0;
	}
	err = load_all(&chip->room, call, info);
	if (err || call->rc)
		return err;
	fill_exchange(call, info, &x);
	if (WARN_ON_ONCE(!trm_exchange_can_encrypt(&x)))
		return -EINVAL;
	err = trm_exchange_put(&x, &w);
	if (err)
		return err;
	len = trm_room_send(&chip->room, tpm2_written(&w), chip->rsp);
	return len < 0 ? len : take_response(chip, call, &x, len);
}

int trm_transmit(struct trm_client *client, struct trm_call *call)
{
	const struct trm_command_info *info = trm_command_find(call->code);
	struct trm_chip *chip = client->chip;
	int err;

	lockdep_assert_held(&chip->lock);
	if (WARN_ON_ONCE(chip->owner != client || !info ||
			 call->nr_auths > TPM2_MAX_SESSIONS ||
			 info->handle_out != !!call->result ||
			 !is_claimed(&chip->room, call)))
		return -EINVAL;
	call->rc = TPM_RC_SUCCESS;
	call->reply = tpm2_bytes(NULL, 0);
	pin_all(call, info, true);
	err = send_call(chip, call, info);
	pin_all(call, info, false);
	return err;
}
EXPORT_SYMBOL_GPL(trm_transmit);
