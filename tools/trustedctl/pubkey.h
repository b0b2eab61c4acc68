/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Public keys of files, and signatures, by OpenSSL.
 */
#ifndef _CTL_PUBKEY_H
#define _CTL_PUBKEY_H

#include <linux/tpm2_cursor.h>
#include <openssl/evp.h>

#include "ctl.h"
#include "signer.h"

/**
 * struct pubkey - a public key that can be named in a policy
 * @key: as OpenSSL has it
 * @spki: DER SubjectPublicKeyInfo
 * @area: TPMT_PUBLIC, as the kernel makes it of signer=
 * @area_len: its octets
 */
struct pubkey {
	EVP_PKEY *key;
	struct ctl_octets spki;
	u8 area[TPK_MAX_SIGNER];
	size_t area_len;
};

int pubkey_read(struct pubkey *key, const char *path, const char **what);
void pubkey_free(struct pubkey *key);
bool pubkey_has_fingerprint(const struct pubkey *key, struct tpm2_bytes sha256);
bool pubkey_verify(EVP_PKEY *key, u16 hash, struct tpm2_bytes a, struct tpm2_bytes b,
		   struct tpm2_bytes sig);
bool pubkey_put_signature(EVP_PKEY *key, struct tpm2_bytes sig, struct tpm2_writer *w);

#endif /* _CTL_PUBKEY_H */
