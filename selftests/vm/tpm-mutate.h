/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an interposer on the bus can do to the answers of a TPM.  A program in the
 * VM says what, in a plan; counting begins anew with each, from 1, and leaves out
 * what the kernel's random number generator asks for:
 *
 *	record		nothing; but keep the answers for "replay"
 *	none		nothing
 *	bit N K		flip bit K of answer N; bit 0 is the lowest of octet 0
 *	cut N LEN	answer N has LEN octets, and says so
 *	rc N CODE	answer N is a header with this code; the TPM did the command
 *	swallow N	the same with success; the TPM did not see the command
 *	repeat N M	answer N is answer M of this run once more
 *	replay N M	answer N is answer M of the run that was recorded
 *	other N		another TPM answers command N; this one does not see it
 *	both N		both do it, and the other one's answer is given
 *	others N	the other TPM answers all commands from N on
 */
#ifndef _VM_TPM_MUTATE_H
#define _VM_TPM_MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* As long as a response can be that QEMU takes. */
#define MUTATE_MAX	4096

/* Where the other TPM listens. */
void mutate_set_other(const char *path);

/* False if @text is no plan. */
bool mutate_plan(const char *text);

/* Answers a command instead of the TPM.  Returns octets in @rsp; 0: the TPM shall. */
size_t mutate_command(const uint8_t *cmd, size_t len, uint8_t *rsp);

/* Changes the TPM's answer to @cmd.  Returns its octets. */
size_t mutate_response(const uint8_t *cmd, size_t cmd_len, uint8_t *rsp, size_t len);

/* Sends a command to the TPM.  Returns octets of its answer. */
typedef size_t (*mutate_ask_t)(const void *cmd, size_t len, uint8_t *rsp);

/*
 * What has become of the plan, as text: "told", or "untold" if it did not come to
 * that; code and length of each answer since, "157:190"; after a "|" the handles
 * in use.  Returns its length.
 */
size_t mutate_report(char *text, size_t size, mutate_ask_t ask);

#endif
