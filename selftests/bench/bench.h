/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bench's parts, and what they share: clients that hold things in the TPM,
 * and the lines in which figures are told.
 */
#ifndef _BENCH_H
#define _BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "tpm.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BENCH_SLOTS	3	/* objects and sessions of a client, at most */

/* Where the commands go: one column of the table. */
struct column {
	const char *name;	/* "stock", "ours" or "raw" */
	const char *path;
	int repeat;		/* so many times what stock, which is slow, gets */
};

/* An open file, and what it holds in the TPM. */
struct client {
	int fd;
	bool raw;
	int objects, sessions;
	struct tpm_object object[BENCH_SLOTS];
	struct tpm_session session[BENCH_SLOTS];
};

/* A user command; number @nr says which of the client's things it takes. */
typedef long (*user_command)(struct client *c, int nr);

long client_open(struct client *c, const char *path, int objects, int sessions);
long client_close(struct client *c);

long get_random(struct client *c, int nr);
long pcr_read(struct client *c, int nr);

/* With an HMAC session of the client's. */
long pcr_reset(struct client *c, int nr);

/* By a key of the client's, authorized in a session of the client's, in turn. */
long hmac(struct client *c, int nr);

int64_t now_us(void);

/* Sorts them too. */
double median(double *v, int nr);

/* A line for selftests/bench/table. */
void figure(const struct column *col, const char *name, double value);

/* Says what did not work, if @err is an error; returns it. */
long failed(const char *what, long err);

/* Memory that children share; ends the program if there is none. */
void *shared_alloc(size_t size);

/* @nr children that run @work, and whether all of them ended with 0. */
void children_start(int nr, int (*work)(void *arg, int me), void *arg);
bool children_wait(int nr);

/* The parts: 0, or what failed. */
long bench_counts(const struct column *col, int argc, char **argv);
long bench_crowd(const struct column *col, int argc, char **argv);
long bench_speed(const struct column *col, int argc, char **argv);
long bench_memory(const struct column *col, int argc, char **argv);
long bench_key(const struct column *col, int argc, char **argv);
long bench_fair(const struct column *col, int argc, char **argv);

#endif
