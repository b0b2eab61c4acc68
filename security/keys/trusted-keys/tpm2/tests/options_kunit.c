// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for the text of add_key() and keyctl_update().
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "../keyfile.h"
#include "hex.h"
#include "options_text.h"

/* Parse @text, which must be right, and return what it says. */
static struct tpk_options *right(struct kunit *test, const char *text)
{
	struct text *t = test->priv;
	int err = parse(test, text);

	KUNIT_ASSERT_EQ_MSG(test, err, 0, "%s: %s %s", text, t->c.option,
			    t->c.reason);
	KUNIT_EXPECT_STREQ(test, t->c.reason, "");
	return &t->o;
}

static void defaults_hold_where_nothing_is_given(struct kunit *test)
{
	struct tpk_options *o = right(test, "new 32");

	KUNIT_EXPECT_EQ(test, o->command, TPK_NEW);
	KUNIT_EXPECT_EQ(test, o->given, 0);
	KUNIT_EXPECT_EQ(test, o->key_len, 32);
	KUNIT_EXPECT_EQ(test, o->blob.len, 0);
	KUNIT_EXPECT_EQ(test, o->parent, TPM_RH_OWNER);
	KUNIT_EXPECT_EQ(test, o->keyauth_len, 0);
	KUNIT_EXPECT_EQ(test, o->blobauth_len, 0);
	KUNIT_EXPECT_FALSE(test, o->blobauth_random);
	KUNIT_EXPECT_EQ(test, o->hash, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_FALSE(test, o->migratable);
	KUNIT_EXPECT_FALSE(test, o->interop);
	KUNIT_EXPECT_EQ(test, o->pcrs.nr, 0);
}

static void commands_are_told_apart(struct kunit *test)
{
	struct tpk_options *o;

	KUNIT_EXPECT_EQ(test, right(test, "new 128")->key_len, 128);
	KUNIT_EXPECT_EQ(test, right(test, "new 00032")->key_len, 32);
	KUNIT_EXPECT_EQ(test, right(test, "update")->command, TPK_UPDATE);
	o = right(test, "load 3082");
	KUNIT_EXPECT_EQ(test, o->command, TPK_LOAD);
	KUNIT_EXPECT_EQ(test, o->key_len, 0);
}

static void separators_may_be_many(struct kunit *test)
{
	static const char *const texts[] = {
		"new 32 pcrs=7", "new\t32\tpcrs=7", "new  32 \t pcrs=7",
		" new 32 pcrs=7", "new 32 pcrs=7 ", "new 32 pcrs=7\t",
		"new 32 pcrs=7\n", "new 32 pcrs=7 \012", "\tnew 32 pcrs=7",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct tpk_options *o = right(test, texts[i]);

		KUNIT_EXPECT_EQ(test, o->key_len, 32);
		KUNIT_EXPECT_EQ(test, o->given, 1U << TPK_OPT_PCRS);
		KUNIT_EXPECT_EQ(test, o->pcrs.bank[0].selected, 1U << 7);
	}
	right(test, "update\n");
	right(test, "load 3082\n");
}

static void blob_is_decoded_where_it_lies(struct kunit *test)
{
	static const u8 octets[] = { 0x30, 0x82, 0xab, 0xcd, 0xef };
	struct tpk_options *o = right(test, "load 3082aBCdEf pcrlock=11");
	struct text *t = test->priv;

	KUNIT_EXPECT_EQ(test, o->blob.len, sizeof(octets));
	KUNIT_EXPECT_MEMEQ(test, o->blob.data, octets, sizeof(octets));
	KUNIT_EXPECT_PTR_EQ(test, o->blob.data, (const u8 *)t->buf + 5);
	KUNIT_EXPECT_EQ(test, o->pcrlock, 11);
}

/* "load " and @octets of blob. */
static int parse_large(struct kunit *test, size_t octets)
{
	size_t len = 5 + 2 * octets;
	char *text = kunit_kmalloc(test, len, GFP_KERNEL);
	int err;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, 'a', len);
	memcpy(text, "load ", 5);
	err = parse_octets(test, text, len);
	kunit_kfree(test, text);
	return err;
}

static void blob_has_a_largest_size(struct kunit *test)
{
	struct text *t = test->priv;

	KUNIT_EXPECT_EQ(test, parse_large(test, 2), 0);
	KUNIT_EXPECT_EQ(test, parse_large(test, TPK_MAX_BLOB), 0);
	KUNIT_EXPECT_EQ(test, t->o.blob.len, TPK_MAX_BLOB);
	KUNIT_EXPECT_EQ(test, t->o.blob.data[TPK_MAX_BLOB - 1], 0xaa);
	KUNIT_EXPECT_EQ(test, parse_large(test, TPK_MAX_BLOB + 1), -EBADMSG);
	KUNIT_EXPECT_STREQ(test, t->c.option, "load");
	KUNIT_EXPECT_NOT_NULL(test, strstr(t->c.reason, "too large"));
}

static void text_has_a_largest_size(struct kunit *test)
{
	char *text = kunit_kmalloc(test, TPK_MAX_TEXT + 1, GFP_KERNEL);
	struct text *t = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(text, ' ', TPK_MAX_TEXT + 1);
	memcpy(text, "new 32", 6);
	KUNIT_EXPECT_EQ(test, parse_octets(test, text, TPK_MAX_TEXT), 0);
	KUNIT_EXPECT_EQ(test, parse_octets(test, text, TPK_MAX_TEXT + 1), -EINVAL);
	KUNIT_EXPECT_STREQ(test, t->c.option, "");
	KUNIT_EXPECT_NOT_NULL(test, strstr(t->c.reason, "32767"));
}

static const struct {
	const char *text;
	u32 handle;
} handles[] = {
	{ "new 32 keyhandle=0x81000001", 0x81000001 },
	{ "new 32 keyhandle=0X81000001", 0x81000001 },
	{ "new 32 keyhandle=81000001", 0x81000001 },
	{ "load 3082 keyhandle=81ABcdef", 0x81abcdef },
	{ "update keyhandle=0x81ffffff", 0x81ffffff },
	{ "new 32 keyhandle=40000001", TPM_RH_OWNER },
	{ "new 32 keyhandle=0x40000007", TPM_RH_NULL },
	{ "new 32 keyhandle=0x4000000b", TPM_RH_ENDORSEMENT },
	{ "new 32 keyhandle=0x4000000C", TPM_RH_PLATFORM },
};

static void keyhandle_is_persistent_or_a_hierarchy(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(handles); i++) {
		struct tpk_options *o = right(test, handles[i].text);

		KUNIT_EXPECT_EQ(test, o->parent, handles[i].handle);
		KUNIT_EXPECT_TRUE(test, tpk_given(o, TPK_OPT_KEYHANDLE));
	}
}

static void keyauth_is_hex(struct kunit *test)
{
	static const u8 auth[TPK_AUTH_SIZE] = {
		0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
		0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0xAA, 0xbB, 0x0f, 0xf0,
	};
	struct tpk_options *o;

	o = right(test, "new 32 keyauth=00112233445566778899aabbccddeeffAAbB0fF0");
	KUNIT_EXPECT_EQ(test, o->keyauth_len, sizeof(auth));
	KUNIT_EXPECT_MEMEQ(test, o->keyauth, auth, sizeof(auth));
}

static void blobauth_of_forty_is_hex_and_shorter_is_text(struct kunit *test)
{
	struct tpk_options *o = right(test, "new 32 blobauth=" HEX20);

	KUNIT_EXPECT_EQ(test, o->blobauth_len, TPK_AUTH_SIZE);
	KUNIT_EXPECT_TRUE(test, o->blobauth_random);
	KUNIT_EXPECT_EQ(test, o->blobauth[19], 0x13);

	o = right(test, "load 3082 blobauth=00ff");
	KUNIT_EXPECT_EQ(test, o->blobauth_len, 4);
	KUNIT_EXPECT_FALSE(test, o->blobauth_random);
	KUNIT_EXPECT_MEMEQ(test, o->blobauth, "00ff", 4);

	o = right(test, "new 32 blobauth=a");
	KUNIT_EXPECT_EQ(test, o->blobauth_len, 1);
	o = right(test, "new 32 blobauth=x=y=\xc3\xa4|012345678901");
	KUNIT_EXPECT_EQ(test, o->blobauth_len, 19);
	KUNIT_EXPECT_MEMEQ(test, o->blobauth, "x=y=\xc3\xa4|012345678901", 19);
	o = right(test, "new 32 blobauth=12345678901234567890");
	KUNIT_EXPECT_EQ(test, o->blobauth_len, 20);
	KUNIT_EXPECT_FALSE(test, o->blobauth_random);
}

static void the_small_options_are_read(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, right(test, "new 32 hash=sha256")->hash, TPM_ALG_ID_SHA256);
	KUNIT_EXPECT_EQ(test, right(test, "update hash=sha384")->hash, TPM_ALG_ID_SHA384);
	KUNIT_EXPECT_EQ(test, right(test, "new 32 hash=sha512")->hash, TPM_ALG_ID_SHA512);
	KUNIT_EXPECT_TRUE(test, right(test, "new 32 migratable=1")->migratable);
	KUNIT_EXPECT_FALSE(test, right(test, "new 32 migratable=0")->migratable);
	KUNIT_EXPECT_EQ(test, right(test, "new 32 pcrlock=0")->pcrlock, 0);
	KUNIT_EXPECT_EQ(test, right(test, "load 3082 pcrlock=23")->pcrlock, 23);
	KUNIT_EXPECT_EQ(test, right(test, "update pcrlock=16")->pcrlock, 16);
	KUNIT_EXPECT_TRUE(test, right(test, "new 32 format=interop")->interop);
	KUNIT_EXPECT_TRUE(test, right(test, "update format=interop")->interop);
}

static void policydigest_has_the_length_of_hash_in_any_order(struct kunit *test)
{
	static const char *const texts[] = {
		"new 32 hash=sha512 policydigest=" HEX64,
		"new 32 policydigest=" HEX64 " hash=sha512",
		"update policydigest=" HEX64 " pcrlock=1 hash=sha512",
	};
	size_t i, octet;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct tpk_options *o = right(test, texts[i]);

		for (octet = 0; octet < 64; octet++)
			KUNIT_EXPECT_EQ(test, o->policydigest[octet], octet);
	}
	right(test, "new 32 policydigest=" HEX32);
	right(test, "new 32 hash=sha384 policydigest=" HEX48);
}

/* What upstream takes there and ignores. */
static void load_takes_what_has_no_effect(struct kunit *test)
{
	right(test, "load 3082 hash=sha384");
	right(test, "load 3082 migratable=0");
	right(test, "load 3082 policydigest=" HEX32);
	right(test, "load 3082 policydigest=" HEX32 " pcrs=7");
}

static void policies_are_octets(struct kunit *test)
{
	struct tpk_options *o = right(test, "new 32 policy=" POLICY);

	KUNIT_EXPECT_EQ(test, o->policy.len, 14);
	KUNIT_EXPECT_EQ(test, o->policy.data[0], 0x30);
	o = right(test, "load 3082 authpolicy=" AUTHPOLICY " blobauth=x");
	KUNIT_EXPECT_EQ(test, o->authpolicy.len, 18);
	KUNIT_EXPECT_EQ(test, o->authpolicy.data[1], 0x10);
	KUNIT_EXPECT_EQ(test, o->blobauth_len, 1);
}

static void a_signer_becomes_a_public_area(struct kunit *test)
{
	struct tpk_options *o = right(test, "new 32 signer=" SPKI " pcrs=7");

	KUNIT_EXPECT_EQ(test, o->signer_len, 86);
	KUNIT_EXPECT_EQ(test, o->signer[1], 0x23);
	KUNIT_EXPECT_EQ(test, o->signer[85], 0x1f);
	KUNIT_EXPECT_EQ(test, o->pcrs.nr, 1);
}

static void a_parent_can_be_named(struct kunit *test)
{
	struct text *t = test->priv;

	right(test, "new 32 parentname=000b" HEX32);
	KUNIT_EXPECT_EQ(test, t->o.parentname.len, 34);
	KUNIT_EXPECT_EQ(test, t->o.parentname.data[33], 0x1f);
}

static void the_other_options_of_load_are_read(struct kunit *test)
{
	struct tpk_options *o;

	o = right(test, "load 3082 secretauth=" HEX20 " signfd=1023");
	KUNIT_EXPECT_EQ(test, o->secretauth_len, 20);
	KUNIT_EXPECT_EQ(test, o->secretauth[19], 0x13);
	KUNIT_EXPECT_EQ(test, o->signfd, 1023);
	o = right(test, "load 3082 secretauth=guess");
	KUNIT_EXPECT_EQ(test, o->secretauth_len, 5);
	o = right(test, "load 3082 policyhandle=0x03000001");
	KUNIT_EXPECT_EQ(test, o->policyhandle, 0x03000001);
	o = right(test, "load 3082 policyhandle=3ffffff keyhandle=81000001");
	KUNIT_EXPECT_EQ(test, o->policyhandle, 0x03ffffff);
	KUNIT_EXPECT_EQ(test, o->parent, 0x81000001);
}

static void alternatives_are_kept_as_text(struct kunit *test)
{
	struct tpk_options *o = right(test, "new 32 pcrs=sha1:4+7");

	KUNIT_EXPECT_EQ(test, o->alternatives.nr, 1);
	KUNIT_EXPECT_EQ(test, o->alternatives.text.len, 8);
	KUNIT_EXPECT_EQ(test, o->pcrs.nr, 2);
	o = right(test, "update pcrs=7=" HEX32 "|sha1:4+7|11");
	KUNIT_EXPECT_EQ(test, o->alternatives.nr, 3);
	KUNIT_EXPECT_EQ(test, o->pcrs.nr, 0);
	o = right(test, "load 3082 pcrs=7|11 policydigest=" HEX32);
	KUNIT_EXPECT_EQ(test, o->alternatives.nr, 2);
}

#define NR_WORDS	8

/* All options that can stand together, in an order that @seed chooses. */
static void shuffle(const char *words[NR_WORDS], u32 *seed)
{
	unsigned int i;

	for (i = NR_WORDS - 1; i; i--) {
		unsigned int other = test_random(seed) % (i + 1);
		const char *word = words[i];

		words[i] = words[other];
		words[other] = word;
	}
}

static void append(char *text, size_t *len, const char *word)
{
	memcpy(text + *len, word, strlen(word) + 1);
	*len += strlen(word);
}

static void options_mean_the_same_in_any_order(struct kunit *test)
{
	const char *words[NR_WORDS] = {
		" pcrs=sha1:4+0-7", " keyhandle=0x81000001", " keyauth=" HEX20,
		" blobauth=guess", " hash=sha384", " migratable=1",
		" pcrlock=0", " format=interop",
	};
	struct tpk_options *first = kunit_kzalloc(test, sizeof(*first), GFP_KERNEL);
	struct text *t = test->priv;
	u32 seed = 1;
	int i, word;

	KUNIT_ASSERT_NOT_NULL(test, first);
	for (i = 0; i < 200; i++) {
		char text[200];
		size_t len = 0;

		append(text, &len, "new 64");
		for (word = 0; word < NR_WORDS; word++)
			append(text, &len, words[word]);
		right(test, text);
		/* Where the option stands in the text. */
		t->o.alternatives.text.data = NULL;
		if (!i)
			memcpy(first, &t->o, sizeof(*first));
		KUNIT_EXPECT_MEMEQ(test, &t->o, first, sizeof(*first));
		shuffle(words, &seed);
	}
}

static struct kunit_case options_cases[] = {
	KUNIT_CASE(defaults_hold_where_nothing_is_given),
	KUNIT_CASE(commands_are_told_apart),
	KUNIT_CASE(separators_may_be_many),
	KUNIT_CASE(blob_is_decoded_where_it_lies),
	KUNIT_CASE(blob_has_a_largest_size),
	KUNIT_CASE(text_has_a_largest_size),
	KUNIT_CASE(keyhandle_is_persistent_or_a_hierarchy),
	KUNIT_CASE(keyauth_is_hex),
	KUNIT_CASE(blobauth_of_forty_is_hex_and_shorter_is_text),
	KUNIT_CASE(the_small_options_are_read),
	KUNIT_CASE(policydigest_has_the_length_of_hash_in_any_order),
	KUNIT_CASE(load_takes_what_has_no_effect),
	KUNIT_CASE(policies_are_octets),
	KUNIT_CASE(a_signer_becomes_a_public_area),
	KUNIT_CASE(a_parent_can_be_named),
	KUNIT_CASE(the_other_options_of_load_are_read),
	KUNIT_CASE(alternatives_are_kept_as_text),
	KUNIT_CASE(options_mean_the_same_in_any_order),
	{}
};

static struct kunit_suite options_suite = {
	.name = "tpk_options",
	.init = text_init,
	.test_cases = options_cases,
};

kunit_test_suite(options_suite);
