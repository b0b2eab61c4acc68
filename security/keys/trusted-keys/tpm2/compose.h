/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies made of options: what pcrs=, signer= and blobauth= stand for.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * Statements are appended to a policy in this order: PolicyAuthorize, PolicyPCR
 * or PolicyOR, PolicyAuthValue.
 */
#ifndef _TPK_COMPOSE_H
#define _TPK_COMPOSE_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "alternatives.h"
#include "pcrs.h"
#include "policyder.h"
#include "tree.h"

/**
 * tpk_compose_signer() - append PolicyAuthorize
 * @policy: the policy
 * @key: TPMT_PUBLIC of the key that signs policies
 * @w: where its body goes; @policy points there afterwards
 *
 * Return: 0; -EMSGSIZE if @w or @policy is full.
 */
int tpk_compose_signer(struct tpk_policy *policy, struct tpm2_bytes key,
		       struct tpm2_writer *w);

/**
 * tpk_compose_pcrs() - append what pcrs= stands for
 * @policy: the policy
 * @alts: alternatives, one or more
 * @now: values of the PCRs that have none; as tpk_alternatives_pcrs() names them
 * @hash: TPM_ALG_ID of the policy's hash
 * @room: overwritten
 * @w: where its body goes; @policy points there afterwards
 *
 * PolicyPCR for one alternative.  For 2 to 8, a PolicyOR of as many; for more, a
 * PolicyOR of as few PolicyOR as it takes, which have the same number of
 * alternatives but for one.
 *
 * Return: 0; -ENODATA if a value is not known; -EMSGSIZE if @w or @policy is
 * full; -EOPNOTSUPP.
 */
int tpk_compose_pcrs(struct tpk_policy *policy,
		     const struct tpk_alternatives *alts,
		     const struct tpk_pcrs *now, u16 hash, struct tpk_pcrs *room,
		     struct tpm2_writer *w);

/**
 * tpk_compose_auth() - append PolicyAuthValue
 * @policy: the policy
 *
 * Return: 0; -EMSGSIZE if @policy is full.
 */
int tpk_compose_auth(struct tpk_policy *policy);

#endif /* _TPK_COMPOSE_H */
