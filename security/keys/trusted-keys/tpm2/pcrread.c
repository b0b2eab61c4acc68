// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCRs: reading those of a policy, extending the one of pcrlock=.
 */
#include <linux/tpm2_hash.h>

#include "tpk.h"

/* The lowest TPM2_PCR_READ_MAX of @pcrs. */
static u32 next_few(u32 pcrs)
{
	u32 few = 0;
	int nr;

	for (nr = 0; pcrs && nr < TPM2_PCR_READ_MAX; nr++) {
		few |= pcrs & -pcrs;
		pcrs &= pcrs - 1;
	}
	return few;
}

static void put_selection(struct tpm2_writer *w, u16 alg, u32 pcrs)
{
	tpm2_put_u32(w, 1);
	tpm2_put_u16(w, alg);
	tpm2_put_u8(w, TPM2_PCR_SELECT_SIZE);
	tpm2_put_u8(w, pcrs);
	tpm2_put_u8(w, pcrs >> 8);
	tpm2_put_u8(w, pcrs >> 16);
}

/* Reads the selection that the TPM answers; 0 if it is not for @alg. */
static u32 get_selection(struct tpm2_reader *r, u16 alg)
{
	u32 pcrs = 0, count = tpm2_get_u32(r);
	u8 i, size;

	if (count != 1 || tpm2_get_u16(r) != alg)
		return 0;
	size = tpm2_get_u8(r);
	for (i = 0; i < size; i++) {
		u8 octet = tpm2_get_u8(r);

		if (i < TPM2_PCR_SELECT_SIZE)
			pcrs |= (u32)octet << 8 * i;
	}
	return pcrs;
}

/* Takes the values of @pcrs out of a TPML_DIGEST. */
static int take_values(struct tpk_bank *bank, u32 pcrs, struct tpm2_reader *r)
{
	unsigned int i, size = tpm2_digest_size(bank->alg);

	if (tpm2_get_u32(r) != hweight32(pcrs))
		return -EBADMSG;
	for (i = 0; i < TPM2_PCRS; i++) {
		struct tpm2_bytes value;

		if (!(pcrs & BIT(i)))
			continue;
		value = tpm2_get_sized(r);
		if (value.len != size)
			return -EBADMSG;
		memcpy(bank->value[i], value.data, size);
	}
	if (!tpm2_done(r))
		return -EBADMSG;
	bank->known |= pcrs;
	return 0;
}

/* The answer of one PCR_Read for @pcrs. */
static int take_read(struct tpk_bank *bank, u32 pcrs, struct tpm2_bytes reply,
		     u32 *counter)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len);

	*counter = tpm2_get_u32(&r);
	if (get_selection(&r, bank->alg) != pcrs) {
		tpk_notice("pcrs=: the TPM has no bank %s, or not all these PCRs in it; see tpm2_getcap pcrs",
			   tpk_bank_name(bank->alg));
		return -EOPNOTSUPP;
	}
	if (take_values(bank, pcrs, &r)) {
		tpk_notice("PCR_Read: the answer is malformed; suspect the bus");
		return -EIO;
	}
	return 0;
}

static int read_few(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    struct tpk_bank *bank, u32 pcrs, bool audit, u32 *counter)
{
	u8 params[4 + 2 + 1 + TPM2_PCR_SELECT_SIZE];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_call call = { .code = TPM_CC_PCR_Read };
	int err;

	put_selection(&w, bank->alg, pcrs);
	call.params = tpm2_written(&w);
	if (audit) {
		call.nr_auths = 1;
		call.auth[0].session = s->session;
		call.auth[0].attributes = TPMA_SESSION_audit |
					  TPMA_SESSION_continueSession;
	}
	err = tpk_transmit(tpm, TPK_STEP_PCR_READ, &call, false);
	return err ?: take_read(bank, pcrs, call.reply, counter);
}

/**
 * tpk_pcr_read() - read what is not known yet
 * @tpm: the TPM, in a transaction
 * @s: has the session if @audit
 * @pcrs: set of PCRs; all of it is known afterwards
 * @audit: the session vouches for the answers
 *
 * Return: 0; -EOPNOTSUPP for a bank that is not allocated; -EIO if PCRs changed
 * meanwhile, which nobody but the firmware can do; or as tpk_transmit().
 */
int tpk_pcr_read(struct tpk_tpm *tpm, struct tpk_scratch *s,
		 struct tpk_pcrs *pcrs, bool audit)
{
	u32 counter, first_counter = 0;
	bool first = true;
	unsigned int i;
	int err;

	for (i = 0; i < pcrs->nr; i++) {
		struct tpk_bank *bank = &pcrs->bank[i];
		u32 left = bank->selected & ~bank->known;

		while (left) {
			u32 few = next_few(left);

			err = read_few(tpm, s, bank, few, audit, &counter);
			if (err)
				return err;
			if (!first && counter != first_counter) {
				tpk_notice("PCR_Read: PCRs changed meanwhile; try again");
				return -EIO;
			}
			first = false;
			first_counter = counter;
			left &= ~few;
		}
	}
	return 0;
}

/* Digest sizes of all banks that a TPM may have, not only of those for keys. */
static unsigned int bank_size(u16 alg)
{
	switch (alg) {
	case 0x0012: /* SM3_256 */
	case 0x0027: /* SHA3_256 */
		return 32;
	case 0x0028: /* SHA3_384 */
		return 48;
	case 0x0029: /* SHA3_512 */
		return 64;
	default:
		return tpm2_digest_size(alg);
	}
}

/* Turns the allocated banks into a TPML_DIGEST_VALUES of zeroes. */
static int put_zeroes(struct tpm2_writer *w, struct tpm2_bytes reply)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len);
	u32 count, nr = 0;
	size_t start;

	tpm2_get_u8(&r); /* moreData */
	tpm2_get_u32(&r); /* capability */
	count = tpm2_get_u32(&r);
	start = tpm2_open_u32(w);
	while (count-- && !r.bad) {
		u16 alg = tpm2_get_u16(&r);
		struct tpm2_bytes select = tpm2_get_bytes(&r, tpm2_get_u8(&r));
		unsigned int size = bank_size(alg);
		u8 *digest;

		if (!select.len || !memchr_inv(select.data, 0, select.len))
			continue;
		if (!size)
			return -EOPNOTSUPP;
		tpm2_put_u16(w, alg);
		digest = tpm2_reserve(w, size);
		if (!digest)
			return -EOPNOTSUPP;
		memset(digest, 0, size);
		nr++;
	}
	if (!tpm2_done(&r))
		return -EIO;
	put_unaligned_be32(nr, w->buf + start - 4);
	return 0;
}

static int extend_zeroes(struct tpk_tpm *tpm, unsigned int pcr)
{
	u8 request[12], params[4 + 8 * (2 + TPM2_MAX_DIGEST)];
	struct tpm2_writer q = tpm2_writer(request, sizeof(request));
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_call banks = { .code = TPM_CC_GetCapability };
	struct trm_call extend = {
		.code = TPM_CC_PCR_Extend,
		.ref[0].handle = pcr,
		.nr_auths = 1,
	};
	int err;

	tpm2_put_u32(&q, TPM_CAP_PCRS);
	tpm2_put_u32(&q, 0);
	tpm2_put_u32(&q, 1);
	banks.params = tpm2_written(&q);
	err = tpk_transmit(tpm, TPK_STEP_PCR_EXTEND, &banks, false);
	if (!err)
		err = put_zeroes(&w, banks.reply);
	if (err)
		return err;
	extend.params = tpm2_written(&w);
	return tpk_transmit(tpm, TPK_STEP_PCR_EXTEND, &extend, false);
}

/**
 * tpk_pcr_lock() - extend a PCR with zeroes in all its banks
 * @tpm: the TPM, not in a transaction
 * @pcr: number of the PCR
 *
 * Keys sealed to the present value cannot be loaded until the next boot.
 *
 * Return: 0, or as trm_begin() and tpk_transmit().
 */
int tpk_pcr_lock(struct tpk_tpm *tpm, unsigned int pcr)
{
	int err = trm_begin(tpm->client, 0, 0);

	if (err)
		return err;
	err = extend_zeroes(tpm, pcr);
	trm_end(tpm->client);
	return err;
}
