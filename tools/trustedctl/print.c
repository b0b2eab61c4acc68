// SPDX-License-Identifier: GPL-2.0-only
/*
 * Statements as text.
 */
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "names.h"
#include "print.h"

#define COUNTER_SIZE	8

static void put_text(struct tpm2_writer *w, const char *text)
{
	tpm2_put(w, text, strlen(text));
}

static void put_format(struct tpm2_writer *w, const char *format, ...)
	__printf(2, 3);

static void put_format(struct tpm2_writer *w, const char *format, ...)
{
	char text[64];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_text(w, text);
}

static void put_hex(struct tpm2_writer *w, struct tpm2_bytes octets)
{
	size_t i;

	for (i = 0; i < octets.len; i++)
		put_format(w, "%02x", octets.data[i]);
}

static bool is_plain(struct tpm2_bytes octets)
{
	size_t i;

	for (i = 0; i < octets.len; i++)
		if (octets.data[i] < 0x20 || octets.data[i] > 0x7e || octets.data[i] == '"')
			return false;
	return true;
}

static void put_ref(struct tpm2_writer *w, struct tpm2_bytes ref)
{
	if (!ref.len)
		return;
	put_text(w, " ref=");
	if (!is_plain(ref)) {
		put_hex(w, ref);
		return;
	}
	put_text(w, "\"");
	tpm2_put_bytes(w, ref);
	put_text(w, "\"");
}

/* Only if reading the text gives the same octets again: they are hashed. */
bool print_selection(struct tpm2_bytes selection, struct tpm2_writer *w)
{
	struct tpm2_reader r = tpm2_reader(selection.data, selection.len);
	struct tpk_pcrs *pcrs = ctl_alloc(sizeof(*pcrs));
	u8 octets[128];
	struct tpm2_writer again = tpm2_writer(octets, sizeof(octets));
	bool same = !tpk_pcrs_get_selection(&r, pcrs);

	if (same) {
		tpk_pcrs_put_selection(pcrs, &again);
		same = tpm2_bytes_equal(tpm2_written(&again), selection);
	}
	if (same)
		tpk_pcrs_format(pcrs, w);
	free(pcrs);
	return same;
}

static void put_pcr(struct tpm2_writer *w, const struct tpk_pcr_statement *st)
{
	if (!print_selection(st->selection, w)) {
		put_text(w, "selection=");
		put_hex(w, st->selection);
	}
	put_text(w, st->digest.len ? " digest=" : " digest=none");
	put_hex(w, st->digest);
}

static u64 number_of(struct tpm2_bytes octets)
{
	u64 value = 0;
	size_t i;

	for (i = 0; i < octets.len; i++)
		value = value << 8 | octets.data[i];
	return value;
}

static void put_operation(struct tpm2_writer *w, const struct tpk_compare_statement *c,
			  bool is_number)
{
	put_format(w, " %s ", name_of(name_operations, c->operation));
	if (is_number) {
		put_format(w, "%llu", (unsigned long long)number_of(c->operand));
		return;
	}
	put_text(w, "hex:");
	put_hex(w, c->operand);
}

static void put_offset(struct tpm2_writer *w, u16 offset)
{
	if (offset)
		put_format(w, " offset=%u", offset);
}

static void put_counter_timer(struct tpm2_writer *w, const struct tpk_compare_statement *c)
{
	const struct time_field *field;

	for (field = name_time_fields; field->name; field++) {
		if (field->offset != c->offset || field->size != c->operand.len)
			continue;
		put_text(w, field->name);
		put_operation(w, c, true);
		return;
	}
	put_format(w, "offset=%u", c->offset);
	put_operation(w, c, false);
}

static void put_handle(struct tpm2_writer *w, u32 handle)
{
	const char *name = name_of(name_hierarchies, handle);

	if (name)
		put_text(w, name);
	else
		put_format(w, "0x%08x", handle);
}

static void put_name(struct tpm2_writer *w, struct tpm2_bytes name)
{
	put_text(w, " name=");
	put_hex(w, name);
}

static void put_nv(struct tpm2_writer *w, const struct tpk_compare_statement *c)
{
	put_format(w, "0x%08x", c->index);
	put_name(w, c->name);
	if (c->auth != c->index) {
		put_text(w, " auth=");
		put_handle(w, c->auth);
	}
	put_offset(w, c->offset);
	put_operation(w, c, c->operand.len == COUNTER_SIZE);
}

static void put_locality(struct tpm2_writer *w, u8 locality)
{
	const char *comma = "";
	unsigned int i;

	if (locality > 0x1f) {
		put_format(w, "%u", locality);
		return;
	}
	for (i = 0; i < 5; i++) {
		if (!(locality & 1U << i))
			continue;
		put_format(w, "%s%u", comma, i);
		comma = ",";
	}
}

/* With a number if the body names the handle too. */
static void put_secret(struct tpm2_writer *w, const struct tpk_secret_statement *s)
{
	if (s->hint)
		put_format(w, "0x%08x", s->hint);
	else
		put_handle(w, s->entity);
	if (TPM_HT(s->entity) != TPM_HT_PERMANENT)
		put_name(w, s->name);
	put_ref(w, s->policy_ref);
}

static void put_signed(struct tpm2_writer *w, const struct tpk_signed_statement *s)
{
	put_text(w, s->key.len ? "public=" : "name=");
	put_hex(w, s->key.len ? s->key : s->name);
	put_ref(w, s->policy_ref);
	if (s->expiration)
		put_format(w, " expiration=%u", s->expiration);
}

void print_statement(const struct tpk_tree *tree, const struct tpk_node *n,
		     struct tpm2_writer *w)
{
	struct tpk_assertion a;

	tpk_node_decode(tree, n, &a);
	put_text(w, name_of(name_statements, n->code) ?: "?");
	if (n->code != TPM_CC_PolicyAuthValue)
		put_text(w, " ");
	switch (n->code) {
	case TPM_CC_PolicyPCR:
		put_pcr(w, &a.pcr);
		break;
	case TPM_CC_PolicyAuthorize:
		put_text(w, "public=");
		put_hex(w, a.authorize.key);
		put_ref(w, a.authorize.policy_ref);
		break;
	case TPM_CC_PolicyCounterTimer:
		put_counter_timer(w, &a.compare);
		break;
	case TPM_CC_PolicyNV:
		put_nv(w, &a.compare);
		break;
	case TPM_CC_PolicyLocality:
		put_locality(w, a.locality);
		break;
	case TPM_CC_PolicySecret:
		put_secret(w, &a.secret);
		break;
	case TPM_CC_PolicySigned:
		put_signed(w, &a.signer);
		break;
	}
}
