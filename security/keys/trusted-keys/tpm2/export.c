// SPDX-License-Identifier: GPL-2.0-only
/*
 * The key type "trusted" as other modules see it.
 *
 * Its checksum under MODVERSIONS depends on every structure that is complete
 * here.  encrypted-keys.ko and dm-crypt.ko of a distribution load on our module
 * only if it is that of the distribution's own, so this file includes what
 * security/keys/trusted-keys/trusted_core.c includes, and nothing else that
 * defines a structure.
 */
#include <keys/user-type.h>
#include <keys/trusted-type.h>
#include <keys/trusted_tee.h>
#include <keys/trusted_caam.h>
#include <keys/trusted_dcp.h>
#include <keys/trusted_tpm.h>
#ifdef TPK_TREE_HAS_PKWM
#include <keys/trusted_pkwm.h>
#endif
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/init.h>
#include <linux/key-type.h>
#include <linux/module.h>
#include <linux/parser.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "type.h"

struct key_type key_type_trusted = {
	.name = "trusted",
	.preparse = tpk_preparse,
	.free_preparse = tpk_free_preparse,
	.instantiate = tpk_instantiate,
	.update = tpk_update,
	.destroy = tpk_destroy,
	.describe = user_describe,
	.read = tpk_read,
};
EXPORT_SYMBOL_GPL(key_type_trusted);
