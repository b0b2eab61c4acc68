/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of the key type start from and must leave behind: a keyring of
 * their own, the kernel's log, and a TPM with the handles that it had before.
 */
#ifndef _TRUSTED_FIXTURE_H
#define _TRUSTED_FIXTURE_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "keyfile.h"
#include "keys.h"
#include "module.h"
#include "tpm.h"
#include "vault.h"

/**
 * struct env - a test's surroundings
 * @ring: empty keyring
 * @tpm: /dev/tpmrm0
 * @log: the kernel's log
 * @before: handles of the physical TPM
 */
struct env {
	int ring;
	int tpm;
	struct klog log;
	struct tpm_state before;
};

static inline void physical_state(struct __test_metadata *_metadata,
				  struct tpm_state *state)
{
	int fd = tpm_open(TPM_RAW);

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, tpm_read_state(fd, state));
	close(fd);
}

/* Persistent handles that are the tests' own. */
static inline bool is_ours(uint32_t handle)
{
	return handle >= 0x81000020 && handle < 0x81000070;
}

/* A test that ended early may have left parents behind. */
static inline void evict_ours(struct __test_metadata *_metadata, int tpm)
{
	struct tpm_state state;
	int i;

	physical_state(_metadata, &state);
	for (i = 0; i < state.persistent.nr; i++) {
		if (is_ours(state.persistent.handle[i]))
			vault_evict(tpm, state.persistent.handle[i]);
	}
}

static inline void env_open(struct __test_metadata *_metadata, struct env *e)
{
	e->tpm = tpm_open(TPM_MANAGED);
	ASSERT_LE(0, e->tpm);
	evict_ours(_metadata, e->tpm);
	physical_state(_metadata, &e->before);
	e->ring = key_ring();
	ASSERT_LT(0, e->ring);
	ASSERT_EQ(0, klog_open(&e->log));
}

static inline void env_close(struct __test_metadata *_metadata, struct env *e)
{
	struct tpm_state after;

	close(e->tpm);
	klog_close(&e->log);
	physical_state(_metadata, &after);
	EXPECT_TRUE(tpm_same_state(&e->before, &after)) {
		tpm_print_state("before", &e->before);
		tpm_print_state("after", &after);
	}
}

static inline void show_log(const struct klog *log)
{
	int i;

	for (i = 0; i < log->nr; i++)
		printf("# log: %s\n", log->line[i]);
}

/* No eight characters of @secret, in small letters or capitals. */
static inline bool says_secret(const struct klog *log, const char *secret)
{
	char part[9];
	size_t i;
	int l;

	for (i = 0; i + 8 <= strlen(secret); i++) {
		snprintf(part, sizeof(part), "%.8s", secret + i);
		for (l = 0; l < log->nr; l++) {
			if (strcasestr(log->line[l], part))
				return true;
		}
	}
	return false;
}

static inline long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/**
 * refuse() - a text that is refused
 * @err: -errno
 * @text: the text
 *
 * Afterwards the log holds what was logged of it, and no key was made.
 */
static inline void refuse(struct __test_metadata *_metadata, struct env *e,
			  int err, const char *text)
{
	int keys = key_count(e->ring);

	klog_mark(&e->log);
	EXPECT_EQ(err, key_add(e->ring, "refused", "%s", text))
		TH_LOG("refused: %.200s", text);
	ASSERT_EQ(keys, key_count(e->ring));
	ASSERT_TRUE(klog_read(&e->log));
}

/* What is said once is said again; a module that comes anew needs no telling. */
static inline void say_once_more(void)
{
	FILE *f = fopen("/sys/kernel/debug/clear_warn_once", "we");

	if (f) {
		fputs("1", f);
		fclose(f);
	}
}

/**
 * log_anew() - forget what was logged, and what the key type remembers of parents
 *
 * Keys do not survive it.  Where the key type is built in, it remembers.
 */
static inline void log_anew(struct __test_metadata *_metadata, struct env *e)
{
	if (module_built_in("trusted"))
		say_once_more();
	else
		ASSERT_EQ(0, system("rmmod trusted && modprobe trusted"));
	klog_mark(&e->log);
}

/* So many lines since the mark have this in them. */
#define EXPECT_LOGGED(nr, e, text)				\
	EXPECT_EQ(nr, klog_has(&(e)->log, text)) {		\
		TH_LOG("lines with \"%s\"", text);		\
		show_log(&(e)->log);				\
	}

/**
 * add() - a key that must come about
 *
 * Return: its serial number.
 */
static inline int add(struct __test_metadata *_metadata, struct env *e,
		      const char *name, const char *fmt, ...)
{
	char *text;
	va_list args;
	int key;

	va_start(args, fmt);
	ASSERT_LT(0, vasprintf(&text, fmt, args));
	va_end(args);
	klog_mark(&e->log);
	key = key_add_octets(e->ring, name, text, strlen(text));
	ASSERT_LT(0, key) {
		TH_LOG("%s: %.200s", name, text);
		klog_read(&e->log);
		show_log(&e->log);
	}
	free(text);
	return key;
}

/* blob() - the blob of a key, to be freed */
static inline char *blob(struct __test_metadata *_metadata, int key)
{
	char *hex = key_blob(key);

	ASSERT_NE(NULL, hex);
	return hex;
}

/* new_blob() - the blob of a new key, to be freed; the key is gone */
static inline char *new_blob(struct __test_metadata *_metadata, struct env *e,
			     const char *text)
{
	int key = add(_metadata, e, "new", "%s", text);
	char *hex = blob(_metadata, key);

	ASSERT_EQ(0, key_unlink(e->ring, key));
	return hex;
}

/**
 * load() - load a blob and let go of the key
 * @hex: the blob
 * @options: empty, or what comes after the blob
 *
 * Return: 0, or -errno of add_key().
 */
static inline int load(struct env *e, const char *hex, const char *options)
{
	int key;

	klog_mark(&e->log);
	key = key_add(e->ring, "loaded", "load %s %s", hex, options);
	klog_read(&e->log);
	return key < 0 ? key : key_unlink(e->ring, key);
}

#define EXPECT_LOADS(e, hex, options)				\
	EXPECT_EQ(0, load(e, hex, options)) {			\
		TH_LOG("load ... %s", options);			\
		show_log(&(e)->log);				\
	}

/* refuse_load() - refuse() for the text "load HEX OPTIONS" */
static inline void refuse_load(struct __test_metadata *_metadata,
			       struct env *e, int err, const char *hex,
			       const char *options)
{
	char *text;

	ASSERT_LT(0, asprintf(&text, "load %s %s", hex, options));
	refuse(_metadata, e, err, text);
	free(text);
}

/* parsed() - the fields of a blob */
static inline struct keyfile parsed(struct __test_metadata *_metadata,
				    const char *hex)
{
	struct keyfile kf;

	ASSERT_TRUE(keyfile_decode(hex, &kf));
	return kf;
}

/**
 * contents() - the key in a blob, opened without the kernel
 * @auth: authValue of the key; NULL: empty
 */
static inline struct octets contents(struct __test_metadata *_metadata,
				     struct env *e, const char *hex,
				     const struct octets *auth)
{
	struct keyfile kf = parsed(_metadata, hex);
	struct octets data;

	ASSERT_EQ(0, vault_unseal(e->tpm, &kf, NULL, auth, &data));
	return data;
}

static inline bool same_octets(const struct octets *a, const struct octets *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/* TPMA_OBJECT and name algorithm of the sealed object. */
static inline uint32_t attributes_of(const struct keyfile *kf)
{
	const uint8_t *p = kf->public.data + 6;

	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static inline uint16_t name_alg_of(const struct keyfile *kf)
{
	return kf->public.data[4] << 8 | kf->public.data[5];
}

/* Octets of the policy digest. */
static inline unsigned int policy_len_of(const struct keyfile *kf)
{
	return kf->public.data[10] << 8 | kf->public.data[11];
}

#endif /* _TRUSTED_FIXTURE_H */
