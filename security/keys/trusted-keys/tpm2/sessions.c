// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions that are kept from one key to the next.
 *
 * A policy session that has opened a key is as new: the TPM has reset its policy.
 * What makes it worth keeping is its salt, for which the TPM uses the private key
 * of the parent: the next key under the same parent is opened in it without any.
 *
 * One is kept for a Name, a kind and a hash; those of parents that something had
 * pinned apart from those that were trusted at first use.  It is taken out of the
 * list while a request uses it, and put back only after success: what has failed is
 * flushed, whatever the reason, and with it the state in which it is.
 *
 * Not kept are sessions in which PolicySigned was run, whose time counts from their
 * start; those beside which a helper is needed; unsalted ones; and those of users
 * without CAP_SYS_ADMIN, who neither leave one to others nor get theirs.
 */
#include <linux/module.h>

#include "tpk.h"

static unsigned int kept_sessions = TPK_MAX_KEPT;

static struct trm_session *remove(struct tpk_tpm *tpm, unsigned int nr)
{
	struct trm_session *session = tpm->kept[nr].session;

	lockdep_assert_held(&tpm->lock);
	for (; nr + 1 < TPK_MAX_KEPT; nr++)
		tpm->kept[nr] = tpm->kept[nr + 1];
	tpm->kept[nr].session = NULL;
	return session;
}

static bool fits(const struct tpk_kept *kept, const struct tpk_scratch *s)
{
	const struct trm_name *name = &s->parent.name;

	return kept->session && kept->type == s->type &&
	       kept->hash == s->hash && kept->pinned == s->pinned &&
	       tpm2_bytes_equal(tpm2_bytes(kept->parent.data, kept->parent.len),
				tpm2_bytes(name->data, name->len));
}

/**
 * tpk_kept_take() - use a session that an earlier request has left
 * @tpm: the TPM
 * @s: says which; @s->session is replaced
 *
 * Context: outside a transaction.
 * Return: false if there is none.
 */
bool tpk_kept_take(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	struct trm_session *session = NULL;
	unsigned int i;

	mutex_lock(&tpm->lock);
	for (i = 0; i < TPK_MAX_KEPT && !session; i++) {
		if (fits(&tpm->kept[i], s))
			session = remove(tpm, i);
	}
	mutex_unlock(&tpm->lock);
	if (!session)
		return false;
	trm_session_free(s->session);
	s->session = session;
	return true;
}

/* The least recently used of more than @max, out of the list; or NULL. */
static struct trm_session *take_last(struct tpk_tpm *tpm, unsigned int max)
{
	struct trm_session *session = NULL;
	unsigned int nr = TPK_MAX_KEPT;

	mutex_lock(&tpm->lock);
	while (!session && nr-- > max)
		session = remove(tpm, nr);
	mutex_unlock(&tpm->lock);
	return session;
}

/* The most recently used one is the first; the one that falls out is returned. */
static struct trm_session *insert(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	struct trm_session *last;
	unsigned int i;

	mutex_lock(&tpm->lock);
	last = tpm->kept[TPK_MAX_KEPT - 1].session;
	for (i = TPK_MAX_KEPT - 1; i; i--)
		tpm->kept[i] = tpm->kept[i - 1];
	tpm->kept[0] = (struct tpk_kept){
		.session = s->session,
		.type = s->type,
		.hash = s->hash,
		.pinned = s->pinned,
		.parent = s->parent.name,
	};
	mutex_unlock(&tpm->lock);
	s->session = NULL;
	return last;
}

/**
 * tpk_kept_put() - leave a session to later requests
 * @tpm: the TPM
 * @s: @s->session is kept by trm_session_keep(); it is NULL after
 *
 * Context: outside a transaction.
 */
void tpk_kept_put(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	trm_session_free(insert(tpm, s));
	/* In case that it is too many by now. */
	trm_session_free(take_last(tpm, READ_ONCE(kept_sessions)));
}

/**
 * tpk_kept_load() - is a session still there?
 * @s: @s->session was taken by tpk_kept_take() if @s->reused
 *
 * Context: inside a transaction.
 * Return: 0; -EREMCHG if not: it can be started anew.
 */
int tpk_kept_load(struct tpk_scratch *s)
{
	return !s->reused || trm_session_load(s->session) ? 0 : -EREMCHG;
}

/**
 * tpk_kept_failed() - is a session to blame that was kept?
 * @s: memory of a request
 * @err: what trm_transmit() returned for the first command that @s->session went
 *	along with, as the second session
 * @rc: response code if @err is 0
 *
 * Return: true if so: the TPM does not know it, or its proof or ours is wrong.  A
 * new one may do.
 */
bool tpk_kept_failed(const struct tpk_scratch *s, int err, u32 rc)
{
	if (!s->reused)
		return false;
	if (err)
		return err == -EBADMSG;
	/* Part 2, 6.6.2: bit 11, and no parameter: it is of a session. */
	return rc == TPM_RC_REFERENCE_S0 + 1 ||
	       (rc & TPM_RC_FMT1 && (rc & (TPM_RC_P | 0xf00)) == 0xa00);
}

/**
 * tpk_kept_wanted() - is it worth while to keep a session?
 *
 * Return: false if none is to be kept, or for a user without CAP_SYS_ADMIN.
 */
bool tpk_kept_wanted(void)
{
	return READ_ONCE(kept_sessions) && tpk_is_privileged();
}

/**
 * tpk_kept_exit() - let go of all
 * @tpm: the TPM, which no request uses
 */
void tpk_kept_exit(struct tpk_tpm *tpm)
{
	struct trm_session *session;

	while ((session = take_last(tpm, 0)))
		trm_session_free(session);
}

/* When it is written, what is too many is gone. */
static void trim(struct tpk_tpm *tpm)
{
	struct trm_session *session;

	while ((session = take_last(tpm, READ_ONCE(kept_sessions)))) {
		if (!trm_begin(tpm->client, 0, 1)) {
			trm_session_flush(session);
			trm_end(tpm->client);
		}
		trm_session_free(session);
	}
}

static int set_kept_sessions(const char *value, const struct kernel_param *param)
{
	int err = param_set_uint_minmax(value, param, 0, TPK_MAX_KEPT);
	struct tpk_tpm *tpm = err ? NULL : tpk_tpm_present();

	if (tpm) {
		trim(tpm);
		tpk_tpm_put(tpm);
	}
	return err;
}

static const struct kernel_param_ops kept_sessions_ops = {
	.set = set_kept_sessions,
	.get = param_get_uint,
};

module_param_cb(kept_sessions, &kept_sessions_ops, &kept_sessions, 0644);
MODULE_PARM_DESC(kept_sessions, "Sessions that are kept from one key to the next (default: 2, at most 2)");
