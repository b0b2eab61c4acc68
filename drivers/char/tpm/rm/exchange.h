/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One command and its response, as sessions protect them: HMACs in both
 * directions, and the first parameter of either encrypted (Part 1, 16 to 21).
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_EXCHANGE_H
#define _TRM_EXCHANGE_H

#include <linux/tpm2_crypt.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "commands.h"
#include "salt.h"
#include "wire.h"

/**
 * struct trm_keys - what we and the TPM know of a session
 * @hash: TPM_ALG_ID
 * @nonce_len: octets of either nonce, tpm2_digest_size(@hash)
 * @nonce_caller: ours of the exchange in progress, or the last one
 * @nonce_tpm: the TPM's last one
 * @key: session key; secret
 * @key_len: octets of @key; 0: the session is not salted, and cannot encrypt
 * @aes: for the keys of parameters, if it is to be salted
 */
struct trm_keys {
	u16 hash;
	unsigned int nonce_len;
	u8 nonce_caller[TPM2_MAX_DIGEST];
	u8 nonce_tpm[TPM2_MAX_DIGEST];
	u8 key[TPM2_MAX_DIGEST];
	unsigned int key_len;
	struct tpm2_aes *aes;
};

/**
 * struct trm_exchange_auth - one session of a command
 * @keys: the session; NULL: password authorization, in the session of somebody
 *	else if there is a @handle
 * @handle: its handle
 * @attributes: TPMA_SESSION
 * @value: authValue of the entity that is authorized, or empty
 * @unproved: @value is not part of the HMAC
 */
struct trm_exchange_auth {
	struct trm_keys *keys;
	u32 handle;
	u8 attributes;
	struct tpm2_bytes value;
	bool unproved;
};

/**
 * struct trm_exchange - a command
 * @info: its row in the command table
 * @handle: the handles
 * @name: their Names; empty: the handle is its Name
 * @nr_auths: number of @auth
 * @auth: the sessions; those that authorize a handle first
 * @params: parameter area, in clear
 */
struct trm_exchange {
	const struct trm_command_info *info;
	u32 handle[TPM2_MAX_HANDLES];
	struct tpm2_bytes name[TPM2_MAX_HANDLES];
	unsigned int nr_auths;
	struct trm_exchange_auth auth[TPM2_MAX_SESSIONS];
	struct tpm2_bytes params;
};

/**
 * trm_start_params() - parameters of StartAuthSession (Part 3, 11.1)
 * @w: where to
 * @keys: hash and nonce_len are set; nonce_caller is, afterwards
 * @type: TPM_SE
 * @salt: the salt; with its len 0 the session is not salted
 *
 * The session is unbound.  A salted one can encrypt by AES-128-CFB.
 */
void trm_start_params(struct tpm2_writer *w, struct trm_keys *keys, u8 type,
		      const struct trm_salt *salt);

/**
 * trm_start_reply() - the session that the TPM has started
 * @keys: nonce_tpm and key are set
 * @salt: as in the command
 * @params: parameter area of the response
 *
 * Nothing proves yet that it was the TPM: the next response does.
 *
 * Return: 0; -EBADMSG; -EOPNOTSUPP.
 */
int trm_start_reply(struct trm_keys *keys, const struct trm_salt *salt,
		    struct tpm2_bytes params);

/**
 * trm_exchange_can_encrypt() - are the sessions fit for what they are to do?
 * @x: the command
 *
 * Return: false if decrypt or encrypt is an attribute of two sessions, or of
 * one that is not salted.
 */
bool trm_exchange_can_encrypt(const struct trm_exchange *x);

/**
 * trm_exchange_put() - put a command together
 * @x: the command; its sessions get new nonces
 * @w: where to; at its start
 *
 * Return: 0; -EMSGSIZE if it does not fit; -EINVAL if there is no first
 * parameter to encrypt, or trm_exchange_can_encrypt() says no; -EOPNOTSUPP.
 * After an error @w holds nothing of the command.
 */
int trm_exchange_put(const struct trm_exchange *x, struct tpm2_writer *w);

/**
 * trm_exchange_check() - verify a response, then decrypt it
 * @x: the command that was sent
 * @rsp: the response
 * @r: the same taken apart, without error; its first parameter is decrypted
 *	where it lies
 *
 * Return: 0; -EBADMSG if it is not what the TPM must have sent; -EOPNOTSUPP.
 */
int trm_exchange_check(const struct trm_exchange *x, u8 *rsp,
		       const struct trm_wire_response *r);

#endif /* _TRM_EXCHANGE_H */
