// SPDX-License-Identifier: GPL-2.0-only
/*
 * The statements of a policy's text, each a line, but for or.
 */
#include <linux/errno.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <string.h>

#include "compose.h"
#include "grammar.h"
#include "names.h"
#include "text.h"

#define COUNTER_SIZE	8	/* octets of an NV counter, and of a clock */

/* The statement as it is in DER. */
static int put(struct grammar *g, const struct tpk_assertion *a)
{
	size_t start, body = tpk_statement_open(&g->out, a->code, &start);

	tpk_assertion_put(&g->out, a);
	tpk_statement_close(&g->out, start, body);
	return 0;
}

static int take_ref(struct grammar *g, struct scan_args *args, struct tpm2_bytes *ref)
{
	struct tpm2_bytes text;

	*ref = tpm2_bytes(NULL, 0);
	return scan_take_option(args, "ref", &text) ? grammar_octets(g, text, ref) : 0;
}

/* What pcrs= would stand for: the values are in it, or are the present ones. */
static int compose_pcrs(struct grammar *g, struct tpm2_bytes text)
{
	struct tpk_policy policy = {};
	struct tpk_alternatives alts;
	const char *what;
	int err;

	if (tpk_alternatives_parse(text, &alts, &g->pcrs, &what))
		return grammar_bad(g, "pcr: %s", what);
	tpk_alternatives_pcrs(&alts, &g->now, &g->pcrs);
	err = g->now.nr ? g->lookup->pcrs(g->lookup->ctx, &g->now, g->what) : 0;
	if (err)
		return err;
	err = tpk_compose_pcrs(&policy, &alts, &g->now, g->hash, &g->pcrs, &g->parts);
	if (err == -ENODATA)
		return grammar_bad(g, "pcr: the TPM does not have all of these PCRs; trustedctl pcrs lists them");
	if (err)
		return grammar_bad(g, "pcr: %s", strerror(-err));
	tpk_statement_put(&g->out, &policy.statement[0]);
	return 0;
}

static int take_selection(struct grammar *g, struct scan_args *args,
			  struct tpm2_bytes *selection)
{
	size_t start = g->parts.len;
	struct tpm2_bytes text;
	const char *what;
	unsigned int i;

	if (scan_take_option(args, "selection", &text))
		return grammar_octets(g, text, selection);
	if (!scan_take(args, &text))
		return grammar_bad(g, "pcr: no PCR is named; write pcr sha256:7,11");
	if (tpk_pcrs_parse(text, &g->pcrs, &what))
		return grammar_bad(g, "pcr: %s", what);
	for (i = 0; i < g->pcrs.nr; i++)
		if (g->pcrs.bank[i].known)
			return grammar_bad(g, "pcr: values contradict digest=; give one of them");
	tpk_pcrs_put_selection(&g->pcrs, &g->parts);
	*selection = tpm2_bytes(g->octets + start, g->parts.len - start);
	return 0;
}

static int read_pcr(struct grammar *g, struct scan_args *args, struct tpk_assertion *a)
{
	struct tpm2_bytes text, digest;
	int err;

	if (!scan_take_option(args, "digest", &digest)) {
		if (scan_take_option(args, "selection", &text))
			return grammar_bad(g, "pcr: selection= needs digest= too");
		if (!scan_take(args, &text))
			return grammar_bad(g, "pcr: no PCR is named; write pcr sha256:7,11");
		return compose_pcrs(g, text);
	}
	err = take_selection(g, args, &a->pcr.selection);
	if (!err && !tpk_text_is(digest, "none"))
		err = grammar_octets(g, digest, &a->pcr.digest);
	if (err)
		return err;
	if (a->pcr.digest.len && a->pcr.digest.len != tpm2_digest_size(g->hash))
		return grammar_bad(g, "pcr: digest= is not as long as a digest of the policy's hash");
	return put(g, a);
}

static int read_authorize(struct grammar *g, struct scan_args *args,
			  struct tpk_assertion *a)
{
	int err = grammar_key(g, args, &a->authorize.key);

	if (!err)
		err = take_ref(g, args, &a->authorize.policy_ref);
	if (!err && !a->authorize.key.len)
		err = grammar_bad(g, "authorize: the key is missing; give file=, spki= or public=");
	return err ?: put(g, a);
}

static int take_operation(struct grammar *g, struct scan_args *args, size_t size,
			  struct tpk_compare_statement *c)
{
	struct tpm2_bytes word, value;
	const struct name *operation;

	if (!scan_take(args, &word) || !scan_take(args, &value))
		return grammar_bad(g, "what it is compared with is missing; write nv INDEX = NUMBER, countertimer clock < NUMBER");
	operation = name_find(name_operations, word);
	if (!operation)
		return grammar_bad(g, "there is no operation '%.*s'; there are = != > < >= <= s> s< s>= s<= bits-set bits-clear",
				   (int)min_t(size_t, word.len, 40), word.data);
	c->operation = operation->value;
	return grammar_operand(g, value, size, &c->operand);
}

static int take_offset(struct grammar *g, struct scan_args *args, u16 *offset)
{
	struct tpm2_bytes text;
	u64 value = 0;
	int err = 0;

	if (scan_take_option(args, "offset", &text))
		err = grammar_number(g, text, 0xffff, &value);
	*offset = value;
	return err;
}

static const struct time_field *find_field(struct tpm2_bytes name)
{
	const struct time_field *field;

	/* The TPM counts its resets; most know them as boots. */
	if (tpk_text_is(name, "boots"))
		name = tpm2_bytes("resets", 6);
	for (field = name_time_fields; field->name; field++)
		if (tpk_text_is(name, field->name))
			return field;
	return NULL;
}

static int read_counter_timer(struct grammar *g, struct scan_args *args,
			      struct tpk_assertion *a)
{
	const struct time_field *field;
	size_t size = COUNTER_SIZE;
	struct tpm2_bytes word = {};
	int err = take_offset(g, args, &a->compare.offset);

	if (err)
		return err;
	scan_peek(args, &word);
	field = find_field(word);
	if (field) {
		scan_take(args, &word);
		a->compare.offset += field->offset;
		size = field->size;
	} else if (!name_find(name_operations, word)) {
		return grammar_bad(g, "countertimer: there is no field '%.*s'; there are clock, time, resets (boots), restarts, safe",
				   (int)min_t(size_t, word.len, 40), word.data);
	}
	err = take_operation(g, args, size, &a->compare);
	return err ?: put(g, a);
}

/* Whose authorization reads the index. */
static int take_reader(struct grammar *g, struct scan_args *args,
		       struct tpk_compare_statement *c)
{
	struct tpm2_bytes text;

	c->auth = c->index;
	if (!scan_take_option(args, "auth", &text) || tpk_text_is(text, "index"))
		return 0;
	return grammar_handle(g, text, &c->auth);
}

static int read_nv(struct grammar *g, struct scan_args *args, struct tpk_assertion *a)
{
	struct tpk_compare_statement *c = &a->compare;
	struct tpm2_bytes word;
	int err;

	if (!scan_take(args, &word))
		return grammar_bad(g, "nv: no index is named; write nv 0x01800001 = 5");
	err = grammar_handle(g, word, &c->index);
	if (!err && TPM_HT(c->index) != TPM_HT_NV_INDEX)
		err = grammar_bad(g, "nv: 0x%08x is no NV index; they are 0x01000000 to 0x01ffffff",
				  c->index);
	if (!err)
		err = take_reader(g, args, c);
	if (!err)
		err = grammar_name(g, args, c->index, &c->name);
	if (!err)
		err = take_offset(g, args, &c->offset);
	if (!err)
		err = take_operation(g, args, COUNTER_SIZE, c);
	return err ?: put(g, a);
}

/* "0,2-4": bits; 32 to 255: that one. */
static int take_localities(struct grammar *g, struct tpm2_bytes text, u8 *locality)
{
	struct tpm2_bytes part, last;
	u64 from, to;
	bool more, range;
	int err;

	if (!memchr(text.data, ',', text.len) && !memchr(text.data, '-', text.len)) {
		err = grammar_number(g, text, 255, &from);
		*locality = from < 5 ? 1U << from : from;
		if (!err && from > 4 && from < 32)
			err = grammar_bad(g, "locality: localities are 0 to 4 and 32 to 255");
		return err;
	}
	do {
		part = tpk_text_cut(&text, ',', &more);
		last = part;
		part = tpk_text_cut(&last, '-', &range);
		err = grammar_number(g, part, 4, &from);
		to = from;
		if (!err && range)
			err = grammar_number(g, last, 4, &to);
		if (err)
			return err;
		for (; from <= to; from++)
			*locality |= 1U << from;
	} while (more);
	return 0;
}

static int read_locality(struct grammar *g, struct scan_args *args,
			 struct tpk_assertion *a)
{
	struct tpm2_bytes word;
	int err;

	if (!scan_take(args, &word))
		return grammar_bad(g, "locality: none is named; write locality 0,1");
	err = take_localities(g, word, &a->locality);
	return err ?: put(g, a);
}

/* A hierarchy by its name: its handle is its Name, and need not be said twice. */
static int take_entity(struct grammar *g, struct scan_args *args,
		       struct tpm2_bytes word, struct tpk_secret_statement *s)
{
	bool named = name_find(name_hierarchies, word);
	int err = grammar_handle(g, word, &s->entity);
	u8 *out;

	if (err)
		return err;
	s->hint = named ? 0 : s->entity;
	if (TPM_HT(s->entity) != TPM_HT_PERMANENT)
		return grammar_name(g, args, s->entity, &s->name);
	out = tpm2_reserve(&g->parts, sizeof(s->entity));
	if (!out)
		return grammar_bad(g, "the statement is too long");
	put_unaligned_be32(s->entity, out);
	s->name = tpm2_bytes(out, sizeof(s->entity));
	return 0;
}

static int read_secret(struct grammar *g, struct scan_args *args,
		       struct tpk_assertion *a)
{
	struct tpm2_bytes word;
	int err;

	if (!scan_take(args, &word))
		return grammar_bad(g, "secret: whose is missing; write secret owner");
	err = take_ref(g, args, &a->secret.policy_ref);
	if (!err)
		err = take_entity(g, args, word, &a->secret);
	return err ?: put(g, a);
}

static int read_signed(struct grammar *g, struct scan_args *args,
		       struct tpk_assertion *a)
{
	struct tpm2_bytes text;
	u64 expiration = 0;
	int err = grammar_key(g, args, &a->signer.key);

	if (!err && !a->signer.key.len && scan_take_option(args, "name", &text))
		err = grammar_octets(g, text, &a->signer.name);
	if (!err)
		err = take_ref(g, args, &a->signer.policy_ref);
	if (!err && scan_take_option(args, "expiration", &text))
		err = grammar_number(g, text, 0x7fffffff, &expiration);
	if (!err && !a->signer.key.len && !a->signer.name.len)
		err = grammar_bad(g, "signed: the key is missing; give file=, spki=, public= or name=");
	a->signer.expiration = expiration;
	return err ?: put(g, a);
}

/**
 * grammar_statement() - read a statement and write it as DER
 * @g: the text that is being read
 * @code: TPM_CC_Policy…
 * @args: its words, of which the first is its name
 *
 * Return: 0; -EINVAL; another -errno if something cannot be looked up.
 */
int grammar_statement(struct grammar *g, u32 code, struct scan_args *args)
{
	struct tpk_assertion a = { .code = code };

	switch (code) {
	case TPM_CC_PolicyPCR:
		return read_pcr(g, args, &a);
	case TPM_CC_PolicyAuthValue:
		return put(g, &a);
	case TPM_CC_PolicyAuthorize:
		return read_authorize(g, args, &a);
	case TPM_CC_PolicyCounterTimer:
		return read_counter_timer(g, args, &a);
	case TPM_CC_PolicyNV:
		return read_nv(g, args, &a);
	case TPM_CC_PolicyLocality:
		return read_locality(g, args, &a);
	case TPM_CC_PolicySecret:
		return read_secret(g, args, &a);
	case TPM_CC_PolicySigned:
		return read_signed(g, args, &a);
	default:
		return grammar_bad(g, "or is followed by alternatives: or { ... } { ... }");
	}
}
