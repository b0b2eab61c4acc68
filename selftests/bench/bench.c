// SPDX-License-Identifier: GPL-2.0-only
/*
 * bench COLUMN PART [ARG...]: one part of `make bench`, in the guest.  COLUMN is
 * stock, ours or raw, and says which device is used.  Each part prints lines
 * "= COLUMN|NAME|VALUE", or marks the log of TPM commands, and leaves the TPM as
 * it was.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

/* --- what the parts share ------------------------------------------------- */

int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ll + ts.tv_nsec / 1000;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double median(double *v, int nr)
{
	qsort(v, nr, sizeof(*v), ascending);
	return v[nr / 2];
}

void figure(const struct column *col, const char *name, double value)
{
	printf("= %s|%s|%.3f\n", col->name, name, value);
}

long failed(const char *what, long err)
{
	if (err) {
		printf("# %s: %s%#lx\n", what, err < 0 ? "errno -" : "TPM code ", labs(err));
		fflush(stdout);
	}
	return err;
}

void *shared_alloc(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		exit(failed("shared memory", -errno) != 0);
	return p;
}

void children_start(int nr, int (*work)(void *arg, int me), void *arg)
{
	pid_t pid;
	int i;

	fflush(stdout);
	for (i = 0; i < nr; i++) {
		pid = fork();
		if (pid < 0)
			exit(failed("fork", -errno) != 0);
		if (pid)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(work(arg, i));
	}
}

bool children_wait(int nr)
{
	bool well = true;
	int status;

	while (nr--)
		well &= wait(&status) > 0 && WIFEXITED(status) && !WEXITSTATUS(status);
	return well;
}

/* --- which one is it? ----------------------------------------------------- */

/* The kernel's own /dev/tpmrm0 lets a file have what the TPM has slots for. */
static long bench_node(const struct column *col, int argc, char **argv)
{
	struct tpm_object one_more;
	struct client c;
	bool ours;
	long err = client_open(&c, col->path, BENCH_SLOTS, 0);

	(void)argc;
	(void)argv;
	if (err)
		return failed("three objects", err);
	ours = !tpm_create_key(c.fd, &one_more, BENCH_SLOTS);
	client_close(&c);
	if (ours == !strcmp(col->name, "ours"))
		return 0;
	printf("# %s is %s here\n", col->path, ours ? "ours" : "the kernel's own");
	return -ENODEV;
}

/* --- the program ---------------------------------------------------------- */

static const struct column columns[] = {
	{ "stock", TPM_MANAGED, 1 },
	{ "ours", TPM_MANAGED, 8 },
	{ "raw", TPM_RAW, 8 },
	{ },
};

static const struct part {
	const char *name;
	long (*run)(const struct column *col, int argc, char **argv);
} parts[] = {
	{ "node", bench_node },
	{ "counts", bench_counts },
	{ "crowd", bench_crowd },
	{ "speed", bench_speed },
	{ "memory", bench_memory },
	{ "key", bench_key },
	{ "fair", bench_fair },
	{ },
};

/* 0 if the part worked, and nothing of it is left in the TPM. */
static long run_part(const struct part *part, const struct column *col, int argc, char **argv)
{
	struct tpm_state before, after;
	long err = tpm_state_now(&before);

	if (!err)
		err = part->run(col, argc, argv);
	if (!err)
		err = tpm_state_now(&after);
	if (err || tpm_same_state(&before, &after))
		return failed(part->name, err);
	tpm_print_state("before", &before);
	tpm_print_state("after", &after);
	return -EBUSY;
}

int main(int argc, char **argv)
{
	const struct column *col = columns;
	const struct part *part = parts;

	while (argc > 2 && col->name && strcmp(col->name, argv[1]))
		col++;
	while (argc > 2 && part->name && strcmp(part->name, argv[2]))
		part++;
	if (argc < 3 || !col->name || !part->name) {
		fprintf(stderr, "usage: bench stock|ours|raw PART [ARG...]\n");
		return 2;
	}
	return run_part(part, col, argc - 3, argv + 3) != 0;
}
