/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TPM 2.0 resource manager: what a kernel client may call.
 *
 * A client does its work in transactions.  Between trm_begin() and trm_end()
 * nobody else uses the TPM, and the object and session slots that were asked
 * for are there, whatever user space has left in the TPM.  What the client
 * creates is its own: unless kept, it is flushed at trm_end() at the latest.
 * What is kept outlives the transaction, and costs nothing as long as nobody else
 * needs the slot; then it is saved, and loaded when it is used again.
 *
 *	trm_object_alloc(), trm_session_alloc()		outside: may allocate
 *	trm_session_salt()
 *	trm_begin()
 *		trm_session_start(), trm_transmit()	inside: the TPM is ours
 *		trm_object_flush(), trm_session_flush()
 *		trm_object_keep(), trm_session_keep()
 *	trm_end()
 *	trm_session_free(), trm_object_free()
 *
 * Inside a transaction a client must not wait for user space nor for anything
 * that may come back to the TPM: no request_module(), no crypto_alloc_*(), no
 * copy to or from user space, no get_random_bytes_wait(), no tpm_pcr_*(), and
 * no allocation that is charged to a memory cgroup.  With an IMA policy that
 * measures modprobe, loading a module extends a PCR, which waits for the very
 * lock that the transaction holds.
 */
#ifndef _LINUX_TPM_RM_H
#define _LINUX_TPM_RM_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_salt.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

struct trm_client;
struct trm_object;
struct trm_session;

/* Slots that every TPM of the PC Client profile has, so the most to ask for. */
#define TRM_MAX_OBJECTS		3
#define TRM_MAX_SESSIONS	3

/**
 * struct trm_name - the Name of an entity (Part 1, 16)
 * @len: octets in @data; 0: the entity's handle is its Name
 * @data: nameAlg and digest
 */
struct trm_name {
	u16 len;
	u8 data[TPM2_MAX_NAME];
};

/**
 * struct trm_ref - one handle of a command
 * @object: an object of the client; loaded again by the resource manager if it
 *	had to make room
 * @session: or a session of the client
 * @handle: or any other entity: a hierarchy, PCR, NV index, persistent object
 * @name: Name of @handle; NULL: the handle is its Name, or no session with an
 *	HMAC is used.  Not used with @object and @session, which know theirs
 */
struct trm_ref {
	struct trm_object *object;
	struct trm_session *session;
	u32 handle;
	const struct trm_name *name;
};

/**
 * struct trm_auth - one session of a command
 * @session: the session; NULL: password authorization, or @foreign
 * @foreign: handle of a session that is somebody else's, claimed by
 *	trm_foreign_claim(); 0: none.  @value crosses the bus as a password in it,
 *	and what it says in the response is not verified
 * @attributes: TPMA_SESSION; without continueSession the session is over after
 *	success.  decrypt: the command's first parameter, a TPM2B, is encrypted;
 *	encrypt: that of the response.  Either is for one session of a command,
 *	which must be salted
 * @value: authValue of the entity that is authorized; the password, or part of
 *	the HMAC key.  Empty if the session authorizes nothing
 * @unproved: a policy session in which PolicyAuthValue was not run: @value is
 *	not part of the HMAC key.  The keys that encrypt parameters depend on it
 *	all the same (Part 1, 21.2), and a wrong one is not noticed: what was
 *	decrypted is garbage.  Where the authValue is not known, a session that
 *	authorizes nothing must encrypt
 */
struct trm_auth {
	struct trm_session *session;
	u32 foreign;
	u8 attributes;
	struct tpm2_bytes value;
	bool unproved;
};

/**
 * struct trm_salt_key - a storage key that a session can be salted to
 * @object: an object of the client
 * @handle: or a persistent handle
 * @public: what its public area says: tpm2_salt_key_decode()
 *
 * A session proves that its responses are from the TPM that holds the private
 * half of @public, and no more: whether @public is the right key, a client knows
 * by its Name.
 */
struct trm_salt_key {
	struct trm_object *object;
	u32 handle;
	struct tpm2_salt_key public;
};

/**
 * struct trm_call - a command and what became of it
 * @code: TPM_CC
 * @ref: the handles, as many as the command has
 * @nr_auths: number of @auth
 * @auth: the sessions; those that authorize a handle first
 * @params: parameter area; in clear, whatever is to be encrypted
 * @no_da: nothing that it authorizes is under dictionary-attack protection, so
 *	the call may be sent though users without privilege have failed too often
 * @result: takes the handle that the response carries; needed if it carries one
 * @rc: response code of the TPM, valid if trm_transmit() returned 0
 * @reply: parameter area of the response if @rc is TPM_RC_SUCCESS, decrypted;
 *	valid until the next call in the transaction, and wiped at its end
 */
struct trm_call {
	u32 code;
	struct trm_ref ref[TPM2_MAX_HANDLES];
	unsigned int nr_auths;
	struct trm_auth auth[TPM2_MAX_SESSIONS];
	struct tpm2_bytes params;
	bool no_da;
	struct trm_object *result;
	u32 rc;
	struct tpm2_bytes reply;
};

/**
 * trm_client_create() - become a client of the default TPM
 *
 * Context: may sleep; takes no lock of a transaction.
 * Return: the client, to be destroyed with trm_client_destroy(); ERR_PTR of
 * -ENODEV without a TPM 2.0, -ENOMEM.
 */
struct trm_client *trm_client_create(void);

/**
 * trm_client_destroy() - cease to be a client
 * @client: a client without objects and sessions, outside a transaction; may be
 *	NULL or an ERR_PTR
 */
void trm_client_destroy(struct trm_client *client);

/**
 * trm_client_gone() - has the TPM of a client been removed?
 * @client: the client
 *
 * Return: true if nothing will ever work again; create another client then.
 */
bool trm_client_gone(struct trm_client *client);

/**
 * trm_begin() - start a transaction
 * @client: the client
 * @objects: object slots that the transaction needs at once, persistent objects
 *	that its commands name included
 * @sessions: session slots that it needs at once
 *
 * Context: waits for the transaction in progress, killably.  Holds the lock of
 * the chip and the TPM core's own until trm_end().
 * Return: 0; -EINTR if killed while waiting; -ENODEV if the TPM is gone; -EIO
 * if the core does not give it (suspended, disabled); -EINVAL for more slots
 * than TRM_MAX_OBJECTS and TRM_MAX_SESSIONS.
 */
int trm_begin(struct trm_client *client, unsigned int objects,
	      unsigned int sessions);

/**
 * trm_transmit() - send a command within a transaction
 * @client: the client
 * @call: the command and its result
 *
 * Warnings of the TPM about room (Part 2, 6.6.3: 0x901 to 0x906) are repaired;
 * one that comes back to the caller could not be.  The HMAC of every session is
 * computed, and that of every response verified, before anything in it is
 * decrypted.  An answer with an error code has no HMAC: anybody can have sent it.
 *
 * Context: inside a transaction.
 * Return: 0 if the TPM answered, see @call->rc; -EMSGSIZE if the command does
 * not fit; -EINVAL if a session cannot encrypt, or has nothing to; -EBADMSG if
 * the answer is malformed, its HMAC is wrong, or it is not encrypted though it
 * was to be; -ENODEV, -EIO, -ETIME or another error of the transport.
 */
int trm_transmit(struct trm_client *client, struct trm_call *call);

/**
 * trm_end() - finish a transaction
 * @client: the client
 *
 * Flushes what the client created and did not keep, saves what it keeps unless
 * there are slots enough, puts back what belongs to others, wipes the buffers, and
 * lets the others go on.
 */
void trm_end(struct trm_client *client);

/**
 * trm_object_alloc() - room for a transient object
 * @client: owner
 *
 * Return: the object, empty; NULL if there is no memory.
 */
struct trm_object *trm_object_alloc(struct trm_client *client);

/**
 * trm_object_free() - forget an object
 * @object: outside a transaction; may be NULL.  A kept one that is still in the
 *	TPM is flushed in due course: as by trm_session_free()
 */
void trm_object_free(struct trm_object *object);

/**
 * trm_object_keep() - let an object outlive the transaction
 * @object: the object
 * @name: its Name, for the HMACs of commands that use it; copied
 *
 * The resource manager saves it when its slot is needed, at the latest when the
 * TPM is idle, and loads it when it is used.
 */
void trm_object_keep(struct trm_object *object, const struct trm_name *name);

/**
 * trm_object_set_name() - tell the Name of an object
 * @object: the object
 * @name: its Name; copied
 */
void trm_object_set_name(struct trm_object *object,
			 const struct trm_name *name);

/**
 * trm_object_valid() - is there an object?
 * @object: the object, may be NULL
 *
 * Return: false if nothing was ever loaded into it, or the TPM has lost it
 * (reset, TPM2_Clear).
 */
bool trm_object_valid(const struct trm_object *object);

/**
 * trm_object_load() - see to it that a kept object is in the TPM
 * @object: inside a transaction
 *
 * Not needed before a command that uses the object, which would do it, but
 * tells beforehand whether the TPM still knows it.
 *
 * Return: true if it is there; false if it is lost or could not be loaded.
 */
bool trm_object_load(struct trm_object *object);

/**
 * trm_object_flush() - flush an object
 * @object: inside a transaction; nothing happens if it is not valid
 */
void trm_object_flush(struct trm_object *object);

/**
 * trm_session_alloc() - room for a session
 * @client: owner
 * @type: TPM_SE_HMAC or TPM_SE_POLICY
 * @hash: TPM_ALG_ID of its hash: SHA-256, SHA-384 or SHA-512
 *
 * Whoever calls this without CAP_SYS_ADMIN in the initial namespace is charged
 * for the session, and for its memory, when it is kept (trm_session_keep()).
 *
 * Return: the session, not yet started; ERR_PTR of -ENOMEM, -EOPNOTSUPP if this
 * kernel lacks the hash, -EINVAL.
 */
struct trm_session *trm_session_alloc(struct trm_client *client, u8 type,
				      u16 hash);

/**
 * trm_session_salt() - make a session secure
 * @session: not active
 * @key: the storage key to which it is salted; not needed afterwards, but for
 *	its object
 *
 * Prepares a secret that only the TPM with @key can learn.  From
 * trm_session_start() on the session's HMACs depend on it, and it can encrypt by
 * AES-128-CFB.  A session without a salt never encrypts, and its HMAC proves what
 * an authValue proves, nothing if that is empty.  Each start uses the same salt,
 * until this is called again.
 *
 * Context: may sleep and allocate: outside a transaction.
 * Return: 0; -EBADMSG if the public key is none; -EOPNOTSUPP if its nameAlg is
 * SHA-1, or this kernel lacks an algorithm, which is logged; -ENOMEM; -EINVAL if
 * the session is active.  After an error it has no salt.
 */
int trm_session_salt(struct trm_session *session,
		     const struct trm_salt_key *key);

/**
 * trm_session_free() - forget a session
 * @session: outside a transaction; may be NULL or an ERR_PTR
 *
 * One that is active, because it was kept, is flushed: by whoever has the TPM
 * next, or by the resource manager's worker.  Its secrets are wiped at once.
 *
 * Context: may wait for the transaction in progress.  Needs no memory and cannot
 * fail; also while the machine is suspended, and after the TPM was removed.
 */
void trm_session_free(struct trm_session *session);

/**
 * trm_session_start() - StartAuthSession
 * @session: not started, or over
 * @rc: response code of the TPM, valid if 0 is returned
 *
 * The session is unbound.  Its nonces are as long as its hash.  If it is salted,
 * an object slot is needed for the storage key.
 *
 * Context: inside a transaction.
 * Return: as trm_transmit(); -EINVAL also if the storage key is an object that is
 * not valid.
 */
int trm_session_start(struct trm_session *session, u32 *rc);

/**
 * trm_session_active() - has the TPM this session?
 * @session: the session
 *
 * Return: true from trm_session_start() until it was used without
 * continueSession, flushed, or lost; one that is not kept is over at trm_end().
 * That it is lost between transactions may be noticed only when it is used:
 * trm_session_load() tells.
 */
bool trm_session_active(const struct trm_session *session);

/**
 * trm_session_nonce() - the session's last nonceTPM
 * @session: active
 *
 * It is the TPM's own if the last response that used the session was verified, and
 * changes with each command in which the session has an HMAC; not when it is a
 * handle of a command.
 *
 * Return: the nonce, valid until then.
 */
struct tpm2_bytes trm_session_nonce(const struct trm_session *session);

/**
 * trm_session_keep() - let a session outlive the transaction
 * @session: active, inside a transaction
 *
 * It stays until it is used without continueSession, flushed or freed, or the TPM
 * is reset or removed; there is no other limit in time.  It stays in its slot as
 * long as nobody else needs that, a slot is left free, the TPM is not idle for
 * long, nobody has /dev/tpm0 open, and the machine does not suspend.  Else it is
 * saved, and loaded when it is used.
 *
 * A privileged client's session is never kicked out.  That of a user without
 * CAP_SYS_ADMIN, who is the one that called trm_session_alloc(), counts in his
 * quota and that of his control group like his own, and is kicked out like them
 * when the quota or the TPM is full; but never in a transaction that has used it.
 * With on_quota=refuse one over quota is not kept.
 */
void trm_session_keep(struct trm_session *session);

/**
 * trm_session_load() - see to it that a kept session is in the TPM
 * @session: inside a transaction
 *
 * Not needed before a command that uses the session, but tells beforehand whether
 * it is still there: it may have been kicked out, or lost with a reset.  After
 * this it is not kicked out until trm_end().
 *
 * Return: true if it is there; false if it is lost, was never started, or could
 * not be loaded.  trm_session_flush() makes it ready for trm_session_start() in
 * any case.
 */
bool trm_session_load(struct trm_session *session);

/**
 * trm_session_flush() - flush a session
 * @session: inside a transaction; nothing happens if it is not active
 */
void trm_session_flush(struct trm_session *session);

/**
 * trm_foreign_claim() - use a session that user space has started
 * @client: the client, inside a transaction that has a session slot for it too
 * @handle: the session, started on /dev/tpm0 and left loaded there
 *
 * To be called before what needs slots: from here on until trm_end() the session
 * is left where it is, so that a command can name it (&trm_auth.foreign).  One at
 * a time.  Whether there is such a session the command will tell.
 *
 * Context: inside a transaction.
 * Return: 0; -EINVAL if it is no session's handle; -EPERM if the session is not
 * the caller's to use, because a file of /dev/tpmrm0 or a kernel client has it, or
 * because the caller lacks CAP_SYS_ADMIN in the initial namespace.
 */
int trm_foreign_claim(struct trm_client *client, u32 handle);

/**
 * trm_foreign_flush() - flush the session that was claimed
 * @client: the client, inside a transaction
 *
 * A session without continueSession is over after success, but not after failure.
 *
 * Return: 0; -ENOENT if the TPM has no such session; -EPERM if none was claimed, or
 * it was flushed; -errno of the transport, -EBADMSG.
 */
int trm_foreign_flush(struct trm_client *client);

#endif /* _LINUX_TPM_RM_H */
