// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of /dev/tpmrm0, to the letter of what programs have had since Linux
 * 4.12: what write(), read(), poll() and the others say, and what a file is
 * afterwards.
 */
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "kselftest_harness.h"
#include "device.h"

FIXTURE(device) {
	struct tpm_state before;
	int fd;
	uint8_t r[DEVICE_MAX];
};

FIXTURE_SETUP(device)
{
	ASSERT_EQ(0, tpm_state_now(&self->before));
	self->fd = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(device)
{
	struct tpm_state after;

	close(self->fd);
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
}

#define READ(len)	device_read(self->fd, self->r, len)
#define WRITE(command)	device_write(self->fd, command, sizeof(command))

/* --- one command after the other ------------------------------------------ */

TEST_F(device, write_then_read)
{
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(sizeof(get_random), WRITE(get_random));
	EXPECT_EQ(RANDOM_SIZE, READ(DEVICE_MAX));
	EXPECT_EQ(0, response_code(self->r));
	EXPECT_TRUE(device_works(self->fd));
}

TEST_F(device, read_without_a_command)
{
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(0, READ(1));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_TRUE(device_works(self->fd));
}

TEST_F(device, read_of_nothing)
{
	EXPECT_EQ(0, READ(0));
	EXPECT_EQ(0, device_read(self->fd, nowhere(), 0));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_TRUE(device_works(self->fd));
}

/* As on Linux 6.12; on 6.1 the kernel's own device forgets it. */
TEST_F(device, read_of_nothing_leaves_the_response)
{
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(0, READ(0));
	EXPECT_EQ(POLLIN, device_ready(self->fd));
	EXPECT_EQ(-EBUSY, WRITE(hash_abc));
	EXPECT_EQ(0, device_read(self->fd, nowhere(), 0));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
}

TEST_F(device, read_in_parts)
{
	int i;

	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	for (i = 0; i < ANSWER_SIZE; i++)
		EXPECT_EQ(1, device_read(self->fd, self->r + i, 1));
	EXPECT_TRUE(answer_is_right(self->r, ANSWER_SIZE));
	EXPECT_EQ(0, READ(1));

	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(HEADER_SIZE, READ(HEADER_SIZE));
	EXPECT_EQ(ANSWER_SIZE - HEADER_SIZE,
		  device_read(self->fd, self->r + HEADER_SIZE, DEVICE_MAX - HEADER_SIZE));
	EXPECT_TRUE(answer_is_right(self->r, ANSWER_SIZE));
	EXPECT_EQ(0, READ(DEVICE_MAX));
}

TEST_F(device, read_into_several_buffers)
{
	struct iovec v[] = { { self->r, 6 }, { self->r + 6, 4 }, { self->r + 10, 100 } };

	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(ANSWER_SIZE, readv(self->fd, v, 3));
	EXPECT_TRUE(answer_is_right(self->r, ANSWER_SIZE));
	EXPECT_EQ(0, READ(1));
}

/* --- a response that was not read ----------------------------------------- */

TEST_F(device, second_command_before_the_read)
{
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(-EBUSY, WRITE(get_random));
	EXPECT_EQ(-EBUSY, WRITE(get_random));
	EXPECT_EQ(POLLIN, device_ready(self->fd));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	EXPECT_TRUE(device_works(self->fd));
}

/* Who has begun to read may leave the rest. */
TEST_F(device, second_command_after_a_part)
{
	EXPECT_EQ(sizeof(get_random), WRITE(get_random));
	EXPECT_EQ(1, READ(1));
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(-EBUSY, WRITE(get_random));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	EXPECT_EQ(0, READ(DEVICE_MAX));
}

TEST_F(device, each_file_has_its_own_response)
{
	uint8_t r[DEVICE_MAX];
	int other = tpm_open(TPM_MANAGED);

	ASSERT_LE(0, other);
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(0, device_read(other, r, sizeof(r)));
	EXPECT_EQ(sizeof(get_random), device_write(other, get_random, sizeof(get_random)));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	EXPECT_EQ(RANDOM_SIZE, device_read(other, r, sizeof(r)));
	EXPECT_EQ(0, close(other));
}

TEST_F(device, closed_with_a_response)
{
	int other = tpm_open(TPM_MANAGED);

	ASSERT_LE(0, other);
	EXPECT_EQ(sizeof(get_random), device_write(other, get_random, sizeof(get_random)));
	EXPECT_EQ(0, close(other));
	EXPECT_TRUE(device_works(self->fd));
}

/* --- commands that are none ----------------------------------------------- */

/* Six octets are enough to have a size in them. */
TEST_F(device, too_short_for_a_size)
{
	size_t len;

	for (len = 0; len < 6; len++)
		EXPECT_EQ(-EINVAL, device_write(self->fd, hash_abc, len));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_TRUE(device_works(self->fd));
}

TEST_F(device, shorter_than_its_size)
{
	uint8_t claims_much[DEVICE_MAX] = { 0x80, 0x01, 0, 0, 0x10, 0x01, 0, 0, 0x01, 0x7b, 0, 8 };
	size_t len;

	for (len = 6; len < sizeof(hash_abc); len++)
		EXPECT_EQ(-EINVAL, device_write(self->fd, hash_abc, len));
	EXPECT_EQ(-EINVAL, WRITE(claims_much));
	memset(claims_much + 2, 0xff, 4);
	EXPECT_EQ(-EINVAL, WRITE(claims_much));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_TRUE(device_works(self->fd));
}

/* Nothing but the size is looked at, not even whether the octets are there. */
TEST_F(device, longer_than_any_command)
{
	uint8_t long_one[DEVICE_MAX + 1] = { 0 };

	memcpy(long_one, hash_abc, sizeof(hash_abc));
	EXPECT_EQ(-E2BIG, WRITE(long_one));
	EXPECT_EQ(-E2BIG, device_write(self->fd, nowhere(), DEVICE_MAX + 1));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(-E2BIG, WRITE(long_one));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
}

TEST_F(device, octets_behind_the_command)
{
	uint8_t with_more[DEVICE_MAX];
	size_t len;

	memset(with_more, 0xa5, sizeof(with_more));
	memcpy(with_more, hash_abc, sizeof(hash_abc));
	for (len = sizeof(hash_abc) + 1; len < sizeof(with_more); len *= 2) {
		EXPECT_EQ(len, device_write(self->fd, with_more, len));
		EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	}
	EXPECT_EQ(DEVICE_MAX, WRITE(with_more));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	EXPECT_EQ(0, READ(DEVICE_MAX));
}

/* Each buffer of a writev() is a command of its own. */
TEST_F(device, written_from_several_buffers)
{
	struct iovec v[] = {
		{ (void *)hash_abc, HEADER_SIZE },
		{ (void *)(hash_abc + HEADER_SIZE), sizeof(hash_abc) - HEADER_SIZE },
	};

	EXPECT_EQ(-1, writev(self->fd, v, 2));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(0, READ(DEVICE_MAX));
	v[0].iov_len = sizeof(hash_abc);
	EXPECT_EQ(sizeof(hash_abc), writev(self->fd, v, 1));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
}

TEST_F(device, size_of_zero)
{
	uint8_t c[sizeof(get_random)];

	memcpy(c, get_random, sizeof(c));
	c[5] = 0;
	EXPECT_EQ(-ENODATA, WRITE(c));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_TRUE(device_works(self->fd));
}

/* What is not there is zero, and there is no command of that code. */
TEST_F(device, size_without_a_code)
{
	uint8_t c[] = { 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0x01 };

	for (c[5] = 6; c[5] <= sizeof(c); c[5]++) {
		EXPECT_EQ(c[5], device_write(self->fd, c, c[5]));
		EXPECT_EQ(HEADER_SIZE, READ(DEVICE_MAX));
		EXPECT_EQ(RC_NO_SUCH_COMMAND, response_code(self->r));
	}
	EXPECT_TRUE(device_works(self->fd));
}

/* --- commands that are refused -------------------------------------------- */

static bool no_such_command_was_said(const uint8_t *r, long len)
{
	static const uint8_t expected[HEADER_SIZE] = {
		0x80, 0x01, 0, 0, 0, HEADER_SIZE, 0, 0x0b, 0x01, 0x43,
	};

	return len == HEADER_SIZE && !memcmp(r, expected, sizeof(expected));
}

TEST_F(device, code_that_the_tpm_has_not)
{
	uint8_t vendors[] = { 0x80, 0x01, 0, 0, 0, 10, 0x20, 0, 0, 0 };

	EXPECT_EQ(sizeof(no_such_command), WRITE(no_such_command));
	EXPECT_EQ(POLLIN, device_ready(self->fd));
	EXPECT_TRUE(no_such_command_was_said(self->r, READ(DEVICE_MAX)));
	EXPECT_EQ(sizeof(vendors), WRITE(vendors));
	EXPECT_TRUE(no_such_command_was_said(self->r, READ(DEVICE_MAX)));
	EXPECT_TRUE(device_works(self->fd));
}

TEST_F(device, object_that_nobody_has)
{
	EXPECT_EQ(-EINVAL, WRITE(read_nobodys));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_TRUE(device_works(self->fd));
}

/* A physical handle is as unknown as any. */
TEST_F(device, object_by_its_physical_handle)
{
	uint8_t physical[sizeof(read_nobodys)];
	struct tpm_object key;

	memcpy(physical, read_nobodys, sizeof(physical));
	memset(physical + 11, 0, 3);
	EXPECT_EQ(0, tpm_create_key(self->fd, &key, 1));
	EXPECT_EQ(0x80ffffff, key.handle);
	EXPECT_EQ(-EINVAL, WRITE(physical));
	EXPECT_EQ(0, tpm_use_key(self->fd, &key, NULL));
}

TEST_F(device, ours_refusal_costs_no_session)
{
	struct tpm_session session;

	EXPECT_EQ(0, tpm_session_start(self->fd, TPM_SE_HMAC, &session));
	EXPECT_EQ(-EINVAL, WRITE(read_nobodys));
	EXPECT_EQ(0, tpm_session_use(self->fd, &session));
}

/* Refused, in a response like any other. */
TEST_F(device, refused_by_the_tpm)
{
	uint8_t bad_tag[sizeof(get_random)], cut[] = { 0x80, 0x01, 0, 0, 0, 10, 0, 0, 0x01, 0x7b };

	memcpy(bad_tag, get_random, sizeof(bad_tag));
	bad_tag[1] = 0x77;
	EXPECT_EQ(sizeof(bad_tag), WRITE(bad_tag));
	EXPECT_EQ(HEADER_SIZE, READ(DEVICE_MAX));
	/* RC_VALUE of the software TPM; ours does not let it come so far. */
	EXPECT_TRUE(response_code(self->r) == 0x84 || response_code(self->r) == RC_BAD_TAG);
	EXPECT_EQ(sizeof(cut), WRITE(cut));
	EXPECT_EQ(HEADER_SIZE, READ(DEVICE_MAX));
	EXPECT_EQ(0x1da, response_code(self->r)); /* RC_INSUFFICIENT of parameter 1 */
	EXPECT_TRUE(device_works(self->fd));
}

/* --- memory that is not there --------------------------------------------- */

TEST_F(device, command_from_nowhere)
{
	EXPECT_EQ(-EFAULT, device_write(self->fd, nowhere(), sizeof(get_random)));
	EXPECT_EQ(-EFAULT, device_write(self->fd, nowhere(), DEVICE_MAX));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(-EBUSY, device_write(self->fd, nowhere(), sizeof(get_random)));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
}

/* The response is lost: what was the caller's memory like? */
TEST_F(device, response_to_nowhere)
{
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(-EFAULT, device_read(self->fd, nowhere(), DEVICE_MAX));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_TRUE(device_works(self->fd));
}

/* Half of the response would have had room. */
TEST_F(device, response_over_the_edge)
{
	long page = sysconf(_SC_PAGESIZE);
	uint8_t *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, munmap(p + page, page));
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(-EFAULT, device_read(self->fd, p + page - 10, DEVICE_MAX));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_TRUE(device_works(self->fd));
	munmap(p, page);
}

/* --- poll, and what a file cannot do -------------------------------------- */

TEST_F(device, poll_says_whose_turn_it_is)
{
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(POLLIN, device_ready(self->fd));
	EXPECT_EQ(1, READ(1));
	EXPECT_EQ(POLLIN, device_ready(self->fd));
	EXPECT_EQ(ANSWER_SIZE - 1, READ(DEVICE_MAX));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
	EXPECT_EQ(0, device_wait(self->fd, 0));
}

TEST_F(device, nothing_else_is_supported)
{
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(-1, lseek(self->fd, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pread(self->fd, self->r, 1, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pwrite(self->fd, hash_abc, sizeof(hash_abc), 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, ioctl(self->fd, FIONREAD, self->r));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->fd, 0));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(-1, fsync(self->fd));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
}

TEST_F(device, opened_for_one_direction)
{
	int in = open(TPM_MANAGED, O_RDONLY | O_CLOEXEC);
	int out = open(TPM_MANAGED, O_WRONLY | O_CLOEXEC);

	ASSERT_LE(0, in);
	ASSERT_LE(0, out);
	EXPECT_EQ(-EBADF, device_write(in, hash_abc, sizeof(hash_abc)));
	EXPECT_EQ(0, device_read(in, self->r, DEVICE_MAX));
	EXPECT_EQ(sizeof(hash_abc), device_write(out, hash_abc, sizeof(hash_abc)));
	EXPECT_EQ(-EBADF, device_read(out, self->r, DEVICE_MAX));
	EXPECT_EQ(-EBUSY, device_write(out, hash_abc, sizeof(hash_abc)));
	close(in);
	close(out);
}

TEST_HARNESS_MAIN
