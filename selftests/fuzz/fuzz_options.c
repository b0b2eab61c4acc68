// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the text of add_key().
 *
 * Beyond what the sanitizers see: an accepted text is within its bounds, a
 * refused one has a reason, and no complaint points into the text.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "keyfile.h"
#include "options.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

static void check_accepted(const struct tpk_options *o, const char *text,
			   size_t len)
{
	const u8 *start = (const u8 *)text;

	assert(o->given < 1U << TPK_NR_OPTIONS);
	assert(o->command <= TPK_UPDATE);
	if (o->command == TPK_NEW)
		assert(o->key_len >= TPK_MIN_KEY && o->key_len <= TPK_MAX_KEY);
	if (o->command == TPK_LOAD) {
		assert(o->blob.len >= 2 && o->blob.len <= TPK_MAX_BLOB);
		assert(o->blob.data >= start);
		assert(o->blob.data + o->blob.len <= start + len);
	}
	assert(o->keyauth_len <= TPK_AUTH_SIZE);
	assert(o->blobauth_len <= TPK_AUTH_SIZE);
	assert(o->pcrlock < TPM2_PCRS);
	assert(tpk_bank_name(o->hash));
	assert(!!o->pcrs.nr == tpk_given(o, TPK_OPT_PCRS));
}

static void check_refused(int err, const struct tpk_complaint *c,
			  const char *text, size_t len)
{
	assert(err == -EINVAL || err == -EOPNOTSUPP);
	assert(c->option && c->reason && *c->reason);
	assert(c->option < text || c->option >= text + len);
	assert(c->reason < text || c->reason >= text + len);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t len)
{
	static struct tpk_options o;
	struct tpk_complaint c;
	char *text = malloc(len);
	int err;

	if (len)
		memcpy(text, data, len);
	err = tpk_options_parse(text, len, &o, &c);
	if (err)
		check_refused(err, &c, text, len);
	else
		check_accepted(&o, text, len);
	free(text);
	return 0;
}
