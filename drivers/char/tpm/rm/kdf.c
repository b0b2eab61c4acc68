// SPDX-License-Identifier: GPL-2.0-only
/*
 * KDFa and KDFe.
 *
 * PURE: used by the module and the host tests alike.
 *
 * Both are digests of a counter and of what stays the same, one after the other
 * until there are octets enough.
 */
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>
#include <linux/unaligned.h>

#include "kdf.h"

#define MAX_PARTS	5

/**
 * struct kdf - a derivation
 * @hash: TPM_ALG_ID
 * @key: of the HMAC
 * @counter: number of the block, from 1
 * @part: what is digested; the first is @counter
 * @nr: number of @part
 */
struct kdf {
	u16 hash;
	struct tpm2_bytes key;
	u8 counter[4];
	struct tpm2_bytes part[MAX_PARTS];
	unsigned int nr;
};

static int next_block(struct kdf *k, bool keyed, u8 *block)
{
	put_unaligned_be32(get_unaligned_be32(k->counter) + 1, k->counter);
	k->part[0] = tpm2_bytes(k->counter, sizeof(k->counter));
	return keyed ? tpm2_hmac(k->hash, k->key, k->part, k->nr, block) :
		       tpm2_digest(k->hash, k->part, k->nr, block);
}

static int derive(struct kdf *k, bool keyed, u8 *out, size_t len)
{
	u8 block[TPM2_MAX_DIGEST];
	int err = 0;

	while (len) {
		size_t some = min_t(size_t, len, tpm2_digest_size(k->hash));

		err = next_block(k, keyed, block);
		if (err)
			break;
		memcpy(out, block, some);
		out += some;
		len -= some;
	}
	memzero_explicit(block, sizeof(block));
	return err;
}

int trm_kdfa(u16 hash, struct tpm2_bytes key, const char *label,
	     struct tpm2_bytes context_u, struct tpm2_bytes context_v, u8 *out,
	     size_t len)
{
	u8 bits[4];
	struct kdf k = {
		.hash = hash,
		.key = key,
		.part[1] = tpm2_bytes(label, strlen(label) + 1),
		.part[2] = context_u,
		.part[3] = context_v,
		.part[4] = tpm2_bytes(bits, sizeof(bits)),
		.nr = 5,
	};

	put_unaligned_be32(8 * len, bits);
	return derive(&k, true, out, len);
}

int trm_kdfe(u16 hash, struct tpm2_bytes z, const char *label,
	     struct tpm2_bytes party_u, struct tpm2_bytes party_v, u8 *out,
	     size_t len)
{
	struct kdf k = {
		.hash = hash,
		.part[1] = z,
		.part[2] = tpm2_bytes(label, strlen(label) + 1),
		.part[3] = party_u,
		.part[4] = party_v,
		.nr = 5,
	};

	return derive(&k, false, out, len);
}
