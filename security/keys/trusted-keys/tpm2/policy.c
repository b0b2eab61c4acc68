// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which policies can be run here, and the digests that they come to.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * A policy is a list of statements, all of which must hold.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "policy.h"

static const char *unsupported(u32 code)
{
	switch (code) {
	case TPM_CC_PolicyAuthorize:
		return "policy: PolicyAuthorize is not supported";
	case TPM_CC_PolicyCounterTimer:
		return "policy: PolicyCounterTimer is not supported";
	case TPM_CC_PolicyLocality:
		return "policy: PolicyLocality is not supported";
	case TPM_CC_PolicyNV:
		return "policy: PolicyNV is not supported";
	case TPM_CC_PolicyOR:
		return "policy: PolicyOR is not supported";
	case TPM_CC_PolicySecret:
		return "policy: PolicySecret is not supported";
	case TPM_CC_PolicySigned:
		return "policy: PolicySigned is not supported";
	default:
		return "policy: statement is not supported";
	}
}

/* What the rest of the module runs.  The one place that refuses the others. */
static bool can_be_run(u32 code)
{
	return code == TPM_CC_PolicyPCR || code == TPM_CC_PolicyAuthValue;
}

static int check_statement(const struct tpk_statement *st, u16 hash,
			   const char **what)
{
	struct tpk_assertion a;
	int err = 0;

	if (st->code != TPM_CC_PolicyOR)
		err = tpk_assertion_decode(st, hash, &a, what);
	if (err || can_be_run(st->code))
		return err;
	*what = unsupported(st->code);
	return -EOPNOTSUPP;
}

int tpk_policy_check(const struct tpk_policy *policy, u16 hash,
		     const char **what)
{
	unsigned int i;
	int err = 0;

	if (!tpm2_digest_size(hash)) {
		*what = "policy: hash is not supported";
		return -EOPNOTSUPP;
	}
	for (i = 0; !err && i < policy->nr; i++)
		err = check_statement(&policy->statement[i], hash, what);
	return err;
}

static int extend(u8 *digest, u16 hash, const struct tpk_statement *st)
{
	struct tpk_assertion a;
	const char *what;
	int err;

	if (st->code == TPM_CC_PolicyOR)
		return -EOPNOTSUPP;
	err = tpk_assertion_decode(st, hash, &a, &what);
	return err ?: tpk_assertion_extend(&a, hash, digest);
}

int tpk_policy_digest(const struct tpk_policy *policy, u16 hash, u8 *out)
{
	unsigned int size = tpm2_digest_size(hash);
	unsigned int i;
	int err = 0;

	if (!size)
		return -EOPNOTSUPP;
	memset(out, 0, size);
	for (i = 0; !err && i < policy->nr; i++)
		err = extend(out, hash, &policy->statement[i]);
	return err;
}

bool tpk_policy_needs_auth(const struct tpk_policy *policy)
{
	unsigned int i;

	for (i = 0; i < policy->nr; i++)
		if (policy->statement[i].code == TPM_CC_PolicyAuthValue)
			return true;
	return false;
}

static void add_statement(struct tpk_policy *policy, u32 code,
			  struct tpm2_bytes body)
{
	policy->statement[policy->nr++] = (struct tpk_statement){
		.code = code,
		.body = body,
	};
}

int tpk_policy_from_pcrs(struct tpk_policy *policy, struct tpk_pcrs *pcrs,
			 bool auth, u16 hash, u8 *body)
{
	struct tpm2_writer w = tpm2_writer(body, TPK_PCR_BODY_SIZE);
	u8 *digest;
	int err;

	policy->nr = 0;
	tpk_pcrs_put_selection(pcrs, &w);
	digest = tpm2_reserve(&w, tpm2_digest_size(hash));
	if (!digest)
		return -EOPNOTSUPP;
	err = tpk_pcrs_digest(pcrs, hash, digest);
	if (err)
		return err;
	add_statement(policy, TPM_CC_PolicyPCR, tpm2_written(&w));
	if (auth)
		add_statement(policy, TPM_CC_PolicyAuthValue,
			      tpm2_bytes(NULL, 0));
	return 0;
}
