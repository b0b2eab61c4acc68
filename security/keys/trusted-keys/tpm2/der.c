// SPDX-License-Identifier: GPL-2.0-only
/*
 * Strict reading and two-pass writing of DER.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "der.h"

/* X.690, 8.1.3.5: in the long form the first octet says how many follow. */
#define LENGTH_8	0x81
#define LENGTH_16	0x82

u8 tpk_der_peek(const struct tpm2_reader *r)
{
	return tpm2_left(r) ? *r->at : 0;
}

/*
 * X.690, 10.1: the form with the fewest octets is the only one.  Other first
 * octets are the indefinite form, or more than 65535.
 */
static size_t get_length(struct tpm2_reader *r)
{
	size_t len = tpm2_get_u8(r);
	size_t least = 0;

	if (len == LENGTH_8) {
		len = tpm2_get_u8(r);
		least = 0x80;
	} else if (len == LENGTH_16) {
		len = tpm2_get_u16(r);
		least = 0x100;
	} else if (len >= 0x80) {
		r->bad = true;
	}
	if (len < least)
		r->bad = true;
	return len;
}

struct tpm2_bytes tpk_der_get(struct tpm2_reader *r, u8 id)
{
	size_t len;

	if (tpm2_get_u8(r) != id)
		r->bad = true;
	len = get_length(r);
	return tpm2_get_bytes(r, len);
}

struct tpm2_reader tpk_der_enter(struct tpm2_reader *r, u8 id)
{
	struct tpm2_bytes contents = tpk_der_get(r, id);
	struct tpm2_reader inside = *r;

	if (r->bad)
		return inside;
	inside.at = contents.data;
	inside.end = contents.data + contents.len;
	return inside;
}

struct tpm2_bytes tpk_der_get_explicit(struct tpm2_reader *r, u8 tag, u8 id)
{
	struct tpm2_reader inside = tpk_der_enter(r, tag);
	struct tpm2_bytes contents = tpk_der_get(&inside, id);

	if (tpm2_done(&inside))
		return contents;
	r->bad = true;
	return tpm2_bytes(NULL, 0);
}

/* X.690, 8.3.2: the first nine bits are neither all zero nor all one. */
static bool integer_is_shortest(struct tpm2_bytes c)
{
	if (c.len < 2)
		return c.len;
	return !(c.data[0] == 0x00 && c.data[1] < 0x80) &&
	       !(c.data[0] == 0xff && c.data[1] >= 0x80);
}

bool tpk_der_u32(struct tpm2_bytes contents, u32 *value)
{
	size_t i;

	*value = 0;
	if (!integer_is_shortest(contents) || contents.data[0] >= 0x80)
		return false;
	if (contents.len > 4 + !contents.data[0])
		return false;
	for (i = 0; i < contents.len; i++)
		*value = *value << 8 | contents.data[i];
	return true;
}

/* One code point.  An octet that is not there reads as 0, which is no tail. */
static bool get_utf8(struct tpm2_reader *r)
{
	static const u32 least[] = { 0, 0x80, 0x800, 0x10000 };
	u32 c = tpm2_get_u8(r);
	unsigned int tails, i;

	if (c < 0x80)
		return true;
	if (c < 0xc0 || c >= 0xf8)
		return false;
	tails = 1 + (c >= 0xe0) + (c >= 0xf0);
	c &= 0x3f >> tails;
	for (i = 0; i < tails; i++) {
		u8 tail = tpm2_get_u8(r);

		if ((tail & 0xc0) != 0x80)
			return false;
		c = c << 6 | (tail & 0x3f);
	}
	return c >= least[tails] && c <= 0x10ffff && (c & ~0x7ffU) != 0xd800;
}

bool tpk_der_is_utf8(struct tpm2_bytes text)
{
	struct tpm2_reader r = tpm2_reader(text.data, text.len);

	while (tpm2_left(&r))
		if (!get_utf8(&r))
			return false;
	return true;
}

size_t tpk_der_size(size_t len)
{
	return 2 + (len >= 0x80) + (len >= 0x100) + len;
}

size_t tpk_der_explicit_size(size_t len)
{
	return tpk_der_size(tpk_der_size(len));
}

/* One bit more than the value, for the sign. */
size_t tpk_der_u32_len(u32 value)
{
	return 1 + (value >= 0x80) + (value >= 0x8000) +
	       (value >= 0x800000) + (value >= 0x80000000);
}

void tpk_der_open(struct tpm2_writer *w, u8 id, size_t len)
{
	tpm2_put_u8(w, id);
	if (len > 0xffff) {
		w->full = true;
	} else if (len >= 0x100) {
		tpm2_put_u8(w, LENGTH_16);
		tpm2_put_u16(w, len);
	} else {
		if (len >= 0x80)
			tpm2_put_u8(w, LENGTH_8);
		tpm2_put_u8(w, len);
	}
}

void tpk_der_put(struct tpm2_writer *w, u8 id, struct tpm2_bytes contents)
{
	tpk_der_open(w, id, contents.len);
	tpm2_put_bytes(w, contents);
}

void tpk_der_put_explicit(struct tpm2_writer *w, u8 tag, u8 id,
			  struct tpm2_bytes contents)
{
	tpk_der_open(w, tag, tpk_der_size(contents.len));
	tpk_der_put(w, id, contents);
}

void tpk_der_put_u32(struct tpm2_writer *w, u32 value)
{
	size_t i = tpk_der_u32_len(value);

	tpk_der_open(w, DER_INTEGER, i);
	while (i--)
		tpm2_put_u8(w, (u64)value >> 8 * i);
}

void tpk_der_wrap(struct tpm2_writer *w, size_t start, u8 id)
{
	size_t len = w->len - start;
	size_t header = tpk_der_size(len) - len;
	struct tpm2_writer in_front;

	if (!tpm2_reserve(w, header))
		return;
	memmove(w->buf + start + header, w->buf + start, len);
	in_front = tpm2_writer(w->buf + start, header);
	tpk_der_open(&in_front, id, len);
	w->full |= in_front.full;
}
