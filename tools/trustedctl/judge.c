// SPDX-License-Identifier: GPL-2.0-only
/*
 * Going through a policy as the kernel would, but without a session: what the
 * kernel's own code cannot tell is looked up, and the TPM is not asked to judge.
 */
#include <errno.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "compare.h"
#include "judge.h"
#include "names.h"
#include "verify.h"

static void decide(struct judgement *j, enum judge_verdict verdict, const char *format, ...)
	__printf(3, 4);

static void decide(struct judgement *j, enum judge_verdict verdict, const char *format, ...)
{
	va_list args;

	j->verdict = verdict;
	va_start(args, format);
	vsnprintf(j->why, sizeof(j->why), format, args);
	va_end(args);
}

/**
 * judge_read_pcrs() - read the PCRs that any statement names
 * @j: has its policy and TPM
 *
 * Return: 0 or -errno of esys_read_pcrs().
 */
int judge_read_pcrs(struct judge *j)
{
	struct tpk_assertion a;
	unsigned int i;

	memset(&j->pcrs, 0, sizeof(j->pcrs));
	for (i = 0; i < j->tree->nr_nodes; i++) {
		if (j->tree->node[i].code != TPM_CC_PolicyPCR)
			continue;
		tpk_node_decode(j->tree, &j->tree->node[i], &a);
		tpk_pcrs_add_selection(&j->pcrs, a.pcr.selection);
	}
	j->facts.pcrs = &j->pcrs;
	return j->pcrs.nr ? esys_read_pcrs(j->tpm, &j->pcrs) : 0;
}

/* The names of PCRs that are missing, or that differ: " sha256:7 (...)". */
static void append_pcr(char *text, size_t size, u16 bank, unsigned int pcr)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, " %s:%u (%s)", tpk_bank_name(bank), pcr,
		 name_of_pcr(pcr));
}

static bool lists_missing(const struct judge *j, struct tpm2_bytes selection, char *text,
			  size_t size)
{
	struct tpk_pcrs pcrs = {};
	unsigned int i, pcr;

	tpk_pcrs_add_selection(&pcrs, selection);
	tpk_pcrs_fill(&pcrs, &j->pcrs);
	for (i = 0; i < pcrs.nr; i++)
		for (pcr = 0; pcr < TPM2_PCRS; pcr++)
			if (pcrs.bank[i].selected & ~pcrs.bank[i].known & 1U << pcr)
				append_pcr(text, size, pcrs.bank[i].alg, pcr);
	return *text;
}

static void list_differing(struct judge *j, const struct tpk_node *n,
			   struct tpm2_bytes selection, char *text, size_t size)
{
	const struct tpk_pcrs *sealed = sealed_find(&j->sealed, j->tree, n);
	struct tpk_pcrs want = {}, now;
	unsigned int i, pcr;

	if (!sealed)
		return;
	tpk_pcrs_add_selection(&want, selection);
	now = want;
	tpk_pcrs_fill(&want, sealed);
	tpk_pcrs_fill(&now, &j->pcrs);
	for (i = 0; i < want.nr; i++)
		for (pcr = 0; pcr < TPM2_PCRS; pcr++)
			if (want.bank[i].known & now.bank[i].known & 1U << pcr &&
			    memcmp(want.bank[i].value[pcr], now.bank[i].value[pcr],
				   tpm2_digest_size(want.bank[i].alg)))
				append_pcr(text, size, want.bank[i].alg, pcr);
}

static void explain_pcr(struct judge *j, struct judgement *to)
{
	char text[JUDGE_WHY - 64] = "";
	struct tpk_assertion a;

	tpk_node_decode(j->tree, to->node, &a);
	if (to->verdict == VERDICT_HOLDS)
		return;
	if (!a.pcr.digest.len) {
		decide(to, VERDICT_HOLDS, "whatever the values are");
		return;
	}
	if (lists_missing(j, a.pcr.selection, text, sizeof(text))) {
		decide(to, VERDICT_FAILS, "the TPM does not have%s", text);
		return;
	}
	if (to->verdict != VERDICT_FAILS) {
		decide(to, VERDICT_UNKNOWN, "these PCRs are not known here");
		return;
	}
	list_differing(j, to->node, a.pcr.selection, text, sizeof(text));
	if (*text)
		decide(to, VERDICT_FAILS, "not what it was sealed to:%s", text);
	else
		decide(to, VERDICT_FAILS, "the PCRs have other values; the blob does not say which they had");
}

/* 0; or -errno, and then the judgement says why. */
static int compare_names(struct judge *j, struct judgement *to, u32 handle,
			 struct tpm2_bytes wanted)
{
	u8 name[TPM2_MAX_NAME];
	size_t len;
	int err = esys_read_name(j->tpm, handle, name, &len);

	if (err == -ENOENT)
		decide(to, VERDICT_FAILS, "%s", j->tpm->why);
	else if (err)
		j->err = err;
	else if (!tpm2_bytes_equal(wanted, tpm2_bytes(name, len)))
		decide(to, VERDICT_FAILS, "0x%08x has another Name now: made anew, never written, or locked",
		       handle);
	else
		return 0;
	return -EINVAL;
}

static void compare(struct judgement *to, const struct tpk_compare_statement *c,
		    const u8 *now)
{
	char text[COMPARE_TEXT];
	bool holds = compare_holds(c->operation, tpm2_bytes(now, c->operand.len), c->operand);

	compare_format(tpm2_bytes(now, c->operand.len), text);
	decide(to, holds ? VERDICT_HOLDS : VERDICT_FAILS, "is %s", text);
}

static void judge_nv(struct judge *j, struct judgement *to,
		     const struct tpk_compare_statement *c)
{
	u8 now[ESYS_MAX_NV];
	int err;

	if (compare_names(j, to, c->index, c->name))
		return;
	err = esys_read_nv(j->tpm, c->index, c->auth, c->offset, now, c->operand.len);
	if (err == -ENODEV || err == -EIO)
		j->err = err;
	else if (err)
		decide(to, VERDICT_UNKNOWN, "%s", j->tpm->why);
	else
		compare(to, c, now);
}

static void judge_time(struct judge *j, struct judgement *to,
		       const struct tpk_compare_statement *c)
{
	u8 now[ESYS_TIME_INFO_SIZE];

	j->err = esys_read_time(j->tpm, now);
	if (!j->err)
		compare(to, c, now + c->offset);
}

static void judge_secret(struct judge *j, struct judgement *to,
			 const struct tpk_secret_statement *s)
{
	if (TPM_HT(s->entity) != TPM_HT_PERMANENT && compare_names(j, to, s->entity, s->name))
		return;
	decide(to, VERDICT_UNKNOWN, "if its authorization is empty, or secretauth= is right");
}

/* @message is what the signature must be of; empty if that depends on more. */
static void judge_authorize(struct judgement *to, const struct tpk_authorize_statement *a,
			    struct tpm2_bytes message)
{
	if (!a->signature.len)
		decide(to, VERDICT_FAILS, "no signed policy by this key fits; give authpolicy=");
	else if (!message.len)
		decide(to, VERDICT_UNKNOWN, "the signature is of a policy that cannot be computed here");
	else if (verify_signature(a->key, a->signature, message))
		decide(to, VERDICT_HOLDS, "the signature is valid");
	else
		decide(to, VERDICT_FAILS, "the signature is not of this policy with these PCRs");
}

static void judge_by_kernel(struct judge *j, struct judgement *to)
{
	u32 cost = tpk_choice_cost(j->tree, to->node, &j->facts);

	decide(to, !cost ? VERDICT_HOLDS : cost < TPK_COST_FAILS ?
	       VERDICT_UNKNOWN : VERDICT_FAILS, "%s", "");
}

static void judge_statement(struct judge *j, struct judgement *to, struct tpm2_bytes message)
{
	struct tpk_assertion a;

	judge_by_kernel(j, to);
	tpk_node_decode(j->tree, to->node, &a);
	switch (a.code) {
	case TPM_CC_PolicyPCR:
		explain_pcr(j, to);
		break;
	case TPM_CC_PolicyAuthValue:
		if (!j->empty_auth)
			decide(to, VERDICT_UNKNOWN, "if blobauth= is right");
		break;
	case TPM_CC_PolicyLocality:
		if (to->verdict == VERDICT_FAILS)
			decide(to, VERDICT_FAILS, "the kernel's commands come from locality 0");
		break;
	case TPM_CC_PolicySigned:
		decide(to, VERDICT_UNKNOWN, "if somebody signs (signfd=)");
		break;
	case TPM_CC_PolicyNV:
		judge_nv(j, to, &a.compare);
		break;
	case TPM_CC_PolicyCounterTimer:
		judge_time(j, to, &a.compare);
		break;
	case TPM_CC_PolicySecret:
		judge_secret(j, to, &a.secret);
		break;
	case TPM_CC_PolicyAuthorize:
		judge_authorize(to, &a.authorize, message);
		break;
	}
}

static void judge_or(struct judge *j, struct judgement *to)
{
	unsigned int i, nr = 0, chosen = 0;

	for (i = to->node->first; i; i = j->tree->branch[i].next) {
		nr++;
		if (i == to->node->chosen)
			chosen = nr;
	}
	decide(to, VERDICT_HOLDS, "alternative %u of %u", chosen, nr);
}

/* The way that was chosen; its first statement that fails, or NULL. */
static const struct judgement *walk(struct judge *j)
{
	const struct judgement *failed = NULL;
	const struct tpk_node *n;
	struct tpk_policy_step step;
	struct tpk_path path;
	int more = 1;

	j->nr = 0;
	tpk_path_start(&path, j->tree);
	tpk_program_start(&j->program, j->tree);
	while (!j->err && (n = tpk_path_next(&path))) {
		struct judgement *to = &j->of[j->nr++];

		if (more > 0)
			more = tpk_program_next(&j->program, &step);
		if (more <= 0)
			memset(&step, 0, sizeof(step));
		*to = (struct judgement){ .node = n };
		if (n->code == TPM_CC_PolicyOR)
			judge_or(j, to);
		else
			judge_statement(j, to, step.message);
		if (to->verdict == VERDICT_FAILS && !failed)
			failed = to;
	}
	return failed;
}

/**
 * judge_run() - find the way that opens the key, or what is in its way
 * @j: has its policy and the PCRs; gets the rest
 *
 * An alternative that only a look at the TPM could rule out is rejected, as if
 * the TPM had, and the next one is tried; each at most once.
 *
 * Return: 0; -errno if the TPM does not answer.
 */
int judge_run(struct judge *j)
{
	const struct judgement *failed;
	int err;

	do {
		err = tpk_choice_make(j->tree, &j->facts, &j->obstacle);
		failed = walk(j);
		if (j->err)
			return j->err;
		if (err || !failed)
			break;
		if (j->reason.verdict != VERDICT_FAILS)
			j->reason = *failed;
	} while (tpk_choice_reject(j->tree, failed->node->branch));
	if (!err)
		j->obstacle.what = NULL;
	if (err && failed && j->reason.verdict != VERDICT_FAILS)
		j->reason = *failed;
	return 0;
}

/**
 * judge_opens() - would the key open?
 * @j: the policy, after judge_run()
 * @certain: result: nothing depends on what cannot be told from here
 *
 * Return: true if so.
 */
bool judge_opens(const struct judge *j, bool *certain)
{
	unsigned int i;

	*certain = true;
	if (j->obstacle.what)
		return false;
	for (i = 0; i < j->nr; i++) {
		if (j->of[i].verdict == VERDICT_FAILS)
			return false;
		*certain &= j->of[i].verdict == VERDICT_HOLDS;
	}
	return true;
}
