/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/tpmrm0 as octets: a command or two, and read() and write() that say what
 * went wrong.
 */
#ifndef _TPM_RM_DEVICE_H
#define _TPM_RM_DEVICE_H

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tpm.h"

#define DEVICE_MAX	4096	/* octets of a command or a response */
#define HEADER_SIZE	10

/* RC_COMMAND_CODE, said by a resource manager and not by the TPM. */
#define RC_NO_SUCH_COMMAND	0x000b0143
#define RC_BAD_TAG		0x000b001e

/* Hash of "abc": always the same answer, and one that may be long in coming. */
static const uint8_t hash_abc[] = {
	0x80, 0x01, 0, 0, 0, 21, 0, 0, 0x01, 0x7d,
	0, 3, 'a', 'b', 'c', 0, 0x0b, 0x40, 0, 0, 7,
};

#define ANSWER_SIZE	52

/* GetRandom of eight octets. */
static const uint8_t get_random[] = {
	0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x7b, 0, 8,
};

#define RANDOM_SIZE	20

/* ReadPublic of an object that nobody has. */
static const uint8_t read_nobodys[] = {
	0x80, 0x01, 0, 0, 0, 14, 0, 0, 0x01, 0x73, 0x80, 0xff, 0xff, 0xf0,
};

/* A code that no TPM has. */
static const uint8_t no_such_command[] = {
	0x80, 0x01, 0, 0, 0, 10, 0, 0, 0, 0x42,
};

/* An address at which nothing can be read or written. */
static inline void *nowhere(void)
{
	return mmap(NULL, 2 * DEVICE_MAX, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static inline long device_write(int fd, const void *p, size_t len)
{
	ssize_t n = write(fd, p, len);

	return n < 0 ? -errno : n;
}

static inline long device_read(int fd, void *p, size_t len)
{
	ssize_t n = read(fd, p, len);

	return n < 0 ? -errno : n;
}

static inline uint32_t response_code(const uint8_t *response)
{
	return (uint32_t)response[6] << 24 | response[7] << 16 | response[8] << 8 | response[9];
}

/* What can be done at once: POLLIN or POLLOUT, never both. */
static inline int device_ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	return poll(&p, 1, 0) < 0 ? -errno : p.revents;
}

/* Waits for a response, and for nothing else. */
static inline int device_wait(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms) < 0 ? -errno : p.revents;
}

/* Is it the answer to hash_abc, all of it?  (FIPS 180-4; an empty ticket) */
static inline bool answer_is_right(const uint8_t *r, long len)
{
	static const uint8_t expected[ANSWER_SIZE] = {
		0x80, 0x01, 0, 0, 0, ANSWER_SIZE, 0, 0, 0, 0, 0, 32,
		0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea,
		0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22, 0x23,
		0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c,
		0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad,
		0x80, 0x24, 0x40, 0, 0, 7, 0, 0,
	};

	return len == ANSWER_SIZE && !memcmp(r, expected, sizeof(expected));
}

/* A command and its response: the file is none the worse for what came before. */
static inline bool device_works(int fd)
{
	uint8_t r[DEVICE_MAX];

	return device_write(fd, hash_abc, sizeof(hash_abc)) == sizeof(hash_abc) &&
	       answer_is_right(r, device_read(fd, r, sizeof(r))) &&
	       device_read(fd, r, sizeof(r)) == 0;
}

#endif /* _TPM_RM_DEVICE_H */
