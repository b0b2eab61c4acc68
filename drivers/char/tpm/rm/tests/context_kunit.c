// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for context.c: a TPM that fails while contexts are saved, loaded
 * and flushed for a client.
 */
#include "../swap.h"
#include "scripted.h"

#define SESSION	0x02000000
#define OBJECT	0x80ffffff

static int save(struct script *s, u32 handle)
{
	return script_name(s, TPM_CC_ContextSave, handle);
}

static int flush(struct script *s, u32 handle)
{
	u8 params[4];

	put_unaligned_be32(handle, params);
	return script_params(s, TPM_CC_FlushContext, params, 4);
}

/* Loads what the last response held. */
static int load_back(struct script *s)
{
	size_t len = get_unaligned_be32(s->rsp + 2) - TPM2_HEADER_SIZE;
	u8 copy[32];

	KUNIT_ASSERT_LE(s->test, len, sizeof(copy));
	memcpy(copy, s->rsp + TPM2_HEADER_SIZE, len);
	return script_params(s, TPM_CC_ContextLoad, copy, len);
}

static void what_is_handed_out_is_what_the_tpm_gave(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, SESSION);
	u8 expected[24];
	size_t len = script_put_context(expected, 7, SESSION);

	script_save(s, 7, SESSION);
	KUNIT_EXPECT_EQ(test, save(s, SESSION), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->cmd + TPM2_HEADER_SIZE),
			SESSION);
	KUNIT_ASSERT_EQ(test, get_unaligned_be32(s->rsp + 2),
			TPM2_HEADER_SIZE + len);
	KUNIT_EXPECT_MEMEQ(test, s->rsp + TPM2_HEADER_SIZE, expected, len);
	KUNIT_EXPECT_EQ(test, e->hold, TRM_HANDED);
	KUNIT_EXPECT_EQ(test, e->handed_age, 7);
	KUNIT_EXPECT_EQ(test, s->room.newest, 7);
}

/* How ContextSave can fail, and what becomes of a session and of an object. */
static const struct failure {
	const char *desc;
	int err;
	u32 rc;
	int result;
	bool lost;
} failures[] = {
	{ "I/O error", -EIO, 0, -EIO, false },
	{ "time out", -ETIME, 0, -ETIME, false },
	{ "unplugged", -ENODEV, 0, -ENODEV, false },
	{ "empty context", 0, 0, -EIO, false },
	{ "failure mode", 0, 0x101, RM(0x101), false },
	{ "too many contexts", 0, 0x12e, RM(0x12e), false },
	{ "not loaded", 0, 0x910, RM(0x910), true },
	{ "unknown handle", 0, 0x18b, RM(0x18b), true },
};

KUNIT_ARRAY_PARAM_DESC(failure, failures, desc);

static void fail(struct script *s, u32 code, const struct failure *f)
{
	if (f->err)
		script_errno(s, code, f->err);
	else
		script_rc(s, code, f->rc);
}

static void a_session_whose_save_fails_is_not_handed_out(struct kunit *test)
{
	const struct failure *f = test->param_value;
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, SESSION);

	fail(s, TPM_CC_ContextSave, f);
	KUNIT_EXPECT_EQ(test, save(s, SESSION), f->result);
	KUNIT_EXPECT_EQ(test, e->hold, TRM_HELD);
	KUNIT_EXPECT_EQ(test, e->place, f->lost ? TRM_NONE : TRM_LOADED);
	KUNIT_EXPECT_EQ(test, s->user.sessions, f->lost ? 0 : 1);
	if (f->lost)
		KUNIT_EXPECT_EQ(test, save(s, SESSION), RM(0x910));
}

static void an_object_whose_save_fails_keeps_its_handle(struct kunit *test)
{
	const struct failure *f = test->param_value;
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, 0x80000000);

	fail(s, TPM_CC_ContextSave, f);
	KUNIT_EXPECT_EQ(test, save(s, OBJECT), f->result);
	KUNIT_EXPECT_EQ(test, e->place, f->lost ? TRM_NONE : TRM_LOADED);
	KUNIT_EXPECT_EQ(test, e->vhandle, OBJECT);
	KUNIT_EXPECT_EQ(test, s->space.file.objects, 1);
	if (f->lost)
		KUNIT_EXPECT_EQ(test, save(s, OBJECT), RM(0x910));
}

static void a_context_that_is_too_long_is_eio(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, SESSION);

	e->context.size = 21;
	script_save(s, 7, SESSION);
	KUNIT_EXPECT_EQ(test, save(s, SESSION), -EIO);
	KUNIT_EXPECT_EQ(test, e->place, TRM_LOADED);
	e->context.size = 22;
	script_save(s, 8, SESSION);
	KUNIT_EXPECT_EQ(test, save(s, SESSION), 0);
}

/* The oldest saved session of ours is refreshed for it, once. */
static void a_gap_is_closed_for_a_client_that_saves(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *old = script_own(s, &s->space, SESSION + 1);
	struct trm_entity *e = script_own(s, &s->space, SESSION);

	script_save(s, 1, SESSION + 1);
	KUNIT_ASSERT_EQ(test, save(s, SESSION + 1), 0);
	script_rc(s, TPM_CC_ContextSave, TPM_RC_CONTEXT_GAP);
	script_handle(s, TPM_CC_ContextLoad, SESSION + 1);
	script_save(s, 200, SESSION + 1);
	script_save(s, 201, SESSION);
	KUNIT_EXPECT_EQ(test, save(s, SESSION), 0);
	KUNIT_EXPECT_EQ(test, old->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, old->handed_age, 1);
	KUNIT_EXPECT_EQ(test, trm_swap_age(&old->context), 200);
	KUNIT_EXPECT_EQ(test, e->hold, TRM_HANDED);
	KUNIT_EXPECT_EQ(test, s->room.events[TRM_EVENT_REFRESH], 1);
}

static void a_gap_that_stays_is_the_answer(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, SESSION);

	script_rc(s, TPM_CC_ContextSave, TPM_RC_CONTEXT_GAP);
	/* No stranger, neither loaded nor saved, who could be flushed. */
	script_list(s, TPM_CAP_HANDLES, 0, NULL, 0);
	script_list(s, TPM_CAP_HANDLES, 0, NULL, 0);
	KUNIT_EXPECT_EQ(test, save(s, SESSION), RM(0x901));
	KUNIT_EXPECT_EQ(test, e->place, TRM_LOADED);
	KUNIT_EXPECT_EQ(test, e->hold, TRM_HELD);
}

static void flush_tells_what_the_transport_says(struct kunit *test)
{
	struct script *s = test->priv;

	script_own(s, &s->space, SESSION);
	script_own(s, &s->space, 0x80000000);
	script_errno(s, TPM_CC_FlushContext, -ETIME);
	KUNIT_EXPECT_EQ(test, flush(s, SESSION), -ETIME);
	script_errno(s, TPM_CC_FlushContext, -EIO);
	KUNIT_EXPECT_EQ(test, flush(s, OBJECT), -EIO);
	/* What cannot be flushed is the client's no more all the same. */
	KUNIT_EXPECT_EQ(test, flush(s, SESSION), RM(0x1cb));
	KUNIT_EXPECT_EQ(test, flush(s, OBJECT), -EINVAL);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
	KUNIT_EXPECT_EQ(test, s->space.file.objects, 0);
}

/* Gone is gone, whoever did it. */
static void flush_of_what_the_tpm_has_lost_succeeds(struct kunit *test)
{
	struct script *s = test->priv;

	script_own(s, &s->space, SESSION);
	script_rc(s, TPM_CC_FlushContext, 0x1cb);
	KUNIT_EXPECT_EQ(test, flush(s, SESSION), 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be32(s->rsp + 2), TPM2_HEADER_SIZE);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
}

/* Another file of the user takes it only with memory for its context. */
static void without_memory_a_session_stays_where_it_is(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_space other = {};
	struct trm_entity *e, *spare = script_entity(s);
	struct trm_wire_command c = {
		.code = TPM_CC_ContextSave,
		.handle[0] = SESSION,
	};
	u8 load[10 + 24] = { 0x80, 1, 0, 0, 0, 32, 0, 0, 1, 0x61 };
	struct tpm2_bytes cmd = tpm2_bytes(load, 32);

	script_space(s, &other);
	e = script_own(s, &other, SESSION);
	script_save(s, 7, SESSION);
	script_put_context(load + TPM2_HEADER_SIZE, 7, SESSION);
	KUNIT_ASSERT_EQ(test, script_command(s, &other, &c), 0);
	KUNIT_EXPECT_EQ(test, script_transmit(s, &s->space, cmd, NULL),
			RM(0x905));
	spare->context.size = 21;
	KUNIT_EXPECT_EQ(test, script_transmit(s, &s->space, cmd, spare),
			RM(0x905));
	KUNIT_EXPECT_EQ(test, e->hold, TRM_HANDED);
	KUNIT_EXPECT_PTR_EQ(test, e->space, &other);
	spare->context.size = 22;
	KUNIT_EXPECT_EQ(test, script_transmit(s, &s->space, cmd, spare), 0);
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	KUNIT_EXPECT_PTR_EQ(test, spare->space, &s->space);
	KUNIT_EXPECT_EQ(test, spare->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 1);
}

/* The refusal of the TPM comes when the session is used. */
static void a_context_that_the_tpm_refuses_is_lost_at_its_use(struct kunit *test)
{
	struct script *s = test->priv;
	struct trm_entity *e = script_own(s, &s->space, 0x03000000);

	script_save(s, 7, 0x03000000);
	KUNIT_ASSERT_EQ(test, save(s, 0x03000000), 0);
	KUNIT_EXPECT_EQ(test, load_back(s), 0);
	script_rc(s, TPM_CC_ContextLoad, 0x101);
	KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_PolicyRestart, 0x03000000),
			RM(0x101));
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	script_rc(s, TPM_CC_ContextLoad, 0x1df);
	KUNIT_EXPECT_EQ(test, script_name(s, TPM_CC_PolicyRestart, 0x03000000),
			RM(0x910));
	KUNIT_EXPECT_EQ(test, e->place, TRM_NONE);
	KUNIT_EXPECT_EQ(test, s->user.sessions, 0);
}

static struct kunit_case context_cases[] = {
	KUNIT_CASE(what_is_handed_out_is_what_the_tpm_gave),
	KUNIT_CASE_PARAM(a_session_whose_save_fails_is_not_handed_out,
			 failure_gen_params),
	KUNIT_CASE_PARAM(an_object_whose_save_fails_keeps_its_handle,
			 failure_gen_params),
	KUNIT_CASE(a_context_that_is_too_long_is_eio),
	KUNIT_CASE(a_gap_is_closed_for_a_client_that_saves),
	KUNIT_CASE(a_gap_that_stays_is_the_answer),
	KUNIT_CASE(flush_tells_what_the_transport_says),
	KUNIT_CASE(flush_of_what_the_tpm_has_lost_succeeds),
	KUNIT_CASE(without_memory_a_session_stays_where_it_is),
	KUNIT_CASE(a_context_that_the_tpm_refuses_is_lost_at_its_use),
	{}
};

static struct kunit_suite context_suite = {
	.name = "tpm_rm_context",
	.init = script_init,
	.test_cases = context_cases,
};

kunit_test_suite(context_suite);
