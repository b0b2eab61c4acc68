/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How /dev/tpmrm0 refuses.  A resource manager says that it is the one who does,
 * in the layer of a response code; the stock one mostly leaves it to the TPM.
 */
#ifndef _HOSTILE_REFUSAL_H
#define _HOSTILE_REFUSAL_H

#include <stdbool.h>

#define RM_LAYER	0x000b0000

enum {
	RC_COMMAND_CODE		= 0x143,
	RC_HANDLE		= 0x1cb,	/* of the first parameter */
	RC_INTEGRITY		= 0x1df,
	RC_OBJECT_MEMORY	= 0x902,
	RC_SESSION_HANDLES	= 0x905,
	RC_REFERENCE_H0		= 0x910,
	RC_REFERENCE_H1		= 0x911,
	RC_REFERENCE_S0		= 0x918,
	RC_REFERENCE_S1		= 0x919,
};

/* Is ours loaded? */
bool rm_is_ours(void);

/* What @got should be to be @rc by the resource manager; stock may let the TPM do that. */
long rm_refusal(long got, long rc);

/* A row: the resource manager refused with @rc. */
bool expect_refused(const char *what, long got, long rc);

/* A row: a context is not taken, for one reason or the other. */
bool expect_no_context(const char *what, long got);

#endif
