// SPDX-License-Identifier: GPL-2.0-only
/*
 * policyhandle=: what worked with the kernel's own key type works here, once it is
 * switched on, for whoever may use /dev/tpm0; and no session is left behind.
 */
#include <sys/wait.h>

#include "fixture.h"
#include "user.h"

#define PARAMETER	"/sys/module/trusted/parameters/legacy_policyhandle"
#define POLICY_PCR	0x17f
#define POLICY_AUTH	0x16b
#define POLICY_PASSWORD	0x18c
#define TRIAL		3
#define ZEROES		"0000000000000000000000000000000000000000000000000000000000000000"

/* Blobs sealed to the digest of a policy, and a session on /dev/tpm0. */
FIXTURE(legacy)
{
	struct env env;
	int raw;
	struct octets body;
	struct tpm_session session;
	char *hex;
	char options[64];
};

static long run_pcr(int fd, const struct tpm_session *s, const struct octets *body)
{
	struct tpm_call c = { .code = POLICY_PCR, .handles = 1, .handle[0] = s->handle };
	size_t len = body->len - SHA256_SIZE;

	tpm_put_sized(&c.params, body->data + len, SHA256_SIZE);
	tpm_put(&c.params, body->data, len);
	return tpm_run(fd, &c);
}

static long run_password(int fd, const struct tpm_session *s)
{
	struct tpm_call c = { .code = POLICY_PASSWORD, .handles = 1, .handle[0] = s->handle };

	return tpm_run(fd, &c);
}

/* A session as user space hands it over: loaded, on this file. */
static void start(struct __test_metadata *_metadata, FIXTURE_DATA(legacy) *self,
		  int fd, uint8_t type)
{
	ASSERT_EQ(0, tpm_session_start(fd, type, &self->session));
	snprintf(self->options, sizeof(self->options), "policyhandle=0x%08x",
		 self->session.handle);
}

/* The same, with the policy of PCR 16 run. */
static void start_met(struct __test_metadata *_metadata, FIXTURE_DATA(legacy) *self)
{
	start(_metadata, self, self->raw, TPM_SE_POLICY);
	ASSERT_EQ(0, run_pcr(self->raw, &self->session, &self->body));
}

static int loaded_sessions(struct __test_metadata *_metadata, FIXTURE_DATA(legacy) *self)
{
	struct tpm_state state;

	ASSERT_EQ(0, tpm_read_state(self->raw, &state));
	return state.loaded.nr;
}

static char *seal_to(struct __test_metadata *_metadata, FIXTURE_DATA(legacy) *self,
		     const char *options, bool password)
{
	struct keyfile kf = { 0 };
	struct octets digest;
	char text[256];
	char *hex;

	keyfile_add_statement(&kf, POLICY_PCR, self->body.data, self->body.len);
	if (password)
		keyfile_add_statement(&kf, POLICY_AUTH, NULL, 0);
	digest = vault_policy_digest(&kf);
	hex = hex_encode(digest.data, digest.len);
	snprintf(text, sizeof(text), "new 32 policydigest=%s %s", hex, options);
	free(hex);
	return new_blob(_metadata, &self->env, text);
}

FIXTURE_SETUP(legacy)
{
	env_open(_metadata, &self->env);
	ASSERT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	self->raw = tpm_open(TPM_RAW);
	ASSERT_LE(0, self->raw);
	ASSERT_EQ(0, vault_pcr_policy(self->env.tpm, 16, &self->body));
	self->hex = seal_to(_metadata, self, "", false);
	log_anew(_metadata, &self->env);
}

FIXTURE_TEARDOWN(legacy)
{
	EXPECT_EQ(0, file_write_number(PARAMETER, 1));
	EXPECT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	close(self->raw);
	free(self->hex);
	env_close(_metadata, &self->env);
}

/* Success takes the session, as the TPM has it. */
TEST_F(legacy, opens_and_the_session_is_over)
{
	start_met(_metadata, self);
	EXPECT_LOADS(&self->env, self->hex, self->options);
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
	start_met(_metadata, self);
	EXPECT_LOADS(&self->env, self->hex, self->options);
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
}

/* A blob that records its policy as well. */
TEST_F(legacy, opens_what_needs_no_session)
{
	char *hex = new_blob(_metadata, &self->env, "new 32 pcrs=16=" ZEROES);

	start_met(_metadata, self);
	EXPECT_LOADS(&self->env, hex, self->options);
	EXPECT_LOADS(&self->env, hex, "");
	free(hex);
}

/* And the blob opens in both ways to the same key. */
TEST_F(legacy, opens_with_pcrs_too)
{
	EXPECT_LOADS(&self->env, self->hex, "pcrs=16");
}

TEST_F(legacy, is_said_to_be_deprecated_once)
{
	int i;

	klog_mark(&self->env.log);
	for (i = 0; i < 3; i++) {
		start_met(_metadata, self);
		ASSERT_LT(0, key_add(self->env.ring, "loaded", "load %s %s", self->hex,
				     self->options));
		ASSERT_EQ(0, key_unlink(self->env.ring,
					key_find(self->env.ring, "loaded")));
	}
	ASSERT_TRUE(klog_read(&self->env.log));
	EXPECT_LOGGED(1, &self->env, "policyhandle= is deprecated");
	EXPECT_LOGGED(1, &self->env, "pcrs=");
}

TEST_F(legacy, blobauth_is_a_password)
{
	char *hex = seal_to(_metadata, self, "blobauth=secret", true);
	char options[128];

	start_met(_metadata, self);
	ASSERT_EQ(0, run_password(self->raw, &self->session));
	snprintf(options, sizeof(options), "%s blobauth=secret", self->options);
	EXPECT_LOADS(&self->env, hex, options);
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
	free(hex);
}

TEST_F(legacy, wrong_blobauth)
{
	char *hex = seal_to(_metadata, self, "blobauth=secret", true);
	char options[128];

	start_met(_metadata, self);
	ASSERT_EQ(0, run_password(self->raw, &self->session));
	snprintf(options, sizeof(options), "%s blobauth=Secret", self->options);
	EXPECT_EQ(-EACCES, load(&self->env, hex, options));
	EXPECT_LOGGED(1, &self->env, "check blobauth=");
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
	EXPECT_EQ(0, vault_lockout_reset(self->env.tpm));
	free(hex);
}

TEST_F(legacy, policy_that_was_not_run)
{
	start(_metadata, self, self->raw, TPM_SE_POLICY);
	EXPECT_EQ(-EKEYREJECTED, load(&self->env, self->hex, self->options));
	EXPECT_LOGGED(1, &self->env, "policy not met");
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
}

TEST_F(legacy, policy_of_other_values)
{
	ASSERT_EQ(0, vault_pcr_extend(self->env.tpm, VAULT_SHA256, 16, 0xaa));
	ASSERT_EQ(0, vault_pcr_policy(self->env.tpm, 16, &self->body));
	start_met(_metadata, self);
	EXPECT_EQ(-EKEYREJECTED, load(&self->env, self->hex, self->options));
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
}

/* PCR 7 counts, and the TPM counts since the policy was run. */
TEST_F(legacy, pcrs_that_changed_since)
{
	start_met(_metadata, self);
	ASSERT_EQ(0, vault_pcr_extend(self->env.tpm, VAULT_SHA256, 7, 0xaa));
	EXPECT_EQ(-EKEYREJECTED, load(&self->env, self->hex, self->options));
	EXPECT_LOGGED(1, &self->env, "PCRs have changed");
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
}

TEST_F(legacy, no_such_session)
{
	EXPECT_EQ(-ENOKEY, load(&self->env, self->hex, "policyhandle=0x03000005"));
	EXPECT_LOGGED(1, &self->env, "not loaded in the TPM");
}

/* One that tpm2-tools have saved, for instance. */
TEST_F(legacy, session_that_is_saved)
{
	struct tpm_buf context = { 0 };

	start_met(_metadata, self);
	ASSERT_EQ(0, tpm_context_save(self->raw, self->session.handle, &context));
	EXPECT_EQ(-ENOKEY, load(&self->env, self->hex, self->options));
	EXPECT_LOGGED(1, &self->env, "not loaded in the TPM");
}

TEST_F(legacy, trial_session)
{
	start(_metadata, self, self->raw, TRIAL);
	ASSERT_EQ(0, run_pcr(self->raw, &self->session, &self->body));
	EXPECT_EQ(-EINVAL, load(&self->env, self->hex, self->options));
	EXPECT_LOGGED(1, &self->env, "trial");
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
}

/* Its number with the upper octet of a policy session's. */
TEST_F(legacy, hmac_session)
{
	start(_metadata, self, self->raw, TPM_SE_HMAC);
	snprintf(self->options, sizeof(self->options), "policyhandle=0x%08x",
		 0x03000000 | (self->session.handle & 0xffffff));
	EXPECT_EQ(-ENOKEY, load(&self->env, self->hex, self->options));
	EXPECT_LOGGED(1, &self->env, "no policy session");
	EXPECT_EQ(0, loaded_sessions(_metadata, self));
}

/* The resource manager's own files cannot lend theirs, and keep them. */
TEST_F(legacy, session_of_the_managed_device)
{
	start(_metadata, self, self->env.tpm, TPM_SE_POLICY);
	EXPECT_EQ(-EPERM, load(&self->env, self->hex, self->options));
	EXPECT_LOGGED(1, &self->env, "/dev/tpmrm0");
	EXPECT_EQ(0, tpm_session_mark(self->env.tpm, &self->session, 1));
	EXPECT_EQ(0, tpm_session_use(self->env.tpm, &self->session));
	EXPECT_EQ(0, tpm_flush(self->env.tpm, self->session.handle));
}

/* Whoever may not open /dev/tpm0 is not helped to its sessions. */
TEST_F(legacy, user_without_privilege)
{
	int status, ring;
	pid_t pid;

	start_met(_metadata, self);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		become_user();
		ring = key_ring();
		status = ring < 0 ? ring : key_add(ring, "no", "load %s %s", self->hex,
						   self->options);
		_exit(status == -EPERM ? 0 : 1);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, loaded_sessions(_metadata, self));
	EXPECT_LOADS(&self->env, self->hex, self->options);
}

TEST_F(legacy, parameter_switches_it_off)
{
	struct tpm_trace trace;

	start_met(_metadata, self);
	ASSERT_EQ(0, file_write_number(PARAMETER, 0));
	ASSERT_EQ(0, tpm_trace_start());
	EXPECT_EQ(-EPERM, load(&self->env, self->hex, self->options));
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_EQ(0, trace.nr);
	EXPECT_LOGGED(1, &self->env, "legacy_policyhandle=0");
	EXPECT_LOGGED(0, &self->env, "deprecated");
	ASSERT_EQ(0, file_write_number(PARAMETER, 1));
	EXPECT_LOADS(&self->env, self->hex, self->options);
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_LT(0, trace.nr);
	tpm_trace_stop();
}

TEST_F(legacy, blob_without_a_policy)
{
	char *hex = new_blob(_metadata, &self->env, "new 32");

	start_met(_metadata, self);
	EXPECT_EQ(-EINVAL, load(&self->env, hex, self->options));
	EXPECT_LOGGED(1, &self->env, "sealed to a policy");
	EXPECT_EQ(1, loaded_sessions(_metadata, self));
	EXPECT_LOADS(&self->env, self->hex, self->options);
	free(hex);
}

/* Other sessions make way for the kernel's, this one does not. */
TEST_F(legacy, all_slots_are_taken)
{
	struct tpm_session other[2];

	ASSERT_EQ(0, tpm_session_start(self->raw, TPM_SE_POLICY, &other[0]));
	ASSERT_EQ(0, tpm_session_start(self->raw, TPM_SE_POLICY, &other[1]));
	start_met(_metadata, self);
	EXPECT_EQ(3, loaded_sessions(_metadata, self));
	EXPECT_LOADS(&self->env, self->hex, self->options);
	EXPECT_EQ(2, loaded_sessions(_metadata, self));
	EXPECT_EQ(0, tpm_flush(self->raw, other[0].handle));
	EXPECT_EQ(0, tpm_flush(self->raw, other[1].handle));
}

TEST_HARNESS_MAIN
