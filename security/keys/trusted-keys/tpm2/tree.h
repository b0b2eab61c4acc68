/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A whole policy: its statements, the alternatives of each PolicyOR, the signed
 * policies for its PolicyAuthorize, and the digests of them all.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * The order of work:
 *
 *	tpk_tree_build()	read and check, once; compute the digests
 *	tpk_tree_digest()	what the object's authPolicy must be
 *	tpk_choice_pcrs()	which PCRs must be read (choice.h)
 *	tpk_choice_make()	which alternatives fit
 *	tpk_program_start()	what the TPM is to be told (program.h)
 */
#ifndef _TPK_TREE_H
#define _TPK_TREE_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "assertion.h"
#include "pcrs.h"
#include "policyder.h"

#define TPK_MAX_LEVELS		8	/* PolicyOR within PolicyOR */
#define TPK_MAX_ALTERNATIVES	64	/* in all, signed policies included */
#define TPK_MIN_OR		2	/* alternatives of one PolicyOR */
#define TPK_MAX_OR		8
#define TPK_MAX_NODES		256	/* statements in all */
/* Those that hold a PolicyOR count too, but each of them has two below it. */
#define TPK_MAX_BRANCHES	(2 * TPK_MAX_ALTERNATIVES + 1)

/**
 * struct tpk_node - a statement of the tree
 * @body: its commandPolicy
 * @code: TPM_CC_Policy…
 * @end: index behind it, and behind what is below a PolicyOR
 * @branch: the branch that it stands in
 * @first: PolicyOR: its first branch
 * @chosen: PolicyOR, PolicyAuthorize: the branch to run; 0: none
 */
struct tpk_node {
	struct tpm2_bytes body;
	u32 code;
	u16 end;
	u8 branch;
	u8 first;
	u8 chosen;
};

/**
 * struct tpk_branch - statements that are run one after the other
 * @digest: the session's digest after the last of them; for a signed policy,
 *	before its PolicyAuthorize: the approved policy
 * @cost: how far from opening it is; see choice.h
 * @first: index of its first node
 * @end: index behind its last node
 * @next: the next alternative of the same PolicyOR, or the next signed policy;
 *	0: none
 * @unknown: @digest depends on PCR values that have not been given
 * @rejected: the TPM refused it; see tpk_choice_reject()
 */
struct tpk_branch {
	u8 digest[TPM2_MAX_DIGEST];
	u32 cost;
	u16 first;
	u16 end;
	u8 next;
	bool unknown;
	bool rejected;
};

/**
 * struct tpk_level - a list that is being read
 * @list: the statements that are left in it
 * @branches: the alternatives that are left beside it
 * @node: the PolicyOR; valid but at the lowest level
 * @branch: the branch
 * @statements: how many were read of it
 * @nr: which alternative of the PolicyOR it is, from 1
 * @fresh: the digest before its first statement is all zeroes
 * @holds_or: there is a PolicyOR in it
 */
struct tpk_level {
	struct tpm2_reader list;
	struct tpm2_reader branches;
	u16 node;
	u8 branch;
	u8 statements;
	u8 nr;
	bool fresh;
	bool holds_or;
};

/**
 * struct tpk_tree - a policy
 * @hash: TPM_ALG_ID of its hash
 * @nr_nodes: number of @node
 * @nr_branches: number of @branch
 * @nr_alternatives: branches without a PolicyOR, other than branch 0
 * @signed_policies: the first branch that is a signed policy; 0: none
 * @node: the statements: first those of branch 0; what is below a PolicyOR comes
 *	right behind it, one alternative after the other
 * @branch: 0 is the policy itself
 * @level: room to work
 *
 * Bodies point into the octets that it was built of.  About 18 KiB: never on
 * the stack.
 */
struct tpk_tree {
	u16 hash;
	unsigned int nr_nodes;
	unsigned int nr_branches;
	unsigned int nr_alternatives;
	unsigned int signed_policies;
	struct tpk_node node[TPK_MAX_NODES];
	struct tpk_branch branch[TPK_MAX_BRANCHES];
	struct tpk_level level[TPK_MAX_LEVELS + 1];
};

/**
 * struct tpk_signed_policies - contents octets of SEQUENCEs OF TPMAuthPolicy
 * @given: those of authpolicy=, which are tried first; may be empty
 * @recorded: those of the blob; may be empty
 */
struct tpk_signed_policies {
	struct tpm2_bytes given;
	struct tpm2_bytes recorded;
};

/**
 * tpk_tree_build() - read a policy and all that is below it
 * @tree: result
 * @policy: the policy; its first statement, or the first of an alternative that
 *	nothing precedes, may be PolicyAuthorize without a signature
 * @signed_policies: each ends with PolicyAuthorize and its signature; NULL: none
 * @hash: TPM_ALG_ID of the policy's hash
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EBADMSG for anything malformed; -EOPNOTSUPP for a statement, key
 * or hash that is not known here.
 */
int tpk_tree_build(struct tpk_tree *tree, const struct tpk_policy *policy,
		   const struct tpk_signed_policies *signed_policies, u16 hash,
		   const char **what);

/**
 * tpk_tree_digest() - the digest that a session has after the policy
 * @tree: the policy
 *
 * Return: the digest; empty if it depends on PCR values that are not known, for
 * a PolicyPCR without a digest.
 */
struct tpm2_bytes tpk_tree_digest(const struct tpk_tree *tree);

/**
 * tpk_tree_compute() - compute the digests
 * @tree: the policy
 * @pcrs: values for a PolicyPCR that has no digest; NULL: none
 *
 * tpk_tree_build() and tpk_choice_make() call it.
 *
 * Return: 0; -EOPNOTSUPP if this kernel lacks the hash.
 */
int tpk_tree_compute(struct tpk_tree *tree, struct tpk_pcrs *pcrs);

/**
 * struct tpk_pass - what to do at the statements of a branch, in order
 * @enter: before the alternatives of a PolicyOR
 * @statement: at any other statement
 * @leave: behind the alternatives of a PolicyOR
 *
 * Each returns 0, or an error that ends the pass.
 */
struct tpk_pass {
	int (*enter)(struct tpk_tree *tree, struct tpk_node *n, void *ctx);
	int (*statement)(struct tpk_tree *tree, struct tpk_node *n, void *ctx);
	int (*leave)(struct tpk_tree *tree, struct tpk_node *n, void *ctx);
};

/**
 * tpk_tree_pass() - go through a branch and all below it
 * @tree: the policy
 * @branch: the branch
 * @pass: what to do
 * @ctx: for the functions of @pass
 *
 * Return: 0, or what a function of @pass returned.
 */
int tpk_tree_pass(struct tpk_tree *tree, struct tpk_branch *branch,
		  const struct tpk_pass *pass, void *ctx);

/**
 * tpk_node_decode() - decode a statement of the tree again
 * @tree: the policy
 * @n: a node of it, not a PolicyOR
 * @a: result
 */
void tpk_node_decode(const struct tpk_tree *tree, const struct tpk_node *n,
		     struct tpk_assertion *a);

/**
 * tpk_tree_uses() - is there such a statement anywhere?
 * @tree: the policy
 * @code: TPM_CC_Policy…
 *
 * Return: true if so, be it in an alternative that is not chosen.
 */
bool tpk_tree_uses(const struct tpk_tree *tree, u32 code);

/**
 * tpk_tree_is_interop() - can other readers of key files run this?
 * @tree: the policy
 *
 * Return: false if there is a statement for which the draft has no encoding.
 */
bool tpk_tree_is_interop(const struct tpk_tree *tree);

#endif /* _TPK_TREE_H */
