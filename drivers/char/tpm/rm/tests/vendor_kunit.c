// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for commands that our table lacks: known by what the TPM says of
 * them (commands.c, wire.c), and sent for clients (job.c).
 */
#include "scripted.h"

#define VENDOR		0x20000000
#define CC_Vendor	(VENDOR | 0x0042)

/* Part 2, 8.9 TPMA_CC. */
#define NV		0x00400000
#define EXTENSIVE	0x00800000
#define FLUSHED		0x01000000
#define HANDLES(nr)	((nr) << 25)
#define RHANDLE		0x10000000
#define RESERVED	0xc03f0000

static void the_vendor_bit_belongs_to_the_code(struct kunit *test)
{
	static const u32 other = NV | EXTENSIVE | FLUSHED | HANDLES(7) |
				 RHANDLE | RESERVED;

	KUNIT_EXPECT_TRUE(test, trm_command_is(0x17b, 0x17b));
	KUNIT_EXPECT_TRUE(test, trm_command_is(0x17b, 0x17b | other));
	KUNIT_EXPECT_TRUE(test, trm_command_is(CC_Vendor, CC_Vendor | other));
	KUNIT_EXPECT_FALSE(test, trm_command_is(0x42, CC_Vendor));
	KUNIT_EXPECT_FALSE(test, trm_command_is(CC_Vendor, 0x42));
	KUNIT_EXPECT_FALSE(test, trm_command_is(0x17b, 0x17a));
	KUNIT_EXPECT_FALSE(test, trm_command_is(0x1017b, 0x17b));
	KUNIT_EXPECT_FALSE(test, trm_command_is(0x17b | RHANDLE,
						0x17b | RHANDLE));
}

static void a_command_is_described_by_its_attributes(struct kunit *test)
{
	struct trm_command_info info;
	u32 nr;

	for (nr = 0; nr < 8; nr++) {
		trm_command_describe(CC_Vendor | HANDLES(nr), &info);
		KUNIT_EXPECT_EQ(test, info.code, CC_Vendor);
		KUNIT_EXPECT_EQ(test, info.handles + 0,
				nr < TPM2_MAX_HANDLES ? nr : TPM2_MAX_HANDLES);
		KUNIT_EXPECT_EQ(test, info.auths + 0, 0);
		KUNIT_EXPECT_FALSE(test, info.handle_out);
		KUNIT_EXPECT_FALSE(test, info.flushes);
		KUNIT_EXPECT_FALSE(test, info.extensive);
		KUNIT_EXPECT_FALSE(test, info.no_sessions);
		KUNIT_EXPECT_FALSE(test, info.user);
		KUNIT_EXPECT_NOT_NULL(test, info.name);
	}
}

static void each_attribute_is_told_apart(struct kunit *test)
{
	struct trm_command_info info;

	trm_command_describe(CC_Vendor | RHANDLE, &info);
	KUNIT_EXPECT_TRUE(test, info.handle_out);
	KUNIT_EXPECT_FALSE(test, info.flushes || info.extensive);
	trm_command_describe(CC_Vendor | FLUSHED, &info);
	KUNIT_EXPECT_TRUE(test, info.flushes);
	KUNIT_EXPECT_FALSE(test, info.handle_out || info.extensive);
	trm_command_describe(CC_Vendor | EXTENSIVE, &info);
	KUNIT_EXPECT_TRUE(test, info.extensive);
	KUNIT_EXPECT_FALSE(test, info.handle_out || info.flushes);
	trm_command_describe(NV | RESERVED | 0x1ff, &info);
	KUNIT_EXPECT_EQ(test, info.code, 0x1ff);
	KUNIT_EXPECT_FALSE(test, info.handle_out || info.flushes ||
			   info.extensive || info.handles);
}

static const u8 two_handles[] = {
	0x80, 2, 0, 0, 0, 33, 0x20, 0, 0, 0x42,
	0x81, 0, 0, 1, 0x01, 0, 0, 2,
	0, 0, 0, 9, 0x40, 0, 0, 9, 0, 0, 1, 0, 0,
	0xaa, 0xbb
};

static void what_is_described_can_be_parsed(struct kunit *test)
{
	struct tpm2_bytes bytes = tpm2_bytes(two_handles, sizeof(two_handles));
	struct trm_command_info info;
	struct trm_wire_command c;

	KUNIT_EXPECT_EQ(test, trm_wire_code(bytes), CC_Vendor);
	KUNIT_EXPECT_EQ(test, trm_wire_parse_command(bytes, &c), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, trm_wire_parse_with(bytes, NULL, &c), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, c.code, CC_Vendor);
	trm_command_describe(CC_Vendor | HANDLES(2), &info);
	KUNIT_ASSERT_EQ(test, trm_wire_parse_with(bytes, &info, &c), 0);
	KUNIT_EXPECT_PTR_EQ(test, c.info, &info);
	KUNIT_EXPECT_EQ(test, c.handle[0], 0x81000001);
	KUNIT_EXPECT_EQ(test, c.handle[1], 0x01000002);
	KUNIT_EXPECT_EQ(test, c.handle[2], 0);
	KUNIT_ASSERT_EQ(test, c.nr_auths, 1);
	KUNIT_EXPECT_EQ(test, c.auth[0].handle, TPM_RS_PW);
	KUNIT_ASSERT_EQ(test, c.params.len, 2);
	KUNIT_EXPECT_MEMEQ(test, c.params.data, "\xaa\xbb", 2);
	/* With another number of handles it makes no sense. */
	trm_command_describe(CC_Vendor | HANDLES(1), &info);
	KUNIT_EXPECT_EQ(test, trm_wire_parse_with(bytes, &info, &c), -EINVAL);
	trm_command_describe(CC_Vendor | HANDLES(3), &info);
	KUNIT_EXPECT_EQ(test, trm_wire_parse_with(bytes, &info, &c), -EINVAL);
}

static void a_cut_command_is_refused_whatever_is_known(struct kunit *test)
{
	struct trm_command_info info;
	struct trm_wire_command c;
	size_t len;
	u8 *p;

	trm_command_describe(CC_Vendor | HANDLES(2), &info);
	for (len = 1; len < sizeof(two_handles); len++) {
		p = kunit_kzalloc(test, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, p);
		memcpy(p, two_handles, len);
		KUNIT_EXPECT_EQ(test,
				trm_wire_parse_with(tpm2_bytes(p, len), &info,
						    &c), -EINVAL);
		KUNIT_EXPECT_EQ(test, trm_wire_code(tpm2_bytes(p, len)),
				len < TPM2_HEADER_SIZE ? 0 : CC_Vendor);
		kunit_kfree(test, p);
	}
	KUNIT_EXPECT_EQ(test, trm_wire_code(tpm2_bytes(NULL, 0)), 0);
}

static int send_vendor(struct script *s, u32 attributes, u32 handle)
{
	u8 cmd[] = { 0x80, 1, 0, 0, 0, 14, 0x20, 0, 0, 0x42, 0, 0, 0, 0 };
	struct tpm2_bytes bytes = tpm2_bytes(cmd, sizeof(cmd));
	u32 list[] = { 0x17b, attributes };

	put_unaligned_be32(handle, cmd + TPM2_HEADER_SIZE);
	s->room.attributes = list;
	s->room.nr_attributes = 2;
	KUNIT_EXPECT_EQ(s->test, trm_space_need(bytes), TRM_NEED_OBJECT);
	return script_transmit(s, &s->space, bytes, script_entity(s));
}

static void a_vendors_command_has_its_handles_replaced(struct kunit *test)
{
	struct script *s = test->priv;

	script_own(s, &s->space, 0x80000003);
	script_rc(s, CC_Vendor, 0);
	KUNIT_EXPECT_EQ(test, send_vendor(s, CC_Vendor | HANDLES(1),
					  0x80ffffff), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->cmd + 10), 0x80000003);
	KUNIT_EXPECT_EQ(test, send_vendor(s, CC_Vendor | HANDLES(1),
					  0x80000003), -EINVAL);
	/* Without a handle area the same octets are parameters. */
	script_rc(s, CC_Vendor, 0);
	KUNIT_EXPECT_EQ(test, send_vendor(s, CC_Vendor, 0x80ffffff), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->cmd + 10), 0x80ffffff);
}

static void a_vendors_handle_is_taken_into_the_space(struct kunit *test)
{
	struct script *s = test->priv;

	script_handle(s, CC_Vendor, 0x80000001);
	KUNIT_EXPECT_EQ(test, send_vendor(s, CC_Vendor | RHANDLE, 0), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->rsp + 10), 0x80ffffff);
	KUNIT_EXPECT_EQ(test, s->space.file.objects, 1);
	/* And given back by one that flushes what it names. */
	script_rc(s, CC_Vendor, 0);
	KUNIT_EXPECT_EQ(test, send_vendor(s, CC_Vendor | FLUSHED | HANDLES(1),
					  0x80ffffff), 0);
	KUNIT_EXPECT_EQ(test, s->space.file.objects, 0);
}

/* Another vendor's number, or the same number without the vendor's bit. */
static void what_the_tpm_does_not_list_is_refused(struct kunit *test)
{
	struct script *s = test->priv;

	KUNIT_EXPECT_EQ(test, send_vendor(s, VENDOR | 0x43, 0), RM(0x143));
	KUNIT_EXPECT_EQ(test, send_vendor(s, 0x42, 0), RM(0x143));
	s->space.restricted = true;
	KUNIT_EXPECT_EQ(test, send_vendor(s, CC_Vendor, 0), RM(0x143));
}

static void need_says_what_memory_a_command_wants(struct kunit *test)
{
	static const struct {
		u32 code;
		u32 saved;
		enum trm_need need;
	} needs[] = {
		{ TPM_CC_StartAuthSession, 0, TRM_NEED_SESSION },
		{ TPM_CC_ContextLoad, 0x02000000, TRM_NEED_SESSION },
		{ TPM_CC_ContextLoad, 0x03ffffff, TRM_NEED_SESSION },
		{ TPM_CC_ContextLoad, 0x80000000, TRM_NEED_OBJECT },
		{ TPM_CC_ContextLoad, TPM_SAVED_SEQUENCE, TRM_NEED_OBJECT },
		{ TPM_CC_LoadExternal, 0x02000000, TRM_NEED_OBJECT },
		{ TPM_CC_HashSequenceStart, 0, TRM_NEED_OBJECT },
		{ TPM_CC_FlushContext, 0x02000000, TRM_NEED_NOTHING },
		{ TPM_CC_ContextSave, 0x80000000, TRM_NEED_NOTHING },
		{ 0x17b, 0, TRM_NEED_NOTHING },
		{ CC_Vendor, 0x02000000, TRM_NEED_OBJECT },
	};
	u8 cmd[22] = { 0x80, 1, 0, 0, 0, 22 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(needs); i++) {
		put_unaligned_be32(needs[i].code, cmd + 6);
		put_unaligned_be32(needs[i].saved, cmd + 18);
		KUNIT_EXPECT_EQ_MSG(test, trm_space_need(tpm2_bytes(cmd, 22)),
				    needs[i].need, "%u", i);
	}
	/* A context that is cut before it says what it is of. */
	put_unaligned_be32(TPM_CC_ContextLoad, cmd + 6);
	put_unaligned_be32(0x02000000, cmd + 18);
	KUNIT_EXPECT_EQ(test, trm_space_need(tpm2_bytes(cmd, 21)),
			TRM_NEED_OBJECT);
	KUNIT_EXPECT_EQ(test, trm_space_need(tpm2_bytes(cmd, 9)),
			TRM_NEED_OBJECT);
}

static struct kunit_case vendor_cases[] = {
	KUNIT_CASE(the_vendor_bit_belongs_to_the_code),
	KUNIT_CASE(a_command_is_described_by_its_attributes),
	KUNIT_CASE(each_attribute_is_told_apart),
	KUNIT_CASE(what_is_described_can_be_parsed),
	KUNIT_CASE(a_cut_command_is_refused_whatever_is_known),
	KUNIT_CASE(a_vendors_command_has_its_handles_replaced),
	KUNIT_CASE(a_vendors_handle_is_taken_into_the_space),
	KUNIT_CASE(what_the_tpm_does_not_list_is_refused),
	KUNIT_CASE(need_says_what_memory_a_command_wants),
	{}
};

static struct kunit_suite vendor_suite = {
	.name = "tpm_rm_vendor",
	.init = script_init,
	.test_cases = vendor_cases,
};

kunit_test_suite(vendor_suite);
