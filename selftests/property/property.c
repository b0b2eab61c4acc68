// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random programs over the resource manager, and alone.
 *
 * property [--seed N] [--commands N] [--mode NAME]
 *
 * One line of TAP for each mode.  What fails is made smaller and printed,
 * together with the arguments that show it again.
 */
#include <stdio.h>
#include <stdlib.h>

#include "alone.h"
#include "compare.h"
#include "round.h"
#include "state.h"
#include "tpm.h"

static const struct mode modes[] = {
	{ .name = "compare", .compare = true },
	{ .name = "quota", .small = true, .kernel = true },
	{ .name = "strangers", .strangers = true, .kernel = true },
	{ .name = "warnings", .strangers = true, .kernel = true,
	  .warnings = true },
	{ .name = "reset", .small = true, .kernel = true, .reset = true },
};

static struct round the_round;

static void print_tally(const struct mode *mode, const struct tally *tally,
			unsigned long commands, unsigned long rounds)
{
	const unsigned long *e = tally->events;
	unsigned int i;

	printf("# %s: %lu commands in %lu rounds; succeeded of tried:", mode->name,
	       commands, rounds);
	for (i = 0; i < NR_STEP_KINDS; i++) {
		if (tally->done[i])
			printf(" %s %lu/%lu", step_names[i], tally->good[i],
			       tally->done[i]);
	}
	printf("\n# %s: load %lu, save %lu, flush %lu, refresh %lu, park %lu, kick %lu, lost %lu\n",
	       mode->name, e[TRM_EVENT_LOAD], e[TRM_EVENT_SAVE],
	       e[TRM_EVENT_FLUSH], e[TRM_EVENT_REFRESH], e[TRM_EVENT_PARK],
	       e[TRM_EVENT_KICK], e[TRM_EVENT_LOST]);
	if (!mode->compare)
		return;
	printf("# alone: %lu times a slot was lacking, and room was made\n",
	       alone_warnings);
	compare_print_exempt();
}

/* What every mode must have done, lest it passes for want of trying. */
static const char *too_little(const struct mode *mode,
			      const struct tally *tally)
{
	unsigned int i;

	for (i = 0; i < STEP_UnknownCode; i++) {
		if (!tally->good[i] && i != STEP_ReadClock)
			return step_names[i];
	}
	if (!mode->reset && !tally->events[TRM_EVENT_REFRESH])
		return "refresh";
	if (mode->small && !tally->events[TRM_EVENT_KICK])
		return "kick";
	if (mode->strangers && !tally->events[TRM_EVENT_PARK])
		return "park";
	return tally->events[TRM_EVENT_LOAD] ? NULL : "load";
}

static bool fails(struct round *r)
{
	printf("# %s\n", r->wrong);
	round_shrink(r);
	round_print(r);
	printf("# again: selftests/property/run --mode %s --seed %llu --commands 1\n",
	       r->mode->name, (unsigned long long)r->seed);
	return false;
}

static bool run(const struct mode *mode, u64 seed, unsigned long commands)
{
	unsigned long done = 0, rounds = 0;
	struct tally tally = { 0 };
	const char *missing;

	for (; done < commands; rounds++) {
		round_make(&the_round, mode, seed + rounds);
		if (!round_run(&the_round, &tally))
			return fails(&the_round);
		done += the_round.commands;
	}
	print_tally(mode, &tally, done, rounds);
	missing = commands > 5000 ? too_little(mode, &tally) : NULL;
	if (missing)
		printf("# never succeeded: %s\n", missing);
	return !missing;
}

static void usage(void)
{
	unsigned int i;

	fprintf(stderr, "property [--seed N] [--commands N] [--mode NAME]\n");
	for (i = 0; i < ARRAY_SIZE(modes); i++)
		fprintf(stderr, "\t--mode %s\n", modes[i].name);
	exit(2);
}

/* Half of the commands are compared, the modes share the other half. */
static unsigned long share(const struct mode *mode, unsigned long commands,
			   const char *only)
{
	if (only)
		return commands;
	return mode->compare ? commands / 2 :
			       commands / 2 / (ARRAY_SIZE(modes) - 1);
}

int main(int argc, char **argv)
{
	unsigned long commands = 200000;
	const char *only = NULL;
	unsigned int i, nr = 0, failed = 0;
	u64 seed = 1;

	for (i = 1; i < argc; i += 2) {
		if (i + 1 == argc)
			usage();
		if (!strcmp(argv[i], "--seed"))
			seed = strtoull(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--commands"))
			commands = strtoul(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--mode"))
			only = argv[i + 1];
		else
			usage();
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	host_tpm_reset();
	state_keep();
	printf("TAP version 13\n1..%zu\n", only ? 1 : ARRAY_SIZE(modes));
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		bool good;

		if (only && strcmp(only, modes[i].name))
			continue;
		good = run(&modes[i], seed, share(&modes[i], commands, only));
		failed += !good;
		printf("%sok %u %s # seed %llu\n", good ? "" : "not ", ++nr,
		       modes[i].name, (unsigned long long)seed);
	}
	state_drop();
	if (!nr)
		usage();
	return failed ? 1 : 0;
}
