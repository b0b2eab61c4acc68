// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects, sessions, contexts and PCRs of a TPM 2.0 (Part 3).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "tpm.h"

#define CURVE_P256	3

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
	if (tpm_finish(&c.reply) || o->name_len != TPM_NAME_SIZE)
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

long tpm_check_name(int fd, const struct tpm_object *o)
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
	long err = tpm_check_name(fd, o);

	if (s)
		c.auth[0].attributes = s->secrets;
	tpm_put_sized(&c.params, message, sizeof(message));
	tpm_put16(&c.params, TPM_ALG_SHA256);
	if (!err)
		err = tpm_run(fd, &c);
	if (err)
		return err;
	tpm_get_digest(&c.reply, got);
	hmac256_init(&h, o->key, strlen(o->key));
	sha256_update(&h, message, sizeof(message));
	hmac256_final(&h, o->key, strlen(o->key), expected);
	if (memcmp(got, expected, SHA256_SIZE))
		return -EBADMSG;
	return tpm_finish(&c.reply);
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

long tpm_hmac_start(int fd, const struct tpm_object *key, uint32_t *handle)
{
	struct tpm_call c = {
		.code = TPM_CC_HMAC_START,
		.handles = 1, .object = { key },
		.auths = 1,
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
		tpm_get_digest(&c.reply, digest);
	return err ? err : c.reply.bad ? -EBADMSG : 0;
}

/* --- sessions ------------------------------------------------------------- */

/* Part 3, 11.1; @c says to what it is bound and how parameters are hidden. */
static long start_session(int fd, uint8_t type, struct tpm_call *c, struct tpm_session *s)
{
	struct tpm_buf symmetric = c->params;
	long err;

	c->code = TPM_CC_START_AUTH_SESSION;
	c->handles = 2;
	c->handle[0] = TPM_RH_NULL;
	c->handle[1] = TPM_RH_NULL;
	c->result = &s->handle;
	c->params = (struct tpm_buf){ 0 };
	memset(s, 0, sizeof(*s));
	s->type = type;
	if (getrandom(s->nonce_caller, SHA256_SIZE, 0) != SHA256_SIZE)
		return -EIO;
	tpm_put_sized(&c->params, s->nonce_caller, SHA256_SIZE);
	tpm_put16(&c->params, 0); /* encryptedSalt */
	tpm_put8(&c->params, type);
	tpm_put(&c->params, symmetric.data, symmetric.len);
	tpm_put16(&c->params, TPM_ALG_SHA256);
	err = tpm_run(fd, c);
	if (err)
		return err;
	tpm_get_digest(&c->reply, s->nonce_tpm);
	return tpm_finish(&c->reply);
}

long tpm_session_start(int fd, uint8_t type, struct tpm_session *s)
{
	struct tpm_call c = { 0 };

	tpm_put16(&c.params, TPM_ALG_NULL);
	return start_session(fd, type, &c, s);
}

long tpm_session_start_bound(int fd, const struct tpm_object *key, struct tpm_session *s)
{
	struct tpm_call c = { .object[1] = key };
	long err;

	tpm_put16(&c.params, TPM_ALG_XOR);
	tpm_put16(&c.params, TPM_ALG_SHA256);
	err = start_session(fd, TPM_SE_HMAC, &c, s);
	if (err)
		return err;
	s->secrets = TPM_DECRYPT | TPM_ENCRYPT;
	s->bound = key;
	s->key_len = sizeof(s->key);
	tpm_kdf((const uint8_t *)key->auth, key->auth_len, "ATH", s->nonce_tpm, s->nonce_caller,
		s->key, s->key_len);
	return 0;
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
	sha256_update32(&h, TPM_CC_POLICY_CP_HASH);
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
	tpm_get_digest(&c.reply, digest);
	if (memcmp(digest, s->policy, SHA256_SIZE))
		return -EBADMSG;
	return tpm_finish(&c.reply);
}

/* PCR 16 is for debugging: to reset it is allowed, and changes nothing. */
static long authorize(int fd, struct tpm_session *s, bool last)
{
	struct tpm_call c = {
		.code = TPM_CC_PCR_RESET,
		.handles = 1, .handle = { 16 },
		.auths = 1, .auth[0] = { .session = s, .last = last },
	};

	return tpm_run(fd, &c);
}

long tpm_session_use(int fd, struct tpm_session *s)
{
	return s->type == TPM_SE_POLICY ? check_policy(fd, s) : authorize(fd, s, false);
}

long tpm_session_finish(int fd, struct tpm_session *s)
{
	return authorize(fd, s, true);
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
	tpm_get_digest(&c.reply, digest);
	tpm_get16(&c.reply);			/* signature: none */
	if (memcmp(digest, s->audit, SHA256_SIZE))
		return -EBADMSG;
	return tpm_finish(&c.reply);
}

/* --- contexts and PCRs ---------------------------------------------------- */

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
	tpm_get_digest(&c.reply, digest);
	return tpm_finish(&c.reply);
}
