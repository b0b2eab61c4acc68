// SPDX-License-Identifier: GPL-2.0-only
/*
 * EME-OAEP with MGF1.
 *
 * PURE: used by the module and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>
#include <linux/unaligned.h>

#include "oaep.h"

/* RFC 8017, B.2.1: masks @data by what @seed generates. */
static int mgf1_mask(u16 hash, struct tpm2_bytes seed, u8 *data, size_t len)
{
	size_t i, at, size = tpm2_digest_size(hash);
	u8 block[TPM2_MAX_DIGEST], counter[4];
	const struct tpm2_bytes part[] = {
		seed, tpm2_bytes(counter, sizeof(counter)),
	};
	int err = 0;

	for (at = 0; at < len && !err; at += size) {
		put_unaligned_be32(at / size, counter);
		err = tpm2_digest(hash, part, 2, block);
		for (i = 0; i < min(size, len - at) && !err; i++)
			data[at + i] ^= block[i];
	}
	memzero_explicit(block, sizeof(block));
	return err;
}

/*
 *	em:  0x00  seed          lHash  0x00 ...  0x01  message
 *	           masked last   `---------- masked first ----'
 */
int trm_oaep_encode(u16 hash, struct tpm2_bytes label,
		    struct tpm2_bytes message, const u8 *seed, u8 *em,
		    size_t len)
{
	size_t size = tpm2_digest_size(hash);
	size_t db_len;
	u8 *db;
	int err;

	if (!size)
		return -EOPNOTSUPP;
	if (len < 2 * size + 2 || message.len > len - 2 * size - 2)
		return -EMSGSIZE;
	db = em + 1 + size;
	db_len = len - 1 - size;
	memset(em, 0, len);
	memcpy(em + 1, seed, size);
	em[len - message.len - 1] = 1;
	memcpy(em + len - message.len, message.data, message.len);
	err = tpm2_digest(hash, &label, 1, db);
	if (!err)
		err = mgf1_mask(hash, tpm2_bytes(em + 1, size), db, db_len);
	if (!err)
		err = mgf1_mask(hash, tpm2_bytes(db, db_len), em + 1, size);
	if (err)
		memzero_explicit(em, len);
	return err;
}
