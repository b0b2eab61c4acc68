// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of a TPM 2.0, put together and taken apart (Part 1, 16 to 19;
 * Part 3).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "tpm.h"

#define ST_NO_SESSIONS	0x8001
#define ST_SESSIONS	0x8002
#define HEADER		10
#define SESSION_INDEX	0xffffff

enum {
	CAP_HANDLES	= 1,
	CAP_PROPERTIES	= 6,
	CURVE_P256	= 3,
};

enum {
	FIXED_TPM	= 1 << 1,
	FIXED_PARENT	= 1 << 4,
	DATA_ORIGIN	= 1 << 5,
	USER_WITH_AUTH	= 1 << 6,
	NO_DA		= 1 << 10,
	RESTRICTED	= 1 << 16,
	DECRYPT		= 1 << 17,
	SIGN		= 1 << 18,
};

/* --- octets --------------------------------------------------------------- */

void tpm_put(struct tpm_buf *b, const void *p, size_t len)
{
	if (len > sizeof(b->data) - b->len) {
		b->bad = true;
		return;
	}
	memcpy(b->data + b->len, p, len);
	b->len += len;
}

void tpm_put8(struct tpm_buf *b, uint8_t v)
{
	tpm_put(b, &v, 1);
}

void tpm_put16(struct tpm_buf *b, uint16_t v)
{
	tpm_put8(b, v >> 8);
	tpm_put8(b, v);
}

void tpm_put32(struct tpm_buf *b, uint32_t v)
{
	tpm_put16(b, v >> 16);
	tpm_put16(b, v);
}

void tpm_put_sized(struct tpm_buf *b, const void *p, size_t len)
{
	tpm_put16(b, len);
	tpm_put(b, p, len);
}

const uint8_t *tpm_get(struct tpm_buf *b, size_t len)
{
	const uint8_t *p = b->data + b->at;

	if (b->bad || len > b->len - b->at) {
		b->bad = true;
		return NULL;
	}
	b->at += len;
	return p;
}

uint8_t tpm_get8(struct tpm_buf *b)
{
	const uint8_t *p = tpm_get(b, 1);

	return p ? *p : 0;
}

uint16_t tpm_get16(struct tpm_buf *b)
{
	uint16_t high = tpm_get8(b);

	return high << 8 | tpm_get8(b);
}

uint32_t tpm_get32(struct tpm_buf *b)
{
	uint32_t high = tpm_get16(b);

	return high << 16 | tpm_get16(b);
}

const uint8_t *tpm_get_sized(struct tpm_buf *b, uint16_t *len)
{
	*len = tpm_get16(b);
	return tpm_get(b, *len);
}

/* Copies a sized field that must have @len octets. */
static void take_digest(struct tpm_buf *b, uint8_t *out, uint16_t len)
{
	uint16_t have;
	const uint8_t *p = tpm_get_sized(b, &have);

	if (p && have == len)
		memcpy(out, p, len);
	else
		b->bad = true;
}

/* Has all been read, and no more? */
static long finish(const struct tpm_buf *b)
{
	return b->bad || b->at != b->len ? -EBADMSG : 0;
}

/* --- one command ---------------------------------------------------------- */

int tpm_open(const char *path)
{
	return open(path, O_RDWR | O_CLOEXEC);
}

static void set_size(struct tpm_buf *b)
{
	struct tpm_buf size = { 0 };

	tpm_put32(&size, b->len);
	memcpy(b->data + 2, size.data, size.len);
}

long tpm_transmit(int fd, struct tpm_buf *b)
{
	ssize_t n;

	if (b->bad)
		return -EMSGSIZE;
	set_size(b);
	n = write(fd, b->data, b->len);
	if (n < 0)
		return -errno;
	n = read(fd, b->data, sizeof(b->data));
	if (n < 0)
		return -errno;
	b->len = n;
	b->at = 0;
	return n < HEADER ? -EBADMSG : 0;
}

static void hash32(struct sha256 *s, uint32_t v)
{
	uint8_t be[4] = { v >> 24, v >> 16, v >> 8, v };

	sha256_update(s, be, sizeof(be));
}

static uint32_t handle_of(const struct tpm_call *c, int i)
{
	return c->object[i] ? c->object[i]->handle : c->handle[i];
}

static void cp_hash(const struct tpm_call *c, uint8_t *out)
{
	struct sha256 s;
	int i;

	sha256_init(&s);
	hash32(&s, c->code);
	for (i = 0; i < c->handles; i++) {
		if (c->object[i])
			sha256_update(&s, c->object[i]->name, c->object[i]->name_len);
		else
			hash32(&s, c->handle[i]);
	}
	sha256_update(&s, c->params.data, c->params.len);
	sha256_final(&s, out);
}

static void rp_hash(const struct tpm_call *c, uint8_t *out)
{
	struct sha256 s;

	sha256_init(&s);
	hash32(&s, 0);
	hash32(&s, c->code);
	sha256_update(&s, c->reply.data + c->reply.at, c->reply.len - c->reply.at);
	sha256_final(&s, out);
}

/* The key is the authValue of the entity that auth @i is for, if any. */
static void auth_hmac(const struct tpm_call *c, int i, const uint8_t *p_hash, const uint8_t *newer,
		      const uint8_t *older, uint8_t attributes, uint8_t *out)
{
	const struct tpm_object *o = i < c->handles ? c->object[i] : NULL;
	const char *key = o ? o->auth : "";
	size_t len = o ? o->auth_len : 0;
	struct sha256 s;

	hmac256_init(&s, key, len);
	sha256_update(&s, p_hash, SHA256_SIZE);
	sha256_update(&s, newer, SHA256_SIZE);
	sha256_update(&s, older, SHA256_SIZE);
	sha256_update(&s, &attributes, 1);
	hmac256_final(&s, key, len, out);
}

static void put_password(struct tpm_buf *b, const struct tpm_object *o)
{
	tpm_put32(b, TPM_RS_PW);
	tpm_put16(b, 0);
	tpm_put8(b, TPM_CONTINUE);
	tpm_put_sized(b, o ? o->auth : "", o ? o->auth_len : 0);
}

static void put_auth(struct tpm_buf *b, struct tpm_call *c, int i)
{
	struct tpm_session *s = c->auth[i].session;
	uint8_t attributes = c->auth[i].attributes | TPM_CONTINUE;
	uint8_t hash[SHA256_SIZE], hmac[SHA256_SIZE];

	if (!s) {
		put_password(b, c->object[i]);
		return;
	}
	if (getrandom(s->nonce_caller, SHA256_SIZE, 0) != SHA256_SIZE)
		b->bad = true;
	cp_hash(c, hash);
	auth_hmac(c, i, hash, s->nonce_caller, s->nonce_tpm, attributes, hmac);
	tpm_put32(b, s->handle);
	tpm_put_sized(b, s->nonce_caller, SHA256_SIZE);
	tpm_put8(b, attributes);
	tpm_put_sized(b, hmac, SHA256_SIZE);
}

static void put_auths(struct tpm_buf *b, struct tpm_call *c)
{
	struct tpm_buf area = { 0 };
	int i;

	for (i = 0; i < c->auths; i++)
		put_auth(&area, c, i);
	b->bad |= area.bad;
	tpm_put32(b, area.len);
	tpm_put(b, area.data, area.len);
}

static void put_call(struct tpm_buf *b, struct tpm_call *c)
{
	int i;

	tpm_put16(b, c->auths ? ST_SESSIONS : ST_NO_SESSIONS);
	tpm_put32(b, 0);
	tpm_put32(b, c->code);
	for (i = 0; i < c->handles; i++)
		tpm_put32(b, handle_of(c, i));
	if (c->auths)
		put_auths(b, c);
	b->bad |= c->params.bad;
	tpm_put(b, c->params.data, c->params.len);
}

/* auditDigest (Part 1, 32.2). */
static void extend_audit(struct tpm_session *s, const uint8_t *cp, const uint8_t *rp)
{
	struct sha256 h;

	sha256_init(&h);
	sha256_update(&h, s->audit, SHA256_SIZE);
	sha256_update(&h, cp, SHA256_SIZE);
	sha256_update(&h, rp, SHA256_SIZE);
	sha256_final(&h, s->audit);
}

static long check_session(struct tpm_buf *b, struct tpm_call *c, int i)
{
	uint8_t nonce[SHA256_SIZE], hmac[SHA256_SIZE], expected[SHA256_SIZE];
	uint8_t cp[SHA256_SIZE], rp[SHA256_SIZE];
	struct tpm_session *s = c->auth[i].session;

	take_digest(b, nonce, SHA256_SIZE);
	c->auth[i].answered = tpm_get8(b);
	take_digest(b, hmac, SHA256_SIZE);
	if (b->bad)
		return -EBADMSG;
	cp_hash(c, cp);
	rp_hash(c, rp);
	auth_hmac(c, i, rp, nonce, s->nonce_caller, c->auth[i].answered, expected);
	memcpy(s->nonce_tpm, nonce, SHA256_SIZE);
	if (memcmp(hmac, expected, SHA256_SIZE))
		return -EBADMSG;
	if (c->auth[i].attributes & TPM_AUDIT)
		extend_audit(s, cp, rp);
	return 0;
}

static long check_auth(struct tpm_buf *b, struct tpm_call *c, int i)
{
	if (c->auth[i].session)
		return check_session(b, c, i);
	/* nonce, attributes and acknowledgment of a password */
	return tpm_get16(b) || tpm_get8(b) != TPM_CONTINUE || tpm_get16(b) ? -EBADMSG : 0;
}

static void take_reply(struct tpm_buf *b, struct tpm_call *c)
{
	size_t len = c->auths ? tpm_get32(b) : b->len - b->at;
	const uint8_t *p = tpm_get(b, len);

	c->reply = (struct tpm_buf){ 0 };
	if (p)
		tpm_put(&c->reply, p, len);
}

static long take_response(struct tpm_buf *b, struct tpm_call *c)
{
	long err = 0;
	uint32_t rc;
	int i;

	tpm_get16(b); /* tag */
	if (tpm_get32(b) != b->len)
		return -EBADMSG;
	rc = tpm_get32(b);
	if (rc || b->bad)
		return b->bad ? -EBADMSG : (long)rc;
	if (c->result)
		*c->result = tpm_get32(b);
	take_reply(b, c);
	for (i = 0; i < c->auths && !err; i++)
		err = check_auth(b, c, i);
	return err ? err : finish(b);
}

long tpm_run(int fd, struct tpm_call *c)
{
	struct tpm_buf b = { 0 };
	long err;

	put_call(&b, c);
	err = tpm_transmit(fd, &b);
	return err ? err : take_response(&b, c);
}

/* --- objects -------------------------------------------------------------- */

/* Part 3, 24.1, with the public area that @public has. */
static long create_primary(int fd, uint32_t hierarchy, struct tpm_object *o,
			   const struct tpm_buf *public)
{
	struct tpm_call c = {
		.code = TPM_CC_CREATE_PRIMARY,
		.handles = 1, .handle = { hierarchy },
		.auths = 1,
		.result = &o->handle,
	};
	const uint8_t *name;
	size_t key = strlen(o->key);
	uint16_t len;
	long err;

	tpm_put16(&c.params, 4 + o->auth_len + key);
	tpm_put_sized(&c.params, o->auth, o->auth_len);
	tpm_put_sized(&c.params, o->key, key);
	tpm_put_sized(&c.params, public->data, public->len);
	tpm_put16(&c.params, 0); /* outsideInfo */
	tpm_put32(&c.params, 0); /* creationPCR */
	err = tpm_run(fd, &c);
	if (err)
		return err;
	tpm_get_sized(&c.reply, &len); /* outPublic */
	tpm_get_sized(&c.reply, &len); /* creationData */
	tpm_get_sized(&c.reply, &len); /* creationHash */
	tpm_get(&c.reply, 2 + 4);      /* creationTicket */
	tpm_get_sized(&c.reply, &len);
	name = tpm_get_sized(&c.reply, &o->name_len);
	if (finish(&c.reply) || o->name_len != TPM_NAME_SIZE)
		return -EBADMSG;
	memcpy(o->name, name, o->name_len);
	return 0;
}

long tpm_create_key(int fd, struct tpm_object *o, unsigned int nr)
{
	struct tpm_buf public = { 0 };

	memset(o, 0, sizeof(*o));
	o->auth_len = snprintf(o->auth, sizeof(o->auth), "auth %u", nr);
	snprintf(o->key, sizeof(o->key), "key %u", nr);
	tpm_put16(&public, TPM_ALG_KEYEDHASH);
	tpm_put16(&public, TPM_ALG_SHA256);
	tpm_put32(&public, FIXED_TPM | FIXED_PARENT | USER_WITH_AUTH | NO_DA | SIGN);
	tpm_put16(&public, 0); /* authPolicy */
	tpm_put16(&public, TPM_ALG_HMAC);
	tpm_put16(&public, TPM_ALG_SHA256);
	tpm_put16(&public, 0); /* unique */
	return create_primary(fd, TPM_RH_NULL, o, &public);
}

long tpm_create_parent(int fd, uint32_t hierarchy, struct tpm_object *o)
{
	struct tpm_buf public = { 0 };

	memset(o, 0, sizeof(*o));
	tpm_put16(&public, TPM_ALG_ECC);
	tpm_put16(&public, TPM_ALG_SHA256);
	tpm_put32(&public, FIXED_TPM | FIXED_PARENT | DATA_ORIGIN | USER_WITH_AUTH |
			   NO_DA | RESTRICTED | DECRYPT);
	tpm_put16(&public, 0); /* authPolicy */
	tpm_put16(&public, TPM_ALG_AES);
	tpm_put16(&public, 128);
	tpm_put16(&public, TPM_ALG_CFB);
	tpm_put16(&public, TPM_ALG_NULL); /* scheme */
	tpm_put16(&public, CURVE_P256);
	tpm_put16(&public, TPM_ALG_NULL); /* kdf */
	tpm_put32(&public, 0); /* unique: two empty coordinates */
	return create_primary(fd, hierarchy, o, &public);
}

/* With @o->handle itself persistent the object is made to go. */
long tpm_persist(int fd, const struct tpm_object *o, uint32_t persistent)
{
	struct tpm_call c = {
		.code = TPM_CC_EVICT_CONTROL,
		.handles = 2, .handle = { TPM_RH_OWNER, o->handle },
		.auths = 1,
	};

	tpm_put32(&c.params, persistent);
	return tpm_run(fd, &c);
}

static long check_name(int fd, const struct tpm_object *o)
{
	struct tpm_call c = {
		.code = TPM_CC_READ_PUBLIC,
		.handles = 1, .object = { o },
	};
	const uint8_t *name;
	uint16_t len;
	long err = tpm_run(fd, &c);

	if (err)
		return err;
	tpm_get_sized(&c.reply, &len); /* outPublic */
	name = tpm_get_sized(&c.reply, &len);
	if (!name || len != o->name_len || memcmp(name, o->name, len))
		return -EBADMSG;
	return 0;
}

long tpm_use_key(int fd, const struct tpm_object *o, struct tpm_session *s)
{
	static const char message[] = "to be signed";
	struct tpm_call c = {
		.code = TPM_CC_HMAC,
		.handles = 1, .object = { o },
		.auths = 1, .auth[0].session = s,
	};
	uint8_t got[SHA256_SIZE], expected[SHA256_SIZE];
	struct sha256 h;
	long err = check_name(fd, o);

	tpm_put_sized(&c.params, message, sizeof(message));
	tpm_put16(&c.params, TPM_ALG_SHA256);
	if (!err)
		err = tpm_run(fd, &c);
	if (err)
		return err;
	take_digest(&c.reply, got, SHA256_SIZE);
	hmac256_init(&h, o->key, strlen(o->key));
	sha256_update(&h, message, sizeof(message));
	hmac256_final(&h, o->key, strlen(o->key), expected);
	if (memcmp(got, expected, SHA256_SIZE))
		return -EBADMSG;
	return finish(&c.reply);
}

long tpm_sequence_start(int fd, uint32_t *handle)
{
	struct tpm_call c = {
		.code = TPM_CC_HASH_SEQUENCE_START,
		.result = handle,
	};

	tpm_put16(&c.params, 0); /* auth */
	tpm_put16(&c.params, TPM_ALG_SHA256);
	return tpm_run(fd, &c);
}

long tpm_sequence_update(int fd, uint32_t handle, const char *data)
{
	struct tpm_call c = {
		.code = TPM_CC_SEQUENCE_UPDATE,
		.handles = 1, .handle = { handle },
		.auths = 1,
	};

	tpm_put_sized(&c.params, data, strlen(data));
	return tpm_run(fd, &c);
}

long tpm_sequence_complete(int fd, uint32_t handle, const char *data, uint8_t *digest)
{
	struct tpm_call c = {
		.code = TPM_CC_SEQUENCE_COMPLETE,
		.handles = 1, .handle = { handle },
		.auths = 1,
	};
	long err;

	tpm_put_sized(&c.params, data, strlen(data));
	tpm_put32(&c.params, TPM_RH_NULL);
	err = tpm_run(fd, &c);
	if (!err)
		take_digest(&c.reply, digest, SHA256_SIZE);
	return err ? err : c.reply.bad ? -EBADMSG : 0;
}

/* --- sessions ------------------------------------------------------------- */

long tpm_session_start(int fd, uint8_t type, struct tpm_session *s)
{
	struct tpm_call c = {
		.code = TPM_CC_START_AUTH_SESSION,
		.handles = 2, .handle = { TPM_RH_NULL, TPM_RH_NULL },
		.result = &s->handle,
	};
	long err;

	memset(s, 0, sizeof(*s));
	s->type = type;
	if (getrandom(s->nonce_caller, SHA256_SIZE, 0) != SHA256_SIZE)
		return -EIO;
	tpm_put_sized(&c.params, s->nonce_caller, SHA256_SIZE);
	tpm_put16(&c.params, 0); /* encryptedSalt */
	tpm_put8(&c.params, type);
	tpm_put16(&c.params, TPM_ALG_NULL);
	tpm_put16(&c.params, TPM_ALG_SHA256);
	err = tpm_run(fd, &c);
	if (err)
		return err;
	take_digest(&c.reply, s->nonce_tpm, SHA256_SIZE);
	return finish(&c.reply);
}

long tpm_session_mark(int fd, struct tpm_session *s, unsigned int nr)
{
	struct tpm_call c = {
		.code = TPM_CC_POLICY_CP_HASH,
		.handles = 1, .handle = { s->handle },
	};
	uint8_t any[SHA256_SIZE] = { [SHA256_SIZE - 1] = nr };
	struct sha256 h;
	long err;

	tpm_put_sized(&c.params, any, sizeof(any));
	err = tpm_run(fd, &c);
	if (err)
		return err;
	sha256_init(&h);
	sha256_update(&h, s->policy, SHA256_SIZE);
	hash32(&h, TPM_CC_POLICY_CP_HASH);
	sha256_update(&h, any, sizeof(any));
	sha256_final(&h, s->policy);
	return 0;
}

static long check_policy(int fd, struct tpm_session *s)
{
	struct tpm_call c = {
		.code = TPM_CC_POLICY_GET_DIGEST,
		.handles = 1, .handle = { s->handle },
	};
	uint8_t digest[SHA256_SIZE];
	long err = tpm_run(fd, &c);

	if (err)
		return err;
	take_digest(&c.reply, digest, SHA256_SIZE);
	if (memcmp(digest, s->policy, SHA256_SIZE))
		return -EBADMSG;
	return finish(&c.reply);
}

/* PCR 16 is for debugging: to reset it is allowed, and changes nothing. */
static long authorize(int fd, struct tpm_session *s)
{
	struct tpm_call c = {
		.code = TPM_CC_PCR_RESET,
		.handles = 1, .handle = { 16 },
		.auths = 1, .auth[0].session = s,
	};

	return tpm_run(fd, &c);
}

long tpm_session_use(int fd, struct tpm_session *s)
{
	return s->type == TPM_SE_POLICY ? check_policy(fd, s) : authorize(fd, s);
}

long tpm_session_audit(int fd, struct tpm_session *s, bool *exclusive)
{
	struct tpm_call c = {
		.code = TPM_CC_GET_RANDOM,
		.auths = 1, .auth[0] = { s, TPM_AUDIT },
	};
	long err;

	tpm_put16(&c.params, 8);
	err = tpm_run(fd, &c);
	*exclusive = c.auth[0].answered & TPM_AUDIT_EXCLUSIVE;
	return err;
}

long tpm_session_check_audit(int fd, struct tpm_session *s)
{
	struct tpm_call c = {
		.code = TPM_CC_GET_SESSION_AUDIT,
		.handles = 3, .handle = { TPM_RH_ENDORSEMENT, TPM_RH_NULL, s->handle },
		.auths = 2,
	};
	uint8_t digest[SHA256_SIZE];
	uint16_t len;
	long err;

	tpm_put16(&c.params, 0); /* qualifyingData */
	tpm_put16(&c.params, TPM_ALG_NULL);
	err = tpm_run(fd, &c);
	if (err)
		return err;
	tpm_get(&c.reply, 2 + 4 + 2);		/* size, magic, type */
	tpm_get_sized(&c.reply, &len);		/* qualifiedSigner */
	tpm_get_sized(&c.reply, &len);		/* extraData */
	tpm_get(&c.reply, 17 + 8 + 1);		/* clock, firmware, exclusive */
	take_digest(&c.reply, digest, SHA256_SIZE);
	tpm_get16(&c.reply);			/* signature: none */
	if (memcmp(digest, s->audit, SHA256_SIZE))
		return -EBADMSG;
	return finish(&c.reply);
}

/* --- contexts, PCRs, properties ------------------------------------------- */

long tpm_context_save(int fd, uint32_t handle, struct tpm_buf *context)
{
	struct tpm_call c = {
		.code = TPM_CC_CONTEXT_SAVE,
		.handles = 1, .handle = { handle },
	};
	long err = tpm_run(fd, &c);

	*context = c.reply;
	return err;
}

long tpm_context_load(int fd, const struct tpm_buf *context, uint32_t *handle)
{
	struct tpm_call c = {
		.code = TPM_CC_CONTEXT_LOAD,
		.params = *context,
		.result = handle,
	};

	return tpm_run(fd, &c);
}

long tpm_flush(int fd, uint32_t handle)
{
	struct tpm_call c = { .code = TPM_CC_FLUSH_CONTEXT };

	tpm_put32(&c.params, handle);
	return tpm_run(fd, &c);
}

long tpm_pcr_extend(int fd, unsigned int pcr, const uint8_t *digest)
{
	struct tpm_call c = {
		.code = TPM_CC_PCR_EXTEND,
		.handles = 1, .handle = { pcr },
		.auths = 1,
	};

	tpm_put32(&c.params, 1);
	tpm_put16(&c.params, TPM_ALG_SHA256);
	tpm_put(&c.params, digest, SHA256_SIZE);
	return tpm_run(fd, &c);
}

/* One bank, three octets of PCRs. */
static void put_pcr(struct tpm_buf *b, unsigned int pcr)
{
	uint8_t select[3] = { 0 };

	select[pcr / 8] = 1 << pcr % 8;
	tpm_put32(b, 1);
	tpm_put16(b, TPM_ALG_SHA256);
	tpm_put8(b, sizeof(select));
	tpm_put(b, select, sizeof(select));
}

long tpm_pcr_read(int fd, unsigned int pcr, uint8_t *digest)
{
	struct tpm_call c = { .code = TPM_CC_PCR_READ };
	long err;

	put_pcr(&c.params, pcr);
	err = tpm_run(fd, &c);
	if (err)
		return err;
	tpm_get(&c.reply, 4 + 10); /* pcrUpdateCounter, selection */
	if (tpm_get32(&c.reply) != 1)
		return -EBADMSG;
	take_digest(&c.reply, digest, SHA256_SIZE);
	return finish(&c.reply);
}

static long get_capability(int fd, struct tpm_call *c, uint32_t capability, uint32_t first,
			   uint32_t max, bool *more)
{
	long err;

	c->code = TPM_CC_GET_CAPABILITY;
	tpm_put32(&c->params, capability);
	tpm_put32(&c->params, first);
	tpm_put32(&c->params, max);
	err = tpm_run(fd, c);
	if (err)
		return err;
	*more = tpm_get8(&c->reply);
	return tpm_get32(&c->reply) == capability ? 0 : -EBADMSG;
}

long tpm_property(int fd, uint32_t property, uint32_t *value)
{
	struct tpm_call c = { 0 };
	bool more;
	long err = get_capability(fd, &c, CAP_PROPERTIES, property, 1, &more);

	if (err)
		return err;
	if (tpm_get32(&c.reply) != 1 || tpm_get32(&c.reply) != property)
		return -EBADMSG;
	*value = tpm_get32(&c.reply);
	return finish(&c.reply);
}

/* --- what is in the TPM --------------------------------------------------- */

static long list_page(int fd, uint32_t first, struct tpm_handles *h, bool *more)
{
	struct tpm_call c = { 0 };
	uint32_t nr;
	long err = get_capability(fd, &c, CAP_HANDLES, first, TPM_MAX_HANDLES, more);

	if (err)
		return err;
	nr = tpm_get32(&c.reply);
	if (nr > (uint32_t)(TPM_MAX_HANDLES - h->nr) || (*more && !nr))
		return -EBADMSG;
	while (nr--)
		h->handle[h->nr++] = tpm_get32(&c.reply);
	return finish(&c.reply);
}

/* The type of a session is not in its range: that says loaded or saved. */
static long list(int fd, uint32_t range, struct tpm_handles *h)
{
	uint32_t first = range;
	bool more = true;
	long err = 0;

	h->nr = 0;
	while (more && !err) {
		err = list_page(fd, first, h, &more);
		if (h->nr)
			first = range | ((h->handle[h->nr - 1] + 1) & SESSION_INDEX);
	}
	return err;
}

long tpm_read_state(int fd, struct tpm_state *s)
{
	long err = list(fd, 0x80000000, &s->transient);

	if (!err)
		err = list(fd, 0x02000000, &s->loaded);
	if (!err)
		err = list(fd, 0x03000000, &s->saved);
	return err ? err : list(fd, 0x81000000, &s->persistent);
}

bool tpm_same_handles(const struct tpm_handles *a, const struct tpm_handles *b)
{
	return a->nr == b->nr && !memcmp(a->handle, b->handle, a->nr * sizeof(*a->handle));
}

bool tpm_same_state(const struct tpm_state *a, const struct tpm_state *b)
{
	return tpm_same_handles(&a->transient, &b->transient) &&
	       tpm_same_handles(&a->loaded, &b->loaded) &&
	       tpm_same_handles(&a->saved, &b->saved) &&
	       tpm_same_handles(&a->persistent, &b->persistent);
}

/* A session counts under either type. */
bool tpm_has_handle(const struct tpm_handles *h, uint32_t handle)
{
	uint32_t mask = handle >> 24 == 2 || handle >> 24 == 3 ? SESSION_INDEX : ~0u;
	int i;

	for (i = 0; i < h->nr; i++) {
		if (!((h->handle[i] ^ handle) & mask))
			return true;
	}
	return false;
}

static void print_handles(const char *what, const struct tpm_handles *h)
{
	int i;

	printf(" %s", what);
	for (i = 0; i < h->nr; i++)
		printf(" %x", h->handle[i]);
}

void tpm_print_state(const char *what, const struct tpm_state *s)
{
	printf("# %s:", what);
	print_handles("transient", &s->transient);
	print_handles("loaded", &s->loaded);
	print_handles("saved", &s->saved);
	print_handles("persistent", &s->persistent);
	printf("\n");
}
