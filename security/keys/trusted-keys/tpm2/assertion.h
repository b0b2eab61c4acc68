/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policy statements decoded: what their bodies hold, and how each extends the
 * digest of a session.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * The bodies, all in the order and byte order of the TPM:
 *
 *	PolicyPCR		see tpk_pcr_statement_decode()
 *	PolicyAuthValue		nothing
 *	PolicyAuthorize		TPM2B_PUBLIC keySign, TPM2B_NONCE policyRef,
 *				TPMT_SIGNATURE
 *	PolicyCounterTimer	operandB without a size, UINT16 offset, TPM_EO
 *	PolicyLocality		TPMA_LOCALITY
 *	PolicyNV		TPMI_RH_NV_AUTH, TPMI_RH_NV_INDEX, TPM2B_NAME of
 *				the index, TPM2B_OPERAND, UINT16 offset, TPM_EO
 *	PolicySecret		TPM_HANDLE or 0, TPM2B_NAME, TPM2B_NONCE policyRef
 *	PolicySigned		TPM2B_PUBLIC authObject or empty, TPM2B_NAME of it
 *				if that is empty, TPM2B_NONCE policyRef,
 *				INT32 expiration
 *
 * Documentation/security/keys/trusted-tpm2-policies.rst has them octet by octet.
 */
#ifndef _TPK_ASSERTION_H
#define _TPK_ASSERTION_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "policyder.h"

/**
 * struct tpk_pcr_statement - decoded commandPolicy of a PolicyPCR
 * @selection: marshalled TPML_PCR_SELECTION, points into the body
 * @digest: pcrDigest, points into the body; empty: the present values count
 */
struct tpk_pcr_statement {
	struct tpm2_bytes selection;
	struct tpm2_bytes digest;
};

/**
 * struct tpk_authorize_statement - of a PolicyAuthorize
 * @key: TPMT_PUBLIC of the key that signs policies
 * @policy_ref: policyRef, may be empty
 * @signature: TPMT_SIGNATURE of the approved policy; empty: the one of any
 *	signed policy, which is then to be chosen
 */
struct tpk_authorize_statement {
	struct tpm2_bytes key;
	struct tpm2_bytes policy_ref;
	struct tpm2_bytes signature;
};

/**
 * struct tpk_compare_statement - of a PolicyCounterTimer or a PolicyNV
 * @auth: PolicyNV: authHandle: @index itself, or a hierarchy
 * @index: PolicyNV: handle of the NV index
 * @name: PolicyNV: Name of the index, as it must be when the policy is run
 * @operand: operandB, 1 to 64 octets
 * @offset: of the octets that are compared with it, in TPMS_TIME_INFO or the
 *	index
 * @operation: TPM_EO
 */
struct tpk_compare_statement {
	u32 auth;
	u32 index;
	struct tpm2_bytes name;
	struct tpm2_bytes operand;
	u16 offset;
	u16 operation;
};

/**
 * struct tpk_secret_statement - of a PolicySecret
 * @entity: handle of the entity whose authorization is asked for
 * @hint: the handle that the body has; 0 if the Name says it all
 * @name: its Name; of a hierarchy, its handle
 * @policy_ref: policyRef, may be empty
 */
struct tpk_secret_statement {
	u32 entity;
	u32 hint;
	struct tpm2_bytes name;
	struct tpm2_bytes policy_ref;
};

/**
 * struct tpk_signed_statement - of a PolicySigned
 * @key: TPMT_PUBLIC of the key that signs; empty: it comes with the signature
 * @name: its Name if @key is empty, else empty
 * @policy_ref: policyRef, may be empty
 * @expiration: seconds from the start of the session; 0: never
 */
struct tpk_signed_statement {
	struct tpm2_bytes key;
	struct tpm2_bytes name;
	struct tpm2_bytes policy_ref;
	u32 expiration;
};

/**
 * struct tpk_assertion - a policy statement, decoded
 * @code: TPM_CC_Policy…; says which of the following is valid
 * @pcr: PolicyPCR
 * @authorize: PolicyAuthorize
 * @compare: PolicyCounterTimer, PolicyNV
 * @secret: PolicySecret
 * @signer: PolicySigned
 * @locality: PolicyLocality: TPMA_LOCALITY
 *
 * PolicyAuthValue has nothing.  Spans point into the statement's body.
 */
struct tpk_assertion {
	u32 code;
	union {
		struct tpk_pcr_statement pcr;
		struct tpk_authorize_statement authorize;
		struct tpk_compare_statement compare;
		struct tpk_secret_statement secret;
		struct tpk_signed_statement signer;
		u8 locality;
	};
};

/**
 * tpk_pcr_statement_decode() - read a PolicyPCR in either encoding in use
 * @body: commandPolicy
 * @hash: TPM_ALG_ID of the policy's hash
 * @st: result
 *
 * The draft's own implementation writes TPML_PCR_SELECTION and the digest
 * without a size; GRUB and pcr-oracle write a TPM2B_DIGEST, often empty, and
 * then the TPML_PCR_SELECTION.
 *
 * Return: 0; -EBADMSG.
 */
int tpk_pcr_statement_decode(struct tpm2_bytes body, u16 hash,
			     struct tpk_pcr_statement *st);

/**
 * tpk_assertion_decode() - read any statement but PolicyOR
 * @st: the statement
 * @hash: TPM_ALG_ID of the policy's hash
 * @a: result, points into the body of @st
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EBADMSG for a malformed body; -EOPNOTSUPP for a statement that is
 * not known here, or names what is not.
 */
int tpk_assertion_decode(const struct tpk_statement *st, u16 hash,
			 struct tpk_assertion *a, const char **what);

/**
 * tpk_assertion_put() - write the body of a statement
 * @w: where to
 * @a: the statement
 *
 * What was decoded becomes the same octets again, but for a PolicyPCR of GRUB
 * and pcr-oracle: it is written in their form only if it has no digest.
 */
void tpk_assertion_put(struct tpm2_writer *w, const struct tpk_assertion *a);

/**
 * tpk_assertion_name() - the Name that a statement hashes
 * @a: PolicyAuthorize, PolicyNV, PolicySecret or PolicySigned
 * @buf: TPM2_MAX_NAME octets, to which @name may point afterwards
 * @name: result; empty for other statements
 *
 * Return: 0; -EOPNOTSUPP if this kernel lacks the key's name algorithm.
 */
int tpk_assertion_name(const struct tpk_assertion *a, u8 *buf,
		       struct tpm2_bytes *name);

/**
 * tpk_assertion_extend() - what a statement makes of a session's digest
 * @a: the statement; a PolicyPCR with its digest
 * @hash: TPM_ALG_ID of the policy's hash
 * @digest: the digest before it, and after it
 *
 * Return: 0; -ENODATA for a PolicyPCR without a digest; -EOPNOTSUPP.
 */
int tpk_assertion_extend(const struct tpk_assertion *a, u16 hash, u8 *digest);

/**
 * tpk_digest_extend() - the step that all policy commands share
 * @hash: TPM_ALG_ID of the policy's hash
 * @digest: becomes H(@digest || @code || @a || @b)
 * @code: TPM_CC
 * @a: octets, may be empty
 * @b: octets, may be empty
 *
 * Return: 0; -EOPNOTSUPP.
 */
int tpk_digest_extend(u16 hash, u8 *digest, u32 code, struct tpm2_bytes a,
		      struct tpm2_bytes b);

#endif /* _TPK_ASSERTION_H */
