// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dangerous commands (Part 3), each such that a TPM would carry it out whose
 * authorizations are empty, as they are when nobody has set them.
 */
#include "danger.h"

#define OWNER		0x40000001
#define LOCKOUT		0x4000000a
#define ENDORSEMENT	0x4000000b
#define PLATFORM	0x4000000c

#define DIGEST		"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

/* ECC P-256 for decryption, RSA-2048 for the same, as sensitive and public. */
#define NO_SENSITIVE	"000400000000"
#define ECC_PUBLIC	"001a0023000b00030472000000060080004300100003001000000000"
#define RSA_PUBLIC	"001a0001000b00030472000000060080004300100800000000000000"
#define NO_CREATION	"000000000000"
#define NV_PUBLIC	"000e01800105000b0404000400000008"

const struct dangerous dangerous[] = {
	{ THEME_NV, "NV_Write", 0x137, { NV_ORDINARY, NV_ORDINARY }, 1,
		"0008" "0102030405060708" "0000" },
	{ THEME_NV, "NV_Increment", 0x134, { NV_COUNTER, NV_COUNTER }, 1, "" },
	{ THEME_NV, "NV_SetBits", 0x135, { NV_BITS, NV_BITS }, 1, "0000000000000001" },
	{ THEME_NV, "NV_Extend", 0x136, { NV_EXTEND, NV_EXTEND }, 1, "0001" "55" },
	{ THEME_NV, "NV_ReadLock", 0x14f, { NV_ORDINARY, NV_ORDINARY }, 1, "" },
	{ THEME_NV, "NV_WriteLock", 0x138, { NV_ORDINARY, NV_ORDINARY }, 1, "" },
	{ THEME_NV, "NV_ChangeAuth", 0x13b, { NV_ORDINARY }, 1, "0001" "55" },
	{ THEME_NV, "NV_DefineSpace", 0x12a, { OWNER }, 1, "0000" NV_PUBLIC },
	{ THEME_NV, "NV_UndefineSpace", 0x122, { OWNER, NV_BITS }, 1, "" },
	{ THEME_NV, "NV_UndefineSpaceSpecial", 0x11f, { NV_EXTEND, PLATFORM }, 2, "" },
	{ THEME_NV, "NV_GlobalWriteLock", 0x132, { OWNER }, 1, "" },
	{ THEME_NV, "EvictControl", 0x120, { OWNER, 0x81000001 }, 1, "81000001" },

	{ THEME_PCR, "PCR_Extend", 0x182, { 16 }, 1, "00000001" "000b" DIGEST },
	{ THEME_PCR, "PCR_Event", 0x13c, { 16 }, 1, "0001" "55" },
	{ THEME_PCR, "EventSequenceComplete", 0x185, { 16, 0x80ffffff }, 2, "0000" },
	{ THEME_PCR, "PCR_Reset", 0x13d, { 16 }, 1, "" },
	{ THEME_PCR, "PCR_Allocate", 0x12b, { PLATFORM }, 1, "00000001" "000b" "03ffffff" },
	{ THEME_PCR, "PCR_SetAuthPolicy", 0x12c, { PLATFORM }, 1, "0000" "0010" "00000014" },
	{ THEME_PCR, "PCR_SetAuthValue", 0x183, { 20 }, 1, "0001" "55" },

	{ THEME_AUTHORITY, "CreatePrimary, endorsement", 0x131, { ENDORSEMENT }, 1,
		NO_SENSITIVE ECC_PUBLIC NO_CREATION },
	{ THEME_AUTHORITY, "CreatePrimary, platform", 0x131, { PLATFORM }, 1,
		NO_SENSITIVE ECC_PUBLIC NO_CREATION },
	{ THEME_AUTHORITY, "PolicySecret, owner", 0x151, { OWNER, OWN_SESSION }, 1,
		"000000000000" "00000000" },
	{ THEME_AUTHORITY, "PolicySecret, lockout", 0x151, { LOCKOUT, OWN_SESSION }, 1,
		"000000000000" "00000000" },
	{ THEME_AUTHORITY, "PolicySecret, endorsement", 0x151, { ENDORSEMENT, OWN_SESSION }, 1,
		"000000000000" "00000000" },
	{ THEME_AUTHORITY, "PolicySecret, platform", 0x151, { PLATFORM, OWN_SESSION }, 1,
		"000000000000" "00000000" },
	{ THEME_AUTHORITY, "GetSessionAuditDigest", 0x14d,
		{ ENDORSEMENT, 0x40000007, 0x02000000 }, 2, "0000" "0010" },
	{ THEME_AUTHORITY, "GetCommandAuditDigest", 0x133, { ENDORSEMENT, 0x40000007 }, 2,
		"0000" "0010" },
	{ THEME_AUTHORITY, "GetTime", 0x14c, { ENDORSEMENT, 0x40000007 }, 2, "0000" "0010" },

	{ THEME_LOCKOUT, "DictionaryAttackLockReset", 0x139, { LOCKOUT }, 1, "" },
	{ THEME_LOCKOUT, "DictionaryAttackParameters", 0x13a, { LOCKOUT }, 1,
		"000000ff" "00000001" "00000001" },

	{ THEME_CLOCK_AUDIT, "ClockRateAdjust", 0x130, { OWNER }, 1, "01" },
	{ THEME_CLOCK_AUDIT, "ClockSet", 0x128, { OWNER }, 1, "0000000100000000" },
	{ THEME_CLOCK_AUDIT, "SetCommandCodeAuditStatus", 0x140, { OWNER }, 1,
		"0010" "00000001" "0000017b" "00000000" },
	{ THEME_CLOCK_AUDIT, "ACT_SetTimeout", 0x198, { 0x40000110 }, 1, "00000001" },

	{ THEME_START_TEST, "SelfTest", 0x143, { }, 0, "01" },
	{ THEME_START_TEST, "IncrementalSelfTest", 0x142, { }, 0, "00000001" "000b" },
	{ THEME_START_TEST, "Startup", 0x144, { }, 0, "0000" },
	{ THEME_START_TEST, "Shutdown", 0x145, { }, 0, "0000" },
	{ THEME_START_TEST, "FieldUpgradeStart", 0x12f, { PLATFORM, 0x80ffffff }, 1,
		"0000" "0010" },
	{ THEME_START_TEST, "FieldUpgradeData", 0x141, { }, 0, "0000" },

	{ THEME_KEYS, "CreatePrimary, RSA, owner", 0x131, { OWNER }, 1,
		NO_SENSITIVE RSA_PUBLIC NO_CREATION },
	{ THEME_KEYS, "CreatePrimary, RSA, null", 0x131, { 0x40000007 }, 1,
		NO_SENSITIVE RSA_PUBLIC NO_CREATION },
	{ THEME_KEYS, "CreateLoaded, RSA", 0x191, { 0x40000007 }, 1, NO_SENSITIVE RSA_PUBLIC },

	{ THEME_VENDOR, "a vendor's command", 0x20000001, { }, 0, "" },
	{ THEME_VENDOR, "AC_GetCapability", 0x194, { 0x90000000 }, 0, "00000000" "00000001" },
	{ THEME_VENDOR, "AC_Send", 0x195, { 0x80ffffff, 0x40000001, 0x90000000 }, 2, "0000" },
	{ THEME_VENDOR, "SetAlgorithmSet", 0x13f, { PLATFORM }, 1, "00000000" },
	{ THEME_VENDOR, "PP_Commands", 0x12d, { PLATFORM }, 1, "00000000" "00000000" },

	{ THEME_HIERARCHY, "SetPrimaryPolicy", 0x12e, { OWNER }, 1, "0000" "0010" },
	{ THEME_HIERARCHY, "ClearControl", 0x127, { LOCKOUT }, 1, "01" },
	{ THEME_HIERARCHY, "ClearControl, platform", 0x127, { PLATFORM }, 1, "00" },
	{ THEME_HIERARCHY, "HierarchyChangeAuth, owner", 0x129, { OWNER }, 1, "0001" "55" },
	{ THEME_HIERARCHY, "HierarchyChangeAuth, lockout", 0x129, { LOCKOUT }, 1, "0001" "55" },
	{ THEME_HIERARCHY, "ChangePPS", 0x125, { PLATFORM }, 1, "" },
	{ THEME_HIERARCHY, "ChangeEPS", 0x124, { PLATFORM }, 1, "" },
	{ THEME_HIERARCHY, "Clear", 0x126, { PLATFORM }, 1, "" },
	{ THEME_HIERARCHY, "HierarchyControl", 0x121, { PLATFORM }, 1, "4000000b" "00" },
	{ }
};
