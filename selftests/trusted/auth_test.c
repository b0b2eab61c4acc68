// SPDX-License-Identifier: GPL-2.0-only
/*
 * blobauth= and keyauth=: right, wrong and missing, and what the TPM's
 * dictionary-attack protection makes of it.
 */
#include "fixture.h"

#define RIGHT	"00112233445566778899aabbccddeeff00112233"
#define WRONG	"00112233445566778899aabbccddeeff00112234"
#define ZEROES	"0000000000000000000000000000000000000000"
#define PARENT	0x81000021
#define GUARDED	0x81000022

FIXTURE(auth)
{
	struct env env;
};

FIXTURE_SETUP(auth)
{
	env_open(_metadata, &self->env);
	ASSERT_EQ(0, vault_lockout_reset(self->env.tpm));
	log_anew(_metadata, &self->env);
}

FIXTURE_TEARDOWN(auth)
{
	EXPECT_EQ(0, vault_lockout_reset(self->env.tpm));
	env_close(_metadata, &self->env);
}

/* Failed authorizations that the TPM counts. */
static uint32_t failures(struct __test_metadata *_metadata, struct env *e)
{
	uint32_t nr;

	ASSERT_EQ(0, tpm_property(e->tpm, TPM_PT_LOCKOUT_COUNTER, &nr));
	return nr;
}

/* Refused once, not again and again: the TPM may be counting. */
static void refuse_once(struct __test_metadata *_metadata, struct env *e,
			int err, const char *hex, const char *options)
{
	log_anew(_metadata, e);
	EXPECT_EQ(err, load(e, hex, options));
	ASSERT_TRUE(klog_read(&e->log));
}

/* --- blobauth= ------------------------------------------------------------ */

/* Sealed with blobauth=@auth: opens with it and with nothing else. */
static void expect_blobauth(struct __test_metadata *_metadata, struct env *e,
			    const char *pcrs)
{
	char text[128];
	char *hex;

	snprintf(text, sizeof(text), "new 32 blobauth=" RIGHT " %s", pcrs);
	hex = new_blob(_metadata, e, text);
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	refuse_load(_metadata, e, -EACCES, hex, "blobauth=" WRONG);
	EXPECT_LOGGED(1, e, "trusted_key: Unseal: ");
	EXPECT_LOGGED(1, e, "check blobauth=");
	refuse_load(_metadata, e, -EACCES, hex, "blobauth=word");
	refuse_load(_metadata, e, -EACCES, hex, "");
	EXPECT_LOGGED(1, e, "blobauth=");
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	EXPECT_EQ(0, failures(_metadata, e));
	free(hex);
}

TEST_F(auth, blobauth_without_policy)
{
	expect_blobauth(_metadata, &self->env, "");
}

TEST_F(auth, blobauth_with_pcrs)
{
	expect_blobauth(_metadata, &self->env, "pcrs=7");
}

TEST_F(auth, blobauth_with_other_hashes)
{
	expect_blobauth(_metadata, &self->env, "hash=sha384");
	expect_blobauth(_metadata, &self->env, "pcrs=7 hash=sha512");
}

/* It is not in the log, right or wrong. */
TEST_F(auth, blobauth_is_not_logged)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 blobauth=" RIGHT);

	refuse_load(_metadata, e, -EACCES, hex, "blobauth=" WRONG);
	EXPECT_LOGGED(0, e, "00112233");
	free(hex);
}

TEST_F(auth, blobauth_does_not_replace_the_pcrs)
{
	struct env *e = &self->env;
	char *hex;

	hex = new_blob(_metadata, e, "new 32 pcrs=7,16 blobauth=" RIGHT);
	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA256, 16, 1));
	EXPECT_EQ(-EKEYREJECTED, load(e, hex, "blobauth=" RIGHT));
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	EXPECT_LOADS(e, hex, "blobauth=" RIGHT);
	free(hex);
}

TEST_F(auth, blobauth_of_a_key_that_has_none_is_wrong)
{
	char *hex = new_blob(_metadata, &self->env, "new 32");

	refuse_load(_metadata, &self->env, -EACCES, hex, "blobauth=" RIGHT);
	EXPECT_LOADS(&self->env, hex, "");
	free(hex);
}

/* A TPM drops the zeroes at the end of an authValue (Part 1, 17.6.4.3). */
TEST_F(auth, zeroes_at_the_end_of_blobauth)
{
	struct env *e = &self->env;
	const char *const options[] = {
		"blobauth=" "00112233445566778899aabbccddeeff00110000",
		"blobauth=" "01" "00000000000000000000000000000000000000",
		"blobauth=" ZEROES,
	};
	char text[128];
	char *hex;
	int i;

	for (i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "new 32 pcrs=7 %s", options[i]);
		hex = new_blob(_metadata, e, text);
		EXPECT_LOADS(e, hex, options[i]);
		free(hex);
		snprintf(text, sizeof(text), "new 32 %s", options[i]);
		hex = new_blob(_metadata, e, text);
		EXPECT_LOADS(e, hex, options[i]);
		free(hex);
	}
}

/* --- dictionary attacks --------------------------------------------------- */

/* What a person thought up can be guessed, so the TPM counts. */
TEST_F(auth, low_entropy_blobauth_counts)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7 blobauth=word");
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_EQ(0, attributes_of(&kf) & VAULT_NO_DA);
	EXPECT_LOADS(e, hex, "blobauth=word");
	EXPECT_EQ(0, failures(_metadata, e));
	refuse_once(_metadata, e, -EACCES, hex, "blobauth=sword");
	EXPECT_LOGGED(1, e, "counts");
	EXPECT_EQ(1, failures(_metadata, e));
	EXPECT_LOADS(e, hex, "blobauth=word");
	free(hex);
}

static void lock_out(struct __test_metadata *_metadata, struct env *e,
		     const char *hex)
{
	int i;

	for (i = 0; i < 100; i++) {
		int err = load(e, hex, "blobauth=sword");

		if (err == -EAGAIN)
			return;
		ASSERT_EQ(-EACCES, err);
	}
	ASSERT_LT(i, 100);
}

/* Seconds as the TPM counts: 1000 for one failure, where nobody changed it. */
TEST_F(auth, lockout_says_how_long)
{
	struct env *e = &self->env;
	char *guessed = new_blob(_metadata, e, "new 32 blobauth=word");
	char *plain = new_blob(_metadata, e, "new 32 pcrs=7");
	char *random = new_blob(_metadata, e, "new 32 blobauth=" RIGHT);
	uint32_t interval;
	char seconds[32];

	ASSERT_EQ(0, tpm_property(e->tpm, 0x210, &interval));
	snprintf(seconds, sizeof(seconds), "%u seconds", interval);
	lock_out(_metadata, e, guessed);
	refuse_load(_metadata, e, -EAGAIN, guessed, "blobauth=word");
	EXPECT_LOGGED(1, e, "0x921");
	EXPECT_LOGGED(1, e, seconds);

	/* Keys and parent that have noDA do not care. */
	EXPECT_LOADS(e, plain, "");
	EXPECT_LOADS(e, random, "blobauth=" RIGHT);
	add(_metadata, e, "new", "new 32 pcrs=7");

	ASSERT_EQ(0, vault_lockout_reset(e->tpm));
	EXPECT_LOADS(e, guessed, "blobauth=word");
	free(guessed);
	free(plain);
	free(random);
}

/* --- keyauth= ------------------------------------------------------------- */

/* A persistent parent with an authValue. */
static void make_parent(struct __test_metadata *_metadata, struct env *e,
			const char *auth)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER };

	p.auth.len = hex_decode(auth, p.auth.data, sizeof(p.auth.data));
	ASSERT_EQ(0, vault_persist(e->tpm, &p, PARENT));
}

/* One that the TPM protects against guessing. */
static void make_guarded(struct __test_metadata *_metadata, struct env *e,
			 const char *auth)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER, .da = true };

	p.auth.len = hex_decode(auth, p.auth.data, sizeof(p.auth.data));
	ASSERT_EQ(0, vault_persist(e->tpm, &p, GUARDED));
}

#define UNDER		"keyhandle=0x81000021"
#define UNDER_GUARDED	"keyhandle=0x81000022"

TEST_F(auth, keyauth_opens_the_parent)
{
	struct env *e = &self->env;
	char *hex;

	make_parent(_metadata, e, RIGHT);
	hex = new_blob(_metadata, e, "new 32 pcrs=7 " UNDER " keyauth=" RIGHT);
	EXPECT_LOADS(e, hex, "keyauth=" RIGHT);
	free(hex);
	hex = new_blob(_metadata, e, "new 32 " UNDER " keyauth=" RIGHT " blobauth=" WRONG);
	EXPECT_LOADS(e, hex, "keyauth=" RIGHT " blobauth=" WRONG);
	refuse_load(_metadata, e, -EACCES, hex, "keyauth=" RIGHT " blobauth=" RIGHT);
	EXPECT_LOGGED(1, e, "check blobauth=");
	free(hex);
	EXPECT_EQ(0, vault_evict(e->tpm, PARENT));
}

TEST_F(auth, wrong_keyauth)
{
	struct env *e = &self->env;
	char *hex;

	make_parent(_metadata, e, RIGHT);
	hex = new_blob(_metadata, e, "new 32 pcrs=7 " UNDER " keyauth=" RIGHT);
	refuse(_metadata, e, -EACCES, "new 32 " UNDER " keyauth=" WRONG);
	EXPECT_LOGGED(1, e, "trusted_key: Create: ");
	EXPECT_LOGGED(1, e, "keyauth=");
	refuse_load(_metadata, e, -EACCES, hex, "keyauth=" WRONG);
	EXPECT_LOGGED(1, e, "trusted_key: Load: ");
	EXPECT_LOGGED(1, e, "keyauth=");
	EXPECT_LOGGED(0, e, "00112233");
	EXPECT_EQ(0, failures(_metadata, e));
	EXPECT_LOADS(e, hex, "keyauth=" RIGHT);
	EXPECT_EQ(0, vault_evict(e->tpm, PARENT));
	free(hex);
}

TEST_F(auth, missing_keyauth)
{
	struct env *e = &self->env;
	char *hex;

	make_parent(_metadata, e, RIGHT);
	hex = new_blob(_metadata, e, "new 32 pcrs=7 " UNDER " keyauth=" RIGHT);
	refuse(_metadata, e, -EACCES, "new 32 " UNDER);
	EXPECT_LOGGED(1, e, "keyauth=");
	refuse_load(_metadata, e, -EACCES, hex, "");
	EXPECT_LOGGED(1, e, "keyauth=");
	EXPECT_EQ(0, vault_evict(e->tpm, PARENT));
	free(hex);
}

TEST_F(auth, zeroes_at_the_end_of_keyauth)
{
	static const char auth[] = "00112233445566778899aabbccddeeff00110000";
	struct env *e = &self->env;
	char text[128];
	char *hex;

	make_parent(_metadata, e, auth);
	snprintf(text, sizeof(text), "new 32 " UNDER " keyauth=%s", auth);
	hex = new_blob(_metadata, e, text);
	EXPECT_LOADS(e, hex, strstr(text, "keyauth="));
	EXPECT_EQ(0, vault_evict(e->tpm, PARENT));
	free(hex);
}

TEST_F(auth, wrong_keyauth_counts_where_the_parent_lacks_noda)
{
	struct env *e = &self->env;
	char *hex;

	make_guarded(_metadata, e, RIGHT);
	hex = new_blob(_metadata, e, "new 32 pcrs=7 " UNDER_GUARDED " keyauth=" RIGHT);
	EXPECT_EQ(0, failures(_metadata, e));
	refuse_once(_metadata, e, -EACCES, hex, "keyauth=" WRONG);
	EXPECT_LOGGED(1, e, "counts");
	EXPECT_EQ(1, failures(_metadata, e));
	EXPECT_LOADS(e, hex, "keyauth=" RIGHT);
	EXPECT_EQ(0, vault_evict(e->tpm, GUARDED));
	free(hex);
}

/* Such a parent is locked out with the rest. */
TEST_F(auth, parent_without_noda_in_lockout)
{
	struct env *e = &self->env;
	char *guessed = new_blob(_metadata, e, "new 32 blobauth=word");
	char *hex;

	make_guarded(_metadata, e, "");
	hex = new_blob(_metadata, e, "new 32 pcrs=7 " UNDER_GUARDED);
	lock_out(_metadata, e, guessed);
	refuse_load(_metadata, e, -EAGAIN, hex, "");
	EXPECT_LOGGED(1, e, "seconds");
	refuse(_metadata, e, -EAGAIN, "new 32 " UNDER_GUARDED);
	ASSERT_EQ(0, vault_lockout_reset(e->tpm));
	EXPECT_LOADS(e, hex, "");
	EXPECT_EQ(0, vault_evict(e->tpm, GUARDED));
	free(guessed);
	free(hex);
}

/* The authValue of a hierarchy, for the primary that is derived in it. */
TEST_F(auth, keyauth_of_a_hierarchy)
{
	struct env *e = &self->env;
	struct octets auth;
	char *hex;

	auth.len = hex_decode(RIGHT, auth.data, sizeof(auth.data));
	hex = new_blob(_metadata, e, "new 32 keyhandle=0x4000000b");
	ASSERT_EQ(0, vault_change_auth(e->tpm, TPM_RH_ENDORSEMENT, NULL, &auth));
	refuse_load(_metadata, e, -EACCES, hex, "");
	EXPECT_LOGGED(1, e, "keyauth=");
	refuse_load(_metadata, e, -EACCES, hex, "keyauth=" WRONG);
	EXPECT_LOADS(e, hex, "keyauth=" RIGHT);
	EXPECT_LT(0, key_add(e->ring, "new", "new 32 keyhandle=0x4000000b keyauth=" RIGHT));
	ASSERT_EQ(0, vault_change_auth(e->tpm, TPM_RH_ENDORSEMENT, &auth, NULL));
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

TEST_HARNESS_MAIN
