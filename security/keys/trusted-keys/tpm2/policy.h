/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies without alternatives, as they are run today: what pcrs= stands for,
 * and its digest.  For all that a policy can be, see tree.h and program.h.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_POLICY_H
#define _TPK_POLICY_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "assertion.h"
#include "keyfile.h"
#include "pcrs.h"

/* A PolicyPCR as it is written: TPML_PCR_SELECTION of all banks, and a digest. */
#define TPK_PCR_BODY_SIZE \
	(4 + TPK_MAX_BANKS * (2 + 1 + TPM2_PCR_SELECT_SIZE) + TPM2_MAX_DIGEST)

/**
 * tpk_policy_from_pcrs() - the policy that pcrs= stands for
 * @policy: result: PolicyPCR, and PolicyAuthValue behind it if @auth
 * @pcrs: the PCRs, all values known
 * @auth: the object's authValue is asked for too
 * @hash: TPM_ALG_ID of the policy's hash
 * @body: TPK_PCR_BODY_SIZE octets, to which @policy points afterwards
 *
 * Return: 0; -ENODATA if a value is not known; -EOPNOTSUPP.
 */
int tpk_policy_from_pcrs(struct tpk_policy *policy, struct tpk_pcrs *pcrs,
			 bool auth, u16 hash, u8 *body);

/**
 * tpk_policy_check() - is this a policy that can be run here?
 * @policy: the policy
 * @hash: TPM_ALG_ID of its hash
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EBADMSG for a malformed body; -EOPNOTSUPP for a statement that is
 * not supported, or cannot be run yet.
 */
int tpk_policy_check(const struct tpk_policy *policy, u16 hash,
		     const char **what);

/**
 * tpk_policy_digest() - the digest that a session has after a policy
 * @policy: the policy, checked
 * @hash: TPM_ALG_ID of its hash
 * @out: tpm2_digest_size(@hash) octets
 *
 * Return: 0; -ENODATA if a statement depends on what only the TPM knows;
 * -EBADMSG; -EOPNOTSUPP, also for PolicyOR, which takes a tree.
 */
int tpk_policy_digest(const struct tpk_policy *policy, u16 hash, u8 *out);

/**
 * tpk_policy_needs_auth() - does the policy ask for the object's authValue?
 * @policy: the policy
 *
 * Return: true if it holds a PolicyAuthValue.
 */
bool tpk_policy_needs_auth(const struct tpk_policy *policy);

#endif /* _TPK_POLICY_H */
