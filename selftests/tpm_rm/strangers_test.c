// SPDX-License-Identifier: GPL-2.0-only
/*
 * Trusted keys while others have filled the TPM: a holder of /dev/tpm0 has its
 * objects and sessions loaded, and users of the kernel's own /dev/tpmrm0 have
 * taken all the other sessions.  Keys are sealed and loaded all the same, and
 * afterwards everything of the others is where it was and can be used.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "crowd.h"
#include "keys.h"
#include "module.h"
#include "tpm.h"

#define PERSISTENT	0x81000001
#define SLOTS		3	/* of each kind, in the VM's TPM */

/* For selftests/vm/check. */
__attribute__((used)) static const char timeout[] = "vm-timeout=120";

/* --- the holder of /dev/tpm0 ---------------------------------------------- */

#define NOTHING	0

enum object_kind {
	KEY = 1,
	SEQUENCE,
};

enum session_kind {
	HMAC = 1,
	POLICY,
	AUDIT,
};

struct holder {
	const enum object_kind *objects;
	const enum session_kind *sessions;
	struct tpm_object object[SLOTS];
	struct tpm_session session[SLOTS];
};

static long hold_object(int fd, enum object_kind kind, struct tpm_object *o, int nr)
{
	long err;

	if (kind != SEQUENCE)
		return tpm_create_key(fd, o, nr);
	err = tpm_sequence_start(fd, &o->handle);
	return err ? err : tpm_sequence_update(fd, o->handle, "a");
}

/* Fills the slots, then frees those that are to be free. */
static long hold_objects(struct holder *h, int fd)
{
	long err = 0;
	int i;

	for (i = 0; i < SLOTS && !err; i++)
		err = hold_object(fd, h->objects[i], &h->object[i], i);
	for (i = 0; i < SLOTS && !err; i++) {
		if (!h->objects[i])
			err = tpm_flush(fd, h->object[i].handle);
	}
	return err;
}

static long hold_session(int fd, enum session_kind kind, struct tpm_session *s, int nr)
{
	bool exclusive;
	long err = tpm_session_start(fd, kind == POLICY ? TPM_SE_POLICY : TPM_SE_HMAC, s);

	if (!err && kind == POLICY)
		err = tpm_session_mark(fd, s, 200 + nr);
	if (!err && kind == HMAC)
		err = tpm_session_use(fd, s);
	if (!err && kind == AUDIT)
		err = tpm_session_audit(fd, s, &exclusive);
	/* It must be there at the moment of the test, so it comes last. */
	return err ? err : kind == AUDIT && !exclusive ? -EINVAL : 0;
}

static long hold(struct holder *h, int fd)
{
	long err = hold_objects(h, fd);
	int i;

	for (i = 0; i < SLOTS && !err; i++) {
		if (h->sessions[i])
			err = hold_session(fd, h->sessions[i], &h->session[i], i);
	}
	return err;
}

static long use_object(struct holder *h, int fd, int i)
{
	struct tpm_session *s = h->sessions[0] == HMAC ? &h->session[0] : NULL;

	if (h->objects[i] == KEY)
		return tpm_use_key(fd, &h->object[i], s);
	return tpm_sequence_update(fd, h->object[i].handle, "b");
}

static long use_session(struct holder *h, int fd, int i)
{
	bool exclusive;
	long err;

	if (h->sessions[i] != AUDIT)
		return tpm_session_use(fd, &h->session[i]);
	err = tpm_session_audit(fd, &h->session[i], &exclusive);
	return err ? err : tpm_session_check_audit(fd, &h->session[i]);
}

/* How many objects and sessions of the holder cannot be used. */
static int holder_broken(struct holder *h, int fd)
{
	int i, broken = 0;
	long err;

	for (i = 0; i < SLOTS; i++) {
		err = h->sessions[i] ? use_session(h, fd, i) : 0;
		if (err)
			note("session %08x: %#lx", h->session[i].handle, err);
		broken += !!err;
		err = h->objects[i] ? use_object(h, fd, i) : 0;
		if (err)
			note("object %08x: %#lx", h->object[i].handle, err);
		broken += !!err;
	}
	return broken;
}

/* Each use of a sequence has added a "b" to its "a"; completing it ends it. */
static bool sequence_is_right(int fd, uint32_t handle, unsigned int uses)
{
	uint8_t got[SHA256_SIZE], expected[SHA256_SIZE];
	struct sha256 h;

	sha256_init(&h);
	sha256_update(&h, "a", 1);
	while (uses--)
		sha256_update(&h, "b", 1);
	sha256_update(&h, "c", 1);
	sha256_final(&h, expected);
	return !tpm_sequence_complete(fd, handle, "c", got) && !memcmp(got, expected, sizeof(got));
}

static int release(struct holder *h, int fd, unsigned int uses)
{
	int i, wrong = 0;

	for (i = 0; i < SLOTS; i++) {
		if (h->objects[i] == SEQUENCE)
			wrong += !sequence_is_right(fd, h->object[i].handle, uses);
		else if (h->objects[i])
			wrong += !!tpm_flush(fd, h->object[i].handle);
		if (h->sessions[i])
			wrong += !!tpm_flush(fd, h->session[i].handle);
	}
	return wrong;
}

static void flush_others(int fd, const struct tpm_handles *now, const struct tpm_handles *keep)
{
	int i;

	for (i = 0; i < now->nr; i++) {
		if (!tpm_has_handle(keep, now->handle[i]))
			tpm_flush(fd, now->handle[i]);
	}
}

/* After a failure: the next test shall not suffer from it. */
static void clean_up(int fd, const struct tpm_state *before)
{
	struct tpm_object parent = { .handle = PERSISTENT };
	struct tpm_state now;

	if (tpm_read_state(fd, &now))
		return;
	flush_others(fd, &now.transient, &before->transient);
	flush_others(fd, &now.loaded, &before->loaded);
	flush_others(fd, &now.saved, &before->saved);
	if (!tpm_has_handle(&before->persistent, PERSISTENT))
		tpm_persist(fd, &parent, PERSISTENT);
}

/* --- the tests ------------------------------------------------------------ */

FIXTURE(strangers) {
	int raw, ring;
	struct tpm_state before;
	struct crowd crowd;
	struct holder holder;
	unsigned int uses;
	char *blob, *blob_persistent, *blob_refused;
};

enum transaction {
	NEW_DEFAULT,
	NEW_PERSISTENT,
	LOAD_DEFAULT,
	LOAD_PERSISTENT,
	LOAD_REFUSED,
};

/* What is loaded, what is the first to be done, and how often all is done. */
FIXTURE_VARIANT(strangers) {
	enum object_kind objects[SLOTS];
	enum session_kind sessions[SLOTS];
	enum transaction first;
	int rounds;
};

#define VARIANT(name, o0, o1, o2, s0, s1, s2, what)		\
	FIXTURE_VARIANT_ADD(strangers, name) {			\
		.objects = { o0, o1, o2 },			\
		.sessions = { s0, s1, s2 },			\
		.first = what,					\
		.rounds = 1,					\
	}

VARIANT(all_full, KEY, KEY, KEY, HMAC, POLICY, POLICY, NEW_DEFAULT);
VARIANT(all_full_persistent, KEY, KEY, KEY, HMAC, HMAC, HMAC, NEW_PERSISTENT);
VARIANT(all_full_load, KEY, KEY, KEY, HMAC, POLICY, POLICY, LOAD_DEFAULT);
VARIANT(lowest_free, NOTHING, KEY, KEY, HMAC, POLICY, HMAC, NEW_DEFAULT);
VARIANT(middle_free, KEY, NOTHING, KEY, HMAC, POLICY, HMAC, LOAD_DEFAULT);
VARIANT(middle_free_persistent, KEY, NOTHING, KEY, HMAC, POLICY, HMAC, LOAD_PERSISTENT);
VARIANT(only_the_highest, NOTHING, NOTHING, KEY, HMAC, POLICY, HMAC, NEW_PERSISTENT);
VARIANT(two_objects, KEY, KEY, NOTHING, HMAC, HMAC, POLICY, NEW_DEFAULT);
VARIANT(sequence_lowest, SEQUENCE, KEY, KEY, HMAC, POLICY, POLICY, LOAD_PERSISTENT);
VARIANT(sequence_middle, KEY, SEQUENCE, KEY, HMAC, POLICY, POLICY, LOAD_DEFAULT);
VARIANT(sequence_highest, KEY, NOTHING, SEQUENCE, HMAC, POLICY, POLICY, NEW_DEFAULT);
VARIANT(sequences, SEQUENCE, SEQUENCE, SEQUENCE, HMAC, POLICY, POLICY, LOAD_REFUSED);
VARIANT(audit, KEY, KEY, KEY, HMAC, POLICY, AUDIT, NEW_DEFAULT);
VARIANT(two_sessions, KEY, KEY, KEY, HMAC, POLICY, NOTHING, LOAD_DEFAULT);
VARIANT(only_sessions, NOTHING, NOTHING, NOTHING, HMAC, POLICY, HMAC, NEW_DEFAULT);
VARIANT(only_objects, KEY, SEQUENCE, KEY, NOTHING, NOTHING, NOTHING, NEW_PERSISTENT);
VARIANT(nothing_loaded, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, LOAD_DEFAULT);

FIXTURE_VARIANT_ADD(strangers, many_rounds) {
	.objects = { KEY, SEQUENCE, KEY },
	.sessions = { HMAC, POLICY, AUDIT },
	.first = LOAD_DEFAULT,
	.rounds = 25,
};

static long make_persistent(int fd)
{
	struct tpm_object parent;
	long err = tpm_create_parent(fd, TPM_RH_OWNER, &parent);

	if (!err)
		err = tpm_persist(fd, &parent, PERSISTENT);
	return err ? err : tpm_flush(fd, parent.handle);
}

static char *seal(int ring, const char *options)
{
	int key = key_add(ring, "sealed", "new 32 %s", options);
	char *blob = key > 0 ? key_blob(key) : NULL;

	if (key > 0)
		key_unlink(ring, key);
	return blob;
}

/* Not that of PCR 7. */
#define ANOTHER_VALUE	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static long prepare(FIXTURE_DATA(strangers) *self)
{
	long err = make_persistent(self->raw);
	int i, held = 0;

	if (err)
		return err;
	self->blob = seal(self->ring, "pcrs=sha256:7,11");
	self->blob_persistent = seal(self->ring, "pcrs=7,11 keyhandle=0x81000001");
	self->blob_refused = seal(self->ring, "pcrs=7=" ANOTHER_VALUE);
	if (!self->blob || !self->blob_persistent || !self->blob_refused)
		return -errno;
	for (i = 0; i < SLOTS; i++)
		held += !!self->holder.sessions[i];
	self->crowd.neighbours_fall = !neighbours_survive(self->raw);
	err = crowd_fill(&self->crowd, MAX_ACTIVE - held);
	return err ? err : hold(&self->holder, self->raw);
}

/* What is built in was told so on the kernel's command line; 0, or -EINVAL. */
static int left_to_the_core(void)
{
	FILE *f = fopen("/sys/module/tpm_rm/parameters/takeover", "re");
	int c = f ? getc(f) : EOF;

	if (f)
		fclose(f);
	return c == 'N' ? 0 : -EINVAL;
}

/* The modules anew; 0, or -errno. */
static int reload(const char *parameters)
{
	int err;

	if (module_built_in("tpm_rm"))
		return left_to_the_core();
	err = module_remove("trusted");
	err = err ?: module_remove("tpm_rm");
	err = err ?: module_insert_with("tpm_rm", parameters);
	return err ?: module_insert("trusted");
}

FIXTURE_SETUP(strangers)
{
	long err;

	/* On the kernel's own /dev/tpmrm0 all its users are strangers. */
	ASSERT_EQ(0, reload("takeover=0"));
	self->holder.objects = variant->objects;
	self->holder.sessions = variant->sessions;
	self->raw = tpm_open(TPM_RAW);
	ASSERT_LE(0, self->raw);
	ASSERT_EQ(0, tpm_read_state(self->raw, &self->before));
	ASSERT_EQ(0, self->before.transient.nr + self->before.loaded.nr + self->before.saved.nr);
	ASSERT_FALSE(tpm_has_handle(&self->before.persistent, PERSISTENT));
	self->ring = key_ring();
	ASSERT_LT(0, self->ring);
	err = prepare(self);
	if (err)
		clean_up(self->raw, &self->before);
	ASSERT_EQ(0, err);
}

FIXTURE_TEARDOWN(strangers)
{
	struct tpm_object parent = { .handle = PERSISTENT };
	struct tpm_state after;

	EXPECT_EQ(0, release(&self->holder, self->raw, self->uses));
	crowd_leave(&self->crowd);
	EXPECT_EQ(0, tpm_persist(self->raw, &parent, PERSISTENT));
	EXPECT_EQ(0, tpm_read_state(self->raw, &after));
	EXPECT_TRUE(tpm_same_state(&self->before, &after)) {
		tpm_print_state("before", &self->before);
		tpm_print_state("after", &after);
		clean_up(self->raw, &self->before);
	}
	close(self->raw);
	free(self->blob);
	free(self->blob_persistent);
	free(self->blob_refused);
	EXPECT_EQ(0, reload(""));
}

/* The key must be there, and go. */
static void try_key(struct __test_metadata *_metadata, int ring, const char *command)
{
	int key = key_add(ring, "kmk", "%s", command);

	EXPECT_LT(0, key)
		TH_LOG("%.40s: %s", command, strerror(-key));
	if (key > 0)
		EXPECT_EQ(0, key_unlink(ring, key));
}

static void load(struct __test_metadata *_metadata, int ring, const char *blob)
{
	char command[5000];

	snprintf(command, sizeof(command), "load %s", blob);
	try_key(_metadata, ring, command);
}

static void transact(struct __test_metadata *_metadata, FIXTURE_DATA(strangers) *self,
		     enum transaction what)
{
	switch (what) {
	case NEW_DEFAULT:
		return try_key(_metadata, self->ring, "new 32 pcrs=sha256:7,11");
	case NEW_PERSISTENT:
		return try_key(_metadata, self->ring, "new 32 keyhandle=0x81000001 pcrs=7");
	case LOAD_DEFAULT:
		return load(_metadata, self->ring, self->blob);
	case LOAD_PERSISTENT:
		return load(_metadata, self->ring, self->blob_persistent);
	case LOAD_REFUSED:
		EXPECT_EQ(-EKEYREJECTED, key_add(self->ring, "kmk", "load %s", self->blob_refused));
		EXPECT_EQ(-ENOKEY, key_find(self->ring, "kmk"));
	}
}

/* That session of the crowd which is gone, if it is but one; else 0. */
static uint32_t the_one_kicked(const struct crowd *c, const struct tpm_state *now)
{
	uint32_t gone = 0;
	int i, nr = 0;

	for (i = 0; i < c->nr; i++) {
		if (tpm_has_handle(&now->saved, c->session[i].handle))
			continue;
		gone = c->session[i].handle;
		nr++;
	}
	return nr == 1 ? gone : 0;
}

/* No session is left for the first transaction: one is kicked. */
static uint32_t kick_one(struct __test_metadata *_metadata, FIXTURE_DATA(strangers) *self,
			 enum transaction what)
{
	struct tpm_state full, now;
	uint32_t gone;

	EXPECT_EQ(0, tpm_read_state(self->raw, &full));
	EXPECT_EQ(MAX_ACTIVE, full.loaded.nr + full.saved.nr);
	transact(_metadata, self, what);
	EXPECT_EQ(0, tpm_read_state(self->raw, &now));
	EXPECT_TRUE(tpm_same_handles(&full.transient, &now.transient));
	EXPECT_TRUE(tpm_same_handles(&full.loaded, &now.loaded));
	EXPECT_EQ(full.saved.nr - 1, now.saved.nr);
	gone = the_one_kicked(&self->crowd, &now);
	EXPECT_NE(0, gone);
	EXPECT_EQ(0, holder_broken(&self->holder, self->raw));
	self->uses++;
	return gone;
}

/* One session is free now: the others lose nothing more. */
static void go_on(struct __test_metadata *_metadata, FIXTURE_DATA(strangers) *self,
		  enum transaction what)
{
	struct tpm_state before, after;

	EXPECT_EQ(0, tpm_read_state(self->raw, &before));
	transact(_metadata, self, what);
	EXPECT_EQ(0, tpm_read_state(self->raw, &after));
	EXPECT_TRUE(tpm_same_state(&before, &after)) {
		tpm_print_state("before", &before);
		tpm_print_state("after", &after);
	}
	EXPECT_EQ(0, holder_broken(&self->holder, self->raw));
	self->uses++;
}

/* The crowd has the slots to use its sessions only when the holder has left. */
static void check_crowd(struct __test_metadata *_metadata, FIXTURE_DATA(strangers) *self,
			uint32_t gone)
{
	static const enum object_kind no_object[SLOTS];
	static const enum session_kind no_session[SLOTS];

	EXPECT_EQ(0, release(&self->holder, self->raw, self->uses));
	self->holder.objects = no_object;
	self->holder.sessions = no_session;
	EXPECT_EQ(0, crowd_broken(&self->crowd, gone));
}

TEST_F(strangers, lose_nothing_but_one_session)
{
	uint32_t gone = kick_one(_metadata, self, variant->first);
	int i;

	for (i = 0; i < variant->rounds; i++) {
		go_on(_metadata, self, LOAD_DEFAULT);
		go_on(_metadata, self, LOAD_PERSISTENT);
	}
	go_on(_metadata, self, NEW_DEFAULT);
	go_on(_metadata, self, NEW_PERSISTENT);
	go_on(_metadata, self, LOAD_REFUSED);
	check_crowd(_metadata, self, gone);
}

TEST_HARNESS_MAIN
