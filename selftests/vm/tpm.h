/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guest's helpers need of a TPM 2.0: one command and its response,
 * and the handles that are in use.
 */
#ifndef _VM_TPM_H
#define _VM_TPM_H

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define TPM_BUF		4096
#define TPM_HEADER	10

enum {
	TPM_ST_NO_SESSIONS	= 0x8001,
	TPM_ST_SESSIONS		= 0x8002,
	TPM_CC_PCR_Event	= 0x13c,
	TPM_CC_StirRandom	= 0x146,
	TPM_CC_GetCapability	= 0x17a,
	TPM_RS_PW		= 0x40000009,
	TPM_CAP_HANDLES		= 1,
};

/*
 * Sessions that trusted keys keep from one to the next are nobody's handles: they
 * are ended.  The parameter is as before afterwards.
 */
static inline void tpm_forget_kept(void)
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

/* A command being written, or a response being read. */
struct tpm_msg {
	size_t len;
	uint8_t buf[TPM_BUF];
};

static inline void tpm_put16(struct tpm_msg *m, uint16_t v)
{
	v = htobe16(v);
	memcpy(m->buf + m->len, &v, sizeof(v));
	m->len += sizeof(v);
}

static inline void tpm_put32(struct tpm_msg *m, uint32_t v)
{
	v = htobe32(v);
	memcpy(m->buf + m->len, &v, sizeof(v));
	m->len += sizeof(v);
}

static inline void tpm_put(struct tpm_msg *m, const void *p, size_t len)
{
	memcpy(m->buf + m->len, p, len);
	m->len += len;
}

static inline uint32_t tpm_get32(const struct tpm_msg *m, size_t at)
{
	uint32_t v;

	memcpy(&v, m->buf + at, sizeof(v));
	return be32toh(v);
}

static inline void tpm_begin(struct tpm_msg *m, uint16_t tag, uint32_t cc)
{
	m->len = 0;
	tpm_put16(m, tag);
	tpm_put32(m, 0);
	tpm_put32(m, cc);
}

/* Returns the TPM's response code, or -1 with errno. */
static inline int64_t tpm_transmit(int fd, struct tpm_msg *m)
{
	uint32_t size = htobe32(m->len);
	ssize_t n;

	memcpy(m->buf + 2, &size, sizeof(size));
	n = write(fd, m->buf, m->len);
	if (n < 0)
		return -1;
	n = read(fd, m->buf, sizeof(m->buf));
	if (n < TPM_HEADER) {
		if (n >= 0)
			errno = EPROTO;
		return -1;
	}
	m->len = n;
	return tpm_get32(m, 6);
}

/* To the interposer between QEMU and the TPM: see tpm-mark.c. */
static inline int tpm_say(int fd, const char *verb, const char *text)
{
	/* StirRandom takes 128 bytes at most. */
	char data[128];
	struct tpm_msg m;
	int len;

	len = snprintf(data, sizeof(data), "%s:%s", verb, text);
	if (len >= (int)sizeof(data))
		len = sizeof(data) - 1;
	tpm_begin(&m, TPM_ST_NO_SESSIONS, TPM_CC_StirRandom);
	tpm_put16(&m, len);
	tpm_put(&m, data, len);
	return tpm_transmit(fd, &m) ? -1 : 0;
}

struct tpm_handles {
	int nr;
	uint32_t handle[512];
};

/*
 * Appends the handles of one range as the TPM lists them, page by page.  In the
 * ranges of sessions the top byte of the question says loaded or saved, and
 * that of the answer HMAC or policy.
 */
static inline int tpm_list_range(int fd, uint32_t range, struct tpm_handles *h)
{
	uint32_t first = range, nr, i;
	struct tpm_msg m;

	do {
		tpm_begin(&m, TPM_ST_NO_SESSIONS, TPM_CC_GetCapability);
		tpm_put32(&m, TPM_CAP_HANDLES);
		tpm_put32(&m, first);
		tpm_put32(&m, 254);
		if (tpm_transmit(fd, &m))
			return -1;
		nr = tpm_get32(&m, TPM_HEADER + 5);
		if (m.len != TPM_HEADER + 9 + 4 * nr || h->nr + nr > 512)
			return -1;
		for (i = 0; i < nr; i++)
			h->handle[h->nr++] = tpm_get32(&m, TPM_HEADER + 9 + 4 * i);
		if (nr)
			first = range | ((h->handle[h->nr - 1] + 1) & 0xffffff);
	} while (nr && m.buf[TPM_HEADER]);
	return 0;
}

#define TPM_RANGES	3

static const struct tpm_range {
	const char *name;
	uint32_t first;
} tpm_ranges[TPM_RANGES] = {
	{ "transient", 0x80000000 },
	{ "loaded", 0x02000000 },
	{ "saved", 0x03000000 },
};

#endif
