/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Constants of the TPM 2.0 Library Specification.
 *
 * The spelling is the specification's (TPM_CC_PolicyPCR), which also keeps the
 * names apart from those of <linux/tpm.h>.  Algorithm identifiers are the one
 * exception: <linux/tpm.h> has TPM_ALG_*, so they are called after their type,
 * TPM_ALG_ID.  Everything here is in host byte order.
 *
 * "Part 2, 6.3" in a comment means TPM 2.0 Library Part 2, clause 6.3.
 */
#ifndef _LINUX_TPM2_SPEC_H
#define _LINUX_TPM2_SPEC_H

#include <linux/types.h>

/* Part 1, 18: sizes of the parts of a command and of a response. */
#define TPM2_HEADER_SIZE	10
#define TPM2_BUFFER_SIZE	4096	/* largest command or response */
#define TPM2_MAX_HANDLES	3	/* handles of one command */
#define TPM2_MAX_SESSIONS	3	/* sessions of one command */

/* Part 2, 6.9 TPM_ST. */
#define TPM_ST_NO_SESSIONS	0x8001
#define TPM_ST_SESSIONS		0x8002

/* Part 2, 6.3 TPM_ALG_ID. */
#define TPM_ALG_ID_RSA		0x0001
#define TPM_ALG_ID_SHA1		0x0004
#define TPM_ALG_ID_AES		0x0006
#define TPM_ALG_ID_KEYEDHASH	0x0008
#define TPM_ALG_ID_SHA256	0x000b
#define TPM_ALG_ID_SHA384	0x000c
#define TPM_ALG_ID_SHA512	0x000d
#define TPM_ALG_ID_NULL		0x0010
#define TPM_ALG_ID_RSASSA	0x0014
#define TPM_ALG_ID_RSAPSS	0x0016
#define TPM_ALG_ID_ECDSA	0x0018
#define TPM_ALG_ID_ECC		0x0023
#define TPM_ALG_ID_CFB		0x0043

/* Part 2, 6.4 TPM_ECC_CURVE. */
#define TPM_ECC_NIST_P256	0x0003

/* Part 2, 6.5.2 TPM_CC: those that the kernel sends itself. */
#define TPM_CC_DictionaryAttackLockReset 0x00000139
#define TPM_CC_DictionaryAttackParameters 0x0000013a
#define TPM_CC_CreatePrimary	0x00000131
#define TPM_CC_CreateLoaded	0x00000191
#define TPM_CC_Create		0x00000153
#define TPM_CC_Load		0x00000157
#define TPM_CC_Unseal		0x0000015e
#define TPM_CC_ContextLoad	0x00000161
#define TPM_CC_ContextSave	0x00000162
#define TPM_CC_FlushContext	0x00000165
#define TPM_CC_LoadExternal	0x00000167
#define TPM_CC_NV_ReadPublic	0x00000169
#define TPM_CC_PolicyAuthorize	0x0000016a
#define TPM_CC_PolicyAuthValue	0x0000016b
#define TPM_CC_PolicyCounterTimer 0x0000016d
#define TPM_CC_PolicyLocality	0x0000016f
#define TPM_CC_PolicyOR		0x00000171
#define TPM_CC_ReadPublic	0x00000173
#define TPM_CC_StartAuthSession	0x00000176
#define TPM_CC_VerifySignature	0x00000177
#define TPM_CC_GetCapability	0x0000017a
#define TPM_CC_GetRandom	0x0000017b
#define TPM_CC_PCR_Read		0x0000017e
#define TPM_CC_PolicyPCR	0x0000017f
#define TPM_CC_PolicyRestart	0x00000180
#define TPM_CC_PCR_Extend	0x00000182
#define TPM_CC_HashSequenceStart 0x00000186
#define TPM_CC_PolicyNV		0x00000149
#define TPM_CC_PolicySecret	0x00000151
#define TPM_CC_PolicySigned	0x00000160

/* Part 2, 6.6.3 TPM_RC.  Warnings (0x9xx) are whole codes. */
#define TPM_RC_SUCCESS		0x000
#define TPM_RC_BAD_TAG		0x01e
#define TPM_RC_INITIALIZE	0x100
#define TPM_RC_FAILURE		0x101
#define TPM_RC_HANDLE_H1	0x18b	/* TPM_RC_HANDLE + handle 1 */
#define TPM_RC_POLICY		0x126
#define TPM_RC_HANDLE_P1	0x1cb	/* TPM_RC_HANDLE + parameter 1 */
#define TPM_RC_INTEGRITY_P1	0x1df	/* TPM_RC_INTEGRITY + parameter 1 */
#define TPM_RC_PCR_CHANGED	0x128
#define TPM_RC_AUTH_UNAVAILABLE	0x12f
#define TPM_RC_COMMAND_SIZE	0x142
#define TPM_RC_COMMAND_CODE	0x143
#define TPM_RC_AUTHSIZE		0x144
#define TPM_RC_NV_LOCKED	0x148
#define TPM_RC_NV_UNINITIALIZED	0x14a
#define TPM_RC_CONTEXT_GAP	0x901
#define TPM_RC_OBJECT_MEMORY	0x902
#define TPM_RC_SESSION_MEMORY	0x903
#define TPM_RC_MEMORY		0x904
#define TPM_RC_SESSION_HANDLES	0x905
#define TPM_RC_OBJECT_HANDLES	0x906
#define TPM_RC_LOCALITY		0x907
#define TPM_RC_YIELDED		0x908
#define TPM_RC_CANCELED		0x909
#define TPM_RC_TESTING		0x90a
#define TPM_RC_REFERENCE_H0	0x910
#define TPM_RC_REFERENCE_S0	0x918
#define TPM_RC_NV_RATE		0x920
#define TPM_RC_LOCKOUT		0x921
#define TPM_RC_RETRY		0x922
#define TPM_RC_NV_UNAVAILABLE	0x923

/* Part 2, 6.6.2: format-one codes say which handle, session or parameter. */
#define TPM_RC_FMT1		0x080
#define TPM_RC_P		0x040
#define TPM_RC_FMT1_MASK	0x0bf	/* the code without P and N */
#define TPM_RC_ASYMMETRIC	0x081
#define TPM_RC_ATTRIBUTES	0x082
#define TPM_RC_HASH		0x083
#define TPM_RC_VALUE		0x084
#define TPM_RC_HIERARCHY	0x085
#define TPM_RC_KEY_SIZE		0x087
#define TPM_RC_TYPE		0x08a
#define TPM_RC_HANDLE		0x08b
#define TPM_RC_RANGE		0x08d
#define TPM_RC_AUTH_FAIL	0x08e
#define TPM_RC_NONCE		0x08f
#define TPM_RC_SIZE		0x095
#define TPM_RC_SYMMETRIC	0x096
#define TPM_RC_INSUFFICIENT	0x09a
#define TPM_RC_SIGNATURE	0x09b
#define TPM_RC_POLICY_FAIL	0x09d
#define TPM_RC_INTEGRITY	0x09f
#define TPM_RC_BAD_AUTH		0x0a2
#define TPM_RC_EXPIRED		0x0a3
#define TPM_RC_BINDING		0x0a5
#define TPM_RC_CURVE		0x0a6

/* Part 2, 7.2 TPM_HT: the upper octet of a handle. */
#define TPM_HT(handle)		((handle) >> 24)
#define TPM_HT_PCR		0x00
#define TPM_HT_NV_INDEX		0x01
#define TPM_HT_HMAC_SESSION	0x02	/* also: loaded sessions */
#define TPM_HT_POLICY_SESSION	0x03	/* also: saved sessions */
#define TPM_HT_PERMANENT	0x40
#define TPM_HT_TRANSIENT	0x80
#define TPM_HT_PERSISTENT	0x81
#define TPM_HANDLE_FIRST(ht)	((__u32)(ht) << 24)
#define TPM_HANDLE_INDEX	0x00ffffff

/* Part 2, 7.4 TPM_RH. */
#define TPM_RH_OWNER		0x40000001
#define TPM_RH_NULL		0x40000007
#define TPM_RS_PW		0x40000009
#define TPM_RH_LOCKOUT		0x4000000a
#define TPM_RH_ENDORSEMENT	0x4000000b
#define TPM_RH_PLATFORM		0x4000000c

/* Part 2, 6.8 TPM_EO: the last of the operations of PolicyNV. */
#define TPM_EO_BITCLEAR		0x000b

/* Part 2, 6.11 TPM_SE. */
#define TPM_SE_HMAC		0x00
#define TPM_SE_POLICY		0x01

/* Part 2, 13.4 TPMA_NV, and 13.2 TPM_NT in it. */
#define TPMA_NV_TPM_NT		0x000000f0
#define TPMA_NV_TPM_NT_COUNTER	0x00000010
#define TPMA_NV_NO_DA		0x02000000
#define TPMA_NV_WRITTEN		0x20000000

/* Part 2, 8.4 TPMA_SESSION. */
#define TPMA_SESSION_continueSession 0x01
#define TPMA_SESSION_decrypt	0x20
#define TPMA_SESSION_encrypt	0x40
#define TPMA_SESSION_audit	0x80

/* Part 2, 8.3 TPMA_OBJECT. */
#define TPMA_OBJECT_fixedTPM		0x00000002
#define TPMA_OBJECT_stClear		0x00000004
#define TPMA_OBJECT_fixedParent		0x00000010
#define TPMA_OBJECT_sensitiveDataOrigin	0x00000020
#define TPMA_OBJECT_userWithAuth	0x00000040
#define TPMA_OBJECT_adminWithPolicy	0x00000080
#define TPMA_OBJECT_noDA		0x00000400
#define TPMA_OBJECT_restricted		0x00010000
#define TPMA_OBJECT_decrypt		0x00020000
#define TPMA_OBJECT_sign		0x00040000

/* Part 2, 14.5: savedHandle of the context of a sequence object. */
#define TPM_SAVED_SEQUENCE	0x80000001

/* Part 2, 6.12 TPM_CAP. */
#define TPM_CAP_HANDLES		0x00000001
#define TPM_CAP_PCRS		0x00000005
#define TPM_CAP_TPM_PROPERTIES	0x00000006

/* Part 2, 6.13 TPM_PT. */
#define TPM_PT_HR_TRANSIENT_MIN		0x0000010e
#define TPM_PT_HR_LOADED_MIN		0x00000110
#define TPM_PT_ACTIVE_SESSIONS_MAX	0x00000111
#define TPM_PT_CONTEXT_GAP_MAX		0x00000114
#define TPM_PT_MAX_OBJECT_CONTEXT	0x00000121
#define TPM_PT_MAX_SESSION_CONTEXT	0x00000122
#define TPM_PT_HR_LOADED		0x00000203
#define TPM_PT_HR_LOADED_AVAIL		0x00000204
#define TPM_PT_HR_ACTIVE		0x00000205
#define TPM_PT_HR_ACTIVE_AVAIL		0x00000206
#define TPM_PT_HR_TRANSIENT_AVAIL	0x00000207
#define TPM_PT_LOCKOUT_COUNTER	0x0000020e
#define TPM_PT_LOCKOUT_INTERVAL	0x00000210

/* PC Client platform profile: PCRs 0 to 23, so a selection has 3 octets. */
#define TPM2_PCRS		24
#define TPM2_PCR_SELECT_SIZE	3
#define TPM2_PCR_READ_MAX	8	/* digests in one TPML_DIGEST */

/* A Name is a nameAlg and a digest (Part 1, 16); a handle is its own Name. */
#define TPM2_MAX_DIGEST		64
#define TPM2_MAX_NAME		(2 + TPM2_MAX_DIGEST)

/**
 * tpm2_rc_base() - a response code without its handle, session or parameter
 * @rc: response code of a TPM
 *
 * Return: TPM_RC_AUTH_FAIL for 0x98e, 0x08e and so on; other codes as they are.
 */
static inline __u32 tpm2_rc_base(__u32 rc)
{
	return rc & TPM_RC_FMT1 ? rc & TPM_RC_FMT1_MASK : rc;
}

#endif /* _LINUX_TPM2_SPEC_H */
