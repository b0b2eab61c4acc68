// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a policy's text leaves to the TPM and to files.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "esys.h"
#include "pubkey.h"

static int refuse(int err, char *why, const struct esys *tpm)
{
	snprintf(why, GRAMMAR_WHAT, "the TPM (%s) %s", esys_tcti(tpm), tpm->why);
	return err;
}

/* As the kernel: a bank that nobody uses would open on any machine. */
static int refuse_unused(const struct tpk_pcrs *pcrs, char *why)
{
	static const u32 none[TPK_MAX_BANKS];
	u16 bank = tpk_pcrs_unused(pcrs, none);

	if (!bank)
		return 0;
	snprintf(why, GRAMMAR_WHAT,
		 "pcr: nothing was measured into these PCRs of bank %s; give their values with = if that is meant",
		 tpk_bank_name(bank));
	return -EINVAL;
}

static int lookup_pcrs(void *ctx, struct tpk_pcrs *pcrs, char *why)
{
	struct esys *tpm = ctx;
	unsigned int i;
	int err = esys_read_pcrs(tpm, pcrs);

	if (err)
		return refuse(err, why, tpm);
	for (i = 0; i < pcrs->nr; i++) {
		if (pcrs->bank[i].known == pcrs->bank[i].selected)
			continue;
		snprintf(why, GRAMMAR_WHAT,
			 "pcr: the TPM does not have all of these PCRs of bank %s; trustedctl pcrs lists those that it has",
			 tpk_bank_name(pcrs->bank[i].alg));
		return -ENOENT;
	}
	return refuse_unused(pcrs, why);
}

static int lookup_name(void *ctx, u32 handle, u8 *name, size_t *len, char *why)
{
	struct esys *tpm = ctx;
	int err = esys_read_name(tpm, handle, name, len);

	if (err == -ENOENT)
		snprintf(why, GRAMMAR_WHAT, "%s; give its Name with name=", tpm->why);
	else if (err)
		refuse(err, why, tpm);
	return err;
}

static int lookup_key(void *ctx, const char *path, u8 *area, size_t *len, char *why)
{
	struct pubkey key;
	const char *what;
	int err = pubkey_read(&key, path, &what);

	if (err) {
		snprintf(why, GRAMMAR_WHAT, "%s: %s", path, what);
	} else {
		memcpy(area, key.area, key.area_len);
		*len = key.area_len;
	}
	pubkey_free(&key);
	return err;
}

/* ctx is a struct esys. */
const struct grammar_lookup lookup_functions = {
	.pcrs = lookup_pcrs,
	.name = lookup_name,
	.key = lookup_key,
};
