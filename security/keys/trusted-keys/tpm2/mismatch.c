// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which PCRs are not what they were when a key was sealed?
 *
 * The blob's description says what they were.  Anyone can have written it, so it
 * counts only if its values lead to the digest that the policy demands.
 */
#include <linux/slab.h>
#include <linux/tpm2_hash.h>

#include "compose.h"
#include "unseal.h"

/* Octets of a PCR value that are logged: enough to tell values apart. */
#define SHOWN	8

static bool same_value(const struct tpk_bank *a, const struct tpk_bank *b,
		       unsigned int pcr)
{
	return !memcmp(a->value[pcr], b->value[pcr],
		       tpm2_digest_size(a->alg));
}

static void log_bank(const struct tpk_bank *sealed, const struct tpk_bank *now)
{
	u32 comparable = sealed->known & now->known;
	unsigned int pcr;

	for (pcr = 0; pcr < TPM2_PCRS; pcr++) {
		if (!(comparable & BIT(pcr)) || same_value(sealed, now, pcr))
			continue;
		tpk_notice("PCR %s:%u is %*phN..., but the key was sealed to %*phN...",
			   tpk_bank_name(sealed->alg), pcr, SHOWN, now->value[pcr],
			   SHOWN, sealed->value[pcr]);
	}
}

static void log_all(const struct tpk_pcrs *sealed, const struct tpk_pcrs *now)
{
	unsigned int i, j;

	for (i = 0; i < sealed->nr; i++) {
		for (j = 0; j < now->nr; j++) {
			if (now->bank[j].alg == sealed->bank[i].alg)
				log_bank(&sealed->bank[i], &now->bank[j]);
		}
	}
}

/* The present values of all PCRs for which an alternative has one. */
static int read_now(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    struct tpk_plan *plan, const struct tpk_alternatives *alts)
{
	struct tpk_alternatives left = *alts;
	unsigned int i;

	memset(&plan->now, 0, sizeof(plan->now));
	while (tpk_alternatives_next(&left, &plan->room))
		tpk_pcrs_add(&plan->now, &plan->room, true);
	for (i = 0; i < plan->now.nr; i++)
		plan->now.bank[i].known = 0;
	return tpk_pcr_read(tpm, s, &plan->now, false);
}

/* Of several alternatives, the closest one is what was meant. */
static void compare(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    struct tpk_plan *plan, const struct tpk_alternatives *alts)
{
	struct tpk_pcrs *closest = kzalloc(sizeof(*closest), GFP_KERNEL);

	if (!closest)
		return;
	if (!read_now(tpm, s, plan, alts)) {
		tpk_alternatives_closest(alts, &plan->now, closest, &plan->room);
		log_all(closest, &plan->now);
	}
	kfree(closest);
}

/* The digest of a PolicyPCR, which may be in either encoding. */
static bool is_pcr_policy(struct unseal *u, const struct tpk_statement *made)
{
	u16 hash = u->public.name_alg;
	struct tpk_pcr_statement a, b;
	unsigned int i;

	if (tpk_pcr_statement_decode(made->body, hash, &a))
		return false;
	for (i = 0; i < u->kf.policy.nr; i++) {
		const struct tpk_statement *st = &u->kf.policy.statement[i];

		if (st->code == TPM_CC_PolicyPCR &&
		    !tpk_pcr_statement_decode(st->body, hash, &b) &&
		    tpm2_bytes_equal(a.digest, b.digest))
			return true;
	}
	return false;
}

static bool is_or_policy(const struct unseal *u, const struct tpk_statement *made)
{
	unsigned int i;

	for (i = 0; i < u->kf.policy.nr; i++) {
		if (u->kf.policy.statement[i].code == TPM_CC_PolicyOR &&
		    tpm2_bytes_equal(u->kf.policy.statement[i].body, made->body))
			return true;
	}
	return false;
}

/* Reads "pcrs=..." and makes of it what must be in the policy. */
static bool parse_description(struct unseal *u, struct tpk_alternatives *alts)
{
	struct tpk_plan *plan = &u->plan;
	struct tpm2_writer w = tpm2_writer(plan->body, sizeof(plan->body));
	struct tpm2_bytes text = u->kf.description;
	const char *what;

	if (text.len < 5 || memcmp(text.data, "pcrs=", 5))
		return false;
	text = tpm2_bytes(text.data + 5, text.len - 5);
	memset(&plan->now, 0, sizeof(plan->now));
	plan->policy.nr = 0;
	if (tpk_alternatives_parse(text, alts, &plan->room, &what) ||
	    tpk_compose_pcrs(&plan->policy, alts, &plan->now, u->public.name_alg,
			     &plan->room, &w))
		return false;
	return alts->nr == 1 ? is_pcr_policy(u, &plan->policy.statement[0]) :
			       is_or_policy(u, &plan->policy.statement[0]);
}

/**
 * tpk_mismatch_report() - name the PCRs that keep a blob from being opened
 * @tpm: the TPM, in a transaction
 * @s: memory of the request
 * @u: the blob; its plan is over, and overwritten
 */
void tpk_mismatch_report(struct tpk_tpm *tpm, struct tpk_scratch *s,
			 struct unseal *u)
{
	struct tpk_alternatives alts = u->o->alternatives;

	if (alts.nr || parse_description(u, &alts))
		compare(tpm, s, &u->plan, &alts);
	else if (tpk_tree_uses(&u->plan.tree, TPM_CC_PolicyPCR))
		tpk_notice("the blob does not say which values its PCRs had; compare tpm2_pcrread with what it was sealed to");
}
