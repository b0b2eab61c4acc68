// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long does the kernel take to load a trusted key, when nobody else is
 * there, and when many clients of the device are at work without a pause?
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "keys.h"

#define BUSY	16
#define LOADS	20

/* Shared with the busy ones. */
struct crowd {
	const char *path;
	int stop;
	int served[BUSY];
};

static int keep_busy(void *arg, int me)
{
	struct crowd *crowd = arg;
	struct client c;
	long err = client_open(&c, crowd->path, BENCH_SLOTS, BENCH_SLOTS);
	int i;

	for (i = 0; !__atomic_load_n(&crowd->stop, __ATOMIC_ACQUIRE) && !err; i++) {
		err = hmac(&c, i);
		__atomic_store_n(&crowd->served[me], i + 1, __ATOMIC_RELEASE);
	}
	err = client_close(&c) ?: err;
	return failed("busy client", err) != 0;
}

/* False if somebody does not get there in a minute. */
static bool all_served(const struct crowd *crowd, int times)
{
	int64_t end = now_us() + 60 * 1000000;
	int i;

	for (i = 0; i < BUSY; i++) {
		while (__atomic_load_n(&crowd->served[i], __ATOMIC_ACQUIRE) < times) {
			if (now_us() > end)
				return false;
			usleep(1000);
		}
	}
	return true;
}

struct timing {
	double ms[LOADS];
	double median, longest;
};

static long time_loads(const char *blob, int ring, struct timing *t)
{
	int64_t begin;
	int i, key;

	for (i = 0; i < LOADS; i++) {
		begin = now_us();
		key = key_add(ring, "loaded", "load %s", blob);
		t->ms[i] = (now_us() - begin) / 1e3;
		if (key < 0)
			return failed("load", key);
		key_unlink(ring, key);
	}
	t->median = median(t->ms, LOADS);
	t->longest = t->ms[LOADS - 1];
	return 0;
}

static long time_behind_crowd(const struct column *col, const char *blob, int ring,
			      struct timing *t)
{
	struct crowd *crowd = shared_alloc(sizeof(*crowd));
	long err = -ETIMEDOUT;

	crowd->path = col->path;
	children_start(BUSY, keep_busy, crowd);
	if (all_served(crowd, BENCH_SLOTS))
		err = time_loads(blob, ring, t);
	__atomic_store_n(&crowd->stop, 1, __ATOMIC_RELEASE);
	return children_wait(BUSY) ? failed("crowd", err) : -ECHILD;
}

static void tell(const struct column *col, const struct timing *idle, const struct timing *busy)
{
	figure(col, "idle: ms, median", idle->median);
	figure(col, "idle: ms, longest", idle->longest);
	figure(col, "behind 16 busy clients: ms, median", busy->median);
	figure(col, "behind 16 busy clients: ms, longest", busy->longest);
	figure(col, "busy / idle, medians", busy->median / idle->median);
}

long bench_key(const struct column *col, int argc, char **argv)
{
	int ring = key_ring(), key = key_add(ring, "new", "new 32 pcrs=sha256:7");
	char *blob = key < 0 ? NULL : key_blob(key);
	struct timing idle, busy;
	long err;

	(void)argc;
	(void)argv;
	if (!blob)
		return failed("new", key < 0 ? key : -errno);
	err = time_loads(blob, ring, &idle);
	if (!err)
		err = time_behind_crowd(col, blob, ring, &busy);
	if (!err)
		tell(col, &idle, &busy);
	free(blob);
	return err;
}
