// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that make sense for the most part.
 *
 * What is probably in each register is kept in mind, so that most steps find
 * what they need; one in twenty takes any register at all.
 */
#include <linux/kernel.h>

#include "object.h"
#include "program.h"

const char *const step_names[NR_STEP_KINDS] = {
	[STEP_CreatePrimary] = "CreatePrimary",
	[STEP_Create] = "Create",
	[STEP_Load] = "Load",
	[STEP_CreateLoaded] = "CreateLoaded",
	[STEP_LoadExternal] = "LoadExternal",
	[STEP_ReadPublic] = "ReadPublic",
	[STEP_Sign] = "Sign",
	[STEP_VerifySignature] = "VerifySignature",
	[STEP_Certify] = "Certify",
	[STEP_HMAC] = "HMAC",
	[STEP_Hash] = "Hash",
	[STEP_HMAC_Start] = "HMAC_Start",
	[STEP_HashSequenceStart] = "HashSequenceStart",
	[STEP_SequenceUpdate] = "SequenceUpdate",
	[STEP_SequenceComplete] = "SequenceComplete",
	[STEP_EventSequenceComplete] = "EventSequenceComplete",
	[STEP_EncryptDecrypt2] = "EncryptDecrypt2",
	[STEP_StartAuthSession] = "StartAuthSession",
	[STEP_PolicyPCR] = "PolicyPCR",
	[STEP_PolicyCommandCode] = "PolicyCommandCode",
	[STEP_PolicyAuthValue] = "PolicyAuthValue",
	[STEP_PolicyPassword] = "PolicyPassword",
	[STEP_PolicyLocality] = "PolicyLocality",
	[STEP_PolicyOR] = "PolicyOR",
	[STEP_PolicySecret] = "PolicySecret",
	[STEP_PolicyRestart] = "PolicyRestart",
	[STEP_PolicyGetDigest] = "PolicyGetDigest",
	[STEP_GetSessionAuditDigest] = "GetSessionAuditDigest",
	[STEP_Unseal] = "Unseal",
	[STEP_UnsealByPolicy] = "UnsealByPolicy",
	[STEP_SaveObject] = "SaveObject",
	[STEP_SaveSession] = "SaveSession",
	[STEP_ContextLoad] = "ContextLoad",
	[STEP_FlushObject] = "FlushObject",
	[STEP_FlushSession] = "FlushSession",
	[STEP_ListHandles] = "ListHandles",
	[STEP_Properties] = "Properties",
	[STEP_PCR_Read] = "PCR_Read",
	[STEP_GetRandom] = "GetRandom",
	[STEP_ReadClock] = "ReadClock",
	[STEP_UnknownCode] = "UnknownCode",
	[STEP_UnknownHandle] = "UnknownHandle",
	[STEP_ForeignSession] = "ForeignSession",
	[STEP_ForeignContext] = "ForeignContext",
	[STEP_Reopen] = "Reopen",
	[STEP_HandOver] = "HandOver",
};

/* How often each is chosen. */
static const u8 weights[NR_STEP_KINDS] = {
	[STEP_CreatePrimary] = 10,
	[STEP_Create] = 4,
	[STEP_Load] = 6,
	[STEP_CreateLoaded] = 3,
	[STEP_LoadExternal] = 14,
	[STEP_ReadPublic] = 12,
	[STEP_Sign] = 5,
	[STEP_VerifySignature] = 4,
	[STEP_Certify] = 3,
	[STEP_HMAC] = 8,
	[STEP_Hash] = 3,
	[STEP_HMAC_Start] = 4,
	[STEP_HashSequenceStart] = 8,
	[STEP_SequenceUpdate] = 22,
	[STEP_SequenceComplete] = 8,
	[STEP_EventSequenceComplete] = 2,
	[STEP_EncryptDecrypt2] = 6,
	[STEP_StartAuthSession] = 18,
	[STEP_PolicyPCR] = 6,
	[STEP_PolicyCommandCode] = 6,
	[STEP_PolicyAuthValue] = 5,
	[STEP_PolicyPassword] = 3,
	[STEP_PolicyLocality] = 3,
	[STEP_PolicyOR] = 4,
	[STEP_PolicySecret] = 4,
	[STEP_PolicyRestart] = 3,
	[STEP_PolicyGetDigest] = 20,
	[STEP_GetSessionAuditDigest] = 4,
	[STEP_Unseal] = 14,
	[STEP_UnsealByPolicy] = 8,
	[STEP_SaveObject] = 9,
	[STEP_SaveSession] = 12,
	[STEP_ContextLoad] = 24,
	[STEP_FlushObject] = 8,
	[STEP_FlushSession] = 5,
	[STEP_ListHandles] = 8,
	[STEP_Properties] = 2,
	[STEP_PCR_Read] = 2,
	[STEP_GetRandom] = 2,
	[STEP_ReadClock] = 1,
	[STEP_UnknownCode] = 1,
	[STEP_UnknownHandle] = 3,
	[STEP_ForeignSession] = 12,
	[STEP_ForeignContext] = 6,
	[STEP_Reopen] = 2,
	[STEP_HandOver] = 3,
};

/* What is probably in the registers. */
struct guess {
	u8 object[OBJECTS];
	u8 session[SESSIONS];	/* TPM_SE + 1; 0: none */
	bool saved[SESSIONS];
	u8 context[CONTEXTS];	/* 1: an object's, 2: a session's */
	u8 of[CONTEXTS];	/* kind of the object, or register */
	bool blob[BLOBS];
	unsigned int objects, sessions;	/* registers in use */
};

/* SplitMix64. */
u32 chance(u64 *seed)
{
	u64 z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z >> 32 ^ z;
}

u32 below(u64 *seed, u32 limit)
{
	return chance(seed) % limit;
}

bool one_in(u64 *seed, u32 n)
{
	return !below(seed, n);
}

static u8 any_kind(u64 *seed)
{
	unsigned int i, sum = 0, at;

	for (i = 0; i < NR_STEP_KINDS; i++)
		sum += weights[i];
	at = below(seed, sum);
	for (i = 0; at >= weights[i]; i++)
		at -= weights[i];
	return i;
}

/* Which kinds of object a step wants, as bits; 0: an empty register. */
static u32 wanted_object(u8 kind)
{
	switch (kind) {
	case STEP_CreatePrimary:
	case STEP_LoadExternal:
	case STEP_HashSequenceStart:
		return 0;
	case STEP_Create:
	case STEP_Load:
	case STEP_CreateLoaded:
		return BIT(OBJECT_STORAGE);
	case STEP_Sign:
	case STEP_VerifySignature:
		return BIT(OBJECT_SIGNER) | BIT(OBJECT_MAC);
	case STEP_Certify:
		return BIT(OBJECT_SIGNER);
	case STEP_HMAC:
	case STEP_HMAC_Start:
		return BIT(OBJECT_MAC);
	case STEP_SequenceUpdate:
	case STEP_SequenceComplete:
		return BIT(OBJECT_HASH_SEQUENCE) | BIT(OBJECT_MAC_SEQUENCE);
	case STEP_EventSequenceComplete:
		return BIT(OBJECT_EVENT_SEQUENCE);
	case STEP_ReadPublic:
		return BIT(OBJECT_HASH_SEQUENCE) - 2;
	case STEP_EncryptDecrypt2:
		return BIT(OBJECT_CIPHER);
	case STEP_Unseal:
		return BIT(OBJECT_SEALED);
	case STEP_UnsealByPolicy:
		return BIT(OBJECT_POLICY);
	default:
		return ~1U;
	}
}

/* A register with one of these; any if there is none. */
static u8 pick_object(u64 *seed, const struct guess *g, u32 wanted,
		      unsigned int objects)
{
	unsigned int i, at = below(seed, objects);

	if (one_in(seed, 20))
		return at;
	for (i = 0; i < objects; i++) {
		u8 kind = g->object[(at + i) % objects];

		if (wanted ? wanted & BIT(kind) && kind : !kind)
			return (at + i) % objects;
	}
	return at;
}

static bool is_policy_step(u8 kind)
{
	return (kind >= STEP_PolicyPCR && kind <= STEP_PolicyGetDigest) ||
	       kind == STEP_UnsealByPolicy;
}

/* Which sessions a step wants. */
static bool suits(const struct guess *g, u8 kind, u8 session)
{
	u8 type = g->session[session];

	if (kind == STEP_StartAuthSession)
		return !type;
	if (!type || g->saved[session])
		return kind == STEP_FlushSession && type;
	return is_policy_step(kind) ? type != TPM_SE_HMAC + 1 :
	       kind == STEP_SaveSession || kind == STEP_FlushSession ||
	       type == TPM_SE_HMAC + 1;
}

static u8 pick_session(u64 *seed, const struct guess *g, u8 kind,
		       unsigned int sessions)
{
	unsigned int i, at = below(seed, sessions);

	if (one_in(seed, 20))
		return at;
	for (i = 0; i < sessions; i++) {
		if (suits(g, kind, (at + i) % sessions))
			return (at + i) % sessions;
	}
	return at;
}

static bool has_object(const struct guess *g, u32 wanted)
{
	unsigned int i;

	for (i = 0; i < g->objects; i++) {
		if (wanted ? g->object[i] && wanted & BIT(g->object[i]) :
			     !g->object[i])
			return true;
	}
	return false;
}

static bool has_session(const struct guess *g, u8 kind)
{
	unsigned int i;

	for (i = 0; i < g->sessions; i++) {
		if (suits(g, kind, i))
			return true;
	}
	return false;
}

/* Is what it needs probably there? */
static bool makes_sense(const struct guess *g, u8 kind)
{
	switch (kind) {
	case STEP_StartAuthSession:
	case STEP_GetSessionAuditDigest:
	case STEP_SaveSession:
	case STEP_FlushSession:
		return has_session(g, kind);
	case STEP_ContextLoad:
	case STEP_HandOver:
		return memchr_inv(g->context, 0, sizeof(g->context)) &&
		       has_object(g, 0);
	case STEP_Load:
	case STEP_CreateLoaded:
	case STEP_HMAC_Start:
		return has_object(g, 0) && has_object(g, wanted_object(kind));
	case STEP_Hash:
	case STEP_ListHandles:
	case STEP_Properties:
	case STEP_PCR_Read:
	case STEP_GetRandom:
	case STEP_ReadClock:
	case STEP_UnknownCode:
	case STEP_UnknownHandle:
	case STEP_ForeignSession:
	case STEP_ForeignContext:
		return true;
	}
	if (is_policy_step(kind))
		return has_session(g, kind) && (kind != STEP_UnsealByPolicy ||
			has_object(g, wanted_object(kind)));
	return has_object(g, wanted_object(kind));
}

/* One in thirty makes none. */
static u8 sensible_kind(u64 *seed, const struct guess *g)
{
	u8 kind = any_kind(seed);

	while (!makes_sense(g, kind) && !one_in(seed, 30))
		kind = any_kind(seed);
	return kind;
}

static u8 pick_context(u64 *seed, const struct guess *g, bool full)
{
	unsigned int i, at = below(seed, CONTEXTS);

	if (one_in(seed, 20))
		return at;
	for (i = 0; i < CONTEXTS; i++) {
		if (!g->context[(at + i) % CONTEXTS] == !full)
			return (at + i) % CONTEXTS;
	}
	return at;
}

static u8 pick_blob(u64 *seed, const struct guess *g)
{
	unsigned int i, at = below(seed, BLOBS);

	for (i = 0; i < BLOBS; i++) {
		if (g->blob[(at + i) % BLOBS])
			return (at + i) % BLOBS;
	}
	return at;
}

static void imagine_closed(struct guess *g, const struct step *s)
{
	unsigned int i;

	memset(g->object, 0, sizeof(g->object));
	if (s->kind == STEP_HandOver && g->context[s->context] == 2)
		g->saved[g->of[s->context]] = false;
	for (i = 0; i < SESSIONS; i++) {
		if (!g->saved[i] && (s->kind == STEP_Reopen ||
				     g->of[s->context] != i))
			g->session[i] = 0;
	}
}

/* What the registers hold after the step, if it goes well. */
static void imagine(struct guess *g, const struct step *s)
{
	switch (s->kind) {
	case STEP_CreatePrimary:
	case STEP_LoadExternal:
	case STEP_HashSequenceStart:
		g->object[s->object] = step_makes(s);
		break;
	case STEP_HMAC_Start:
	case STEP_Load:
	case STEP_CreateLoaded:
		g->object[s->second] = step_makes(s);
		break;
	case STEP_Create:
		g->blob[s->blob] = true;
		break;
	case STEP_SequenceComplete:
	case STEP_EventSequenceComplete:
	case STEP_FlushObject:
		g->object[s->object] = OBJECT_NONE;
		break;
	case STEP_StartAuthSession:
		g->session[s->session] = step_session_type(s) + 1;
		g->saved[s->session] = false;
		break;
	case STEP_FlushSession:
		g->session[s->session] = 0;
		break;
	case STEP_SaveObject:
		g->context[s->context] = 1;
		g->of[s->context] = g->object[s->object];
		break;
	case STEP_SaveSession:
		g->context[s->context] = 2;
		g->of[s->context] = s->session;
		g->saved[s->session] = true;
		break;
	case STEP_ContextLoad:
		if (g->context[s->context] == 2)
			g->saved[g->of[s->context]] = false;
		else if (g->context[s->context])
			g->object[s->object] = g->of[s->context];
		break;
	case STEP_Reopen:
	case STEP_HandOver:
		imagine_closed(g, s);
		break;
	}
	if (s->keep)
		return;
	if ((s->auth == AUTH_SESSION && !is_policy_step(s->kind)) ||
	    s->kind == STEP_UnsealByPolicy)
		g->session[s->session] = 0;
	if (s->audit)
		g->session[s->extra] = 0;
}

/* Steps whose object is made, in a register that should be empty. */
static bool fills_second(u8 kind)
{
	return kind == STEP_Load || kind == STEP_CreateLoaded ||
	       kind == STEP_HMAC_Start;
}

static void choose(struct step *s, u64 *seed, const struct guess *g,
		   const struct taste *taste)
{
	u32 wanted = wanted_object(s->kind);

	s->salt = chance(seed);
	s->variant = chance(seed);
	if (s->kind == STEP_ContextLoad && g->context[s->context] == 1)
		wanted = 0;
	s->object = pick_object(seed, g, wanted, taste->objects);
	s->second = pick_object(seed, g, fills_second(s->kind) ? 0 : ~1U,
				taste->objects);
	s->session = pick_session(seed, g, s->kind, taste->sessions);
	s->extra = pick_session(seed, g, STEP_ReadPublic, taste->sessions);
	s->blob = s->kind == STEP_Create ? below(seed, BLOBS) :
					   pick_blob(seed, g);
	s->auth = one_in(seed, 3) ? AUTH_SESSION : AUTH_PASSWORD;
	s->keep = !one_in(seed, 8);
	s->audit = one_in(seed, 10);
	s->encrypt = one_in(seed, 4);
	s->other_octet = one_in(seed, 4);
}

/* One step in forty is one that must be refused. */
static void spoil(struct step *s, u64 *seed)
{
	if (one_in(seed, 40))
		s->auth = s->auth == AUTH_SESSION ? AUTH_WRONG_SESSION :
						    AUTH_WRONG;
	if (one_in(seed, 40))
		s->mangle = 1 + below(seed, NR_STEP_MANGLES - 1);
}

/* What comes before a step, so that it can succeed. */
static unsigned int prepare(struct step *first, const struct step *s)
{
	static const u8 policy[] = { STEP_PolicyRestart, STEP_PolicyCommandCode,
				     STEP_PolicyAuthValue };
	unsigned int i, nr = s->kind == STEP_UnsealByPolicy ? 3 : 1;

	for (i = 0; i < nr; i++) {
		first[i] = *s;
		first[i].auth = AUTH_PASSWORD;
		first[i].mangle = MANGLE_NOTHING;
		first[i].audit = false;
	}
	switch (s->kind) {
	case STEP_UnsealByPolicy:
		for (i = 0; i < nr; i++)
			first[i].kind = policy[i];
		first[1].variant = 1;
		return nr;
	case STEP_GetSessionAuditDigest:
		first->kind = STEP_GetRandom;
		first->audit = true;
		first->keep = true;
		first->extra = s->session;
		return nr;
	case STEP_VerifySignature:
		first->kind = STEP_Sign;
		return nr;
	case STEP_Load:
		first->kind = STEP_Create;
		return nr;
	default:
		return 0;
	}
}

static void make_step(struct step *s, u64 *seed, const struct guess *g,
		      const struct taste *taste)
{
	bool full;

	s->kind = sensible_kind(seed, g);
	full = s->kind == STEP_ContextLoad || s->kind == STEP_HandOver;
	s->context = pick_context(seed, g, full);
	choose(s, seed, g, taste);
	if (!taste->calm)
		spoil(s, seed);
}

static bool is_spoilt(const struct step *s)
{
	return s->mangle || s->auth == AUTH_WRONG ||
	       s->auth == AUTH_WRONG_SESSION;
}

void program_make(struct program *p, u64 seed, unsigned int steps,
		  const struct taste *taste)
{
	struct guess g = {
		.objects = taste->objects,
		.sessions = taste->sessions,
	};
	unsigned int i;
	struct step s;

	memset(p, 0, sizeof(*p));
	p->nr = steps;
	for (i = 0; i < steps; i++) {
		memset(&s, 0, sizeof(s));
		make_step(&s, &seed, &g, taste);
		if (i + 4 < steps && !one_in(&seed, 3))
			i += prepare(&p->step[i], &s);
		p->step[i] = s;
		if (!is_spoilt(&s))
			imagine(&g, &s);
	}
}
