/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the tests of exchange.c: commands and responses as the module puts them
 * together and takes them apart, over a TPM in the process.
 *
 * All that crosses the bus is remembered, so that it can be searched.
 */
#ifndef _UNIT_HOST_EXCHANGE_FIXTURE_H
#define _UNIT_HOST_EXCHANGE_FIXTURE_H

#include <kunit/test.h>
#include <linux/tpm2_hash.h>
#include <stdio.h>
#include <stdlib.h>

#include "../../../drivers/char/tpm/rm/authcalc.h"
#include "../../../drivers/char/tpm/rm/exchange.h"
#include "tpm.h"

#define CONTINUE	TPMA_SESSION_continueSession
#define DECRYPT		TPMA_SESSION_decrypt
#define ENCRYPT		TPMA_SESSION_encrypt

#define SECRET_LEN	128	/* the most that can be sealed */

#define MAX_SEEN	(64 * TPM2_BUFFER_SIZE)

/* An object in the TPM. */
struct object {
	u32 handle;
	u8 name[TPM2_MAX_NAME];
	size_t name_len;
	u8 area[1024];
	size_t area_len;
};

/* A session in the TPM, and our half of it. */
struct session {
	u32 handle;
	struct trm_keys keys;
	struct trm_salt salt;
};

struct fixture {
	u32 rc;
	u8 cmd[TPM2_BUFFER_SIZE];
	size_t cmd_len;
	u8 rsp[TPM2_BUFFER_SIZE];
	size_t rsp_len;
	u8 seen[MAX_SEEN];
	size_t seen_len;
	struct object parent;
	struct tpm2_salt_key key;
	struct session session[3];
};

static inline int exchange_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(f->session); i++)
		f->session[i].keys.aes = tpm2_aes_alloc();
	host_tpm_reset();
	test->priv = f;
	return 0;
}

static inline void exchange_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(f->session); i++)
		tpm2_aes_free(f->session[i].keys.aes);
}

static inline void remember(struct fixture *f, const u8 *data, size_t len)
{
	if (f->seen_len + len > MAX_SEEN)
		abort();
	memcpy(f->seen + f->seen_len, data, len);
	f->seen_len += len;
}

/* Did these octets cross the bus? */
static inline bool seen(const struct fixture *f, const void *data, size_t len)
{
	size_t at;

	for (at = 0; at + len <= f->seen_len; at++) {
		if (!memcmp(f->seen + at, data, len))
			return true;
	}
	return false;
}

/* Sends the command in @f->cmd. */
static inline void send_cmd(struct fixture *f)
{
	int len;

	remember(f, f->cmd, f->cmd_len);
	memcpy(f->rsp, f->cmd, f->cmd_len);
	len = host_tpm_send(f->rsp, f->cmd_len, sizeof(f->rsp));
	if (len < 0)
		abort();
	f->rsp_len = len;
	remember(f, f->rsp, f->rsp_len);
}

static inline int put(struct fixture *f, struct trm_exchange *x)
{
	struct tpm2_writer w = tpm2_writer(f->cmd, sizeof(f->cmd));
	int err = trm_exchange_put(x, &w);

	f->cmd_len = w.len;
	return err;
}

/* Takes a response apart and checks it, as transact.c does. */
static inline int take(struct fixture *f, struct trm_exchange *x, u8 *rsp,
		       size_t len, struct tpm2_bytes *reply)
{
	struct trm_wire_response r;
	int err = trm_wire_parse_response(tpm2_bytes(rsp, len), x->info,
					  x->nr_auths, &r);

	*reply = tpm2_bytes(NULL, 0);
	if (err)
		return err;
	f->rc = r.rc;
	if (r.rc)
		return 0;
	err = trm_exchange_check(x, rsp, &r);
	if (!err)
		*reply = r.params;
	return err;
}

/* A whole exchange: 0 if the TPM answered, see @f->rc. */
static inline int exchange(struct fixture *f, struct trm_exchange *x,
			   struct tpm2_bytes *reply)
{
	int err = put(f, x);

	if (err)
		return err;
	send_cmd(f);
	return take(f, x, f->rsp, f->rsp_len, reply);
}

static inline u32 new_handle(const struct fixture *f)
{
	return get_unaligned_be32(f->rsp + TPM2_HEADER_SIZE);
}

static inline struct trm_exchange command(u32 code, struct tpm2_bytes params)
{
	return (struct trm_exchange){
		.info = trm_command_find(code),
		.params = params,
	};
}

static inline void name_handle(struct trm_exchange *x, unsigned int nr,
			       const struct object *object)
{
	x->handle[nr] = object->handle;
	x->name[nr] = tpm2_bytes(object->name, object->name_len);
}

static inline void add_auth(struct trm_exchange *x, struct session *s,
			    u8 attributes, const char *value)
{
	x->auth[x->nr_auths++] = (struct trm_exchange_auth){
		.keys = s ? &s->keys : NULL,
		.handle = s ? s->handle : 0,
		.attributes = attributes,
		.value = tpm2_bytes(value, strlen(value)),
	};
}

/* The storage keys that tests use; ECC P-256 without a size. */
struct storage {
	const char *name;
	u16 type;
	u16 name_alg;
	u16 bits;
};

static inline void put_storage(struct tpm2_writer *w, const struct storage *s)
{
	bool rsa = s->type == TPM_ALG_ID_RSA;
	size_t start = tpm2_open_u16(w);

	tpm2_put_u16(w, s->type);
	tpm2_put_u16(w, s->name_alg);
	tpm2_put_u32(w, TPMA_OBJECT_fixedTPM | TPMA_OBJECT_fixedParent |
			TPMA_OBJECT_sensitiveDataOrigin |
			TPMA_OBJECT_userWithAuth | TPMA_OBJECT_noDA |
			TPMA_OBJECT_restricted | TPMA_OBJECT_decrypt);
	tpm2_put_u16(w, 0);			/* authPolicy */
	tpm2_put_u16(w, TPM_ALG_ID_AES);
	tpm2_put_u16(w, 128);
	tpm2_put_u16(w, TPM_ALG_ID_CFB);
	tpm2_put_u16(w, TPM_ALG_ID_NULL);	/* scheme */
	tpm2_put_u16(w, rsa ? s->bits : TPM_ECC_NIST_P256);
	if (rsa)
		tpm2_put_u32(w, 0);		/* exponent */
	else
		tpm2_put_u16(w, TPM_ALG_ID_NULL); /* kdf */
	tpm2_put_u16(w, 0);			/* unique, or its x */
	if (!rsa)
		tpm2_put_u16(w, 0);
	tpm2_close_u16(w, start);
}

/* Takes a name and a public area; returns whether all was there. */
static inline bool take_object(struct object *o, u32 handle,
			       struct tpm2_bytes area, struct tpm2_bytes name)
{
	if (area.len > sizeof(o->area) || name.len > sizeof(o->name))
		return false;
	o->handle = handle;
	if (area.len)
		memcpy(o->area, area.data, area.len);
	o->area_len = area.len;
	memcpy(o->name, name.data, name.len);
	o->name_len = name.len;
	return true;
}

/* CreatePrimary of the parent, whose authValue is "parent". */
static inline void make_parent(struct kunit *test, const struct storage *s)
{
	struct fixture *f = test->priv;
	u8 params[512];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	size_t sensitive = tpm2_open_u16(&w);
	struct trm_exchange x;
	struct tpm2_bytes reply, area;
	struct tpm2_reader r;

	tpm2_put_sized(&w, tpm2_bytes("parent", 6));
	tpm2_put_u16(&w, 0);
	tpm2_close_u16(&w, sensitive);
	put_storage(&w, s);
	tpm2_put_u16(&w, 0);	/* outsideInfo */
	tpm2_put_u32(&w, 0);	/* creationPCR */
	x = command(TPM_CC_CreatePrimary, tpm2_written(&w));
	x.handle[0] = TPM_RH_OWNER;
	add_auth(&x, NULL, 0, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	r = tpm2_reader(reply.data, reply.len);
	area = tpm2_get_sized(&r);
	tpm2_get_sized(&r);		/* creationData */
	tpm2_get_sized(&r);		/* creationHash */
	tpm2_get(&r, 2 + 4);		/* creationTicket */
	tpm2_get_sized(&r);
	KUNIT_ASSERT_TRUE(test, take_object(&f->parent, new_handle(f), area,
					    tpm2_get_sized(&r)));
	KUNIT_ASSERT_TRUE(test, tpm2_done(&r));
	f->seen_len = 0;		/* the authValue was in it */
}

static inline void salt(struct kunit *test, struct session *s)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, tpm2_salt_key_decode(tpm2_bytes(f->parent.area,
							      f->parent.area_len),
						   &f->key), 0);
	KUNIT_ASSERT_EQ(test, trm_salt_make(&s->salt, &f->key), 0);
}

/* StartAuthSession, salted if @s has a salt. */
static inline void start(struct kunit *test, struct session *s, u8 type,
			 u16 hash)
{
	struct fixture *f = test->priv;
	u8 params[1024];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_exchange x;
	struct tpm2_bytes reply;

	s->keys.hash = hash;
	s->keys.nonce_len = tpm2_digest_size(hash);
	trm_start_params(&w, &s->keys, type, &s->salt);
	x = command(TPM_CC_StartAuthSession, tpm2_written(&w));
	x.handle[0] = s->salt.len ? f->parent.handle : TPM_RH_NULL;
	x.handle[1] = TPM_RH_NULL;
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	s->handle = new_handle(f);
	KUNIT_ASSERT_EQ(test, trm_start_reply(&s->keys, &s->salt, reply), 0);
}

/* The parent by ECC and the first session, salted, of HMACs, by SHA-256. */
static inline void begin_ecc(struct kunit *test)
{
	static const struct storage ecc = {
		"ecc", TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256,
	};
	struct fixture *f = test->priv;

	make_parent(test, &ecc);
	salt(test, &f->session[0]);
	start(test, &f->session[0], TPM_SE_HMAC, TPM_ALG_ID_SHA256);
}

/* Parameters of Create of sealed data. */
static inline void put_create(struct tpm2_writer *w, const char *auth,
			      struct tpm2_bytes data, struct tpm2_bytes policy)
{
	size_t start = tpm2_open_u16(w);

	tpm2_put_sized(w, tpm2_bytes(auth, strlen(auth)));
	tpm2_put_sized(w, data);
	tpm2_close_u16(w, start);
	start = tpm2_open_u16(w);
	tpm2_put_u16(w, TPM_ALG_ID_KEYEDHASH);
	tpm2_put_u16(w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(w, TPMA_OBJECT_fixedTPM | TPMA_OBJECT_fixedParent |
			TPMA_OBJECT_noDA |
			(policy.len ? 0 : TPMA_OBJECT_userWithAuth));
	tpm2_put_sized(w, policy);
	tpm2_put_u16(w, TPM_ALG_ID_NULL);
	tpm2_put_u16(w, 0);
	tpm2_close_u16(w, start);
	tpm2_put_u16(w, 0);
	tpm2_put_u32(w, 0);
}

/* FlushContext. */
static inline void flush(struct kunit *test, u32 handle)
{
	struct fixture *f = test->priv;
	u8 params[4];
	struct trm_exchange x = command(TPM_CC_FlushContext,
					tpm2_bytes(params, sizeof(params)));
	struct tpm2_bytes reply;

	/* Its handle is a parameter, and the table knows that. */
	put_unaligned_be32(handle, params);
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
}

/* Octets that do not turn up by chance. */
static inline void fill_secret(u8 *secret)
{
	tpm2_random(secret, SECRET_LEN);
}

/* Create with one session, which authorizes and encrypts both ways. */
static inline void create(struct kunit *test, struct session *s,
			  const char *auth, struct tpm2_bytes data,
			  struct tpm2_bytes policy, struct tpm2_writer *blob)
{
	struct fixture *f = test->priv;
	u8 params[512];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_exchange x;
	struct tpm2_bytes reply;
	struct tpm2_reader r;

	put_create(&w, auth, data, policy);
	x = command(TPM_CC_Create, tpm2_written(&w));
	name_handle(&x, 0, &f->parent);
	add_auth(&x, s, CONTINUE | DECRYPT | ENCRYPT, "parent");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	r = tpm2_reader(reply.data, reply.len);
	tpm2_put_bytes(blob, tpm2_get_tpm2b(&r));	/* outPrivate */
	tpm2_put_bytes(blob, tpm2_get_tpm2b(&r));	/* outPublic */
	KUNIT_ASSERT_FALSE(test, r.bad);
}

/* Load: the parent's password is not for the bus either. */
static inline void load(struct kunit *test, struct session *s,
			struct tpm2_bytes blob, struct object *o)
{
	struct fixture *f = test->priv;
	struct trm_exchange x = command(TPM_CC_Load, blob);
	struct tpm2_bytes reply;
	struct tpm2_reader r;

	name_handle(&x, 0, &f->parent);
	add_auth(&x, s, CONTINUE | DECRYPT | ENCRYPT, "parent");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	r = tpm2_reader(reply.data, reply.len);
	KUNIT_ASSERT_TRUE(test, take_object(o, new_handle(f),
					    tpm2_bytes(NULL, 0),
					    tpm2_get_sized(&r)));
}

static inline void seal(struct kunit *test, struct session *s,
			const char *auth, struct tpm2_bytes data,
			struct tpm2_bytes policy, struct object *o)
{
	u8 blob[1024];
	struct tpm2_writer w = tpm2_writer(blob, sizeof(blob));

	create(test, s, auth, data, policy, &w);
	load(test, s, tpm2_written(&w), o);
}

static inline struct trm_exchange unseal(const struct object *o)
{
	struct trm_exchange x = command(TPM_CC_Unseal, tpm2_bytes(NULL, 0));

	name_handle(&x, 0, o);
	return x;
}

/* The reply must be @data in a TPM2B. */
static inline void expect_data(struct kunit *test, struct tpm2_bytes reply,
			       const u8 *data, size_t len)
{
	struct tpm2_reader r = tpm2_reader(reply.data, reply.len);
	struct tpm2_bytes got = tpm2_get_sized(&r);

	KUNIT_EXPECT_TRUE(test, tpm2_done(&r));
	KUNIT_ASSERT_EQ(test, got.len, len);
	KUNIT_EXPECT_MEMEQ(test, got.data, data, len);
}

#endif /* _UNIT_HOST_EXCHANGE_FIXTURE_H */
