// SPDX-License-Identifier: GPL-2.0-only
/*
 * The throughput of one client, as a ratio to that of the raw device: short
 * bursts on one and the other alternate, and each pair gives a ratio, so that a
 * machine that is busy with other things weighs on both.
 */
#include <stdio.h>

#include "bench.h"

#define PAIRS		5
#define MAX_PAIRS	(8 * PAIRS)
#define BURST		60	/* user commands */

/* Seconds that a burst took. */
static long burst(const char *path, int held, user_command run, double *seconds)
{
	struct client c;
	int64_t begin;
	int i;
	long err = client_open(&c, path, held, held);

	for (i = 0; i < BENCH_SLOTS && !err; i++)
		err = run(&c, i);
	begin = now_us();
	for (i = 0; i < BURST && !err; i++)
		err = run(&c, i);
	*seconds = (now_us() - begin) / 1e6;
	return client_close(&c) ?: err;
}

static long compare(const struct column *col, const char *name, int held, user_command run)
{
	static const struct column raw = { "raw", TPM_RAW, 0 };
	double ours[MAX_PAIRS], theirs[MAX_PAIRS], ratio[MAX_PAIRS];
	int pairs = PAIRS * col->repeat;
	char text[64];
	long err = 0;
	int i;

	for (i = 0; i < pairs && !err; i++) {
		/* Neither is always the first. */
		if (i % 2)
			err = burst(raw.path, held, run, &theirs[i]);
		if (!err)
			err = burst(col->path, held, run, &ours[i]);
		if (!err && i % 2 == 0)
			err = burst(raw.path, held, run, &theirs[i]);
		ratio[i] = theirs[i] / ours[i];
	}
	if (err)
		return failed(name, err);
	snprintf(text, sizeof(text), "%s, ratio", name);
	figure(col, text, median(ratio, pairs));
	snprintf(text, sizeof(text), "%s, per second", name);
	figure(col, text, BURST / median(ours, pairs));
	figure(&raw, text, BURST / median(theirs, pairs));
	return 0;
}

long bench_speed(const struct column *col, int argc, char **argv)
{
	long err = compare(col, "0/0: GetRandom", 0, get_random);

	(void)argc;
	(void)argv;
	if (!err)
		err = compare(col, "1/1: HMAC", 1, hmac);
	if (!err)
		err = compare(col, "3/3: GetRandom", 3, get_random);
	return err ?: compare(col, "3/3: HMAC, each in turn", 3, hmac);
}
