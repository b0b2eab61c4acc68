// SPDX-License-Identifier: GPL-2.0-only
/*
 * Blob to key: StartAuthSession, Load, the policy, Unseal, FlushContext.
 */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/tpm2_hash.h>

#include "policy.h"
#include "tpk.h"

/* PCR_CHANGED means: run the policy again.  Only firmware can be the cause. */
#define MAX_POLICY_RUNS	4

/**
 * struct unseal - a blob on its way to a key
 * @o: what the user asked for
 * @blob: the blob
 * @kf: the blob decoded; spans point into @blob
 * @public: public area of the sealed object
 * @name: its Name
 * @old_format: the blob is of before Linux 5.13
 * @policy: what opens the key: the blob's, or that of pcrs=
 * @pcr_body: body of the PolicyPCR of pcrs=
 * @key: result, secret
 * @key_len: its octets
 */
struct unseal {
	struct tpk_options *o;
	struct tpm2_bytes blob;
	struct tpk_keyfile kf;
	struct tpk_public public;
	struct trm_name name;
	bool old_format;
	struct tpk_policy policy;
	u8 pcr_body[TPK_PCR_BODY_SIZE];
	u8 key[TPK_MAX_KEY + 1];
	unsigned int key_len;
};

static int bad_blob(const char *what)
{
	tpk_notice("load: malformed blob: %s", what);
	return -EBADMSG;
}

static int refuse(int err, const char *why)
{
	tpk_notice("load: %s", why);
	return err;
}

/* An old blob tells its parent no more than its policy. */
static int decode_old(struct unseal *u)
{
	const char *what;

	if (!tpk_given(u->o, TPK_OPT_KEYHANDLE))
		return refuse(-EINVAL, "a blob in the old format needs keyhandle=");
	if (tpk_oldfile_decode(u->blob, &u->kf, &what))
		return bad_blob(what);
	u->old_format = true;
	u->kf.parent = u->o->parent;
	return 0;
}

static int decode_keyfile(struct unseal *u)
{
	const char *what;

	if (tpk_keyfile_decode(u->blob, &u->kf, &what))
		return bad_blob(what);
	if (u->kf.type != TPK_SEALED_DATA)
		return refuse(-EOPNOTSUPP, u->kf.type == TPK_LOADABLE_KEY ?
			      "the blob is a key of the TPM, not sealed data" :
			      "the blob must be imported first; use tpm2_import");
	if (tpk_given(u->o, TPK_OPT_KEYHANDLE) && u->o->parent != u->kf.parent)
		tpk_notice("load: keyhandle= differs from the blob's parent 0x%08x, which counts",
			   u->kf.parent);
	return 0;
}

static int decode_public(struct unseal *u)
{
	struct tpm2_reader r = tpm2_reader(u->kf.public.data,
					   u->kf.public.len);
	struct tpm2_bytes area = tpm2_get_sized(&r);
	int err, len;

	err = tpk_public_decode(area, &u->public);
	if (err == -EOPNOTSUPP)
		return refuse(err, "the blob's name algorithm is not supported");
	if (err)
		return bad_blob("public area");
	if (u->public.type != TPM_ALG_ID_KEYEDHASH)
		return bad_blob("public area: not that of sealed data");
	len = tpk_public_name(area, u->name.data);
	if (len < 0)
		return refuse(len, "this kernel lacks the blob's name algorithm");
	u->name.len = len;
	return 0;
}

static int decode(struct unseal *u)
{
	int err;

	/* An old blob starts with a size below 0x0100; DER with a SEQUENCE. */
	if (u->blob.data[0] != 0x30)
		err = decode_old(u);
	else
		err = decode_keyfile(u);
	return err ?: decode_public(u);
}

/* Does the policy lead to the digest that the object wants? */
static int check_policy(const struct unseal *u, bool *matches)
{
	u8 digest[TPM2_MAX_DIGEST];
	u16 hash = u->public.name_alg;
	const char *what;
	int err;

	err = tpk_policy_check(&u->policy, hash, &what);
	if (err == -EBADMSG)
		return bad_blob(what);
	if (err)
		return refuse(err, what);
	err = tpk_policy_digest(&u->policy, hash, digest);
	*matches = err == -ENODATA ||
		   (!err && tpm2_bytes_equal(u->public.auth_policy,
				tpm2_bytes(digest, tpm2_digest_size(hash))));
	return err == -ENODATA ? 0 : err;
}

/* The policy that the blob itself records. */
static int take_recorded_policy(struct unseal *u)
{
	bool matches;
	int err;

	if (u->o->pcrs.nr)
		return refuse(-EINVAL,
			      "pcrs= is for blobs without a policy; this one has its own");
	u->policy = u->kf.policy;
	err = check_policy(u, &matches);
	if (err)
		return err;
	return matches ? 0 : bad_blob("policy: it is not the one that the object was sealed with");
}

/* Before the TPM is touched: what policy, if any, will be run? */
static int choose_policy(struct unseal *u)
{
	if (u->kf.policy.nr)
		return take_recorded_policy(u);
	if (u->public.auth_policy.len == 0) {
		if (u->o->pcrs.nr)
			return refuse(-EINVAL,
				      "pcrs=: this blob was not sealed to a policy");
		return 0;
	}
	if (!u->o->pcrs.nr && !(u->public.attributes & TPMA_OBJECT_userWithAuth))
		return refuse(-EINVAL,
			      "the blob was sealed with policydigest= and records no policy; give it with pcrs=");
	return 0;
}

/* The policy of pcrs=, once all values are known. */
static int complete_policy(struct unseal *u)
{
	struct tpk_options *o = u->o;
	bool matches;
	int err;

	err = tpk_policy_from_pcrs(&u->policy, &o->pcrs, o->blobauth_len,
				   u->public.name_alg, u->pcr_body);
	if (!err)
		err = check_policy(u, &matches);
	if (err || matches)
		return err;
	return refuse(-EKEYREJECTED,
		      "pcrs=: the policy of these PCRs is not the one that the blob was sealed with");
}

static bool all_known(const struct tpk_pcrs *pcrs)
{
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++) {
		if (pcrs->bank[i].known != pcrs->bank[i].selected)
			return false;
	}
	return true;
}

static int load(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
{
	struct tpm2_writer w = tpm2_writer(s->params, sizeof(s->params));
	struct trm_call call = {
		.code = TPM_CC_Load,
		.nr_auths = 1,
		.result = s->object,
	};
	struct tpk_parent parent;
	struct tpm2_reader r;
	struct tpm2_bytes name;
	int err;

	err = tpk_parent_get(tpm, s, u->o, u->kf.parent, u->kf.rsa_parent,
			     false, &parent);
	if (err)
		return err;
	call.ref[0] = tpk_parent_ref(&parent);
	call.no_da = parent.attributes & TPMA_OBJECT_noDA;
	if (!parent.object)
		call.auth[0].value = tpm2_bytes(u->o->keyauth,
						u->o->keyauth_len);
	tpm2_put_bytes(&w, u->kf.private);
	tpm2_put_bytes(&w, u->kf.public);
	if (w.full)
		return bad_blob("too long for a TPM");
	call.params = tpm2_written(&w);
	err = tpk_transmit(tpm, TPK_STEP_LOAD, &call, u->o->keyauth_len);
	if (err == -ENOKEY || err == -EREMOTE)
		tpk_notice("the blob was sealed under parent 0x%08x",
			   u->kf.parent);
	if (err)
		return err;
	r = tpm2_reader(call.reply.data, call.reply.len);
	name = tpm2_get_sized(&r);
	if (!tpm2_done(&r) ||
	    !tpm2_bytes_equal(name, tpm2_bytes(u->name.data, u->name.len)))
		return refuse(-EIO,
			      "Load: the TPM loaded another object; suspect the bus");
	trm_object_set_name(s->object, &u->name);
	return 0;
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
		return refuse(-EBADMSG,
			      "what is sealed in the blob is not a key of 32 to 128 bytes");
	memcpy(u->key, data.data, data.len);
	u->key_len = data.len - flag;
	return 0;
}

static int unseal(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
{
	bool auth = !u->policy.nr || tpk_policy_needs_auth(&u->policy);
	struct trm_call call = {
		.code = TPM_CC_Unseal,
		.ref[0].object = s->object,
		.no_da = u->public.attributes & TPMA_OBJECT_noDA,
		.nr_auths = 1,
		.auth[0].session = s->session,
	};
	int err;

	if (auth)
		call.auth[0].value = tpm2_bytes(u->o->blobauth,
						u->o->blobauth_len);
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
			return refuse(-EIO, "PCRs keep changing under the policy");
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

static int unseal_steps(struct tpk_tpm *tpm, struct tpk_scratch *s,
			struct unseal *u)
{
	int err = 0;

	if (u->o->pcrs.nr && !all_known(&u->o->pcrs)) {
		err = tpk_pcr_read(tpm, s, &u->o->pcrs, false);
		if (!err)
			err = complete_policy(u);
		if (err)
			return err;
	}
	err = tpk_session_start(tpm, s);
	if (!err)
		err = load(tpm, s, u);
	if (!err)
		err = run_and_unseal(tpm, s, u);
	if (err == -EKEYREJECTED)
		explain(tpm, s, u);
	return err;
}

/* Is the object opened by a policy, or by its authValue alone? */
static bool by_policy(const struct unseal *u)
{
	return u->public.auth_policy.len && (u->policy.nr || u->o->pcrs.nr);
}

/* A policy session must have the object's hash; an HMAC session any. */
static struct tpk_scratch *alloc_scratch(struct tpk_tpm *tpm,
					 const struct unseal *u)
{
	if (by_policy(u))
		return tpk_scratch_alloc(tpm, TPM_SE_POLICY, u->public.name_alg);
	return tpk_scratch_alloc(tpm, TPM_SE_HMAC, TPM_ALG_ID_SHA256);
}

static int run(struct tpk_tpm *tpm, struct unseal *u)
{
	struct tpk_scratch *s = alloc_scratch(tpm, u);
	int err;

	if (IS_ERR(s))
		return PTR_ERR(s);
	/* The parent and the object; the policy session. */
	err = trm_begin(tpm->client, 2, 1);
	if (!err) {
		err = unseal_steps(tpm, s, u);
		trm_end(tpm->client);
	}
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

static int prepare(struct unseal *u)
{
	int err = decode(u);

	if (!err && !tpk_parent_allowed(u->kf.parent))
		err = -EPERM;
	if (!err)
		err = choose_policy(u);
	if (!err && by_policy(u) && u->public.name_alg == TPM_ALG_ID_SHA1)
		err = refuse(-EOPNOTSUPP, "policies with SHA-1 are not supported");
	if (!err && u->o->pcrs.nr && all_known(&u->o->pcrs))
		err = complete_policy(u);
	return err;
}

/**
 * tpk_unseal() - open a blob
 * @tpm: the TPM
 * @o: what the user asked for, with the blob
 *
 * Context: may wait for the TPM, killably.
 * Return: the payload with key and blob; ERR_PTR of -EBADMSG, -EINVAL, -EPERM,
 * -EOPNOTSUPP, all before the TPM is touched; -EINTR, -ENOMEM, or as
 * tpk_transmit().
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
	err = prepare(u);
	if (!err)
		err = run(tpm, u);
	p = err ? ERR_PTR(err) : finish(u);
	kfree_sensitive(u);
	return p;
}
