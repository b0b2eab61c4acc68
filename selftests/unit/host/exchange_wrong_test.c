// SPDX-License-Identifier: GPL-2.0-only
/*
 * exchange.c when something is wrong: the salt, an octet on the bus, the
 * sessions, the sizes.
 */
#include "exchange_fixture.h"

#define STIR_RANDOM	0x146

/* Seals something and asks for it; its response is in @f->rsp, not yet taken. */
static void ask(struct kunit *test, u8 *secret, struct trm_exchange *x)
{
	struct fixture *f = test->priv;
	static struct object o;

	begin_ecc(test);
	fill_secret(secret);
	seal(test, &f->session[0], "", tpm2_bytes(secret, 32),
	     tpm2_bytes(NULL, 0), &o);
	*x = unseal(&o);
	add_auth(x, &f->session[0], CONTINUE | ENCRYPT, "");
	KUNIT_ASSERT_EQ(test, put(f, x), 0);
	send_cmd(f);
}

/* The same response once more: our half of the session is as it was. */
static int take_copy(struct fixture *f, struct trm_exchange *x, const u8 *rsp,
		     size_t len, struct tpm2_bytes *reply)
{
	static u8 copy[TPM2_BUFFER_SIZE];
	struct trm_keys keys = *x->auth[0].keys;
	int err;

	memcpy(copy, rsp, len);
	err = take(f, x, copy, len, reply);
	*x->auth[0].keys = keys;
	return err;
}

static void any_flipped_bit_is_noticed(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN], rsp[TPM2_BUFFER_SIZE];
	struct trm_exchange x;
	struct tpm2_bytes reply;
	size_t bit;

	ask(test, secret, &x);
	memcpy(rsp, f->rsp, f->rsp_len);
	for (bit = 0; bit < 8 * f->rsp_len; bit++) {
		rsp[bit / 8] ^= 1 << bit % 8;
		KUNIT_EXPECT_EQ(test, take_copy(f, &x, rsp, f->rsp_len, &reply),
				-EBADMSG);
		KUNIT_EXPECT_EQ(test, reply.len, 0);
		rsp[bit / 8] ^= 1 << bit % 8;
	}
	KUNIT_ASSERT_EQ(test, take_copy(f, &x, rsp, f->rsp_len, &reply), 0);
	expect_data(test, reply, secret, 32);
}

static void any_missing_octet_is_noticed(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN], rsp[TPM2_BUFFER_SIZE];
	struct trm_exchange x;
	struct tpm2_bytes reply;
	size_t len;

	ask(test, secret, &x);
	memcpy(rsp, f->rsp, f->rsp_len);
	for (len = 0; len < f->rsp_len; len++) {
		if (len >= TPM2_HEADER_SIZE)
			put_unaligned_be32(len, rsp + 2);
		KUNIT_EXPECT_EQ(test, take_copy(f, &x, rsp, len, &reply),
				-EBADMSG);
	}
}

/* Nothing of a response is decrypted that is not the TPM's. */
static void bad_response_is_left_alone(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN], before[TPM2_BUFFER_SIZE];
	struct trm_exchange x;
	struct tpm2_bytes reply;

	ask(test, secret, &x);
	f->rsp[f->rsp_len - 1] ^= 1;
	memcpy(before, f->rsp, f->rsp_len);
	KUNIT_EXPECT_EQ(test, take(f, &x, f->rsp, f->rsp_len, &reply),
			-EBADMSG);
	KUNIT_EXPECT_MEMEQ(test, f->rsp, before, f->rsp_len);
}

/* A response that was good once is not good for the next command. */
static void old_response_is_refused(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN], old[TPM2_BUFFER_SIZE];
	struct trm_exchange x;
	struct tpm2_bytes reply;
	size_t old_len;

	ask(test, secret, &x);
	memcpy(old, f->rsp, f->rsp_len);
	old_len = f->rsp_len;
	KUNIT_ASSERT_EQ(test, take(f, &x, f->rsp, f->rsp_len, &reply), 0);
	KUNIT_ASSERT_EQ(test, put(f, &x), 0);
	KUNIT_EXPECT_EQ(test, take(f, &x, old, old_len, &reply), -EBADMSG);
}

static void tpm_refuses_any_flipped_octet(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN], cmd[TPM2_BUFFER_SIZE];
	struct trm_exchange x;
	struct tpm2_bytes reply;
	size_t i;

	ask(test, secret, &x);
	KUNIT_ASSERT_EQ(test, take(f, &x, f->rsp, f->rsp_len, &reply), 0);
	KUNIT_ASSERT_EQ(test, put(f, &x), 0);
	memcpy(cmd, f->cmd, f->cmd_len);
	for (i = 0; i < f->cmd_len; i++) {
		memcpy(f->cmd, cmd, f->cmd_len);
		f->cmd[i] ^= 1 << i % 8;
		send_cmd(f);
		KUNIT_EXPECT_NE(test, get_unaligned_be32(f->rsp + 6),
				TPM_RC_SUCCESS);
	}
}

/* The TPM computes another session key than we. */
static void wrong_salt_is_noticed_by_the_tpm(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct session *s = &f->session[0];
	static const u8 none[2];
	struct trm_exchange x;
	struct tpm2_bytes reply;

	begin_ecc(test);
	salt(test, s);
	s->salt.value[0] ^= 1;
	start(test, s, TPM_SE_HMAC, TPM_ALG_ID_SHA256);
	x = command(STIR_RANDOM, tpm2_bytes(none, 2));
	add_auth(&x, s, CONTINUE | DECRYPT, "");
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	/* BAD_AUTH, since no authValue under lockout protection is at stake. */
	KUNIT_EXPECT_EQ(test, f->rc, 0x9a2);
}

/* And if it is the bus that answers, by us. */
static void wrong_key_is_noticed_by_us(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct trm_exchange x;
	struct tpm2_bytes reply;

	ask(test, secret, &x);
	x.auth[0].keys->key[31] ^= 1;
	KUNIT_EXPECT_EQ(test, take(f, &x, f->rsp, f->rsp_len, &reply),
			-EBADMSG);
}

/* A response with other attributes, its HMAC right. */
static void answer_with(struct kunit *test, struct trm_exchange *x, u8 *rsp,
			size_t *len, u8 attributes)
{
	struct fixture *f = test->priv;
	struct trm_keys *keys = x->auth[0].keys;
	struct trm_wire_response r;
	struct trm_nonces nonces = {
		.older = tpm2_bytes(keys->nonce_caller, keys->nonce_len),
	};
	u8 hash[TPM2_MAX_DIGEST];
	size_t tail = 1 + 2 + keys->nonce_len; /* attributes, HMAC */

	memcpy(rsp, f->rsp, f->rsp_len);
	*len = f->rsp_len;
	KUNIT_ASSERT_EQ(test, trm_wire_parse_response(tpm2_bytes(rsp, *len),
						      x->info, 1, &r), 0);
	KUNIT_ASSERT_EQ(test, rsp[*len - tail], r.auth[0].attributes);
	nonces.newer = r.auth[0].nonce;
	rsp[*len - tail] = attributes;
	KUNIT_ASSERT_EQ(test, trm_rp_hash(keys->hash, x->info->code, r.params,
					  hash), 0);
	KUNIT_ASSERT_EQ(test,
			trm_auth_hmac(keys->hash,
				      tpm2_bytes(keys->key, keys->key_len),
				      tpm2_bytes(NULL, 0), hash, &nonces,
				      attributes, rsp + *len - tail + 3), 0);
}

static void response_must_say_that_it_is_encrypted(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN], rsp[TPM2_BUFFER_SIZE];
	struct trm_exchange x;
	struct tpm2_bytes reply;
	size_t len;

	ask(test, secret, &x);
	answer_with(test, &x, rsp, &len, CONTINUE | ENCRYPT);
	KUNIT_EXPECT_EQ(test, take_copy(f, &x, rsp, len, &reply), 0);
	answer_with(test, &x, rsp, &len, CONTINUE);
	KUNIT_EXPECT_EQ(test, take_copy(f, &x, rsp, len, &reply), -EBADMSG);
	x.auth[0].attributes = CONTINUE;
	KUNIT_EXPECT_EQ(test, take_copy(f, &x, rsp, len, &reply), 0);
	answer_with(test, &x, rsp, &len, CONTINUE | ENCRYPT);
	KUNIT_EXPECT_EQ(test, take_copy(f, &x, rsp, len, &reply), -EBADMSG);
}

/* An error has no HMAC, so it changes nothing of ours. */
static void error_leaves_the_session_usable(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 secret[SECRET_LEN];
	struct trm_exchange x;
	struct tpm2_bytes reply;

	ask(test, secret, &x);
	KUNIT_ASSERT_EQ(test, take(f, &x, f->rsp, f->rsp_len, &reply), 0);
	host_tpm_fail(TPM_CC_Unseal, 0, TPM_RC_RETRY);
	KUNIT_EXPECT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_EXPECT_EQ(test, f->rc, TPM_RC_RETRY);
	KUNIT_EXPECT_EQ(test, reply.len, 0);
	KUNIT_ASSERT_EQ(test, exchange(f, &x, &reply), 0);
	KUNIT_ASSERT_EQ(test, f->rc, TPM_RC_SUCCESS);
	expect_data(test, reply, secret, 32);
}

static void only_one_salted_session_encrypts(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct session *salted = &f->session[0], *other = &f->session[1];
	static const u8 none[2];
	const struct trm_exchange bare = command(STIR_RANDOM,
						 tpm2_bytes(none, 2));
	struct trm_exchange x = bare;

	begin_ecc(test);
	start(test, other, TPM_SE_HMAC, TPM_ALG_ID_SHA256);
	add_auth(&x, other, CONTINUE | DECRYPT, "");
	KUNIT_EXPECT_FALSE(test, trm_exchange_can_encrypt(&x));
	KUNIT_EXPECT_EQ(test, put(f, &x), -EINVAL);
	x.auth[0].attributes = CONTINUE | ENCRYPT;
	KUNIT_EXPECT_EQ(test, put(f, &x), -EINVAL);
	x = bare;
	add_auth(&x, NULL, DECRYPT, "");
	KUNIT_EXPECT_EQ(test, put(f, &x), -EINVAL);
	x = bare;
	add_auth(&x, salted, CONTINUE | DECRYPT, "");
	KUNIT_EXPECT_TRUE(test, trm_exchange_can_encrypt(&x));
	add_auth(&x, salted, CONTINUE | DECRYPT, "");
	KUNIT_EXPECT_EQ(test, put(f, &x), -EINVAL);
	x.auth[1].attributes = CONTINUE | ENCRYPT;
	KUNIT_EXPECT_EQ(test, put(f, &x), 0);
}

/* The largest command there can be, and one octet more. */
static void command_must_fit_the_buffer(struct kunit *test)
{
	struct fixture *f = test->priv;
	size_t frame = TPM2_HEADER_SIZE + 4 + 4 + 2 + 32 + 1 + 2 + 32;
	u8 params[TPM2_BUFFER_SIZE];
	struct trm_exchange x;

	begin_ecc(test);
	memset(params, 0x5a, sizeof(params));
	put_unaligned_be16(TPM2_BUFFER_SIZE - frame - 2, params);
	x = command(STIR_RANDOM, tpm2_bytes(params, TPM2_BUFFER_SIZE - frame));
	add_auth(&x, &f->session[0], CONTINUE | DECRYPT, "");
	f->seen_len = 0;
	KUNIT_EXPECT_EQ(test, put(f, &x), 0);
	KUNIT_EXPECT_EQ(test, f->cmd_len, TPM2_BUFFER_SIZE);
	remember(f, f->cmd, f->cmd_len);
	x.params.len++;
	KUNIT_EXPECT_EQ(test, put(f, &x), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, f->cmd_len, 0);
	remember(f, f->cmd, sizeof(f->cmd));
	KUNIT_EXPECT_FALSE(test, seen(f, params + 2, 8));
}

static void there_must_be_a_parameter_to_encrypt(struct kunit *test)
{
	struct fixture *f = test->priv;
	static const u8 lies[] = { 0, 9, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a, 0x5a };
	struct trm_exchange x;

	begin_ecc(test);
	x = command(STIR_RANDOM, tpm2_bytes(lies, sizeof(lies)));
	add_auth(&x, &f->session[0], CONTINUE | DECRYPT, "");
	KUNIT_EXPECT_EQ(test, put(f, &x), -EINVAL);
	f->seen_len = 0;
	remember(f, f->cmd, sizeof(f->cmd));
	KUNIT_EXPECT_FALSE(test, seen(f, lies + 2, 6));
	x.params.len = 0;
	KUNIT_EXPECT_EQ(test, put(f, &x), -EINVAL);
}

static void start_reply_must_be_whole(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct session *s = &f->session[0];
	u8 reply[2 + 32 + 1] = { 0, 32 };
	size_t len;

	begin_ecc(test);
	for (len = 0; len <= sizeof(reply); len++) {
		int err = trm_start_reply(&s->keys, &s->salt,
					  tpm2_bytes(reply, len));

		KUNIT_EXPECT_EQ(test, err, len == 2 + 32 ? 0 : -EBADMSG);
	}
	reply[1] = 31;
	KUNIT_EXPECT_EQ(test, trm_start_reply(&s->keys, &s->salt,
					      tpm2_bytes(reply, 2 + 31)),
			-EBADMSG);
}

static struct kunit_case wrong_cases[] = {
	KUNIT_CASE(any_flipped_bit_is_noticed),
	KUNIT_CASE(any_missing_octet_is_noticed),
	KUNIT_CASE(bad_response_is_left_alone),
	KUNIT_CASE(old_response_is_refused),
	KUNIT_CASE(tpm_refuses_any_flipped_octet),
	KUNIT_CASE(wrong_salt_is_noticed_by_the_tpm),
	KUNIT_CASE(wrong_key_is_noticed_by_us),
	KUNIT_CASE(response_must_say_that_it_is_encrypted),
	KUNIT_CASE(error_leaves_the_session_usable),
	KUNIT_CASE(only_one_salted_session_encrypts),
	KUNIT_CASE(command_must_fit_the_buffer),
	KUNIT_CASE(there_must_be_a_parameter_to_encrypt),
	KUNIT_CASE(start_reply_must_be_whole),
	{}
};

static struct kunit_suite wrong_suite = {
	.name = "tpm_rm_exchange_wrong",
	.init = exchange_init,
	.exit = exchange_exit,
	.test_cases = wrong_cases,
};

kunit_test_suite(wrong_suite);
