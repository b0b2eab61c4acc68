// SPDX-License-Identifier: GPL-2.0-only
/*
 * The TPM's whole state, by libtpms.
 */
#include <stdio.h>
#include <stdlib.h>

#include <libtpms/tpm_error.h>
#include <libtpms/tpm_library.h>

#include "state.h"
#include "tpm.h"

static const enum TPMLIB_StateType types[] = {
	TPMLIB_STATE_PERMANENT, TPMLIB_STATE_VOLATILE,
};

static struct {
	unsigned char *data;
	uint32_t len;
} states[ARRAY_SIZE(types)];

static void need(const char *what, TPM_RESULT res)
{
	if (!res)
		return;
	printf("Bail out! libtpms: %s: 0x%x\n", what, res);
	exit(99);
}

void state_keep(void)
{
	unsigned int i;

	state_drop();
	for (i = 0; i < ARRAY_SIZE(types); i++)
		need("GetState", TPMLIB_GetState(types[i], &states[i].data,
						 &states[i].len));
}

void state_restore(void)
{
	unsigned int i;

	TPMLIB_Terminate();
	for (i = 0; i < ARRAY_SIZE(types); i++)
		need("SetState", TPMLIB_SetState(types[i], states[i].data,
						 states[i].len));
	need("MainInit", TPMLIB_MainInit());
	host_tpm_clear_counts();
}

void state_drop(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		free(states[i].data);
		states[i].data = NULL;
	}
}
