/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bounds-checked reading and writing of TPM 2.0 wire bytes.
 *
 * PURE: used by the modules, the user-space tools and the host tests alike.
 *
 * Both cursors fail softly and stickily: a read past the end gives zeroes or
 * NULL and sets @bad, a write past the end writes nothing and sets @full.  So a
 * parser reads a whole structure and checks once, at the end.
 */
#ifndef _LINUX_TPM2_CURSOR_H
#define _LINUX_TPM2_CURSOR_H

#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

/**
 * struct tpm2_bytes - octets that somebody else owns
 * @data: first octet, may be NULL when @len is 0
 * @len: number of octets
 */
struct tpm2_bytes {
	const u8 *data;
	size_t len;
};

static inline struct tpm2_bytes tpm2_bytes(const void *data, size_t len)
{
	return (struct tpm2_bytes){ .data = data, .len = len };
}

static inline bool tpm2_bytes_equal(struct tpm2_bytes a, struct tpm2_bytes b)
{
	return a.len == b.len && (!a.len || !memcmp(a.data, b.data, a.len));
}

/**
 * struct tpm2_reader - a position in octets that are not trusted
 * @at: next octet
 * @end: one past the last octet
 * @bad: something was read beyond @end; what was read since is zero or NULL
 */
struct tpm2_reader {
	const u8 *at;
	const u8 *end;
	bool bad;
};

static inline struct tpm2_reader tpm2_reader(const void *data, size_t len)
{
	const u8 *at = data;

	return (struct tpm2_reader){ .at = at, .end = at + len };
}

static inline size_t tpm2_left(const struct tpm2_reader *r)
{
	return r->bad ? 0 : r->end - r->at;
}

/* True if everything was there and nothing is left over. */
static inline bool tpm2_done(const struct tpm2_reader *r)
{
	return !r->bad && r->at == r->end;
}

/* The next @len octets where they lie, or NULL. */
static inline const u8 *tpm2_get(struct tpm2_reader *r, size_t len)
{
	const u8 *at = r->at;

	if (r->bad || len > (size_t)(r->end - at)) {
		r->bad = true;
		return NULL;
	}
	r->at = at + len;
	return at;
}

static inline u8 tpm2_get_u8(struct tpm2_reader *r)
{
	const u8 *at = tpm2_get(r, 1);

	return at ? *at : 0;
}

static inline u16 tpm2_get_u16(struct tpm2_reader *r)
{
	const u8 *at = tpm2_get(r, 2);

	return at ? get_unaligned_be16(at) : 0;
}

static inline u32 tpm2_get_u32(struct tpm2_reader *r)
{
	const u8 *at = tpm2_get(r, 4);

	return at ? get_unaligned_be32(at) : 0;
}

/* @len octets as a span; empty when they are not there. */
static inline struct tpm2_bytes tpm2_get_bytes(struct tpm2_reader *r, size_t len)
{
	const u8 *at = tpm2_get(r, len);

	return tpm2_bytes(at, at ? len : 0);
}

/* The contents of a TPM2B: a 16-bit size and that many octets. */
static inline struct tpm2_bytes tpm2_get_sized(struct tpm2_reader *r)
{
	size_t len = tpm2_get_u16(r);

	return tpm2_get_bytes(r, len);
}

/* A whole TPM2B with its size field. */
static inline struct tpm2_bytes tpm2_get_tpm2b(struct tpm2_reader *r)
{
	const u8 *start = r->at;

	tpm2_get_sized(r);
	return tpm2_bytes(r->bad ? NULL : start, r->bad ? 0 : r->at - start);
}

/**
 * struct tpm2_writer - a buffer that is being filled
 * @buf: the buffer, owned by the caller
 * @size: its size
 * @len: octets written
 * @full: something did not fit; it and all that followed were not written
 */
struct tpm2_writer {
	u8 *buf;
	size_t size;
	size_t len;
	bool full;
};

static inline struct tpm2_writer tpm2_writer(void *buf, size_t size)
{
	return (struct tpm2_writer){ .buf = buf, .size = size };
}

/* Room for @len octets, or NULL. */
static inline u8 *tpm2_reserve(struct tpm2_writer *w, size_t len)
{
	u8 *at = w->buf + w->len;

	if (w->full || len > w->size - w->len) {
		w->full = true;
		return NULL;
	}
	w->len += len;
	return at;
}

static inline void tpm2_put(struct tpm2_writer *w, const void *data, size_t len)
{
	u8 *at = tpm2_reserve(w, len);

	if (at && len)
		memcpy(at, data, len);
}

static inline void tpm2_put_bytes(struct tpm2_writer *w, struct tpm2_bytes b)
{
	tpm2_put(w, b.data, b.len);
}

static inline void tpm2_put_u8(struct tpm2_writer *w, u8 value)
{
	tpm2_put(w, &value, 1);
}

static inline void tpm2_put_u16(struct tpm2_writer *w, u16 value)
{
	u8 *at = tpm2_reserve(w, 2);

	if (at)
		put_unaligned_be16(value, at);
}

static inline void tpm2_put_u32(struct tpm2_writer *w, u32 value)
{
	u8 *at = tpm2_reserve(w, 4);

	if (at)
		put_unaligned_be32(value, at);
}

/* A TPM2B around @b. */
static inline void tpm2_put_sized(struct tpm2_writer *w, struct tpm2_bytes b)
{
	if (b.len > 0xffff) {
		w->full = true;
		return;
	}
	tpm2_put_u16(w, b.len);
	tpm2_put_bytes(w, b);
}

/*
 * A size field (16 or 32 bits) whose value is known only later: open it, write
 * the contents, close it with what open returned.
 */
static inline size_t tpm2_open_u16(struct tpm2_writer *w)
{
	tpm2_put_u16(w, 0);
	return w->len;
}

static inline void tpm2_close_u16(struct tpm2_writer *w, size_t start)
{
	if (!w->full && w->len - start <= 0xffff)
		put_unaligned_be16(w->len - start, w->buf + start - 2);
	else
		w->full = true;
}

static inline size_t tpm2_open_u32(struct tpm2_writer *w)
{
	tpm2_put_u32(w, 0);
	return w->len;
}

static inline void tpm2_close_u32(struct tpm2_writer *w, size_t start)
{
	if (!w->full)
		put_unaligned_be32(w->len - start, w->buf + start - 4);
}

static inline struct tpm2_bytes tpm2_written(const struct tpm2_writer *w)
{
	return tpm2_bytes(w->buf, w->len);
}

#endif /* _LINUX_TPM2_CURSOR_H */
