/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a TPM response code means: errno and cure, by the step that got it.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_VERDICT_H
#define _TPK_VERDICT_H

#include <linux/types.h>

/* The steps of sealing and unsealing; each sends one command. */
enum tpk_step {
	TPK_STEP_PARENT_READ,		/* ReadPublic of a persistent parent */
	TPK_STEP_PARENT_DERIVE,		/* CreatePrimary */
	TPK_STEP_SESSION,		/* StartAuthSession */
	TPK_STEP_RANDOM,		/* GetRandom of rng=tpm */
	TPK_STEP_PCR_READ,		/* PCR_Read */
	TPK_STEP_CREATE,		/* Create */
	TPK_STEP_LOAD,			/* Load */
	TPK_STEP_POLICY_PCR,		/* PolicyPCR */
	TPK_STEP_POLICY_AUTHVALUE,	/* PolicyAuthValue */
	TPK_STEP_POLICY_OR,		/* PolicyOR */
	TPK_STEP_POLICY_COUNTER_TIMER,	/* PolicyCounterTimer */
	TPK_STEP_POLICY_LOCALITY,	/* PolicyLocality */
	TPK_STEP_POLICY_NV,		/* PolicyNV */
	TPK_STEP_POLICY_SECRET,		/* PolicySecret */
	TPK_STEP_POLICY_SIGNED,		/* PolicySigned */
	TPK_STEP_LOAD_EXTERNAL,		/* LoadExternal of a key that signs */
	TPK_STEP_VERIFY_SIGNATURE,	/* VerifySignature of a signed policy */
	TPK_STEP_POLICY_AUTHORIZE,	/* PolicyAuthorize */
	TPK_STEP_ENTITY_READ,		/* ReadPublic of what a policy names */
	TPK_STEP_NV_READ,		/* NV_ReadPublic, likewise */
	TPK_STEP_UNSEAL,		/* Unseal */
	TPK_STEP_PCR_EXTEND,		/* PCR_Extend of pcrlock= */
};

/**
 * struct tpk_verdict - the meaning of a response code
 * @err: -errno for user space
 * @cause: what happened, in a few words
 * @cure: what to do about it
 */
struct tpk_verdict {
	int err;
	const char *cause;
	const char *cure;
};

/**
 * tpk_step_name() - the TPM command of a step
 * @step: the step
 *
 * Return: the name as the specification spells it.
 */
const char *tpk_step_name(enum tpk_step step);

/**
 * tpk_step_of_policy() - the step that runs a policy statement
 * @code: TPM_CC_Policy…
 *
 * Return: the step; TPK_STEP_SESSION for what is no statement that can be run.
 */
enum tpk_step tpk_step_of_policy(u32 code);

/**
 * tpk_verdict() - judge a response code
 * @step: the step that got it
 * @rc: response code, not TPM_RC_SUCCESS
 * @secret: an authorization value took part (keyauth=, blobauth=,
 *	secretauth=)
 *
 * Return: the verdict; for a code that means nothing special, -EIO.
 */
struct tpk_verdict tpk_verdict(enum tpk_step step, u32 rc, bool secret);

#endif /* _TPK_VERDICT_H */
