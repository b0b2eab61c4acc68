// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking commands and responses apart, and putting commands together.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * Commands may come from user space, and responses from a TPM that lies:
 * nothing is believed but what @bytes really holds.  What is well-formed and
 * yet wrong, as a missing session, is left to the TPM, which has the error code
 * for it.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "wire.h"

/* Part 1, 18: tag, size, and command or response code. */
struct header {
	u16 tag;
	u32 size;
	u32 code;
};

static struct header get_header(struct tpm2_reader *r)
{
	struct header h;

	h.tag = tpm2_get_u16(r);
	h.size = tpm2_get_u32(r);
	h.code = tpm2_get_u32(r);
	return h;
}

/* All that is left. */
static struct tpm2_bytes get_rest(struct tpm2_reader *r)
{
	return tpm2_get_bytes(r, tpm2_left(r));
}

/* What TPMS_AUTH_COMMAND and TPMS_AUTH_RESPONSE (Part 2, 10.13) have alike. */
static void get_auth(struct tpm2_reader *r, struct trm_wire_auth *auth)
{
	auth->nonce = tpm2_get_sized(r);
	auth->attributes = tpm2_get_u8(r);
	auth->hmac = tpm2_get_sized(r);
}

int trm_wire_command_size(struct tpm2_bytes bytes)
{
	struct tpm2_reader r = tpm2_reader(bytes.data, bytes.len);
	struct header h = get_header(&r);

	if (r.bad)
		return -EINVAL;
	if (h.tag != TPM_ST_NO_SESSIONS && h.tag != TPM_ST_SESSIONS)
		return -EINVAL;
	if (h.size < TPM2_HEADER_SIZE || h.size > bytes.len)
		return -EINVAL;
	return h.size;
}

u32 trm_wire_code(struct tpm2_bytes bytes)
{
	struct tpm2_reader r = tpm2_reader(bytes.data, bytes.len);

	return get_header(&r).code;
}

/* At least one session, at most three, and exactly what authSize says. */
static int get_command_auths(struct tpm2_reader *r, struct trm_wire_command *c)
{
	struct tpm2_bytes area = tpm2_get_bytes(r, tpm2_get_u32(r));
	struct tpm2_reader in = tpm2_reader(area.data, area.len);
	struct trm_wire_auth *auth;

	do {
		if (c->nr_auths == TPM2_MAX_SESSIONS)
			return -EINVAL;
		auth = &c->auth[c->nr_auths++];
		auth->handle = tpm2_get_u32(&in);
		get_auth(&in, auth);
	} while (tpm2_left(&in));
	return tpm2_done(&in) ? 0 : -EINVAL;
}

int trm_wire_parse_with(struct tpm2_bytes bytes,
			const struct trm_command_info *info,
			struct trm_wire_command *c)
{
	struct tpm2_reader r = tpm2_reader(bytes.data, bytes.len);
	int size = trm_wire_command_size(bytes);
	struct header h = get_header(&r);
	unsigned int i;
	int err;

	memset(c, 0, sizeof(*c));
	if (size < 0 || (size_t)size != bytes.len)
		return -EINVAL;
	c->code = h.code;
	c->info = info;
	if (!c->info)
		return -EOPNOTSUPP;
	for (i = 0; i < c->info->handles; i++)
		c->handle[i] = tpm2_get_u32(&r);
	if (h.tag == TPM_ST_SESSIONS) {
		err = get_command_auths(&r, c);
		if (err)
			return err;
	}
	c->params = get_rest(&r);
	return r.bad ? -EINVAL : 0;
}

int trm_wire_parse_command(struct tpm2_bytes bytes, struct trm_wire_command *c)
{
	return trm_wire_parse_with(bytes, trm_command_find(trm_wire_code(bytes)),
				   c);
}

/* After the header of a response that is no error. */
static void get_response_body(struct tpm2_reader *in,
			      const struct trm_command_info *info,
			      unsigned int nr_auths,
			      struct trm_wire_response *r)
{
	if (info->handle_out)
		r->handle = tpm2_get_u32(in);
	if (!nr_auths) {
		r->params = get_rest(in);
		return;
	}
	r->params = tpm2_get_bytes(in, tpm2_get_u32(in));
	for (; r->nr_auths < nr_auths; r->nr_auths++)
		get_auth(in, &r->auth[r->nr_auths]);
}

int trm_wire_parse_response(struct tpm2_bytes bytes,
			    const struct trm_command_info *info,
			    unsigned int nr_auths, struct trm_wire_response *r)
{
	struct tpm2_reader in = tpm2_reader(bytes.data, bytes.len);
	struct header h = get_header(&in);
	bool sessions = nr_auths && h.code == TPM_RC_SUCCESS;

	memset(r, 0, sizeof(*r));
	if (in.bad || h.size != bytes.len || nr_auths > TPM2_MAX_SESSIONS)
		return -EBADMSG;
	if (h.tag != (sessions ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS))
		return -EBADMSG;
	r->rc = h.code;
	if (r->rc == TPM_RC_SUCCESS) {
		get_response_body(&in, info, nr_auths, r);
		if (info->silent && r->params.len)
			return -EBADMSG;
	}
	return tpm2_done(&in) ? 0 : -EBADMSG;
}

static void put_auths(struct tpm2_writer *w, const struct trm_wire_command *c)
{
	const struct trm_wire_auth *auth;
	size_t start = tpm2_open_u32(w);

	for (auth = c->auth; auth < c->auth + c->nr_auths; auth++) {
		tpm2_put_u32(w, auth->handle);
		tpm2_put_sized(w, auth->nonce);
		tpm2_put_u8(w, auth->attributes);
		tpm2_put_sized(w, auth->hmac);
	}
	tpm2_close_u32(w, start);
}

void trm_wire_put_command(struct tpm2_writer *w,
			  const struct trm_wire_command *c)
{
	unsigned int i, handles = c->info ? c->info->handles : 0;

	if (c->nr_auths > TPM2_MAX_SESSIONS) {
		w->full = true;
		return;
	}
	tpm2_put_u16(w, c->nr_auths ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS);
	tpm2_put_u32(w, 0);
	tpm2_put_u32(w, c->code);
	for (i = 0; i < handles; i++)
		tpm2_put_u32(w, c->handle[i]);
	if (c->nr_auths)
		put_auths(w, c);
	tpm2_put_bytes(w, c->params);
	if (!w->full)
		put_unaligned_be32(w->len, w->buf + 2);
}
