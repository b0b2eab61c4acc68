// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which signatures a policy asks for, and the text that asks for them.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "challenge.h"
#include "pcrs.h"

/* What is signed, in pieces: nonceTPM, expiration, cpHashA, policyRef. */
#define MESSAGE_PARTS	4

static void set(struct tpk_value *v, struct tpm2_bytes b)
{
	v->len = b.len;
	if (b.len)
		memcpy(v->data, b.data, b.len);
}

/* The same statement stands before it in the tree. */
static bool is_repeated(const struct tpk_tree *tree, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (tree->node[i].code == TPM_CC_PolicySigned &&
		    tpm2_bytes_equal(tree->node[i].body, tree->node[nr].body))
			return true;
	return false;
}

int tpk_challenge_count(const struct tpk_tree *tree)
{
	unsigned int i, nr = 0;

	for (i = 0; i < tree->nr_nodes; i++)
		if (tree->node[i].code == TPM_CC_PolicySigned)
			nr += !is_repeated(tree, i);
	return nr <= TPK_MAX_ASKED ? nr : -EOPNOTSUPP;
}

static const struct tpk_asked *find(const struct tpk_challenge *c,
				    const struct tpk_signed_statement *st,
				    struct tpm2_bytes name)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++) {
		const struct tpk_asked *a = &c->asked[i];

		if (a->expiration == st->expiration &&
		    tpm2_bytes_equal(tpk_value_bytes(&a->name), name) &&
		    tpm2_bytes_equal(tpk_value_bytes(&a->policy_ref), st->policy_ref))
			return a;
	}
	return NULL;
}

struct tpk_asked *tpk_challenge_find(struct tpk_challenge *c,
				     const struct tpk_signed_statement *st,
				     struct tpm2_bytes name)
{
	return (struct tpk_asked *)find(c, st, name);
}

bool tpk_challenge_has(const struct tpk_challenge *c,
		       const struct tpk_assertion *a)
{
	u8 buf[TPM2_MAX_NAME];
	struct tpm2_bytes name;
	const struct tpk_asked *asked;

	if (tpk_assertion_name(a, buf, &name))
		return false;
	asked = find(c, &a->signer, name);
	return asked && asked->signature_len;
}

/* One that differs only in that it has the public area tells it to the other. */
static int ask(struct tpk_challenge *c, const struct tpk_assertion *assertion)
{
	const struct tpk_signed_statement *st = &assertion->signer;
	u8 buf[TPM2_MAX_NAME];
	struct tpm2_bytes name;
	struct tpk_asked *a;
	int err = tpk_assertion_name(assertion, buf, &name);

	if (err)
		return err;
	if (st->key.len > TPK_MAX_PUBLIC)
		return -EOPNOTSUPP;
	a = tpk_challenge_find(c, st, name);
	if (!a) {
		a = &c->asked[c->nr++];
		set(&a->name, name);
		set(&a->policy_ref, st->policy_ref);
		a->expiration = st->expiration;
	}
	if (!a->public_len && st->key.len) {
		memcpy(a->public, st->key.data, st->key.len);
		a->public_len = st->key.len;
	}
	return 0;
}

int tpk_challenge_fill(struct tpk_challenge *c, const struct tpk_tree *tree)
{
	struct tpk_assertion a;
	unsigned int i;
	int err = 0;

	c->nr = 0;
	for (i = 0; i < tree->nr_nodes && !err; i++) {
		if (tree->node[i].code != TPM_CC_PolicySigned || is_repeated(tree, i))
			continue;
		tpk_node_decode(tree, &tree->node[i], &a);
		err = ask(c, &a);
	}
	return err;
}

/* Part 1, 16.7: cpHash of Unseal, which has one handle and no parameters. */
int tpk_challenge_bind(struct tpk_challenge *c, u16 hash,
		       struct tpm2_bytes nonce)
{
	u8 code[4];
	const struct tpm2_bytes parts[] = {
		tpm2_bytes(code, sizeof(code)), tpk_value_bytes(&c->object),
	};

	put_unaligned_be32(TPM_CC_Unseal, code);
	set(&c->nonce, nonce);
	c->cp_hash.len = tpm2_digest_size(hash);
	return tpm2_digest(hash, parts, 2, c->cp_hash.data);
}

bool tpk_challenge_answered(const struct tpk_challenge *c)
{
	unsigned int i;

	for (i = 0; i < c->nr; i++)
		if (c->asked[i].signature_len)
			return true;
	return false;
}

/**
 * struct text - a text that is written, or only measured
 * @at: buffer; NULL: measured
 * @size: its size
 * @len: octets so far
 */
struct text {
	char *at;
	size_t size;
	size_t len;
};

static void put_char(struct text *t, char c)
{
	if (t->at && t->len < t->size)
		t->at[t->len] = c;
	t->len++;
}

static void put_string(struct text *t, const char *s)
{
	while (*s)
		put_char(t, *s++);
}

static void put_hex(struct text *t, struct tpm2_bytes b)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < b.len; i++) {
		put_char(t, digits[b.data[i] >> 4]);
		put_char(t, digits[b.data[i] & 15]);
	}
}

static void put_octets(struct text *t, const char *name, struct tpm2_bytes b)
{
	put_string(t, name);
	put_char(t, ' ');
	put_hex(t, b);
	if (!b.len)
		put_char(t, '-');
	put_char(t, '\n');
}

static void put_number(struct text *t, const char *name, u32 number)
{
	char digits[10];
	unsigned int n = 0;

	put_string(t, name);
	put_char(t, ' ');
	do {
		digits[n++] = '0' + number % 10;
		number /= 10;
	} while (number);
	while (n)
		put_char(t, digits[--n]);
	put_char(t, '\n');
}

static void put_word(struct text *t, const char *name, const char *word)
{
	put_string(t, name);
	put_char(t, ' ');
	put_string(t, word);
	put_char(t, '\n');
}

static void put_message(struct text *t, const struct tpm2_bytes *parts)
{
	unsigned int i;

	put_string(t, "message ");
	for (i = 0; i < MESSAGE_PARTS; i++)
		put_hex(t, parts[i]);
	put_char(t, '\n');
}

/* The hash for a key that says nothing of itself is that of its Name. */
static u16 suggest_hash(const struct tpk_asked *a)
{
	struct tpk_signer signer;

	if (!a->public_len)
		return get_unaligned_be16(a->name.data);
	tpk_signer_decode(tpk_asked_public(a), &signer);
	return signer.hash;
}

/* The digest is for those who cannot compute it; "-" if we cannot either. */
static void put_digest(struct text *t, const struct tpk_asked *a,
		       const struct tpm2_bytes *parts)
{
	u8 digest[TPM2_MAX_DIGEST];
	u16 hash = suggest_hash(a);
	size_t len = tpm2_digest_size(hash);

	if (len && tpm2_digest(hash, parts, MESSAGE_PARTS, digest))
		len = 0;
	put_word(t, "hash", len ? tpk_bank_name(hash) : "-");
	put_octets(t, "digest", tpm2_bytes(digest, len));
}

static void put_asked(struct text *t, const struct tpk_challenge *c,
		      unsigned int nr)
{
	const struct tpk_asked *a = &c->asked[nr];
	u8 expiration[4];
	const struct tpm2_bytes parts[MESSAGE_PARTS] = {
		tpk_value_bytes(&c->nonce),
		tpm2_bytes(expiration, sizeof(expiration)),
		tpk_value_bytes(&c->cp_hash),
		tpk_value_bytes(&a->policy_ref),
	};

	put_unaligned_be32(a->expiration, expiration);
	put_number(t, "signer", nr + 1);
	put_octets(t, "key", tpk_value_bytes(&a->name));
	put_octets(t, "public", tpk_asked_public(a));
	put_octets(t, "policyref", tpk_value_bytes(&a->policy_ref));
	put_number(t, "expiration", a->expiration);
	put_message(t, parts);
	put_digest(t, a, parts);
}

size_t tpk_challenge_print(const struct tpk_challenge *c, char *text,
			   size_t size)
{
	struct text t = { .at = text, .size = size };
	unsigned int i;

	put_string(&t, "trusted-sign 1\n");
	put_octets(&t, "object", tpk_value_bytes(&c->object));
	put_octets(&t, "parent", tpk_value_bytes(&c->parent));
	put_octets(&t, "nonce", tpk_value_bytes(&c->nonce));
	put_octets(&t, "cphash", tpk_value_bytes(&c->cp_hash));
	for (i = 0; i < c->nr; i++)
		put_asked(&t, c, i);
	put_string(&t, "end\n");
	return t.len;
}
