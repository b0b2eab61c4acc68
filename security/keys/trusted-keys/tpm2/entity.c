// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy names: NV indices that it compares, and entities whose
 * authorization it asks for.
 *
 * When a key is sealed, it must be what the policy says, or the key would never
 * open.  When a key is loaded the TPM sees to that; but somebody without privilege
 * must not be able to bring the TPM into lockout by way of a policy.
 */
#include <linux/tpm2_hash.h>

#include "entity.h"

/**
 * struct entity - what is looked at
 * @code: PolicyNV or PolicySecret, by name
 * @handle: its handle
 * @auth: handle of what is authorized: the same, or a hierarchy
 * @name: Name that the policy has
 */
struct entity {
	const char *code;
	u32 handle;
	u32 auth;
	struct tpm2_bytes name;
};

static struct entity entity_of(const struct tpk_assertion *a)
{
	if (a->code == TPM_CC_PolicyNV)
		return (struct entity){ "PolicyNV", a->compare.index,
					a->compare.auth, a->compare.name };
	return (struct entity){ "PolicySecret", a->secret.entity,
				a->secret.entity, a->secret.name };
}

static bool is_nv(u32 handle)
{
	return TPM_HT(handle) == TPM_HT_NV_INDEX;
}

static bool is_hierarchy(u32 handle)
{
	return TPM_HT(handle) == TPM_HT_PERMANENT;
}

/*
 * The attributes out of a TPMT_PUBLIC (Part 2, 12.2.4) or a TPMS_NV_PUBLIC (13.5),
 * in either of which a u16 or a u32 comes before nameAlg; the Name vouches for them.
 */
static int take_public(const struct entity *e, struct tpm2_bytes reply,
		       u32 *attributes)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len), area;
	struct tpm2_bytes public = tpm2_get_sized(&r);
	u8 name[TPM2_MAX_NAME];
	u16 alg;

	area = tpm2_reader(public.data, public.len);
	tpm2_get_bytes(&area, is_nv(e->handle) ? 4 : 2);
	alg = tpm2_get_u16(&area);
	*attributes = tpm2_get_u32(&area);
	if (r.bad || area.bad || !tpm2_digest_size(alg))
		return -EBADMSG;
	put_unaligned_be16(alg, name);
	if (tpm2_digest(alg, &public, 1, name + 2))
		return -EBADMSG;
	return tpm2_bytes_equal(e->name, tpm2_bytes(name, 2 + tpm2_digest_size(alg))) ?
	       0 : -ESTALE;
}

static int read_attributes(struct tpk_tpm *tpm, const struct entity *e,
			   u32 *attributes)
{
	struct trm_call call = {
		.code = is_nv(e->handle) ? TPM_CC_NV_ReadPublic : TPM_CC_ReadPublic,
		.ref[0].handle = e->handle,
	};
	enum tpk_step step = is_nv(e->handle) ? TPK_STEP_NV_READ :
						TPK_STEP_ENTITY_READ;
	int err = tpk_transmit(tpm, step, &call, false);

	if (err)
		return err;
	err = take_public(e, call.reply, attributes);
	if (err == -ESTALE) {
		tpk_notice("%s: 0x%08x has not the Name that the policy says",
			   e->code, e->handle);
		return -ENOKEY;
	}
	if (err) {
		tpk_notice("%s: the answer is malformed; suspect the bus",
			   tpk_step_name(step));
		return -EIO;
	}
	return 0;
}

static bool counts_failures(const struct entity *e, u32 attributes)
{
	return !(attributes & (is_nv(e->handle) ? TPMA_NV_NO_DA :
						  TPMA_OBJECT_noDA));
}

static int refuse_unprivileged(const struct entity *e)
{
	tpk_notice("%s: the authorization of 0x%08x needs CAP_SYS_ADMIN, unless it is an NV index or object with noDA",
		   e->code, e->auth);
	return -EPERM;
}

/**
 * tpk_entity_allow() - may whoever asks run this statement?
 * @tpm: the TPM, in a transaction
 * @a: a PolicyNV or a PolicySecret
 *
 * Who is privileged may, without a look at the TPM.
 *
 * Return: 0; -EPERM for a hierarchy and for what lacks noDA, without
 * CAP_SYS_ADMIN; -EKEYREVOKED for an NV index that is gone or another one;
 * -ENOKEY for such an object; or as tpk_transmit().
 */
int tpk_entity_allow(struct tpk_tpm *tpm, const struct tpk_assertion *a)
{
	struct entity e = entity_of(a);
	u32 attributes;
	int err;

	if (tpk_is_privileged())
		return 0;
	if (is_hierarchy(e.auth))
		return refuse_unprivileged(&e);
	err = read_attributes(tpm, &e, &attributes);
	if (err == -ENOKEY && a->code == TPM_CC_PolicyNV)
		return -EKEYREVOKED;
	if (!err && counts_failures(&e, attributes))
		err = refuse_unprivileged(&e);
	return err;
}

static int check_index(const struct entity *e, u32 attributes)
{
	if (!(attributes & TPMA_NV_WRITTEN)) {
		tpk_notice("PolicyNV: index 0x%08x was never written, and its Name changes when it is; write it first",
			   e->handle);
		return -EINVAL;
	}
	if ((attributes & TPMA_NV_TPM_NT) != TPMA_NV_TPM_NT_COUNTER)
		tpk_notice("PolicyNV: index 0x%08x is no counter, so its owner can make it anew as it was; only a counter revokes for good",
			   e->handle);
	return 0;
}

/**
 * tpk_entity_check() - will this statement ever hold?
 * @tpm: the TPM, in a transaction
 * @a: a PolicyNV or a PolicySecret, about to be sealed to
 *
 * Return: 0; -EINVAL for an NV index that was not written yet; -ENOKEY if it is
 * not there, or has another Name; -EPERM as tpk_entity_allow(); or as
 * tpk_transmit().
 */
int tpk_entity_check(struct tpk_tpm *tpm, const struct tpk_assertion *a)
{
	struct entity e = entity_of(a);
	u32 attributes;
	int err;

	if (is_hierarchy(e.auth) && !tpk_is_privileged())
		return refuse_unprivileged(&e);
	if (is_hierarchy(e.handle))
		return 0;
	err = read_attributes(tpm, &e, &attributes);
	if (!err && counts_failures(&e, attributes) && !tpk_is_privileged())
		err = refuse_unprivileged(&e);
	if (!err && a->code == TPM_CC_PolicyNV)
		err = check_index(&e, attributes);
	return err;
}

/**
 * tpk_entity_changed() - is an NV index another one than when it was sealed to?
 * @tpm: the TPM, in a transaction
 * @a: a PolicyNV that was run, in a policy that was not met then
 *
 * An index that was made anew with other attributes, or was locked, has another
 * Name.  The TPM says so no earlier than at the end of the policy, and no more than
 * that it was not met.
 *
 * Return: true if so, or if it is gone.
 */
bool tpk_entity_changed(struct tpk_tpm *tpm, const struct tpk_assertion *a)
{
	struct entity e = entity_of(a);
	u32 attributes;

	return read_attributes(tpm, &e, &attributes) == -ENOKEY;
}
