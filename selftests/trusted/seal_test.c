// SPDX-License-Identifier: GPL-2.0-only
/*
 * "new": what it seals, to what, and what is in the blob.
 */
#include "fixture.h"

/* --- sizes ---------------------------------------------------------------- */

FIXTURE(seal)
{
	struct env env;
};

FIXTURE_SETUP(seal)
{
	env_open(_metadata, &self->env);
}

FIXTURE_TEARDOWN(seal)
{
	EXPECT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	env_close(_metadata, &self->env);
}

static void expect_key_of(struct __test_metadata *_metadata, struct env *e,
			  unsigned int len)
{
	struct octets data;
	char text[16];
	char *hex;

	snprintf(text, sizeof(text), "new %u", len);
	hex = new_blob(_metadata, e, text);
	data = contents(_metadata, e, hex, NULL);
	EXPECT_EQ(len, data.len);
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

TEST_F(seal, keys_have_32_to_128_octets)
{
	static const unsigned int len[] = { 32, 33, 63, 64, 100, 127, 128 };
	unsigned int i;

	for (i = 0; i < sizeof(len) / sizeof(*len); i++)
		expect_key_of(_metadata, &self->env, len[i]);
}

TEST_F(seal, each_key_is_another)
{
	char *a = new_blob(_metadata, &self->env, "new 32");
	char *b = new_blob(_metadata, &self->env, "new 32");
	struct octets key_a = contents(_metadata, &self->env, a, NULL);
	struct octets key_b = contents(_metadata, &self->env, b, NULL);

	EXPECT_FALSE(same_octets(&key_a, &key_b));
	free(a);
	free(b);
}

/* --- name algorithms ------------------------------------------------------ */

FIXTURE(hash)
{
	struct env env;
	char text[256];
};

FIXTURE_VARIANT(hash)
{
	const char *name;
	uint16_t alg;
	unsigned int size;
};

FIXTURE_VARIANT_ADD(hash, sha256) { "sha256", VAULT_SHA256, 32 };
FIXTURE_VARIANT_ADD(hash, sha384) { "sha384", VAULT_SHA384, 48 };
FIXTURE_VARIANT_ADD(hash, sha512) { "sha512", VAULT_SHA512, 64 };

FIXTURE_SETUP(hash)
{
	env_open(_metadata, &self->env);
}

FIXTURE_TEARDOWN(hash)
{
	env_close(_metadata, &self->env);
}

#define BLOBAUTH	"00112233445566778899aabbccddeeff00112233"

/* Sealed so, opened by us and by the kernel, with the right name algorithm. */
static struct keyfile seal_with(struct __test_metadata *_metadata,
				FIXTURE_DATA(hash) *self,
				const FIXTURE_VARIANT(hash) *variant,
				unsigned int len, const char *options)
{
	struct octets auth = { 0 };
	struct octets data;
	struct keyfile kf;
	char *hex;

	if (strstr(options, "blobauth="))
		auth.len = hex_decode(BLOBAUTH, auth.data, sizeof(auth.data));
	snprintf(self->text, sizeof(self->text), "new %u hash=%s %s", len,
		 variant->name, options);
	hex = new_blob(_metadata, &self->env, self->text);
	kf = parsed(_metadata, hex);
	EXPECT_EQ(variant->alg, name_alg_of(&kf));
	data = contents(_metadata, &self->env, hex, &auth);
	EXPECT_EQ(len, data.len);
	EXPECT_LOADS(&self->env, hex, auth.len ? "blobauth=" BLOBAUTH : "");
	free(hex);
	return kf;
}

TEST_F(hash, without_policy)
{
	struct keyfile kf = seal_with(_metadata, self, variant, 128, "");

	EXPECT_EQ(0, policy_len_of(&kf));
	EXPECT_EQ(VAULT_FIXED | VAULT_USER_WITH_AUTH | VAULT_NO_DA,
		  attributes_of(&kf));
	EXPECT_TRUE(kf.empty_auth);
}

TEST_F(hash, with_pcrs)
{
	struct keyfile kf = seal_with(_metadata, self, variant, 128,
				      "pcrs=sha256:7,11");

	EXPECT_EQ(variant->size, policy_len_of(&kf));
	EXPECT_EQ(VAULT_FIXED | VAULT_NO_DA, attributes_of(&kf));
	EXPECT_TRUE(kf.empty_auth);
}

TEST_F(hash, with_blobauth)
{
	struct keyfile kf = seal_with(_metadata, self, variant, 64,
				      "blobauth=" BLOBAUTH);

	EXPECT_EQ(0, policy_len_of(&kf));
	EXPECT_EQ(VAULT_FIXED | VAULT_USER_WITH_AUTH | VAULT_NO_DA,
		  attributes_of(&kf));
	EXPECT_FALSE(kf.empty_auth);
}

TEST_F(hash, with_pcrs_and_blobauth)
{
	struct keyfile kf = seal_with(_metadata, self, variant, 64,
				      "pcrs=sha256:7 blobauth=" BLOBAUTH);
	struct statement st;

	EXPECT_EQ(variant->size, policy_len_of(&kf));
	EXPECT_EQ(VAULT_FIXED | VAULT_NO_DA, attributes_of(&kf));
	EXPECT_FALSE(kf.empty_auth);
	ASSERT_TRUE(keyfile_statement(&kf, 0, &st));
	EXPECT_EQ(0x17f, st.code); /* PolicyPCR */
	ASSERT_TRUE(keyfile_statement(&kf, 1, &st));
	EXPECT_EQ(0x16b, st.code); /* PolicyAuthValue */
	EXPECT_EQ(0, st.body.len);
	EXPECT_FALSE(keyfile_statement(&kf, 2, &st));
}

/* --- PCRs ----------------------------------------------------------------- */

static void expect_sealed_to(struct __test_metadata *_metadata, struct env *e,
			     const char *options)
{
	struct octets data;
	char text[256];
	char *hex;

	snprintf(text, sizeof(text), "new 32 %s", options);
	hex = new_blob(_metadata, e, text);
	data = contents(_metadata, e, hex, NULL);
	EXPECT_EQ(32, data.len) TH_LOG("%s", options);
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

TEST_F(seal, to_each_bank)
{
	expect_sealed_to(_metadata, &self->env, "pcrs=7");
	expect_sealed_to(_metadata, &self->env, "pcrs=sha1:7");
	expect_sealed_to(_metadata, &self->env, "pcrs=sha256:7");
	expect_sealed_to(_metadata, &self->env, "pcrs=sha384:7");
	expect_sealed_to(_metadata, &self->env, "pcrs=sha512:7");
}

TEST_F(seal, to_several_banks)
{
	struct env *e = &self->env;

	expect_sealed_to(_metadata, e, "pcrs=sha1:7+sha256:7");
	expect_sealed_to(_metadata, e, "pcrs=sha384:0-3+sha256:7,11");
	expect_sealed_to(_metadata, e, "pcrs=sha256:7+sha1:0+sha256:0");
	expect_sealed_to(_metadata, e, "pcrs=sha512:7+sha384:7+sha256:7+sha1:7 hash=sha384");
}

TEST_F(seal, to_ranges)
{
	expect_sealed_to(_metadata, &self->env, "pcrs=sha256:0-7");
	expect_sealed_to(_metadata, &self->env, "pcrs=sha256:0-3,5,7-9,23");
	expect_sealed_to(_metadata, &self->env, "pcrs=sha256:0-23");
	expect_sealed_to(_metadata, &self->env, "pcrs=sha1:0-23+0-23+sha384:0-23+sha512:0-23");
}

/* The first statement's TPML_PCR_SELECTION names what was asked for. */
TEST_F(seal, selection_is_what_was_asked_for)
{
	static const uint8_t want[] = {
		0, 0, 0, 2,
		0, 0x0b, 3, 0x8f, 0x08, 0x80,
		0, 0x04, 3, 0x01, 0x00, 0x00,
	};
	char *hex = new_blob(_metadata, &self->env,
			     "new 32 pcrs=sha256:0-3,7,11,23+sha1:0");
	struct keyfile kf = parsed(_metadata, hex);
	struct statement st;

	ASSERT_TRUE(keyfile_statement(&kf, 0, &st));
	ASSERT_EQ(sizeof(want) + 32, st.body.len);
	EXPECT_EQ(0, memcmp(want, st.body.data, sizeof(want)));
	free(hex);
}

/* Otherwise it would open on any machine. */
TEST_F(seal, pcrs_without_a_measurement_are_refused)
{
	struct env *e = &self->env;

	refuse(_metadata, e, -EINVAL, "new 32 pcrs=sha256:16");
	EXPECT_LOGGED(1, e, "sha256");
	refuse(_metadata, e, -EINVAL, "new 32 pcrs=sha384:16,23");
	EXPECT_LOGGED(1, e, "sha384");
	refuse(_metadata, e, -EINVAL, "new 32 pcrs=sha256:17-22");
	refuse(_metadata, e, -EINVAL, "new 32 pcrs=sha256:7+sha1:16");
	EXPECT_LOGGED(1, e, "sha1");
	expect_sealed_to(_metadata, e, "pcrs=sha256:7,16");
}

TEST_F(seal, value_that_is_named_may_be_all_zeroes)
{
	expect_sealed_to(_metadata, &self->env,
			 "pcrs=sha256:16=00000000000000000000000000000000"
			 "00000000000000000000000000000000");
}

/* --- the blob ------------------------------------------------------------- */

TEST_F(seal, description_holds_the_values)
{
	char *hex = new_blob(_metadata, &self->env, "new 32 pcrs=sha256:7,11");
	struct keyfile kf = parsed(_metadata, hex);
	struct octets value;
	char *want;

	ASSERT_EQ(0, vault_pcr_read(self->env.tpm, VAULT_SHA256, 7, &value));
	want = hex_encode(value.data, value.len);
	EXPECT_NE(NULL, memmem(kf.description.data, kf.description.len, want,
			       strlen(want)));
	free(want);
	free(hex);
}

/* A Name is its algorithm and a digest. */
TEST_F(seal, blob_names_its_parent)
{
	char *hex = new_blob(_metadata, &self->env, "new 32");
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_EQ(KEYFILE_SEALED, kf.type);
	EXPECT_EQ(0x40000001, kf.parent);
	ASSERT_EQ(34, kf.parent_name.len);
	EXPECT_EQ(0x00, kf.parent_name.data[0]);
	EXPECT_EQ(0x0b, kf.parent_name.data[1]);
	free(hex);
}

TEST_F(seal, interop_leaves_out_what_others_cannot_parse)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7");
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_EQ(1 << 0 | 1 << 1 | 1 << 4 | 1 << 6, kf.fields);
	free(hex);
	hex = new_blob(_metadata, e, "new 32 pcrs=7 format=interop");
	kf = parsed(_metadata, hex);
	EXPECT_EQ(1 << 0 | 1 << 1, kf.fields);
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

TEST_F(seal, migratable_key_is_not_fixed)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 migratable=1");
	struct keyfile kf = parsed(_metadata, hex);

	EXPECT_EQ(VAULT_USER_WITH_AUTH | VAULT_NO_DA, attributes_of(&kf));
	EXPECT_LOADS(e, hex, "");
	free(hex);
	hex = new_blob(_metadata, e, "new 32 migratable=0");
	kf = parsed(_metadata, hex);
	EXPECT_EQ(VAULT_FIXED | VAULT_USER_WITH_AUTH | VAULT_NO_DA,
		  attributes_of(&kf));
	free(hex);
}

TEST_F(seal, key_reads_as_its_blob)
{
	int key = add(_metadata, &self->env, "read", "new 32");
	char *hex = blob(_metadata, key);
	char *again = blob(_metadata, key);

	EXPECT_STREQ(hex, again);
	EXPECT_EQ(strlen(hex), strspn(hex, "0123456789abcdef"));
	free(hex);
	free(again);
}

/* Nor the blob, whose private half is as good on this machine. */
TEST_F(seal, key_is_not_logged)
{
	struct env *e = &self->env;
	struct octets data;
	struct keyfile kf;
	char *hex, *secret, *private;

	log_anew(_metadata, e);
	hex = new_blob(_metadata, e, "new 32 pcrs=7,16");
	klog_read(&e->log);
	data = contents(_metadata, e, hex, NULL);
	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA256, 16, 1));
	EXPECT_EQ(-EKEYREJECTED, key_add(e->ring, "no", "load %s", hex));
	EXPECT_EQ(-EINVAL, key_add(e->ring, "no", "load %s x", hex));
	EXPECT_EQ(-EBADMSG, key_add(e->ring, "no", "load %.200s", hex));
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LE(4, e->log.nr);
	secret = hex_encode(data.data, data.len);
	EXPECT_FALSE(says_secret(&e->log, secret));
	kf = parsed(_metadata, hex);
	private = hex_encode(kf.private.data + 4, kf.private.len - 4);
	EXPECT_FALSE(says_secret(&e->log, private));
	free(secret);
	free(private);
	free(hex);
}

TEST_HARNESS_MAIN
