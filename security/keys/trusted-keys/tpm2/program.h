/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the TPM is to be told: a policy as a list of commands.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * The whole of running a policy, for whoever sends the commands:
 *
 *	tpk_choice_pcrs(tree, pcrs);		read these, if any, with PCR_Read
 *	again:
 *	err = tpk_choice_make(tree, &facts, &obstacle);
 *	tpk_program_start(&program, tree);
 *	while ((err = tpk_program_next(&program, &step)) > 0)
 *		send step.code			see struct tpk_policy_step
 *	Unseal
 *
 * If the TPM refuses a step and tpk_choice_reject(tree, step.branch) is true,
 * restart the session (PolicyRestart) and go to "again"; what it says there may
 * only be that nothing else fits, and then the TPM's answer is the better reason.
 * The choice terminates: each branch is rejected once.
 */
#ifndef _TPK_PROGRAM_H
#define _TPK_PROGRAM_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "choice.h"
#include "tree.h"

/* The longest parameter area: the TPML_DIGEST of PolicyOR. */
#define TPK_MAX_STEP_PARAMS	(4 + TPK_MAX_OR * (2 + TPM2_MAX_DIGEST))

/**
 * struct tpk_policy_step - one command, or a few, of a policy
 * @code: TPM_CC_Policy…
 * @branch: the innermost alternative that it is part of, for
 *	tpk_choice_reject(); 0: it must be run in any case.  PolicyOR: the one
 *	that was chosen, whose digest the TPM did not find
 * @params: parameter area, ready to be sent; what is missing is said below
 * @name: Name that the policy hashes; see below
 * @message: PolicyAuthorize: digest that the signature must be of
 * @a: the statement decoded; not for PolicyOR
 *
 * PolicyPCR, PolicyAuthValue, PolicyOR, PolicyCounterTimer, PolicyLocality
 *	One command: handle area is the session, parameter area is @params.  After
 *	a PolicyAuthValue, Unseal needs the object's authValue.
 *
 * PolicyNV
 *	Handles are @a.compare.auth (the index itself, or a hierarchy), whose
 *	authorization is proved, @a.compare.index, and the session.  The Name of
 *	the index is @name.
 *
 * PolicySecret
 *	Handles are @a.secret.entity, whose authorization is proved, and the
 *	session.  Its Name is @name.  The parameters are complete: no nonceTPM, no
 *	cpHashA, policyRef, no expiration.
 *
 * PolicySigned
 *	Needs somebody who signs H(nonceTPM || expiration || cpHashA ||
 *	policyRef).  LoadExternal of @a.signer.key; if that is empty the key comes
 *	with the signature, and its Name must be @name.  @params is empty.
 *
 * PolicyAuthorize
 *	LoadExternal of @a.authorize.key into the owner hierarchy, whose answer
 *	must have @name; VerifySignature of @message and @a.authorize.signature
 *	gives a TPMT_TK_VERIFIED; PolicyAuthorize with @params and that ticket
 *	behind them; FlushContext.  A signature that is not valid means that
 *	@branch is to be rejected.
 *
 * All spans are valid until the next step.
 */
struct tpk_policy_step {
	u32 code;
	unsigned int branch;
	struct tpm2_bytes params;
	struct tpm2_bytes name;
	struct tpm2_bytes message;
	struct tpk_assertion a;
};

/**
 * struct tpk_program - a policy that is being run
 * @path: where it is
 * @params: for the step's @params
 * @name: for its @name
 * @message: for its @message
 *
 * About 800 octets: not on the stack.
 */
struct tpk_program {
	struct tpk_path path;
	u8 params[TPK_MAX_STEP_PARAMS];
	u8 name[TPM2_MAX_NAME];
	u8 message[TPM2_MAX_DIGEST];
};

/**
 * tpk_program_start() - begin at the first step
 * @p: result
 * @tree: the policy, after tpk_choice_make(); must stay as it is
 */
void tpk_program_start(struct tpk_program *p, const struct tpk_tree *tree);

/**
 * tpk_program_next() - the next step
 * @p: the program
 * @step: result, points into @p and into what the tree was built of
 *
 * Return: 1; 0 at the end; -ENODATA if nothing was chosen, or a digest depends on
 * PCRs that are not known; -EOPNOTSUPP if this kernel lacks a hash.
 */
int tpk_program_next(struct tpk_program *p, struct tpk_policy_step *step);

/**
 * tpk_program_needs_auth() - does the chosen policy ask for the authValue?
 * @tree: the policy, after tpk_choice_make()
 *
 * Return: true if PolicyAuthValue is among its steps.
 */
bool tpk_program_needs_auth(const struct tpk_tree *tree);

#endif /* _TPK_PROGRAM_H */
