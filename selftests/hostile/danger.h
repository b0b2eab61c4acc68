/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands that must not be everybody's.
 */
#ifndef _HOSTILE_DANGER_H
#define _HOSTILE_DANGER_H

#include <stdint.h>

enum theme {
	THEME_NV,
	THEME_PCR,
	THEME_AUTHORITY,	/* what others than the user authorize */
	THEME_LOCKOUT,
	THEME_CLOCK_AUDIT,
	THEME_START_TEST,
	THEME_KEYS,
	THEME_VENDOR,
	THEME_HIERARCHY,	/* last: a TPM without them does no more */
	THEMES,
};

/**
 * struct dangerous - one of them, as it is sent
 * @theme: the row that it is part of
 * @name: of the command
 * @code: TPM_CC
 * @handle: as many as there are, then 0; the first @auths with empty passwords
 * @auths: number of authorizations
 * @params: hex digits
 */
struct dangerous {
	enum theme theme;
	const char *name;
	uint32_t code, handle[3];
	int auths;
	const char *params;
};

/* Indices that root has made, which anybody may use by their empty password. */
#define NV_ORDINARY	0x01800101
#define NV_COUNTER	0x01800102
#define NV_BITS		0x01800103
#define NV_EXTEND	0x01800104

/* What stands for a policy session of the user's own. */
#define OWN_SESSION	0xffffffff

extern const struct dangerous dangerous[];

#endif
