/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Session arithmetic (Part 1, 17 to 19): cpHash, rpHash, HMAC.
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_AUTHCALC_H
#define _TRM_AUTHCALC_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

/* A session key and an authValue. */
#define TRM_MAX_SESSION_VALUE	(2 * TPM2_MAX_DIGEST)

/**
 * struct trm_nonces - the nonces of an exchange
 * @newer: made by the sender of this command or response
 * @older: the one that the other side sent last
 * @decrypt: in the first session of a command, if it authorizes: nonceTPM of
 *	another session that encrypts the command's parameter; else empty
 * @encrypt: likewise, of a third one that encrypts the response's
 */
struct trm_nonces {
	struct tpm2_bytes newer;
	struct tpm2_bytes older;
	struct tpm2_bytes decrypt;
	struct tpm2_bytes encrypt;
};

/**
 * trm_cp_hash() - digest of a command (Part 1, 16.7)
 * @hash: TPM_ALG_ID of the session
 * @code: TPM_CC
 * @name: Names of the handles
 * @nr: number of @name, at most TPM2_MAX_HANDLES
 * @params: parameter area
 * @out: tpm2_digest_size(@hash) octets
 *
 * Return: 0; -EINVAL for too many names; -EOPNOTSUPP.
 */
int trm_cp_hash(u16 hash, u32 code, const struct tpm2_bytes *name,
		unsigned int nr, struct tpm2_bytes params, u8 *out);

/**
 * trm_rp_hash() - digest of a successful response (Part 1, 16.8)
 * @hash: TPM_ALG_ID of the session
 * @code: TPM_CC that it answers
 * @params: parameter area
 * @out: tpm2_digest_size(@hash) octets
 *
 * Return: 0; -EOPNOTSUPP.
 */
int trm_rp_hash(u16 hash, u32 code, struct tpm2_bytes params, u8 *out);

/**
 * trm_put_session_value() - what keys of a session are derived from
 * @w: where to; TRM_MAX_SESSION_VALUE octets are enough
 * @session_key: empty for a session that is neither salted nor bound
 * @value: authValue of the entity, or empty; zeroes at its end do not count
 *
 * Part 1 calls it the HMAC key (19.6), or sessionValue (21).
 */
void trm_put_session_value(struct tpm2_writer *w, struct tpm2_bytes session_key,
			   struct tpm2_bytes value);

/**
 * trm_auth_hmac() - HMAC of a command or a response (Part 1, 19.6)
 * @hash: TPM_ALG_ID of the session
 * @session_key: empty for a session that is neither salted nor bound
 * @value: authValue of the entity, or empty; zeroes at its end do not count
 * @p_hash: cpHash or rpHash
 * @nonces: nonces of this exchange
 * @attributes: TPMA_SESSION
 * @out: tpm2_digest_size(@hash) octets
 *
 * Return: 0; -EINVAL if key and value do not fit; -EOPNOTSUPP.
 */
int trm_auth_hmac(u16 hash, struct tpm2_bytes session_key,
		  struct tpm2_bytes value, const u8 *p_hash,
		  const struct trm_nonces *nonces, u8 attributes, u8 *out);

#endif /* _TRM_AUTHCALC_H */
