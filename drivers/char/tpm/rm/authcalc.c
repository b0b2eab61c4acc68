// SPDX-License-Identifier: GPL-2.0-only
/*
 * Session arithmetic: cpHash, rpHash, HMAC.
 *
 * PURE: used by the module and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>

#include "authcalc.h"

int trm_cp_hash(u16 hash, u32 code, const struct tpm2_bytes *name,
		unsigned int nr, struct tpm2_bytes params, u8 *out)
{
	struct tpm2_bytes part[2 + TPM2_MAX_HANDLES];
	u8 cc[4];

	if (nr > TPM2_MAX_HANDLES)
		return -EINVAL;
	put_unaligned_be32(code, cc);
	part[0] = tpm2_bytes(cc, sizeof(cc));
	memcpy(&part[1], name, nr * sizeof(*name));
	part[1 + nr] = params;
	return tpm2_digest(hash, part, 2 + nr, out);
}

int trm_rp_hash(u16 hash, u32 code, struct tpm2_bytes params, u8 *out)
{
	u8 head[8];
	const struct tpm2_bytes part[] = {
		tpm2_bytes(head, sizeof(head)), params,
	};

	put_unaligned_be32(TPM_RC_SUCCESS, head);
	put_unaligned_be32(code, head + 4);
	return tpm2_digest(hash, part, 2, out);
}

/* Part 1, 19.6.4.2: the TPM strips zeroes from the end of an authValue. */
static size_t significant(struct tpm2_bytes value)
{
	while (value.len && !value.data[value.len - 1])
		value.len--;
	return value.len;
}

void trm_put_session_value(struct tpm2_writer *w, struct tpm2_bytes session_key,
			   struct tpm2_bytes value)
{
	tpm2_put_bytes(w, session_key);
	tpm2_put(w, value.data, significant(value));
}

int trm_auth_hmac(u16 hash, struct tpm2_bytes session_key,
		  struct tpm2_bytes value, const u8 *p_hash,
		  const struct trm_nonces *nonces, u8 attributes, u8 *out)
{
	u8 key[TRM_MAX_SESSION_VALUE];
	struct tpm2_writer w = tpm2_writer(key, sizeof(key));
	const struct tpm2_bytes part[] = {
		tpm2_bytes(p_hash, tpm2_digest_size(hash)),
		nonces->newer,
		nonces->older,
		nonces->decrypt,
		nonces->encrypt,
		tpm2_bytes(&attributes, 1),
	};
	int err = -EINVAL;

	trm_put_session_value(&w, session_key, value);
	if (!w.full)
		err = tpm2_hmac(hash, tpm2_written(&w), part, ARRAY_SIZE(part),
				out);
	memzero_explicit(key, sizeof(key));
	return err;
}
