/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What somebody is asked to sign for PolicySigned, and the answers.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * One session of the TPM, and one blob.  Each PolicySigned of the blob's policy
 * that another one does not repeat is asked for; which of them are answered
 * decides which alternatives of the policy can be run.  What is signed is, with
 * the hash of the signature (Part 3, 23.3),
 *
 *	nonceTPM || expiration || cpHashA || policyRef
 *
 * where cpHashA is that of Unseal of the blob's object.
 */
#ifndef _TPK_CHALLENGE_H
#define _TPK_CHALLENGE_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "assertion.h"
#include "signature.h"
#include "signer.h"
#include "tree.h"

#define TPK_MAX_ASKED	64	/* signatures of one blob */
#define TPK_MAX_PUBLIC	768	/* octets of a TPMT_PUBLIC; RSA-4096 fits */

/**
 * struct tpk_value - a Name, a digest, a nonce or a policyRef
 * @len: octets of @data
 * @data: the octets
 */
struct tpk_value {
	u8 len;
	u8 data[TPM2_MAX_NAME];
};

static inline struct tpm2_bytes tpk_value_bytes(const struct tpk_value *v)
{
	return tpm2_bytes(v->data, v->len);
}

/**
 * struct tpk_asked - one signature that is asked for
 * @name: Name of the key
 * @policy_ref: policyRef
 * @expiration: seconds from the start of the session; 0: never
 * @public_len: octets of @public
 * @public: TPMT_PUBLIC of the key; empty: it must come with the signature
 * @signature_len: octets of @signature
 * @signature: TPMT_SIGNATURE; empty: there is none
 */
struct tpk_asked {
	struct tpk_value name;
	struct tpk_value policy_ref;
	u32 expiration;
	u16 public_len;
	u8 public[TPK_MAX_PUBLIC];
	u16 signature_len;
	u8 signature[TPK_MAX_SIGNATURE];
};

/**
 * struct tpk_challenge - all that is asked for at a time
 * @object: Name of the sealed object
 * @parent: Name of its parent
 * @nonce: nonceTPM of the session
 * @cp_hash: cpHashA
 * @scratch: room to work
 * @nr: number of @asked
 * @asked: without two of the same key, policyRef and expiration
 */
struct tpk_challenge {
	struct tpk_value object;
	struct tpk_value parent;
	struct tpk_value nonce;
	struct tpk_value cp_hash;
	u8 scratch[TPK_MAX_SIGNER];
	unsigned int nr;
	struct tpk_asked asked[];
};

static inline struct tpm2_bytes tpk_asked_public(const struct tpk_asked *a)
{
	return tpm2_bytes(a->public, a->public_len);
}

/**
 * tpk_challenge_count() - how many signatures may have to be asked for?
 * @tree: the policy
 *
 * Return: as many &tpk_challenge.asked as tpk_challenge_fill() needs at most; 0
 * if the policy wants none; -EOPNOTSUPP for more than TPK_MAX_ASKED.
 */
int tpk_challenge_count(const struct tpk_tree *tree);

/**
 * tpk_challenge_fill() - find out what is to be asked
 * @c: zeroes, with room for tpk_challenge_count(); its @nr and @asked are set
 * @tree: the policy
 *
 * Return: 0; -EOPNOTSUPP if this kernel lacks a key's name algorithm.
 */
int tpk_challenge_fill(struct tpk_challenge *c, const struct tpk_tree *tree);

/**
 * tpk_challenge_bind() - set what the signatures are bound to
 * @c: @object is set
 * @hash: TPM_ALG_ID of the session
 * @nonce: nonceTPM of the session
 *
 * Return: 0; -EOPNOTSUPP if this kernel lacks the hash.
 */
int tpk_challenge_bind(struct tpk_challenge *c, u16 hash,
		       struct tpm2_bytes nonce);

/**
 * tpk_challenge_print() - the challenge as text
 * @c: the challenge
 * @text: buffer; NULL: only the length is asked for
 * @size: its size
 *
 * The text is in Documentation/security/keys/trusted-tpm2-signing.rst.
 *
 * Return: its length; no more than @size was written.
 */
size_t tpk_challenge_print(const struct tpk_challenge *c, char *text,
			   size_t size);

/**
 * tpk_challenge_find() - what was asked for a statement
 * @c: the challenge
 * @st: PolicySigned
 * @name: Name of its key
 *
 * Return: it, answered or not; NULL if the statement was not in the policy.
 */
struct tpk_asked *tpk_challenge_find(struct tpk_challenge *c,
				     const struct tpk_signed_statement *st,
				     struct tpm2_bytes name);

/**
 * tpk_challenge_has() - is a statement's signature there?
 * @c: the challenge
 * @a: PolicySigned
 *
 * Return: false also if the statement was not asked for.
 */
bool tpk_challenge_has(const struct tpk_challenge *c,
		       const struct tpk_assertion *a);

/**
 * tpk_challenge_answered() - is there any signature?
 * @c: the challenge
 *
 * Return: true if so.
 */
bool tpk_challenge_answered(const struct tpk_challenge *c);

/**
 * tpk_answer_parse() - take one line of who signs
 * @line: "sign NUMBER FORMAT HEX [public=HEX]", without its end; overwritten
 * @len: its length
 * @c: the challenge; gets the signature, in place of an earlier one
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EINVAL if it is malformed, the number was not asked for, or it is
 * no signature by the key that was asked for; -EOPNOTSUPP for a format or key
 * that is not known here.  After an error @c is as it was.
 */
int tpk_answer_parse(char *line, size_t len, struct tpk_challenge *c,
		     const char **what);

#endif /* _TPK_CHALLENGE_H */
