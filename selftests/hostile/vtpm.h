/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A second TPM in the VM, by the kernel's vtpm proxy: a process of ours passes
 * commands on to /dev/tpm0, and answers wrongly when it is told to.
 */
#ifndef _HOSTILE_VTPM_H
#define _HOSTILE_VTPM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum fault {
	FAULT_NONE,
	FAULT_SILENT,	/* no answer, until the driver gives up */
	FAULT_SHORT,	/* 4 octets */
	FAULT_LENGTH,	/* an answer that says it is longer */
	FAULT_EMPTY,	/* success, and nothing else, whatever belongs to it */
};

struct vtpm {
	pid_t server;
	char managed[32];	/* /dev/tpmrmN */
	struct vtpm_orders *orders;
};

/* 0 when clients can open it, anybody; -errno. */
int vtpm_start(struct vtpm *v);

/* The next command with this code, and these last two octets, -1: whatever. */
void vtpm_fault(struct vtpm *v, enum fault kind, uint32_t code, int last);

/* Has it come to that? */
bool vtpm_fault_done(const struct vtpm *v);

/* The server is gone at once, and with it the device. */
void vtpm_stop(struct vtpm *v);

#endif
