// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key to blob: StartAuthSession, PCR_Read (audited), Create (encrypted), all in
 * one salted HMAC session.
 */
#include <crypto/algapi.h>

#include <linux/err.h>
#include <linux/slab.h>

#include "seal.h"

/*
 * noDA, so that neither a lockout nor a power cut matters, unless the
 * authorization is something that can be guessed.  A parent that may be
 * duplicated cannot have children that may not.
 */
static u32 attributes(const struct seal *seal)
{
	const struct tpk_options *o = seal->o;
	u32 attrs = 0;

	if (!seal->digest_len)
		attrs |= TPMA_OBJECT_userWithAuth;
	if (!o->blobauth_len || o->blobauth_random)
		attrs |= TPMA_OBJECT_noDA;
	if (!o->migratable && seal->parent_attributes & TPMA_OBJECT_fixedTPM)
		attrs |= TPMA_OBJECT_fixedTPM | TPMA_OBJECT_fixedParent;
	return attrs;
}

/* Part 3, 12.1: sensitive part, public area, no outside information, no PCRs. */
static void put_create(struct tpm2_writer *w, const struct seal *seal)
{
	const struct tpk_options *o = seal->o;
	size_t sensitive = tpm2_open_u16(w);

	tpm2_put_sized(w, tpm2_bytes(o->blobauth, o->blobauth_len));
	tpm2_put_sized(w, tpm2_bytes(seal->key, seal->key_len));
	tpm2_close_u16(w, sensitive);
	tpk_put_sealed(w, o->hash, attributes(seal),
		       tpm2_bytes(seal->digest, seal->digest_len));
	tpm2_put_u16(w, 0); /* outsideInfo */
	tpm2_put_u32(w, 0); /* creationPCR */
}

/* Is the object that was made the one that was asked for? */
static bool as_asked(const struct seal *seal, struct tpm2_bytes area)
{
	struct tpk_public p;

	return !tpk_public_decode(area, &p) &&
	       p.type == TPM_ALG_ID_KEYEDHASH && p.name_alg == seal->o->hash &&
	       p.attributes == attributes(seal) &&
	       tpm2_bytes_equal(p.auth_policy, tpm2_bytes(seal->digest,
							  seal->digest_len));
}

/* Takes outPrivate and outPublic out of the answer to Create. */
static int take_created(struct seal *seal, struct tpm2_bytes reply)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len), area;
	struct tpm2_writer w = tpm2_writer(seal->sealed, sizeof(seal->sealed));
	struct tpm2_bytes private = tpm2_get_tpm2b(&r);
	struct tpm2_bytes public = tpm2_get_tpm2b(&r);

	/* creationData, creationHash and creationTicket follow. */
	area = tpm2_reader(public.data, public.len);
	if (r.bad || !as_asked(seal, tpm2_get_sized(&area)))
		return -EBADMSG;
	tpm2_put_bytes(&w, private);
	tpm2_put_bytes(&w, public);
	if (w.full)
		return -EBADMSG;
	seal->kf.private = tpm2_bytes(seal->sealed, private.len);
	seal->kf.public = tpm2_bytes(seal->sealed + private.len, public.len);
	return 0;
}

/*
 * A keyauth= is proved by the session.  An empty one needs no proof, and the
 * session goes along to encrypt and to vouch for the answer: if another parent
 * has been put there since, which it notices, that is then no failed
 * authorization, and does not count for a lockout.  A derived parent's
 * authorization is empty.
 */
static void authorize(struct trm_call *call, struct tpk_scratch *s,
		      const struct tpk_options *o)
{
	struct trm_auth auth = {
		.session = s->session,
		.attributes = tpk_encrypting(s, TPMA_SESSION_decrypt |
						TPMA_SESSION_encrypt),
	};

	if (o->keyauth_len && !s->parent.object)
		auth.value = tpm2_bytes(o->keyauth, o->keyauth_len);
	else
		call->nr_auths = 1;
	call->auth[call->nr_auths++] = auth;
}

static int create(struct tpk_tpm *tpm, struct tpk_scratch *s, struct seal *seal)
{
	struct tpm2_writer w = tpm2_writer(s->params, sizeof(s->params));
	struct tpk_options *o = seal->o;
	struct trm_call call = {
		.code = TPM_CC_Create,
		.ref[0] = tpk_parent_ref(&s->parent),
		.no_da = s->parent.attributes & TPMA_OBJECT_noDA,
	};
	int err;

	authorize(&call, s, o);
	put_create(&w, seal);
	call.params = tpm2_written(&w);
	err = tpk_transmit(tpm, TPK_STEP_CREATE, &call, o->keyauth_len);
	if (!err && take_created(seal, call.reply)) {
		tpk_notice("Create: the TPM made another object than was asked for; suspect the bus");
		err = -EIO;
	}
	return err;
}

/* Octets of the TPM, encrypted on their way, over those of the kernel. */
static int mix_some(struct tpk_tpm *tpm, struct tpk_scratch *s, u8 *key,
		    unsigned int *len)
{
	u8 params[2];
	struct trm_call call = {
		.code = TPM_CC_GetRandom,
		.nr_auths = 1,
		.auth[0].session = s->session,
		.auth[0].attributes =
			tpk_encrypting(s, TPMA_SESSION_encrypt) |
			TPMA_SESSION_continueSession,
		.params = tpm2_bytes(params, sizeof(params)),
	};
	struct tpm2_bytes random;
	struct tpm2_reader r;
	int err;

	put_unaligned_be16(*len, params);
	err = tpk_transmit(tpm, TPK_STEP_RANDOM, &call, false);
	if (err)
		return err;
	r = tpm2_reader(call.reply.data, call.reply.len);
	random = tpm2_get_sized(&r);
	if (!tpm2_done(&r) || !random.len || random.len > *len) {
		tpk_notice("GetRandom: the answer is malformed; suspect the bus");
		return -EIO;
	}
	*len = random.len;
	crypto_xor(key, random.data, random.len);
	return 0;
}

/*
 * rng=tpm: neither generator alone decides what a new key is.  The TPM gives as
 * many octets at a time as its longest digest has.
 */
static int mix_random(struct tpk_tpm *tpm, struct tpk_scratch *s,
		      struct seal *seal)
{
	unsigned int done, len;
	int err = 0;

	if (seal->o->command != TPK_NEW || !tpk_rng_is_tpm())
		return 0;
	for (done = 0; done < seal->key_len && !err; done += len) {
		len = seal->key_len - done;
		err = mix_some(tpm, s, seal->key + done, &len);
	}
	return err;
}

static int seal_steps(struct tpk_tpm *tpm, struct tpk_scratch *s, void *ctx)
{
	struct seal *seal = ctx;
	int err;

	seal->parent_name = s->parent.name;
	seal->parent_attributes = s->parent.attributes;
	err = tpk_session_start(tpm, s->session);
	if (!err)
		err = mix_random(tpm, s, seal);
	if (!err)
		err = tpk_sealpolicy_finish(tpm, s, seal);
	return err ?: create(tpm, s, seal);
}

/* The description is for diagnosis only, so it makes room if there is none. */
static int encode_to_fit(struct tpk_keyfile *kf, u8 *blob)
{
	int len = tpk_keyfile_encode(kf, blob, TPK_MAX_BLOB);

	if (len == -EMSGSIZE && kf->description.len) {
		kf->description.len = 0;
		len = tpk_keyfile_encode(kf, blob, TPK_MAX_BLOB);
	}
	if (len == -EMSGSIZE) {
		tpk_notice("the policy is too long for a blob of %d octets; name fewer alternatives",
			   TPK_MAX_BLOB);
		return -EINVAL;
	}
	return len;
}

/* Writes the blob, with what other readers cannot parse only if allowed. */
static struct tpk_payload *encode(struct seal *seal)
{
	const struct tpk_options *o = seal->o;
	struct tpk_keyfile *kf = &seal->kf;
	struct tpk_payload *p;
	u8 *blob;
	int len;

	kf->type = TPK_SEALED_DATA;
	kf->empty_auth = !o->blobauth_len;
	kf->policy = seal->plan.policy;
	kf->parent = o->parent;
	if (!o->interop) {
		kf->description = tpm2_bytes(seal->description,
					     seal->description_len);
		kf->parent_name = tpm2_bytes(seal->parent_name.data,
					     seal->parent_name.len);
	}
	blob = kmalloc(TPK_MAX_BLOB, GFP_KERNEL_ACCOUNT);
	if (!blob)
		return ERR_PTR(-ENOMEM);
	len = encode_to_fit(kf, blob);
	p = len < 0 ? ERR_PTR(len) : tpk_payload_alloc(len);
	if (!IS_ERR(p))
		memcpy(p->blob, blob, len);
	kfree(blob);
	return p;
}

static struct tpk_payload *finish(struct seal *seal)
{
	struct tpk_payload *p = encode(seal);

	if (IS_ERR(p))
		return p;
	p->parent = seal->o->parent;
	p->tkp.key_len = seal->key_len;
	memcpy(p->tkp.key, seal->key, seal->key_len);
	p->tkp.migratable = !(attributes(seal) & TPMA_OBJECT_fixedTPM);
	return p;
}

static int run(struct tpk_tpm *tpm, struct seal *seal)
{
	const struct tpk_access access = {
		.o = seal->o,
		.parent = seal->o->parent,
		.steps = seal_steps,
		.ctx = seal,
	};
	struct tpk_scratch *s;
	int err;

	s = tpk_scratch_alloc(tpm, TPM_SE_HMAC, seal->o->hash);
	if (IS_ERR(s))
		return PTR_ERR(s);
	err = tpk_transact(tpm, s, &access);
	tpk_scratch_free(s);
	return err;
}

/**
 * tpk_seal() - seal a key
 * @tpm: the TPM
 * @o: what the user asked for
 * @key: the key
 * @key_len: its octets
 *
 * Context: may wait for the TPM, killably.
 * Return: the payload with key and blob; ERR_PTR as tpk_sealpolicy_prepare(),
 * before the TPM is touched, as tpk_sealpolicy_finish(), or as tpk_transact();
 * -EINVAL if the blob would be too long.
 */
struct tpk_payload *tpk_seal(struct tpk_tpm *tpm, struct tpk_options *o,
			     const u8 *key, unsigned int key_len)
{
	struct tpk_payload *p;
	struct seal *seal;
	int err;

	seal = kvzalloc(sizeof(*seal), GFP_KERNEL_ACCOUNT);
	if (!seal)
		return ERR_PTR(-ENOMEM);
	seal->o = o;
	memcpy(seal->key, key, key_len);
	seal->key_len = key_len;
	err = tpk_sealpolicy_prepare(seal);
	if (!err)
		err = run(tpm, seal);
	p = err ? ERR_PTR(err) : finish(seal);
	kvfree_sensitive(seal, sizeof(*seal));
	return p;
}
