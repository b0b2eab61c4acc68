/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few elements of DER (X.690) that key files are made of.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * Reading is strict: identifiers of one octet, definite lengths in their
 * shortest form, contents that are all there.  A violation sets the reader's
 * bad, which sticks.  Writing takes two passes: the functions that end in _size
 * say how long an element will be, so that the lengths around it can be written
 * before it; or one, in which tpk_der_wrap() moves what was written.  Nothing
 * here is longer than 65535 octets.
 */
#ifndef _TPK_DER_H
#define _TPK_DER_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

/* Identifier octets. */
#define DER_BOOLEAN	0x01
#define DER_INTEGER	0x02
#define DER_BITS	0x03
#define DER_OCTETS	0x04
#define DER_NULL	0x05
#define DER_OID		0x06
#define DER_UTF8	0x0c
#define DER_SEQUENCE	0x30
#define DER_TAG(n)	(0xa0 | (n))	/* [n], constructed */

/**
 * tpk_der_peek() - what comes next
 * @r: where from
 *
 * Return: identifier octet; 0 at the end and after an error.
 */
u8 tpk_der_peek(const struct tpm2_reader *r);

/**
 * tpk_der_get() - the contents octets of the next element
 * @r: where from; bad if there is no such element
 * @id: identifier octet that the element must have
 *
 * Return: the contents; empty after an error.
 */
struct tpm2_bytes tpk_der_get(struct tpm2_reader *r, u8 id);

/**
 * tpk_der_enter() - a reader for the contents of the next element
 * @r: where from; bad if there is no such element
 * @id: identifier octet that the element must have
 *
 * Return: the reader; bad if @r is.
 */
struct tpm2_reader tpk_der_enter(struct tpm2_reader *r, u8 id);

/**
 * tpk_der_get_explicit() - the contents of an element with an EXPLICIT tag
 * @r: where from; bad if there is no such element, or something beside it
 * @tag: DER_TAG(n)
 * @id: identifier octet of the element inside
 *
 * Return: the contents of the element inside; empty after an error.
 */
struct tpm2_bytes tpk_der_get_explicit(struct tpm2_reader *r, u8 tag, u8 id);

/**
 * tpk_der_u32() - the value of an INTEGER from 0 to 2^32 - 1
 * @contents: contents octets
 * @value: result
 *
 * Return: false if it is out of this range, or not in its shortest form.
 */
bool tpk_der_u32(struct tpm2_bytes contents, u32 *value);

/**
 * tpk_der_is_utf8() - is this the contents of a UTF8String?
 * @text: contents octets
 *
 * Return: false for overlong forms, surrogates, code points above U+10FFFF and
 * whatever else is not UTF-8 (RFC 3629).
 */
bool tpk_der_is_utf8(struct tpm2_bytes text);

/**
 * tpk_der_size() - octets of an element
 * @len: octets of its contents
 *
 * Return: octets with identifier and length.
 */
size_t tpk_der_size(size_t len);

/**
 * tpk_der_explicit_size() - octets of an element with an EXPLICIT tag
 * @len: octets of the contents of the element inside
 *
 * Return: octets of it all.
 */
size_t tpk_der_explicit_size(size_t len);

/**
 * tpk_der_u32_len() - contents octets of an INTEGER
 * @value: its value
 *
 * Return: 1 to 5.
 */
size_t tpk_der_u32_len(u32 value);

/**
 * tpk_der_open() - write identifier and length of an element
 * @w: where to
 * @id: identifier octet
 * @len: octets of the contents, which the caller writes next
 */
void tpk_der_open(struct tpm2_writer *w, u8 id, size_t len);

/**
 * tpk_der_put() - write an element
 * @w: where to
 * @id: identifier octet
 * @contents: contents octets
 */
void tpk_der_put(struct tpm2_writer *w, u8 id, struct tpm2_bytes contents);

/**
 * tpk_der_put_explicit() - write an element with an EXPLICIT tag
 * @w: where to
 * @tag: DER_TAG(n)
 * @id: identifier octet of the element inside
 * @contents: its contents octets
 */
void tpk_der_put_explicit(struct tpm2_writer *w, u8 tag, u8 id,
			  struct tpm2_bytes contents);

/**
 * tpk_der_put_u32() - write an INTEGER
 * @w: where to
 * @value: its value
 */
void tpk_der_put_u32(struct tpm2_writer *w, u32 value);

/**
 * tpk_der_wrap() - make an element of what has been written
 * @w: where to
 * @start: octets that @w had before the contents were written
 * @id: identifier octet
 *
 * For elements whose length is not known before: moves the contents.
 */
void tpk_der_wrap(struct tpm2_writer *w, size_t start, u8 id);

#endif /* _TPK_DER_H */
