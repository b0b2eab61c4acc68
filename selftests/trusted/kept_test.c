// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions that are kept from one key to the next: what a load costs, whose they
 * are, and what becomes of those that fail.
 */
#include <sys/wait.h>

#include "form.h"
#include "user.h"

#define PARENT		0x81000063
#define UNDER		" keyhandle=0x81000063"

#define PARAMETER	"/sys/module/trusted/parameters/kept_sessions"
#define IDLE		"/sys/module/tpm_rm/parameters/idle_ms"
#define STATS		"/sys/kernel/debug/tpm_rm/tpm0/stats"

#define SAVED_SESSIONS	0x03000000

enum {
	CC_LOAD		= 0x157,
	CC_UNSEAL	= 0x15e,
	CC_POLICY_PCR	= 0x17f,
};

FIXTURE(kept)
{
	struct env env;
	long idle;
};

FIXTURE_SETUP(kept)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER };

	env_open(_metadata, &self->env);
	self->idle = file_number(IDLE);
	ASSERT_LT(0, self->idle);
	ASSERT_EQ(0, file_write_number(IDLE, 100000));
	ASSERT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	ASSERT_EQ(0, vault_persist(self->env.tpm, &p, PARENT));
	ASSERT_EQ(0, file_write_number(PARAMETER, 2));
	ASSERT_EQ(0, tpm_trace_start());
}

FIXTURE_TEARDOWN(kept)
{
	tpm_trace_stop();
	EXPECT_EQ(0, file_write_number(PARAMETER, 2));
	EXPECT_EQ(0, file_write_number(IDLE, self->idle));
	EXPECT_EQ(0, vault_evict(self->env.tpm, PARENT));
	EXPECT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	env_close(_metadata, &self->env);
}

/* A number of the resource manager's. */
static long stat_of(const char *name)
{
	FILE *f = fopen(STATS, "re");
	char line[64];
	long value = -1;

	while (f && fscanf(f, "%63s %ld", line, &value) == 2) {
		if (!strcmp(line, name))
			break;
		value = -1;
	}
	if (f)
		fclose(f);
	return value;
}

/* Sessions that the kernel keeps. */
static long kept(void)
{
	return stat_of("sessions_kept");
}

static int sent(const struct tpm_trace *trace, uint32_t cc)
{
	int i, nr = 0;

	for (i = 0; i < trace->nr; i++)
		nr += trace->cc[i] == cc;
	return nr;
}

/*
 * What a load costs: so many commands, of which so many start or load a context.
 * When others have used the TPM the resource manager asks it what they have left:
 * that is not counted.
 */
static void expect_cost(struct __test_metadata *_metadata, struct env *e,
			const char *hex, int all, int starts, int loads)
{
	struct tpm_trace trace;

	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_LOADS(e, hex, "");
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_EQ(all, trace.nr - sent(&trace, TPM_CC_GET_CAPABILITY));
	EXPECT_EQ(starts, sent(&trace, TPM_CC_START_AUTH_SESSION));
	EXPECT_EQ(loads, sent(&trace, TPM_CC_CONTEXT_LOAD));
	EXPECT_EQ(1, sent(&trace, CC_LOAD));
	EXPECT_EQ(1, sent(&trace, CC_UNSEAL));
	EXPECT_EQ(1, sent(&trace, TPM_CC_FLUSH_CONTEXT));
	EXPECT_EQ(0, e->log.nr)
		show_log(&e->log);
}

/* Everything leaves its slot, because nobody comes. */
static void be_idle(struct __test_metadata *_metadata, struct env *e)
{
	long end = now_ms() + 10000;
	struct octets value;

	ASSERT_EQ(0, file_write_number(IDLE, 1));
	ASSERT_EQ(0, vault_pcr_read(e->tpm, TPM_ALG_SHA256, 16, &value));
	while (stat_of("sessions_loaded") || stat_of("objects_loaded")) {
		ASSERT_GT(end, now_ms());
		usleep(5000);
	}
	ASSERT_EQ(0, file_write_number(IDLE, 100000));
}

TEST_F(kept, next_key_costs_four_commands)
{
	struct env *e = &self->env;
	char *a = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);
	char *b = new_blob(_metadata, e, "new 64 pcrs=7" UNDER);
	int i;

	expect_cost(_metadata, e, a, 5, 1, 0);
	for (i = 0; i < 3; i++) {
		expect_cost(_metadata, e, b, 4, 0, 0);
		expect_cost(_metadata, e, a, 4, 0, 0);
	}
	EXPECT_EQ(1, kept());
	free(a);
	free(b);
}

TEST_F(kept, key_without_a_policy_costs_three)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32" UNDER);

	expect_cost(_metadata, e, hex, 4, 1, 0);
	expect_cost(_metadata, e, hex, 3, 0, 0);
	free(hex);
}

TEST_F(kept, saved_session_is_loaded)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);
	long saves;

	expect_cost(_metadata, e, hex, 5, 1, 0);
	saves = stat_of("saves");
	be_idle(_metadata, e);
	EXPECT_EQ(saves + 1, stat_of("saves"));
	expect_cost(_metadata, e, hex, 5, 0, 1);
	expect_cost(_metadata, e, hex, 4, 0, 0);
	free(hex);
}

/* Its context is kept too, and loaded when it is needed. */
TEST_F(kept, derived_parent_stays_beside_it)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16");

	expect_cost(_metadata, e, hex, 5, 1, 0);
	expect_cost(_metadata, e, hex, 4, 0, 0);
	be_idle(_metadata, e);
	expect_cost(_metadata, e, hex, 6, 0, 2);
	expect_cost(_metadata, e, hex, 4, 0, 0);
	free(hex);
}

TEST_F(kept, one_that_a_stranger_flushed_is_replaced)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);
	struct tpm_handles saved;
	bool more;
	int fd;

	expect_cost(_metadata, e, hex, 5, 1, 0);
	fd = tpm_open(TPM_RAW);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tpm_list_handles(fd, SAVED_SESSIONS, 16, &saved, &more));
	ASSERT_EQ(1, saved.nr);
	ASSERT_EQ(0, tpm_flush(fd, saved.handle[0]));
	close(fd);
	/* The first ContextLoad fails, and nobody hears of it. */
	expect_cost(_metadata, e, hex, 6, 1, 1);
	expect_cost(_metadata, e, hex, 4, 0, 0);
	free(hex);
}

TEST_F(kept, one_in_which_a_policy_failed_is_not_kept)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);

	expect_cost(_metadata, e, hex, 5, 1, 0);
	ASSERT_EQ(0, vault_pcr_extend(e->tpm, TPM_ALG_SHA256, 16, 1));
	EXPECT_EQ(-EKEYREJECTED, load(e, hex, ""));
	EXPECT_EQ(0, kept());
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	expect_cost(_metadata, e, hex, 5, 1, 0);
	EXPECT_EQ(1, kept());
	free(hex);
}

#define AUTH "00112233445566778899aabbccddeeff00112233"
#define WRONG "10112233445566778899aabbccddeeff00112233"

TEST_F(kept, one_in_which_an_authorization_failed_is_not_kept)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e,
			     "new 32 pcrs=7,16 blobauth=" AUTH UNDER);
	struct tpm_trace trace;

	EXPECT_LOADS(e, hex, "blobauth=" AUTH);
	EXPECT_EQ(1, kept());
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_EQ(-EACCES, load(e, hex, "blobauth=" WRONG));
	EXPECT_EQ(0, kept());
	ASSERT_EQ(0, tpm_trace_take(&trace));
	/* Not tried again. */
	EXPECT_EQ(1, sent(&trace, CC_UNSEAL));
	EXPECT_LOADS(e, hex, "blobauth=" AUTH);
	EXPECT_EQ(1, kept());
	EXPECT_LOADS(e, hex, "blobauth=" AUTH);
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_EQ(1, sent(&trace, TPM_CC_START_AUTH_SESSION));
	free(hex);
}

/* The blob for others does not say which parent it must be. */
TEST_F(kept, pinned_and_unpinned_parents_are_kept_apart)
{
	struct env *e = &self->env;
	char *pinned = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);
	char *open = new_blob(_metadata, e,
			      "new 32 pcrs=7,16 format=interop" UNDER);

	expect_cost(_metadata, e, pinned, 5, 1, 0);
	expect_cost(_metadata, e, open, 5, 1, 0);
	EXPECT_EQ(2, kept());
	expect_cost(_metadata, e, pinned, 4, 0, 0);
	expect_cost(_metadata, e, open, 4, 0, 0);
	free(pinned);
	free(open);
}

TEST_F(kept, least_recently_used_one_makes_way)
{
	struct env *e = &self->env;
	char *a = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);
	char *b = new_blob(_metadata, e, "new 32 pcrs=7,16 hash=sha384" UNDER);
	char *c = new_blob(_metadata, e, "new 32" UNDER);

	expect_cost(_metadata, e, a, 5, 1, 0);
	expect_cost(_metadata, e, b, 5, 1, 0);
	expect_cost(_metadata, e, a, 4, 0, 0);
	/* One slot is left free, so a third one costs a ContextSave. */
	expect_cost(_metadata, e, c, 5, 1, 0);
	expect_cost(_metadata, e, a, 4, 0, 0);
	expect_cost(_metadata, e, b, 6, 1, 0);
	EXPECT_EQ(2, kept());
	free(a);
	free(b);
	free(c);
}

TEST_F(kept, parent_that_was_replaced_is_noticed)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER, .rsa = true };
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e,
			     "new 32 pcrs=7,16 format=interop" UNDER);
	char *other;

	expect_cost(_metadata, e, hex, 5, 1, 0);
	ASSERT_EQ(0, vault_evict(e->tpm, PARENT));
	ASSERT_EQ(0, vault_persist(e->tpm, &p, PARENT));
	EXPECT_EQ(-EREMOTE, load(e, hex, ""));
	other = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);
	EXPECT_LOADS(e, other, "");
	free(other);
	free(hex);
}

TEST_F(kept, parameter_bounds_them)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);

	EXPECT_EQ(-EINVAL, file_write_number(PARAMETER, 3));
	EXPECT_EQ(-EINVAL, file_write_number(PARAMETER, -1));
	EXPECT_EQ(2, file_number(PARAMETER));
	EXPECT_LOADS(e, hex, "");
	EXPECT_EQ(1, kept());
	ASSERT_EQ(0, file_write_number(PARAMETER, 0));
	EXPECT_EQ(0, kept());
	expect_cost(_metadata, e, hex, 5, 1, 0);
	expect_cost(_metadata, e, hex, 5, 1, 0);
	EXPECT_EQ(0, kept());
	free(hex);
}

/* Loads a blob as a user; the exit status is what add_key() said. */
static int load_as_user(const char *hex)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		int key, ring;

		become_user();
		ring = key_ring();
		key = ring < 0 ? ring : key_add(ring, "users", "load %s", hex);
		_exit(key < 0 ? -key : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

TEST_F(kept, user_without_privilege_neither_leaves_nor_gets_one)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);

	EXPECT_EQ(0, load_as_user(hex));
	EXPECT_EQ(0, kept());
	expect_cost(_metadata, e, hex, 5, 1, 0);
	EXPECT_EQ(0, load_as_user(hex));
	EXPECT_EQ(1, kept());
	expect_cost(_metadata, e, hex, 4, 0, 0);
	free(hex);
}

/* Without the module there is nobody who keeps it. */
TEST_F(kept, nothing_stays_when_the_module_goes)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16" UNDER);
	struct tpm_state state;

	EXPECT_LOADS(e, hex, "");
	EXPECT_EQ(1, kept());
	EXPECT_EQ(0, system("rmmod trusted"));
	physical_state(_metadata, &state);
	EXPECT_EQ(0, state.loaded.nr);
	EXPECT_EQ(0, state.saved.nr);
	EXPECT_EQ(0, kept());
	EXPECT_EQ(0, system("modprobe trusted"));
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

static const char *const of_modules[] = {
	"nothing_stays_when_the_module_goes",
	NULL
};

int main(int argc, char **argv)
{
	return form_run(argc, argv, of_modules);
}
