// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for allow.c: what a client without privilege may send.
 */
#include <kunit/test.h>

#include "../allow.h"

#define CODES		0x10000
#define CC_GetRandom	0x17b

/* All that may be sent; what is not here is refused. */
static const u16 allowed[] = {
	0x131, /* CreatePrimary */
	0x13e, /* SequenceComplete */
	0x147, 0x148, /* ActivateCredential, Certify */
	0x149, /* PolicyNV */
	0x14a, 0x14b, 0x14c, /* CertifyCreation, Duplicate, GetTime */
	0x14d, /* GetSessionAuditDigest */
	0x14e, /* NV_Read */
	0x150, /* ObjectChangeAuth */
	0x151, /* PolicySecret */
	0x152, 0x153, 0x154, 0x155, 0x156, /* Rewrap to Import */
	0x157, 0x158, 0x159, /* Load, Quote, RSA_Decrypt */
	0x15b, 0x15c, 0x15d, 0x15e, /* HMAC_Start to Unseal */
	0x160, 0x161, 0x162, 0x163, 0x164, 0x165, /* PolicySigned to FlushContext */
	0x167, 0x168, /* LoadExternal, MakeCredential */
	0x169, /* NV_ReadPublic */
	0x16a, 0x16b, 0x16c, 0x16d, 0x16e, 0x16f, /* PolicyAuthorize to Locality */
	0x170, 0x171, 0x172, /* PolicyNameHash, PolicyOR, PolicyTicket */
	0x173, 0x174, 0x176, 0x177, 0x178, /* ReadPublic to ECC_Parameters */
	0x17a, 0x17b, 0x17c, 0x17d, 0x17e, /* GetCapability to PCR_Read */
	0x17f, 0x180, 0x181, /* PolicyPCR, PolicyRestart, ReadClock */
	0x184, /* NV_Certify */
	0x186, /* HashSequenceStart */
	0x187, 0x188, 0x189, /* PolicyPhysicalPresence to PolicyGetDigest */
	0x18a, 0x18b, 0x18c, 0x18d, 0x18e, 0x18f, /* TestParms to PolicyNvWritten */
	0x190, 0x191, 0x192, 0x193, /* PolicyTemplate to EncryptDecrypt2 */
	0x197, 0x199, 0x19a, /* CertifyX509, ECC_Encrypt, ECC_Decrypt */
};

static bool is_allowed(u32 code)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(allowed); i++) {
		if (allowed[i] == code)
			return true;
	}
	return false;
}

/* A command that names objects, with authorizations that are nobody's else. */
static struct trm_wire_command command(u32 code)
{
	return (struct trm_wire_command){
		.code = code,
		.info = trm_command_find(code),
		.handle = { 0x80ffffff, 0x80fffffe, 0x80fffffd },
	};
}

static void every_command_is_allowed_or_denied(struct kunit *test)
{
	struct trm_wire_command c;
	unsigned int nr = 0;
	u32 code;

	for (code = 0; code < CODES; code++) {
		c = command(code);
		if (!c.info)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, trm_allow_command(&c),
				    is_allowed(code), "%s", c.info->name);
		nr += trm_allow_command(&c);
	}
	KUNIT_EXPECT_EQ(test, nr, ARRAY_SIZE(allowed));
}

/* What only the TPM knows of: a vendor's, or newer than the table. */
static void what_the_table_lacks_is_denied(struct kunit *test)
{
	static const u32 attributes[] = { 0x20000001, 0x0000019b, 0x3000017b };
	struct trm_command_info info;
	struct trm_wire_command c = { .info = &info };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(attributes); i++) {
		trm_command_describe(attributes[i], &info);
		c.code = info.code;
		KUNIT_EXPECT_FALSE(test, trm_allow_command(&c));
	}
}

static const u32 hierarchies[] = {
	TPM_RH_PLATFORM, TPM_RH_LOCKOUT, TPM_RH_ENDORSEMENT, TPM_RH_OWNER
};

/*
 * In each place that needs authorization, of each command; and in a place that
 * needs none they are but a name.
 */
static void hierarchies_cannot_be_authorized(struct kunit *test)
{
	struct trm_wire_command c;
	unsigned int i, k, h;

	for (i = 0; i < ARRAY_SIZE(allowed); i++) {
		for (h = 0; h < ARRAY_SIZE(hierarchies); h++) {
			c = command(allowed[i]);
			for (k = 0; k < c.info->handles; k++) {
				bool owners = c.code == TPM_CC_CreatePrimary &&
					      hierarchies[h] == TPM_RH_OWNER;

				c = command(allowed[i]);
				c.handle[k] = hierarchies[h];
				KUNIT_EXPECT_EQ_MSG(test, trm_allow_command(&c),
						    k >= c.info->auths || owners,
						    "%s, handle %u, %x",
						    c.info->name, k,
						    hierarchies[h]);
			}
		}
	}
}

static void others_can_be_authorized(struct kunit *test)
{
	static const u32 handles[] = {
		0, 23, 0x01000000, TPM_RH_NULL, 0x80ffffff, 0x81000001
	};
	struct trm_wire_command c = command(TPM_CC_PolicySecret);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		c.handle[0] = handles[i];
		KUNIT_EXPECT_TRUE(test, trm_allow_command(&c));
	}
	c = command(TPM_CC_CreatePrimary);
	c.handle[0] = TPM_RH_OWNER;
	KUNIT_EXPECT_TRUE(test, trm_allow_command(&c));
}

/* inSensitive of @sensitive octets, and a public area of type @alg. */
static size_t put_template(u8 *buf, size_t size, u16 sensitive, u16 alg)
{
	struct tpm2_writer w = tpm2_writer(buf, size);

	tpm2_put_u16(&w, sensitive);
	while (sensitive--)
		tpm2_put_u8(&w, 1);
	tpm2_put_u16(&w, 4);
	tpm2_put_u16(&w, alg);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	return w.len;
}

static void rsa_keys_are_not_made(struct kunit *test)
{
	static const u32 codes[] = {
		TPM_CC_Create, TPM_CC_CreatePrimary, TPM_CC_CreateLoaded
	};
	struct trm_wire_command c;
	u8 buf[64];
	size_t len;
	u32 i;

	for (i = 0; i < 3 * ARRAY_SIZE(codes); i++) {
		c = command(codes[i / 3]);
		len = put_template(buf, sizeof(buf), i % 3 * 7, TPM_ALG_ID_RSA);
		c.params = tpm2_bytes(buf, len);
		KUNIT_EXPECT_FALSE(test, trm_allow_command(&c));
		len = put_template(buf, sizeof(buf), i % 3 * 7, TPM_ALG_ID_ECC);
		c.params = tpm2_bytes(buf, len);
		KUNIT_EXPECT_TRUE(test, trm_allow_command(&c));
	}
}

/* To load, import or use one takes no time. */
static void rsa_keys_may_be_used(struct kunit *test)
{
	static const u32 codes[] = {
		TPM_CC_Load, TPM_CC_LoadExternal, 0x156, 0x174
	};
	struct trm_wire_command c;
	u8 buf[64];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(codes); i++) {
		c = command(codes[i]);
		c.params = tpm2_bytes(buf, put_template(buf, sizeof(buf), 5,
							TPM_ALG_ID_RSA));
		KUNIT_EXPECT_TRUE(test, trm_allow_command(&c));
	}
}

/* However it is cut, a template is not read beyond its end. */
static void a_cut_template_is_the_tpms_affair(struct kunit *test)
{
	struct trm_wire_command c = command(TPM_CC_Create);
	u8 whole[64], *cut;
	size_t len = put_template(whole, sizeof(whole), 7, TPM_ALG_ID_RSA), i;

	for (i = 1; i <= len; i++) {
		cut = kunit_kzalloc(test, i, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, cut);
		memcpy(cut, whole, i);
		c.params = tpm2_bytes(cut, i);
		KUNIT_EXPECT_EQ(test, trm_allow_command(&c), i < len);
		kunit_kfree(test, cut);
	}
}

/* The response to a question with a session cannot be filtered. */
static void handles_are_not_listed_with_a_session(struct kunit *test)
{
	static const u8 handles[] = { 0, 0, 0, TPM_CAP_HANDLES, 0x80, 0, 0, 0,
				      0, 0, 0, 1 };
	static const u8 pcrs[] = { 0, 0, 0, TPM_CAP_PCRS, 0, 0, 0, 0,
				   0, 0, 0, 1 };
	struct trm_wire_command c = command(TPM_CC_GetCapability);

	c.params = tpm2_bytes(handles, sizeof(handles));
	KUNIT_EXPECT_TRUE(test, trm_allow_command(&c));
	c.nr_auths = 1;
	KUNIT_EXPECT_FALSE(test, trm_allow_command(&c));
	c.params = tpm2_bytes(pcrs, sizeof(pcrs));
	KUNIT_EXPECT_TRUE(test, trm_allow_command(&c));
	/* Another command with a session, and the same octets. */
	c = command(CC_GetRandom);
	c.nr_auths = 1;
	c.params = tpm2_bytes(handles, sizeof(handles));
	KUNIT_EXPECT_TRUE(test, trm_allow_command(&c));
}

static struct kunit_case allow_cases[] = {
	KUNIT_CASE(every_command_is_allowed_or_denied),
	KUNIT_CASE(what_the_table_lacks_is_denied),
	KUNIT_CASE(hierarchies_cannot_be_authorized),
	KUNIT_CASE(others_can_be_authorized),
	KUNIT_CASE(rsa_keys_are_not_made),
	KUNIT_CASE(rsa_keys_may_be_used),
	KUNIT_CASE(a_cut_template_is_the_tpms_affair),
	KUNIT_CASE(handles_are_not_listed_with_a_session),
	{}
};

static struct kunit_suite allow_suite = {
	.name = "tpm_rm_allow",
	.test_cases = allow_cases,
};

kunit_test_suite(allow_suite);
