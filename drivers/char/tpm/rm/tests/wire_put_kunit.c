// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for wire.c: commands put together.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "../wire.h"

#define CODES		0x200	/* above every TPM_CC in the table */
#define BUFFER_SIZE	1024	/* enough for what make_command() makes */

/* 256 octets, none like its neighbours. */
static int pool_init(struct kunit *test)
{
	u8 *pool = kunit_kzalloc(test, 256, GFP_KERNEL);
	unsigned int i;

	if (!pool)
		return -ENOMEM;
	for (i = 0; i < 256; i++)
		pool[i] = i;
	test->priv = pool;
	return 0;
}

/* A small generator, the same everywhere (xorshift32). */
static u32 next_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static struct tpm2_bytes random_bytes(u32 *state, const u8 *pool, size_t max)
{
	return tpm2_bytes(pool + next_random(state) % 64,
			  next_random(state) % (max + 1));
}

static void make_command(struct trm_wire_command *c, u32 *state, const u8 *pool,
			 const struct trm_command_info *info)
{
	unsigned int i;

	memset(c, 0, sizeof(*c));
	c->code = info->code;
	c->info = info;
	for (i = 0; i < info->handles; i++)
		c->handle[i] = next_random(state);
	c->nr_auths = next_random(state) % (TPM2_MAX_SESSIONS + 1);
	for (i = 0; i < c->nr_auths; i++) {
		c->auth[i].handle = next_random(state);
		c->auth[i].nonce = random_bytes(state, pool, 64);
		c->auth[i].attributes = next_random(state);
		c->auth[i].hmac = random_bytes(state, pool, 64);
	}
	c->params = random_bytes(state, pool, 192);
}

static void expect_same(struct kunit *test, const struct trm_wire_command *a,
			const struct trm_wire_command *b)
{
	unsigned int i;

	KUNIT_EXPECT_EQ(test, a->code, b->code);
	KUNIT_EXPECT_PTR_EQ(test, a->info, b->info);
	KUNIT_EXPECT_MEMEQ(test, a->handle, b->handle, sizeof(a->handle));
	KUNIT_ASSERT_EQ(test, a->nr_auths, b->nr_auths);
	for (i = 0; i < a->nr_auths; i++) {
		KUNIT_EXPECT_EQ(test, a->auth[i].handle, b->auth[i].handle);
		KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(a->auth[i].nonce,
							 b->auth[i].nonce));
		KUNIT_EXPECT_EQ(test, a->auth[i].attributes,
				b->auth[i].attributes);
		KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(a->auth[i].hmac,
							 b->auth[i].hmac));
	}
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(a->params, b->params));
}

/* All commands of the table, with any number of sessions. */
static void what_was_put_is_parsed(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, BUFFER_SIZE, GFP_KERNEL);
	const struct trm_command_info *info;
	struct trm_wire_command c, back;
	u32 state = 1;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, buf);
	for (i = 0; i < 20 * CODES; i++) {
		struct tpm2_writer w = tpm2_writer(buf, BUFFER_SIZE);

		info = trm_command_find(i % CODES);
		if (!info)
			continue;
		make_command(&c, &state, test->priv, info);
		trm_wire_put_command(&w, &c);
		KUNIT_ASSERT_FALSE(test, w.full);
		KUNIT_ASSERT_EQ(test,
				trm_wire_parse_command(tpm2_written(&w), &back), 0);
		expect_same(test, &c, &back);
	}
}

static size_t put_size(struct kunit *test, const struct trm_wire_command *c)
{
	u8 *buf = kunit_kzalloc(test, BUFFER_SIZE, GFP_KERNEL);
	struct tpm2_writer w = tpm2_writer(buf, BUFFER_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	trm_wire_put_command(&w, c);
	KUNIT_ASSERT_FALSE(test, w.full);
	kunit_kfree(test, buf);
	return w.len;
}

/* The buffer is memory of just its size: a step too far is seen. */
static void put_stops_at_the_end_of_the_buffer(struct kunit *test)
{
	struct trm_wire_command c;
	struct tpm2_writer w;
	size_t size, room;
	u32 state = 3;

	make_command(&c, &state, test->priv, trm_command_find(TPM_CC_PolicyNV));
	c.nr_auths = 3;
	size = put_size(test, &c);
	for (room = 0; room <= size; room++) {
		u8 *p = kunit_kzalloc(test, room, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		w = tpm2_writer(p, room);
		trm_wire_put_command(&w, &c);
		KUNIT_EXPECT_EQ(test, w.full, room < size);
		KUNIT_EXPECT_LE(test, w.len, room);
		kunit_kfree(test, p);
	}
}

static void put_refuses_four_sessions(struct kunit *test)
{
	struct trm_wire_command c = { .code = TPM_CC_GetCapability, .nr_auths = 4 };
	u8 buf[128] = {};
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));

	trm_wire_put_command(&w, &c);
	KUNIT_EXPECT_TRUE(test, w.full);
}

/* A TPM2B has 16 bits for its size. */
static void put_refuses_what_a_tpm2b_cannot_hold(struct kunit *test)
{
	const size_t size = 0x10000 + 64;
	u8 *data = kunit_kzalloc(test, size, GFP_KERNEL);
	u8 *buf = kunit_kzalloc(test, size, GFP_KERNEL);
	struct trm_wire_command c = {
		.code = TPM_CC_GetCapability,
		.nr_auths = 1,
		.auth[0].hmac = tpm2_bytes(data, 0x10000),
	};
	struct tpm2_writer w = tpm2_writer(buf, size);

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_ASSERT_NOT_NULL(test, buf);
	trm_wire_put_command(&w, &c);
	KUNIT_EXPECT_TRUE(test, w.full);
	c.auth[0].hmac.len--;
	w = tpm2_writer(buf, size);
	trm_wire_put_command(&w, &c);
	KUNIT_EXPECT_FALSE(test, w.full);
	KUNIT_EXPECT_EQ(test, w.len, 10 + 4 + 9 + 0xffff);
}

static void put_needs_no_row_without_handles(struct kunit *test)
{
	struct trm_wire_command c = {
		.code = TPM_CC_GetCapability,
		.params = tpm2_bytes("abc", 3),
	};
	static const u8 expected[] = {
		0x80, 0x01, 0, 0, 0, 13, 0, 0, 0x01, 0x7a, 'a', 'b', 'c'
	};
	u8 buf[sizeof(expected)];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));

	trm_wire_put_command(&w, &c);
	KUNIT_EXPECT_FALSE(test, w.full);
	KUNIT_EXPECT_EQ(test, w.len, sizeof(buf));
	KUNIT_EXPECT_MEMEQ(test, buf, expected, sizeof(buf));
}

static struct kunit_case put_cases[] = {
	KUNIT_CASE(what_was_put_is_parsed),
	KUNIT_CASE(put_stops_at_the_end_of_the_buffer),
	KUNIT_CASE(put_refuses_four_sessions),
	KUNIT_CASE(put_refuses_what_a_tpm2b_cannot_hold),
	KUNIT_CASE(put_needs_no_row_without_handles),
	{}
};

static struct kunit_suite put_suite = {
	.name = "tpm_rm_wire_put",
	.init = pool_init,
	.test_cases = put_cases,
};

kunit_test_suite(put_suite);
