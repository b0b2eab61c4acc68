// SPDX-License-Identifier: GPL-2.0-only
/*
 * A user without the device has add_key(2): what he cannot do on /dev/tpmrm0 he
 * shall not have the kernel do for him.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"
#include "fingerprint.h"
#include "hostile.h"
#include "kernel_key.h"
#include "keys.h"
#include "lockout.h"
#include "process.h"
#include "vault.h"

#define MAKERS		8
#define VISITS		10
#define GUARDED		0x81000022
#define GUESSES		5

#define RIGHT		"00112233445566778899aabbccddeeff00112233"
#define WRONG		"00112233445566778899aabbccddeeff00112234"

/* --- as many keys as he can ----------------------------------------------- */

/* New ones and old ones, one after the other, until it is killed. */
static int make_keys(void *arg)
{
	atomic_int *made = arg;
	int ring, key, i;

	if (become(ATTACKER))
		return 1;
	ring = key_ring();
	for (i = 0; ring > 0; i++) {
		key = i % 2 ? key_add(ring, "hostile", "new 32 pcrs=7") :
			      key_add(ring, "hostile", "load %s", kernel_key_blob());
		if (key > 0)
			key_unlink(ring, key);
		*made += key > 0;
	}
	return 1;
}

static long visit(uid_t uid)
{
	struct client *c = malloc(sizeof(*c));
	long err = 0;
	int i;

	for (i = 0; i < VISITS && !err; i++) {
		err = client_start(c, uid, 1, 2) ?: client_works(c);
		client_close(c);
	}
	free(c);
	return err;
}

static void end_all(const pid_t *pid, int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
}

static void many_keys(void)
{
	struct client *before = malloc(sizeof(*before));
	atomic_int *made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid[MAKERS] = { 0 };
	int i;

	expect("a user of the device comes before", client_start(before, VICTIM, 2, 3));
	for (i = 0; i < MAKERS && kernel_key_known(); i++)
		pid[i] = process_start(make_keys, made);
	expect("meanwhile: a user gets sessions and objects", visit(VICTIM));
	expect("meanwhile: root gets them", visit(ROOT));
	expect_kernel_key("meanwhile: root loads a key");
	expect("meanwhile: old sessions and objects work", client_works(before));
	if (kernel_key_known()) {
		end_all(pid, MAKERS);
		expect_that("he has made keys", *made > MAKERS, "%d", *made);
	}
	expect("afterwards: they work", client_works(before));
	expect_kernel_key("afterwards: root loads a key");
	client_close(before);
}

/* --- guesses -------------------------------------------------------------- */

static char *blob_of_guarded, *blob_of_word;

static int guess_blobs(void *arg)
{
	int i, ring;

	if (become(*(uid_t *)arg))
		return 1;
	ring = key_ring();
	for (i = 0; i < GUESSES; i++) {
		key_add(ring, "guess", "load %s keyauth=" WRONG, blob_of_guarded);
		key_add(ring, "guess", "load %s blobauth=wrong%d", blob_of_word, i);
		key_add(ring, "guess", "new 32 keyhandle=0x81000022 keyauth=" WRONG);
	}
	return 0;
}

/* A parent against whose authorization guesses count. */
static long make_guarded(void)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER, .da = true };
	int raw = tpm_open(TPM_RAW);
	long err;

	p.auth.len = hex_decode(RIGHT, p.auth.data, sizeof(p.auth.data));
	err = raw < 0 ? -errno : vault_persist(raw, &p, GUARDED);
	close(raw);
	return err;
}

static void remove_guarded(void)
{
	int raw = tpm_open(TPM_RAW);

	vault_evict(raw, GUARDED);
	close(raw);
}

static char *seal(int ring, const char *options)
{
	int key = key_add(ring, "sealed", "new 32 %s", options);
	char *blob = key > 0 ? key_blob(key) : NULL;

	if (key > 0)
		key_unlink(ring, key);
	return blob;
}

static long load(int ring, const char *blob, const char *options)
{
	int key = key_add(ring, "opened", "load %s %s", blob, options);

	if (key > 0)
		key_unlink(ring, key);
	return key > 0 ? 0 : key;
}

static bool seal_both(int ring)
{
	blob_of_guarded = seal(ring, "keyhandle=0x81000022 keyauth=" RIGHT);
	blob_of_word = seal(ring, "blobauth=right");
	return expect_that("root seals keys", blob_of_guarded && blob_of_word, "fails");
}

/* Whose authorization cannot be guessed wrong: it has none. */
static int load_as_user(void *arg)
{
	(void)arg;
	return become(VICTIM) ? EPERM : -kernel_key_load();
}

static void expect_harmless_key(void)
{
	pid_t pid = process_start(load_as_user, NULL);

	expect("a user's key without authorization is loaded", -process_result(pid, 10000));
}

static void guess_by_keys(void)
{
	int ring = key_ring();

	if (!kernel_key_known()) {
		expect_nothing("it is not locked");
		return;
	}
	expect("root has a guarded parent", make_guarded());
	expect("3 wrong authorizations lock the TPM", lockout_few_tries());
	if (seal_both(ring)) {
		guess_together(guess_blobs);
		expect_no_lockout();
		expect_harmless_key();
		expect("root's key under it is loaded",
		       load(ring, blob_of_guarded, "keyauth=" RIGHT));
		expect("root's key with a word is loaded",
		       load(ring, blob_of_word, "blobauth=right"));
	}
	expect("the TPM is not so strict any more", lockout_undo());
	remove_guarded();
}

/* --- what is dangerous ---------------------------------------------------- */

static long new_key_as(uid_t uid, const char *options)
{
	long err = become(uid);
	int key = err ? (int)err : key_add(key_ring(), "dangerous", "new 32 %s", options);

	become(ROOT);
	return key > 0 ? 0 : key;
}

static void dangerous_options(void)
{
	struct fingerprint before, now;
	const char *other;
	long err;

	if (!kernel_key_known()) {
		expect_nothing("a PCR is extended: EPERM");
		return;
	}
	expect("the TPM's state can be read", fingerprint_take(&before));
	expect("a user seals a key", new_key_as(ATTACKER, "pcrs=7"));
	expect_is("a PCR is extended: EPERM", new_key_as(ATTACKER, "pcrlock=16"), -EPERM);
	expect_is("endorsement hierarchy: EPERM",
		  new_key_as(ATTACKER, "keyhandle=0x4000000b"), -EPERM);
	expect_is("platform hierarchy: EPERM",
		  new_key_as(ATTACKER, "keyhandle=0x4000000c"), -EPERM);
	expect_is("null hierarchy: EPERM", new_key_as(ATTACKER, "keyhandle=0x40000007"), -EPERM);
	err = fingerprint_take(&now);
	other = err ? outcome(err) : fingerprint_differs(&before, &now);
	expect_that("nothing was changed", !other, "%s", other);
}

const struct hostile_case addkey_cases[] = {
	{ "r1", VM_PLAIN, 60, "a user makes keys all the time", many_keys },
	{ "r2", VM_GUESS_KEYS, 60, "ten users guess authorizations of keys", guess_by_keys },
	{ "r3", VM_PLAIN, 30, "a user has the kernel do what is dangerous", dangerous_options },
	{ }
};
