// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key files that are accepted: what they decode to, how they are written again,
 * and that nothing near them is read beyond its end.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "../keyfile.h"
#include "keyfile_parts.h"
#include "vectors.h"

/* Fits every blob here, written again. */
#define OUT_MAX		(TPK_MAX_BLOB + 64)

struct scratch {
	struct tpk_keyfile kf;
	struct tpk_keyfile again;
	u8 in[OUT_MAX];
	u8 out[OUT_MAX];
	u8 more[OUT_MAX];
};

static int scratch_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct scratch), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static int decode(const u8 *blob, size_t len, struct tpk_keyfile *kf)
{
	const char *what;

	return tpk_keyfile_decode(tpm2_bytes(blob, len), kf, &what);
}

static bool policies_equal(const struct tpk_policy *a,
			   const struct tpk_policy *b)
{
	unsigned int i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++)
		if (a->statement[i].code != b->statement[i].code ||
		    !tpm2_bytes_equal(a->statement[i].body, b->statement[i].body))
			return false;
	return true;
}

static bool keyfiles_equal(const struct tpk_keyfile *a,
			   const struct tpk_keyfile *b)
{
	return a->type == b->type && a->empty_auth == b->empty_auth &&
	       policies_equal(&a->policy, &b->policy) &&
	       tpm2_bytes_equal(a->secret, b->secret) &&
	       tpm2_bytes_equal(a->auth_policy, b->auth_policy) &&
	       tpm2_bytes_equal(a->description, b->description) &&
	       a->rsa_parent == b->rsa_parent &&
	       tpm2_bytes_equal(a->parent_name, b->parent_name) &&
	       a->parent == b->parent &&
	       tpm2_bytes_equal(a->public, b->public) &&
	       tpm2_bytes_equal(a->private, b->private);
}

/* What was decoded can be written, and means the same when it is read again. */
static void expect_consistent(struct kunit *test, const struct tpk_keyfile *kf)
{
	struct scratch *s = test->priv;
	int len = tpk_keyfile_encode(kf, s->out, sizeof(s->out));

	KUNIT_ASSERT_GT(test, len, 0);
	KUNIT_ASSERT_EQ(test, decode(s->out, len, &s->again), 0);
	KUNIT_EXPECT_TRUE(test, keyfiles_equal(kf, &s->again));
	KUNIT_EXPECT_EQ(test, len,
			tpk_keyfile_encode(&s->again, s->more, sizeof(s->more)));
	KUNIT_EXPECT_MEMEQ(test, s->out, s->more, len);
}

static const struct vector {
	const char *name;
	const u8 *blob;
	size_t len;
} vectors[] = {
	{ "k1", vector_k1_der, sizeof(vector_k1_der) },
	{ "k2", vector_k2_der, sizeof(vector_k2_der) },
	{ "k5", vector_k5_der, sizeof(vector_k5_der) },
};

KUNIT_ARRAY_PARAM_DESC(vectors, vectors, name);

static void expect_span(struct kunit *test, struct tpm2_bytes span,
			const u8 *blob, size_t offset, size_t len)
{
	KUNIT_EXPECT_PTR_EQ(test, span.data, blob + offset);
	KUNIT_EXPECT_EQ(test, span.len, len);
}

static void expect_no_more(struct kunit *test, const struct tpk_keyfile *kf)
{
	KUNIT_EXPECT_EQ(test, kf->type, TPK_SEALED_DATA);
	KUNIT_EXPECT_EQ(test, kf->secret.len, 0);
	KUNIT_EXPECT_EQ(test, kf->auth_policy.len, 0);
	KUNIT_EXPECT_EQ(test, kf->description.len, 0);
	KUNIT_EXPECT_FALSE(test, kf->rsa_parent);
	KUNIT_EXPECT_EQ(test, kf->parent_name.len, 0);
}

static void k1_decodes(struct kunit *test)
{
	struct tpk_keyfile *kf = &((struct scratch *)test->priv)->kf;
	const u8 *blob = vector_k1_der;

	KUNIT_ASSERT_EQ(test, decode(blob, sizeof(vector_k1_der), kf), 0);
	expect_no_more(test, kf);
	KUNIT_EXPECT_TRUE(test, kf->empty_auth);
	KUNIT_EXPECT_EQ(test, kf->policy.nr, 1);
	KUNIT_EXPECT_EQ(test, kf->policy.statement[0].code, TPM_CC_PolicyPCR);
	expect_span(test, kf->policy.statement[0].body, blob, 33, 42);
	KUNIT_EXPECT_EQ(test, kf->parent, TPM_RH_OWNER);
	expect_span(test, kf->public, blob, 83, 80);
	expect_span(test, kf->private, blob, 166, 160);
}

static void k2_decodes(struct kunit *test)
{
	struct tpk_keyfile *kf = &((struct scratch *)test->priv)->kf;
	const u8 *blob = vector_k2_der;

	KUNIT_ASSERT_EQ(test, decode(blob, sizeof(vector_k2_der), kf), 0);
	expect_no_more(test, kf);
	KUNIT_EXPECT_FALSE(test, kf->empty_auth);
	KUNIT_EXPECT_EQ(test, kf->policy.nr, 3);
	KUNIT_EXPECT_EQ(test, kf->policy.statement[0].code,
			TPM_CC_PolicyAuthValue);
	expect_span(test, kf->policy.statement[0].body, blob, 28, 0);
	KUNIT_EXPECT_EQ(test, kf->policy.statement[1].code, TPM_CC_PolicyPCR);
	expect_span(test, kf->policy.statement[1].body, blob, 40, 42);
	KUNIT_EXPECT_EQ(test, kf->policy.statement[2].code,
			TPM_CC_PolicyLocality);
	expect_span(test, kf->policy.statement[2].body, blob, 94, 1);
	KUNIT_EXPECT_EQ(test, kf->parent, TPM_RH_OWNER);
	expect_span(test, kf->public, blob, 103, 80);
	expect_span(test, kf->private, blob, 186, 160);
}

static void k5_decodes(struct kunit *test)
{
	struct tpk_keyfile *kf = &((struct scratch *)test->priv)->kf;
	const u8 *blob = vector_k5_der;

	KUNIT_ASSERT_EQ(test, decode(blob, sizeof(vector_k5_der), kf), 0);
	expect_no_more(test, kf);
	KUNIT_EXPECT_TRUE(test, kf->empty_auth);
	KUNIT_EXPECT_EQ(test, kf->policy.nr, 1);
	KUNIT_EXPECT_EQ(test, kf->policy.statement[0].code, TPM_CC_PolicyPCR);
	expect_span(test, kf->policy.statement[0].body, blob, 33, 42);
	KUNIT_EXPECT_EQ(test, kf->parent, 0x81000001);
	expect_span(test, kf->public, blob, 84, 80);
	expect_span(test, kf->private, blob, 167, 193);
}

/* Their writer has the forms that ours has: 0xff for TRUE, a positive parent. */
static void vector_is_written_as_it_was(struct kunit *test)
{
	const struct vector *v = test->param_value;
	struct scratch *s = test->priv;
	int len;

	KUNIT_ASSERT_EQ(test, decode(v->blob, v->len, &s->kf), 0);
	len = tpk_keyfile_encode(&s->kf, s->out, v->len);
	KUNIT_ASSERT_EQ(test, len, (int)v->len);
	KUNIT_EXPECT_MEMEQ(test, s->out, v->blob, v->len);
}

static void truncated_vector_is_refused(struct kunit *test)
{
	const struct vector *v = test->param_value;
	struct scratch *s = test->priv;
	const char *what;
	size_t len;
	u8 *exact;
	int err;

	for (len = 0; len < v->len; len++) {
		exact = kunit_kmalloc(test, len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, exact);
		memcpy(exact, v->blob, len);
		what = NULL;
		err = tpk_keyfile_decode(tpm2_bytes(exact, len), &s->kf, &what);
		KUNIT_ASSERT_EQ(test, err, -EBADMSG);
		KUNIT_ASSERT_STREQ(test, what, "blob: not exactly one SEQUENCE");
		kunit_kfree(test, exact);
	}
}

static void expect_refused_or_consistent(struct kunit *test, const u8 *blob,
					 size_t len)
{
	struct scratch *s = test->priv;
	u8 *exact = kunit_kmalloc(test, len, GFP_KERNEL);
	const char *what = NULL;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, exact);
	memcpy(exact, blob, len);
	err = tpk_keyfile_decode(tpm2_bytes(exact, len), &s->kf, &what);
	if (err) {
		KUNIT_EXPECT_EQ(test, err, -EBADMSG);
		KUNIT_EXPECT_NOT_NULL(test, what);
	} else {
		KUNIT_EXPECT_NULL(test, what);
		expect_consistent(test, &s->kf);
	}
	kunit_kfree(test, exact);
}

static void mutated_vector_is_refused_or_consistent(struct kunit *test)
{
	static const u8 values[] = { 0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0xff };
	const struct vector *v = test->param_value;
	u8 *in = ((struct scratch *)test->priv)->in;
	size_t at, i;

	memcpy(in, v->blob, v->len);
	for (at = 0; at < v->len; at++) {
		for (i = 0; i < 8; i++) {
			in[at] = v->blob[at] ^ 1 << i;
			expect_refused_or_consistent(test, in, v->len);
		}
		for (i = 0; i < ARRAY_SIZE(values); i++) {
			in[at] = values[i];
			expect_refused_or_consistent(test, in, v->len);
		}
		in[at] = v->blob[at] + 1;
		expect_refused_or_consistent(test, in, v->len);
		in[at] = v->blob[at] - 1;
		expect_refused_or_consistent(test, in, v->len);
		in[at] = v->blob[at];
	}
}

/* @in with @drop octets at @at replaced by @add of a value, its length right. */
static size_t spliced(u8 *out, const struct vector *v, size_t at, size_t drop,
		      size_t add)
{
	size_t len = v->len - drop + add;

	memcpy(out, v->blob, at);
	memset(out + at, 0x04, add);
	memcpy(out + at + add, v->blob + at + drop, v->len - at - drop);
	put_unaligned_be16(len - 4, out + 2);
	return len;
}

static void spliced_vector_is_refused_or_consistent(struct kunit *test)
{
	const struct vector *v = test->param_value;
	u8 *in = ((struct scratch *)test->priv)->in;
	size_t at, len;

	for (at = 4; at < v->len; at++) {
		len = spliced(in, v, at, 1, 0);
		expect_refused_or_consistent(test, in, len);
		len = spliced(in, v, at, 0, 1);
		expect_refused_or_consistent(test, in, len);
		len = spliced(in, v, at, v->len - at, 0);
		expect_refused_or_consistent(test, in, len);
		len = spliced(in, v, at, 1, 3);
		expect_refused_or_consistent(test, in, len);
	}
}

/* What is read and how it is written; NULL: as it was. */
static const struct accepted {
	const char *name;
	const char *fields;
	const char *written;
} accepted[] = {
	{ "loadable", OID_LOADABLE TAIL },
	{ "importable", OID_IMPORTABLE SECRET TAIL },
	{ "sealed", OID_SEALED TAIL },
	{ "empty_auth_ff", OID_SEALED EMPTY_AUTH TAIL },
	{ "empty_auth_01", OID_SEALED "a003 010101 " TAIL, OID_SEALED EMPTY_AUTH TAIL },
	{ "empty_auth_false", OID_SEALED "a003 010100 " TAIL, OID_SEALED TAIL },
	{ "persistent_5_octets", OID_SEALED PERSISTENT OBJECT },
	{ "persistent_negative", OID_SEALED "020481000001 " OBJECT, OID_SEALED PERSISTENT OBJECT },
	{ "endorsement", OID_SEALED "02044000000b " OBJECT },
	{ "platform", OID_SEALED "02044000000c " OBJECT },
	{ "null_hierarchy", OID_SEALED "020440000007 " OBJECT },
	{ "policy", OID_SEALED POLICY TAIL },
	{ "policy_of_16", OID_SEALED "a181c3 3081c0 " AUTHVALUE_16 TAIL },
	{ "policy_code_0", OID_SEALED "a10d 300b 3009 a003020100 a1020400 " TAIL },
	{ "policy_code_32_bits", OID_SEALED "a111 300f 300d a007020500ffffffff a1020400 " TAIL },
	{ "auth_policy", OID_SEALED POLICY "a314 3012 3010 " POLICY TAIL },
	{ "auth_policies_with_names",
	  OID_SEALED POLICY "a32f 302d 3015 a0030c0161 " POLICY "3014 a0020c00 " POLICY TAIL },
	{ "auth_policy_of_16",
	  OID_SEALED POLICY "a381cc 3081c9 3081c6 a181c3 3081c0 " AUTHVALUE_16 TAIL },
	{ "description", OID_SEALED "a408 0c06 61c3a4e282ac " TAIL },
	{ "description_empty", OID_SEALED "a402 0c00 " TAIL, OID_SEALED TAIL },
	{ "rsa_parent", OID_SEALED RSA_PARENT TAIL },
	{ "rsa_parent_01", OID_SEALED "a503 010101 " TAIL, OID_SEALED RSA_PARENT TAIL },
	{ "parent_name", OID_SEALED PARENT_NAME TAIL },
	{ "parent_name_unknown_hash", OID_SEALED "a606 0404 0012 aabb " TAIL },
	{ "all", OID_IMPORTABLE EMPTY_AUTH POLICY SECRET "a314 3012 3010 " POLICY
	  "a403 0c0161 " RSA_PARENT PARENT_NAME TAIL },
};

KUNIT_ARRAY_PARAM_DESC(accepted, accepted, name);

static void accepted_is_written_canonically(struct kunit *test)
{
	const struct accepted *c = test->param_value;
	struct scratch *s = test->priv;
	struct tpm2_bytes in = keyfile_of(c->fields, s->in);
	struct tpm2_bytes want = in;
	int len;

	KUNIT_ASSERT_EQ(test, decode(in.data, in.len, &s->kf), 0);
	len = tpk_keyfile_encode(&s->kf, s->out, sizeof(s->out));
	if (c->written)
		want = keyfile_of(c->written, s->more);
	KUNIT_ASSERT_EQ(test, len, (int)want.len);
	KUNIT_EXPECT_MEMEQ(test, s->out, want.data, want.len);
	expect_consistent(test, &s->kf);
}

static void all_fields_decode(struct kunit *test)
{
	struct scratch *s = test->priv;
	struct tpk_keyfile *kf = &s->kf;
	struct tpm2_bytes in = keyfile_of(accepted[ARRAY_SIZE(accepted) - 1].fields, s->in);

	KUNIT_ASSERT_EQ(test, decode(in.data, in.len, kf), 0);
	KUNIT_EXPECT_EQ(test, kf->type, TPK_IMPORTABLE_KEY);
	KUNIT_EXPECT_TRUE(test, kf->empty_auth);
	KUNIT_EXPECT_EQ(test, kf->policy.nr, 1);
	KUNIT_EXPECT_EQ(test, kf->policy.statement[0].code,
			TPM_CC_PolicyAuthValue);
	KUNIT_EXPECT_MEMEQ(test, kf->secret.data, "\x00\x01\xdd", 3);
	KUNIT_EXPECT_EQ(test, kf->auth_policy.len, 18);
	KUNIT_EXPECT_MEMEQ(test, kf->description.data, "a", 1);
	KUNIT_EXPECT_TRUE(test, kf->rsa_parent);
	KUNIT_EXPECT_EQ(test, kf->parent_name.len, 34);
	KUNIT_EXPECT_EQ(test, kf->parent, TPM_RH_OWNER);
	KUNIT_EXPECT_MEMEQ(test, kf->public.data, "\x00\x02\xaa\xbb", 4);
	KUNIT_EXPECT_MEMEQ(test, kf->private.data, "\x00\x01\xcc", 3);
}

static void old_file_decodes(struct kunit *test)
{
	struct scratch *s = test->priv;
	struct tpm2_bytes in = hex_octets("0001cc 0002aabb", s->in);
	const char *what;

	memset(&s->kf, 0xa5, sizeof(s->kf));
	KUNIT_ASSERT_EQ(test, tpk_oldfile_decode(in, &s->kf, &what), 0);
	expect_no_more(test, &s->kf);
	KUNIT_EXPECT_FALSE(test, s->kf.empty_auth);
	KUNIT_EXPECT_EQ(test, s->kf.policy.nr, 0);
	KUNIT_EXPECT_EQ(test, s->kf.parent, 0);
	expect_span(test, s->kf.private, s->in, 0, 3);
	expect_span(test, s->kf.public, s->in, 3, 4);
}

static void no_smaller_buffer_is_enough(struct kunit *test)
{
	struct scratch *s = test->priv;
	struct tpm2_bytes in = keyfile_of(accepted[ARRAY_SIZE(accepted) - 1].fields, s->in);
	size_t size;
	u8 *exact;
	int err;

	KUNIT_ASSERT_EQ(test, decode(in.data, in.len, &s->kf), 0);
	for (size = 0; size < in.len; size++) {
		exact = kunit_kmalloc(test, size, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, exact);
		err = tpk_keyfile_encode(&s->kf, exact, size);
		KUNIT_ASSERT_EQ(test, err, -EMSGSIZE);
		kunit_kfree(test, exact);
	}
	err = tpk_keyfile_encode(&s->kf, s->out, in.len);
	KUNIT_EXPECT_EQ(test, err, (int)in.len);
}

static void more_than_65535_octets_are_not_written(struct kunit *test)
{
	struct scratch *s = test->priv;
	u8 *big = kunit_kzalloc(test, 0x20000, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, big);
	s->kf.parent = TPM_RH_OWNER;
	s->kf.private = tpm2_bytes(big, 0x10000);
	KUNIT_EXPECT_EQ(test, tpk_keyfile_encode(&s->kf, big, 0x20000), -EMSGSIZE);
}

static struct tpm2_bytes random_sized(u32 *seed, u8 **at, size_t max)
{
	u8 *start = *at;
	size_t len = 1 + test_random(seed) % max;

	put_unaligned_be16(len, start);
	test_random_octets(seed, start + 2, len);
	*at += 2 + len;
	return tpm2_bytes(start, 2 + len);
}

static void random_policy(u32 *seed, u8 **at, struct tpk_policy *policy)
{
	unsigned int i;

	policy->nr = test_random(seed) % (TPK_MAX_STATEMENTS + 1);
	for (i = 0; i < policy->nr; i++) {
		struct tpk_statement *st = &policy->statement[i];

		st->code = test_random(seed) >> test_random(seed) % 32;
		st->body = random_sized(seed, at, 150);
		if (test_random(seed) % 4 == 0)
			st->body.len = 0;
	}
}

/* Octets of the spans go to @at. */
static void random_keyfile(u32 *seed, u8 *at, struct tpk_keyfile *kf)
{
	memset(kf, 0, sizeof(*kf));
	kf->type = test_random(seed) % 3;
	kf->empty_auth = test_random(seed) % 2;
	random_policy(seed, &at, &kf->policy);
	if (kf->type == TPK_IMPORTABLE_KEY)
		kf->secret = random_sized(seed, &at, 300);
	if (test_random(seed) % 2) {
		size_t len = test_random(seed) % 300;

		memset(at, 'x', len);
		kf->description = tpm2_bytes(at, len);
		at += len;
	}
	if (test_random(seed) % 2) {
		kf->parent_name = hex_octets(NAME_SHA256, at);
		at += kf->parent_name.len;
	}
	kf->rsa_parent = test_random(seed) % 2;
	kf->parent = kf->rsa_parent || test_random(seed) % 2 ? TPM_RH_OWNER :
		     TPM_HANDLE_FIRST(TPM_HT_PERSISTENT) |
		     test_random(seed) % (TPM_HANDLE_INDEX + 1);
	kf->public = random_sized(seed, &at, 400);
	kf->private = random_sized(seed, &at, 400);
}

static void random_files_come_back(struct kunit *test)
{
	struct scratch *s = test->priv;
	u32 seed = 2026;
	int i;

	for (i = 0; i < 3000; i++) {
		random_keyfile(&seed, s->in, &s->kf);
		expect_consistent(test, &s->kf);
	}
}

static struct kunit_case keyfile_cases[] = {
	KUNIT_CASE(k1_decodes),
	KUNIT_CASE(k2_decodes),
	KUNIT_CASE(k5_decodes),
	KUNIT_CASE_PARAM(vector_is_written_as_it_was, vectors_gen_params),
	KUNIT_CASE_PARAM(truncated_vector_is_refused, vectors_gen_params),
	KUNIT_CASE_PARAM(mutated_vector_is_refused_or_consistent, vectors_gen_params),
	KUNIT_CASE_PARAM(spliced_vector_is_refused_or_consistent, vectors_gen_params),
	KUNIT_CASE_PARAM(accepted_is_written_canonically, accepted_gen_params),
	KUNIT_CASE(all_fields_decode),
	KUNIT_CASE(old_file_decodes),
	KUNIT_CASE(no_smaller_buffer_is_enough),
	KUNIT_CASE(more_than_65535_octets_are_not_written),
	KUNIT_CASE(random_files_come_back),
	{}
};

static struct kunit_suite keyfile_suite = {
	.name = "tpk_keyfile",
	.init = scratch_init,
	.test_cases = keyfile_cases,
};

kunit_test_suite(keyfile_suite);

MODULE_DESCRIPTION("Key files that are accepted");
MODULE_LICENSE("GPL");
