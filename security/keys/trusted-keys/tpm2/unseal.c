// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blob to key: StartAuthSession, Load, the policy, Unseal, FlushContext.
 *
 * One session, salted to the parent: Load is encrypted by it, the policy is run in
 * it, Unseal is authorized and encrypted by it.  A second one beside it proves a
 * keyauth=, or encrypts where the first must not.  Without such a one the first is
 * left to the next request (sessions.c).
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "signing.h"
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

/**
 * tpk_proves_keyauth() - must keyauth= be proved when the object is loaded?
 * @u: the blob, prepared
 *
 * Return: false also for a derived parent: there it was for the hierarchy.
 */
bool tpk_proves_keyauth(const struct unseal *u)
{
	return u->o->keyauth_len && TPM_HT(u->kf.parent) == TPM_HT_PERSISTENT;
}

/*
 * An HMAC session proves keyauth=, and encrypts.  An empty authorization needs no
 * proof: then the session that opens the object goes along to encrypt.  It does so
 * in any case if its nonce is to be proved; and never if that has been signed, for
 * it would be another one afterwards.
 */
static void authorize_load(struct trm_call *call, struct tpk_scratch *s,
			   const struct unseal *u)
{
	struct trm_auth auth = {
		.session = u->signing ? s->helper : s->session,
		.attributes = tpk_encrypting(s, TPMA_SESSION_decrypt |
						TPMA_SESSION_encrypt) |
			      TPMA_SESSION_continueSession,
	};

	call->nr_auths = s->salted ? 2 : 1;
	call->auth[1] = auth;
	if (!tpk_proves_keyauth(u))
		return;
	if (s->helper)
		auth.session = s->helper;
	auth.value = tpm2_bytes(u->o->keyauth, u->o->keyauth_len);
	call->auth[0] = auth;
	if (call->auth[1].session == auth.session || !u->proves_nonce)
		call->nr_auths = 1;
	if (call->nr_auths == 1)
		return;
	call->auth[0].attributes &= ~TPMA_SESSION_encrypt;
	call->auth[1].attributes &= ~TPMA_SESSION_decrypt;
}

/**
 * tpk_load() - load the object of a blob
 * @tpm: the TPM, in a transaction
 * @s: has the parent and the sessions, started; gets the object
 * @u: the blob, prepared
 *
 * Return: 0; -EBADMSG; -EIO if the TPM has loaded another object; or as
 * tpk_transmit().
 */
int tpk_load(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
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
	err = trm_transmit(tpm->client, &call);
	if (tpk_kept_failed(s, err, call.rc))
		return -EREMCHG;
	err = tpk_judge(tpm, TPK_STEP_LOAD, err, call.rc, u->o->keyauth_len);
	return err ?: take_name(s, u, call.reply);
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

	if (tpk_given(u->o, TPK_OPT_POLICYHANDLE)) {
		tpk_legacy_authorize(call, s, u);
		return;
	}
	call->nr_auths = 1;
	call->auth[0].session = s->session;
	if (s->keep)
		encrypting |= TPMA_SESSION_continueSession;
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
	bool auth = !tpk_blob_by_policy(u) || u->wants_auth;
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

/**
 * tpk_policy_restart() - forget what was run in the policy session
 * @tpm: the TPM, in a transaction
 * @s: has the session, whose nonce stays
 *
 * Return: as tpk_transmit().
 */
int tpk_policy_restart(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	struct trm_call call = {
		.code = TPM_CC_PolicyRestart,
		.ref[0].session = s->session,
	};

	return tpk_transmit(tpm, TPK_STEP_SESSION, &call, false);
}

static bool proves_secretauth(const struct unseal *u)
{
	return u->o->secretauth_len &&
	       (tpk_tree_uses(&u->plan.tree, TPM_CC_PolicySecret) ||
		tpk_tree_uses(&u->plan.tree, TPM_CC_PolicyNV));
}

/* Does a session have to encrypt or to prove what the first one cannot? */
static bool needs_helper(const struct unseal *u)
{
	return tpk_proves_keyauth(u) || proves_secretauth(u) ||
	       !tpk_blob_knows_auth(u) || u->signing;
}

/* Is it as new after it has opened the key? */
static bool may_keep(const struct unseal *u)
{
	return !needs_helper(u) &&
	       !tpk_tree_uses(&u->plan.tree, TPM_CC_PolicySigned);
}

static int start_sessions(struct tpk_tpm *tpm, struct tpk_scratch *s,
			  const struct unseal *u)
{
	int err = 0;

	if (u->signing && !trm_session_active(s->session))
		return tpk_blob_refuse(-ENOKEY,
			      "signfd=: the TPM has lost the session of this file");
	/* One that was kept may not be salted to what is there now. */
	if (!trm_session_active(s->session) && s->reused)
		return -EREMCHG;
	if (!trm_session_active(s->session))
		err = tpk_session_start(tpm, s->session);
	if (!err && s->helper && needs_helper(u) && !trm_session_active(s->helper))
		err = tpk_session_start(tpm, s->helper);
	return err;
}

/* What the TPM says of one way to open the key, from the least telling on. */
static int telling(int err)
{
	switch (err) {
	case -EOPNOTSUPP:
	case -ENOKEY:
		return 0;
	case -EKEYREJECTED:
		return 1;
	case -EACCES:
		return 2;
	case -EKEYEXPIRED:
		return 3;
	case -EKEYREVOKED:
		return 4;
	default:
		return 5; /* it says nothing of the way, but of the TPM */
	}
}

static int more_telling(int a, int b)
{
	return a && telling(a) > telling(b) ? a : b;
}

/* The TPM refused a way: is there another? */
static int choose_other(struct tpk_tpm *tpm, struct tpk_scratch *s,
			struct unseal *u, int err, unsigned int branch)
{
	if (telling(err) == 5)
		return err;
	u->refused = more_telling(u->refused, err);
	if (!tpk_choice_reject(&u->plan.tree, branch))
		return u->refused;
	err = tpk_run_choose(tpm, s, u);
	return err ? more_telling(u->refused, err) : 0;
}

/* PCRs have changed, so another way may fit now. */
static int choose_again(struct tpk_tpm *tpm, struct tpk_scratch *s,
			struct unseal *u)
{
	if (++u->pcr_changes == MAX_POLICY_RUNS)
		return tpk_blob_refuse(-EIO, "PCRs keep changing under the policy");
	return tpk_run_choose(tpm, s, u);
}

/*
 * An NV index of another Name than the policy says is compared all the same; it is
 * a proof that then fails, or the end of an alternative, or Unseal.
 */
static bool may_be_revoked(int err)
{
	return err == -EKEYREJECTED || err == -EACCES;
}

static int run_once(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u,
		    unsigned int *branch)
{
	int err = tpk_run(tpm, s, u, branch);

	if (!err) {
		*branch = 0;
		err = unseal(tpm, s, u);
	}
	return may_be_revoked(err) && tpk_run_revoked(tpm, u) ? -EKEYREVOKED : err;
}

/*
 * -ESTALE is PCR_CHANGED.  There is an end to it: each way is refused once, and
 * PCRs may change so many times.
 */
static int run_and_unseal(struct tpk_tpm *tpm, struct tpk_scratch *s,
			  struct unseal *u)
{
	unsigned int branch = 0;
	int err;

	for (;;) {
		err = run_once(tpm, s, u, &branch);
		if (!err)
			return 0;
		err = err == -ESTALE ? choose_again(tpm, s, u) :
				       choose_other(tpm, s, u, err, branch);
		if (!err)
			err = tpk_policy_restart(tpm, s);
		if (!err)
			err = start_sessions(tpm, s, u);
		if (err)
			return err;
	}
}

/* The values that pcrs= leaves open, for a blob that records no policy. */
static int take_values(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
{
	int err;

	if (u->kf.policy.nr || u->plan.policy.nr)
		return 0;
	err = tpk_pcr_read(tpm, s, &u->plan.now, false);
	return err ?: tpk_blob_complete(u);
}

static int choose(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
{
	int err;

	if (!tpk_blob_by_policy(u))
		return 0;
	u->pcr_changes = 0;
	u->refused = 0;
	err = take_values(tpm, s, u);
	return err ?: tpk_run_choose(tpm, s, u);
}

static int unseal_steps(struct tpk_tpm *tpm, struct tpk_scratch *s, void *ctx)
{
	struct unseal *u = ctx;
	int err = 0;

	if (u->signing)
		err = tpk_signed_resume(tpm, s, u->signing);
	if (!err)
		err = choose(tpm, s, u);
	if (!err)
		err = start_sessions(tpm, s, u);
	if (!err)
		err = tpk_load(tpm, s, u);
	if (!err)
		err = tpk_blob_by_policy(u) ? run_and_unseal(tpm, s, u) :
					      unseal(tpm, s, u);
	if (err == -EKEYREJECTED)
		tpk_mismatch_report(tpm, s, u);
	return err;
}

static void borrow(struct tpk_scratch *s, struct tpk_signing *signing)
{
	trm_session_free(s->session);
	s->session = signing->session;
	s->borrowed = true;
}

/* The same in a policy session that somebody else has started. */
static int legacy_steps(struct tpk_tpm *tpm, struct tpk_scratch *s, void *ctx)
{
	int err = tpk_legacy_claim(tpm, ctx);

	return err ?: tpk_legacy_finish(tpm, unseal_steps(tpm, s, ctx));
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
	if (needs_helper(u))
		err = tpk_helper_add(tpm, s);
	if (!err && u->signing)
		borrow(s, u->signing);
	if (!err && (tpk_tree_uses(&u->plan.tree, TPM_CC_PolicyAuthorize) || u->signing)) {
		s->signer = trm_object_alloc(tpm->client);
		err = s->signer ? 0 : -ENOMEM;
	}
	if (!err)
		return s;
	tpk_scratch_free(s);
	return ERR_PTR(err);
}

static int run(struct tpk_tpm *tpm, struct unseal *u)
{
	bool legacy = tpk_given(u->o, TPK_OPT_POLICYHANDLE);
	const struct tpk_access access = {
		.o = u->o,
		.parent = u->kf.parent,
		.rsa = u->kf.rsa_parent,
		.name = u->signing ? tpk_value_bytes(&u->signing->challenge->parent) :
				     u->kf.parent_name,
		.may_be_plain = true,
		.foreign = legacy,
		.may_keep = !legacy && may_keep(u),
		.steps = legacy ? legacy_steps : unseal_steps,
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
 * @signing: the file of signfd=, locked, for the same blob; NULL: none
 *
 * Context: may wait for the TPM, killably.
 * Return: the payload with key and blob; ERR_PTR of -EBADMSG, -EINVAL, -EPERM,
 * -EOPNOTSUPP, -ENOKEY, all before the TPM is touched; or as tpk_transact().
 */
struct tpk_payload *tpk_unseal(struct tpk_tpm *tpm, struct tpk_options *o,
			       struct tpk_signing *signing)
{
	struct tpk_payload *p;
	struct unseal *u;
	int err;

	u = kvzalloc(sizeof(*u), GFP_KERNEL_ACCOUNT);
	if (!u)
		return ERR_PTR(-ENOMEM);
	u->o = o;
	u->blob = o->blob;
	u->signing = signing;
	err = tpk_blob_prepare(u);
	if (!err)
		err = tpk_signed_check(tpm, u);
	if (!err)
		err = run(tpm, u);
	p = err ? ERR_PTR(err) : finish(u);
	kvfree_sensitive(u, sizeof(*u));
	return p;
}
