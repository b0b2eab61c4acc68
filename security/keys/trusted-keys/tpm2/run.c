// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running a policy in the TPM: a way to open the key is chosen in software, and
 * then told to the TPM statement by statement.
 */
#include "entity.h"
#include "signing.h"
#include "unseal.h"

/* PCRs are read only if the choice depends on them. */
static int look(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
{
	int err;

	tpk_choice_pcrs(&u->plan.tree, &u->plan.now);
	err = tpk_pcr_read(tpm, s, &u->plan.now, false);
	/* What the TPM lacks stays unknown, and it will refuse that way. */
	return err == -EOPNOTSUPP ? 0 : err;
}

/**
 * tpk_run_choose() - choose how the key is to be opened
 * @tpm: the TPM, in a transaction
 * @s: memory of the request
 * @u: the blob, opened by a policy; gets the choice
 *
 * Return: 0; -EKEYREJECTED, -EACCES, -ENOKEY if no way fits; -EOPNOTSUPP; or as
 * tpk_pcr_read().
 */
int tpk_run_choose(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u)
{
	struct tpk_facts facts = {
		.pcrs = &u->plan.now,
		.auth_value = u->o->blobauth_len || u->kf.empty_auth,
		.answers = u->signing ? u->signing->challenge : NULL,
	};
	struct tpk_obstacle obstacle;
	int err;

	err = look(tpm, s, u);
	if (err)
		return err;
	err = tpk_choice_make(&u->plan.tree, &facts, &obstacle);
	if (err)
		return tpk_blob_refuse(err, obstacle.what);
	u->wants_auth = tpk_program_needs_auth(&u->plan.tree);
	return 0;
}

/* PolicyPCR and all others that have no handle but the session. */
static int run_assertion(struct tpk_tpm *tpm, struct tpk_scratch *s,
			 const struct tpk_policy_step *step)
{
	struct trm_call call = {
		.code = step->code,
		.ref[0].session = s->session,
		.params = step->params,
	};

	return tpk_transmit(tpm, tpk_step_of_policy(step->code), &call, false);
}

static struct trm_name name_of(const struct tpk_policy_step *step)
{
	struct trm_name name = { .len = step->name.len };

	memcpy(name.data, step->name.data, name.len);
	return name;
}

/* Of something that fails without counting, as noDA and hierarchies do. */
#define WRONG_UNCOUNTED	(0x900 | TPM_RC_BAD_AUTH)

/*
 * A policy can ask for several authorizations, and secretauth= is one: what it is
 * not may be empty, as that of a counter that revokes often is.
 */
static int prove_secret(struct tpk_tpm *tpm, struct tpk_scratch *s,
			const struct unseal *u, enum tpk_step step,
			struct trm_call *call)
{
	int err;

	call->auth[0].session = s->helper;
	call->auth[0].attributes = TPMA_SESSION_continueSession;
	call->auth[0].value = tpm2_bytes(u->o->secretauth, u->o->secretauth_len);
	err = trm_transmit(tpm->client, call);
	if (!err && call->rc == WRONG_UNCOUNTED) {
		call->auth[0] = (struct trm_auth){};
		err = trm_transmit(tpm->client, call);
	}
	return tpk_judge(tpm, step, err, call->rc, true);
}

/* secretauth= is proved; an empty authorization needs no proof. */
static int run_authorized(struct tpk_tpm *tpm, struct tpk_scratch *s,
			  const struct unseal *u,
			  const struct tpk_policy_step *step,
			  struct trm_call *call)
{
	int err = tpk_entity_allow(tpm, &step->a);

	if (err)
		return err;
	call->code = step->code;
	call->params = step->params;
	call->nr_auths = 1;
	/* tpk_entity_allow() has seen to that. */
	call->no_da = true;
	if (u->o->secretauth_len)
		return prove_secret(tpm, s, u, tpk_step_of_policy(step->code), call);
	return tpk_transmit(tpm, tpk_step_of_policy(step->code), call, false);
}

static int run_nv(struct tpk_tpm *tpm, struct tpk_scratch *s,
		  const struct unseal *u, const struct tpk_policy_step *step)
{
	const struct tpk_compare_statement *c = &step->a.compare;
	struct trm_name index = name_of(step);
	struct trm_call call = {
		.ref[0].handle = c->auth,
		.ref[0].name = c->auth == c->index ? &index : NULL,
		.ref[1].handle = c->index,
		.ref[1].name = &index,
		.ref[2].session = s->session,
	};

	return run_authorized(tpm, s, u, step, &call);
}

static int run_secret(struct tpk_tpm *tpm, struct tpk_scratch *s,
		      const struct unseal *u, const struct tpk_policy_step *step)
{
	struct trm_name entity = name_of(step);
	struct trm_call call = {
		.ref[0].handle = step->a.secret.entity,
		.ref[0].name = &entity,
		.ref[1].session = s->session,
	};

	return run_authorized(tpm, s, u, step, &call);
}

static int run_step(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    const struct unseal *u, const struct tpk_policy_step *step)
{
	switch (step->code) {
	case TPM_CC_PolicyNV:
		return run_nv(tpm, s, u, step);
	case TPM_CC_PolicySecret:
		return run_secret(tpm, s, u, step);
	case TPM_CC_PolicyAuthorize:
		return tpk_authorize(tpm, s, step);
	case TPM_CC_PolicySigned:
		return tpk_signed(tpm, s, u, step);
	default:
		return run_assertion(tpm, s, step);
	}
}

/**
 * tpk_run() - tell the TPM the way that was chosen
 * @tpm: the TPM, in a transaction
 * @s: has the session, which has run nothing yet
 * @u: the blob; what is asked for in its policy has been chosen
 * @branch: result: the alternative that was run last, for tpk_choice_reject()
 *
 * Return: 0; the first step's error: -ESTALE if PCRs changed, -EPERM as
 * tpk_entity_allow(), or as tpk_transmit().
 */
int tpk_run(struct tpk_tpm *tpm, struct tpk_scratch *s, struct unseal *u,
	    unsigned int *branch)
{
	struct tpk_policy_step step;
	int more = 1, err = 0;

	tpk_program_start(&u->program, &u->plan.tree);
	while (!err && (more = tpk_program_next(&u->program, &step)) > 0) {
		*branch = step.branch;
		err = run_step(tpm, s, u, &step);
	}
	if (err || !more)
		return err;
	return tpk_blob_refuse(more == -ENODATA ? -EKEYREJECTED : more,
			       "policy: it depends on PCRs that this TPM lacks, or on a hash that this kernel lacks");
}

/**
 * tpk_run_revoked() - was the policy not met because an NV index is another one?
 * @tpm: the TPM, in a transaction
 * @u: the blob, whose policy was run
 *
 * Return: true if so, which is logged.
 */
bool tpk_run_revoked(struct tpk_tpm *tpm, const struct unseal *u)
{
	const struct tpk_node *n;
	struct tpk_assertion a;
	struct tpk_path path;

	tpk_path_start(&path, &u->plan.tree);
	while ((n = tpk_path_next(&path))) {
		if (n->code != TPM_CC_PolicyNV)
			continue;
		tpk_node_decode(&u->plan.tree, n, &a);
		if (tpk_entity_changed(tpm, &a))
			return true;
	}
	return false;
}
