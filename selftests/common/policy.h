/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies as other programs write them: statements in DER, and the digest that
 * a session has after them.  Written apart from the kernel's, and checked by the
 * TPM, which refuses what was sealed to another digest.
 */
#ifndef _SELFTESTS_POLICY_H
#define _SELFTESTS_POLICY_H

#include <stddef.h>
#include <stdint.h>

#include "keyfile.h"

#define POLICY_MAX	12288
#define POLICY_DIGEST	64

enum {
	POLICY_CC_NV		= 0x149,
	POLICY_CC_SECRET	= 0x151,
	POLICY_CC_AUTHORIZE	= 0x16a,
	POLICY_CC_AUTH_VALUE	= 0x16b,
	POLICY_CC_COUNTER_TIMER	= 0x16d,
	POLICY_CC_LOCALITY	= 0x16f,
	POLICY_CC_OR		= 0x171,
	POLICY_CC_PCR		= 0x17f,
};

/* TPM_EO */
enum {
	POLICY_EQ		= 0x0000,
	POLICY_UNSIGNED_GT	= 0x0003,
	POLICY_UNSIGNED_LE	= 0x0009,
};

/**
 * struct policy - statements, and what they lead to
 * @hash: VAULT_SHA256, VAULT_SHA384 or VAULT_SHA512
 * @digest: of a session that has run them
 * @len: octets of @der
 * @der: contents of a SEQUENCE OF TPMPolicy
 */
struct policy {
	uint16_t hash;
	uint8_t digest[POLICY_DIGEST];
	size_t len;
	uint8_t der[POLICY_MAX];
};

/* policy_start() - nothing yet; behind @before for an alternative of its PolicyOR */
void policy_start(struct policy *p, uint16_t hash, const struct policy *before);

/* policy_digest_size() - octets of a digest */
size_t policy_digest_size(uint16_t hash);

/* policy_add() - a statement with this body, which leaves the digest as it is */
void policy_add(struct policy *p, uint32_t code, const void *body, size_t len);

/* policy_extend() - the digest becomes H(digest || code || a || b) */
void policy_extend(struct policy *p, uint32_t code, const struct octets *a,
		   const struct octets *b);

/* policy_update() - PolicyUpdate(): extended by a Name, and then by a policyRef */
void policy_update(struct policy *p, uint32_t code, const struct octets *name,
		   const struct octets *ref);

/* policy_hash() - H(a || b) */
struct octets policy_hash(uint16_t hash, const struct octets *a,
			  const struct octets *b);

/* policy_pcr() - a PCR of a bank has this value */
void policy_pcr(struct policy *p, uint16_t bank, unsigned int pcr,
		const struct octets *value);
void policy_auth_value(struct policy *p);
void policy_locality(struct policy *p, uint8_t locality);

/**
 * struct comparison - what PolicyCounterTimer and PolicyNV compare
 * @operand: operandB
 * @offset: where
 * @operation: TPM_EO
 */
struct comparison {
	struct octets operand;
	uint16_t offset;
	uint16_t operation;
};

void policy_counter_timer(struct policy *p, const struct comparison *c);
void policy_nv(struct policy *p, uint32_t auth, uint32_t index,
	       const struct octets *name, const struct comparison *c);

/* policy_secret() - @handle may be 0 if @name is that of a hierarchy */
void policy_secret(struct policy *p, uint32_t handle, const struct octets *name,
		   const struct octets *ref);

/* policy_or() - one of these, each started behind @p as it is */
void policy_or(struct policy *p, const struct policy *branch, unsigned int nr);

/* policy_hex() - value of policy=, to be freed */
char *policy_hex(const struct policy *p);

/* policies_hex() - value of authpolicy=, to be freed */
char *policies_hex(const struct policy *p, unsigned int nr);

/* policies_contents() - the same for &keyfile.auth_policy */
struct octets policies_contents(const struct policy *p, unsigned int nr);

#endif /* _SELFTESTS_POLICY_H */
