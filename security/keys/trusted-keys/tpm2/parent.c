// SPDX-License-Identifier: GPL-2.0-only
/*
 * The storage key above a sealed object: persistent, or derived.
 *
 * A parent is known by its public area: sessions are salted to the key in it, and
 * HMACs need its Name.  That of a persistent one is read once and remembered; that
 * of a derived one comes with it.
 *
 * The default parent is the primary of the owner hierarchy by template H-2, which
 * the TPM derives from its seed, always the same; the resource manager keeps it,
 * so that it is derived once and then loaded.  Other primaries are derived each
 * time.
 */
#include <linux/capability.h>
#include <linux/user_namespace.h>

#include "tpk.h"

static bool is_persistent(u32 handle)
{
	return TPM_HT(handle) == TPM_HT_PERSISTENT;
}

static bool is_srk(const struct tpk_parent *parent)
{
	return parent->handle == TPM_RH_OWNER && !parent->rsa;
}

/* Where a parent is remembered; NULL: it is not. */
static struct tpk_parent *find_known(struct tpk_tpm *tpm,
				     const struct tpk_parent *parent)
{
	unsigned int i;

	lockdep_assert_held(&tpm->lock);
	if (is_srk(parent))
		return tpm->srk.name.len ? &tpm->srk : NULL;
	for (i = 0; i < TPK_MAX_PARENTS; i++) {
		if (tpm->known[i].name.len &&
		    tpm->known[i].handle == parent->handle &&
		    tpm->known[i].rsa == parent->rsa)
			return &tpm->known[i];
	}
	return NULL;
}

/*
 * One to which no session can be salted is asked each time: that it was replaced
 * would not be noticed, and what is there now may be better.
 */
static void remember(struct tpk_tpm *tpm, const struct tpk_parent *parent)
{
	struct tpm2_salt_key key;
	struct tpk_parent *place;

	if (tpm2_salt_key_decode(tpm2_bytes(parent->area, parent->area_len),
				 &key))
		return;
	mutex_lock(&tpm->lock);
	place = is_srk(parent) ? &tpm->srk : find_known(tpm, parent);
	if (!place) {
		place = &tpm->known[tpm->next];
		tpm->next = (tpm->next + 1) % TPK_MAX_PARENTS;
	}
	*place = *parent;
	place->object = NULL;
	mutex_unlock(&tpm->lock);
}

static void forget(struct tpk_tpm *tpm, const struct tpk_parent *parent)
{
	struct tpk_parent *place;

	mutex_lock(&tpm->lock);
	place = find_known(tpm, parent);
	if (place)
		memset(place, 0, sizeof(*place));
	mutex_unlock(&tpm->lock);
}

/* Where the object of a derived parent belongs. */
static struct trm_object *object_of(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	if (is_persistent(s->parent.handle))
		return NULL;
	return is_srk(&s->parent) ? tpm->srk_object : s->primary;
}

/**
 * tpk_parent_recall() - what is remembered of a parent
 * @tpm: the TPM
 * @s: @s->parent.handle and @s->parent.rsa say which; gets the rest
 *
 * Return: false if nothing is.
 */
bool tpk_parent_recall(struct tpk_tpm *tpm, struct tpk_scratch *s)
{
	const struct tpk_parent *known;

	mutex_lock(&tpm->lock);
	known = find_known(tpm, &s->parent);
	if (known)
		s->parent = *known;
	mutex_unlock(&tpm->lock);
	s->parent.object = object_of(tpm, s);
	return known;
}

/* Takes a public area that the TPM returned; the Name is computed. */
static int take_public(struct tpk_parent *parent, struct tpm2_bytes area,
		       struct tpm2_bytes name)
{
	struct tpk_public public;
	int len, err;

	if (area.len > sizeof(parent->area))
		return -EBADMSG;
	err = tpk_public_decode(area, &public);
	if (err)
		return err;
	len = tpk_public_name(area, parent->name.data);
	if (len < 0)
		return len;
	parent->name.len = len;
	parent->attributes = public.attributes;
	memcpy(parent->area, area.data, area.len);
	parent->area_len = area.len;
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

static int take_read_public(struct tpk_parent *parent, struct tpm2_bytes reply)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len);
	struct tpm2_bytes area, name;

	area = tpm2_get_sized(&r);
	name = tpm2_get_sized(&r);
	tpm2_get_sized(&r); /* qualifiedName */
	return tpm2_done(&r) ? take_public(parent, area, name) : -EBADMSG;
}

/* What an administrator should know before keys depend on a parent. */
static void advise(const struct tpk_parent *parent)
{
	if (!(parent->attributes & TPMA_OBJECT_noDA))
		tpk_notice("parent 0x%08x lacks noDA: in a dictionary-attack lockout its keys cannot be loaded; create it with noda",
			   parent->handle);
}

static int read_persistent(struct tpk_tpm *tpm, struct tpk_parent *parent)
{
	struct trm_call call = {
		.code = TPM_CC_ReadPublic,
		.ref[0].handle = parent->handle,
	};
	int err;

	err = tpk_transmit(tpm, TPK_STEP_PARENT_READ, &call, false);
	if (err)
		return err;
	if (take_read_public(parent, call.reply))
		return bad_reply(TPK_STEP_PARENT_READ);
	advise(parent);
	return 0;
}

/**
 * tpk_is_privileged() - may whoever asks do what could lock the TPM for all?
 *
 * Return: true with CAP_SYS_ADMIN in the initial user namespace.
 */
bool tpk_is_privileged(void)
{
	return ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
}

/**
 * tpk_parent_check() - may whoever asks use this parent?
 * @parent: the parent
 *
 * A wrong authorization of a parent without noDA counts toward lockout.
 *
 * Return: 0; -EPERM for a persistent parent that lacks noDA, without
 * CAP_SYS_ADMIN.
 */
int tpk_parent_check(const struct tpk_parent *parent)
{
	if (!is_persistent(parent->handle) ||
	    parent->attributes & TPMA_OBJECT_noDA || tpk_is_privileged())
		return 0;
	tpk_notice("parent 0x%08x lacks noDA, so it needs CAP_SYS_ADMIN; use the default parent, or one created with noda",
		   parent->handle);
	return -EPERM;
}

/*
 * A session that is salted to another key than the one at the handle fails: when
 * it is started, if it was a key of another kind, or else at its first HMAC.
 */
static bool is_doubtful(enum tpk_step step, u32 rc)
{
	u32 base = tpm2_rc_base(rc);

	if (base == TPM_RC_AUTH_FAIL || base == TPM_RC_BAD_AUTH)
		return true;
	/* Of a handle: there is none. */
	return step == TPK_STEP_SESSION && rc & TPM_RC_FMT1 &&
	       !(base == TPM_RC_HANDLE && !(rc & TPM_RC_P)) &&
	       !(base == TPM_RC_VALUE && !(rc & TPM_RC_P));
}

/**
 * tpk_parent_changed() - has somebody put another key at a persistent handle?
 * @tpm: the TPM, in a transaction of tpk_transact()
 * @step: the step that failed
 * @rc: its response code
 *
 * Return: true if that is why it failed; the parent is forgotten then.
 */
bool tpk_parent_changed(struct tpk_tpm *tpm, enum tpk_step step, u32 rc)
{
	const struct tpk_parent *parent = tpm->using;
	struct trm_call call = { .code = TPM_CC_ReadPublic };
	struct tpm2_reader r;
	struct tpm2_bytes name;

	if (!parent || !is_persistent(parent->handle) || !is_doubtful(step, rc))
		return false;
	call.ref[0].handle = parent->handle;
	if (trm_transmit(tpm->client, &call) || call.rc)
		return false;
	r = tpm2_reader(call.reply.data, call.reply.len);
	tpm2_get_sized(&r); /* outPublic */
	name = tpm2_get_sized(&r);
	if (r.bad || tpm2_bytes_equal(name, tpm2_bytes(parent->name.data,
						       parent->name.len)))
		return false;
	forget(tpm, parent);
	return true;
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

/* keyauth= is then that of the hierarchy, and is proved, not told. */
static int authorize(struct tpk_tpm *tpm, struct tpk_scratch *s,
		     const struct tpk_options *o, struct trm_call *call)
{
	call->nr_auths = 1;
	if (!o->keyauth_len)
		return 0;
	trm_session_flush(s->hierarchy);
	call->auth[0].session = s->hierarchy;
	call->auth[0].value = tpm2_bytes(o->keyauth, o->keyauth_len);
	return tpk_session_start(tpm, s->hierarchy);
}

static int derive(struct tpk_tpm *tpm, struct tpk_scratch *s,
		  const struct tpk_options *o)
{
	struct tpm2_writer w = tpm2_writer(s->params, sizeof(s->params));
	struct tpk_parent *parent = &s->parent;
	struct trm_call call = {
		.code = TPM_CC_CreatePrimary,
		.ref[0].handle = parent->handle,
		.result = parent->object,
	};
	int err;

	put_create_primary(&w, parent->rsa);
	call.params = tpm2_written(&w);
	err = authorize(tpm, s, o, &call);
	if (!err)
		err = tpk_transmit(tpm, TPK_STEP_PARENT_DERIVE, &call,
				   o->keyauth_len);
	if (err)
		return err;
	if (take_primary(parent, call.reply)) {
		trm_object_flush(parent->object);
		return bad_reply(TPK_STEP_PARENT_DERIVE);
	}
	trm_object_set_name(parent->object, &parent->name);
	if (is_srk(parent))
		trm_object_keep(parent->object, &parent->name);
	return 0;
}

/* Is the object there that was derived before?  It may be lost, or not fit. */
static bool is_there(struct trm_object *object)
{
	if (!trm_object_valid(object))
		return false;
	if (trm_object_load(object))
		return true;
	trm_object_flush(object);
	return false;
}

/**
 * tpk_parent_learn() - what parent is it?
 * @tpm: the TPM, in a transaction
 * @s: @s->parent.handle and @s->parent.rsa say which; gets the rest
 * @o: keyauth= is the authorization of the hierarchy, if it is derived
 *
 * Return: 0, or as tpk_transmit().
 */
int tpk_parent_learn(struct tpk_tpm *tpm, struct tpk_scratch *s,
		     const struct tpk_options *o)
{
	struct trm_object *object = object_of(tpm, s);
	int err;

	s->parent.object = object;
	/* Another request may have derived it since. */
	if (object && is_there(object) && tpk_parent_recall(tpm, s))
		return 0;
	if (object) {
		trm_object_flush(object);
		err = derive(tpm, s, o);
	} else {
		err = read_persistent(tpm, &s->parent);
	}
	if (err)
		return err;
	if (object)
		trm_object_keep(object, &s->parent.name);
	remember(tpm, &s->parent);
	return 0;
}

/**
 * tpk_parent_take() - see to it that the parent is there
 * @tpm: the TPM, in a transaction
 * @s: has the parent as it was recalled or learnt
 * @o: keyauth= is the authorization of the hierarchy, if it is derived
 *
 * Return: 0; -EREMCHG if what is derived is another key now: the TPM was
 * cleared; or as tpk_transmit().
 */
int tpk_parent_take(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    const struct tpk_options *o)
{
	struct tpk_parent *parent = &s->parent;
	struct trm_name before = parent->name;
	int err;

	if (!parent->object || is_there(parent->object))
		return 0;
	err = derive(tpm, s, o);
	if (err || tpm2_bytes_equal(tpm2_bytes(before.data, before.len),
				    tpm2_bytes(parent->name.data,
					       parent->name.len)))
		return err;
	remember(tpm, parent);
	return -EREMCHG;
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
