// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: what is asked for PolicySigned, and the lines that answer it.
 *
 * Input: two octets of length, so many octets of a SEQUENCE OF TPMPolicy, then
 * lines.
 *
 * The text of a challenge is as long as it said and has only printable octets in
 * it; a line that is taken leaves a TPMT_SIGNATURE, one that is refused nothing.
 */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "challenge.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static struct tpk_tree tree;

static void check_text(const struct tpk_challenge *c)
{
	size_t len = tpk_challenge_print(c, NULL, 0), i;
	char *text = malloc(len);

	assert(tpk_challenge_print(c, text, len) == len);
	for (i = 0; i < len; i++)
		assert(isprint((unsigned char)text[i]) || text[i] == '\n');
	assert(len > 4 && !memcmp(text + len - 4, "end\n", 4));
	free(text);
}

static struct tpk_challenge *ask(const u8 *der, size_t len)
{
	static const u8 nonce[32] = { 1 };
	struct tpk_challenge *c;
	struct tpk_policy policy;
	const char *what;
	int nr;

	if (tpk_policy_decode(tpm2_bytes(der, len), &policy, &what) ||
	    tpk_tree_build(&tree, &policy, NULL, TPM_ALG_ID_SHA256, &what))
		return NULL;
	nr = tpk_challenge_count(&tree);
	if (nr < 0)
		return NULL;
	c = calloc(1, sizeof(*c) + nr * sizeof(c->asked[0]));
	assert(!tpk_challenge_fill(c, &tree));
	assert(c->nr <= nr);
	assert(!tpk_challenge_bind(c, TPM_ALG_ID_SHA256, tpm2_bytes(nonce, sizeof(nonce))));
	check_text(c);
	return c;
}

static unsigned int signatures(const struct tpk_challenge *c)
{
	unsigned int i, nr = 0;

	for (i = 0; i < c->nr; i++) {
		const struct tpk_asked *a = &c->asked[i];

		assert(a->signature_len <= TPK_MAX_SIGNATURE);
		assert(a->public_len <= TPK_MAX_PUBLIC);
		assert(!a->signature_len || a->public_len);
		nr += a->signature_len != 0;
	}
	assert(tpk_challenge_answered(c) == !!nr);
	return nr;
}

static void answer(struct tpk_challenge *c, const u8 *line, size_t len)
{
	unsigned int before = signatures(c);
	char *copy = malloc(len);
	const char *what = NULL;
	int err;

	memcpy(copy, line, len);
	err = tpk_answer_parse(copy, len, c, &what);
	assert(!err || ((err == -EINVAL || err == -EOPNOTSUPP) && what && *what));
	assert(signatures(c) >= before && (!err || signatures(c) == before));
	free(copy);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct tpm2_reader r = tpm2_reader(data, size);
	struct tpm2_bytes der = tpm2_get_sized(&r);
	struct tpk_challenge *c;

	if (r.bad || size > 16384)
		return 0;
	c = ask(der.data, der.len);
	while (c && tpm2_left(&r)) {
		const u8 *end = memchr(r.at, '\n', tpm2_left(&r));
		size_t len = end ? end - r.at : tpm2_left(&r);

		answer(c, tpm2_get(&r, len), len);
		if (end)
			tpm2_get(&r, 1);
	}
	free(c);
	return 0;
}
