// SPDX-License-Identifier: GPL-2.0-only
/*
 * A response of /dev/tpmrm0 that nobody reads is forgotten after two minutes.
 * The files of all cases wait at the same time.
 */
#include <fcntl.h>
#include <limits.h>

#include "kselftest_harness.h"
#include "device.h"
#include "process.h"

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=180";

#define EXPIRY_MS	120000
#define EARLY_MS	500	/* the kernel's clock may tick so much earlier */
#define LATE_MS		10000

enum waiting_file {
	UNREAD,			/* a response of which nothing was read */
	PART,			/* one of which a part was read */
	NONBLOCKING,
	REFUSED,		/* an error that read() would have said */
	FILES,
};

FIXTURE(expiry) {
	struct tpm_state before;
	int fd[FILES];
	struct tpm_session session;
	long since;
};

static long begin(int fd, const void *command, size_t len)
{
	long n = device_write(fd, command, len);

	return n == (long)len && device_wait(fd, LATE_MS) == POLLIN ? 0 : -EIO;
}

FIXTURE_SETUP(expiry)
{
	uint8_t header[HEADER_SIZE];
	int i;

	ASSERT_EQ(0, tpm_state_now(&self->before));
	for (i = 0; i < FILES; i++) {
		self->fd[i] = open(TPM_MANAGED, O_RDWR | O_CLOEXEC |
				   (i == NONBLOCKING || i == REFUSED ? O_NONBLOCK : 0));
		ASSERT_LE(0, self->fd[i]);
	}
	ASSERT_EQ(0, tpm_session_start(self->fd[UNREAD], TPM_SE_HMAC, &self->session));
	self->since = now_ms();
	for (i = 0; i < REFUSED; i++)
		ASSERT_EQ(0, begin(self->fd[i], hash_abc, sizeof(hash_abc)));
	ASSERT_EQ(0, begin(self->fd[REFUSED], read_nobodys, sizeof(read_nobodys)));
	ASSERT_EQ(HEADER_SIZE, device_read(self->fd[PART], header, sizeof(header)));
}

FIXTURE_TEARDOWN(expiry)
{
	struct tpm_state after;
	int i;

	for (i = 0; i < FILES; i++)
		close(self->fd[i]);
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
}

/* How long it was until the file could be written to. */
static long until_writable(struct __test_metadata *_metadata, int fd, long since)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	long left = since + EXPIRY_MS + LATE_MS - now_ms();

	EXPECT_EQ(1, poll(&p, 1, left > 0 ? left : 0));
	EXPECT_EQ(POLLOUT, p.revents);
	return now_ms() - since;
}

TEST_F_TIMEOUT(expiry, unread_responses, 170)
{
	uint8_t r[DEVICE_MAX];
	int i;

	for (i = 0; i < FILES; i++)
		EXPECT_EQ(POLLIN, device_ready(self->fd[i]));
	EXPECT_EQ(-EBUSY, device_write(self->fd[UNREAD], hash_abc, sizeof(hash_abc)));
	EXPECT_EQ(-EBUSY, device_write(self->fd[REFUSED], hash_abc, sizeof(hash_abc)));

	for (i = 0; i < FILES; i++)
		EXPECT_LE(EXPIRY_MS - EARLY_MS,
			  until_writable(_metadata, self->fd[i], self->since))
			TH_LOG("file %d", i);

	for (i = 0; i < FILES; i++)
		EXPECT_EQ(0, device_read(self->fd[i], r, sizeof(r)));
	EXPECT_EQ(0, tpm_session_use(self->fd[UNREAD], &self->session));
	EXPECT_TRUE(device_works(self->fd[UNREAD]));
	EXPECT_TRUE(device_works(self->fd[PART]));
	for (i = NONBLOCKING; i < FILES; i++) {
		EXPECT_EQ(0, begin(self->fd[i], hash_abc, sizeof(hash_abc)));
		EXPECT_TRUE(answer_is_right(r, device_read(self->fd[i], r, sizeof(r))));
	}
}

TEST_HARNESS_MAIN
