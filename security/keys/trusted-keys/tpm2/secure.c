// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transactions under a parent, with sessions that are salted to it.
 *
 * A salt needs the parent's public key, and is made outside of transactions.  So
 * the first request under a parent has a transaction of its own in which the
 * public area is read; later ones remember it.  What is remembered may be out of
 * date: then the TPM does not take the sessions, and all starts anew.
 *
 *	recall or learn		what parent is it?
 *	check			may it be used, and is it the one that was meant?
 *	salt			or take a session that was kept
 *	transaction		the parent is there, or derived; the steps
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "tpk.h"

/* Somebody who replaces parents all the time must not keep us for ever. */
#define MAX_TRIES	4	/* one of them for a session that was kept */

static int learn(struct tpk_tpm *tpm, struct tpk_scratch *s,
		 const struct tpk_access *a)
{
	int err = trm_begin(tpm->client, 1, 1);

	if (err)
		return err;
	err = tpk_parent_learn(tpm, s, a->o);
	trm_end(tpm->client);
	return err;
}

static bool has_name(const struct tpk_parent *parent, struct tpm2_bytes name)
{
	return !name.len ||
	       tpm2_bytes_equal(name, tpm2_bytes(parent->name.data,
						 parent->name.len));
}

static bool is_meant(const struct tpk_scratch *s, const struct tpk_access *a)
{
	return has_name(&s->parent, a->name) &&
	       has_name(&s->parent, a->o->parentname);
}

static int refuse_other(const struct tpk_scratch *s, const struct tpk_access *a)
{
	const struct trm_name *name = &s->parent.name;

	if (!has_name(&s->parent, a->o->parentname))
		tpk_notice("parentname=: parent 0x%08x has another Name, %*phN; name the right one with keyhandle=",
			   s->parent.handle, name->len, name->data);
	else
		tpk_notice("blob belongs to another TPM or parent: the parent's Name is not the one in it; load it where it was sealed");
	return -EREMOTE;
}

/* Nothing said which parent is right, so the first one that is met is. */
static void tell_first_use(const struct tpk_scratch *s,
			   const struct tpk_access *a)
{
	const struct trm_name *name = &s->parent.name;

	if (!a->name.len && !a->o->parentname.len)
		tpk_notice("parent 0x%08x is trusted at first use; parentname=%*phN would pin it",
			   s->parent.handle, name->len, name->data);
}

/* What the parent is; asked again if what is remembered is not what is meant. */
static int know(struct tpk_tpm *tpm, struct tpk_scratch *s,
		const struct tpk_access *a)
{
	bool known = tpk_parent_recall(tpm, s);
	int err = 0;

	if (!known || !is_meant(s, a)) {
		err = learn(tpm, s, a);
		if (!err && !known)
			tell_first_use(s, a);
	}
	if (!err && !is_meant(s, a))
		err = refuse_other(s, a);
	return err ?: tpk_parent_check(&s->parent);
}

static int salt_all(struct tpk_scratch *s)
{
	struct trm_salt_key key = {
		.object = s->parent.object,
		.handle = s->parent.handle,
	};
	int err;

	err = tpm2_salt_key_decode(tpm2_bytes(s->parent.area,
					      s->parent.area_len), &key.public);
	if (!err && !s->borrowed)
		err = trm_session_salt(s->session, &key);
	if (!err && s->helper)
		err = trm_session_salt(s->helper, &key);
	return err;
}

/* A session that only seems to encrypt is worse than none. */
static int salt(struct tpk_scratch *s, const struct tpk_access *a)
{
	int err = salt_all(s);

	s->salted = !err;
#ifdef TPK_TEST_IN_CLEAR
	/* For selftests/boot/in-clear: does the test of the bus notice? */
	s->salted &= !a->may_be_plain;
#endif
	if (err == -EBADMSG) {
		tpk_notice("parent 0x%08x: its public key is none; suspect the bus",
			   s->parent.handle);
		return -EIO;
	}
	if (err != -EOPNOTSUPP)
		return err;
	if (!a->may_be_plain) {
		tpk_notice("parent 0x%08x: no session can be salted to it, so the key would cross the bus in clear; use one of ECC P-256 or RSA, with SHA-256",
			   s->parent.handle);
		return err;
	}
	tpk_notice("parent 0x%08x: no session can be salted to it, so the key crosses the bus in clear; seal it anew under one of ECC P-256 or RSA, with SHA-256",
		   s->parent.handle);
	return 0;
}

/* One that was kept has its salt; it makes no difference what it was used for. */
static int get_session(struct tpk_tpm *tpm, struct tpk_scratch *s,
		       const struct tpk_access *a)
{
	bool may_keep = a->may_keep && tpk_kept_wanted();
	int err = 0;

	s->pinned = a->name.len || a->o->parentname.len;
	s->reused = may_keep && !s->renew && tpk_kept_take(tpm, s);
	if (s->reused)
		s->salted = true;
	else
		err = salt(s, a);
	s->keep = may_keep && s->salted;
	return err;
}

/* What has failed is kept no longer. */
static void end_session(struct tpk_scratch *s, int err)
{
	if (!err && s->keep)
		trm_session_keep(s->session);
	if (!err || !s->reused)
		return;
	trm_session_flush(s->session);
	s->renew = true;
}

/* Sealed object and parent; the sessions that are used together. */
static int run_steps(struct tpk_tpm *tpm, struct tpk_scratch *s,
		     const struct tpk_access *a)
{
	int err = trm_begin(tpm->client, 2, (s->helper ? 2 : 1) + a->foreign);

	if (err)
		return err;
	tpm->using = &s->parent;
	err = tpk_kept_load(s);
	if (!err)
		err = tpk_parent_take(tpm, s, a->o);
	if (!err)
		err = a->steps(tpm, s, a->ctx);
	tpm->using = NULL;
	end_session(s, err);
	trm_end(tpm->client);
	if (!err && s->keep)
		tpk_kept_put(tpm, s);
	return err;
}

static int add_session(struct tpk_tpm *tpm, struct trm_session **session)
{
	struct trm_session *new;

	new = trm_session_alloc(tpm->client, TPM_SE_HMAC, TPM_ALG_ID_SHA256);
	if (IS_ERR(new))
		return PTR_ERR(new);
	*session = new;
	return 0;
}

/**
 * tpk_helper_add() - have a session beside the one that authorizes
 * @tpm: the TPM
 * @s: memory of the request; gets the session
 *
 * Return: 0; -ENOMEM; -EOPNOTSUPP if this kernel lacks SHA-256.
 */
int tpk_helper_add(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	return add_session(tpm, &s->helper);
}

/**
 * tpk_encrypting() - attributes for a session that is to encrypt
 * @s: memory of the request
 * @attributes: TPMA_SESSION_decrypt, TPMA_SESSION_encrypt, or both
 *
 * Return: @attributes; 0 if the sessions are not salted.
 */
u8 tpk_encrypting(const struct tpk_scratch *s, u8 attributes)
{
#ifdef TPK_TEST_IN_CLEAR
	/* It must be there for something. */
	attributes = TPMA_SESSION_audit;
#endif
	return s->salted ? attributes : 0;
}

/**
 * tpk_transact() - do something under a parent
 * @tpm: the TPM
 * @s: memory of the request; gets the parent
 * @a: what is to be done
 *
 * Context: outside a transaction; may wait for the TPM, killably.
 * Return: what @a->steps returned; -EREMOTE if the parent is not the one that is
 * meant; -EPERM as tpk_parent_check(); -EOPNOTSUPP if no session can be salted
 * to it; -EINTR, -ENOMEM, or as tpk_transmit().
 */
int tpk_transact(struct tpk_tpm *tpm, struct tpk_scratch *s,
		 const struct tpk_access *a)
{
	int err = 0, tries;

	s->parent.handle = a->parent;
	s->parent.rsa = a->rsa;
	if (a->o->keyauth_len && TPM_HT(a->parent) != TPM_HT_PERSISTENT)
		err = add_session(tpm, &s->hierarchy);
	for (tries = 0; !err && tries < MAX_TRIES; tries++) {
		err = know(tpm, s, a);
		if (!err)
			err = get_session(tpm, s, a);
		if (!err)
			err = run_steps(tpm, s, a);
		if (err != -EREMCHG)
			return err;
		err = 0;
	}
	if (err)
		return err;
	tpk_notice("parent 0x%08x is replaced again and again; try again later",
		   a->parent);
	return -EIO;
}
