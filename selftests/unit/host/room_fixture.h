/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the tests of room.c: the module's own code over a TPM in the process.
 *
 * "Strangers" are objects and sessions made behind the room's back, as a user of
 * /dev/tpm0 makes them.
 */
#ifndef _UNIT_HOST_ROOM_FIXTURE_H
#define _UNIT_HOST_ROOM_FIXTURE_H

#include <errno.h>
#include <kunit/test.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>

#include "../../../drivers/char/tpm/rm/room.h"
#include "tpm.h"

#define SLOTS		3	/* object slots, and session slots, of libtpms */
#define ACTIVE		64	/* sessions that it can have at once */

struct fixture {
	struct trm_transport tp;
	struct trm_limits limits;
	struct trm_room room;
	u8 rsp[TPM2_BUFFER_SIZE];
};

static inline int host_send(struct trm_transport *tp, struct tpm2_bytes cmd,
			    u8 *rsp, size_t size)
{
	memcpy(rsp, cmd.data, cmd.len);
	return host_tpm_send(rsp, cmd.len, size);
}

static inline int room_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	f->tp.send = host_send;
	trm_room_init(&f->room, &f->tp, &f->limits);
	host_tpm_reset();
	test->priv = f;
	return 0;
}

static inline u32 rc_of(const u8 *rsp)
{
	return get_unaligned_be32(rsp + 6);
}

/* A command with nothing but a code and parameters. */
static inline size_t put_command(u8 *buf, u32 code, struct tpm2_bytes params)
{
	struct tpm2_writer w = tpm2_writer(buf, TPM2_BUFFER_SIZE);

	tpm2_put_u16(&w, TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, TPM2_HEADER_SIZE + params.len);
	tpm2_put_u32(&w, code);
	tpm2_put_bytes(&w, params);
	return w.len;
}

static inline size_t put_sequence(u8 *buf)
{
	static const u8 params[] = { 0, 0, 0, TPM_ALG_ID_SHA256 };

	return put_command(buf, TPM_CC_HashSequenceStart,
			   tpm2_bytes(params, sizeof(params)));
}

/* The public area of a sealed object; anything will do as its digest. */
static inline size_t put_object(u8 *buf)
{
	u8 params[128], digest[32] = { 1 };
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	size_t start;

	tpm2_put_u16(&w, 0); /* inPrivate */
	start = tpm2_open_u16(&w);
	tpm2_put_u16(&w, TPM_ALG_ID_KEYEDHASH);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(&w, 0x40); /* userWithAuth */
	tpm2_put_u16(&w, 0); /* authPolicy */
	tpm2_put_u16(&w, TPM_ALG_ID_NULL);
	tpm2_put_sized(&w, tpm2_bytes(digest, sizeof(digest)));
	tpm2_close_u16(&w, start);
	tpm2_put_u32(&w, TPM_RH_NULL);
	return put_command(buf, TPM_CC_LoadExternal, tpm2_written(&w));
}

static inline size_t put_session(u8 *buf)
{
	u8 params[64];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	static const u8 nonce[16];

	tpm2_put_u32(&w, TPM_RH_NULL);
	tpm2_put_u32(&w, TPM_RH_NULL);
	tpm2_put_sized(&w, tpm2_bytes(nonce, sizeof(nonce)));
	tpm2_put_u16(&w, 0);
	tpm2_put_u8(&w, TPM_SE_HMAC);
	tpm2_put_u16(&w, TPM_ALG_ID_NULL);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	return put_command(buf, TPM_CC_StartAuthSession, tpm2_written(&w));
}

/* What a stranger does: straight to the TPM.  Returns the handle, 0 if none. */
static inline u32 stranger(size_t (*put)(u8 *buf))
{
	u8 buf[TPM2_BUFFER_SIZE];

	host_tpm_send(buf, put(buf), sizeof(buf));
	return rc_of(buf) ? 0 : get_unaligned_be32(buf + TPM2_HEADER_SIZE);
}

static inline u32 stranger_flush(u32 handle)
{
	u8 buf[TPM2_BUFFER_SIZE], params[4];

	put_unaligned_be32(handle, params);
	host_tpm_send(buf, put_command(buf, TPM_CC_FlushContext,
				       tpm2_bytes(params, 4)), sizeof(buf));
	return rc_of(buf);
}

/* Saves a session; its context is left in @buf behind the header. */
static inline u32 stranger_save(u32 handle, u8 *buf, size_t *len)
{
	u8 params[4];

	put_unaligned_be32(handle, params);
	*len = host_tpm_send(buf, put_command(buf, TPM_CC_ContextSave,
					      tpm2_bytes(params, 4)),
			     TPM2_BUFFER_SIZE);
	return rc_of(buf);
}

static inline u32 stranger_load(const u8 *saved, size_t len)
{
	u8 buf[TPM2_BUFFER_SIZE];

	host_tpm_send(buf, put_command(buf, TPM_CC_ContextLoad,
				       tpm2_bytes(saved + TPM2_HEADER_SIZE,
						  len - TPM2_HEADER_SIZE)),
		      sizeof(buf));
	return rc_of(buf);
}

/* Ours: through the room.  Returns the response code. */
static inline u32 ours(struct fixture *f, struct trm_entity *e,
		       size_t (*put)(u8 *buf))
{
	u8 cmd[TPM2_BUFFER_SIZE];
	size_t len = put(cmd);

	if (trm_room_send(&f->room, tpm2_bytes(cmd, len), f->rsp) < 0)
		abort();
	if (!rc_of(f->rsp))
		trm_room_admit(&f->room, e, get_unaligned_be32(f->rsp +
							TPM2_HEADER_SIZE));
	return rc_of(f->rsp);
}

/* As a kernel client's transaction ends while others use the TPM beside us. */
static inline void leave(struct fixture *f)
{
	trm_room_leave(&f->room);
	trm_room_rest(&f->room, true);
}

static inline struct trm_entity *new_entity(struct kunit *test)
{
	struct trm_entity *e = kunit_kzalloc(test, sizeof(*e) + TRM_MAX_CONTEXT,
					     GFP_KERNEL);

	trm_entity_init(e, (u8 *)(e + 1), TRM_MAX_CONTEXT);
	return e;
}

static inline unsigned int count(u32 ht)
{
	u32 handle[ACTIVE];

	return host_tpm_handles(ht, handle, ACTIVE);
}

static inline bool is_listed(u32 ht, u32 handle)
{
	u32 list[ACTIVE];
	int i, nr = host_tpm_handles(ht, list, ACTIVE);

	for (i = 0; i < nr; i++) {
		if (list[i] == handle)
			return true;
	}
	return false;
}

static inline bool is_object(u32 handle)
{
	return is_listed(TPM_HT_TRANSIENT, handle);
}

static inline bool is_loaded(u32 handle)
{
	return is_listed(TPM_HT_HMAC_SESSION, handle);
}

#endif /* _UNIT_HOST_ROOM_FIXTURE_H */
