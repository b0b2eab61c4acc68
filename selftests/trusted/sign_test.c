// SPDX-License-Identifier: GPL-2.0-only
/*
 * PolicySigned: what somebody signs in a file of /dev/trusted-sign opens a key.
 */
#include <signal.h>

#include "sign.h"
#include "process.h"
#include "user.h"

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=120";

FIXTURE(sign) {
	struct env env;
	EVP_PKEY *key;
	char *blob;
	int fd;
};

FIXTURE_SETUP(sign)
{
	struct octets statement;

	env_open(_metadata, &self->env);
	self->key = signer_new(false);
	statement = policy_signed(self->key, "door", 0);
	self->blob = sealed_to(_metadata, &self->env, &statement, "");
	self->fd = node_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(sign)
{
	close(self->fd);
	free(self->blob);
	EVP_PKEY_free(self->key);
	env_close(_metadata, &self->env);
}

#define EXPECT_OPENS(e, hex, fd, options)			\
	EXPECT_EQ(0, load_signed(e, hex, fd, options)) {	\
		TH_LOG("load ... signfd= %s", options);		\
		show_log(&(e)->log);				\
	}

TEST_F(sign, ecdsa_opens_the_key)
{
	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_OPENS(&self->env, self->blob, self->fd, "");
}

static void rsa_opens(struct __test_metadata *_metadata, FIXTURE_DATA(sign) *self, int padding)
{
	EVP_PKEY *key = signer_new(true);
	struct octets statement = policy_signed(key, "", 0);
	char *hex = sealed_to(_metadata, &self->env, &statement, "");

	ASSERT_EQ(0, node_ask(self->fd, hex, ""));
	ASSERT_EQ(0, node_sign(self->fd, 1, key, padding));
	EXPECT_OPENS(&self->env, hex, self->fd, "");
	EVP_PKEY_free(key);
	free(hex);
}

TEST_F(sign, rsassa_opens_the_key)
{
	rsa_opens(_metadata, self, RSA_PKCS1_PADDING);
}

TEST_F(sign, rsapss_opens_the_key)
{
	rsa_opens(_metadata, self, RSA_PKCS1_PSS_PADDING);
}

TEST_F(sign, nothing_opens_without_a_signature)
{
	struct tpm_trace trace;

	ASSERT_EQ(0, tpm_trace_start());
	refuse_load(_metadata, &self->env, -ENOKEY, self->blob, "");
	EXPECT_LOGGED(1, &self->env, "nobody has signed");
	ASSERT_EQ(0, tpm_trace_take(&trace));
	tpm_trace_stop();
	EXPECT_EQ(0, trace.nr);

	EXPECT_EQ(-ENOKEY, load_signed(&self->env, self->blob, self->fd, ""));
	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	EXPECT_EQ(-ENOKEY, load_signed(&self->env, self->blob, self->fd, ""));
	EXPECT_LOGGED(1, &self->env, "nothing was signed");
}

TEST_F(sign, a_challenge_says_what_is_signed)
{
	char value[1024], again[1024], *text;

	EXPECT_EQ(NULL, node_read(self->fd));
	EXPECT_EQ(ENODATA, errno);
	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	text = node_read(self->fd);
	ASSERT_NE(NULL, text);
	EXPECT_EQ(0, strncmp(text, "trusted-sign 1\nobject 000b", 26));
	EXPECT_TRUE(challenge_get(text, 0, "nonce", value, sizeof(value)));
	EXPECT_EQ(64, strlen(value));
	EXPECT_TRUE(challenge_get(text, 1, "message", again, sizeof(again)));
	EXPECT_EQ(0, strncmp(again, value, 64));
	EXPECT_EQ(2 * (32 + 4 + 32 + 4), strlen(again));
	EXPECT_TRUE(challenge_get(text, 1, "policyref", value, sizeof(value)));
	EXPECT_STREQ("646f6f72", value);
	EXPECT_TRUE(challenge_get(text, 1, "hash", value, sizeof(value)));
	EXPECT_STREQ("sha256", value);
	EXPECT_FALSE(challenge_get(text, 2, "key", value, sizeof(value)));
	EXPECT_STREQ("\nend\n", text + strlen(text) - 5);
	free(text);
}

TEST_F(sign, a_wrong_signature_can_be_replaced)
{
	EVP_PKEY *other = signer_new(false);

	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	ASSERT_EQ(0, node_sign(self->fd, 1, other, 0));
	EXPECT_EQ(-ENOKEY, load_signed(&self->env, self->blob, self->fd, ""));
	EXPECT_LOGGED(1, &self->env, "or by another key");
	EXPECT_EQ(-ENOKEY, load_signed(&self->env, self->blob, self->fd, ""));
	EXPECT_LOGGED(1, &self->env, "nothing was signed");
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_OPENS(&self->env, self->blob, self->fd, "");
	EVP_PKEY_free(other);
}

/* What was signed is bound to one session: it opens once, and nowhere else. */
TEST_F(sign, a_signature_opens_once)
{
	char *text, *line, hex[1024];
	struct octets message, sig;
	int again = node_open();

	ASSERT_LE(0, again);
	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	text = node_read(self->fd);
	ASSERT_TRUE(challenge_get(text, 1, "message", hex, sizeof(hex)));
	message.len = hex_decode(hex, message.data, sizeof(message.data));
	sig = signer_sign(self->key, 0, &message);
	line = hex_encode(sig.data, sig.len);
	free(text);
	ASSERT_LT(0, asprintf(&text, "sign 1 ecdsa-sha256 %s\n", line));

	ASSERT_EQ(0, node_ask(again, self->blob, ""));
	ASSERT_EQ(0, node_write(again, text));
	EXPECT_EQ(-ENOKEY, load_signed(&self->env, self->blob, again, ""));

	ASSERT_EQ(0, node_write(self->fd, text));
	EXPECT_OPENS(&self->env, self->blob, self->fd, "");
	EXPECT_EQ(-ENOKEY, load_signed(&self->env, self->blob, self->fd, ""));
	EXPECT_LOGGED(1, &self->env, "is over");
	EXPECT_EQ(-EPIPE, node_write(self->fd, text));
	close(again);
	free(line);
	free(text);
}

TEST_F(sign, a_signature_is_for_one_blob)
{
	struct octets statement = policy_signed(self->key, "door", 0);
	char *other = sealed_to(_metadata, &self->env, &statement, "");

	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_EQ(-EINVAL, load_signed(&self->env, other, self->fd, ""));
	EXPECT_LOGGED(1, &self->env, "for another blob");
	EXPECT_OPENS(&self->env, self->blob, self->fd, "");
	free(other);
}

TEST_F(sign, one_of_two_signers_is_enough)
{
	EVP_PKEY *other = signer_new(true);
	struct octets a = policy_signed(self->key, "", 0), b = policy_signed(other, "", 0);
	struct octets any = policy_or(&a, &b);
	char *hex = sealed_to(_metadata, &self->env, &any, "");

	ASSERT_EQ(0, node_ask(self->fd, hex, ""));
	EXPECT_EQ(-ENOENT, node_sign(self->fd, 3, other, RSA_PKCS1_PADDING));
	ASSERT_EQ(0, node_sign(self->fd, 2, other, RSA_PKCS1_PADDING));
	EXPECT_OPENS(&self->env, hex, self->fd, "");
	refuse_load(_metadata, &self->env, -ENOKEY, hex, "");
	EVP_PKEY_free(other);
	free(hex);
}

TEST_F(sign, two_signers_must_both_sign)
{
	EVP_PKEY *other = signer_new(true);
	struct octets both = policy_signed(self->key, "", 0), b = policy_signed(other, "", 0);
	char *hex;

	add_octets(&both, b.data, b.len);
	hex = sealed_to(_metadata, &self->env, &both, "");
	ASSERT_EQ(0, node_ask(self->fd, hex, ""));
	ASSERT_EQ(0, node_sign(self->fd, 2, other, RSA_PKCS1_PADDING));
	EXPECT_EQ(-ENOKEY, load_signed(&self->env, hex, self->fd, ""));
	EXPECT_LOGGED(1, &self->env, "no signature for it");
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_OPENS(&self->env, hex, self->fd, "");
	EVP_PKEY_free(other);
	free(hex);
}

/* The same signature, after PolicyRestart: it is the nonce that counts. */
TEST_F(sign, pcrs_may_change_between_attempts)
{
	struct octets statements = policy_signed(self->key, "", 0), body, pcr, auth = { 0 };
	uint8_t digest[SHA256_SIZE] = { 5 };
	char *hex;

	ASSERT_EQ(0, vault_pcr_policy(self->env.tpm, 7, &body));
	pcr = policy_statement(POLICY_PCR, &body);
	add_octets(&statements, pcr.data, pcr.len);
	auth = policy_statement(POLICY_AUTH, &auth);
	add_octets(&statements, auth.data, auth.len);
	hex = sealed_to(_metadata, &self->env, &statements, "blobauth=rightone");

	ASSERT_EQ(0, node_ask(self->fd, hex, ""));
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_EQ(-EACCES, load_signed(&self->env, hex, self->fd, "blobauth=wrongone"));
	ASSERT_EQ(0, tpm_pcr_extend(self->env.tpm, 10, digest));
	EXPECT_OPENS(&self->env, hex, self->fd, "blobauth=rightone");
	ASSERT_EQ(0, vault_lockout_reset(self->env.tpm));
	free(hex);
}

TEST_F(sign, a_signature_expires)
{
	struct octets statement = policy_signed(self->key, "", 1);
	char *hex = sealed_to(_metadata, &self->env, &statement, "");

	ASSERT_EQ(0, node_ask(self->fd, hex, ""));
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	usleep(2200000);	/* that is what it is about */
	EXPECT_EQ(-EKEYEXPIRED, load_signed(&self->env, hex, self->fd, ""));
	EXPECT_LOGGED(1, &self->env, "signature has expired");
	EXPECT_EQ(-ENOKEY, load_signed(&self->env, hex, self->fd, ""));
	EXPECT_EQ(POLLHUP, node_events(self->fd) & POLLHUP);
	free(hex);
}

TEST_F(sign, poll_tells_what_can_be_done)
{
	EXPECT_EQ(POLLOUT, node_events(self->fd));
	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	EXPECT_EQ(POLLIN | POLLOUT, node_events(self->fd));
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_EQ(POLLOUT, node_events(self->fd));
	EXPECT_OPENS(&self->env, self->blob, self->fd, "");
	EXPECT_EQ(POLLHUP, node_events(self->fd));
}

TEST_F(sign, lines_may_come_in_pieces)
{
	size_t i, half = strlen(self->blob) / 2;
	char *blob = strdup(self->blob);

	EXPECT_EQ(0, node_write(self->fd, "lo"));
	EXPECT_EQ(0, node_write(self->fd, "ad "));
	for (i = 0; i < half; i++)
		ASSERT_EQ(1, write(self->fd, blob + i, 1));
	EXPECT_EQ(0, node_write(self->fd, blob + half));
	EXPECT_EQ(POLLOUT, node_events(self->fd));
	EXPECT_EQ(0, node_write(self->fd, "\n"));
	EXPECT_EQ(POLLIN | POLLOUT, node_events(self->fd));
	free(blob);
}

TEST_F(sign, other_requests_are_refused)
{
	char *plain = new_blob(_metadata, &self->env, "new 32"), *text;

	EXPECT_EQ(-EINVAL, node_write(self->fd, "\n"));
	EXPECT_EQ(-EINVAL, node_write(self->fd, "hello\n"));
	EXPECT_EQ(-EINVAL, node_write(self->fd, "new 32\n"));
	EXPECT_EQ(-EINVAL, node_write(self->fd, "update pcrs=7\n"));
	EXPECT_EQ(-EINVAL, node_write(self->fd, "sign 1 ecdsa-sha256 00\n"));
	EXPECT_EQ(-EBADMSG, node_write(self->fd, "load 3000\n"));
	EXPECT_EQ(-EINVAL, node_ask(self->fd, self->blob, "signfd=3"));
	EXPECT_EQ(-EINVAL, node_ask(self->fd, self->blob, "pcrlock=23"));
	EXPECT_EQ(-EINVAL, node_ask(self->fd, plain, ""));
	text = calloc(1, 40000);
	memset(text, 'a', 39999);
	EXPECT_EQ(-EMSGSIZE, node_write(self->fd, text));
	free(text);

	close(self->fd);
	self->fd = node_open();
	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	EXPECT_EQ(-EINVAL, node_ask(self->fd, self->blob, ""));
	EXPECT_EQ(-EINVAL, node_write(self->fd, "sign 1 ecdsa-sha256 00\n"));
	EXPECT_EQ(-EINVAL, node_write(self->fd, "sign 2 ecdsa-sha256 00\n"));
	EXPECT_EQ(-EOPNOTSUPP, node_write(self->fd, "sign 1 pgp 00\n"));
	EXPECT_EQ(POLLIN | POLLOUT, node_events(self->fd));
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_OPENS(&self->env, self->blob, self->fd, "");
	free(plain);
}

TEST_F(sign, other_files_are_refused)
{
	EXPECT_EQ(-EINVAL, load_signed(&self->env, self->blob, 900, ""));
	EXPECT_LOGGED(1, &self->env, "no such open file");
	EXPECT_EQ(-EINVAL, load_signed(&self->env, self->blob, self->env.tpm, ""));
	EXPECT_LOGGED(1, &self->env, "no open file of /dev/trusted-sign");
}

/* A blob of another TPM is noticed before anybody is asked to sign. */
TEST_F(sign, a_blob_of_another_parent_is_refused_at_once)
{
	struct keyfile kf = parsed(_metadata, self->blob);
	char *hex;

	kf.fields &= ~(1u << 6);
	kf.private.data[20] ^= 1;
	hex = keyfile_encode(&kf);
	EXPECT_EQ(-EREMOTE, node_ask(self->fd, hex, ""));
	EXPECT_EQ(POLLOUT, node_events(self->fd));
	free(hex);
}

static int as_another_user(void *arg)
{
	FIXTURE_DATA(sign) *self = arg;
	int err;

	become_user();
	err = node_write(self->fd, "sign 1 ecdsa-sha256 00\n");
	if (err != -EPERM)
		return err ? -err : 1;
	err = key_add(key_ring(), "loaded", "load %s signfd=%d", self->blob, self->fd);
	return -err;
}

TEST_F(sign, a_file_is_for_who_opened_it)
{
	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_EQ(EPERM, process_result(process_start(as_another_user, self), 10000));
	EXPECT_OPENS(&self->env, self->blob, self->fd, "");
}

/* Handles that the TPM has now, of sessions that are loaded or saved. */
static int sessions_now(struct __test_metadata *_metadata)
{
	struct tpm_state state;

	physical_state(_metadata, &state);
	return state.loaded.nr + state.saved.nr;
}

static int ask_and_wait(void *arg)
{
	FIXTURE_DATA(sign) *self = arg;
	int fd = node_open();

	if (fd < 0 || node_ask(fd, self->blob, ""))
		return EIO;
	pause();
	return EIO;
}

TEST_F(sign, the_session_goes_with_a_signer_who_is_killed)
{
	int before = sessions_now(_metadata);
	long end = now_ms() + 10000;
	pid_t pid;

	pid = process_start(ask_and_wait, self);
	while (sessions_now(_metadata) == before && now_ms() < end)
		usleep(1000);
	ASSERT_EQ(before + 1, sessions_now(_metadata));
	kill(pid, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, process_result(pid, 10000));
	while (sessions_now(_metadata) != before && now_ms() < end)
		usleep(1000);
	EXPECT_EQ(before, sessions_now(_metadata));
}

TEST_HARNESS_MAIN
