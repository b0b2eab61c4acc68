// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client sends nonsense, which costs it nothing that it holds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "hostile.h"
#include "refusal.h"

#define NO_OBJECT	0x80fffff0
#define NO_SESSION	0x3f	/* index; of the kind that fits */

#define HEADER		0x80, 0x01, 0, 0, 0

/* Octets as they are, which need not be a command; the response code, if any. */
static long send_octets(int fd, const void *octets, size_t len)
{
	struct tpm_buf b = { 0 };
	ssize_t n = write(fd, octets, len);

	if (n < 0)
		return -errno;
	n = read(fd, b.data, sizeof(b.data));
	if (n < 0)
		return -errno;
	b.len = n;
	tpm_get(&b, 6);
	n = tpm_get32(&b);
	return b.bad ? -EBADMSG : n;
}

/* A row: @got is @want, and @c still has what it had. */
static void harmless(struct client *c, const char *what, long got, long want)
{
	long works = client_works(c);

	if (got != want)
		expect_is(what, got, want);
	else
		expect_that(what, !works, "then %s", outcome(works));
}

static void harmless_refusal(struct client *c, const char *what, long got, long rc)
{
	harmless(c, what, got, rm_refusal(got, rc));
}

/* Whoever it is that notices. */
static void refused(struct client *c, const char *what, const void *octets, size_t len)
{
	long got = send_octets(c->fd, octets, len);

	harmless(c, what, got, got ?: -EINVAL);
}

#define REFUSED(c, what, ...) do {				\
	static const uint8_t octets[] = { __VA_ARGS__ };	\
	refused(c, what, octets, sizeof(octets));		\
} while (0)

static void truncated(struct client *c)
{
	REFUSED(c, "half a header", HEADER);
	REFUSED(c, "shorter than it says", HEADER, 100, 0, 0, 1, 0x7b, 0, 8);
	REFUSED(c, "no parameters", HEADER, 10, 0, 0, 1, 0x7b);
	REFUSED(c, "no handle", HEADER, 10, 0, 0, 1, 0x89);
	REFUSED(c, "half a handle", HEADER, 12, 0, 0, 1, 0x89, 2, 0);
	REFUSED(c, "authorization area that ends", 0x80, 2, 0, 0, 0, 22, 0, 0, 1, 0x7b,
		0, 0, 0, 200, 2, 0, 0, 0, 0, 0, 0, 0);
	REFUSED(c, "no such tag", 0x12, 0x34, 0, 0, 0, 12, 0, 0, 1, 0x7b, 0, 8);
}

static long read_public(int fd, uint32_t handle)
{
	struct tpm_call c = {
		.code = TPM_CC_READ_PUBLIC,
		.handles = 1, .handle = { handle },
	};

	return tpm_run(fd, &c);
}

static long run_code(int fd, uint32_t code)
{
	struct tpm_call c = { .code = code };

	return tpm_run(fd, &c);
}

static void bad_handles(struct client *c)
{
	struct tpm_session s = { .handle = 0x03000000 | NO_SESSION, .type = TPM_SE_POLICY };

	harmless(c, "an object that it has not", read_public(c->fd, NO_OBJECT), -EINVAL);
	harmless(c, "flush an object that it has not", tpm_flush(c->fd, NO_OBJECT), -EINVAL);
	harmless_refusal(c, "a session that it has not", session_works(c->fd, &s),
			 RC_REFERENCE_H0);
	s.handle = 0x02000000 | NO_SESSION;
	s.type = TPM_SE_HMAC;
	harmless_refusal(c, "such a session as authorization", session_works(c->fd, &s),
			 RC_REFERENCE_S0);
	harmless_refusal(c, "flush a session that it has not", tpm_flush(c->fd, s.handle),
			 RC_HANDLE);
}

static void unknown(struct client *c)
{
	long want = RM_LAYER | RC_COMMAND_CODE;

	harmless(c, "an unknown command", run_code(c->fd, 0x1ff), want);
	harmless(c, "an unknown command of a vendor", run_code(c->fd, 0x20000123), want);
}

static void nonsense(void)
{
	struct client *c = malloc(sizeof(*c));

	expect("a client holds objects and sessions", client_start(c, VICTIM, 2, 2));
	bad_handles(c);
	unknown(c);
	client_close(c);
}

static void fragments(void)
{
	struct client *c = malloc(sizeof(*c));

	expect("a client holds objects and sessions", client_start(c, VICTIM, 2, 2));
	truncated(c);
	client_close(c);
}

const struct hostile_case malformed_cases[] = {
	{ "i1", VM_PLAIN, 20, "a client names what is not there; that costs it nothing", nonsense },
	{ "i2", VM_PLAIN, 20, "a client sends truncated commands; that costs it nothing", fragments },
	{ }
};
