/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's own use of the TPM: a trusted key, sealed before anything hostile
 * happens, and loaded while it does.
 */
#ifndef _HOSTILE_KERNEL_KEY_H
#define _HOSTILE_KERNEL_KEY_H

#include <stdbool.h>

/* Seals it, if this kernel has trusted keys. */
void kernel_key_prepare(void);

/* It has, or it should: ours brings them. */
bool kernel_key_known(void);

/* 0 once it is loaded (and gone again), else -errno. */
long kernel_key_load(void);

/* A row for that; "-" on a kernel without trusted keys. */
bool expect_kernel_key(const char *what);

/* To be loaded by others: hex digits, or NULL. */
const char *kernel_key_blob(void);

#endif
