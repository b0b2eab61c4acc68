// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sealing and unsealing without the kernel's help.
 */
#include <errno.h>
#include <string.h>

#include "sha256.h"
#include "tpm.h"
#include "vault.h"

enum {
	NO_SESSIONS		= 0x8001,
	SESSIONS		= 0x8002,
};

enum {
	EVICT_CONTROL		= 0x120,
	HIERARCHY_CHANGE_AUTH	= 0x129,
	CREATE_PRIMARY		= 0x131,
	LOCKOUT_RESET		= 0x139,
	PCR_RESET		= 0x13d,
	CREATE			= 0x153,
	LOAD			= 0x157,
	UNSEAL			= 0x15e,
	FLUSH_CONTEXT		= 0x165,
	POLICY_AUTH_VALUE	= 0x16b,
	READ_PUBLIC		= 0x173,
	START_AUTH_SESSION	= 0x176,
	PCR_READ		= 0x17e,
	POLICY_PCR		= 0x17f,
	PCR_EXTEND		= 0x182,
	POLICY_PASSWORD		= 0x18c,
};

enum {
	ALG_RSA			= 0x01,
	ALG_AES			= 0x06,
	ALG_KEYEDHASH		= 0x08,
	ALG_NULL		= 0x10,
	ALG_ECC			= 0x23,
	ALG_CFB			= 0x43,
	CURVE_P256		= 0x03,
};

enum {
	PASSWORD		= 0x40000009,
	POLICY_SESSION		= 1,
};

/* sensitiveDataOrigin, userWithAuth, restricted, decrypt */
#define PRIMARY_ATTRIBUTES	0x00030060

static const struct octets nothing;

struct octets vault_octets(const void *p, size_t len)
{
	struct octets o = { .len = len };

	memcpy(o.data, p, len);
	return o;
}

struct octets vault_text(const char *text)
{
	return vault_octets(text, strlen(text));
}

static unsigned int digest_size(uint16_t hash)
{
	switch (hash) {
	case VAULT_SHA1:
		return 20;
	case VAULT_SHA384:
		return 48;
	case VAULT_SHA512:
		return 64;
	default:
		return 32;
	}
}

/* --- one command ---------------------------------------------------------- */

static struct tpm_buf command(uint16_t tag, uint32_t code)
{
	struct tpm_buf b = { 0 };

	tpm_put16(&b, tag);
	tpm_put32(&b, 0);
	tpm_put32(&b, code);
	return b;
}

static void put_octets(struct tpm_buf *b, const struct octets *o)
{
	tpm_put_sized(b, o->data, o->len);
}

/* One authorization: a password, or a session with a password or nothing. */
static void put_auth(struct tpm_buf *b, uint32_t session,
		     const struct octets *auth)
{
	auth = auth ?: &nothing;
	tpm_put32(b, 4 + 2 + 1 + 2 + auth->len);
	tpm_put32(b, session);
	tpm_put16(b, 0);
	tpm_put8(b, 1); /* continueSession */
	put_octets(b, auth);
}

static long run(int fd, struct tpm_buf *b)
{
	long err = tpm_transmit(fd, b);
	uint32_t rc;

	if (err)
		return err;
	tpm_get(b, 2 + 4);
	rc = tpm_get32(b);
	return b->bad ? -EBADMSG : (long)rc;
}

static bool take(struct tpm_buf *b, struct octets *o)
{
	uint16_t len;
	const uint8_t *p = tpm_get_sized(b, &len);

	if (!p || len > sizeof(o->data)) {
		b->bad = true;
		return false;
	}
	*o = vault_octets(p, len);
	return true;
}

/* A TPM2B with its size. */
static bool take_whole(struct tpm_buf *b, struct octets *o)
{
	if (!take(b, o) || o->len > sizeof(o->data) - 2)
		return false;
	memmove(o->data + 2, o->data, o->len);
	o->data[0] = o->len >> 8;
	o->data[1] = o->len;
	o->len += 2;
	return true;
}

/* --- storage keys --------------------------------------------------------- */

static uint32_t primary_attributes(const struct vault_primary *p)
{
	return PRIMARY_ATTRIBUTES | (p->da ? 0 : VAULT_NO_DA) |
	       (p->loose ? 0 : VAULT_FIXED);
}

static void put_primary(struct tpm_buf *b, const struct vault_primary *p)
{
	struct tpm_buf area = { 0 };

	tpm_put16(&area, p->rsa ? ALG_RSA : ALG_ECC);
	tpm_put16(&area, p->sha1 ? VAULT_SHA1 : VAULT_SHA256);
	tpm_put32(&area, primary_attributes(p));
	tpm_put16(&area, 0); /* authPolicy */
	tpm_put16(&area, ALG_AES);
	tpm_put16(&area, 128);
	tpm_put16(&area, ALG_CFB);
	tpm_put16(&area, ALG_NULL); /* scheme */
	if (p->rsa) {
		tpm_put16(&area, 2048);
		tpm_put32(&area, 0); /* exponent */
		tpm_put16(&area, 0); /* unique */
	} else {
		tpm_put16(&area, CURVE_P256);
		tpm_put16(&area, ALG_NULL); /* kdf */
		tpm_put32(&area, 0); /* unique */
	}
	tpm_put_sized(b, area.data, area.len);
}

static void put_sensitive(struct tpm_buf *b, const struct octets *auth,
			  const struct octets *data)
{
	tpm_put16(b, 2 + auth->len + 2 + data->len);
	put_octets(b, auth);
	put_octets(b, data);
}

static void put_no_creation(struct tpm_buf *b)
{
	tpm_put16(b, 0); /* outsideInfo */
	tpm_put32(b, 0); /* creationPCR */
}

long vault_create_primary(int fd, const struct vault_primary *p,
			  uint32_t *handle)
{
	struct tpm_buf b = command(SESSIONS, CREATE_PRIMARY);
	long rc;

	tpm_put32(&b, p->hierarchy);
	put_auth(&b, PASSWORD, NULL);
	put_sensitive(&b, &p->auth, &nothing);
	put_primary(&b, p);
	put_no_creation(&b);
	rc = run(fd, &b);
	*handle = tpm_get32(&b);
	return rc;
}

static long evict(int fd, uint32_t handle, uint32_t persistent)
{
	struct tpm_buf b = command(SESSIONS, EVICT_CONTROL);

	tpm_put32(&b, TPM_RH_OWNER);
	tpm_put32(&b, handle);
	put_auth(&b, PASSWORD, NULL);
	tpm_put32(&b, persistent);
	return run(fd, &b);
}

static long flush(int fd, uint32_t handle)
{
	struct tpm_buf b = command(NO_SESSIONS, FLUSH_CONTEXT);

	tpm_put32(&b, handle);
	return run(fd, &b);
}

long vault_persist(int fd, const struct vault_primary *p, uint32_t persistent)
{
	uint32_t handle;
	long rc, flushed;

	rc = vault_create_primary(fd, p, &handle);
	if (rc)
		return rc;
	rc = evict(fd, handle, persistent);
	flushed = flush(fd, handle);
	return rc ?: flushed;
}

long vault_evict(int fd, uint32_t persistent)
{
	return evict(fd, persistent, persistent);
}

long vault_name(int fd, uint32_t handle, struct octets *name)
{
	struct tpm_buf b = command(NO_SESSIONS, READ_PUBLIC);
	uint16_t len;
	long rc;

	tpm_put32(&b, handle);
	rc = run(fd, &b);
	if (rc)
		return rc;
	tpm_get_sized(&b, &len); /* outPublic */
	return take(&b, name) ? 0 : -EBADMSG;
}

/* --- sealed data ---------------------------------------------------------- */

static void put_public(struct tpm_buf *b, const struct vault_data *d)
{
	tpm_put16(b, 2 + 2 + 4 + 2 + d->policy.len + 2 + 2);
	tpm_put16(b, ALG_KEYEDHASH);
	tpm_put16(b, d->hash);
	tpm_put32(b, d->attributes);
	put_octets(b, &d->policy);
	tpm_put16(b, ALG_NULL); /* scheme */
	tpm_put16(b, 0); /* unique */
}

long vault_seal(int fd, uint32_t parent, const struct vault_data *d,
		struct keyfile *kf)
{
	struct tpm_buf b = command(SESSIONS, CREATE);
	long rc;

	tpm_put32(&b, parent);
	put_auth(&b, PASSWORD, NULL);
	put_sensitive(&b, &d->auth, &d->data);
	put_public(&b, d);
	put_no_creation(&b);
	rc = run(fd, &b);
	if (rc)
		return rc;
	tpm_get32(&b); /* parameterSize */
	return take_whole(&b, &kf->private) && take_whole(&b, &kf->public) ?
	       0 : -EBADMSG;
}

static long load(int fd, uint32_t parent, const struct octets *auth,
		 const struct keyfile *kf, uint32_t *handle)
{
	struct tpm_buf b = command(SESSIONS, LOAD);
	long rc;

	tpm_put32(&b, parent);
	put_auth(&b, PASSWORD, auth);
	tpm_put(&b, kf->private.data, kf->private.len);
	tpm_put(&b, kf->public.data, kf->public.len);
	rc = run(fd, &b);
	*handle = tpm_get32(&b);
	return rc;
}

static long start_policy(int fd, uint16_t hash, uint32_t *session)
{
	struct tpm_buf b = command(NO_SESSIONS, START_AUTH_SESSION);
	static const uint8_t nonce[16];
	long rc;

	tpm_put32(&b, TPM_RH_NULL);
	tpm_put32(&b, TPM_RH_NULL);
	tpm_put_sized(&b, nonce, sizeof(nonce));
	tpm_put16(&b, 0); /* salt */
	tpm_put8(&b, POLICY_SESSION);
	tpm_put16(&b, ALG_NULL);
	tpm_put16(&b, hash);
	rc = run(fd, &b);
	*session = tpm_get32(&b);
	return rc;
}

/* The body is a TPML_PCR_SELECTION and a digest without a size. */
static long run_pcr(int fd, uint32_t session, const struct octets *body,
		    unsigned int size)
{
	struct tpm_buf b = command(NO_SESSIONS, POLICY_PCR);
	size_t selection = body->len - size;

	tpm_put32(&b, session);
	tpm_put_sized(&b, body->data + selection, size);
	tpm_put(&b, body->data, selection);
	return run(fd, &b);
}

static long run_password(int fd, uint32_t session)
{
	struct tpm_buf b = command(NO_SESSIONS, POLICY_PASSWORD);

	tpm_put32(&b, session);
	return run(fd, &b);
}

static long run_policy(int fd, const struct keyfile *kf, uint16_t hash,
		       uint32_t *session)
{
	struct statement st;
	unsigned int i;
	long rc;

	rc = start_policy(fd, hash, session);
	for (i = 0; !rc && keyfile_statement(kf, i, &st); i++) {
		if (st.code == POLICY_PCR)
			rc = run_pcr(fd, *session, &st.body, digest_size(hash));
		else if (st.code == POLICY_AUTH_VALUE)
			rc = run_password(fd, *session);
		else
			rc = -EOPNOTSUPP;
	}
	return rc;
}

static bool has_password(const struct keyfile *kf)
{
	struct statement st;
	unsigned int i;

	for (i = 0; keyfile_statement(kf, i, &st); i++) {
		if (st.code == POLICY_AUTH_VALUE)
			return true;
	}
	return !i;
}

static long unseal(int fd, uint32_t object, uint32_t session,
		   const struct octets *auth, struct octets *data)
{
	struct tpm_buf b = command(SESSIONS, UNSEAL);
	long rc;

	tpm_put32(&b, object);
	put_auth(&b, session, auth);
	rc = run(fd, &b);
	if (rc)
		return rc;
	tpm_get32(&b); /* parameterSize */
	return take(&b, data) ? 0 : -EBADMSG;
}

long (*vault_between)(int fd);

static long open_object(int fd, const struct keyfile *kf, uint32_t object,
			const struct octets *auth, struct octets *data)
{
	uint16_t hash = kf->public.data[4] << 8 | kf->public.data[5];
	uint32_t session = PASSWORD;
	long rc;

	if (kf->policy.len) {
		rc = run_policy(fd, kf, hash, &session);
		if (!rc && vault_between)
			rc = vault_between(fd);
		if (rc)
			return rc;
	}
	rc = unseal(fd, object, session, has_password(kf) ? auth : NULL, data);
	if (session != PASSWORD)
		flush(fd, session);
	return rc;
}

long vault_unseal(int fd, const struct keyfile *kf,
		  const struct octets *parent_auth, const struct octets *auth,
		  struct octets *data)
{
	struct vault_primary p = { .hierarchy = kf->parent };
	uint32_t parent = kf->parent, object;
	long rc = 0;

	if (parent >> 24 == 0x40)
		rc = vault_create_primary(fd, &p, &parent);
	if (rc)
		return rc;
	rc = load(fd, parent, parent_auth, kf, &object);
	if (!rc) {
		rc = open_object(fd, kf, object, auth, data);
		flush(fd, object);
	}
	if (parent != kf->parent)
		flush(fd, parent);
	return rc;
}

/* --- policies ------------------------------------------------------------- */

static void put_selection(struct tpm_buf *b, uint16_t bank, unsigned int pcr)
{
	uint8_t select[3] = { 0 };

	select[pcr / 8] = 1 << pcr % 8;
	tpm_put32(b, 1);
	tpm_put16(b, bank);
	tpm_put8(b, sizeof(select));
	tpm_put(b, select, sizeof(select));
}

long vault_pcr_policy(int fd, unsigned int pcr, struct octets *body)
{
	uint8_t digest[SHA256_SIZE];
	struct tpm_buf b = { 0 };
	struct octets value;
	struct sha256 s;
	long rc = vault_pcr_read(fd, VAULT_SHA256, pcr, &value);

	if (rc)
		return rc;
	sha256_init(&s);
	sha256_update(&s, value.data, value.len);
	sha256_final(&s, digest);
	put_selection(&b, VAULT_SHA256, pcr);
	tpm_put(&b, digest, sizeof(digest));
	*body = vault_octets(b.data, b.len);
	return 0;
}

struct octets vault_policy_digest(const struct keyfile *kf)
{
	uint8_t digest[SHA256_SIZE] = { 0 };
	struct statement st;
	struct sha256 s;
	unsigned int i;

	for (i = 0; keyfile_statement(kf, i, &st); i++) {
		uint8_t code[] = { st.code >> 24, st.code >> 16, st.code >> 8,
				   st.code };

		sha256_init(&s);
		sha256_update(&s, digest, sizeof(digest));
		sha256_update(&s, code, sizeof(code));
		sha256_update(&s, st.body.data, st.body.len);
		sha256_final(&s, digest);
	}
	return vault_octets(digest, sizeof(digest));
}

/* --- PCRs and authorizations ---------------------------------------------- */

long vault_pcr_read(int fd, uint16_t bank, unsigned int pcr,
		    struct octets *value)
{
	struct tpm_buf b = command(NO_SESSIONS, PCR_READ);
	long rc;

	put_selection(&b, bank, pcr);
	rc = run(fd, &b);
	if (rc)
		return rc;
	tpm_get(&b, 4 + 10); /* pcrUpdateCounter, selection */
	return tpm_get32(&b) == 1 && take(&b, value) ? 0 : -EBADMSG;
}

long vault_pcr_extend(int fd, uint16_t bank, unsigned int pcr, uint8_t fill)
{
	struct tpm_buf b = command(SESSIONS, PCR_EXTEND);
	uint8_t digest[64];

	memset(digest, fill, sizeof(digest));
	tpm_put32(&b, pcr);
	put_auth(&b, PASSWORD, NULL);
	tpm_put32(&b, 1);
	tpm_put16(&b, bank);
	tpm_put(&b, digest, digest_size(bank));
	return run(fd, &b);
}

long vault_pcr_reset(int fd, unsigned int pcr)
{
	struct tpm_buf b = command(SESSIONS, PCR_RESET);

	tpm_put32(&b, pcr);
	put_auth(&b, PASSWORD, NULL);
	return run(fd, &b);
}

long vault_change_auth(int fd, uint32_t hierarchy, const struct octets *from,
		       const struct octets *to)
{
	struct tpm_buf b = command(SESSIONS, HIERARCHY_CHANGE_AUTH);

	tpm_put32(&b, hierarchy);
	put_auth(&b, PASSWORD, from);
	put_octets(&b, to ?: &nothing);
	return run(fd, &b);
}

long vault_lockout_reset(int fd)
{
	struct tpm_buf b = command(SESSIONS, LOCKOUT_RESET);

	tpm_put32(&b, VAULT_LOCKOUT);
	put_auth(&b, PASSWORD, NULL);
	return run(fd, &b);
}
