// SPDX-License-Identifier: GPL-2.0-only
/*
 * User commands between marks in the log of TPM commands.  The program marks by
 * itself, through a file of its own: a mark through the client's would make
 * stock load and save what the client holds, and another process would give the
 * resource manager the time to find the device idle.  The log has a mark in the
 * place of its command, so that it is not among those counted.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define USER_COMMANDS		50
#define TPM_CC_STIR_RANDOM	0x146

static long mark(int fd, const char *text)
{
	struct tpm_call call = { .code = TPM_CC_STIR_RANDOM };
	char said[128];

	snprintf(said, sizeof(said), "MARK:%s", text);
	tpm_put_sized(&call.params, said, strlen(said));
	return tpm_run(fd, &call);
}

static long mark_begin(int fd, const struct column *col, const char *name, int commands)
{
	char text[120];

	snprintf(text, sizeof(text), "%s|%s|%d", col->name, name, commands);
	return mark(fd, text);
}

/*
 * The first command with each of a client's things is not counted: that is when
 * they are put into the TPM.  One client after the other.  Many commands, so
 * that a machine that stumbles, and is idle for the resource manager, does not
 * show.
 */
static long count(const struct column *col, const char *name, struct client *c, int nr,
		  user_command run, bool in_turn, int marker)
{
	int commands = USER_COMMANDS * col->repeat;
	long err = 0;
	int i;

	for (i = 0; i < nr * BENCH_SLOTS && !err; i++)
		err = run(&c[i % nr], in_turn ? i / nr : 0);
	if (!err)
		err = mark_begin(marker, col, name, commands);
	for (i = 0; i < commands && !err; i++)
		err = run(&c[i % nr], in_turn ? i / nr : 0);
	if (!err)
		err = mark(marker, "-");
	return failed(name, err);
}

static const struct {
	const char *name;
	user_command run;
	int objects, sessions;	/* that a client must hold */
	bool in_turn;		/* else always the first */
} kinds[] = {
	{ "GetRandom", get_random, 0, 0, false },
	{ "PCR_Read", pcr_read, 0, 0, false },
	{ "PCR_Reset in one session", pcr_reset, 0, 1, false },
	{ "HMAC by one key, in one session", hmac, 1, 1, false },
	{ "HMAC, each in turn", hmac, 2, 2, true },
};

/* All kinds of commands that one client can send with what it holds. */
static long count_holding(const struct column *col, int objects, int sessions, int marker)
{
	char name[64];
	struct client c;
	unsigned int i;
	long err = client_open(&c, col->path, objects, sessions);

	for (i = 0; i < ARRAY_SIZE(kinds) && !err; i++) {
		if (kinds[i].objects > objects || kinds[i].sessions > sessions)
			continue;
		snprintf(name, sizeof(name), "%d/%d: %s", objects, sessions, kinds[i].name);
		err = count(col, name, &c, 1, kinds[i].run, kinds[i].in_turn,
			    c.raw ? c.fd : marker);
	}
	return client_close(&c) ?: err;
}

long bench_counts(const struct column *col, int argc, char **argv)
{
	static const int held[][2] = { { 0, 0 }, { 1, 1 }, { 3, 2 }, { 3, 3 } };
	bool raw = !strcmp(col->path, TPM_RAW);
	int marker = raw ? -1 : tpm_open(col->path);
	unsigned int i;
	long err = 0;

	(void)argc;
	(void)argv;
	if (!raw && marker < 0)
		return -errno;
	for (i = 0; i < ARRAY_SIZE(held) && !err; i++)
		err = count_holding(col, held[i][0], held[i][1], marker);
	close(marker);
	return err;
}

/* Clients of which each holds the same, alternating with every command. */
static long count_crowd(const struct column *col, int nr, int each, int marker)
{
	struct client c[4];
	char name[64];
	long err = 0;
	int i;

	for (i = 0; i < nr && !err; i++)
		err = client_open(&c[i], col->path, each, each);
	snprintf(name, sizeof(name), "%d clients, %d/%d each: HMAC, each in turn", nr, each, each);
	if (!err)
		err = count(col, name, c, nr, hmac, true, marker);
	while (i--)
		err = client_close(&c[i]) ?: err;
	return err;
}

long bench_crowd(const struct column *col, int argc, char **argv)
{
	int marker = tpm_open(col->path);
	long err;

	(void)argc;
	(void)argv;
	if (marker < 0)
		return -errno;
	err = count_crowd(col, 2, 1, marker);
	if (!err)
		err = count_crowd(col, 4, 3, marker);
	close(marker);
	return err;
}
