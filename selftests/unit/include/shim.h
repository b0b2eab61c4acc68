/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel spellings for user space.
 *
 * Force-included when a PURE file is compiled outside a kernel.  It stands in
 * for what a kernel source has without asking; <linux/types.h> and
 * <linux/errno.h> are the system's own, glibc needs them.
 */
#ifndef _UNIT_SHIM_H
#define _UNIT_SHIM_H

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;
typedef unsigned int gfp_t;

/* What glibc's <errno.h> lacks. */
#ifndef ENOTSUPP
#define ENOTSUPP 524
#endif

#define GFP_KERNEL 0U
#define U64_MAX UINT64_MAX

#define __always_unused		__attribute__((__unused__))
#define __maybe_unused		__attribute__((__unused__))
#define __must_check		__attribute__((__warn_unused_result__))
#define __packed		__attribute__((__packed__))
#define __printf(a, b)		__attribute__((__format__(printf, a, b)))
#define __aligned(x)		__attribute__((__aligned__(x)))
#define noinline		__attribute__((__noinline__))
#define fallthrough		__attribute__((__fallthrough__))
#undef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#define __init
#define __exit
#define __ro_after_init
#define __user
#define __rcu
#define __force
#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define barrier()		__asm__ __volatile__("" : : : "memory")
#define READ_ONCE(x)		(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile typeof(x) *)&(x) = (val))

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define sizeof_field(t, f)	sizeof(((t *)0)->f)
#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

#undef static_assert
#define static_assert(expr, ...) _Static_assert(expr, "" __VA_ARGS__ #expr)
#define BUILD_BUG_ON(cond)	_Static_assert(!(cond), #cond)
#define WARN_ON_ONCE(cond)	({ bool __c = (cond); assert(!__c); __c; })
#define WARN_ON(cond)		WARN_ON_ONCE(cond)

#define BIT(nr)			(1UL << (nr))
#define BIT_ULL(nr)		(1ULL << (nr))
#define GENMASK(h, l)		((~0UL >> (63 - (h))) & (~0UL << (l)))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define round_up(x, y)		((((x) - 1) | ((typeof(x))(y) - 1)) + 1)
#define hweight8(x)		((unsigned int)__builtin_popcount((u8)(x)))
#define hweight32(x)		((unsigned int)__builtin_popcount((u32)(x)))
#define hweight64(x)		((unsigned int)__builtin_popcountll((u64)(x)))

#define __pick(a, b, op)	({ \
	typeof(a) __a = (a); \
	typeof(b) __b = (b); \
	__a op __b ? __a : __b; \
})
#define min(a, b)		__pick(a, b, <)
#define max(a, b)		__pick(a, b, >)
#define min_t(t, a, b)		__pick((t)(a), (t)(b), <)
#define max_t(t, a, b)		__pick((t)(a), (t)(b), >)
#define clamp(v, lo, hi)	min(max(v, lo), hi)
#define swap(a, b)		({ typeof(a) __t = (a); (a) = (b); (b) = __t; })

#define EXPORT_SYMBOL(sym)	_Static_assert(1, #sym)
#define EXPORT_SYMBOL_GPL(sym)	_Static_assert(1, #sym)

static inline void memzero_explicit(void *p, size_t len)
{
	memset(p, 0, len);
	barrier();
}

static inline void *memchr_inv(const void *p, int c, size_t len)
{
	const u8 *at = p;

	for (; len; len--, at++)
		if (*at != (u8)c)
			return (void *)at;
	return NULL;
}

static inline bool mem_is_zero(const void *p, size_t len)
{
	return !memchr_inv(p, 0, len);
}

/* Cuts what is too long; the length, or -E2BIG. */
static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);

	if (!size)
		return -E2BIG;
	memcpy(to, from, len < size ? len + 1 : size);
	to[size - 1] = '\0';
	return len < size ? (ssize_t)len : -E2BIG;
}

#endif /* _UNIT_SHIM_H */
