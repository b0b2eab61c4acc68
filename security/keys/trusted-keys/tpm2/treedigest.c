// SPDX-License-Identifier: GPL-2.0-only
/*
 * Going through a policy, and the digests of its branches.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * An alternative starts from the digest that the session has before its
 * PolicyOR.  Behind it the digest is (Part 3, 23.6)
 *
 *	H(0... || TPM_CC_PolicyOR || digest of each alternative)
 *
 * so while a pass goes on, tpk_branch.digest is that of the session so far.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "tree.h"

static int leave_ors(struct tpk_tree *tree, const u16 *open, unsigned int *depth,
		     unsigned int at, const struct tpk_pass *pass, void *ctx)
{
	struct tpk_node *n;
	int err = 0;

	while (!err && *depth) {
		n = &tree->node[open[*depth - 1]];
		if (n->end != at)
			break;
		(*depth)--;
		err = pass->leave(tree, n, ctx);
	}
	return err;
}

int tpk_tree_pass(struct tpk_tree *tree, struct tpk_branch *branch,
		  const struct tpk_pass *pass, void *ctx)
{
	u16 open[TPK_MAX_LEVELS];
	unsigned int depth = 0, at = branch->first;
	struct tpk_node *n;
	int err;

	for (;;) {
		err = leave_ors(tree, open, &depth, at, pass, ctx);
		if (err || at == branch->end)
			return err;
		n = &tree->node[at];
		if (n->code == TPM_CC_PolicyOR) {
			open[depth++] = at;
			err = pass->enter(tree, n, ctx);
		} else {
			err = pass->statement(tree, n, ctx);
		}
		if (err)
			return err;
		at++;
	}
}

/* It was decoded once when the tree was built, and so cannot fail. */
void tpk_node_decode(const struct tpk_tree *tree, const struct tpk_node *n,
		     struct tpk_assertion *a)
{
	struct tpk_statement st = { .code = n->code, .body = n->body };
	const char *what;

	if (tpk_assertion_decode(&st, tree->hash, a, &what))
		memset(a, 0, sizeof(*a));
}

/* The digest of the session goes on in each alternative. */
static int start_alternatives(struct tpk_tree *tree, struct tpk_node *n,
			      void *ctx)
{
	const struct tpk_branch *outer = &tree->branch[n->branch];
	unsigned int i;

	for (i = n->first; i; i = tree->branch[i].next) {
		memcpy(tree->branch[i].digest, outer->digest,
		       sizeof(outer->digest));
		tree->branch[i].unknown = outer->unknown;
	}
	return 0;
}

static int extend(struct tpk_tree *tree, struct tpk_node *n, void *ctx)
{
	struct tpk_branch *branch = &tree->branch[n->branch];
	unsigned int size = tpm2_digest_size(tree->hash);
	struct tpk_pcrs *pcrs = ctx;
	u8 now[TPM2_MAX_DIGEST];
	struct tpk_assertion a;
	int err;

	tpk_node_decode(tree, n, &a);
	if (a.code == TPM_CC_PolicyAuthorize) {
		/* Of a signed policy the digest before it is wanted. */
		if (a.authorize.signature.len)
			return 0;
		branch->unknown = false;
	}
	if (a.code == TPM_CC_PolicyPCR && !a.pcr.digest.len) {
		err = pcrs ? tpk_pcrs_selection_digest(pcrs, a.pcr.selection,
						       tree->hash, now) : -ENODATA;
		if (err == -ENODATA)
			branch->unknown = true;
		if (err)
			return err == -ENODATA ? 0 : err;
		a.pcr.digest = tpm2_bytes(now, size);
	}
	return tpk_assertion_extend(&a, tree->hash, branch->digest);
}

/* All alternatives have their digests: that of the session is over them. */
static int join(struct tpk_tree *tree, struct tpk_node *n, void *ctx)
{
	static const u8 zero[TPM2_MAX_DIGEST];
	unsigned int size = tpm2_digest_size(tree->hash);
	struct tpk_branch *outer = &tree->branch[n->branch];
	struct tpm2_bytes parts[2 + TPK_MAX_OR];
	unsigned int i, nr = 0;
	u8 cc[4];

	put_unaligned_be32(TPM_CC_PolicyOR, cc);
	parts[nr++] = tpm2_bytes(zero, size);
	parts[nr++] = tpm2_bytes(cc, sizeof(cc));
	for (i = n->first; i; i = tree->branch[i].next) {
		parts[nr++] = tpm2_bytes(tree->branch[i].digest, size);
		outer->unknown |= tree->branch[i].unknown;
	}
	return tpm2_digest(tree->hash, parts, nr, outer->digest);
}

static const struct tpk_pass digest_pass = {
	.enter = start_alternatives,
	.statement = extend,
	.leave = join,
};

static int compute_branch(struct tpk_tree *tree, unsigned int i,
			  struct tpk_pcrs *pcrs)
{
	struct tpk_branch *branch = &tree->branch[i];

	memset(branch->digest, 0, sizeof(branch->digest));
	branch->unknown = false;
	return tpk_tree_pass(tree, branch, &digest_pass, pcrs);
}

int tpk_tree_compute(struct tpk_tree *tree, struct tpk_pcrs *pcrs)
{
	unsigned int i;
	int err = compute_branch(tree, 0, pcrs);

	for (i = tree->signed_policies; !err && i; i = tree->branch[i].next)
		err = compute_branch(tree, i, pcrs);
	return err;
}

struct tpm2_bytes tpk_tree_digest(const struct tpk_tree *tree)
{
	const struct tpk_branch *branch = &tree->branch[0];

	if (branch->unknown)
		return tpm2_bytes(NULL, 0);
	return tpm2_bytes(branch->digest, tpm2_digest_size(tree->hash));
}
