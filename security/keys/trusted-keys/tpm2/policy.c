// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which policies can be run here, and the digests that they come to.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * A policy is a list of statements, all of which must hold.  Each extends the
 * digest of the session (Part 1, 19.7):
 *
 *	PolicyPCR	H(old || CC || TPML_PCR_SELECTION || pcrDigest)
 *	PolicyAuthValue	H(old || CC)
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "policy.h"

/* More than any TPM has: banks of one selection, octets of one bitmap. */
#define MAX_SELECTIONS	16
#define MAX_SELECT_SIZE	4

/* A TPML_PCR_SELECTION; at least one bank, which the encodings rely on. */
static struct tpm2_bytes get_selection(struct tpm2_reader *r)
{
	const u8 *start = r->at;
	u32 nr = tpm2_get_u32(r);

	if (!nr || nr > MAX_SELECTIONS)
		r->bad = true;
	while (!r->bad && nr--) {
		struct tpm2_bytes bitmap;

		tpm2_get_u16(r);
		bitmap = tpm2_get_bytes(r, tpm2_get_u8(r));
		if (!bitmap.len || bitmap.len > MAX_SELECT_SIZE)
			r->bad = true;
	}
	return tpm2_bytes(r->bad ? NULL : start, r->bad ? 0 : r->at - start);
}

/* TPM2B_DIGEST, often empty, then TPML_PCR_SELECTION: GRUB, pcr-oracle. */
static bool decode_sized(struct tpm2_bytes body, unsigned int size,
			 struct tpk_pcr_statement *st)
{
	struct tpm2_reader r = tpm2_reader(body.data, body.len);

	st->digest = tpm2_get_sized(&r);
	st->selection = get_selection(&r);
	return tpm2_done(&r) && (!st->digest.len || st->digest.len == size);
}

/* TPML_PCR_SELECTION, then the digest to the end: the draft's own code. */
static bool decode_unsized(struct tpm2_bytes body, unsigned int size,
			   struct tpk_pcr_statement *st)
{
	struct tpm2_reader r = tpm2_reader(body.data, body.len);

	st->selection = get_selection(&r);
	st->digest = tpm2_get_bytes(&r, size);
	return tpm2_done(&r) && size;
}

/*
 * No body is both: the one form begins with a u32 count of 1 to 16.  Read as
 * the other, that is an empty digest and a count above 65535; and the reverse,
 * a count of 0, or above 65535.
 */
int tpk_pcr_statement_decode(struct tpm2_bytes body, u16 hash,
			     struct tpk_pcr_statement *st)
{
	unsigned int size = tpm2_digest_size(hash);

	if (decode_sized(body, size, st) || decode_unsized(body, size, st))
		return 0;
	memset(st, 0, sizeof(*st));
	return -EBADMSG;
}

static const char *unsupported(u32 code)
{
	switch (code) {
	case TPM_CC_PolicyAuthorize:
		return "policy: PolicyAuthorize is not supported";
	case TPM_CC_PolicyCounterTimer:
		return "policy: PolicyCounterTimer is not supported";
	case TPM_CC_PolicyLocality:
		return "policy: PolicyLocality is not supported";
	case TPM_CC_PolicyNV:
		return "policy: PolicyNV is not supported";
	case TPM_CC_PolicyOR:
		return "policy: PolicyOR is not supported";
	case TPM_CC_PolicySecret:
		return "policy: PolicySecret is not supported";
	case TPM_CC_PolicySigned:
		return "policy: PolicySigned is not supported";
	default:
		return "policy: statement is not supported";
	}
}

static int check_statement(const struct tpk_statement *st, u16 hash,
			   const char **what)
{
	struct tpk_pcr_statement pcr;

	switch (st->code) {
	case TPM_CC_PolicyPCR:
		*what = "policy: malformed PolicyPCR";
		return tpk_pcr_statement_decode(st->body, hash, &pcr);
	case TPM_CC_PolicyAuthValue:
		*what = "policy: PolicyAuthValue with a body";
		return st->body.len ? -EBADMSG : 0;
	default:
		*what = unsupported(st->code);
		return -EOPNOTSUPP;
	}
}

int tpk_policy_check(const struct tpk_policy *policy, u16 hash,
		     const char **what)
{
	unsigned int i;
	int err = 0;

	if (!tpm2_digest_size(hash)) {
		*what = "policy: hash is not supported";
		return -EOPNOTSUPP;
	}
	for (i = 0; !err && i < policy->nr; i++)
		err = check_statement(&policy->statement[i], hash, what);
	return err;
}

/* @digest = H(@digest || @code || @a || @b) */
static int extend(u8 *digest, u16 hash, u32 code, struct tpm2_bytes a,
		  struct tpm2_bytes b)
{
	u8 cc[4];
	const struct tpm2_bytes parts[] = {
		tpm2_bytes(digest, tpm2_digest_size(hash)),
		tpm2_bytes(cc, sizeof(cc)), a, b,
	};

	put_unaligned_be32(code, cc);
	return tpm2_digest(hash, parts, 4, digest);
}

static int extend_pcr(u8 *digest, u16 hash, struct tpm2_bytes body)
{
	struct tpk_pcr_statement st;
	int err = tpk_pcr_statement_decode(body, hash, &st);

	if (err)
		return err;
	if (!st.digest.len)
		return -ENODATA;
	return extend(digest, hash, TPM_CC_PolicyPCR, st.selection, st.digest);
}

static int extend_statement(u8 *digest, u16 hash,
			    const struct tpk_statement *st)
{
	const struct tpm2_bytes none = {};

	switch (st->code) {
	case TPM_CC_PolicyPCR:
		return extend_pcr(digest, hash, st->body);
	case TPM_CC_PolicyAuthValue:
		return st->body.len ? -EBADMSG : extend(digest, hash, st->code, none, none);
	default:
		return -EOPNOTSUPP;
	}
}

int tpk_policy_digest(const struct tpk_policy *policy, u16 hash, u8 *out)
{
	unsigned int size = tpm2_digest_size(hash);
	unsigned int i;
	int err = 0;

	if (!size)
		return -EOPNOTSUPP;
	memset(out, 0, size);
	for (i = 0; !err && i < policy->nr; i++)
		err = extend_statement(out, hash, &policy->statement[i]);
	return err;
}

bool tpk_policy_needs_auth(const struct tpk_policy *policy)
{
	unsigned int i;

	for (i = 0; i < policy->nr; i++)
		if (policy->statement[i].code == TPM_CC_PolicyAuthValue)
			return true;
	return false;
}

static void add_statement(struct tpk_policy *policy, u32 code,
			  struct tpm2_bytes body)
{
	policy->statement[policy->nr++] = (struct tpk_statement){
		.code = code,
		.body = body,
	};
}

int tpk_policy_from_pcrs(struct tpk_policy *policy, struct tpk_pcrs *pcrs,
			 bool auth, u16 hash, u8 *body)
{
	struct tpm2_writer w = tpm2_writer(body, TPK_PCR_BODY_SIZE);
	u8 *digest;
	int err;

	policy->nr = 0;
	tpk_pcrs_put_selection(pcrs, &w);
	digest = tpm2_reserve(&w, tpm2_digest_size(hash));
	if (!digest)
		return -EOPNOTSUPP;
	err = tpk_pcrs_digest(pcrs, hash, digest);
	if (err)
		return err;
	add_statement(policy, TPM_CC_PolicyPCR, tpm2_written(&w));
	if (auth)
		add_statement(policy, TPM_CC_PolicyAuthValue,
			      tpm2_bytes(NULL, 0));
	return 0;
}
