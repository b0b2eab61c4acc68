// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client in a control group takes objects until there is no memory for more:
 * it is told so, and is not killed; what it took is charged to it alone.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "client.h"
#include "hostile.h"
#include "kernel_key.h"
#include "parameters.h"
#include "process.h"

#define GROUP		"hostile"
#define ROOM		(256 * 1024)	/* for contexts of half a KiB or more */
#define MAX_OBJECTS	2000
#define DEADLINE_MS	60000

/* What the greedy process tells, in memory that both have. */
struct greedy {
	int fd;
	atomic_long err;
	atomic_int objects;
	atomic_bool go, done;
};

static int take_until_refused(void *arg)
{
	struct greedy *g = arg;
	struct tpm_object o;
	long err = 0;

	while (!g->go)
		usleep(1000);
	while (!err && g->objects < MAX_OBJECTS) {
		err = tpm_create_key(g->fd, &o, g->objects);
		g->objects += !err;
	}
	g->err = err;
	g->done = true;
	while (pause())
		;
	return 0;
}

/* A process and its file, in the group; nothing of this one. */
static int start_in_group(struct greedy *g, pid_t *pid)
{
	int err = cgroup_set("", "cgroup.subtree_control", "+memory") ?: cgroup_make(GROUP) ?:
		  cgroup_enter(GROUP);

	g->fd = open_as(ATTACKER, TPM_MANAGED);
	*pid = process_start(take_until_refused, g);
	return err ?: g->fd < 0 ? g->fd : cgroup_enter("");
}

/* It gets ROOM, and no more. */
static int let_go(struct greedy *g)
{
	long now = cgroup_get(GROUP, "memory.current");
	char limit[32];
	int err;

	snprintf(limit, sizeof(limit), "%ld", now + ROOM);
	err = now < 0 ? (int)now : cgroup_set(GROUP, "memory.max", limit);
	g->go = true;
	return err;
}

static void wait_for(const struct greedy *g, pid_t pid)
{
	long end = now_ms() + DEADLINE_MS;

	while (!g->done && process_runs(pid) && now_ms() < end)
		usleep(10000);
}

/* Who is killed has been told nothing. */
static void expect_refusal(const struct greedy *g, pid_t pid)
{
	printf("# %d objects, then %s\n", g->objects, outcome(g->err));
	expect_that("it lives", process_runs(pid), "killed");
	expect_that("it is refused more", g->done && g->err, "never");
	expect_that("for want of memory", cgroup_count(GROUP, "memory.events", "max") > 0,
		    "not that: %s", outcome(g->err));
	expect_that("nobody was killed", !cgroup_count(GROUP, "memory.events", "oom_kill"),
		    "oom_kill");
}

static void no_memory(void)
{
	struct greedy *g = mmap(NULL, sizeof(*g), PROT_READ | PROT_WRITE,
				MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct client *c = malloc(sizeof(*c)), *after = malloc(sizeof(*after));
	pid_t pid;

	parameters_no_quota();
	expect("a client comes before", client_start(c, VICTIM, 2, 2));
	expect("another comes, in a control group", start_in_group(g, &pid));
	expect("that has little memory", let_go(g));
	wait_for(g, pid);
	expect_refusal(g, pid);
	expect("the client from before works", client_works(c));
	expect("a client comes", client_start(after, VICTIM, 4, 2) ?: client_works(after));
	expect_kernel_key("the kernel loads a key");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(g->fd);
	expect("the group can be removed", cgroup_remove(GROUP));
	client_close(c);
	client_close(after);
}

const struct hostile_case memory_cases[] = {
	{ "t", VM_PLAIN, 90, "a client takes objects till there is no memory", no_memory },
	{ }
};
