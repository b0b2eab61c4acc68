// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statements of a policy become commands of a TPM.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "program.h"

static struct tpm2_bytes digest_of(const struct tpk_tree *tree, unsigned int i)
{
	return tpm2_bytes(tree->branch[i].digest, tpm2_digest_size(tree->hash));
}

/* Part 3, 23.6: a TPML_DIGEST of all alternatives, chosen or not. */
static int put_or(const struct tpk_tree *tree, const struct tpk_node *n,
		  struct tpm2_writer *w)
{
	unsigned int i, nr = 0;

	for (i = n->first; i; i = tree->branch[i].next) {
		if (tree->branch[i].unknown)
			return -ENODATA;
		nr++;
	}
	tpm2_put_u32(w, nr);
	for (i = n->first; i; i = tree->branch[i].next)
		tpm2_put_sized(w, digest_of(tree, i));
	return 0;
}

/* Part 3, 23.4: no nonceTPM, no cpHashA, policyRef, no expiration. */
static void put_secret(const struct tpk_secret_statement *st,
		       struct tpm2_writer *w)
{
	tpm2_put_u16(w, 0);
	tpm2_put_u16(w, 0);
	tpm2_put_sized(w, st->policy_ref);
	tpm2_put_u32(w, 0);
}

static void put_comparison(const struct tpk_compare_statement *st,
			   struct tpm2_writer *w)
{
	tpm2_put_sized(w, st->operand);
	tpm2_put_u16(w, st->offset);
	tpm2_put_u16(w, st->operation);
}

/* What was signed is hashed with the key's nameAlg, the first of its Name. */
static int make_message(struct tpk_program *p, struct tpk_policy_step *step,
			struct tpm2_bytes approved)
{
	u16 hash = get_unaligned_be16(step->name.data);
	struct tpm2_bytes parts[] = { approved, step->a.authorize.policy_ref };

	step->message = tpm2_bytes(p->message, tpm2_digest_size(hash));
	return tpm2_digest(hash, parts, 2, p->message);
}

/* Part 3, 23.16; the ticket comes behind it. */
static int put_authorize(struct tpk_program *p, struct tpk_policy_step *step,
			 struct tpm2_writer *w)
{
	const struct tpk_tree *tree = p->path.tree;
	struct tpm2_bytes approved = digest_of(tree, step->branch);

	if (!step->a.authorize.signature.len ||
	    tree->branch[step->branch].unknown)
		return -ENODATA;
	tpm2_put_sized(w, approved);
	tpm2_put_sized(w, step->a.authorize.policy_ref);
	tpm2_put_sized(w, step->name);
	return make_message(p, step, approved);
}

static int put_params(struct tpk_program *p, const struct tpk_node *n,
		      struct tpk_policy_step *step, struct tpm2_writer *w)
{
	const struct tpk_assertion *a = &step->a;

	switch (step->code) {
	case TPM_CC_PolicyOR:
		return put_or(p->path.tree, n, w);
	case TPM_CC_PolicyPCR:
		tpm2_put_sized(w, a->pcr.digest);
		tpm2_put_bytes(w, a->pcr.selection);
		return 0;
	case TPM_CC_PolicyLocality:
		tpm2_put_u8(w, a->locality);
		return 0;
	case TPM_CC_PolicyCounterTimer:
	case TPM_CC_PolicyNV:
		put_comparison(&a->compare, w);
		return 0;
	case TPM_CC_PolicySecret:
		put_secret(&a->secret, w);
		return 0;
	case TPM_CC_PolicyAuthorize:
		return put_authorize(p, step, w);
	default:
		return 0;
	}
}

void tpk_program_start(struct tpk_program *p, const struct tpk_tree *tree)
{
	tpk_path_start(&p->path, tree);
}

int tpk_program_next(struct tpk_program *p, struct tpk_policy_step *step)
{
	struct tpm2_writer w = tpm2_writer(p->params, sizeof(p->params));
	const struct tpk_node *n = tpk_path_next(&p->path);
	int err;

	memset(step, 0, sizeof(*step));
	if (!n)
		return 0;
	step->code = n->code;
	step->branch = n->code == TPM_CC_PolicyOR ? n->chosen : n->branch;
	if (n->code == TPM_CC_PolicyOR && !n->chosen)
		return -ENODATA;
	if (n->code != TPM_CC_PolicyOR)
		tpk_node_decode(p->path.tree, n, &step->a);
	err = tpk_assertion_name(&step->a, p->name, &step->name);
	if (!err)
		err = put_params(p, n, step, &w);
	step->params = tpm2_written(&w);
	return err ?: 1;
}

bool tpk_program_needs_auth(const struct tpk_tree *tree)
{
	const struct tpk_node *n;
	struct tpk_path path;

	tpk_path_start(&path, tree);
	while ((n = tpk_path_next(&path)))
		if (n->code == TPM_CC_PolicyAuthValue)
			return true;
	return false;
}
