/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TPM 2.0 in the process (libtpms), for tests that run on the host only.
 *
 * Its state is kept in memory.  What goes wrong in here ends the program.
 */
#ifndef _UNIT_HOST_TPM_H
#define _UNIT_HOST_TPM_H

#include <linux/types.h>

/**
 * host_tpm_reset() - a TPM as it leaves the factory, after Startup(CLEAR)
 *
 * Also forgets counters, hook and failures.  Call it in the suite's init.
 */
void host_tpm_reset(void);

/**
 * host_tpm_reboot() - power the TPM off and on (TPM Reset), Startup(CLEAR)
 *
 * Persistent objects and NV indices stay; sessions and contexts die.
 */
void host_tpm_reboot(void);

/**
 * host_tpm_send() - command in, response out
 * @buf: the command; the response afterwards
 * @len: octets of the command
 * @size: octets in @buf
 *
 * Counts the command, then asks the failures, the hook and the TPM, in this
 * order, for an answer.
 *
 * Return: octets of the response; -errno only if the hook says so.
 */
int host_tpm_send(u8 *buf, size_t len, size_t size);

/**
 * host_tpm_count() - how often a command was sent since the reset
 * @code: TPM_CC; 0 for all together
 */
unsigned int host_tpm_count(u32 code);

/* Counting starts anew. */
void host_tpm_clear_counts(void);

/**
 * host_tpm_fail() - answer a command with an error, once
 * @code: TPM_CC
 * @skip: so many commands of this code pass first
 * @rc: response code
 *
 * One such failure at a time is kept for each code.
 */
void host_tpm_fail(u32 code, unsigned int skip, u32 rc);

/**
 * typedef host_tpm_hook_t - answers instead of the TPM
 * @ctx: as given to host_tpm_hook()
 * @cmd: the command
 * @len: octets of the command
 * @rsp: where to write an answer; not the memory of @cmd
 * @size: room there
 *
 * May call host_tpm_send() itself; that then passes the hook.
 *
 * Return: octets of the answer; 0 to let the TPM answer; -errno to be returned
 * by host_tpm_send().
 */
typedef int (*host_tpm_hook_t)(void *ctx, const u8 *cmd, size_t len, u8 *rsp,
			       size_t size);

/* Sets the hook; NULL for none. */
void host_tpm_hook(host_tpm_hook_t hook, void *ctx);

/* Writes a response that is an error.  Return: its 10 octets. */
int host_tpm_put_error(u8 *rsp, u32 rc);

/**
 * host_tpm_handles() - what is in the TPM (TPM_CAP_HANDLES)
 * @ht: TPM_HT_*: upper octet of the handles
 * @handle: result
 * @max: room in @handle
 *
 * Is not counted, and passes hook and failures.
 *
 * Return: number of handles.
 */
int host_tpm_handles(u32 ht, u32 *handle, unsigned int max);

#endif /* _UNIT_HOST_TPM_H */
