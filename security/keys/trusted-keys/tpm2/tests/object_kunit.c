// SPDX-License-Identifier: GPL-2.0-only
/* Public areas: against those of a TPM, and those that none has. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "../keyfile.h"
#include "../object.h"
#include "hex.h"
#include "vectors.h"

#define POLICY_32	"31caf4ac6c9cd8fcedf4e8e3b322389ba5b52977529db8edd6e51b287e8c3b0c "
#define UNIQUE_32	"ce5a684b0a1414ed631e7fa35b54919b06d2be3a8d09b96885b55eb03967be03 "
#define UNIQUE_64	"07234ea4dcd8c52c90aba96aea2090cc4d1703fa197f09461378e56bc2f2f53a01b596e821ec4a89352ce56c0bbba9537f05f06f356ac2b5b2bb481f8b262839"
#define DIGEST_64	"c4c1fe66be76a5706f31c8a8d8f283127c1c80749a1776ff6af67c01f6f890b5f384bb7980d40219a7693a59d935d6cf67e184c635a00424d5d5661956a21fd5"
#define X_32		"c58753f8b146be003b3b6ce2c5a64da804c0b6dcb66b8591b19e8876544b9913 "
#define Y_32		"cd1747b98234b5df900fa1cbd37b010610d803a7df0c1d9dbf1d884c3a835940 "

/*
 * Made with tpm2-tools on a software TPM; areas by tpm2_readpublic -o, Names by
 * its -n.  The primary:
 *	tpm2_createprimary -C o -g sha256 -G ecc -a 'fixedtpm|fixedparent|
 *		sensitivedataorigin|userwithauth|noda|restricted|decrypt'
 * the objects under it: tpm2_create -i - with -L of a policy, or -g sha512.
 * The TPM gave the same two primaries (ECC, and RSA-2048 likewise) for a
 * CreatePrimary with the octets of H_2 and H_1.
 */
#define ECC_HEAD	"0023 000b 00030472 0000 0006 0080 0043 0010 0003 0010 "
#define RSA_HEAD	"0001 000b 00030472 0000 0006 0080 0043 0010 0800 00000000 "
#define H_2		"001a " ECC_HEAD "0000 0000"
#define H_1		"001a " RSA_HEAD "0000"

static const struct object {
	const char *name;
	const char *area;
	u16 type;
	u16 name_alg;
	u32 attributes;
	const char *auth_policy;
	const char *tpm_name;
} objects[] = {
	{ "primary_ecc", ECC_HEAD "0020 " X_32 "0020 " Y_32,
	  TPM_ALG_ID_ECC, TPM_ALG_ID_SHA256, 0x30472, "",
	  "000b 3f5947f5a66a778d5bf1f8c4ccc2ab895e2fda39637378908c28d82f56e4f014" },
	{ "sealed_with_policy", "0008 000b 00000412 0020 " POLICY_32 "0010 0020 " UNIQUE_32,
	  TPM_ALG_ID_KEYEDHASH, TPM_ALG_ID_SHA256, 0x412, POLICY_32,
	  "000b f72058cb87af3f8c6436b04d43b244d30504a02b22ad00c0f5573dfcfa282f53" },
	{ "sealed_sha512",
	  "0008 000d 00000440 0000 0010 0040 " UNIQUE_64,
	  TPM_ALG_ID_KEYEDHASH, TPM_ALG_ID_SHA512, 0x440, "",
	  "000d " DIGEST_64 },
};

KUNIT_ARRAY_PARAM_DESC(objects, objects, name);

static void public_decodes(struct kunit *test)
{
	const struct object *c = test->param_value;
	struct tpk_public p;

	KUNIT_ASSERT_EQ(test, tpk_public_decode(hex_exact(test, c->area), &p), 0);
	KUNIT_EXPECT_EQ(test, p.type, c->type);
	KUNIT_EXPECT_EQ(test, p.name_alg, c->name_alg);
	KUNIT_EXPECT_EQ(test, p.attributes, c->attributes);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(p.auth_policy, hex_exact(test, c->auth_policy)));
}

static void name_is_that_of_a_tpm(struct kunit *test)
{
	const struct object *c = test->param_value;
	struct tpm2_bytes want = hex_exact(test, c->tpm_name);
	u8 *name = kunit_kmalloc(test, want.len, GFP_KERNEL);

	KUNIT_ASSERT_EQ(test, tpk_public_name(hex_exact(test, c->area), name), (int)want.len);
	KUNIT_EXPECT_MEMEQ(test, name, want.data, want.len);
}

/* Up to the authPolicy's end for an ECC key, to the very end for sealed data. */
static void truncated_public_is_refused(struct kunit *test)
{
	const struct object *c = test->param_value;
	struct tpm2_bytes area = hex_exact(test, c->area);
	size_t len, checked = c->type == TPM_ALG_ID_KEYEDHASH ? area.len : 10;
	struct tpk_public p;
	u8 *tight;

	for (len = 0; len < checked; len++) {
		tight = kunit_kmalloc(test, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, tight);
		memcpy(tight, area.data, len);
		KUNIT_EXPECT_EQ_MSG(test, tpk_public_decode(tpm2_bytes(tight, len), &p),
				    -EBADMSG, "%zu octets", len);
		kunit_kfree(test, tight);
	}
}

static const struct refused {
	const char *name;
	const char *area;
	int err;
} refused[] = {
	{ "empty", "", -EBADMSG },
	{ "policy_beyond_end", "0023 000b 00030472 0020 aabb", -EBADMSG },
	{ "policy_short", "0023 000b 00030472 0002 aabb 0006", -EBADMSG },
	{ "policy_of_other_hash", "0008 000c 00000412 0020 " POLICY_32 "0010 0000", -EBADMSG },
	{ "policy_short_in_sealed", "0008 000b 00000412 0002 aabb 0010 0000", -EBADMSG },
	{ "name_alg_null", "0008 0010 00000412 0000 0010 0000", -EOPNOTSUPP },
	{ "name_alg_sm3", "0008 0012 00000412 0000 0010 0000", -EOPNOTSUPP },
	{ "name_alg_unknown_and_cut", "0008 0012 00000412 00", -EBADMSG },
	{ "sealed_without_scheme", "0008 000b 00000412 0000", -EBADMSG },
	{ "sealed_without_unique", "0008 000b 00000412 0000 0010", -EBADMSG },
	{ "sealed_unique_beyond_end", "0008 000b 00000412 0000 0010 0020 aabb", -EBADMSG },
	{ "sealed_unique_of_other_hash", "0008 000c 00000412 0000 0010 0020 " UNIQUE_32, -EBADMSG },
	{ "sealed_and_more", "0008 000b 00000412 0000 0010 0020 " UNIQUE_32 "00", -EBADMSG },
	{ "hmac_key", "0008 000b 00040472 0000 0005 000b 0020 " UNIQUE_32, -EBADMSG },
	{ "hmac_scheme_without_hash", "0008 000b 00040472 0000 0005 0020 " UNIQUE_32, -EBADMSG },
};

KUNIT_ARRAY_PARAM_DESC(refused, refused, name);

static void public_is_refused(struct kunit *test)
{
	const struct refused *c = test->param_value;
	struct tpm2_bytes area = hex_exact(test, c->area);
	u8 name[TPM2_MAX_NAME];
	struct tpk_public p;

	KUNIT_EXPECT_EQ(test, tpk_public_decode(area, &p), c->err);
	KUNIT_EXPECT_EQ(test, tpk_public_name(area, name), c->err);
}

/* Of other objects only the front is looked at. */
static void rest_of_a_key_is_left_to_the_tpm(struct kunit *test)
{
	struct tpm2_bytes ecc = hex_exact(test, "0023 000b 00030472 0000");
	struct tpm2_bytes rsa = hex_exact(test, "0001 000b 00030472 0000 aa");
	struct tpk_public p;

	KUNIT_EXPECT_EQ(test, tpk_public_decode(ecc, &p), 0);
	KUNIT_EXPECT_EQ(test, tpk_public_decode(rsa, &p), 0);
}

static void expect_written(struct kunit *test, const struct tpm2_writer *w,
			   const char *hex)
{
	struct tpm2_bytes want = hex_exact(test, hex);

	KUNIT_EXPECT_FALSE(test, w->full);
	KUNIT_ASSERT_EQ(test, w->len, want.len);
	KUNIT_EXPECT_MEMEQ(test, w->buf, want.data, want.len);
}

static void primary_templates_are_h2_and_h1(struct kunit *test)
{
	u8 out[32];
	struct tpm2_writer w = tpm2_writer(out, sizeof(out));

	tpk_put_primary(&w, false);
	expect_written(test, &w, H_2);
	w = tpm2_writer(out, sizeof(out));
	tpk_put_primary(&w, true);
	expect_written(test, &w, H_1);
}

static void sealed_templates(struct kunit *test)
{
	struct tpm2_bytes policy = hex_exact(test, POLICY_32);
	u8 out[64];
	struct tpm2_writer w = tpm2_writer(out, sizeof(out));

	tpk_put_sealed(&w, TPM_ALG_ID_SHA256, 0x412, policy);
	expect_written(test, &w, "002e 0008 000b 00000412 0020 " POLICY_32 "0010 0000");
	w = tpm2_writer(out, sizeof(out));
	tpk_put_sealed(&w, TPM_ALG_ID_SHA512, 0x440, tpm2_bytes(NULL, 0));
	expect_written(test, &w, "000e 0008 000d 00000440 0000 0010 0000");
}

static void templates_decode(struct kunit *test)
{
	u8 out[64];
	struct tpm2_writer w = tpm2_writer(out, sizeof(out));
	struct tpk_public p;

	tpk_put_sealed(&w, TPM_ALG_ID_SHA256, 0x412, hex_exact(test, POLICY_32));
	KUNIT_EXPECT_EQ(test, tpk_public_decode(tpm2_bytes(out + 2, w.len - 2), &p), 0);
	KUNIT_EXPECT_EQ(test, p.attributes, 0x412);
	KUNIT_EXPECT_EQ(test, p.auth_policy.len, 32);
	w = tpm2_writer(out, sizeof(out));
	tpk_put_primary(&w, false);
	KUNIT_EXPECT_EQ(test, tpk_public_decode(tpm2_bytes(out + 2, w.len - 2), &p), 0);
	KUNIT_EXPECT_EQ(test, p.type, TPM_ALG_ID_ECC);
}

static void full_writer_stays_full(struct kunit *test)
{
	struct tpm2_bytes policy = hex_exact(test, POLICY_32);
	size_t size;

	for (size = 0; size < 48; size++) {
		u8 *out = kunit_kmalloc(test, size, GFP_KERNEL);
		struct tpm2_writer w = tpm2_writer(out, size);

		tpk_put_sealed(&w, TPM_ALG_ID_SHA256, 0x412, policy);
		KUNIT_EXPECT_TRUE(test, w.full);
		w = tpm2_writer(out, size < 28 ? size : 27);
		tpk_put_primary(&w, size % 2);
		KUNIT_EXPECT_TRUE(test, w.full);
	}
}

static const struct vector {
	const char *name;
	const u8 *blob;
	size_t len;
	u32 attributes;
} vectors[] = {
	{ "k1", vector_k1_der, sizeof(vector_k1_der), 0x400 },
	{ "k2", vector_k2_der, sizeof(vector_k2_der), 0x400 },
	{ "k5", vector_k5_der, sizeof(vector_k5_der), 0x412 },
};

KUNIT_ARRAY_PARAM_DESC(vectors, vectors, name);

static void vector_holds_sealed_data(struct kunit *test)
{
	const struct vector *v = test->param_value;
	struct tpk_keyfile *kf = kunit_kzalloc(test, sizeof(*kf), GFP_KERNEL);
	struct tpk_public p;
	const char *what;
	int err;

	err = tpk_keyfile_decode(tpm2_bytes(v->blob, v->len), kf, &what);
	KUNIT_ASSERT_EQ(test, err, 0);
	err = tpk_public_decode(tpm2_bytes(kf->public.data + 2, kf->public.len - 2), &p);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_EXPECT_EQ(test, p.type, TPM_ALG_ID_KEYEDHASH);
	KUNIT_EXPECT_EQ(test, p.name_alg, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_EQ(test, p.attributes, v->attributes);
	KUNIT_EXPECT_EQ(test, p.auth_policy.len, 32);
}

static struct kunit_case object_cases[] = {
	KUNIT_CASE_PARAM(public_decodes, objects_gen_params),
	KUNIT_CASE_PARAM(name_is_that_of_a_tpm, objects_gen_params),
	KUNIT_CASE_PARAM(truncated_public_is_refused, objects_gen_params),
	KUNIT_CASE_PARAM(public_is_refused, refused_gen_params),
	KUNIT_CASE(rest_of_a_key_is_left_to_the_tpm),
	KUNIT_CASE(primary_templates_are_h2_and_h1),
	KUNIT_CASE(sealed_templates),
	KUNIT_CASE(templates_decode),
	KUNIT_CASE(full_writer_stays_full),
	KUNIT_CASE_PARAM(vector_holds_sealed_data, vectors_gen_params),
	{}
};

static struct kunit_suite object_suite = {
	.name = "tpk_object",
	.test_cases = object_cases,
};

kunit_test_suite(object_suite);

MODULE_DESCRIPTION("Public areas and Names");
MODULE_LICENSE("GPL");
