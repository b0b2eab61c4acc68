// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a TPM response code means: one table, searched from the top.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "verdict.h"

static const char *const step_names[] = {
	[TPK_STEP_PARENT_READ]		= "ReadPublic",
	[TPK_STEP_PARENT_DERIVE]	= "CreatePrimary",
	[TPK_STEP_SESSION]		= "StartAuthSession",
	[TPK_STEP_RANDOM]		= "GetRandom",
	[TPK_STEP_PCR_READ]		= "PCR_Read",
	[TPK_STEP_CREATE]		= "Create",
	[TPK_STEP_LOAD]			= "Load",
	[TPK_STEP_POLICY_PCR]		= "PolicyPCR",
	[TPK_STEP_POLICY_AUTHVALUE]	= "PolicyAuthValue",
	[TPK_STEP_POLICY_OR]		= "PolicyOR",
	[TPK_STEP_POLICY_COUNTER_TIMER]	= "PolicyCounterTimer",
	[TPK_STEP_POLICY_LOCALITY]	= "PolicyLocality",
	[TPK_STEP_POLICY_NV]		= "PolicyNV",
	[TPK_STEP_POLICY_SECRET]	= "PolicySecret",
	[TPK_STEP_POLICY_SIGNED]	= "PolicySigned",
	[TPK_STEP_LOAD_EXTERNAL]	= "LoadExternal",
	[TPK_STEP_VERIFY_SIGNATURE]	= "VerifySignature",
	[TPK_STEP_POLICY_AUTHORIZE]	= "PolicyAuthorize",
	[TPK_STEP_ENTITY_READ]		= "ReadPublic",
	[TPK_STEP_NV_READ]		= "NV_ReadPublic",
	[TPK_STEP_UNSEAL]		= "Unseal",
	[TPK_STEP_PCR_EXTEND]		= "PCR_Extend",
};

const char *tpk_step_name(enum tpk_step step)
{
	return step_names[step];
}

enum tpk_step tpk_step_of_policy(u32 code)
{
	switch (code) {
	case TPM_CC_PolicyPCR:
		return TPK_STEP_POLICY_PCR;
	case TPM_CC_PolicyAuthValue:
		return TPK_STEP_POLICY_AUTHVALUE;
	case TPM_CC_PolicyOR:
		return TPK_STEP_POLICY_OR;
	case TPM_CC_PolicyCounterTimer:
		return TPK_STEP_POLICY_COUNTER_TIMER;
	case TPM_CC_PolicyLocality:
		return TPK_STEP_POLICY_LOCALITY;
	case TPM_CC_PolicyNV:
		return TPK_STEP_POLICY_NV;
	case TPM_CC_PolicySecret:
		return TPK_STEP_POLICY_SECRET;
	case TPM_CC_PolicySigned:
		return TPK_STEP_POLICY_SIGNED;
	case TPM_CC_PolicyAuthorize:
		return TPK_STEP_POLICY_AUTHORIZE;
	default:
		return TPK_STEP_SESSION;
	}
}

/* Sets of steps. */
#define S(step)		(1U << TPK_STEP_##step)
#define ANY		(~0U)
/* Those whose first handle is the parent, and those that give its auth. */
#define USES_PARENT	(S(PARENT_READ) | S(SESSION) | S(CREATE) | S(LOAD))
#define GIVES_AUTH	(S(PARENT_DERIVE) | S(CREATE) | S(LOAD))
/* Those of a policy that give the authorization of something else. */
#define GIVES_SECRET	(S(POLICY_NV) | S(POLICY_SECRET))
/* Those that look at what a policy names. */
#define LOOKS		(S(ENTITY_READ) | S(NV_READ))

/*
 * Patterns: a code as it is, or a format-one code at whatever handle, session
 * or parameter.  The first of each is written out.
 */
#define EXACT		0xffffffff
#define BASE		(0xfffff000 | TPM_RC_FMT1_MASK)
#define HANDLE1(rc)	((rc) | 0x100)
#define HANDLE2(rc)	((rc) | 0x200)
#define SESSION1(rc)	((rc) | 0x900)
#define PARAM1(rc)	((rc) | TPM_RC_P | 0x100)
#define PARAM2(rc)	((rc) | TPM_RC_P | 0x200)
#define PARAM4(rc)	((rc) | TPM_RC_P | 0x400)
#define PARAM5(rc)	((rc) | TPM_RC_P | 0x500)
#define PARAMETER	(0xfffff000 | TPM_RC_FMT1 | TPM_RC_P)

/* Does the rule ask whether an authorization value took part? */
enum rule_secret {
	EITHER,
	WITH,
	WITHOUT,
};

#define ROOM_OBJECTS	"TPM has no room for one more object"
#define ROOM_SESSIONS	"TPM has no room for one more session"
#define FREE_ROOM	"end what holds objects or sessions through /dev/tpm0, then try again"
#define TRY_AGAIN	"try again"
#define WAIT_LOCKOUT	"wait, or reset the lockout with the lockout authorization"
#define NO_PARENT	"parent does not exist in this TPM"
#define GIVE_PARENT	"make the parent persistent again, or name another one with keyhandle="
#define NEED_KEYAUTH	"give the parent's authorization with keyauth="
#define CHECK_KEYAUTH	"check keyauth="
#define CHECK_BLOBAUTH	"check blobauth="
#define NEED_SECRETAUTH	"give it with secretauth="
#define CHECK_SECRETAUTH "check secretauth="
#define WRONG_COUNTED	"authorization is wrong, and the TPM counts it towards its lockout"
#define WRONG		"authorization is wrong"
#define NOT_TAKEN	"TPM did not take a session's proof"
#define TRY_BLOBAUTH	"give blobauth= if the key has one, else check the way to the TPM"
#define CHECK_BUS	"check the way to the TPM"
#define TPM_LACKS	"TPM lacks an algorithm that this needs"
#define OTHER_ALGORITHM	"choose another hash=, bank or parent"
#define REVOKED		"the NV index has moved on: the key is revoked"
#define SEAL_ANEW	"seal what the key protected to a new key"
#define SECRET_WANTED	"policy wants an authorization"
#define SIGN_AGAIN	"ask the signer again"
#define NOT_THERE	"what the policy names is not in this TPM"
#define MAKE_IT		"create it first, and look its Name up then"

static const struct rule {
	u32 steps;
	u32 mask;
	u32 code;
	enum rule_secret secret;
	struct tpk_verdict verdict;
} rules[] = {
	/* The TPM's condition, whatever the step. */
	{ ANY, EXACT, TPM_RC_LOCKOUT, EITHER,
	  { -EAGAIN, "TPM is in dictionary attack lockout", WAIT_LOCKOUT } },
	{ ANY, EXACT, TPM_RC_OBJECT_MEMORY, EITHER,
	  { -EBUSY, ROOM_OBJECTS, FREE_ROOM } },
	{ ANY, EXACT, TPM_RC_OBJECT_HANDLES, EITHER,
	  { -EBUSY, ROOM_OBJECTS, FREE_ROOM } },
	{ ANY, EXACT, TPM_RC_SESSION_MEMORY, EITHER,
	  { -EBUSY, ROOM_SESSIONS, FREE_ROOM } },
	{ ANY, EXACT, TPM_RC_SESSION_HANDLES, EITHER,
	  { -EBUSY, ROOM_SESSIONS, FREE_ROOM } },
	{ ANY, EXACT, TPM_RC_CONTEXT_GAP, EITHER,
	  { -EBUSY, "TPM's oldest saved session blocks new ones", FREE_ROOM } },
	{ ANY, EXACT, TPM_RC_MEMORY, EITHER,
	  { -EBUSY, "TPM is out of memory", FREE_ROOM } },
	{ ANY, EXACT, TPM_RC_RETRY, EITHER,
	  { -EBUSY, "TPM is busy", TRY_AGAIN } },
	{ ANY, EXACT, TPM_RC_YIELDED, EITHER,
	  { -EBUSY, "TPM is busy", TRY_AGAIN } },
	{ ANY, EXACT, TPM_RC_TESTING, EITHER,
	  { -EBUSY, "TPM is testing itself", TRY_AGAIN } },
	{ ANY, EXACT, TPM_RC_NV_RATE, EITHER,
	  { -EBUSY, "TPM limits writes to its memory", TRY_AGAIN } },
	{ ANY, EXACT, TPM_RC_NV_UNAVAILABLE, EITHER,
	  { -EBUSY, "TPM cannot write its memory just now", TRY_AGAIN } },
	{ ANY, EXACT, TPM_RC_FAILURE, EITHER,
	  { -EIO, "TPM is in failure mode", "power the machine off and on" } },
	{ ANY, EXACT, TPM_RC_INITIALIZE, EITHER,
	  { -EIO, "TPM was reset and not started", "reboot" } },

	/* The policy. */
	{ S(POLICY_PCR), EXACT, PARAM1(TPM_RC_VALUE), EITHER,
	  { -EKEYREJECTED, "PCR policy not met",
	    "reseal the key, or boot what it was sealed to" } },
	{ S(UNSEAL), BASE, TPM_RC_POLICY_FAIL, EITHER,
	  { -EKEYREJECTED, "policy not met",
	    "reseal the key, or boot what it was sealed to" } },
	{ S(UNSEAL), EXACT, TPM_RC_AUTH_UNAVAILABLE, EITHER,
	  { -EKEYREJECTED, "key opens by its policy only, and none was run",
	    "give the pcrs= that it was sealed to" } },
	{ S(UNSEAL), EXACT, TPM_RC_REFERENCE_S0, EITHER,
	  { -ENOKEY, "session of policyhandle= is not loaded in the TPM",
	    "start it on /dev/tpm0, and leave it loaded there" } },
	{ S(UNSEAL), EXACT, SESSION1(TPM_RC_HANDLE), EITHER,
	  { -ENOKEY, "session of policyhandle= is no policy session",
	    "start a policy session on /dev/tpm0" } },
	{ S(UNSEAL), EXACT, SESSION1(TPM_RC_ATTRIBUTES), EITHER,
	  { -EINVAL, "session of policyhandle= is a trial session",
	    "run the policy in a policy session" } },
	{ S(POLICY_PCR) | S(UNSEAL), EXACT, TPM_RC_PCR_CHANGED, EITHER,
	  { -EBUSY, "PCRs changed while the policy was run", TRY_AGAIN } },

	{ S(POLICY_OR) | S(POLICY_AUTHORIZE), EXACT, PARAM1(TPM_RC_VALUE), EITHER,
	  { -EKEYREJECTED, "what the policy names is not what it was", SEAL_ANEW } },

	{ S(POLICY_LOCALITY), EXACT, PARAM1(TPM_RC_RANGE), EITHER,
	  { -EKEYREJECTED, "policy allows no locality", SEAL_ANEW } },
	{ S(UNSEAL), EXACT, TPM_RC_LOCALITY, EITHER,
	  { -EKEYREJECTED, "policy is for another locality than the kernel's",
	    SEAL_ANEW } },

	/* What a policy compares, and until when it holds. */
	{ S(POLICY_NV), EXACT, TPM_RC_POLICY, EITHER,
	  { -EKEYREVOKED, REVOKED, SEAL_ANEW } },
	{ S(POLICY_NV), EXACT, TPM_RC_NV_LOCKED, EITHER,
	  { -EKEYREVOKED, "the NV index is locked", "load the key before it is locked" } },
	{ S(POLICY_NV), EXACT, TPM_RC_NV_UNINITIALIZED, EITHER,
	  { -EKEYREVOKED, "the NV index was made anew", SEAL_ANEW } },
	{ S(POLICY_NV), EXACT, HANDLE1(TPM_RC_HANDLE), EITHER,
	  { -EKEYREVOKED, "the NV index is gone", SEAL_ANEW } },
	{ S(POLICY_NV), EXACT, HANDLE2(TPM_RC_HANDLE), EITHER,
	  { -EKEYREVOKED, "the NV index is gone", SEAL_ANEW } },
	{ S(POLICY_COUNTER_TIMER), EXACT, TPM_RC_POLICY, EITHER,
	  { -EKEYEXPIRED, "the time or the boots in which the key opens are over",
	    SEAL_ANEW } },
	{ S(POLICY_SIGNED), EXACT, PARAM4(TPM_RC_EXPIRED), EITHER,
	  { -EKEYEXPIRED, "signature has expired", SIGN_AGAIN } },
	{ S(UNSEAL), BASE, TPM_RC_EXPIRED, EITHER,
	  { -EKEYEXPIRED, "signature has expired", SIGN_AGAIN } },

	/* Signatures. */
	{ S(POLICY_SIGNED), EXACT, PARAM1(TPM_RC_NONCE), EITHER,
	  { -ENOKEY, "signature is for another session", SIGN_AGAIN } },
	{ S(POLICY_SIGNED), EXACT, PARAM5(TPM_RC_SIGNATURE), EITHER,
	  { -ENOKEY, "signature is not what was asked for, or by another key",
	    SIGN_AGAIN } },
	{ S(VERIFY_SIGNATURE), EXACT, PARAM2(TPM_RC_SIGNATURE), EITHER,
	  { -ENOKEY, "signed policy is for other PCRs, or by another key",
	    "give one for what was booted with authpolicy=" } },
	{ S(LOAD_EXTERNAL), BASE, TPM_RC_VALUE, EITHER,
	  { -EOPNOTSUPP, "TPM does not take a key of this size",
	    "sign with RSA of 2048 bits or ECC P-256" } },
	{ S(LOAD_EXTERNAL), BASE, TPM_RC_KEY_SIZE, EITHER,
	  { -EOPNOTSUPP, "TPM does not take a key of this size",
	    "sign with RSA of 2048 bits or ECC P-256" } },

	/* The blob. */
	{ S(LOAD), BASE, TPM_RC_INTEGRITY, EITHER,
	  { -EREMOTE, "blob belongs to another TPM or parent",
	    "load it where it was sealed, or give its parent with keyhandle=" } },
	{ S(LOAD), BASE, TPM_RC_BINDING, EITHER,
	  { -EREMOTE, "the blob's two halves do not belong together",
	    "use the blob as it was sealed" } },

	/* The parent. */
	{ ANY, BASE, TPM_RC_HIERARCHY, EITHER,
	  { -ENOKEY, "parent's hierarchy is disabled",
	    "enable the hierarchy in the firmware, or seal under another parent" } },
	{ USES_PARENT, EXACT, HANDLE1(TPM_RC_HANDLE), EITHER,
	  { -ENOKEY, NO_PARENT, GIVE_PARENT } },
	{ USES_PARENT, EXACT, HANDLE1(TPM_RC_VALUE), EITHER,
	  { -ENOKEY, NO_PARENT, GIVE_PARENT } },
	{ S(CREATE) | S(LOAD), EXACT, HANDLE1(TPM_RC_TYPE), EITHER,
	  { -ENOKEY, "parent is not a storage key",
	    "name a storage key with keyhandle=" } },
	{ GIVES_AUTH, EXACT, TPM_RC_AUTH_UNAVAILABLE, EITHER,
	  { -EACCES, "parent opens by a policy only",
	    "name a parent with an authorization value in keyhandle=" } },

	/* What else a policy asks for. */
	{ LOOKS, EXACT, HANDLE1(TPM_RC_HANDLE), EITHER,
	  { -ENOKEY, NOT_THERE, MAKE_IT } },
	{ LOOKS, EXACT, HANDLE1(TPM_RC_VALUE), EITHER,
	  { -ENOKEY, NOT_THERE, MAKE_IT } },
	{ S(POLICY_SECRET), EXACT, HANDLE1(TPM_RC_HANDLE), EITHER,
	  { -ENOKEY, "what the policy wants the authorization of is gone",
	    SEAL_ANEW } },
	{ GIVES_SECRET, EXACT, TPM_RC_AUTH_UNAVAILABLE, EITHER,
	  { -EACCES, "policy wants an authorization that cannot be given",
	    SEAL_ANEW } },
	{ GIVES_SECRET, EXACT, SESSION1(TPM_RC_AUTH_FAIL), WITHOUT,
	  { -EACCES, SECRET_WANTED, NEED_SECRETAUTH } },
	{ GIVES_SECRET, EXACT, SESSION1(TPM_RC_BAD_AUTH), WITHOUT,
	  { -EACCES, SECRET_WANTED, NEED_SECRETAUTH } },
	{ GIVES_SECRET, EXACT, SESSION1(TPM_RC_AUTH_FAIL), WITH,
	  { -EACCES, WRONG_COUNTED, CHECK_SECRETAUTH } },
	{ GIVES_SECRET, EXACT, SESSION1(TPM_RC_BAD_AUTH), WITH,
	  { -EACCES, WRONG, CHECK_SECRETAUTH } },

	/* Authorization values; they are proved in the first session. */
	{ GIVES_AUTH, EXACT, SESSION1(TPM_RC_AUTH_FAIL), WITHOUT,
	  { -EACCES, "parent wants an authorization", NEED_KEYAUTH } },
	{ GIVES_AUTH, EXACT, SESSION1(TPM_RC_BAD_AUTH), WITHOUT,
	  { -EACCES, "parent wants an authorization", NEED_KEYAUTH } },
	{ GIVES_AUTH, EXACT, SESSION1(TPM_RC_AUTH_FAIL), WITH,
	  { -EACCES, WRONG_COUNTED, CHECK_KEYAUTH } },
	{ GIVES_AUTH, EXACT, SESSION1(TPM_RC_BAD_AUTH), WITH,
	  { -EACCES, WRONG, CHECK_KEYAUTH } },
	{ S(UNSEAL), EXACT, SESSION1(TPM_RC_AUTH_FAIL), WITH,
	  { -EACCES, WRONG_COUNTED, CHECK_BLOBAUTH } },
	{ S(UNSEAL), EXACT, SESSION1(TPM_RC_BAD_AUTH), WITH,
	  { -EACCES, WRONG, CHECK_BLOBAUTH } },
	{ S(UNSEAL), EXACT, SESSION1(TPM_RC_AUTH_FAIL), WITHOUT,
	  { -EIO, NOT_TAKEN, TRY_BLOBAUTH } },
	{ S(UNSEAL), EXACT, SESSION1(TPM_RC_BAD_AUTH), WITHOUT,
	  { -EIO, NOT_TAKEN, TRY_BLOBAUTH } },
	{ ANY, BASE, TPM_RC_AUTH_FAIL, EITHER,
	  { -EIO, NOT_TAKEN, CHECK_BUS } },
	{ ANY, BASE, TPM_RC_BAD_AUTH, EITHER,
	  { -EIO, NOT_TAKEN, CHECK_BUS } },

	/* What the TPM lacks. */
	{ ANY, EXACT, TPM_RC_COMMAND_CODE, EITHER,
	  { -EOPNOTSUPP, "TPM lacks the command", "update the TPM's firmware" } },
	{ ANY, BASE, TPM_RC_HASH, EITHER,
	  { -EOPNOTSUPP, TPM_LACKS, OTHER_ALGORITHM } },
	{ ANY, BASE, TPM_RC_CURVE, EITHER,
	  { -EOPNOTSUPP, TPM_LACKS, OTHER_ALGORITHM } },
	{ ANY, BASE, TPM_RC_ASYMMETRIC, EITHER,
	  { -EOPNOTSUPP, TPM_LACKS, OTHER_ALGORITHM } },
	{ ANY, BASE, TPM_RC_SYMMETRIC, EITHER,
	  { -EOPNOTSUPP, TPM_LACKS, OTHER_ALGORITHM } },
	{ S(PARENT_DERIVE), BASE, TPM_RC_TYPE, EITHER,
	  { -EOPNOTSUPP, TPM_LACKS, "name a persistent parent with keyhandle=" } },
	{ S(PCR_EXTEND), EXACT, TPM_RC_LOCALITY, EITHER,
	  { -EIO, "TPM does not let the kernel extend this PCR",
	    "choose another PCR for pcrlock=" } },

	/* Parameters of Load are the blob's two halves. */
	{ S(LOAD), PARAMETER, TPM_RC_FMT1 | TPM_RC_P, EITHER,
	  { -EBADMSG, "TPM cannot make an object of the blob",
	    "get the blob again; this one is damaged" } },

	{ ANY, 0, 0, EITHER,
	  { -EIO, "TPM refused the command", "look the code up in TPM 2.0 Part 2, 6.6" } },
};

static bool matches(const struct rule *rule, enum tpk_step step, u32 rc,
		    bool secret)
{
	return rule->steps & 1U << step && (rc & rule->mask) == rule->code &&
	       (rule->secret == EITHER || (rule->secret == WITH) == secret);
}

/* The last rule matches everything. */
struct tpk_verdict tpk_verdict(enum tpk_step step, u32 rc, bool secret)
{
	const struct rule *rule = rules;

	while (!matches(rule, step, rc, secret))
		rule++;
	return rule->verdict;
}
