// SPDX-License-Identifier: GPL-2.0-only
/*
 * From options to a policy.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "compose.h"
#include "plan.h"

void tpk_plan_pcrs(struct tpk_plan *plan, const struct tpk_options *o)
{
	tpk_alternatives_pcrs(&o->alternatives, &plan->now, &plan->room);
}

static int compose(struct tpk_plan *plan, const struct tpk_options *o, u16 hash)
{
	struct tpm2_writer w = tpm2_writer(plan->body, sizeof(plan->body));
	int err = 0;

	if (o->signer_len)
		err = tpk_compose_signer(&plan->policy,
					 tpm2_bytes(o->signer, o->signer_len), &w);
	if (!err && o->alternatives.nr)
		err = tpk_compose_pcrs(&plan->policy, &o->alternatives, &plan->now,
				       hash, &plan->room, &w);
	return err;
}

static int start(struct tpk_plan *plan, const struct tpk_options *o, u16 hash,
		 const char **what)
{
	plan->policy.nr = 0;
	if (o->policy.len)
		return tpk_policy_decode(o->policy, &plan->policy, what);
	return compose(plan, o, hash);
}

static int build(struct tpk_plan *plan, u16 hash, const char **what)
{
	return tpk_tree_build(&plan->tree, &plan->policy, NULL, hash, what);
}

/* An authorization that nothing asks for would protect nothing. */
static int add_auth(struct tpk_plan *plan, const struct tpk_options *o, u16 hash,
		    const char **what)
{
	int err;

	if (!o->blobauth_len || !plan->policy.nr ||
	    tpk_tree_uses(&plan->tree, TPM_CC_PolicyAuthValue))
		return 0;
	err = tpk_compose_auth(&plan->policy);
	return err ?: build(plan, hash, what);
}

int tpk_plan_make(struct tpk_plan *plan, const struct tpk_options *o, u16 hash,
		  const char **what)
{
	int err;

	*what = "the policy is too long for a blob";
	err = start(plan, o, hash, what);
	if (!err)
		err = build(plan, hash, what);
	if (!err)
		err = add_auth(plan, o, hash, what);
	/* What is malformed in a blob is so in a text too, but there it is EINVAL. */
	return err == -EBADMSG || err == -EMSGSIZE ? -EINVAL : err;
}
