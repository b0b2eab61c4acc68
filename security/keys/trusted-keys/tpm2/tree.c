// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a policy into a tree.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * Nothing here calls itself: the lists that are being read are a stack in the
 * tree, whose depth is bounded as is the number of everything in it.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "der.h"
#include "tree.h"

/**
 * struct build - a tree that is being read
 * @tree: the tree
 * @policy: what is left of the policy itself, which is no DER any more
 * @policy_left: its statements
 * @level: the present list
 * @in_signed: a signed policy is being read
 * @approved: it has had its PolicyAuthorize
 * @what: what is wrong
 */
struct build {
	struct tpk_tree *tree;
	const struct tpk_statement *policy;
	unsigned int policy_left;
	struct tpk_level *level;
	bool in_signed;
	bool approved;
	const char **what;
};

static int fail(struct build *b, int err, const char *fault)
{
	*b->what = fault;
	return err;
}

static int bad(struct build *b, const char *fault)
{
	return fail(b, -EBADMSG, fault);
}

static bool at_bottom(const struct build *b)
{
	return b->level == b->tree->level;
}

static bool more_statements(const struct build *b)
{
	return (at_bottom(b) && b->policy_left) || tpm2_left(&b->level->list);
}

static int next_statement(struct build *b, struct tpk_statement *st)
{
	if (b->level->statements == TPK_MAX_STATEMENTS)
		return bad(b, "policy: more than 16 statements in a list");
	if (at_bottom(b) && b->policy_left) {
		*st = *b->policy++;
		b->policy_left--;
	} else if (!tpk_statement_get(&b->level->list, st)) {
		return bad(b, "policy: malformed statement in an alternative");
	}
	b->level->statements++;
	return 0;
}

static int add_branch(struct build *b, struct tpk_level *level)
{
	struct tpk_tree *tree = b->tree;

	if (tree->nr_branches == TPK_MAX_BRANCHES)
		return bad(b, "policy: more than 64 alternatives");
	level->branch = tree->nr_branches++;
	tree->branch[level->branch] = (struct tpk_branch){
		.first = tree->nr_nodes,
	};
	level->statements = 0;
	level->holds_or = false;
	return 0;
}

/* The next alternative of the PolicyOR of this level. */
static int begin_alternative(struct build *b)
{
	struct tpk_level *level = b->level;
	u8 before = level->branch;
	int err;

	if (level->nr == TPK_MAX_OR)
		return bad(b, "policy: PolicyOR of more than 8 alternatives");
	level->list = tpk_der_enter(&level->branches, DER_SEQUENCE);
	if (level->branches.bad)
		return bad(b, "policy: malformed PolicyOR");
	err = add_branch(b, level);
	if (err)
		return err;
	if (level->nr++)
		b->tree->branch[before].next = level->branch;
	else
		b->tree->node[level->node].first = level->branch;
	return 0;
}

static int enter_or(struct build *b, struct tpk_node *n)
{
	struct tpk_level *outer = b->level, *level = outer + 1;
	struct tpm2_reader body = tpm2_reader(n->body.data, n->body.len);

	if (level - b->tree->level > TPK_MAX_LEVELS)
		return bad(b, "policy: PolicyOR more than 8 levels deep");
	outer->holds_or = true;
	*level = (struct tpk_level){
		.branches = tpk_der_enter(&body, DER_SEQUENCE),
		.node = n - b->tree->node,
		.fresh = outer->fresh && outer->statements == 1,
	};
	if (!tpm2_done(&body))
		return bad(b, "policy: malformed PolicyOR");
	b->level = level;
	return begin_alternative(b);
}

/* An alternative without alternatives of its own is one way to open the key. */
static int end_branch(struct build *b)
{
	struct tpk_tree *tree = b->tree;
	struct tpk_level *level = b->level;

	if (!level->statements)
		return bad(b, "policy: alternative without a statement");
	tree->branch[level->branch].end = tree->nr_nodes;
	if (level->holds_or || !level->branch)
		return 0;
	if (tree->nr_alternatives++ == TPK_MAX_ALTERNATIVES)
		return bad(b, "policy: more than 64 alternatives");
	return 0;
}

static int leave_or(struct build *b)
{
	struct tpk_level *level = b->level--;

	if (level->nr < TPK_MIN_OR)
		return bad(b, "policy: PolicyOR of fewer than 2 alternatives");
	b->tree->node[level->node].end = b->tree->nr_nodes;
	return 0;
}

/*
 * The policy asks for a signed one where nothing was asked for before it, since
 * PolicyAuthorize makes the session forget that.  A signed policy ends with it.
 */
static int check_authorize(struct build *b, const struct tpk_assertion *a)
{
	if (!b->in_signed && a->authorize.signature.len)
		return bad(b, "policy: PolicyAuthorize with a signature");
	if (!b->in_signed && (!b->level->fresh || b->level->statements != 1))
		return bad(b, "policy: PolicyAuthorize is not the first statement");
	if (!b->in_signed)
		return 0;
	if (!at_bottom(b) || more_statements(b))
		return bad(b, "authPolicy: PolicyAuthorize is not the last statement");
	if (!a->authorize.signature.len)
		return bad(b, "authPolicy: PolicyAuthorize without a signature");
	b->approved = true;
	return 0;
}

static int check_assertion(struct build *b, const struct tpk_statement *st)
{
	struct tpk_assertion a;
	int err = tpk_assertion_decode(st, b->tree->hash, &a, b->what);

	if (err)
		return err;
	if (st->code == TPM_CC_PolicyAuthorize)
		return check_authorize(b, &a);
	if (st->code == TPM_CC_PolicyPCR && !a.pcr.digest.len && !at_bottom(b))
		return bad(b, "policy: PolicyPCR without a digest in an alternative");
	return 0;
}

static int add_statement(struct build *b)
{
	struct tpk_tree *tree = b->tree;
	struct tpk_statement st;
	struct tpk_node *n;
	int err = next_statement(b, &st);

	if (err)
		return err;
	if (tree->nr_nodes == TPK_MAX_NODES)
		return bad(b, "policy: more than 256 statements");
	n = &tree->node[tree->nr_nodes++];
	*n = (struct tpk_node){
		.body = st.body,
		.code = st.code,
		.end = tree->nr_nodes,
		.branch = b->level->branch,
	};
	if (st.code == TPM_CC_PolicyOR)
		return enter_or(b, n);
	return check_assertion(b, &st);
}

/* All of a list, and of what is below it. */
static int read_list(struct build *b)
{
	int err = 0;

	while (!err) {
		if (more_statements(b)) {
			err = add_statement(b);
			continue;
		}
		err = end_branch(b);
		if (err || at_bottom(b))
			break;
		if (tpm2_left(&b->level->branches))
			err = begin_alternative(b);
		else
			err = leave_or(b);
	}
	return err;
}

static int start_list(struct build *b, struct tpm2_bytes statements)
{
	b->level = b->tree->level;
	*b->level = (struct tpk_level){
		.list = tpm2_reader(statements.data, statements.len),
		.fresh = true,
	};
	return add_branch(b, b->level);
}

static int read_policy(struct build *b, const struct tpk_policy *policy)
{
	int err = start_list(b, tpm2_bytes(NULL, 0));

	if (err || !policy->nr)
		return err;
	b->policy = policy->statement;
	b->policy_left = policy->nr;
	return read_list(b);
}

/* Appends it to the chain of those that were read before. */
static void link_signed(struct tpk_tree *tree, u8 new)
{
	unsigned int last = tree->signed_policies;

	if (!last) {
		tree->signed_policies = new;
		return;
	}
	while (tree->branch[last].next)
		last = tree->branch[last].next;
	tree->branch[last].next = new;
}

static int read_signed(struct build *b, struct tpm2_bytes contents)
{
	struct tpm2_reader list = tpm2_reader(contents.data, contents.len);
	struct tpk_auth_policy ap;
	int err = 0;

	while (!err && tpm2_left(&list)) {
		err = tpk_auth_policy_get(&list, &ap, b->what);
		if (!err)
			err = start_list(b, ap.statements);
		if (err)
			break;
		link_signed(b->tree, b->level->branch);
		b->approved = false;
		err = read_list(b);
		if (!err && !b->approved)
			err = bad(b, "authPolicy: does not end with PolicyAuthorize");
	}
	return err;
}

int tpk_tree_build(struct tpk_tree *tree, const struct tpk_policy *policy,
		   const struct tpk_signed_policies *signed_policies, u16 hash,
		   const char **what)
{
	struct build b = { .tree = tree, .what = what };
	int err;

	memset(tree, 0, sizeof(*tree));
	tree->hash = hash;
	if (!tpm2_digest_size(hash))
		return fail(&b, -EOPNOTSUPP, "policy: hash is not supported");
	err = read_policy(&b, policy);
	b.in_signed = true;
	if (!err && signed_policies)
		err = read_signed(&b, signed_policies->given);
	if (!err && signed_policies)
		err = read_signed(&b, signed_policies->recorded);
	if (err)
		return err;
	err = tpk_tree_compute(tree, NULL);
	return err ? fail(&b, err, "policy: this kernel lacks its hash") : 0;
}

bool tpk_tree_uses(const struct tpk_tree *tree, u32 code)
{
	unsigned int i;

	for (i = 0; i < tree->nr_nodes; i++)
		if (tree->node[i].code == code)
			return true;
	return false;
}

bool tpk_tree_is_interop(const struct tpk_tree *tree)
{
	return !tpk_tree_uses(tree, TPM_CC_PolicyOR) &&
	       !tpk_tree_uses(tree, TPM_CC_PolicyNV) &&
	       !tpk_tree_uses(tree, TPM_CC_PolicySigned);
}
