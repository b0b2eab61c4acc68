// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trusted keys when there is no memory: of all allocations that an operation makes
 * one fails, each in its turn.  The operation then says ENOMEM, or succeeds without
 * what it wanted the memory for; nothing stays in the TPM, keys are what they were,
 * and the next operation works.  Needs the debug kernel.
 */
#include <keyutils.h>

#include "fixture.h"
#include "nomem.h"

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=120";

FIXTURE(nomem)
{
	struct env env;
	int fail;
	char *hex;
};

FIXTURE_SETUP(nomem)
{
	env_open(_metadata, &self->env);
	self->hex = new_blob(_metadata, &self->env, "new 32 pcrs=7");
	self->fail = nomem_open();
	ASSERT_LE(0, self->fail);
}

FIXTURE_TEARDOWN(nomem)
{
	nomem_close(self->fail);
	free(self->hex);
	env_close(_metadata, &self->env);
}

/**
 * struct attempt - an operation
 * @key: the key that is updated; 0: one is added
 * @text: what is added or written
 */
struct attempt {
	int key;
	const char *text;
};

static int run(struct env *e, const struct attempt *a)
{
	size_t len = strlen(a->text);

	if (a->key)
		return keyctl_update(a->key, a->text, len) ? -errno : 0;
	return key_add_octets(e->ring, "tried", a->text, len);
}

/* Physical handles, and how many keys there are. */
static void expect_clean(struct __test_metadata *_metadata, struct env *e, int keys)
{
	struct tpm_state now;

	physical_state(_metadata, &now);
	ASSERT_TRUE(tpm_same_state(&e->before, &now)) {
		tpm_print_state("before", &e->before);
		tpm_print_state("now", &now);
	}
	ASSERT_EQ(keys, key_count(e->ring));
}

/* A key that was to be updated and was not. */
static void expect_blob(struct __test_metadata *_metadata, int key, const char *before)
{
	char *now = blob(_metadata, key);

	ASSERT_STREQ(before, now);
	free(now);
}

/* One allocation fails; returns whether there were so many. */
static int fail_at(struct __test_metadata *_metadata, FIXTURE_DATA(nomem) *self,
		   const struct attempt *a, int nth, int *refused)
{
	struct env *e = &self->env;
	char *before = a->key ? blob(_metadata, a->key) : NULL;
	int keys = key_count(e->ring), failed, ret;

	ASSERT_EQ(0, nomem_begin(self->fail, nth));
	ret = run(e, a);
	failed = nomem_end(self->fail);
	ASSERT_LE(0, failed);
	if (ret < 0) {
		ASSERT_EQ(-ENOMEM, ret) TH_LOG("allocation %d", nth);
		ASSERT_EQ(1, failed);
		*refused += 1;
		if (before)
			expect_blob(_metadata, a->key, before);
	} else if (!a->key) {
		ASSERT_EQ(0, key_unlink(e->ring, ret));
	}
	free(before);
	expect_clean(_metadata, e, keys);
	return failed;
}

/* At least so many of the failures are those of the operation itself. */
static void fail_each(struct __test_metadata *_metadata, FIXTURE_DATA(nomem) *self,
		      const struct attempt *a, int least)
{
	int nth = 1, refused = 0;

	while (nth < NOMEM_MAX && fail_at(_metadata, self, a, nth, &refused))
		nth++;
	TH_LOG("%d allocations, %d times ENOMEM", nth - 1, refused);
	EXPECT_GT(NOMEM_MAX, nth);
	EXPECT_LE(least, refused);
	EXPECT_LOADS(&self->env, self->hex, "");
}

TEST_F(nomem, new)
{
	const struct attempt a = { .text = "new 32 pcrs=sha256:7,16|sha256:7,8 blobauth=6869" };

	fail_each(_metadata, self, &a, 10);
}

TEST_F(nomem, load)
{
	struct attempt a = { 0 };
	char *text;

	ASSERT_LT(0, asprintf(&text, "load %s", self->hex));
	a.text = text;
	fail_each(_metadata, self, &a, 10);
	free(text);
}

TEST_F(nomem, update)
{
	struct attempt a = { .text = "update pcrs=sha256:7,16" };

	a.key = add(_metadata, &self->env, "key", "new 32 migratable=1");
	fail_each(_metadata, self, &a, 10);
}

TEST_HARNESS_MAIN
