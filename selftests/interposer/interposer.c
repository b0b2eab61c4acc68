// SPDX-License-Identifier: GPL-2.0-only
/*
 * Somebody sits on the bus and changes the TPM's answers, one at a time.  Whatever
 * he does, an operation ends in an error, or with the right key and a warning.
 *
 *	interposer [--runs N | --long] [--seed N] [--kept] [--operation NAME [--only PLAN]]
 *
 * For each operation: each answer cut, replaced by errors, by earlier answers, by
 * those of another TPM, and left out; and bits of all answers flipped, all of them
 * with --long, else so many that there are N runs together.  "# plan: NAME: PLAN" is
 * what to give to do one case again.  --kept: the kernel keeps sessions, so that the
 * first answer is to Load in one of those.
 */
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "books.h"
#include "control.h"
#include "keys.h"
#include "operation.h"
#include "plan.h"
#include "vault.h"

#define AUTH	"blobauth=626c6f6261757468d2b4968778695a4b3c2d1e0f"

#define UNDER	"keyhandle=0x81000021 pcrs=7"

static struct operation operations[] = {
	{ "load, pcrs=", "load", UNDER, "" },
	{ "load, pcrs= and blobauth=", "load", UNDER, AUTH },
	{ "load, parent not known yet", "load", UNDER, "", .fresh = true },
	{ "load, default parent", "load", "pcrs=7", "" },
	{ "load, beside a stranger", "load", UNDER, "", .stranger = true },
	{ "new, pcrs=", "new", UNDER, "" },
	{ "new, default parent", "new", "pcrs=7", "" },
	{ "update, pcrs= and blobauth=", "update", UNDER, AUTH },
};

#define NR_OPERATIONS	(sizeof(operations) / sizeof(*operations))

#define MAX_SHOWN	8	/* complaints of a kind in a section */
#define MAX_KINDS	8
#define MIN_BITS	40	/* that are flipped, at least */

/* kB that the kernel may keep for good, and 64 octets more for each run. */
#define MAX_GROWTH	384

/* Response codes that the kernel knows what to do with. */
static const unsigned int codes[] = {
	0x000, 0x100, 0x101, 0x128, 0x12f, 0x184, 0x18b, 0x1c4, 0x1cb, 0x1df,
	0x98e, 0x99d, 0x9a2, 0x902, 0x903, 0x910, 0x918, 0x921, 0x922, 0x80000922,
};

#define NR_CODES	(sizeof(codes) / sizeof(*codes))
#define FEW_CODES	6	/* of them, but for the first operation */

static struct {
	unsigned int runs;
	unsigned int all;	/* bits are not sampled */
	bool kept;
	const char *only;	/* one plan */
	const char *op;		/* one operation */
	unsigned int told;	/* answers that were changed, ever */
	unsigned int left;	/* operations that are to come, with the present one */
	unsigned int nr, errors, right, untold, failed;
	struct {
		const char *what;
		unsigned int nr;
	} shown[MAX_KINDS];	/* complaints of the present section */
	struct bench bench;
} test = { .runs = 2000, .bench = { .raw = -1 } };

/* What an undisturbed run looks like, and what is in the TPM. */
static struct report good;

/* --- random numbers that are the same each time ---------------------------- */

static uint64_t seed = 1;

static unsigned int below(unsigned int n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (seed >> 33) % n;
}

/* --- one run --------------------------------------------------------------- */

static void complain(const struct operation *o, const char *plan, const char *what,
		     const struct report *r)
{
	unsigned int i = 0;

	test.failed++;
	while (i < MAX_KINDS - 1 && test.shown[i].what && strcmp(test.shown[i].what, what))
		i++;
	test.shown[i].what = what;
	if (++test.shown[i].nr > MAX_SHOWN)
		return;
	printf("# plan: %s: %s\n#   %s\n", o->name, plan, what);
	if (r)
		printf("#   before:%s\n#   after: %s\n", good.handles, r->handles);
	fflush(stdout);
}

/*
 * A lie that left something unknown is made good with the next doubt: of a session,
 * which is the first answer once the parent is known.
 */
static bool heals(struct operation *o, struct report *r)
{
	int key;

	if (!operation_works(&test.bench, o))
		return false;
	control_plan(test.bench.tpm, "cut 1 10");
	key = operation_run(&test.bench, o);
	control_plan(test.bench.tpm, "none");
	if (operation_judge(&test.bench, o, key))
		return false;
	books_ask(test.bench.tpm, r);
	return books_same(r, &good);
}

/* Handles that were not there before are flushed by the stranger; none is missing. */
static bool stranger_clears_up(struct report *r)
{
	char text[sizeof(r->handles)], *word;

	strcpy(text, r->handles);
	for (word = strtok(text, " |"); word; word = strtok(NULL, " |")) {
		if (!strstr(good.handles, word) &&
		    tpm_flush(test.bench.raw, strtoul(word, NULL, 16)))
			return false;
	}
	books_ask(test.bench.tpm, r);
	return books_same(r, &good);
}

static bool is_made_good(struct operation *o, const char *plan, unsigned int at,
			 const struct report *r, struct report *later)
{
	*later = *r;
	if (books_same(r, &good))
		return true;
	if (!o->stranger && plan_may_leave(plan, at, r) && heals(o, later))
		return true;
	return o->stranger && plan_may_be_his(plan, at, r) && stranger_clears_up(later);
}

static void run(struct operation *o, const char *plan)
{
	unsigned long before = books_doubts();
	struct report r, later;
	const char *wrong;
	unsigned int at = 0;
	int key;

	if (sscanf(plan, "%*s %u", &at) != 1)
		at = 0;
	if (strstr(o->auth, "blobauth"))
		vault_lockout_reset(test.bench.tpm);
	operation_forget(o);
	control_plan(test.bench.tpm, "%s", plan);
	key = operation_run(&test.bench, o);
	books_ask(test.bench.tpm, &r);
	control_plan(test.bench.tpm, "none");
	if (!r.told)
		test.untold++;
	else if (key < 0)
		test.errors++;
	else
		test.right++;
	if (key > 0 && r.told && plan_is_noticeable(plan, at, &r, test.kept) &&
	    books_doubts() == before)
		complain(o, plan, "nothing was noticed", NULL);
	wrong = operation_judge(&test.bench, o, key);
	if (wrong)
		complain(o, plan, wrong, NULL);
	if (!is_made_good(o, plan, at, &r, &later))
		complain(o, plan, "other handles are in use", &later);
	/* Not each time, for it takes as long as the run. */
	if (key > 0 || ++test.nr % 4 == 0 || test.only)
		if (!operation_works(&test.bench, o))
			complain(o, plan, "an undisturbed load fails after the last four", NULL);
}

static void runf(struct operation *o, const char *fmt, ...)
{
	char plan[64];
	va_list args;

	va_start(args, fmt);
	vsnprintf(plan, sizeof(plan), fmt, args);
	va_end(args);
	run(o, plan);
}

/* --- all of one operation -------------------------------------------------- */

static void cut_answers(struct operation *o)
{
	int i;

	for (i = 0; i < good.nr; i++) {
		unsigned int len = good.len[i];

		runf(o, "cut %d 10", i + 1);
		if (len <= 14)
			continue;
		runf(o, "cut %d 14", i + 1);
		runf(o, "cut %d %u", i + 1, 15 + below(len - 14));
		runf(o, "cut %d %u", i + 1, len - 1);
	}
}

static void forge_errors(struct operation *o)
{
	bool all = test.all || o == operations;
	unsigned int c;
	int i;

	for (i = 0; i < good.nr; i++) {
		for (c = 0; c < NR_CODES; c++) {
			if (all || below(NR_CODES) < FEW_CODES)
				runf(o, "rc %d %u", i + 1, codes[c]);
		}
	}
}

static void replay_answers(struct operation *o)
{
	int i, j;

	for (i = 1; i <= good.nr; i++) {
		for (j = 1; j < i; j++)
			runf(o, "repeat %d %d", i, j);
		for (j = 1; j <= good.nr; j++)
			runf(o, "replay %d %d", i, j);
	}
}

static void answer_from_elsewhere(struct operation *o)
{
	int i;

	for (i = 1; i <= good.nr; i++) {
		runf(o, "swallow %d", i);
		runf(o, "other %d", i);
		runf(o, "both %d", i);
		runf(o, "others %d", i);
	}
}

static unsigned int bits_of(const struct report *r)
{
	unsigned int i, bits = 0;

	for (i = 0; i < r->nr; i++)
		bits += 8 * r->len[i];
	return bits;
}

static void flip(struct operation *o, unsigned int bit)
{
	int i;

	for (i = 0; bit >= 8 * good.len[i]; i++)
		bit -= 8 * good.len[i];
	runf(o, "bit %d %u", i + 1, bit);
}

/* What this operation has to do for the number of runs; a few change nothing. */
static unsigned int share(const struct operation *o)
{
	unsigned int missing = test.runs - (test.told < test.runs ? test.told : test.runs);
	unsigned int nr = missing / test.left * 17 / 16 + MIN_BITS / 2;

	return o->fresh || nr < MIN_BITS ? MIN_BITS : nr;
}

/* One of each stretch, so that every part of every answer is met. */
static void flip_bits(struct operation *o)
{
	unsigned int bits = bits_of(&good), nr = share(o), i;

	if (test.all || nr > bits)
		nr = bits;

	for (i = 0; i < nr; i++) {
		unsigned int from = (uint64_t)bits * i / nr, to = (uint64_t)bits * (i + 1) / nr;

		if (to > from)
			flip(o, from + below(to - from));
	}
}

static void run_only(struct operation *o)
{
	run(o, test.only);
}

static bool look_at_good_run(struct operation *o)
{
	struct report again;
	int i, key;

	/* Once more, so that nothing is done for the first time. */
	for (i = 0; i < 6; i++) {
		again = good;
		operation_forget(o);
		control_plan(test.bench.tpm, "record");
		key = operation_run(&test.bench, o);
		books_ask(test.bench.tpm, &good);
		control_plan(test.bench.tpm, "none");
		if (key < 0 || operation_judge(&test.bench, o, key))
			return false;
		if (i && control_same(&good, &again) && books_same(&good, &again))
			break;
	}
	if (!good.nr || i == 6) {
		printf("# no two runs are the same:%s,%s\n", again.handles, good.handles);
		return false;
	}
	/* The other answers are those to an operation that knows its parent. */
	if (o->fresh)
		good.nr = 1;
	return true;
}

static void section(struct operation *o, const char *name, void (*f)(struct operation *o))
{
	unsigned int failed = test.failed;
	struct timespec a, b;

	memset(test.shown, 0, sizeof(test.shown));
	clock_gettime(CLOCK_MONOTONIC, &a);
	test.errors = 0;
	test.right = 0;
	test.untold = 0;
	f(o);
	test.told += test.errors + test.right;
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%sok - %s: %s (%u errors, %u right keys, %u left alone, %ld s)\n",
	       test.failed == failed ? "" : "not ", o->name, name, test.errors, test.right,
	       test.untold, b.tv_sec - a.tv_sec);
	fflush(stdout);
}

static uint32_t strange[2];

static void stranger_comes(void)
{
	struct tpm_session session;

	test.bench.raw = tpm_open(TPM_RAW);
	if (test.bench.raw < 0 || tpm_sequence_start(test.bench.raw, &strange[0]) ||
	    tpm_session_start(test.bench.raw, TPM_SE_HMAC, &session))
		errx(2, "no stranger");
	strange[1] = session.handle;
}

static void stranger_goes(void)
{
	if (tpm_flush(test.bench.raw, strange[0]) || tpm_flush(test.bench.raw, strange[1]))
		complain(&operations[0], "none", "the stranger has lost what was his", NULL);
	close(test.bench.raw);
	test.bench.raw = -1;
}

static void all_of(struct operation *o)
{
	static const struct {
		const char *name;
		void (*f)(struct operation *o);
	} sections[] = {
		{ "answers cut", cut_answers },
		{ "errors for answers", forge_errors },
		{ "answers replayed", replay_answers },
		{ "answers of another TPM, or of nobody", answer_from_elsewhere },
		{ "bits flipped", flip_bits },
	};
	unsigned int i;

	if (o->stranger)
		stranger_comes();
	if (!operation_prepare(&test.bench, o) || !look_at_good_run(o)) {
		test.failed++;
		printf("not ok - %s: undisturbed\n", o->name);
		exit(1);
	}
	printf("# %s: %d answers, %u bits\n", o->name, good.nr, bits_of(&good));
	for (i = 0; i < sizeof(sections) / sizeof(*sections) && !test.only; i++)
		section(o, sections[i].name, sections[i].f);
	if (test.only)
		section(o, test.only, run_only);
	operation_finish(&test.bench, o);
	if (o->stranger)
		stranger_goes();
}

/* --- the whole ------------------------------------------------------------- */

/* A parent at the same place in both TPMs. */
static void make_parents(void)
{
	/* RSA, because the kernel's ECDH is slow where the VM has no KVM. */
	const struct vault_primary p = { .hierarchy = 0x40000001, .rsa = true };

	control_plan(test.bench.tpm, "others 1");
	vault_evict(test.bench.tpm, PARENT);
	if (vault_persist(test.bench.tpm, &p, PARENT) ||
	    vault_pcr_extend(test.bench.tpm, VAULT_SHA256, 7, 0x5a))
		errx(2, "no parent in the other TPM");
	control_plan(test.bench.tpm, "none");
	vault_evict(test.bench.tpm, PARENT);
	if (vault_persist(test.bench.tpm, &p, PARENT))
		errx(2, "no parent");
}

/*
 * kB that the kernel has and does not give back.  Where kmemleak watches, that is in
 * the way: it and KASAN keep more the longer they do.
 */
static long kernel_memory(void)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char line[128];
	long sum = 0, kb;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "SUnreclaim: %ld", &kb) == 1 ||
		    sscanf(line, "VmallocUsed: %ld", &kb) == 1)
			sum += kb;
	}
	if (f)
		fclose(f);
	return sum;
}

static void verdict(bool ok, const char *fmt, ...)
{
	va_list args;

	test.failed += !ok;
	printf("%sok - ", ok ? "" : "not ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

static void parse(int argc, char **argv)
{
	static const struct option options[] = {
		{ "runs", 1, NULL, 'r' }, { "seed", 1, NULL, 's' }, { "only", 1, NULL, 'o' },
		{ "operation", 1, NULL, 'p' }, { "long", 0, NULL, 'l' },
		{ "kept", 0, NULL, 'k' }, {},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			test.runs = atoi(optarg);
		else if (c == 's')
			seed = atoi(optarg);
		else if (c == 'o')
			test.only = optarg;
		else if (c == 'p')
			test.op = optarg;
		else if (c == 'l')
			test.all = 1;
		else if (c == 'k')
			test.kept = true;
		else
			exit(2);
	}
}

int main(int argc, char **argv)
{
	unsigned int i;
	long before, after;

	parse(argc, argv);
	printf("# interposer: seed %llu\n", (unsigned long long)seed);
	test.bench.tpm = tpm_open(TPM_MANAGED);
	test.bench.ring = key_ring();
	if (test.bench.tpm < 0 || test.bench.ring < 0)
		errx(2, "no TPM or no keyring");
	make_parents();
	before = kernel_memory();
	for (i = 0; i < NR_OPERATIONS; i++) {
		test.left = test.op ? 1 : NR_OPERATIONS - i;
		if (!test.op || !strcmp(test.op, operations[i].name))
			all_of(&operations[i]);
	}
	after = kernel_memory();
	if (access("/sys/kernel/debug/kmemleak", F_OK))
		verdict(after - before < MAX_GROWTH + (long)test.told / 16,
			"the kernel has as much memory as before (%ld kB, %ld kB after)",
			before, after);
	if (!test.op && !test.only)
		verdict(test.told >= test.runs, "%u answers were changed", test.told);
	return test.failed > 0;
}
