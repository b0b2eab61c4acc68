// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a client without privilege may send.
 *
 * PURE: used by the module and the host tests alike.
 */
#include "allow.h"

/* Entities whose authorization is for administrators. */
static bool may_authorize(const struct trm_wire_command *c, u32 handle)
{
	switch (handle) {
	case TPM_RH_PLATFORM:
	case TPM_RH_LOCKOUT:
	case TPM_RH_ENDORSEMENT:
		return false;
	case TPM_RH_OWNER:
		return c->code == TPM_CC_CreatePrimary;
	default:
		return true;
	}
}

/* Looking for its primes holds the TPM for seconds. */
static bool makes_rsa_key(const struct trm_wire_command *c)
{
	struct tpm2_reader r = tpm2_reader(c->params.data, c->params.len);
	struct tpm2_bytes template;

	if (c->code != TPM_CC_Create && c->code != TPM_CC_CreatePrimary &&
	    c->code != TPM_CC_CreateLoaded)
		return false;
	tpm2_get_sized(&r); /* inSensitive */
	template = tpm2_get_sized(&r);
	r = tpm2_reader(template.data, template.len);
	return tpm2_get_u16(&r) == TPM_ALG_ID_RSA;
}

static bool lists_handles(const struct trm_wire_command *c)
{
	struct tpm2_reader r = tpm2_reader(c->params.data, c->params.len);

	return c->code == TPM_CC_GetCapability && c->nr_auths &&
	       tpm2_get_u32(&r) == TPM_CAP_HANDLES;
}

bool trm_allow_command(const struct trm_wire_command *c)
{
	unsigned int i;

	if (!c->info->user || makes_rsa_key(c) || lists_handles(c))
		return false;
	for (i = 0; i < c->info->auths; i++) {
		if (!may_authorize(c, c->handle[i]))
			return false;
	}
	return true;
}
