// SPDX-License-Identifier: GPL-2.0-only
/*
 * NV indices (Part 3, 31).
 */
#include <errno.h>
#include <string.h>

#include "nv.h"
#include "tpm.h"
#include "vault.h"

#define SIZE	8

enum {
	NV_UNDEFINE_SPACE	= 0x122,
	NV_DEFINE_SPACE		= 0x12a,
	NV_INCREMENT		= 0x134,
	NV_WRITE		= 0x137,
	NV_READ			= 0x14e,
	NV_READ_LOCK		= 0x14f,
	NV_READ_PUBLIC		= 0x169,
};

/* An index with its authorization, as tpm_call has it. */
static struct tpm_object entity(uint32_t index, const char *auth)
{
	struct tpm_object o = { .handle = index };

	if (auth) {
		o.auth_len = strlen(auth);
		memcpy(o.auth, auth, o.auth_len);
	}
	return o;
}

long nv_define(int fd, uint32_t index, uint32_t attributes, const char *auth)
{
	struct tpm_call c = {
		.code = NV_DEFINE_SPACE,
		.handles = 1, .handle = { TPM_RH_OWNER },
		.auths = 1,
	};

	tpm_put_sized(&c.params, auth ?: "", auth ? strlen(auth) : 0);
	tpm_put16(&c.params, 4 + 2 + 4 + 2 + 2);
	tpm_put32(&c.params, index);
	tpm_put16(&c.params, TPM_ALG_SHA256);
	tpm_put32(&c.params, attributes);
	tpm_put16(&c.params, 0); /* authPolicy */
	tpm_put16(&c.params, SIZE);
	return tpm_run(fd, &c);
}

long nv_undefine(int fd, uint32_t index)
{
	struct tpm_call c = {
		.code = NV_UNDEFINE_SPACE,
		.handles = 2, .handle = { TPM_RH_OWNER, index },
		.auths = 1,
	};

	return tpm_run(fd, &c);
}

long nv_increment(int fd, uint32_t index, const char *auth)
{
	struct tpm_object o = entity(index, auth);
	struct tpm_call c = {
		.code = NV_INCREMENT,
		.handles = 2, .object = { &o, &o },
		.auths = 1,
	};

	return tpm_run(fd, &c);
}

long nv_write(int fd, uint32_t index, const char *auth, uint64_t value)
{
	struct tpm_object o = entity(index, auth);
	struct octets octets = nv_number(value);
	struct tpm_call c = {
		.code = NV_WRITE,
		.handles = 2, .object = { &o, &o },
		.auths = 1,
	};

	tpm_put_sized(&c.params, octets.data, octets.len);
	tpm_put16(&c.params, 0); /* offset */
	return tpm_run(fd, &c);
}

static long take(struct tpm_call *c, struct octets *out)
{
	uint16_t len;
	const uint8_t *p = tpm_get_sized(&c->reply, &len);

	if (!p || tpm_finish(&c->reply))
		return -EBADMSG;
	*out = vault_octets(p, len);
	return 0;
}

long nv_read(int fd, uint32_t index, const char *auth, struct octets *value)
{
	struct tpm_object o = entity(index, auth);
	struct tpm_call c = {
		.code = NV_READ,
		.handles = 2, .object = { &o, &o },
		.auths = 1,
	};
	long rc;

	tpm_put16(&c.params, SIZE);
	tpm_put16(&c.params, 0); /* offset */
	rc = tpm_run(fd, &c);
	return rc ? rc : take(&c, value);
}

long nv_read_lock(int fd, uint32_t index, const char *auth)
{
	struct tpm_object o = entity(index, auth);
	struct tpm_call c = {
		.code = NV_READ_LOCK,
		.handles = 2, .object = { &o, &o },
		.auths = 1,
	};

	return tpm_run(fd, &c);
}

long nv_name(int fd, uint32_t index, struct octets *name)
{
	struct tpm_call c = {
		.code = NV_READ_PUBLIC,
		.handles = 1, .handle = { index },
	};
	uint16_t len;
	long rc = tpm_run(fd, &c);

	if (rc)
		return rc;
	tpm_get_sized(&c.reply, &len); /* nvPublic */
	return take(&c, name);
}

struct octets nv_number(uint64_t value)
{
	struct octets o = { .len = SIZE };
	int i;

	for (i = 0; i < SIZE; i++)
		o.data[i] = value >> 8 * (SIZE - 1 - i);
	return o;
}
