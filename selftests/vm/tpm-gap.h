/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TPM whose saved sessions may be less far apart than those of the one behind
 * it: TPM_PT_CONTEXT_GAP_MAX (Part 1, 30.5).  With 65535 it takes minutes to
 * come to where a session blocks the others; many chips have 255.
 */
#ifndef _VM_TPM_GAP_H
#define _VM_TPM_GAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0: what the TPM has. */
void gap_set(unsigned int max);

/*
 * Does the TPM refuse this command with TPM_RC_CONTEXT_GAP?  @loaded_free tells
 * how many sessions can be loaded still.
 */
bool gap_forbids(const uint8_t *command, size_t len, unsigned int (*loaded_free)(void));

/* Takes note of what has become of a command; changes TPM_PT_CONTEXT_GAP_MAX. */
void gap_done(const uint8_t *command, size_t len, uint8_t *response, size_t response_len);

#endif
