// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of PCRs and their values: the text, the TPML_PCR_SELECTION, the digest.
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
#include "text.h"

#define DEFAULT_BANK	TPM_ALG_ID_SHA256

/* Part 2, 10.9.7 and 10.6.1: what a TPML_PCR_SELECTION may hold at most. */
#define MAX_SELECTIONS	16
#define MAX_SELECT_SIZE	4

static const struct {
	const char *name;
	u16 alg;
} names[TPK_MAX_BANKS] = {
	{ "sha1", TPM_ALG_ID_SHA1 },
	{ "sha256", TPM_ALG_ID_SHA256 },
	{ "sha384", TPM_ALG_ID_SHA384 },
	{ "sha512", TPM_ALG_ID_SHA512 },
};

const char *tpk_bank_name(u16 alg)
{
	unsigned int i;

	for (i = 0; i < TPK_MAX_BANKS; i++)
		if (names[i].alg == alg)
			return names[i].name;
	return NULL;
}

u16 tpk_bank_alg(struct tpm2_bytes name)
{
	unsigned int i;

	for (i = 0; i < TPK_MAX_BANKS; i++)
		if (tpk_text_is(name, names[i].name))
			return names[i].alg;
	return 0;
}

static struct tpk_bank *find_bank(struct tpk_pcrs *pcrs, u16 alg)
{
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++)
		if (pcrs->bank[i].alg == alg)
			return &pcrs->bank[i];
	return NULL;
}

/* There is room: one entry for each name in the table. */
static struct tpk_bank *add_bank(struct tpk_pcrs *pcrs, u16 alg)
{
	struct tpk_bank *bank = &pcrs->bank[pcrs->nr++];

	bank->alg = alg;
	return bank;
}

static unsigned int count_bits(u32 bits)
{
	unsigned int nr = 0;

	for (; bits; bits &= bits - 1)
		nr++;
	return nr;
}

static int complain(const char **what, const char *reason)
{
	*what = reason;
	return -EINVAL;
}

static int parse_number(struct tpm2_bytes text, unsigned int *pcr,
			const char **what)
{
	int err;

	if (!text.len)
		return complain(what, "a PCR number is missing");
	err = tpk_text_decimal(text, TPM2_PCRS - 1, pcr);
	if (err == -ERANGE)
		return complain(what, "PCR numbers are 0 to 23");
	if (err)
		return complain(what, "a PCR is a decimal number, as in sha256:0-7,11");
	return 0;
}

/* "7" or "0-7" */
static int parse_range(struct tpm2_bytes text, u32 *bits, const char **what)
{
	unsigned int first, last;
	struct tpm2_bytes word;
	bool ranged;
	int err;

	word = tpk_text_cut(&text, '-', &ranged);
	err = parse_number(word, &first, what);
	if (err)
		return err;
	last = first;
	if (ranged)
		err = parse_number(text, &last, what);
	if (err)
		return err;
	if (last < first)
		return complain(what, "a range goes upwards, as in 0-7");
	*bits = (2U << last) - (1U << first);
	return 0;
}

/* "0-7,11" */
static int parse_list(struct tpm2_bytes text, u32 *selected, const char **what)
{
	struct tpm2_bytes range;
	bool more;
	u32 bits;
	int err;

	if (!text.len)
		return complain(what, "no PCR is named; write it as sha256:7,11");
	*selected = 0;
	do {
		range = tpk_text_cut(&text, ',', &more);
		err = parse_range(range, &bits, what);
		if (err)
			return err;
		if (*selected & bits)
			return complain(what, "a PCR is named twice");
		*selected |= bits;
	} while (more);
	return 0;
}

/* The values of the PCRs in @list, one after the other. */
static int parse_values(struct tpm2_bytes hex, u32 list, struct tpk_bank *bank,
			const char **what)
{
	size_t digits = 2 * tpm2_digest_size(bank->alg);
	struct tpm2_reader r = tpm2_reader(hex.data, hex.len);
	unsigned int pcr;

	if (hex.len != count_bits(list) * digits)
		return complain(what, "after = goes one digest in hex for each PCR of the list");
	for (pcr = 0; pcr < TPM2_PCRS; pcr++) {
		if (!(list & 1U << pcr))
			continue;
		if (tpk_text_hex(tpm2_get_bytes(&r, digits), bank->value[pcr]))
			return complain(what, "the value after = is not hex digits");
	}
	bank->known |= list;
	return 0;
}

/* "sha256:" before the list, or nothing. */
static int parse_bank(struct tpm2_bytes *text, u16 *alg, const char **what)
{
	struct tpm2_bytes rest = *text;
	struct tpm2_bytes name;
	bool named;

	*alg = DEFAULT_BANK;
	name = tpk_text_cut(&rest, ':', &named);
	if (!named)
		return 0;
	*alg = tpk_bank_alg(name);
	if (!*alg)
		return complain(what, "a bank is one of sha1, sha256, sha384, sha512");
	*text = rest;
	return 0;
}

/* "sha256:7,11" or "sha256:7=<hex>" */
static int parse_part(struct tpm2_bytes text, struct tpk_pcrs *pcrs,
		      const char **what)
{
	struct tpm2_bytes set;
	struct tpk_bank *bank;
	bool valued;
	u32 list;
	u16 alg;
	int err;

	if (!text.len)
		return complain(what, "nothing stands on one side of a +");
	set = tpk_text_cut(&text, '=', &valued);
	err = parse_bank(&set, &alg, what);
	if (err)
		return err;
	err = parse_list(set, &list, what);
	if (err)
		return err;

	bank = find_bank(pcrs, alg) ?: add_bank(pcrs, alg);
	if (bank->selected & list)
		return complain(what, "a PCR is named twice");
	bank->selected |= list;
	return valued ? parse_values(text, list, bank, what) : 0;
}

int tpk_pcrs_parse(struct tpm2_bytes text, struct tpk_pcrs *pcrs,
		   const char **what)
{
	struct tpm2_bytes part;
	bool more;
	int err;

	memset(pcrs, 0, sizeof(*pcrs));
	if (!text.len)
		return complain(what, "no PCR is named; write it as sha256:7,11");
	if (memchr(text.data, '|', text.len))
		return complain(what, "an alternative has no | in it");
	do {
		part = tpk_text_cut(&text, '+', &more);
		err = parse_part(part, pcrs, what);
	} while (!err && more);
	return err;
}

static void put_char(struct tpm2_writer *w, char c)
{
	tpm2_put_u8(w, c);
}

static void put_number(struct tpm2_writer *w, unsigned int pcr)
{
	if (pcr >= 10)
		put_char(w, '0' + pcr / 10);
	put_char(w, '0' + pcr % 10);
}

/* Neighbours become a range if there are at least three. */
static void format_list(u32 selected, struct tpm2_writer *w)
{
	unsigned int first, next;
	bool more = false;

	for (first = 0; first < TPM2_PCRS; first = next) {
		next = first + 1;
		if (!(selected & 1U << first))
			continue;
		while (next < TPM2_PCRS && selected & 1U << next)
			next++;
		if (next - first == 2)
			next--;
		if (more)
			put_char(w, ',');
		more = true;
		put_number(w, first);
		if (next - first > 1) {
			put_char(w, '-');
			put_number(w, next - 1);
		}
	}
}

static void format_values(const struct tpk_bank *bank, struct tpm2_writer *w)
{
	static const char digit[] = "0123456789abcdef";
	unsigned int pcr, i;

	for (pcr = 0; pcr < TPM2_PCRS; pcr++) {
		if (!(bank->selected & 1U << pcr))
			continue;
		for (i = 0; i < tpm2_digest_size(bank->alg); i++) {
			put_char(w, digit[bank->value[pcr][i] >> 4]);
			put_char(w, digit[bank->value[pcr][i] & 15]);
		}
	}
}

static void format_bank(const struct tpk_bank *bank, struct tpm2_writer *w)
{
	const char *name = tpk_bank_name(bank->alg);

	tpm2_put(w, name, strlen(name));
	put_char(w, ':');
	format_list(bank->selected, w);
	if (bank->known == bank->selected) {
		put_char(w, '=');
		format_values(bank, w);
	}
}

void tpk_pcrs_format(const struct tpk_pcrs *pcrs, struct tpm2_writer *w)
{
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++) {
		if (i)
			put_char(w, '+');
		format_bank(&pcrs->bank[i], w);
	}
}

/* Part 2, 10.9.7 TPML_PCR_SELECTION of 10.6.1 TPMS_PCR_SELECTION. */
void tpk_pcrs_put_selection(const struct tpk_pcrs *pcrs, struct tpm2_writer *w)
{
	unsigned int i, octet;

	tpm2_put_u32(w, pcrs->nr);
	for (i = 0; i < pcrs->nr; i++) {
		tpm2_put_u16(w, pcrs->bank[i].alg);
		tpm2_put_u8(w, TPM2_PCR_SELECT_SIZE);
		for (octet = 0; octet < TPM2_PCR_SELECT_SIZE; octet++)
			tpm2_put_u8(w, pcrs->bank[i].selected >> (8 * octet));
	}
}

/* PCR n is bit n % 8 of octet n / 8. */
static u32 get_bitmap(struct tpm2_reader *r)
{
	unsigned int size = tpm2_get_u8(r);
	unsigned int octet;
	u32 selected = 0;

	if (!size || size > MAX_SELECT_SIZE)
		r->bad = true;
	for (octet = 0; octet < size && !r->bad; octet++)
		selected |= (u32)tpm2_get_u8(r) << (8 * octet);
	return selected;
}

static int get_bank(struct tpm2_reader *r, struct tpk_pcrs *pcrs)
{
	u16 alg = tpm2_get_u16(r);
	u32 selected = get_bitmap(r);

	if (r->bad || !selected || find_bank(pcrs, alg))
		return -EBADMSG;
	if (!tpk_bank_name(alg) || selected >> TPM2_PCRS)
		return -EOPNOTSUPP;
	add_bank(pcrs, alg)->selected = selected;
	return 0;
}

/* A malformed list is that, whatever else it asks for. */
int tpk_pcrs_get_selection(struct tpm2_reader *r, struct tpk_pcrs *pcrs)
{
	u32 nr = tpm2_get_u32(r);
	int result = 0;

	memset(pcrs, 0, sizeof(*pcrs));
	if (!nr || nr > MAX_SELECTIONS)
		return -EBADMSG;
	while (nr--) {
		int err = get_bank(r, pcrs);

		if (err == -EBADMSG)
			return err;
		if (err)
			result = err;
	}
	return result;
}

static unsigned int collect(struct tpk_bank *bank, struct tpm2_bytes *piece)
{
	unsigned int size = tpm2_digest_size(bank->alg);
	unsigned int pcr, nr = 0;

	for (pcr = 0; pcr < TPM2_PCRS; pcr++)
		if (bank->selected & 1U << pcr)
			piece[nr++] = tpm2_bytes(bank->value[pcr], size);
	return nr;
}

int tpk_pcrs_digest(struct tpk_pcrs *pcrs, u16 hash, u8 *out)
{
	unsigned int i, nr = 0;

	for (i = 0; i < pcrs->nr; i++) {
		if (pcrs->bank[i].selected & ~pcrs->bank[i].known)
			return -ENODATA;
		nr += collect(&pcrs->bank[i], &pcrs->piece[nr]);
	}
	return tpm2_digest(hash, pcrs->piece, nr, out);
}

/* All zeroes or all ones (PC Client: PCRs 17 to 22 before a dynamic launch). */
static bool is_reset(const u8 *value, unsigned int size)
{
	return (value[0] == 0x00 || value[0] == 0xff) &&
	       !memcmp(value, value + 1, size - 1);
}

static bool is_unused(const struct tpk_bank *bank, u32 given)
{
	unsigned int size = tpm2_digest_size(bank->alg);
	unsigned int pcr;

	if (bank->selected & (given | ~bank->known))
		return false;
	for (pcr = 0; pcr < TPM2_PCRS; pcr++)
		if (bank->selected & 1U << pcr && !is_reset(bank->value[pcr], size))
			return false;
	return true;
}

u16 tpk_pcrs_unused(const struct tpk_pcrs *pcrs, const u32 given[TPK_MAX_BANKS])
{
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++)
		if (is_unused(&pcrs->bank[i], given[i]))
			return pcrs->bank[i].alg;
	return 0;
}
