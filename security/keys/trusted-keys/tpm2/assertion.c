// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy statements: their bodies, and what they make of a digest.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * Each extends the digest of the session (Part 3, 23); PolicyUpdate is Part 1,
 * 19.7.6:
 *
 *	PolicyPCR		H(old || CC || TPML_PCR_SELECTION || pcrDigest)
 *	PolicyAuthValue		H(old || CC)
 *	PolicyLocality		H(old || CC || locality)
 *	PolicyCounterTimer	H(old || CC || H(operandB || offset || operation))
 *	PolicyNV		H(old || CC || H(the same) || Name)
 *	PolicyUpdate		H(H(old || CC || Name) || policyRef)
 *	PolicySecret, PolicySigned	PolicyUpdate
 *	PolicyAuthorize		PolicyUpdate, with old all zeroes
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "assertion.h"
#include "object.h"
#include "signer.h"

/* More than any TPM has: banks of one selection, octets of one bitmap. */
#define MAX_SELECTIONS	16
#define MAX_SELECT_SIZE	4

#define TIME_INFO_SIZE	25	/* Part 2, 10.11.6 TPMS_TIME_INFO */
#define MAX_OPERAND	TPM2_MAX_DIGEST
#define MAX_EXPIRATION	0x7fffffff
#define HANDLE_SIZE	4	/* of a Name that is a handle */

static int bad(const char **what, const char *fault)
{
	*what = fault;
	return -EBADMSG;
}

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

static int decode_pcr(struct tpm2_bytes body, u16 hash, struct tpk_assertion *a,
		      const char **what)
{
	if (tpk_pcr_statement_decode(body, hash, &a->pcr))
		return bad(what, "policy: malformed PolicyPCR");
	return 0;
}

/* policyRef: a TPM2B_NONCE, no longer than any digest. */
static struct tpm2_bytes get_ref(struct tpm2_reader *r)
{
	struct tpm2_bytes ref = tpm2_get_sized(r);

	if (ref.len > TPM2_MAX_DIGEST)
		r->bad = true;
	return ref;
}

static int decode_authorize(struct tpm2_bytes body, struct tpk_assertion *a,
			    const char **what)
{
	struct tpm2_reader r = tpm2_reader(body.data, body.len);
	struct tpk_signature sig;
	const u8 *start;
	int err;

	a->authorize.key = tpm2_get_sized(&r);
	a->authorize.policy_ref = get_ref(&r);
	start = r.at;
	if (r.bad || !a->authorize.key.len)
		return bad(what, "policy: malformed PolicyAuthorize");
	err = tpk_signer_check(a->authorize.key, what);
	if (!err)
		err = tpk_signature_get(&r, &sig, what);
	if (err)
		return err;
	if (!tpm2_done(&r))
		return bad(what, "policy: malformed PolicyAuthorize");
	if (sig.alg == TPM_ALG_ID_NULL)
		start = r.at;
	else if (!tpk_signature_fits(&sig, a->authorize.key))
		return bad(what, "policy: signature's algorithm or hash is not that of the key");
	a->authorize.signature = tpm2_bytes(start, r.at - start);
	return 0;
}

static bool is_operation(const struct tpk_compare_statement *c)
{
	return c->operand.len && c->operand.len <= MAX_OPERAND &&
	       c->operation <= TPM_EO_BITCLEAR;
}

/* The operand is whatever stands before the last four octets. */
static int decode_counter_timer(struct tpm2_bytes body, struct tpk_assertion *a,
				const char **what)
{
	struct tpm2_reader r = tpm2_reader(body.data, body.len);
	struct tpk_compare_statement *c = &a->compare;

	c->operand = tpm2_get_bytes(&r, body.len < 4 ? body.len : body.len - 4);
	c->offset = tpm2_get_u16(&r);
	c->operation = tpm2_get_u16(&r);
	if (!tpm2_done(&r) || !is_operation(c))
		return bad(what, "policy: malformed PolicyCounterTimer");
	if (c->offset + c->operand.len > TIME_INFO_SIZE)
		return bad(what, "policy: PolicyCounterTimer beyond TPMS_TIME_INFO");
	return 0;
}

static int decode_locality(struct tpm2_bytes body, struct tpk_assertion *a,
			   const char **what)
{
	if (body.len != 1 || !body.data[0])
		return bad(what, "policy: malformed PolicyLocality");
	a->locality = body.data[0];
	return 0;
}

/* Part 1, 16: that of a hierarchy is its handle. */
static bool is_object_name(struct tpm2_bytes name)
{
	return name.len != HANDLE_SIZE && tpk_is_name(name);
}

static int decode_nv(struct tpm2_bytes body, struct tpk_assertion *a,
		     const char **what)
{
	struct tpm2_reader r = tpm2_reader(body.data, body.len);
	struct tpk_compare_statement *c = &a->compare;

	c->auth = tpm2_get_u32(&r);
	c->index = tpm2_get_u32(&r);
	c->name = tpm2_get_sized(&r);
	c->operand = tpm2_get_sized(&r);
	c->offset = tpm2_get_u16(&r);
	c->operation = tpm2_get_u16(&r);
	if (!tpm2_done(&r) || !is_operation(c) ||
	    !is_object_name(c->name))
		return bad(what, "policy: malformed PolicyNV");
	if (TPM_HT(c->index) != TPM_HT_NV_INDEX)
		return bad(what, "policy: PolicyNV of something that is no NV index");
	if (c->auth != c->index && c->auth != TPM_RH_OWNER &&
	    c->auth != TPM_RH_PLATFORM)
		return bad(what, "policy: PolicyNV authorized by neither index nor hierarchy");
	return 0;
}

/* What has an authorization and is neither object nor NV index. */
static bool is_entity(u32 handle)
{
	switch (handle) {
	case TPM_RH_OWNER:
	case TPM_RH_NULL:
	case TPM_RH_LOCKOUT:
	case TPM_RH_ENDORSEMENT:
	case TPM_RH_PLATFORM:
		return true;
	default:
		return false;
	}
}

static int find_entity(struct tpk_secret_statement *s, const char **what)
{
	s->entity = s->hint;
	if (s->name.len == HANDLE_SIZE) {
		s->entity = get_unaligned_be32(s->name.data);
		if (!is_entity(s->entity) || (s->hint && s->hint != s->entity))
			return bad(what, "policy: PolicySecret of something that is no hierarchy");
		return 0;
	}
	if (!tpk_is_name(s->name))
		return bad(what, "policy: malformed PolicySecret");
	if (TPM_HT(s->hint) == TPM_HT_PERSISTENT ||
	    TPM_HT(s->hint) == TPM_HT_NV_INDEX)
		return 0;
	*what = "policy: PolicySecret of an object that is neither persistent nor an NV index";
	return -EOPNOTSUPP;
}

static int decode_secret(struct tpm2_bytes body, struct tpk_assertion *a,
			 const char **what)
{
	struct tpm2_reader r = tpm2_reader(body.data, body.len);

	a->secret.hint = tpm2_get_u32(&r);
	a->secret.name = tpm2_get_sized(&r);
	a->secret.policy_ref = get_ref(&r);
	if (!tpm2_done(&r))
		return bad(what, "policy: malformed PolicySecret");
	return find_entity(&a->secret, what);
}

static int decode_signed(struct tpm2_bytes body, struct tpk_assertion *a,
			 const char **what)
{
	struct tpm2_reader r = tpm2_reader(body.data, body.len);
	struct tpk_signed_statement *s = &a->signer;

	s->key = tpm2_get_sized(&r);
	s->name = tpm2_bytes(NULL, 0);
	if (!s->key.len)
		s->name = tpm2_get_sized(&r);
	s->policy_ref = get_ref(&r);
	s->expiration = tpm2_get_u32(&r);
	if (!tpm2_done(&r) || s->expiration > MAX_EXPIRATION)
		return bad(what, "policy: malformed PolicySigned");
	if (s->key.len)
		return tpk_signer_check(s->key, what);
	return is_object_name(s->name) ? 0 : bad(what, "policy: malformed PolicySigned");
}

int tpk_assertion_decode(const struct tpk_statement *st, u16 hash,
			 struct tpk_assertion *a, const char **what)
{
	memset(a, 0, sizeof(*a));
	a->code = st->code;
	switch (st->code) {
	case TPM_CC_PolicyPCR:
		return decode_pcr(st->body, hash, a, what);
	case TPM_CC_PolicyAuthValue:
		return st->body.len ? bad(what, "policy: PolicyAuthValue with a body") : 0;
	case TPM_CC_PolicyAuthorize:
		return decode_authorize(st->body, a, what);
	case TPM_CC_PolicyCounterTimer:
		return decode_counter_timer(st->body, a, what);
	case TPM_CC_PolicyLocality:
		return decode_locality(st->body, a, what);
	case TPM_CC_PolicyNV:
		return decode_nv(st->body, a, what);
	case TPM_CC_PolicySecret:
		return decode_secret(st->body, a, what);
	case TPM_CC_PolicySigned:
		return decode_signed(st->body, a, what);
	default:
		*what = "policy: statement is not supported";
		return -EOPNOTSUPP;
	}
}

static void put_pcr(struct tpm2_writer *w, const struct tpk_pcr_statement *st)
{
	if (!st->digest.len)
		tpm2_put_u16(w, 0);
	tpm2_put_bytes(w, st->selection);
	tpm2_put_bytes(w, st->digest);
}

static void put_authorize(struct tpm2_writer *w,
			  const struct tpk_authorize_statement *st)
{
	tpm2_put_sized(w, st->key);
	tpm2_put_sized(w, st->policy_ref);
	tpm2_put_bytes(w, st->signature);
	if (!st->signature.len)
		tpm2_put_u16(w, TPM_ALG_ID_NULL);
}

static void put_operation(struct tpm2_writer *w,
			  const struct tpk_compare_statement *st)
{
	tpm2_put_u16(w, st->offset);
	tpm2_put_u16(w, st->operation);
}

static void put_nv(struct tpm2_writer *w, const struct tpk_compare_statement *st)
{
	tpm2_put_u32(w, st->auth);
	tpm2_put_u32(w, st->index);
	tpm2_put_sized(w, st->name);
	tpm2_put_sized(w, st->operand);
	put_operation(w, st);
}

static void put_signed(struct tpm2_writer *w,
		       const struct tpk_signed_statement *st)
{
	tpm2_put_sized(w, st->key);
	if (!st->key.len)
		tpm2_put_sized(w, st->name);
	tpm2_put_sized(w, st->policy_ref);
	tpm2_put_u32(w, st->expiration);
}

void tpk_assertion_put(struct tpm2_writer *w, const struct tpk_assertion *a)
{
	switch (a->code) {
	case TPM_CC_PolicyPCR:
		put_pcr(w, &a->pcr);
		break;
	case TPM_CC_PolicyAuthorize:
		put_authorize(w, &a->authorize);
		break;
	case TPM_CC_PolicyCounterTimer:
		tpm2_put_bytes(w, a->compare.operand);
		put_operation(w, &a->compare);
		break;
	case TPM_CC_PolicyLocality:
		tpm2_put_u8(w, a->locality);
		break;
	case TPM_CC_PolicyNV:
		put_nv(w, &a->compare);
		break;
	case TPM_CC_PolicySecret:
		tpm2_put_u32(w, a->secret.hint);
		tpm2_put_sized(w, a->secret.name);
		tpm2_put_sized(w, a->secret.policy_ref);
		break;
	case TPM_CC_PolicySigned:
		put_signed(w, &a->signer);
		break;
	}
}

static int name_of_key(struct tpm2_bytes key, u8 *buf, struct tpm2_bytes *name)
{
	int len = tpk_public_name(key, buf);

	if (len < 0)
		return len;
	*name = tpm2_bytes(buf, len);
	return 0;
}

int tpk_assertion_name(const struct tpk_assertion *a, u8 *buf,
		       struct tpm2_bytes *name)
{
	*name = tpm2_bytes(NULL, 0);
	switch (a->code) {
	case TPM_CC_PolicyAuthorize:
		return name_of_key(a->authorize.key, buf, name);
	case TPM_CC_PolicyNV:
		*name = a->compare.name;
		return 0;
	case TPM_CC_PolicySecret:
		*name = a->secret.name;
		return 0;
	case TPM_CC_PolicySigned:
		*name = a->signer.name;
		if (a->signer.key.len)
			return name_of_key(a->signer.key, buf, name);
		return 0;
	default:
		return 0;
	}
}

int tpk_digest_extend(u16 hash, u8 *digest, u32 code, struct tpm2_bytes a,
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

/* H(operandB || offset || operation) */
static int extend_comparison(const struct tpk_assertion *a, u16 hash, u8 *digest)
{
	const struct tpk_compare_statement *c = &a->compare;
	u8 args[TPM2_MAX_DIGEST], numbers[4];
	const struct tpm2_bytes parts[] = {
		c->operand, tpm2_bytes(numbers, sizeof(numbers)),
	};
	int err;

	put_unaligned_be16(c->offset, numbers);
	put_unaligned_be16(c->operation, numbers + 2);
	err = tpm2_digest(hash, parts, 2, args);
	return err ?: tpk_digest_extend(hash, digest, a->code,
					tpm2_bytes(args, tpm2_digest_size(hash)),
					c->name);
}

/* PolicyUpdate(): two steps, the second of them even if @ref is empty. */
static int extend_named(const struct tpk_assertion *a, struct tpm2_bytes ref,
			u16 hash, u8 *digest)
{
	u8 buf[TPM2_MAX_NAME];
	struct tpm2_bytes parts[2] = {
		tpm2_bytes(digest, tpm2_digest_size(hash)), ref,
	};
	struct tpm2_bytes name;
	int err;

	err = tpk_assertion_name(a, buf, &name);
	if (!err)
		err = tpk_digest_extend(hash, digest, a->code, name,
					tpm2_bytes(NULL, 0));
	return err ?: tpm2_digest(hash, parts, 2, digest);
}

int tpk_assertion_extend(const struct tpk_assertion *a, u16 hash, u8 *digest)
{
	const struct tpm2_bytes none = {};

	switch (a->code) {
	case TPM_CC_PolicyPCR:
		if (!a->pcr.digest.len)
			return -ENODATA;
		return tpk_digest_extend(hash, digest, a->code,
					 a->pcr.selection, a->pcr.digest);
	case TPM_CC_PolicyAuthValue:
		return tpk_digest_extend(hash, digest, a->code, none, none);
	case TPM_CC_PolicyLocality:
		return tpk_digest_extend(hash, digest, a->code,
					 tpm2_bytes(&a->locality, 1), none);
	case TPM_CC_PolicyCounterTimer:
	case TPM_CC_PolicyNV:
		return extend_comparison(a, hash, digest);
	case TPM_CC_PolicyAuthorize:
		memset(digest, 0, tpm2_digest_size(hash));
		return extend_named(a, a->authorize.policy_ref, hash, digest);
	case TPM_CC_PolicySecret:
		return extend_named(a, a->secret.policy_ref, hash, digest);
	case TPM_CC_PolicySigned:
		return extend_named(a, a->signer.policy_ref, hash, digest);
	default:
		return -EOPNOTSUPP;
	}
}
