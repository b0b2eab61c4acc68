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

/* A row: the outcome is @want, and @c still has what it had; it goes then. */
static void harmless(struct client *c, const char *what, long got, long want)
{
	long works = client_works(c);

	if (got != want)
		expect_is(what, got, want);
	else
		expect_that(what, !works, "then %s", outcome(works));
	client_close(c);
}

static void harmless_refusal(struct client *c, const char *what, long got, long rc)
{
	harmless(c, what, got, rm_refusal(got, rc));
}

/* Another one for each: stock's loses what it has at the first. */
static struct client *client_new(void)
{
	static struct client c;
	long err = client_start(&c, VICTIM, 2, 2);

	if (err)
		expect("a client comes", err);
	return &c;
}

/* Whoever it is that notices. */
static void refused(const char *what, const void *octets, size_t len)
{
	struct client *c = client_new();
	long got = send_octets(c->fd, octets, len);

	harmless(c, what, got, got ?: -EINVAL);
}

#define REFUSED(what, ...) do {				\
	static const uint8_t octets[] = { __VA_ARGS__ };	\
	refused(what, octets, sizeof(octets));		\
} while (0)

static void truncated(void)
{
	REFUSED("half a header", HEADER);
	REFUSED("shorter than it says", HEADER, 100, 0, 0, 1, 0x7b, 0, 8);
	REFUSED("no parameters", HEADER, 10, 0, 0, 1, 0x7b);
	REFUSED("no handle", HEADER, 10, 0, 0, 1, 0x89);
	REFUSED("half a handle", HEADER, 12, 0, 0, 1, 0x89, 2, 0);
	REFUSED("authorization area that ends", 0x80, 2, 0, 0, 0, 22, 0, 0, 1, 0x7b,
		0, 0, 0, 200, 2, 0, 0, 0, 0, 0, 0, 0);
	REFUSED("no such tag", 0x12, 0x34, 0, 0, 0, 12, 0, 0, 1, 0x7b, 0, 8);
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

static void unknown_object(void)
{
	struct client *c = client_new();

	harmless(c, "an object that it has not", read_public(c->fd, NO_OBJECT), -EINVAL);
	c = client_new();
	harmless(c, "flush an object that it has not", tpm_flush(c->fd, NO_OBJECT), -EINVAL);
}

static void unknown_session(void)
{
	struct tpm_session policy = { .handle = 0x03000000 | NO_SESSION, .type = TPM_SE_POLICY };
	struct tpm_session hmac = { .handle = 0x02000000 | NO_SESSION, .type = TPM_SE_HMAC };
	struct client *c = client_new();

	harmless_refusal(c, "a session that it has not", session_works(c->fd, &policy),
			 RC_REFERENCE_H0);
	c = client_new();
	harmless_refusal(c, "such a session as authorization", session_works(c->fd, &hmac),
			 RC_REFERENCE_S0);
	c = client_new();
	harmless_refusal(c, "flush a session that it has not", tpm_flush(c->fd, hmac.handle),
			 RC_HANDLE);
}

static void unknown_command(void)
{
	long want = RM_LAYER | RC_COMMAND_CODE;
	struct client *c = client_new();

	harmless(c, "an unknown command", run_code(c->fd, 0x1ff), want);
	c = client_new();
	harmless(c, "an unknown command of a vendor", run_code(c->fd, 0x20000123), want);
}

static void unknown(void)
{
	unknown_object();
	unknown_session();
	unknown_command();
}

const struct hostile_case malformed_cases[] = {
	{ "i1", VM_PLAIN, 20, "a client names what is not there, and loses nothing", unknown },
	{ "i2", VM_PLAIN, 20, "a client sends truncated commands, and loses nothing", truncated },
	{ }
};
