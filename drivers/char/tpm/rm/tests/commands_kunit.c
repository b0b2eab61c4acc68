// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for commands.c.
 *
 * That its rows are right is for selftests/unit/host/commands_test.c, which
 * asks a TPM.
 */
#include <kunit/test.h>
#include <linux/tpm2_spec.h>

#include "../commands.h"

#define CODES	0x10000

static void counts_are_possible(struct kunit *test)
{
	const struct trm_command_info *info;
	u32 code;

	for (code = 0; code < CODES; code++) {
		info = trm_command_find(code);
		if (!info)
			continue;
		KUNIT_EXPECT_EQ(test, info->code, code);
		KUNIT_EXPECT_LE(test, info->handles + 0, TPM2_MAX_HANDLES);
		KUNIT_EXPECT_LE(test, info->auths + 0, info->handles + 0);
		KUNIT_EXPECT_FALSE(test, info->auths && info->no_sessions);
		KUNIT_EXPECT_FALSE(test, info->flushes && !info->handles);
	}
}

static void all_of_revision_1_59_is_there(struct kunit *test)
{
	unsigned int nr = 0;
	u32 code;

	for (code = 0; code < CODES; code++)
		nr += !!trm_command_find(code);
	KUNIT_EXPECT_EQ(test, nr, 119);
	KUNIT_EXPECT_NOT_NULL(test, trm_command_find(0x11f));
	KUNIT_EXPECT_NOT_NULL(test, trm_command_find(0x19a));
}

static void others_are_not_there(struct kunit *test)
{
	static const u32 codes[] = {
		0, 1, 0x11e, 0x123, 0x15a, 0x15f, 0x166, 0x175, 0x19b,
		0x80000000, 0x20000000, 0x2000017a, 0x0100017a, 0xffffffff
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(codes); i++)
		KUNIT_EXPECT_NULL(test, trm_command_find(codes[i]));
}

/* What the rest of the module builds upon. */
static void flags_are_those_of_part_3(struct kunit *test)
{
	static const u32 handle_out[] = {
		TPM_CC_CreatePrimary, TPM_CC_Load, 0x15b, TPM_CC_ContextLoad,
		0x167, TPM_CC_StartAuthSession, TPM_CC_HashSequenceStart, 0x191
	};
	static const u32 no_sessions[] = {
		0x144, TPM_CC_ContextLoad, TPM_CC_ContextSave,
		TPM_CC_FlushContext
	};
	unsigned int nr_handle_out = 0, nr_no_sessions = 0, i;
	const struct trm_command_info *info;

	for (i = 0; i < CODES; i++) {
		info = trm_command_find(i);
		nr_handle_out += info && info->handle_out;
		nr_no_sessions += info && info->no_sessions;
	}
	KUNIT_EXPECT_EQ(test, nr_handle_out, ARRAY_SIZE(handle_out));
	KUNIT_EXPECT_EQ(test, nr_no_sessions, ARRAY_SIZE(no_sessions));
	for (i = 0; i < ARRAY_SIZE(handle_out); i++)
		KUNIT_EXPECT_TRUE(test, trm_command_find(handle_out[i])->handle_out);
	for (i = 0; i < ARRAY_SIZE(no_sessions); i++)
		KUNIT_EXPECT_TRUE(test, trm_command_find(no_sessions[i])->no_sessions);
}

static void names_are_those_of_the_specification(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, trm_command_find(TPM_CC_PCR_Read)->name, "PCR_Read");
	KUNIT_EXPECT_STREQ(test, trm_command_find(TPM_CC_PolicyPCR)->name, "PolicyPCR");
	KUNIT_EXPECT_STREQ(test, trm_command_find(TPM_CC_PolicyNV)->name, "PolicyNV");
	KUNIT_EXPECT_STREQ(test, trm_command_find(0x15b)->name, "HMAC_Start");
	KUNIT_EXPECT_STREQ(test, trm_command_find(0x196)->name, "Policy_AC_SendSelect");
	KUNIT_EXPECT_STREQ(test, trm_command_find(0x18d)->name, "ZGen_2Phase");
}

static struct kunit_case commands_cases[] = {
	KUNIT_CASE(counts_are_possible),
	KUNIT_CASE(all_of_revision_1_59_is_there),
	KUNIT_CASE(others_are_not_there),
	KUNIT_CASE(flags_are_those_of_part_3),
	KUNIT_CASE(names_are_those_of_the_specification),
	{}
};

static struct kunit_suite commands_suite = {
	.name = "tpm_rm_commands",
	.test_cases = commands_cases,
};

kunit_test_suite(commands_suite);
