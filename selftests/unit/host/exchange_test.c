// SPDX-License-Identifier: GPL-2.0-only
/*
 * exchange.c, start.c and salt.c against a TPM: what is sealed and unsealed in
 * salted sessions comes back, and nobody on the bus has seen it.
 */
#include "exchange_fixture.h"

static const struct storage storages[] = {
	{ "ecc", TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256 },
	{ "ecc, sha384", TPM_ALG_ID_ECC, TPM_ALG_ID_SHA384 },
	{ "rsa 2048", TPM_ALG_ID_RSA, TPM_ALG_ID_SHA256, 2048 },
	{ "rsa 2048, sha512", TPM_ALG_ID_RSA, TPM_ALG_ID_SHA512, 2048 },
	{ "rsa 3072", TPM_ALG_ID_RSA, TPM_ALG_ID_SHA256, 3072 },
};

KUNIT_ARRAY_PARAM_DESC(storages, storages, name);

struct session_hash {
	const char *name;
	u16 hash;
};

static const struct session_hash hashes[] = {
	{ "sha256", TPM_ALG_ID_SHA256 },
	{ "sha384", TPM_ALG_ID_SHA384 },
	{ "sha512", TPM_ALG_ID_SHA512 },
};

KUNIT_ARRAY_PARAM_DESC(hashes, hashes, name);

/* Seal and unseal with whatever session and parent there are. */
static void round_trip(struct kunit *test, size_t len)
{
	struct fixture *f = test->priv;
	struct session *s = &f->session[0];
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	fill_secret(secret);
	seal(test, s, "object's own", tpm2_bytes(secret, len),
	     tpm2_bytes(NULL, 0), &o);
	x = unseal(&o);
	add_auth(&x, s, CONTINUE | ENCRYPT, "object's own");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, len);
	if (len >= 16)
		KUNIT_EXPECT_FALSE(test, seen(f, secret, 16));
	KUNIT_EXPECT_FALSE(test, seen(f, "object's own", 12));
	KUNIT_EXPECT_FALSE(test, seen(f, "parent", 6));
	flush(test, o.handle);
}

static void seals_under_any_storage_key(struct kunit *test)
{
	struct fixture *f = test->priv;

	make_parent(test, test->param_value);
	salt(test, &f->session[0]);
	start(test, &f->session[0], TPM_SE_HMAC, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_FALSE(test, seen(f, f->session[0].salt.value, 16));
	round_trip(test, 32);
}

static void seals_in_a_session_by_any_hash(struct kunit *test)
{
	const struct session_hash *h = test->param_value;
	struct fixture *f = test->priv;

	make_parent(test, &storages[0]);
	salt(test, &f->session[0]);
	start(test, &f->session[0], TPM_SE_HMAC, h->hash);
	round_trip(test, 32);
}

static void seals_from_one_octet_to_the_most(struct kunit *test)
{
	begin_ecc(test);
	round_trip(test, 1);
	round_trip(test, 15);
	round_trip(test, 16);
	round_trip(test, 17);
	round_trip(test, SECRET_LEN);
}

/* The control: what the others do not see would be seen. */
static void in_clear_it_is_seen(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct session *s = &f->session[0];
	u8 secret[SECRET_LEN];
	struct object o;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	begin_ecc(test);
	fill_secret(secret);
	seal(test, s, "", tpm2_bytes(secret, 32), tpm2_bytes(NULL, 0), &o);
	x = unseal(&o);
	add_auth(&x, s, CONTINUE, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	expect_data(test, reply, secret, 32);
	KUNIT_EXPECT_TRUE(test, seen(f, secret, 32));
}

static void empty_parameters_stay_empty(struct kunit *test)
{
	static const u8 none[2];
	struct fixture *f = test->priv;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	begin_ecc(test);
	x = command(0x146, tpm2_bytes(none, 2));	/* StirRandom */
	add_auth(&x, &f->session[0], CONTINUE | DECRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_EXPECT_EQ(test, f->rc, TPM_RC_SUCCESS);
	KUNIT_EXPECT_EQ(test, reply.len, 0);
	x = command(0x17b, tpm2_bytes(none, 2));	/* GetRandom */
	add_auth(&x, &f->session[0], CONTINUE | ENCRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_EXPECT_EQ(test, f->rc, TPM_RC_SUCCESS);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(reply, tpm2_bytes(none, 2)));
}

/* TPM2_Hash takes as much as any parameter of libtpms: 1024 octets. */
static void largest_parameter_arrives(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 data[1024], params[2 + sizeof(data) + 2 + 4], digest[32];
	struct tpm2_bytes part = tpm2_bytes(data, sizeof(data));
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_exchange x;
	struct tpm2_bytes reply;
	struct tpm2_reader r;

	begin_ecc(test);
	tpm2_random(data, sizeof(data));
	tpm2_put_sized(&w, part);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(&w, TPM_RH_NULL);
	x = command(0x17d, tpm2_written(&w));
	add_auth(&x, &f->session[0], CONTINUE | DECRYPT | ENCRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	KUNIT_ASSERT_EQ(test, tpm2_digest(TPM_ALG_ID_SHA256, &part, 1, digest),
			0);
	r = tpm2_reader(reply.data, reply.len);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpm2_get_sized(&r),
						 tpm2_bytes(digest, 32)));
	KUNIT_EXPECT_FALSE(test, seen(f, data + 512, 16));
	KUNIT_EXPECT_FALSE(test, seen(f, digest, 32));
}

/* Authorization, decryption and encryption by three sessions. */
static void sessions_may_share_the_work(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 params[512], secret[SECRET_LEN];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_exchange x;
	struct tpm2_bytes reply;
	unsigned int i;

	begin_ecc(test);
	for (i = 1; i < 3; i++) {
		salt(test, &f->session[i]);
		start(test, &f->session[i], TPM_SE_HMAC,
		      i == 1 ? TPM_ALG_ID_SHA384 : TPM_ALG_ID_SHA512);
	}
	fill_secret(secret);
	put_create(&w, "", tpm2_bytes(secret, 32), tpm2_bytes(NULL, 0));
	for (i = 0; i < 3; i++) {
		x = command(TPM_CC_Create, tpm2_written(&w));
		name_handle(&x, 0, &f->parent);
		add_auth(&x, &f->session[0], CONTINUE, "parent");
		add_auth(&x, &f->session[1], CONTINUE |
			 (i == 0 ? DECRYPT : i == 1 ? ENCRYPT : DECRYPT | ENCRYPT),
			 "");
		add_auth(&x, &f->session[2], CONTINUE |
			 (i == 0 ? ENCRYPT : i == 1 ? DECRYPT : 0), "");
		if (i == 2)
			x.nr_auths = 2;
		KUNIT_EXPECT_EQ(test, exchange(f, &x, &reply), 0);
		KUNIT_EXPECT_EQ(test, f->rc, TPM_RC_SUCCESS);
	}
	KUNIT_EXPECT_FALSE(test, seen(f, secret, 32));
}

/* As a parent with an empty authValue is used: password, and a session beside. */
static void session_may_encrypt_beside_a_password(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 params[512], secret[SECRET_LEN];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_exchange x;
	struct tpm2_bytes reply;

	begin_ecc(test);
	fill_secret(secret);
	put_create(&w, "", tpm2_bytes(secret, 32), tpm2_bytes(NULL, 0));
	x = command(TPM_CC_Create, tpm2_written(&w));
	name_handle(&x, 0, &f->parent);
	add_auth(&x, NULL, 0, "parent");
	add_auth(&x, &f->session[0], CONTINUE | DECRYPT | ENCRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_EXPECT_EQ(test, f->rc, TPM_RC_SUCCESS);
	KUNIT_EXPECT_FALSE(test, seen(f, secret, 32));
}

static void audit_works_in_a_salted_session(struct kunit *test)
{
	static const u8 pcr7[] = {
		0, 0, 0, 1, 0, TPM_ALG_ID_SHA256, 3, 0x80, 0, 0
	};
	struct fixture *f = test->priv;
	struct trm_wire_response r;
	struct trm_exchange x;
	struct tpm2_bytes reply;

	begin_ecc(test);
	x = command(TPM_CC_PCR_Read, tpm2_bytes(pcr7, sizeof(pcr7)));
	add_auth(&x, &f->session[0], CONTINUE | TPMA_SESSION_audit, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	KUNIT_ASSERT_EQ(test, trm_wire_parse_response(tpm2_bytes(f->rsp,
								 f->rsp_len),
						      x.info, 1, &r), 0);
	KUNIT_EXPECT_NE(test, r.auth[0].attributes & TPMA_SESSION_audit, 0);
	round_trip(test, 32);
}

/* continueSession clear, and started once more: other nonces, other key. */
static void ended_session_starts_again(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct session *s = &f->session[0];
	u8 old[TPM2_MAX_DIGEST];
	static const u8 none[2];
	struct trm_exchange x;
	struct tpm2_bytes reply;

	begin_ecc(test);
	memcpy(old, s->keys.key, sizeof(old));
	x = command(0x146, tpm2_bytes(none, 2));	/* StirRandom */
	add_auth(&x, s, DECRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	start(test, s, TPM_SE_HMAC, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_MEMNEQ(test, s->keys.key, old, 32);
	round_trip(test, 32);
}

static struct kunit_case exchange_cases[] = {
	KUNIT_CASE_PARAM(seals_under_any_storage_key, storages_gen_params),
	KUNIT_CASE_PARAM(seals_in_a_session_by_any_hash, hashes_gen_params),
	KUNIT_CASE(seals_from_one_octet_to_the_most),
	KUNIT_CASE(in_clear_it_is_seen),
	KUNIT_CASE(empty_parameters_stay_empty),
	KUNIT_CASE(largest_parameter_arrives),
	KUNIT_CASE(sessions_may_share_the_work),
	KUNIT_CASE(session_may_encrypt_beside_a_password),
	KUNIT_CASE(audit_works_in_a_salted_session),
	KUNIT_CASE(ended_session_starts_again),
	{}
};

static struct kunit_suite exchange_suite = {
	.name = "tpm_rm_exchange",
	.init = exchange_init,
	.exit = exchange_exit,
	.test_cases = exchange_cases,
};

kunit_test_suite(exchange_suite);
