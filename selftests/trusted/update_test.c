// SPDX-License-Identifier: GPL-2.0-only
/*
 * "update" seals the same key anew; everything else leaves a key as it is.
 */
#include <sys/wait.h>

#include "fixture.h"
#include "user.h"

#define RIGHT	"00112233445566778899aabbccddeeff00112233"
#define PARENT	0x81000051

FIXTURE(update)
{
	struct env env;
};

FIXTURE_SETUP(update)
{
	env_open(_metadata, &self->env);
	ASSERT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
}

FIXTURE_TEARDOWN(update)
{
	EXPECT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	env_close(_metadata, &self->env);
}

/* The key's blob is still this one. */
static void expect_unchanged(struct __test_metadata *_metadata, int key,
			     const char *before)
{
	char *after = blob(_metadata, key);

	EXPECT_STREQ(before, after);
	free(after);
}

/* --- what is refused ------------------------------------------------------ */

TEST_F(update, name_that_exists_is_not_made_anew)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "name", "new 32 migratable=1");
	char *before = blob(_metadata, key);

	EXPECT_EQ(-EINVAL, key_add(e->ring, "name", "new 32"));
	expect_unchanged(_metadata, key, before);
	EXPECT_EQ(-EINVAL, key_add(e->ring, "name", "load %s", before));
	expect_unchanged(_metadata, key, before);
	EXPECT_EQ(-EINVAL, key_update(key, "new 32"));
	expect_unchanged(_metadata, key, before);
	EXPECT_EQ(-EINVAL, key_update(key, "load %s", before));
	expect_unchanged(_metadata, key, before);
	EXPECT_EQ(key, key_find(e->ring, "name"));
	EXPECT_EQ(1, key_count(e->ring));
	EXPECT_LOADS(e, before, "");
	free(before);
}

TEST_F(update, name_that_exists_is_logged)
{
	struct env *e = &self->env;

	add(_metadata, e, "refused", "new 32");
	refuse(_metadata, e, -EINVAL, "new 32");
	EXPECT_LOGGED(1, e, "exists");
}

TEST_F(update, name_that_does_not_exist)
{
	struct env *e = &self->env;

	refuse(_metadata, e, -EINVAL, "update pcrs=7");
	EXPECT_LOGGED(1, e, "update");
	refuse(_metadata, e, -EINVAL, "update");
	EXPECT_LOGGED(1, e, "update");
	EXPECT_EQ(0, key_count(e->ring));
}

TEST_F(update, key_that_is_not_migratable)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "refused", "new 32");
	char *before = blob(_metadata, key);

	EXPECT_EQ(-EPERM, key_update(key, "update pcrs=7"));
	refuse(_metadata, e, -EPERM, "update pcrs=7");
	EXPECT_LOGGED(1, e, "migratable");
	expect_unchanged(_metadata, key, before);
	free(before);
}

/* One that was loaded is as its blob is. */
TEST_F(update, loaded_key_that_is_not_migratable)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32");
	int key = add(_metadata, e, "loaded", "load %s", hex);

	EXPECT_EQ(-EPERM, key_update(key, "update pcrs=7"));
	expect_unchanged(_metadata, key, hex);
	free(hex);
}

TEST_F(update, malformed_text_changes_nothing)
{
	static const char *const bad[] = {
		"update 32", "update bogus=1", "update pcrs=24", "update pcrs",
		"update hash=md5", "update migratable=2", "update keyhandle=1",
		"update blobauth=", "update format=x", "update\nhash=sha256",
		"updates", "update pcrs=7 pcrs=7", "update pcrinfo=00",
	};
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1");
	char *before = blob(_metadata, key);
	unsigned int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		EXPECT_EQ(-EINVAL, key_update(key, "%s", bad[i])) {
			TH_LOG("%s", bad[i]);
		}
		expect_unchanged(_metadata, key, before);
	}
	free(before);
}

/* What the TPM refuses does neither. */
TEST_F(update, that_fails_changes_nothing)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1");
	char *before = blob(_metadata, key);

	EXPECT_EQ(-EINVAL, key_update(key, "update pcrs=sha256:16"));
	EXPECT_EQ(-ENOKEY, key_update(key, "update keyhandle=0x81000059"));
	EXPECT_EQ(-EACCES, key_update(key, "update keyhandle=0x4000000b keyauth=" RIGHT));
	expect_unchanged(_metadata, key, before);
	EXPECT_LOADS(e, before, "");
	free(before);
}

/* As a user: 0 if the update is refused for the quota and the key is as it was. */
static int update_over_quota(void)
{
	int ring, key, ret;
	char *before, *after;

	become_user();
	ring = key_ring();
	key = key_add(ring, "key", "new 32 migratable=1");
	if (key < 0)
		return 2;
	before = key_blob(key);
	ret = key_update(key, "update pcrs=sha256:0-23");
	after = key_blob(key);
	if (ret != -EDQUOT)
		return 3;
	if (!before || !after || strcmp(before, after))
		return 4;
	return key_update(key, "update") ? 5 : 0;
}

/* Room for a small blob and not for a large one. */
TEST_F(update, over_quota_changes_nothing)
{
	long limit = file_number(MAXBYTES);
	int status;
	pid_t pid;

	ASSERT_LT(0, limit);
	ASSERT_TRUE(quota_becomes(USER, 0));
	ASSERT_EQ(0, file_write_number(MAXBYTES, 2000));
	pid = fork();
	if (!pid)
		_exit(update_over_quota());
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	ASSERT_EQ(0, file_write_number(MAXBYTES, limit));
	EXPECT_TRUE(WIFEXITED(status));
	EXPECT_EQ(0, WEXITSTATUS(status));
	EXPECT_TRUE(quota_becomes(USER, 0));
}

/* --- what it does --------------------------------------------------------- */

/*
 * Updates a key and opens both blobs without the kernel: the key in them is the
 * same.  @auth is for the new one.  Returns the new blob.
 */
static char *update(struct __test_metadata *_metadata, struct env *e, int key,
		    const char *text, const struct octets *auth)
{
	char *before = blob(_metadata, key), *after;
	struct octets was = contents(_metadata, e, before, NULL), is;

	ASSERT_EQ(0, key_update(key, "%s", text)) TH_LOG("%s", text);
	after = blob(_metadata, key);
	EXPECT_STRNE(before, after);
	is = contents(_metadata, e, after, auth);
	EXPECT_TRUE(same_octets(&was, &is)) TH_LOG("%s", text);
	free(before);
	return after;
}

TEST_F(update, seals_the_same_key)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 128 migratable=1");
	char *old = blob(_metadata, key);
	char *new = update(_metadata, e, key, "update", NULL);

	EXPECT_LOADS(e, old, "");
	EXPECT_LOADS(e, new, "");
	free(old);
	free(new);
}

/* What the kernel holds after a load is what another program sealed. */
TEST_F(update, seals_what_was_loaded)
{
	struct env *e = &self->env;
	struct vault_data d = {
		.hash = VAULT_SHA256,
		.attributes = VAULT_USER_WITH_AUTH | VAULT_NO_DA,
		.data = vault_text("a key of 40 octets, known to the test..."),
	};
	struct keyfile kf = { .type = KEYFILE_SEALED, .parent = PARENT };
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER };
	struct octets is;
	char *hex;
	int key;

	ASSERT_EQ(0, vault_persist(e->tpm, &p, PARENT));
	ASSERT_EQ(0, vault_seal(e->tpm, PARENT, &d, &kf));
	hex = keyfile_encode(&kf);
	key = add(_metadata, e, "loaded", "load %s", hex);
	free(hex);
	hex = update(_metadata, e, key, "update pcrs=7", NULL);
	is = contents(_metadata, e, hex, NULL);
	EXPECT_TRUE(same_octets(&d.data, &is));
	EXPECT_EQ(0, vault_evict(e->tpm, PARENT));
	free(hex);
}

TEST_F(update, to_other_pcrs)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1 pcrs=7,16");
	char *old = blob(_metadata, key), *new;

	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA256, 16, 1));
	EXPECT_EQ(-EKEYREJECTED, load(e, old, ""));
	ASSERT_EQ(0, key_update(key, "update pcrs=7,16"));
	new = blob(_metadata, key);
	EXPECT_LOADS(e, new, "");
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	EXPECT_EQ(-EKEYREJECTED, load(e, new, ""));
	EXPECT_LOADS(e, old, "");
	free(old);
	free(new);
}

/* Without pcrs= there is no policy any more. */
TEST_F(update, without_pcrs)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1 pcrs=7");
	char *hex = update(_metadata, e, key, "update", NULL);
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_EQ(0, policy_len_of(&kf));
	EXPECT_EQ(0, kf.fields & 1 << 1);
	free(hex);
}

TEST_F(update, to_another_parent)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER, .rsa = true };
	struct env *e = &self->env;
	struct keyfile kf;
	char *hex;
	int key;

	ASSERT_EQ(0, vault_persist(e->tpm, &p, PARENT));
	key = add(_metadata, e, "key", "new 32 migratable=1");
	hex = update(_metadata, e, key, "update keyhandle=0x81000051", NULL);
	kf = parsed(_metadata, hex);
	EXPECT_EQ(PARENT, kf.parent);
	EXPECT_LOADS(e, hex, "");
	free(hex);
	/* And it stays there. */
	hex = update(_metadata, e, key, "update pcrs=7", NULL);
	kf = parsed(_metadata, hex);
	EXPECT_EQ(PARENT, kf.parent);
	free(hex);
	EXPECT_EQ(0, vault_evict(e->tpm, PARENT));
}

TEST_F(update, to_a_blobauth_and_a_hash)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1");
	struct octets auth;
	struct keyfile kf;
	char *hex;

	auth.len = hex_decode(RIGHT, auth.data, sizeof(auth.data));
	hex = update(_metadata, e, key,
		     "update hash=sha384 pcrs=7 blobauth=" RIGHT, &auth);
	kf = parsed(_metadata, hex);
	EXPECT_EQ(VAULT_SHA384, name_alg_of(&kf));
	EXPECT_FALSE(kf.empty_auth);
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	EXPECT_EQ(-EACCES, load(e, hex, ""));
	free(hex);
}

/* A key stays migratable, and can be updated again. */
TEST_F(update, again_and_again)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1");
	char *first = blob(_metadata, key);
	struct octets was = contents(_metadata, e, first, NULL), is;
	char *hex;
	int i;

	for (i = 0; i < 4; i++)
		free(update(_metadata, e, key, i % 2 ? "update" : "update pcrs=7",
			    NULL));
	hex = blob(_metadata, key);
	is = contents(_metadata, e, hex, NULL);
	EXPECT_TRUE(same_octets(&was, &is));
	free(first);
	free(hex);
}

/* add_key() with a name that exists is the same as keyctl_update(). */
TEST_F(update, by_add_key)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1");
	char *before = blob(_metadata, key), *after;

	EXPECT_EQ(key, key_add(e->ring, "key", "update pcrs=7"));
	after = blob(_metadata, key);
	EXPECT_STRNE(before, after);
	EXPECT_LOADS(e, after, "");
	free(before);
	free(after);
}

TEST_F(update, format_interop)
{
	struct env *e = &self->env;
	int key = add(_metadata, e, "key", "new 32 migratable=1");
	char *hex = update(_metadata, e, key, "update pcrs=7 format=interop", NULL);
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_EQ(1 << 0 | 1 << 1, kf.fields);
	free(hex);
}

TEST_HARNESS_MAIN
