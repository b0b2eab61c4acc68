/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sealing and unsealing without the kernel's help: what another program makes
 * that the kernel must open, and what is in a blob that the kernel made.
 *
 * What talks to the TPM returns its response code, or -errno: 0 is success.
 */
#ifndef _SELFTESTS_VAULT_H
#define _SELFTESTS_VAULT_H

#include <stdint.h>

#include "keyfile.h"

#define VAULT_SHA1	0x0004
#define VAULT_SHA256	0x000b
#define VAULT_SHA384	0x000c
#define VAULT_SHA512	0x000d

/* TPMA_OBJECT */
#define VAULT_FIXED		0x0012	/* TPM and parent */
#define VAULT_USER_WITH_AUTH	0x0040
#define VAULT_NO_DA		0x0400

#define VAULT_LOCKOUT		0x4000000a

/* vault_octets() - a value of these octets */
struct octets vault_octets(const void *p, size_t len);

/* vault_text() - a value of the octets of a text */
struct octets vault_text(const char *text);

/**
 * struct vault_primary - a storage key to be made
 * @hierarchy: handle
 * @rsa: RSA-2048 instead of ECC P-256
 * @sha1: its name algorithm is SHA-1 instead of SHA-256
 * @da: subject to dictionary-attack protection, as tpm2_createprimary makes it
 * @loose: neither fixedTPM nor fixedParent
 * @auth: its authValue
 */
struct vault_primary {
	uint32_t hierarchy;
	bool rsa;
	bool sha1;
	bool da;
	bool loose;
	struct octets auth;
};

/* vault_create_primary() - transient; goes when @fd is closed */
long vault_create_primary(int fd, const struct vault_primary *p,
			  uint32_t *handle);

/* vault_persist() - the same, made persistent and no longer transient */
long vault_persist(int fd, const struct vault_primary *p, uint32_t persistent);
long vault_evict(int fd, uint32_t persistent);

/* vault_name() - Name of an object */
long vault_name(int fd, uint32_t handle, struct octets *name);

/**
 * struct vault_data - data to be sealed
 * @hash: name algorithm
 * @attributes: TPMA_OBJECT
 * @policy: policy digest
 * @auth: authValue
 * @data: what is sealed
 */
struct vault_data {
	uint16_t hash;
	uint32_t attributes;
	struct octets policy;
	struct octets auth;
	struct octets data;
};

/* vault_seal() - sets public and private of @kf; the parent's auth is empty */
long vault_seal(int fd, uint32_t parent, const struct vault_data *d,
		struct keyfile *kf);

/**
 * vault_unseal() - open a key file as other programs do
 * @fd: /dev/tpmrm0
 * @kf: the key file
 * @parent_auth: authValue of a persistent parent; NULL: empty
 * @auth: authValue of the data; NULL: empty
 * @data: result
 */
long vault_unseal(int fd, const struct keyfile *kf,
		  const struct octets *parent_auth, const struct octets *auth,
		  struct octets *data);

/* vault_between - what vault_unseal() does between a policy and Unseal, if set */
extern long (*vault_between)(int fd);

/* vault_pcr_policy() - body of a PolicyPCR of one SHA-256 PCR as it is now */
long vault_pcr_policy(int fd, unsigned int pcr, struct octets *body);

/* vault_policy_digest() - after the policy of @kf; SHA-256, its pcrDigests given */
struct octets vault_policy_digest(const struct keyfile *kf);

long vault_pcr_read(int fd, uint16_t bank, unsigned int pcr,
		    struct octets *value);

/* vault_pcr_extend() - by a digest of @fill octets */
long vault_pcr_extend(int fd, uint16_t bank, unsigned int pcr, uint8_t fill);
long vault_pcr_reset(int fd, unsigned int pcr);

long vault_change_auth(int fd, uint32_t hierarchy, const struct octets *from,
		       const struct octets *to);

/* vault_lockout_reset() - forget all failed authorizations */
long vault_lockout_reset(int fd);

#endif /* _SELFTESTS_VAULT_H */
