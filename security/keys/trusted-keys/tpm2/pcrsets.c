// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of PCRs put together, compared, and picked from by a selection.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "pcrs.h"

#define MAX_PIECES	(TPK_MAX_BANKS * TPM2_PCRS)
#define ALL_PCRS	((1U << TPM2_PCRS) - 1)

static int find_bank(const struct tpk_pcrs *pcrs, u16 alg)
{
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++)
		if (pcrs->bank[i].alg == alg)
			return i;
	return -ENODATA;
}

/* There is room: a set has one entry at most for each algorithm known. */
static struct tpk_bank *get_bank(struct tpk_pcrs *pcrs, u16 alg)
{
	int i = find_bank(pcrs, alg);

	if (i < 0) {
		i = pcrs->nr++;
		pcrs->bank[i].alg = alg;
		pcrs->bank[i].selected = 0;
		pcrs->bank[i].known = 0;
	}
	return &pcrs->bank[i];
}

/* One TPMS_PCR_SELECTION; beyond 32 bits there is nothing that we know. */
static u32 get_selection(struct tpm2_reader *r, u16 *alg)
{
	struct tpm2_bytes bitmap;
	u32 selected = 0;
	size_t i;

	*alg = tpm2_get_u16(r);
	bitmap = tpm2_get_bytes(r, tpm2_get_u8(r));
	for (i = 0; i < bitmap.len && i < sizeof(selected); i++)
		selected |= (u32)bitmap.data[i] << (8 * i);
	return selected;
}

void tpk_pcrs_add_selection(struct tpk_pcrs *pcrs, struct tpm2_bytes selection)
{
	struct tpm2_reader r = tpm2_reader(selection.data, selection.len);
	u32 selected;
	u16 alg;

	tpm2_get_u32(&r);
	while (tpm2_left(&r)) {
		selected = get_selection(&r, &alg) & ALL_PCRS;
		if (selected && tpk_bank_name(alg))
			get_bank(pcrs, alg)->selected |= selected;
	}
}

static void copy_values(struct tpk_bank *to, const struct tpk_bank *from, u32 which)
{
	unsigned int pcr;

	for (pcr = 0; pcr < TPM2_PCRS; pcr++)
		if (which & 1U << pcr)
			memcpy(to->value[pcr], from->value[pcr],
			       sizeof(to->value[pcr]));
	to->known |= which;
}

void tpk_pcrs_add(struct tpk_pcrs *pcrs, const struct tpk_pcrs *more, bool known)
{
	unsigned int i;

	for (i = 0; i < more->nr; i++) {
		const struct tpk_bank *from = &more->bank[i];
		u32 which = known ? from->known : from->selected & ~from->known;
		struct tpk_bank *to;

		if (!which)
			continue;
		to = get_bank(pcrs, from->alg);
		which &= ~to->selected;
		to->selected |= which;
		if (known)
			copy_values(to, from, which);
	}
}

void tpk_pcrs_fill(struct tpk_pcrs *pcrs, const struct tpk_pcrs *values)
{
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++) {
		struct tpk_bank *to = &pcrs->bank[i];
		int from = find_bank(values, to->alg);

		if (from < 0)
			continue;
		copy_values(to, &values->bank[from],
			    to->selected & ~to->known & values->bank[from].known);
	}
}

static bool differs(const struct tpk_bank *bank, const struct tpk_pcrs *now,
		    unsigned int pcr)
{
	int i = find_bank(now, bank->alg);

	return i < 0 || !(now->bank[i].known & 1U << pcr) ||
	       memcmp(bank->value[pcr], now->bank[i].value[pcr],
		      tpm2_digest_size(bank->alg));
}

unsigned int tpk_pcrs_differing(const struct tpk_pcrs *pcrs,
				const struct tpk_pcrs *now)
{
	unsigned int i, pcr, nr = 0;

	for (i = 0; i < pcrs->nr; i++)
		for (pcr = 0; pcr < TPM2_PCRS; pcr++)
			if (pcrs->bank[i].known & 1U << pcr)
				nr += differs(&pcrs->bank[i], now, pcr);
	return nr;
}

/* The values of one bank's PCRs, ascending. */
static int collect(struct tpk_pcrs *pcrs, u16 alg, u32 selected, unsigned int *nr)
{
	int i = find_bank(pcrs, alg);
	unsigned int pcr;

	if (!selected)
		return 0;
	if (i < 0 || selected & ~pcrs->bank[i].known)
		return -ENODATA;
	for (pcr = 0; pcr < TPM2_PCRS; pcr++) {
		if (!(selected & 1U << pcr))
			continue;
		if (*nr == MAX_PIECES)
			return -ENODATA;
		pcrs->piece[(*nr)++] = tpm2_bytes(pcrs->bank[i].value[pcr],
						  tpm2_digest_size(alg));
	}
	return 0;
}

int tpk_pcrs_selection_digest(struct tpk_pcrs *pcrs, struct tpm2_bytes selection,
			      u16 hash, u8 *out)
{
	struct tpm2_reader r = tpm2_reader(selection.data, selection.len);
	unsigned int nr = 0;
	u32 selected;
	u16 alg;
	int err;

	tpm2_get_u32(&r);
	while (tpm2_left(&r)) {
		selected = get_selection(&r, &alg);
		err = collect(pcrs, alg, selected, &nr);
		if (err)
			return err;
	}
	return tpm2_digest(hash, pcrs->piece, nr, out);
}
