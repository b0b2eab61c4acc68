// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key type "trusted": registration, parameters, reading and destroying.
 *
 * See Documentation/security/keys/trusted-tpm2.rst.
 */
#include <linux/hex.h>
#include <linux/init.h>
#include <linux/key-type.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "sources.h"
#include "tpk.h"
#include "type.h"

static char *source;
module_param(source, charp, 0);
MODULE_PARM_DESC(source, "Trust source: tpm, or in a kernel tree tee, caam, dcp or pkwm; the default is the first that is there");

static char *rng = "default";
module_param(rng, charp, 0);
MODULE_PARM_DESC(rng, "Random numbers for new keys: kernel, or the name of the source; the default is the source's choice");

#ifdef CONFIG_TRUSTED_KEYS_DEBUG
bool trusted_debug;
module_param_named(debug, trusted_debug, bool, 0);
MODULE_PARM_DESC(debug, "Let trust sources trace what they do, secrets and all (default: 0)");
#endif

/* Chosen once, at init; and did we register the key type, or the source? */
static struct tpk_source chosen;
static bool registered;

/* Consumers read these two at fixed places. */
static_assert(!offsetof(struct tpk_payload, tkp));
static_assert(TPK_MAX_KEY == MAX_KEY_SIZE);

/* Another source has no step before .instantiate, but the module is in use. */
static int preparse_other(struct key_preparsed_payload *prep)
{
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	prep->payload.data[1] = &chosen;
	return 0;
}

/**
 * tpk_preparse() - .preparse of the key type
 * @prep: the text
 *
 * Return: 0; -ENODEV if the module is going; as tpk_request_preparse().
 */
int tpk_preparse(struct key_preparsed_payload *prep)
{
	return chosen.ops ? preparse_other(prep) : tpk_request_preparse(prep);
}

/**
 * tpk_free_preparse() - .free_preparse of the key type
 * @prep: what tpk_preparse() made of it, whether it succeeded or not
 */
void tpk_free_preparse(struct key_preparsed_payload *prep)
{
	if (!prep->payload.data[1]) {
		tpk_request_free(prep);
		return;
	}
	prep->payload.data[1] = NULL;
	module_put(THIS_MODULE);
}

/**
 * tpk_instantiate() - .instantiate of the key type
 * @key: the new key
 * @prep: as tpk_preparse() left it
 *
 * Return: as tpk_request_instantiate() and tpk_source_instantiate().
 */
int tpk_instantiate(struct key *key, struct key_preparsed_payload *prep)
{
	return chosen.ops ? tpk_source_instantiate(&chosen, key, prep) :
			    tpk_request_instantiate(key, prep);
}

/**
 * tpk_update() - .update of the key type
 * @key: the key, its semaphore held for writing
 * @prep: as tpk_preparse() left it
 *
 * Return: as tpk_request_update() and tpk_source_update().
 */
int tpk_update(struct key *key, struct key_preparsed_payload *prep)
{
	return chosen.ops ? tpk_source_update(&chosen, key, prep) :
			    tpk_request_update(key, prep);
}

static struct tpm2_bytes blob_of(const struct tpk_payload *p)
{
	if (!p->blob_len)
		return tpm2_bytes(p->tkp.blob, p->tkp.blob_len);
	return tpm2_bytes(p->blob, p->blob_len);
}

/**
 * tpk_read() - .read of the key type
 * @key: the key, its semaphore held for reading
 * @buffer: in the kernel; NULL: only the length is asked for
 * @buflen: its size
 *
 * Return: octets of the blob in hex, written if they fit.
 */
long tpk_read(const struct key *key, char *buffer, size_t buflen)
{
	const struct tpk_payload *p = dereference_key_locked(key);
	struct tpm2_bytes blob;

	if (!p)
		return -EINVAL;
	blob = blob_of(p);
	if (buffer && buflen >= 2 * blob.len)
		bin2hex(buffer, blob.data, blob.len);
	return 2 * blob.len;
}

/**
 * tpk_destroy() - .destroy of the key type
 * @key: the key, which nobody uses any more
 */
void tpk_destroy(struct key *key)
{
	kfree_sensitive(key->payload.data[0]);
}

/**
 * tpk_rng_is_tpm() - shall the TPM have a share in new keys?
 *
 * Return: true for rng=tpm.
 */
bool tpk_rng_is_tpm(void)
{
	return !strcmp(rng, "tpm");
}

static int __init check_rng(void)
{
	if (strcmp(rng, "default") && strcmp(rng, "kernel") &&
	    strcmp(rng, "tpm")) {
		pr_err("rng=%s: only kernel and tpm are supported\n", rng);
		return -EINVAL;
	}
	return 0;
}

/* With what only a TPM 2.0 has. */
static int __init register_all(void)
{
	int err = check_rng();

	if (err)
		return err;
	err = register_key_type(&key_type_trusted);
	if (err == -EEXIST)
		pr_err("this kernel has a key type trusted already; unload it, or use a kernel without TRUSTED_KEYS\n");
	if (err)
		return err;
	err = tpk_signdev_init();
	if (err) {
		unregister_key_type(&key_type_trusted);
		return err;
	}
	tpk_evm_init();
	registered = true;
	return 0;
}

static void unregister_all(void)
{
	tpk_evm_exit();
	tpk_signdev_exit();
	unregister_key_type(&key_type_trusted);
}

/* Succeeds without a TPM: encrypted keys need the module, not the TPM. */
static int __init tpk_init(void)
{
	int err = tpk_sources_init(&chosen, source, rng);

	if (err > 0)
		return 0;
	return err ?: register_all();
}

/* Unregistering waits until no key of the type is left. */
static void __exit tpk_exit(void)
{
	if (chosen.ops)
		chosen.ops->exit();
	if (registered)
		unregister_all();
	rcu_barrier();
	tpk_tpm_exit();
}

late_initcall(tpk_init);
module_exit(tpk_exit);

MODULE_DESCRIPTION("Trusted keys that run their own TPM 2.0 policy");
MODULE_LICENSE("GPL");
