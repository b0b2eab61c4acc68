// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names for numbers of the TPM specification.
 */
#include <linux/tpm2_spec.h>

#include "names.h"
#include "text.h"

const struct name name_hierarchies[] = {
	{ TPM_RH_OWNER,		"owner" },
	{ TPM_RH_ENDORSEMENT,	"endorsement" },
	{ TPM_RH_PLATFORM,	"platform" },
	{ TPM_RH_LOCKOUT,	"lockout" },
	{ TPM_RH_NULL,		"null" },
	{ }
};

/* Part 2, 6.8 TPM_EO; s is for signed. */
const struct name name_operations[] = {
	{ 0x0,	"=" },
	{ 0x1,	"!=" },
	{ 0x2,	"s>" },
	{ 0x3,	">" },
	{ 0x4,	"s<" },
	{ 0x5,	"<" },
	{ 0x6,	"s>=" },
	{ 0x7,	">=" },
	{ 0x8,	"s<=" },
	{ 0x9,	"<=" },
	{ 0xa,	"bits-set" },
	{ 0xb,	"bits-clear" },
	{ }
};

const struct name name_attributes[] = {
	{ TPMA_OBJECT_fixedTPM,			"fixedTPM" },
	{ TPMA_OBJECT_stClear,			"stClear" },
	{ TPMA_OBJECT_fixedParent,		"fixedParent" },
	{ TPMA_OBJECT_sensitiveDataOrigin,	"sensitiveDataOrigin" },
	{ TPMA_OBJECT_userWithAuth,		"userWithAuth" },
	{ TPMA_OBJECT_adminWithPolicy,		"adminWithPolicy" },
	{ TPMA_OBJECT_noDA,			"noDA" },
	{ 0x00000800,				"encryptedDuplication" },
	{ TPMA_OBJECT_restricted,		"restricted" },
	{ TPMA_OBJECT_decrypt,			"decrypt" },
	{ TPMA_OBJECT_sign,			"sign" },
	{ }
};

const struct name name_statements[] = {
	{ TPM_CC_PolicyPCR,		"pcr" },
	{ TPM_CC_PolicyAuthValue,	"authvalue" },
	{ TPM_CC_PolicyOR,		"or" },
	{ TPM_CC_PolicyAuthorize,	"authorize" },
	{ TPM_CC_PolicyCounterTimer,	"countertimer" },
	{ TPM_CC_PolicyNV,		"nv" },
	{ TPM_CC_PolicyLocality,	"locality" },
	{ TPM_CC_PolicySecret,		"secret" },
	{ TPM_CC_PolicySigned,		"signed" },
	{ }
};

const struct time_field name_time_fields[] = {
	{ "time",	0,	8 },
	{ "clock",	8,	8 },
	{ "resets",	16,	4 },
	{ "restarts",	20,	4 },
	{ "safe",	24,	1 },
	{ }
};

/* As the UAPI group and systemd call them. */
static const char *const pcr_names[TPM2_PCRS] = {
	[0] = "platform-code",
	[1] = "platform-config",
	[2] = "external-code",
	[3] = "external-config",
	[4] = "boot-loader-code",
	[5] = "boot-loader-config",
	[6] = "host-platform",
	[7] = "secure-boot-policy",
	[9] = "kernel-initrd",
	[10] = "ima",
	[11] = "kernel-boot",
	[12] = "kernel-config",
	[13] = "sysexts",
	[14] = "shim-policy",
	[15] = "system-identity",
	[16] = "debug",
	[23] = "application-support",
};

/**
 * name_of() - the name of a number
 * @names: where to look
 * @value: the number
 *
 * Return: the name, or NULL.
 */
const char *name_of(const struct name *names, u32 value)
{
	for (; names->name; names++)
		if (names->value == value)
			return names->name;
	return NULL;
}

/**
 * name_find() - the number of a name
 * @names: where to look
 * @name: the name
 *
 * Return: its entry, or NULL.
 */
const struct name *name_find(const struct name *names, struct tpm2_bytes name)
{
	for (; names->name; names++)
		if (tpk_text_is(name, names->name))
			return names;
	return NULL;
}

/**
 * name_of_pcr() - what is measured into a PCR
 * @pcr: its number
 *
 * Return: a word; "-" if there is none for it.
 */
const char *name_of_pcr(unsigned int pcr)
{
	return pcr < TPM2_PCRS && pcr_names[pcr] ? pcr_names[pcr] : "-";
}
