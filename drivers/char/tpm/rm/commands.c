// SPDX-License-Identifier: GPL-2.0-only
/*
 * The commands of TPM 2.0 Library Part 3, revision 1.59.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * HMAC and MAC share a code, as do HMAC_Start and MAC_Start; the older names
 * stand here.
 */
#include <linux/types.h>

#include "commands.h"

#define HANDLE_OUT	0x1
#define NO_SESSIONS	0x2
#define FLUSHES		0x4
#define EXTENSIVE	0x8

/* TPM_CC, handles, those with authorization, flags, name. */
#define ROW(_code, _handles, _auths, _flags, _name) { \
	.code = _code, \
	.handles = _handles, \
	.auths = _auths, \
	.handle_out = !!((_flags) & HANDLE_OUT), \
	.no_sessions = !!((_flags) & NO_SESSIONS), \
	.flushes = !!((_flags) & FLUSHES), \
	.extensive = !!((_flags) & EXTENSIVE), \
	.name = #_name, \
}

/* Sorted by code. */
static const struct trm_command_info commands[] = {
	ROW(0x11f, 2, 2, 0, NV_UndefineSpaceSpecial),
	ROW(0x120, 2, 1, 0, EvictControl),
	ROW(0x121, 1, 1, EXTENSIVE, HierarchyControl),
	ROW(0x122, 2, 1, 0, NV_UndefineSpace),
	ROW(0x124, 1, 1, EXTENSIVE, ChangeEPS),
	ROW(0x125, 1, 1, EXTENSIVE, ChangePPS),
	ROW(0x126, 1, 1, EXTENSIVE, Clear),
	ROW(0x127, 1, 1, 0, ClearControl),
	ROW(0x128, 1, 1, 0, ClockSet),
	ROW(0x129, 1, 1, 0, HierarchyChangeAuth),
	ROW(0x12a, 1, 1, 0, NV_DefineSpace),
	ROW(0x12b, 1, 1, 0, PCR_Allocate),
	ROW(0x12c, 1, 1, 0, PCR_SetAuthPolicy),
	ROW(0x12d, 1, 1, 0, PP_Commands),
	ROW(0x12e, 1, 1, 0, SetPrimaryPolicy),
	ROW(0x12f, 2, 1, 0, FieldUpgradeStart),
	ROW(0x130, 1, 1, 0, ClockRateAdjust),
	ROW(0x131, 1, 1, HANDLE_OUT, CreatePrimary),
	ROW(0x132, 1, 1, 0, NV_GlobalWriteLock),
	ROW(0x133, 2, 2, 0, GetCommandAuditDigest),
	ROW(0x134, 2, 1, 0, NV_Increment),
	ROW(0x135, 2, 1, 0, NV_SetBits),
	ROW(0x136, 2, 1, 0, NV_Extend),
	ROW(0x137, 2, 1, 0, NV_Write),
	ROW(0x138, 2, 1, 0, NV_WriteLock),
	ROW(0x139, 1, 1, 0, DictionaryAttackLockReset),
	ROW(0x13a, 1, 1, 0, DictionaryAttackParameters),
	ROW(0x13b, 1, 1, 0, NV_ChangeAuth),
	ROW(0x13c, 1, 1, 0, PCR_Event),
	ROW(0x13d, 1, 1, 0, PCR_Reset),
	ROW(0x13e, 1, 1, FLUSHES, SequenceComplete),
	ROW(0x13f, 1, 1, 0, SetAlgorithmSet),
	ROW(0x140, 1, 1, 0, SetCommandCodeAuditStatus),
	ROW(0x141, 0, 0, 0, FieldUpgradeData),
	ROW(0x142, 0, 0, 0, IncrementalSelfTest),
	ROW(0x143, 0, 0, 0, SelfTest),
	ROW(0x144, 0, 0, NO_SESSIONS, Startup),
	ROW(0x145, 0, 0, 0, Shutdown),
	ROW(0x146, 0, 0, 0, StirRandom),
	ROW(0x147, 2, 2, 0, ActivateCredential),
	ROW(0x148, 2, 2, 0, Certify),
	ROW(0x149, 3, 1, 0, PolicyNV),
	ROW(0x14a, 2, 1, 0, CertifyCreation),
	ROW(0x14b, 2, 1, 0, Duplicate),
	ROW(0x14c, 2, 2, 0, GetTime),
	ROW(0x14d, 3, 2, 0, GetSessionAuditDigest),
	ROW(0x14e, 2, 1, 0, NV_Read),
	ROW(0x14f, 2, 1, 0, NV_ReadLock),
	ROW(0x150, 2, 1, 0, ObjectChangeAuth),
	ROW(0x151, 2, 1, 0, PolicySecret),
	ROW(0x152, 2, 1, 0, Rewrap),
	ROW(0x153, 1, 1, 0, Create),
	ROW(0x154, 1, 1, 0, ECDH_ZGen),
	ROW(0x155, 1, 1, 0, HMAC),
	ROW(0x156, 1, 1, 0, Import),
	ROW(0x157, 1, 1, HANDLE_OUT, Load),
	ROW(0x158, 1, 1, 0, Quote),
	ROW(0x159, 1, 1, 0, RSA_Decrypt),
	ROW(0x15b, 1, 1, HANDLE_OUT, HMAC_Start),
	ROW(0x15c, 1, 1, 0, SequenceUpdate),
	ROW(0x15d, 1, 1, 0, Sign),
	ROW(0x15e, 1, 1, 0, Unseal),
	ROW(0x160, 2, 0, 0, PolicySigned),
	ROW(0x161, 0, 0, HANDLE_OUT | NO_SESSIONS, ContextLoad),
	ROW(0x162, 1, 0, NO_SESSIONS, ContextSave),
	ROW(0x163, 1, 0, 0, ECDH_KeyGen),
	ROW(0x164, 1, 1, 0, EncryptDecrypt),
	ROW(0x165, 0, 0, NO_SESSIONS, FlushContext),
	ROW(0x167, 0, 0, HANDLE_OUT, LoadExternal),
	ROW(0x168, 1, 0, 0, MakeCredential),
	ROW(0x169, 1, 0, 0, NV_ReadPublic),
	ROW(0x16a, 1, 0, 0, PolicyAuthorize),
	ROW(0x16b, 1, 0, 0, PolicyAuthValue),
	ROW(0x16c, 1, 0, 0, PolicyCommandCode),
	ROW(0x16d, 1, 0, 0, PolicyCounterTimer),
	ROW(0x16e, 1, 0, 0, PolicyCpHash),
	ROW(0x16f, 1, 0, 0, PolicyLocality),
	ROW(0x170, 1, 0, 0, PolicyNameHash),
	ROW(0x171, 1, 0, 0, PolicyOR),
	ROW(0x172, 1, 0, 0, PolicyTicket),
	ROW(0x173, 1, 0, 0, ReadPublic),
	ROW(0x174, 1, 0, 0, RSA_Encrypt),
	ROW(0x176, 2, 0, HANDLE_OUT, StartAuthSession),
	ROW(0x177, 1, 0, 0, VerifySignature),
	ROW(0x178, 0, 0, 0, ECC_Parameters),
	ROW(0x179, 0, 0, 0, FirmwareRead),
	ROW(0x17a, 0, 0, 0, GetCapability),
	ROW(0x17b, 0, 0, 0, GetRandom),
	ROW(0x17c, 0, 0, 0, GetTestResult),
	ROW(0x17d, 0, 0, 0, Hash),
	ROW(0x17e, 0, 0, 0, PCR_Read),
	ROW(0x17f, 1, 0, 0, PolicyPCR),
	ROW(0x180, 1, 0, 0, PolicyRestart),
	ROW(0x181, 0, 0, 0, ReadClock),
	ROW(0x182, 1, 1, 0, PCR_Extend),
	ROW(0x183, 1, 1, 0, PCR_SetAuthValue),
	ROW(0x184, 3, 2, 0, NV_Certify),
	ROW(0x185, 2, 2, FLUSHES, EventSequenceComplete),
	ROW(0x186, 0, 0, HANDLE_OUT, HashSequenceStart),
	ROW(0x187, 1, 0, 0, PolicyPhysicalPresence),
	ROW(0x188, 1, 0, 0, PolicyDuplicationSelect),
	ROW(0x189, 1, 0, 0, PolicyGetDigest),
	ROW(0x18a, 0, 0, 0, TestParms),
	ROW(0x18b, 1, 1, 0, Commit),
	ROW(0x18c, 1, 0, 0, PolicyPassword),
	ROW(0x18d, 1, 1, 0, ZGen_2Phase),
	ROW(0x18e, 0, 0, 0, EC_Ephemeral),
	ROW(0x18f, 1, 0, 0, PolicyNvWritten),
	ROW(0x190, 1, 0, 0, PolicyTemplate),
	ROW(0x191, 1, 1, HANDLE_OUT, CreateLoaded),
	ROW(0x192, 3, 1, 0, PolicyAuthorizeNV),
	ROW(0x193, 1, 1, 0, EncryptDecrypt2),
	ROW(0x194, 1, 0, 0, AC_GetCapability),
	ROW(0x195, 3, 2, 0, AC_Send),
	ROW(0x196, 1, 0, 0, Policy_AC_SendSelect),
	ROW(0x197, 2, 2, 0, CertifyX509),
	ROW(0x198, 1, 1, 0, ACT_SetTimeout),
	ROW(0x199, 1, 0, 0, ECC_Encrypt),
	ROW(0x19a, 1, 1, 0, ECC_Decrypt),
};

#define NR_COMMANDS	(sizeof(commands) / sizeof(commands[0]))

const struct trm_command_info *trm_command_find(u32 code)
{
	size_t low = 0, high = NR_COMMANDS;
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
