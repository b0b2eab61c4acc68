// SPDX-License-Identifier: GPL-2.0-only
/* Digests of policies that a TPM computed, and those in blobs of other writers. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "../keyfile.h"
#include "../object.h"
#include "../tree.h"
#include "hex.h"
#include "vectors.h"

#define SHA256_7	"000b 03 800000 "
#define ONE_BANK	"00000001 " SHA256_7
#define TWO_BANKS	"00000002 0004 03 110000 000b 03 800880 "

/* Statements of the policies below. */
enum statement {
	NONE,
	PCR_7,
	PCR_7_SIZED,
	PCR_TWO_BANKS,
	AUTHVALUE,
};

/*
 * All PCRs are zero, as they are after a reset.  So the digest over one of the
 * sha256 bank is that of 32 octets, over sha1:0,4+sha256:7,11,23 of 136.
 */
static struct tpm2_bytes zero_pcrs_body(struct kunit *test, const char *selection,
					size_t octets, u16 hash, bool sized)
{
	unsigned int size = tpm2_digest_size(hash);
	u8 *zero = kunit_kzalloc(test, octets, GFP_KERNEL);
	u8 *out = kunit_kzalloc(test, 128, GFP_KERNEL);
	struct tpm2_writer w = tpm2_writer(out, 128);
	struct tpm2_bytes pcrs = tpm2_bytes(zero, octets);
	u8 digest[TPM2_MAX_DIGEST];

	KUNIT_EXPECT_EQ(test, tpm2_digest(hash, &pcrs, 1, digest), 0);
	if (sized)
		tpm2_put_sized(&w, tpm2_bytes(digest, size));
	tpm2_put_bytes(&w, hex_exact(test, selection));
	if (!sized)
		tpm2_put(&w, digest, size);
	return tpm2_written(&w);
}

static struct tpk_statement statement(struct kunit *test, enum statement which,
				      u16 hash)
{
	struct tpk_statement st = { .code = TPM_CC_PolicyPCR };

	switch (which) {
	case PCR_7:
		st.body = zero_pcrs_body(test, ONE_BANK, 32, hash, false);
		break;
	case PCR_7_SIZED:
		st.body = zero_pcrs_body(test, ONE_BANK, 32, hash, true);
		break;
	case PCR_TWO_BANKS:
		st.body = zero_pcrs_body(test, TWO_BANKS, 136, hash, false);
		break;
	default:
		st.code = TPM_CC_PolicyAuthValue;
	}
	return st;
}

static struct tpk_policy *policy_of(struct kunit *test, const enum statement *list,
				    u16 hash)
{
	struct tpk_policy *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	for (; *list != NONE; list++)
		p->statement[p->nr++] = statement(test, *list, hash);
	return p;
}

static int digest_of(struct kunit *test, const struct tpk_policy *p, u16 hash,
		     struct tpm2_bytes *digest, const char **what)
{
	struct tpk_tree *tree = kunit_kzalloc(test, sizeof(*tree), GFP_KERNEL);
	int err = tpk_tree_build(tree, p, NULL, hash, what);

	*digest = tpk_tree_digest(tree);
	return err;
}

/*
 * Made with tpm2-tools on a software TPM just reset:
 *	tpm2_startauthsession -S s -g HASH
 *	tpm2_policypcr -S s -l sha256:7 and/or tpm2_policyauthvalue -S s
 * each in the order of the name, the last one with -L.
 */
static const struct answer {
	const char *name;
	u16 hash;
	enum statement list[4];
	const char *digest;
} answers[] = {
	{ "sha1_pcr", TPM_ALG_ID_SHA1, { PCR_7 },
	  "8a57b704e9b5e7e0bee016c7581ecd184a0020d2" },
	{ "sha1_pcr_two_banks", TPM_ALG_ID_SHA1, { PCR_TWO_BANKS },
	  "6d98738350454ba6a1256d1401ca4b7405fa6f2e" },
	{ "sha1_authvalue", TPM_ALG_ID_SHA1, { AUTHVALUE },
	  "af6038c78c5c962d37127e319124e3a8dc582e9b" },
	{ "sha1_authvalue_pcr", TPM_ALG_ID_SHA1, { AUTHVALUE, PCR_7 },
	  "a9bdf9fd250e4f2bb2318baf1ab4e17752f53015" },
	{ "sha1_pcr_authvalue", TPM_ALG_ID_SHA1, { PCR_7, AUTHVALUE },
	  "0c500fcddf6502d42c59f7622757644ac4737910" },
	{ "sha256_pcr", TPM_ALG_ID_SHA256, { PCR_7 },
	  "8b5682d81b29435d08d79278150611dc7e5923b2fefcce684a09577b40130a8b" },
	{ "sha256_pcr_two_banks", TPM_ALG_ID_SHA256, { PCR_TWO_BANKS },
	  "64c5e416978c7598511f8c3fd9c3bfa0885328ba4d86bded29126250edb516b0" },
	{ "sha256_authvalue", TPM_ALG_ID_SHA256, { AUTHVALUE },
	  "8fcd2169ab92694e0c633f1ab772842b8241bbc20288981fc7ac1eddc1fddb0e" },
	{ "sha256_authvalue_pcr", TPM_ALG_ID_SHA256, { AUTHVALUE, PCR_7 },
	  "31caf4ac6c9cd8fcedf4e8e3b322389ba5b52977529db8edd6e51b287e8c3b0c" },
	{ "sha256_pcr_authvalue", TPM_ALG_ID_SHA256, { PCR_7, AUTHVALUE },
	  "b8db92fae7c1e0c588e7352d2fc10f27c7b384e32f706a520cb10bf7ffee8970" },
	{ "sha384_pcr", TPM_ALG_ID_SHA384, { PCR_7 },
	  "189cea1aa37436317828e1b2583a7e844874802720bce034cd034c76b4fa45c26a10ab1f31db6d0a8fee7f31af2eead9"
	},
	{ "sha384_pcr_two_banks", TPM_ALG_ID_SHA384, { PCR_TWO_BANKS },
	  "d8a84f54ee4071a35f73886e66e09e098e6a376e9b2f091a92f6fae9c45d4367bf6743f2af73bb5688e893596ba20cdf"
	},
	{ "sha384_authvalue", TPM_ALG_ID_SHA384, { AUTHVALUE },
	  "0eb13321e885c9603d394e1c33976d4660517111f440d377585f66a94a0eee0a7f73d10b68edc48f61bd3c8385dcddf5"
	},
	{ "sha384_authvalue_pcr", TPM_ALG_ID_SHA384, { AUTHVALUE, PCR_7 },
	  "d8d2c437db2c9dccd17bfa8cc5816889b2e5ec09704cb92f396b21806f4b58f711ea98dff29f3319c7e47a36348c2eda"
	},
	{ "sha384_pcr_authvalue", TPM_ALG_ID_SHA384, { PCR_7, AUTHVALUE },
	  "d8d0e386899ed07186452cfd24a09174131b3c34a74fbf417a2d2317be87b14383ed4905578c8a3db52403b55c6f8968"
	},
	{ "sha512_pcr", TPM_ALG_ID_SHA512, { PCR_7 },
	  "700e1198bc71fd4c46e62c33e5d00e01cc7b62ecd6ad7658898fe0c0939c189a2e42503a15b41189e0e202e6c2c1d262c3ed682c24cb7faa52f2618c12f315d9"
	},
	{ "sha512_pcr_two_banks", TPM_ALG_ID_SHA512, { PCR_TWO_BANKS },
	  "b952239fc527f41e74e7d8373bafd6e119d4573bbc30b895adce6e39b25b5feb11c5f9a602bfc7a3e0c6f06be1be0e584faea3aeefa528b907ef86b39ac99e26"
	},
	{ "sha512_authvalue", TPM_ALG_ID_SHA512, { AUTHVALUE },
	  "7e449b52cb9d5360379cbb1d874b8be572eaca3d387d6376edcbc50699903608711483dd07796b436a26a558aae221bfce15e8ae353c08962ae6c6b19ef16932"
	},
	{ "sha512_authvalue_pcr", TPM_ALG_ID_SHA512, { AUTHVALUE, PCR_7 },
	  "bc438382b6aef0ce92eb0171f516c181721c831aa27fd7db62038fbf9af97cc915edd3de777318962c83260c660309e815312cc4700e8b59799a7eabd0583a00"
	},
	{ "sha512_pcr_authvalue", TPM_ALG_ID_SHA512, { PCR_7, AUTHVALUE },
	  "69db9d18311a1a8f37584ec7f34363187fbbd48eb0e5a2cf85cd845a1edc052d6404cf9f69cc010dbe9467f2ed32036f9a467dba35174fccabe09b01a57ec951"
	},
	{ "sha256_sized", TPM_ALG_ID_SHA256, { PCR_7_SIZED },
	  "8b5682d81b29435d08d79278150611dc7e5923b2fefcce684a09577b40130a8b" },
};

KUNIT_ARRAY_PARAM_DESC(answers, answers, name);

static void digest_is_that_of_a_tpm(struct kunit *test)
{
	const struct answer *c = test->param_value;
	struct tpk_policy *p = policy_of(test, c->list, c->hash);
	struct tpm2_bytes want = hex_exact(test, c->digest);
	struct tpm2_bytes got;
	const char *what;

	KUNIT_ASSERT_EQ(test, digest_of(test, p, c->hash, &got, &what), 0);
	KUNIT_ASSERT_EQ(test, want.len, tpm2_digest_size(c->hash));
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(got, want));
}

static const struct vector {
	const char *name;
	const u8 *blob;
	size_t len;
} vectors[] = {
	{ "k1", vector_k1_der, sizeof(vector_k1_der) },
	{ "k5", vector_k5_der, sizeof(vector_k5_der) },
};

KUNIT_ARRAY_PARAM_DESC(vectors, vectors, name);

static void digest_is_that_in_the_object(struct kunit *test)
{
	const struct vector *v = test->param_value;
	struct tpk_keyfile *kf = kunit_kzalloc(test, sizeof(*kf), GFP_KERNEL);
	struct tpm2_bytes digest;
	struct tpk_public p;
	const char *what;
	int err;

	err = tpk_keyfile_decode(tpm2_bytes(v->blob, v->len), kf, &what);
	KUNIT_ASSERT_EQ(test, err, 0);
	err = tpk_public_decode(tpm2_bytes(kf->public.data + 2, kf->public.len - 2), &p);
	KUNIT_ASSERT_EQ(test, err, 0);
	KUNIT_ASSERT_EQ(test, digest_of(test, &kf->policy, p.name_alg, &digest, &what), 0);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(p.auth_policy, digest));
}

static void body_made_for_another_hash_is_refused(struct kunit *test)
{
	static const enum statement list[] = { PCR_7, NONE };
	struct tpk_policy *p = policy_of(test, list, TPM_ALG_ID_SHA256);
	struct tpm2_bytes digest;
	const char *what;

	KUNIT_EXPECT_EQ(test, digest_of(test, p, TPM_ALG_ID_SHA384, &digest, &what),
			-EBADMSG);
	KUNIT_EXPECT_STREQ(test, what, "policy: malformed PolicyPCR");
}

static void nothing_has_a_digest_of_zeroes(struct kunit *test)
{
	static const struct tpk_policy nothing;
	static const u8 zero[48];
	struct tpm2_bytes digest;
	const char *what;

	KUNIT_EXPECT_EQ(test, digest_of(test, &nothing, TPM_ALG_ID_SHA384, &digest, &what),
			0);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(digest, tpm2_bytes(zero, sizeof(zero))));
}

static struct kunit_case policy_cases[] = {
	KUNIT_CASE_PARAM(digest_is_that_of_a_tpm, answers_gen_params),
	KUNIT_CASE_PARAM(digest_is_that_in_the_object, vectors_gen_params),
	KUNIT_CASE(body_made_for_another_hash_is_refused),
	KUNIT_CASE(nothing_has_a_digest_of_zeroes),
	{}
};

static struct kunit_suite policy_suite = {
	.name = "tpk_policy",
	.test_cases = policy_cases,
};

kunit_test_suite(policy_suite);

MODULE_DESCRIPTION("Policies and their digests");
MODULE_LICENSE("GPL");
