// SPDX-License-Identifier: GPL-2.0-only
/*
 * TPM 2.0 resource manager: module init and exit.
 *
 * See Documentation/security/tpm/tpm-rm.rst.
 */
#include <linux/init.h>
#include <linux/module.h>

#include "trm.h"

static int __init trm_init(void)
{
	int err;

	err = trm_hash_init();
	if (err)
		return err;
	trm_crypt_init();
	err = trm_idle_init();
	if (err)
		goto exit_hash;
	err = trm_power_init();
	if (err)
		goto exit_idle;
	trm_debugfs_init();
	err = trm_chips_init();
	if (err)
		goto exit_debugfs;
	return 0;

exit_debugfs:
	trm_debugfs_exit();
	trm_power_exit();
exit_idle:
	trm_idle_exit();
exit_hash:
	trm_hash_exit();
	return err;
}

static void __exit trm_exit(void)
{
	trm_chips_exit();
	trm_takeover_exit();
	trm_debugfs_exit();
	trm_power_exit();
	trm_idle_exit();
	trm_hash_exit();
}

device_initcall(trm_init);
module_exit(trm_exit);

MODULE_DESCRIPTION("TPM 2.0 resource manager");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: sha256 sha384 sha512 hmac rsa");
