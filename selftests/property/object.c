// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects that programs make.
 */
#include <linux/tpm2_hash.h>

#include "object.h"
#include "program.h"

#define ANY_OBJECT	(TPMA_OBJECT_noDA | TPMA_OBJECT_userWithAuth)
#define BORN_HERE	(TPMA_OBJECT_fixedTPM | TPMA_OBJECT_fixedParent)

void salt_octets(u32 salt, u8 *out, size_t len)
{
	u64 seed = salt;

	while (len--)
		*out++ = chance(&seed);
}

u8 step_makes(const struct step *s)
{
	static const u8 primary[] = {
		OBJECT_STORAGE, OBJECT_SIGNER, OBJECT_MAC, OBJECT_CIPHER,
		OBJECT_POLICY, OBJECT_STORAGE, OBJECT_POLICY, OBJECT_SEALED,
	};
	static const u8 external[] = {
		OBJECT_MAC, OBJECT_CIPHER, OBJECT_SEALED, OBJECT_MAC,
	};
	static const u8 child[] = {
		OBJECT_SEALED, OBJECT_MAC, OBJECT_CIPHER, OBJECT_POLICY,
	};

	switch (s->kind) {
	case STEP_CreatePrimary:
		return primary[s->variant % 8];
	case STEP_LoadExternal:
		return external[s->variant % 4];
	case STEP_HashSequenceStart:
		return s->variant % 6 ? OBJECT_HASH_SEQUENCE :
					OBJECT_EVENT_SEQUENCE;
	case STEP_HMAC_Start:
		return OBJECT_MAC_SEQUENCE;
	default:
		return child[s->variant % 4];
	}
}

u8 step_session_type(const struct step *s)
{
	static const u8 types[] = {
		TPM_SE_HMAC, TPM_SE_HMAC, TPM_SE_HMAC, TPM_SE_POLICY,
		TPM_SE_POLICY, TPM_SE_POLICY, TPM_SE_TRIAL,
	};

	return types[s->variant % sizeof(types)];
}

void object_init(struct object *o, const struct step *s)
{
	static const u16 hashes[] = {
		TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA1, TPM_ALG_ID_SHA384,
		TPM_ALG_ID_SHA256,
	};

	memset(o, 0, sizeof(*o));
	o->kind = step_makes(s);
	o->alg = hashes[s->salt % 4];
	if (s->kind == STEP_HMAC_Start)
		o->alg = TPM_ALG_ID_SHA256;
	if (s->salt % 3) {
		o->auth_len = sizeof(o->auth);
		salt_octets(s->salt + 1, o->auth, o->auth_len);
		o->auth[o->auth_len - 1] |= 1; /* zeroes at the end do not count */
	}
	if (is_sequence(o)) {
		o->known = true;
		return;
	}
	o->known = s->kind == STEP_LoadExternal || o->kind >= OBJECT_SEALED;
	o->random = s->kind == STEP_Create || s->kind == STEP_CreateLoaded;
	o->data_len = o->kind == OBJECT_CIPHER ? 16 : 32;
	salt_octets(s->salt + 2, o->data, o->data_len);
}

static u32 attributes(const struct object *o)
{
	switch (o->kind) {
	case OBJECT_STORAGE:
		return ANY_OBJECT | TPMA_OBJECT_restricted |
		       TPMA_OBJECT_decrypt;
	case OBJECT_CIPHER:
		return ANY_OBJECT | TPMA_OBJECT_decrypt | TPMA_OBJECT_sign;
	case OBJECT_SEALED:
		return ANY_OBJECT;
	case OBJECT_POLICY:
		return TPMA_OBJECT_noDA;
	default:
		return ANY_OBJECT | TPMA_OBJECT_sign;
	}
}

static u16 type(const struct object *o)
{
	if (o->kind == OBJECT_STORAGE || o->kind == OBJECT_SIGNER)
		return TPM_ALG_ID_ECC;
	return o->kind == OBJECT_CIPHER ? TPM_ALG_ID_SYMCIPHER :
					  TPM_ALG_ID_KEYEDHASH;
}

static void put_aes(struct tpm2_writer *w)
{
	tpm2_put_u16(w, TPM_ALG_ID_AES);
	tpm2_put_u16(w, 128);
	tpm2_put_u16(w, TPM_ALG_ID_CFB);
}

/* TPMU_PUBLIC_PARMS. */
static void put_parameters(struct tpm2_writer *w, const struct object *o)
{
	switch (o->kind) {
	case OBJECT_STORAGE:
		put_aes(w);
		tpm2_put_u16(w, TPM_ALG_ID_NULL);
		break;
	case OBJECT_SIGNER:
		tpm2_put_u16(w, TPM_ALG_ID_NULL);
		tpm2_put_u16(w, TPM_ALG_ID_ECDSA);
		tpm2_put_u16(w, TPM_ALG_ID_SHA256);
		break;
	case OBJECT_CIPHER:
		put_aes(w);
		return;
	case OBJECT_MAC:
		tpm2_put_u16(w, TPM_ALG_ID_HMAC);
		tpm2_put_u16(w, TPM_ALG_ID_SHA256);
		return;
	default:
		tpm2_put_u16(w, TPM_ALG_ID_NULL);
		return;
	}
	tpm2_put_u16(w, TPM_ECC_NIST_P256);
	tpm2_put_u16(w, TPM_ALG_ID_NULL);
}

/* TPM2B_PUBLIC. */
static void put_public(struct tpm2_writer *w, const struct object *o,
		       u32 more, struct tpm2_bytes unique)
{
	u8 policy[TPM2_MAX_DIGEST];
	size_t start = tpm2_open_u16(w);

	sealed_policy(policy);
	tpm2_put_u16(w, type(o));
	tpm2_put_u16(w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(w, attributes(o) | more);
	tpm2_put_sized(w, tpm2_bytes(policy, o->kind == OBJECT_POLICY ? 32 : 0));
	put_parameters(w, o);
	tpm2_put_sized(w, unique);
	if (type(o) == TPM_ALG_ID_ECC)
		tpm2_put_u16(w, 0);
	tpm2_close_u16(w, start);
}

void put_template(struct tpm2_writer *w, const struct object *o)
{
	bool sealed = o->kind == OBJECT_SEALED || o->kind == OBJECT_POLICY;
	size_t start = tpm2_open_u16(w);

	tpm2_put_sized(w, tpm2_bytes(o->auth, o->auth_len));
	tpm2_put_sized(w, tpm2_bytes(o->data, sealed ? o->data_len : 0));
	tpm2_close_u16(w, start);
	put_public(w, o, BORN_HERE |
		   (sealed ? 0 : TPMA_OBJECT_sensitiveDataOrigin),
		   tpm2_bytes(NULL, 0));
}

void put_external(struct tpm2_writer *w, const struct object *o, u32 salt)
{
	u8 seed[32], unique[TPM2_MAX_DIGEST];
	const struct tpm2_bytes part[] = {
		tpm2_bytes(seed, sizeof(seed)),
		tpm2_bytes(o->data, o->data_len),
	};
	size_t start = tpm2_open_u16(w);

	salt_octets(salt + 3, seed, sizeof(seed));
	tpm2_digest(TPM_ALG_ID_SHA256, part, 2, unique);
	tpm2_put_u16(w, type(o));
	tpm2_put_sized(w, tpm2_bytes(o->auth, o->auth_len));
	tpm2_put_sized(w, part[0]);
	tpm2_put_sized(w, part[1]);
	tpm2_close_u16(w, start);
	put_public(w, o, 0, tpm2_bytes(unique, 32));
}

void policy_extend(u16 alg, u8 *digest, u32 code, struct tpm2_bytes args)
{
	u8 cc[4];
	const struct tpm2_bytes part[] = {
		tpm2_bytes(digest, tpm2_digest_size(alg)),
		tpm2_bytes(cc, sizeof(cc)), args,
	};

	put_unaligned_be32(code, cc);
	tpm2_digest(alg, part, 3, digest);
}

void sealed_policy(u8 *digest)
{
	static const u8 unseal[] = { 0, 0, 0x01, 0x5e };

	memset(digest, 0, TPM2_MAX_DIGEST);
	policy_extend(TPM_ALG_ID_SHA256, digest, 0x16c,
		      tpm2_bytes(unseal, sizeof(unseal)));
	policy_extend(TPM_ALG_ID_SHA256, digest, TPM_CC_PolicyAuthValue,
		      tpm2_bytes(NULL, 0));
}
