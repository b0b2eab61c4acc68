// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: sets of PCRs, as text and as TPML_PCR_SELECTION.
 *
 * An input that starts with a NUL is octets, any other is text.  What is
 * accepted must come back the same after it was written.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "pcrs.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

static struct tpk_pcrs pcrs, again;

static void check_set(void)
{
	unsigned int i;

	assert(pcrs.nr && pcrs.nr <= TPK_MAX_BANKS);
	for (i = 0; i < pcrs.nr; i++) {
		assert(tpk_bank_name(pcrs.bank[i].alg));
		assert(pcrs.bank[i].selected);
		assert(!(pcrs.bank[i].selected >> TPM2_PCRS));
		assert(!(pcrs.bank[i].known & ~pcrs.bank[i].selected));
	}
}

static void check_same(bool values)
{
	unsigned int i;

	assert(again.nr == pcrs.nr);
	for (i = 0; i < pcrs.nr; i++) {
		assert(again.bank[i].alg == pcrs.bank[i].alg);
		assert(again.bank[i].selected == pcrs.bank[i].selected);
		if (!values || pcrs.bank[i].known != pcrs.bank[i].selected)
			continue;
		assert(!memcmp(&again.bank[i], &pcrs.bank[i], sizeof(again.bank[i])));
	}
}

static void fuzz_text(struct tpm2_bytes text)
{
	static u8 buf[16384];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));
	const char *what = NULL;
	int err;

	err = tpk_pcrs_parse(text, &pcrs, &what);
	if (err) {
		assert(err == -EINVAL && what && *what);
		return;
	}
	check_set();
	tpk_pcrs_format(&pcrs, &w);
	assert(!w.full);
	err = tpk_pcrs_parse(tpm2_written(&w), &again, &what);
	assert(!err);
	check_same(true);
}

static void fuzz_selection(struct tpm2_bytes octets)
{
	struct tpm2_reader r = tpm2_reader(octets.data, octets.len);
	u8 buf[4 + 6 * TPK_MAX_BANKS];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));
	int err;

	err = tpk_pcrs_get_selection(&r, &pcrs);
	if (err) {
		assert(err == -EBADMSG || err == -EOPNOTSUPP);
		return;
	}
	check_set();
	tpk_pcrs_put_selection(&pcrs, &w);
	assert(!w.full);
	r = tpm2_reader(w.buf, w.len);
	err = tpk_pcrs_get_selection(&r, &again);
	assert(!err && tpm2_done(&r));
	check_same(false);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	u8 *copy = malloc(len);

	if (len)
		memcpy(copy, data, len);
	if (len && !*copy)
		fuzz_selection(tpm2_bytes(copy + 1, len - 1));
	else
		fuzz_text(tpm2_bytes(copy, len));
	free(copy);
	return 0;
}
