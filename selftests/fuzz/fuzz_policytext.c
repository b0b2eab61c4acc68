// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: policies as trustedctl reads and prints them.
 *
 * Input: an octet that says which hash, then a policy's text.
 *
 * A text that is refused has a reason.  What a text that is accepted stands for,
 * printed and read again, is the same policy.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "grammar.h"
#include "keyfile.h"
#include "print.h"
#include "signer.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define TEXT_SIZE	(TPK_MAX_NODES * PRINT_SIZE)

static struct grammar grammar;
static struct tpk_tree tree, tree_again;

/* PCR 23 is not there, nor is NV index 0x01ffffff. */
static int lookup_pcrs(void *ctx, struct tpk_pcrs *pcrs, char *why)
{
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++) {
		memset(pcrs->bank[i].value, 0x5a, sizeof(pcrs->bank[i].value));
		pcrs->bank[i].known = pcrs->bank[i].selected & 0x7fffff;
	}
	return 0;
}

static int lookup_name(void *ctx, u32 handle, u8 *name, size_t *len, char *why)
{
	if (handle == 0x01ffffff) {
		strcpy(why, "none");
		return -ENOENT;
	}
	memset(name, 0, 34);
	name[1] = TPM_ALG_ID_SHA256;
	*len = 34;
	return 0;
}

static int lookup_key(void *ctx, const char *path, u8 *area, size_t *len, char *why)
{
	static const u8 ecc[] = {
		0x00, 0x23, 0x00, 0x0b, 0x00, 0x06, 0x00, 0x40, 0x00, 0x00, 0x00, 0x10,
		0x00, 0x10, 0x00, 0x03, 0x00, 0x10, 0x00, 0x20,
	};

	assert(strlen(path));
	memset(area, 0x11, TPK_MAX_SIGNER);
	memcpy(area, ecc, sizeof(ecc));
	memcpy(area + sizeof(ecc) + 32, "\x00\x20", 2);
	*len = sizeof(ecc) + 32 + 2 + 32;
	return 0;
}

static const struct grammar_lookup lookup = {
	.pcrs = lookup_pcrs, .name = lookup_name, .key = lookup_key,
};

static void put(struct tpm2_writer *w, const char *text)
{
	tpm2_put(w, text, strlen(text));
}

/* As deep as there are levels. */
static void print_branch(const struct tpk_tree *t, unsigned int branch, struct tpm2_writer *w)
{
	unsigned int i, alternative;

	for (i = t->branch[branch].first; i < t->branch[branch].end; i = t->node[i].end) {
		if (t->node[i].code != TPM_CC_PolicyOR) {
			print_statement(t, &t->node[i], w);
			put(w, "\n");
			continue;
		}
		put(w, "or ");
		for (alternative = t->node[i].first; alternative;
		     alternative = t->branch[alternative].next) {
			put(w, "{ ");
			print_branch(t, alternative, w);
			put(w, "} ");
		}
		put(w, "\n");
	}
}

static bool read_text(struct tpm2_bytes text, u16 hash, struct tpm2_writer *der,
		      struct tpk_tree *t)
{
	struct tpk_policy policy;
	const char *what = NULL;
	int err = grammar_read(&grammar, text, hash, &lookup, der);

	if (err) {
		assert(err < 0 && *grammar.what && grammar.line);
		assert(memchr(grammar.what, 0, sizeof(grammar.what)));
		return false;
	}
	err = tpk_policy_decode(tpm2_written(der), &policy, &what);
	if (!err)
		err = tpk_tree_build(t, &policy, NULL, hash, &what);
	assert(!err || (what && *what));
	return !err;
}

static void must_come_back(struct tpm2_bytes der, u16 hash)
{
	u8 *text = malloc(TEXT_SIZE), again[TPK_MAX_BLOB];
	struct tpm2_writer w = tpm2_writer(text, TEXT_SIZE);
	struct tpm2_writer der_again = tpm2_writer(again, sizeof(again));

	print_branch(&tree, 0, &w);
	assert(!w.full);
	assert(read_text(tpm2_written(&w), hash, &der_again, &tree_again));
	assert(tpm2_bytes_equal(der, tpm2_written(&der_again)));
	assert(tpm2_bytes_equal(tpk_tree_digest(&tree), tpk_tree_digest(&tree_again)));
	free(text);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u16 hashes[] = {
		TPM_ALG_ID_SHA1, TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA384, TPM_ALG_ID_SHA512,
	};
	u8 der[TPK_MAX_BLOB], *text;
	struct tpm2_writer w = tpm2_writer(der, sizeof(der));
	u16 hash;

	if (!size || size > 32768)
		return 0;
	hash = hashes[*data & 3];
	/* Of its own size, so that a look beyond the end is seen. */
	text = malloc(size);
	memcpy(text, data + 1, size - 1);
	if (read_text(tpm2_bytes(text, size - 1), hash, &w, &tree))
		must_come_back(tpm2_written(&w), hash);
	free(text);
	return 0;
}
