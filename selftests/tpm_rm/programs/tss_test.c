// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program on tpm2-tss as it is installed, over its TCTI for /dev/tpmrm0, which
 * opens that O_NONBLOCK.  The library checks each response's HMAC, knows each
 * object's Name, and decrypts what came hidden.
 */
#include <stdlib.h>
#include <string.h>
#include <tss2/tss2_esys.h>
#include <tss2/tss2_tctildr.h>

#include "kselftest_harness.h"
#include "tpm.h"

#define NONE	ESYS_TR_NONE
#define AUTH	"sesame"
#define SECRET	"kept by the TPM"

FIXTURE(tss) {
	TSS2_TCTI_CONTEXT *tcti;
	ESYS_CONTEXT *esys;
	ESYS_TR parent;
	struct tpm_state before;
};

/* --- what the tests make -------------------------------------------------- */

static const TPM2B_PUBLIC parent_template = {
	.publicArea = {
		.type = TPM2_ALG_ECC,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
			TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_USERWITHAUTH |
			TPMA_OBJECT_NODA | TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT,
		.parameters.eccDetail = {
			.symmetric = {
				.algorithm = TPM2_ALG_AES,
				.keyBits.aes = 128,
				.mode.aes = TPM2_ALG_CFB,
			},
			.scheme.scheme = TPM2_ALG_NULL,
			.curveID = TPM2_ECC_NIST_P256,
			.kdf.scheme = TPM2_ALG_NULL,
		},
	},
};

static const TPM2B_PUBLIC sealed_template = {
	.publicArea = {
		.type = TPM2_ALG_KEYEDHASH,
		.nameAlg = TPM2_ALG_SHA256,
		.objectAttributes = TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT |
			TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_NODA,
		.parameters.keyedHashDetail.scheme.scheme = TPM2_ALG_NULL,
	},
};

static const TPM2B_DATA no_info;
static const TPML_PCR_SELECTION no_pcrs;

static TSS2_RC create_parent(ESYS_CONTEXT *esys, ESYS_TR *parent)
{
	const TPM2B_SENSITIVE_CREATE no_secret = { 0 };

	return Esys_CreatePrimary(esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, NONE, NONE, &no_secret,
				  &parent_template, &no_info, &no_pcrs, parent, NULL, NULL, NULL,
				  NULL);
}

/* Salted by the parent, with AES for what is hidden in both directions. */
static TSS2_RC start_salted(ESYS_CONTEXT *esys, ESYS_TR key, TPM2_SE type, ESYS_TR *session)
{
	const TPMT_SYM_DEF aes = {
		.algorithm = TPM2_ALG_AES,
		.keyBits.aes = 128,
		.mode.aes = TPM2_ALG_CFB,
	};
	const TPMA_SESSION hides = TPMA_SESSION_CONTINUESESSION | TPMA_SESSION_DECRYPT |
				   TPMA_SESSION_ENCRYPT;
	TSS2_RC rc = Esys_StartAuthSession(esys, key, NONE, NONE, NONE, NONE, NULL, type, &aes,
					   TPM2_ALG_SHA256, session);

	return rc ? rc : Esys_TRSess_SetAttributes(esys, *session, hides, 0xff);
}

/* SECRET, its authValue AUTH, with or without a policy; loaded. */
static TSS2_RC seal(ESYS_CONTEXT *esys, ESYS_TR parent, ESYS_TR session, const TPM2B_DIGEST *policy,
		    ESYS_TR *sealed)
{
	TPM2B_SENSITIVE_CREATE secret = {
		.sensitive = {
			.userAuth = { sizeof(AUTH) - 1, AUTH },
			.data = { sizeof(SECRET), SECRET },
		},
	};
	TPM2B_PUBLIC template = sealed_template, *public = NULL;
	TPM2B_AUTH auth = { sizeof(AUTH) - 1, AUTH };
	TPM2B_PRIVATE *private = NULL;
	TSS2_RC rc;

	if (policy) {
		template.publicArea.authPolicy = *policy;
		template.publicArea.objectAttributes &= ~TPMA_OBJECT_USERWITHAUTH;
	}
	rc = Esys_Create(esys, parent, session, NONE, NONE, &secret, &template, &no_info, &no_pcrs,
			 &private, &public, NULL, NULL, NULL);
	if (!rc)
		rc = Esys_Load(esys, parent, session, NONE, NONE, private, public, sealed);
	if (!rc)
		rc = Esys_TR_SetAuth(esys, *sealed, &auth);
	free(private);
	free(public);
	return rc;
}

/* 0 only if it is SECRET. */
static TSS2_RC unseal(ESYS_CONTEXT *esys, ESYS_TR sealed, ESYS_TR session)
{
	TPM2B_SENSITIVE_DATA *data = NULL;
	TSS2_RC rc = Esys_Unseal(esys, sealed, session, NONE, NONE, &data);

	if (!rc && (data->size != sizeof(SECRET) || memcmp(data->buffer, SECRET, data->size)))
		rc = TSS2_BASE_RC_GENERAL_FAILURE;
	free(data);
	return rc;
}

FIXTURE_SETUP(tss)
{
	ASSERT_EQ(0, tpm_state_now(&self->before));
	ASSERT_EQ(0, setenv("TSS2_LOG", "all+none", 1));
	ASSERT_EQ(0, Tss2_TctiLdr_Initialize("device:/dev/tpmrm0", &self->tcti));
	ASSERT_EQ(0, Esys_Initialize(&self->esys, self->tcti, NULL));
	ASSERT_EQ(0, create_parent(self->esys, &self->parent));
}

/* What the tests have is for the resource manager to throw away. */
FIXTURE_TEARDOWN(tss)
{
	struct tpm_state after;

	Esys_Finalize(&self->esys);
	Tss2_TctiLdr_Finalize(&self->tcti);
	EXPECT_EQ(0, tpm_state_now(&after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
	}
}

/* --- the tests ------------------------------------------------------------ */

TEST_F(tss, seal_and_unseal_in_a_salted_session)
{
	ESYS_TR session, sealed;
	int i;

	ASSERT_EQ(0, start_salted(self->esys, self->parent, TPM2_SE_HMAC, &session));
	ASSERT_EQ(0, seal(self->esys, self->parent, session, NULL, &sealed));
	for (i = 0; i < 10; i++)
		EXPECT_EQ(0, unseal(self->esys, sealed, session));
}

TEST_F(tss, wrong_authorization)
{
	TPM2B_AUTH wrong = { 5, "wrong" };
	ESYS_TR session, sealed;

	ASSERT_EQ(0, start_salted(self->esys, self->parent, TPM2_SE_HMAC, &session));
	ASSERT_EQ(0, seal(self->esys, self->parent, session, NULL, &sealed));
	ASSERT_EQ(0, Esys_TR_SetAuth(self->esys, sealed, &wrong));
	EXPECT_EQ(0x9a2, unseal(self->esys, sealed, session)); /* RC_BAD_AUTH, session 1 */
}

static TSS2_RC policy_of(ESYS_CONTEXT *esys, ESYS_TR session, TPM2B_DIGEST **digest)
{
	TSS2_RC rc = Esys_PolicyAuthValue(esys, session, NONE, NONE, NONE);

	if (!rc)
		rc = Esys_PolicyCommandCode(esys, session, NONE, NONE, NONE, TPM2_CC_Unseal);
	return rc || !digest ? rc : Esys_PolicyGetDigest(esys, session, NONE, NONE, NONE, digest);
}

TEST_F(tss, policy_session)
{
	ESYS_TR trial, session, sealed;
	TPM2B_DIGEST *digest;
	int i;

	ASSERT_EQ(0, start_salted(self->esys, self->parent, TPM2_SE_TRIAL, &trial));
	ASSERT_EQ(0, policy_of(self->esys, trial, &digest));
	ASSERT_EQ(0, Esys_FlushContext(self->esys, trial));
	ASSERT_EQ(0, seal(self->esys, self->parent, ESYS_TR_PASSWORD, digest, &sealed));
	ASSERT_EQ(0, start_salted(self->esys, self->parent, TPM2_SE_POLICY, &session));
	EXPECT_EQ(0x99d, unseal(self->esys, sealed, session)); /* RC_POLICY_FAIL, session 1 */
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(0, policy_of(self->esys, session, NULL));
		EXPECT_EQ(0, unseal(self->esys, sealed, session));
	}
	free(digest);
}

/* One authorizes, one hides parameters, one audits. */
TEST_F(tss, three_sessions_in_a_command)
{
	const TPMA_SESSION audits = TPMA_SESSION_CONTINUESESSION | TPMA_SESSION_AUDIT;
	const TPMA_SESSION plain = TPMA_SESSION_CONTINUESESSION;
	TPM2B_SENSITIVE_DATA *data;
	ESYS_TR session[3], sealed;
	int i;

	ASSERT_EQ(0, seal(self->esys, self->parent, ESYS_TR_PASSWORD, NULL, &sealed));
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, start_salted(self->esys, self->parent, TPM2_SE_HMAC, &session[i]));
	ASSERT_EQ(0, Esys_TRSess_SetAttributes(self->esys, session[0], plain, 0xff));
	ASSERT_EQ(0, Esys_TRSess_SetAttributes(self->esys, session[1],
					       plain | TPMA_SESSION_ENCRYPT, 0xff));
	ASSERT_EQ(0, Esys_TRSess_SetAttributes(self->esys, session[2], audits, 0xff));
	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, Esys_Unseal(self->esys, sealed, session[0], session[1], session[2],
					 &data));
		EXPECT_EQ(sizeof(SECRET), data->size);
		EXPECT_EQ(0, memcmp(data->buffer, SECRET, sizeof(SECRET)));
		free(data);
	}
}

/* The TPM's own digest of the whole is what the sequence must come to. */
TEST_F(tss, sequence_of_buffers)
{
	TPM2B_MAX_BUFFER whole = { .size = 1024 }, part = { .size = 256 }, none = { 0 };
	const TPM2B_AUTH no_auth = { 0 };
	TPM2B_DIGEST *expected, *digest;
	ESYS_TR sequence;
	int i;

	for (i = 0; i < 1024; i++)
		whole.buffer[i] = i * 7;
	ASSERT_EQ(0, Esys_Hash(self->esys, NONE, NONE, NONE, &whole, TPM2_ALG_SHA256,
			       ESYS_TR_RH_NULL, &expected, NULL));
	ASSERT_EQ(0, Esys_HashSequenceStart(self->esys, NONE, NONE, NONE, &no_auth,
					    TPM2_ALG_SHA256, &sequence));
	for (i = 0; i < 1024; i += part.size) {
		memcpy(part.buffer, whole.buffer + i, part.size);
		EXPECT_EQ(0, Esys_SequenceUpdate(self->esys, sequence, ESYS_TR_PASSWORD, NONE, NONE,
						 &part));
	}
	ASSERT_EQ(0, Esys_SequenceComplete(self->esys, sequence, ESYS_TR_PASSWORD, NONE, NONE,
					   &none, ESYS_TR_RH_NULL, &digest, NULL));
	EXPECT_EQ(expected->size, digest->size);
	EXPECT_EQ(0, memcmp(expected->buffer, digest->buffer, expected->size));
	free(expected);
	free(digest);
}

TEST_F(tss, contexts)
{
	TPM2B_AUTH auth = { sizeof(AUTH) - 1, AUTH };
	TPMS_CONTEXT *object_context, *session_context;
	ESYS_TR session, sealed;

	ASSERT_EQ(0, start_salted(self->esys, self->parent, TPM2_SE_HMAC, &session));
	ASSERT_EQ(0, seal(self->esys, self->parent, session, NULL, &sealed));
	ASSERT_EQ(0, Esys_ContextSave(self->esys, sealed, &object_context));
	ASSERT_EQ(0, Esys_FlushContext(self->esys, sealed));
	ASSERT_EQ(0, Esys_ContextSave(self->esys, session, &session_context));
	ASSERT_EQ(0, Esys_ContextLoad(self->esys, object_context, &sealed));
	ASSERT_EQ(0, Esys_ContextLoad(self->esys, session_context, &session));
	ASSERT_EQ(0, Esys_TR_SetAuth(self->esys, sealed, &auth));
	EXPECT_EQ(0, unseal(self->esys, sealed, session));
	free(object_context);
	free(session_context);
}

/* Sent, and asked for until it is there, as a program with an event loop does. */
TEST_F(tss, commands_without_waiting)
{
	TPM2B_DIGEST *random;
	TSS2_RC rc;
	int i;

	ASSERT_EQ(0, Esys_SetTimeout(self->esys, 0));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, Esys_GetRandom_Async(self->esys, NONE, NONE, NONE, 16));
		do {
			rc = Esys_GetRandom_Finish(self->esys, &random);
		} while ((rc & ~TSS2_RC_LAYER_MASK) == TSS2_BASE_RC_TRY_AGAIN);
		ASSERT_EQ(0, rc);
		EXPECT_EQ(16, random->size);
		free(random);
	}
}

TEST_HARNESS_MAIN
