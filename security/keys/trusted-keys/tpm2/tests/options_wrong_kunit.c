// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for texts of add_key() that must be refused, each with its errno,
 * the option at fault and a piece of the reason.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "options_text.h"

static void expect_wrong(struct kunit *test, const char *text, int err,
			 const char *option, const char *piece)
{
	struct text *t = test->priv;

	KUNIT_EXPECT_EQ_MSG(test, parse(test, text), err, "%s", text);
	KUNIT_EXPECT_STREQ_MSG(test, t->c.option, option, "%s", text);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(t->c.reason, piece),
			      "%s: \"%s\" is not in \"%s\"", text, piece,
			      t->c.reason);
}

static const struct {
	const char *text;
	int err;
	const char *option;
	const char *piece;
} wrong[] = {
	/* the text as a whole */
	{ "", -EINVAL, "", "1 to 32767 octets" },
	{ "\n", -EINVAL, "", "new, load or update" },
	{ " \t ", -EINVAL, "", "new, load or update" },
	{ "new 32\n\n", -EINVAL, "", "newline" },
	{ "new 32\npcrs=7", -EINVAL, "", "newline" },
	{ "new 32 blobauth=a\nb", -EINVAL, "", "newline" },
	{ "new 32 \012 ", -EINVAL, "", "newline" },
	/* the command */
	{ "New 32", -EINVAL, "", "new, load or update" },
	{ "new32", -EINVAL, "", "new, load or update" },
	{ "create 32", -EINVAL, "", "new, load or update" },
	{ "pcrs=7 new 32", -EINVAL, "", "new, load or update" },
	{ "updat", -EINVAL, "", "new, load or update" },
	{ "new=32", -EINVAL, "", "new, load or update" },
	/* the length */
	{ "new", -EINVAL, "new", "as in new 32" },
	{ "new ", -EINVAL, "new", "as in new 32" },
	{ "new pcrs=7", -EINVAL, "new", "decimal" },
	{ "new 0x20", -EINVAL, "new", "decimal" },
	{ "new +32", -EINVAL, "new", "decimal" },
	{ "new -32", -EINVAL, "new", "decimal" },
	{ "new 32x", -EINVAL, "new", "decimal" },
	{ "new 3 2", -EINVAL, "new", "32 to 128" },
	{ "new 0", -EINVAL, "new", "32 to 128" },
	{ "new 31", -EINVAL, "new", "32 to 128" },
	{ "new 129", -EINVAL, "new", "32 to 128" },
	{ "new 4294967328", -EINVAL, "new", "32 to 128" },
	{ "new 18446744073709551648", -EINVAL, "new", "32 to 128" },
	{ "new 32 32", -EINVAL, "", "unknown" },
	{ "update 32", -EINVAL, "", "unknown" },
	/* the blob */
	{ "load", -EINVAL, "load", "needs the blob" },
	{ "load \012", -EINVAL, "load", "needs the blob" },
	{ "load 30821", -EINVAL, "load", "odd number" },
	{ "load 3", -EINVAL, "load", "odd number" },
	{ "load 30", -EINVAL, "load", "too small" },
	{ "load 308g", -EINVAL, "load", "not a hex digit" },
	{ "load pcrs=7", -EINVAL, "load", "not a hex digit" },
	{ "load 0x3082", -EINVAL, "load", "not a hex digit" },
	{ "load 3082g", -EINVAL, "load", "odd number" },
	{ "load zz", -EINVAL, "load", "not a hex digit" },
	{ "load 3082 0142", -EINVAL, "", "unknown" },
	{ "load 3082 load 3082", -EINVAL, "", "unknown" },
	/* names of options */
	{ "new 32 foo=1", -EINVAL, "", "unknown" },
	{ "new 32 =", -EINVAL, "", "unknown" },
	{ "new 32 =7", -EINVAL, "", "unknown" },
	{ "new 32 PCRS=7", -EINVAL, "", "unknown" },
	{ "new 32 pcr=7", -EINVAL, "", "unknown" },
	{ "new 32 pcrss=7", -EINVAL, "", "unknown" },
	{ "new 32 pcrs:7", -EINVAL, "", "unknown" },
	{ "new 32 \xff\xfe=1", -EINVAL, "", "unknown" },
	{ "new 32 pcrs", -EINVAL, "pcrs", "needs = and a value" },
	{ "new 32 pcrs = 7", -EINVAL, "pcrs", "needs = and a value" },
	{ "new 32 policy", -EINVAL, "policy", "needs = and a value" },
	/* twice */
	{ "new 32 pcrs=7 pcrs=7", -EINVAL, "pcrs", "given twice" },
	{ "new 32 keyhandle=81000001 keyhandle=81000001", -EINVAL, "keyhandle", "given twice" },
	{ "new 32 keyauth=" HEX20 " keyauth=" HEX20, -EINVAL, "keyauth", "given twice" },
	{ "new 32 blobauth=a pcrs=1 blobauth=a", -EINVAL, "blobauth", "given twice" },
	{ "update hash=sha256 hash=sha256", -EINVAL, "hash", "given twice" },
	{ "load 3082 migratable=0 migratable=1", -EINVAL, "migratable", "given twice" },
	{ "load 3082 pcrlock=1 pcrlock=2", -EINVAL, "pcrlock", "given twice" },
	{ "new 32 format=interop format=interop", -EINVAL, "format", "given twice" },
	{ "new 32 policydigest=" HEX32 " policydigest=" HEX32,
	  -EINVAL, "policydigest", "given twice" },
	/* pcrs=; more in the tests of its own */
	{ "new 32 pcrs=", -EINVAL, "pcrs", "no PCR is named" },
	{ "new 32 pcrs=24", -EINVAL, "pcrs", "0 to 23" },
	{ "new 32 pcrs=7|", -EINVAL, "pcrs", "no PCR is named" },
	{ "new 32 pcrs=|7", -EINVAL, "pcrs", "no PCR is named" },
	{ "new 32 pcrs=7||8", -EINVAL, "pcrs", "no PCR is named" },
	{ "new 32 pcrs=7|24", -EINVAL, "pcrs", "0 to 23" },
	{ "new 32 pcrs=7|8 format=interop", -EINVAL, "format", "alternatives" },
	{ "load 3082 pcrs=md5:7", -EINVAL, "pcrs", "a bank is one of" },
	/* keyhandle= */
	{ "new 32 keyhandle=", -EINVAL, "keyhandle", "1 to 8 hex digits" },
	{ "new 32 keyhandle=0x", -EINVAL, "keyhandle", "in hex digits" },
	{ "new 32 keyhandle=x81000001", -EINVAL, "keyhandle", "1 to 8 hex digits" },
	{ "new 32 keyhandle=0x081000001", -EINVAL, "keyhandle", "1 to 8 hex digits" },
	{ "new 32 keyhandle=0x8100000g", -EINVAL, "keyhandle", "in hex digits" },
	{ "new 32 keyhandle=-1", -EINVAL, "keyhandle", "in hex digits" },
	{ "new 32 keyhandle=0", -EINVAL, "keyhandle", "must be 0x81xxxxxx" },
	{ "new 32 keyhandle=0x80000001", -EINVAL, "keyhandle", "must be 0x81xxxxxx" },
	{ "new 32 keyhandle=0x82000001", -EINVAL, "keyhandle", "must be 0x81xxxxxx" },
	{ "new 32 keyhandle=0x40000009", -EINVAL, "keyhandle", "must be 0x81xxxxxx" },
	{ "new 32 keyhandle=0x4000000a", -EINVAL, "keyhandle", "must be 0x81xxxxxx" },
	{ "new 32 keyhandle=0x01c10002", -EINVAL, "keyhandle", "must be 0x81xxxxxx" },
	/* keyauth=, blobauth= */
	{ "new 32 keyauth=", -EINVAL, "keyauth", "exactly 40 hex digits" },
	{ "new 32 keyauth=secret", -EINVAL, "keyauth", "exactly 40 hex digits" },
	{ "new 32 keyauth=" HEX20 "1", -EINVAL, "keyauth", "exactly 40 hex digits" },
	{ "new 32 keyauth=" HEX32, -EINVAL, "keyauth", "exactly 40 hex digits" },
	{ "new 32 keyauth=000102030405060708090a0b0c0d0e0f1011121g",
	  -EINVAL, "keyauth", "not a hex digit" },
	{ "new 32 blobauth=", -EINVAL, "blobauth", "1 to 20 octets" },
	{ "new 32 blobauth=123456789012345678901", -EINVAL, "blobauth", "1 to 20 octets" },
	{ "new 32 blobauth=" HEX20 "1", -EINVAL, "blobauth", "1 to 20 octets" },
	{ "new 32 blobauth=forty_characters_which_are_not_hex_digit",
	  -EINVAL, "blobauth", "must be hex digits" },
	/* hash= */
	{ "new 32 hash=", -EINVAL, "hash", "must be sha256, sha384 or sha512" },
	{ "new 32 hash=sha1", -EINVAL, "hash", "sha1 is too weak" },
	{ "new 32 hash=sm3", -EINVAL, "hash", "sm3 is not supported" },
	{ "new 32 hash=sm3-256", -EINVAL, "hash", "sm3-256 is not supported" },
	{ "new 32 hash=sha224", -EINVAL, "hash", "sha224 is in no TPM" },
	{ "new 32 hash=md5", -EINVAL, "hash", "md5 is broken" },
	{ "new 32 hash=sha3-256", -EINVAL, "hash", "sha3-256 is not supported" },
	{ "new 32 hash=sha3-384", -EINVAL, "hash", "sha3-384 is not supported" },
	{ "new 32 hash=sha3-512", -EINVAL, "hash", "sha3-512 is not supported" },
	{ "new 32 hash=SHA256", -EINVAL, "hash", "must be sha256, sha384 or sha512" },
	{ "new 32 hash=sha2567", -EINVAL, "hash", "must be sha256, sha384 or sha512" },
	/* migratable=, pcrlock=, format= */
	{ "new 32 migratable=", -EINVAL, "migratable", "0 or 1" },
	{ "new 32 migratable=2", -EINVAL, "migratable", "0 or 1" },
	{ "new 32 migratable=01", -EINVAL, "migratable", "0 or 1" },
	{ "new 32 migratable=yes", -EINVAL, "migratable", "0 or 1" },
	{ "new 32 pcrlock=", -EINVAL, "pcrlock", "0 to 23" },
	{ "new 32 pcrlock=24", -EINVAL, "pcrlock", "0 to 23" },
	{ "new 32 pcrlock=-1", -EINVAL, "pcrlock", "0 to 23" },
	{ "new 32 pcrlock=0x7", -EINVAL, "pcrlock", "0 to 23" },
	{ "new 32 pcrlock=4294967296", -EINVAL, "pcrlock", "0 to 23" },
	{ "new 32 format=", -EINVAL, "format", "must be interop" },
	{ "new 32 format=der", -EINVAL, "format", "must be interop" },
	{ "load 3082 format=interop", -EINVAL, "format", "new and update" },
	/* policydigest= */
	{ "new 32 policydigest=", -EINVAL, "policydigest", "as long as a digest of hash=" },
	{ "new 32 policydigest=" HEX20, -EINVAL, "policydigest", "as long as a digest of hash=" },
	{ "new 32 policydigest=" HEX48, -EINVAL, "policydigest", "as long as a digest of hash=" },
	{ "new 32 policydigest=" HEX48 " hash=sha512",
	  -EINVAL, "policydigest", "as long as a digest of hash=" },
	{ "new 32 hash=sha384 policydigest=" HEX32,
	  -EINVAL, "policydigest", "as long as a digest of hash=" },
	{ "new 32 hash=sha512 policydigest=" HEX64 "00",
	  -EINVAL, "policydigest", "longer than any digest" },
	{ "new 32 policydigest=" HEX32 "0", -EINVAL, "policydigest", "hex digits" },
	{ "new 32 policydigest=x" HEX32 "0", -EINVAL, "policydigest", "hex digits" },
	{ "new 32 policydigest=" HEX32 " pcrs=7", -EINVAL, "policydigest", "contradicts pcrs=" },
	{ "update pcrs=7 policydigest=" HEX32, -EINVAL, "policydigest", "contradicts pcrs=" },
	{ "load 3082 policydigest=00", -EINVAL, "policydigest", "as long as a digest of hash=" },
	/* policy=, authpolicy= */
	{ "load 3082 policy=", -EINVAL, "policy", "hex digits" },
	{ "new 32 policy=3", -EINVAL, "policy", "hex digits" },
	{ "new 32 policy=30zz", -EINVAL, "policy", "hex digits" },
	{ "new 32 policy=00", -EINVAL, "policy", "one SEQUENCE" },
	{ "new 32 policy=3000", -EINVAL, "policy", "no statement" },
	{ "new 32 policy=300c300aa0040202016ba1020401", -EINVAL, "policy", "malformed TPMPolicy" },
	{ "new 32 policy=" POLICY "00", -EINVAL, "policy", "one SEQUENCE" },
	{ "load 3082 authpolicy=3000", -EINVAL, "authpolicy", "no policy" },
	{ "load 3082 authpolicy=" POLICY, -EINVAL, "authpolicy", "name is not a UTF8String" },
	{ "new 32 authpolicy=" AUTHPOLICY, -EINVAL, "authpolicy", "goes with load" },
	/* signer= */
	{ "new 32 signer=3059", -EINVAL, "signer", "SubjectPublicKeyInfo" },
	{ "new 32 signer=" SPKI "00", -EINVAL, "signer", "SubjectPublicKeyInfo" },
	{ "load 3082 signer=" SPKI, -EINVAL, "signer", "goes with new and update" },
	/* parentname=, secretauth=, signfd=, policyhandle= */
	{ "new 32 parentname=000b", -EINVAL, "parentname", "must be a Name" },
	{ "new 32 parentname=000b00", -EINVAL, "parentname", "must be a Name" },
	{ "new 32 parentname=000c" HEX32, -EINVAL, "parentname", "must be a Name" },
	{ "new 32 parentname=owner", -EINVAL, "parentname", "hex digits" },
	{ "load 3082 secretauth=", -EINVAL, "secretauth", "1 to 20 octets" },
	{ "load 3082 secretauth=123456789012345678901", -EINVAL, "secretauth", "1 to 20 octets" },
	{ "load 3082 secretauth=forty_characters_which_are_not_hex_digit",
	  -EINVAL, "secretauth", "must be hex digits" },
	{ "update signfd=3", -EINVAL, "signfd", "goes with load" },
	{ "load 3082 signfd=", -EINVAL, "signfd", "open file" },
	{ "load 3082 signfd=-1", -EINVAL, "signfd", "open file" },
	{ "load 3082 signfd=100000000", -EINVAL, "signfd", "open file" },
	{ "new 32 policyhandle=0x03000000", -EINVAL, "policyhandle", "goes with load" },
	{ "load 3082 policyhandle=", -EINVAL, "policyhandle", "1 to 8 hex digits" },
	{ "load 3082 policyhandle=0x02000000", -EINVAL, "policyhandle", "0x03xxxxxx" },
	{ "load 3082 policyhandle=0x81000001", -EINVAL, "policyhandle", "0x03xxxxxx" },
	/* who says how the key is opened */
	{ "new 32 policydigest=" HEX32 " policy=" POLICY,
	  -EINVAL, "policydigest", "contradicts policy=" },
	{ "new 32 policydigest=" HEX32 " signer=" SPKI,
	  -EINVAL, "policydigest", "contradicts signer=" },
	{ "new 32 policy=" POLICY " pcrs=7", -EINVAL, "policy", "contradicts pcrs=" },
	{ "load 3082 policy=" POLICY " pcrs=7", -EINVAL, "policy", "contradicts pcrs=" },
	{ "new 32 signer=" SPKI " policy=" POLICY, -EINVAL, "policy", "contradicts signer=" },
	{ "load 3082 policyhandle=3000000 pcrs=7", -EINVAL, "policyhandle", "contradicts pcrs=" },
	{ "load 3082 policyhandle=3000000 policy=" POLICY,
	  -EINVAL, "policyhandle", "contradicts policy=" },
	{ "load 3082 policyhandle=3000000 signfd=3",
	  -EINVAL, "policyhandle", "contradicts signfd=" },
	{ "load 3082 policyhandle=3000000 authpolicy=" AUTHPOLICY,
	  -EINVAL, "policyhandle", "contradicts authpolicy=" },
	/* refused for good */
	{ "new 32 pcrinfo=00", -EINVAL, "pcrinfo", "use pcrs=" },
	{ "load 3082 pcrinfo=", -EINVAL, "pcrinfo", "use pcrs=" },
	/* the first thing that is wrong is the one that is named */
	{ "new 31 foo=1", -EINVAL, "new", "32 to 128" },
	{ "new 32 migratable=2 policy=00", -EINVAL, "migratable", "0 or 1" },
	{ "new 32 policy=00 migratable=2", -EINVAL, "policy", "one SEQUENCE" },
	{ "new 32 policy=" POLICY " migratable=2", -EINVAL, "migratable", "0 or 1" },
};

static void wrong_texts_are_refused(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		expect_wrong(test, wrong[i].text, wrong[i].err, wrong[i].option,
			     wrong[i].piece);
	kunit_info(test, "%zu wrong texts", i);
}

static void nul_is_refused_wherever_it_is(struct kunit *test)
{
	static const char text[] = "new 32 blobauth=secret pcrs=7";
	struct text *t = test->priv;
	char copy[sizeof(text)];
	size_t i;

	for (i = 0; i < sizeof(text); i++) {
		memcpy(copy, text, sizeof(text));
		copy[i] = '\0';
		KUNIT_EXPECT_EQ(test, parse_octets(test, copy, sizeof(text)), -EINVAL);
		KUNIT_EXPECT_STREQ(test, t->c.reason, "the text has a NUL in it");
	}
}

static void unknown_options_are_answered_with_the_known(struct kunit *test)
{
	static const char *const names[] = {
		"pcrs", "keyhandle", "keyauth", "blobauth", "hash", "migratable",
		"pcrlock", "format", "policydigest",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		expect_wrong(test, "new 32 secret=topsecret", -EINVAL, "", names[i]);
}

static void complaints_are_constants(struct kunit *test)
{
	struct text *t = test->priv;
	const char *reason, *option;

	parse(test, "new 32 pcrlock=99");
	option = t->c.option;
	reason = t->c.reason;
	KUNIT_EXPECT_FALSE(test, option >= t->buf && option < t->buf + t->len);
	parse(test, "load 3082 pcrlock=88");
	KUNIT_EXPECT_PTR_EQ(test, t->c.option, option);
	KUNIT_EXPECT_PTR_EQ(test, t->c.reason, reason);
}

static const char *const valid[] = {
	"new 32 pcrs=sha256:0-7,11+sha1:4 keyhandle=0x81000001 keyauth=" HEX20
	" blobauth=" HEX20 " hash=sha512 migratable=1 pcrlock=11 format=interop\n",
	"load 308201420606678105 0a0105 keyhandle=81000001 blobauth=secret",
	"load 3082014206066781050a0105 pcrs=7=" HEX32 " pcrlock=3",
	"update hash=sha384 policydigest=" HEX48,
	"new 32 policy=" POLICY " secretauth=x parentname=000b" HEX32,
	"new 32 signer=" SPKI,
	"load 3082 authpolicy=" AUTHPOLICY " signfd=3",
	"load 3082 policyhandle=0x03000000",
	"new 32 pcrs=7|11",
};

/* Every truncation, in a buffer of just that size: the sanitizers watch. */
static void truncated_texts_do_no_harm(struct kunit *test)
{
	struct text *t = test->priv;
	size_t i, len;

	for (i = 0; i < ARRAY_SIZE(valid); i++) {
		for (len = 0; len <= strlen(valid[i]); len++) {
			int err = parse_octets(test, valid[i], len);

			if (err)
				KUNIT_EXPECT_TRUE(test, err == -EINVAL || err == -EOPNOTSUPP);
			KUNIT_EXPECT_EQ(test, !err, !*t->c.reason);
			KUNIT_EXPECT_LE(test, t->o.blob.len, len / 2);
		}
	}
}

/* Any one octet changed into any other. */
static void changed_texts_do_no_harm(struct kunit *test)
{
	struct text *t = test->priv;
	unsigned int octet;
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(valid); i++) {
		size_t len = strlen(valid[i]);
		char copy[256];

		KUNIT_ASSERT_LE(test, len, sizeof(copy));
		for (at = 0; at < len; at++) {
			for (octet = 0; octet < 256; octet += 3) {
				memcpy(copy, valid[i], len);
				copy[at] = octet;
				KUNIT_EXPECT_EQ(test, !parse_octets(test, copy, len),
						!*t->c.reason);
			}
		}
	}
}

static struct kunit_case wrong_cases[] = {
	KUNIT_CASE(wrong_texts_are_refused),
	KUNIT_CASE(nul_is_refused_wherever_it_is),
	KUNIT_CASE(unknown_options_are_answered_with_the_known),
	KUNIT_CASE(complaints_are_constants),
	KUNIT_CASE(truncated_texts_do_no_harm),
	KUNIT_CASE(changed_texts_do_no_harm),
	{}
};

static struct kunit_suite wrong_suite = {
	.name = "tpk_options_wrong",
	.init = text_init,
	.test_cases = wrong_cases,
};

kunit_test_suite(wrong_suite);
