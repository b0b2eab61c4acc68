/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies as text; trustedctl(1) has the grammar.
 *
 * Reading touches no file and no TPM itself: what the text leaves to them is
 * asked for through functions, so that a fuzzer can give the answers.
 */
#ifndef _CTL_GRAMMAR_H
#define _CTL_GRAMMAR_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "pcrs.h"
#include "scan.h"

#define GRAMMAR_WHAT	256

/**
 * struct grammar_lookup - what a policy's text may leave open
 * @ctx: for the functions
 * @pcrs: fill in the present values of all PCRs of a set
 * @name: the Name of an NV index or persistent object
 * @key: the TPMT_PUBLIC of the public key in a file, TPK_MAX_SIGNER octets at most
 *
 * Each returns 0 or -errno, and then says why in @why, GRAMMAR_WHAT octets.
 */
struct grammar_lookup {
	void *ctx;
	int (*pcrs)(void *ctx, struct tpk_pcrs *pcrs, char *why);
	int (*name)(void *ctx, u32 handle, u8 *name, size_t *len, char *why);
	int (*key)(void *ctx, const char *path, u8 *area, size_t *len, char *why);
};

/**
 * struct grammar - a text that is being read
 * @scan: the position in it
 * @lookup: see there
 * @hash: TPM_ALG_ID of the policy's hash
 * @depth: blocks that are open
 * @out: the policy's DER
 * @parts: pieces of the present statement
 * @octets: room of @parts
 * @pcrs: room
 * @now: room
 * @line: where the mistake is
 * @what: what is wrong
 *
 * About 25 KiB: not on the stack.
 */
struct grammar {
	struct scan scan;
	const struct grammar_lookup *lookup;
	u16 hash;
	unsigned int depth;
	struct tpm2_writer out;
	struct tpm2_writer parts;
	u8 octets[8192];
	struct tpk_pcrs pcrs;
	struct tpk_pcrs now;
	unsigned int line;
	char what[GRAMMAR_WHAT];
};

/**
 * grammar_read() - a policy's text becomes DER
 * @g: memory to work; has @line and @what after an error
 * @text: the text; need not end in NUL
 * @hash: TPM_ALG_ID of the policy's hash
 * @lookup: for what the text leaves open
 * @der: result, SEQUENCE OF TPMPolicy
 *
 * Whether the kernel takes it is for tpk_tree_build() to say.
 *
 * Return: 0; -EINVAL for a mistake in the text; another -errno of @lookup.
 */
int grammar_read(struct grammar *g, struct tpm2_bytes text, u16 hash,
		 const struct grammar_lookup *lookup, struct tpm2_writer *der);

/* statements.c */
int grammar_statement(struct grammar *g, u32 code, struct scan_args *args);
int grammar_bad(struct grammar *g, const char *format, ...)
	__printf(2, 3);

/* operands.c */
int grammar_octets(struct grammar *g, struct tpm2_bytes text, struct tpm2_bytes *octets);
int grammar_number(struct grammar *g, struct tpm2_bytes text, u64 max, u64 *value);
int grammar_handle(struct grammar *g, struct tpm2_bytes text, u32 *handle);
int grammar_operand(struct grammar *g, struct tpm2_bytes text, size_t size,
		    struct tpm2_bytes *operand);
int grammar_name(struct grammar *g, struct scan_args *args, u32 handle,
		 struct tpm2_bytes *name);
int grammar_key(struct grammar *g, struct scan_args *args, struct tpm2_bytes *area);

#endif /* _CTL_GRAMMAR_H */
