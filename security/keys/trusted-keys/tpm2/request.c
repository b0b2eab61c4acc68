// SPDX-License-Identifier: GPL-2.0-only
/*
 * One add_key() or keyctl_update(): from the text to the payload of the key.
 *
 *	preparse	parses the text; "new" and "load" run whole here, where no
 *			lock of a key or a keyring is held, so that others can use
 *			keys while this one waits for the TPM
 *	instantiate	attaches the payload, after pcrlock= as the last step
 *	update		reseals under the key's semaphore, swaps the payload
 *	free		always comes last, whatever happened before
 *
 * From preparse to free a reference to the module is held: key types have none
 * of their own, and the text of the module must not go away under a request.
 */
#include <linux/err.h>
#include <linux/key-type.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "signing.h"

/**
 * struct tpk_request - an add_key() or keyctl_update() in progress
 * @text: copy of the user's text; secret
 * @len: its octets
 * @options: the text parsed; spans point into @text
 * @payload: result of "new" and "load", until the key has it
 *
 * In prep->payload.data[0], owned by whoever has the prep.
 */
struct tpk_request {
	char *text;
	size_t len;
	struct tpk_options options;
	struct tpk_payload *payload;
};

static size_t payload_size(const struct tpk_payload *p)
{
	return struct_size(p, blob, p->blob_len);
}

/**
 * tpk_payload_alloc() - an empty payload
 * @blob_len: octets of its blob
 *
 * Return: the payload; ERR_PTR of -ENOMEM.
 */
struct tpk_payload *tpk_payload_alloc(size_t blob_len)
{
	struct tpk_payload *p;

	p = kzalloc(struct_size(p, blob, blob_len), GFP_KERNEL_ACCOUNT);
	if (!p)
		return ERR_PTR(-ENOMEM);
	p->blob_len = blob_len;
	return p;
}

/* Copies the text: parsing overwrites it. */
static int copy_text(struct tpk_request *req,
		     const struct key_preparsed_payload *prep)
{
	if (!prep->data || !prep->datalen || prep->datalen > TPK_MAX_TEXT) {
		tpk_notice("options: the text must have 1 to %d octets",
			   TPK_MAX_TEXT);
		return -EINVAL;
	}
	req->text = kvmalloc(prep->datalen, GFP_KERNEL_ACCOUNT);
	if (!req->text)
		return -ENOMEM;
	req->len = prep->datalen;
	memcpy(req->text, prep->data, prep->datalen);
	return 0;
}

static struct tpk_payload *new_key(struct tpk_tpm *tpm, struct tpk_options *o)
{
	struct tpk_payload *p;
	u8 key[TPK_MAX_KEY];
	int err;

	err = get_random_bytes_wait(key, o->key_len);
	p = err ? ERR_PTR(err) : tpk_seal(tpm, o, key, o->key_len);
	memzero_explicit(key, sizeof(key));
	return p;
}

/* With signfd=, the session in which the policy is run is that of an open file. */
static struct tpk_payload *load_key(struct tpk_tpm *tpm, struct tpk_options *o)
{
	struct tpk_signing *signing;
	struct tpk_payload *p;
	struct file *file;

	if (!tpk_given(o, TPK_OPT_SIGNFD))
		return tpk_unseal(tpm, o, NULL);
	file = tpk_signing_open(o, &signing);
	if (IS_ERR(file))
		return ERR_CAST(file);
	p = tpk_unseal(tpm, o, signing);
	tpk_signing_close(file);
	return p;
}

static int run(struct tpk_request *req)
{
	struct tpk_tpm *tpm = tpk_tpm_get();
	struct tpk_payload *p;

	if (IS_ERR(tpm))
		return PTR_ERR(tpm);
	if (req->options.command == TPK_NEW)
		p = new_key(tpm, &req->options);
	else
		p = load_key(tpm, &req->options);
	tpk_tpm_put(tpm);
	if (IS_ERR(p))
		return PTR_ERR(p);
	req->payload = p;
	return 0;
}

/**
 * tpk_request_preparse() - .preparse of a key of the TPM 2.0
 * @prep: the text; gets the request
 *
 * Context: key_types_sem held for reading in add_key(), else no lock.
 * Return: 0; -EINVAL, -EPERM, -ENOMEM; as tpk_seal() and tpk_unseal().
 */
int tpk_request_preparse(struct key_preparsed_payload *prep)
{
	struct tpk_request *req;
	int err;

	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	req = kzalloc(sizeof(*req), GFP_KERNEL_ACCOUNT);
	if (!req) {
		module_put(THIS_MODULE);
		return -ENOMEM;
	}
	prep->payload.data[0] = req;
	err = copy_text(req, prep);
	if (!err)
		err = tpk_command_parse(req->text, req->len, &req->options);
	if (!err && req->options.command != TPK_UPDATE)
		err = run(req);
	if (!err && req->payload)
		prep->quotalen = payload_size(req->payload);
	return err;
}

/**
 * tpk_request_free() - .free_preparse of a key of the TPM 2.0
 * @prep: may have no request, or one that failed anywhere
 */
void tpk_request_free(struct key_preparsed_payload *prep)
{
	struct tpk_request *req = prep->payload.data[0];

	if (!req)
		return;
	prep->payload.data[0] = NULL;
	kvfree_sensitive(req->text, req->len);
	kfree_sensitive(req->payload);
	kfree_sensitive(req);
	module_put(THIS_MODULE);
}

static int lock_pcr(const struct tpk_options *o)
{
	struct tpk_tpm *tpm;
	int err;

	if (!tpk_given(o, TPK_OPT_PCRLOCK))
		return 0;
	tpm = tpk_tpm_get();
	if (IS_ERR(tpm))
		return PTR_ERR(tpm);
	err = tpk_pcr_lock(tpm, o->pcrlock);
	tpk_tpm_put(tpm);
	return err;
}

/**
 * tpk_request_instantiate() - .instantiate of a key of the TPM 2.0
 * @key: the new key
 * @prep: has the request
 *
 * Context: key_construction_mutex held.
 * Return: 0; -EINVAL if the command was "update"; -EDQUOT; as tpk_pcr_lock().
 */
int tpk_request_instantiate(struct key *key,
			    struct key_preparsed_payload *prep)
{
	struct tpk_request *req = prep->payload.data[0];
	int err;

	if (!req->payload) {
		tpk_notice("update: there is no such key; use new or load");
		return -EINVAL;
	}
	err = key_payload_reserve(key, prep->quotalen);
	if (!err)
		err = lock_pcr(&req->options);
	if (err)
		return err;
	rcu_assign_keypointer(key, req->payload);
	req->payload = NULL;
	return 0;
}

static void free_payload(struct rcu_head *rcu)
{
	kfree_sensitive(container_of(rcu, struct tpk_payload, tkp.rcu));
}

/* The same key in a new blob. */
static struct tpk_payload *reseal(const struct tpk_payload *old,
				  struct tpk_options *o)
{
	struct tpk_tpm *tpm = tpk_tpm_get();
	struct tpk_payload *p;

	if (IS_ERR(tpm))
		return ERR_CAST(tpm);
	if (!tpk_given(o, TPK_OPT_KEYHANDLE))
		o->parent = old->parent;
	/* Only a migratable key gets here, and it stays one. */
	o->migratable = true;
	p = tpk_seal(tpm, o, old->tkp.key, old->tkp.key_len);
	tpk_tpm_put(tpm);
	return p;
}

/**
 * tpk_payload_replace() - give a key another payload
 * @key: the key, its semaphore held for writing
 * @old: its payload, which is freed once nobody reads it any more
 * @new: the other; freed after an error
 *
 * Return: 0; -EDQUOT.
 */
int tpk_payload_replace(struct key *key, struct tpk_payload *old,
			struct tpk_payload *new)
{
	int err = key_payload_reserve(key, payload_size(new));

	if (err) {
		kfree_sensitive(new);
		return err;
	}
	rcu_assign_keypointer(key, new);
	call_rcu(&old->tkp.rcu, free_payload);
	return 0;
}

/**
 * tpk_request_update() - .update of a key of the TPM 2.0
 * @key: the key
 * @prep: has the request
 *
 * If anything fails, the key is as it was.
 *
 * Context: @key's semaphore held for writing.
 * Return: 0; -EINVAL if the command was "new" or "load"; -ENOKEY for a negative
 * key; -EPERM for one that is not migratable; -EDQUOT; as tpk_seal().
 */
int tpk_request_update(struct key *key, struct key_preparsed_payload *prep)
{
	struct tpk_request *req = prep->payload.data[0];
	struct tpk_payload *old, *new;
	int err;

	if (key_is_negative(key))
		return -ENOKEY;
	if (req->options.command != TPK_UPDATE) {
		tpk_notice("the key exists; use update, or unlink it first");
		return -EINVAL;
	}
	old = key->payload.data[0];
	if (!old->tkp.migratable) {
		tpk_notice("update: the key was not made with migratable=1");
		return -EPERM;
	}
	new = reseal(old, &req->options);
	if (IS_ERR(new))
		return PTR_ERR(new);
	err = tpk_payload_replace(key, old, new);
	return err ?: lock_pcr(&req->options);
}
