// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/tpmrm0 when there is no memory: of all allocations that a system call makes
 * one fails, each in its turn.  It then says ENOMEM, or succeeds; the file works,
 * what it has in the TPM is still there, and nothing else is.  Needs the debug
 * kernel.
 */
#include "space.h"
#include "device.h"
#include "nomem.h"

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=120";

/**
 * struct client - a file and what it has
 * @fd: /dev/tpmrm0
 * @key: an object
 * @session: one for HMACs, and of policy
 * @context: of another one, saved
 * @made: what the operation makes, to be flushed; 0: nothing
 */
struct client {
	int fd;
	struct tpm_object key;
	struct tpm_session session;
	struct tpm_buf context;
	uint32_t made;
};

static long open_and_close(struct client *c)
{
	int fd = tpm_open(TPM_MANAGED);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static long random_octets(struct client *c)
{
	long n = device_write(c->fd, get_random, sizeof(get_random));
	uint8_t r[DEVICE_MAX];

	if (n < 0)
		return n;
	n = device_read(c->fd, r, sizeof(r));
	return n == RANDOM_SIZE ? 0 : n < 0 ? n : -EBADMSG;
}

static long make_object(struct client *c)
{
	struct tpm_object key = { 0 };
	long rc = tpm_create_key(c->fd, &key, 77);

	c->made = rc ? 0 : key.handle;
	return rc;
}

static long start_session(struct client *c)
{
	struct tpm_session s = { 0 };
	long rc = tpm_session_start(c->fd, TPM_SE_POLICY, &s);

	c->made = rc ? 0 : s.handle;
	return rc;
}

static long use_object(struct client *c)
{
	return tpm_use_key(c->fd, &c->key, NULL);
}

static long use_session(struct client *c)
{
	return tpm_session_use(c->fd, &c->session);
}

static long save_object(struct client *c)
{
	struct tpm_buf context;

	return tpm_context_save(c->fd, c->key.handle, &context);
}

static long load_object(struct client *c)
{
	uint32_t handle;
	long rc = tpm_context_load(c->fd, &c->context, &handle);

	c->made = rc ? 0 : handle;
	return rc;
}

static long list_sessions(struct client *c)
{
	struct tpm_handles h;
	bool more;

	return tpm_list_handles(c->fd, LOADED, TPM_MAX_HANDLES, &h, &more);
}

/* The file works and has what it had; then it has nothing more than that. */
static void expect_intact(struct __test_metadata *_metadata, struct client *c)
{
	ASSERT_TRUE(device_works(c->fd));
	if (c->made)
		ASSERT_EQ(0, tpm_flush(c->fd, c->made));
	c->made = 0;
	ASSERT_EQ(0, tpm_use_key(c->fd, &c->key, NULL));
	ASSERT_EQ(0, tpm_session_use(c->fd, &c->session));
}

/* One allocation fails; returns whether there were so many. */
static int fail_at(struct __test_metadata *_metadata, struct client *c, int fail,
		   long (*run)(struct client *c), int nth)
{
	int failed;
	long ret;

	ASSERT_EQ(0, nomem_begin(fail, nth));
	ret = run(c);
	failed = nomem_end(fail);
	ASSERT_LE(0, failed);
	if (ret) {
		ASSERT_EQ(-ENOMEM, ret) TH_LOG("allocation %d", nth);
		ASSERT_EQ(1, failed);
	}
	expect_intact(_metadata, c);
	return failed;
}

static void fail_each(struct __test_metadata *_metadata, int fd, long (*run)(struct client *c),
		      int least)
{
	struct client c = { .fd = fd };
	struct tpm_object other;
	int nth = 1, fail;

	ASSERT_EQ(0, tpm_create_key(fd, &c.key, 1));
	ASSERT_EQ(0, tpm_session_start(fd, TPM_SE_HMAC, &c.session));
	ASSERT_EQ(0, tpm_create_key(fd, &other, 2));
	ASSERT_EQ(0, tpm_context_save(fd, other.handle, &c.context));
	ASSERT_EQ(0, tpm_flush(fd, other.handle));
	fail = nomem_open();
	ASSERT_LE(0, fail);
	while (nth < NOMEM_MAX && fail_at(_metadata, &c, fail, run, nth))
		nth++;
	nomem_close(fail);
	TH_LOG("%d allocations", nth - 1);
	EXPECT_GT(NOMEM_MAX, nth);
	EXPECT_LE(least, nth - 1);
}

/**
 * struct space_variant - an operation
 * @run: 0, or a negative error
 * @least: so many allocations it makes
 */
FIXTURE_VARIANT(space) {
	long (*run)(struct client *c);
	int least;
};

FIXTURE_VARIANT_ADD(space, open) { .run = open_and_close, .least = 2 };
FIXTURE_VARIANT_ADD(space, command) { .run = random_octets, .least = 1 };
FIXTURE_VARIANT_ADD(space, new_object) { .run = make_object, .least = 2 };
FIXTURE_VARIANT_ADD(space, new_session) { .run = start_session, .least = 2 };
FIXTURE_VARIANT_ADD(space, use_of_object) { .run = use_object, .least = 1 };
FIXTURE_VARIANT_ADD(space, use_of_session) { .run = use_session, .least = 1 };
FIXTURE_VARIANT_ADD(space, context_save) { .run = save_object, .least = 1 };
FIXTURE_VARIANT_ADD(space, context_load) { .run = load_object, .least = 2 };
FIXTURE_VARIANT_ADD(space, list_of_handles) { .run = list_sessions, .least = 1 };

TEST_F(space, each_allocation_fails)
{
	fail_each(_metadata, self->a, variant->run, variant->least);
}

TEST_HARNESS_MAIN
