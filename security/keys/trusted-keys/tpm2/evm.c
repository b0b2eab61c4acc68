// SPDX-License-Identifier: GPL-2.0-only
/*
 * securityfs: trusted/evm takes the serial number of a trusted key and gives the
 * key to EVM, for kernels in which encrypted keys have no trusted masters.
 *
 * See Documentation/ABI/testing/securityfs-trusted.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/evm.h>
#include <linux/fs.h>
#include <linux/key.h>
#include <linux/kstrtox.h>
#include <linux/rwsem.h>
#include <linux/security.h>

#include "tpk.h"

#ifndef TPK_EVM_OOPSES
#define TPK_EVM_OOPSES false
#endif

static struct dentry *dir;
static struct dentry *file;

static int set_key(struct tpk_payload *p)
{
	if (TPK_EVM_OOPSES) {
		tpk_notice("evm: with a key this kernel's EVM oopses at the next new file, because of its BPF security module; boot 6.6 or later");
		return -EOPNOTSUPP;
	}
	return evm_set_key(p->tkp.key, p->tkp.key_len);
}

/* EVM copies the key and keeps the copy for as long as the kernel runs. */
static int give_to_evm(struct key *key)
{
	struct tpk_payload *p;
	int err = -EKEYREVOKED;

	down_read(&key->sem);
	p = dereference_key_locked(key);
	if (p && (p->tkp.key_len < TPK_MIN_KEY || p->tkp.key_len > TPK_MAX_KEY))
		err = -EINVAL;
	else if (p)
		err = set_key(p);
	up_read(&key->sem);
	return err;
}

static int give_serial_to_evm(s32 serial)
{
	key_ref_t ref = lookup_user_key(serial, 0, KEY_NEED_SEARCH);
	struct key *key;
	int err;

	if (IS_ERR(ref))
		return PTR_ERR(ref);
	key = key_ref_to_ptr(ref);
	if (key->type == &key_type_trusted) {
		err = give_to_evm(key);
	} else {
		tpk_notice("evm: key %d is not of type trusted", serial);
		err = -EINVAL;
	}
	key_ref_put(ref);
	return err;
}

static ssize_t evm_write(struct file *filp, const char __user *text,
			 size_t len, loff_t *pos)
{
	s32 serial;
	int err;

	/* Whoever opened it may have passed it on. */
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (*pos)
		return -EINVAL;
	err = kstrtos32_from_user(text, len, 10, &serial);
	if (!err)
		err = give_serial_to_evm(serial);
	return err ?: len;
}

static const struct file_operations evm_fops = {
	.owner = THIS_MODULE,
	.write = evm_write,
	.llseek = noop_llseek,
};

/**
 * tpk_evm_init() - make the file
 *
 * Without it keys work all the same, so a failure is logged and nothing else.
 */
void tpk_evm_init(void)
{
	dir = securityfs_create_dir("trusted", NULL);
	if (!IS_ERR(dir))
		file = securityfs_create_file("evm", 0200, dir, NULL, &evm_fops);
	if (IS_ERR(dir) || IS_ERR(file))
		pr_warn("no securityfs file trusted/evm (%ld)\n",
			PTR_ERR(IS_ERR(dir) ? dir : file));
}

/**
 * tpk_evm_exit() - remove it
 *
 * Context: process; nobody writes any more, for that holds the module.
 */
void tpk_evm_exit(void)
{
	securityfs_remove(file);
	securityfs_remove(dir);
}
