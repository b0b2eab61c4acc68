/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NV indices, without the kernel's help.  Response codes, or -errno: 0 is success.
 */
#ifndef _SELFTESTS_NV_H
#define _SELFTESTS_NV_H

#include <stdint.h>

#include "keyfile.h"

/* TPMA_NV */
#define NV_AUTH_WRITE	0x00000004
#define NV_COUNTER	0x00000010
#define NV_OWNER_READ	0x00020000
#define NV_AUTH_READ	0x00040000
#define NV_NO_DA	0x02000000
#define NV_READ_STCLEAR	0x80000000

/* Both read and written by their own authorization. */
#define NV_A_COUNTER	(NV_COUNTER | NV_AUTH_WRITE | NV_AUTH_READ | NV_NO_DA)
#define NV_ORDINARY	(NV_AUTH_WRITE | NV_AUTH_READ | NV_NO_DA)

/* nv_define() - 8 octets; @auth may be NULL, and has 16 octets at most */
long nv_define(int fd, uint32_t index, uint32_t attributes, const char *auth);
long nv_undefine(int fd, uint32_t index);
long nv_increment(int fd, uint32_t index, const char *auth);
long nv_write(int fd, uint32_t index, const char *auth, uint64_t value);
long nv_read(int fd, uint32_t index, const char *auth, struct octets *value);

/* nv_read_lock() - until the TPM is reset; needs NV_READ_STCLEAR */
long nv_read_lock(int fd, uint32_t index, const char *auth);
long nv_name(int fd, uint32_t index, struct octets *name);

/* nv_number() - 8 octets, the highest first */
struct octets nv_number(uint64_t value);

#endif /* _SELFTESTS_NV_H */
