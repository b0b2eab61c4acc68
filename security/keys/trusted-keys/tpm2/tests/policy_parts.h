/* SPDX-License-Identifier: GPL-2.0-only */
/* Bodies of policy statements in hex, and policies put together of them. */
#ifndef _TPK_TESTS_POLICY_PARTS_H
#define _TPK_TESTS_POLICY_PARTS_H

#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "../der.h"
#include "../policyder.h"
#include "../tree.h"
#include "hex.h"

#define ZERO_16		"00000000000000000000000000000000 "
#define ZERO_32		"" ZERO_16 ZERO_16
#define ZERO_64		"" ZERO_32 ZERO_32
#define ONES_16		"11111111111111111111111111111111 "
#define ONES_32		"" ONES_16 ONES_16
#define ONES_64		"" ONES_32 ONES_32
#define ONES_256	"" ONES_64 ONES_64 ONES_64 ONES_64
#define NAME_0		"000b " ZERO_32

/* TPMT_PUBLIC: attributes userWithAuth, decrypt, sign; no policy, cipher, scheme. */
#define ECC_HEAD	"0023 000b 00060040 0000 0010 0010 "
#define ECC_AREA	"" ECC_HEAD "0003 0010 0020 " ONES_32 "0020 " ZERO_32
#define ECC_KEY		"0056 " ECC_AREA
#define RSA_HEAD	"0001 000b 00060040 0000 0010 0010 "
#define RSA_AREA	"" RSA_HEAD "0800 00000000 0100 " ONES_256
#define RSA_KEY		"0116 " RSA_AREA
#define ECDSA		"0018 000b 0001 01 0001 02"
#define RSASSA		"0014 000b 0001 01"

/* SHA-256 of 32 octets, all zero: what PolicyPCR has of a PCR just reset. */
#define PCRS_RESET	"66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925 "
#define PCR_7		"00000001 000b 03 800000 " PCRS_RESET
#define PCR_7_OTHER	"00000001 000b 03 800000 " ONES_32
#define PCR_8_OTHER	"00000001 000b 03 000100 " ONES_32
#define PCR_7_NOW	"0000 00000001 000b 03 800000"

/**
 * struct parts - a policy that is being put together
 * @w: its octets
 * @buf: the same
 * @bytes: for hex
 * @tree: what it becomes
 * @what: of the last tpk_tree_build()
 */
struct parts {
	struct tpm2_writer w;
	u8 buf[65536];
	u8 bytes[1024];
	struct tpk_tree tree;
	const char *what;
};

static inline struct parts *parts_new(struct kunit *test)
{
	struct parts *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	p->w = tpm2_writer(p->buf, sizeof(p->buf));
	p->what = "";
	return p;
}

static inline void add(struct parts *p, u32 code, const char *body)
{
	struct tpk_statement st = {
		.code = code, .body = hex_octets(body, p->bytes),
	};

	tpk_statement_put(&p->w, &st);
}

/* A PolicyOR from open_or() to close_or(); alternatives from begin() to end(). */
struct open_or {
	size_t start;
	size_t body;
	size_t alternative;
};

static inline struct open_or open_or(struct parts *p)
{
	struct open_or or;

	or.body = tpk_statement_open(&p->w, TPM_CC_PolicyOR, &or.start);
	return or;
}

static inline void begin(struct parts *p, struct open_or *or)
{
	or->alternative = p->w.len;
}

static inline void end(struct parts *p, struct open_or *or)
{
	tpk_der_wrap(&p->w, or->alternative, DER_SEQUENCE);
}

static inline void put_one(struct parts *p, struct open_or *or, u32 code,
			   const char *body)
{
	begin(p, or);
	add(p, code, body);
	end(p, or);
}

static inline void close_or(struct parts *p, struct open_or *or)
{
	tpk_der_wrap(&p->w, or->body, DER_SEQUENCE);
	tpk_statement_close(&p->w, or->start, or->body);
}

/* What has been written since @start becomes a TPMAuthPolicy. */
static inline void sign(struct parts *p, size_t start)
{
	tpk_der_wrap(&p->w, start, DER_SEQUENCE);
	tpk_der_wrap(&p->w, start, DER_TAG(1));
	tpk_der_wrap(&p->w, start, DER_SEQUENCE);
}

/* The policy ends at @policy_end; TPMAuthPolicies stand behind it. */
static inline int build_signed(struct parts *p, size_t policy_end)
{
	struct tpk_signed_policies s = {
		.recorded = tpm2_bytes(p->buf + policy_end, p->w.len - policy_end),
	};
	struct tpm2_reader r = tpm2_reader(p->buf, policy_end);
	struct tpk_policy policy = {};

	while (tpm2_left(&r) && policy.nr < TPK_MAX_STATEMENTS)
		if (!tpk_statement_get(&r, &policy.statement[policy.nr++]))
			return -EPROTO;
	return tpm2_left(&r) || p->w.full ? -EPROTO :
	       tpk_tree_build(&p->tree, &policy, &s, TPM_ALG_ID_SHA256, &p->what);
}

static inline int build(struct parts *p)
{
	return build_signed(p, p->w.len);
}

#endif /* _TPK_TESTS_POLICY_PARTS_H */
