// SPDX-License-Identifier: GPL-2.0-only
/*
 * While somebody takes his time to sign, nobody else has to wait, and nobody takes
 * the session away.
 */
#include "form.h"
#include "sign_wait.h"
#include "sleep.h"

#define QUOTA	24	/* sessions of one user, by default */
#define MANY	20

FIXTURE(sign_wait) {
	struct env env;
	EVP_PKEY *key;
	char *blob;
	int fd;
};

/* PolicySigned and PCR 7. */
FIXTURE_SETUP(sign_wait)
{
	struct octets statements, body, pcr;

	env_open(_metadata, &self->env);
	self->key = signer_new(false);
	statements = policy_signed(self->key, "", 0);
	ASSERT_EQ(0, vault_pcr_policy(self->env.tpm, 7, &body));
	pcr = policy_statement(POLICY_PCR, &body);
	add_octets(&statements, pcr.data, pcr.len);
	self->blob = sealed_to(_metadata, &self->env, &statements, "");
	self->fd = node_open();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, node_ask(self->fd, self->blob, ""));
}

FIXTURE_TEARDOWN(sign_wait)
{
	close(self->fd);
	free(self->blob);
	EVP_PKEY_free(self->key);
	env_close(_metadata, &self->env);
}

static void sign_and_load(struct __test_metadata *_metadata, FIXTURE_DATA(sign_wait) *self)
{
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	EXPECT_EQ(0, load_signed(&self->env, self->blob, self->fd, ""))
		show_log(&self->env.log);
}

TEST_F(sign_wait, pcr_10_is_extended)
{
	uint8_t digest[SHA256_SIZE] = { 10 };

	ASSERT_EQ(0, tpm_pcr_extend(self->env.tpm, 10, digest));
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	ASSERT_EQ(0, tpm_pcr_extend(self->env.tpm, 10, digest));
	EXPECT_EQ(0, load_signed(&self->env, self->blob, self->fd, ""))
		show_log(&self->env.log);
}

TEST_F(sign_wait, the_machine_sleeps)
{
	ASSERT_EQ(0, sleep_prepare());
	ASSERT_EQ(0, sleep_till_key());
	ASSERT_EQ(0, node_sign(self->fd, 1, self->key, 0));
	ASSERT_EQ(0, sleep_till_key());
	EXPECT_EQ(0, load_signed(&self->env, self->blob, self->fd, ""))
		show_log(&self->env.log);
}

TEST_F(sign_wait, a_key_type_is_registered)
{
	register_type(_metadata);
	sign_and_load(_metadata, self);
}

TEST_F(sign_wait, a_user_takes_all_sessions)
{
	struct tpm_session s;
	long end = now_ms() + 20000;
	struct stat node;
	int taken = 0;
	pid_t pid;

	ASSERT_EQ(0, stat(TPM_MANAGED, &node));
	ASSERT_EQ(0, chmod(TPM_MANAGED, 0666));
	pid = process_start(grab, NULL);
	/* He does not get more than a user may have, but goes on trying. */
	while (taken < MANY && now_ms() < end) {
		struct tpm_state state;

		physical_state(_metadata, &state);
		taken = state.loaded.nr + state.saved.nr;
	}
	EXPECT_LE(MANY, taken);
	ASSERT_EQ(0, tpm_session_start(self->env.tpm, TPM_SE_HMAC, &s));
	sign_and_load(_metadata, self);
	stop(_metadata, pid);
	EXPECT_EQ(0, chmod(TPM_MANAGED, node.st_mode & 07777));
}

/* Eight that work with the TPM, and others' keys of both kinds. */
TEST_F(sign_wait, others_work)
{
	pid_t worker[8];
	unsigned int i;
	int other = node_open();

	ASSERT_LE(0, other);
	for (i = 0; i < ARRAY_SIZE(worker); i++)
		worker[i] = process_start(work, (void *)(long)i);
	for (i = 0; i < 3; i++)
		free(new_blob(_metadata, &self->env, "new 32 pcrs=7"));
	ASSERT_EQ(0, node_ask(other, self->blob, ""));
	ASSERT_EQ(0, node_sign(other, 1, self->key, 0));
	EXPECT_EQ(0, load_signed(&self->env, self->blob, other, ""))
		show_log(&self->env.log);
	sign_and_load(_metadata, self);
	for (i = 0; i < ARRAY_SIZE(worker); i++)
		stop(_metadata, worker[i]);
	close(other);
}

static int load_as_user(void *arg)
{
	FIXTURE_DATA(sign_wait) *self = arg;
	int fd, err;

	become_user();
	fd = node_open();
	err = fd < 0 ? -errno : node_ask(fd, self->blob, "");
	if (!err)
		err = node_sign(fd, 1, self->key, 0);
	if (!err)
		err = key_add(key_ring(), "mine", "load %s signfd=%d", self->blob, fd);
	return err < 0 ? -err : 0;
}

#define MANY_FILES	40

/* Each file that is opened has a session, as long as the quota lasts. */
static int ask_often(void *arg)
{
	FIXTURE_DATA(sign_wait) *self = arg;
	int i, fd;

	become_user();
	for (i = 0; i < MANY_FILES; i++) {
		fd = node_open();
		if (fd < 0 || node_ask(fd, self->blob, ""))
			return EIO;
	}
	pause();
	return EIO;
}

/* Through the node nobody gets more sessions than he may have. */
TEST_F(sign_wait, files_count_in_the_quota_of_sessions)
{
	struct tpm_state state;
	bool through = false;
	int i, nr;
	pid_t pid;

	ASSERT_EQ(0, chmod(SIGN_NODE, 0666));
	pid = process_start(ask_often, self);
	for (i = 0; i < 4 && !through; i++)
		through = process_reaches(pid, "sys_pause");
	ASSERT_TRUE(through);
	physical_state(_metadata, &state);
	nr = state.loaded.nr + state.saved.nr - self->env.before.loaded.nr -
	     self->env.before.saved.nr - 1;
	EXPECT_EQ(QUOTA, nr);
	sign_and_load(_metadata, self);
	stop(_metadata, pid);
	ASSERT_EQ(0, chmod(SIGN_NODE, 0600));
}

/* The node is root's alone, unless the administrator wants it otherwise. */
TEST_F(sign_wait, users_may_sign_if_the_node_is_theirs)
{
	EXPECT_EQ(EACCES, process_result(process_start(load_as_user, self), 20000));
	ASSERT_EQ(0, chmod(SIGN_NODE, 0666));
	EXPECT_EQ(0, process_result(process_start(load_as_user, self), 20000));
	ASSERT_EQ(0, chmod(SIGN_NODE, 0600));
	sign_and_load(_metadata, self);
}

static const char *const of_modules[] = {
	"a_key_type_is_registered",
	NULL
};

int main(int argc, char **argv)
{
	return form_run(argc, argv, of_modules);
}
