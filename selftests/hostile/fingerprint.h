/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What there is in a TPM that lasts: what a dangerous command would change.
 */
#ifndef _HOSTILE_FINGERPRINT_H
#define _HOSTILE_FINGERPRINT_H

#include "sha256.h"
#include "tpm.h"

#define FINGERPRINT_PROPERTIES	0x15

struct fingerprint {
	struct tpm_handles persistent, nv;
	uint8_t pcrs[SHA256_SIZE];
	uint8_t nv_public[SHA256_SIZE];		/* written and locked, too */
	uint32_t property[FINGERPRINT_PROPERTIES];	/* from PT_VAR on */
};

/* Of the physical TPM: 0 or the first error. */
long fingerprint_take(struct fingerprint *f);

/* NULL, or the name of what is not the same. */
const char *fingerprint_differs(const struct fingerprint *a, const struct fingerprint *b);

#endif
