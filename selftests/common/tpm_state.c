// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a TPM 2.0 says of itself: properties, and what is in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tpm.h"

#define SESSION_INDEX	0xffffff

enum {
	CAP_HANDLES	= 1,
	CAP_PROPERTIES	= 6,
};

static long get_capability(int fd, struct tpm_call *c, uint32_t capability, uint32_t first,
			   uint32_t max, bool *more)
{
	long err;

	c->code = TPM_CC_GET_CAPABILITY;
	tpm_put32(&c->params, capability);
	tpm_put32(&c->params, first);
	tpm_put32(&c->params, max);
	err = tpm_run(fd, c);
	if (err)
		return err;
	*more = tpm_get8(&c->reply);
	return tpm_get32(&c->reply) == capability ? 0 : -EBADMSG;
}

long tpm_property(int fd, uint32_t property, uint32_t *value)
{
	struct tpm_call c = { 0 };
	bool more;
	long err = get_capability(fd, &c, CAP_PROPERTIES, property, 1, &more);

	if (err)
		return err;
	if (tpm_get32(&c.reply) != 1 || tpm_get32(&c.reply) != property)
		return -EBADMSG;
	*value = tpm_get32(&c.reply);
	return tpm_finish(&c.reply);
}

static long take_handles(struct tpm_call *c, struct tpm_handles *h, bool more)
{
	uint32_t nr = tpm_get32(&c->reply);

	if (nr > (uint32_t)(TPM_MAX_HANDLES - h->nr) || (more && !nr))
		return -EBADMSG;
	while (nr--)
		h->handle[h->nr++] = tpm_get32(&c->reply);
	return tpm_finish(&c->reply);
}

static long list_page(int fd, uint32_t first, uint32_t max, struct tpm_handles *h, bool *more)
{
	struct tpm_call c = { 0 };
	long err = get_capability(fd, &c, CAP_HANDLES, first, max, more);

	return err ? err : take_handles(&c, h, *more);
}

long tpm_list_handles(int fd, uint32_t first, uint32_t max, struct tpm_handles *h, bool *more)
{
	h->nr = 0;
	return list_page(fd, first, max, h, more);
}

long tpm_list_audited(int fd, uint32_t first, struct tpm_session *s, struct tpm_handles *h)
{
	struct tpm_call c = { .auths = 1, .auth[0] = { s, TPM_AUDIT } };
	bool more;
	long err = get_capability(fd, &c, CAP_HANDLES, first, TPM_MAX_HANDLES, &more);

	h->nr = 0;
	return err ? err : take_handles(&c, h, more);
}

/* The type of a session is not in its range: that says loaded or saved. */
static long list(int fd, uint32_t range, struct tpm_handles *h)
{
	uint32_t first = range;
	bool more = true;
	long err = 0;

	h->nr = 0;
	while (more && !err) {
		err = list_page(fd, first, TPM_MAX_HANDLES, h, &more);
		if (h->nr)
			first = range | ((h->handle[h->nr - 1] + 1) & SESSION_INDEX);
	}
	return err;
}

void tpm_forget_kept(void)
{
	int fd = open("/sys/module/trusted/parameters/kept_sessions", O_RDWR | O_CLOEXEC);
	char before[8];
	ssize_t len;

	if (fd < 0)
		return;
	len = read(fd, before, sizeof(before));
	if (len <= 0 || pwrite(fd, "0", 1, 0) != 1 || pwrite(fd, before, len, 0) != len)
		perror("kept_sessions");
	close(fd);
}

long tpm_read_state(int fd, struct tpm_state *s)
{
	long err;

	memset(s, 0, sizeof(*s));
	tpm_forget_kept();
	err = list(fd, 0x80000000, &s->transient);

	if (!err)
		err = list(fd, 0x02000000, &s->loaded);
	if (!err)
		err = list(fd, 0x03000000, &s->saved);
	return err ? err : list(fd, 0x81000000, &s->persistent);
}

long tpm_state_now(struct tpm_state *s)
{
	int fd = tpm_open(TPM_RAW);
	long err = -errno;

	memset(s, 0, sizeof(*s));
	if (fd < 0)
		return err;
	err = tpm_read_state(fd, s);
	close(fd);
	return err;
}

bool tpm_same_handles(const struct tpm_handles *a, const struct tpm_handles *b)
{
	return a->nr == b->nr && !memcmp(a->handle, b->handle, a->nr * sizeof(*a->handle));
}

bool tpm_same_state(const struct tpm_state *a, const struct tpm_state *b)
{
	return tpm_same_handles(&a->transient, &b->transient) &&
	       tpm_same_handles(&a->loaded, &b->loaded) &&
	       tpm_same_handles(&a->saved, &b->saved) &&
	       tpm_same_handles(&a->persistent, &b->persistent);
}

/* A session counts under either type. */
bool tpm_has_handle(const struct tpm_handles *h, uint32_t handle)
{
	uint32_t mask = handle >> 24 == 2 || handle >> 24 == 3 ? SESSION_INDEX : ~0u;
	int i;

	for (i = 0; i < h->nr; i++) {
		if (!((h->handle[i] ^ handle) & mask))
			return true;
	}
	return false;
}

static void print_handles(const char *what, const struct tpm_handles *h)
{
	int i;

	printf(" %s", what);
	for (i = 0; i < h->nr; i++)
		printf(" %x", h->handle[i]);
}

void tpm_print_state(const char *what, const struct tpm_state *s)
{
	printf("# %s:", what);
	print_handles("transient", &s->transient);
	print_handles("loaded", &s->loaded);
	print_handles("saved", &s->saved);
	print_handles("persistent", &s->persistent);
	printf("\n");
}
