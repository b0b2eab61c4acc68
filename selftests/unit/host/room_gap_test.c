// SPDX-License-Identifier: GPL-2.0-only
/*
 * Room in the TPM: an old saved session keeps others from being saved.
 */
#include "room_fixture.h"

/*
 * A session saved at first, and another one saved until the TPM has no sequence
 * numbers left beside it.  Returns the other one's handle; it stays loaded.
 */
static u32 open_gap(struct kunit *test)
{
	u8 buf[TPM2_BUFFER_SIZE];
	u32 handle = stranger(put_session), rc;
	int saves;
	size_t len;

	for (saves = 0; saves < 70000; saves++) {
		rc = stranger_save(handle, buf, &len);
		if (rc)
			break;
		KUNIT_ASSERT_EQ(test, stranger_load(buf, len), 0);
	}
	KUNIT_ASSERT_EQ(test, rc, TPM_RC_CONTEXT_GAP);
	return handle;
}

static void a_gap_held_open_by_ours_is_closed(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *old = new_entity(test), *e = new_entity(test);
	u32 busy, other, rc;

	KUNIT_ASSERT_EQ(test, ours(f, old, put_session), 0);
	old->keep = true;
	leave(f);
	busy = open_gap(test);
	other = stranger(put_session);
	/* One slot is free, and the TPM wants to be able to save what is in it. */
	KUNIT_EXPECT_EQ(test, ours(f, e, put_session), 0);
	leave(f);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_KICK], 0);
	KUNIT_EXPECT_TRUE(test, is_loaded(busy));
	KUNIT_EXPECT_TRUE(test, is_loaded(other));
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, old, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	trm_room_flush(&f->room, old);
}

static void a_gap_held_open_by_a_stranger_costs_a_loaded_one(struct kunit *test)
{
	struct fixture *f = test->priv;
	u8 buf[TPM2_BUFFER_SIZE];
	u32 old = stranger(put_session), busy, other;
	size_t len;

	KUNIT_ASSERT_EQ(test, stranger_save(old, buf, &len), 0);
	busy = open_gap(test);
	other = stranger(put_session);
	KUNIT_EXPECT_EQ(test, ours(f, new_entity(test), put_session), 0);
	leave(f);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_KICK], 1);
	KUNIT_EXPECT_TRUE(test, is_listed(TPM_HT_POLICY_SESSION, old));
	KUNIT_EXPECT_TRUE(test, is_loaded(busy));
	KUNIT_EXPECT_FALSE(test, is_loaded(other));
}

/* Nothing is loaded: the saved ones go, until the old one was among them. */
static void a_kept_session_is_saved_in_spite_of_a_gap(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct trm_entity *e = new_entity(test);
	u8 buf[TPM2_BUFFER_SIZE];
	u32 old = stranger(put_session), busy, rc;
	size_t len;

	KUNIT_ASSERT_EQ(test, stranger_save(old, buf, &len), 0);
	busy = open_gap(test);
	KUNIT_ASSERT_EQ(test, stranger_flush(busy), 0);
	KUNIT_ASSERT_EQ(test, ours(f, e, put_session), 0);
	e->keep = true;
	leave(f);
	KUNIT_EXPECT_EQ(test, e->place, TRM_SAVED);
	KUNIT_EXPECT_EQ(test, f->room.events[TRM_EVENT_KICK], 1);
	KUNIT_EXPECT_EQ(test, trm_room_load(&f->room, e, &rc), 0);
	KUNIT_EXPECT_EQ(test, rc, 0);
	trm_room_flush(&f->room, e);
}

static struct kunit_case gap_cases[] = {
	KUNIT_CASE(a_gap_held_open_by_ours_is_closed),
	KUNIT_CASE(a_gap_held_open_by_a_stranger_costs_a_loaded_one),
	KUNIT_CASE(a_kept_session_is_saved_in_spite_of_a_gap),
	{}
};

static struct kunit_suite gap_suite = {
	.name = "tpm_rm_room_gap",
	.init = room_init,
	.test_cases = gap_cases,
};

kunit_test_suite(gap_suite);
