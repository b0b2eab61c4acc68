/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which alternatives of a policy fit, seen from what is known without the TPM.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * Each statement has a cost: nothing if it holds, 1 if only the TPM can say,
 * TPK_COST_FAILS if it does not hold.  A branch costs the sum of its statements,
 * a PolicyOR what its cheapest alternative costs, a PolicyAuthorize what the
 * cheapest signed policy by its key costs.  Of those that cost the same, the
 * first is chosen.  So the choice is the policy that opens the key if there is
 * one, and the one that is closest to it if not.
 */
#ifndef _TPK_CHOICE_H
#define _TPK_CHOICE_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "tree.h"

struct tpk_challenge;

#define TPK_COST_FAILS		0x100
#define TPK_COST_REJECTED	0x100000

/**
 * struct tpk_facts - what is known without the TPM
 * @pcrs: values of PCRs, at least those of tpk_choice_pcrs(); its @piece is used.
 *	What is not known in it may be anything
 * @auth_value: the object's authValue is there (blobauth=, or it is empty)
 * @answers: what was signed for PolicySigned (signfd=); NULL: it is not known
 * @signer: then, whether somebody is there who signs whatever is asked for
 */
struct tpk_facts {
	struct tpk_pcrs *pcrs;
	bool auth_value;
	const struct tpk_challenge *answers;
	bool signer;
};

/**
 * struct tpk_obstacle - why no alternative fits
 * @err: -EKEYREJECTED: PCRs or the locality are not what they must be; -EACCES:
 *	the object's authValue is not there; -ENOKEY: no signed policy fits, or
 *	nobody signs
 * @what: the same in words
 * @node: the first statement of the closest alternative that does not hold
 */
struct tpk_obstacle {
	int err;
	const char *what;
	const struct tpk_node *node;
};

/**
 * tpk_choice_pcrs() - which PCRs must be read to choose?
 * @tree: the policy
 * @pcrs: result, none of the values known; no bank: nothing is to be chosen by
 *	PCRs
 */
void tpk_choice_pcrs(const struct tpk_tree *tree, struct tpk_pcrs *pcrs);

/**
 * tpk_choice_make() - choose an alternative at each PolicyOR and PolicyAuthorize
 * @tree: the policy; gets the choice, and digests that depend on @facts
 * @facts: what is known
 * @obstacle: in case of an error, why
 *
 * Only alternatives are judged: a statement that must hold in any case is left
 * to the TPM.
 *
 * Return: 0; -EKEYREJECTED, -EACCES, -ENOKEY, after which the tree holds the
 * choice that is closest; -EOPNOTSUPP.
 */
int tpk_choice_make(struct tpk_tree *tree, const struct tpk_facts *facts,
		    struct tpk_obstacle *obstacle);

/**
 * tpk_choice_cost() - what is known of one statement
 * @tree: the policy
 * @n: a node of it, not a PolicyOR
 * @facts: what is known
 *
 * Return: 0 if it holds, 1 if only the TPM can say, TPK_COST_FAILS if it does
 * not hold.
 */
u32 tpk_choice_cost(const struct tpk_tree *tree, const struct tpk_node *n,
		    const struct tpk_facts *facts);

/**
 * tpk_choice_reject() - the TPM did not accept a step of an alternative
 * @tree: the policy
 * @branch: branch of the step, see struct tpk_policy_step
 *
 * For what only the TPM can judge.  Choose again, and run the policy again in a
 * session that was restarted.
 *
 * Return: false if the step is in no alternative, so that there is no other.
 */
bool tpk_choice_reject(struct tpk_tree *tree, unsigned int branch);

/**
 * struct tpk_path - a position in the statements that are run
 * @tree: the policy
 * @at: next node
 * @end: behind the last node of this branch
 * @depth: how many @level are used
 * @level: the PolicyOR or PolicyAuthorize that is entered, and @end before that
 *
 * A signed policy lies within the policy, so there may be twice the levels.
 */
struct tpk_path {
	const struct tpk_tree *tree;
	u16 at;
	u16 end;
	unsigned int depth;
	struct {
		u16 node;
		u16 end;
	} level[2 * TPK_MAX_LEVELS + 1];
};

/**
 * tpk_path_start() - go along the chosen alternatives
 * @path: result
 * @tree: the policy, after tpk_choice_make()
 */
void tpk_path_start(struct tpk_path *path, const struct tpk_tree *tree);

/**
 * tpk_path_next() - the next statement that is run
 * @path: the position
 *
 * A PolicyOR comes behind the statements of its chosen alternative.  In the
 * place of a PolicyAuthorize come the statements of the chosen signed policy,
 * whose own is the last of them; or it itself if there is none.
 *
 * Return: the statement; NULL at the end.
 */
const struct tpk_node *tpk_path_next(struct tpk_path *path);

#endif /* _TPK_CHOICE_H */
