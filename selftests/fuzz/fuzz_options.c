// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: the text of add_key().
 *
 * Beyond what the sanitizers see: an accepted text is within its bounds, a
 * refused one has a reason, no complaint points into the text, and alternatives
 * of pcrs= become a policy that can be read.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "compose.h"
#include "keyfile.h"
#include "options.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t len);

static void must_lie_in(struct tpm2_bytes b, const char *text, size_t len)
{
	const u8 *start = (const u8 *)text;

	if (b.len)
		assert(b.data >= start && b.data + b.len <= start + len);
}

/* Values that are missing are taken to be zero. */
static void compose(const struct tpk_options *o)
{
	static struct tpk_pcrs now, room;
	static struct tpk_tree tree;
	static u8 bodies[65536];
	struct tpm2_writer w = tpm2_writer(bodies, sizeof(bodies));
	struct tpk_policy policy = {};
	const char *what;
	unsigned int i;
	int err;

	tpk_alternatives_pcrs(&o->alternatives, &now, &room);
	for (i = 0; i < now.nr; i++)
		now.bank[i].known = now.bank[i].selected;
	err = tpk_compose_pcrs(&policy, &o->alternatives, &now, o->hash, &room, &w);
	assert(!err && policy.nr == 1);
	err = tpk_tree_build(&tree, &policy, NULL, o->hash, &what);
	assert(!err && tpk_tree_digest(&tree).len);
	assert(tree.nr_alternatives == (o->alternatives.nr > 1 ? o->alternatives.nr : 0));
}

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
	assert(!!o->pcrs.nr == (o->alternatives.nr == 1));
	assert(!!o->alternatives.nr == tpk_given(o, TPK_OPT_PCRS));
	assert(o->alternatives.nr <= TPK_MAX_ALTERNATIVES);
	assert(o->signer_len <= TPK_MAX_SIGNER);
	assert(o->secretauth_len <= TPK_AUTH_SIZE);
	must_lie_in(o->policy, text, len);
	must_lie_in(o->authpolicy, text, len);
	must_lie_in(o->parentname, text, len);
	must_lie_in(o->alternatives.text, text, len);
	if (o->alternatives.nr)
		compose(o);
}

static void check_refused(int err, const struct tpk_complaint *c,
			  const char *text, size_t len)
{
	assert(err == -EINVAL || err == -EOPNOTSUPP || err == -EBADMSG);
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
	if (!err || strstr(c.reason, "not supported yet"))
		check_accepted(&o, text, len);
	free(text);
	return 0;
}
