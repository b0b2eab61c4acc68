// SPDX-License-Identifier: GPL-2.0-only
/*
 * PolicyNV and PolicySecret: what a policy names is there, is another one, or is
 * gone; and what a user without privilege may name.
 */
#include <sys/wait.h>

#include "nv.h"
#include "policies.h"
#include "user.h"

__attribute__((used)) static const char timeout[] = "vm-timeout=120";

#define INDEX		0x01800010
#define OTHER_INDEX	0x01800011
#define OBJECT		0x81000025
#define GUARDED		0x81000026

FIXTURE(entity)
{
	struct env env;
};

static struct policy policy, alternative[4];
static const struct octets owner = { 4, { 0x40, 0, 0, 1 } };

FIXTURE_SETUP(entity)
{
	env_open(_metadata, &self->env);
	nv_undefine(self->env.tpm, INDEX);
	nv_undefine(self->env.tpm, OTHER_INDEX);
	RESET_16(&self->env);
	ASSERT_EQ(0, vault_lockout_reset(self->env.tpm));
	log_anew(_metadata, &self->env);
	policy_start(&policy, VAULT_SHA256, NULL);
}

FIXTURE_TEARDOWN(entity)
{
	nv_undefine(self->env.tpm, INDEX);
	nv_undefine(self->env.tpm, OTHER_INDEX);
	EXPECT_EQ(0, vault_lockout_reset(self->env.tpm));
	EXPECT_EQ(0, key_count(self->env.ring));
	env_close(_metadata, &self->env);
}

/* --- PolicyNV ------------------------------------------------------------- */

static struct octets name_of(struct __test_metadata *_metadata, struct env *e,
			     uint32_t index)
{
	struct octets name;

	ASSERT_EQ(0, nv_name(e->tpm, index, &name));
	return name;
}

/* A counter as it is once it was incremented. */
static void make_counter(struct __test_metadata *_metadata, struct env *e,
			 const char *auth)
{
	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_A_COUNTER, auth));
	ASSERT_EQ(0, nv_increment(e->tpm, INDEX, auth));
}

/* The index has the value that it has now. */
static void policy_nv_now(struct __test_metadata *_metadata, struct env *e,
			  struct policy *p, const char *auth)
{
	struct comparison now = { .operation = POLICY_EQ };
	struct octets name = name_of(_metadata, e, INDEX);

	ASSERT_EQ(0, nv_read(e->tpm, INDEX, auth, &now.operand));
	policy_nv(p, INDEX, INDEX, &name, &now);
}

static char *seal_to_counter(struct __test_metadata *_metadata, struct env *e,
			     const char *auth)
{
	make_counter(_metadata, e, auth);
	policy_nv_now(_metadata, e, &policy, auth);
	return seal(_metadata, e, &policy, "");
}

TEST_F(entity, counter_that_moves_revokes)
{
	struct env *e = &self->env;
	char *hex = seal_to_counter(_metadata, e, NULL);
	struct tpm_trace trace;

	EXPECT_EQ(0, load_traced(_metadata, e, hex, "", &trace));
	EXPECT_EQ(1, sent(&trace, POLICY_CC_NV));
	EXPECT_EQ(1, sent_policy(&trace));
	EXPECT_EQ(0, sent(&trace, 0x169)); /* NV_ReadPublic */
	expect_same_key_by(_metadata, e, &policy, "", "");
	ASSERT_EQ(0, nv_increment(e->tpm, INDEX, NULL));
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyNV: the NV index has moved on: the key is revoked");
	EXPECT_LOGGED(1, e, "0x126");
	free(hex);
}

TEST_F(entity, counter_that_is_gone_revokes)
{
	struct env *e = &self->env;
	char *hex = seal_to_counter(_metadata, e, NULL);

	ASSERT_EQ(0, nv_undefine(e->tpm, INDEX));
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyNV: the NV index is gone");
	free(hex);
}

/* A new counter begins where no counter has been. */
TEST_F(entity, counter_made_anew_revokes)
{
	struct env *e = &self->env;
	char *hex = seal_to_counter(_metadata, e, NULL);

	ASSERT_EQ(0, nv_undefine(e->tpm, INDEX));
	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_A_COUNTER, NULL));
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyNV: the NV index was made anew");
	EXPECT_LOGGED(1, e, "0x14a");
	ASSERT_EQ(0, nv_increment(e->tpm, INDEX, NULL));
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	EXPECT_LOGGED(1, e, "the NV index has moved on");
	free(hex);
}

/* An ordinary one says so at seal: it can be made anew as it was. */
TEST_F(entity, index_that_is_no_counter)
{
	struct env *e = &self->env;
	char *hex;

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY, NULL));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 5));
	policy_nv_now(_metadata, e, &policy, NULL);
	hex = seal(_metadata, e, &policy, "");
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LOGGED(1, e, "only a counter revokes for good");
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 6));
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	ASSERT_EQ(0, nv_undefine(e->tpm, INDEX));
	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY, NULL));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 5));
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

/* The same value, but another Name. */
static void make_another(struct __test_metadata *_metadata, struct env *e,
			 const char *auth)
{
	ASSERT_EQ(0, nv_undefine(e->tpm, INDEX));
	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY | NV_OWNER_READ, auth));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, auth, 5));
}

TEST_F(entity, index_of_another_name_revokes)
{
	struct env *e = &self->env;
	char *hex;

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY, NULL));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 5));
	policy_nv_now(_metadata, e, &policy, NULL);
	hex = seal(_metadata, e, &policy, "");
	make_another(_metadata, e, NULL);
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyNV: 0x01800010 has not the Name that the policy says");
	free(hex);
}

/* It is the proof that fails then. */
TEST_F(entity, index_of_another_name_revokes_with_secretauth)
{
	struct env *e = &self->env;
	char *hex;

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY, "secret"));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, "secret", 5));
	policy_nv_now(_metadata, e, &policy, "secret");
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "secretauth=secret");
	make_another(_metadata, e, "secret");
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "secretauth=secret");
	EXPECT_LOGGED(1, e, "has not the Name that the policy says");
	free(hex);
}

/* PolicyOR is what the TPM refuses then: the other alternative is tried. */
TEST_F(entity, index_of_another_name_in_an_alternative)
{
	struct env *e = &self->env;
	char *hex;

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY, NULL));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 5));
	policy_start(&alternative[0], VAULT_SHA256, NULL);
	policy_nv_now(_metadata, e, &alternative[0], NULL);
	policy_start(&alternative[1], VAULT_SHA256, NULL);
	policy_secret(&alternative[1], 0, &owner, NULL);
	policy_pcr_now(_metadata, e, &alternative[1]);
	policy_or(&policy, alternative, 2);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "");
	make_another(_metadata, e, NULL);
	EXPECT_LOADS(e, hex, "");
	EXTEND_16(e);
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyNV: 0x01800010 has not the Name that the policy says");
	RESET_16(e);
	free(hex);
}

TEST_F(entity, index_with_an_authorization)
{
	struct env *e = &self->env;
	char *hex = seal_to_counter(_metadata, e, "secret");

	EXPECT_LOADS(e, hex, "secretauth=secret");
	refuse_load(_metadata, e, -EACCES, hex, "");
	EXPECT_LOGGED(1, e, "PolicyNV: policy wants an authorization");
	EXPECT_LOGGED(1, e, "give it with secretauth=");
	refuse_load(_metadata, e, -EACCES, hex, "secretauth=sacred");
	EXPECT_LOGGED(1, e, "PolicyNV: authorization is wrong (TPM code 0x9a2); check secretauth=");
	EXPECT_FALSE(says_secret(&e->log, "secret=="));
	expect_same_key_by(_metadata, e, &policy, "", "secretauth=secret");
	free(hex);
}

/* So a key can be made to open once in a boot, and not again. */
TEST_F(entity, index_that_is_locked)
{
	struct env *e = &self->env;
	char *hex;

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY | NV_READ_STCLEAR, NULL));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 5));
	policy_nv_now(_metadata, e, &policy, NULL);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "");
	ASSERT_EQ(0, nv_read_lock(e->tpm, INDEX, NULL));
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	EXPECT_LOGGED(1, e, "PolicyNV: the NV index is locked (TPM code 0x148)");
	free(hex);
}

/* The owner reads it. */
TEST_F(entity, index_read_by_the_owner)
{
	struct comparison now = { nv_number(5), 0, POLICY_EQ };
	struct env *e = &self->env;
	struct octets name;
	char *hex;

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY | NV_OWNER_READ, NULL));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 5));
	name = name_of(_metadata, e, INDEX);
	policy_nv(&policy, TPM_RH_OWNER, INDEX, &name, &now);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "");
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 6));
	refuse_load(_metadata, e, -EKEYREVOKED, hex, "");
	free(hex);
}

TEST_F(entity, index_that_cannot_be_sealed_to)
{
	struct comparison now = { nv_number(5), 0, POLICY_EQ };
	struct env *e = &self->env;
	struct octets name;

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY, NULL));
	name = name_of(_metadata, e, INDEX);
	policy_nv(&policy, INDEX, INDEX, &name, &now);
	refuse_seal(_metadata, e, -EINVAL, &policy, "");
	EXPECT_LOGGED(1, e, "index 0x01800010 was never written");
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 5));
	refuse_seal(_metadata, e, -ENOKEY, &policy, "");
	EXPECT_LOGGED(1, e, "has not the Name that the policy says");
	ASSERT_EQ(0, nv_undefine(e->tpm, INDEX));
	refuse_seal(_metadata, e, -ENOKEY, &policy, "");
	EXPECT_LOGGED(1, e, "what the policy names is not in this TPM");
}

/* Neither does any of it disturb the key as it was. */
TEST_F(entity, reseal_that_fails_changes_nothing)
{
	struct comparison now = { nv_number(5), 0, POLICY_EQ };
	struct env *e = &self->env;
	char *before, *after, *text;
	struct octets name;
	int key;

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY, NULL));
	name = name_of(_metadata, e, INDEX);
	policy_nv(&policy, INDEX, INDEX, &name, &now);
	text = with_policy(_metadata, "update", &policy, "");
	key = add(_metadata, e, "key", "new 32 migratable=1 pcrs=7,16");
	before = blob(_metadata, key);
	EXPECT_EQ(-EINVAL, key_update(key, "%s", text));
	ASSERT_EQ(0, nv_undefine(e->tpm, INDEX));
	EXPECT_EQ(-ENOKEY, key_update(key, "%s", text));
	after = blob(_metadata, key);
	EXPECT_STREQ(before, after);
	EXPECT_LOADS(e, after, "");
	EXPECT_EQ(0, key_unlink(e->ring, key));
	free(before);
	free(after);
	free(text);
}

/* --- PolicySecret --------------------------------------------------------- */

static struct octets right(void)
{
	struct octets o;

	o.len = hex_decode(RIGHT, o.data, sizeof(o.data));
	return o;
}

/* Empty, then asked for, then proved. */
static void expect_secret(struct __test_metadata *_metadata, struct env *e,
			  const char *hex, const char *counted)
{
	refuse_load(_metadata, e, -EACCES, hex, "");
	EXPECT_LOGGED(1, e, "PolicySecret: policy wants an authorization");
	EXPECT_LOGGED(1, e, "give it with secretauth=");
	ASSERT_EQ(0, vault_lockout_reset(e->tpm));
	refuse_load(_metadata, e, -EACCES, hex, "secretauth=" WRONG);
	EXPECT_LOGGED(1, e, counted);
	EXPECT_LOGGED(1, e, "check secretauth=");
	EXPECT_FALSE(says_secret(&e->log, WRONG));
	ASSERT_EQ(0, vault_lockout_reset(e->tpm));
	EXPECT_LOADS(e, hex, "secretauth=" RIGHT);
}

TEST_F(entity, secret_of_a_hierarchy)
{
	struct octets auth = right(), ref = vault_text("ref");
	struct env *e = &self->env;
	char *hex;

	policy_secret(&policy, 0, &owner, &ref);
	policy_pcr_now(_metadata, e, &policy);
	hex = seal(_metadata, e, &policy, "keyhandle=0x4000000b");
	EXPECT_LOADS(e, hex, "");
	ASSERT_EQ(0, vault_change_auth(e->tpm, TPM_RH_OWNER, NULL, &auth));
	expect_secret(_metadata, e, hex, "PolicySecret: authorization is wrong (TPM code 0x9a2)");
	EXTEND_16(e);
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "secretauth=" RIGHT);
	RESET_16(e);
	/* What is empty is no longer asked for. */
	ASSERT_EQ(0, vault_change_auth(e->tpm, TPM_RH_OWNER, &auth, NULL));
	EXPECT_LOADS(e, hex, "secretauth=" WRONG);
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

static void make_object(struct __test_metadata *_metadata, struct env *e,
			uint32_t handle, bool da, struct policy *p)
{
	struct vault_primary primary = { TPM_RH_OWNER, .da = da, .auth = right() };
	struct octets name;

	ASSERT_EQ(0, vault_persist(e->tpm, &primary, handle));
	ASSERT_EQ(0, vault_name(e->tpm, handle, &name));
	policy_secret(p, handle, &name, NULL);
}

TEST_F(entity, secret_of_an_object)
{
	struct env *e = &self->env;
	char *hex;

	make_object(_metadata, e, OBJECT, false, &policy);
	hex = seal(_metadata, e, &policy, "");
	expect_secret(_metadata, e, hex, "PolicySecret: authorization is wrong (TPM code 0x9a2)");
	expect_same_key_by(_metadata, e, &policy, "", "secretauth=" RIGHT);
	expect_same_key_by(_metadata, e, &policy, "blobauth=" WRONG,
			   "secretauth=" RIGHT " blobauth=" WRONG);
	ASSERT_EQ(0, vault_evict(e->tpm, OBJECT));
	refuse_load(_metadata, e, -ENOKEY, hex, "secretauth=" RIGHT);
	EXPECT_LOGGED(1, e, "PolicySecret: what the policy wants the authorization of is gone");
	refuse_seal(_metadata, e, -ENOKEY, &policy, "");
	free(hex);
}

TEST_F(entity, secret_that_the_tpm_counts)
{
	struct env *e = &self->env;
	char *hex;

	make_object(_metadata, e, GUARDED, true, &policy);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "secretauth=" RIGHT);
	log_anew(_metadata, e);
	EXPECT_EQ(-EACCES, load(e, hex, "secretauth=" WRONG));
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LOGGED(1, e, "and the TPM counts it towards its lockout (TPM code 0x98e)");
	EXPECT_EQ(0, vault_evict(e->tpm, GUARDED));
	free(hex);
}

TEST_F(entity, secret_of_an_index)
{
	struct env *e = &self->env;
	struct octets name;
	char *hex;

	make_counter(_metadata, e, "secret");
	name = name_of(_metadata, e, INDEX);
	policy_secret(&policy, INDEX, &name, NULL);
	hex = seal(_metadata, e, &policy, "");
	EXPECT_LOADS(e, hex, "secretauth=secret");
	refuse_load(_metadata, e, -EACCES, hex, "secretauth=sacred");
	ASSERT_EQ(0, nv_undefine(e->tpm, INDEX));
	refuse_load(_metadata, e, -ENOKEY, hex, "secretauth=secret");
	free(hex);
}

/* One secretauth= for two: what it is not may be empty. */
TEST_F(entity, secret_beside_an_empty_one)
{
	struct octets auth = right();
	struct env *e = &self->env;
	char *hex;

	make_counter(_metadata, e, NULL);
	policy_nv_now(_metadata, e, &policy, NULL);
	policy_secret(&policy, 0, &owner, NULL);
	policy_nv_now(_metadata, e, &policy, NULL);
	hex = seal(_metadata, e, &policy, "keyhandle=0x4000000b");
	ASSERT_EQ(0, vault_change_auth(e->tpm, TPM_RH_OWNER, NULL, &auth));
	EXPECT_LOADS(e, hex, "secretauth=" RIGHT);
	EXPECT_EQ(-EACCES, load(e, hex, "secretauth=" WRONG));
	EXPECT_EQ(-EACCES, load(e, hex, ""));
	ASSERT_EQ(0, nv_increment(e->tpm, INDEX, NULL));
	EXPECT_EQ(-EKEYREVOKED, load(e, hex, "secretauth=" RIGHT));
	ASSERT_EQ(0, vault_change_auth(e->tpm, TPM_RH_OWNER, &auth, NULL));
	free(hex);
}

/* Which of them fails is not the first, but the one that says most. */
TEST_F(entity, most_telling_of_several)
{
	struct octets auth = right();
	struct env *e = &self->env;
	char *hex;

	make_counter(_metadata, e, NULL);
	policy_start(&alternative[0], VAULT_SHA256, NULL);
	policy_nv_now(_metadata, e, &alternative[0], NULL);
	policy_start(&alternative[1], VAULT_SHA256, NULL);
	policy_secret(&alternative[1], 0, &owner, NULL);
	policy_start(&alternative[2], VAULT_SHA256, NULL);
	policy_pcr_never(&alternative[2], 1);
	policy_or(&policy, alternative, 3);
	hex = seal(_metadata, e, &policy, "keyhandle=0x4000000b");
	EXPECT_LOADS(e, hex, "");
	ASSERT_EQ(0, nv_increment(e->tpm, INDEX, NULL));
	EXPECT_LOADS(e, hex, "");
	ASSERT_EQ(0, vault_change_auth(e->tpm, TPM_RH_OWNER, NULL, &auth));
	EXPECT_EQ(-EKEYREVOKED, load(e, hex, ""));
	EXPECT_EQ(-EKEYREVOKED, load(e, hex, "secretauth=" WRONG));
	EXPECT_LOADS(e, hex, "secretauth=" RIGHT);
	ASSERT_EQ(0, vault_change_auth(e->tpm, TPM_RH_OWNER, &auth, NULL));
	free(hex);
}

/* --- without privilege ---------------------------------------------------- */

/**
 * struct asked - what a user does
 * @text: makes a key
 * @options: what it is loaded with, or NULL
 * @err: what that gives: 0 or -errno
 */
struct asked {
	const char *text;
	const char *options;
	int err;
};

/* Return: 0 if all is as it must be, else where it is not. */
static int ask(const struct asked *a)
{
	int ring, key;
	char *hex;

	become_user();
	ring = key_ring();
	if (ring < 0)
		return 2;
	if (!a->options)
		return key_add(ring, "key", "%s", a->text) == a->err ? 0 : 3;
	key = key_add(ring, "key", "%s", a->text);
	hex = key > 0 ? key_blob(key) : NULL;
	if (!hex)
		return 4;
	key = key_add(ring, "again", "load %s %s", hex, a->options);
	return (key > 0 ? 0 : key) == a->err ? 0 : 5;
}

static void expect_user(struct __test_metadata *_metadata, struct env *e,
			const struct asked *a)
{
	int status;
	pid_t pid;

	klog_mark(&e->log);
	pid = fork();
	if (!pid)
		_exit(ask(a));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status) {
		TH_LOG("%.200s", a->text);
		klog_read(&e->log);
		show_log(&e->log);
	}
	klog_read(&e->log);
}

/* Sealing to it, and loading what root has sealed to it. */
static void expect_not_permitted(struct __test_metadata *_metadata, struct env *e)
{
	char *text = with_policy(_metadata, "new 32", &policy, ""), *hex, *loading;
	struct asked asked = { text, NULL, -EPERM };

	log_anew(_metadata, e);
	expect_user(_metadata, e, &asked);
	EXPECT_LOGGED(1, e, "needs CAP_SYS_ADMIN, unless");
	hex = seal(_metadata, e, &policy, "");
	ASSERT_LT(0, asprintf(&loading, "load %s secretauth=" WRONG, hex));
	asked.text = loading;
	expect_user(_metadata, e, &asked);
	EXPECT_LOGGED(1, e, "needs CAP_SYS_ADMIN, unless");
	free(loading);
	free(hex);
	free(text);
}

TEST_F(entity, user_may_not_name_what_counts)
{
	struct comparison now = { nv_number(5), 0, POLICY_EQ };
	struct env *e = &self->env;
	struct octets name;
	uint32_t failures;

	policy_secret(&policy, 0, &owner, NULL);
	expect_not_permitted(_metadata, e);

	policy_start(&policy, VAULT_SHA256, NULL);
	make_object(_metadata, e, GUARDED, true, &policy);
	expect_not_permitted(_metadata, e);
	EXPECT_EQ(0, vault_evict(e->tpm, GUARDED));

	ASSERT_EQ(0, nv_define(e->tpm, INDEX, NV_ORDINARY & ~NV_NO_DA, NULL));
	ASSERT_EQ(0, nv_write(e->tpm, INDEX, NULL, 5));
	name = name_of(_metadata, e, INDEX);
	policy_start(&policy, VAULT_SHA256, NULL);
	policy_nv(&policy, INDEX, INDEX, &name, &now);
	expect_not_permitted(_metadata, e);

	ASSERT_EQ(0, nv_define(e->tpm, OTHER_INDEX, NV_ORDINARY | NV_OWNER_READ, NULL));
	ASSERT_EQ(0, nv_write(e->tpm, OTHER_INDEX, NULL, 5));
	name = name_of(_metadata, e, OTHER_INDEX);
	policy_start(&policy, VAULT_SHA256, NULL);
	policy_nv(&policy, TPM_RH_OWNER, OTHER_INDEX, &name, &now);
	expect_not_permitted(_metadata, e);

	ASSERT_EQ(0, tpm_property(e->tpm, TPM_PT_LOCKOUT_COUNTER, &failures));
	EXPECT_EQ(0, failures);
}

TEST_F(entity, user_may_name_what_does_not_count)
{
	struct asked asked = { .options = "secretauth=" RIGHT };
	struct env *e = &self->env;
	char *text, *loading;

	make_object(_metadata, e, OBJECT, false, &policy);
	text = with_policy(_metadata, "new 32", &policy, "");
	asked.text = text;
	expect_user(_metadata, e, &asked);
	asked.options = "secretauth=" WRONG;
	asked.err = -EACCES;
	expect_user(_metadata, e, &asked);
	free(text);
	EXPECT_EQ(0, vault_evict(e->tpm, OBJECT));

	make_counter(_metadata, e, NULL);
	policy_start(&policy, VAULT_SHA256, NULL);
	policy_nv_now(_metadata, e, &policy, NULL);
	text = with_policy(_metadata, "new 32", &policy, "");
	asked = (struct asked){ text, "", 0 };
	expect_user(_metadata, e, &asked);
	free(text);

	/* Revoked for a user too, though another look comes first. */
	text = seal(_metadata, e, &policy, "");
	ASSERT_LT(0, asprintf(&loading, "load %s", text));
	ASSERT_EQ(0, nv_increment(e->tpm, INDEX, NULL));
	asked = (struct asked){ loading, NULL, -EKEYREVOKED };
	expect_user(_metadata, e, &asked);
	ASSERT_EQ(0, nv_undefine(e->tpm, INDEX));
	expect_user(_metadata, e, &asked);
	free(loading);
	free(text);
}

TEST_HARNESS_MAIN
