// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for authcalc.c.
 *
 * The expected values were computed with Python's hashlib and hmac from the
 * formulas of Part 1, 16.7, 16.8 and 19.6.  That a TPM agrees is seen in the
 * tests that run against one.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>

#include "../authcalc.h"

static const u8 params[] = { 0, 4, 'a', 'b', 'c', 'd' };

/* Unseal of an object with the Name 000b 00 01 02 ... 1f. */
static const u8 cp_hash[] = {
	0x1c, 0xed, 0x1a, 0x96, 0xcd, 0x2f, 0x8f, 0x5c, 0x40, 0x22, 0xe1, 0x45,
	0x12, 0x80, 0x29, 0x63, 0x25, 0xa8, 0xce, 0xb4, 0x06, 0xa7, 0x45, 0xef,
	0xf2, 0x36, 0x77, 0x19, 0x5b, 0x73, 0xa2, 0x36,
};

static const u8 rp_hash[] = {
	0xa1, 0xa2, 0xef, 0x6a, 0x83, 0xbf, 0x67, 0x63, 0x7a, 0x63, 0x65, 0x79,
	0x61, 0xc5, 0x88, 0xd2, 0xe6, 0xbf, 0x18, 0xce, 0xdf, 0xa5, 0x9f, 0xc2,
	0xc0, 0x78, 0x66, 0xb5, 0x1a, 0xc8, 0x38, 0xbb,
};

/* Session key 32 times a5, authValue "secret", nonces 01... and 02... */
static const u8 hmac_keyed[] = {
	0x6f, 0xbd, 0x0d, 0xe1, 0xa4, 0xc6, 0x26, 0x99, 0xe2, 0xe4, 0x59, 0x95,
	0xee, 0xac, 0xb5, 0x37, 0x1f, 0x97, 0x27, 0x86, 0x2a, 0x0a, 0xbf, 0x70,
	0x41, 0x25, 0x25, 0x13, 0x74, 0xf4, 0x7b, 0x88,
};

/* The same with neither key nor authValue, and the audit attribute. */
static const u8 hmac_empty[] = {
	0xaa, 0xe1, 0x09, 0x4d, 0x44, 0x39, 0xb6, 0xc2, 0x82, 0xea, 0x16, 0x58,
	0xc4, 0xd1, 0xe7, 0x9f, 0xb1, 0x92, 0x31, 0xb3, 0xd2, 0x62, 0x74, 0x75,
	0x00, 0x71, 0xd1, 0x22, 0xb2, 0x92, 0xe7, 0xb6,
};

/* As hmac_keyed, with nonces 03... and 04... of two sessions that encrypt. */
static const u8 hmac_extra[] = {
	0x2f, 0x61, 0x7b, 0x0c, 0x04, 0x5b, 0x12, 0x6b, 0x13, 0xaf, 0x1f, 0xb2,
	0x84, 0xe9, 0x12, 0xec, 0x59, 0x10, 0x2b, 0x41, 0x02, 0x02, 0xc1, 0xa9,
	0x79, 0x0f, 0xfd, 0xdb, 0xa3, 0xa2, 0x20, 0x04,
};

static void fill_name(u8 *name)
{
	int i;

	name[0] = 0;
	name[1] = TPM_ALG_ID_SHA256;
	for (i = 0; i < 32; i++)
		name[2 + i] = i;
}

static void cp_hash_covers_code_names_and_parameters(struct kunit *test)
{
	u8 name[34], out[TPM2_MAX_DIGEST];
	struct tpm2_bytes names = tpm2_bytes(name, sizeof(name));

	fill_name(name);
	KUNIT_EXPECT_EQ(test, trm_cp_hash(TPM_ALG_ID_SHA256, TPM_CC_Unseal,
					  &names, 1,
					  tpm2_bytes(params, sizeof(params)),
					  out), 0);
	KUNIT_EXPECT_MEMEQ(test, out, cp_hash, sizeof(cp_hash));
}

static void cp_hash_refuses_a_fourth_name(struct kunit *test)
{
	struct tpm2_bytes names[4] = {};
	u8 out[TPM2_MAX_DIGEST];

	KUNIT_EXPECT_EQ(test, trm_cp_hash(TPM_ALG_ID_SHA256, TPM_CC_Unseal,
					  names, 4, tpm2_bytes(NULL, 0), out),
			-EINVAL);
}

static void rp_hash_covers_codes_and_parameters(struct kunit *test)
{
	u8 out[TPM2_MAX_DIGEST];

	KUNIT_EXPECT_EQ(test, trm_rp_hash(TPM_ALG_ID_SHA256, TPM_CC_Unseal,
					  tpm2_bytes(params, sizeof(params)),
					  out), 0);
	KUNIT_EXPECT_MEMEQ(test, out, rp_hash, sizeof(rp_hash));
}

static int hmac_of(struct tpm2_bytes key, struct tpm2_bytes value,
		   u8 attributes, u8 *out)
{
	u8 newer[32], older[32];
	const struct trm_nonces nonces = {
		.newer = tpm2_bytes(newer, sizeof(newer)),
		.older = tpm2_bytes(older, sizeof(older)),
	};

	memset(newer, 1, sizeof(newer));
	memset(older, 2, sizeof(older));
	return trm_auth_hmac(TPM_ALG_ID_SHA256, key, value, cp_hash, &nonces,
			     attributes, out);
}

static void hmac_takes_session_key_and_value(struct kunit *test)
{
	u8 key[32], out[TPM2_MAX_DIGEST];

	memset(key, 0xa5, sizeof(key));
	KUNIT_EXPECT_EQ(test, hmac_of(tpm2_bytes(key, sizeof(key)),
				      tpm2_bytes("secret", 6),
				      TPMA_SESSION_continueSession, out), 0);
	KUNIT_EXPECT_MEMEQ(test, out, hmac_keyed, sizeof(hmac_keyed));
}

static void hmac_strips_zeroes_from_the_value(struct kunit *test)
{
	u8 key[32], out[TPM2_MAX_DIGEST];

	memset(key, 0xa5, sizeof(key));
	KUNIT_EXPECT_EQ(test, hmac_of(tpm2_bytes(key, sizeof(key)),
				      tpm2_bytes("secret\0\0\0", 9),
				      TPMA_SESSION_continueSession, out), 0);
	KUNIT_EXPECT_MEMEQ(test, out, hmac_keyed, sizeof(hmac_keyed));
}

static void hmac_works_without_any_key(struct kunit *test)
{
	static const u8 zeroes[20];
	u8 out[TPM2_MAX_DIGEST];

	KUNIT_EXPECT_EQ(test, hmac_of(tpm2_bytes(NULL, 0), tpm2_bytes(NULL, 0),
				      TPMA_SESSION_continueSession |
				      TPMA_SESSION_audit, out), 0);
	KUNIT_EXPECT_MEMEQ(test, out, hmac_empty, sizeof(hmac_empty));
	KUNIT_EXPECT_EQ(test, hmac_of(tpm2_bytes(NULL, 0),
				      tpm2_bytes(zeroes, sizeof(zeroes)),
				      TPMA_SESSION_continueSession |
				      TPMA_SESSION_audit, out), 0);
	KUNIT_EXPECT_MEMEQ(test, out, hmac_empty, sizeof(hmac_empty));
}

static void hmac_refuses_what_does_not_fit(struct kunit *test)
{
	u8 key[64], value[65], out[TPM2_MAX_DIGEST];

	memset(key, 1, sizeof(key));
	memset(value, 1, sizeof(value));
	KUNIT_EXPECT_EQ(test, hmac_of(tpm2_bytes(key, sizeof(key)),
				      tpm2_bytes(value, sizeof(value)), 0, out),
			-EINVAL);
}

static void hmac_covers_nonces_of_other_sessions(struct kunit *test)
{
	u8 key[32], newer[32], older[32], decrypt[32], encrypt[48];
	const struct trm_nonces nonces = {
		.newer = tpm2_bytes(newer, sizeof(newer)),
		.older = tpm2_bytes(older, sizeof(older)),
		.decrypt = tpm2_bytes(decrypt, sizeof(decrypt)),
		.encrypt = tpm2_bytes(encrypt, sizeof(encrypt)),
	};
	u8 out[TPM2_MAX_DIGEST];

	memset(key, 0xa5, sizeof(key));
	memset(newer, 1, sizeof(newer));
	memset(older, 2, sizeof(older));
	memset(decrypt, 3, sizeof(decrypt));
	memset(encrypt, 4, sizeof(encrypt));
	KUNIT_EXPECT_EQ(test,
			trm_auth_hmac(TPM_ALG_ID_SHA256,
				      tpm2_bytes(key, sizeof(key)),
				      tpm2_bytes("secret", 6), cp_hash,
				      &nonces, TPMA_SESSION_continueSession,
				      out), 0);
	KUNIT_EXPECT_MEMEQ(test, out, hmac_extra, sizeof(hmac_extra));
}

static void unknown_hash_is_refused(struct kunit *test)
{
	u8 out[TPM2_MAX_DIGEST];

	KUNIT_EXPECT_EQ(test, trm_rp_hash(TPM_ALG_ID_NULL, TPM_CC_Unseal,
					  tpm2_bytes(NULL, 0), out),
			-EOPNOTSUPP);
}

static struct kunit_case authcalc_cases[] = {
	KUNIT_CASE(cp_hash_covers_code_names_and_parameters),
	KUNIT_CASE(cp_hash_refuses_a_fourth_name),
	KUNIT_CASE(rp_hash_covers_codes_and_parameters),
	KUNIT_CASE(hmac_takes_session_key_and_value),
	KUNIT_CASE(hmac_strips_zeroes_from_the_value),
	KUNIT_CASE(hmac_works_without_any_key),
	KUNIT_CASE(hmac_refuses_what_does_not_fit),
	KUNIT_CASE(hmac_covers_nonces_of_other_sessions),
	KUNIT_CASE(unknown_hash_is_refused),
	{}
};

static struct kunit_suite authcalc_suite = {
	.name = "tpm_rm_authcalc",
	.test_cases = authcalc_cases,
};

kunit_test_suite(authcalc_suite);
