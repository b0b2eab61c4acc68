// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blob to key: StartAuthSession, Load, the policy, Unseal, FlushContext.
 *
 * One session, salted to the parent: Load is encrypted by it, the policy is run in
 * it, Unseal is authorized and encrypted by it.  A second one beside it proves a
 * keyauth=, or encrypts where the first must not.
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "unseal.h"

/* PCR_CHANGED means: run the policy again.  Only firmware can be the cause. */
#define MAX_POLICY_RUNS	4

/* Load answers with the Name of what it loaded. */
static int take_name(struct tpk_scratch *s, const struct unseal *u,
		     struct tpm2_bytes reply)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len);
	struct tpm2_bytes name = tpm2_get_sized(&r);

	if (!tpm2_done(&r) ||
	    !tpm2_bytes_equal(name, tpm2_bytes(u->name.data, u->name.len)))
		return tpk_blob_refuse(-EIO,
			      "Load: the TPM loaded another object; suspect the bus");
	trm_object_set_name(s->object, &u->name);
	return 0;
}

/* Must keyauth= be proved?  That of a derived parent was for its hierarchy. */
static bool proves_keyauth(const struct tpk_options *o, u32 parent)
{
	return o->keyauth_len && TPM_HT(parent) == TPM_HT_PERSISTENT;
}

/*
 * An HMAC session proves keyauth=, and encrypts.  An empty authorization needs no
 * proof: then the session that opens the object goes along to encrypt.
 */
static void authorize_load(struct trm_call *call, struct tpk_scratch *s,
			   const struct unseal *u)
{
	struct trm_auth auth = {
		.session = s->session,
		.attributes = tpk_encrypting(s, TPMA_SESSION_decrypt |
						TPMA_SESSION_encrypt) |
			      TPMA_SESSION_continueSession,
	};

	if (!proves_keyauth(u->o, u->kf.parent)) {
		call->nr_auths = s->salted ? 2 : 1;
		call->auth[1] = auth;
		return;
	}
	if (s->helper)
		auth.session = s->helper;
	auth.value = tpm2_bytes(u->o->keyauth, u->o->keyauth_len);
	call->nr_auths = 1;
	call->auth[0] = auth;
}

static int load(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
{
	struct tpm2_writer w = tpm2_writer(s->params, sizeof(s->params));
	struct trm_call call = {
		.code = TPM_CC_Load,
		.ref[0] = tpk_parent_ref(&s->parent),
		.no_da = s->parent.attributes & TPMA_OBJECT_noDA,
		.result = s->object,
	};
	int err;

	authorize_load(&call, s, u);
	tpm2_put_bytes(&w, u->kf.private);
	tpm2_put_bytes(&w, u->kf.public);
	if (w.full)
		return tpk_blob_bad("too long for a TPM");
	call.params = tpm2_written(&w);
	err = tpk_transmit(tpm, TPK_STEP_LOAD, &call, u->o->keyauth_len);
	return err ?: take_name(s, u, call.reply);
}

static int run_pcr(struct tpk_tpm *tpm, struct tpk_scratch *s,
		   const struct unseal *u, struct tpm2_bytes body)
{
	struct tpm2_writer w = tpm2_writer(s->params, sizeof(s->params));
	struct trm_call call = {
		.code = TPM_CC_PolicyPCR,
		.ref[0].session = s->session,
	};
	struct tpk_pcr_statement st;
	int err;

	err = tpk_pcr_statement_decode(body, u->public.name_alg, &st);
	if (err)
		return err;
	tpm2_put_sized(&w, st.digest);
	tpm2_put_bytes(&w, st.selection);
	call.params = tpm2_written(&w);
	return tpk_transmit(tpm, TPK_STEP_POLICY_PCR, &call, false);
}

static int run_authvalue(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	struct trm_call call = {
		.code = TPM_CC_PolicyAuthValue,
		.ref[0].session = s->session,
	};

	return tpk_transmit(tpm, TPK_STEP_POLICY_AUTHVALUE, &call, false);
}

static int run_policy(struct tpk_tpm *tpm, struct tpk_scratch *s,
		      const struct unseal *u)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < u->policy.nr && !err; i++) {
		const struct tpk_statement *st = &u->policy.statement[i];

		if (st->code == TPM_CC_PolicyPCR)
			err = run_pcr(tpm, s, u, st->body);
		else
			err = run_authvalue(tpm, s);
	}
	return err;
}

/* Takes the key out of a TPM2B_SENSITIVE_DATA. */
static int take_key(struct unseal *u, struct tpm2_bytes reply)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len);
	struct tpm2_bytes data = tpm2_get_sized(&r);
	unsigned int flag = u->old_format ? 1 : 0;

	if (!tpm2_done(&r) || data.len < TPK_MIN_KEY + flag ||
	    data.len > TPK_MAX_KEY + flag)
		return tpk_blob_refuse(-EBADMSG,
			      "what is sealed in the blob is not a key of 32 to 128 bytes");
	memcpy(u->key, data.data, data.len);
	u->key_len = data.len - flag;
	return 0;
}

static void authorize_unseal(struct trm_call *call, struct tpk_scratch *s,
			     const struct unseal *u, bool auth)
{
	u8 encrypting = tpk_encrypting(s, TPMA_SESSION_encrypt);

	call->nr_auths = 1;
	call->auth[0].session = s->session;
	if (auth)
		call->auth[0].value = tpm2_bytes(u->o->blobauth,
						 u->o->blobauth_len);
	if (tpk_blob_knows_auth(u)) {
		call->auth[0].attributes = encrypting;
	} else if (encrypting) {
		call->nr_auths = 2;
		call->auth[1].session = s->helper;
		call->auth[1].attributes = encrypting;
	}
}

static int unseal(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
{
	bool auth = !u->policy.nr || tpk_policy_needs_auth(&u->policy);
	struct trm_call call = {
		.code = TPM_CC_Unseal,
		.ref[0].object = s->object,
		.no_da = u->public.attributes & TPMA_OBJECT_noDA,
	};
	int err;

	authorize_unseal(&call, s, u, auth);
	/* A key that wants an authorization was refused for lack of it. */
	err = tpk_transmit(tpm, TPK_STEP_UNSEAL, &call,
			   auth && (u->o->blobauth_len || !u->kf.empty_auth));
	return err ?: take_key(u, call.reply);
}

static int restart_policy(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	struct trm_call call = {
		.code = TPM_CC_PolicyRestart,
		.ref[0].session = s->session,
	};

	return tpk_transmit(tpm, TPK_STEP_SESSION, &call, false);
}

/* -ESTALE is PCR_CHANGED. */
static int run_and_unseal(struct tpk_tpm *tpm, struct tpk_scratch *s,
			  struct unseal *u)
{
	int err, runs;

	for (runs = 1;; runs++) {
		err = run_policy(tpm, s, u);
		if (!err)
			err = unseal(tpm, s, u);
		if (err != -ESTALE)
			return err;
		if (runs == MAX_POLICY_RUNS)
			return tpk_blob_refuse(-EIO, "PCRs keep changing under the policy");
		err = restart_policy(tpm, s);
		if (err)
			return err;
	}
}

/* Which PCRs are not what they were? */
static void explain(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    const struct unseal *u)
{
	if (u->o->pcrs.nr)
		tpk_mismatch_log(tpm, s, &u->o->pcrs);
	else
		tpk_mismatch_report(tpm, s, &u->kf, u->public.name_alg);
}

static int read_pcrs(struct tpk_tpm *tpm, struct tpk_scratch *s,
		     struct unseal *u)
{
	int err;

	if (!u->o->pcrs.nr || u->policy.nr)
		return 0;
	err = tpk_pcr_read(tpm, s, &u->o->pcrs, false);
	return err ?: tpk_blob_complete(u);
}

static int start_sessions(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	int err = tpk_session_start(tpm, s->session);

	if (!err && s->helper)
		err = tpk_session_start(tpm, s->helper);
	return err;
}

static int unseal_steps(struct tpk_tpm *tpm, struct tpk_scratch *s, void *ctx)
{
	struct unseal *u = ctx;
	int err;

	err = read_pcrs(tpm, s, u);
	if (!err)
		err = start_sessions(tpm, s);
	if (!err)
		err = load(tpm, s, u);
	if (!err)
		err = run_and_unseal(tpm, s, u);
	if (err == -EKEYREJECTED)
		explain(tpm, s, u);
	return err;
}

/* A policy session must have the object's hash; an HMAC session any. */
static struct tpk_scratch *alloc_scratch(struct tpk_tpm *tpm,
					 const struct unseal *u)
{
	struct tpk_scratch *s;
	int err = 0;

	if (!tpk_blob_by_policy(u))
		return tpk_scratch_alloc(tpm, TPM_SE_HMAC, TPM_ALG_ID_SHA256);
	s = tpk_scratch_alloc(tpm, TPM_SE_POLICY, u->public.name_alg);
	if (IS_ERR(s))
		return s;
	if (!tpk_blob_knows_auth(u) || proves_keyauth(u->o, u->kf.parent))
		err = tpk_helper_add(tpm, s);
	if (!err)
		return s;
	tpk_scratch_free(s);
	return ERR_PTR(err);
}

static int run(struct tpk_tpm *tpm, struct unseal *u)
{
	const struct tpk_access access = {
		.o = u->o,
		.parent = u->kf.parent,
		.rsa = u->kf.rsa_parent,
		.name = u->kf.parent_name,
		.may_be_plain = true,
		.steps = unseal_steps,
		.ctx = u,
	};
	struct tpk_scratch *s = alloc_scratch(tpm, u);
	int err;

	if (IS_ERR(s))
		return PTR_ERR(s);
	err = tpk_transact(tpm, s, &access);
	if (err == -ENOKEY || err == -EREMOTE)
		tpk_notice("the blob was sealed under parent 0x%08x",
			   u->kf.parent);
	tpk_scratch_free(s);
	return err;
}

static struct tpk_payload *finish(const struct unseal *u)
{
	const u32 fixed = TPMA_OBJECT_fixedTPM | TPMA_OBJECT_fixedParent;
	struct tpk_payload *p = tpk_payload_alloc(u->blob.len);

	if (IS_ERR(p))
		return p;
	memcpy(p->blob, u->blob.data, u->blob.len);
	p->parent = u->kf.parent;
	p->tkp.key_len = u->key_len;
	memcpy(p->tkp.key, u->key, u->key_len);
	p->tkp.old_format = u->old_format;
	/* An old blob has the flag behind the key. */
	p->tkp.migratable = u->old_format ? u->key[u->key_len] :
			    (u->public.attributes & fixed) != fixed;
	return p;
}

/**
 * tpk_unseal() - open a blob
 * @tpm: the TPM
 * @o: what the user asked for, with the blob
 *
 * Context: may wait for the TPM, killably.
 * Return: the payload with key and blob; ERR_PTR of -EBADMSG, -EINVAL, -EPERM,
 * -EOPNOTSUPP, all before the TPM is touched; or as tpk_transact().
 */
struct tpk_payload *tpk_unseal(struct tpk_tpm *tpm, struct tpk_options *o)
{
	struct tpk_payload *p;
	struct unseal *u;
	int err;

	u = kzalloc(sizeof(*u), GFP_KERNEL);
	if (!u)
		return ERR_PTR(-ENOMEM);
	u->o = o;
	u->blob = o->blob;
	err = tpk_blob_prepare(u);
	if (!err)
		err = run(tpm, u);
	p = err ? ERR_PTR(err) : finish(u);
	kfree_sensitive(u);
	return p;
}
