// SPDX-License-Identifier: GPL-2.0-only
/*
 * A stranger's session that a kernel client uses: whose it may be, and that it is
 * where it was, however little room there is.
 */
#include "space_fixture.h"

/* Strangers' sessions in all slots; the last one is what is parked first. */
static u32 fill_slots(struct kunit *test)
{
	struct world *w = test->priv;
	unsigned int i;
	u32 handle = 0;

	for (i = 0; i < SLOTS; i++)
		handle = stranger(put_session);
	KUNIT_ASSERT_NE(test, handle, 0);
	w->strange_sessions = SLOTS;
	trm_room_unsettle(&w->f.room);
	trm_room_enter(&w->f.room);
	return handle;
}

static void end(struct kunit *test)
{
	trm_room_rest(room_of(test), false);
	reap(test);
	check_books(test);
	KUNIT_EXPECT_EQ(test, room_of(test)->foreign, 0);
	KUNIT_EXPECT_EQ(test, room_of(test)->events[TRM_EVENT_LOST], 0);
}

static void one_that_is_claimed_is_not_parked(struct kunit *test)
{
	u32 handle = fill_slots(test);

	KUNIT_EXPECT_TRUE(test, trm_room_claim(room_of(test), handle));
	KUNIT_EXPECT_EQ(test, ours(test->priv, new_entity(test), put_session),
			0);
	KUNIT_EXPECT_EQ(test, ours(test->priv, new_entity(test), put_session),
			0);
	KUNIT_EXPECT_TRUE(test, is_loaded(handle));
	end(test);
	KUNIT_EXPECT_TRUE(test, is_loaded(handle));
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS);
}

static void one_that_is_away_comes_back(struct kunit *test)
{
	u32 handle = fill_slots(test);

	KUNIT_EXPECT_EQ(test, ours(test->priv, new_entity(test), put_session),
			0);
	KUNIT_EXPECT_FALSE(test, is_loaded(handle));
	KUNIT_EXPECT_TRUE(test, trm_room_claim(room_of(test), handle));
	KUNIT_EXPECT_TRUE(test, is_loaded(handle));
	end(test);
	KUNIT_EXPECT_EQ(test, count(TPM_HT_HMAC_SESSION), SLOTS);
}

/* Either upper octet names it. */
static void it_goes_by_its_number(struct kunit *test)
{
	u32 handle = fill_slots(test);

	KUNIT_EXPECT_TRUE(test, trm_room_claim(room_of(test),
					       handle | 0x01000000));
	KUNIT_EXPECT_EQ(test, ours(test->priv, new_entity(test), put_session),
			0);
	KUNIT_EXPECT_TRUE(test, is_loaded(handle));
	end(test);
}

/* All numbers are taken, all by strangers, and all slots. */
static void one_that_is_claimed_is_not_kicked(struct kunit *test)
{
	struct world *w = test->priv;
	u8 buf[TPM2_BUFFER_SIZE];
	u32 handle = 0, i;
	size_t len;

	w->strange_sessions = ACTIVE - 1;
	for (i = 0; i < ACTIVE; i++) {
		handle = stranger(put_session);
		if (i < ACTIVE - SLOTS)
			KUNIT_ASSERT_EQ(test, stranger_save(handle, buf, &len),
					0);
	}
	trm_room_enter(&w->f.room);
	KUNIT_EXPECT_TRUE(test, trm_room_claim(&w->f.room, handle));
	KUNIT_EXPECT_EQ(test, ours(&w->f, new_entity(test), put_session), 0);
	KUNIT_EXPECT_EQ(test, w->f.room.events[TRM_EVENT_KICK], 1);
	KUNIT_EXPECT_TRUE(test, is_loaded(handle));
	end(test);
	KUNIT_EXPECT_TRUE(test, is_loaded(handle));
}

static void after_the_transaction_it_is_as_others(struct kunit *test)
{
	u32 handle = fill_slots(test);

	KUNIT_EXPECT_TRUE(test, trm_room_claim(room_of(test), handle));
	end(test);
	KUNIT_EXPECT_EQ(test, ours(test->priv, new_entity(test), put_session),
			0);
	KUNIT_EXPECT_FALSE(test, is_loaded(handle));
	end(test);
	KUNIT_EXPECT_TRUE(test, is_loaded(handle));
}

/* Used without continueSession it is over, and its number may be ours. */
static void its_number_is_free_afterwards(struct kunit *test)
{
	struct trm_room *room = room_of(test);
	u32 handle = fill_slots(test);

	KUNIT_EXPECT_TRUE(test, trm_room_claim(room, handle));
	trm_room_survey(room);
	KUNIT_EXPECT_FALSE(test, trm_room_believes(room, handle, true));
	trm_room_survey(room);
	end(test);
	KUNIT_EXPECT_TRUE(test, trm_room_believes(room, handle, true));
}

static void ours_cannot_be_claimed(struct kunit *test)
{
	struct client *c = client_of_new_user(test);
	u32 loaded = make_session(c), saved = make_session(c);
	struct trm_entity *kernels = new_entity(test);
	struct world *w = test->priv;
	struct copy copy;

	KUNIT_ASSERT_EQ(test, client_save(c, saved, &copy), 0);
	KUNIT_ASSERT_EQ(test, ours(&w->f, kernels, put_session), 0);
	host_tpm_clear_counts();
	KUNIT_EXPECT_FALSE(test, trm_room_claim(&w->f.room, loaded));
	KUNIT_EXPECT_FALSE(test, trm_room_claim(&w->f.room,
						loaded | 0x01000000));
	KUNIT_EXPECT_FALSE(test, trm_room_claim(&w->f.room, saved));
	KUNIT_EXPECT_FALSE(test, trm_room_claim(&w->f.room, kernels->handle));
	KUNIT_EXPECT_EQ(test, host_tpm_count(0), 0);
	KUNIT_EXPECT_EQ(test, w->f.room.foreign, 0);
}

static struct kunit_case foreign_cases[] = {
	KUNIT_CASE(one_that_is_claimed_is_not_parked),
	KUNIT_CASE(one_that_is_away_comes_back),
	KUNIT_CASE(it_goes_by_its_number),
	KUNIT_CASE(one_that_is_claimed_is_not_kicked),
	KUNIT_CASE(after_the_transaction_it_is_as_others),
	KUNIT_CASE(its_number_is_free_afterwards),
	KUNIT_CASE(ours_cannot_be_claimed),
	{}
};

static struct kunit_suite foreign_suite = {
	.name = "tpm_rm_foreign",
	.init = world_init,
	.exit = world_exit,
	.test_cases = foreign_cases,
};

kunit_test_suite(foreign_suite);
