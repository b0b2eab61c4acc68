// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be wrong with options only when all of them are there.
 *
 * PURE: used by the module and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/tpm2_hash.h>
#include <linux/types.h>

#include "options.h"

#define ON(command)	(1U << (command))
#define ON_SEAL		(ON(TPK_NEW) | ON(TPK_UPDATE))
#define ON_ALL		(ON_SEAL | ON(TPK_LOAD))

#define CONTRADICTS(option)	"contradicts " option "=; give one of them"

/* Pairs of options, each of which says how the key is opened. */
static const struct contradiction {
	enum tpk_option option;
	enum tpk_option other;
	u8 commands;
	const char *reason;
} contradictions[] = {
	{ TPK_OPT_POLICYDIGEST, TPK_OPT_PCRS, ON_SEAL, CONTRADICTS("pcrs") },
	{ TPK_OPT_POLICYDIGEST, TPK_OPT_POLICY, ON_SEAL, CONTRADICTS("policy") },
	{ TPK_OPT_POLICYDIGEST, TPK_OPT_SIGNER, ON_SEAL, CONTRADICTS("signer") },
	{ TPK_OPT_POLICY, TPK_OPT_PCRS, ON_ALL, CONTRADICTS("pcrs") },
	{ TPK_OPT_POLICY, TPK_OPT_SIGNER, ON_ALL, CONTRADICTS("signer") },
	{ TPK_OPT_POLICYHANDLE, TPK_OPT_PCRS, ON_ALL, CONTRADICTS("pcrs") },
	{ TPK_OPT_POLICYHANDLE, TPK_OPT_POLICY, ON_ALL, CONTRADICTS("policy") },
	{ TPK_OPT_POLICYHANDLE, TPK_OPT_AUTHPOLICY, ON_ALL,
	  CONTRADICTS("authpolicy") },
	{ TPK_OPT_POLICYHANDLE, TPK_OPT_SIGNFD, ON_ALL, CONTRADICTS("signfd") },
};

static int complain(struct tpk_complaint *c, int err, enum tpk_option option,
		    const char *reason)
{
	c->option = tpk_option_name(option);
	c->reason = reason;
	return err;
}

static bool contradict(const struct tpk_options *o, const struct contradiction *x)
{
	return tpk_given(o, x->option) && tpk_given(o, x->other) &&
	       x->commands & ON(o->command);
}

int tpk_options_check(const struct tpk_options *o, struct tpk_complaint *c)
{
	const struct contradiction *x = contradictions;
	size_t i;

	if (tpk_given(o, TPK_OPT_POLICYDIGEST) &&
	    o->policydigest_len != tpm2_digest_size(o->hash))
		return complain(c, -EINVAL, TPK_OPT_POLICYDIGEST,
				"is not as long as a digest of hash= (default sha256)");
	for (i = 0; i < ARRAY_SIZE(contradictions); i++, x++)
		if (contradict(o, x))
			return complain(c, -EINVAL, x->option, x->reason);
	if (o->interop && o->alternatives.nr > 1)
		return complain(c, -EINVAL, TPK_OPT_FORMAT,
				"has no way to say alternatives (|)");
	return 0;
}
