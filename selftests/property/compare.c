// SPDX-License-Identifier: GPL-2.0-only
/*
 * Through the resource manager and alone: is it the same?
 *
 * Response codes, layout and what follows from the program must be.  Left out,
 * by the shape that each command has in build.c, and by take.c:
 *
 *	handles		the RM has virtual ones, the TPM gives what is free
 *	nonces		random; their lengths are compared
 *	contexts	encrypted under a nonce; their lengths are compared
 *	HMACs		of random nonces; each is verified instead
 *	ciphertexts	encrypted parameters, outPrivate, and what is derived of
 *			the random secrets of Create: Names, tickets, ECDSA
 *	times, counters	the clock, resetCount, pcrUpdateCounter
 *	auditExclusive	other clients' commands come in between
 *	properties	those that say how much room there is
 *
 * Programs do not touch what they would share: NV, PCRs, persistent objects; and
 * all their objects are noDA, so that there is no lockout.  Nothing extends a
 * PCR, so PCR_CHANGED does not come up.  The rest is in the table below.
 */
#include <stdio.h>

#include "compare.h"
#include "space.h"

/* May these two codes stand for each other? */
static bool is_our_layer(u32 through, u32 alone)
{
	return through >> 16 == TRM_RC_LAYER >> 16 &&
	       (through & 0xffff) == alone;
}

/* A TPM says RC_VALUE of a handle that is beyond its last slot. */
static bool is_unknown_object(u32 through, u32 alone)
{
	return through == (RESULT_ERRNO | EINVAL) &&
	       (alone == TPM_RC_HANDLE_P1 ||
		(alone >= TPM_RC_REFERENCE_H0 &&
		 alone < TPM_RC_REFERENCE_H0 + TPM2_MAX_HANDLES) ||
		tpm2_rc_base(alone) == TPM_RC_VALUE);
}

/* Whose the sessions are comes first, of which type a handle is second. */
static bool is_unknown_session(u32 through, u32 alone)
{
	u32 rc = through & 0xffff;

	return through >> 16 == TRM_RC_LAYER >> 16 &&
	       rc >= TPM_RC_REFERENCE_H0 &&
	       rc < TPM_RC_REFERENCE_S0 + TPM2_MAX_SESSIONS &&
	       tpm2_rc_base(alone) == TPM_RC_VALUE;
}

/* TPMs do not agree on what to say of an authorization area of wrong size. */
static bool is_auth_size(u32 through, u32 alone)
{
	return through == (TRM_RC_LAYER | TPM_RC_AUTHSIZE) && alone &&
	       alone != RESULT_NOTHING;
}

/*
 * A TPM looks at the contents first, and we at whose it is; and of the contents
 * we know only whether they are those that were handed out.
 */
static bool is_damaged_context(u32 through, u32 alone)
{
	return (through == (TRM_RC_LAYER | TPM_RC_HANDLE_P1) ||
		through == (TRM_RC_LAYER | TPM_RC_INTEGRITY_P1)) &&
	       alone & TPM_RC_FMT1;
}

/* A TPM reads the first handle before it misses the second. */
static bool is_cut_handles(u32 through, u32 alone)
{
	return through >> 16 == TRM_RC_LAYER >> 16 &&
	       tpm2_rc_base(through & 0xffff) == TPM_RC_INSUFFICIENT &&
	       tpm2_rc_base(alone) == TPM_RC_VALUE;
}

/* Part 3, 5.2 says BAD_TAG, libtpms VALUE. */
static bool is_bad_tag(u32 through, u32 alone)
{
	return through == (TRM_RC_LAYER | TPM_RC_BAD_TAG) &&
	       alone == TPM_RC_VALUE;
}

static struct exempt {
	bool (*applies)(u32 through, u32 alone);
	const char *why;
	unsigned long times;
} exempt[] = {
	{ is_our_layer, "a code of the resource manager's own layer" },
	{ is_unknown_object, "an unknown object is -EINVAL, as on stock" },
	{ is_auth_size, "an authorization area that does not end where it should" },
	{ is_damaged_context, "a damaged context of a session" },
	{ is_cut_handles, "a handle that is wrong before one that is missing" },
	{ is_bad_tag, "a tag that is none" },
	{ is_unknown_session, "an unknown session, and a handle of the wrong type" },
};

static bool same_code(u32 through, u32 alone)
{
	unsigned int i;

	if (through == alone)
		return true;
	for (i = 0; i < ARRAY_SIZE(exempt); i++) {
		if (exempt[i].applies(through, alone)) {
			exempt[i].times++;
			return true;
		}
	}
	return false;
}

const char *compare(const struct result *through, const struct result *alone)
{
	u32 rc = through->rc & 0xffff;

	if (through->what != alone->what)
		return "the programs went apart";
	if (rc >= TPM_RC_CONTEXT_GAP && rc <= TPM_RC_OBJECT_HANDLES &&
	    through->rc != RESULT_NOTHING)
		return "a lack of slots came through";
	if (!same_code(through->rc, alone->rc))
		return "another response code than alone";
	if (through->rc || !through->len)
		return NULL;
	if (through->len != alone->len)
		return "another layout than alone";
	return memcmp(through->bytes, alone->bytes, through->len) ?
	       "another response than alone" : NULL;
}

void compare_print_exempt(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(exempt); i++)
		printf("# left out %lu times: %s\n", exempt[i].times,
		       exempt[i].why);
}
