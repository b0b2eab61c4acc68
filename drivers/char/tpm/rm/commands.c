// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands of TPM 2.0 Library Part 3, revision 1.59.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * HMAC and MAC share a code, as do HMAC_Start and MAC_Start; the older names
 * stand here.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "commands.h"

/* Sorted by code.  Code, handles, those with authorization, the rest. */
static const struct trm_command_info commands[] = {
	{ 0x11f, 2, 2, .name = "NV_UndefineSpaceSpecial" },
	{ 0x120, 2, 1, .name = "EvictControl" },
	{ 0x121, 1, 1, .name = "HierarchyControl", .extensive = 1 },
	{ 0x122, 2, 1, .name = "NV_UndefineSpace" },
	{ 0x124, 1, 1, .name = "ChangeEPS", .extensive = 1 },
	{ 0x125, 1, 1, .name = "ChangePPS", .extensive = 1 },
	{ 0x126, 1, 1, .name = "Clear", .extensive = 1 },
	{ 0x127, 1, 1, .name = "ClearControl" },
	{ 0x128, 1, 1, .name = "ClockSet" },
	{ 0x129, 1, 1, .name = "HierarchyChangeAuth" },
	{ 0x12a, 1, 1, .name = "NV_DefineSpace" },
	{ 0x12b, 1, 1, .name = "PCR_Allocate" },
	{ 0x12c, 1, 1, .name = "PCR_SetAuthPolicy" },
	{ 0x12d, 1, 1, .name = "PP_Commands" },
	{ 0x12e, 1, 1, .name = "SetPrimaryPolicy" },
	{ 0x12f, 2, 1, .name = "FieldUpgradeStart" },
	{ 0x130, 1, 1, .name = "ClockRateAdjust" },
	{ 0x131, 1, 1, .name = "CreatePrimary", .handle_out = 1, .user = 1 },
	{ 0x132, 1, 1, .name = "NV_GlobalWriteLock" },
	{ 0x133, 2, 2, .name = "GetCommandAuditDigest" },
	{ 0x134, 2, 1, .name = "NV_Increment" },
	{ 0x135, 2, 1, .name = "NV_SetBits" },
	{ 0x136, 2, 1, .name = "NV_Extend" },
	{ 0x137, 2, 1, .name = "NV_Write" },
	{ 0x138, 2, 1, .name = "NV_WriteLock" },
	{ 0x139, 1, 1, .name = "DictionaryAttackLockReset" },
	{ 0x13a, 1, 1, .name = "DictionaryAttackParameters" },
	{ 0x13b, 1, 1, .name = "NV_ChangeAuth" },
	{ 0x13c, 1, 1, .name = "PCR_Event" },
	{ 0x13d, 1, 1, .name = "PCR_Reset" },
	{ 0x13e, 1, 1, .name = "SequenceComplete", .flushes = 1, .user = 1 },
	{ 0x13f, 1, 1, .name = "SetAlgorithmSet" },
	{ 0x140, 1, 1, .name = "SetCommandCodeAuditStatus" },
	{ 0x141, 0, 0, .name = "FieldUpgradeData" },
	{ 0x142, 0, 0, .name = "IncrementalSelfTest" },
	{ 0x143, 0, 0, .name = "SelfTest" },
	{ 0x144, 0, 0, .name = "Startup", .no_sessions = 1 },
	{ 0x145, 0, 0, .name = "Shutdown" },
	{ 0x146, 0, 0, .name = "StirRandom" },
	{ 0x147, 2, 2, .name = "ActivateCredential", .user = 1 },
	{ 0x148, 2, 2, .name = "Certify", .user = 1 },
	{ 0x149, 3, 1, .name = "PolicyNV", .silent = 1, .user = 1 },
	{ 0x14a, 2, 1, .name = "CertifyCreation", .user = 1 },
	{ 0x14b, 2, 1, .name = "Duplicate", .user = 1 },
	{ 0x14c, 2, 2, .name = "GetTime", .user = 1 },
	{ 0x14d, 3, 2, .name = "GetSessionAuditDigest", .user = 1 },
	{ 0x14e, 2, 1, .name = "NV_Read", .user = 1 },
	{ 0x14f, 2, 1, .name = "NV_ReadLock" },
	{ 0x150, 2, 1, .name = "ObjectChangeAuth", .user = 1 },
	{ 0x151, 2, 1, .name = "PolicySecret", .user = 1 },
	{ 0x152, 2, 1, .name = "Rewrap", .user = 1 },
	{ 0x153, 1, 1, .name = "Create", .user = 1 },
	{ 0x154, 1, 1, .name = "ECDH_ZGen", .user = 1 },
	{ 0x155, 1, 1, .name = "HMAC", .user = 1 },
	{ 0x156, 1, 1, .name = "Import", .user = 1 },
	{ 0x157, 1, 1, .name = "Load", .handle_out = 1, .user = 1 },
	{ 0x158, 1, 1, .name = "Quote", .user = 1 },
	{ 0x159, 1, 1, .name = "RSA_Decrypt", .user = 1 },
	{ 0x15b, 1, 1, .name = "HMAC_Start", .handle_out = 1, .user = 1 },
	{ 0x15c, 1, 1, .name = "SequenceUpdate", .user = 1 },
	{ 0x15d, 1, 1, .name = "Sign", .user = 1 },
	{ 0x15e, 1, 1, .name = "Unseal", .user = 1 },
	{ 0x160, 2, 0, .name = "PolicySigned", .user = 1 },
	{ 0x161, 0, 0, .name = "ContextLoad", .handle_out = 1,
	  .no_sessions = 1, .user = 1 },
	{ 0x162, 1, 0, .name = "ContextSave", .no_sessions = 1, .user = 1 },
	{ 0x163, 1, 0, .name = "ECDH_KeyGen", .user = 1 },
	{ 0x164, 1, 1, .name = "EncryptDecrypt", .user = 1 },
	{ 0x165, 0, 0, .name = "FlushContext", .no_sessions = 1, .silent = 1,
	  .user = 1 },
	{ 0x167, 0, 0, .name = "LoadExternal", .handle_out = 1, .user = 1 },
	{ 0x168, 1, 0, .name = "MakeCredential", .user = 1 },
	{ 0x169, 1, 0, .name = "NV_ReadPublic", .user = 1 },
	{ 0x16a, 1, 0, .name = "PolicyAuthorize", .silent = 1, .user = 1 },
	{ 0x16b, 1, 0, .name = "PolicyAuthValue", .silent = 1, .user = 1 },
	{ 0x16c, 1, 0, .name = "PolicyCommandCode", .silent = 1, .user = 1 },
	{ 0x16d, 1, 0, .name = "PolicyCounterTimer", .silent = 1, .user = 1 },
	{ 0x16e, 1, 0, .name = "PolicyCpHash", .silent = 1, .user = 1 },
	{ 0x16f, 1, 0, .name = "PolicyLocality", .silent = 1, .user = 1 },
	{ 0x170, 1, 0, .name = "PolicyNameHash", .silent = 1, .user = 1 },
	{ 0x171, 1, 0, .name = "PolicyOR", .silent = 1, .user = 1 },
	{ 0x172, 1, 0, .name = "PolicyTicket", .user = 1 },
	{ 0x173, 1, 0, .name = "ReadPublic", .user = 1 },
	{ 0x174, 1, 0, .name = "RSA_Encrypt", .user = 1 },
	{ 0x176, 2, 0, .name = "StartAuthSession", .handle_out = 1, .user = 1 },
	{ 0x177, 1, 0, .name = "VerifySignature", .user = 1 },
	{ 0x178, 0, 0, .name = "ECC_Parameters", .user = 1 },
	{ 0x179, 0, 0, .name = "FirmwareRead" },
	{ 0x17a, 0, 0, .name = "GetCapability", .user = 1 },
	{ 0x17b, 0, 0, .name = "GetRandom", .user = 1 },
	{ 0x17c, 0, 0, .name = "GetTestResult", .user = 1 },
	{ 0x17d, 0, 0, .name = "Hash", .user = 1 },
	{ 0x17e, 0, 0, .name = "PCR_Read", .user = 1 },
	{ 0x17f, 1, 0, .name = "PolicyPCR", .silent = 1, .user = 1 },
	{ 0x180, 1, 0, .name = "PolicyRestart", .silent = 1, .user = 1 },
	{ 0x181, 0, 0, .name = "ReadClock", .user = 1 },
	{ 0x182, 1, 1, .name = "PCR_Extend", .silent = 1 },
	{ 0x183, 1, 1, .name = "PCR_SetAuthValue" },
	{ 0x184, 3, 2, .name = "NV_Certify", .user = 1 },
	{ 0x185, 2, 2, .name = "EventSequenceComplete", .flushes = 1 },
	{ 0x186, 0, 0, .name = "HashSequenceStart", .handle_out = 1,
	  .user = 1 },
	{ 0x187, 1, 0, .name = "PolicyPhysicalPresence", .user = 1 },
	{ 0x188, 1, 0, .name = "PolicyDuplicationSelect", .user = 1 },
	{ 0x189, 1, 0, .name = "PolicyGetDigest", .user = 1 },
	{ 0x18a, 0, 0, .name = "TestParms", .user = 1 },
	{ 0x18b, 1, 1, .name = "Commit", .user = 1 },
	{ 0x18c, 1, 0, .name = "PolicyPassword", .silent = 1, .user = 1 },
	{ 0x18d, 1, 1, .name = "ZGen_2Phase", .user = 1 },
	{ 0x18e, 0, 0, .name = "EC_Ephemeral", .user = 1 },
	{ 0x18f, 1, 0, .name = "PolicyNvWritten", .user = 1 },
	{ 0x190, 1, 0, .name = "PolicyTemplate", .user = 1 },
	{ 0x191, 1, 1, .name = "CreateLoaded", .handle_out = 1, .user = 1 },
	{ 0x192, 3, 1, .name = "PolicyAuthorizeNV", .user = 1 },
	{ 0x193, 1, 1, .name = "EncryptDecrypt2", .user = 1 },
	{ 0x194, 1, 0, .name = "AC_GetCapability" },
	{ 0x195, 3, 2, .name = "AC_Send" },
	{ 0x196, 1, 0, .name = "Policy_AC_SendSelect" },
	{ 0x197, 2, 2, .name = "CertifyX509", .user = 1 },
	{ 0x198, 1, 1, .name = "ACT_SetTimeout" },
	{ 0x199, 1, 0, .name = "ECC_Encrypt", .user = 1 },
	{ 0x19a, 1, 1, .name = "ECC_Decrypt", .user = 1 },
};

const struct trm_command_info *trm_command_find(u32 code)
{
	size_t low = 0, high = ARRAY_SIZE(commands);
	size_t middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (commands[middle].code == code)
			return &commands[middle];
		if (commands[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Part 2, 8.9 TPMA_CC. */
#define TPMA_CC_INDEX(a)	((a) & 0x0000ffff)
#define TPMA_CC_EXTENSIVE	BIT(23)
#define TPMA_CC_FLUSHED		BIT(24)
#define TPMA_CC_HANDLES(a)	((a) >> 25 & 7)
#define TPMA_CC_RHANDLE		BIT(28)
#define TPMA_CC_VENDOR		BIT(29)

bool trm_command_is(u32 code, u32 attributes)
{
	return code == (attributes & (TPMA_CC_VENDOR | TPMA_CC_INDEX(~0u)));
}

void trm_command_describe(u32 attributes, struct trm_command_info *info)
{
	*info = (struct trm_command_info) {
		.code = attributes & (TPMA_CC_VENDOR | TPMA_CC_INDEX(~0u)),
		.handles = min_t(u32, TPMA_CC_HANDLES(attributes),
				 TPM2_MAX_HANDLES),
		.handle_out = !!(attributes & TPMA_CC_RHANDLE),
		.flushes = !!(attributes & TPMA_CC_FLUSHED),
		.extensive = !!(attributes & TPMA_CC_EXTENSIVE),
		.name = "?",
	};
}
