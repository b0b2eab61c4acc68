// SPDX-License-Identifier: GPL-2.0-only
/*
 * The storage keys that keys are sealed under: persistent, derived, replaced,
 * gone.
 */
#include "fixture.h"
#include "form.h"

#define A	0x81000031
#define B	0x81000032

FIXTURE(parent)
{
	struct env env;
};

FIXTURE_SETUP(parent)
{
	env_open(_metadata, &self->env);
}

FIXTURE_TEARDOWN(parent)
{
	/* What a test that failed has left; then the handles will differ. */
	env_close(_metadata, &self->env);
}

static const struct vault_primary ecc = { .hierarchy = TPM_RH_OWNER };
static const struct vault_primary rsa = { .hierarchy = TPM_RH_OWNER, .rsa = true };

/* Sealed under @handle, opened by us and by the kernel, with the blob alone. */
static void expect_works_under(struct __test_metadata *_metadata,
			       struct env *e, uint32_t handle)
{
	struct octets data;
	struct keyfile kf;
	char text[64];
	char *hex;

	snprintf(text, sizeof(text), "new 32 pcrs=7 keyhandle=0x%08x", handle);
	hex = new_blob(_metadata, e, text);
	kf = parsed(_metadata, hex);
	EXPECT_EQ(handle, kf.parent);
	data = contents(_metadata, e, hex, NULL);
	EXPECT_EQ(32, data.len);
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

TEST_F(parent, persistent_ecc)
{
	ASSERT_EQ(0, vault_persist(self->env.tpm, &ecc, A));
	expect_works_under(_metadata, &self->env, A);
	EXPECT_EQ(0, vault_evict(self->env.tpm, A));
}

TEST_F(parent, persistent_rsa)
{
	ASSERT_EQ(0, vault_persist(self->env.tpm, &rsa, B));
	expect_works_under(_metadata, &self->env, B);
	EXPECT_EQ(0, vault_evict(self->env.tpm, B));
}

/* More parents than are remembered. */
TEST_F(parent, many_persistent_ones)
{
	struct env *e = &self->env;
	uint32_t handle;
	int i;

	for (handle = 0x81000041; handle < 0x81000047; handle++)
		ASSERT_EQ(0, vault_persist(e->tpm, &ecc, handle));
	for (i = 0; i < 2; i++) {
		for (handle = 0x81000041; handle < 0x81000047; handle++)
			expect_works_under(_metadata, e, handle);
	}
	for (handle = 0x81000041; handle < 0x81000047; handle++)
		EXPECT_EQ(0, vault_evict(e->tpm, handle));
}

TEST_F(parent, default_is_derived_in_the_owner_hierarchy)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32");
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_EQ(0x40000001, kf.parent);
	free(hex);
	expect_works_under(_metadata, e, 0x40000001);
}

TEST_F(parent, derived_in_the_null_hierarchy)
{
	expect_works_under(_metadata, &self->env, 0x40000007);
}

TEST_F(parent, derived_in_the_endorsement_hierarchy)
{
	expect_works_under(_metadata, &self->env, 0x4000000b);
}

/* As tpm2_createprimary makes it by default: works, and there is a warning. */
TEST_F(parent, without_noda_is_warned_of)
{
	struct vault_primary p = { TPM_RH_OWNER, .rsa = true, .da = true };
	struct env *e = &self->env;
	char *hex;

	ASSERT_EQ(0, vault_persist(e->tpm, &p, 0x81000001));
	log_anew(_metadata, e);
	hex = new_blob(_metadata, e, "new 32 pcrs=7 keyhandle=0x81000001");
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LOGGED(1, e, "parent 0x81000001 lacks noDA");
	EXPECT_LOADS(e, hex, "");
	EXPECT_EQ(0, vault_evict(e->tpm, 0x81000001));
	free(hex);
}

/* A parent that can be duplicated has no children that cannot. */
TEST_F(parent, that_is_not_fixed_has_children_that_are_not)
{
	struct vault_primary p = { TPM_RH_OWNER, .loose = true };
	struct env *e = &self->env;
	struct keyfile kf;
	char *hex;

	ASSERT_EQ(0, vault_persist(e->tpm, &p, A));
	hex = new_blob(_metadata, e, "new 32 keyhandle=0x81000031");
	kf = parsed(_metadata, hex);
	EXPECT_EQ(VAULT_USER_WITH_AUTH | VAULT_NO_DA, attributes_of(&kf));
	EXPECT_LOADS(e, hex, "");
	EXPECT_EQ(0, vault_evict(e->tpm, A));
	free(hex);
}

/* Its Name is remembered, and must not be for ever. */
TEST_F(parent, replaced_at_the_same_handle)
{
	struct env *e = &self->env;
	char *old, *new;

	ASSERT_EQ(0, vault_persist(e->tpm, &ecc, A));
	old = new_blob(_metadata, e, "new 32 pcrs=7 keyhandle=0x81000031");
	EXPECT_LOADS(e, old, "");
	ASSERT_EQ(0, vault_evict(e->tpm, A));
	ASSERT_EQ(0, vault_persist(e->tpm, &rsa, A));

	new = new_blob(_metadata, e, "new 32 pcrs=7 keyhandle=0x81000031");
	EXPECT_LOADS(e, new, "");
	refuse_load(_metadata, e, -EREMOTE, old, "");
	EXPECT_LOGGED(1, e, "the parent's Name is not the one in it");
	EXPECT_LOGGED(1, e, "0x81000031");

	ASSERT_EQ(0, vault_evict(e->tpm, A));
	ASSERT_EQ(0, vault_persist(e->tpm, &ecc, A));
	EXPECT_LOADS(e, old, "");
	refuse_load(_metadata, e, -EREMOTE, new, "");
	expect_works_under(_metadata, e, A);
	EXPECT_EQ(0, vault_evict(e->tpm, A));
	free(old);
	free(new);
}

/* The warning is for whatever is there now. */
TEST_F(parent, replaced_by_one_without_noda_is_warned_of)
{
	struct vault_primary p = { TPM_RH_OWNER, .da = true };
	struct env *e = &self->env;

	log_anew(_metadata, e);
	ASSERT_EQ(0, vault_persist(e->tpm, &ecc, B));
	add(_metadata, e, "old", "new 32 keyhandle=0x81000032");
	ASSERT_EQ(0, vault_evict(e->tpm, B));
	ASSERT_EQ(0, vault_persist(e->tpm, &p, B));
	add(_metadata, e, "new", "new 32 keyhandle=0x81000032");
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LOGGED(1, e, "parent 0x81000032 lacks noDA");
	EXPECT_EQ(0, vault_evict(e->tpm, B));
}

/* What works in the end is not complained of. */
TEST_F(parent, replaced_parent_is_not_complained_of)
{
	struct env *e = &self->env;

	log_anew(_metadata, e);
	ASSERT_EQ(0, vault_persist(e->tpm, &ecc, A));
	add(_metadata, e, "old", "new 32 keyhandle=0x81000031");
	ASSERT_EQ(0, vault_evict(e->tpm, A));
	ASSERT_EQ(0, vault_persist(e->tpm, &rsa, A));
	add(_metadata, e, "new", "new 32 keyhandle=0x81000031");
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LOGGED(0, e, "authorization");
	EXPECT_EQ(0, vault_evict(e->tpm, A));
}

/* That it was another is not an attack. */
TEST_F(parent, replaced_parent_costs_no_failure)
{
	struct vault_primary p = { TPM_RH_OWNER, .da = true };
	struct env *e = &self->env;
	uint32_t failures;

	ASSERT_EQ(0, vault_lockout_reset(e->tpm));
	ASSERT_EQ(0, vault_persist(e->tpm, &ecc, A));
	add(_metadata, e, "old", "new 32 keyhandle=0x81000031");
	ASSERT_EQ(0, vault_evict(e->tpm, A));
	ASSERT_EQ(0, vault_persist(e->tpm, &p, A));
	add(_metadata, e, "new", "new 32 keyhandle=0x81000031");
	ASSERT_EQ(0, tpm_property(e->tpm, TPM_PT_LOCKOUT_COUNTER, &failures));
	EXPECT_EQ(0, failures);
	EXPECT_EQ(0, vault_lockout_reset(e->tpm));
	EXPECT_EQ(0, vault_evict(e->tpm, A));
}

/* A blob that does not name its parent finds out by the TPM. */
TEST_F(parent, replaced_under_a_blob_without_its_name)
{
	struct env *e = &self->env;
	char *old;

	ASSERT_EQ(0, vault_persist(e->tpm, &ecc, A));
	old = new_blob(_metadata, e, "new 32 keyhandle=0x81000031 format=interop");
	EXPECT_LOADS(e, old, "");
	ASSERT_EQ(0, vault_evict(e->tpm, A));
	ASSERT_EQ(0, vault_persist(e->tpm, &rsa, A));
	refuse_load(_metadata, e, -EREMOTE, old, "");
	EXPECT_LOGGED(1, e, "trusted_key: Load: ");
	EXPECT_LOGGED(1, e, "0x1df");
	EXPECT_EQ(0, vault_evict(e->tpm, A));
	free(old);
}

/* --- parentname= ---------------------------------------------------------- */

#define OTHER_NAME	"000b0000000000000000000000000000000000000000" \
			"000000000000000000000000"

TEST_F(parent, pinned_at_new)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32");
	struct keyfile kf = parsed(_metadata, hex);
	char text[128];

	free(hex);
	hex = hex_encode(kf.parent_name.data, kf.parent_name.len);
	snprintf(text, sizeof(text), "new 32 parentname=%s", hex);
	add(_metadata, e, "pinned", "%s", text);
	refuse(_metadata, e, -EREMOTE, "new 32 parentname=" OTHER_NAME);
	EXPECT_LOGGED(1, e, "parentname=");
	EXPECT_LOGGED(1, e, hex);
	free(hex);
}

/* Of a blob that does not name its parent, or one that does. */
TEST_F(parent, pinned_at_load)
{
	struct env *e = &self->env;
	char *plain = new_blob(_metadata, e, "new 32 pcrs=7 format=interop");
	char *named = new_blob(_metadata, e, "new 32 pcrs=7");
	struct keyfile kf = parsed(_metadata, named);
	char *hex = hex_encode(kf.parent_name.data, kf.parent_name.len);
	char text[128];

	snprintf(text, sizeof(text), "parentname=%s", hex);
	EXPECT_LOADS(e, plain, text);
	EXPECT_LOADS(e, named, text);
	refuse_load(_metadata, e, -EREMOTE, plain, "parentname=" OTHER_NAME);
	refuse_load(_metadata, e, -EREMOTE, named, "parentname=" OTHER_NAME);
	EXPECT_LOADS(e, plain, "");
	kf.parent_name.data[33] ^= 1;
	refuse_load(_metadata, e, -EREMOTE, keyfile_encode(&kf), "");
	free(hex);
	free(plain);
	free(named);
}

static void expect_first_use_told(struct __test_metadata *_metadata,
				  struct env *e, int nr, const char *text)
{
	add(_metadata, e, "told", "%s", text);
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LOGGED(nr, e, "is trusted at first use; parentname=000b");
	ASSERT_EQ(0, key_unlink(e->ring, key_find(e->ring, "told")));
}

TEST_F(parent, first_use_is_told_once)
{
	struct env *e = &self->env;

	ASSERT_EQ(0, vault_persist(e->tpm, &ecc, A));
	log_anew(_metadata, e);
	expect_first_use_told(_metadata, e, 1, "new 32 keyhandle=0x81000031");
	expect_first_use_told(_metadata, e, 0, "new 32 keyhandle=0x81000031");
	expect_first_use_told(_metadata, e, 1, "new 32");
	expect_first_use_told(_metadata, e, 0, "new 32");
	EXPECT_EQ(0, vault_evict(e->tpm, A));
}

/* --- parents to which no session can be salted ---------------------------- */

TEST_F(parent, that_takes_no_salt_opens_what_it_has)
{
	struct vault_primary p = { TPM_RH_OWNER, .sha1 = true };
	struct env *e = &self->env;
	struct vault_data d = {
		.hash = VAULT_SHA256,
		.attributes = VAULT_USER_WITH_AUTH | VAULT_NO_DA,
		.data = vault_text("a key of 40 octets, known to the test..."),
	};
	struct keyfile kf = {
		.type = KEYFILE_SEALED,
		.fields = 1 << 0,
		.empty_auth = true,
		.parent = A,
	};

	ASSERT_EQ(0, vault_persist(e->tpm, &p, A));
	refuse(_metadata, e, -EOPNOTSUPP, "new 32 keyhandle=0x81000031");
	EXPECT_LOGGED(1, e, "would cross the bus in clear");
	ASSERT_EQ(0, vault_seal(e->tpm, A, &d, &kf));
	log_anew(_metadata, e);
	EXPECT_LOADS(e, keyfile_encode(&kf), "");
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LOGGED(1, e, "crosses the bus in clear");
	EXPECT_EQ(0, vault_evict(e->tpm, A));
}

TEST_F(parent, missing)
{
	struct env *e = &self->env;
	char *hex;

	refuse(_metadata, e, -ENOKEY, "new 32 keyhandle=0x81000039");
	EXPECT_LOGGED(1, e, "keyhandle=");
	ASSERT_EQ(0, vault_persist(e->tpm, &ecc, A));
	hex = new_blob(_metadata, e, "new 32 pcrs=7 keyhandle=0x81000031");
	ASSERT_EQ(0, vault_evict(e->tpm, A));
	/* Its Name is known still. */
	refuse(_metadata, e, -ENOKEY, "new 32 keyhandle=0x81000031");
	EXPECT_LOGGED(1, e, "keyhandle=");
	refuse_load(_metadata, e, -ENOKEY, hex, "");
	EXPECT_LOGGED(1, e, "keyhandle=");
	free(hex);
}

/* The blob's parent counts. */
TEST_F(parent, other_keyhandle_at_load_is_said_to_be_ignored)
{
	struct env *e = &self->env;
	char *hex;

	log_anew(_metadata, e);
	hex = new_blob(_metadata, e, "new 32 pcrs=7");
	EXPECT_LOADS(e, hex, "keyhandle=0x81000039");
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LOGGED(1, e, "keyhandle=");
	EXPECT_LOGGED(1, e, "0x40000001");
	free(hex);
}

static const char *const of_modules[] = {
	"first_use_is_told_once",
	NULL
};

int main(int argc, char **argv)
{
	return form_run(argc, argv, of_modules);
}
