/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of PCRs and their values: "sha256:0-7,11+sha1:4=<hex>".
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_PCRS_H
#define _TPK_PCRS_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#define TPK_MAX_BANKS	4	/* sha1, sha256, sha384, sha512 */

/**
 * struct tpk_bank - PCRs of one bank
 * @alg: TPM_ALG_ID of the bank
 * @selected: bit n: PCR n is part of the set
 * @known: bit n: @value[n] is valid; a subset of @selected
 * @value: values, tpm2_digest_size(@alg) octets each
 */
struct tpk_bank {
	u16 alg;
	u32 selected;
	u32 known;
	u8 value[TPM2_PCRS][TPM2_MAX_DIGEST];
};

/**
 * struct tpk_pcrs - what pcrs= says, in the order of first mention
 * @nr: number of @bank
 * @bank: at most one entry for each algorithm
 * @piece: room to work for tpk_pcrs_digest()
 *
 * About 8 KiB: never on the stack.
 */
struct tpk_pcrs {
	unsigned int nr;
	struct tpk_bank bank[TPK_MAX_BANKS];
	struct tpm2_bytes piece[TPK_MAX_BANKS * TPM2_PCRS];
};

/**
 * tpk_pcrs_parse() - read "BANK:LIST[=HEX][+BANK:LIST[=HEX]…]"
 * @text: the expression; not NUL-terminated
 * @pcrs: result
 * @what: in case of an error, what is wrong (a constant)
 *
 * BANK: may be left out and is then sha256.  LIST is numbers and ranges (0-7)
 * with commas, none twice.  HEX holds the values of the PCRs of this LIST one
 * after the other in ascending order of their numbers.
 *
 * Return: 0; -EINVAL.
 */
int tpk_pcrs_parse(struct tpm2_bytes text, struct tpk_pcrs *pcrs,
		   const char **what);

/**
 * tpk_pcrs_format() - write a set as tpk_pcrs_parse() reads it
 * @pcrs: the set; values are written for a bank if all its PCRs are known
 * @w: where to
 */
void tpk_pcrs_format(const struct tpk_pcrs *pcrs, struct tpm2_writer *w);

/**
 * tpk_pcrs_put_selection() - write the TPML_PCR_SELECTION of a set
 * @pcrs: the set
 * @w: where to
 */
void tpk_pcrs_put_selection(const struct tpk_pcrs *pcrs, struct tpm2_writer *w);

/**
 * tpk_pcrs_get_selection() - read a TPML_PCR_SELECTION
 * @r: where from
 * @pcrs: result: nothing known
 *
 * Strict: 1 to 16 banks, 1 to 4 octets each, no bank twice, none without a PCR.
 *
 * Return: 0; -EBADMSG; -EOPNOTSUPP for a bank or a PCR that is not known here.
 */
int tpk_pcrs_get_selection(struct tpm2_reader *r, struct tpk_pcrs *pcrs);

/**
 * tpk_pcrs_digest() - the pcrDigest of PolicyPCR
 * @pcrs: the set, all of it known
 * @hash: TPM_ALG_ID of the policy's hash
 * @out: tpm2_digest_size(@hash) octets
 *
 * Part 3, 23.7: the hash of the values, banks in the order of the selection,
 * PCRs ascending.
 *
 * Return: 0; -ENODATA if a value is not known; -EOPNOTSUPP.
 */
int tpk_pcrs_digest(struct tpk_pcrs *pcrs, u16 hash, u8 *out);

/**
 * tpk_pcrs_add_selection() - add the PCRs of a TPML_PCR_SELECTION to a set
 * @pcrs: the set; PCRs that it has stay as they are
 * @selection: a TPML_PCR_SELECTION and nothing else
 *
 * Banks and PCRs that are not known here are left out.
 */
void tpk_pcrs_add_selection(struct tpk_pcrs *pcrs, struct tpm2_bytes selection);

/**
 * tpk_pcrs_add() - add the PCRs of a set to another
 * @pcrs: the set; PCRs that it has stay as they are
 * @more: the other set
 * @known: add those whose values are known, or only the others
 */
void tpk_pcrs_add(struct tpk_pcrs *pcrs, const struct tpk_pcrs *more,
		  bool known);

/**
 * tpk_pcrs_fill() - take missing values from another set
 * @pcrs: the set
 * @values: where they may be known
 */
void tpk_pcrs_fill(struct tpk_pcrs *pcrs, const struct tpk_pcrs *values);

/**
 * tpk_pcrs_differing() - how many PCRs have another value than they should?
 * @pcrs: the set, with the values that they should have
 * @now: the present values
 *
 * Return: their number; PCRs that are not known in @now are counted.
 */
unsigned int tpk_pcrs_differing(const struct tpk_pcrs *pcrs,
				const struct tpk_pcrs *now);

/**
 * tpk_pcrs_selection_digest() - the pcrDigest of a selection
 * @pcrs: a set with values; its @piece is used
 * @selection: a TPML_PCR_SELECTION and nothing else
 * @hash: TPM_ALG_ID of the policy's hash
 * @out: tpm2_digest_size(@hash) octets
 *
 * Return: 0; -ENODATA if a value is not known; -EOPNOTSUPP.
 */
int tpk_pcrs_selection_digest(struct tpk_pcrs *pcrs, struct tpm2_bytes selection,
			      u16 hash, u8 *out);

/**
 * tpk_pcrs_unused() - a bank in which nothing has been measured
 * @pcrs: the set, all of it known
 * @given: per bank, bit n: the user named the value of PCR n
 *
 * True for a bank if each of its PCRs was read, not given, and all are at a
 * reset value (all zeroes or all ones): a policy over them would hold on any
 * machine whose firmware does not use the bank.
 *
 * Return: TPM_ALG_ID of such a bank, 0 if there is none.
 */
u16 tpk_pcrs_unused(const struct tpk_pcrs *pcrs, const u32 given[TPK_MAX_BANKS]);

/**
 * tpk_bank_name() - "sha256" for TPM_ALG_ID_SHA256
 * @alg: algorithm of a bank, or of a hash= option
 *
 * Return: the name; NULL for an algorithm that is not known here.
 */
const char *tpk_bank_name(u16 alg);

/**
 * tpk_bank_alg() - TPM_ALG_ID_SHA256 for "sha256"
 * @name: not NUL-terminated
 *
 * Return: the algorithm; 0 for a name that is not known here.
 */
u16 tpk_bank_alg(struct tpm2_bytes name);

#endif /* _TPK_PCRS_H */
