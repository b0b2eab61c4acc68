// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nothing comes between a policy and Unseal: others extend PCRs all the time, on
 * either device, and a key whose policy has other PCRs opens each time.  An
 * extension of any PCR that counts, between the two, would have the TPM refuse
 * Unseal (PCR_CHANGED), and the kernel run the policy once more.
 *
 * With "loads=N" among the kernel's parameters it is N loads:
 *
 *	selftests/vm/check --seconds 3600 --append loads=10000 extend_test
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "policies.h"

__attribute__((used)) static const char timeout[] = "vm-timeout=120";

#define LOADS		300
#define COUNTED		8	/* a PCR that counts, and is not in the policy */
#define POLICY_RESTART	0x180

FIXTURE(extend)
{
	struct env env;
};

FIXTURE_SETUP(extend)
{
	env_open(_metadata, &self->env);
	log_anew(_metadata, &self->env);
}

FIXTURE_TEARDOWN(extend)
{
	EXPECT_EQ(0, key_count(self->env.ring));
	env_close(_metadata, &self->env);
}

static int loads_asked_for(void)
{
	FILE *f = fopen("/proc/cmdline", "re");
	char line[1024], *at = NULL;

	if (f && fgets(line, sizeof(line), f))
		at = strstr(line, "loads=");
	if (f)
		fclose(f);
	return at ? atoi(at + strlen("loads=")) : LOADS;
}

/**
 * struct extended - what an extender has done, seen by both
 * @times: how often it has extended
 * @rc: why it does no more: response code, or -errno
 */
struct extended {
	atomic_ulong times;
	atomic_long rc;
};

/**
 * struct extender - a process that extends all the time
 * @pid: the process
 * @done: what it has done
 */
struct extender {
	pid_t pid;
	struct extended *done;
};

/* Until it is killed, or the TPM refuses. */
static void extend_for_ever(const char *path, struct extended *done)
{
	int fd = tpm_open(path);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (fd < 0)
		done->rc = -errno;
	while (!done->rc) {
		done->rc = vault_pcr_extend(fd, VAULT_SHA256, COUNTED, 0xaa);
		done->times++;
	}
	_exit(1);
}

static void extender_start(struct __test_metadata *_metadata,
			   struct extender *x, const char *path)
{
	x->done = mmap(NULL, sizeof(*x->done), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, x->done);
	x->pid = fork();
	ASSERT_LE(0, x->pid);
	if (!x->pid)
		extend_for_ever(path, x->done);
}

/* It was there to the end. */
static void extender_stop(struct __test_metadata *_metadata, struct extender *x)
{
	int status;

	EXPECT_EQ(0, x->done->rc) {
		TH_LOG("after %lu extensions", x->done->times);
	}
	kill(x->pid, SIGKILL);
	waitpid(x->pid, &status, 0);
}

/* How many of the loads had an extension since the one before. */
static int load_again_and_again(struct __test_metadata *_metadata, struct env *e,
				const char *hex, int loads,
				const struct extender *x)
{
	unsigned long seen = x->done->times;
	int i, between = 0;

	for (i = 0; i < loads; i++) {
		ASSERT_EQ(0, load(e, hex, "")) {
			TH_LOG("load number %d", i);
			show_log(&e->log);
		}
		between += x->done->times != seen;
		seen = x->done->times;
	}
	return between;
}

static void expect_undisturbed(struct __test_metadata *_metadata, struct env *e,
			       const char *path, const char *sealing, int loads)
{
	char *hex = new_blob(_metadata, e, sealing);
	struct extender x;
	long began;
	int between;

	extender_start(_metadata, &x, path);
	began = now_ms();
	between = load_again_and_again(_metadata, e, hex, loads, &x);
	extender_stop(_metadata, &x);
	printf("# %s: %d loads in %ld ms, %lu extensions, in %d gaps\n", path, loads,
	       now_ms() - began, x.done->times, between);
	/* Else it proves nothing. */
	EXPECT_LT(loads / 4, between);
	free(hex);
}

TEST_F_TIMEOUT(extend, through_the_resource_manager, 3600)
{
	expect_undisturbed(_metadata, &self->env, TPM_MANAGED,
			   "new 32 pcrs=7,11", loads_asked_for() / 2);
}

TEST_F_TIMEOUT(extend, beside_the_resource_manager, 3600)
{
	expect_undisturbed(_metadata, &self->env, TPM_RAW, "new 32 pcrs=7,11",
			   loads_asked_for() / 2);
}

/* Nor did the kernel have to try again. */
TEST_F_TIMEOUT(extend, policy_is_run_once, 120)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,11");
	struct tpm_trace trace;
	struct extender x;
	int i;

	extender_start(_metadata, &x, TPM_MANAGED);
	for (i = 0; i < 30; i++) {
		ASSERT_EQ(0, load_traced(_metadata, e, hex, "", &trace));
		EXPECT_EQ(1, sent_policy(&trace));
		EXPECT_EQ(0, sent(&trace, POLICY_RESTART));
	}
	extender_stop(_metadata, &x);
	free(hex);
}

static long extend_once(int fd)
{
	return vault_pcr_extend(fd, VAULT_SHA256, COUNTED, 0xaa);
}

/* In user space, where something can come between, the TPM does refuse it. */
TEST_F(extend, would_be_refused_in_between)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,11");
	struct keyfile kf = parsed(_metadata, hex);
	struct octets data;

	EXPECT_EQ(0, vault_unseal(e->tpm, &kf, NULL, NULL, &data));
	vault_between = extend_once;
	EXPECT_EQ(0x128, vault_unseal(e->tpm, &kf, NULL, NULL, &data));
	vault_between = NULL;
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

TEST_HARNESS_MAIN
