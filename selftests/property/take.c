// SPDX-License-Identifier: GPL-2.0-only
/*
 * A response goes into the registers, and is held against what the client knows
 * by itself: digests of policies and sequences, data, Names, HMACs.
 */
#include <linux/minmax.h>
#include <linux/tpm2_hash.h>

#include "client.h"
#include "commands.h"
#include "entity.h"
#include "space.h"

static struct object *find_object(struct client *c, u32 handle)
{
	unsigned int i;

	for (i = 0; i < OBJECTS; i++) {
		if (c->object[i].kind && c->object[i].handle == handle)
			return &c->object[i];
	}
	return NULL;
}

static struct session *find_session(struct client *c, u32 handle)
{
	unsigned int i;

	for (i = 0; i < SESSIONS; i++) {
		if (c->session[i].full && trm_is_session(handle) &&
		    trm_same_handle(c->session[i].handle, handle))
			return &c->session[i];
	}
	return NULL;
}

void client_lose_number(struct client *c, u32 handle)
{
	struct session *s = find_session(c, handle);

	if (s)
		s->gone = true;
}

void client_close(struct client *c, const struct session *session)
{
	unsigned int i;

	for (i = 0; i < OBJECTS; i++)
		c->object[i].kind = OBJECT_NONE;
	for (i = 0; i < SESSIONS; i++) {
		struct session *s = &c->session[i];

		if (s == session)
			continue;
		s->full = s->full && s->saved;
		s->orphan = s->full;
	}
}

/* What the client has must not be missing, unless it was told so. */
static void miss_session(struct client *c, struct session *s)
{
	if (!s || s->saved)
		return;
	if (!s->gone && !c->forgiving)
		c->wrong = "a session of the client is not there";
	s->full = false;
}

static void miss_object(struct client *c, struct object *o)
{
	if (!o)
		return;
	if (!c->forgiving)
		c->wrong = "an object of the client is not there";
	o->kind = OBJECT_NONE;
}

static void miss_handle(struct client *c, u32 handle)
{
	if (trm_is_session(handle))
		miss_session(c, find_session(c, handle));
	else
		miss_object(c, find_object(c, handle));
}

/* A context or a number that FlushContext or ContextLoad did not know. */
static void miss_parameter(struct client *c)
{
	struct session *s = &c->session[c->now.into];

	if (c->what == STEP_FlushObject) {
		miss_object(c, c->object[c->now.into].kind ?
			    &c->object[c->now.into] : NULL);
	} else if (c->what == STEP_FlushSession && s->full) {
		if (!s->gone && !c->forgiving)
			c->wrong = "a session that is flushed is not there";
		s->full = false;
	}
}

static void miss_context(struct client *c, const struct step *s)
{
	const struct saved *ctx = &c->context[s->context];
	struct session *session = &c->session[ctx->of];

	if (c->now.mangled)
		return;
	if (!ctx->session) {
		if (!c->forgiving)
			c->wrong = "the context of an object is refused";
		return;
	}
	if (ctx != client_present(c, ctx->of))
		return;
	if (!session->gone && !c->forgiving)
		c->wrong = "the context of a session is refused";
	session->full = false;
}

/* Is it an error that the client must not get? */
static void take_error(struct client *c, const struct step *s, u32 rc)
{
	unsigned int i = rc & 7;

	if (rc >> 16 == TRM_RC_LAYER >> 16)
		rc &= 0xffff;
	if (c->now.mangled)
		return;
	if (rc >= TPM_RC_REFERENCE_H0 && rc < TPM_RC_REFERENCE_H0 + c->now.nr)
		miss_handle(c, c->now.handle[i]);
	else if (rc >= TPM_RC_REFERENCE_S0 &&
		 rc < TPM_RC_REFERENCE_S0 + c->now.nr_auths &&
		 c->now.auth[i].session)
		miss_session(c, c->now.auth[i].session);
	else if (c->now.code == TPM_CC_FlushContext &&
		 rc == TPM_RC_HANDLE_P1)
		miss_parameter(c);
	else if (c->now.code == TPM_CC_ContextLoad &&
		 (rc == TPM_RC_HANDLE_P1 || rc == TPM_RC_INTEGRITY_P1))
		miss_context(c, s);
}

static void take_errno(struct client *c)
{
	unsigned int i;

	if (c->now.mangled)
		return;
	if (c->now.code == TPM_CC_FlushContext)
		miss_parameter(c);
	/* One of them is missing, or none: then all is well but the answer. */
	for (i = 0; i < c->now.nr; i++) {
		if (TPM_HT(c->now.handle[i]) == TPM_HT_TRANSIENT &&
		    !find_object(c, c->now.handle[i]))
			return;
	}
	for (i = 0; i < c->now.nr; i++)
		miss_object(c, find_object(c, c->now.handle[i]));
}

static bool is_encrypted(const struct client *c)
{
	unsigned int i;

	for (i = 0; i < c->now.nr_auths; i++) {
		if (c->now.auth[i].attributes & TPMA_SESSION_encrypt)
			return true;
	}
	return false;
}

static void keep_sized(struct tpm2_writer *w, struct tpm2_bytes b, bool random)
{
	tpm2_put_u16(w, b.len);
	if (!random)
		tpm2_put_bytes(w, b);
}

/* What of the parameters is compared. */
static void keep(struct client *c, struct tpm2_bytes params,
		 struct tpm2_writer *w)
{
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	bool secret = is_encrypted(c);
	const char *at;

	for (at = c->now.shape; *at; at++, secret = false) {
		switch (*at) {
		case 'B':
		case 'R':
			keep_sized(w, tpm2_get_sized(&r), *at == 'R' || secret);
			break;
		case '2':
			tpm2_put_u16(w, tpm2_get_u16(&r));
			break;
		case '4':
			tpm2_put_u32(w, tpm2_get_u32(&r));
			break;
		case 'x':
			tpm2_get_u32(&r);
			break;
		case '*':
			tpm2_put_bytes(w, tpm2_get_bytes(&r, tpm2_left(&r)));
			break;
		case '?':
			tpm2_put_u32(w, tpm2_left(&r));
			tpm2_get_bytes(&r, tpm2_left(&r));
			break;
		}
	}
	if (!tpm2_done(&r))
		c->wrong = "a response of another form";
}

static void take_object(struct client *c, struct tpm2_bytes params, u32 handle)
{
	struct object *o = &c->object[c->now.into];
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	struct tpm2_bytes name;

	*o = c->now.made;
	o->handle = handle;
	if (is_sequence(o))
		return;
	name = tpm2_get_sized(&r);
	if (c->what == STEP_CreatePrimary || c->what == STEP_CreateLoaded)
		name = tpm2_get_sized(&r);
	if (c->what == STEP_CreatePrimary) {
		tpm2_get_sized(&r); /* creationHash */
		tpm2_get(&r, 6);
		tpm2_get_sized(&r); /* creationTicket */
	}
	if (c->what != STEP_Load && c->what != STEP_LoadExternal)
		name = tpm2_get_sized(&r);
	o->name_len = min_t(size_t, name.len, sizeof(o->name));
	memcpy(o->name, name.data, o->name_len);
}

static void take_blob(struct client *c, const struct step *s,
		      struct tpm2_bytes params)
{
	struct blob *blob = &c->blob[s->blob];
	struct tpm2_reader r = tpm2_reader(params.data, params.len);

	tpm2_get_sized(&r); /* outPrivate */
	tpm2_get_sized(&r); /* outPublic */
	blob->len = r.at - params.data;
	if (r.bad || blob->len > sizeof(blob->data)) {
		blob->len = 0;
		return;
	}
	memcpy(blob->data, params.data, blob->len);
	blob->object = c->now.made;
}

static void take_session(struct client *c, const struct step *step,
			 struct tpm2_bytes params, u32 handle)
{
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	struct session *s = find_session(c, handle);
	struct tpm2_bytes nonce;

	if (s && !s->gone && !c->forgiving)
		c->wrong = "a session number that the client has already";
	if (s)
		s->full = false;
	s = &c->session[c->now.into];
	memset(s, 0, sizeof(*s));
	s->full = true;
	s->times = ++c->times;
	s->type = step_session_type(step);
	s->handle = handle;
	s->alg = c->now.made.alg;
	s->aes = step->encrypt;
	nonce = tpm2_get_sized(&r);
	if (nonce.len == NONCE_SIZE)
		memcpy(s->nonce_tpm, nonce.data, NONCE_SIZE);
	salt_octets(step->salt, s->nonce_caller, NONCE_SIZE);
	if (!c->now.made.name_len)
		return;
	s->bind_len = c->now.made.name_len;
	memcpy(s->bind, c->now.made.name, s->bind_len);
	session_key(s, tpm2_bytes(c->now.made.auth, c->now.made.auth_len));
}

/*
 * A session that is loaded and saved again without being used has the context
 * that it had: the RM need not do anything.  A TPM gives another one, and takes
 * the former no more.  So that one is not tried.
 */
static void forget_contexts(struct client *c, u8 session)
{
	unsigned int i;

	for (i = 0; i < CONTEXTS; i++) {
		if (c->context[i].session && c->context[i].of == session)
			c->context[i].len = 0;
	}
}

static void take_saved(struct client *c, const struct step *s,
		       struct tpm2_bytes params)
{
	struct saved *ctx = &c->context[c->now.into];

	if (c->what == STEP_SaveSession && c->session[s->session].fresh)
		forget_contexts(c, s->session);
	ctx->len = min_t(size_t, params.len, sizeof(ctx->data));
	memcpy(ctx->data, params.data, ctx->len);
	ctx->session = c->what == STEP_SaveSession;
	if (ctx->session) {
		struct session *session = &c->session[s->session];

		session->saved = true;
		session->times = ++c->times;
		ctx->of = s->session;
		ctx->times = session->times;
	} else {
		ctx->object = c->object[s->object];
	}
}

static void take_loaded(struct client *c, const struct step *s, u32 handle)
{
	struct saved *ctx = &c->context[s->context];
	struct session *session = &c->session[ctx->of];

	if (!ctx->session) {
		c->object[c->now.into] = c->now.made;
		c->object[c->now.into].handle = handle;
		return;
	}
	if (ctx != client_present(c, ctx->of)) {
		c->wrong = "a context that is used up was taken";
		return;
	}
	if (session->gone || !trm_same_handle(session->handle, handle))
		c->wrong = "a context brought another session";
	session->saved = false;
	session->orphan = false;
	session->fresh = true;
}

static void say_zero(struct session *s)
{
	memset(s->digest, 0, sizeof(s->digest));
	s->value = false;
	s->password = false;
	s->random = false;
}

static void say_pcr(struct session *s, struct tpm2_bytes params)
{
	static const u8 value[32];	/* of PCR 23 */
	const struct tpm2_bytes pcr = tpm2_bytes(value, sizeof(value));
	u8 args[TPM2_MAX_DIGEST + 16];
	size_t len = params.len - 2;

	memcpy(args, params.data + 2, len);
	tpm2_digest(s->alg, &pcr, 1, args + len);
	policy_extend(s->alg, s->digest, TPM_CC_PolicyPCR,
		      tpm2_bytes(args, len + tpm2_digest_size(s->alg)));
}

static void say_or(struct session *s, struct tpm2_bytes params)
{
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	u8 args[2 * TPM2_MAX_DIGEST];
	unsigned int i, len = tpm2_digest_size(s->alg);

	tpm2_get_u32(&r);
	for (i = 0; i < 2; i++)
		memcpy(args + i * len, tpm2_get_sized(&r).data, len);
	memset(s->digest, 0, sizeof(s->digest));
	policy_extend(s->alg, s->digest, TPM_CC_PolicyOR,
		      tpm2_bytes(args, 2 * len));
}

static void say_secret(struct client *c, struct session *s,
		       struct tpm2_bytes params)
{
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	struct tpm2_bytes part[2];

	s->random |= c->now.made.random;
	tpm2_get_sized(&r); /* nonceTPM */
	tpm2_get_sized(&r); /* cpHashA */
	policy_extend(s->alg, s->digest, TPM_CC_PolicySecret, c->now.name[0]);
	part[0] = tpm2_bytes(s->digest, tpm2_digest_size(s->alg));
	part[1] = tpm2_get_sized(&r); /* policyRef */
	tpm2_digest(s->alg, part, 2, s->digest);
}

/* The digest of a policy as Part 3 has it. */
static void take_assertion(struct client *c, struct session *s)
{
	struct tpm2_bytes params = tpm2_written(&c->now.w);

	switch (c->now.code) {
	case TPM_CC_PolicyRestart:
		say_zero(s);
		break;
	case TPM_CC_PolicyPCR:
		say_pcr(s, params);
		break;
	case TPM_CC_PolicyOR:
		say_or(s, params);
		break;
	case TPM_CC_PolicySecret:
		say_secret(c, s, params);
		break;
	case TPM_CC_PolicyAuthValue:
	case 0x18c: /* PolicyPassword says the same */
		s->value = c->now.code == TPM_CC_PolicyAuthValue;
		s->password = !s->value;
		policy_extend(s->alg, s->digest, TPM_CC_PolicyAuthValue, params);
		break;
	default:
		policy_extend(s->alg, s->digest, c->now.code, params);
	}
}

/* A TPM2B that the client knows already. */
static void expect(struct client *c, struct tpm2_bytes params,
		   struct tpm2_bytes known, const char *wrong)
{
	struct tpm2_reader r = tpm2_reader(params.data, params.len);

	if (!is_encrypted(c) && !tpm2_bytes_equal(tpm2_get_sized(&r), known))
		c->wrong = wrong;
}

static void take_update(struct object *o, const struct step *s)
{
	size_t len = s->variant % 64;

	if (o->data_len + len > sizeof(o->data)) {
		o->known = false;
		return;
	}
	salt_octets(s->salt, o->data + o->data_len, len);
	o->data_len += len;
}

static void take_complete(struct client *c, const struct step *s,
			  struct tpm2_bytes params)
{
	struct object *o = &c->object[s->object];
	u8 digest[TPM2_MAX_DIGEST];
	struct tpm2_bytes data;

	take_update(o, s);
	data = tpm2_bytes(o->data, o->data_len);
	if (o->kind == OBJECT_HASH_SEQUENCE && o->known) {
		tpm2_digest(o->alg, &data, 1, digest);
		expect(c, params, tpm2_bytes(digest, tpm2_digest_size(o->alg)),
		       "the digest of a sequence");
	}
	o->kind = OBJECT_NONE;
}

static void expect_hmac(struct client *c, const struct step *s,
			struct tpm2_bytes params)
{
	const struct object *o = &c->object[s->object];
	u8 data[64], mac[TPM2_MAX_DIGEST];
	const struct tpm2_bytes part = tpm2_bytes(data, s->variant % 64);

	if (!o->known)
		return;
	salt_octets(s->salt, data, part.len);
	tpm2_hmac(TPM_ALG_ID_SHA256, tpm2_bytes(o->data, o->data_len), &part, 1,
		  mac);
	expect(c, params, tpm2_bytes(mac, 32), "an HMAC");
}

static void expect_name(struct client *c, const struct step *s,
			struct tpm2_bytes params)
{
	const struct object *o = &c->object[s->object];
	struct tpm2_reader r = tpm2_reader(params.data, params.len);

	tpm2_get_sized(&r); /* outPublic */
	if (!tpm2_bytes_equal(tpm2_get_sized(&r),
			      tpm2_bytes(o->name, o->name_len)))
		c->wrong = "the Name of an object";
}

/* A handle of the client that is listed by this type, or 0. */
static u32 own_handle(const struct client *c, u32 ht, unsigned int i)
{
	const struct session *s = &c->session[i % SESSIONS];
	bool saved = ht == TPM_HT_POLICY_SESSION;

	if (ht == TPM_HT_TRANSIENT)
		return i < OBJECTS && c->object[i].kind ? c->object[i].handle :
							  0;
	if (i >= SESSIONS || !s->full || s->gone || s->orphan ||
	    s->saved != saved)
		return 0;
	return s->saved ? TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION) |
			  (s->handle & TPM_HANDLE_INDEX) : s->handle;
}

/* The lowest of them with at least this index. */
static u32 next_handle(const struct client *c, u32 ht, u32 from)
{
	unsigned int i;
	u32 next = 0;

	for (i = 0; i < OBJECTS + SESSIONS; i++) {
		u32 handle = own_handle(c, ht, i);

		if (handle && (handle & TPM_HANDLE_INDEX) >= from &&
		    (!next || (handle & TPM_HANDLE_INDEX) <
			      (next & TPM_HANDLE_INDEX)))
			next = handle;
	}
	return next;
}

/* Below all handles of objects it is how many are left out. */
static u32 first_handle(const struct client *c, u32 ht, u32 from)
{
	u32 handle = next_handle(c, ht, 0);

	if (ht != TPM_HT_TRANSIENT || from >= (handle & TPM_HANDLE_INDEX))
		return next_handle(c, ht, from);
	while (handle && from--)
		handle = next_handle(c, ht, (handle & TPM_HANDLE_INDEX) + 1);
	return handle;
}

/* Exactly the client's own, in order, as many as were asked for. */
static void expect_list(struct client *c, struct tpm2_bytes params)
{
	struct tpm2_reader q = tpm2_reader(c->now.params, c->now.w.len);
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	u8 more = tpm2_get_u8(&r);
	u32 i, nr, from, count, handle, ht;
	bool good = tpm2_get_u32(&r) == tpm2_get_u32(&q);

	from = tpm2_get_u32(&q);
	ht = TPM_HT(from);
	count = tpm2_get_u32(&q);
	nr = tpm2_get_u32(&r);
	handle = first_handle(c, ht, from & TPM_HANDLE_INDEX);
	for (i = 0; i < nr && good; i++) {
		good = handle && tpm2_get_u32(&r) == handle;
		handle = next_handle(c, ht, (handle & TPM_HANDLE_INDEX) + 1);
	}
	good = good && nr <= count && more == !!handle &&
	       (nr == count || !handle) && tpm2_done(&r);
	if (!good && !c->forgiving)
		c->wrong = "the list of handles";
}

/* Fixed ones are compared, but for the gap, which is the RM's. */
static void keep_properties(struct tpm2_bytes params, struct tpm2_writer *w)
{
	struct tpm2_reader r = tpm2_reader(params.data, params.len);
	u32 property, value;

	tpm2_put_u8(w, tpm2_get_u8(&r));
	tpm2_put_u32(w, tpm2_get_u32(&r));
	tpm2_put_u32(w, tpm2_get_u32(&r));
	while (tpm2_left(&r)) {
		property = tpm2_get_u32(&r);
		value = tpm2_get_u32(&r);
		if (property < 0x200 && property != TPM_PT_CONTEXT_GAP_MAX)
			tpm2_put_u32(w, value);
	}
}

static void take_signature(struct client *c, const struct step *s,
			   struct tpm2_bytes params)
{
	c->signature_len = min_t(size_t, params.len, sizeof(c->signature));
	memcpy(c->signature, params.data, c->signature_len);
}

static void take_by_kind(struct client *c, const struct step *s,
			 const struct trm_wire_response *r)
{
	struct session *session = &c->session[s->session];
	struct object *o = &c->object[s->object];
	struct tpm2_bytes params = r->params;

	switch (c->what) {
	case STEP_CreatePrimary:
	case STEP_Load:
	case STEP_CreateLoaded:
	case STEP_LoadExternal:
	case STEP_HMAC_Start:
	case STEP_HashSequenceStart:
		take_object(c, params, r->handle);
		break;
	case STEP_Create:
		take_blob(c, s, params);
		break;
	case STEP_ReadPublic:
		expect_name(c, s, params);
		break;
	case STEP_Sign:
		take_signature(c, s, params);
		break;
	case STEP_HMAC:
		expect_hmac(c, s, params);
		break;
	case STEP_SequenceUpdate:
		take_update(o, s);
		break;
	case STEP_SequenceComplete:
		take_complete(c, s, params);
		break;
	case STEP_EventSequenceComplete:
		o->kind = OBJECT_NONE;
		break;
	case STEP_StartAuthSession:
		take_session(c, s, params, r->handle);
		break;
	case STEP_PolicyGetDigest:
		expect(c, params, tpm2_bytes(session->digest,
					     tpm2_digest_size(session->alg)),
		       "the digest of a policy");
		break;
	case STEP_Unseal:
	case STEP_UnsealByPolicy:
		expect(c, params, tpm2_bytes(o->data, o->data_len),
		       "the data that was sealed");
		break;
	case STEP_SaveObject:
	case STEP_SaveSession:
		take_saved(c, s, params);
		break;
	case STEP_ContextLoad:
	case STEP_HandOver:
		take_loaded(c, s, r->handle);
		break;
	case STEP_FlushObject:
		c->object[c->now.into].kind = OBJECT_NONE;
		break;
	case STEP_FlushSession:
		if (c->session[c->now.into].gone)
			c->wrong = "a session that was gone was flushed";
		c->session[c->now.into].full = false;
		break;
	case STEP_ListHandles:
		expect_list(c, params);
		break;
	default:
		if (c->what >= STEP_PolicyPCR && c->what <= STEP_PolicyRestart)
			take_assertion(c, session);
	}
}

/* What a success must not be. */
static void take_success(struct client *c, const struct step *s,
			 const struct trm_wire_response *r)
{
	struct session *named;
	unsigned int i;

	if (c->now.mangled)
		c->wrong = "a command that is malformed was done";
	for (i = 0; i < c->now.nr && c->what != STEP_SaveSession; i++) {
		named = find_session(c, c->now.handle[i]);
		if (named)
			named->fresh = false;
	}
	for (i = 0; i < c->now.nr_auths; i++) {
		const struct sending_auth *auth = &c->now.auth[i];

		if (auth->wrong)
			c->wrong = "a wrong authorization was taken";
		if (auth->session)
			auth->session->fresh = false;
		if (auth->gone)
			c->wrong = "a session that is not there was used";
	}
	if (!send_check(c, r))
		c->wrong = "the HMAC of a response";
	take_by_kind(c, s, r);
}

static void take_octets(struct client *c, const struct step *s,
			const u8 *rsp, int len, struct result *result)
{
	struct tpm2_writer w = tpm2_writer(result->bytes,
					   sizeof(result->bytes));
	const struct trm_command_info *info = trm_command_find(c->now.code);
	struct trm_wire_response r;
	unsigned int i;

	result->rc = get_unaligned_be32(rsp + 6);
	if (trm_wire_parse_response(tpm2_bytes(rsp, len), info,
				    c->now.nr_auths, &r)) {
		c->wrong = "a response that is malformed";
		return;
	}
	if (r.rc) {
		take_error(c, s, r.rc);
		return;
	}
	for (i = 0; i < r.nr_auths; i++) {
		tpm2_put_u16(&w, r.auth[i].nonce.len);
		tpm2_put_u16(&w, r.auth[i].hmac.len);
		/* auditExclusive: others' commands come in between. */
		tpm2_put_u8(&w, r.auth[i].attributes & ~2);
	}
	if (c->what == STEP_Properties)
		keep_properties(r.params, &w);
	else if (c->what != STEP_ListHandles)
		keep(c, r.params, &w);
	take_success(c, s, &r);
	result->len = w.len;
}

void client_take(struct client *c, const struct step *s, const u8 *rsp, int len,
		 struct result *result)
{
	if (len < 0) {
		result->rc = RESULT_ERRNO | -len;
		take_errno(c);
		return;
	}
	take_octets(c, s, rsp, len, result);
}
