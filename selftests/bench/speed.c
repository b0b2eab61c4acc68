// SPDX-License-Identifier: GPL-2.0-only
/*
 * The throughput of one client, as a ratio to that of the raw device: short
 * bursts on one and the other alternate, and each pair gives a ratio, so that a
 * machine that is busy with other things weighs on both.
 */
#include <stdio.h>

#include "bench.h"

#define PAIRS		20
#define MAX_PAIRS	(8 * PAIRS)
#define BURST		20	/* user commands */

struct load {
	const char *name;
	int held;		/* objects, and sessions */
	user_command run;
	bool in_turn;		/* else always the first of them */
};

/* Seconds that a burst took. */
static long burst(const char *path, const struct load *load, double *seconds)
{
	struct client c;
	int64_t begin;
	int i;
	long err = client_open(&c, path, load->held, load->held);

	for (i = 0; i < BENCH_SLOTS && !err; i++)
		err = load->run(&c, load->in_turn ? i : 0);
	begin = now_us();
	for (i = 0; i < BURST && !err; i++)
		err = load->run(&c, load->in_turn ? i : 0);
	*seconds = (now_us() - begin) / 1e6;
	return client_close(&c) ?: err;
}

/* Neither is always the first. */
static long pair(const char *path, const struct load *load, bool raw_first, double *ratio)
{
	double managed, raw = 0;
	long err = raw_first ? burst(TPM_RAW, load, &raw) : 0;

	if (!err)
		err = burst(path, load, &managed);
	if (!err && !raw_first)
		err = burst(TPM_RAW, load, &raw);
	if (!err)
		*ratio = raw / managed;
	return err;
}

static long compare(const struct column *col, const struct load *load)
{
	double ratio[MAX_PAIRS];
	int i, pairs = PAIRS * col->repeat;
	char name[64];
	long err = 0;

	for (i = 0; i < pairs && !err; i++)
		err = pair(col->path, load, i % 2, &ratio[i]);
	snprintf(name, sizeof(name), "%s, ratio", load->name);
	if (!err)
		figure(col, name, median(ratio, pairs));
	return failed(name, err);
}

long bench_speed(const struct column *col, int argc, char **argv)
{
	static const struct load loads[] = {
		{ "0/0: GetRandom", 0, get_random, false },
		{ "1/1: HMAC", 1, hmac, false },
		{ "3/3: HMAC by one key, in one session", 3, hmac, false },
		{ "3/3: HMAC, each in turn", 3, hmac, true },
	};
	unsigned int i;
	long err = 0;

	(void)argc;
	(void)argv;
	for (i = 0; i < ARRAY_SIZE(loads) && !err; i++)
		err = compare(col, &loads[i]);
	return err;
}
