// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands protected by sessions, and the responses to them.
 *
 * PURE: used by the module and the host tests alike.
 *
 * A command is written with zeroes for the HMACs, and then finished where it
 * lies: its first parameter encrypted, then the HMACs computed over that.  A
 * response goes the other way: no octet is decrypted before all is verified.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>

#include "authcalc.h"
#include "exchange.h"
#include "paramcrypt.h"

#define NOBODY	TPM2_MAX_SESSIONS

static struct tpm2_bytes key_of(const struct trm_keys *keys)
{
	return tpm2_bytes(keys->key, keys->key_len);
}

static struct tpm2_bytes nonce_caller(const struct trm_keys *keys)
{
	return tpm2_bytes(keys->nonce_caller, keys->nonce_len);
}

static struct tpm2_bytes nonce_tpm(const struct trm_keys *keys)
{
	return tpm2_bytes(keys->nonce_tpm, keys->nonce_len);
}

/* The session with an attribute, NOBODY if there is none. */
static unsigned int who(const struct trm_exchange *x, u8 attribute)
{
	unsigned int i;

	for (i = 0; i < x->nr_auths; i++) {
		if (x->auth[i].attributes & attribute)
			return i;
	}
	return NOBODY;
}

static bool fit_for(const struct trm_exchange *x, u8 attribute)
{
	unsigned int i = who(x, attribute);

	if (i == NOBODY)
		return true;
	if (!x->auth[i].keys || !x->auth[i].keys->key_len)
		return false;
	while (++i < x->nr_auths) {
		if (x->auth[i].attributes & attribute)
			return false;
	}
	return true;
}

bool trm_exchange_can_encrypt(const struct trm_exchange *x)
{
	return fit_for(x, TPMA_SESSION_decrypt) &&
	       fit_for(x, TPMA_SESSION_encrypt);
}

/* The octets of a span of a command or response, to be changed. */
static u8 *octets(u8 *buf, struct tpm2_bytes span)
{
	return buf + (span.data - buf);
}

/* The data of the first parameter, which must be a TPM2B. */
static bool first_param(struct tpm2_bytes params, struct tpm2_bytes *data)
{
	struct tpm2_reader r = tpm2_reader(params.data, params.len);

	*data = tpm2_get_sized(&r);
	return !r.bad;
}

static int set_key(const struct trm_exchange_auth *auth,
		   const struct trm_nonces *nonces, u8 *iv)
{
	return trm_param_set_key(auth->keys->aes, auth->keys->hash,
				 key_of(auth->keys), auth->value, nonces, iv);
}

static int encrypt_command(const struct trm_exchange *x, u8 *cmd,
			   struct tpm2_bytes params)
{
	const struct trm_exchange_auth *auth;
	struct trm_nonces nonces = {};
	unsigned int i = who(x, TPMA_SESSION_decrypt);
	struct tpm2_bytes data;
	u8 iv[TPM2_AES_SIZE];
	int err;

	if (i == NOBODY)
		return 0;
	if (!first_param(params, &data))
		return -EINVAL;
	auth = &x->auth[i];
	nonces.newer = nonce_caller(auth->keys);
	nonces.older = nonce_tpm(auth->keys);
	err = set_key(auth, &nonces, iv);
	if (!err)
		trm_cfb_encrypt(auth->keys->aes, iv, octets(cmd, data),
				data.len);
	return err;
}

static int decrypt_response(const struct trm_exchange *x, u8 *rsp,
			    const struct trm_wire_response *r)
{
	const struct trm_exchange_auth *auth;
	struct trm_nonces nonces = {};
	unsigned int i = who(x, TPMA_SESSION_encrypt);
	struct tpm2_bytes data;
	u8 iv[TPM2_AES_SIZE];
	int err;

	if (i == NOBODY)
		return 0;
	if (!first_param(r->params, &data))
		return -EBADMSG;
	auth = &x->auth[i];
	nonces.newer = nonce_tpm(auth->keys);
	nonces.older = nonce_caller(auth->keys);
	err = set_key(auth, &nonces, iv);
	if (!err)
		trm_cfb_decrypt(auth->keys->aes, iv, octets(rsp, data),
				data.len);
	return err;
}

static int cp_hash(const struct trm_exchange *x, u16 hash,
		   struct tpm2_bytes params, u8 *out)
{
	struct tpm2_bytes name[TPM2_MAX_HANDLES];
	u8 handle[TPM2_MAX_HANDLES][4];
	unsigned int i;

	for (i = 0; i < x->info->handles; i++) {
		put_unaligned_be32(x->handle[i], handle[i]);
		name[i] = x->name[i].len ? x->name[i] :
					   tpm2_bytes(handle[i], 4);
	}
	return trm_cp_hash(hash, x->info->code, name, x->info->handles, params,
			   out);
}

/*
 * Part 1, 19.6.5: if the first session authorizes, its HMAC covers also the
 * nonces of others that encrypt, so that none of them can be taken out.
 */
static void add_nonces(const struct trm_exchange *x, unsigned int nr,
		       struct trm_nonces *nonces)
{
	unsigned int decrypt = who(x, TPMA_SESSION_decrypt);
	unsigned int encrypt = who(x, TPMA_SESSION_encrypt);

	if (nr || !x->info->auths)
		return;
	if (decrypt != NOBODY && decrypt)
		nonces->decrypt = nonce_tpm(x->auth[decrypt].keys);
	if (encrypt != NOBODY && encrypt && encrypt != decrypt)
		nonces->encrypt = nonce_tpm(x->auth[encrypt].keys);
}

static struct tpm2_bytes proved(const struct trm_exchange_auth *auth)
{
	return auth->unproved ? tpm2_bytes(NULL, 0) : auth->value;
}

/* The HMAC of one session over a command that is complete but for HMACs. */
static int authorize(const struct trm_exchange *x, unsigned int nr,
		     struct tpm2_bytes params, u8 *hmac)
{
	const struct trm_exchange_auth *auth = &x->auth[nr];
	const struct trm_keys *keys = auth->keys;
	u8 hash[TPM2_MAX_DIGEST];
	struct trm_nonces nonces = {};
	int err;

	if (!keys)
		return 0;
	nonces.newer = nonce_caller(keys);
	nonces.older = nonce_tpm(keys);
	add_nonces(x, nr, &nonces);
	err = cp_hash(x, keys->hash, params, hash);
	return err ?: trm_auth_hmac(keys->hash, key_of(keys), proved(auth),
				    hash, &nonces, auth->attributes, hmac);
}

/* One session of the authorization area, with zeroes for the HMAC. */
static struct trm_wire_auth new_auth(const struct trm_exchange_auth *auth)
{
	static const u8 zeroes[TPM2_MAX_DIGEST];
	struct trm_keys *keys = auth->keys;
	struct trm_wire_auth out = { .attributes = auth->attributes };

	if (!keys) {
		/* Without its nonces somebody else's session takes a password. */
		out.handle = auth->handle ?: TPM_RS_PW;
		out.hmac = auth->value;
		return out;
	}
	tpm2_random(keys->nonce_caller, keys->nonce_len);
	out.handle = auth->handle;
	out.nonce = nonce_caller(keys);
	out.hmac = tpm2_bytes(zeroes, keys->nonce_len);
	return out;
}

/* Writes the command, and finds out where its parts lie. */
static int write_plain(const struct trm_exchange *x, struct tpm2_writer *w,
		       struct trm_wire_command *c)
{
	unsigned int i;

	*c = (struct trm_wire_command){
		.code = x->info->code,
		.info = x->info,
		.nr_auths = x->nr_auths,
		.params = x->params,
	};
	memcpy(c->handle, x->handle, sizeof(c->handle));
	for (i = 0; i < x->nr_auths; i++)
		c->auth[i] = new_auth(&x->auth[i]);
	trm_wire_put_command(w, c);
	if (w->full)
		return -EMSGSIZE;
	return trm_wire_parse_with(tpm2_written(w), x->info, c);
}

static int finish(const struct trm_exchange *x, u8 *cmd,
		  const struct trm_wire_command *c)
{
	int err = encrypt_command(x, cmd, c->params);
	unsigned int i;

	for (i = 0; i < x->nr_auths && !err; i++)
		err = authorize(x, i, c->params, octets(cmd, c->auth[i].hmac));
	return err;
}

int trm_exchange_put(const struct trm_exchange *x, struct tpm2_writer *w)
{
	struct trm_wire_command c;
	int err;

	if (x->nr_auths > TPM2_MAX_SESSIONS || !trm_exchange_can_encrypt(x))
		return -EINVAL;
	err = write_plain(x, w, &c);
	if (!err)
		err = finish(x, w->buf, &c);
	if (err) {
		memzero_explicit(w->buf, w->len);
		w->len = 0;
	}
	return err;
}

static int verify(const struct trm_exchange_auth *auth, const u8 *rp_hash,
		  const struct trm_wire_auth *answer)
{
	const struct trm_keys *keys = auth->keys;
	const struct trm_nonces nonces = {
		.newer = answer->nonce,
		.older = nonce_caller(keys),
	};
	u8 expected[TPM2_MAX_DIGEST];
	int err;

	if (answer->hmac.len != keys->nonce_len ||
	    answer->nonce.len != keys->nonce_len)
		return -EBADMSG;
	err = trm_auth_hmac(keys->hash, key_of(keys), proved(auth), rp_hash,
			    &nonces, answer->attributes, expected);
	if (!err && tpm2_secrets_differ(expected, answer->hmac.data,
					keys->nonce_len))
		err = -EBADMSG;
	memzero_explicit(expected, sizeof(expected));
	return err;
}

/* Part 1, 19.4: that of a password has nothing in it. */
static int check_password(const struct trm_wire_auth *answer)
{
	bool empty = !answer->nonce.len && !answer->hmac.len &&
		     !(answer->attributes & ~TPMA_SESSION_continueSession);

	return empty ? 0 : -EBADMSG;
}

/* One session of a response: verify it, take its nonce. */
static int check_auth(const struct trm_exchange *x,
		      const struct trm_exchange_auth *auth,
		      const struct trm_wire_response *r,
		      const struct trm_wire_auth *answer)
{
	struct trm_keys *keys = auth->keys;
	u8 hash[TPM2_MAX_DIGEST];
	int err;

	/* What somebody else's session says can neither be verified nor used. */
	if (!keys)
		return auth->handle ? 0 : check_password(answer);
	err = trm_rp_hash(keys->hash, x->info->code, r->params, hash);
	if (!err)
		err = verify(auth, hash, answer);
	if (err)
		return err;
	memcpy(keys->nonce_tpm, answer->nonce.data, keys->nonce_len);
	if ((auth->attributes ^ answer->attributes) & TPMA_SESSION_encrypt)
		return -EBADMSG;
	return 0;
}

int trm_exchange_check(const struct trm_exchange *x, u8 *rsp,
		       const struct trm_wire_response *r)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < x->nr_auths; i++) {
		int one = check_auth(x, &x->auth[i], r, &r->auth[i]);

		err = err ?: one;
	}
	return err ?: decrypt_response(x, rsp, r);
}
