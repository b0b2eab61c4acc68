// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command table against a TPM: what it says of itself (TPM_CAP_COMMANDS),
 * and how it takes each command with handles of every kind.
 */
#include <kunit/test.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>

#include "commands.h"
#include "tpm.h"
#include "wire.h"

#define TPM_CAP_COMMANDS	0x00000002
#define CC_FIRST		0x11f
#define CC_LAST			0x19a	/* of revision 1.59 */

/* Part 2, 8.9 TPMA_CC. */
#define CC_EXTENSIVE		BIT(23)
#define CC_FLUSHED		BIT(24)
#define CC_HANDLES(cc)		((cc) >> 25 & 7)
#define CC_RHANDLE		BIT(28)
#define CC_VENDOR		BIT(29)

/* Part 2, 6.6.3 */
#define RC_AUTH_MISSING		0x125
#define RC_AUTH_CONTEXT		0x145

#define NV_INDEX		0x01000001

/* Commands that a TPM has: TPMA_CC each. */
static u32 implemented[256];
static unsigned int nr_implemented;

static u32 send(const struct trm_wire_command *c, u8 *buf, size_t size)
{
	struct tpm2_writer w = tpm2_writer(buf, size);

	trm_wire_put_command(&w, c);
	host_tpm_send(buf, w.len, size);
	return get_unaligned_be32(buf + 6);
}

static void list_commands(struct kunit *test)
{
	static const u8 params[] = {
		0, 0, 0, TPM_CAP_COMMANDS, 0, 0, 0, 0, 0, 0, 0, 254
	};
	struct trm_wire_command c = {
		.code = TPM_CC_GetCapability,
		.params = tpm2_bytes(params, sizeof(params)),
	};
	u8 buf[TPM2_BUFFER_SIZE];
	struct tpm2_reader r;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, send(&c, buf, sizeof(buf)), TPM_RC_SUCCESS);
	r = tpm2_reader(buf, get_unaligned_be32(buf + 2));
	tpm2_get(&r, TPM2_HEADER_SIZE);
	KUNIT_ASSERT_EQ(test, tpm2_get_u8(&r), 0);
	KUNIT_ASSERT_EQ(test, tpm2_get_u32(&r), TPM_CAP_COMMANDS);
	nr_implemented = tpm2_get_u32(&r);
	KUNIT_ASSERT_LT(test, nr_implemented, ARRAY_SIZE(implemented));
	for (i = 0; i < nr_implemented; i++)
		implemented[i] = tpm2_get_u32(&r);
	KUNIT_ASSERT_TRUE(test, tpm2_done(&r));
}

static int reset(struct kunit *test)
{
	host_tpm_reset();
	list_commands(test);
	return test->failed;
}

/* Newer than the table, or a vendor's. */
static bool beyond_table(u32 cc)
{
	return cc & CC_VENDOR || (cc & 0xffff) > CC_LAST;
}

static void table_has_what_the_tpm_has(struct kunit *test)
{
	unsigned int i, nr = 0;

	for (i = 0; i < nr_implemented; i++) {
		if (beyond_table(implemented[i]))
			continue;
		KUNIT_EXPECT_NOT_NULL_MSG(test,
					  trm_command_find(implemented[i] & 0xffff),
					  "%x", implemented[i]);
		nr++;
	}
	/* libtpms 0.9 has 110 of the 119. */
	KUNIT_EXPECT_GE(test, nr, 100);
}

static void attributes_are_those_of_the_tpm(struct kunit *test)
{
	const struct trm_command_info *info;
	unsigned int i;
	u32 cc;

	for (i = 0; i < nr_implemented; i++) {
		cc = implemented[i];
		info = trm_command_find(cc & 0xffff);
		if (beyond_table(cc) || !info)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, info->handles + 0, CC_HANDLES(cc),
				    "%s", info->name);
		KUNIT_EXPECT_EQ_MSG(test, info->handle_out + 0, !!(cc & CC_RHANDLE),
				    "%s", info->name);
		KUNIT_EXPECT_EQ_MSG(test, info->flushes + 0, !!(cc & CC_FLUSHED),
				    "%s", info->name);
		KUNIT_EXPECT_EQ_MSG(test, info->extensive + 0, !!(cc & CC_EXTENSIVE),
				    "%s", info->name);
	}
}

/*
 * From here on: how many sessions does a command want?  Every combination of
 * these handles is tried.  A TPM looks at the handles first, then at the number
 * of sessions, then at the password, which is wrong, so nothing is executed.
 */
enum candidate {
	PRIMARY, SEQUENCE, POLICY, TRIAL, AUDIT, OWNER, ENDORSEMENT, PLATFORM,
	LOCKOUT, NOTHING, PCR_16, NV, NR_CANDIDATES
};

static u32 candidates[NR_CANDIDATES] = {
	[OWNER] = TPM_RH_OWNER,
	[ENDORSEMENT] = TPM_RH_ENDORSEMENT,
	[PLATFORM] = TPM_RH_PLATFORM,
	[LOCKOUT] = 0x4000000a,
	[NOTHING] = TPM_RH_NULL,
	[PCR_16] = 16,
	[NV] = NV_INDEX,
};

/* The handle that a command gives. */
static u32 create(struct kunit *test, const struct trm_wire_command *c)
{
	u8 buf[TPM2_BUFFER_SIZE];

	KUNIT_ASSERT_EQ(test, send(c, buf, sizeof(buf)), TPM_RC_SUCCESS);
	return get_unaligned_be32(buf + TPM2_HEADER_SIZE);
}

/* An ECC key that may do everything that an unrestricted key may. */
static u32 create_primary(struct kunit *test)
{
	static const u8 params[] = {
		0, 5, 0, 1, 'p', 0, 0,
		0, 22, 0, 0x23, 0, 0x0b, 0, 0x06, 0, 0x72, 0, 0, 0, 0x10,
		0, 0x10, 0, 3, 0, 0x10, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0,
	};
	struct trm_wire_command c = {
		.code = TPM_CC_CreatePrimary,
		.info = trm_command_find(TPM_CC_CreatePrimary),
		.handle[0] = TPM_RH_NULL,
		.nr_auths = 1,
		.auth[0].handle = TPM_RS_PW,
		.params = tpm2_bytes(params, sizeof(params)),
	};

	return create(test, &c);
}

/* With an authValue, as everything here. */
static u32 start_sequence(struct kunit *test)
{
	static const u8 params[] = { 0, 1, 'p', 0, 0x0b };
	struct trm_wire_command c = {
		.code = TPM_CC_HashSequenceStart,
		.params = tpm2_bytes(params, sizeof(params)),
	};

	return create(test, &c);
}

static u32 start_session(struct kunit *test, u8 type)
{
	u8 params[] = {
		0, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
		0, 0, type, 0, 0x10, 0, 0x0b
	};
	struct trm_wire_command c = {
		.code = TPM_CC_StartAuthSession,
		.info = trm_command_find(TPM_CC_StartAuthSession),
		.handle = { TPM_RH_NULL, TPM_RH_NULL },
		.params = tpm2_bytes(params, sizeof(params)),
	};

	return create(test, &c);
}

static void define_nv(struct kunit *test)
{
	static const u8 params[] = {
		0, 1, 'p', 0, 14, 0x01, 0, 0, 0x01, 0, 0x0b, 0, 0x04, 0, 0x04,
		0, 0, 0, 8
	};
	struct trm_wire_command c = {
		.code = 0x12a,
		.info = trm_command_find(0x12a),
		.handle[0] = TPM_RH_OWNER,
		.nr_auths = 1,
		.auth[0].handle = TPM_RS_PW,
		.params = tpm2_bytes(params, sizeof(params)),
	};
	u8 buf[TPM2_BUFFER_SIZE];

	KUNIT_ASSERT_EQ(test, send(&c, buf, sizeof(buf)), TPM_RC_SUCCESS);
}

/* Afresh for each command: failed authorizations lock a TPM up. */
static void fill_tpm(struct kunit *test)
{
	host_tpm_reset();
	candidates[PRIMARY] = create_primary(test);
	candidates[SEQUENCE] = start_sequence(test);
	candidates[POLICY] = start_session(test, TPM_SE_POLICY);
	candidates[TRIAL] = start_session(test, 0x03);
	candidates[AUDIT] = start_session(test, TPM_SE_HMAC);
	define_nv(test);
}

static u32 try(const struct trm_command_info *info, unsigned int combination,
	       unsigned int nr_auths)
{
	struct trm_wire_command c = { .code = info->code, .info = info };
	u8 buf[TPM2_BUFFER_SIZE];
	unsigned int i;

	for (i = 0; i < info->handles; i++) {
		c.handle[i] = candidates[combination % NR_CANDIDATES];
		combination /= NR_CANDIDATES;
	}
	c.nr_auths = nr_auths;
	for (i = 0; i < nr_auths; i++) {
		c.auth[i].handle = TPM_RS_PW;
		c.auth[i].hmac = tpm2_bytes("wrong", 5);
	}
	return send(&c, buf, sizeof(buf));
}

static unsigned int combinations(const struct trm_command_info *info)
{
	unsigned int i, nr = 1;

	for (i = 0; i < info->handles; i++)
		nr *= NR_CANDIDATES;
	return nr;
}

/* Is one session too few?  Then some combination gets just that for an answer. */
static bool wants_more(const struct trm_command_info *info,
		       unsigned int nr_auths, u32 answer)
{
	unsigned int i;

	for (i = 0; i < combinations(info); i++) {
		if (try(info, i, nr_auths) == answer)
			return true;
	}
	return false;
}

static void authorizations_are_those_of_the_tpm(struct kunit *test)
{
	const struct trm_command_info *info;
	unsigned int i, n;

	for (i = 0; i < nr_implemented; i++) {
		info = trm_command_find(implemented[i] & 0xffff);
		if (beyond_table(implemented[i]) || !info)
			continue;
		fill_tpm(test);
		for (n = 0; n < TPM2_MAX_SESSIONS; n++)
			KUNIT_EXPECT_EQ_MSG(test,
					    wants_more(info, n, RC_AUTH_MISSING),
					    n < info->auths,
					    "%s %u", info->name, n);
	}
}

static void sessions_are_refused_where_the_table_says_so(struct kunit *test)
{
	const struct trm_command_info *info;
	unsigned int i;

	for (i = 0; i < nr_implemented; i++) {
		info = trm_command_find(implemented[i] & 0xffff);
		/* Once started, a TPM does not look further at Startup. */
		if (beyond_table(implemented[i]) || !info || info->code == 0x144)
			continue;
		fill_tpm(test);
		KUNIT_EXPECT_EQ_MSG(test, wants_more(info, 1, RC_AUTH_CONTEXT),
				    info->no_sessions + 0, "%s", info->name);
	}
}

static struct kunit_case commands_cases[] = {
	KUNIT_CASE(table_has_what_the_tpm_has),
	KUNIT_CASE(attributes_are_those_of_the_tpm),
	KUNIT_CASE(authorizations_are_those_of_the_tpm),
	KUNIT_CASE(sessions_are_refused_where_the_table_says_so),
	{}
};

static struct kunit_suite commands_suite = {
	.name = "tpm_rm_commands_tpm",
	.init = reset,
	.test_cases = commands_cases,
};

kunit_test_suite(commands_suite);
