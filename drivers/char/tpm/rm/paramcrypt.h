/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameter encryption by AES-128 in CFB mode (Part 1, 21).
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_PARAMCRYPT_H
#define _TRM_PARAMCRYPT_H

#include <linux/tpm2_crypt.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "authcalc.h"

/**
 * trm_cfb_encrypt() - AES-CFB (SP 800-38A, 6.3, with segments of 128 bits)
 * @aes: the key
 * @iv: initialization vector; another one afterwards
 * @data: plain text; cipher text afterwards
 * @len: octets in @data
 */
void trm_cfb_encrypt(struct tpm2_aes *aes, u8 iv[TPM2_AES_SIZE], u8 *data,
		     size_t len);

/* The other way round. */
void trm_cfb_decrypt(struct tpm2_aes *aes, u8 iv[TPM2_AES_SIZE], u8 *data,
		     size_t len);

/**
 * trm_param_set_key() - derive key and IV for one parameter (Part 1, 21.3)
 * @aes: its key is set
 * @hash: TPM_ALG_ID of the session
 * @session_key: the session's
 * @value: authValue of the entity that the session authorizes, or empty;
 *	zeroes at its end do not count
 * @nonces: @newer is that of whoever encrypts
 * @iv: result
 *
 * Return: 0; -EINVAL if key and value do not fit; -EOPNOTSUPP.
 */
int trm_param_set_key(struct tpm2_aes *aes, u16 hash,
		      struct tpm2_bytes session_key, struct tpm2_bytes value,
		      const struct trm_nonces *nonces, u8 iv[TPM2_AES_SIZE]);

#endif /* _TRM_PARAMCRYPT_H */
