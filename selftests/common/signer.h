/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys that sign policies, of a program that has nothing to do with the kernel
 * or the TPM: libcrypto.
 */
#ifndef _SELFTESTS_SIGNER_H
#define _SELFTESTS_SIGNER_H

#include <stdbool.h>
#include <stdint.h>

#include <openssl/evp.h>

#include "keyfile.h"
#include "policy.h"

enum signer_kind {
	SIGNER_P256,
	SIGNER_RSA2048,
	SIGNER_RSA3072,
};

/**
 * struct signer - a key that signs
 * @pkey: the key
 * @kind: which
 * @hash: name algorithm; VAULT_SHA256 as signer= makes it
 * @area: its TPMT_PUBLIC, as signer= makes it
 */
struct signer {
	EVP_PKEY *pkey;
	enum signer_kind kind;
	uint16_t hash;
	struct octets area;
};

/**
 * signer_make() - a new key, or one that was made before
 * @s: result
 * @kind: which
 * @nr: the same number gives the same key until the machine is rebooted
 *
 * Return: false if there is none.
 */
bool signer_make(struct signer *s, enum signer_kind kind, unsigned int nr);
void signer_free(struct signer *s);

/* signer_set_hash() - the same key with another name algorithm */
void signer_set_hash(struct signer *s, uint16_t hash);

/* signer_hex() - value of signer=, to be freed */
char *signer_hex(const struct signer *s);

/* policy_authorize() - any policy that the key has signed with this policyRef */
void policy_authorize(struct policy *p, const struct signer *s,
		      const struct octets *ref);

/**
 * policy_sign() - make a policy a signed one
 * @p: the policy
 * @s: the key
 * @ref: policyRef; NULL: empty
 * @hash: of the signature; that of @s, or the TPM would not take it
 */
void policy_sign(struct policy *p, const struct signer *s,
		 const struct octets *ref, uint16_t hash);

#endif /* _SELFTESTS_SIGNER_H */
