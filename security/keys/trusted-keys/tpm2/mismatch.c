// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which PCRs are not what they were when a key was sealed?
 *
 * The blob's description says what they were.  Anyone can have written it, so it
 * counts only if its values lead to the digest that the policy demands.
 */
#include <linux/slab.h>
#include <linux/tpm2_hash.h>

#include "policy.h"
#include "tpk.h"

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
	unsigned int pcr;

	for (pcr = 0; pcr < TPM2_PCRS; pcr++) {
		if (!(sealed->selected & BIT(pcr)) ||
		    same_value(sealed, now, pcr))
			continue;
		tpk_notice("PCR %s:%u is %*phN..., but the key was sealed to %*phN...",
			   tpk_bank_name(sealed->alg), pcr, SHOWN, now->value[pcr],
			   SHOWN, sealed->value[pcr]);
	}
}

/**
 * tpk_mismatch_log() - name the PCRs that differ
 * @tpm: the TPM, in a transaction
 * @s: memory of the request
 * @sealed: the PCRs and the values that they should have
 */
void tpk_mismatch_log(struct tpk_tpm *tpm, struct tpk_scratch *s,
		      const struct tpk_pcrs *sealed)
{
	struct tpk_pcrs *now = kmemdup(sealed, sizeof(*sealed), GFP_KERNEL);
	unsigned int i;

	if (!now)
		return;
	for (i = 0; i < now->nr; i++)
		now->bank[i].known = 0;
	if (!tpk_pcr_read(tpm, s, now, false)) {
		for (i = 0; i < now->nr; i++)
			log_bank(&sealed->bank[i], &now->bank[i]);
	}
	kfree(now);
}

/* Reads "pcrs=..." and compares it with the digest in the policy. */
static bool parse_description(const struct tpk_keyfile *kf, u16 hash,
			      struct tpk_pcrs *sealed)
{
	struct tpm2_bytes text = kf->description;
	struct tpk_pcr_statement st;
	u8 digest[TPM2_MAX_DIGEST];
	struct tpm2_bytes expected;
	const char *what;
	unsigned int i;

	if (text.len < 5 || memcmp(text.data, "pcrs=", 5))
		return false;
	text = tpm2_bytes(text.data + 5, text.len - 5);
	if (tpk_pcrs_parse(text, sealed, &what) ||
	    tpk_pcrs_digest(sealed, hash, digest))
		return false;
	expected = tpm2_bytes(digest, tpm2_digest_size(hash));
	for (i = 0; i < kf->policy.nr; i++) {
		const struct tpk_statement *s = &kf->policy.statement[i];

		if (s->code == TPM_CC_PolicyPCR &&
		    !tpk_pcr_statement_decode(s->body, hash, &st) &&
		    tpm2_bytes_equal(st.digest, expected))
			return true;
	}
	return false;
}

/**
 * tpk_mismatch_report() - name the PCRs that keep a blob from being opened
 * @tpm: the TPM, in a transaction
 * @s: memory of the request
 * @kf: the blob
 * @hash: TPM_ALG_ID of its policy
 */
void tpk_mismatch_report(struct tpk_tpm *tpm, struct tpk_scratch *s,
			 const struct tpk_keyfile *kf, u16 hash)
{
	struct tpk_pcrs *sealed = kzalloc(sizeof(*sealed), GFP_KERNEL);

	if (!sealed)
		return;
	if (parse_description(kf, hash, sealed))
		tpk_mismatch_log(tpm, s, sealed);
	else
		tpk_notice("the blob does not say which values its PCRs had; compare tpm2_pcrread with what it was sealed to");
	kfree(sealed);
}
