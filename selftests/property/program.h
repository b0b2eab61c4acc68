/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client's program: random, and the same whoever runs it.
 *
 * A step names registers, not handles: what is in them is found out while the
 * program runs, through the resource manager or alone.
 */
#ifndef _PROPERTY_PROGRAM_H
#define _PROPERTY_PROGRAM_H

#include <linux/types.h>

#define MAX_CLIENTS	16
#define MAX_STEPS	160

/* Registers of a client. */
#define OBJECTS		6
#define SESSIONS	6
#define CONTEXTS	6
#define BLOBS		3

/* What a step does. */
enum step_kind {
	STEP_CreatePrimary,
	STEP_Create,
	STEP_Load,
	STEP_CreateLoaded,
	STEP_LoadExternal,
	STEP_ReadPublic,
	STEP_Sign,
	STEP_VerifySignature,
	STEP_Certify,
	STEP_HMAC,
	STEP_Hash,
	STEP_HMAC_Start,
	STEP_HashSequenceStart,
	STEP_SequenceUpdate,
	STEP_SequenceComplete,
	STEP_EventSequenceComplete,
	STEP_EncryptDecrypt2,
	STEP_StartAuthSession,
	STEP_PolicyPCR,
	STEP_PolicyCommandCode,
	STEP_PolicyAuthValue,
	STEP_PolicyPassword,
	STEP_PolicyLocality,
	STEP_PolicyOR,
	STEP_PolicySecret,
	STEP_PolicyRestart,
	STEP_PolicyGetDigest,
	STEP_GetSessionAuditDigest,
	STEP_Unseal,
	STEP_UnsealByPolicy,
	STEP_SaveObject,
	STEP_SaveSession,
	STEP_ContextLoad,
	STEP_FlushObject,
	STEP_FlushSession,
	STEP_ListHandles,
	STEP_Properties,
	STEP_PCR_Read,
	STEP_GetRandom,
	STEP_ReadClock,
	STEP_UnknownCode,
	STEP_UnknownHandle,
	STEP_ForeignSession,
	STEP_ForeignContext,
	STEP_Reopen,
	STEP_HandOver,
	NR_STEP_KINDS,
};

extern const char *const step_names[NR_STEP_KINDS];

/* How a step authorizes. */
enum step_auth {
	AUTH_PASSWORD,
	AUTH_WRONG,		/* a password that is not the right one */
	AUTH_SESSION,		/* the session in the register */
	AUTH_WRONG_SESSION,	/* the same, the HMAC damaged */
	NR_STEP_AUTHS,
};

/* What is done to the octets of a command before they are sent. */
enum step_mangle {
	MANGLE_NOTHING,
	MANGLE_CUT,		/* parameters end too early */
	MANGLE_CUT_HANDLES,	/* the handle area does */
	MANGLE_TAIL,		/* an octet too many */
	MANGLE_TAG,
	MANGLE_SIZE,		/* the header says less than the header's size */
	MANGLE_AUTH_SIZE,
	NR_STEP_MANGLES,
};

/**
 * struct step - one command of a program
 * @kind: which
 * @auth: how it authorizes
 * @mangle: what is wrong with it
 * @object: register of the object that it makes, or names first
 * @second: register of the other object
 * @session: register of the session that it makes, names or authorizes by
 * @extra: register of a further session
 * @context: register of a saved context
 * @blob: register of what Create gave
 * @variant: anything that the kind of step wants to choose by
 * @keep: continueSession
 * @audit: @extra audits the command
 * @encrypt: the first session encrypts the response
 * @other_octet: the session by the other upper octet, where that may be
 * @salt: whatever octets it needs are made of this
 */
struct step {
	u8 kind;
	u8 auth;
	u8 mangle;
	u8 object;
	u8 second;
	u8 session;
	u8 extra;
	u8 context;
	u8 blob;
	u8 variant;
	bool keep;
	bool audit;
	bool encrypt;
	bool other_octet;
	u32 salt;
};

/**
 * struct program - what one client does
 * @step: its commands
 * @nr: how many
 */
struct program {
	struct step step[MAX_STEPS];
	unsigned int nr;
};

/* How programs are made. */
struct taste {
	unsigned int objects;	/* registers that are used */
	unsigned int sessions;
	bool calm;		/* nothing that is meant to go wrong */
};

/* Numbers that follow from a seed alone. */
u32 chance(u64 *seed);
u32 below(u64 *seed, u32 limit);
bool one_in(u64 *seed, u32 n);

void program_make(struct program *p, u64 seed, unsigned int steps,
		  const struct taste *taste);

#endif /* _PROPERTY_PROGRAM_H */
