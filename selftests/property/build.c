// SPDX-License-Identifier: GPL-2.0-only
/*
 * A step becomes a command, by what is in the registers.
 */
#include <linux/minmax.h>
#include <linux/tpm2_hash.h>

#include "client.h"
#include "commands.h"

#define NO_OBJECT	0x80654300	/* no slot, and no virtual handle */
#define NO_SESSION	0x0300003f	/* the last number, if there are 64 */

#define TPM_CC(name)	code_of(#name)

/* By name, so that a mistake in a number is not made twice. */
static u32 code_of(const char *name)
{
	u32 code;

	for (code = 0x11f; code < 0x1a0; code++) {
		const struct trm_command_info *info = trm_command_find(code);

		if (info && !strcmp(info->name, name))
			return code;
	}
	return 0;
}

u32 object_handle(const struct client *c, u8 reg)
{
	return c->object[reg].kind ? c->object[reg].handle : NO_OBJECT + reg;
}

u32 session_handle(const struct client *c, u8 reg, bool other_octet)
{
	u32 handle = c->session[reg].full ? c->session[reg].handle :
					    NO_SESSION - reg;

	return other_octet ? handle ^ 0x01000000 : handle;
}

static bool is_present(const struct client *c, const struct saved *ctx)
{
	const struct session *s = &c->session[ctx->of];

	return ctx->len && ctx->session && s->full && s->saved &&
	       s->times == ctx->times;
}

struct saved *client_present(struct client *c, unsigned int session)
{
	unsigned int i;

	for (i = 0; i < CONTEXTS; i++) {
		if (c->context[i].of == session &&
		    is_present(c, &c->context[i]))
			return &c->context[i];
	}
	return NULL;
}

static void put_salt(struct client *c, const struct step *s, size_t len)
{
	u8 data[64];

	len = min(len, sizeof(data));
	salt_octets(s->salt, data, len);
	tpm2_put_sized(&c->now.w, tpm2_bytes(data, len));
}

/* A step on a register that should have been empty: it is emptied first. */
static void flush_object(struct client *c, u8 reg)
{
	c->what = STEP_FlushObject;
	c->now.into = reg;
	send_start(c, TPM_CC_FlushContext, "");
	tpm2_put_u32(&c->now.w, object_handle(c, reg));
}

static bool flush_session(struct client *c, u8 reg, bool other_octet)
{
	c->what = STEP_FlushSession;
	c->now.into = reg;
	if (c->session[reg].full && c->session[reg].orphan)
		return false;
	send_start(c, TPM_CC_FlushContext, "");
	tpm2_put_u32(&c->now.w, session_handle(c, reg, other_octet));
	return true;
}

static bool is_full(struct client *c, u8 reg)
{
	if (!c->object[reg].kind)
		return false;
	flush_object(c, reg);
	return true;
}

static void make(struct client *c, const struct step *s, u8 reg)
{
	object_init(&c->now.made, s);
	c->now.into = reg;
}

static void build_primary(struct client *c, const struct step *s)
{
	if (is_full(c, s->object))
		return;
	send_start(c, TPM_CC_CreatePrimary, "BBB24BB");
	make(c, s, s->object);
	send_handle(c, s->salt % 2 ? TPM_RH_OWNER : TPM_RH_NULL);
	put_template(&c->now.w, &c->now.made);
	put_salt(c, s, s->variant % 20);
	tpm2_put_u32(&c->now.w, 0); /* creationPCR */
	send_auths(c, s, 1);
}

static void build_create(struct client *c, const struct step *s)
{
	const struct object *parent = &c->object[s->object];

	send_start(c, TPM_CC_Create, parent->random ? "RRRR24R" : "RRBB24R");
	make(c, s, 0);
	send_object(c, parent);
	put_template(&c->now.w, &c->now.made);
	put_salt(c, s, s->variant % 20);
	tpm2_put_u32(&c->now.w, 0);
	send_auths(c, s, 1);
}

static bool build_load(struct client *c, const struct step *s)
{
	const struct blob *blob = &c->blob[s->blob];

	if (!blob->len)
		return false;
	if (is_full(c, s->second))
		return true;
	send_start(c, TPM_CC_Load, "R");
	c->now.made = blob->object;
	c->now.into = s->second;
	send_object(c, &c->object[s->object]);
	tpm2_put(&c->now.w, blob->data, blob->len);
	send_auths(c, s, 1);
	return true;
}

static void build_create_loaded(struct client *c, const struct step *s)
{
	if (is_full(c, s->second))
		return;
	send_start(c, TPM_CC_CreateLoaded, "RRR");
	make(c, s, s->second);
	send_object(c, &c->object[s->object]);
	put_template(&c->now.w, &c->now.made);
	send_auths(c, s, 1);
}

static void build_external(struct client *c, const struct step *s)
{
	if (is_full(c, s->object))
		return;
	send_start(c, TPM_CC_LoadExternal, "B");
	make(c, s, s->object);
	put_external(&c->now.w, &c->now.made, s->salt);
	tpm2_put_u32(&c->now.w, TPM_RH_NULL);
	send_auths(c, s, 0);
}

static void build_read_public(struct client *c, const struct step *s)
{
	const struct object *o = &c->object[s->object];

	send_start(c, TPM_CC_ReadPublic, o->random ? "RRR" : "BBB");
	send_object(c, o);
	send_auths(c, s, 0);
}

static void build_sign(struct client *c, const struct step *s)
{
	const struct object *o = &c->object[s->object];
	u8 digest[32];

	send_start(c, TPM_CC(Sign), o->kind == OBJECT_SIGNER ? "22RR" :
				    o->random ? "22?" : "22*");
	send_object(c, o);
	salt_octets(s->salt % 4, digest, sizeof(digest));
	tpm2_put_sized(&c->now.w, tpm2_bytes(digest, sizeof(digest)));
	tpm2_put_u16(&c->now.w, TPM_ALG_ID_NULL);
	tpm2_put_u16(&c->now.w, 0x8024); /* TPM_ST_HASHCHECK */
	tpm2_put_u32(&c->now.w, TPM_RH_NULL);
	tpm2_put_u16(&c->now.w, 0);
	send_auths(c, s, 1);
}

static bool build_verify(struct client *c, const struct step *s)
{
	const struct object *o = &c->object[s->object];
	u8 digest[32];

	if (!c->signature_len)
		return false;
	send_start(c, TPM_CC(VerifySignature), o->random ? "24R" : "24B");
	send_object(c, o);
	salt_octets(s->salt % 4, digest, sizeof(digest));
	tpm2_put_sized(&c->now.w, tpm2_bytes(digest, sizeof(digest)));
	tpm2_put(&c->now.w, c->signature, c->signature_len);
	send_auths(c, s, 0);
	return true;
}

/* Two objects and up to three sessions at once. */
static void build_certify(struct client *c, const struct step *s)
{
	const struct object *key = &c->object[s->object];

	send_start(c, TPM_CC(Certify),
		   key->kind == OBJECT_MAC ? "R22?" : "R22RR");
	send_object(c, &c->object[s->second]);
	send_object(c, key);
	put_salt(c, s, s->variant % 20);
	tpm2_put_u16(&c->now.w, TPM_ALG_ID_NULL);
	send_auths(c, s, 2);
}

static void build_hmac(struct client *c, const struct step *s)
{
	const struct object *o = &c->object[s->object];

	send_start(c, TPM_CC(HMAC), o->random ? "R" : "B");
	send_object(c, o);
	put_salt(c, s, s->variant % 64);
	tpm2_put_u16(&c->now.w, TPM_ALG_ID_SHA256);
	send_auths(c, s, 1);
}

static void build_hash(struct client *c, const struct step *s)
{
	send_start(c, TPM_CC(Hash), "B24B");
	put_salt(c, s, s->variant % 64);
	tpm2_put_u16(&c->now.w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(&c->now.w, s->salt % 2 ? TPM_RH_OWNER : TPM_RH_NULL);
	send_auths(c, s, 0);
}

static void build_hmac_start(struct client *c, const struct step *s)
{
	const struct object *key = &c->object[s->object];

	if (is_full(c, s->second))
		return;
	send_start(c, TPM_CC(HMAC_Start), "");
	make(c, s, s->second);
	c->now.made.random = key->random;
	c->now.made.known = false;
	send_object(c, key);
	tpm2_put_sized(&c->now.w, tpm2_bytes(c->now.made.auth,
					     c->now.made.auth_len));
	tpm2_put_u16(&c->now.w, TPM_ALG_ID_SHA256);
	send_auths(c, s, 1);
}

static void build_sequence_start(struct client *c, const struct step *s)
{
	if (is_full(c, s->object))
		return;
	send_start(c, TPM_CC_HashSequenceStart, "");
	make(c, s, s->object);
	c->now.made.data_len = 0;
	tpm2_put_sized(&c->now.w, tpm2_bytes(c->now.made.auth,
					     c->now.made.auth_len));
	tpm2_put_u16(&c->now.w, c->now.made.kind == OBJECT_EVENT_SEQUENCE ?
				TPM_ALG_ID_NULL : c->now.made.alg);
	send_auths(c, s, 0);
}

static void build_sequence(struct client *c, const struct step *s)
{
	const struct object *o = &c->object[s->object];

	if (s->kind == STEP_SequenceUpdate) {
		send_start(c, TPM_CC(SequenceUpdate), "");
	} else if (s->kind == STEP_SequenceComplete) {
		send_start(c, TPM_CC(SequenceComplete),
			   o->random ? "R24R" : "B24B");
	} else {
		send_start(c, TPM_CC(EventSequenceComplete), "*");
		send_handle(c, TPM_RH_NULL);
	}
	send_object(c, o);
	put_salt(c, s, s->variant % 64);
	if (s->kind == STEP_SequenceComplete)
		tpm2_put_u32(&c->now.w, TPM_RH_OWNER);
	send_auths(c, s, c->now.nr);
}

static void build_encrypt(struct client *c, const struct step *s)
{
	const struct object *o = &c->object[s->object];

	send_start(c, TPM_CC(EncryptDecrypt2), o->random ? "RR" : "BB");
	send_object(c, o);
	put_salt(c, s, 1 + s->variant % 63);
	tpm2_put_u8(&c->now.w, s->salt % 2);
	tpm2_put_u16(&c->now.w, TPM_ALG_ID_CFB);
	put_salt(c, s, 16);
	send_auths(c, s, 1);
}

static bool build_session(struct client *c, const struct step *s)
{
	static const u16 hashes[] = {
		TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA1,
		TPM_ALG_ID_SHA384,
	};
	const struct object *bind = &c->object[s->object];
	bool bound = s->salt % 5 == 0 && bind->kind && !is_sequence(bind) &&
		     step_session_type(s) == TPM_SE_HMAC;

	if (c->session[s->session].full)
		return flush_session(c, s->session, false);
	send_start(c, TPM_CC_StartAuthSession, "R");
	c->now.into = s->session;
	if (bound)
		c->now.made = *bind;
	c->now.made.alg = hashes[s->salt % 4];
	send_handle(c, TPM_RH_NULL);
	if (bound)
		send_object(c, bind);
	else
		send_handle(c, TPM_RH_NULL);
	put_salt(c, s, NONCE_SIZE);
	tpm2_put_u16(&c->now.w, 0); /* encryptedSalt */
	tpm2_put_u8(&c->now.w, step_session_type(s));
	if (s->encrypt) {
		tpm2_put_u16(&c->now.w, TPM_ALG_ID_AES);
		tpm2_put_u16(&c->now.w, 128);
		tpm2_put_u16(&c->now.w, TPM_ALG_ID_CFB);
	} else {
		tpm2_put_u16(&c->now.w, TPM_ALG_ID_NULL);
	}
	tpm2_put_u16(&c->now.w, c->now.made.alg);
	send_auths(c, s, 0);
	return true;
}

/* PCR 23 of SHA-256, which nobody extends; its value is not said. */
static void put_pcrs(struct client *c)
{
	static const u8 selection[] = { 0, 0, 0, 1, 0, TPM_ALG_ID_SHA256,
					3, 0, 0, 0x80 };

	tpm2_put(&c->now.w, selection, sizeof(selection));
}

/* Two branches, one of them where the session is. */
static void put_branches(struct client *c, const struct step *s)
{
	const struct session *session = &c->session[s->session];
	unsigned int len = tpm2_digest_size(session->full ? session->alg :
					    TPM_ALG_ID_SHA256);
	u8 other[TPM2_MAX_DIGEST];

	salt_octets(s->salt, other, len);
	tpm2_put_u32(&c->now.w, 2);
	tpm2_put_sized(&c->now.w, tpm2_bytes(other, len));
	tpm2_put_sized(&c->now.w, tpm2_bytes(session->digest, len));
}

static void put_assertion(struct client *c, const struct step *s)
{
	switch (s->kind) {
	case STEP_PolicyPCR:
		tpm2_put_u16(&c->now.w, 0); /* pcrDigest */
		put_pcrs(c);
		break;
	case STEP_PolicyCommandCode:
		tpm2_put_u32(&c->now.w, s->variant % 4 ? TPM_CC_Unseal :
							 TPM_CC(Sign));
		break;
	case STEP_PolicyLocality:
		tpm2_put_u8(&c->now.w, 1);
		break;
	case STEP_PolicyOR:
		put_branches(c, s);
		break;
	}
}

static void build_assertion(struct client *c, const struct step *s)
{
	send_start(c, code_of(step_names[s->kind]),
		   s->kind != STEP_PolicyGetDigest ? "" :
		   c->session[s->session].random ? "R" : "B");
	send_handle(c, session_handle(c, s->session, s->other_octet &&
				      s->variant % 8 == 0));
	put_assertion(c, s);
	send_auths(c, s, 0);
}

/* By the authValue of an object, or of the hierarchy without one. */
static void build_secret(struct client *c, const struct step *s)
{
	const struct object *o = &c->object[s->object];

	send_start(c, TPM_CC_PolicySecret, "B24B");
	if (o->kind && !is_sequence(o) && o->kind != OBJECT_POLICY)
		send_object(c, o);
	else
		send_handle(c, TPM_RH_OWNER);
	c->now.made.random = o->kind && o->random;
	send_handle(c, session_handle(c, s->session, false));
	tpm2_put_u16(&c->now.w, 0); /* nonceTPM */
	tpm2_put_u16(&c->now.w, 0); /* cpHashA */
	put_salt(c, s, s->variant % 8); /* policyRef */
	tpm2_put_u32(&c->now.w, 0); /* expiration */
	c->now.auth[c->now.nr_auths++].attributes = 1;
	c->now.auth[0].value = c->now.value[0];
	c->now.auth[0].wrong = s->auth == AUTH_WRONG;
	c->now.auths = 1;
}

/* Three handles; two passwords that are empty. */
static void build_audit_digest(struct client *c, const struct step *s)
{
	send_start(c, TPM_CC(GetSessionAuditDigest), "R2");
	send_handle(c, TPM_RH_ENDORSEMENT);
	send_handle(c, TPM_RH_NULL);
	send_handle(c, session_handle(c, s->session, false));
	put_salt(c, s, s->variant % 20);
	tpm2_put_u16(&c->now.w, TPM_ALG_ID_NULL);
	c->now.auth[0].attributes = 1;
	c->now.auth[1].attributes = 1;
	c->now.nr_auths = 2;
	c->now.auths = 2;
}

static void build_unseal(struct client *c, const struct step *s)
{
	struct step by = *s;

	if (s->kind == STEP_UnsealByPolicy)
		by.auth = s->auth % 2 ? AUTH_WRONG_SESSION : AUTH_SESSION;
	send_start(c, TPM_CC_Unseal, "B");
	send_object(c, &c->object[s->object]);
	send_auths(c, &by, 1);
}

/* A context register with the only way to an orphan is left alone. */
static bool may_overwrite(const struct client *c, u8 reg)
{
	const struct saved *ctx = &c->context[reg];

	return !is_present(c, ctx) || !c->session[ctx->of].orphan;
}

static bool build_save(struct client *c, const struct step *s)
{
	if (!may_overwrite(c, s->context))
		return false;
	send_start(c, TPM_CC_ContextSave, "?");
	c->now.into = s->context;
	if (s->kind == STEP_SaveObject)
		send_handle(c, object_handle(c, s->object));
	else
		send_handle(c, session_handle(c, s->session, s->other_octet));
	return true;
}

/* Sometimes with a bit of the encrypted part turned round. */
static bool build_context_load(struct client *c, const struct step *s)
{
	const struct saved *ctx = &c->context[s->context];

	if (!ctx->len)
		return false;
	if (!ctx->session && is_full(c, s->object))
		return true;
	send_start(c, TPM_CC_ContextLoad, "");
	c->now.made = ctx->object;
	c->now.into = ctx->session ? ctx->of : s->object;
	tpm2_put(&c->now.w, ctx->data, ctx->len);
	if (s->kind == STEP_ContextLoad && s->variant % 16 == 0) {
		c->now.params[40 + s->salt % (ctx->len - 40)] ^= 1;
		c->now.mangled = true;
	}
	return true;
}

/* From where a list of handles is asked for: one of them, or a few later. */
static u32 list_from(const struct client *c, const struct step *s, u8 ht)
{
	if (ht != TPM_HT_TRANSIENT)
		return s->salt % 2 ? session_handle(c, s->session, 0) : 0;
	if (s->salt % 2 && c->object[s->object].kind)
		return object_handle(c, s->object);
	return s->variant / 3 % 4;
}

static void build_list(struct client *c, const struct step *s)
{
	static const u8 types[] = { TPM_HT_TRANSIENT, TPM_HT_HMAC_SESSION,
				    TPM_HT_POLICY_SESSION };
	u8 ht = types[s->variant % 3];

	send_start(c, TPM_CC_GetCapability, "");
	tpm2_put_u32(&c->now.w, TPM_CAP_HANDLES);
	tpm2_put_u32(&c->now.w, TPM_HANDLE_FIRST(ht) |
		     (list_from(c, s, ht) & TPM_HANDLE_INDEX));
	tpm2_put_u32(&c->now.w, s->salt % 7 ? s->salt % 7 : 0xffffffff);
}

static void build_properties(struct client *c, const struct step *s)
{
	send_start(c, TPM_CC_GetCapability, "");
	tpm2_put_u32(&c->now.w, TPM_CAP_TPM_PROPERTIES);
	tpm2_put_u32(&c->now.w, s->salt % 2 ? 0x100 : 0x200);
	tpm2_put_u32(&c->now.w, 64);
	send_auths(c, s, 0);
}

static void build_plain(struct client *c, const struct step *s)
{
	switch (s->kind) {
	case STEP_PCR_Read:
		send_start(c, TPM_CC_PCR_Read, "x*");
		put_pcrs(c);
		break;
	case STEP_GetRandom:
		send_start(c, TPM_CC(GetRandom), "R");
		tpm2_put_u16(&c->now.w, s->variant % 32);
		break;
	case STEP_ReadClock:
		send_start(c, TPM_CC(ReadClock), "?");
		break;
	default:
		send_start(c, 0x1ff + s->variant, "");
		break;
	}
	send_auths(c, s, 0);
}

static void build_unknown_handle(struct client *c, const struct step *s)
{
	u32 handle = s->salt % 2 ? NO_OBJECT + OBJECTS : 0x8000f000;

	switch (s->variant % 3) {
	case 0:
		send_start(c, TPM_CC_ReadPublic, "");
		send_handle(c, handle);
		break;
	case 1:
		send_start(c, TPM_CC_FlushContext, "");
		tpm2_put_u32(&c->now.w, handle);
		break;
	default:
		send_start(c, TPM_CC_ContextSave, "");
		send_handle(c, handle);
	}
	c->now.mangled = true;
}

/* False: nothing to do. */
static bool build(struct client *c, const struct step *s)
{
	switch (s->kind) {
	case STEP_CreatePrimary:
		build_primary(c, s);
		return true;
	case STEP_Create:
		build_create(c, s);
		return true;
	case STEP_Load:
		return build_load(c, s);
	case STEP_CreateLoaded:
		build_create_loaded(c, s);
		return true;
	case STEP_LoadExternal:
		build_external(c, s);
		return true;
	case STEP_ReadPublic:
		build_read_public(c, s);
		return true;
	case STEP_Sign:
		build_sign(c, s);
		return true;
	case STEP_VerifySignature:
		return build_verify(c, s);
	case STEP_Certify:
		build_certify(c, s);
		return true;
	case STEP_HMAC:
		build_hmac(c, s);
		return true;
	case STEP_Hash:
		build_hash(c, s);
		return true;
	case STEP_HMAC_Start:
		build_hmac_start(c, s);
		return true;
	case STEP_HashSequenceStart:
		build_sequence_start(c, s);
		return true;
	case STEP_SequenceUpdate:
	case STEP_SequenceComplete:
	case STEP_EventSequenceComplete:
		build_sequence(c, s);
		return true;
	case STEP_EncryptDecrypt2:
		build_encrypt(c, s);
		return true;
	case STEP_StartAuthSession:
		return build_session(c, s);
	case STEP_PolicySecret:
		build_secret(c, s);
		return true;
	case STEP_GetSessionAuditDigest:
		build_audit_digest(c, s);
		return true;
	case STEP_Unseal:
	case STEP_UnsealByPolicy:
		build_unseal(c, s);
		return true;
	case STEP_SaveObject:
	case STEP_SaveSession:
		return build_save(c, s);
	case STEP_ContextLoad:
	case STEP_HandOver:
		return build_context_load(c, s);
	case STEP_FlushObject:
		flush_object(c, s->object);
		return true;
	case STEP_FlushSession:
		return flush_session(c, s->session, s->other_octet);
	case STEP_ListHandles:
		build_list(c, s);
		return true;
	case STEP_Properties:
		build_properties(c, s);
		return true;
	case STEP_UnknownHandle:
		build_unknown_handle(c, s);
		return true;
	case STEP_PCR_Read:
	case STEP_GetRandom:
	case STEP_ReadClock:
	case STEP_UnknownCode:
		build_plain(c, s);
		return true;
	case STEP_Reopen:
	case STEP_ForeignSession:
	case STEP_ForeignContext:
		return false; /* not one command of its own */
	default:
		build_assertion(c, s);
		return true;
	}
}

size_t client_build(struct client *c, const struct step *s, u8 *cmd)
{
	c->what = s->kind;
	return build(c, s) ? send_finish(c, s, cmd) : 0;
}
