// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signatures for PolicySigned: formats, and the keys that can have made them.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>

#include "../signature.h"
#include "../signer.h"
#include "policy_parts.h"

#define AREA_ECDSA	"0023 000b 00060040 0000 0010 0018 000c 0003 0010 " R_32 "0020 " ZERO_32
#define AREA_RSASSA	"0001 000b 00060040 0000 0010 0014 000d 0800 00000000 0100 " ONES_256
#define R_32		"0020 " ONES_32
#define FF_32		"ff111111 1111111111111111 11111111 " ONES_16
#define S_7F		"0020 " ZERO_16 "000000000000000000000000000000 7f"

static int make(struct kunit *test, const char *format, const char *hex,
		const char *area, u8 *out, const char **what)
{
	return tpk_signature_make(tpm2_bytes(format, strlen(format)),
				  hex_exact(test, hex), hex_exact(test, area), out, what);
}

static const struct {
	const char *format;
	const char *octets;
	const char *area;
	const char *want;
} good[] = {
	{ "ecdsa-sha256", "3044 0220 " ONES_32 "0220 " ONES_32, ECC_AREA,
	  "0018 000b " R_32 R_32 },
	/* with the octet for the sign; short */
	{ "ecdsa-sha384", "3026 0221 00 " FF_32 "0201 7f", ECC_AREA, "0018 000c 0020 " FF_32 S_7F },
	{ "ecdsa-sha384", "3044 0220 " ONES_32 "0220 " ONES_32, AREA_ECDSA,
	  "0018 000c " R_32 R_32 },
	{ "rsassa-sha256", ONES_256, RSA_AREA, "0014 000b 0100 " ONES_256 },
	{ "rsassa-sha512", ONES_256, AREA_RSASSA, "0014 000d 0100 " ONES_256 },
	{ "rsapss-sha512", ONES_256, RSA_AREA, "0016 000d 0100 " ONES_256 },
	{ "tpmt", "0018 000b " R_32 "0001 7f", ECC_AREA, "0018 000b " R_32 S_7F },
	{ "tpmt", "0014 000c 0100 " ONES_256, RSA_AREA, "0014 000c 0100 " ONES_256 },
	{ "tpmt", "0016 000b 0100 " ONES_256, RSA_AREA, "0016 000b 0100 " ONES_256 },
};

static void each_format_becomes_tpmt(struct kunit *test)
{
	u8 *out = kunit_kzalloc(test, TPK_MAX_SIGNATURE, GFP_KERNEL);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		struct tpm2_bytes want = hex_exact(test, good[i].want);
		const char *what = "";
		int len = make(test, good[i].format, good[i].octets, good[i].area, out, &what);

		KUNIT_ASSERT_EQ_MSG(test, len, (int)want.len, "%zu: %s", i, what);
		KUNIT_EXPECT_TRUE_MSG(test, !memcmp(out, want.data, len), "%zu", i);
	}
}

static const struct {
	const char *format;
	const char *octets;
	const char *area;
	int err;
	const char *piece;
} wrong[] = {
	{ "", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	{ "ecdsa", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	{ "ecdsa-", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	{ "ecdsa-sha1", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	{ "ecdsa-sha256 ", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	{ "ecdsa-sha256-", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	{ "ECDSA-sha256", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	{ "-sha256", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	{ "tpmt-sha256", "00", ECC_AREA, -EOPNOTSUPP, "format" },
	/* DER */
	{ "ecdsa-sha256", "00", ECC_AREA, -EINVAL, "malformed" },
	{ "ecdsa-sha256", "3006 0201 01 0201 02 00", ECC_AREA, -EINVAL, "malformed" },
	{ "ecdsa-sha256", "3003 0201 01", ECC_AREA, -EINVAL, "malformed" },
	{ "ecdsa-sha256", "3009 0201 01 0201 02 0201 03", ECC_AREA, -EINVAL, "malformed" },
	{ "ecdsa-sha256", "3006 0201 81 0201 02", ECC_AREA, -EINVAL, "malformed" },
	{ "ecdsa-sha256", "3007 0202 0001 0201 02", ECC_AREA, -EINVAL, "malformed" },
	{ "ecdsa-sha256", "3005 0200 0201 02", ECC_AREA, -EINVAL, "malformed" },
	{ "ecdsa-sha256", ONES_64, ECC_AREA, -EINVAL, "malformed" },
	{ "ecdsa-sha256", "3006 0201 00 0201 02", ECC_AREA, -EINVAL, "size" },
	{ "ecdsa-sha256", "3026 0221 01 " ONES_32 "0201 02", ECC_AREA, -EINVAL, "size" },
	{ "ecdsa-sha256", "3026 0201 02 0221 01 " ONES_32, ECC_AREA, -EINVAL, "size" },
	/* RSA */
	{ "rsassa-sha256", ONES_64, RSA_AREA, -EINVAL, "size" },
	{ "rsapss-sha256", "" ONES_256 "11", RSA_AREA, -EINVAL, "size" },
	/* TPMT_SIGNATURE */
	{ "tpmt", "0018", ECC_AREA, -EINVAL, "malformed" },
	{ "tpmt", "0018 000b " R_32, ECC_AREA, -EINVAL, "malformed" },
	{ "tpmt", "0018 000b " R_32 R_32 "00", ECC_AREA, -EINVAL, "malformed" },
	{ "tpmt", "0014 000b 0101 " ONES_256, RSA_AREA, -EINVAL, "malformed" },
	{ "tpmt", "0010 000b 0000", RSA_AREA, -EOPNOTSUPP, "rsassa" },
	{ "tpmt", "0005 000b 0000", RSA_AREA, -EOPNOTSUPP, "rsassa" },
	{ "tpmt", "0014 0004 0100 " ONES_256, RSA_AREA, -EOPNOTSUPP, "sha256" },
	{ "tpmt", "0014 0012 0100 " ONES_256, RSA_AREA, -EOPNOTSUPP, "sha256" },
	/* another key's */
	{ "rsassa-sha256", ONES_256, ECC_AREA, -EINVAL, "no such" },
	{ "ecdsa-sha256", "3006 0201 01 0201 02", RSA_AREA, -EINVAL, "no such" },
	{ "ecdsa-sha256", "3006 0201 01 0201 02", AREA_ECDSA, -EINVAL, "no such" },
	{ "rsapss-sha512", ONES_256, AREA_RSASSA, -EINVAL, "no such" },
	{ "rsassa-sha256", ONES_256, AREA_RSASSA, -EINVAL, "no such" },
};

static void what_no_such_key_makes_is_refused(struct kunit *test)
{
	u8 *out = kunit_kzalloc(test, TPK_MAX_SIGNATURE, GFP_KERNEL);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		const char *what = "";
		int err = make(test, wrong[i].format, wrong[i].octets, wrong[i].area, out, &what);

		KUNIT_EXPECT_EQ_MSG(test, err, wrong[i].err, "%zu: %s", i, what);
		KUNIT_EXPECT_TRUE_MSG(test, strstr(what, wrong[i].piece), "%zu: %s", i, what);
		KUNIT_EXPECT_TRUE_MSG(test, mem_is_zero(out, TPK_MAX_SIGNATURE), "%zu", i);
	}
}

static void a_key_says_its_scheme(struct kunit *test)
{
	struct tpm2_bytes rsa = hex_exact(test, AREA_RSASSA), ecc = hex_exact(test, ECC_AREA);
	struct tpk_signer signer;
	const char *what;

	KUNIT_ASSERT_EQ(test, tpk_signer_check(rsa, &what), 0);
	tpk_signer_decode(rsa, &signer);
	KUNIT_EXPECT_EQ(test, signer.scheme, TPM_ALG_ID_RSASSA);
	KUNIT_EXPECT_EQ(test, signer.hash, TPM_ALG_ID_SHA512);
	KUNIT_EXPECT_EQ(test, signer.modulus, 256);
	tpk_signer_decode(ecc, &signer);
	KUNIT_EXPECT_EQ(test, signer.scheme, TPM_ALG_ID_NULL);
	KUNIT_EXPECT_EQ(test, signer.hash, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_EQ(test, signer.modulus, 0);
}

static struct kunit_case signature_cases[] = {
	KUNIT_CASE(each_format_becomes_tpmt),
	KUNIT_CASE(what_no_such_key_makes_is_refused),
	KUNIT_CASE(a_key_says_its_scheme),
	{}
};

static struct kunit_suite signature_suite = {
	.name = "tpk_signature",
	.test_cases = signature_cases,
};

kunit_test_suite(signature_suite);

MODULE_DESCRIPTION("Formats of signatures");
MODULE_LICENSE("GPL");
