/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * "TPM 2.0 Key Files": the ASN.1 blob of a sealed key.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_KEYFILE_H
#define _TPK_KEYFILE_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "policyder.h"

#define TPK_MAX_BLOB		8192	/* octets of DER */

/* What the object identifier at the start says the file holds. */
enum tpk_keyfile_type {
	TPK_LOADABLE_KEY,	/* 2.23.133.10.1.3 */
	TPK_IMPORTABLE_KEY,	/* 2.23.133.10.1.4 */
	TPK_SEALED_DATA,	/* 2.23.133.10.1.5 */
};

/**
 * struct tpk_keyfile - a decoded TPMKey, or one to be encoded
 * @type: object identifier
 * @empty_auth: [0], TRUE if present and not zero; written only when true
 * @policy: [1]
 * @secret: [2], empty if absent
 * @auth_policy: [3], the contents octets of the inner SEQUENCE OF
 *	TPMAuthPolicy, which the decoder has checked; empty if absent
 * @description: [4] UTF-8 text, not trusted; empty if absent
 * @rsa_parent: [5]
 * @parent_name: [6] Name of the parent; empty if absent
 * @parent: handle of the parent
 * @public: whole TPM2B_PUBLIC with its size field
 * @private: whole TPM2B_PRIVATE with its size field
 *
 * All spans point into the blob that was decoded, which must outlive this.
 */
struct tpk_keyfile {
	enum tpk_keyfile_type type;
	bool empty_auth;
	struct tpk_policy policy;
	struct tpm2_bytes secret;
	struct tpm2_bytes auth_policy;
	struct tpm2_bytes description;
	bool rsa_parent;
	struct tpm2_bytes parent_name;
	u32 parent;
	struct tpm2_bytes public;
	struct tpm2_bytes private;
};

/**
 * tpk_is_parent() - can keys be sealed under this handle?
 * @handle: any handle
 *
 * Return: true for a persistent handle and for a hierarchy that has primaries.
 */
static inline bool tpk_is_parent(u32 handle)
{
	switch (handle) {
	case TPM_RH_OWNER:
	case TPM_RH_NULL:
	case TPM_RH_ENDORSEMENT:
	case TPM_RH_PLATFORM:
		return true;
	default:
		return TPM_HT(handle) == TPM_HT_PERSISTENT;
	}
}

/**
 * tpk_keyfile_decode() - read a blob, strictly
 * @blob: the DER octets
 * @kf: result, points into @blob
 * @what: in case of an error, which field is wrong and how (a constant)
 *
 * Accepts both ways in which writers encode the parent (4 octets, possibly
 * negative, or 5) and any non-zero octet for TRUE; refuses everything else that
 * is not DER of exactly this grammar: unknown or repeated or misplaced tags,
 * lengths that are not minimal, anything left over, more than
 * TPK_MAX_STATEMENTS statements or none, a [2] outside an importable key or
 * missing in one, a [3] without [1] or with nothing in it, text that is not
 * UTF-8, a [5] that is not TRUE or beside a persistent parent, a [6] that is no
 * Name, TPM2B that are empty or do not fit their OCTET STRING, a parent that is
 * neither 0x81xxxxxx nor a hierarchy's.  An empty [4] counts as absent.
 *
 * Return: 0; -EBADMSG for anything malformed.
 */
int tpk_keyfile_decode(struct tpm2_bytes blob, struct tpk_keyfile *kf,
		       const char **what);

/**
 * tpk_keyfile_encode() - write a blob as DER
 * @kf: what to write
 * @out: buffer
 * @size: its size
 *
 * Two passes: lengths first, then the octets, each in its place.
 *
 * Return: octets written; -EMSGSIZE if @size is too small.
 */
int tpk_keyfile_encode(const struct tpk_keyfile *kf, u8 *out, size_t size);

/**
 * tpk_oldfile_decode() - read the format that Linux wrote before 5.13
 * @blob: TPM2B_PRIVATE and TPM2B_PUBLIC, nothing else
 * @kf: result: sealed data, no policy, no parent
 * @what: in case of an error, what is wrong
 *
 * A blob is in the old format if its first octet is not 0x30.
 *
 * Return: 0; -EBADMSG.
 */
int tpk_oldfile_decode(struct tpm2_bytes blob, struct tpk_keyfile *kf,
		       const char **what);

#endif /* _TPK_KEYFILE_H */
