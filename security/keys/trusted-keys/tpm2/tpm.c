// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TPM of trusted keys: access to it, its commands, what its answers mean.
 */
#include <linux/err.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>

#include "tpk.h"

/* The present TPM, NULL until it is needed; protected by current_lock. */
static struct tpk_tpm *current_tpm;
static DEFINE_MUTEX(current_lock);

/**
 * tpk_notice() - tell the administrator why a key could not be had
 * @fmt: one line without its end, never with a secret in it
 *
 * Users can trigger this, so there is a limit for those without CAP_SYS_ADMIN: 30
 * lines in 5 seconds for all of them.
 */
void tpk_notice(const char *fmt, ...)
{
	static DEFINE_RATELIMIT_STATE(limit, 5 * HZ, 30);
	struct va_format vaf;
	va_list args;

	if (!tpk_is_privileged() && !__ratelimit(&limit))
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_notice("%pV\n", &vaf);
	va_end(args);
}

static void tpm_release(struct kref *kref)
{
	struct tpk_tpm *tpm = container_of(kref, struct tpk_tpm, kref);

	tpk_kept_exit(tpm);
	trm_object_free(tpm->srk_object);
	trm_client_destroy(tpm->client);
	kfree(tpm);
}

void tpk_tpm_put(struct tpk_tpm *tpm)
{
	kref_put(&tpm->kref, tpm_release);
}

static struct tpk_tpm *tpm_create(void)
{
	struct tpk_tpm *tpm = kzalloc(sizeof(*tpm), GFP_KERNEL);
	int err = -ENOMEM;

	if (!tpm)
		return ERR_PTR(-ENOMEM);
	kref_init(&tpm->kref);
	tpm->client = trm_client_create();
	if (IS_ERR(tpm->client)) {
		err = PTR_ERR(tpm->client);
		goto out_free;
	}
	mutex_init(&tpm->lock);
	tpm->srk_object = trm_object_alloc(tpm->client);
	if (!tpm->srk_object)
		goto out_destroy;
	return tpm;

out_destroy:
	trm_client_destroy(tpm->client);
out_free:
	kfree(tpm);
	return ERR_PTR(err);
}

/**
 * tpk_tpm_present() - the TPM that is in use
 *
 * Return: it, to be put with tpk_tpm_put(); NULL: none is, or it was removed.
 */
struct tpk_tpm *tpk_tpm_present(void)
{
	struct tpk_tpm *tpm = NULL, *dead = NULL;

	mutex_lock(&current_lock);
	if (current_tpm && trm_client_gone(current_tpm->client)) {
		dead = current_tpm;
		current_tpm = NULL;
	}
	if (current_tpm) {
		tpm = current_tpm;
		kref_get(&tpm->kref);
	}
	mutex_unlock(&current_lock);
	if (dead)
		tpk_tpm_put(dead);
	return tpm;
}

/* Makes @tpm the present one, unless somebody else has just made another. */
static struct tpk_tpm *current_set(struct tpk_tpm *tpm)
{
	struct tpk_tpm *other;

	mutex_lock(&current_lock);
	other = current_tpm;
	if (!other)
		current_tpm = tpm;
	kref_get(&current_tpm->kref);
	mutex_unlock(&current_lock);
	if (!other)
		return tpm;
	tpk_tpm_put(tpm);
	return other;
}

/**
 * tpk_tpm_get() - the TPM to use
 *
 * A TPM that was removed is let go, and another one looked for.
 *
 * Return: the TPM, to be put with tpk_tpm_put(); ERR_PTR of -ENODEV without a
 * TPM 2.0, -ENOMEM.
 */
struct tpk_tpm *tpk_tpm_get(void)
{
	struct tpk_tpm *tpm = tpk_tpm_present();

	if (tpm)
		return tpm;
	tpm = tpm_create();
	if (IS_ERR(tpm)) {
		tpk_notice("no TPM 2.0 to use (%ld); see that its driver is loaded",
			   PTR_ERR(tpm));
		return tpm;
	}
	return current_set(tpm);
}

void tpk_tpm_exit(void)
{
	if (current_tpm)
		tpk_tpm_put(current_tpm);
	current_tpm = NULL;
}

/**
 * tpk_scratch_alloc() - memory for a request, before it has the TPM
 * @tpm: the TPM
 * @session_type: TPM_SE
 * @hash: TPM_ALG_ID of the session
 *
 * Return: the memory, to be freed with tpk_scratch_free(); ERR_PTR of -ENOMEM,
 * -EOPNOTSUPP if this kernel lacks the hash.
 */
struct tpk_scratch *tpk_scratch_alloc(struct tpk_tpm *tpm, u8 session_type,
				      u16 hash)
{
	struct tpk_scratch *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int err = -ENOMEM;

	if (!s)
		return ERR_PTR(-ENOMEM);
	s->type = session_type;
	s->hash = hash;
	s->session = trm_session_alloc(tpm->client, session_type, hash);
	if (IS_ERR(s->session)) {
		err = PTR_ERR(s->session);
		goto out_free;
	}
	s->object = trm_object_alloc(tpm->client);
	s->primary = trm_object_alloc(tpm->client);
	if (s->object && s->primary)
		return s;

out_free:
	if (err == -EOPNOTSUPP)
		tpk_notice("this kernel lacks the %s hash; load its module",
			   tpk_bank_name(hash));
	tpk_scratch_free(s);
	return ERR_PTR(err);
}

void tpk_scratch_free(struct tpk_scratch *s)
{
	trm_object_free(s->signer);
	trm_object_free(s->primary);
	trm_object_free(s->object);
	trm_session_free(s->hierarchy);
	trm_session_free(s->helper);
	if (!s->borrowed)
		trm_session_free(s->session);
	kfree_sensitive(s);
}

/* Part 2, 6.13: a lockout heals by one failure in so many seconds. */
static void log_lockout(struct tpk_tpm *tpm)
{
	u8 params[12];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_call call = { .code = TPM_CC_GetCapability };
	struct tpm2_reader r;
	u32 seconds;

	tpm2_put_u32(&w, TPM_CAP_TPM_PROPERTIES);
	tpm2_put_u32(&w, TPM_PT_LOCKOUT_INTERVAL);
	tpm2_put_u32(&w, 1);
	call.params = tpm2_written(&w);
	if (trm_transmit(tpm->client, &call) || call.rc)
		return;
	r = tpm2_reader(call.reply.data, call.reply.len);
	tpm2_get(&r, 1 + 4 + 4 + 4); /* moreData, capability, count, property */
	seconds = tpm2_get_u32(&r);
	if (tpm2_done(&r))
		tpk_notice("the TPM forgets one failed authorization every %u seconds",
			   seconds);
}

/* One line that names the step, the code and the cure. */
static int judge_code(struct tpk_tpm *tpm, enum tpk_step step, u32 rc,
		      bool secret)
{
	struct tpk_verdict v = tpk_verdict(step, rc, secret);

	tpk_notice("%s: %s (TPM code 0x%03x); %s", tpk_step_name(step), v.cause,
		   rc, v.cure);
	if (rc == TPM_RC_LOCKOUT)
		log_lockout(tpm);
	return v.err;
}

static int judge_transport(enum tpk_step step, int err)
{
	if (err == -EBADMSG) {
		tpk_notice("%s: the answer is malformed or not the TPM's own; suspect the bus",
			   tpk_step_name(step));
		return -EIO;
	}
	tpk_notice("%s: the TPM cannot be reached (%d); see the log of its driver",
		   tpk_step_name(step), err);
	return err;
}

/* Elsewhere PCRs do not matter, whatever is answered. */
static bool is_of_policy(enum tpk_step step)
{
	switch (step) {
	case TPK_STEP_POLICY_PCR:
	case TPK_STEP_POLICY_AUTHVALUE:
	case TPK_STEP_POLICY_OR:
	case TPK_STEP_POLICY_COUNTER_TIMER:
	case TPK_STEP_POLICY_LOCALITY:
	case TPK_STEP_POLICY_NV:
	case TPK_STEP_POLICY_SECRET:
	case TPK_STEP_POLICY_SIGNED:
	case TPK_STEP_POLICY_AUTHORIZE:
	case TPK_STEP_UNSEAL:
		return true;
	default:
		return false;
	}
}

/**
 * tpk_judge() - what became of a command
 * @tpm: the TPM, in a transaction of @tpm->client
 * @step: which one
 * @err: what trm_transmit() or trm_session_start() returned
 * @rc: response code of the TPM if @err is 0
 * @secret: an authorization value of the user took part
 *
 * Return: 0 if the TPM did it; else -errno.  Logged, but for -ESTALE: PCRs
 * changed, the policy must be run again; and -EREMCHG: the parent is not what it
 * was, tpk_transact() must start anew.
 */
int tpk_judge(struct tpk_tpm *tpm, enum tpk_step step, int err, u32 rc,
	      bool secret)
{
	if (err)
		return judge_transport(step, err);
	if (rc == TPM_RC_PCR_CHANGED && is_of_policy(step))
		return -ESTALE;
	if (rc && tpk_parent_changed(tpm, step, rc))
		return -EREMCHG;
	return rc ? judge_code(tpm, step, rc, secret) : 0;
}

/**
 * tpk_transmit() - send one command of a request
 * @tpm: the TPM, in a transaction of @tpm->client
 * @step: which one
 * @call: the command and its result
 * @secret: an authorization value of the user takes part
 *
 * Return: as tpk_judge().
 */
int tpk_transmit(struct tpk_tpm *tpm, enum tpk_step step, struct trm_call *call,
		 bool secret)
{
	int err = trm_transmit(tpm->client, call);

	return tpk_judge(tpm, step, err, call->rc, secret);
}

/**
 * tpk_session_start() - StartAuthSession
 * @tpm: the TPM, in a transaction
 * @session: not active
 *
 * Return: as tpk_transmit().
 */
int tpk_session_start(struct tpk_tpm *tpm, struct trm_session *session)
{
	u32 rc = TPM_RC_SUCCESS;
	int err = trm_session_start(session, &rc);

	return tpk_judge(tpm, TPK_STEP_SESSION, err, rc, false);
}
