// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client alone with a TPM that has enough slots.
 *
 * The TPM in the process has three of each kind, and that number cannot be
 * changed.  So where it warns that it has no slot left, all that the command
 * does not name is saved, and loaded when it is named again.  That is no
 * resource manager: there is one client, who is trusted, nothing is clean, and
 * nothing is remembered of a session but that it is away.  Where the three slots
 * are enough, and in most programs they are, a command goes straight to the TPM.
 */
#include <linux/minmax.h>

#include "alone.h"
#include "commands.h"
#include "entity.h"
#include "state.h"
#include "tpm.h"

#define MAX_ITEMS	32
#define FIRST_OBJECT	0x80400000

/* What the client has in the TPM, or should have. */
struct item {
	u32 handle;	/* that the client knows; 0: a free place */
	u32 real;	/* the TPM's, if it is there */
	bool here;
	bool saved;	/* by the client */
	bool orphan;
	bool named;	/* by the command in flight */
	u16 len;
	u8 data[MAX_SAVED];
};

static struct item items[MAX_ITEMS];
static unsigned int nr_objects;

unsigned long alone_warnings;

/* A command of our own: without sessions; returns the response code. */
static u32 own(u32 code, struct tpm2_bytes params, u8 *buf, int *len)
{
	struct tpm2_writer w = tpm2_writer(buf, TPM2_BUFFER_SIZE);

	tpm2_put_u16(&w, TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, TPM2_HEADER_SIZE + params.len);
	tpm2_put_u32(&w, code);
	tpm2_put_bytes(&w, params);
	*len = host_tpm_send(buf, w.len, TPM2_BUFFER_SIZE);
	return get_unaligned_be32(buf + 6);
}

static u32 own_with_handle(u32 code, u32 handle, u8 *buf, int *len)
{
	u8 params[4];

	put_unaligned_be32(handle, params);
	return own(code, tpm2_bytes(params, 4), buf, len);
}

static struct item *find(u32 handle)
{
	struct item *item;

	for (item = items; item < items + MAX_ITEMS; item++) {
		if (item->handle && trm_same_handle(item->handle, handle))
			return item;
	}
	return NULL;
}

static struct item *add(u32 real)
{
	struct item *item = items;

	while (item->handle && item < items + MAX_ITEMS - 1)
		item++;
	memset(item, 0, sizeof(*item));
	item->handle = trm_is_session(real) ? real :
					      FIRST_OBJECT + nr_objects++;
	item->real = real;
	item->here = true;
	return item;
}

static void put_away(struct item *item)
{
	u8 buf[TPM2_BUFFER_SIZE];
	int len;

	if (own_with_handle(TPM_CC_ContextSave, item->real, buf, &len))
		return;
	item->len = len - TPM2_HEADER_SIZE;
	memcpy(item->data, buf + TPM2_HEADER_SIZE, item->len);
	item->here = false;
	if (!trm_is_session(item->real))
		own_with_handle(TPM_CC_FlushContext, item->real, buf, &len);
}

static bool put_all_away(bool session)
{
	struct item *item;
	bool any = false;

	alone_warnings++;
	for (item = items; item < items + MAX_ITEMS; item++) {
		if (!item->handle || !item->here || item->named || item->saved ||
		    trm_is_session(item->handle) != session)
			continue;
		put_away(item);
		any = true;
	}
	return any;
}

/* Does something about a warning; false if that was none, or did not help. */
static bool help(u32 rc)
{
	if (rc == TPM_RC_OBJECT_MEMORY || rc == TPM_RC_SESSION_MEMORY)
		return put_all_away(rc == TPM_RC_SESSION_MEMORY);
	return false;
}

static void bring(struct item *item)
{
	u8 buf[TPM2_BUFFER_SIZE];
	u32 rc;
	int len;

	item->named = true;
	if (item->here || item->saved)
		return;
	do {
		rc = own(TPM_CC_ContextLoad, tpm2_bytes(item->data, item->len),
			 buf, &len);
	} while (help(rc));
	if (rc)
		return;
	item->here = true;
	item->real = get_unaligned_be32(buf + TPM2_HEADER_SIZE);
}

/* The handle in the command becomes the TPM's. */
static void name(u8 *at)
{
	struct item *item = find(get_unaligned_be32(at));

	if (!item)
		return;
	bring(item);
	if (!trm_is_session(item->handle))
		put_unaligned_be32(item->real, at);
}

static unsigned int handles_of(const u8 *cmd, size_t len)
{
	const struct trm_command_info *info;

	info = trm_command_find(trm_wire_code(tpm2_bytes(cmd, len)));
	if (!info || len < TPM2_HEADER_SIZE + 4 * info->handles)
		return 0;
	return info->handles;
}

/* Sessions of the authorization area, as far as it can be read. */
static void name_auths(u8 *cmd, size_t len)
{
	struct tpm2_reader r = tpm2_reader(cmd, len);
	const u8 *at;
	u32 size;

	if (tpm2_get_u16(&r) != TPM_ST_SESSIONS)
		return;
	tpm2_get(&r, 8 + 4 * handles_of(cmd, len));
	size = tpm2_get_u32(&r);
	if (r.bad || size > tpm2_left(&r))
		return;
	r = tpm2_reader(r.at, size);
	while (tpm2_left(&r)) {
		at = tpm2_get(&r, 4);
		if (at)
			name((u8 *)at);
		tpm2_get_sized(&r);
		tpm2_get_u8(&r);
		tpm2_get_sized(&r);
	}
}

/* Those that the command names first, so that none makes way for another. */
static void mark(const u8 *cmd, size_t len)
{
	struct item *item;
	unsigned int i;

	for (item = items; item < items + MAX_ITEMS; item++)
		item->named = false;
	for (i = 0; i < handles_of(cmd, len); i++) {
		item = find(get_unaligned_be32(cmd + TPM2_HEADER_SIZE + 4 * i));
		if (item)
			item->named = true;
	}
}

static void name_all(u8 *cmd, size_t len)
{
	unsigned int i;

	mark(cmd, len);
	for (i = 0; i < handles_of(cmd, len); i++)
		name(cmd + TPM2_HEADER_SIZE + 4 * i);
	name_auths(cmd, len);
}

static int flush(u8 *cmd, size_t len, u8 *rsp)
{
	struct item *item = NULL;

	if (len == TPM2_HEADER_SIZE + 4)
		item = find(get_unaligned_be32(cmd + TPM2_HEADER_SIZE));
	if (item && !trm_is_session(item->handle)) {
		bring(item);
		put_unaligned_be32(item->real, cmd + TPM2_HEADER_SIZE);
	}
	memcpy(rsp, cmd, len);
	len = host_tpm_send(rsp, len, TPM2_BUFFER_SIZE);
	if (item && !get_unaligned_be32(rsp + 6))
		item->handle = 0;
	return len;
}

static u32 listed_as(const struct item *item, u32 ht)
{
	bool saved = ht == TPM_HT_POLICY_SESSION;

	if (!item->handle || item->orphan)
		return 0;
	if (ht == TPM_HT_TRANSIENT)
		return trm_is_session(item->handle) ? 0 : item->handle;
	if (!trm_is_session(item->handle) || item->saved != saved)
		return 0;
	return item->saved ? TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION) |
			     (item->handle & TPM_HANDLE_INDEX) : item->handle;
}

static u32 next(u32 ht, u32 from)
{
	u32 found = 0, i, handle;

	for (i = 0; i < MAX_ITEMS; i++) {
		handle = listed_as(&items[i], ht);
		if (handle && (handle & TPM_HANDLE_INDEX) >= from &&
		    (!found || (handle & TPM_HANDLE_INDEX) <
			       (found & TPM_HANDLE_INDEX)))
			found = handle;
	}
	return found;
}

/* The client must not see that something is away; a small number skips some. */
static int list(const u8 *cmd, u8 *rsp)
{
	u32 from = get_unaligned_be32(cmd + 14), ht = TPM_HT(from), nr = 0;
	u32 count = get_unaligned_be32(cmd + 18), handle, skip = 0;
	struct tpm2_writer w = tpm2_writer(rsp, TPM2_BUFFER_SIZE);

	tpm2_put(&w, "\x80\x01\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0", 19);
	handle = next(ht, from & TPM_HANDLE_INDEX);
	if (ht == TPM_HT_TRANSIENT && (from & TPM_HANDLE_INDEX) <= MAX_ITEMS)
		skip = from & TPM_HANDLE_INDEX;
	while (handle && skip--)
		handle = next(ht, (handle & TPM_HANDLE_INDEX) + 1);
	for (; handle && nr < count; nr++) {
		tpm2_put_u32(&w, handle);
		handle = next(ht, (handle & TPM_HANDLE_INDEX) + 1);
	}
	put_unaligned_be32(w.len, rsp + 2);
	rsp[10] = !!handle;
	put_unaligned_be32(nr, rsp + 15);
	return w.len;
}

static bool is_list(const u8 *cmd, size_t len)
{
	return len == TPM2_HEADER_SIZE + 12 && cmd[1] == 1 &&
	       get_unaligned_be32(cmd + 2) == len &&
	       trm_wire_code(tpm2_bytes(cmd, len)) == TPM_CC_GetCapability &&
	       get_unaligned_be32(cmd + TPM2_HEADER_SIZE) == TPM_CAP_HANDLES;
}

/* A new handle; that of a session which the client had saved is not new. */
static void take_handle(u8 *rsp)
{
	u32 real = get_unaligned_be32(rsp + TPM2_HEADER_SIZE);
	struct item *item = trm_is_session(real) ? find(real) : NULL;

	if (!item)
		item = add(real);
	item->saved = false;
	item->orphan = false;
	item->here = true;
	put_unaligned_be32(item->handle, rsp + TPM2_HEADER_SIZE);
}

static void drop_ended(u8 *cmd, size_t len, unsigned int handles)
{
	struct trm_wire_command c;
	struct item *item;
	unsigned int i;

	if (trm_wire_parse_command(tpm2_bytes(cmd, len), &c))
		return;
	for (i = 0; i < c.nr_auths; i++) {
		item = find(c.auth[i].handle);
		if (item && !(c.auth[i].attributes &
			      TPMA_SESSION_continueSession))
			item->handle = 0;
	}
	item = items;
	while (c.info->flushes && item < items + MAX_ITEMS) {
		if (item->handle && item->here &&
		    item->real == c.handle[handles - 1])
			item->handle = 0;
		item++;
	}
}

/* What a command that has been done leaves behind. */
static void settle(u8 *cmd, size_t len, u8 *rsp, u32 given)
{
	const struct trm_command_info *info;

	info = trm_command_find(trm_wire_code(tpm2_bytes(cmd, len)));
	if (!info)
		return;
	drop_ended(cmd, len, info->handles);
	if (info->handle_out)
		take_handle(rsp);
	if (info->code == TPM_CC_ContextSave && find(given) &&
	    trm_is_session(given)) {
		find(given)->saved = true;
		find(given)->here = false;
	}
}

static int transmit(struct path *path, unsigned int who, u8 *cmd, size_t len,
		    u8 *rsp)
{
	u32 given = len < 14 ? 0 : get_unaligned_be32(cmd + TPM2_HEADER_SIZE);
	int got;

	if (trm_wire_code(tpm2_bytes(cmd, len)) == TPM_CC_FlushContext)
		return flush(cmd, len, rsp);
	if (is_list(cmd, len))
		return list(cmd, rsp);
	name_all(cmd, len);
	do {
		memcpy(rsp, cmd, len);
		got = host_tpm_send(rsp, len, TPM2_BUFFER_SIZE);
	} while (help(get_unaligned_be32(rsp + 6)));
	if (!get_unaligned_be32(rsp + 6))
		settle(cmd, len, rsp, given);
	return got;
}

static void open_file(struct path *path, unsigned int who)
{
}

/* All but what the client has saved, and @keep. */
static void close_file(struct path *path, unsigned int who, u32 keep)
{
	u8 buf[TPM2_BUFFER_SIZE];
	struct item *item;
	int len;

	for (item = items; item < items + MAX_ITEMS; item++) {
		if (!item->handle || item->handle == keep)
			continue;
		if (item->saved) {
			item->orphan = true;
			continue;
		}
		if (item->here || trm_is_session(item->handle))
			own_with_handle(TPM_CC_FlushContext, item->real, buf,
					&len);
		item->handle = 0;
	}
}

struct path *alone_start(void)
{
	static struct path path = {
		.transmit = transmit,
		.open = open_file,
		.close = close_file,
	};

	memset(items, 0, sizeof(items));
	nr_objects = 0;
	state_restore();
	return &path;
}
