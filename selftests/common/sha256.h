/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-256 and its HMAC, for test programs that do a TPM's arithmetic over.
 * Written apart from the kernel's, and checked by the TPM, which refuses a
 * command with a wrong HMAC.
 */
#ifndef _COMMON_SHA256_H
#define _COMMON_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE	32
#define SHA256_BLOCK	64

struct sha256 {
	uint32_t h[8];
	uint64_t len;
	uint8_t block[SHA256_BLOCK];
};

void sha256_init(struct sha256 *s);
void sha256_update(struct sha256 *s, const void *data, size_t len);

/* Four octets, the highest first. */
void sha256_update32(struct sha256 *s, uint32_t v);
void sha256_final(struct sha256 *s, uint8_t *out);

/* The key may be empty, and has SHA256_BLOCK octets at most. */
void hmac256_init(struct sha256 *s, const void *key, size_t len);
void hmac256_final(struct sha256 *s, const void *key, size_t len, uint8_t *out);

#endif
