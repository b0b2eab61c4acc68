/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the cases for policies tell a TPM: commands with empty passwords, policy
 * sessions, keys that sign, an NV counter.
 */
#ifndef _UNIT_HOST_POLICY_FIXTURE_H
#define _UNIT_HOST_POLICY_FIXTURE_H

#include <kunit/test.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "der.h"
#include "object.h"
#include "program.h"
#include "signer.h"
#include "tpm.h"

#define TPM_SE_TRIAL		0x03
#define TPM_CC_PolicyGetDigest	0x00000189
#define TPM_CC_NV_Increment	0x00000134
#define TPM_CC_NV_DefineSpace	0x0000012a
#define TPM_CC_NV_ReadPublic	0x00000169
#define NV_COUNTER_ATTRIBUTES	0x02040014	/* authRead, noDA, counter, authWrite */
#define COUNTER			0x01800001
#define NO_TICKET		"\x80\x22\x40\x00\x00\x07\x00\x00"
#define MAX_PARAMS		1024

/**
 * struct command - a command as the TPM gets it
 * @code: TPM_CC
 * @handle: its handles
 * @nr_handles: how many
 * @nr_auths: how many of them are authorized, with an empty password
 * @params: parameter area
 * @len: its octets
 */
struct command {
	u32 code;
	u32 handle[3];
	unsigned int nr_handles;
	unsigned int nr_auths;
	u8 params[MAX_PARAMS];
	size_t len;
};

/* The answer to the last command that worked: after its header. */
static u8 answer[TPM2_BUFFER_SIZE];
static struct tpm2_reader reply;

static inline void put_passwords(struct tpm2_writer *w, unsigned int nr)
{
	tpm2_put_u32(w, 9 * nr);
	while (nr--) {
		tpm2_put_u32(w, TPM_RS_PW);
		tpm2_put_u16(w, 0);
		tpm2_put_u8(w, 0);
		tpm2_put_u16(w, 0);
	}
}

/* Return: the response code. */
static inline u32 send(const struct command *c)
{
	struct tpm2_writer w = tpm2_writer(answer, sizeof(answer));
	unsigned int i;
	int len;

	tpm2_put_u16(&w, c->nr_auths ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, 0);
	tpm2_put_u32(&w, c->code);
	for (i = 0; i < c->nr_handles; i++)
		tpm2_put_u32(&w, c->handle[i]);
	if (c->nr_auths)
		put_passwords(&w, c->nr_auths);
	tpm2_put(&w, c->params, c->len);
	put_unaligned_be32(w.len, answer + 2);
	len = host_tpm_send(answer, w.len, sizeof(answer));
	reply = tpm2_reader(answer, len);
	tpm2_get(&reply, 6);
	return tpm2_get_u32(&reply);
}

static inline void must(struct kunit *test, const struct command *c)
{
	u32 rc = send(c);

	KUNIT_ASSERT_EQ_MSG(test, rc, TPM_RC_SUCCESS, "command 0x%x: 0x%x",
			    c->code, rc);
}

static inline void set_params(struct command *c, struct tpm2_bytes params)
{
	memcpy(c->params, params.data, params.len);
	c->len = params.len;
}

static inline u32 session_start(struct kunit *test, u8 type, u16 hash)
{
	struct command c = { .code = TPM_CC_StartAuthSession, .nr_handles = 2 };
	struct tpm2_writer w = tpm2_writer(c.params, sizeof(c.params));
	u8 nonce[16] = {};

	c.handle[0] = TPM_RH_NULL;
	c.handle[1] = TPM_RH_NULL;
	tpm2_put_sized(&w, tpm2_bytes(nonce, sizeof(nonce)));
	tpm2_put_u16(&w, 0);
	tpm2_put_u8(&w, type);
	tpm2_put_u16(&w, TPM_ALG_ID_NULL);
	tpm2_put_u16(&w, hash);
	c.len = w.len;
	must(test, &c);
	return tpm2_get_u32(&reply);
}

static inline struct tpm2_bytes session_digest(struct kunit *test, u32 session)
{
	struct command c = { .code = TPM_CC_PolicyGetDigest, .nr_handles = 1 };

	c.handle[0] = session;
	must(test, &c);
	return tpm2_get_sized(&reply);
}

static inline void flush(struct kunit *test, u32 handle)
{
	struct command c = { .code = TPM_CC_FlushContext, .len = 4 };

	put_unaligned_be32(handle, c.params);
	must(test, &c);
}

/* LoadExternal of a TPMT_PUBLIC; its Name, which the TPM has computed. */
static inline u32 load_external(struct kunit *test, struct tpm2_bytes area,
				struct tpm2_bytes *name)
{
	struct command c = { .code = TPM_CC_LoadExternal };
	struct tpm2_writer w = tpm2_writer(c.params, sizeof(c.params));
	u32 handle;

	tpm2_put_u16(&w, 0);
	tpm2_put_sized(&w, area);
	tpm2_put_u32(&w, TPM_RH_OWNER);
	c.len = w.len;
	must(test, &c);
	handle = tpm2_get_u32(&reply);
	*name = tpm2_get_sized(&reply);
	return handle;
}

/* A counter whose value is 1; its Name. */
static inline void counter_make(struct kunit *test, u8 *name, size_t *len)
{
	struct command define = {
		.code = TPM_CC_NV_DefineSpace, .nr_handles = 1, .nr_auths = 1,
		.handle = { TPM_RH_OWNER },
	};
	struct command increment = {
		.code = TPM_CC_NV_Increment, .nr_handles = 2, .nr_auths = 1,
		.handle = { COUNTER, COUNTER },
	};
	struct command read = {
		.code = TPM_CC_NV_ReadPublic, .nr_handles = 1,
		.handle = { COUNTER },
	};
	struct tpm2_writer w = tpm2_writer(define.params, MAX_PARAMS);
	struct tpm2_bytes b;

	tpm2_put_u16(&w, 0);
	tpm2_put_u16(&w, 14);
	tpm2_put_u32(&w, COUNTER);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(&w, NV_COUNTER_ATTRIBUTES);
	tpm2_put_u16(&w, 0);
	tpm2_put_u16(&w, 8);
	define.len = w.len;
	must(test, &define);
	must(test, &increment);
	must(test, &read);
	tpm2_get_sized(&reply);
	b = tpm2_get_sized(&reply);
	memcpy(name, b.data, b.len);
	*len = b.len;
}

static inline EVP_PKEY *key_make(bool rsa)
{
	return rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
}

/* The TPMT_PUBLIC of a key, by way of its SubjectPublicKeyInfo. */
static inline struct tpm2_bytes key_public(struct kunit *test, EVP_PKEY *key)
{
	u8 *out = kunit_kzalloc(test, TPK_MAX_SIGNER, GFP_KERNEL), *der = NULL;
	const char *what = "";
	int len = i2d_PUBKEY(key, &der);

	KUNIT_ASSERT_GT(test, len, 0);
	len = tpk_signer_from_spki(tpm2_bytes(der, len), out, &what);
	OPENSSL_free(der);
	KUNIT_ASSERT_GT_MSG(test, len, 0, "%s", what);
	return tpm2_bytes(out, len);
}

static inline void put_ecdsa(struct tpm2_writer *w, const u8 *der, size_t len)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, len);
	u8 octets[32];

	tpm2_put_u16(w, TPM_ALG_ID_ECDSA);
	tpm2_put_u16(w, TPM_ALG_ID_SHA256);
	BN_bn2binpad(ECDSA_SIG_get0_r(sig), octets, sizeof(octets));
	tpm2_put_sized(w, tpm2_bytes(octets, sizeof(octets)));
	BN_bn2binpad(ECDSA_SIG_get0_s(sig), octets, sizeof(octets));
	tpm2_put_sized(w, tpm2_bytes(octets, sizeof(octets)));
	ECDSA_SIG_free(sig);
}

/* TPMT_SIGNATURE with SHA-256 over two pieces. */
static inline void key_sign(struct kunit *test, EVP_PKEY *key, struct tpm2_bytes a,
			    struct tpm2_bytes b, struct tpm2_writer *w)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	u8 sig[512];
	size_t len = sizeof(sig);

	KUNIT_ASSERT_EQ(test, EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
	EVP_DigestSignUpdate(ctx, a.data, a.len);
	EVP_DigestSignUpdate(ctx, b.data, b.len);
	KUNIT_ASSERT_EQ(test, EVP_DigestSignFinal(ctx, sig, &len), 1);
	EVP_MD_CTX_free(ctx);
	if (EVP_PKEY_base_id(key) == EVP_PKEY_EC) {
		put_ecdsa(w, sig, len);
		return;
	}
	tpm2_put_u16(w, TPM_ALG_ID_RSASSA);
	tpm2_put_u16(w, TPM_ALG_ID_SHA256);
	tpm2_put_sized(w, tpm2_bytes(sig, len));
}

/* PolicyAuthorize: the three commands that its step stands for. */
static inline u32 run_authorize(struct kunit *test, u32 session,
				const struct tpk_policy_step *step)
{
	struct command verify = { .code = TPM_CC_VerifySignature, .nr_handles = 1 };
	struct command authorize = { .code = TPM_CC_PolicyAuthorize, .nr_handles = 1 };
	struct tpm2_writer w = tpm2_writer(verify.params, MAX_PARAMS);
	struct tpm2_bytes name;
	u32 rc;

	verify.handle[0] = load_external(test, step->a.authorize.key, &name);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(name, step->name));
	tpm2_put_sized(&w, step->message);
	tpm2_put_bytes(&w, step->a.authorize.signature);
	verify.len = w.len;
	rc = send(&verify);
	if (!rc) {
		authorize.handle[0] = session;
		set_params(&authorize, step->params);
		memcpy(authorize.params + authorize.len, reply.at, tpm2_left(&reply));
		authorize.len += tpm2_left(&reply);
		rc = send(&authorize);
	}
	flush(test, verify.handle[0]);
	return rc;
}

static inline u32 run_step(struct kunit *test, u32 session,
			   const struct tpk_policy_step *step)
{
	struct command c = { .code = step->code };

	switch (step->code) {
	case TPM_CC_PolicyAuthorize:
		return run_authorize(test, session, step);
	case TPM_CC_PolicyNV:
		c.handle[c.nr_handles++] = step->a.compare.auth;
		c.handle[c.nr_handles++] = step->a.compare.index;
		c.nr_auths = 1;
		break;
	case TPM_CC_PolicySecret:
		c.handle[c.nr_handles++] = step->a.secret.entity;
		c.nr_auths = 1;
		break;
	}
	c.handle[c.nr_handles++] = session;
	set_params(&c, step->params);
	return send(&c);
}

/**
 * run_program() - run the chosen policy in a session
 * @test: the case
 * @tree: the policy, chosen
 * @session: a policy session, just started
 * @failed: result: branch of the step that the TPM refused
 *
 * Return: the response code of that step; 0 if all were accepted.
 */
static inline u32 run_program(struct kunit *test, const struct tpk_tree *tree,
			      u32 session, unsigned int *failed)
{
	struct tpk_program *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);
	struct tpk_policy_step step;
	u32 rc = 0;
	int more;

	tpk_program_start(p, tree);
	while ((more = tpk_program_next(p, &step)) > 0) {
		rc = run_step(test, session, &step);
		*failed = step.branch;
		if (rc)
			break;
	}
	KUNIT_EXPECT_GE(test, more, 0);
	return rc;
}

static inline struct tpk_tree *tree_of(struct kunit *test,
				       const struct tpk_policy *policy,
				       struct tpm2_bytes auths, u16 hash)
{
	const struct tpk_signed_policies s = { .recorded = auths };
	struct tpk_tree *tree = kunit_kzalloc(test, sizeof(*tree), GFP_KERNEL);
	const char *what = "";
	int err = tpk_tree_build(tree, policy, &s, hash, &what);

	KUNIT_ASSERT_EQ_MSG(test, err, 0, "%s", what);
	return tree;
}

#endif /* _UNIT_HOST_POLICY_FIXTURE_H */
