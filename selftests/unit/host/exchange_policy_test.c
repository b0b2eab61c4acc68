// SPDX-License-Identifier: GPL-2.0-only
/*
 * exchange.c against a TPM: policy sessions, and the part of the authValue.
 */
#include "exchange_fixture.h"

/* Of PolicyCommandCode(Unseal), alone or with PolicyAuthValue after it. */
static void policy_digest(u8 *digest, bool auth_value)
{
	u8 code[4], unsealing[4];
	const struct tpm2_bytes first[] = {
		tpm2_bytes(digest, 32), tpm2_bytes(code, 4),
		tpm2_bytes(unsealing, 4),
	};

	memset(digest, 0, 32);
	put_unaligned_be32(0x16c, code);
	put_unaligned_be32(TPM_CC_Unseal, unsealing);
	tpm2_digest(TPM_ALG_ID_SHA256, first, 3, digest);
	if (!auth_value)
		return;
	put_unaligned_be32(TPM_CC_PolicyAuthValue, code);
	tpm2_digest(TPM_ALG_ID_SHA256, first, 2, digest);
}

static void run_statement(struct kunit *test, struct session *s, u32 code,
			  struct tpm2_bytes params)
{
	struct fixture *f = test->priv;
	struct trm_exchange x = command(code, params);
	struct tpm2_bytes reply;

	x.handle[0] = s->handle;
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
}

/* Seals with a policy; session 1 becomes a policy session that satisfies it. */
static void seal_with_policy(struct kunit *test, const char *auth,
			     bool auth_value, bool salted, const u8 *secret,
			     struct object *o)
{
	struct fixture *f = test->priv;
	struct session *s = &f->session[1];
	u8 digest[32], unsealing[4];

	begin_ecc(test);
	policy_digest(digest, auth_value);
	seal(test, &f->session[0], auth, tpm2_bytes(secret, 32),
	     tpm2_bytes(digest, 32), o);
	if (salted)
		salt(test, s);
	start(test, s, TPM_SE_POLICY, TPM_ALG_ID_SHA256);
	put_unaligned_be32(TPM_CC_Unseal, unsealing);
	run_statement(test, s, 0x16c, tpm2_bytes(unsealing, 4));
	if (auth_value)
		run_statement(test, s, TPM_CC_PolicyAuthValue,
			      tpm2_bytes(NULL, 0));
}

static void policy_session_encrypts(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal_with_policy(test, "", false, true, secret, &o);
	x = unseal(&o);
	add_auth(&x, &f->session[1], CONTINUE | ENCRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
	KUNIT_EXPECT_FALSE(test, seen(f, secret, 32));
}

static void policy_session_proves_an_auth_value(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal_with_policy(test, "object's own", true, true, secret, &o);
	x = unseal(&o);
	add_auth(&x, &f->session[1], CONTINUE | ENCRYPT, "object's own");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
	KUNIT_EXPECT_FALSE(test, seen(f, "object's own", 12));
}

/* Part 1, 21.2: the authValue encrypts even where it need not be proved. */
static void unproved_value_encrypts(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal_with_policy(test, "object's own", false, true, secret, &o);
	x = unseal(&o);
	add_auth(&x, &f->session[1], CONTINUE | ENCRYPT, "object's own");
	x.auth[0].unproved = true;
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
}

/* So the TPM says yes to whoever does not know it, and garbage comes out. */
static void unknown_value_decrypts_to_garbage(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal_with_policy(test, "object's own", false, true, secret, &o);
	x = unseal(&o);
	add_auth(&x, &f->session[1], CONTINUE | ENCRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	KUNIT_ASSERT_EQ(test, reply.len, 2 + 32);
	KUNIT_EXPECT_MEMNEQ(test, reply.data + 2, secret, 32);
}

static void session_beside_needs_no_value(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal_with_policy(test, "object's own", false, true, secret, &o);
	x = unseal(&o);
	add_auth(&x, &f->session[1], CONTINUE, "");
	add_auth(&x, &f->session[0], CONTINUE | ENCRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
}

/* Without salt and authValue the HMAC key is empty; a TPM computes it alike. */
static void unsalted_policy_session_works(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal_with_policy(test, "", false, false, secret, &o);
	KUNIT_EXPECT_EQ(test, f->session[1].keys.key_len, 0);
	x = unseal(&o);
	add_auth(&x, &f->session[1], CONTINUE, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
}

/* A command in a session of which only the number is known. */
static struct trm_exchange unseal_in(const struct object *o, u32 session,
				     u8 attributes, const char *password)
{
	struct trm_exchange x = unseal(o);

	add_auth(&x, NULL, attributes, password);
	x.auth[0].handle = session;
	return x;
}

/* Somebody else's session: no nonce, no HMAC, over after success. */
static void foreign_session_authorizes(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal_with_policy(test, "", false, false, secret, &o);
	x = unseal_in(&o, f->session[1].handle, 0, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_EXPECT_EQ(test, f->rc, TPM_RC_REFERENCE_S0);
}

/* PolicyPassword: the authValue crosses the bus. */
static void foreign_session_takes_a_password(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN], digest[32], code[4];
	struct tpm2_bytes zeroes[] = {
		tpm2_bytes(digest, 32), tpm2_bytes(code, 4),
	};
	struct session *s = &f->session[1];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	begin_ecc(test);
	memset(digest, 0, 32);
	/* The digest is that of PolicyAuthValue. */
	put_unaligned_be32(TPM_CC_PolicyAuthValue, code);
	tpm2_digest(TPM_ALG_ID_SHA256, zeroes, 2, digest);
	seal(test, &f->session[0], "object's own", tpm2_bytes(secret, 32),
	     tpm2_bytes(digest, 32), &o);
	start(test, s, TPM_SE_POLICY, TPM_ALG_ID_SHA256);
	run_statement(test, s, 0x18c, tpm2_bytes(NULL, 0));
	x = unseal_in(&o, s->handle, 0, "somebody's");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_EXPECT_NE(test, f->rc, TPM_RC_SUCCESS);
	/* After the failure it is still there. */
	x = unseal_in(&o, s->handle, 0, "object's own");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
	KUNIT_EXPECT_TRUE(test, seen(f, "object's own", 12));
}

static void foreign_session_cannot_encrypt(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal_with_policy(test, "", false, false, secret, &o);
	x = unseal_in(&o, f->session[1].handle, ENCRYPT, "");
	KUNIT_EXPECT_EQ(test, exchange(f, &x, &reply), -EINVAL);
	/* One of ours beside it can. */
	x = unseal_in(&o, f->session[1].handle, 0, "");
	add_auth(&x, &f->session[0], CONTINUE | ENCRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
	KUNIT_EXPECT_FALSE(test, seen(f, secret, 32));
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE(policy_session_encrypts),
	KUNIT_CASE(policy_session_proves_an_auth_value),
	KUNIT_CASE(unproved_value_encrypts),
	KUNIT_CASE(unknown_value_decrypts_to_garbage),
	KUNIT_CASE(session_beside_needs_no_value),
	KUNIT_CASE(unsalted_policy_session_works),
	KUNIT_CASE(foreign_session_authorizes),
	KUNIT_CASE(foreign_session_takes_a_password),
	KUNIT_CASE(foreign_session_cannot_encrypt),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "tpm_rm_exchange_policy",
	.init = exchange_init,
	.exit = exchange_exit,
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);
