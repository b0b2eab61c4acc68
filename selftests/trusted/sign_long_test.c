// SPDX-License-Identifier: GPL-2.0-only
/*
 * Somebody takes 70 seconds to sign.  Meanwhile eight others work with the TPM, a
 * user takes all the sessions that he can get, a PCR is extended all the time, a
 * key type is registered, and the machine sleeps.
 */
#include "sign_wait.h"
#include "sleep.h"

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=240";

#define TAKES_MS	70000
#define PAUSE_MS	3000
#define WORKERS		8

FIXTURE(sign_long) {
	struct env env;
	EVP_PKEY *key;
	char *blob;
	struct stat node;
	pid_t worker[WORKERS], grabber;
};

FIXTURE_SETUP(sign_long)
{
	struct octets statements, body, pcr;
	unsigned int i;

	env_open(_metadata, &self->env);
	ASSERT_EQ(0, sleep_prepare());
	self->key = signer_new(false);
	statements = policy_signed(self->key, "", 0);
	ASSERT_EQ(0, vault_pcr_policy(self->env.tpm, 7, &body));
	pcr = policy_statement(POLICY_PCR, &body);
	add_octets(&statements, pcr.data, pcr.len);
	self->blob = sealed_to(_metadata, &self->env, &statements, "");
	ASSERT_EQ(0, stat(TPM_MANAGED, &self->node));
	ASSERT_EQ(0, chmod(TPM_MANAGED, 0666));
	for (i = 0; i < WORKERS; i++)
		self->worker[i] = process_start(work, (void *)(long)i);
	self->grabber = process_start(grab, NULL);
}

FIXTURE_TEARDOWN(sign_long)
{
	unsigned int i;

	for (i = 0; i < WORKERS; i++)
		stop(_metadata, self->worker[i]);
	stop(_metadata, self->grabber);
	EXPECT_EQ(0, chmod(TPM_MANAGED, self->node.st_mode & 07777));
	free(self->blob);
	EVP_PKEY_free(self->key);
	env_close(_metadata, &self->env);
}

/* All that happens once in a while. */
static void go_on(struct __test_metadata *_metadata, FIXTURE_DATA(sign_long) *self, int round)
{
	uint8_t digest[SHA256_SIZE] = { round };

	EXPECT_EQ(0, tpm_pcr_extend(self->env.tpm, 10, digest));
	/* The type is a module's. */
	if (round % 4 == 1 && !module_built_in("tpm_rm"))
		register_type(_metadata);
	if (round % 8 == 3)
		EXPECT_EQ(0, sleep_till_key());
	if (round % 4 == 2)
		free(new_blob(_metadata, &self->env, "new 32 pcrs=7"));
}

TEST_F_TIMEOUT(sign_long, a_signer_takes_70_seconds, 200)
{
	long end = now_ms() + TAKES_MS;
	int fd = node_open(), round;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, node_ask(fd, self->blob, ""));
	for (round = 0; now_ms() < end; round++) {
		go_on(_metadata, self, round);
		usleep(1000 * PAUSE_MS);
	}
	TH_LOG("%d rounds", round);
	ASSERT_EQ(0, node_sign(fd, 1, self->key, 0));
	EXPECT_EQ(0, load_signed(&self->env, self->blob, fd, ""))
		show_log(&self->env.log);
	close(fd);
}

TEST_HARNESS_MAIN
