// SPDX-License-Identifier: GPL-2.0-only
/*
 * Key files from anybody: read, judged and written again.
 *
 * What decodes must point into its own octets, and be the same after it was
 * written and read; what does not must be -EBADMSG with a reason.
 */
#include <assert.h>
#include <errno.h>
#include <string.h>

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>

#include "keyfile.h"
#include "object.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must_lie_in(struct tpm2_bytes span, struct tpm2_bytes blob)
{
	if (!span.len)
		return;
	assert(span.data >= blob.data && span.len <= blob.len);
	assert(span.data + span.len <= blob.data + blob.len);
}

static void must_be_inside(const struct tpk_keyfile *kf, struct tpm2_bytes blob)
{
	unsigned int i;

	assert(kf->policy.nr <= TPK_MAX_STATEMENTS);
	for (i = 0; i < kf->policy.nr; i++)
		must_lie_in(kf->policy.statement[i].body, blob);
	must_lie_in(kf->secret, blob);
	must_lie_in(kf->auth_policy, blob);
	must_lie_in(kf->description, blob);
	must_lie_in(kf->parent_name, blob);
	must_lie_in(kf->public, blob);
	must_lie_in(kf->private, blob);
}

static void must_equal(const struct tpk_keyfile *a, const struct tpk_keyfile *b)
{
	unsigned int i;

	assert(a->type == b->type && a->empty_auth == b->empty_auth);
	assert(a->rsa_parent == b->rsa_parent && a->parent == b->parent);
	assert(a->policy.nr == b->policy.nr);
	for (i = 0; i < a->policy.nr; i++) {
		assert(a->policy.statement[i].code == b->policy.statement[i].code);
		assert(tpm2_bytes_equal(a->policy.statement[i].body,
					b->policy.statement[i].body));
	}
	assert(tpm2_bytes_equal(a->secret, b->secret));
	assert(tpm2_bytes_equal(a->auth_policy, b->auth_policy));
	assert(tpm2_bytes_equal(a->description, b->description));
	assert(tpm2_bytes_equal(a->parent_name, b->parent_name));
	assert(tpm2_bytes_equal(a->public, b->public));
	assert(tpm2_bytes_equal(a->private, b->private));
}

/* Our forms may be longer than those that were read, by a few octets. */
static void must_come_back(const struct tpk_keyfile *kf)
{
	static u8 out[TPK_MAX_BLOB + 64], twice[TPK_MAX_BLOB + 64];
	struct tpk_keyfile again;
	const char *what;
	int len;

	len = tpk_keyfile_encode(kf, out, sizeof(out));
	assert(len > 0);
	if (len > TPK_MAX_BLOB)
		return;
	assert(!tpk_keyfile_decode(tpm2_bytes(out, len), &again, &what));
	must_equal(kf, &again);
	assert(tpk_keyfile_encode(&again, twice, sizeof(twice)) == len);
	assert(!memcmp(out, twice, len));
}

/* A policy that can be read has a digest of its hash, or depends on the TPM. */
static void judge_policy(const struct tpk_policy *policy)
{
	static const u16 hashes[] = {
		TPM_ALG_ID_SHA1, TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA384,
		TPM_ALG_ID_SHA512, TPM_ALG_ID_NULL,
	};
	static struct tpk_tree tree;
	const char *what;
	unsigned int i;
	size_t len;

	for (i = 0; i < ARRAY_SIZE(hashes); i++) {
		what = NULL;
		if (tpk_tree_build(&tree, policy, NULL, hashes[i], &what)) {
			assert(what);
			continue;
		}
		len = tpk_tree_digest(&tree).len;
		assert(!len || len == tpm2_digest_size(hashes[i]));
	}
}

static void judge_public(struct tpm2_bytes public)
{
	struct tpm2_bytes area = tpm2_bytes(public.data + 2, public.len - 2);
	u8 name[TPM2_MAX_NAME];
	struct tpk_public p;
	int err, len;

	err = tpk_public_decode(area, &p);
	if (!err)
		must_lie_in(p.auth_policy, area);
	len = tpk_public_name(area, name);
	assert(err ? len == err : len == 2 + (int)tpm2_digest_size(p.name_alg));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct tpm2_bytes blob = tpm2_bytes(data, size);
	struct tpk_keyfile kf;
	const char *what = NULL;
	int err;

	err = tpk_keyfile_decode(blob, &kf, &what);
	if (!err) {
		must_be_inside(&kf, blob);
		must_come_back(&kf);
		judge_policy(&kf.policy);
		judge_public(kf.public);
		return 0;
	}
	assert(err == -EBADMSG && what);
	what = NULL;
	err = tpk_oldfile_decode(blob, &kf, &what);
	if (!err) {
		must_be_inside(&kf, blob);
		judge_public(kf.public);
	} else {
		assert(err == -EBADMSG && what);
	}
	return 0;
}
