// SPDX-License-Identifier: GPL-2.0-only
/*
 * What there is in a TPM that lasts.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fingerprint.h"

#define TPM_CC_NV_READ_PUBLIC	0x169
#define PT_VAR			0x200
#define PT_HR_LOADED		0x203
#define PT_HR_TRANSIENT_AVAIL	0x207
#define PCRS			24
#define CAP_HANDLES		1
#define NV_RANGE		0x01000000

static long list_nv(int fd, struct tpm_handles *h)
{
	struct tpm_call c = { .code = TPM_CC_GET_CAPABILITY };
	long err;

	tpm_put32(&c.params, CAP_HANDLES);
	tpm_put32(&c.params, NV_RANGE);
	tpm_put32(&c.params, TPM_MAX_HANDLES);
	err = tpm_run(fd, &c);
	if (err)
		return err;
	tpm_get(&c.reply, 1 + 4);
	h->nr = tpm_get32(&c.reply);
	if (h->nr > TPM_MAX_HANDLES)
		return -EBADMSG;
	for (int i = 0; i < h->nr; i++)
		h->handle[i] = tpm_get32(&c.reply);
	return tpm_finish(&c.reply);
}

static long read_nv_public(int fd, const struct tpm_handles *nv, uint8_t *digest)
{
	struct sha256 h;
	long err = 0;
	int i;

	sha256_init(&h);
	for (i = 0; i < nv->nr && !err; i++) {
		struct tpm_call c = {
			.code = TPM_CC_NV_READ_PUBLIC,
			.handles = 1, .handle = { nv->handle[i] },
		};

		err = tpm_run(fd, &c);
		sha256_update(&h, c.reply.data, c.reply.len);
	}
	sha256_final(&h, digest);
	return err;
}

static long read_pcrs(int fd, uint8_t *digest)
{
	uint8_t value[SHA256_SIZE];
	struct sha256 h;
	long err = 0;
	int i;

	sha256_init(&h);
	for (i = 0; i < PCRS && !err; i++) {
		err = tpm_pcr_read(fd, i, value);
		sha256_update(&h, value, sizeof(value));
	}
	sha256_final(&h, digest);
	return err;
}

/* How much room there is changes all the time. */
static long read_properties(int fd, uint32_t *value)
{
	uint32_t property;
	long err = 0;

	for (property = PT_VAR; property < PT_VAR + FINGERPRINT_PROPERTIES && !err; property++) {
		if (property < PT_HR_LOADED || property > PT_HR_TRANSIENT_AVAIL)
			err = tpm_property(fd, property, &value[property - PT_VAR]);
	}
	return err;
}

long fingerprint_take(struct fingerprint *f)
{
	struct tpm_state s;
	int raw = tpm_open(TPM_RAW);
	long err;

	memset(f, 0, sizeof(*f));
	if (raw < 0)
		return -errno;
	err = tpm_read_state(raw, &s) ?: list_nv(raw, &f->nv) ?:
	      read_nv_public(raw, &f->nv, f->nv_public) ?: read_pcrs(raw, f->pcrs) ?:
	      read_properties(raw, f->property);
	f->persistent = s.persistent;
	close(raw);
	return err;
}

const char *fingerprint_differs(const struct fingerprint *a, const struct fingerprint *b)
{
	if (!tpm_same_handles(&a->persistent, &b->persistent))
		return "persistent objects";
	if (!tpm_same_handles(&a->nv, &b->nv))
		return "NV indices";
	if (memcmp(a->nv_public, b->nv_public, sizeof(a->nv_public)))
		return "the state of NV indices";
	if (memcmp(a->pcrs, b->pcrs, sizeof(a->pcrs)))
		return "PCRs";
	if (memcmp(a->property, b->property, sizeof(a->property)))
		return "properties";
	return NULL;
}
