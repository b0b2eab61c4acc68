// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who else uses the TPM: strangers that go past the resource manager, and the
 * kernel's own clients; and a TPM that warns without reason or is reset.
 */
#include <linux/tpm2_hash.h>

#include "swap.h"
#include "through.h"
#include "tpm.h"

#define STRANGERS	4	/* half of them objects */
#define KERNELS		4	/* the same */

/* Either a sequence or a policy session, of which all is known. */
struct owned {
	bool there;
	bool saved;
	u32 handle;
	unsigned int updates;
	u8 digest[TPM2_MAX_DIGEST];
	u8 context[TPM2_BUFFER_SIZE];
	size_t len;
};

static struct owned strangers[STRANGERS];
static struct owned kernels[KERNELS];
static struct trm_entity *entities[KERNELS];

static bool is_session(unsigned int i)
{
	return i % 2;
}

/* Puts a command together; @auth: with an empty password. */
static size_t put(u8 *buf, u32 code, u32 handle, bool auth,
		  struct tpm2_bytes params)
{
	static const struct trm_command_info one = { .handles = 1 }, none;
	struct tpm2_writer w = tpm2_writer(buf, TPM2_BUFFER_SIZE);
	struct trm_wire_command c = {
		.code = code,
		.info = handle ? &one : &none,
		.handle[0] = handle,
		.nr_auths = auth,
		.auth[0].handle = TPM_RS_PW,
		.params = params,
	};

	trm_wire_put_command(&w, &c);
	return w.len;
}

static size_t put_start(u8 *buf, bool session)
{
	static const u8 sequence[] = { 0, 0, 0, TPM_ALG_ID_SHA256 };
	static const u8 policy[] = {
		0x40, 0, 0, 7, 0x40, 0, 0, 7, 0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9,
		10, 11, 12, 13, 14, 15, 16, 0, 0, TPM_SE_POLICY, 0,
		TPM_ALG_ID_NULL, 0, TPM_ALG_ID_SHA256
	};

	if (session)
		return put(buf, TPM_CC_StartAuthSession, 0, false,
			   tpm2_bytes(policy, sizeof(policy)));
	return put(buf, TPM_CC_HashSequenceStart, 0, false,
		   tpm2_bytes(sequence, sizeof(sequence)));
}

static size_t put_use(u8 *buf, const struct owned *o)
{
	static const u8 octet[] = { 0, 1, 'x' };

	if (trm_is_session(o->handle))
		return put(buf, TPM_CC_PolicyAuthValue, o->handle, false,
			   tpm2_bytes(NULL, 0));
	return put(buf, 0x15c /* SequenceUpdate */, o->handle, true,
		   tpm2_bytes(octet, sizeof(octet)));
}

/* What shows that it is what it was; a sequence is completed by it. */
static size_t put_end(u8 *buf, const struct owned *o)
{
	static const u8 params[] = { 0, 0, 0x40, 0, 0, 7 };

	if (trm_is_session(o->handle))
		return put(buf, 0x189 /* PolicyGetDigest */, o->handle, false,
			   tpm2_bytes(NULL, 0));
	return put(buf, 0x13e /* SequenceComplete */, o->handle, true,
		   tpm2_bytes(params, sizeof(params)));
}

static void start(struct owned *o, u32 handle)
{
	memset(o, 0, sizeof(*o));
	o->there = true;
	o->handle = handle;
}

static void note_use(struct owned *o)
{
	o->updates++;
	policy_extend(TPM_ALG_ID_SHA256, o->digest, TPM_CC_PolicyAuthValue,
		      tpm2_bytes(NULL, 0));
}

/* Is it the digest of all that was done? */
static bool is_digest(const struct owned *o, const u8 *rsp)
{
	size_t at = TPM2_HEADER_SIZE + (trm_is_session(o->handle) ? 2 : 6);
	u8 data[4096], digest[TPM2_MAX_DIGEST];
	const struct tpm2_bytes part = tpm2_bytes(data, o->updates);

	if (trm_is_session(o->handle))
		return !memcmp(rsp + at, o->digest, 32);
	memset(data, 'x', sizeof(data));
	tpm2_digest(TPM_ALG_ID_SHA256, &part, 1, digest);
	return !memcmp(rsp + at, digest, 32);
}

bool others_have(const struct trm_room *room, u32 handle)
{
	unsigned int i;

	/* An object's slot is ours while it is parked. */
	for (i = 0; i < room->nr_parked; i++) {
		if (room->parked[i].handle == handle && !trm_is_session(handle))
			return false;
	}
	for (i = 0; i < STRANGERS; i++) {
		if (strangers[i].there &&
		    trm_same_handle(strangers[i].handle, handle))
			return true;
	}
	return false;
}

/* A session of a stranger may be kicked out when the TPM is full. */
void others_note(struct through *t, enum trm_event event, u32 handle)
{
	unsigned int i;

	for (i = 0; i < STRANGERS && event == TRM_EVENT_KICK; i++) {
		if (trm_same_handle(strangers[i].handle, handle))
			strangers[i].there = false;
	}
}

static u32 raw(u8 *buf, size_t len, int *got)
{
	*got = host_tpm_send(buf, len, TPM2_BUFFER_SIZE);
	return get_unaligned_be32(buf + 6);
}

static void stranger_load(struct through *t, struct owned *o)
{
	u8 buf[TPM2_BUFFER_SIZE];
	int got;

	if (raw(buf, put(buf, TPM_CC_ContextLoad, 0, false,
			 tpm2_bytes(o->context, o->len)), &got))
		t->wrong = "a stranger cannot load its session";
	o->saved = false;
}

static void stranger_save(struct through *t, struct owned *o)
{
	u8 buf[TPM2_BUFFER_SIZE];
	int got;

	if (raw(buf, put(buf, TPM_CC_ContextSave, o->handle, false,
			 tpm2_bytes(NULL, 0)), &got)) {
		t->wrong = "a stranger cannot save its session";
		return;
	}
	o->len = got - TPM2_HEADER_SIZE;
	memcpy(o->context, buf + TPM2_HEADER_SIZE, o->len);
	o->saved = true;
}

static void stranger_end(struct through *t, struct owned *o)
{
	u8 buf[TPM2_BUFFER_SIZE], params[4];
	int got;

	if (o->saved)
		stranger_load(t, o);
	if (raw(buf, put_end(buf, o), &got) || !is_digest(o, buf))
		t->wrong = "a stranger's is not what it was";
	put_unaligned_be32(o->handle, params);
	if (trm_is_session(o->handle) &&
	    raw(buf, put(buf, TPM_CC_FlushContext, 0, false,
			 tpm2_bytes(params, 4)), &got))
		t->wrong = "a stranger cannot flush its session";
	o->there = false;
}

static void stranger_use(struct through *t, struct owned *o)
{
	u8 buf[TPM2_BUFFER_SIZE];
	int got;

	if (raw(buf, put_use(buf, o), &got))
		t->wrong = "a stranger cannot use what it has";
	note_use(o);
}

/* There are three slots of each kind, and two strangers. */
static void stranger_start(struct through *t, unsigned int i)
{
	u8 buf[TPM2_BUFFER_SIZE];
	int got;

	if (t->room.nr_users + 8 > t->room.session_numbers && is_session(i))
		return;
	if (raw(buf, put_start(buf, is_session(i)), &got))
		t->wrong = "a stranger finds no free slot";
	else
		start(&strangers[i], get_unaligned_be32(buf + 10));
}

static void stranger_acts(struct through *t, unsigned int i)
{
	struct owned *o = &strangers[i];

	if (!o->there)
		stranger_start(t, i);
	else if (one_in(&t->seed, 6))
		stranger_end(t, o);
	else if (o->saved)
		stranger_load(t, o);
	else if (is_session(i) && one_in(&t->seed, 4))
		stranger_save(t, o);
	else
		stranger_use(t, o);
}

/* Returns the response code; a warning of the TPM must not come through. */
static u32 kernel_sends(struct through *t, u8 *buf, size_t len)
{
	u8 rsp[TPM2_BUFFER_SIZE];
	int got = trm_room_send(&t->room, tpm2_bytes(buf, len), rsp);

	if (got < TPM2_HEADER_SIZE) {
		t->wrong = "the kernel got no answer";
		return TPM_RC_FAILURE;
	}
	memcpy(buf, rsp, got);
	return get_unaligned_be32(buf + 6);
}

static void kernel_start(struct through *t, unsigned int i)
{
	u8 buf[TPM2_BUFFER_SIZE];

	if (kernel_sends(t, buf, put_start(buf, is_session(i)))) {
		t->wrong = "the kernel is refused";
		return;
	}
	start(&kernels[i], get_unaligned_be32(buf + 10));
	trm_room_admit(&t->room, entities[i], kernels[i].handle);
	entities[i]->keep = one_in(&t->seed, 2);
}

static void kernel_use(struct through *t, unsigned int i)
{
	struct owned *o = &kernels[i];
	u8 buf[TPM2_BUFFER_SIZE];
	u32 rc;

	if (trm_room_load(&t->room, entities[i], &rc) || rc) {
		if (!t->mode->reset)
			t->wrong = "the kernel's cannot be loaded";
		o->there = false;
		return;
	}
	o->handle = entities[i]->handle;
	entities[i]->pinned = true;
	rc = kernel_sends(t, buf, put_use(buf, o));
	entities[i]->pinned = false;
	if (rc) {
		t->wrong = "the kernel cannot use what it has";
		return;
	}
	note_use(o);
}

static void kernel_end(struct through *t, unsigned int i)
{
	struct owned *o = &kernels[i];
	u8 buf[TPM2_BUFFER_SIZE];

	entities[i]->pinned = true;
	if (kernel_sends(t, buf, put_end(buf, o)) || !is_digest(o, buf))
		t->wrong = "the kernel's is not what it was";
	entities[i]->pinned = false;
	if (is_session(i))
		trm_room_flush(&t->room, entities[i]);
	else
		trm_room_dismiss(&t->room, entities[i]);
}

/* Only what goes through the resource manager is warned. */
static u32 warn_code, warning;

/* A transaction, as of a kernel client. */
static void kernel_acts(struct through *t)
{
	unsigned int i;

	/* It may have nothing that could make way. */
	if (warning != TPM_RC_YIELDED)
		warning = 0;
	for (i = 0; i < KERNELS; i++) {
		if (one_in(&t->seed, 3))
			continue;
		if (entities[i]->place == TRM_NONE)
			kernel_start(t, i);
		if (entities[i]->place != TRM_NONE)
			kernel_use(t, i);
		if (entities[i]->place != TRM_NONE && one_in(&t->seed, 4))
			kernel_end(t, i);
	}
	trm_room_leave(&t->room);
	trm_room_rest(&t->room, true);
	through_bury(t);
}

/* A warning that is repaired, whatever the reason is. */
static void warn(struct through *t)
{
	static const u32 codes[] = {
		TPM_CC_ContextLoad, TPM_CC_StartAuthSession, 0x15c, 0x189,
		TPM_CC_HashSequenceStart, TPM_CC_LoadExternal,
	};
	static const u32 warnings[] = {
		TPM_RC_OBJECT_MEMORY, TPM_RC_SESSION_MEMORY, TPM_RC_MEMORY,
		TPM_RC_OBJECT_HANDLES, TPM_RC_YIELDED,
	};

	warn_code = codes[below(&t->seed, ARRAY_SIZE(codes))];
	warning = warnings[below(&t->seed, ARRAY_SIZE(warnings))];
	if (warn_code == TPM_CC_ContextLoad)
		warning = TPM_RC_YIELDED;
}

u32 others_warn(u32 code)
{
	u32 rc = code == warn_code ? warning : 0;

	if (rc)
		warning = 0;
	return rc;
}

void others_start(struct through *t)
{
	unsigned int i;

	memset(strangers, 0, sizeof(strangers));
	memset(kernels, 0, sizeof(kernels));
	warning = 0;
	for (i = 0; i < KERNELS; i++)
		entities[i] = through_new(t, TRM_MAX_CONTEXT);
}

void others_act(struct through *t)
{
	if (t->mode->kernel && one_in(&t->seed, 30))
		kernel_acts(t);
	if (t->mode->reset && one_in(&t->seed, 150))
		host_tpm_reboot();
	if (t->mode->strangers && one_in(&t->seed, 3)) {
		/* As while /dev/tpm0 is open. */
		trm_room_rest(&t->room, true);
		stranger_acts(t, below(&t->seed, STRANGERS));
		trm_room_unsettle(&t->room);
	}
	if (t->mode->warnings && one_in(&t->seed, 8))
		warn(t);
}

void others_end(struct through *t)
{
	unsigned int i;

	trm_room_rest(&t->room, true);
	for (i = 0; i < STRANGERS; i++) {
		if (strangers[i].there)
			stranger_end(t, &strangers[i]);
	}
	for (i = 0; i < KERNELS; i++) {
		if (entities[i]->place != TRM_NONE)
			trm_room_flush(&t->room, entities[i]);
		through_free(t, entities[i]);
	}
}
