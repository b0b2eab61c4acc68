// SPDX-License-Identifier: GPL-2.0-only
/*
 * ContextSave, ContextLoad, FlushContext and the list of handles.
 *
 * PURE: used by the module and the host tests alike.
 *
 * None of these commands can carry a session, except GetCapability and
 * HashSequenceStart, so they do not end a user's exclusive audit session.
 */
#include <linux/errno.h>

#include "swap.h"
#include "wire.h"

/* How often a command is sent again that the TPM has put off. */
#define MAX_YIELDS	16

/* Sends one command without sessions; @r is valid if *@rc is success. */
static int once(struct trm_room *room, const struct trm_wire_command *c,
		struct trm_wire_response *r, u32 *rc)
{
	struct tpm2_writer w = tpm2_writer(room->cmd, sizeof(room->cmd));
	int len, err;

	trm_wire_put_command(&w, c);
	if (w.full)
		return -EMSGSIZE;
	len = room->tp->send(room->tp, tpm2_written(&w), room->rsp,
			     sizeof(room->rsp));
	if (len < 0)
		return len;
	err = trm_wire_parse_response(tpm2_bytes(room->rsp, len), c->info, 0, r);
	if (!err)
		*rc = r->rc;
	return err;
}

static int command(struct trm_room *room, const struct trm_wire_command *c,
		   struct trm_wire_response *r, u32 *rc)
{
	int err, tries = 0;

	do {
		err = once(room, c, r, rc);
	} while (!err && *rc == TPM_RC_YIELDED && tries++ < MAX_YIELDS);
	if (err)
		trm_failed(room, err);
	return err;
}

int trm_swap_save(struct trm_room *room, u32 handle, struct trm_context *ctx,
		  u32 *rc)
{
	struct trm_wire_command c = {
		.code = TPM_CC_ContextSave,
		.info = trm_command_find(TPM_CC_ContextSave),
		.handle[0] = handle,
	};
	struct trm_wire_response r;
	int err;

	err = command(room, &c, &r, rc);
	if (err || *rc)
		return err;
	if (!r.params.len || r.params.len > ctx->size) {
		trm_doubt(room);
		return -EBADMSG;
	}
	ctx->handle = handle;
	ctx->len = r.params.len;
	memcpy(ctx->data, r.params.data, r.params.len);
	return 0;
}

int trm_swap_load(struct trm_room *room, const struct trm_context *ctx,
		  u32 *handle, u32 *rc)
{
	struct trm_wire_command c = {
		.code = TPM_CC_ContextLoad,
		.info = trm_command_find(TPM_CC_ContextLoad),
		.params = tpm2_bytes(ctx->data, ctx->len),
	};
	struct trm_wire_response r;
	int err;

	err = command(room, &c, &r, rc);
	if (!err && !*rc)
		*handle = r.handle;
	return err;
}

int trm_swap_flush(struct trm_room *room, u32 handle, u32 *rc)
{
	u8 params[4];
	struct trm_wire_command c = {
		.code = TPM_CC_FlushContext,
		.info = trm_command_find(TPM_CC_FlushContext),
		.params = tpm2_bytes(params, sizeof(params)),
	};
	struct trm_wire_response r;
	int err;

	put_unaligned_be32(handle, params);
	err = command(room, &c, &r, rc);
	/* Then it was not there, or that is a lie. */
	if (!err && *rc)
		trm_doubt(room);
	return err;
}

int trm_swap_sequence(struct trm_room *room, u32 *handle, u32 *rc)
{
	static const u8 params[] = { 0, 0, 0, TPM_ALG_ID_SHA256 };
	struct trm_wire_command c = {
		.code = TPM_CC_HashSequenceStart,
		.info = trm_command_find(TPM_CC_HashSequenceStart),
		.params = tpm2_bytes(params, sizeof(params)),
	};
	struct trm_wire_response r;
	int err;

	err = command(room, &c, &r, rc);
	if (!err && !*rc)
		*handle = r.handle;
	return err;
}

/* One TPM2_GetCapability. */
static int ask(struct trm_room *room, u32 capability, u32 first, u32 max,
	       struct trm_wire_response *r)
{
	u8 params[12];
	struct tpm2_writer w = tpm2_writer(params, sizeof(params));
	struct trm_wire_command c = {
		.code = TPM_CC_GetCapability,
		.info = trm_command_find(TPM_CC_GetCapability),
		.params = tpm2_bytes(params, sizeof(params)),
	};
	u32 rc;
	int err;

	tpm2_put_u32(&w, capability);
	tpm2_put_u32(&w, first);
	tpm2_put_u32(&w, max);
	err = command(room, &c, r, &rc);
	return !err && rc ? -EBADMSG : err;
}

/*
 * What comes before the list in a TPMS_CAPABILITY_DATA.  Returns the number of
 * elements; -EBADMSG if it is not @capability, or more than @max.
 */
static int get_list(struct tpm2_reader *r, u32 capability, unsigned int max)
{
	u32 nr;

	tpm2_get_u8(r); /* moreData */
	if (tpm2_get_u32(r) != capability)
		return -EBADMSG;
	nr = tpm2_get_u32(r);
	return nr > max ? -EBADMSG : (int)nr;
}

int trm_swap_list(struct trm_room *room, u32 first, u32 *handle,
		  unsigned int max)
{
	struct trm_wire_response answer;
	struct tpm2_reader r;
	int i, nr, err;

	err = ask(room, TPM_CAP_HANDLES, first, max, &answer);
	if (err)
		return err;
	r = tpm2_reader(answer.params.data, answer.params.len);
	nr = get_list(&r, TPM_CAP_HANDLES, max);
	for (i = 0; i < nr; i++)
		handle[i] = tpm2_get_u32(&r);
	return nr < 0 || tpm2_done(&r) ? nr : -EBADMSG;
}

int trm_swap_properties(struct trm_room *room, u32 first,
			struct trm_property *list, unsigned int max)
{
	struct trm_wire_response answer;
	struct tpm2_reader r;
	int i, nr, err;

	err = ask(room, TPM_CAP_TPM_PROPERTIES, first, max, &answer);
	if (err)
		return err;
	r = tpm2_reader(answer.params.data, answer.params.len);
	nr = get_list(&r, TPM_CAP_TPM_PROPERTIES, max);
	for (i = 0; i < nr; i++) {
		list[i].property = tpm2_get_u32(&r);
		list[i].value = tpm2_get_u32(&r);
	}
	return nr < 0 || tpm2_done(&r) ? nr : -EBADMSG;
}

u64 trm_swap_age(const struct trm_context *ctx)
{
	struct tpm2_reader r = tpm2_reader(ctx->data, ctx->len);
	u64 high = tpm2_get_u32(&r);

	return high << 32 | tpm2_get_u32(&r);
}

/* Part 2, 14.5: savedHandle says what kind of object it was. */
bool trm_swap_is_sequence(const struct trm_context *ctx)
{
	struct tpm2_reader r = tpm2_reader(ctx->data, ctx->len);

	tpm2_get(&r, 8); /* sequence */
	return tpm2_get_u32(&r) == TPM_SAVED_SEQUENCE;
}
