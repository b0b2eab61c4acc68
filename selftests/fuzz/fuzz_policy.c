// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: policies with alternatives and signed policies.
 *
 * Input: an octet that says which hash and what is known, two octets of length,
 * so many octets of a SEQUENCE OF TPMPolicy, then TPMAuthPolicies.
 *
 * What is accepted must keep to the bounds and be written as it was read.  A
 * choice leads to steps that end, and there are only so many choices.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "program.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static struct tpk_tree tree;
static struct tpk_pcrs pcrs;
static struct tpk_program program;

static u16 choose_hash(u8 octet)
{
	static const u16 hashes[] = {
		TPM_ALG_ID_SHA1, TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA384,
		TPM_ALG_ID_SHA512,
	};

	return hashes[octet & 3];
}

static void must_come_back(const struct tpk_policy *policy, struct tpm2_bytes der)
{
	u8 *again = malloc(der.len);
	struct tpm2_writer w = tpm2_writer(again, der.len);

	tpk_policy_put(&w, policy);
	assert(tpm2_bytes_equal(tpm2_written(&w), der));
	free(again);
}

/* A PolicyPCR with a digest has two forms, of which one is written. */
static void body_must_come_back(const struct tpk_node *n)
{
	u8 *again = malloc(n->body.len + 1);
	struct tpm2_writer w = tpm2_writer(again, n->body.len + 1);
	struct tpk_assertion a;

	tpk_node_decode(&tree, n, &a);
	assert(a.code == n->code);
	tpk_assertion_put(&w, &a);
	assert(!w.full);
	if (n->code != TPM_CC_PolicyPCR || w.len == n->body.len)
		assert(tpm2_bytes_equal(tpm2_written(&w), n->body));
	else
		assert(w.len + 2 == n->body.len);
	free(again);
}

static void check_tree(void)
{
	unsigned int i;

	assert(tree.nr_nodes <= TPK_MAX_NODES);
	assert(tree.nr_branches && tree.nr_branches <= TPK_MAX_BRANCHES);
	assert(tree.nr_alternatives <= TPK_MAX_ALTERNATIVES);
	for (i = 0; i < tree.nr_branches; i++) {
		assert(tree.branch[i].first <= tree.branch[i].end);
		assert(tree.branch[i].end <= tree.nr_nodes);
		assert(!tree.branch[i].next || tree.branch[i].next > i);
	}
	for (i = 0; i < tree.nr_nodes; i++) {
		assert(tree.node[i].end > i && tree.node[i].end <= tree.nr_nodes);
		assert(tree.node[i].branch < tree.nr_branches);
		if (tree.node[i].code != TPM_CC_PolicyOR)
			body_must_come_back(&tree.node[i]);
	}
}

static void run(void)
{
	struct tpk_policy_step step;
	unsigned int steps = 0;
	int more;

	tpk_program_start(&program, &tree);
	while ((more = tpk_program_next(&program, &step)) > 0) {
		assert(step.branch < tree.nr_branches);
		assert(step.params.len <= TPK_MAX_STEP_PARAMS);
		assert(++steps <= TPK_MAX_NODES);
	}
	assert(!more || more == -ENODATA);
	tpk_program_needs_auth(&tree);
}

/* Until nothing is left that has not been refused. */
static void choose_all(u8 known)
{
	struct tpk_facts facts = {
		.pcrs = &pcrs, .auth_value = known & 4, .signer = known & 8,
	};
	struct tpk_obstacle obstacle;
	struct tpk_policy_step step;
	unsigned int choices, last;

	for (choices = 0; choices <= TPK_MAX_BRANCHES; choices++) {
		int err = tpk_choice_make(&tree, &facts, &obstacle);

		assert(err == obstacle.err);
		assert(!err || err == -EKEYREJECTED || err == -EACCES || err == -ENOKEY);
		assert(!err || (obstacle.what && *obstacle.what));
		run();
		if (err)
			return;
		last = 0;
		tpk_program_start(&program, &tree);
		while (tpk_program_next(&program, &step) > 0)
			last = step.branch ?: last;
		if (!tpk_choice_reject(&tree, last))
			return;
	}
	assert(0);
}

/* Half of the values are those of a TPM that was reset. */
static void read_pcrs(u8 known)
{
	unsigned int i;

	tpk_choice_pcrs(&tree, &pcrs);
	for (i = 0; i < pcrs.nr; i++) {
		if (known & 16 << (i & 1))
			memset(pcrs.bank[i].value, 0, sizeof(pcrs.bank[i].value));
		else
			memset(pcrs.bank[i].value, 0x5a, sizeof(pcrs.bank[i].value));
		pcrs.bank[i].known = pcrs.bank[i].selected;
	}
	if (known & 64)
		pcrs.nr = 0;
}

static void fuzz(struct tpm2_bytes der, struct tpm2_bytes auths, u8 known)
{
	struct tpk_signed_policies s = { .recorded = auths };
	struct tpk_policy policy;
	const char *what = NULL;
	int err;

	err = tpk_policy_decode(der, &policy, &what);
	if (err) {
		assert(err == -EBADMSG && what);
		return;
	}
	must_come_back(&policy, der);
	err = tpk_tree_build(&tree, &policy, &s, choose_hash(known), &what);
	if (err) {
		assert((err == -EBADMSG || err == -EOPNOTSUPP) && what && *what);
		return;
	}
	check_tree();
	run();
	read_pcrs(known);
	choose_all(known);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct tpm2_reader r = tpm2_reader(data, size);
	u8 known = tpm2_get_u8(&r);
	struct tpm2_bytes der = tpm2_get_sized(&r);
	u8 *policy, *auths;
	size_t left = tpm2_left(&r);

	if (r.bad || size > 16384)
		return 0;
	policy = malloc(der.len);
	auths = malloc(left);
	if (der.len)
		memcpy(policy, der.data, der.len);
	if (left)
		memcpy(auths, r.at, left);
	fuzz(tpm2_bytes(policy, der.len), tpm2_bytes(auths, left), known);
	free(policy);
	free(auths);
	return 0;
}
