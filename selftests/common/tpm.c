// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands of a TPM 2.0, put together and taken apart (Part 1, 16 to 19;
 * Part 3).
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "tpm.h"

#define ST_NO_SESSIONS	0x8001
#define ST_SESSIONS	0x8002
#define HEADER		10

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

void tpm_get_digest(struct tpm_buf *b, uint8_t *out)
{
	uint16_t have;
	const uint8_t *p = tpm_get_sized(b, &have);

	if (p && have == SHA256_SIZE)
		memcpy(out, p, have);
	else
		b->bad = true;
}

long tpm_finish(const struct tpm_buf *b)
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

static uint32_t handle_of(const struct tpm_call *c, int i)
{
	return c->object[i] ? c->object[i]->handle : c->handle[i];
}

static void cp_hash(const struct tpm_call *c, uint8_t *out)
{
	struct sha256 s;
	int i;

	sha256_init(&s);
	sha256_update32(&s, c->code);
	for (i = 0; i < c->handles; i++) {
		if (c->object[i])
			sha256_update(&s, c->object[i]->name, c->object[i]->name_len);
		else
			sha256_update32(&s, c->handle[i]);
	}
	sha256_update(&s, c->params.data, c->params.len);
	sha256_final(&s, out);
}

static void rp_hash(const struct tpm_call *c, uint8_t *out)
{
	struct sha256 s;

	sha256_init(&s);
	sha256_update32(&s, 0);
	sha256_update32(&s, c->code);
	sha256_update(&s, c->reply.data + c->reply.at, c->reply.len - c->reply.at);
	sha256_final(&s, out);
}

/*
 * The key is sessionKey and the authValue of the entity that auth @i is for, if
 * any; but not of that to which the session is bound.
 */
static size_t auth_key(const struct tpm_call *c, int i, uint8_t *key)
{
	const struct tpm_object *o = i < c->handles ? c->object[i] : NULL;
	const struct tpm_session *s = c->auth[i].session;
	size_t len = s->key_len;

	memcpy(key, s->key, len);
	if (o && s->bound != o) {
		memcpy(key + len, o->auth, o->auth_len);
		len += o->auth_len;
	}
	return len;
}

static void auth_hmac(const struct tpm_call *c, int i, const uint8_t *p_hash, const uint8_t *newer,
		      const uint8_t *older, uint8_t attributes, uint8_t *out)
{
	uint8_t key[SHA256_BLOCK];
	size_t len = auth_key(c, i, key);
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
	uint8_t attributes = c->auth[i].attributes | (c->auth[i].last ? 0 : TPM_CONTINUE);
	uint8_t hash[SHA256_SIZE], hmac[SHA256_SIZE];

	if (!s) {
		put_password(b, c->object[i]);
		return;
	}
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

/* A nonce for each session, by which then the first parameter is hidden. */
static void prepare(struct tpm_buf *b, struct tpm_call *c)
{
	struct tpm_session *s;
	int i;

	for (i = 0; i < c->auths; i++) {
		s = c->auth[i].session;
		if (s && getrandom(s->nonce_caller, SHA256_SIZE, 0) != SHA256_SIZE)
			b->bad = true;
	}
	s = c->auth[0].session;
	if (c->auth[0].attributes & TPM_DECRYPT)
		tpm_hide(c, &c->params, s->nonce_caller, s->nonce_tpm);
}

static void put_call(struct tpm_buf *b, struct tpm_call *c)
{
	int i;

	prepare(b, c);
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

	tpm_get_digest(b, nonce);
	c->auth[i].answered = tpm_get8(b);
	tpm_get_digest(b, hmac);
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
	if (!err && c->auth[0].answered & TPM_ENCRYPT)
		tpm_hide(c, &c->reply, c->auth[0].session->nonce_tpm,
			 c->auth[0].session->nonce_caller);
	return err ? err : tpm_finish(b);
}

long tpm_run(int fd, struct tpm_call *c)
{
	struct tpm_buf b = { 0 };
	long err;

	put_call(&b, c);
	err = tpm_transmit(fd, &b);
	return err ? err : take_response(&b, c);
}
