// SPDX-License-Identifier: GPL-2.0-only
/*
 * new, load and update, and whether what came of them is right.
 *
 * The kernel never shows a key.  So the key is sealed once more, without a policy
 * and undisturbed, and what is in that blob is told by the TPM.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keys.h"
#include "module.h"
#include "operation.h"
#include "vault.h"

#define BARE	"keyhandle=0x81000021"

/* No session is kept from one key to the next, so that each operation is the same. */
#define PARAMETERS	"kept_sessions=0"

static bool is(const struct operation *o, const char *verb)
{
	return !strcmp(o->verb, verb);
}

/* What is in a key, by way of a blob without a policy.  The key changes its blob. */
static const char *contents(struct bench *b, int key, struct octets *secret)
{
	struct keyfile kf;
	char *hex;
	bool ok;

	if (key_update(key, "update migratable=1 " BARE))
		return "it cannot be sealed once more";
	hex = key_blob(key);
	ok = hex && keyfile_decode(hex, &kf) && !vault_unseal(b->tpm, &kf, NULL, NULL, secret);
	free(hex);
	return ok ? NULL : "what is in it cannot be told";
}

static int load_blob(struct bench *b, const struct operation *o, const char *name,
		     const char *blob)
{
	return key_add(b->ring, name, "load %s %s", blob, o->auth);
}

void operation_forget(const struct operation *o)
{
	if (!o->fresh)
		return;
	/* Keys that were unlinked are freed a little later. */
	while (module_remove("trusted") == -EWOULDBLOCK)
		usleep(1000);
	module_insert_with("trusted", PARAMETERS);
}

int operation_run(struct bench *b, struct operation *o)
{
	int err;

	if (is(o, "new"))
		return key_add(b->ring, "run", "new 32 migratable=1 %s %s%s", o->options, o->auth,
			       o->pin);
	if (is(o, "load"))
		return load_blob(b, o, "run", o->blob);
	err = key_update(o->key, "update migratable=1 %s %s%s", o->options, o->auth, o->pin);
	return err ?: o->key;
}

static bool same(const struct octets *a, const struct octets *b)
{
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/* All but the hash of what is sealed, which depends on a random seed. */
static bool same_policy(const struct octets *a, const struct octets *b)
{
	return a->len == b->len && a->len > 32 && !memcmp(a->data, b->data, a->len - 32);
}

/* A blob that was made: it opens to the key, and by the policy that was meant. */
static const char *judge_blob(struct bench *b, struct operation *o, const char *hex,
			      const struct octets *secret)
{
	struct octets found;
	struct keyfile kf;
	const char *wrong;
	int key;

	if (!hex || !keyfile_decode(hex, &kf))
		return "the blob is none";
	if (!same_policy(&kf.public, &o->public))
		return "the blob has another policy";
	key = load_blob(b, o, "judged", hex);
	if (key < 0)
		return "the blob does not open";
	wrong = contents(b, key, &found);
	key_unlink(b->ring, key);
	if (wrong)
		return wrong;
	return same(&found, secret) ? NULL : "the blob has another key in it";
}

static const char *judge_new(struct bench *b, struct operation *o, int key)
{
	char *hex = key_blob(key);
	struct octets secret;
	const char *wrong = contents(b, key, &secret);

	wrong = wrong ?: judge_blob(b, o, hex, &secret);
	free(hex);
	return wrong;
}

static const char *judge_load(struct bench *b, struct operation *o, int key)
{
	struct octets secret;
	const char *wrong = contents(b, key, &secret);

	return wrong ?: same(&secret, &o->secret) ? NULL : "it is a wrong key";
}

/* After an error the key has its old blob, to the octet. */
static const char *judge_update(struct bench *b, struct operation *o, bool done)
{
	char *hex = key_blob(o->key);
	const char *wrong = NULL;

	if (!hex)
		return "the key is gone";
	if (done)
		wrong = judge_blob(b, o, hex, &o->secret);
	else if (strcmp(hex, o->blob))
		wrong = "update failed, but changed the key";
	free(o->blob);
	o->blob = hex;
	return wrong;
}

/* What may become of an operation on a bus that cannot be trusted. */
static bool is_expected(int err)
{
	switch (-err) {
	case EIO:
	case EBUSY:
	case EBADMSG:
	case EREMOTE:
	case EACCES:
	case EAGAIN:
	case ENOKEY:
	case EKEYREJECTED:
	case EOPNOTSUPP:
	case ETIME:
	case ENODEV:
		return true;
	default:
		return false;
	}
}

const char *operation_judge(struct bench *b, struct operation *o, int key)
{
	static char text[64];
	const char *wrong = NULL;

	if (key < 0 && !is_expected(key)) {
		snprintf(text, sizeof(text), "errno %d", -key);
		wrong = text;
	}
	if (is(o, "update"))
		return wrong ?: judge_update(b, o, key > 0);
	if (key < 0)
		return wrong ?: key_count(b->ring) ? "there is a key after an error" : NULL;
	wrong = is(o, "new") ? judge_new(b, o, key) : judge_load(b, o, key);
	key_unlink(b->ring, key);
	return wrong;
}

bool operation_works(struct bench *b, struct operation *o)
{
	int key = load_blob(b, o, "works", o->blob);

	return key > 0 && !key_unlink(b->ring, key);
}

static char *pin(const struct octets *name)
{
	char *hex = hex_encode(name->data, name->len), *text = NULL;

	if (asprintf(&text, " parentname=%s", hex) < 0)
		text = NULL;
	free(hex);
	return text;
}

/* A key as it should be, with its contents; it stays if it is to be updated. */
bool operation_prepare(struct bench *b, struct operation *o)
{
	struct keyfile kf;
	const char *wrong = "it cannot be made";

	o->key = key_add(b->ring, "kept", "new 32 migratable=1 %s %s", o->options, o->auth);
	o->blob = o->key > 0 ? key_blob(o->key) : NULL;
	if (o->blob && keyfile_decode(o->blob, &kf)) {
		o->public = kf.public;
		o->pin = pin(&kf.parent_name);
		wrong = contents(b, o->key, &o->secret);
	}
	if (!wrong && !is(o, "update"))
		wrong = key_unlink(b->ring, o->key) ? "it cannot be unlinked" : NULL;
	/* Under the policy once more. */
	if (!wrong && is(o, "update"))
		wrong = operation_run(b, o) < 0 ? "it cannot be updated" : judge_update(b, o, true);
	if (wrong)
		printf("# %s: %s (%d)\n", o->name, wrong, o->key);
	return !wrong;
}

void operation_finish(struct bench *b, struct operation *o)
{
	if (is(o, "update"))
		key_unlink(b->ring, o->key);
	free(o->blob);
	free(o->pin);
}
