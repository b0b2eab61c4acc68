// SPDX-License-Identifier: GPL-2.0-only
/*
 * The storage key above a sealed object: persistent, or derived.
 *
 * A persistent parent is read once and its Name remembered: HMACs need it.  The
 * default parent is the primary of the owner hierarchy by template H-2, which
 * the TPM derives from its seed, always the same; the resource manager keeps it,
 * so that it is derived once and then loaded.  Other primaries are derived each
 * time.
 *
 * What is remembered changes only within transactions, so it needs no lock.
 */
#include <linux/capability.h>
#include <linux/user_namespace.h>

#include "tpk.h"

static bool is_persistent(u32 handle)
{
	return TPM_HT(handle) == TPM_HT_PERSISTENT;
}

static struct tpk_parent *find_known(struct tpk_tpm *tpm, u32 handle)
{
	unsigned int i;

	for (i = 0; i < TPK_MAX_PARENTS; i++) {
		if (tpm->known[i].handle == handle)
			return &tpm->known[i];
	}
	return NULL;
}

/* Takes Name and attributes from a public area that the TPM returned. */
static int take_public(struct tpk_parent *parent, struct tpm2_bytes area,
		       struct tpm2_bytes name)
{
	struct tpk_public public;
	int len, err;

	err = tpk_public_decode(area, &public);
	if (err)
		return err;
	len = tpk_public_name(area, parent->name.data);
	if (len < 0)
		return len;
	parent->name.len = len;
	parent->attributes = public.attributes;
	if (!tpm2_bytes_equal(name, tpm2_bytes(parent->name.data, len)))
		return -EBADMSG;
	return 0;
}

static int bad_reply(enum tpk_step step)
{
	tpk_notice("%s: the answer is malformed; suspect the bus",
		   tpk_step_name(step));
	return -EIO;
}

static int read_persistent(struct tpk_tpm *tpm, struct tpk_parent *parent)
{
	struct trm_call call = {
		.code = TPM_CC_ReadPublic,
		.ref[0].handle = parent->handle,
	};
	struct tpm2_bytes area, name;
	struct tpm2_reader r;
	int err;

	err = tpk_transmit(tpm, TPK_STEP_PARENT_READ, &call, false);
	if (err)
		return err;
	r = tpm2_reader(call.reply.data, call.reply.len);
	area = tpm2_get_sized(&r);
	name = tpm2_get_sized(&r);
	tpm2_get_sized(&r); /* qualifiedName */
	if (!tpm2_done(&r) || take_public(parent, area, name))
		return bad_reply(TPK_STEP_PARENT_READ);
	return 0;
}

/* What an administrator should know before keys depend on a parent. */
static void advise(const struct tpk_parent *parent)
{
	if (!(parent->attributes & TPMA_OBJECT_noDA))
		tpk_notice("parent 0x%08x lacks noDA: in a dictionary-attack lockout its keys cannot be loaded; create it with noda",
			   parent->handle);
}

static int get_persistent(struct tpk_tpm *tpm, struct tpk_parent *parent)
{
	struct tpk_parent *known = find_known(tpm, parent->handle);
	int err;

	if (known) {
		*parent = *known;
		return 0;
	}
	err = read_persistent(tpm, parent);
	if (err)
		return err;
	advise(parent);
	tpm->known[tpm->next] = *parent;
	tpm->next = (tpm->next + 1) % TPK_MAX_PARENTS;
	return 0;
}

/* May whoever asks do what could lock the TPM for everybody? */
static bool is_privileged(void)
{
	return ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
}

/* A wrong authorization of a parent without noDA counts toward lockout. */
static int check_protection(const struct tpk_parent *parent, bool privileged)
{
	if (privileged || parent->attributes & TPMA_OBJECT_noDA)
		return 0;
	tpk_notice("parent 0x%08x lacks noDA, so it needs CAP_SYS_ADMIN; use the default parent, or one created with noda",
		   parent->handle);
	return -EPERM;
}

/**
 * tpk_parent_changed() - has somebody put another key at a persistent handle?
 * @tpm: the TPM, in a transaction
 * @handle: persistent handle; of anything else nothing is remembered
 *
 * Asked after an authorization failed that was computed with the Name that is
 * remembered.
 *
 * Return: true if the Name was not that any more; it is now.
 */
bool tpk_parent_changed(struct tpk_tpm *tpm, u32 handle)
{
	struct tpk_parent *known = find_known(tpm, handle);
	struct tpk_parent fresh = { .handle = handle };
	bool changed;

	if (!known)
		return false;
	if (read_persistent(tpm, &fresh)) {
		memset(known, 0, sizeof(*known));
		return false;
	}
	changed = !tpm2_bytes_equal(tpm2_bytes(fresh.name.data, fresh.name.len),
				    tpm2_bytes(known->name.data,
					       known->name.len));
	*known = fresh;
	if (changed)
		advise(&fresh);
	return changed;
}

/**
 * tpk_parent_allowed() - may this user seal under, or load from, a parent?
 * @handle: persistent handle or hierarchy
 *
 * Return: true for persistent parents and the owner hierarchy; else it takes
 * CAP_SYS_ADMIN.
 */
bool tpk_parent_allowed(u32 handle)
{
	if (is_persistent(handle) || handle == TPM_RH_OWNER)
		return true;
	if (capable(CAP_SYS_ADMIN))
		return true;
	tpk_notice("parent 0x%08x needs CAP_SYS_ADMIN; use the default parent or a persistent one",
		   handle);
	return false;
}

/* Part 3, 24.1: empty authValue and data, no outside information, no PCRs. */
static void put_create_primary(struct tpm2_writer *w, bool rsa)
{
	size_t sensitive = tpm2_open_u16(w);

	tpm2_put_u16(w, 0); /* userAuth */
	tpm2_put_u16(w, 0); /* data */
	tpm2_close_u16(w, sensitive);
	tpk_put_primary(w, rsa);
	tpm2_put_u16(w, 0); /* outsideInfo */
	tpm2_put_u32(w, 0); /* creationPCR */
}

static int take_primary(struct tpk_parent *parent, struct tpm2_bytes reply)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len);
	struct tpm2_bytes area, name;

	area = tpm2_get_sized(&r);
	tpm2_get_sized(&r); /* creationData */
	tpm2_get_sized(&r); /* creationHash */
	tpm2_get(&r, 2 + 4); /* creationTicket: tag, hierarchy, digest */
	tpm2_get_sized(&r);
	name = tpm2_get_sized(&r);
	return tpm2_done(&r) ? take_public(parent, area, name) : -EBADMSG;
}

static int derive(struct tpk_tpm *tpm, struct tpk_scratch *s,
		  const struct tpk_options *o, bool rsa,
		  struct tpk_parent *parent)
{
	struct tpm2_writer w = tpm2_writer(s->params, sizeof(s->params));
	struct trm_call call = {
		.code = TPM_CC_CreatePrimary,
		.ref[0].handle = parent->handle,
		.nr_auths = 1,
		.auth[0].value = tpm2_bytes(o->keyauth, o->keyauth_len),
		.result = parent->object,
	};
	int err;

	put_create_primary(&w, rsa);
	call.params = tpm2_written(&w);
	err = tpk_transmit(tpm, TPK_STEP_PARENT_DERIVE, &call, o->keyauth_len);
	if (err)
		return err;
	if (take_primary(parent, call.reply)) {
		trm_object_flush(parent->object);
		return bad_reply(TPK_STEP_PARENT_DERIVE);
	}
	trm_object_set_name(parent->object, &parent->name);
	return 0;
}

static int get_srk(struct tpk_tpm *tpm, struct tpk_scratch *s,
		   const struct tpk_options *o, struct tpk_parent *parent)
{
	struct trm_object *object = tpm->srk.object;
	int err;

	if (trm_object_valid(object) && trm_object_load(object)) {
		*parent = tpm->srk;
		return 0;
	}
	/* The TPM has been cleared or reset since, or there was no room. */
	if (trm_object_valid(object))
		trm_object_flush(object);
	parent->object = object;
	err = derive(tpm, s, o, false, parent);
	if (err)
		return err;
	tpm->srk = *parent;
	trm_object_keep(object, &parent->name);
	return 0;
}

/**
 * tpk_parent_get() - find, load or derive a parent
 * @tpm: the TPM, in a transaction
 * @s: memory of the request
 * @o: keyauth= is the authorization of the hierarchy, if it is derived
 * @handle: persistent handle or hierarchy
 * @rsa: derive an RSA-2048 primary
 * @need_name: @parent->name and @parent->attributes are needed
 * @parent: result
 *
 * Return: 0; -EPERM for a persistent parent that lacks noDA, without
 * CAP_SYS_ADMIN; or as tpk_transmit().
 */
int tpk_parent_get(struct tpk_tpm *tpm, struct tpk_scratch *s,
		   const struct tpk_options *o, u32 handle, bool rsa,
		   bool need_name, struct tpk_parent *parent)
{
	*parent = (struct tpk_parent){ .handle = handle };
	if (is_persistent(handle)) {
		bool privileged = is_privileged();

		if (!need_name && privileged)
			return 0;
		return get_persistent(tpm, parent) ?:
		       check_protection(parent, privileged);
	}
	if (handle == TPM_RH_OWNER && !rsa)
		return get_srk(tpm, s, o, parent);
	parent->object = s->primary;
	return derive(tpm, s, o, rsa, parent);
}

/**
 * tpk_parent_ref() - a parent as the handle of a command
 * @parent: the parent; must stay while the result is used
 *
 * Return: the reference.
 */
struct trm_ref tpk_parent_ref(const struct tpk_parent *parent)
{
	return (struct trm_ref){
		.object = parent->object,
		.handle = parent->handle,
		.name = &parent->name,
	};
}
