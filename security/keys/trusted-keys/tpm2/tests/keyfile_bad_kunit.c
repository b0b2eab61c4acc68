// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key files that are refused: each with its errno and with the text that says
 * which field is wrong and how.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../keyfile.h"
#include "keyfile_parts.h"

struct refused {
	const char *name;
	const char *fields;
	const char *what;
};

static const struct refused fields[] = {
	{ "nothing", "", "type: not an OBJECT IDENTIFIER" },
	{ "type_integer", "020105 " TAIL, "type: not an OBJECT IDENTIFIER" },
	{ "type_beyond_end", "060767 ", "type: not an OBJECT IDENTIFIER" },
	{ "type_other", "06066781050a0205 " TAIL, "type: not that of a TPM key" },
	{ "type_empty", "0600 " TAIL, "type: not that of a TPM key" },
	{ "type_prefix", "06056781050a01 " TAIL, "type: not that of a TPM key" },
	{ "type_longer", "06076781050a010500 " TAIL, "type: not that of a TPM key" },
	{ "type_arc_2", "06066781050a0102 " TAIL, "type: unknown kind of TPM key" },
	{ "type_arc_6", "06066781050a0106 " TAIL, "type: unknown kind of TPM key" },
	{ "type_alone", OID_SEALED, "parent: not an INTEGER" },

	{ "empty_auth_wrong_inside", OID_SEALED "a003 0201ff " TAIL, "emptyAuth: not a BOOLEAN" },
	{ "empty_auth_nothing_inside", OID_SEALED "a000 " TAIL, "emptyAuth: not a BOOLEAN" },
	{ "empty_auth_no_octet", OID_SEALED "a002 0100 " TAIL, "emptyAuth: not a BOOLEAN" },
	{ "empty_auth_two_octets", OID_SEALED "a004 0102ffff " TAIL, "emptyAuth: not a BOOLEAN" },
	{ "empty_auth_two_inside", OID_SEALED "a006 0101ff 0101ff " TAIL,
	  "emptyAuth: not a BOOLEAN" },
	{ "empty_auth_beyond_explicit", OID_SEALED "a002 0101ff " TAIL,
	  "emptyAuth: not a BOOLEAN" },
	{ "empty_auth_implicit", OID_SEALED "8001ff " TAIL, "blob: unknown field" },
	{ "empty_auth_universal", OID_SEALED "0101ff " TAIL, "parent: not an INTEGER" },
	{ "empty_auth_twice", OID_SEALED EMPTY_AUTH EMPTY_AUTH TAIL,
	  "emptyAuth: repeated or out of place" },
	{ "empty_auth_after_policy", OID_SEALED POLICY EMPTY_AUTH TAIL,
	  "emptyAuth: repeated or out of place" },

	{ "policy_octets", OID_SEALED "a102 0400 " TAIL, "policy: not a SEQUENCE" },
	{ "policy_nothing_inside", OID_SEALED "a100 " TAIL, "policy: not a SEQUENCE" },
	{ "policy_two_inside", OID_SEALED "a11c 300c " AUTHVALUE "300c " AUTHVALUE TAIL,
	  "policy: not a SEQUENCE" },
	{ "policy_empty", OID_SEALED "a102 3000 " TAIL, "policy: no statement" },
	{ "policy_17", OID_SEALED "a181cf 3081cc " AUTHVALUE_16 AUTHVALUE TAIL,
	  "policy: more than 16 statements" },
	{ "policy_entry_octets", OID_SEALED "a104 3002 0400 " TAIL, "policy: malformed statement" },
	{ "policy_entry_empty", OID_SEALED "a104 3002 3000 " TAIL, "policy: malformed statement" },
	{ "policy_no_code", OID_SEALED "a108 3006 3004 a1020400 " TAIL,
	  "policy: malformed statement" },
	{ "policy_no_body", OID_SEALED "a10a 3008 3006 a0040202016b " TAIL,
	  "policy: malformed statement" },
	{ "policy_swapped", OID_SEALED "a10e 300c 300a a1020400 a0040202016b " TAIL,
	  "policy: malformed statement" },
	{ "policy_three_members", OID_SEALED "a112 3010 300e a0040202016b a1020400 a2020400 " TAIL,
	  "policy: malformed statement" },
	{ "policy_code_negative", OID_SEALED "a10d 300b 3009 a003020181 a1020400 " TAIL,
	  "policy: malformed statement" },
	{ "policy_code_not_shortest", OID_SEALED "a10f 300d 300b a0050203 00016b a1020400 " TAIL,
	  "policy: malformed statement" },
	{ "policy_code_empty", OID_SEALED "a10c 300a 3008 a0020200 a1020400 " TAIL,
	  "policy: malformed statement" },
	{ "policy_code_33_bits", OID_SEALED "a111 300f 300d a0070205 0100000000 a1020400 " TAIL,
	  "policy: malformed statement" },
	{ "policy_code_octets", OID_SEALED "a10e 300c 300a a0040402016b a1020400 " TAIL,
	  "policy: malformed statement" },
	{ "policy_body_integer", OID_SEALED "a10f 300d 300b a0040202016b a103020101 " TAIL,
	  "policy: malformed statement" },
	{ "policy_body_beyond_end", OID_SEALED "a10e 300c 300a a0040202016b a1020401 " TAIL,
	  "policy: malformed statement" },
	{ "policy_second_malformed", OID_SEALED "a112 3010 " AUTHVALUE "3002 0400 " TAIL,
	  "policy: malformed statement" },
	{ "policy_twice", OID_SEALED POLICY POLICY TAIL, "policy: repeated or out of place" },

	{ "secret_integer", OID_IMPORTABLE "a203 0201dd " TAIL, "secret: not an OCTET STRING" },
	{ "secret_empty", OID_IMPORTABLE "a202 0400 " TAIL,
	  "secret: not a TPM2B_ENCRYPTED_SECRET" },
	{ "secret_of_size_0", OID_IMPORTABLE "a204 04020000 " TAIL,
	  "secret: not a TPM2B_ENCRYPTED_SECRET" },
	{ "secret_size_short", OID_IMPORTABLE "a206 0404 0001dddd " TAIL,
	  "secret: not a TPM2B_ENCRYPTED_SECRET" },
	{ "secret_size_long", OID_IMPORTABLE "a205 0403 0002dd " TAIL,
	  "secret: not a TPM2B_ENCRYPTED_SECRET" },
	{ "secret_missing", OID_IMPORTABLE TAIL, "secret: missing in an importable key" },
	{ "secret_loadable", OID_LOADABLE SECRET TAIL, "secret: outside an importable key" },
	{ "secret_sealed", OID_SEALED SECRET TAIL, "secret: outside an importable key" },
	{ "secret_before_policy", OID_IMPORTABLE SECRET POLICY TAIL,
	  "policy: repeated or out of place" },

	{ "auth_octets", OID_SEALED POLICY "a302 0400 " TAIL, "authPolicy: not a SEQUENCE" },
	{ "auth_empty", OID_SEALED POLICY "a302 3000 " TAIL, "authPolicy: no policy" },
	{ "auth_entry_octets", OID_SEALED POLICY "a304 3002 0400 " TAIL,
	  "authPolicy: entry is not a SEQUENCE" },
	{ "auth_entry_beyond_end", OID_SEALED POLICY "a304 3002 3001 " TAIL,
	  "authPolicy: entry is not a SEQUENCE" },
	{ "auth_name_octets", OID_SEALED POLICY "a309 3007 3005 a003040161 " TAIL,
	  "authPolicy: name is not a UTF8String" },
	{ "auth_name_latin1", OID_SEALED POLICY "a309 3007 3005 a0030c01e4 " TAIL,
	  "authPolicy: name is not a UTF8String" },
	{ "auth_no_policy", OID_SEALED POLICY "a309 3007 3005 a0030c0161 " TAIL,
	  "authPolicy: policy is not a SEQUENCE" },
	{ "auth_policy_empty", OID_SEALED POLICY "a308 3006 3004 a1023000 " TAIL,
	  "authPolicy: no statement" },
	{ "auth_policy_17",
	  OID_SEALED POLICY "a381d5 3081d2 3081cf a181cc 3081c9 "
	  AUTHVALUE_16 "3007 a0020201 a10104 " TAIL,
	  "authPolicy: more than 16 statements" },
	{ "auth_policy_malformed", OID_SEALED POLICY "a30a 3008 3006 a10430020400 " TAIL,
	  "authPolicy: malformed statement" },
	{ "auth_policy_and_more", OID_SEALED POLICY "a316 3014 3012 " POLICY "a200 " TAIL,
	  "authPolicy: something after a policy" },
	{ "auth_second_octets", OID_SEALED POLICY "a316 3014 3010 " POLICY "0400 " TAIL,
	  "authPolicy: entry is not a SEQUENCE" },
	{ "auth_alone", OID_SEALED "a314 3012 3010 " POLICY TAIL, "authPolicy: without a policy" },
	{ "auth_before_policy", OID_SEALED "a314 3012 3010 " POLICY POLICY TAIL,
	  "policy: repeated or out of place" },

	{ "description_octets", OID_SEALED "a403 040161 " TAIL, "description: not a UTF8String" },
	{ "description_implicit", OID_SEALED "8401 61 " TAIL, "blob: unknown field" },
	{ "description_latin1", OID_SEALED "a403 0c01e4 " TAIL, "description: not UTF-8" },
	{ "description_cut", OID_SEALED "a404 0c02e282 " TAIL, "description: not UTF-8" },
	{ "description_twice", OID_SEALED "a403 0c0161 a403 0c0161 " TAIL,
	  "description: repeated or out of place" },

	{ "rsa_parent_integer", OID_SEALED "a503 0201ff " TAIL, "rsaParent: not a BOOLEAN" },
	{ "rsa_parent_false", OID_SEALED "a503 010100 " TAIL, "rsaParent: present but not TRUE" },
	{ "rsa_parent_persistent", OID_SEALED RSA_PARENT PERSISTENT OBJECT,
	  "rsaParent: beside a persistent parent" },
	{ "rsa_parent_after_name", OID_SEALED PARENT_NAME RSA_PARENT TAIL,
	  "rsaParent: repeated or out of place" },

	{ "parent_name_text", OID_SEALED "a626 0c22 " NAME_SHA256 TAIL,
	  "parentName: not an OCTET STRING" },
	{ "parent_name_empty", OID_SEALED "a602 0400 " TAIL,
	  "parentName: not the Name of an object" },
	{ "parent_name_no_digest", OID_SEALED "a604 0402000b " TAIL,
	  "parentName: not the Name of an object" },
	{ "parent_name_of_other_hash", OID_SEALED "a608 0406 000b aabbccdd " TAIL,
	  "parentName: not the Name of an object" },
	{ "parent_name_67_octets", OID_SEALED "a645 0443 0028 " NAME_SHA256 NAME_SHA256 "00 " TAIL,
	  "parentName: not the Name of an object" },
	{ "parent_name_twice", OID_SEALED PARENT_NAME PARENT_NAME TAIL,
	  "parentName: repeated or out of place" },

	{ "tag_7", OID_SEALED "a703 0101ff " TAIL, "blob: unknown field" },
	{ "tag_31", OID_SEALED "bf1f03 0101ff " TAIL, "blob: unknown field" },
	{ "tag_application", OID_SEALED "6003 0101ff " TAIL, "parent: not an INTEGER" },

	{ "parent_missing", OID_SEALED OBJECT, "parent: not an INTEGER" },
	{ "parent_empty", OID_SEALED "0200 " OBJECT, "parent: not a handle" },
	{ "parent_not_shortest", OID_SEALED "02050040000001 " OBJECT, "parent: not a handle" },
	{ "parent_negative_not_shortest", OID_SEALED "0205ff81000001 " OBJECT,
	  "parent: not a handle" },
	{ "parent_negative", OID_SEALED "020181 " OBJECT, "parent: not a handle" },
	{ "parent_40_bits", OID_SEALED "02054000000001 " OBJECT, "parent: not a handle" },
	{ "parent_48_bits", OID_SEALED "0206008100000001 " OBJECT, "parent: not a handle" },
	{ "parent_zero", OID_SEALED "020100 " OBJECT,
	  "parent: neither persistent nor a hierarchy" },
	{ "parent_transient", OID_SEALED "02050080000001 " OBJECT,
	  "parent: neither persistent nor a hierarchy" },
	{ "parent_transient_negative", OID_SEALED "020480000001 " OBJECT,
	  "parent: neither persistent nor a hierarchy" },
	{ "parent_nv_index", OID_SEALED "020401c00002 " OBJECT,
	  "parent: neither persistent nor a hierarchy" },

	{ "public_missing", OID_SEALED OWNER, "pubkey: not an OCTET STRING" },
	{ "public_text", OID_SEALED OWNER "0c040002aabb " PRIVATE, "pubkey: not an OCTET STRING" },
	{ "public_empty", OID_SEALED OWNER "0400 " PRIVATE, "pubkey: not a TPM2B_PUBLIC" },
	{ "public_one_octet", OID_SEALED OWNER "040100 " PRIVATE, "pubkey: not a TPM2B_PUBLIC" },
	{ "public_of_size_0", OID_SEALED OWNER "04020000 " PRIVATE, "pubkey: not a TPM2B_PUBLIC" },
	{ "public_size_short", OID_SEALED OWNER "0404 0001aabb " PRIVATE,
	  "pubkey: not a TPM2B_PUBLIC" },
	{ "public_size_long", OID_SEALED OWNER "0404 0003aabb " PRIVATE,
	  "pubkey: not a TPM2B_PUBLIC" },
	{ "private_missing", OID_SEALED OWNER PUBLIC, "privkey: not an OCTET STRING" },
	{ "private_beyond_end", OID_SEALED OWNER PUBLIC "0404 0001cc ",
	  "privkey: not an OCTET STRING" },
	{ "private_of_size_0", OID_SEALED OWNER PUBLIC "04020000 ",
	  "privkey: not a TPM2B_PRIVATE" },
	{ "private_size_short", OID_SEALED OWNER PUBLIC "0404 0001cccc ",
	  "privkey: not a TPM2B_PRIVATE" },
	{ "private_size_long", OID_SEALED OWNER PUBLIC "0403 0100cc ",
	  "privkey: not a TPM2B_PRIVATE" },
	{ "after_private", OID_SEALED TAIL "0500 ", "blob: something after privkey" },
	{ "after_private_a_field", OID_SEALED TAIL EMPTY_AUTH, "blob: something after privkey" },
	{ "after_private_an_octet", OID_SEALED TAIL "00 ", "blob: something after privkey" },
};

KUNIT_ARRAY_PARAM_DESC(fields, fields, name);

/* The buffer ends where the blob does, for those who watch over memory. */
static void expect_refused(struct kunit *test, struct tpm2_bytes blob,
			   const char *want)
{
	struct tpk_keyfile *kf = kunit_kzalloc(test, sizeof(*kf), GFP_KERNEL);
	u8 *exact = kunit_kmalloc(test, blob.len, GFP_KERNEL);
	const char *what = NULL;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, kf);
	KUNIT_ASSERT_NOT_NULL(test, exact);
	memcpy(exact, blob.data, blob.len);
	err = tpk_keyfile_decode(tpm2_bytes(exact, blob.len), kf, &what);
	KUNIT_EXPECT_EQ(test, err, -EBADMSG);
	KUNIT_EXPECT_STREQ(test, what, want);
}

static void field_is_refused(struct kunit *test)
{
	const struct refused *c = test->param_value;
	u8 *out = kunit_kmalloc(test, PARTS_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, out);
	expect_refused(test, keyfile_of(c->fields, out), c->what);
}

/* The whole blob, not only what is in the SEQUENCE. */
static const struct refused blobs[] = {
	{ "empty", "" },
	{ "one_octet", "30" },
	{ "set", "3113 " OID_SEALED TAIL },
	{ "old_format", "0001cc 0002aabb" },
	{ "indefinite", "3080 " OID_SEALED TAIL "0000" },
	{ "octet_after", "3019 " OID_SEALED TAIL "00" },
	{ "octet_short", "301a " OID_SEALED TAIL },
	{ "length_81_not_shortest", "308119 " OID_SEALED TAIL },
	{ "length_82_not_shortest", "30820019 " OID_SEALED TAIL },
	{ "length_82_cut", "308200" },
	{ "length_83", "3083000019 " OID_SEALED TAIL },
	{ "length_ff", "30ff" },
	{ "length_over_all", "3082ffff " OID_SEALED TAIL },
};

KUNIT_ARRAY_PARAM_DESC(blobs, blobs, name);

static void blob_is_refused(struct kunit *test)
{
	const struct refused *c = test->param_value;
	u8 *out = kunit_kmalloc(test, PARTS_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, out);
	expect_refused(test, hex_octets(c->fields, out),
		       "blob: not exactly one SEQUENCE");
}

/* One with @len octets, valid but for that. */
static struct tpm2_bytes long_blob(u8 *out, size_t len)
{
	struct tpm2_writer w = tpm2_writer(out, len);
	size_t private = len - 4 - 8 - 6 - 6 - 4;
	struct tpm2_bytes head;
	u8 hex[64];

	head = hex_octets(OID_SEALED OWNER PUBLIC, hex);
	tpm2_put_u16(&w, 0x3082);
	tpm2_put_u16(&w, len - 4);
	tpm2_put_bytes(&w, head);
	tpm2_put_u16(&w, 0x0482);
	tpm2_put_u16(&w, private);
	tpm2_put_u16(&w, private - 2);
	memset(out + w.len, 0xcc, len - w.len);
	return tpm2_bytes(out, len);
}

static void blob_may_have_8192_octets_and_no_more(struct kunit *test)
{
	u8 *out = kunit_kmalloc(test, TPK_MAX_BLOB + 1, GFP_KERNEL);
	struct tpk_keyfile *kf = kunit_kzalloc(test, sizeof(*kf), GFP_KERNEL);
	struct tpm2_bytes blob;
	const char *what;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, out);
	KUNIT_ASSERT_NOT_NULL(test, kf);
	blob = long_blob(out, TPK_MAX_BLOB);
	err = tpk_keyfile_decode(blob, kf, &what);
	KUNIT_EXPECT_EQ(test, err, 0);
	blob = long_blob(out, TPK_MAX_BLOB + 1);
	expect_refused(test, blob, "blob: more than 8192 octets");
}

static const struct refused old[] = {
	{ "empty", "", "privkey: not a TPM2B_PRIVATE" },
	{ "one_octet", "00", "privkey: not a TPM2B_PRIVATE" },
	{ "private_beyond_end", "0004 0001cc", "privkey: not a TPM2B_PRIVATE" },
	{ "private_of_size_0", "0000 0002aabb", "privkey: not a TPM2B_PRIVATE" },
	{ "new_format", "3019 " OID_SEALED TAIL, "privkey: not a TPM2B_PRIVATE" },
	{ "public_missing", "0001cc", "pubkey: not a TPM2B_PUBLIC" },
	{ "public_one_octet", "0001cc 00", "pubkey: not a TPM2B_PUBLIC" },
	{ "public_of_size_0", "0001cc 0000", "pubkey: not a TPM2B_PUBLIC" },
	{ "public_beyond_end", "0001cc 0003aabb", "pubkey: not a TPM2B_PUBLIC" },
	{ "octet_after", "0001cc 0002aabb 00", "blob: something after pubkey" },
};

KUNIT_ARRAY_PARAM_DESC(old, old, name);

static void old_file_is_refused(struct kunit *test)
{
	const struct refused *c = test->param_value;
	const char *what = NULL;
	struct tpk_keyfile *kf = kunit_kzalloc(test, sizeof(*kf), GFP_KERNEL);
	u8 *out = kunit_kmalloc(test, PARTS_MAX, GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, kf);
	KUNIT_ASSERT_NOT_NULL(test, out);
	err = tpk_oldfile_decode(hex_octets(c->fields, out), kf, &what);
	KUNIT_EXPECT_EQ(test, err, -EBADMSG);
	KUNIT_EXPECT_STREQ(test, what, c->what);
}

static void old_file_of_8193_octets_is_refused(struct kunit *test)
{
	struct tpk_keyfile *kf = kunit_kzalloc(test, sizeof(*kf), GFP_KERNEL);
	u8 *out = kunit_kzalloc(test, TPK_MAX_BLOB + 1, GFP_KERNEL);
	const char *what = NULL;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, kf);
	KUNIT_ASSERT_NOT_NULL(test, out);
	err = tpk_oldfile_decode(tpm2_bytes(out, TPK_MAX_BLOB + 1), kf, &what);
	KUNIT_EXPECT_EQ(test, err, -EBADMSG);
	KUNIT_EXPECT_STREQ(test, what, "blob: more than 8192 octets");
}

static struct kunit_case keyfile_bad_cases[] = {
	KUNIT_CASE_PARAM(field_is_refused, fields_gen_params),
	KUNIT_CASE_PARAM(blob_is_refused, blobs_gen_params),
	KUNIT_CASE(blob_may_have_8192_octets_and_no_more),
	KUNIT_CASE_PARAM(old_file_is_refused, old_gen_params),
	KUNIT_CASE(old_file_of_8193_octets_is_refused),
	{}
};

static struct kunit_suite keyfile_bad_suite = {
	.name = "tpk_keyfile_bad",
	.test_cases = keyfile_bad_cases,
};

kunit_test_suite(keyfile_bad_suite);

MODULE_DESCRIPTION("Key files that are refused");
MODULE_LICENSE("GPL");
