// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key files (draft-bottomley-tpm2-keys), as other programs read and write them.
 */
#include <stdlib.h>
#include <string.h>

#include "keyfile.h"
#include "keys.h"

#define BOOLEAN		0x01
#define INTEGER		0x02
#define OCTETS		0x04
#define OID		0x06
#define UTF8		0x0c
#define SEQUENCE	0x30
#define TAG(n)		(0xa0 | (n))

static const uint8_t oid[] = { 0x67, 0x81, 0x05, 0x0a, 0x01 };

/* --- reading -------------------------------------------------------------- */

struct span {
	const uint8_t *at;
	const uint8_t *end;
	bool bad;
};

static struct span span(const void *p, size_t len)
{
	return (struct span){ p, (const uint8_t *)p + len, false };
}

static size_t left(const struct span *s)
{
	return s->end - s->at;
}

static size_t get_length(struct span *s)
{
	size_t len = *s->at++;
	unsigned int octets = len - 0x80;

	if (len < 0x80)
		return len;
	if (octets < 1 || octets > 2 || octets > left(s)) {
		s->bad = true;
		return 0;
	}
	for (len = 0; octets; octets--)
		len = len << 8 | *s->at++;
	return len;
}

/* The contents of the next element, which must be @id. */
static struct span get(struct span *s, uint8_t id)
{
	struct span in = span(s->at, 0);
	size_t len;

	in.bad = true;
	if (s->bad || left(s) < 2 || *s->at != id) {
		s->bad = true;
		return in;
	}
	s->at++;
	len = get_length(s);
	if (s->bad || len > left(s)) {
		s->bad = true;
		return in;
	}
	in = span(s->at, len);
	s->at += len;
	return in;
}

/* [n] with an element @id in it; @in is empty if there is no [n]. */
static bool get_optional(struct span *s, unsigned int n, uint8_t id,
			 struct span *in)
{
	struct span outer;

	*in = span(s->at, 0);
	if (s->bad || !left(s) || *s->at != TAG(n))
		return false;
	outer = get(s, TAG(n));
	*in = get(&outer, id);
	s->bad |= outer.bad || left(&outer);
	return true;
}

static bool take(struct span in, struct octets *out)
{
	out->len = left(&in);
	if (in.bad || out->len > sizeof(out->data))
		return false;
	memcpy(out->data, in.at, out->len);
	return true;
}

static uint32_t number(struct span in)
{
	uint32_t value = 0;

	while (in.at < in.end)
		value = value << 8 | *in.at++;
	return value;
}

static bool get_type(struct span *s, struct keyfile *kf)
{
	struct span in = get(s, OID);

	if (in.bad || left(&in) != sizeof(oid) + 1 ||
	    memcmp(in.at, oid, sizeof(oid)))
		return false;
	kf->type = in.at[sizeof(oid)];
	return true;
}

static bool get_fields(struct span *s, struct keyfile *kf)
{
	struct span in;

	if (get_optional(s, 0, BOOLEAN, &in)) {
		kf->fields |= 1 << 0;
		kf->empty_auth = left(&in) && *in.at;
	}
	if (get_optional(s, 1, SEQUENCE, &in)) {
		kf->fields |= 1 << 1;
		s->bad |= !take(in, &kf->policy);
	}
	if (get_optional(s, 3, SEQUENCE, &in)) {
		kf->fields |= 1 << 3;
		s->bad |= !take(in, &kf->auth_policy);
	}
	if (get_optional(s, 4, UTF8, &in)) {
		kf->fields |= 1 << 4;
		s->bad |= !take(in, &kf->description);
	}
	if (get_optional(s, 6, OCTETS, &in)) {
		kf->fields |= 1 << 6;
		s->bad |= !take(in, &kf->parent_name);
	}
	return !s->bad;
}

bool keyfile_decode(const char *hex, struct keyfile *kf)
{
	uint8_t der[8192];
	struct span outer = span(der, hex_decode(hex, der, sizeof(der)));
	struct span s = get(&outer, SEQUENCE), in;

	memset(kf, 0, sizeof(*kf));
	if (outer.bad || left(&outer) || !get_type(&s, kf) ||
	    !get_fields(&s, kf))
		return false;
	in = get(&s, INTEGER);
	kf->short_parent = left(&in) == 4;
	kf->parent = number(in);
	return take(get(&s, OCTETS), &kf->public) &&
	       take(get(&s, OCTETS), &kf->private) && !s.bad && !left(&s);
}

bool keyfile_statement(const struct keyfile *kf, unsigned int nr,
		       struct statement *st)
{
	struct span list = span(kf->policy.data, kf->policy.len);
	struct span entry, in;

	do {
		entry = get(&list, SEQUENCE);
	} while (nr-- && !list.bad);
	if (list.bad || !get_optional(&entry, 0, INTEGER, &in))
		return false;
	st->code = number(in);
	return get_optional(&entry, 1, OCTETS, &in) && take(in, &st->body);
}

/* --- writing -------------------------------------------------------------- */

struct out {
	size_t len;
	uint8_t data[2 * 8192];
};

static void put(struct out *o, const void *p, size_t len)
{
	if (len > sizeof(o->data) - o->len)
		abort();
	memcpy(o->data + o->len, p, len);
	o->len += len;
}

static void put_octet(struct out *o, uint8_t v)
{
	put(o, &v, 1);
}

static void put_element(struct out *o, uint8_t id, const void *p, size_t len)
{
	put_octet(o, id);
	if (len > 0xff) {
		put_octet(o, 0x82);
		put_octet(o, len >> 8);
	} else if (len > 0x7f) {
		put_octet(o, 0x81);
	}
	put_octet(o, len);
	put(o, p, len);
}

static void put_tagged(struct out *o, unsigned int n, uint8_t id,
		       const void *p, size_t len)
{
	struct out in = { 0 };

	put_element(&in, id, p, len);
	put_element(o, TAG(n), in.data, in.len);
}

static void put_parent(struct out *o, const struct keyfile *kf)
{
	uint32_t h = kf->parent;
	uint8_t octets[] = { 0, h >> 24, h >> 16, h >> 8, h };
	bool four = kf->short_parent || !(h >> 31);

	put_element(o, INTEGER, octets + four, sizeof(octets) - four);
}

void keyfile_add_statement(struct keyfile *kf, uint32_t code, const void *body,
			   size_t len)
{
	uint8_t number[] = { code >> 8, code };
	struct out entry = { 0 }, list = { 0 };

	put_tagged(&entry, 0, INTEGER, number, sizeof(number));
	put_tagged(&entry, 1, OCTETS, body, len);
	put_element(&list, SEQUENCE, entry.data, entry.len);
	if (list.len > sizeof(kf->policy.data) - kf->policy.len)
		abort();
	memcpy(kf->policy.data + kf->policy.len, list.data, list.len);
	kf->policy.len += list.len;
	kf->fields |= 1 << 1;
}

static void put_fields(struct out *o, const struct keyfile *kf)
{
	uint8_t boolean = kf->empty_auth ? 0xff : 0;

	if (kf->fields & 1 << 0)
		put_tagged(o, 0, BOOLEAN, &boolean, 1);
	if (kf->fields & 1 << 1)
		put_tagged(o, 1, SEQUENCE, kf->policy.data, kf->policy.len);
	if (kf->fields & 1 << 3)
		put_tagged(o, 3, SEQUENCE, kf->auth_policy.data,
			   kf->auth_policy.len);
	if (kf->fields & 1 << 4)
		put_tagged(o, 4, UTF8, kf->description.data,
			   kf->description.len);
	if (kf->fields & 1 << 6)
		put_tagged(o, 6, OCTETS, kf->parent_name.data,
			   kf->parent_name.len);
}

char *keyfile_encode(const struct keyfile *kf)
{
	struct out o = { 0 }, all = { 0 };
	uint8_t type[sizeof(oid) + 1];

	memcpy(type, oid, sizeof(oid));
	type[sizeof(oid)] = kf->type;
	put_element(&o, OID, type, sizeof(type));
	put_fields(&o, kf);
	put_parent(&o, kf);
	put_element(&o, OCTETS, kf->public.data, kf->public.len);
	put_element(&o, OCTETS, kf->private.data, kf->private.len);
	put_element(&all, SEQUENCE, o.data, o.len);
	return hex_encode(all.data, all.len);
}

char *der_wrap(const char *contents)
{
	uint8_t octets[4096];
	size_t len = hex_decode(contents, octets, sizeof(octets));
	struct out o = { 0 };

	put_element(&o, SEQUENCE, octets, len);
	return hex_encode(o.data, o.len);
}
