// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy as it goes into a report: text that can be read again, with what is
 * known beside it as comments.
 */
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alternatives.h"
#include "ctl.h"
#include "describe.h"
#include "names.h"
#include "object.h"
#include "print.h"
#include "report.h"
#include "signer.h"

#define DESCRIPTION	"pcrs="

/**
 * sealed_start() - take the values that a blob tells
 * @sealed: result
 * @description: [4] of the blob, may be empty
 */
void sealed_start(struct sealed *sealed, struct tpm2_bytes description)
{
	size_t len = strlen(DESCRIPTION);

	memset(sealed, 0, sizeof(*sealed));
	if (description.len > len && !memcmp(description.data, DESCRIPTION, len))
		sealed->text = tpm2_bytes(description.data + len, description.len - len);
}

/**
 * sealed_find() - the values that a PolicyPCR wants
 * @sealed: what the blob says
 * @tree: the policy
 * @n: a PolicyPCR of it
 *
 * Return: values that lead to the digest of the statement; NULL if there are none.
 */
const struct tpk_pcrs *sealed_find(struct sealed *sealed, const struct tpk_tree *tree,
				   const struct tpk_node *n)
{
	struct tpk_alternatives alts;
	struct tpk_assertion a;
	u8 digest[TPM2_MAX_DIGEST];
	const char *what;

	tpk_node_decode(tree, n, &a);
	if (!sealed || !sealed->text.len || a.code != TPM_CC_PolicyPCR ||
	    tpk_alternatives_parse(sealed->text, &alts, &sealed->pcrs, &what))
		return NULL;
	while (tpk_alternatives_next(&alts, &sealed->pcrs)) {
		if (tpk_pcrs_selection_digest(&sealed->pcrs, a.pcr.selection, tree->hash, digest))
			continue;
		if (tpm2_bytes_equal(a.pcr.digest,
				     tpm2_bytes(digest, tpm2_digest_size(tree->hash))))
			return &sealed->pcrs;
	}
	return NULL;
}

static void describe_value(const struct tpk_bank *bank, unsigned int pcr)
{
	struct tpm2_bytes value = tpm2_bytes(bank->value[pcr], tpm2_digest_size(bank->alg));
	char digits[2 * TPM2_MAX_DIGEST + 1];
	size_t i;

	for (i = 0; i < value.len; i++)
		sprintf(digits + 2 * i, "%02x", value.data[i]);
	report_enter(NULL, NULL);
	report_text("bank", NULL, "%s", tpk_bank_name(bank->alg));
	report_number("pcr", NULL, pcr);
	report_text("name", NULL, "%s", name_of_pcr(pcr));
	report_text("value", NULL, "%s", digits);
	report_line("    # %s:%u %s %s", tpk_bank_name(bank->alg), pcr, name_of_pcr(pcr), digits);
	report_leave();
}

/* The values of those PCRs that the statement selects, not of all that are told. */
static void describe_values(const struct tpk_pcrs *sealed, struct tpm2_bytes selection)
{
	struct tpk_pcrs *mine = ctl_alloc(sizeof(*mine));
	unsigned int i, pcr;

	tpk_pcrs_add_selection(mine, selection);
	tpk_pcrs_fill(mine, sealed);
	report_enter_list("sealed", NULL);
	for (i = 0; i < mine->nr; i++)
		for (pcr = 0; pcr < TPM2_PCRS; pcr++)
			if (mine->bank[i].known & 1U << pcr)
				describe_value(&mine->bank[i], pcr);
	report_leave();
	free(mine);
}

static void describe_key(struct tpm2_bytes key, const char *member)
{
	u8 name[TPM2_MAX_NAME];
	int len = tpk_public_name(key, name);

	if (len > 0)
		report_hex(member, "    # its Name is", tpm2_bytes(name, len));
}

/**
 * describe_statement() - report what is known of a statement
 * @tree: the policy
 * @n: a node of it, not a PolicyOR
 * @sealed: values that the blob tells; NULL: none
 */
void describe_statement(const struct tpk_tree *tree, const struct tpk_node *n,
			struct sealed *sealed)
{
	char *text = ctl_alloc(PRINT_SIZE + 1);
	struct tpm2_writer w = tpm2_writer(text, PRINT_SIZE);
	const struct tpk_pcrs *values = sealed_find(sealed, tree, n);
	struct tpk_assertion a;

	print_statement(tree, n, &w);
	text[w.len] = '\0';
	report_text("statement", NULL, "%s", name_of(name_statements, n->code) ?: "?");
	report_text("text", "", "%s", text);
	free(text);

	tpk_node_decode(tree, n, &a);
	if (values)
		describe_values(values, a.pcr.selection);
	if (a.code == TPM_CC_PolicyAuthorize)
		describe_key(a.authorize.key, "key_name");
	if (a.code == TPM_CC_PolicySigned && a.signer.key.len)
		describe_key(a.signer.key, "key_name");
}

/**
 * describe_signature() - report how a signed policy is signed
 * @tree: the policy
 * @n: a node of it; nothing is reported unless it is a PolicyAuthorize with a
 *	signature
 */
void describe_signature(const struct tpk_tree *tree, const struct tpk_node *n)
{
	struct tpk_signature sig;
	struct tpk_assertion a;
	struct tpm2_reader r;
	const char *what;

	tpk_node_decode(tree, n, &a);
	if (a.code != TPM_CC_PolicyAuthorize)
		return;
	r = tpm2_reader(a.authorize.signature.data, a.authorize.signature.len);
	if (!a.authorize.signature.len || tpk_signature_get(&r, &sig, &what))
		return;
	report_text("signature", "    # signed with", "%s %s",
		    sig.alg == TPM_ALG_ID_ECDSA ? "ecdsa" : "rsassa", tpk_bank_name(sig.hash));
}

static void describe_or(const struct tpk_tree *tree, const struct tpk_node *n,
			struct sealed *sealed)
{
	unsigned int i;

	report_text("statement", NULL, "or");
	report_enter_list("alternatives", NULL);
	for (i = n->first; i; i = tree->branch[i].next) {
		report_enter_list(NULL, i == n->first ? "or {" : "} {");
		describe_branch(tree, i, sealed);
		report_leave();
	}
	report_leave();
	report_line("}");
}

/**
 * describe_branch() - report the statements of a branch, and all below it
 * @tree: the policy
 * @branch: the branch
 * @sealed: values that the blob tells; NULL: none
 *
 * A list must be open in the report.  Calls itself, TPK_MAX_LEVELS deep.
 */
void describe_branch(const struct tpk_tree *tree, unsigned int branch,
		     struct sealed *sealed)
{
	const struct tpk_branch *b = &tree->branch[branch];
	unsigned int i;

	for (i = b->first; i < b->end; i = tree->node[i].end) {
		report_enter(NULL, NULL);
		if (tree->node[i].code == TPM_CC_PolicyOR) {
			describe_or(tree, &tree->node[i], sealed);
		} else {
			describe_statement(tree, &tree->node[i], sealed);
			describe_signature(tree, &tree->node[i]);
		}
		report_leave();
	}
}
