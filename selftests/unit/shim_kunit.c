// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for the headers that stand in for the kernel's, and for KUnit.
 */
#include <kunit/test.h>
#include <linux/list.h>
#include <linux/unaligned.h>

struct item {
	struct list_head node;
	int value;
};

static void unaligned_has_the_byte_order(struct kunit *test)
{
	static const u8 octets[] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	u8 out[8];

	KUNIT_EXPECT_EQ(test, get_unaligned_be16(octets), 0x0102);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(octets), 0x01020304);
	KUNIT_EXPECT_EQ(test, get_unaligned_be64(octets), 0x0102030405060708);
	KUNIT_EXPECT_EQ(test, get_unaligned_le16(octets), 0x0201);
	KUNIT_EXPECT_EQ(test, get_unaligned_le32(octets), 0x04030201);
	KUNIT_EXPECT_EQ(test, get_unaligned_le64(octets), 0x0807060504030201);
	put_unaligned_be64(0x0102030405060708, out);
	KUNIT_EXPECT_MEMEQ(test, out, octets, 8);
	put_unaligned_be32(0x05060708, out);
	KUNIT_EXPECT_MEMEQ(test, out, octets + 4, 4);
	put_unaligned_be16(0x0304, out);
	KUNIT_EXPECT_MEMEQ(test, out, octets + 2, 2);
	put_unaligned_le32(0x08070605, out);
	KUNIT_EXPECT_MEMEQ(test, out, octets + 4, 4);
}

static int sum(struct list_head *head)
{
	struct item *item;
	int digits = 0;

	list_for_each_entry(item, head, node)
		digits = digits * 10 + item->value;
	return digits;
}

static void list_keeps_its_order(struct kunit *test)
{
	struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };
	struct item *item, *next;
	LIST_HEAD(head);

	KUNIT_EXPECT_TRUE(test, list_empty(&head));
	KUNIT_EXPECT_NULL(test, list_first_entry_or_null(&head, struct item, node));
	list_add_tail(&b.node, &head);
	list_add_tail(&c.node, &head);
	list_add(&a.node, &head);
	KUNIT_EXPECT_EQ(test, sum(&head), 123);
	list_move_tail(&a.node, &head);
	KUNIT_EXPECT_EQ(test, sum(&head), 231);
	KUNIT_EXPECT_PTR_EQ(test, list_first_entry(&head, struct item, node), &b);
	list_for_each_entry_safe(item, next, &head, node) {
		if (item->value == 3)
			list_del_init(&item->node);
	}
	KUNIT_EXPECT_EQ(test, sum(&head), 21);
	KUNIT_EXPECT_TRUE(test, list_empty(&c.node));
}

static void allocations_are_zeroed_and_freed(struct kunit *test)
{
	u8 *p = kunit_kzalloc(test, 64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_TRUE(test, mem_is_zero(p, 64));
	p = kunit_kmalloc(test, 64, GFP_KERNEL);
	kunit_kfree(test, p);
}

static const struct {
	const char *name;
	int a, b, least;
} mins[] = {
	{ "left", 1, 2, 1 },
	{ "right", 2, 1, 1 },
	{ "negative", -1, 1, -1 },
};

KUNIT_ARRAY_PARAM_DESC(mins, mins, name);

static void min_is_the_least(struct kunit *test)
{
	const typeof(mins[0]) *p = test->param_value;

	KUNIT_EXPECT_EQ(test, min(p->a, p->b), p->least);
}

static int priv_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, 1, GFP_KERNEL);
	return 0;
}

static void init_runs_before_each_case(struct kunit *test)
{
	KUNIT_EXPECT_NOT_NULL(test, test->priv);
}

static struct kunit_case shim_cases[] = {
	KUNIT_CASE(unaligned_has_the_byte_order),
	KUNIT_CASE(list_keeps_its_order),
	KUNIT_CASE(allocations_are_zeroed_and_freed),
	KUNIT_CASE_PARAM(min_is_the_least, mins_gen_params),
	KUNIT_CASE(init_runs_before_each_case),
	{}
};

static struct kunit_suite shim_suite = {
	.name = "unit_shim",
	.init = priv_init,
	.test_cases = shim_cases,
};

kunit_test_suite(shim_suite);
