// SPDX-License-Identifier: GPL-2.0-only
/* KUnit cases for SubjectPublicKeyInfo, as signer= has it. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../signer.h"
#include "policy_parts.h"

#define EC_ALG		"3013 06072a8648ce3d0201 06082a8648ce3d030107 "
#define EC_POINT	"0342 00 04 " ONES_32 ZERO_32
#define RSA_ALG		"300d 06092a864886f70d010101 0500 "
#define N_2048		"02820101 00 81111111111111111111111111111111 " ONES_16 ONES_32 \
			ONES_64 ONES_64 ONES_64
#define E_65537		"0203010001 "

static int convert(struct kunit *test, const char *hex, u8 *out, const char **what)
{
	return tpk_signer_from_spki(hex_exact(test, hex), out, what);
}

static void ecc_becomes_what_systemd_builds(struct kunit *test)
{
	struct tpm2_bytes want = hex_exact(test, ECC_AREA);
	u8 *out = kunit_kzalloc(test, TPK_MAX_SIGNER, GFP_KERNEL);
	const char *what = "";
	int len = convert(test, "3059 " EC_ALG EC_POINT, out, &what);

	KUNIT_ASSERT_GT_MSG(test, len, 0, "%s", what);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpm2_bytes(out, len), want));
	KUNIT_EXPECT_EQ(test, tpk_signer_check(want, &what), 0);
}

static void rsa_becomes_what_systemd_builds(struct kunit *test)
{
	struct tpm2_bytes head = hex_exact(test, RSA_HEAD "0800 00000000 0100 81");
	u8 *out = kunit_kzalloc(test, TPK_MAX_SIGNER, GFP_KERNEL);
	const char *what = "";
	int len = convert(test, "30820122 " RSA_ALG "0382010f 00 3082010a " N_2048 E_65537,
			  out, &what);

	KUNIT_ASSERT_EQ_MSG(test, len, 22 + 256, "%s", what);
	KUNIT_EXPECT_MEMEQ(test, out, head.data, head.len);
	KUNIT_EXPECT_EQ(test, tpk_signer_check(tpm2_bytes(out, len), &what), 0);
}

static const struct {
	const char *hex;
	int err;
	const char *piece;
} wrong[] = {
	{ "", -EINVAL, "SubjectPublicKeyInfo" },
	{ "3000", -EINVAL, "SubjectPublicKeyInfo" },
	{ "3059 " EC_ALG "0342 01 04 " ONES_32 ZERO_32, -EINVAL, "SubjectPublicKeyInfo" },
	{ "3059 " EC_ALG EC_POINT "00", -EINVAL, "SubjectPublicKeyInfo" },
	{ "305b " EC_ALG EC_POINT "0500", -EINVAL, "SubjectPublicKeyInfo" },
	{ "3015 " EC_ALG, -EINVAL, "SubjectPublicKeyInfo" },
	{ "3017 " EC_ALG "0300", -EINVAL, "SubjectPublicKeyInfo" },
	{ "3018 " EC_ALG "0301 00", -EINVAL, "uncompressed" },
	{ "3059 " EC_ALG "0342 00 03 " ONES_32 ZERO_32, -EINVAL, "uncompressed" },
	{ "3039 " EC_ALG "0322 00 02 " ONES_32, -EINVAL, "uncompressed" },
	{ "305a " EC_ALG "0343 00 04 " ONES_32 ZERO_32 "00", -EINVAL, "uncompressed" },
	/* P-384, Ed25519, RSASSA-PSS, RSA without NULL */
	{ "3010 06072a8648ce3d0201 06052b81040022", -EINVAL, "SubjectPublicKeyInfo" },
	{ "301a 3010 06072a8648ce3d0201 06052b81040022 0306 00 04 01020304",
	  -EOPNOTSUPP, "on P-256" },
	{ "302a 3005 06032b6570 0321 00 " ZERO_32, -EOPNOTSUPP, "RSA key, or an ECC key" },
	{ "3011 300b 06092a864886f70d01010a 0302 00 00", -EOPNOTSUPP, "RSA key, or an ECC key" },
	{ "3011 300b 06092a864886f70d010101 0302 00 00", -EOPNOTSUPP, "RSA key, or an ECC key" },
	{ "3013 300d 06092a864886f70d010101 0500 0302 00 00", -EINVAL, "malformed RSA" },
	/* exponents 3 and 65537 in five octets, no exponent, one number more */
	{ "30820120 " RSA_ALG "0382010d 00 30820108 " N_2048 "020103", -EOPNOTSUPP, "65537" },
	{ "30820123 " RSA_ALG "03820110 00 3082010b " N_2048 "020400010001", -EOPNOTSUPP, "65537" },
	{ "3082011d " RSA_ALG "0382010a 00 30820105 " N_2048, -EINVAL, "malformed RSA" },
	{ "30820125 " RSA_ALG "03820112 00 3082010d " N_2048 E_65537 "020100",
	  -EINVAL, "malformed RSA" },
	/* a modulus that is negative, small, or has a zero too much in front */
	{ "301f " RSA_ALG "030e 00 300b 0204 81000001 " E_65537, -EINVAL, "malformed RSA" },
	{ "3020 " RSA_ALG "030f 00 300c 0205 0081000001 " E_65537, -EOPNOTSUPP, "2048 or 3072" },
	{ "3020 " RSA_ALG "030f 00 300c 0205 0001000001 " E_65537, -EINVAL, "malformed RSA" },
};

static void other_keys_are_refused(struct kunit *test)
{
	u8 *out = kunit_kzalloc(test, TPK_MAX_SIGNER, GFP_KERNEL);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		const char *what = "";
		int err = convert(test, wrong[i].hex, out, &what);

		KUNIT_EXPECT_EQ_MSG(test, err, wrong[i].err, "%zu: %s", i, what);
		KUNIT_EXPECT_TRUE_MSG(test, strstr(what, wrong[i].piece), "%zu: %s", i, what);
	}
}

static struct kunit_case signer_cases[] = {
	KUNIT_CASE(ecc_becomes_what_systemd_builds),
	KUNIT_CASE(rsa_becomes_what_systemd_builds),
	KUNIT_CASE(other_keys_are_refused),
	{}
};

static struct kunit_suite signer_suite = {
	.name = "tpk_signer",
	.test_cases = signer_cases,
};

kunit_test_suite(signer_suite);

MODULE_DESCRIPTION("Keys that sign policies");
MODULE_LICENSE("GPL");
