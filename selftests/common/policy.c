// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies as other programs write them.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "keys.h"
#include "policy.h"
#include "tpm.h"
#include "vault.h"

#define INTEGER		0x02
#define OCTETS		0x04
#define SEQUENCE	0x30
#define TAG(n)		(0xa0 | (n))

static const struct octets nothing;

/* --- DER ------------------------------------------------------------------ */

static void put(struct policy *p, const void *data, size_t len)
{
	if (len > sizeof(p->der) - p->len)
		abort();
	memcpy(p->der + p->len, data, len);
	p->len += len;
}

/* Puts identifier and length before what was written since @start. */
static void wrap(struct policy *p, size_t start, uint8_t id)
{
	size_t len = p->len - start, head = 2;
	uint8_t octets[4] = { id, len };

	if (len > 0xff) {
		octets[1] = 0x82;
		octets[2] = len >> 8;
		octets[3] = len;
		head = 4;
	} else if (len > 0x7f) {
		octets[1] = 0x81;
		octets[2] = len;
		head = 3;
	}
	put(p, octets, head);
	memmove(p->der + start + head, p->der + start, len);
	memcpy(p->der + start, octets, head);
}

static size_t open_statement(struct policy *p, uint32_t code)
{
	uint8_t number[] = { code >> 8, code };
	size_t start = p->len;

	put(p, number, sizeof(number));
	wrap(p, start, INTEGER);
	wrap(p, start, TAG(0));
	return start;
}

static void close_statement(struct policy *p, size_t start, size_t body)
{
	wrap(p, body, OCTETS);
	wrap(p, body, TAG(1));
	wrap(p, start, SEQUENCE);
}

void policy_add(struct policy *p, uint32_t code, const void *body, size_t len)
{
	size_t start = open_statement(p, code), at = p->len;

	put(p, body, len);
	close_statement(p, start, at);
}

static void add_buf(struct policy *p, uint32_t code, const struct tpm_buf *b)
{
	policy_add(p, code, b->data, b->len);
}

/* --- digests -------------------------------------------------------------- */

static const EVP_MD *evp(uint16_t hash)
{
	switch (hash) {
	case VAULT_SHA384:
		return EVP_sha384();
	case VAULT_SHA512:
		return EVP_sha512();
	default:
		return EVP_sha256();
	}
}

size_t policy_digest_size(uint16_t hash)
{
	return EVP_MD_size(evp(hash));
}

struct octets policy_hash(uint16_t hash, const struct octets *a,
			  const struct octets *b)
{
	struct octets digest = { .len = policy_digest_size(hash) };
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	if (!EVP_DigestInit_ex(ctx, evp(hash), NULL) ||
	    !EVP_DigestUpdate(ctx, a->data, a->len) ||
	    !EVP_DigestUpdate(ctx, b->data, b->len) ||
	    !EVP_DigestFinal_ex(ctx, digest.data, NULL))
		abort();
	EVP_MD_CTX_free(ctx);
	return digest;
}

static void set_digest(struct policy *p, const struct octets *digest)
{
	memcpy(p->digest, digest->data, digest->len);
}

static struct octets digest_of(const struct policy *p)
{
	return vault_octets(p->digest, policy_digest_size(p->hash));
}

/* @rest may be long: the digests of alternatives. */
static void extend(struct policy *p, uint32_t code, const struct octets *rest)
{
	struct octets before = digest_of(p), digest;
	struct tpm_buf b = { 0 };

	tpm_put(&b, before.data, before.len);
	tpm_put32(&b, code);
	before = vault_octets(b.data, b.len);
	digest = policy_hash(p->hash, &before, rest);
	set_digest(p, &digest);
}

void policy_extend(struct policy *p, uint32_t code, const struct octets *a,
		   const struct octets *b)
{
	struct tpm_buf rest = { 0 };
	struct octets all;

	tpm_put(&rest, a->data, a->len);
	tpm_put(&rest, b->data, b->len);
	all = vault_octets(rest.data, rest.len);
	extend(p, code, &all);
}

void policy_update(struct policy *p, uint32_t code, const struct octets *name,
		   const struct octets *ref)
{
	struct octets digest;

	policy_extend(p, code, name, &nothing);
	digest = digest_of(p);
	digest = policy_hash(p->hash, &digest, ref);
	set_digest(p, &digest);
}

/* --- statements ----------------------------------------------------------- */

void policy_start(struct policy *p, uint16_t hash, const struct policy *before)
{
	p->hash = hash;
	p->len = 0;
	memset(p->digest, 0, sizeof(p->digest));
	if (before)
		memcpy(p->digest, before->digest, sizeof(p->digest));
}

void policy_pcr(struct policy *p, uint16_t bank, unsigned int pcr,
		const struct octets *value)
{
	struct octets digest = policy_hash(p->hash, value, &nothing);
	uint8_t select[3] = { 0 };
	struct tpm_buf b = { 0 };
	struct octets body;

	select[pcr / 8] = 1 << pcr % 8;
	tpm_put32(&b, 1);
	tpm_put16(&b, bank);
	tpm_put8(&b, sizeof(select));
	tpm_put(&b, select, sizeof(select));
	tpm_put(&b, digest.data, digest.len);
	add_buf(p, POLICY_CC_PCR, &b);
	/* The digest comes last in both. */
	body = vault_octets(b.data, b.len);
	policy_extend(p, POLICY_CC_PCR, &body, &nothing);
}

void policy_auth_value(struct policy *p)
{
	policy_add(p, POLICY_CC_AUTH_VALUE, NULL, 0);
	policy_extend(p, POLICY_CC_AUTH_VALUE, &nothing, &nothing);
}

void policy_locality(struct policy *p, uint8_t locality)
{
	struct octets body = vault_octets(&locality, 1);

	policy_add(p, POLICY_CC_LOCALITY, &locality, 1);
	policy_extend(p, POLICY_CC_LOCALITY, &body, &nothing);
}

/* operandB || offset || operation, and its hash. */
static struct octets hash_comparison(const struct policy *p,
				     const struct comparison *c, struct tpm_buf *b)
{
	struct octets args;

	tpm_put(b, c->operand.data, c->operand.len);
	tpm_put16(b, c->offset);
	tpm_put16(b, c->operation);
	args = vault_octets(b->data, b->len);
	return policy_hash(p->hash, &args, &nothing);
}

void policy_counter_timer(struct policy *p, const struct comparison *c)
{
	struct tpm_buf b = { 0 };
	struct octets args = hash_comparison(p, c, &b);

	add_buf(p, POLICY_CC_COUNTER_TIMER, &b);
	policy_extend(p, POLICY_CC_COUNTER_TIMER, &args, &nothing);
}

void policy_nv(struct policy *p, uint32_t auth, uint32_t index,
	       const struct octets *name, const struct comparison *c)
{
	struct tpm_buf b = { 0 }, compared = { 0 };
	struct octets args = hash_comparison(p, c, &compared);

	tpm_put32(&b, auth);
	tpm_put32(&b, index);
	tpm_put_sized(&b, name->data, name->len);
	tpm_put_sized(&b, c->operand.data, c->operand.len);
	tpm_put16(&b, c->offset);
	tpm_put16(&b, c->operation);
	add_buf(p, POLICY_CC_NV, &b);
	policy_extend(p, POLICY_CC_NV, &args, name);
}

void policy_secret(struct policy *p, uint32_t handle, const struct octets *name,
		   const struct octets *ref)
{
	struct tpm_buf b = { 0 };

	ref = ref ?: &nothing;
	tpm_put32(&b, handle);
	tpm_put_sized(&b, name->data, name->len);
	tpm_put_sized(&b, ref->data, ref->len);
	add_buf(p, POLICY_CC_SECRET, &b);
	policy_update(p, POLICY_CC_SECRET, name, ref);
}

/* The session's digest starts anew, and has those of all alternatives. */
static void extend_by_or(struct policy *p, const struct policy *branch,
			 unsigned int nr)
{
	struct tpm_buf b = { 0 };
	struct octets all;
	unsigned int i;

	for (i = 0; i < nr; i++)
		tpm_put(&b, branch[i].digest, policy_digest_size(p->hash));
	all = vault_octets(b.data, b.len);
	memset(p->digest, 0, sizeof(p->digest));
	extend(p, POLICY_CC_OR, &all);
}

void policy_or(struct policy *p, const struct policy *branch, unsigned int nr)
{
	size_t start = open_statement(p, POLICY_CC_OR), body = p->len, at;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		at = p->len;
		put(p, branch[i].der, branch[i].len);
		wrap(p, at, SEQUENCE);
	}
	wrap(p, body, SEQUENCE);
	close_statement(p, start, body);
	extend_by_or(p, branch, nr);
}

/* --- whole policies ------------------------------------------------------- */

char *policy_hex(const struct policy *p)
{
	struct policy *all = malloc(sizeof(*all));
	char *hex;

	*all = *p;
	wrap(all, 0, SEQUENCE);
	hex = hex_encode(all->der, all->len);
	free(all);
	return hex;
}

static struct policy *list(const struct policy *p, unsigned int nr)
{
	struct policy *all = calloc(1, sizeof(*all));
	size_t start;

	while (nr--) {
		start = all->len;
		put(all, p->der, p->len);
		wrap(all, start, SEQUENCE);
		wrap(all, start, TAG(1));
		wrap(all, start, SEQUENCE);
		p++;
	}
	return all;
}

char *policies_hex(const struct policy *p, unsigned int nr)
{
	struct policy *all = list(p, nr);
	char *hex = policy_hex(all);

	free(all);
	return hex;
}

struct octets policies_contents(const struct policy *p, unsigned int nr)
{
	struct policy *all = list(p, nr);
	struct octets contents = vault_octets(all->der, all->len);

	free(all);
	return contents;
}
