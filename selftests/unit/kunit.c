// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the KUnit suites that are linked into a program, and says so in KTAP.
 *
 * prog --list GLOB   the suites that match, one on a line
 * prog GLOB          run them; results numbered from 1
 * GLOB is SUITE or SUITE.CASE.
 */
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>

#include <kunit/test.h>

#define MAX_SUITES	64

struct kunit_block {
	struct kunit_block *next;
	void *data;
};

struct tally {
	unsigned int passed;
	unsigned int failed;
};

static struct kunit_suite *suites[MAX_SUITES];
static unsigned int nr_suites;
static const char *suite_glob = "*";
static const char *case_glob = "*";

void kunit_enter(struct kunit_suite *const *more, size_t nr)
{
	while (nr-- && nr_suites < MAX_SUITES)
		suites[nr_suites++] = *more++;
}

void kunit_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("    # ");
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
}

void kunit_compared(const char *text, long long value)
{
	kunit_note("  %s is %lld (0x%llx)", text, value, value);
}

void kunit_compared_str(const char *text, const char *s)
{
	kunit_note("  %s is %s%s%s", text, s ? "\"" : "", s ? s : "NULL",
		   s ? "\"" : "");
}

void kunit_compared_mem(const char *text, const void *p, size_t len)
{
	const u8 *at = p;
	size_t i;

	printf("    #   %s is", text);
	if (!at)
		printf(" NULL");
	for (i = 0; at && i < len; i++)
		printf(" %02x", at[i]);
	printf("\n");
}

void kunit_failed(struct kunit *test, bool fatal, const char *file, int line,
		  const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	printf("    # %s: failed at %s:%d ", test->name, file, line);
	vprintf(fmt, args);
	printf("\n");
	va_end(args);
	test->failed = true;
	if (fatal)
		longjmp(test->end, 1);
}

void *kunit_kmalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	struct kunit_block *block = malloc(sizeof(*block));

	(void)gfp;
	if (!block)
		abort();
	block->data = malloc(size);
	if (!block->data)
		abort();
	memset(block->data, 0xa5, size);
	block->next = test->blocks;
	test->blocks = block;
	return block->data;
}

void *kunit_kzalloc(struct kunit *test, size_t size, gfp_t gfp)
{
	return memset(kunit_kmalloc(test, size, gfp), 0, size);
}

/* Frees @p, or everything if @p is NULL. */
static void free_blocks(struct kunit *test, const void *p)
{
	struct kunit_block **link = &test->blocks;
	struct kunit_block *block;

	while ((block = *link)) {
		if (p && block->data != p) {
			link = &block->next;
			continue;
		}
		*link = block->next;
		free(block->data);
		free(block);
	}
}

void kunit_kfree(struct kunit *test, const void *p)
{
	if (p)
		free_blocks(test, p);
}

/* One run of a case, with one parameter or without any. */
static bool run_once(struct kunit_suite *suite, struct kunit_case *kase,
		     const void *param, int index)
{
	struct kunit test = {
		.name = kase->name, .param_value = param, .param_index = index,
	};

	if (suite->init && suite->init(&test)) {
		kunit_note("%s: init of the suite failed", kase->name);
		test.failed = true;
	} else if (!setjmp(test.end)) {
		kase->run_case(&test);
	}
	if (suite->exit && !setjmp(test.end))
		suite->exit(&test);
	free_blocks(&test, NULL);
	return !test.failed;
}

static void result(const char *indent, bool ok, unsigned int nr,
		   const char *name)
{
	printf("%s%sok %u %s\n", indent, ok ? "" : "not ", nr, name);
	fflush(stdout);
}

static bool run_params(struct kunit_suite *suite, struct kunit_case *kase,
		       struct tally *tally)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	const void *param = NULL;
	unsigned int nr = 0;
	bool all = true;
	bool ok;

	printf("        KTAP version 1\n        # Subtest: %s\n", kase->name);
	while ((param = kase->generate_params(param, desc))) {
		if (!desc[0])
			snprintf(desc, sizeof(desc), "param-%u", nr);
		ok = run_once(suite, kase, param, nr);
		result("        ", ok, ++nr, desc);
		*(ok ? &tally->passed : &tally->failed) += 1;
		all = all && ok;
		memset(desc, 0, sizeof(desc));
	}
	if (!nr)
		tally->failed++;
	printf("        1..%u\n", nr);
	return nr && all;
}

static bool run_case(struct kunit_suite *suite, struct kunit_case *kase,
		     struct tally *tally)
{
	bool ok;

	if (kase->generate_params)
		return run_params(suite, kase, tally);
	ok = run_once(suite, kase, NULL, 0);
	*(ok ? &tally->passed : &tally->failed) += 1;
	return ok;
}

static bool selected(const struct kunit_case *kase)
{
	return !fnmatch(case_glob, kase->name, 0);
}

static unsigned int count_cases(const struct kunit_suite *suite)
{
	const struct kunit_case *kase;
	unsigned int nr = 0;

	for (kase = suite->test_cases; kase->run_case; kase++)
		nr += selected(kase);
	return nr;
}

static void run_cases(struct kunit_suite *suite, struct tally *tally)
{
	struct kunit_case *kase;
	unsigned int nr = 0;

	for (kase = suite->test_cases; kase->run_case; kase++) {
		if (selected(kase))
			result("    ", run_case(suite, kase, tally), ++nr,
			       kase->name);
	}
}

static bool run_suite(struct kunit_suite *suite)
{
	unsigned int nr = count_cases(suite);
	struct tally tally = {};

	printf("    KTAP version 1\n    # Subtest: %s\n    1..%u\n",
	       suite->name, nr);
	if (suite->suite_init && suite->suite_init(suite)) {
		kunit_note("suite_init of %s failed", suite->name);
		tally.failed = nr;
	} else {
		run_cases(suite, &tally);
	}
	if (suite->suite_exit)
		suite->suite_exit(suite);
	printf("# %s: pass:%u fail:%u skip:0 total:%u\n", suite->name,
	       tally.passed, tally.failed, tally.passed + tally.failed);
	return nr && !tally.failed;
}

/* Splits "suite.case". */
static void set_glob(char *glob)
{
	char *dot = strchr(glob, '.');

	suite_glob = glob;
	if (dot) {
		*dot = '\0';
		case_glob = dot + 1;
	}
}

int main(int argc, char **argv)
{
	bool list = argc > 1 && !strcmp(argv[1], "--list");
	unsigned int nr = 0;
	bool all = true;
	unsigned int i;
	bool ok;

	if (argc > 1 + list)
		set_glob(argv[1 + list]);
	for (i = 0; i < nr_suites; i++) {
		if (fnmatch(suite_glob, suites[i]->name, 0))
			continue;
		if (list) {
			printf("%s\n", suites[i]->name);
			continue;
		}
		ok = run_suite(suites[i]);
		result("", ok, ++nr, suites[i]->name);
		all = all && ok;
	}
	return all ? 0 : 1;
}
