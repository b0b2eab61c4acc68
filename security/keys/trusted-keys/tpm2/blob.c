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
static bool leads_there(const struct unseal *u)
{
	struct tpm2_bytes digest = tpk_tree_digest(&u->plan.tree);

	/* Empty: it depends on PCRs, so the TPM will say. */
	return !digest.len || tpm2_bytes_equal(digest, u->public.auth_policy);
}

/* An only way has no choice to wait for. */
static void note_auth(struct unseal *u)
{
	u->wants_auth = !u->plan.tree.nr_alternatives &&
			tpk_program_needs_auth(&u->plan.tree);
}

static int build_recorded(struct unseal *u, struct tpm2_bytes given,
			  const char **what)
{
	const struct tpk_signed_policies s = {
		.given = given,
		.recorded = u->kf.auth_policy,
	};

	return tpk_tree_build(&u->plan.tree, &u->kf.policy, &s,
			      u->public.name_alg, what);
}

/* The same fault is EINVAL in authpolicy=, which the user has given. */
static int refuse_recorded(struct unseal *u, int err, const char *what)
{
	const char *other;

	if (err == -EBADMSG && u->o->authpolicy.len &&
	    !build_recorded(u, tpm2_bytes(NULL, 0), &other))
		return tpk_blob_refuse(-EINVAL, what);
	return err == -EBADMSG ? tpk_blob_bad(what) : tpk_blob_refuse(err, what);
}

/* The policy that the blob itself records. */
static int take_recorded_policy(struct unseal *u)
{
	const char *what;
	int err;

	if (tpk_plan_given(u->o))
		return tpk_blob_refuse(-EINVAL,
			      "pcrs= and policy= are for blobs without a policy; this one has its own");
	err = build_recorded(u, u->o->authpolicy, &what);
	if (err)
		return refuse_recorded(u, err, what);
	note_auth(u);
	return leads_there(u) ? 0 :
	       tpk_blob_bad("policy: it is not the one that the object was sealed with");
}

/* Before the TPM is touched: what policy, if any, will be run? */
static int choose_policy(struct unseal *u)
{
	if (tpk_given(u->o, TPK_OPT_POLICYHANDLE))
		return tpk_legacy_allow(u);
	if (u->kf.policy.nr)
		return take_recorded_policy(u);
	if (u->public.auth_policy.len == 0) {
		if (tpk_plan_given(u->o))
			return tpk_blob_refuse(-EINVAL,
				      "pcrs= and policy= are for blobs that were sealed to a policy; this one was not");
		return 0;
	}
	if (!tpk_plan_given(u->o) &&
	    !(u->public.attributes & TPMA_OBJECT_userWithAuth))
		return tpk_blob_refuse(-EINVAL,
			      "the blob was sealed with policydigest= and records no policy; give it with pcrs= or policy=");
	return 0;
}

/**
 * tpk_blob_complete() - the policy of pcrs= or policy=, once all values are known
 * @u: the blob, prepared
 *
 * Return: 0; -EKEYREJECTED if it is not the blob's; -EINVAL; -EOPNOTSUPP.
 */
int tpk_blob_complete(struct unseal *u)
{
	const char *what;
	int err;

	err = tpk_plan_make(&u->plan, u->o, u->public.name_alg, &what);
	if (err)
		return tpk_blob_refuse(err, what);
	note_auth(u);
	if (leads_there(u))
		return 0;
	return tpk_blob_refuse(-EKEYREJECTED,
		      "pcrs= or policy=: it is not the policy that the blob was sealed with");
}

/* If no PCR is to be read for it, the policy can be made before the TPM is touched. */
static int plan_given(struct unseal *u)
{
	if (!tpk_blob_by_policy(u) || u->kf.policy.nr)
		return 0;
	tpk_plan_pcrs(&u->plan, u->o);
	u->wants_auth = u->o->blobauth_len;
	return u->plan.now.nr ? 0 : tpk_blob_complete(u);
}

/**
 * tpk_blob_by_policy() - is the object opened by a policy?
 * @u: the blob, prepared
 *
 * Return: false if it is opened by its authValue alone, or by policyhandle=.
 */
bool tpk_blob_by_policy(const struct unseal *u)
{
	return u->public.auth_policy.len &&
	       !tpk_given(u->o, TPK_OPT_POLICYHANDLE) &&
	       (u->kf.policy.nr || tpk_plan_given(u->o));
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
	return !tpk_blob_by_policy(u) || u->kf.empty_auth || u->wants_auth;
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
	return err ?: plan_given(u);
}
