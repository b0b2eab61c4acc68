// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and writing "TPM 2.0 Key Files" (draft-bottomley-tpm2-keys).
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 *	TPMKey ::= SEQUENCE {
 *		type		OBJECT IDENTIFIER,
 *		emptyAuth	[0] EXPLICIT BOOLEAN OPTIONAL,
 *		policy		[1] EXPLICIT SEQUENCE OF TPMPolicy OPTIONAL,
 *		secret		[2] EXPLICIT OCTET STRING OPTIONAL,
 *		authPolicy	[3] EXPLICIT SEQUENCE OF TPMAuthPolicy OPTIONAL,
 *		description	[4] EXPLICIT UTF8String OPTIONAL,
 *		rsaParent	[5] EXPLICIT BOOLEAN OPTIONAL,
 *		parentName	[6] EXPLICIT OCTET STRING OPTIONAL,
 *		parent		INTEGER,
 *		pubkey		OCTET STRING,
 *		privkey		OCTET STRING
 *	}
 *
 * TPMPolicy and TPMAuthPolicy are in policyder.h.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "der.h"
#include "keyfile.h"
#include "object.h"
#include "policyder.h"

enum tag {
	EMPTY_AUTH	= DER_TAG(0),
	POLICY		= DER_TAG(1),
	SECRET		= DER_TAG(2),
	AUTH_POLICY	= DER_TAG(3),
	DESCRIPTION	= DER_TAG(4),
	RSA_PARENT	= DER_TAG(5),
	PARENT_NAME	= DER_TAG(6),
};

/* 2.23.133.10.1, one octet short: the last arc is 3 to 5. */
static const u8 oid_tpmkey[] = { 0x67, 0x81, 0x05, 0x0a, 0x01 };

/* X.690, 8.1.2.2: in an identifier octet. */
#define DER_CLASS		0xc0
#define CONTEXT_SPECIFIC	0x80

#define OID_LEN		(sizeof(oid_tpmkey) + 1)
#define OID_FIRST_ARC	3

static int bad(const char **what, const char *fault)
{
	*what = fault;
	return -EBADMSG;
}

/* A TPM2B with something in it, and nothing beside it. */
static bool is_tpm2b(struct tpm2_bytes b)
{
	return b.len > 2 && get_unaligned_be16(b.data) == b.len - 2;
}

static int get_type(struct tpm2_reader *r, struct tpk_keyfile *kf,
		    const char **what)
{
	struct tpm2_bytes oid = tpk_der_get(r, DER_OID);
	u8 arc;

	if (r->bad)
		return bad(what, "type: not an OBJECT IDENTIFIER");
	if (oid.len != OID_LEN ||
	    memcmp(oid.data, oid_tpmkey, sizeof(oid_tpmkey)))
		return bad(what, "type: not that of a TPM key");
	arc = oid.data[OID_LEN - 1];
	if (arc < OID_FIRST_ARC || arc > OID_FIRST_ARC + TPK_SEALED_DATA)
		return bad(what, "type: unknown kind of TPM key");
	kf->type = TPK_LOADABLE_KEY + arc - OID_FIRST_ARC;
	return 0;
}

static int get_empty_auth(struct tpm2_reader *r, struct tpk_keyfile *kf,
			  const char **what)
{
	struct tpm2_bytes v = tpk_der_get_explicit(r, EMPTY_AUTH, DER_BOOLEAN);

	if (v.len != 1)
		return bad(what, "emptyAuth: not a BOOLEAN");
	kf->empty_auth = *v.data;
	return 0;
}

static int get_policy(struct tpm2_reader *r, struct tpk_keyfile *kf,
		      const char **what)
{
	static const struct tpk_list_faults faults = {
		.shape = "policy: not a SEQUENCE",
		.empty = "policy: no statement",
		.many = "policy: more than 16 statements",
		.entry = "policy: malformed statement",
	};
	struct tpm2_reader outer = tpk_der_enter(r, POLICY);

	return tpk_policy_get(&outer, &kf->policy, &faults, what);
}

static int get_secret(struct tpm2_reader *r, struct tpk_keyfile *kf,
		      const char **what)
{
	kf->secret = tpk_der_get_explicit(r, SECRET, DER_OCTETS);
	if (r->bad)
		return bad(what, "secret: not an OCTET STRING");
	if (!is_tpm2b(kf->secret))
		return bad(what, "secret: not a TPM2B_ENCRYPTED_SECRET");
	return 0;
}

static int get_auth_policy(struct tpm2_reader *r, struct tpk_keyfile *kf,
			   const char **what)
{
	kf->auth_policy = tpk_der_get_explicit(r, AUTH_POLICY, DER_SEQUENCE);
	if (r->bad)
		return bad(what, "authPolicy: not a SEQUENCE");
	return tpk_auth_policies_check(kf->auth_policy, what);
}

static int get_description(struct tpm2_reader *r, struct tpk_keyfile *kf,
			   const char **what)
{
	kf->description = tpk_der_get_explicit(r, DESCRIPTION, DER_UTF8);
	if (r->bad)
		return bad(what, "description: not a UTF8String");
	if (!tpk_der_is_utf8(kf->description))
		return bad(what, "description: not UTF-8");
	return 0;
}

static int get_rsa_parent(struct tpm2_reader *r, struct tpk_keyfile *kf,
			  const char **what)
{
	struct tpm2_bytes v = tpk_der_get_explicit(r, RSA_PARENT, DER_BOOLEAN);

	if (v.len != 1)
		return bad(what, "rsaParent: not a BOOLEAN");
	if (!*v.data)
		return bad(what, "rsaParent: present but not TRUE");
	kf->rsa_parent = true;
	return 0;
}

static int get_parent_name(struct tpm2_reader *r, struct tpk_keyfile *kf,
			   const char **what)
{
	kf->parent_name = tpk_der_get_explicit(r, PARENT_NAME, DER_OCTETS);
	if (r->bad)
		return bad(what, "parentName: not an OCTET STRING");
	/* By a hash that is not known here the parent may still be named. */
	if (!tpk_is_name(kf->parent_name))
		return bad(what, "parentName: not the Name of an object");
	return 0;
}

/* The optional fields, in their order. */
static const struct field {
	u8 tag;
	int (*get)(struct tpm2_reader *r, struct tpk_keyfile *kf,
		   const char **what);
	const char *misplaced;
} fields[] = {
	{ EMPTY_AUTH, get_empty_auth, "emptyAuth: repeated or out of place" },
	{ POLICY, get_policy, "policy: repeated or out of place" },
	{ SECRET, get_secret, "secret: repeated or out of place" },
	{ AUTH_POLICY, get_auth_policy, "authPolicy: repeated or out of place" },
	{ DESCRIPTION, get_description, "description: repeated or out of place" },
	{ RSA_PARENT, get_rsa_parent, "rsaParent: repeated or out of place" },
	{ PARENT_NAME, get_parent_name, "parentName: repeated or out of place" },
	{ }
};

static int get_optional(struct tpm2_reader *r, struct tpk_keyfile *kf,
			const char **what)
{
	const struct field *f;
	int err = 0;

	for (f = fields; !err && f->tag; f++)
		if (tpk_der_peek(r) == f->tag)
			err = f->get(r, kf, what);
	for (f = fields; !err && f->tag; f++)
		if (tpk_der_peek(r) == f->tag)
			err = bad(what, f->misplaced);
	if (!err && (tpk_der_peek(r) & DER_CLASS) == CONTEXT_SPECIFIC)
		err = bad(what, "blob: unknown field");
	return err;
}

/*
 * 0x81000001 is written as 00 81 00 00 01, or as if it were a negative 32-bit
 * number: 81 00 00 01.  Both are the shortest form of what they say.
 */
static int get_parent(struct tpm2_reader *r, struct tpk_keyfile *kf,
		      const char **what)
{
	struct tpm2_bytes v = tpk_der_get(r, DER_INTEGER);

	if (r->bad)
		return bad(what, "parent: not an INTEGER");
	if (v.len == 4)
		kf->parent = get_unaligned_be32(v.data);
	else if (!tpk_der_u32(v, &kf->parent))
		return bad(what, "parent: not a handle");
	if (!tpk_is_parent(kf->parent))
		return bad(what, "parent: neither persistent nor a hierarchy");
	return 0;
}

static int get_required(struct tpm2_reader *r, struct tpk_keyfile *kf,
			const char **what)
{
	int err = get_parent(r, kf, what);

	if (err)
		return err;
	kf->public = tpk_der_get(r, DER_OCTETS);
	if (r->bad)
		return bad(what, "pubkey: not an OCTET STRING");
	if (!is_tpm2b(kf->public))
		return bad(what, "pubkey: not a TPM2B_PUBLIC");
	kf->private = tpk_der_get(r, DER_OCTETS);
	if (r->bad)
		return bad(what, "privkey: not an OCTET STRING");
	if (!is_tpm2b(kf->private))
		return bad(what, "privkey: not a TPM2B_PRIVATE");
	return tpm2_left(r) ? bad(what, "blob: something after privkey") : 0;
}

/* What the fields must be to one another. */
static int check_fields(const struct tpk_keyfile *kf, const char **what)
{
	if (kf->type == TPK_IMPORTABLE_KEY && !kf->secret.len)
		return bad(what, "secret: missing in an importable key");
	if (kf->type != TPK_IMPORTABLE_KEY && kf->secret.len)
		return bad(what, "secret: outside an importable key");
	if (kf->auth_policy.len && !kf->policy.nr)
		return bad(what, "authPolicy: without a policy");
	if (kf->rsa_parent && TPM_HT(kf->parent) != TPM_HT_PERMANENT)
		return bad(what, "rsaParent: beside a persistent parent");
	return 0;
}

int tpk_keyfile_decode(struct tpm2_bytes blob, struct tpk_keyfile *kf,
		       const char **what)
{
	struct tpm2_reader outer = tpm2_reader(blob.data, blob.len);
	struct tpm2_reader r = tpk_der_enter(&outer, DER_SEQUENCE);
	int err;

	memset(kf, 0, sizeof(*kf));
	if (blob.len > TPK_MAX_BLOB)
		return bad(what, "blob: more than 8192 octets");
	if (!tpm2_done(&outer))
		return bad(what, "blob: not exactly one SEQUENCE");
	err = get_type(&r, kf, what);
	if (!err)
		err = get_optional(&r, kf, what);
	if (!err)
		err = get_required(&r, kf, what);
	return err ? err : check_fields(kf, what);
}

int tpk_oldfile_decode(struct tpm2_bytes blob, struct tpk_keyfile *kf,
		       const char **what)
{
	struct tpm2_reader r = tpm2_reader(blob.data, blob.len);

	memset(kf, 0, sizeof(*kf));
	kf->type = TPK_SEALED_DATA;
	if (blob.len > TPK_MAX_BLOB)
		return bad(what, "blob: more than 8192 octets");
	kf->private = tpm2_get_tpm2b(&r);
	if (!is_tpm2b(kf->private))
		return bad(what, "privkey: not a TPM2B_PRIVATE");
	kf->public = tpm2_get_tpm2b(&r);
	if (!is_tpm2b(kf->public))
		return bad(what, "pubkey: not a TPM2B_PUBLIC");
	return tpm2_left(&r) ? bad(what, "blob: something after pubkey") : 0;
}

/* First pass: lengths. */

static size_t optional_size(struct tpm2_bytes b)
{
	return b.len ? tpk_der_explicit_size(b.len) : 0;
}

/* Contents octets of a TPMKey. */
static size_t keyfile_len(const struct tpk_keyfile *kf)
{
	size_t len = tpk_der_size(OID_LEN);

	if (kf->empty_auth)
		len += tpk_der_explicit_size(1);
	if (kf->policy.nr)
		len += tpk_der_explicit_size(tpk_policy_len(&kf->policy));
	len += optional_size(kf->secret);
	len += optional_size(kf->auth_policy);
	len += optional_size(kf->description);
	if (kf->rsa_parent)
		len += tpk_der_explicit_size(1);
	len += optional_size(kf->parent_name);
	len += tpk_der_size(tpk_der_u32_len(kf->parent));
	return len + tpk_der_size(kf->public.len) +
	       tpk_der_size(kf->private.len);
}

/* Second pass: octets, in the same order. */

static void put_type(struct tpm2_writer *w, enum tpk_keyfile_type type)
{
	tpk_der_open(w, DER_OID, OID_LEN);
	tpm2_put(w, oid_tpmkey, sizeof(oid_tpmkey));
	tpm2_put_u8(w, OID_FIRST_ARC + type);
}

static void put_true(struct tpm2_writer *w, u8 tag)
{
	static const u8 yes = 0xff;

	tpk_der_put_explicit(w, tag, DER_BOOLEAN, tpm2_bytes(&yes, 1));
}

static void put_policy(struct tpm2_writer *w, const struct tpk_policy *policy)
{
	tpk_der_open(w, POLICY, tpk_der_size(tpk_policy_len(policy)));
	tpk_policy_put(w, policy);
}

static void put_optional(struct tpm2_writer *w, u8 tag, u8 id,
			 struct tpm2_bytes b)
{
	if (b.len)
		tpk_der_put_explicit(w, tag, id, b);
}

int tpk_keyfile_encode(const struct tpk_keyfile *kf, u8 *out, size_t size)
{
	struct tpm2_writer w = tpm2_writer(out, size);

	tpk_der_open(&w, DER_SEQUENCE, keyfile_len(kf));
	put_type(&w, kf->type);
	if (kf->empty_auth)
		put_true(&w, EMPTY_AUTH);
	if (kf->policy.nr)
		put_policy(&w, &kf->policy);
	put_optional(&w, SECRET, DER_OCTETS, kf->secret);
	put_optional(&w, AUTH_POLICY, DER_SEQUENCE, kf->auth_policy);
	put_optional(&w, DESCRIPTION, DER_UTF8, kf->description);
	if (kf->rsa_parent)
		put_true(&w, RSA_PARENT);
	put_optional(&w, PARENT_NAME, DER_OCTETS, kf->parent_name);
	tpk_der_put_u32(&w, kf->parent);
	tpk_der_put(&w, DER_OCTETS, kf->public);
	tpk_der_put(&w, DER_OCTETS, kf->private);
	return w.full ? -EMSGSIZE : w.len;
}
