// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an open file of /dev/trusted-sign does in the TPM: a policy session is
 * started, and proves its nonce before anybody is asked to sign it.
 *
 *	StartAuthSession	salted to the blob's parent
 *	Load			the blob must be this TPM's; the session goes along
 *				to encrypt, so the HMAC of the response vouches for
 *				the new nonceTPM.  Else whoever can change what is on
 *				the bus could have the nonce of a session of his own
 *				signed
 *	FlushContext
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "signing.h"

static int refuse(int err, const char *why)
{
	tpk_notice("sign: %s", why);
	return err;
}

static void set_state(struct tpk_signing *s, enum tpk_signing_state state)
{
	WRITE_ONCE(s->state, state);
	wake_up_all(&s->wait);
}

/**
 * tpk_signing_clear() - forget all but the line
 * @s: outside a transaction; nobody else uses it
 */
void tpk_signing_clear(struct tpk_signing *s)
{
	trm_session_free(s->session);
	if (s->tpm)
		tpk_tpm_put(s->tpm);
	kvfree(s->challenge);
	kvfree(s->text);
	kfree(s->blob);
	s->session = NULL;
	s->tpm = NULL;
	s->challenge = NULL;
	s->text = NULL;
	s->blob = NULL;
}

/**
 * tpk_signing_settle() - what became of the session?
 * @s: locked, outside a transaction
 */
void tpk_signing_settle(struct tpk_signing *s)
{
	if (s->spoilt || !trm_session_active(s->session)) {
		trm_session_free(s->session);
		s->session = NULL;
		set_state(s, TPK_SIGNING_OVER);
	} else if (!tpk_challenge_answered(s->challenge)) {
		set_state(s, TPK_SIGNING_ASKED);
	}
}

/**
 * struct ask - a request in progress
 * @signing: the file
 * @u: its blob
 */
struct ask {
	struct tpk_signing *signing;
	struct unseal *u;
};

static void take_name(struct tpk_value *value, const struct trm_name *name)
{
	value->len = name->len;
	memcpy(value->data, name->data, name->len);
}

static int ask_steps(struct tpk_tpm *tpm, struct tpk_scratch *scratch, void *ctx)
{
	struct ask *ask = ctx;
	struct tpk_challenge *c = ask->signing->challenge;
	int err;

	err = tpk_session_start(tpm, scratch->session);
	if (!err && scratch->helper)
		err = tpk_session_start(tpm, scratch->helper);
	if (!err)
		err = tpk_load(tpm, scratch, ask->u);
	if (err)
		return err;
	trm_object_flush(scratch->object);
	trm_session_keep(scratch->session);
	if (!trm_session_active(scratch->session))
		return refuse(-EBUSY, "no session can be kept");
	take_name(&c->object, &ask->u->name);
	take_name(&c->parent, &scratch->parent.name);
	return tpk_challenge_bind(c, ask->u->public.name_alg,
				  trm_session_nonce(scratch->session));
}

static int run(struct tpk_tpm *tpm, struct tpk_scratch *scratch, struct ask *ask)
{
	const struct tpk_access access = {
		.o = ask->u->o,
		.parent = ask->u->kf.parent,
		.rsa = ask->u->kf.rsa_parent,
		.name = ask->u->kf.parent_name,
		.may_be_plain = true,
		.steps = ask_steps,
		.ctx = ask,
	};
	int err = 0;

	if (tpk_proves_keyauth(ask->u))
		err = tpk_helper_add(tpm, scratch);
	return err ?: tpk_transact(tpm, scratch, &access);
}

/* The session is the file's from now on. */
static int ask_tpm(struct tpk_signing *s, struct unseal *u)
{
	struct ask ask = { .signing = s, .u = u };
	struct tpk_scratch *scratch;
	int err;

	s->tpm = tpk_tpm_get();
	if (IS_ERR(s->tpm)) {
		err = PTR_ERR(s->tpm);
		s->tpm = NULL;
		return err;
	}
	scratch = tpk_scratch_alloc(s->tpm, TPM_SE_POLICY, u->public.name_alg);
	if (IS_ERR(scratch))
		return PTR_ERR(scratch);
	err = run(s->tpm, scratch, &ask);
	if (!err)
		swap(s->session, scratch->session);
	tpk_scratch_free(scratch);
	return err;
}

/* Memory for what will be known of the blob. */
static int prepare(struct tpk_signing *s, const struct unseal *u)
{
	int err, nr = tpk_challenge_count(&u->plan.tree);

	if (nr < 0)
		return refuse(nr, "the policy has too many signers");
	if (!nr)
		return refuse(-EINVAL,
			      "the policy of this blob has no PolicySigned; load it without signfd=");
	s->challenge = kvzalloc(struct_size(s->challenge, asked, nr),
				GFP_KERNEL_ACCOUNT);
	s->blob = kmemdup(u->blob.data, u->blob.len, GFP_KERNEL_ACCOUNT);
	if (!s->challenge || !s->blob)
		return -ENOMEM;
	s->blob_len = u->blob.len;
	err = tpk_challenge_fill(s->challenge, &u->plan.tree);
	return err ? refuse(err, "this kernel lacks the name algorithm of a signer's key") : 0;
}

static int write_text(struct tpk_signing *s)
{
	size_t len = tpk_challenge_print(s->challenge, NULL, 0);
	char *text = kvmalloc(len, GFP_KERNEL_ACCOUNT);

	if (!text)
		return -ENOMEM;
	tpk_challenge_print(s->challenge, text, len);
	s->text = text;
	WRITE_ONCE(s->text_len, len);
	return 0;
}

static int check_request(const struct tpk_options *o)
{
	if (o->command != TPK_LOAD)
		return refuse(-EINVAL, "the first line must be a load");
	if (tpk_given(o, TPK_OPT_SIGNFD) || tpk_given(o, TPK_OPT_POLICYHANDLE) ||
	    tpk_given(o, TPK_OPT_PCRLOCK))
		return refuse(-EINVAL, "signfd=, policyhandle= and pcrlock= are for add_key()");
	return 0;
}

static int request(struct tpk_signing *s, struct unseal *u, char *line, size_t len)
{
	int err;

	err = tpk_command_parse(line, len, u->o);
	if (!err)
		err = check_request(u->o);
	if (err)
		return err;
	u->blob = u->o->blob;
	u->proves_nonce = true;
	err = tpk_blob_prepare(u);
	if (!err)
		err = prepare(s, u);
	if (!err)
		err = ask_tpm(s, u);
	return err ?: write_text(s);
}

/* "load HEX [option=value...]", as for add_key(). */
static int ask(struct tpk_signing *s, char *line, size_t len)
{
	struct tpk_options *o = kzalloc(sizeof(*o), GFP_KERNEL_ACCOUNT);
	struct unseal *u = kvzalloc(sizeof(*u), GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (o && u) {
		u->o = o;
		err = request(s, u, line, len);
	}
	kvfree_sensitive(u, sizeof(*u));
	kfree_sensitive(o);
	if (err)
		tpk_signing_clear(s);
	else
		set_state(s, TPK_SIGNING_ASKED);
	return err;
}

/* "sign NUMBER FORMAT HEX [public=HEX]" */
static int answer(struct tpk_signing *s, char *line, size_t len)
{
	const char *what;
	int err = tpk_answer_parse(line, len, s->challenge, &what);

	if (err)
		return refuse(err, what);
	set_state(s, TPK_SIGNING_SIGNED);
	return 0;
}

/**
 * tpk_signing_line() - do what a line says
 * @s: locked, not over
 * @line: the line without its end; overwritten
 * @len: its octets
 *
 * Context: may wait for the TPM, killably.
 * Return: 0; after an error, of which none changes the state: -EINVAL, -EPERM,
 * -EOPNOTSUPP, -EBADMSG, -ENOMEM; of a "load" also as tpk_transact().
 */
int tpk_signing_line(struct tpk_signing *s, char *line, size_t len)
{
	if (s->state == TPK_SIGNING_FRESH)
		return ask(s, line, len);
	return answer(s, line, len);
}
