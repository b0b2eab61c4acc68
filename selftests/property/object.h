/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects that programs make: kinds, templates, what is known of each.
 */
#ifndef _PROPERTY_OBJECT_H
#define _PROPERTY_OBJECT_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

struct step;

/* What <linux/tpm2_spec.h> need not know. */
#define TPM_ALG_ID_HMAC		0x0005
#define TPM_ALG_ID_ECDSA	0x0018
#define TPM_ALG_ID_SYMCIPHER	0x0025
#define TPM_SE_TRIAL		0x03

enum object_kind {
	OBJECT_NONE,
	OBJECT_STORAGE,		/* ECC, restricted decryption */
	OBJECT_SIGNER,		/* ECC, ECDSA with SHA-256 */
	OBJECT_MAC,		/* HMAC key */
	OBJECT_CIPHER,		/* AES key */
	OBJECT_SEALED,		/* data, by authValue */
	OBJECT_POLICY,		/* data, by the policy that sealed_policy() has */
	OBJECT_HASH_SEQUENCE,
	OBJECT_MAC_SEQUENCE,
	OBJECT_EVENT_SEQUENCE,
};

#define MAX_DATA	640	/* octets that go into a sequence */

/**
 * struct object - what a client knows of an object of its own
 * @kind: an enum object_kind; OBJECT_NONE: there is none
 * @handle: under which it is addressed
 * @random: the TPM chose its secret: Name and results differ from run to run
 * @known: @data is its secret, or what a sequence was given
 * @name: its Name, empty of a sequence
 * @name_len: octets in @name
 * @auth: its authValue
 * @auth_len: octets in @auth
 * @alg: hash of a sequence
 * @data: see @known
 * @data_len: octets in @data
 */
struct object {
	u8 kind;
	u32 handle;
	bool random;
	bool known;
	u8 name[TPM2_MAX_NAME];
	u16 name_len;
	u8 auth[8];
	u16 auth_len;
	u16 alg;
	u8 data[MAX_DATA];
	u16 data_len;
};

/* @len octets that follow from @salt. */
void salt_octets(u32 salt, u8 *out, size_t len);

/* What a step makes: a kind of object, a type of session. */
u8 step_makes(const struct step *s);
u8 step_session_type(const struct step *s);

/* A new object, of which handle and Name are not known yet. */
void object_init(struct object *o, const struct step *s);

/* TPM2B_SENSITIVE_CREATE and TPM2B_PUBLIC for Create and CreatePrimary. */
void put_template(struct tpm2_writer *w, const struct object *o);

/* TPM2B_SENSITIVE and TPM2B_PUBLIC for LoadExternal. */
void put_external(struct tpm2_writer *w, const struct object *o, u32 salt);

/* PolicyCommandCode(Unseal), then PolicyAuthValue; SHA-256. */
void sealed_policy(u8 *digest);

/* policyDigest after one more assertion. */
void policy_extend(u16 alg, u8 *digest, u32 code, struct tpm2_bytes args);

static inline bool is_sequence(const struct object *o)
{
	return o->kind >= OBJECT_HASH_SEQUENCE;
}

#endif /* _PROPERTY_OBJECT_H */
