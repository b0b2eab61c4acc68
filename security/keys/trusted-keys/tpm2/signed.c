// SPDX-License-Identifier: GPL-2.0-only
/*
 * PolicySigned with what was signed in the file of signfd= (Part 3, 23.3).
 *
 *	LoadExternal		the public key of the signer
 *	PolicySigned		its signature over this session's nonce
 *	FlushContext
 */
#include "signing.h"

/* Part 3, 23.3: nonceTPM, cpHashA, policyRef, expiration, signature. */
static int put_params(struct tpm2_writer *w, const struct tpk_challenge *c,
		      const struct tpk_asked *a)
{
	tpm2_put_sized(w, tpk_value_bytes(&c->nonce));
	tpm2_put_sized(w, tpk_value_bytes(&c->cp_hash));
	tpm2_put_sized(w, tpk_value_bytes(&a->policy_ref));
	tpm2_put_u32(w, a->expiration);
	tpm2_put(w, a->signature, a->signature_len);
	return w->full ? tpk_blob_bad("policy: a signature is too long") : 0;
}

/*
 * A signature that is not good is forgotten, so that another can be written.  One
 * for another nonce, or one that has expired, is of no use, nor is the session.
 */
static void judge(struct tpk_signing *s, struct tpk_asked *a, u32 rc)
{
	switch (tpm2_rc_base(rc)) {
	case TPM_RC_SIGNATURE:
		a->signature_len = 0;
		break;
	case TPM_RC_NONCE:
	case TPM_RC_EXPIRED:
		s->spoilt = true;
		break;
	default:
		break;
	}
}

static int prove(struct tpk_tpm *tpm, struct tpk_scratch *scratch,
		 struct tpk_signing *s, struct tpk_asked *a)
{
	struct tpm2_writer w = tpm2_writer(scratch->params, sizeof(scratch->params));
	struct trm_call call = {
		.code = TPM_CC_PolicySigned,
		.ref[0].object = scratch->signer,
		.ref[1].session = scratch->session,
	};
	int err = put_params(&w, s->challenge, a);

	if (err)
		return err;
	call.params = tpm2_written(&w);
	err = tpk_transmit(tpm, TPK_STEP_POLICY_SIGNED, &call, false);
	if (err)
		judge(s, a, call.rc);
	return err;
}

/**
 * tpk_signed() - run a PolicySigned
 * @tpm: the TPM, in a transaction
 * @scratch: has the session, and room for the key in @scratch->signer
 * @u: the blob, with @u->signing if there is one
 * @step: the statement
 *
 * Return: 0; -ENOKEY if there is no signature for it, or it is not valid;
 * -EKEYEXPIRED; -EOPNOTSUPP if the TPM lacks the key's algorithm; -EIO; or as
 * tpk_transmit().
 */
int tpk_signed(struct tpk_tpm *tpm, struct tpk_scratch *scratch,
	       const struct unseal *u, const struct tpk_policy_step *step)
{
	struct tpk_signing *s = u->signing;
	struct tpk_asked *a = NULL;
	int err;

	if (s)
		a = tpk_challenge_find(s->challenge, &step->a.signer, step->name);
	if (!a || !a->signature_len)
		return tpk_blob_refuse(-ENOKEY,
			      "PolicySigned: there is no signature for it; ask the signer, see signfd=");
	err = tpk_signer_load(tpm, scratch, tpk_asked_public(a), step->name);
	if (!err)
		err = prove(tpm, scratch, s, a);
	trm_object_flush(scratch->signer);
	return err;
}

/**
 * tpk_signed_resume() - go on in the session that was started for the challenge
 * @tpm: the TPM, in a transaction
 * @scratch: has the session
 * @s: the file that it belongs to
 *
 * Return: 0; -ENOKEY if it is lost: a reset, or kicked out; or as tpk_transmit().
 */
int tpk_signed_resume(struct tpk_tpm *tpm, struct tpk_scratch *scratch,
		      struct tpk_signing *s)
{
	int err = 0;

	if (!trm_session_load(scratch->session)) {
		s->spoilt = true;
		return tpk_blob_refuse(-ENOKEY,
			      "signfd=: the TPM has lost the session of this file; open another and ask the signer again");
	}
	if (s->dirty)
		err = tpk_policy_restart(tpm, scratch);
	s->dirty = true;
	return err;
}

/**
 * tpk_signed_check() - is there a session and a signature, where they are needed?
 * @tpm: the TPM
 * @u: the blob, prepared
 *
 * Return: 0; -ENOKEY if the policy wants a signature in any case and nobody has
 * signed, or the session is that of a TPM that was removed.
 */
int tpk_signed_check(struct tpk_tpm *tpm, const struct unseal *u)
{
	const struct tpk_tree *tree = &u->plan.tree;
	unsigned int i;

	if (u->signing && u->signing->tpm != tpm) {
		u->signing->spoilt = true;
		return tpk_blob_refuse(-ENOKEY,
			      "signfd=: the TPM of this file was removed");
	}
	for (i = 0; i < tree->nr_nodes && !u->signing; i++)
		if (tree->node[i].code == TPM_CC_PolicySigned && !tree->node[i].branch)
			return tpk_blob_refuse(-ENOKEY,
				      "PolicySigned: nobody has signed; see signfd=");
	return 0;
}
