// SPDX-License-Identifier: GPL-2.0-only
/*
 * What will open a new key: the policy of its options, over PCR values that are
 * read in the session that seals it.
 */
#include <linux/tpm2_hash.h>

#include "entity.h"
#include "seal.h"

static int refuse(int err, const char *why)
{
	tpk_notice("%s", why);
	return err;
}

/* One digest stands for the policy, so nothing in it may be open. */
static int take_digest(struct seal *seal)
{
	struct tpm2_bytes digest = tpk_tree_digest(&seal->plan.tree);

	if (!digest.len)
		return refuse(-EINVAL,
			      "policy=: a PolicyPCR has no digest; trustedctl policy fills it in");
	memcpy(seal->digest, digest.data, digest.len);
	seal->digest_len = digest.len;
	return 0;
}

static int make(struct seal *seal)
{
	const char *what;
	int err;

	err = tpk_plan_make(&seal->plan, seal->o, seal->o->hash, &what);
	if (err)
		return refuse(err, what);
	if (seal->o->interop && !tpk_tree_is_interop(&seal->plan.tree))
		return refuse(-EINVAL,
			      "format=interop has no way to say PolicyOR, PolicyNV and PolicySigned");
	return take_digest(seal);
}

/* The sets of PCRs of all alternatives, one after the other, with their values. */
static bool next_set(const struct tpk_plan *plan, struct tpk_alternatives *left,
		     struct tpk_pcrs *pcrs, u32 given[TPK_MAX_BANKS])
{
	unsigned int i;

	if (!tpk_alternatives_next(left, pcrs))
		return false;
	for (i = 0; i < pcrs->nr; i++)
		given[i] = pcrs->bank[i].known;
	tpk_pcrs_fill(pcrs, &plan->now);
	return true;
}

static int refuse_unused(struct seal *seal)
{
	struct tpk_alternatives left = seal->o->alternatives;
	struct tpk_plan *plan = &seal->plan;
	u32 given[TPK_MAX_BANKS];
	u16 alg = 0;

	while (!alg && next_set(plan, &left, &plan->room, given))
		alg = tpk_pcrs_unused(&plan->room, given);
	if (!alg)
		return 0;
	tpk_notice("pcrs=: nothing was measured into these PCRs of bank %s, so they hold on any machine; add a PCR that was, or give the values with =HEX",
		   tpk_bank_name(alg));
	return -EINVAL;
}

/* For diagnosis: what the PCRs were.  Too long, it is left out. */
static void describe(struct seal *seal)
{
	struct tpm2_writer w = tpm2_writer(seal->description,
					   sizeof(seal->description));
	struct tpk_alternatives left = seal->o->alternatives;
	struct tpk_plan *plan = &seal->plan;
	u32 given[TPK_MAX_BANKS];

	if (!left.nr)
		return;
	tpm2_put(&w, "pcrs=", 5);
	while (next_set(plan, &left, &plan->room, given)) {
		tpk_pcrs_format(&plan->room, &w);
		if (left.nr)
			tpm2_put_u8(&w, '|');
	}
	seal->description_len = w.full ? 0 : w.len;
}

/* What the policy names must be there, or the key would never open. */
static int check_entities(struct tpk_tpm *tpm, const struct tpk_tree *tree)
{
	struct tpk_assertion a;
	unsigned int i;
	int err = 0;

	for (i = 0; i < tree->nr_nodes && !err; i++) {
		const struct tpk_node *n = &tree->node[i];

		if (n->code != TPM_CC_PolicyNV && n->code != TPM_CC_PolicySecret)
			continue;
		tpk_node_decode(tree, n, &a);
		err = tpk_entity_check(tpm, &a);
	}
	return err;
}

/**
 * tpk_sealpolicy_prepare() - all that can be done before the TPM is touched
 * @seal: has @seal->o; gets the policy, unless PCRs have to be read for it
 *
 * Return: 0; -EINVAL for a policy= that is malformed, leaves a PCR open, or cannot
 * be said in format=interop; -EOPNOTSUPP.
 */
int tpk_sealpolicy_prepare(struct seal *seal)
{
	struct tpk_options *o = seal->o;

	if (tpk_given(o, TPK_OPT_POLICYDIGEST)) {
		seal->digest_len = o->policydigest_len;
		memcpy(seal->digest, o->policydigest, seal->digest_len);
		return 0;
	}
	if (!tpk_plan_given(o))
		return 0;
	tpk_plan_pcrs(&seal->plan, o);
	return seal->plan.now.nr ? 0 : make(seal);
}

/**
 * tpk_sealpolicy_finish() - the policy over present PCRs, and a look at the rest
 * @tpm: the TPM, in a transaction
 * @s: has the session, which vouches for the PCRs
 * @seal: prepared
 *
 * Return: 0; -EINVAL for PCRs in which nothing was measured; as tpk_pcr_read()
 * and tpk_entity_check().
 */
int tpk_sealpolicy_finish(struct tpk_tpm *tpm, struct tpk_scratch *s,
			  struct seal *seal)
{
	int err;

	if (seal->plan.now.nr) {
		err = tpk_pcr_read(tpm, s, &seal->plan.now, true);
		if (!err)
			err = refuse_unused(seal);
		if (!err)
			err = make(seal);
		if (err)
			return err;
	}
	describe(seal);
	return check_entities(tpm, &seal->plan.tree);
}
