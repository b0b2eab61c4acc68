// SPDX-License-Identifier: GPL-2.0-only
/*
 * PolicyAuthorize: a policy that the right key has signed takes the place of the
 * one that the object was sealed with (Part 3, 23.16).
 *
 *	LoadExternal		the public key, whose Name the policy has
 *	VerifySignature		a ticket: this key has signed this policy
 *	PolicyAuthorize		the ticket, in the session that has run it
 *	FlushContext
 */
#include "unseal.h"

/**
 * tpk_signer_load() - load the public key of somebody who signs
 * @tpm: the TPM, in a transaction
 * @s: has room for it in @s->signer
 * @key: its TPMT_PUBLIC
 * @name: its Name
 *
 * Part 3, 12.3: no sensitive part.  Tickets are not made in the null hierarchy.
 *
 * Return: 0; -EBADMSG if it is too long; -EIO if the TPM has loaded another; or
 * as tpk_transmit().
 */
int tpk_signer_load(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    struct tpm2_bytes key, struct tpm2_bytes name)
{
	struct tpm2_writer w = tpm2_writer(s->params, sizeof(s->params));
	struct trm_call call = {
		.code = TPM_CC_LoadExternal,
		.result = s->signer,
	};
	struct tpm2_reader r;
	int err;

	tpm2_put_u16(&w, 0); /* inPrivate */
	tpm2_put_sized(&w, key);
	tpm2_put_u32(&w, TPM_RH_OWNER);
	if (w.full)
		return tpk_blob_bad("policy: a key that signs is too long");
	call.params = tpm2_written(&w);
	err = tpk_transmit(tpm, TPK_STEP_LOAD_EXTERNAL, &call, false);
	if (err)
		return err;
	r = tpm2_reader(call.reply.data, call.reply.len);
	if (!tpm2_bytes_equal(tpm2_get_sized(&r), name) || !tpm2_done(&r))
		return tpk_blob_refuse(-EIO,
			      "LoadExternal: the TPM loaded another key; suspect the bus");
	return 0;
}

/* Part 2, 10.7.4 TPMT_TK_VERIFIED; what it says is for the TPM to judge. */
static bool is_ticket(struct tpm2_bytes ticket)
{
	struct tpm2_reader r = tpm2_reader(ticket.data, ticket.len);

	tpm2_get_bytes(&r, 2 + 4); /* tag, hierarchy */
	return tpm2_get_sized(&r).len <= TPM2_MAX_DIGEST && tpm2_done(&r);
}

/* The parameters of PolicyAuthorize are then in @s->params. */
static int verify(struct tpk_tpm *tpm, struct tpk_scratch *s,
		  const struct tpk_policy_step *step, struct tpm2_writer *w)
{
	struct tpm2_writer params = tpm2_writer(s->params, sizeof(s->params));
	struct trm_call call = {
		.code = TPM_CC_VerifySignature,
		.ref[0].object = s->signer,
	};
	int err;

	tpm2_put_sized(&params, step->message);
	tpm2_put_bytes(&params, step->a.authorize.signature);
	if (params.full)
		return tpk_blob_bad("policy: a signature is too long");
	call.params = tpm2_written(&params);
	err = tpk_transmit(tpm, TPK_STEP_VERIFY_SIGNATURE, &call, false);
	if (err)
		return err;
	*w = tpm2_writer(s->params, sizeof(s->params));
	tpm2_put_bytes(w, step->params);
	tpm2_put_bytes(w, call.reply);
	if (w->full || !is_ticket(call.reply))
		return tpk_blob_refuse(-EIO,
			      "VerifySignature: the answer is malformed; suspect the bus");
	return 0;
}

static int approve(struct tpk_tpm *tpm, struct tpk_scratch *s,
		   const struct tpk_policy_step *step)
{
	struct trm_call call = {
		.code = TPM_CC_PolicyAuthorize,
		.ref[0].session = s->session,
	};
	struct tpm2_writer w;
	int err;

	err = verify(tpm, s, step, &w);
	if (err)
		return err;
	call.params = tpm2_written(&w);
	return tpk_transmit(tpm, TPK_STEP_POLICY_AUTHORIZE, &call, false);
}

/**
 * tpk_authorize() - run a PolicyAuthorize
 * @tpm: the TPM, in a transaction
 * @s: has the session, and room for the key in @s->signer
 * @step: the statement
 *
 * Return: 0; -ENOKEY if the signature is not valid; -EOPNOTSUPP if the TPM lacks
 * the key's algorithm; -EBADMSG; -EIO; or as tpk_transmit().
 */
int tpk_authorize(struct tpk_tpm *tpm, struct tpk_scratch *s,
		  const struct tpk_policy_step *step)
{
	int err = tpk_signer_load(tpm, s, step->a.authorize.key, step->name);

	if (!err)
		err = approve(tpm, s, step);
	trm_object_flush(s->signer);
	return err;
}
