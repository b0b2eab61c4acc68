// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the TPM in the process what the tests take it for?
 */
#include <kunit/test.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>

#include "tpm.h"

/* StartAuthSession of an unbound policy session; its handle. */
static u32 start_session(struct kunit *test)
{
	u8 buf[TPM2_BUFFER_SIZE];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));
	u8 nonce[16] = {};

	tpm2_put_u16(&w, TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, 43);
	tpm2_put_u32(&w, TPM_CC_StartAuthSession);
	tpm2_put_u32(&w, TPM_RH_NULL);
	tpm2_put_u32(&w, TPM_RH_NULL);
	tpm2_put_sized(&w, tpm2_bytes(nonce, sizeof(nonce)));
	tpm2_put_u16(&w, 0);
	tpm2_put_u8(&w, TPM_SE_POLICY);
	tpm2_put_u16(&w, TPM_ALG_ID_NULL);
	tpm2_put_u16(&w, TPM_ALG_ID_SHA256);
	KUNIT_ASSERT_EQ(test, w.len, 43);
	KUNIT_ASSERT_GT(test, host_tpm_send(buf, w.len, sizeof(buf)), 14);
	KUNIT_ASSERT_EQ(test, get_unaligned_be32(buf + 6), TPM_RC_SUCCESS);
	return get_unaligned_be32(buf + 10);
}

/* FlushContext; the response code. */
static int flush(u32 handle)
{
	u8 buf[32] = { 0x80, 0x01, 0, 0, 0, 14, 0, 0, 0x01, 0x65 };
	int len;

	put_unaligned_be32(handle, buf + 10);
	len = host_tpm_send(buf, 14, sizeof(buf));
	return len == TPM2_HEADER_SIZE ? get_unaligned_be32(buf + 6) : len;
}

static int reset(struct kunit *test)
{
	host_tpm_reset();
	return 0;
}

static void sends_and_counts(struct kunit *test)
{
	u32 handle = start_session(test);
	u32 listed[4];

	KUNIT_EXPECT_EQ(test, host_tpm_handles(TPM_HT_HMAC_SESSION, listed, 4), 1);
	KUNIT_EXPECT_EQ(test, listed[0] & TPM_HANDLE_INDEX,
			handle & TPM_HANDLE_INDEX);
	KUNIT_EXPECT_EQ(test, flush(handle), TPM_RC_SUCCESS);
	KUNIT_EXPECT_EQ(test, host_tpm_handles(TPM_HT_HMAC_SESSION, listed, 4), 0);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_StartAuthSession), 1);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_FlushContext), 1);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 2);
}

static void reboot_and_reset_lose_sessions(struct kunit *test)
{
	u32 listed[4];

	start_session(test);
	host_tpm_reboot();
	KUNIT_EXPECT_EQ(test, host_tpm_handles(TPM_HT_HMAC_SESSION, listed, 4), 0);
	KUNIT_EXPECT_EQ(test, host_tpm_count(TPM_CC_StartAuthSession), 1);
	start_session(test);
	host_tpm_reset();
	KUNIT_EXPECT_EQ(test, host_tpm_handles(TPM_HT_HMAC_SESSION, listed, 4), 0);
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 0);
}

static void failure_comes_once(struct kunit *test)
{
	host_tpm_fail(TPM_CC_FlushContext, 1, TPM_RC_RETRY);
	KUNIT_EXPECT_EQ(test, flush(start_session(test)), TPM_RC_SUCCESS);
	KUNIT_EXPECT_EQ(test, flush(start_session(test)), TPM_RC_RETRY);
	KUNIT_EXPECT_EQ(test, flush(start_session(test)), TPM_RC_SUCCESS);
}

/* Answers FlushContext by itself, after asking the TPM something. */
static int hook(void *ctx, const u8 *cmd, size_t len, u8 *rsp, size_t size)
{
	u32 *seen = ctx;

	if (get_unaligned_be32(cmd + 6) != TPM_CC_FlushContext)
		return 0;
	*seen = get_unaligned_be32(cmd + 10);
	if (*seen == 1)
		return -EIO;
	flush(*seen);
	return host_tpm_put_error(rsp, TPM_RC_YIELDED);
}

static void hook_answers_instead(struct kunit *test)
{
	u32 handle, listed[4], seen = 0;

	host_tpm_hook(hook, &seen);
	handle = start_session(test);
	KUNIT_EXPECT_EQ(test, flush(handle), TPM_RC_YIELDED);
	KUNIT_EXPECT_EQ(test, seen, handle);
	KUNIT_EXPECT_EQ(test, host_tpm_handles(TPM_HT_HMAC_SESSION, listed, 4), 0);
	KUNIT_EXPECT_EQ(test, flush(1), -EIO);
	host_tpm_hook(NULL, NULL);
	KUNIT_EXPECT_NE(test, flush(handle), TPM_RC_YIELDED);
}

static struct kunit_case tpm_cases[] = {
	KUNIT_CASE(sends_and_counts),
	KUNIT_CASE(reboot_and_reset_lose_sessions),
	KUNIT_CASE(failure_comes_once),
	KUNIT_CASE(hook_answers_instead),
	{}
};

static struct kunit_suite tpm_suite = {
	.name = "unit_tpm",
	.init = reset,
	.test_cases = tpm_cases,
};

kunit_test_suite(tpm_suite);
