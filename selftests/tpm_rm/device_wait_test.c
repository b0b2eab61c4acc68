// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of /dev/tpmrm0 while a command runs: O_NONBLOCK and poll(), threads
 * and processes that share a file, signals, and who is killed while waiting.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "kselftest_harness.h"
#include "device.h"
#include "process.h"

/* For selftests/vm/check; needs its --tpm-delay. */
__attribute__((used)) static const char timeout[] = "vm-timeout=120";

#define SLOW_MS		700	/* of each command */
#define PROMPT_MS	350	/* for what does not wait for a command */
#define LONG_MS		20000	/* for what does */

FIXTURE(waiting) {
	struct tpm_state before;
	int fd;
	uint8_t r[DEVICE_MAX];
};

FIXTURE_SETUP(waiting)
{
	ASSERT_EQ(0, tpm_state_now(&self->before));
	self->fd = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(waiting)
{
	struct tpm_state after;

	EXPECT_EQ(0, tpm_slow(0));
	close(self->fd);
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
}

#define READ(len)	device_read(self->fd, self->r, len)
#define WRITE(command)	device_write(self->fd, command, sizeof(command))

/* --- O_NONBLOCK ----------------------------------------------------------- */

static int unblock(int fd)
{
	return fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK);
}

TEST_F(waiting, nonblocking_write_returns_at_once)
{
	long begin;

	ASSERT_EQ(0, unblock(self->fd));
	ASSERT_EQ(0, tpm_slow(SLOW_MS));
	begin = now_ms();
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_GT(PROMPT_MS, now_ms() - begin);
	EXPECT_EQ(POLLIN, device_wait(self->fd, LONG_MS));
	EXPECT_LE(SLOW_MS, now_ms() - begin);
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(POLLOUT, device_ready(self->fd));
}

TEST_F(waiting, nonblocking_commands_one_after_the_other)
{
	int i;

	ASSERT_EQ(0, unblock(self->fd));
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(sizeof(hash_abc), WRITE(hash_abc));
		ASSERT_EQ(POLLIN, device_wait(self->fd, LONG_MS));
		ASSERT_EQ(HEADER_SIZE, READ(HEADER_SIZE));
		ASSERT_EQ(POLLIN, device_wait(self->fd, 0));
		ASSERT_TRUE(answer_is_right(self->r, HEADER_SIZE +
			    device_read(self->fd, self->r + HEADER_SIZE, 100)));
		ASSERT_EQ(POLLOUT, device_ready(self->fd));
	}
}

/* Enqueued, running or done: there is no room for a second command. */
TEST_F(waiting, nonblocking_second_command)
{
	ASSERT_EQ(0, unblock(self->fd));
	ASSERT_EQ(0, tpm_slow(SLOW_MS));
	EXPECT_EQ(sizeof(hash_abc), WRITE(hash_abc));
	EXPECT_EQ(-EBUSY, WRITE(get_random));
	EXPECT_EQ(POLLIN, device_wait(self->fd, LONG_MS));
	EXPECT_EQ(-EBUSY, WRITE(get_random));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
}

/* What is wrong with the octets is said at once, the rest by read(). */
TEST_F(waiting, nonblocking_errors)
{
	ASSERT_EQ(0, unblock(self->fd));
	EXPECT_EQ(-EINVAL, device_write(self->fd, hash_abc, 5));
	EXPECT_EQ(-EINVAL, device_write(self->fd, hash_abc, 20));
	EXPECT_EQ(-E2BIG, device_write(self->fd, nowhere(), DEVICE_MAX + 1));
	EXPECT_EQ(0, READ(DEVICE_MAX));

	EXPECT_EQ(sizeof(read_nobodys), WRITE(read_nobodys));
	EXPECT_EQ(POLLIN, device_wait(self->fd, LONG_MS));
	EXPECT_EQ(-EBUSY, WRITE(hash_abc));
	EXPECT_EQ(-EINVAL, READ(DEVICE_MAX));
	EXPECT_EQ(0, READ(DEVICE_MAX));

	EXPECT_EQ(sizeof(no_such_command), WRITE(no_such_command));
	EXPECT_EQ(POLLIN, device_wait(self->fd, LONG_MS));
	EXPECT_EQ(HEADER_SIZE, READ(DEVICE_MAX));
	EXPECT_EQ(RC_NO_SUCH_COMMAND, response_code(self->r));
	EXPECT_EQ(0, fcntl(self->fd, F_SETFL, O_RDWR));
	EXPECT_TRUE(device_works(self->fd));
}

static const uint8_t start_session[] = {
	0x80, 0x01, 0, 0, 0, 43, 0, 0, 0x01, 0x76,	/* StartAuthSession */
	0x40, 0, 0, 7, 0x40, 0, 0, 7,			/* no key, unbound */
	0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
	0, 0, 0, 0, 0x10, 0, 0x0b,
};

TEST_F(waiting, closed_while_its_command_runs)
{
	int fd = open(TPM_MANAGED, O_RDWR | O_NONBLOCK | O_CLOEXEC);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tpm_slow(SLOW_MS / 4));
	EXPECT_EQ(sizeof(start_session), device_write(fd, start_session, sizeof(start_session)));
	EXPECT_EQ(0, close(fd));
}

/* --- a file that is shared ------------------------------------------------ */

struct shared {
	int fd;
	long written;
	pid_t tid;
};

static int write_in_child(void *arg)
{
	struct shared *s = arg;

	return device_write(s->fd, hash_abc, sizeof(hash_abc)) != sizeof(hash_abc);
}

static int read_header_in_child(void *arg)
{
	struct shared *s = arg;
	uint8_t r[HEADER_SIZE];

	return device_read(s->fd, r, sizeof(r)) != sizeof(r);
}

/* One writes, one reads the beginning, the third the rest. */
TEST_F(waiting, shared_over_fork)
{
	struct shared s = { self->fd };
	struct tpm_session session;

	ASSERT_EQ(0, tpm_session_start(self->fd, TPM_SE_HMAC, &session));
	EXPECT_EQ(0, process_result(process_start(write_in_child, &s), LONG_MS));
	EXPECT_EQ(-EBUSY, WRITE(hash_abc));
	EXPECT_EQ(0, process_result(process_start(read_header_in_child, &s), LONG_MS));
	EXPECT_EQ(ANSWER_SIZE - HEADER_SIZE, READ(DEVICE_MAX));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(0, tpm_session_use(self->fd, &session));
}

static void *write_in_thread(void *arg)
{
	struct shared *s = arg;

	__atomic_store_n(&s->tid, syscall(SYS_gettid), __ATOMIC_RELAXED);
	s->written = device_write(s->fd, hash_abc, sizeof(hash_abc));
	return NULL;
}

/* Who reads meanwhile waits for the response; who writes waits to be told BUSY. */
static void begin_in_thread(struct __test_metadata *_metadata, struct shared *s, pthread_t *thread)
{
	ASSERT_EQ(0, tpm_slow(2 * SLOW_MS));
	ASSERT_EQ(0, pthread_create(thread, NULL, write_in_thread, s));
	while (!__atomic_load_n(&s->tid, __ATOMIC_RELAXED))
		usleep(1000);
	ASSERT_TRUE(process_reaches(s->tid, "tpm_transmit"));
}

TEST_F(waiting, one_thread_writes_another_reads)
{
	struct shared s = { self->fd };
	pthread_t thread;

	begin_in_thread(_metadata, &s, &thread);
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(sizeof(hash_abc), s.written);
}

TEST_F(waiting, two_threads_write)
{
	struct shared s = { self->fd };
	pthread_t thread;

	begin_in_thread(_metadata, &s, &thread);
	EXPECT_EQ(-EBUSY, WRITE(get_random));
	EXPECT_EQ(0, pthread_join(thread, NULL));
	EXPECT_EQ(sizeof(hash_abc), s.written);
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
}

#define ROUNDS	100

struct worker {
	int fd, rounds, busy, wrong;
};

/* Whoever reads has an answer that is whole, his own or another's. */
static void *work(void *arg)
{
	struct worker *w = arg;
	uint8_t r[DEVICE_MAX];
	long n;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		n = device_write(w->fd, hash_abc, sizeof(hash_abc));
		w->busy += n == -EBUSY;
		w->wrong += n != -EBUSY && n != sizeof(hash_abc);
		n = device_read(w->fd, r, sizeof(r));
		w->rounds += n > 0;
		w->wrong += n && !answer_is_right(r, n);
	}
	return NULL;
}

TEST_F(waiting, threads_at_random)
{
	struct worker w[4] = { { 0 } };
	pthread_t thread[4];
	int i, answers = 0, busy = 0;

	for (i = 0; i < 4; i++) {
		w[i].fd = self->fd;
		ASSERT_EQ(0, pthread_create(&thread[i], NULL, work, &w[i]));
	}
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(0, pthread_join(thread[i], NULL));
		EXPECT_EQ(0, w[i].wrong);
		answers += w[i].rounds;
		busy += w[i].busy;
	}
	EXPECT_EQ(0, READ(DEVICE_MAX));
	EXPECT_EQ(4 * ROUNDS, answers + busy);
	EXPECT_LE(ROUNDS, answers);
}

/* --- signals -------------------------------------------------------------- */

static int alarms;

static void on_alarm(int nr)
{
	__atomic_fetch_add(&alarms, nr == SIGALRM, __ATOMIC_RELAXED);
}

static long reset_pcr_16(int fd)
{
	struct tpm_session session;
	long err = tpm_session_start(fd, TPM_SE_HMAC, &session);

	return err ? err : tpm_session_use(fd, &session);
}

static void extended(const uint8_t *pcr, const uint8_t *digest, uint8_t *out)
{
	struct sha256 s;

	sha256_init(&s);
	sha256_update(&s, pcr, SHA256_SIZE);
	sha256_update(&s, digest, SHA256_SIZE);
	sha256_final(&s, out);
}

/* No matter how often, and no SA_RESTART; nor is the command done twice. */
TEST_F(waiting, signals_do_not_interrupt_a_command)
{
	uint8_t before[SHA256_SIZE], after[SHA256_SIZE], expected[SHA256_SIZE];
	const uint8_t digest[SHA256_SIZE] = { 1 };
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval often = { { 0, 20000 }, { 0, 20000 } }, never = { { 0 } };

	EXPECT_EQ(0, tpm_pcr_read(self->fd, 16, before));
	extended(before, digest, expected);
	ASSERT_EQ(0, tpm_slow(SLOW_MS / 2));
	ASSERT_EQ(0, sigaction(SIGALRM, &action, NULL));
	ASSERT_EQ(0, setitimer(ITIMER_REAL, &often, NULL));
	EXPECT_EQ(0, tpm_pcr_extend(self->fd, 16, digest));
	ASSERT_EQ(0, setitimer(ITIMER_REAL, &never, NULL));
	EXPECT_LT(0, __atomic_load_n(&alarms, __ATOMIC_RELAXED));
	EXPECT_EQ(0, tpm_pcr_read(self->fd, 16, after));
	EXPECT_EQ(0, memcmp(expected, after, sizeof(after)));
	EXPECT_EQ(0, reset_pcr_16(self->fd));
}

/* A client of its own, with a key and a session, whose command takes long. */
static int be_slow(void *arg)
{
	int fd = tpm_open(TPM_MANAGED), *ready = arg;
	struct tpm_session session;
	struct tpm_object key;
	char c;

	if (fd < 0 || tpm_create_key(fd, &key, 1) || tpm_session_start(fd, TPM_SE_HMAC, &session))
		return EIO;
	if (write(ready[1], "", 1) != 1 || read(ready[0], &c, 1) != 1)
		return EPIPE;
	tpm_session_use(fd, &session);
	return 0;
}

static pid_t start_slow(struct __test_metadata *_metadata, int *pipe_of)
{
	int theirs[2], pipes[4];
	pid_t pid;
	char c;

	ASSERT_EQ(0, pipe2(pipes, O_CLOEXEC));
	ASSERT_EQ(0, pipe2(pipes + 2, O_CLOEXEC));
	theirs[0] = pipes[0];
	theirs[1] = pipes[3];
	pid = process_start(be_slow, theirs);
	ASSERT_EQ(1, read(pipes[2], &c, 1));
	close(pipes[0]);
	close(pipes[2]);
	close(pipes[3]);
	*pipe_of = pipes[1];
	return pid;
}

TEST_F(waiting, killed_while_its_command_runs)
{
	int go;
	pid_t pid = start_slow(_metadata, &go);

	ASSERT_EQ(0, tpm_slow(SLOW_MS / 4));
	ASSERT_EQ(1, write(go, "", 1));
	ASSERT_TRUE(process_reaches(pid, "tpm_transmit"));
	EXPECT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(128 + SIGKILL, process_result(pid, LONG_MS));
	EXPECT_TRUE(device_works(self->fd));
	close(go);
}

/* While another's command runs, who waits for the TPM can be killed. */
TEST_F(waiting, ours_killed_while_it_waits_for_another)
{
	struct shared s = { self->fd };
	pthread_t thread;
	int go;
	pid_t pid = start_slow(_metadata, &go);

	begin_in_thread(_metadata, &s, &thread);
	ASSERT_EQ(1, write(go, "", 1));
	ASSERT_TRUE(process_reaches(pid, "ksys_write"));
	EXPECT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(128 + SIGKILL, process_result(pid, PROMPT_MS));
	EXPECT_EQ(0, pthread_join(thread, NULL));
	EXPECT_TRUE(answer_is_right(self->r, READ(DEVICE_MAX)));
	close(go);
}

TEST_HARNESS_MAIN
