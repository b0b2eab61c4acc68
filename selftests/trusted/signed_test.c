// SPDX-License-Identifier: GPL-2.0-only
/*
 * signer= and authpolicy=: a policy that the right key has signed opens the key,
 * and nothing else does.
 */
#include "policies.h"
#include "signer.h"

__attribute__((used)) static const char timeout[] = "vm-timeout=180";

FIXTURE(signed_policy)
{
	struct env env;
	struct signer signer;
};

/* The policy of a key, and those that are signed for it. */
static struct policy policy, approved[8], outer[2], inner[2];

FIXTURE_SETUP(signed_policy)
{
	env_open(_metadata, &self->env);
	RESET_16(&self->env);
	log_anew(_metadata, &self->env);
	ASSERT_TRUE(signer_make(&self->signer, SIGNER_P256, 0));
	policy_start(&policy, VAULT_SHA256, NULL);
}

FIXTURE_TEARDOWN(signed_policy)
{
	RESET_16(&self->env);
	signer_free(&self->signer);
	EXPECT_EQ(0, key_count(self->env.ring));
	env_close(_metadata, &self->env);
}

/* Sealed to whatever the key signs. */
static char *seal_to(struct __test_metadata *_metadata, struct env *e,
		     const struct signer *s, const char *options)
{
	char *key = signer_hex(s), *text, *hex;

	ASSERT_LT(0, asprintf(&text, "new 32 signer=%s %s", key, options));
	hex = new_blob(_metadata, e, text);
	free(text);
	free(key);
	return hex;
}

/* PCR 16 as it is now, signed. */
static void approve_now(struct __test_metadata *_metadata, struct env *e,
			struct policy *p, const struct signer *s)
{
	policy_start(p, VAULT_SHA256, NULL);
	policy_pcr_now(_metadata, e, p);
	policy_sign(p, s, NULL, VAULT_SHA256);
}

/* PCR 16 as it never is, signed. */
static void approve_never(struct policy *p, const struct signer *s)
{
	policy_start(p, VAULT_SHA256, NULL);
	policy_pcr_never(p, 1);
	policy_sign(p, s, NULL, VAULT_SHA256);
}

/* "authpolicy=HEX OPTIONS" of the first @nr of approved, to be freed. */
static char *authpolicy(unsigned int nr, const char *options)
{
	char *der = policies_hex(approved, nr), *text;

	if (asprintf(&text, "authpolicy=%s %s", der, options) < 0)
		abort();
	free(der);
	return text;
}

static void expect_opens(struct __test_metadata *_metadata, struct env *e,
			 const char *hex, unsigned int nr, const char *options)
{
	char *text = authpolicy(nr, options);

	EXPECT_LOADS(e, hex, text);
	free(text);
}

static void refuse_signed(struct __test_metadata *_metadata, struct env *e,
			  int err, const char *hex, unsigned int nr)
{
	char *text = authpolicy(nr, "");

	refuse_load(_metadata, e, err, hex, text);
	free(text);
}

/* --- the right key -------------------------------------------------------- */

/* Sealed once; signed anew for what is booted next. */
static void expect_signed(struct __test_metadata *_metadata, struct env *e,
			  enum signer_kind kind)
{
	struct signer s;
	char *hex;

	ASSERT_TRUE(signer_make(&s, kind, 0));
	hex = seal_to(_metadata, e, &s, "");
	refuse_load(_metadata, e, -ENOKEY, hex, "");
	EXPECT_LOGGED(1, e, "no signed policy by this key fits");
	approve_now(_metadata, e, &approved[0], &s);
	expect_opens(_metadata, e, hex, 1, "");
	EXTEND_16(e);
	refuse_signed(_metadata, e, -ENOKEY, hex, 1);
	EXPECT_LOGGED(1, e, "no signed policy fits the PCRs");
	approve_now(_metadata, e, &approved[1], &s);
	expect_opens(_metadata, e, hex, 2, "");
	RESET_16(e);
	expect_opens(_metadata, e, hex, 2, "");
	free(hex);
	signer_free(&s);
}

TEST_F(signed_policy, by_ecdsa_p256)
{
	expect_signed(_metadata, &self->env, SIGNER_P256);
}

TEST_F_TIMEOUT(signed_policy, by_rsa_2048, 120)
{
	expect_signed(_metadata, &self->env, SIGNER_RSA2048);
}

TEST_F_TIMEOUT(signed_policy, by_rsa_3072, 240)
{
	expect_signed(_metadata, &self->env, SIGNER_RSA3072);
}

/* LoadExternal, VerifySignature, PolicyAuthorize, FlushContext. */
TEST_F(signed_policy, costs)
{
	struct env *e = &self->env;
	char *hex = seal_to(_metadata, e, &self->signer, ""), *text;
	struct tpm_trace trace;

	approve_never(&approved[0], &self->signer);
	approve_now(_metadata, e, &approved[1], &self->signer);
	text = authpolicy(2, "");
	EXPECT_EQ(0, load_traced(_metadata, e, hex, text, &trace));
	EXPECT_EQ(1, sent(&trace, TPM_CC_PCR_READ));
	EXPECT_EQ(1, sent(&trace, 0x167)); /* LoadExternal */
	EXPECT_EQ(1, sent(&trace, 0x177)); /* VerifySignature */
	EXPECT_EQ(1, sent(&trace, POLICY_CC_PCR));
	EXPECT_EQ(1, sent(&trace, POLICY_CC_AUTHORIZE));
	EXPECT_EQ(2, sent_policy(&trace));
	free(text);
	free(hex);
}

TEST_F(signed_policy, recorded_in_the_blob)
{
	struct env *e = &self->env;
	char *hex = seal_to(_metadata, e, &self->signer, "");
	struct keyfile kf = parsed(_metadata, hex);

	approve_never(&approved[0], &self->signer);
	approve_now(_metadata, e, &approved[1], &self->signer);
	kf.auth_policy = policies_contents(approved, 2);
	kf.fields |= 1 << 3;
	free(hex);
	hex = keyfile_encode(&kf);
	EXPECT_LOADS(e, hex, "");
	EXTEND_16(e);
	refuse_load(_metadata, e, -ENOKEY, hex, "");
	approve_now(_metadata, e, &approved[0], &self->signer);
	expect_opens(_metadata, e, hex, 1, "");
	free(hex);
}

/* Beside pcrs= and blobauth=, and the same key comes out. */
TEST_F(signed_policy, beside_other_options)
{
	struct env *e = &self->env;
	char *key = signer_hex(&self->signer), *update, *options, *hex;

	approve_now(_metadata, e, &approved[0], &self->signer);
	options = authpolicy(1, "blobauth=" RIGHT);
	ASSERT_LT(0, asprintf(&update, "update signer=%s pcrs=7,11 blobauth=" RIGHT, key));
	expect_same_key(_metadata, e, update, options);
	hex = seal_to(_metadata, e, &self->signer, "blobauth=" RIGHT " pcrs=7,16");
	EXPECT_LOADS(e, hex, options);
	refuse_signed(_metadata, e, -EACCES, hex, 1);
	free(options);
	options = authpolicy(1, "blobauth=" WRONG);
	refuse_load(_metadata, e, -EACCES, hex, options);
	EXPECT_LOGGED(1, e, "Unseal: authorization is wrong");
	free(options);
	free(update);
	free(key);
	free(hex);
}

/* The signed policy has alternatives of its own, and so has what is around it. */
TEST_F(signed_policy, three_deep)
{
	struct env *e = &self->env;
	char *hex;

	policy_start(&approved[0], VAULT_SHA256, NULL);
	policy_locality(&approved[0], 1);
	policy_start(&inner[0], VAULT_SHA256, &approved[0]);
	policy_pcr_never(&inner[0], 1);
	policy_start(&inner[1], VAULT_SHA256, &approved[0]);
	policy_pcr_now(_metadata, e, &inner[1]);
	policy_or(&approved[0], inner, 2);
	policy_sign(&approved[0], &self->signer, NULL, VAULT_SHA256);

	policy_start(&inner[0], VAULT_SHA256, NULL);
	policy_authorize(&inner[0], &self->signer, NULL);
	policy_locality(&inner[0], 1);
	policy_start(&inner[1], VAULT_SHA256, NULL);
	policy_pcr_never(&inner[1], 2);
	policy_start(&outer[0], VAULT_SHA256, NULL);
	policy_or(&outer[0], inner, 2);
	policy_start(&outer[1], VAULT_SHA256, NULL);
	policy_pcr_never(&outer[1], 3);
	policy_or(&policy, outer, 2);
	hex = seal(_metadata, e, &policy, "");
	expect_opens(_metadata, e, hex, 1, "");
	EXPECT_GT(0, load(e, hex, ""));
	EXTEND_16(e);
	EXPECT_GT(0, load(e, hex, ""));
	RESET_16(e);
	expect_opens(_metadata, e, hex, 1, "");
	free(hex);
}

/* A key and a policy with SHA-384: what was signed is of the key's hash. */
TEST_F(signed_policy, of_other_hashes)
{
	struct env *e = &self->env;
	char *hex;

	policy_start(&policy, VAULT_SHA512, NULL);
	signer_set_hash(&self->signer, VAULT_SHA384);
	policy_authorize(&policy, &self->signer, NULL);
	hex = seal(_metadata, e, &policy, "hash=sha512");
	policy_start(&approved[0], VAULT_SHA512, NULL);
	policy_pcr_now(_metadata, e, &approved[0]);
	policy_sign(&approved[0], &self->signer, NULL, VAULT_SHA384);
	expect_opens(_metadata, e, hex, 1, "");
	free(hex);
}

/* --- the wrong one -------------------------------------------------------- */

TEST_F(signed_policy, by_another_key)
{
	struct env *e = &self->env;
	char *hex = seal_to(_metadata, e, &self->signer, "");
	struct signer other;

	ASSERT_TRUE(signer_make(&other, SIGNER_P256, 1));
	approve_now(_metadata, e, &approved[0], &other);
	refuse_signed(_metadata, e, -ENOKEY, hex, 1);
	EXPECT_LOGGED(1, e, "no signed policy by this key fits");
	signer_free(&other);
	free(hex);
}

/* It says that it is by the right key.  The TPM finds out, and the next is tried. */
TEST_F(signed_policy, forged)
{
	struct env *e = &self->env;
	char *hex = seal_to(_metadata, e, &self->signer, "");
	struct signer other;

	ASSERT_TRUE(signer_make(&other, SIGNER_P256, 1));
	other.area = self->signer.area;
	approve_now(_metadata, e, &approved[0], &other);
	refuse_signed(_metadata, e, -ENOKEY, hex, 1);
	EXPECT_LOGGED(1, e, "VerifySignature: signed policy is for other PCRs");
	EXPECT_LOGGED(1, e, "0x2db");
	approve_now(_metadata, e, &approved[1], &self->signer);
	expect_opens(_metadata, e, hex, 2, "");
	signer_free(&other);
	free(hex);
}

/* Another state is signed than the one that is said. */
TEST_F(signed_policy, for_another_policy)
{
	struct env *e = &self->env;
	char *hex = seal_to(_metadata, e, &self->signer, "");
	struct policy *p = &approved[0];

	policy_start(p, VAULT_SHA256, NULL);
	policy_pcr_never(p, 1);
	/* The digest of that, and the statement of another. */
	p->len = 0;
	policy_start(&inner[0], VAULT_SHA256, NULL);
	policy_pcr_now(_metadata, e, &inner[0]);
	memcpy(p->der, inner[0].der, inner[0].len);
	p->len = inner[0].len;
	policy_sign(p, &self->signer, NULL, VAULT_SHA256);
	refuse_signed(_metadata, e, -ENOKEY, hex, 1);
	EXPECT_LOGGED(1, e, "VerifySignature: ");
	free(hex);
}

TEST_F(signed_policy, for_another_reference)
{
	struct octets boot = vault_text("boot"), other = vault_text("root");
	struct env *e = &self->env;
	char *hex;

	policy_authorize(&policy, &self->signer, &boot);
	hex = seal(_metadata, e, &policy, "");
	policy_start(&approved[0], VAULT_SHA256, NULL);
	policy_pcr_now(_metadata, e, &approved[0]);
	approved[1] = approved[0];
	policy_sign(&approved[0], &self->signer, &other, VAULT_SHA256);
	refuse_signed(_metadata, e, -ENOKEY, hex, 1);
	EXPECT_LOGGED(1, e, "no signed policy by this key fits");
	policy_sign(&approved[1], &self->signer, &boot, VAULT_SHA256);
	expect_opens(_metadata, e, hex, 2, "");
	free(hex);
}

/* Malformed: in the text of the user it is invalid, in the blob a bad message. */
TEST_F(signed_policy, with_sha1)
{
	struct env *e = &self->env;
	char *hex = seal_to(_metadata, e, &self->signer, "");
	struct keyfile kf = parsed(_metadata, hex);

	policy_start(&approved[0], VAULT_SHA256, NULL);
	policy_pcr_now(_metadata, e, &approved[0]);
	policy_sign(&approved[0], &self->signer, NULL, VAULT_SHA1);
	refuse_signed(_metadata, e, -EINVAL, hex, 1);
	EXPECT_LOGGED(1, e, "signature's algorithm or hash is not that of the key");
	kf.auth_policy = policies_contents(approved, 1);
	kf.fields |= 1 << 3;
	free(hex);
	hex = keyfile_encode(&kf);
	refuse_load(_metadata, e, -EBADMSG, hex, "");
	free(hex);
}

/* Whoever finds two policies with the same SHA-1 has one of them signed. */
TEST_F(signed_policy, by_a_key_with_sha1)
{
	struct env *e = &self->env;

	signer_set_hash(&self->signer, VAULT_SHA1);
	policy_authorize(&policy, &self->signer, NULL);
	refuse_seal(_metadata, e, -EOPNOTSUPP, &policy, "");
	EXPECT_LOGGED(1, e, "SHA-1");
}

/* --- the TPM -------------------------------------------------------------- */

/* The key that signs needs a slot beside parent and object. */
TEST_F(signed_policy, while_strangers_fill_the_slots)
{
	struct env *e = &self->env;
	char *hex = seal_to(_metadata, e, &self->signer, ""), *text;
	struct tpm_object stranger[3];
	int i, raw = tpm_open(TPM_RAW);

	ASSERT_LE(0, raw);
	approve_now(_metadata, e, &approved[0], &self->signer);
	text = authpolicy(1, "");
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, tpm_create_key(raw, &stranger[i], i));
	close(raw); /* it is for one at a time */
	EXPECT_LOADS(e, hex, text);
	raw = tpm_open(TPM_RAW);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(0, tpm_check_name(raw, &stranger[i]));
		EXPECT_EQ(0, tpm_flush(raw, stranger[i].handle));
	}
	close(raw);
	free(text);
	free(hex);
}

TEST_HARNESS_MAIN
