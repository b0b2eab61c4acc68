/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private map of the key type "trusted" on a TPM 2.0.
 *
 * From the top down, each file calling only those below it:
 *
 *	export.c	the key type as other modules see it
 *	type.c		its operations, module init and exit
 *	evm.c		a securityfs file that gives a key to EVM
 *	sources.c	keys of other trust sources; only in a kernel tree
 *	request.c	one add_key() or keyctl_update(): text to payload
 *	signdev.c	/dev/trusted-sign: lines to a challenge
 *	signing.c	the session of a challenge
 *	command.c	what a user may ask for
 *	seal.c		key to blob
 *	sealpolicy.c	what will open a new key
 *	unseal.c	blob to key
 *	blob.c		what a blob holds, and what opens it
 *	run.c, authorize.c, signed.c	its policy, told to the TPM
 *	legacy.c	policyhandle=: a session that user space has started
 *	mismatch.c	which PCRs are not what they were
 *	entity.c	what a policy names: NV indices, entities to authorize
 *	secure.c	transactions in which sessions are salted to the parent
 *	sessions.c	sessions that are kept from one key to the next
 *	parent.c	the storage key above a sealed object
 *	pcrread.c	reading PCRs, extending the one of pcrlock=
 *	tpm.c		the TPM, its commands, and what its answers mean
 *
 * and beside them, PURE:
 *
 *	options.c, optcheck.c, text.h		the text of add_key()
 *	pcrs.c, pcrsets.c, alternatives.c	PCRs, and pcrs=
 *	keyfile.c, policyder.c, der.c		the blob
 *	program.c, choice.c, treedigest.c, tree.c	a policy: what to send, which
 *				alternative, its digests, what it says
 *	assertion.c, signer.c, object.c		one statement, its keys, public areas
 *	plan.c, compose.c			policies that options stand for
 *	challenge.c, answer.c, signature.c	what is signed, and how
 *	verdict.c				what a response code means
 */
#ifndef _TPK_H
#define _TPK_H

#include <keys/trusted-type.h>

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/tpm_rm.h>

#include "keyfile.h"
#include "object.h"
#include "options.h"
#include "pcrs.h"
#include "verdict.h"

struct key_preparsed_payload;
struct tpk_signing;

#define TPK_MAX_KEPT	2	/* sessions that are kept */
#define TPK_MAX_PARENTS	4	/* that are remembered beside the default one */
#define TPK_MAX_AREA	768	/* octets of a parent's public area; RSA-4096 fits */

/**
 * struct tpk_payload - payload of a key
 * @tkp: what encrypted keys, dm-crypt and others read: rcu, key_len, key.  Its
 *	blob, being too small for ours, is that of another trust source or empty
 * @parent: handle of the parent under which @blob is sealed
 * @blob_len: octets of @blob; 0: another trust source has sealed the key
 * @blob: the sealed key as a key file
 *
 * Holds the key in clear: freed with kfree_sensitive(), after a grace period
 * once it was visible.
 */
struct tpk_payload {
	struct trusted_key_payload tkp;
	u32 parent;
	unsigned int blob_len;
	u8 blob[] __counted_by(blob_len);
};

/**
 * struct tpk_parent - a storage key
 * @handle: persistent handle, or the hierarchy that it is derived from
 * @rsa: derived by the template for RSA-2048
 * @object: the derived object; NULL for a persistent one
 * @attributes: its TPMA_OBJECT
 * @name: its Name, computed from @area; empty: nothing is known yet
 * @area_len: octets of @area
 * @area: its TPMT_PUBLIC, as the TPM told it
 */
struct tpk_parent {
	u32 handle;
	bool rsa;
	struct trm_object *object;
	u32 attributes;
	struct trm_name name;
	unsigned int area_len;
	u8 area[TPK_MAX_AREA];
};

/**
 * struct tpk_kept - a session that is kept
 * @session: the session, in the TPM if it has not lost it; NULL: there is none
 * @type: TPM_SE
 * @hash: its TPM_ALG_ID
 * @pinned: something said which parent it must be
 * @parent: Name of the parent to which it is salted
 */
struct tpk_kept {
	struct trm_session *session;
	u8 type;
	u16 hash;
	bool pinned;
	struct trm_name parent;
};

/**
 * struct tpk_tpm - the TPM that keys are sealed to
 * @kref: one for the module while the TPM is there, one for each request
 * @client: our access to it
 * @srk_object: the primary derived from the owner hierarchy; valid once derived
 * @using: parent of the transaction in progress; set and read within it
 * @lock: protects what follows; taken within transactions, never held across a
 *	TPM command
 * @srk: the primary derived from the owner hierarchy
 * @known: other parents whose public area was read
 * @next: entry of @known that is overwritten next
 * @kept: sessions that no request uses, most recently used first
 */
struct tpk_tpm {
	struct kref kref;
	struct trm_client *client;
	struct trm_object *srk_object;
	const struct tpk_parent *using;
	struct mutex lock; /* of what is remembered of parents */
	struct tpk_parent srk;
	struct tpk_parent known[TPK_MAX_PARENTS];
	unsigned int next;
	struct tpk_kept kept[TPK_MAX_KEPT];
};

/**
 * struct tpk_scratch - what one request needs in memory while it has the TPM
 * @session: authorizes
 * @type: its TPM_SE
 * @hash: its TPM_ALG_ID
 * @pinned: something said which parent it must be to which it is salted
 * @reused: it is one that an earlier request has left
 * @renew: such a one has failed: another one must do
 * @keep: it is to be left to later requests
 * @helper: an HMAC session beside it, or NULL: proves keyauth= where @session
 *	cannot, and encrypts where @session must not
 * @hierarchy: an HMAC session that proves keyauth= to a hierarchy, or NULL; never
 *	salted, since there is no key yet that it could be salted to
 * @borrowed: @session is that of a challenge, salted and active, and not freed
 *	with this
 * @salted: @session and @helper are salted to @parent, so they can encrypt
 * @object: the sealed object
 * @signer: the key that has signed its policy, or NULL
 * @primary: a derived parent that is not remembered as an object
 * @parent: the parent
 * @params: parameters of a command; may hold secrets
 *
 * Allocated before the transaction, freed after it.
 */
struct tpk_scratch {
	struct trm_session *session;
	u8 type;
	u16 hash;
	bool pinned;
	bool reused;
	bool renew;
	bool keep;
	struct trm_session *helper;
	struct trm_session *hierarchy;
	bool borrowed;
	bool salted;
	struct trm_object *object;
	struct trm_object *signer;
	struct trm_object *primary;
	struct tpk_parent parent;
	u8 params[2048];
};

/**
 * struct tpk_access - what is to be done under a parent
 * @o: keyauth= and parentname= count
 * @parent: handle of the parent
 * @rsa: it is derived by the template for RSA-2048
 * @name: Name that the parent must have; empty: any
 * @may_be_plain: a parent to which no session can be salted will do
 * @foreign: a session of somebody else needs a slot too
 * @may_keep: the session may be one that was kept, and is kept after success
 * @steps: what is done in the transaction; may be called more than once
 * @ctx: for @steps
 */
struct tpk_access {
	const struct tpk_options *o;
	u32 parent;
	bool rsa;
	struct tpm2_bytes name;
	bool may_be_plain;
	bool foreign;
	bool may_keep;
	int (*steps)(struct tpk_tpm *tpm, struct tpk_scratch *s, void *ctx);
	void *ctx;
};

/* type.c */
bool tpk_rng_is_tpm(void);

/* evm.c, where EVM can take a key, and no encrypted key under a trusted one */
#if IS_ENABLED(CONFIG_EVM) && !IS_BUILTIN(CONFIG_TRUSTED_KEYS)
void tpk_evm_init(void);
void tpk_evm_exit(void);
#else
static inline void tpk_evm_init(void)
{
}

static inline void tpk_evm_exit(void)
{
}
#endif

/* request.c */
struct tpk_payload *tpk_payload_alloc(size_t blob_len);
int tpk_payload_replace(struct key *key, struct tpk_payload *old,
			struct tpk_payload *new);
int tpk_request_preparse(struct key_preparsed_payload *prep);
void tpk_request_free(struct key_preparsed_payload *prep);
int tpk_request_instantiate(struct key *key,
			    struct key_preparsed_payload *prep);
int tpk_request_update(struct key *key, struct key_preparsed_payload *prep);

/* command.c */
int tpk_command_parse(char *text, size_t len, struct tpk_options *o);

/* seal.c */
struct tpk_payload *tpk_seal(struct tpk_tpm *tpm, struct tpk_options *o,
			     const u8 *key, unsigned int key_len);

/* unseal.c */
struct tpk_payload *tpk_unseal(struct tpk_tpm *tpm, struct tpk_options *o,
			       struct tpk_signing *signing);

/* secure.c */
int tpk_transact(struct tpk_tpm *tpm, struct tpk_scratch *s,
		 const struct tpk_access *a);
int tpk_helper_add(struct tpk_tpm *tpm, struct tpk_scratch *s);
u8 tpk_encrypting(const struct tpk_scratch *s, u8 attributes);

/* sessions.c */
bool tpk_kept_take(struct tpk_tpm *tpm, struct tpk_scratch *s);
void tpk_kept_put(struct tpk_tpm *tpm, struct tpk_scratch *s);
int tpk_kept_load(struct tpk_scratch *s);
bool tpk_kept_failed(const struct tpk_scratch *s, int err, u32 rc);
bool tpk_kept_wanted(void);
void tpk_kept_exit(struct tpk_tpm *tpm);

/* parent.c */
bool tpk_parent_recall(struct tpk_tpm *tpm, struct tpk_scratch *s);
int tpk_parent_learn(struct tpk_tpm *tpm, struct tpk_scratch *s,
		     const struct tpk_options *o);
int tpk_parent_take(struct tpk_tpm *tpm, struct tpk_scratch *s,
		    const struct tpk_options *o);
bool tpk_parent_changed(struct tpk_tpm *tpm, enum tpk_step step, u32 rc);
int tpk_parent_check(const struct tpk_parent *parent);
bool tpk_parent_allowed(u32 handle);
bool tpk_is_privileged(void);
struct trm_ref tpk_parent_ref(const struct tpk_parent *parent);

/* pcrread.c */
int tpk_pcr_read(struct tpk_tpm *tpm, struct tpk_scratch *s,
		 struct tpk_pcrs *pcrs, bool audit);
int tpk_pcr_lock(struct tpk_tpm *tpm, unsigned int pcr);

/* tpm.c */
struct tpk_tpm *tpk_tpm_present(void);
struct tpk_tpm *tpk_tpm_get(void);
void tpk_tpm_put(struct tpk_tpm *tpm);
void tpk_tpm_exit(void);
struct tpk_scratch *tpk_scratch_alloc(struct tpk_tpm *tpm, u8 session_type,
				      u16 hash);
void tpk_scratch_free(struct tpk_scratch *s);
int tpk_session_start(struct tpk_tpm *tpm, struct trm_session *session);
int tpk_judge(struct tpk_tpm *tpm, enum tpk_step step, int err, u32 rc,
	      bool secret);
int tpk_transmit(struct tpk_tpm *tpm, enum tpk_step step, struct trm_call *call,
		 bool secret);
__printf(1, 2) void tpk_notice(const char *fmt, ...);

#endif /* _TPK_H */
