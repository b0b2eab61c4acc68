/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * <kunit/test.h> for user space: the KUnit suites of PURE files on the host.
 *
 * As strict as the kernel's where it matters: no bit-fields in comparisons, and
 * no pointers but with the macros for them.  There is no way to skip a case.
 */
#ifndef _UNIT_KUNIT_TEST_H
#define _UNIT_KUNIT_TEST_H

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KUNIT_PARAM_DESC_SIZE	128

struct kunit_block;

/**
 * struct kunit - a running case
 * @priv: for the suite's init and its cases
 * @param_value: the present parameter of KUNIT_CASE_PARAM()
 * @param_index: its number
 * @name: of the case
 * @failed: an expectation did not hold
 * @blocks: memory to be freed after the case
 * @end: where a failed assertion goes
 */
struct kunit {
	void *priv;
	const void *param_value;
	int param_index;
	const char *name;
	bool failed;
	struct kunit_block *blocks;
	jmp_buf end;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char name[256];
	int (*suite_init)(struct kunit_suite *suite);
	void (*suite_exit)(struct kunit_suite *suite);
	int (*init)(struct kunit *test);
	void (*exit)(struct kunit *test);
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(fn)			{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_SLOW(fn)		KUNIT_CASE(fn)
#define KUNIT_CASE_PARAM(fn, gen) \
	{ .run_case = fn, .name = #fn, .generate_params = gen }

/* Parameters from an array; @get_desc(element, desc) may be NULL. */
#define KUNIT_ARRAY_PARAM(gen, array, get_desc) \
static const void *gen##_gen_params(const void *prev, char *desc) \
{ \
	typeof((array)[0]) *__next = prev; \
	void (*__describe)(typeof(__next), char *) = get_desc; \
	\
	__next = prev ? __next + 1 : (array); \
	if (__next - (array) >= (ptrdiff_t)ARRAY_SIZE(array)) \
		return NULL; \
	if (__describe) \
		__describe(__next, desc); \
	return __next; \
}

/* The same, described by a member that is a string. */
#define KUNIT_ARRAY_PARAM_DESC(gen, array, member) \
static const void *gen##_gen_params(const void *prev, char *desc) \
{ \
	typeof((array)[0]) *__next = prev; \
	\
	__next = prev ? __next + 1 : (array); \
	if (__next - (array) >= (ptrdiff_t)ARRAY_SIZE(array)) \
		return NULL; \
	strscpy(desc, __next->member, KUNIT_PARAM_DESC_SIZE); \
	return __next; \
}

/* A suite enters itself before main(). */
void kunit_enter(struct kunit_suite *const *suites, size_t nr);

#define kunit_test_suites(...) \
static __attribute__((__constructor__)) void kunit_enter_suites(void) \
{ \
	static struct kunit_suite *const suites[] = { __VA_ARGS__ }; \
	\
	kunit_enter(suites, ARRAY_SIZE(suites)); \
} \
_Static_assert(1, "")

#define kunit_test_suite(suite)	kunit_test_suites(&suite)

void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp);
void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp);
void kunit_kfree(struct kunit *test, const void *p);

static inline void *kunit_kcalloc(struct kunit *test, size_t nr, size_t size,
				  gfp_t gfp)
{
	return kunit_kzalloc(test, nr * size, gfp);
}

void kunit_note(const char *fmt, ...) __printf(1, 2);

#define kunit_info(test, fmt, ...)	kunit_note(fmt, ##__VA_ARGS__)
#define kunit_warn(test, fmt, ...)	kunit_note(fmt, ##__VA_ARGS__)
#define kunit_err(test, fmt, ...)	kunit_note(fmt, ##__VA_ARGS__)

/* What failed, said by kunit.c; a fatal one ends the case. */
void kunit_failed(struct kunit *test, bool fatal, const char *file, int line,
		  const char *fmt, ...) __printf(5, 6);
void kunit_compared(const char *text, long long value);
void kunit_compared_mem(const char *text, const void *p, size_t len);
void kunit_compared_str(const char *text, const char *s);

#define KUNIT_FAILED(test, fatal, fmt, ...) \
	kunit_failed(test, fatal, __FILE__, __LINE__, "" fmt, ##__VA_ARGS__)

#define KUNIT_FAIL(test, fmt, ...) \
	KUNIT_FAILED(test, false, fmt, ##__VA_ARGS__)
#define KUNIT_FAIL_AND_ABORT(test, fmt, ...) \
	KUNIT_FAILED(test, true, fmt, ##__VA_ARGS__)
#define KUNIT_SUCCEED(test)	do { (void)(test); } while (0)

#define KUNIT_TRUTH(test, fatal, want, cond, what, ...) \
do { \
	if (((cond) ? true : false) != (want)) { \
		kunit_note("expected %s", what); \
		KUNIT_FAILED(test, fatal, "" __VA_ARGS__); \
	} \
} while (0)

#define KUNIT_BINARY(test, fatal, left, op, right, ...) \
do { \
	const typeof(left) __left = (left); \
	const typeof(right) __right = (right); \
	\
	if (!(__left op __right)) { \
		kunit_note("expected %s %s %s", #left, #op, #right); \
		kunit_compared(#left, (long long)__left); \
		kunit_compared(#right, (long long)__right); \
		KUNIT_FAILED(test, fatal, "" __VA_ARGS__); \
	} \
} while (0)

#define KUNIT_PTR(test, fatal, left, op, right, ...) \
do { \
	const void *__left = (left); \
	const void *__right = (right); \
	\
	if (!(__left op __right)) { \
		kunit_note("expected %s %s %s: %p, %p", #left, #op, #right, \
			   __left, __right); \
		KUNIT_FAILED(test, fatal, "" __VA_ARGS__); \
	} \
} while (0)

#define KUNIT_STR(test, fatal, left, op, right, ...) \
do { \
	const char *__left = (left); \
	const char *__right = (right); \
	\
	if (!__left || !__right || !(strcmp(__left, __right) op 0)) { \
		kunit_note("expected %s %s %s", #left, #op, #right); \
		kunit_compared_str(#left, __left); \
		kunit_compared_str(#right, __right); \
		KUNIT_FAILED(test, fatal, "" __VA_ARGS__); \
	} \
} while (0)

#define KUNIT_MEM(test, fatal, left, op, right, size, ...) \
do { \
	const void *__left = (left); \
	const void *__right = (right); \
	const size_t __size = (size); \
	\
	if (!__left || !__right || !(memcmp(__left, __right, __size) op 0)) { \
		kunit_note("expected %s %s %s", #left, #op, #right); \
		kunit_compared_mem(#left, __left, __size); \
		kunit_compared_mem(#right, __right, __size); \
		KUNIT_FAILED(test, fatal, "" __VA_ARGS__); \
	} \
} while (0)

/* An expectation that fails lets its case go on ... */
#define KUNIT_EXPECT_TRUE(test, c) \
	KUNIT_TRUTH(test, false, true, c, "(" #c ")")
#define KUNIT_EXPECT_TRUE_MSG(test, c, ...) \
	KUNIT_TRUTH(test, false, true, c, "(" #c ")", __VA_ARGS__)
#define KUNIT_EXPECT_FALSE(test, c) \
	KUNIT_TRUTH(test, false, false, c, "!(" #c ")")
#define KUNIT_EXPECT_FALSE_MSG(test, c, ...) \
	KUNIT_TRUTH(test, false, false, c, "!(" #c ")", __VA_ARGS__)
#define KUNIT_EXPECT_EQ(test, l, r) \
	KUNIT_BINARY(test, false, l, ==, r)
#define KUNIT_EXPECT_EQ_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, false, l, ==, r, __VA_ARGS__)
#define KUNIT_EXPECT_NE(test, l, r) \
	KUNIT_BINARY(test, false, l, !=, r)
#define KUNIT_EXPECT_NE_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, false, l, !=, r, __VA_ARGS__)
#define KUNIT_EXPECT_LT(test, l, r) \
	KUNIT_BINARY(test, false, l, <, r)
#define KUNIT_EXPECT_LT_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, false, l, <, r, __VA_ARGS__)
#define KUNIT_EXPECT_LE(test, l, r) \
	KUNIT_BINARY(test, false, l, <=, r)
#define KUNIT_EXPECT_LE_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, false, l, <=, r, __VA_ARGS__)
#define KUNIT_EXPECT_GT(test, l, r) \
	KUNIT_BINARY(test, false, l, >, r)
#define KUNIT_EXPECT_GT_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, false, l, >, r, __VA_ARGS__)
#define KUNIT_EXPECT_GE(test, l, r) \
	KUNIT_BINARY(test, false, l, >=, r)
#define KUNIT_EXPECT_GE_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, false, l, >=, r, __VA_ARGS__)
#define KUNIT_EXPECT_PTR_EQ(test, l, r) \
	KUNIT_PTR(test, false, l, ==, r)
#define KUNIT_EXPECT_PTR_EQ_MSG(test, l, r, ...) \
	KUNIT_PTR(test, false, l, ==, r, __VA_ARGS__)
#define KUNIT_EXPECT_PTR_NE(test, l, r) \
	KUNIT_PTR(test, false, l, !=, r)
#define KUNIT_EXPECT_PTR_NE_MSG(test, l, r, ...) \
	KUNIT_PTR(test, false, l, !=, r, __VA_ARGS__)
#define KUNIT_EXPECT_STREQ(test, l, r) \
	KUNIT_STR(test, false, l, ==, r)
#define KUNIT_EXPECT_STREQ_MSG(test, l, r, ...) \
	KUNIT_STR(test, false, l, ==, r, __VA_ARGS__)
#define KUNIT_EXPECT_STRNEQ(test, l, r) \
	KUNIT_STR(test, false, l, !=, r)
#define KUNIT_EXPECT_STRNEQ_MSG(test, l, r, ...) \
	KUNIT_STR(test, false, l, !=, r, __VA_ARGS__)
#define KUNIT_EXPECT_MEMEQ(test, l, r, n) \
	KUNIT_MEM(test, false, l, ==, r, n)
#define KUNIT_EXPECT_MEMEQ_MSG(test, l, r, n, ...) \
	KUNIT_MEM(test, false, l, ==, r, n, __VA_ARGS__)
#define KUNIT_EXPECT_MEMNEQ(test, l, r, n) \
	KUNIT_MEM(test, false, l, !=, r, n)
#define KUNIT_EXPECT_MEMNEQ_MSG(test, l, r, n, ...) \
	KUNIT_MEM(test, false, l, !=, r, n, __VA_ARGS__)
#define KUNIT_EXPECT_NULL(test, p) \
	KUNIT_PTR(test, false, p, ==, NULL)
#define KUNIT_EXPECT_NULL_MSG(test, p, ...) \
	KUNIT_PTR(test, false, p, ==, NULL, __VA_ARGS__)
#define KUNIT_EXPECT_NOT_NULL(test, p) \
	KUNIT_PTR(test, false, p, !=, NULL)
#define KUNIT_EXPECT_NOT_NULL_MSG(test, p, ...) \
	KUNIT_PTR(test, false, p, !=, NULL, __VA_ARGS__)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL(test, p) \
	KUNIT_PTR(test, false, p, !=, NULL)
#define KUNIT_EXPECT_NOT_ERR_OR_NULL_MSG(test, p, ...) \
	KUNIT_PTR(test, false, p, !=, NULL, __VA_ARGS__)

/* ... an assertion ends it. */
#define KUNIT_ASSERT_TRUE(test, c) \
	KUNIT_TRUTH(test, true, true, c, "(" #c ")")
#define KUNIT_ASSERT_TRUE_MSG(test, c, ...) \
	KUNIT_TRUTH(test, true, true, c, "(" #c ")", __VA_ARGS__)
#define KUNIT_ASSERT_FALSE(test, c) \
	KUNIT_TRUTH(test, true, false, c, "!(" #c ")")
#define KUNIT_ASSERT_FALSE_MSG(test, c, ...) \
	KUNIT_TRUTH(test, true, false, c, "!(" #c ")", __VA_ARGS__)
#define KUNIT_ASSERT_EQ(test, l, r) \
	KUNIT_BINARY(test, true, l, ==, r)
#define KUNIT_ASSERT_EQ_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, true, l, ==, r, __VA_ARGS__)
#define KUNIT_ASSERT_NE(test, l, r) \
	KUNIT_BINARY(test, true, l, !=, r)
#define KUNIT_ASSERT_NE_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, true, l, !=, r, __VA_ARGS__)
#define KUNIT_ASSERT_LT(test, l, r) \
	KUNIT_BINARY(test, true, l, <, r)
#define KUNIT_ASSERT_LT_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, true, l, <, r, __VA_ARGS__)
#define KUNIT_ASSERT_LE(test, l, r) \
	KUNIT_BINARY(test, true, l, <=, r)
#define KUNIT_ASSERT_LE_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, true, l, <=, r, __VA_ARGS__)
#define KUNIT_ASSERT_GT(test, l, r) \
	KUNIT_BINARY(test, true, l, >, r)
#define KUNIT_ASSERT_GT_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, true, l, >, r, __VA_ARGS__)
#define KUNIT_ASSERT_GE(test, l, r) \
	KUNIT_BINARY(test, true, l, >=, r)
#define KUNIT_ASSERT_GE_MSG(test, l, r, ...) \
	KUNIT_BINARY(test, true, l, >=, r, __VA_ARGS__)
#define KUNIT_ASSERT_PTR_EQ(test, l, r) \
	KUNIT_PTR(test, true, l, ==, r)
#define KUNIT_ASSERT_PTR_EQ_MSG(test, l, r, ...) \
	KUNIT_PTR(test, true, l, ==, r, __VA_ARGS__)
#define KUNIT_ASSERT_PTR_NE(test, l, r) \
	KUNIT_PTR(test, true, l, !=, r)
#define KUNIT_ASSERT_PTR_NE_MSG(test, l, r, ...) \
	KUNIT_PTR(test, true, l, !=, r, __VA_ARGS__)
#define KUNIT_ASSERT_STREQ(test, l, r) \
	KUNIT_STR(test, true, l, ==, r)
#define KUNIT_ASSERT_STREQ_MSG(test, l, r, ...) \
	KUNIT_STR(test, true, l, ==, r, __VA_ARGS__)
#define KUNIT_ASSERT_STRNEQ(test, l, r) \
	KUNIT_STR(test, true, l, !=, r)
#define KUNIT_ASSERT_STRNEQ_MSG(test, l, r, ...) \
	KUNIT_STR(test, true, l, !=, r, __VA_ARGS__)
#define KUNIT_ASSERT_MEMEQ(test, l, r, n) \
	KUNIT_MEM(test, true, l, ==, r, n)
#define KUNIT_ASSERT_MEMEQ_MSG(test, l, r, n, ...) \
	KUNIT_MEM(test, true, l, ==, r, n, __VA_ARGS__)
#define KUNIT_ASSERT_MEMNEQ(test, l, r, n) \
	KUNIT_MEM(test, true, l, !=, r, n)
#define KUNIT_ASSERT_MEMNEQ_MSG(test, l, r, n, ...) \
	KUNIT_MEM(test, true, l, !=, r, n, __VA_ARGS__)
#define KUNIT_ASSERT_NULL(test, p) \
	KUNIT_PTR(test, true, p, ==, NULL)
#define KUNIT_ASSERT_NULL_MSG(test, p, ...) \
	KUNIT_PTR(test, true, p, ==, NULL, __VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL(test, p) \
	KUNIT_PTR(test, true, p, !=, NULL)
#define KUNIT_ASSERT_NOT_NULL_MSG(test, p, ...) \
	KUNIT_PTR(test, true, p, !=, NULL, __VA_ARGS__)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL(test, p) \
	KUNIT_PTR(test, true, p, !=, NULL)
#define KUNIT_ASSERT_NOT_ERR_OR_NULL_MSG(test, p, ...) \
	KUNIT_PTR(test, true, p, !=, NULL, __VA_ARGS__)

#endif /* _UNIT_KUNIT_TEST_H */
