// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may follow when an answer of the TPM is changed.
 */
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "plan.h"
#include "tpm.h"

#define CC_LOAD		0x157
#define LOAD_PASSWORD	(8 * (10 + 4 + 4 + 2 + 34 + 2))	/* attributes in its answer */

static unsigned int code_at(const struct report *r, unsigned int at)
{
	return at && at <= r->nr ? r->code[at - 1] : 0;
}

static bool is_from_elsewhere(const char *plan)
{
	return !strncmp(plan, "other", 5) || !strncmp(plan, "both", 4);
}

bool plan_is_noticeable(const char *plan, unsigned int at, const struct report *r, bool kept)
{
	unsigned int bit;

	if (!strncmp(plan, "rc", 2) || !strncmp(plan, "swallow", 7))
		return false;
	/* The other TPM says that it has no such session. */
	if (kept && at == 1 && is_from_elsewhere(plan))
		return false;
	/* continueSession of a password session: chips may differ there. */
	if (code_at(r, at) == CC_LOAD && sscanf(plan, "bit %*u %u", &bit) == 1 &&
	    bit == LOAD_PASSWORD)
		return false;
	switch (code_at(r, at)) {
	case TPM_CC_CONTEXT_SAVE:
	case TPM_CC_GET_CAPABILITY:
		return false;
	case TPM_CC_CONTEXT_LOAD:
		/* Another TPM does not take it, nor would this one after a reset. */
		return !is_from_elsewhere(plan);
	case TPM_CC_READ_PUBLIC:
		/* qualifiedName, at its end, which nothing depends on. */
		return at > 1 || strncmp(plan, "bit", 3);
	default:
		return true;
	}
}

bool plan_may_leave(const char *plan, unsigned int at, const struct report *r)
{
	unsigned int rc = 0;

	if (!strncmp(plan, "others", 6) || (sscanf(plan, "rc %*u %u", &rc) == 1 && rc == 0x922))
		return true;
	return code_at(r, at) == TPM_CC_FLUSH_CONTEXT &&
	       (!strncmp(plan, "swallow", 7) || is_from_elsewhere(plan));
}

bool plan_may_be_his(const char *plan, unsigned int at, const struct report *r)
{
	unsigned int code = code_at(r, at);

	return code == TPM_CC_GET_CAPABILITY || code == CC_LOAD ||
	       code == TPM_CC_START_AUTH_SESSION || plan_may_leave(plan, at, r);
}
