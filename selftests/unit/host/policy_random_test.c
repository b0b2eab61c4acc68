// SPDX-License-Identifier: GPL-2.0-only
/*
 * Digests of random policies: ours must be those of a TPM's trial sessions.
 *
 * A policy is made twice from the same numbers: the bodies as the documentation
 * has them, and the commands as the specification has them.  A trial session has
 * no PolicyOR of its own accord: each alternative is run in a session of its own
 * behind all that comes before it.
 */
#include <stdlib.h>
#include <time.h>

#include "policy_fixture.h"

#define POLICIES	240
#define MAX_TAPE	512

struct list;

/**
 * struct statement - one statement, said twice
 * @body: as in a blob
 * @body_len: its octets
 * @command: as the TPM gets it, but for the session, which is its last handle
 * @nr: alternatives of a PolicyOR
 * @alternative: those
 */
struct statement {
	u8 body[MAX_PARAMS];
	size_t body_len;
	struct command command;
	unsigned int nr;
	struct list *alternative[TPK_MAX_OR];
};

struct list {
	unsigned int nr;
	struct statement *statement[TPK_MAX_STATEMENTS];
};

/* Commands that were run in a session. */
struct tape {
	unsigned int nr;
	struct command command[MAX_TAPE];
};

struct world {
	u64 random;
	u16 hash;
	unsigned int alternatives;
	u8 counter[TPM2_MAX_NAME];
	size_t counter_len;
	struct tpm2_bytes key;
	u8 key_name[TPM2_MAX_NAME];
	size_t key_name_len;
	u32 key_handle;
};

static u32 draw(struct world *world, u32 below)
{
	world->random ^= world->random << 13;
	world->random ^= world->random >> 7;
	world->random ^= world->random << 17;
	return (world->random >> 20) % below;
}

static struct tpm2_bytes draw_octets(struct world *world, u8 *out, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		out[i] = draw(world, 256);
	return tpm2_bytes(out, len);
}

static void put_random_selection(struct world *world, struct tpm2_writer *w)
{
	unsigned int banks = 1 + draw(world, 2), i;

	tpm2_put_u32(w, banks);
	for (i = 0; i < banks; i++) {
		tpm2_put_u16(w, i ? TPM_ALG_ID_SHA1 : TPM_ALG_ID_SHA256);
		tpm2_put_u8(w, 3);
		tpm2_put_u8(w, 1 + draw(world, 255));
		tpm2_put_u8(w, draw(world, 256));
		tpm2_put_u8(w, draw(world, 256));
	}
}

static void make_pcr(struct world *world, struct tpm2_writer *body,
		     struct tpm2_writer *params)
{
	unsigned int size = tpm2_digest_size(world->hash);
	u8 buf[64], digest[TPM2_MAX_DIGEST];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));
	bool sized = draw(world, 2);

	put_random_selection(world, &w);
	draw_octets(world, digest, size);
	if (sized)
		tpm2_put_sized(body, tpm2_bytes(digest, size));
	tpm2_put_bytes(body, tpm2_written(&w));
	if (!sized)
		tpm2_put(body, digest, size);
	tpm2_put_sized(params, tpm2_bytes(digest, size));
	tpm2_put_bytes(params, tpm2_written(&w));
}

static void make_counter_timer(struct world *world, struct tpm2_writer *body,
			       struct tpm2_writer *params)
{
	u8 octets[25];
	struct tpm2_bytes operand = draw_octets(world, octets, 1 + draw(world, 8));
	u16 offset = draw(world, 25 - 8), operation = draw(world, 12);

	tpm2_put_bytes(body, operand);
	tpm2_put_u16(body, offset);
	tpm2_put_u16(body, operation);
	tpm2_put_sized(params, operand);
	tpm2_put_u16(params, offset);
	tpm2_put_u16(params, operation);
}

static void make_nv(struct world *world, struct command *c,
		    struct tpm2_writer *body, struct tpm2_writer *params)
{
	u8 octets[8];
	struct tpm2_bytes operand = draw_octets(world, octets, 1 + draw(world, 8));
	u16 operation = draw(world, 12);

	c->handle[c->nr_handles++] = COUNTER;
	c->handle[c->nr_handles++] = COUNTER;
	c->nr_auths = 1;
	tpm2_put_u32(body, COUNTER);
	tpm2_put_u32(body, COUNTER);
	tpm2_put_sized(body, tpm2_bytes(world->counter, world->counter_len));
	tpm2_put_sized(body, operand);
	tpm2_put_u16(body, 0);
	tpm2_put_u16(body, operation);
	tpm2_put_sized(params, operand);
	tpm2_put_u16(params, 0);
	tpm2_put_u16(params, operation);
}

static void make_secret(struct world *world, struct command *c,
			struct tpm2_writer *body, struct tpm2_writer *params)
{
	u32 entity = draw(world, 2) ? TPM_RH_OWNER : TPM_RH_ENDORSEMENT;
	u8 octets[16], name[4];
	struct tpm2_bytes ref = draw_octets(world, octets, draw(world, 17));

	c->handle[c->nr_handles++] = entity;
	c->nr_auths = 1;
	put_unaligned_be32(entity, name);
	tpm2_put_u32(body, draw(world, 2) ? entity : 0);
	tpm2_put_sized(body, tpm2_bytes(name, sizeof(name)));
	tpm2_put_sized(body, ref);
	tpm2_put_u32(params, 0);		/* nonceTPM, cpHashA */
	tpm2_put_sized(params, ref);
	tpm2_put_u32(params, 0);		/* expiration */
}

static void make_signed(struct world *world, struct command *c,
			struct tpm2_writer *body, struct tpm2_writer *params)
{
	static const u8 signature[] = { 0x00, 0x14, 0x00, 0x0b, 0x00, 0x01, 0x55 };
	u8 octets[16];
	struct tpm2_bytes ref = draw_octets(world, octets, draw(world, 17));
	u32 expiration = draw(world, 1000);

	c->handle[c->nr_handles++] = world->key_handle;
	if (draw(world, 2)) {
		tpm2_put_sized(body, world->key);
	} else {
		tpm2_put_u16(body, 0);
		tpm2_put_sized(body, tpm2_bytes(world->key_name,
						world->key_name_len));
	}
	tpm2_put_sized(body, ref);
	tpm2_put_u32(body, expiration);
	tpm2_put_u32(params, 0);		/* nonceTPM, cpHashA */
	tpm2_put_sized(params, ref);
	tpm2_put_u32(params, expiration);
	tpm2_put(params, signature, sizeof(signature));
}

static void make_authorize(struct world *world, struct tpm2_writer *body,
			   struct tpm2_writer *params)
{
	u8 octets[16];
	struct tpm2_bytes ref = draw_octets(world, octets, draw(world, 17));

	tpm2_put_sized(body, world->key);
	tpm2_put_sized(body, ref);
	tpm2_put_u16(body, TPM_ALG_ID_NULL);
	tpm2_put_u16(params, 0);		/* approvedPolicy */
	tpm2_put_sized(params, ref);
	tpm2_put_sized(params, tpm2_bytes(world->key_name, world->key_name_len));
	tpm2_put(params, NO_TICKET, 8);
}

static struct list *make_list(struct kunit *test, unsigned int depth, bool fresh);

static void make_or(struct kunit *test, struct statement *st, unsigned int depth,
		    bool fresh)
{
	struct world *world = test->priv;

	for (st->nr = 0; st->nr < 2 + draw(world, 3); st->nr++)
		st->alternative[st->nr] = make_list(test, depth - 1, fresh);
	if (st->nr == 1)
		st->alternative[st->nr++] = make_list(test, 0, fresh);
}

static struct statement *make_statement(struct kunit *test, unsigned int depth,
					bool fresh)
{
	static const u32 codes[] = {
		TPM_CC_PolicyOR, TPM_CC_PolicyPCR, TPM_CC_PolicyAuthValue,
		TPM_CC_PolicyLocality, TPM_CC_PolicyCounterTimer, TPM_CC_PolicyNV,
		TPM_CC_PolicySecret, TPM_CC_PolicySigned, TPM_CC_PolicyAuthorize,
	};
	struct world *world = test->priv;
	struct statement *st = kunit_kzalloc(test, sizeof(*st), GFP_KERNEL);
	struct tpm2_writer body = tpm2_writer(st->body, sizeof(st->body));
	struct tpm2_writer params = tpm2_writer(st->command.params, MAX_PARAMS);
	bool or = depth && world->alternatives < 40 && !draw(world, 2);

	st->command.code = codes[or ? 0 : 1 + draw(world, fresh ? 8 : 7)];
	switch (st->command.code) {
	case TPM_CC_PolicyOR:
		make_or(test, st, depth, fresh);
		break;
	case TPM_CC_PolicyPCR:
		make_pcr(world, &body, &params);
		break;
	case TPM_CC_PolicyLocality:
		/* A later one must not contradict: each leaves locality 4. */
		tpm2_put_u8(&body, 0x10 | draw(world, 16));
		tpm2_put_u8(&params, st->body[0]);
		break;
	case TPM_CC_PolicyCounterTimer:
		make_counter_timer(world, &body, &params);
		break;
	case TPM_CC_PolicyNV:
		make_nv(world, &st->command, &body, &params);
		break;
	case TPM_CC_PolicySecret:
		make_secret(world, &st->command, &body, &params);
		break;
	case TPM_CC_PolicySigned:
		make_signed(world, &st->command, &body, &params);
		break;
	case TPM_CC_PolicyAuthorize:
		make_authorize(world, &body, &params);
		break;
	}
	st->body_len = body.len;
	st->command.len = params.len;
	return st;
}

static struct list *make_list(struct kunit *test, unsigned int depth, bool fresh)
{
	struct world *world = test->priv;
	struct list *list = kunit_kzalloc(test, sizeof(*list), GFP_KERNEL);
	unsigned int nr = 1 + draw(world, 3);

	world->alternatives++;
	while (list->nr < nr) {
		list->statement[list->nr] = make_statement(test, depth,
							   fresh && !list->nr);
		list->nr++;
	}
	return list;
}

static void put_list(const struct list *list, struct tpm2_writer *w);

static void put_alternatives(const struct statement *st, struct tpm2_writer *w)
{
	size_t all = w->len, one;
	unsigned int i;

	for (i = 0; i < st->nr; i++) {
		one = w->len;
		put_list(st->alternative[i], w);
		tpk_der_wrap(w, one, DER_SEQUENCE);
	}
	tpk_der_wrap(w, all, DER_SEQUENCE);
}

/* Contents octets of a SEQUENCE OF TPMPolicy. */
static void put_list(const struct list *list, struct tpm2_writer *w)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++) {
		const struct statement *st = list->statement[i];
		size_t start, body;

		body = tpk_statement_open(w, st->command.code, &start);
		if (st->nr)
			put_alternatives(st, w);
		else
			tpm2_put(w, st->body, st->body_len);
		tpk_statement_close(w, start, body);
	}
}

static void play(struct kunit *test, struct tape *tape, u8 *digest)
{
	struct world *world = test->priv;
	u32 session = session_start(test, TPM_SE_TRIAL, world->hash);
	struct tpm2_bytes result;
	unsigned int i;

	for (i = 0; i < tape->nr; i++) {
		struct command c = tape->command[i];

		c.handle[c.nr_handles++] = session;
		must(test, &c);
	}
	result = session_digest(test, session);
	KUNIT_ASSERT_EQ(test, result.len, tpm2_digest_size(world->hash));
	memcpy(digest, result.data, result.len);
	flush(test, session);
}

static void record(struct kunit *test, struct tape *tape, const struct list *list);

/* Each alternative is run behind what there is, and then forgotten. */
static void record_or(struct kunit *test, struct tape *tape,
		      const struct statement *st)
{
	struct world *world = test->priv;
	unsigned int size = tpm2_digest_size(world->hash), before = tape->nr, i;
	struct command c = { .code = TPM_CC_PolicyOR };
	struct tpm2_writer w = tpm2_writer(c.params, MAX_PARAMS);
	u8 digest[TPM2_MAX_DIGEST];

	tpm2_put_u32(&w, st->nr);
	for (i = 0; i < st->nr; i++) {
		record(test, tape, st->alternative[i]);
		play(test, tape, digest);
		tpm2_put_sized(&w, tpm2_bytes(digest, size));
		tape->nr = before;
	}
	c.len = w.len;
	tape->command[tape->nr++] = c;
}

static void record(struct kunit *test, struct tape *tape, const struct list *list)
{
	unsigned int i;

	for (i = 0; i < list->nr; i++) {
		KUNIT_ASSERT_LT(test, tape->nr, MAX_TAPE);
		if (list->statement[i]->nr)
			record_or(test, tape, list->statement[i]);
		else
			tape->command[tape->nr++] = list->statement[i]->command;
	}
}

/* Our digest and the TPM's; the policy itself comes back octet by octet. */
static void compare(struct kunit *test, const struct list *list, u64 seed)
{
	struct world *world = test->priv;
	struct tape *tape = kunit_kzalloc(test, sizeof(*tape), GFP_KERNEL);
	u8 *der = kunit_kzalloc(test, 65536, GFP_KERNEL);
	u8 *again = kunit_kzalloc(test, 65536, GFP_KERNEL);
	struct tpm2_writer w = tpm2_writer(der, 65536);
	struct tpm2_writer back = tpm2_writer(again, 65536);
	u8 want[TPM2_MAX_DIGEST];
	struct tpk_policy policy;
	struct tpm2_bytes got;
	const char *what = "";

	put_list(list, &w);
	tpk_der_wrap(&w, 0, DER_SEQUENCE);
	KUNIT_ASSERT_FALSE(test, w.full);
	KUNIT_ASSERT_EQ_MSG(test, tpk_policy_decode(tpm2_written(&w), &policy, &what), 0,
			    "seed %llu: %s", (unsigned long long)seed, what);
	tpk_policy_put(&back, &policy);
	KUNIT_EXPECT_TRUE(test, tpm2_bytes_equal(tpm2_written(&w), tpm2_written(&back)));
	got = tpk_tree_digest(tree_of(test, &policy, tpm2_bytes(NULL, 0), world->hash));
	record(test, tape, list);
	play(test, tape, want);
	KUNIT_ASSERT_EQ(test, got.len, tpm2_digest_size(world->hash));
	KUNIT_EXPECT_TRUE_MSG(test, !memcmp(got.data, want, got.len), "seed %llu",
			      (unsigned long long)seed);
	kunit_kfree(test, tape);
	kunit_kfree(test, der);
	kunit_kfree(test, again);
}

static void digests_are_those_of_a_trial_session(struct kunit *test)
{
	static const u16 hashes[] = {
		TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA384, TPM_ALG_ID_SHA512,
	};
	struct world *world = test->priv;
	const char *given = getenv("UNIT_SEED");
	u64 seed = given ? strtoull(given, NULL, 0) : (u64)time(NULL);
	unsigned int i, ors = 0, most = 0;

	for (i = 0; i < POLICIES; i++, seed++) {
		struct list *list;

		world->random = seed * 0x9e3779b97f4a7c15ULL | 1;
		world->hash = hashes[draw(world, ARRAY_SIZE(hashes))];
		world->alternatives = 0;
		list = make_list(test, draw(world, 4), true);
		ors += world->alternatives > 1;
		if (world->alternatives > most)
			most = world->alternatives;
		compare(test, list, seed);
	}
	kunit_info(test, "%u policies up to seed %llu (UNIT_SEED=%llu repeats them), %u with alternatives, up to %u",
		   i, (unsigned long long)seed - 1, (unsigned long long)seed - i, ors, most);
	KUNIT_EXPECT_GT(test, ors, POLICIES / 8);
}

static int world_init(struct kunit *test)
{
	struct world *world = kunit_kzalloc(test, sizeof(*world), GFP_KERNEL);
	EVP_PKEY *key = key_make(false);
	struct tpm2_bytes name;

	test->priv = world;
	host_tpm_reset();
	world->hash = TPM_ALG_ID_SHA256;
	counter_make(test, world->counter, &world->counter_len);
	world->key = key_public(test, key);
	EVP_PKEY_free(key);
	world->key_handle = load_external(test, world->key, &name);
	memcpy(world->key_name, name.data, name.len);
	world->key_name_len = name.len;
	return 0;
}

static struct kunit_case random_cases[] = {
	KUNIT_CASE(digests_are_those_of_a_trial_session),
	{}
};

static struct kunit_suite random_suite = {
	.name = "unit_policy_random",
	.init = world_init,
	.test_cases = random_cases,
};

kunit_test_suite(random_suite);
