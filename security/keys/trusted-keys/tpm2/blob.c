// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a blob holds and which policy opens it: all before the TPM is touched.
 */
#include <linux/tpm2_hash.h>

#include "unseal.h"

/**
 * tpk_blob_bad() - say that a blob is malformed
 * @what: which part of it, and how
 *
 * Return: -EBADMSG.
 */
int tpk_blob_bad(const char *what)
{
	tpk_notice("load: malformed blob: %s", what);
	return -EBADMSG;
}

/**
 * tpk_blob_refuse() - say why a blob is not loaded
 * @err: -errno
 * @why: the reason and the cure
 *
 * Return: @err.
 */
int tpk_blob_refuse(int err, const char *why)
{
	tpk_notice("load: %s", why);
	return err;
}

/* An old blob tells its parent no more than its policy. */
static int decode_old(struct unseal *u)
{
	const char *what;

	if (!tpk_given(u->o, TPK_OPT_KEYHANDLE))
		return tpk_blob_refuse(-EINVAL, "a blob in the old format needs keyhandle=");
	if (tpk_oldfile_decode(u->blob, &u->kf, &what))
		return tpk_blob_bad(what);
	u->old_format = true;
	u->kf.parent = u->o->parent;
	return 0;
}

static int decode_keyfile(struct unseal *u)
{
	const char *what;

	if (tpk_keyfile_decode(u->blob, &u->kf, &what))
		return tpk_blob_bad(what);
	if (u->kf.type != TPK_SEALED_DATA)
		return tpk_blob_refuse(-EOPNOTSUPP, u->kf.type == TPK_LOADABLE_KEY ?
			      "the blob is a key of the TPM, not sealed data" :
			      "the blob must be imported first; use tpm2_import");
	if (tpk_given(u->o, TPK_OPT_KEYHANDLE) && u->o->parent != u->kf.parent)
		tpk_notice("load: keyhandle= differs from the blob's parent 0x%08x, which counts",
			   u->kf.parent);
	return 0;
}

static int decode_public(struct unseal *u)
{
	struct tpm2_reader r = tpm2_reader(u->kf.public.data,
					   u->kf.public.len);
	struct tpm2_bytes area = tpm2_get_sized(&r);
	int err, len;

	err = tpk_public_decode(area, &u->public);
	if (err == -EOPNOTSUPP)
		return tpk_blob_refuse(err, "the blob's name algorithm is not supported");
	if (err)
		return tpk_blob_bad("public area");
	if (u->public.type != TPM_ALG_ID_KEYEDHASH)
		return tpk_blob_bad("public area: not that of sealed data");
	len = tpk_public_name(area, u->name.data);
	if (len < 0)
		return tpk_blob_refuse(len, "this kernel lacks the blob's name algorithm");
	u->name.len = len;
	return 0;
}

static int decode(struct unseal *u)
{
	int err;

	/* An old blob starts with a size below 0x0100; DER with a SEQUENCE. */
	if (u->blob.data[0] != 0x30)
		err = decode_old(u);
	else
		err = decode_keyfile(u);
	return err ?: decode_public(u);
}

/* Does the policy lead to the digest that the object wants? */
static int check_policy(const struct unseal *u, bool *matches)
{
	u8 digest[TPM2_MAX_DIGEST];
	u16 hash = u->public.name_alg;
	const char *what;
	int err;

	err = tpk_policy_check(&u->policy, hash, &what);
	if (err == -EBADMSG)
		return tpk_blob_bad(what);
	if (err)
		return tpk_blob_refuse(err, what);
	err = tpk_policy_digest(&u->policy, hash, digest);
	*matches = err == -ENODATA ||
		   (!err && tpm2_bytes_equal(u->public.auth_policy,
				tpm2_bytes(digest, tpm2_digest_size(hash))));
	return err == -ENODATA ? 0 : err;
}

/* The policy that the blob itself records. */
static int take_recorded_policy(struct unseal *u)
{
	bool matches;
	int err;

	if (u->o->pcrs.nr)
		return tpk_blob_refuse(-EINVAL,
			      "pcrs= is for blobs without a policy; this one has its own");
	u->policy = u->kf.policy;
	err = check_policy(u, &matches);
	if (err)
		return err;
	return matches ? 0 :
	       tpk_blob_bad("policy: it is not the one that the object was sealed with");
}

/* Before the TPM is touched: what policy, if any, will be run? */
static int choose_policy(struct unseal *u)
{
	if (u->kf.policy.nr)
		return take_recorded_policy(u);
	if (u->public.auth_policy.len == 0) {
		if (u->o->pcrs.nr)
			return tpk_blob_refuse(-EINVAL,
				      "pcrs=: this blob was not sealed to a policy");
		return 0;
	}
	if (!u->o->pcrs.nr && !(u->public.attributes & TPMA_OBJECT_userWithAuth))
		return tpk_blob_refuse(-EINVAL,
			      "the blob was sealed with policydigest= and records no policy; give it with pcrs=");
	return 0;
}

/**
 * tpk_blob_complete() - the policy of pcrs=, once all values are known
 * @u: the blob, prepared
 *
 * Return: 0; -EKEYREJECTED if it is not the blob's; -EOPNOTSUPP.
 */
int tpk_blob_complete(struct unseal *u)
{
	struct tpk_options *o = u->o;
	bool matches;
	int err;

	err = tpk_policy_from_pcrs(&u->policy, &o->pcrs, o->blobauth_len,
				   u->public.name_alg, u->pcr_body);
	if (!err)
		err = check_policy(u, &matches);
	if (err || matches)
		return err;
	return tpk_blob_refuse(-EKEYREJECTED,
		      "pcrs=: the policy of these PCRs is not the one that the blob was sealed with");
}

static bool all_known(const struct tpk_pcrs *pcrs)
{
	unsigned int i;

	for (i = 0; i < pcrs->nr; i++) {
		if (pcrs->bank[i].known != pcrs->bank[i].selected)
			return false;
	}
	return true;
}

/**
 * tpk_blob_by_policy() - is the object opened by a policy?
 * @u: the blob, prepared
 *
 * Return: false if it is opened by its authValue alone.
 */
bool tpk_blob_by_policy(const struct unseal *u)
{
	return u->public.auth_policy.len && (u->policy.nr || u->o->pcrs.nr);
}

/**
 * tpk_blob_knows_auth() - is the authValue of the object known for sure?
 * @u: the blob, prepared
 *
 * What a session encrypts depends on the authValue of what it authorizes, even if
 * its policy does not ask for that, and a wrong one gives a wrong key that nobody
 * notices.  So where the value is not known, or not proved right, another session
 * must encrypt.
 *
 * Return: true if so.
 */
bool tpk_blob_knows_auth(const struct unseal *u)
{
	return !tpk_blob_by_policy(u) || u->kf.empty_auth ||
	       tpk_policy_needs_auth(&u->policy) ||
	       (u->o->pcrs.nr && u->o->blobauth_len);
}

/**
 * tpk_blob_prepare() - all that is done before the TPM is touched
 * @u: has @u->o and @u->blob; gets the rest
 *
 * Return: 0; -EBADMSG, -EINVAL, -EPERM, -EOPNOTSUPP; -EKEYREJECTED as
 * tpk_blob_complete().
 */
int tpk_blob_prepare(struct unseal *u)
{
	int err = decode(u);

	if (!err && !tpk_parent_allowed(u->kf.parent))
		err = -EPERM;
	if (!err)
		err = choose_policy(u);
	if (!err && tpk_blob_by_policy(u) && u->public.name_alg == TPM_ALG_ID_SHA1)
		err = tpk_blob_refuse(-EOPNOTSUPP, "policies with SHA-1 are not supported");
	if (!err && u->o->pcrs.nr && all_known(&u->o->pcrs))
		err = tpk_blob_complete(u);
	return err;
}
