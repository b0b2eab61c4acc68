// SPDX-License-Identifier: GPL-2.0-only
/*
 * Malformed text for add_key(): its errno, a line in the log that says what is
 * wrong and no secret, no TPM command, no key.
 */
#include <sys/wait.h>

#include "bad.h"
#include "user.h"

#define D20	"0123456789abcdef0123"
#define D40	D20 D20
#define D62	D40 D20 "45"
#define D64	D62 "67"
#define D96	D64 "0123456789abcdef0123456789abcdef"
#define D128	D64 D64
#define AUTH_VALUE	"300aa0040202016ba1020400"
#define LOCALITY	"300ba0040202016fa103040101"
#define POLICY		"300c" AUTH_VALUE
/* PolicyPCR of sha256:7 as it is; a choice of two. */
#define PCR_NOW		"30183016a0040202017fa10e040c0000" "00000001000b03800000"
#define ALTERNATIVES	"302b3029a00402020171a121041f301d" "300c" AUTH_VALUE "300d" LOCALITY

static const struct bad_text bad_commands[] = {
	{ "", EINVAL, "" },
	{ " ", EINVAL, "new, load or update" },
	{ "\n", EINVAL, "new, load or update" },
	{ "nonsense", EINVAL, "new, load or update" },
	{ "NEW 32", EINVAL, "new, load or update" },
	{ "new32", EINVAL, "new, load or update" },
	{ "pcrs=7 new 32", EINVAL, "new, load or update" },
	{ "new", EINVAL, "new: " },
	{ "new pcrs=7", EINVAL, "new: " },
	{ "new 31", EINVAL, "32 to 128" },
	{ "new 129", EINVAL, "32 to 128" },
	{ "new 0", EINVAL, "32 to 128" },
	{ "new 4294967328", EINVAL, "32 to 128" },
	{ "new -32", EINVAL, "new: " },
	{ "new 0x20", EINVAL, "new: " },
	{ "new 32x", EINVAL, "new: " },
	{ "new 32 32", EINVAL, "unknown" },
	{ "new 32\npcrs=7", EINVAL, "newline" },
	{ "load", EINVAL, "load: " },
	{ "load pcrs=7", EINVAL, "load: " },
	{ "load 3", EINVAL, "load: " },
	{ "load zz", EINVAL, "hex" },
	{ "load 308201420", EINVAL, "odd" },
	{ "load 3082014g", EINVAL, "hex" },
	{ "load 0x3082", EINVAL, "hex" },
	{ "load " D40 " format=interop", EINVAL, "format: " },
	{ "load " D40 " load", EINVAL, "unknown" },
	{ "update 32", EINVAL, "unknown" },
};

static const struct bad_text bad_options[] = {
	{ "new 32 bogus=1", EINVAL, "unknown" },
	{ "new 32 =1", EINVAL, "unknown" },
	{ "new 32 PCRS=7", EINVAL, "unknown" },
	{ "new 32 \xff\xfe=1", EINVAL, "unknown" },
	{ "new 32 pcrs", EINVAL, "pcrs: " },
	{ "new 32 keyhandle=0x81000001 keyhandle=0x81000001", EINVAL, "keyhandle: given twice" },
	{ "new 32 keyauth=" SECRET " keyauth=" SECRET, EINVAL, "keyauth: given twice" },
	{ "new 32 blobauth=" WORD " blobauth=" WORD, EINVAL, "blobauth: given twice" },
	{ "new 32 pcrs=7 pcrs=8", EINVAL, "pcrs: given twice" },
	{ "new 32 hash=sha256 hash=sha256", EINVAL, "hash: given twice" },
	{ "new 32 migratable=0 migratable=1", EINVAL, "migratable: given twice" },
	{ "new 32 pcrlock=16 pcrlock=16", EINVAL, "pcrlock: given twice" },
	{ "new 32 format=interop format=interop", EINVAL, "format: given twice" },
	{ "new 32 policydigest=" D64 " policydigest=" D64, EINVAL, "policydigest: given twice" },

	{ "new 32 keyhandle=", EINVAL, "keyhandle: " },
	{ "new 32 keyhandle=0x", EINVAL, "keyhandle: " },
	{ "new 32 keyhandle=0x80000000", EINVAL, "keyhandle: " },
	{ "new 32 keyhandle=0x01800001", EINVAL, "keyhandle: " },
	{ "new 32 keyhandle=0x4000000a", EINVAL, "keyhandle: " },
	{ "new 32 keyhandle=0x40000009", EINVAL, "keyhandle: " },
	{ "new 32 keyhandle=-1", EINVAL, "keyhandle: " },
	{ "new 32 keyhandle=0x8100000g", EINVAL, "keyhandle: " },
	{ "new 32 keyhandle=0x810000011", EINVAL, "keyhandle: " },
	{ "new 32 keyauth=", EINVAL, "keyauth: " },
	{ "new 32 keyauth=" SECRET "5", EINVAL, "keyauth: " },
	{ "new 32 keyauth=" WORD, EINVAL, "keyauth: " },
	{ "new 32 keyauth=x" SECRET, EINVAL, "keyauth: " },
	{ "new 32 blobauth=", EINVAL, "blobauth: " },
	{ "new 32 blobauth=" WORD "-" WORD, EINVAL, "blobauth: " },
	{ "new 32 blobauth=" SECRET "5", EINVAL, "blobauth: " },
	{ "new 32 blobauth=" WORD WORD "0123456789", EINVAL, "blobauth: " },
	{ "new 32 hash=", EINVAL, "hash: " },
	{ "new 32 hash=md5", EINVAL, "hash: " },
	{ "new 32 hash=sha1", EINVAL, "hash: " },
	{ "new 32 hash=SHA256", EINVAL, "hash: " },
	{ "new 32 hash=sha2561", EINVAL, "hash: " },
	{ "new 32 migratable=", EINVAL, "migratable: " },
	{ "new 32 migratable=2", EINVAL, "migratable: " },
	{ "new 32 migratable=yes", EINVAL, "migratable: " },
	{ "new 32 pcrlock=", EINVAL, "pcrlock: " },
	{ "new 32 pcrlock=24", EINVAL, "pcrlock: " },
	{ "new 32 pcrlock=-1", EINVAL, "pcrlock: " },
	{ "new 32 pcrlock=x", EINVAL, "pcrlock: " },
	{ "new 32 format=", EINVAL, "format: " },
	{ "new 32 format=tss", EINVAL, "format: " },
	{ "new 32 policydigest=", EINVAL, "policydigest: " },
	{ "new 32 policydigest=" D62, EINVAL, "policydigest: " },
	{ "new 32 policydigest=" D62 "4", EINVAL, "policydigest: " },
	{ "new 32 policydigest=" D62 "zz", EINVAL, "policydigest: " },
	{ "new 32 policydigest=" D96, EINVAL, "policydigest: " },
	{ "new 32 policydigest=" D128 "00", EINVAL, "policydigest: " },
	{ "new 32 policydigest=" D64 " hash=sha384", EINVAL, "policydigest: " },
	{ "new 32 policydigest=" D64 " pcrs=7", EINVAL, "policydigest: " },
	{ "new 32 pcrinfo=" D40, EINVAL, "pcrinfo: " },

	{ "new 32 policy=30", EINVAL, "policy: " },
	{ "new 32 policy=3000", EINVAL, "policy: " },
	{ "new 32 policy=300d300ba0040202016ba103040100", EINVAL, "PolicyAuthValue with a body" },
	{ "new 32 policy=300c300aa0040202018ca1020400", EOPNOTSUPP, "not supported" },
	{ "new 32 policy=" PCR_NOW, EINVAL, "has no digest" },
	{ "new 32 format=interop policy=" ALTERNATIVES, EINVAL, "format=interop" },
	{ "new 32 policy=" POLICY " pcrs=7", EINVAL, "policy: contradicts" },
	{ "new 32 signer=30", EINVAL, "signer: " },
	{ "new 32 authpolicy=" POLICY, EINVAL, "authpolicy: goes with load" },
	{ "load " D40 " authpolicy=3000", EINVAL, "authpolicy: " },
	{ "new 32 parentname=000b", EINVAL, "parentname: " },
	{ "new 32 secretauth=" WORD "-" WORD, EINVAL, "secretauth: " },
	{ "load " D40 " policyhandle=0x02000000", EINVAL, "policyhandle: " },
	{ "load " D40 " signfd=x", EINVAL, "signfd: " },
	{ "load " D40 " signfd=900", EINVAL, "signfd=: there is no such open file" },

	/* A secret under a misspelt name, or in the place of something else. */
	{ "new 32 blobaut=" WORD, EINVAL, "unknown" },
	{ "new 32 " SECRET, EINVAL, "unknown" },
	{ "new " SECRET, EINVAL, "new: " },
	{ "load " WORD, EINVAL, "load: " },
	{ "new 32 hash=" WORD, EINVAL, "hash: " },
};

static const struct bad_text bad_pcrs[] = {
	{ "new 32 pcrs=", EINVAL, "pcrs: " },
	{ "new 32 pcrs=24", EINVAL, "0 to 23" },
	{ "new 32 pcrs=99999999999", EINVAL, "0 to 23" },
	{ "new 32 pcrs=-1", EINVAL, "pcrs: " },
	{ "new 32 pcrs=x", EINVAL, "pcrs: " },
	{ "new 32 pcrs=0x7", EINVAL, "pcrs: " },
	{ "new 32 pcrs=7;8", EINVAL, "pcrs: " },
	{ "new 32 pcrs=7,", EINVAL, "pcrs: " },
	{ "new 32 pcrs=,7", EINVAL, "pcrs: " },
	{ "new 32 pcrs=7,,8", EINVAL, "pcrs: " },
	{ "new 32 pcrs=8-7", EINVAL, "range" },
	{ "new 32 pcrs=7-", EINVAL, "pcrs: " },
	{ "new 32 pcrs=0-24", EINVAL, "0 to 23" },
	{ "new 32 pcrs=0-1-2", EINVAL, "pcrs: " },
	{ "new 32 pcrs=7,7", EINVAL, "twice" },
	{ "new 32 pcrs=0-7,7", EINVAL, "twice" },
	{ "new 32 pcrs=sha256:7+sha256:7", EINVAL, "twice" },
	{ "new 32 pcrs=7+sha256:7", EINVAL, "twice" },
	{ "new 32 pcrs=sha256:", EINVAL, "pcrs: " },
	{ "new 32 pcrs=sha256", EINVAL, "pcrs: " },
	{ "new 32 pcrs=:7", EINVAL, "bank" },
	{ "new 32 pcrs=md5:7", EINVAL, "bank" },
	{ "new 32 pcrs=SHA256:7", EINVAL, "bank" },
	{ "new 32 pcrs=sha256:sha256:7", EINVAL, "pcrs: " },
	{ "new 32 pcrs=sha256:7+", EINVAL, "pcrs: " },
	{ "new 32 pcrs=+sha256:7", EINVAL, "pcrs: " },
	{ "new 32 pcrs=sha256:7=", EINVAL, "pcrs: " },
	{ "new 32 pcrs=7=" D62, EINVAL, "pcrs: " },
	{ "new 32 pcrs=7=" D64 "00", EINVAL, "pcrs: " },
	{ "new 32 pcrs=7=" D62 "zz", EINVAL, "hex" },
	{ "new 32 pcrs=7,8=" D64, EINVAL, "pcrs: " },
	{ "new 32 pcrs=sha384:7=" D64, EINVAL, "pcrs: " },
	{ "new 32 pcrs=7=" D64 "=" D64, EINVAL, "pcrs: " },
};

FIXTURE(bad_input)
{
	struct env env;
};

FIXTURE_SETUP(bad_input)
{
	env_open(_metadata, &self->env);
	ASSERT_EQ(0, tpm_trace_start());
}

FIXTURE_TEARDOWN(bad_input)
{
	tpm_trace_stop();
	env_close(_metadata, &self->env);
}

static void expect_all_bad(struct __test_metadata *_metadata,
			   FIXTURE_DATA(bad_input) *self,
			   const struct bad_text *bad, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		expect_bad(_metadata, &self->env, bad[i].text, strlen(bad[i].text),
			   bad[i].err, bad[i].says);
}

#define ALL(table)	(table), sizeof(table) / sizeof(*(table))

TEST_F(bad_input, commands_are_refused)
{
	expect_all_bad(_metadata, self, ALL(bad_commands));
}

TEST_F(bad_input, options_are_refused)
{
	expect_all_bad(_metadata, self, ALL(bad_options));
}

TEST_F(bad_input, pcrs_are_refused)
{
	expect_all_bad(_metadata, self, ALL(bad_pcrs));
}

/* The measures above would notice something. */
TEST_F(bad_input, good_text_sends_commands_and_makes_a_key)
{
	struct tpm_trace trace;

	ASSERT_LT(0, key_add(self->env.ring, "good", "new 32"));
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_LT(0, trace.nr);
	EXPECT_EQ(1, key_count(self->env.ring));
	snprintf(self->env.log.line[0], sizeof(self->env.log.line[0]),
		 "said " "5EC3E75E");
	self->env.log.nr = 1;
	EXPECT_TRUE(says_secret(&self->env.log, SECRET));
}

TEST_F(bad_input, nul_is_refused)
{
	static const char in_the_middle[] = "new 32\0pcrs=7";
	static const char at_the_end[] = "new 32";

	expect_bad(_metadata, &self->env, in_the_middle, sizeof(in_the_middle) - 1,
		   EINVAL, "NUL");
	expect_bad(_metadata, &self->env, at_the_end, sizeof(at_the_end), EINVAL,
		   "NUL");
	expect_bad(_metadata, &self->env, "\0", 1, EINVAL, "NUL");
}

TEST_F(bad_input, newline_at_the_end_is_taken)
{
	EXPECT_LT(0, key_add(self->env.ring, "newline", "new 32\n"));
	EXPECT_LT(0, key_add(self->env.ring, "tabs", "\tnew \t32  "));
}

/* 32767 octets, as upstream. */
TEST_F(bad_input, text_has_a_longest_size)
{
	static char text[32768];

	memset(text, ' ', sizeof(text));
	memcpy(text, "new 32", 6);
	expect_bad(_metadata, &self->env, text, sizeof(text), EINVAL, "32767");
	EXPECT_LT(0, key_add_octets(self->env.ring, "longest", text,
				    sizeof(text) - 1));
}

/* 8192 octets of blob; this is none, but what is wrong is its size. */
TEST_F(bad_input, blob_has_a_longest_size)
{
	static char text[5 + 2 * 8193 + 1];

	memset(text, '0', sizeof(text) - 1);
	memcpy(text, "load ", 5);
	expect_bad(_metadata, &self->env, text, strlen(text), EBADMSG, "8192");
}

/* --- what depends on who asks --------------------------------------------- */

struct user_result {
	int ret;
	int keys;
	int commands;
};

/* add_key() by a user without capabilities, in a process of his own. */
static struct user_result add_as_user(struct env *e, const char *text)
{
	struct user_result r = { .ret = -EIO };
	int to[2], status;
	pid_t pid;

	if (pipe(to))
		return r;
	klog_mark(&e->log);
	pid = fork();
	if (!pid) {
		int ring;

		become_user();
		ring = key_ring();
		r.ret = ring < 0 ? ring : key_add(ring, "user", "%s", text);
		r.keys = key_count(ring);
		if (write(to[1], &r, sizeof(r)) != sizeof(r))
			exit(126);
		exit(0);
	}
	close(to[1]);
	if (read(to[0], &r, sizeof(r)) != sizeof(r))
		r.ret = -EIO;
	close(to[0]);
	waitpid(pid, &status, 0);
	klog_read(&e->log);
	return r;
}

static void expect_eperm(struct __test_metadata *_metadata, struct env *e,
			 const char *text, const char *says)
{
	struct user_result r = add_as_user(e, text);

	EXPECT_EQ(-EPERM, r.ret);
	EXPECT_EQ(0, r.keys);
	EXPECT_LOGGED(1, e, says);
}

TEST_F(bad_input, user_without_capabilities_is_refused)
{
	struct env *e = &self->env;

	expect_eperm(_metadata, e, "new 32 pcrlock=16", "CAP_SYS_ADMIN");
	expect_eperm(_metadata, e, "new 32 keyhandle=0x40000007", "CAP_SYS_ADMIN");
	expect_eperm(_metadata, e, "new 32 keyhandle=0x4000000b", "CAP_SYS_ADMIN");
	expect_eperm(_metadata, e, "new 32 keyhandle=0x4000000c", "CAP_SYS_ADMIN");
	EXPECT_LT(0, add_as_user(e, "new 32 keyhandle=0x40000001").ret);
}

/* A wrong authorization would count toward a lockout of everybody. */
TEST_F(bad_input, user_may_not_use_a_parent_without_noda)
{
	struct vault_primary p = { TPM_RH_OWNER, .da = true };
	struct env *e = &self->env;
	char *hex, *load = NULL;

	ASSERT_EQ(0, vault_persist(e->tpm, &p, 0x81000001));
	hex = new_blob(_metadata, e, "new 32 pcrs=7 keyhandle=0x81000001");
	ASSERT_LT(0, asprintf(&load, "load %s", hex));
	/* Beside what is said of a parent at its first use. */
	expect_eperm(_metadata, e, "new 32 keyhandle=0x81000001", "so it needs CAP_SYS_ADMIN");
	expect_eperm(_metadata, e, load, "so it needs CAP_SYS_ADMIN");
	EXPECT_EQ(0, vault_evict(e->tpm, 0x81000001));
	free(load);
	free(hex);
}

/* As a user, so many texts that are refused with a line each. */
static int say_as_user(int times)
{
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		int ring;

		become_user();
		ring = key_ring();
		while (times--)
			key_add(ring, "user", "new 32 nonsense=1");
		exit(0);
	}
	waitpid(pid, &status, 0);
	return status;
}

/* Nor does it keep others from being told. */
TEST_F(bad_input, user_does_not_flood_the_log)
{
	struct env *e = &self->env;

	klog_mark(&e->log);
	ASSERT_EQ(0, say_as_user(50));
	EXPECT_EQ(-EINVAL, key_add(e->ring, "root", "new 32 pcrs=7 pcrs=7"));
	ASSERT_TRUE(klog_read(&e->log));
	EXPECT_LT(0, klog_has(&e->log, "trusted_key: "));
	EXPECT_GE(30 + 1, klog_has(&e->log, "trusted_key: "));
	EXPECT_LOGGED(1, e, "given twice");
}

TEST_F(bad_input, quota_leaves_nothing)
{
	struct env *e = &self->env;
	long limit = file_number(MAXBYTES);
	struct user_result r;

	ASSERT_LT(0, limit);
	ASSERT_TRUE(quota_becomes(USER, 0));
	ASSERT_EQ(0, file_write_number(MAXBYTES, 300));
	r = add_as_user(e, "new 32 pcrs=7");
	ASSERT_EQ(0, file_write_number(MAXBYTES, limit));
	EXPECT_EQ(-EDQUOT, r.ret);
	EXPECT_EQ(0, r.keys);
	EXPECT_TRUE(quota_becomes(USER, 0));
	EXPECT_LT(0, add_as_user(e, "new 32 pcrs=7").ret);
}

TEST_HARNESS_MAIN
