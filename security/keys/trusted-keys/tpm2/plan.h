/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policy that a user's options ask for: pcrs=, signer=, policy=, blobauth=.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * When a key is sealed it becomes the key's policy; when a blob is loaded that
 * does not record one, it must be the one that the blob was sealed with.
 *
 *	tpk_plan_pcrs(plan, o);		read what is not known of plan->now
 *	err = tpk_plan_make(plan, o, hash, &what);
 *	tpk_tree_digest(&plan->tree);
 */
#ifndef _TPK_PLAN_H
#define _TPK_PLAN_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "keyfile.h"
#include "options.h"
#include "pcrs.h"
#include "policyder.h"
#include "tree.h"

/**
 * struct tpk_plan - a policy, and what it takes to make and to run it
 * @policy: its statements
 * @tree: the same with all that is below them
 * @now: values of PCRs
 * @room: overwritten
 * @body: bodies of statements that were made of options; the others lie in the
 *	user's text or in the blob
 *
 * About 45 KiB: with kvzalloc().
 */
struct tpk_plan {
	struct tpk_policy policy;
	struct tpk_tree tree;
	struct tpk_pcrs now;
	struct tpk_pcrs room;
	u8 body[TPK_MAX_BLOB];
};

/**
 * tpk_plan_given() - do the options say how the key is opened?
 * @o: the options
 *
 * Return: true for pcrs=, signer= and policy=.
 */
static inline bool tpk_plan_given(const struct tpk_options *o)
{
	return o->alternatives.nr || o->signer_len || o->policy.len;
}

/**
 * tpk_plan_pcrs() - which PCRs must be read first?
 * @plan: gets them in @plan->now, none of them known; no bank: none
 * @o: the options
 */
void tpk_plan_pcrs(struct tpk_plan *plan, const struct tpk_options *o);

/**
 * tpk_plan_make() - the policy that the options ask for
 * @plan: @plan->now has the values of tpk_plan_pcrs(); gets the policy
 * @o: the options; must stay while the policy is used
 * @hash: TPM_ALG_ID of the policy's hash
 * @what: in case of an error, what is wrong
 *
 * blobauth= appends PolicyAuthValue to a policy, unless policy= has it somewhere.
 *
 * Return: 0; -EINVAL for a malformed policy=, or one that is too long; -ENODATA
 * if a PCR's value is not known; -EOPNOTSUPP.
 */
int tpk_plan_make(struct tpk_plan *plan, const struct tpk_options *o, u16 hash,
		  const char **what);

#endif /* _TPK_PLAN_H */
