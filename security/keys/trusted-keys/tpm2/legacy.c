// SPDX-License-Identifier: GPL-2.0-only
/*
 * policyhandle=: a policy that user space has run, in a session that it started on
 * /dev/tpm0 and left loaded there.  Deprecated; pcrs= and policy= need no session.
 *
 * The nonces of that session are not known here, so blobauth= crosses the bus in
 * it as a password.  The key does not: a session of ours goes along to encrypt.
 */
#include <linux/module.h>
#include <linux/printk.h>

#include "unseal.h"

static bool legacy_policyhandle = true;
module_param(legacy_policyhandle, bool, 0644);
MODULE_PARM_DESC(legacy_policyhandle, "Take policyhandle=, which is deprecated (default 1)");

/**
 * tpk_legacy_allow() - may this blob be opened with policyhandle=?
 * @u: the blob, decoded; policyhandle= was given
 *
 * Return: 0; -EPERM; -EINVAL.
 */
int tpk_legacy_allow(const struct unseal *u)
{
	if (!READ_ONCE(legacy_policyhandle))
		return tpk_blob_refuse(-EPERM,
			      "policyhandle= is switched off (legacy_policyhandle=0); give pcrs= or policy=");
	if (!tpk_is_privileged())
		return tpk_blob_refuse(-EPERM,
			      "policyhandle= needs CAP_SYS_ADMIN; give pcrs= or policy=");
	if (!u->public.auth_policy.len)
		return tpk_blob_refuse(-EINVAL,
			      "policyhandle= is for blobs that were sealed to a policy; this one was not");
	pr_warn_once("policyhandle= is deprecated: give pcrs= or policy= to load, or seal the key anew with them, and the blob alone will do\n");
	return 0;
}

/**
 * tpk_legacy_claim() - see that the session stays where it is
 * @tpm: the TPM, in a transaction that has a session slot for it
 * @u: the blob
 *
 * Return: 0; -EPERM.
 */
int tpk_legacy_claim(struct tpk_tpm *tpm, const struct unseal *u)
{
	int err = trm_foreign_claim(tpm->client, u->o->policyhandle);

	if (err)
		return tpk_blob_refuse(err,
			      "policyhandle=: a file of /dev/tpmrm0 or the kernel has that session; start one on /dev/tpm0");
	return 0;
}

/**
 * tpk_legacy_authorize() - let the session open the object
 * @call: Unseal; gets its authorizations
 * @s: memory of the request
 * @u: the blob
 *
 * Attributes are 0, so the session is over after success.
 */
void tpk_legacy_authorize(struct trm_call *call, struct tpk_scratch *s,
			  const struct unseal *u)
{
	u8 encrypting = tpk_encrypting(s, TPMA_SESSION_encrypt);

	call->nr_auths = encrypting ? 2 : 1;
	call->auth[0].foreign = u->o->policyhandle;
	call->auth[0].value = tpm2_bytes(u->o->blobauth, u->o->blobauth_len);
	call->auth[1].session = s->session;
	call->auth[1].attributes = encrypting;
}

/**
 * tpk_legacy_finish() - what becomes of the session
 * @tpm: the TPM, in a transaction
 * @err: of the request
 *
 * One that did not open the key is of no use any more.
 *
 * Return: @err; -EKEYREJECTED for -ESTALE, since only user space can run the
 * policy again.
 */
int tpk_legacy_finish(struct tpk_tpm *tpm, int err)
{
	if (!err || err == -EREMCHG)
		return err;
	/* If it is gone already, all is well. */
	trm_foreign_flush(tpm->client);
	if (err != -ESTALE)
		return err;
	return tpk_blob_refuse(-EKEYREJECTED,
		      "policyhandle=: PCRs have changed since the policy was run; run it in another session");
}
