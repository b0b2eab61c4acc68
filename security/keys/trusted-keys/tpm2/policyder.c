// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and writing policies in DER.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "der.h"
#include "policyder.h"

#define CODE	DER_TAG(0)
#define BODY	DER_TAG(1)
#define NAME	DER_TAG(0)
#define POLICY	DER_TAG(1)

static int bad(const char **what, const char *fault)
{
	*what = fault;
	return -EBADMSG;
}

bool tpk_statement_get(struct tpm2_reader *list, struct tpk_statement *st)
{
	struct tpm2_reader r = tpk_der_enter(list, DER_SEQUENCE);
	struct tpm2_bytes code;

	code = tpk_der_get_explicit(&r, CODE, DER_INTEGER);
	st->body = tpk_der_get_explicit(&r, BODY, DER_OCTETS);
	return tpm2_done(&r) && tpk_der_u32(code, &st->code);
}

/* Contents octets of a TPMPolicy. */
static size_t statement_len(const struct tpk_statement *st)
{
	return tpk_der_explicit_size(tpk_der_u32_len(st->code)) +
	       tpk_der_explicit_size(st->body.len);
}

size_t tpk_statement_size(const struct tpk_statement *st)
{
	return tpk_der_size(statement_len(st));
}

static void put_code(struct tpm2_writer *w, u32 code)
{
	tpk_der_open(w, CODE, tpk_der_size(tpk_der_u32_len(code)));
	tpk_der_put_u32(w, code);
}

void tpk_statement_put(struct tpm2_writer *w, const struct tpk_statement *st)
{
	tpk_der_open(w, DER_SEQUENCE, statement_len(st));
	put_code(w, st->code);
	tpk_der_put_explicit(w, BODY, DER_OCTETS, st->body);
}

size_t tpk_statement_open(struct tpm2_writer *w, u32 code, size_t *start)
{
	*start = w->len;
	put_code(w, code);
	return w->len;
}

void tpk_statement_close(struct tpm2_writer *w, size_t start, size_t body)
{
	tpk_der_wrap(w, body, DER_OCTETS);
	tpk_der_wrap(w, body, BODY);
	tpk_der_wrap(w, start, DER_SEQUENCE);
}

int tpk_policy_get(struct tpm2_reader *r, struct tpk_policy *policy,
		   const struct tpk_list_faults *faults, const char **what)
{
	struct tpm2_reader list = tpk_der_enter(r, DER_SEQUENCE);
	struct tpk_statement st;
	unsigned int nr;

	if (!tpm2_done(r))
		return bad(what, faults->shape);
	for (nr = 0; tpm2_left(&list); nr++) {
		if (nr == TPK_MAX_STATEMENTS)
			return bad(what, faults->many);
		if (!tpk_statement_get(&list, &st))
			return bad(what, faults->entry);
		if (policy)
			policy->statement[nr] = st;
	}
	if (policy)
		policy->nr = nr;
	return nr ? 0 : bad(what, faults->empty);
}

size_t tpk_policy_len(const struct tpk_policy *policy)
{
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < policy->nr; i++)
		len += tpk_statement_size(&policy->statement[i]);
	return len;
}

void tpk_policy_put(struct tpm2_writer *w, const struct tpk_policy *policy)
{
	unsigned int i;

	tpk_der_open(w, DER_SEQUENCE, tpk_policy_len(policy));
	for (i = 0; i < policy->nr; i++)
		tpk_statement_put(w, &policy->statement[i]);
}

int tpk_policy_decode(struct tpm2_bytes der, struct tpk_policy *policy,
		      const char **what)
{
	static const struct tpk_list_faults faults = {
		.shape = "must be one SEQUENCE OF TPMPolicy in DER",
		.empty = "has no statement in it",
		.many = "has more than 16 statements in a list",
		.entry = "has a malformed TPMPolicy in it",
	};
	struct tpm2_reader r = tpm2_reader(der.data, der.len);

	return tpk_policy_get(&r, policy, &faults, what);
}

int tpk_auth_policy_get(struct tpm2_reader *list, struct tpk_auth_policy *ap,
			const char **what)
{
	static const struct tpk_list_faults faults = {
		.shape = "authPolicy: policy is not a SEQUENCE",
		.empty = "authPolicy: no statement",
		.many = "authPolicy: more than 16 statements",
		.entry = "authPolicy: malformed statement",
	};
	struct tpm2_reader r = tpk_der_enter(list, DER_SEQUENCE);
	struct tpm2_reader policy, again;
	int err;

	ap->name = tpm2_bytes(NULL, 0);
	if (r.bad)
		return bad(what, "authPolicy: entry is not a SEQUENCE");
	if (tpk_der_peek(&r) == NAME) {
		ap->name = tpk_der_get_explicit(&r, NAME, DER_UTF8);
		if (r.bad || !tpk_der_is_utf8(ap->name))
			return bad(what, "authPolicy: name is not a UTF8String");
	}
	policy = tpk_der_enter(&r, POLICY);
	again = policy;
	err = tpk_policy_get(&policy, NULL, &faults, what);
	if (err)
		return err;
	ap->statements = tpk_der_get(&again, DER_SEQUENCE);
	return tpm2_done(&r) ? 0 : bad(what, "authPolicy: something after a policy");
}

void tpk_auth_policy_put(struct tpm2_writer *w, struct tpm2_bytes name,
			 const struct tpk_policy *policy)
{
	size_t start = w->len, inner;

	if (name.len)
		tpk_der_put_explicit(w, NAME, DER_UTF8, name);
	inner = w->len;
	tpk_policy_put(w, policy);
	tpk_der_wrap(w, inner, POLICY);
	tpk_der_wrap(w, start, DER_SEQUENCE);
}

int tpk_auth_policies_check(struct tpm2_bytes contents, const char **what)
{
	struct tpm2_reader list = tpm2_reader(contents.data, contents.len);
	struct tpk_auth_policy ap;
	int err = 0;

	if (!contents.len)
		return bad(what, "authPolicy: no policy");
	while (!err && tpm2_left(&list))
		err = tpk_auth_policy_get(&list, &ap, what);
	return err;
}

int tpk_auth_policies_decode(struct tpm2_bytes der, struct tpm2_bytes *contents,
			     const char **what)
{
	struct tpm2_reader r = tpm2_reader(der.data, der.len);

	*contents = tpk_der_get(&r, DER_SEQUENCE);
	if (!tpm2_done(&r))
		return bad(what, "authPolicy: not a SEQUENCE");
	return tpk_auth_policies_check(*contents, what);
}
