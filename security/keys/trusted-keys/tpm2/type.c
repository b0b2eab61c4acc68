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

#include "tpk.h"
#include "type.h"

static char *source;
module_param(source, charp, 0);
MODULE_PARM_DESC(source, "Trust source: tpm (a TPM 2.0, the default)");

static char *rng = "default";
module_param(rng, charp, 0);
MODULE_PARM_DESC(rng, "Random numbers for new keys: kernel (the default), or tpm: of both");

/* Consumers read these two at fixed places. */
static_assert(!offsetof(struct tpk_payload, tkp));
static_assert(TPK_MAX_KEY == MAX_KEY_SIZE);

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

	if (!p)
		return -EINVAL;
	if (buffer && buflen >= 2 * p->blob_len)
		bin2hex(buffer, p->blob, p->blob_len);
	return 2 * p->blob_len;
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

static int check_parameters(void)
{
	if (source && strcmp(source, "tpm")) {
		pr_err("source=%s: only tpm is supported\n", source);
		return -EINVAL;
	}
	if (strcmp(rng, "default") && strcmp(rng, "kernel") &&
	    strcmp(rng, "tpm")) {
		pr_err("rng=%s: only kernel and tpm are supported\n", rng);
		return -EINVAL;
	}
	return 0;
}

/* Succeeds without a TPM: encrypted keys need the module, not the TPM. */
static int __init tpk_init(void)
{
	int err = check_parameters();

	if (err)
		return err;
	err = register_key_type(&key_type_trusted);
	if (err == -EEXIST)
		pr_err("this kernel has a key type trusted already; unload it, or use a kernel without TRUSTED_KEYS\n");
	if (err)
		return err;
	err = tpk_signdev_init();
	if (err)
		unregister_key_type(&key_type_trusted);
	else
		tpk_evm_init();
	return err;
}

/* Unregistering waits until no key of the type is left. */
static void __exit tpk_exit(void)
{
	tpk_evm_exit();
	tpk_signdev_exit();
	unregister_key_type(&key_type_trusted);
	rcu_barrier();
	tpk_tpm_exit();
}

late_initcall(tpk_init);
module_exit(tpk_exit);

MODULE_DESCRIPTION("Trusted keys that run their own TPM 2.0 policy");
MODULE_LICENSE("GPL");
