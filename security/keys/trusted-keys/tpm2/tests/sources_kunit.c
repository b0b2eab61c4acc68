// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for sources.c: trust sources that exist only here.  Not PURE, so
 * it runs in a kernel alone.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/key-type.h>
#include <linux/rwsem.h>
#include <linux/string.h>

#include "../sources.h"

/* What the mock was asked for, and what it is to answer. */
static struct {
	int init, exit, seal, unseal, get_random;
	int init_err, err;
	int short_by;
	char options[64];
} mock;

static int mock_init(void)
{
	mock.init++;
	return mock.init_err;
}

static void mock_exit(void)
{
	mock.exit++;
}

static void note_options(const char *options)
{
	strscpy(mock.options, options ?: "(none)");
}

/* Sealed is whatever is upside down. */
static int mock_seal(struct trusted_key_payload *p, char *options)
{
	unsigned int i;

	mock.seal++;
	note_options(options);
	if (mock.err)
		return mock.err;
	for (i = 0; i < p->key_len; i++)
		p->blob[i] = ~p->key[i];
	p->blob_len = p->key_len;
	return 0;
}

static int mock_unseal(struct trusted_key_payload *p, char *options)
{
	unsigned int i;

	mock.unseal++;
	note_options(options);
	if (mock.err)
		return mock.err;
	for (i = 0; i < p->blob_len; i++)
		p->key[i] = ~p->blob[i];
	p->key_len = p->blob_len;
	return 0;
}

static int mock_get_random(unsigned char *key, size_t len)
{
	mock.get_random++;
	memset(key, 0x11, len);
	return len - mock.short_by;
}

static int absent_init(void)
{
	return -ENODEV;
}

static struct trusted_key_ops mock_ops = {
	.migratable = 1,
	.init = mock_init,
	.seal = mock_seal,
	.unseal = mock_unseal,
	.get_random = mock_get_random,
	.exit = mock_exit,
};

static struct trusted_key_ops fixed_ops = {
	.init = mock_init,
	.seal = mock_seal,
	.unseal = mock_unseal,
	.exit = mock_exit,
};

static struct trusted_key_ops absent_ops = {
	.init = absent_init,
};

static const struct trusted_key_source list[] = {
	{ "absent", &absent_ops },
	{ "mock", &mock_ops },
	{ "fixed", &fixed_ops },
};

static int choose(struct tpk_source *chosen, const char *source,
		  const char *rng)
{
	memset(chosen, 0, sizeof(*chosen));
	return tpk_source_choose(chosen, list, ARRAY_SIZE(list), source, rng);
}

/* --- the choice ----------------------------------------------------------- */

static void the_first_that_is_there_is_chosen(struct kunit *test)
{
	struct tpk_source chosen;

	KUNIT_EXPECT_EQ(test, choose(&chosen, NULL, "default"), 0);
	KUNIT_EXPECT_PTR_EQ(test, chosen.ops, &mock_ops);
	KUNIT_EXPECT_EQ(test, mock.init, 1);
}

static void the_named_one_is_chosen(struct kunit *test)
{
	struct tpk_source chosen;

	KUNIT_EXPECT_EQ(test, choose(&chosen, "fixed", "default"), 0);
	KUNIT_EXPECT_PTR_EQ(test, chosen.ops, &fixed_ops);
	KUNIT_EXPECT_EQ(test, choose(&chosen, "absent", "default"), -ENODEV);
	KUNIT_EXPECT_TRUE(test, !chosen.ops);
	KUNIT_EXPECT_EQ(test, choose(&chosen, "mock1", "default"), -EINVAL);
	KUNIT_EXPECT_EQ(test, choose(&chosen, "moc", "default"), -EINVAL);
	KUNIT_EXPECT_TRUE(test, !chosen.ops);
}

static void a_failed_init_ends_the_search(struct kunit *test)
{
	struct tpk_source chosen;

	mock.init_err = -EIO;
	KUNIT_EXPECT_EQ(test, choose(&chosen, NULL, "default"), -EIO);
	KUNIT_EXPECT_TRUE(test, !chosen.ops);
	KUNIT_EXPECT_EQ(test, mock.init, 1);
}

static void none_is_there(struct kunit *test)
{
	struct tpk_source chosen = {};

	KUNIT_EXPECT_EQ(test, tpk_source_choose(&chosen, list, 1, NULL,
						"default"), -ENODEV);
	KUNIT_EXPECT_EQ(test, tpk_source_choose(&chosen, list, 0, NULL,
						"default"), -ENODEV);
	KUNIT_EXPECT_TRUE(test, !chosen.ops);
}

static void rng_is_the_source_or_the_kernel(struct kunit *test)
{
	struct tpk_source chosen;

	KUNIT_EXPECT_EQ(test, choose(&chosen, "mock", "default"), 0);
	KUNIT_EXPECT_TRUE(test, chosen.get_random == mock_get_random);
	KUNIT_EXPECT_EQ(test, choose(&chosen, "mock", "mock"), 0);
	KUNIT_EXPECT_TRUE(test, chosen.get_random == mock_get_random);
	KUNIT_EXPECT_EQ(test, choose(&chosen, "mock", "kernel"), 0);
	KUNIT_EXPECT_TRUE(test, chosen.get_random);
	KUNIT_EXPECT_TRUE(test, chosen.get_random != mock_get_random);
	KUNIT_EXPECT_EQ(test, choose(&chosen, "fixed", "default"), 0);
	KUNIT_EXPECT_TRUE(test, chosen.get_random);
}

static void rng_that_the_source_lacks_is_refused(struct kunit *test)
{
	struct tpk_source chosen;

	KUNIT_EXPECT_EQ(test, choose(&chosen, "mock", "fixed"), -EINVAL);
	KUNIT_EXPECT_EQ(test, choose(&chosen, "fixed", "fixed"), -EINVAL);
	KUNIT_EXPECT_EQ(test, choose(&chosen, "mock", ""), -EINVAL);
	KUNIT_EXPECT_TRUE(test, !chosen.ops);
	KUNIT_EXPECT_EQ(test, mock.init, 0);
}

/* --- keys ----------------------------------------------------------------- */

/**
 * struct fixture - a key of a source that was chosen
 * @source: the source
 * @key: without payload
 */
struct fixture {
	struct tpk_source source;
	struct key *key;
};

static struct fixture *begin(struct kunit *test, const char *source)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	KUNIT_ASSERT_EQ(test, choose(&f->source, source, "default"), 0);
	f->key = key_alloc(&key_type_trusted, "mock", GLOBAL_ROOT_UID,
			   GLOBAL_ROOT_GID, current_cred(), KEY_POS_ALL,
			   KEY_ALLOC_NOT_IN_QUOTA, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->key);
	return f;
}

static void end(struct kunit *test, struct fixture *f)
{
	key_type_trusted.destroy(f->key);
	f->key->payload.data[0] = NULL;
	key_put(f->key);
	f->source.ops->exit();
	KUNIT_EXPECT_EQ(test, mock.exit, 1);
}

static int instantiate(struct fixture *f, const char *text)
{
	struct key_preparsed_payload prep = {
		.data = text,
		.datalen = strlen(text),
	};

	return tpk_source_instantiate(&f->source, f->key, &prep);
}

static int update(struct fixture *f, const char *text)
{
	struct key_preparsed_payload prep = {
		.data = text,
		.datalen = strlen(text),
	};
	int err;

	down_write(&f->key->sem);
	err = tpk_source_update(&f->source, f->key, &prep);
	up_write(&f->key->sem);
	return err;
}

static const struct trusted_key_payload *payload(const struct fixture *f)
{
	return f->key->payload.data[0];
}

/* What reading the key gives must be @nr times @octet. */
static void expect_blob(struct kunit *test, struct fixture *f,
			const char *octet, int nr)
{
	char hex[2 * MAX_KEY_SIZE];
	long len;
	int i;

	down_read(&f->key->sem);
	len = key_type_trusted.read(f->key, hex, sizeof(hex));
	up_read(&f->key->sem);
	KUNIT_ASSERT_EQ(test, len, 2 * nr);
	for (i = 0; i < nr; i++)
		KUNIT_ASSERT_EQ(test, memcmp(hex + 2 * i, octet, 2), 0);
}

static void new_key_is_random_and_sealed(struct kunit *test)
{
	struct fixture *f = begin(test, "mock");

	KUNIT_ASSERT_EQ(test, instantiate(f, "new 40 a=1 b=2\n"), 0);
	KUNIT_EXPECT_EQ(test, mock.get_random, 1);
	KUNIT_EXPECT_EQ(test, mock.seal, 1);
	KUNIT_EXPECT_STREQ(test, mock.options, "a=1 b=2");
	KUNIT_EXPECT_EQ(test, payload(f)->key_len, 40);
	KUNIT_EXPECT_EQ(test, payload(f)->key[39], 0x11);
	KUNIT_EXPECT_EQ(test, payload(f)->migratable, 1);
	expect_blob(test, f, "ee", 40);
	end(test, f);
}

static void new_key_without_options(struct kunit *test)
{
	struct fixture *f = begin(test, "fixed");

	KUNIT_ASSERT_EQ(test, instantiate(f, "new 32"), 0);
	KUNIT_EXPECT_EQ(test, mock.get_random, 0);
	KUNIT_EXPECT_STREQ(test, mock.options, "(none)");
	KUNIT_EXPECT_EQ(test, payload(f)->migratable, 0);
	end(test, f);
}

static void blob_is_unsealed(struct kunit *test)
{
	struct fixture *f = begin(test, "mock");

	KUNIT_ASSERT_EQ(test, instantiate(f, "load 0f0f0f0f x=y"), 0);
	KUNIT_EXPECT_EQ(test, mock.unseal, 1);
	KUNIT_EXPECT_EQ(test, mock.seal, 0);
	KUNIT_EXPECT_STREQ(test, mock.options, "x=y");
	KUNIT_EXPECT_EQ(test, payload(f)->key_len, 4);
	KUNIT_EXPECT_EQ(test, payload(f)->key[3], 0xf0);
	expect_blob(test, f, "0f", 4);
	end(test, f);
}

static void update_seals_the_same_key_again(struct kunit *test)
{
	struct fixture *f = begin(test, "mock");

	KUNIT_ASSERT_EQ(test, instantiate(f, "new 32"), 0);
	KUNIT_ASSERT_EQ(test, update(f, "update c=3"), 0);
	KUNIT_EXPECT_EQ(test, mock.get_random, 1);
	KUNIT_EXPECT_EQ(test, mock.seal, 2);
	KUNIT_EXPECT_STREQ(test, mock.options, "c=3");
	KUNIT_EXPECT_EQ(test, payload(f)->key_len, 32);
	KUNIT_EXPECT_EQ(test, payload(f)->key[31], 0x11);
	expect_blob(test, f, "ee", 32);
	end(test, f);
}

static void failed_update_changes_nothing(struct kunit *test)
{
	struct fixture *f = begin(test, "mock");
	const void *before;

	KUNIT_ASSERT_EQ(test, instantiate(f, "new 32"), 0);
	before = payload(f);
	KUNIT_EXPECT_EQ(test, update(f, "new 32"), -EINVAL);
	KUNIT_EXPECT_EQ(test, update(f, "load 00"), -EINVAL);
	mock.err = -EIO;
	KUNIT_EXPECT_EQ(test, update(f, "update"), -EIO);
	KUNIT_EXPECT_PTR_EQ(test, (const void *)payload(f), before);
	end(test, f);
}

static void key_that_is_not_migratable_is_not_updated(struct kunit *test)
{
	struct fixture *f = begin(test, "fixed");

	KUNIT_ASSERT_EQ(test, instantiate(f, "new 32"), 0);
	KUNIT_EXPECT_EQ(test, update(f, "update"), -EPERM);
	KUNIT_EXPECT_EQ(test, mock.seal, 1);
	end(test, f);
}

static const char *const wrong[] = {
	"", "\n", "new", "new ", "new 31", "new 129", "new x", "new 32x",
	"load", "load ", "load 0", "load xy", "load 000", "update", "update a=1", "fetch 32",
	"NEW 32", " new 32",
};

static void what(const char *const *text, char *desc)
{
	strscpy(desc, *text, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(wrong, wrong, what);

static void wrong_text_is_refused(struct kunit *test)
{
	const char *const *text = test->param_value;
	struct fixture *f = begin(test, "mock");

	KUNIT_EXPECT_EQ(test, instantiate(f, *text), -EINVAL);
	KUNIT_EXPECT_EQ(test, mock.seal + mock.unseal + mock.get_random, 0);
	KUNIT_EXPECT_TRUE(test, !payload(f));
	end(test, f);
}

static void blob_that_is_too_large_is_refused(struct kunit *test)
{
	static const char load[] = "load ";
	size_t digits = 2 * (MAX_BLOB_SIZE + 1);
	struct fixture *f = begin(test, "mock");
	char *text = kunit_kzalloc(test, sizeof(load) + digits, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, text);
	strscpy(text, load, sizeof(load));
	memset(text + strlen(load), 'a', digits);
	KUNIT_EXPECT_EQ(test, instantiate(f, text), -EINVAL);
	KUNIT_EXPECT_EQ(test, mock.unseal, 0);
	/* One less is not. */
	text[strlen(load) + digits - 2] = '\0';
	mock.err = -EBADMSG;
	KUNIT_EXPECT_EQ(test, instantiate(f, text), -EBADMSG);
	KUNIT_EXPECT_EQ(test, mock.unseal, 1);
	end(test, f);
}

static void failure_of_the_source_leaves_no_key(struct kunit *test)
{
	struct fixture *f = begin(test, "mock");

	mock.err = -EPERM;
	KUNIT_EXPECT_EQ(test, instantiate(f, "new 32"), -EPERM);
	KUNIT_EXPECT_EQ(test, instantiate(f, "load 00"), -EPERM);
	mock.err = 5;
	KUNIT_EXPECT_EQ(test, instantiate(f, "new 32"), -EIO);
	mock.err = 0;
	mock.short_by = 1;
	KUNIT_EXPECT_EQ(test, instantiate(f, "new 32"), -EIO);
	mock.short_by = 32 + ENODATA;
	KUNIT_EXPECT_EQ(test, instantiate(f, "new 32"), -ENODATA);
	KUNIT_EXPECT_TRUE(test, !payload(f));
	end(test, f);
}

static int sources_init(struct kunit *test)
{
	memset(&mock, 0, sizeof(mock));
	return 0;
}

static struct kunit_case sources_cases[] = {
	KUNIT_CASE(the_first_that_is_there_is_chosen),
	KUNIT_CASE(the_named_one_is_chosen),
	KUNIT_CASE(a_failed_init_ends_the_search),
	KUNIT_CASE(none_is_there),
	KUNIT_CASE(rng_is_the_source_or_the_kernel),
	KUNIT_CASE(rng_that_the_source_lacks_is_refused),
	KUNIT_CASE(new_key_is_random_and_sealed),
	KUNIT_CASE(new_key_without_options),
	KUNIT_CASE(blob_is_unsealed),
	KUNIT_CASE(update_seals_the_same_key_again),
	KUNIT_CASE(failed_update_changes_nothing),
	KUNIT_CASE(key_that_is_not_migratable_is_not_updated),
	KUNIT_CASE_PARAM(wrong_text_is_refused, wrong_gen_params),
	KUNIT_CASE(blob_that_is_too_large_is_refused),
	KUNIT_CASE(failure_of_the_source_leaves_no_key),
	{}
};

static struct kunit_suite sources_suite = {
	.name = "tpk_sources",
	.init = sources_init,
	.test_cases = sources_cases,
};

kunit_test_suite(sources_suite);
