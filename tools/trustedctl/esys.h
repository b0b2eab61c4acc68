/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is asked of a TPM: nothing that needs an authorization, or changes it.
 */
#ifndef _CTL_ESYS_H
#define _CTL_ESYS_H

#include <linux/types.h>

#include "ctl.h"
#include "grammar.h"
#include "pcrs.h"

#define ESYS_TIME_INFO_SIZE	25	/* TPMS_TIME_INFO */
#define ESYS_MAX_NV		64	/* octets of an index that are read */
#define ESYS_WHY		256

/**
 * struct esys - a TPM, opened when it is first asked
 * @tcti: which; NULL: $TPM2TOOLS_TCTI or the default
 * @context: ESYS_CONTEXT, NULL before that
 * @transport: its TCTI
 * @why: what went wrong last, with a cure
 */
struct esys {
	const char *tcti;
	void *context;
	void *transport;
	char why[ESYS_WHY];
};

/**
 * struct esys_banks - which PCRs the TPM has
 * @nr: number of @bank
 * @bank: TPM_ALG_ID of each, and which PCRs it has; none: not allocated
 */
struct esys_banks {
	unsigned int nr;
	struct {
		u16 alg;
		u32 pcrs;
	} bank[16];
};

const char *esys_tcti(const struct esys *tpm);
void esys_close(struct esys *tpm);

int esys_banks(struct esys *tpm, struct esys_banks *banks);
int esys_read_pcrs(struct esys *tpm, struct tpk_pcrs *pcrs);
int esys_read_name(struct esys *tpm, u32 handle, u8 *name, size_t *len);
int esys_read_time(struct esys *tpm, u8 info[ESYS_TIME_INFO_SIZE]);
int esys_read_nv(struct esys *tpm, u32 index, u32 auth, u16 offset, u8 *data, size_t len);
int esys_primary_name(struct esys *tpm, u32 hierarchy, bool rsa, u8 *name, size_t *len);

/* lookup.c */
extern const struct grammar_lookup lookup_functions;

#endif /* _CTL_ESYS_H */
