// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing the statements that options stand for.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "compose.h"
#include "der.h"

/**
 * struct compose - a PolicyPCR or PolicyOR that is being written
 * @left: alternatives that are left
 * @now: values for PCRs without
 * @hash: of the policy
 * @room: the present alternative
 * @w: where to
 * @err: the first thing that went wrong
 */
struct compose {
	struct tpk_alternatives left;
	const struct tpk_pcrs *now;
	u16 hash;
	struct tpk_pcrs *room;
	struct tpm2_writer *w;
	int err;
};

static int append(struct tpk_policy *policy, u32 code, struct tpm2_writer *w,
		  size_t start)
{
	struct tpm2_bytes body = {};

	if (w && w->full)
		return -EMSGSIZE;
	if (policy->nr == TPK_MAX_STATEMENTS)
		return -EMSGSIZE;
	if (w)
		body = tpm2_bytes(w->buf + start, w->len - start);
	policy->statement[policy->nr++] = (struct tpk_statement){
		.code = code,
		.body = body,
	};
	return 0;
}

int tpk_compose_signer(struct tpk_policy *policy, struct tpm2_bytes key,
		       struct tpm2_writer *w)
{
	const struct tpk_assertion a = {
		.code = TPM_CC_PolicyAuthorize,
		.authorize.key = key,
	};
	size_t start = w->len;

	tpk_assertion_put(w, &a);
	return append(policy, TPM_CC_PolicyAuthorize, w, start);
}

/* Body of the PolicyPCR of the next alternative. */
static void put_pcrs(struct compose *c)
{
	u8 *digest;
	int err = 0;

	tpk_alternatives_next(&c->left, c->room);
	tpk_pcrs_fill(c->room, c->now);
	tpk_pcrs_put_selection(c->room, c->w);
	digest = tpm2_reserve(c->w, tpm2_digest_size(c->hash));
	if (digest)
		err = tpk_pcrs_digest(c->room, c->hash, digest);
	c->err = c->err ?: err;
}

/* An alternative is a list, here of one PolicyPCR. */
static void put_alternative(struct compose *c)
{
	size_t start, body = tpk_statement_open(c->w, TPM_CC_PolicyPCR, &start);

	put_pcrs(c);
	tpk_statement_close(c->w, start, body);
	tpk_der_wrap(c->w, start, DER_SEQUENCE);
}

/* Body of a PolicyOR of the next @nr alternatives. */
static void put_alternatives(struct compose *c, unsigned int nr)
{
	size_t start = c->w->len;

	while (nr--)
		put_alternative(c);
	tpk_der_wrap(c->w, start, DER_SEQUENCE);
}

/* An alternative that is one PolicyOR. */
static void put_group(struct compose *c, unsigned int nr)
{
	size_t start, body = tpk_statement_open(c->w, TPM_CC_PolicyOR, &start);

	put_alternatives(c, nr);
	tpk_statement_close(c->w, start, body);
	tpk_der_wrap(c->w, start, DER_SEQUENCE);
}

/* Body of a PolicyOR of groups, none of which has fewer than 4 alternatives. */
static void put_groups(struct compose *c, unsigned int nr)
{
	unsigned int groups = (nr + TPK_MAX_OR - 1) / TPK_MAX_OR;
	size_t start = c->w->len;

	for (; groups; groups--) {
		unsigned int in_this = nr / groups;

		put_group(c, in_this);
		nr -= in_this;
	}
	tpk_der_wrap(c->w, start, DER_SEQUENCE);
}

int tpk_compose_pcrs(struct tpk_policy *policy,
		     const struct tpk_alternatives *alts,
		     const struct tpk_pcrs *now, u16 hash, struct tpk_pcrs *room,
		     struct tpm2_writer *w)
{
	struct compose c = {
		.left = *alts, .now = now, .hash = hash, .room = room, .w = w,
	};
	size_t start = w->len;

	if (!tpm2_digest_size(hash))
		return -EOPNOTSUPP;
	if (alts->nr == 1)
		put_pcrs(&c);
	else if (alts->nr <= TPK_MAX_OR)
		put_alternatives(&c, alts->nr);
	else
		put_groups(&c, alts->nr);
	if (c.err)
		return c.err;
	return append(policy, alts->nr == 1 ? TPM_CC_PolicyPCR : TPM_CC_PolicyOR,
		      w, start);
}

int tpk_compose_auth(struct tpk_policy *policy)
{
	return append(policy, TPM_CC_PolicyAuthValue, NULL, 0);
}
