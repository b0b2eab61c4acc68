/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels that the modules build for.
 *
 * Included before everything else in the out-of-tree build, by the top
 * Makefile; it does not exist in a kernel tree.  Each difference has a name
 * that says what the kernel has, and each entry when it can go.
 */
#ifndef _COMPAT_COMPAT_H
#define _COMPAT_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "this kernel is older than 6.1, the oldest that tpm_rm and trusted build for"
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 4, 0)
#error "this kernel is newer than 7.3, the newest that tpm_rm and trusted were tried on"
#endif

/*
 * A class_interface callback has the interface as a second parameter.
 * Goes with the last kernel before 6.4.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define TRM_INTERFACE_ARGS struct device *dev, struct class_interface *interface
#endif

/*
 * The AES library has a type for keys that only encrypt.
 * Goes with the last kernel before 7.0.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 0, 0)
#define aes_enckey crypto_aes_ctx
#define aes_prepareenckey aes_expandkey
#endif

/*
 * EVM with a key reads the name of the attribute that security modules give to a new
 * file; the BPF one says that there is one and gives none, and the kernel oopses.
 * Goes with the last kernel before 6.6.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0) && defined(CONFIG_BPF_LSM)
#define TPK_EVM_OOPSES true
#endif

#endif /* _COMPAT_COMPAT_H */
