// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients of a TPM device, what they hold, and the commands that they send.
 * All are single commands, and those in sessions verify the TPM's answer.
 */
#include <errno.h>
#include <unistd.h>

#include "bench.h"

#define DEBUG_PCR	16

static long take(struct client *c, int objects, int sessions)
{
	long err = 0;

	while (c->objects < objects && !err) {
		err = tpm_create_key(c->fd, &c->object[c->objects], c->objects);
		c->objects += !err;
	}
	while (c->sessions < sessions && !err) {
		err = tpm_session_start(c->fd, TPM_SE_HMAC, &c->session[c->sessions]);
		c->sessions += !err;
	}
	return err;
}

long client_open(struct client *c, const char *path, int objects, int sessions)
{
	*c = (struct client){ .fd = tpm_open(path), .raw = path[8] == '0' };
	if (c->fd < 0)
		return -errno;
	return take(c, objects, sessions);
}

/* What a raw client does not flush stays in the TPM. */
long client_close(struct client *c)
{
	long err = 0;

	while (c->raw && c->objects && !err)
		err = tpm_flush(c->fd, c->object[--c->objects].handle);
	while (c->raw && c->sessions && !err)
		err = tpm_flush(c->fd, c->session[--c->sessions].handle);
	close(c->fd);
	return err;
}

long get_random(struct client *c, int nr)
{
	struct tpm_call call = { .code = TPM_CC_GET_RANDOM };

	(void)nr;
	tpm_put16(&call.params, 16);
	return tpm_run(c->fd, &call);
}

long pcr_read(struct client *c, int nr)
{
	uint8_t digest[SHA256_SIZE];

	(void)nr;
	return tpm_pcr_read(c->fd, DEBUG_PCR, digest);
}

long pcr_reset(struct client *c, int nr)
{
	return tpm_session_use(c->fd, &c->session[nr % c->sessions]);
}

long hmac(struct client *c, int nr)
{
	struct tpm_call call = {
		.code = TPM_CC_HMAC,
		.handles = 1, .object = { &c->object[nr % c->objects] },
		.auths = 1, .auth[0].session = &c->session[nr % c->sessions],
	};

	tpm_put_sized(&call.params, "to be signed", 12);
	tpm_put16(&call.params, TPM_ALG_SHA256);
	return tpm_run(c->fd, &call);
}
