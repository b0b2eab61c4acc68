/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ciphers and random octets, as secure sessions need them.
 *
 * PURE files call these functions; the kernel has them from its crypto API
 * (drivers/char/tpm/rm/crypt.c), user space from OpenSSL (tools/lib/crypt.c).
 */
#ifndef _LINUX_TPM2_CRYPT_H
#define _LINUX_TPM2_CRYPT_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#define TPM2_AES_SIZE		16	/* a block, and a key of AES-128 */
#define TPM2_P256_SIZE		32	/* a coordinate */
#define TPM2_MAX_RSA_SIZE	384	/* a modulus of RSA-3072 */

struct tpm2_aes;

/**
 * struct tpm2_point - a point on the curve NIST P-256
 * @x: first coordinate, most significant octet first
 * @y: second coordinate
 */
struct tpm2_point {
	u8 x[TPM2_P256_SIZE];
	u8 y[TPM2_P256_SIZE];
};

/**
 * tpm2_random() - random octets, fit for keys
 * @out: where to
 * @len: how many
 */
void tpm2_random(void *out, size_t len);

/**
 * tpm2_secrets_differ() - compare in a time that tells nothing
 * @a: some octets
 * @b: as many others
 * @len: how many
 *
 * Return: true unless they are the same.
 */
bool tpm2_secrets_differ(const void *a, const void *b, size_t len);

/**
 * tpm2_ecdh_p256() - agree on a secret with the owner of a public key
 * @peer: the public key
 * @own: result, a public key made for this secret alone
 * @z: result, x coordinate of the shared point; secret
 *
 * Context: may sleep and allocate; not in a transaction.
 * Return: 0; -EINVAL if @peer is not on the curve; -EOPNOTSUPP if this kernel
 * lacks the algorithm, which is logged; -ENOMEM.
 */
int tpm2_ecdh_p256(const struct tpm2_point *peer, struct tpm2_point *own,
		   u8 z[TPM2_P256_SIZE]);

/**
 * tpm2_rsa_encrypt() - RSA public key operation, without padding
 * @modulus: the public key, at most TPM2_MAX_RSA_SIZE octets, the first not 0
 * @exponent: public exponent
 * @in: @modulus.len octets, below @modulus
 * @out: @modulus.len octets; may be @in
 *
 * Context: may sleep and allocate; not in a transaction.
 * Return: 0; -EINVAL if the key or @in is none; -EOPNOTSUPP if this kernel lacks
 * the algorithm, which is logged; -ENOMEM.
 */
int tpm2_rsa_encrypt(struct tpm2_bytes modulus, u32 exponent, const u8 *in,
		     u8 *out);

/**
 * tpm2_aes_alloc() - room for an AES-128 key
 *
 * Context: may sleep and allocate; not in a transaction.
 * Return: the key, to be set and freed; NULL.
 */
struct tpm2_aes *tpm2_aes_alloc(void);

/**
 * tpm2_aes_free() - wipe a key and free it
 * @aes: the key, may be NULL
 */
void tpm2_aes_free(struct tpm2_aes *aes);

/**
 * tpm2_aes_set_key() - change a key
 * @aes: the key
 * @key: its new value
 *
 * Return: 0; -errno of the cipher.
 */
int tpm2_aes_set_key(struct tpm2_aes *aes, const u8 key[TPM2_AES_SIZE]);

/**
 * tpm2_aes_encrypt() - encrypt one block
 * @aes: the key, set
 * @in: the block
 * @out: result; may be @in
 */
void tpm2_aes_encrypt(struct tpm2_aes *aes, const u8 in[TPM2_AES_SIZE],
		      u8 out[TPM2_AES_SIZE]);

#endif /* _LINUX_TPM2_CRYPT_H */
