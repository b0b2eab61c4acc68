// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands with their authorizations, and the HMACs of responses.
 */
#include <linux/minmax.h>
#include <linux/tpm2_hash.h>

#include "authcalc.h"
#include "client.h"

void send_start(struct client *c, u32 code, const char *shape)
{
	struct sending *now = &c->now;

	memset(now, 0, offsetof(struct sending, params));
	now->w = tpm2_writer(now->params, sizeof(now->params));
	memset(now->auth, 0, sizeof(now->auth));
	now->nr_auths = 0;
	now->code = code;
	now->shape = shape;
	now->mangled = false;
	memset(&now->made, 0, sizeof(now->made));
}

/* Whatever is no object is its own Name. */
void send_handle(struct client *c, u32 handle)
{
	struct sending *now = &c->now;

	put_unaligned_be32(handle, now->handle_name[now->nr]);
	now->name[now->nr] = tpm2_bytes(now->handle_name[now->nr], 4);
	now->handle[now->nr++] = handle;
}

void send_object(struct client *c, const struct object *o)
{
	struct sending *now = &c->now;

	now->name[now->nr] = tpm2_bytes(o->name, o->name_len);
	now->value[now->nr] = tpm2_bytes(o->auth, o->auth_len);
	now->handle[now->nr++] = object_handle(c, o - c->object);
}

/* May the first parameter of the response be encrypted? */
static bool may_encrypt(const struct client *c, const struct session *s)
{
	switch (c->what) {
	case STEP_ReadPublic:
	case STEP_HMAC:
	case STEP_Hash:
	case STEP_EncryptDecrypt2:
	case STEP_SequenceComplete:
	case STEP_PolicyGetDigest:
	case STEP_Unseal:
	case STEP_UnsealByPolicy:
	case STEP_GetRandom:
		return s->aes;
	default:
		return false;
	}
}

static void add_session(struct client *c, const struct step *s,
			struct session *session, u8 more)
{
	struct sending_auth *auth = &c->now.auth[c->now.nr_auths++];

	auth->session = session;
	auth->gone = session->gone || session->saved;
	auth->attributes = more;
	if (s->keep)
		auth->attributes |= TPMA_SESSION_continueSession;
	if (s->encrypt && may_encrypt(c, session))
		auth->attributes |= TPMA_SESSION_encrypt;
}

/* Is the session bound to that very object with that authValue? */
static bool is_bound_to(const struct session *s, struct tpm2_bytes name)
{
	return s->bind_len && tpm2_bytes_equal(tpm2_bytes(s->bind, s->bind_len),
					       name);
}

static void authorize(struct client *c, const struct step *s, unsigned int i)
{
	struct session *session = &c->session[s->session];
	struct sending_auth *auth;
	bool by_session = s->auth >= AUTH_SESSION && !i && session->full;

	if (by_session)
		add_session(c, s, session, 0);
	else
		c->now.auth[c->now.nr_auths++].attributes =
			TPMA_SESSION_continueSession;
	auth = &c->now.auth[c->now.nr_auths - 1];
	auth->value = c->now.value[i];
	auth->wrong = !i && (s->auth == AUTH_WRONG ||
			     s->auth == AUTH_WRONG_SESSION);
	if (!by_session)
		return;
	auth->plain = session->password;
	auth->with_value = session->type == TPM_SE_HMAC ?
			   !is_bound_to(session, c->now.name[i]) :
			   session->value;
}

/* @auths: how many of the handles, from the first on, are authorized. */
void send_auths(struct client *c, const struct step *s, unsigned int auths)
{
	struct session *extra = &c->session[s->extra];
	unsigned int i;

	c->now.auths = auths;
	for (i = 0; i < auths; i++)
		authorize(c, s, i);
	if (!s->audit || !extra->full || extra->type != TPM_SE_HMAC ||
	    c->now.nr_auths == TPM2_MAX_SESSIONS)
		return;
	for (i = 0; i < c->now.nr_auths; i++) {
		if (c->now.auth[i].session == extra)
			return;
	}
	for (i = 0; i < c->now.nr_auths; i++)
		c->now.auth[i].attributes &= ~TPMA_SESSION_encrypt;
	add_session(c, s, extra, TPMA_SESSION_audit);
	/* Else its nonce would be in the HMAC of the first one. */
	if (c->now.nr_auths > 1 && c->now.auth[0].session)
		c->now.auth[c->now.nr_auths - 1].attributes &=
			~TPMA_SESSION_encrypt;
}

/* Part 1, 19.6.8: KDFa with "ATH". */
void session_key(struct session *s, struct tpm2_bytes value)
{
	static const u8 counter[] = { 0, 0, 0, 1 }, label[] = "ATH";
	unsigned int len = tpm2_digest_size(s->alg);
	u8 bits[4];
	const struct tpm2_bytes part[] = {
		tpm2_bytes(counter, 4), tpm2_bytes(label, 4),
		tpm2_bytes(s->nonce_tpm, NONCE_SIZE),
		tpm2_bytes(s->nonce_caller, NONCE_SIZE),
		tpm2_bytes(bits, 4),
	};

	put_unaligned_be32(8 * len, bits);
	tpm2_hmac(s->alg, value, part, ARRAY_SIZE(part), s->key);
	s->key_len = len;
}

static void hmac(const struct sending_auth *auth, const u8 *p_hash,
		 const struct trm_nonces *nonces, u8 attributes, u8 *out)
{
	const struct session *s = auth->session;

	trm_auth_hmac(s->alg, tpm2_bytes(s->key, s->key_len),
		      auth->with_value ? auth->value : tpm2_bytes(NULL, 0),
		      p_hash, nonces, attributes, out);
}

/* One TPMS_AUTH_COMMAND. */
static void put_auth(struct client *c, const struct step *s,
		     const struct sending_auth *auth, struct trm_wire_auth *wire,
		     u8 *mac)
{
	struct session *session = auth->session;
	u8 p_hash[TPM2_MAX_DIGEST];
	struct trm_nonces nonces = {};

	wire->attributes = auth->attributes;
	wire->handle = session ? session->handle : TPM_RS_PW;
	if ((!session || auth->plain) && auth->value.len) {
		memcpy(mac, auth->value.data, auth->value.len);
		wire->hmac = tpm2_bytes(mac, auth->value.len);
	}
	if (session) {
		salt_octets(s->salt + 7 + (auth - c->now.auth),
			    session->nonce_caller, NONCE_SIZE);
		wire->nonce = tpm2_bytes(session->nonce_caller, NONCE_SIZE);
	}
	if (session && !auth->plain) {
		nonces.newer = wire->nonce;
		nonces.older = tpm2_bytes(session->nonce_tpm, NONCE_SIZE);
		trm_cp_hash(session->alg, c->now.code, c->now.name, c->now.nr,
			    tpm2_written(&c->now.w), p_hash);
		hmac(auth, p_hash, &nonces, auth->attributes, mac);
		wire->hmac = tpm2_bytes(mac, tpm2_digest_size(session->alg));
	}
	if (auth->wrong && wire->hmac.len)
		mac[0] ^= 0x40;
	else if (auth->wrong)
		wire->hmac = tpm2_bytes("no", 2);
}

/* Damages the octets of a command; returns how many there are. */
static size_t mangle(struct client *c, const struct step *s, u8 *cmd,
		     size_t len)
{
	size_t handles = TPM2_HEADER_SIZE + 4 * c->now.nr;
	bool before = c->now.mangled;

	c->now.mangled = true;
	switch (s->mangle) {
	case MANGLE_CUT:
		len -= min_t(size_t, len - handles, 1 + s->variant % 4);
		break;
	case MANGLE_CUT_HANDLES:
		len = handles - 1 - s->variant % 4;
		break;
	case MANGLE_TAIL:
		cmd[len++] = 0;
		break;
	case MANGLE_TAG:
		cmd[1] ^= 0x40;
		break;
	case MANGLE_SIZE:
		put_unaligned_be32(9, cmd + 2);
		return len;
	case MANGLE_AUTH_SIZE:
		if (c->now.nr_auths)
			cmd[handles + 3] += s->variant % 2 ? 1 : -1;
		else
			c->now.mangled = before;
		return len;
	}
	put_unaligned_be32(len, cmd + 2);
	return len;
}

/* Is anything left to be cut off? */
static bool can_mangle(const struct client *c, const struct step *s)
{
	if (s->mangle == MANGLE_CUT)
		return c->now.w.len || c->now.nr_auths;
	if (s->mangle == MANGLE_CUT_HANDLES)
		return c->now.nr;
	return s->mangle;
}

size_t send_finish(struct client *c, const struct step *s, u8 *cmd)
{
	struct tpm2_writer w = tpm2_writer(cmd, TPM2_BUFFER_SIZE);
	struct trm_command_info info = { .handles = c->now.nr };
	u8 mac[TPM2_MAX_SESSIONS][TPM2_MAX_DIGEST];
	struct trm_wire_command wire = {
		.code = c->now.code,
		.info = &info,
		.nr_auths = c->now.nr_auths,
		.params = tpm2_written(&c->now.w),
	};
	unsigned int i;

	memcpy(wire.handle, c->now.handle, sizeof(wire.handle));
	for (i = 0; i < c->now.nr_auths; i++)
		put_auth(c, s, &c->now.auth[i], &wire.auth[i], mac[i]);
	trm_wire_put_command(&w, &wire);
	if (w.full)
		c->wrong = "a command that is too long";
	return can_mangle(c, s) ? mangle(c, s, cmd, w.len) : w.len;
}

/* One TPMS_AUTH_RESPONSE; the session's nonce is the new one afterwards. */
static bool check_auth(struct client *c, const struct sending_auth *auth,
		       const struct trm_wire_auth *wire,
		       struct tpm2_bytes params)
{
	struct session *s = auth->session;
	u8 p_hash[TPM2_MAX_DIGEST], is[TPM2_MAX_DIGEST];
	struct trm_nonces nonces = {};

	if (!s)
		return !wire->nonce.len && !wire->hmac.len;
	if (wire->nonce.len != NONCE_SIZE)
		return false;
	memcpy(s->nonce_tpm, wire->nonce.data, wire->nonce.len);
	if (auth->plain)
		return !wire->hmac.len;
	nonces.newer = wire->nonce;
	nonces.older = tpm2_bytes(s->nonce_caller, NONCE_SIZE);
	trm_rp_hash(s->alg, c->now.code, params, p_hash);
	hmac(auth, p_hash, &nonces, wire->attributes, is);
	return tpm2_bytes_equal(wire->hmac,
				tpm2_bytes(is, tpm2_digest_size(s->alg)));
}

bool send_check(struct client *c, const struct trm_wire_response *r)
{
	bool good = true;
	unsigned int i;

	for (i = 0; i < c->now.nr_auths; i++) {
		const struct sending_auth *auth = &c->now.auth[i];

		good &= check_auth(c, auth, &r->auth[i], r->params);
		if (!auth->session)
			continue;
		if (i < c->now.auths && auth->session->type != TPM_SE_HMAC) {
			/* A policy is used once. */
			memset(auth->session->digest, 0, TPM2_MAX_DIGEST);
			auth->session->value = false;
			auth->session->password = false;
			auth->session->random = false;
		}
		if (!(auth->attributes & TPMA_SESSION_continueSession))
			auth->session->full = false;
	}
	return good;
}
