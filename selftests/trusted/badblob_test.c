// SPDX-License-Identifier: GPL-2.0-only
/*
 * Malformed blobs: their errno, a line in the log that names the field, no TPM
 * command, no key.
 */
#include "bad.h"

/*
 * The parts of a blob that openssl_tpm2_engine made: PolicyPCR of sha256:7,16,
 * under the derived parent of a TPM that is no more.
 */
#define TYPE		"06066781050a0105"
#define EMPTY_AUTH	"a0030101ff"
#define DIGEST		"f5a5fd42d16a20302798ef6ed309979b" \
			"43003d2320d9f0e8ea9831a92759fb4b"
#define SELECTION	"00000001000b03800001"
#define PCR_CODE	"a0040202017f"
#define PCR_STATEMENT	"3034" PCR_CODE "a12c042a" SELECTION DIGEST
#define POLICY		"a1383036" PCR_STATEMENT
#define PARENT		"020440000001"
#define POLICY_DIGEST	"2aa20d10266e2597a0c0c14ae1d5db0e" \
			"a93b4c20d76c66d032e4910413cb5fa8"
#define UNIQUE		"c21a3c4b95bddc84b5302edc086dc806" \
			"d6f764987149d3ff6e996b542e60e621"
#define AREA		"0008000b00000400" "0020" POLICY_DIGEST \
			"0010" "0020" UNIQUE
#define PUBLIC		"0450" "004e" AREA
#define PRIVATE_AREA	\
	"0020bcc6881050932e27fb161c493c78d13c99f0e7345f8e0bbbb71d32f5cd19" \
	"01d20010968359fbefc1a508a95ba0e4e3f8efa57010a034ccac572d7b4281fc" \
	"8b8a61e1a6d2b3d52587fd137c33509251eefb219da891d6d310b8feed1f77b6" \
	"17c553d76012f3b8ed178c723098ef08076a84c4bdbdedf71299e342d05c68ef" \
	"3fc6ec2ce1a44b1b1368e3eebde706b3e9e938fe998b4064659b24ddeb59"
#define PRIVATE		"0481a0" "009e" PRIVATE_AREA

/* An empty PolicyAuthValue, twelve octets. */
#define AUTH_VALUE	"300aa0040202016ba1020400"
#define TIMES_4(x)	x x x x

#define REST		PARENT PUBLIC PRIVATE

/* Contents of the outer SEQUENCE. */
static const struct bad_text bad_fields[] = {
	{ "", EBADMSG, "type" },
	{ EMPTY_AUTH POLICY REST, EBADMSG, "type" },
	{ "0600" EMPTY_AUTH POLICY REST, EBADMSG, "type" },
	{ "06066781050a0106" EMPTY_AUTH POLICY REST, EBADMSG, "type" },
	{ "06066781050a0205" EMPTY_AUTH POLICY REST, EBADMSG, "type" },
	{ "06056781050a01" EMPTY_AUTH POLICY REST, EBADMSG, "type" },
	{ TYPE TYPE EMPTY_AUTH POLICY REST, EBADMSG, "" },
	{ "06066781050a0103" EMPTY_AUTH POLICY REST, EOPNOTSUPP, "sealed data" },
	{ "06066781050a0104" EMPTY_AUTH POLICY REST, EBADMSG, "secret" },
	{ "06066781050a0104" EMPTY_AUTH POLICY "a2050403000100" REST, EOPNOTSUPP, "import" },

	{ TYPE "a0020100" POLICY REST, EBADMSG, "emptyAuth" },
	{ TYPE "a0040102ffff" POLICY REST, EBADMSG, "emptyAuth" },
	{ TYPE "a003020101" POLICY REST, EBADMSG, "emptyAuth" },
	{ TYPE "a0050101ff0500" POLICY REST, EBADMSG, "emptyAuth" },
	{ TYPE EMPTY_AUTH EMPTY_AUTH POLICY REST, EBADMSG, "emptyAuth" },
	{ TYPE POLICY EMPTY_AUTH REST, EBADMSG, "emptyAuth" },

	{ TYPE EMPTY_AUTH POLICY "a2050403000100" REST, EBADMSG, "secret" },
	{ TYPE EMPTY_AUTH POLICY "a20404020000" REST, EBADMSG, "secret" },
	{ TYPE EMPTY_AUTH "a31430123010a10e300c" AUTH_VALUE REST, EBADMSG, "authPolicy" },
	{ TYPE EMPTY_AUTH POLICY "a3023000" REST, EBADMSG, "authPolicy" },
	{ TYPE EMPTY_AUTH POLICY "a303300100" REST, EBADMSG, "authPolicy" },
	{ TYPE EMPTY_AUTH POLICY "a403040141" REST, EBADMSG, "description" },
	{ TYPE EMPTY_AUTH POLICY "a4030c01ff" REST, EBADMSG, "description" },
	{ TYPE EMPTY_AUTH POLICY "a4040c02c080" REST, EBADMSG, "description" },
	{ TYPE EMPTY_AUTH POLICY "a4030c0141a4030c0141" REST, EBADMSG, "description" },
	{ TYPE EMPTY_AUTH POLICY "a503010100" REST, EBADMSG, "rsaParent" },
	{ TYPE EMPTY_AUTH POLICY "a5030101ff02050081000001" PUBLIC PRIVATE, EBADMSG, "rsaParent" },
	{ TYPE EMPTY_AUTH POLICY "a6020400" REST, EBADMSG, "parentName" },
	{ TYPE EMPTY_AUTH POLICY "a6050403000b00" REST, EBADMSG, "parentName" },
	{ TYPE EMPTY_AUTH POLICY "a7020500" REST, EBADMSG, "unknown" },
	{ TYPE EMPTY_AUTH POLICY "bf1f020500" REST, EBADMSG, "unknown" },

	{ TYPE EMPTY_AUTH POLICY PUBLIC PRIVATE, EBADMSG, "parent" },
	{ TYPE EMPTY_AUTH POLICY "0200" PUBLIC PRIVATE, EBADMSG, "parent" },
	{ TYPE EMPTY_AUTH POLICY "020480000001" PUBLIC PRIVATE, EBADMSG, "parent" },
	{ TYPE EMPTY_AUTH POLICY "020401000001" PUBLIC PRIVATE, EBADMSG, "parent" },
	{ TYPE EMPTY_AUTH POLICY "02050040000001" PUBLIC PRIVATE, EBADMSG, "parent" },
	{ TYPE EMPTY_AUTH POLICY "0206008100000100" PUBLIC PRIVATE, EBADMSG, "parent" },
	{ TYPE EMPTY_AUTH POLICY "040440000001" PUBLIC PRIVATE, EBADMSG, "parent" },

	{ TYPE EMPTY_AUTH POLICY PARENT, EBADMSG, "pubkey" },
	{ TYPE EMPTY_AUTH POLICY PARENT "0400" PRIVATE, EBADMSG, "pubkey" },
	{ TYPE EMPTY_AUTH POLICY PARENT "04020000" PRIVATE, EBADMSG, "pubkey" },
	{ TYPE EMPTY_AUTH POLICY PARENT "0450" "004d" AREA PRIVATE, EBADMSG, "pubkey" },
	{ TYPE EMPTY_AUTH POLICY PARENT "044e" AREA PRIVATE, EBADMSG, "pubkey" },
	{ TYPE EMPTY_AUTH POLICY PARENT PUBLIC, EBADMSG, "privkey" },
	{ TYPE EMPTY_AUTH POLICY PARENT PUBLIC "0400", EBADMSG, "privkey" },
	{ TYPE EMPTY_AUTH POLICY PARENT PUBLIC "04020000", EBADMSG, "privkey" },
	{ TYPE EMPTY_AUTH POLICY PARENT PUBLIC "0481a0" "009f" PRIVATE_AREA, EBADMSG, "privkey" },
	{ TYPE EMPTY_AUTH POLICY REST "0500", EBADMSG, "privkey" },
};

static const struct bad_text bad_areas[] = {
	/* Not that of sealed data; a hash that is not known; a long policy. */
	{ "0001000b00000400" "0020" POLICY_DIGEST "0010" "0020" UNIQUE, EBADMSG, "public area" },
	{ "0008001200000400" "0020" POLICY_DIGEST "0010" "0020" UNIQUE, EOPNOTSUPP, "algorithm" },
	{ "0008000b00000400" "0021" POLICY_DIGEST "000010" "0020" UNIQUE, EBADMSG, "public area" },
	{ "0008000b00000400" "0020" POLICY_DIGEST "0005" "0020" UNIQUE, EBADMSG, "public area" },
	{ "0008000b00000400" "0020" POLICY_DIGEST "0010" "0021" UNIQUE, EBADMSG, "public area" },
	{ "0008000b00000400" "0020" POLICY_DIGEST "0010" "0020" UNIQUE "00",
	  EBADMSG, "public area" },
	{ "0008000b00000400" "0020" POLICY_DIGEST, EBADMSG, "public area" },
	{ "0008000b00", EBADMSG, "public area" },
};

/* [1] */
static const struct bad_text bad_policies[] = {
	{ "a1023000", EBADMSG, "policy" },
	{ "a1020500", EBADMSG, "policy" },
	{ "a100", EBADMSG, "policy" },
	{ POLICY POLICY, EBADMSG, "policy" },
	{ "a13a3036" PCR_STATEMENT "0500", EBADMSG, "policy" },
	{ "a1053003020100", EBADMSG, "policy" },
	{ "a10a30083006" PCR_CODE, EBADMSG, "policy" },
	{ "a13a30383036" PCR_CODE "a12c042a" SELECTION DIGEST "0500", EBADMSG, "policy" },
	{ "a13b30393037a00702050100000000a12c042a" SELECTION DIGEST, EBADMSG, "policy" },
	{ "a13930373035a005020300017fa12c042a" SELECTION DIGEST, EBADMSG, "policy" },
	{ "a13730353033a0030201ffa12c042a" SELECTION DIGEST, EBADMSG, "policy" },
	{ "a10f300d300ba0040202016ba103040100", EBADMSG, "PolicyAuthValue" },
	{ "a10f300d300b" PCR_CODE "a103040100", EBADMSG, "PolicyPCR" },
	{ "a10e300c300a" PCR_CODE "a1020400", EBADMSG, "PolicyPCR" },
	{ "a1323030302e" PCR_CODE "a1260424" "00000000" DIGEST, EBADMSG, "PolicyPCR" },
	{ "a13830363034" PCR_CODE "a12c042a" "00000001000b03000000" DIGEST, EBADMSG, "policy" },
	{ "a13830363034" PCR_CODE "a12c042a" "00000002000b03800001" DIGEST, EBADMSG, "PolicyPCR" },
	{ "a13830363034" PCR_CODE "a12c042a" "00000001000b04800001" DIGEST, EBADMSG, "PolicyPCR" },
	/* Well-formed, but not what the object was sealed with. */
	{ "a13830363034" PCR_CODE "a12c042a" "00000001000b03800000" DIGEST, EBADMSG, "policy" },
	{ "a13830363034" PCR_CODE "a12c042a" SELECTION UNIQUE, EBADMSG, "policy" },
	{ "a10e300c" AUTH_VALUE, EBADMSG, "policy" },
	{ "a1443042" PCR_STATEMENT AUTH_VALUE, EBADMSG, "policy" },
	{ "a181c33081c0" TIMES_4(TIMES_4(AUTH_VALUE)), EBADMSG, "policy" },
	{ "a181cf3081cc" TIMES_4(TIMES_4(AUTH_VALUE)) AUTH_VALUE, EBADMSG, "16 statements" },
	{ "a10f300d300ba0040202016fa103040101", EBADMSG, "policy: it is not the one" },
	{ "a10f300d300ba00402020171a103040100", EBADMSG, "PolicyOR" },
	{ "a10f300d300ba00402020151a103040100", EBADMSG, "PolicySecret" },
	{ "a10f300d300ba0040202016aa103040100", EBADMSG, "PolicyAuthorize" },
	{ "a10f300d300ba0040202018ca103040100", EOPNOTSUPP, "statement is not supported" },
	{ "a10e300c300aa003020100a103040100", EOPNOTSUPP, "policy" },
	/* The object has one, and the blob does not say which. */
	{ "", EINVAL, "pcrs=" },
};

#define WHOLE	"30820142" TYPE EMPTY_AUTH POLICY REST
#define OLD	"009e" PRIVATE_AREA "004e" AREA

/* All of it, and options. */
static const struct bad_text bad_blobs[] = {
	{ "3000", EBADMSG, "" },
	{ WHOLE "00", EBADMSG, "SEQUENCE" },
	{ "30820143" TYPE EMPTY_AUTH POLICY REST, EBADMSG, "SEQUENCE" },
	{ "30820141" TYPE EMPTY_AUTH POLICY REST, EBADMSG, "SEQUENCE" },
	{ "3083000142" TYPE EMPTY_AUTH POLICY REST, EBADMSG, "SEQUENCE" },
	{ "3080" TYPE EMPTY_AUTH POLICY REST "0000", EBADMSG, "SEQUENCE" },
	{ "308400000142" TYPE EMPTY_AUTH POLICY REST, EBADMSG, "SEQUENCE" },
	{ "3082", EBADMSG, "SEQUENCE" },
	{ "31820142" TYPE EMPTY_AUTH POLICY REST, EINVAL, "keyhandle=" },
	{ WHOLE " pcrs=7", EINVAL, "pcrs=" },
	{ OLD, EINVAL, "keyhandle=" },
	{ OLD " pcrs=sha256:7", EINVAL, "keyhandle=" },
	{ "0000 keyhandle=0x81000001", EBADMSG, "privkey" },
	{ "ffffffffffff keyhandle=0x81000001", EBADMSG, "privkey" },
	{ "009e" PRIVATE_AREA " keyhandle=0x81000001", EBADMSG, "pubkey" },
	{ "009e" PRIVATE_AREA "004e keyhandle=0x81000001", EBADMSG, "pubkey" },
	{ "009e" PRIVATE_AREA "0000 keyhandle=0x81000001", EBADMSG, "pubkey" },
	{ "009e" PRIVATE_AREA "004d" AREA " keyhandle=0x81000001", EBADMSG, "" },
	{ OLD "00 keyhandle=0x81000001", EBADMSG, "pubkey" },
	{ OLD " keyhandle=0x81000001", EINVAL, "pcrs=" },
};

FIXTURE(bad_blob)
{
	struct env env;
};

FIXTURE_SETUP(bad_blob)
{
	env_open(_metadata, &self->env);
	ASSERT_EQ(0, tpm_trace_start());
}

FIXTURE_TEARDOWN(bad_blob)
{
	tpm_trace_stop();
	env_close(_metadata, &self->env);
}

static void expect_bad_load(struct __test_metadata *_metadata, struct env *e,
			    const char *blob, const struct bad_text *bad)
{
	char *text;

	ASSERT_LT(0, asprintf(&text, "load %s", blob));
	expect_bad(_metadata, e, text, strlen(text), bad->err, bad->says);
	free(text);
}

/* In an outer SEQUENCE. */
static void expect_bad_contents(struct __test_metadata *_metadata,
				struct env *e, const char *contents,
				const struct bad_text *bad)
{
	char *blob = der_wrap(contents);

	expect_bad_load(_metadata, e, blob, bad);
	free(blob);
}

#define FOR_ALL(bad, table) \
	for (bad = table; bad < table + sizeof(table) / sizeof(*(table)); bad++)

TEST_F(bad_blob, fields)
{
	const struct bad_text *bad;

	FOR_ALL(bad, bad_fields)
		expect_bad_contents(_metadata, &self->env, bad->text, bad);
}

TEST_F(bad_blob, public_areas)
{
	const struct bad_text *bad;
	char contents[2048];

	FOR_ALL(bad, bad_areas) {
		size_t len = strlen(bad->text) / 2;

		snprintf(contents, sizeof(contents),
			 TYPE EMPTY_AUTH POLICY PARENT "04%02zx%04zx%s" PRIVATE,
			 len + 2, len, bad->text);
		expect_bad_contents(_metadata, &self->env, contents, bad);
	}
}

TEST_F(bad_blob, policies)
{
	const struct bad_text *bad;
	char contents[2048];

	FOR_ALL(bad, bad_policies) {
		snprintf(contents, sizeof(contents), TYPE EMPTY_AUTH "%s" REST,
			 bad->text);
		expect_bad_contents(_metadata, &self->env, contents, bad);
	}
}

TEST_F(bad_blob, whole_blobs)
{
	const struct bad_text *bad;

	FOR_ALL(bad, bad_blobs)
		expect_bad_load(_metadata, &self->env, bad->text, bad);
}

/* What all of these were made from is well-formed: it is the TPM that refuses it. */
TEST_F(bad_blob, good_one_is_refused_by_the_tpm)
{
	struct env *e = &self->env;
	struct tpm_trace trace;

	EXPECT_EQ(-EREMOTE, load(e, WHOLE, ""));
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_LT(0, trace.nr);
	EXPECT_EQ(0, key_count(e->ring));
}

/* Every blob that is cut off is malformed, wherever that is. */
TEST_F(bad_blob, every_beginning)
{
	struct env *e = &self->env;
	struct tpm_trace trace;
	char text[] = WHOLE;
	size_t len;

	for (len = sizeof(text) - 3; len >= 4; len -= 2) {
		text[len] = '\0';
		EXPECT_EQ(-EBADMSG, load(e, text, "")) TH_LOG("%zu", len);
	}
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_EQ(0, trace.nr);
	EXPECT_EQ(0, key_count(e->ring));
}

TEST_HARNESS_MAIN
