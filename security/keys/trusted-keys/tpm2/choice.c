// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choosing the alternatives that fit.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "challenge.h"
#include "choice.h"

#define HOLDS		0
#define MAY_HOLD	1

#define LOCALITY_ZERO	0x01	/* Part 2, 8.5: where the kernel's commands come from */
#define LOCALITIES	0x1f	/* above that, it is the number of one locality */

void tpk_choice_pcrs(const struct tpk_tree *tree, struct tpk_pcrs *pcrs)
{
	struct tpk_assertion a;
	unsigned int i;

	memset(pcrs, 0, sizeof(*pcrs));
	for (i = 0; i < tree->nr_nodes && tree->nr_alternatives; i++) {
		const struct tpk_node *n = &tree->node[i];

		if (n->code != TPM_CC_PolicyPCR)
			continue;
		tpk_node_decode(tree, n, &a);
		/* Outside alternatives, only what their digests depend on. */
		if (n->branch || !a.pcr.digest.len)
			tpk_pcrs_add_selection(pcrs, a.pcr.selection);
	}
}

static u32 pcr_cost(const struct tpk_tree *tree, const struct tpk_assertion *a,
		    const struct tpk_facts *facts)
{
	unsigned int size = tpm2_digest_size(tree->hash);
	u8 now[TPM2_MAX_DIGEST];

	if (!a->pcr.digest.len || !facts->pcrs)
		return MAY_HOLD;
	if (tpk_pcrs_selection_digest(facts->pcrs, a->pcr.selection, tree->hash, now))
		return MAY_HOLD;
	return tpm2_bytes_equal(a->pcr.digest, tpm2_bytes(now, size)) ?
	       HOLDS : TPK_COST_FAILS;
}

static bool is_at_locality(u8 locality)
{
	return locality <= LOCALITIES && locality & LOCALITY_ZERO;
}

static bool is_signed(const struct tpk_assertion *a, const struct tpk_facts *facts)
{
	return facts->answers ? tpk_challenge_has(facts->answers, a) : facts->signer;
}

u32 tpk_choice_cost(const struct tpk_tree *tree, const struct tpk_node *n,
		    const struct tpk_facts *facts)
{
	struct tpk_assertion a;

	tpk_node_decode(tree, n, &a);
	switch (a.code) {
	case TPM_CC_PolicyPCR:
		return pcr_cost(tree, &a, facts);
	case TPM_CC_PolicyAuthValue:
		return facts->auth_value ? HOLDS : TPK_COST_FAILS;
	case TPM_CC_PolicyLocality:
		return is_at_locality(a.locality) ? HOLDS : TPK_COST_FAILS;
	case TPM_CC_PolicySigned:
		return is_signed(&a, facts) ? MAY_HOLD : TPK_COST_FAILS;
	default:
		return MAY_HOLD;
	}
}

/* The cheapest of a chain of branches, the first of them if there are more. */
static u32 cheapest(const struct tpk_tree *tree, unsigned int first, u8 *chosen)
{
	unsigned int i;

	*chosen = first;
	for (i = first; i; i = tree->branch[i].next)
		if (tree->branch[i].cost < tree->branch[*chosen].cost)
			*chosen = i;
	return tree->branch[*chosen].cost;
}

static int enter(struct tpk_tree *tree, struct tpk_node *n, void *ctx)
{
	unsigned int i;

	for (i = n->first; i; i = tree->branch[i].next)
		tree->branch[i].cost = tree->branch[i].rejected ?
				       TPK_COST_REJECTED : HOLDS;
	return 0;
}

static int leave(struct tpk_tree *tree, struct tpk_node *n, void *ctx)
{
	u32 least = cheapest(tree, n->first, &n->chosen);

	tree->branch[n->branch].cost += least;
	return 0;
}

/* Is this signed policy by the key that the policy names, with its policyRef? */
static bool is_by(const struct tpk_tree *tree, const struct tpk_branch *branch,
		  const struct tpk_authorize_statement *wanted)
{
	struct tpk_assertion a;

	tpk_node_decode(tree, &tree->node[branch->end - 1], &a);
	return tpm2_bytes_equal(a.authorize.key, wanted->key) &&
	       tpm2_bytes_equal(a.authorize.policy_ref, wanted->policy_ref);
}

static u32 choose_signed(struct tpk_tree *tree, struct tpk_node *n)
{
	u32 least = TPK_COST_FAILS + TPK_COST_REJECTED;
	struct tpk_assertion a;
	unsigned int i;

	n->chosen = 0;
	tpk_node_decode(tree, n, &a);
	for (i = tree->signed_policies; i; i = tree->branch[i].next) {
		if (tree->branch[i].cost >= least ||
		    !is_by(tree, &tree->branch[i], &a.authorize))
			continue;
		least = tree->branch[i].cost;
		n->chosen = i;
	}
	return least;
}

static bool is_signed_branch(const struct tpk_tree *tree, unsigned int i)
{
	return tree->signed_policies && i >= tree->signed_policies;
}

static int weigh(struct tpk_tree *tree, struct tpk_node *n, void *ctx)
{
	struct tpk_branch *branch = &tree->branch[n->branch];

	if (n->code == TPM_CC_PolicyAuthorize)
		branch->cost += is_signed_branch(tree, n->branch) ?
				MAY_HOLD : choose_signed(tree, n);
	else if (n->branch)
		branch->cost += tpk_choice_cost(tree, n, ctx);
	return 0;
}

static const struct tpk_pass cost_pass = {
	.enter = enter,
	.statement = weigh,
	.leave = leave,
};

static void weigh_branch(struct tpk_tree *tree, unsigned int i,
			 const struct tpk_facts *facts)
{
	struct tpk_branch *branch = &tree->branch[i];

	branch->cost = branch->rejected ? TPK_COST_REJECTED : HOLDS;
	tpk_tree_pass(tree, branch, &cost_pass, (void *)facts);
}

static int find_cause(const struct tpk_node *n, struct tpk_obstacle *obstacle)
{
	obstacle->node = n;
	switch (n->code) {
	case TPM_CC_PolicyAuthorize:
		obstacle->what = "policy: no signed policy by this key fits";
		return -ENOKEY;
	case TPM_CC_PolicySigned:
		obstacle->what = "policy: nobody is there to sign";
		return -ENOKEY;
	case TPM_CC_PolicyAuthValue:
		obstacle->what = "policy: no alternative fits without blobauth=";
		return -EACCES;
	case TPM_CC_PolicyLocality:
		obstacle->what = "policy: no alternative fits the kernel's locality";
		return -EKEYREJECTED;
	default:
		obstacle->what = "policy: no alternative fits the PCRs";
		return -EKEYREJECTED;
	}
}

/*
 * The first statement on the chosen path that does not hold.  That of a signed
 * policy means that there is none for the present PCRs.
 */
static int find_obstacle(struct tpk_tree *tree, const struct tpk_facts *facts,
			 struct tpk_obstacle *obstacle)
{
	const struct tpk_node *n;
	struct tpk_path path;

	tpk_path_start(&path, tree);
	while ((n = tpk_path_next(&path))) {
		bool in_signed = is_signed_branch(tree, n->branch);
		bool fails = n->branch && n->code != TPM_CC_PolicyOR &&
			     n->code != TPM_CC_PolicyAuthorize &&
			     tpk_choice_cost(tree, n, facts) >= TPK_COST_FAILS;

		if (n->code == TPM_CC_PolicyAuthorize && !in_signed)
			fails = true;
		if (!fails)
			continue;
		obstacle->err = find_cause(n, obstacle);
		if (in_signed && obstacle->err == -EKEYREJECTED) {
			obstacle->err = -ENOKEY;
			obstacle->what = "policy: no signed policy fits the PCRs";
		}
		return obstacle->err;
	}
	/* Then whatever could have been chosen was refused by the TPM. */
	obstacle->node = NULL;
	obstacle->what = "policy: the TPM refused each alternative that seemed to fit";
	obstacle->err = tree->signed_policies ? -ENOKEY : -EKEYREJECTED;
	return obstacle->err;
}

int tpk_choice_make(struct tpk_tree *tree, const struct tpk_facts *facts,
		    struct tpk_obstacle *obstacle)
{
	unsigned int i;
	int err = tpk_tree_compute(tree, facts->pcrs);

	*obstacle = (struct tpk_obstacle){
		.err = err,
		.what = "policy: this kernel lacks its hash",
	};
	if (err)
		return err;
	for (i = tree->signed_policies; i; i = tree->branch[i].next)
		weigh_branch(tree, i, facts);
	weigh_branch(tree, 0, facts);
	if (tree->branch[0].cost < TPK_COST_FAILS)
		return 0;
	return find_obstacle(tree, facts, obstacle);
}

bool tpk_choice_reject(struct tpk_tree *tree, unsigned int branch)
{
	if (!branch)
		return false;
	tree->branch[branch].rejected = true;
	return true;
}

static void enter_branch(struct tpk_path *path, unsigned int branch)
{
	path->at = path->tree->branch[branch].first;
	path->end = path->tree->branch[branch].end;
}

void tpk_path_start(struct tpk_path *path, const struct tpk_tree *tree)
{
	path->tree = tree;
	path->depth = 0;
	enter_branch(path, 0);
}

static void go_in(struct tpk_path *path, const struct tpk_node *n)
{
	path->level[path->depth].node = path->at;
	path->level[path->depth].end = path->end;
	path->depth++;
	enter_branch(path, n->chosen);
}

static const struct tpk_node *go_out(struct tpk_path *path)
{
	const struct tpk_node *n;

	path->depth--;
	n = &path->tree->node[path->level[path->depth].node];
	path->at = n->end;
	path->end = path->level[path->depth].end;
	return n;
}

const struct tpk_node *tpk_path_next(struct tpk_path *path)
{
	const struct tpk_node *n;

	for (;;) {
		if (path->at == path->end) {
			if (!path->depth)
				return NULL;
			n = go_out(path);
			if (n->code == TPM_CC_PolicyOR)
				return n;
			continue;
		}
		n = &path->tree->node[path->at];
		if (!n->chosen) {
			path->at = n->end;
			return n;
		}
		go_in(path, n);
	}
}
