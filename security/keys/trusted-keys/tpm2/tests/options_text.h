/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the cases for texts of add_key() have in common.
 */
#ifndef _TPK_TESTS_OPTIONS_TEXT_H
#define _TPK_TESTS_OPTIONS_TEXT_H

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../options.h"

#define HEX20	"000102030405060708090a0b0c0d0e0f10111213"
#define HEX32	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEX48	HEX32 "202122232425262728292a2b2c2d2e2f"
#define HEX64	HEX48 "303132333435363738393a3b3c3d3e3f"

/* PolicyAuthValue; the same as the policy of a TPMAuthPolicy; a key on P-256. */
#define POLICY		"300c300aa0040202016ba1020400"
#define AUTHPOLICY	"30123010a10e" POLICY
#define SPKI		"3059301306072a8648ce3d020106082a8648ce3d030107034200" \
			"04" HEX32 HEX32

/* One text at a time, in a buffer of exactly its size. */
struct text {
	struct tpk_options o;
	struct tpk_complaint c;
	char *buf;
	size_t len;
};

static inline int parse_octets(struct kunit *test, const void *octets, size_t len)
{
	struct text *t = test->priv;

	kunit_kfree(test, t->buf);
	t->buf = kunit_kmalloc(test, len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->buf);
	memcpy(t->buf, octets, len);
	t->len = len;
	return tpk_options_parse(t->buf, len, &t->o, &t->c);
}

static inline int parse(struct kunit *test, const char *text)
{
	return parse_octets(test, text, strlen(text));
}

static inline int text_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct text), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

#endif /* _TPK_TESTS_OPTIONS_TEXT_H */
