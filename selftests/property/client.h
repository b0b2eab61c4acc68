/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client: its registers, the commands that it makes of steps, and what it
 * expects in return.  It does not know who carries its commands to a TPM.
 *
 *	object.c	templates
 *	send.c		commands with their authorizations
 *	build.c		a step becomes a command
 *	take.c		a response goes into the registers
 */
#ifndef _PROPERTY_CLIENT_H
#define _PROPERTY_CLIENT_H

#include "object.h"
#include "program.h"
#include "wire.h"

#define MAX_SAVED	3072	/* octets of a saved context */
#define NONCE_SIZE	16	/* octets of every nonce */

/**
 * struct session - what a client knows of a session of its own
 * @full: there is one
 * @saved: the client has saved it
 * @orphan: and has closed its file since
 * @gone: whoever carries commands has told us that it is no more
 * @type: TPM_SE
 * @handle: as the TPM gave it
 * @alg: hash
 * @times: which of its contexts is the present one
 * @fresh: not used since it was loaded
 * @nonce_tpm: nonceTPM
 * @nonce_caller: nonceCaller, as long as that
 * @key: sessionKey
 * @key_len: octets in it
 * @bind: Name of the object that it is bound to
 * @bind_len: octets in it; 0: none
 * @value: PolicyAuthValue was said
 * @password: PolicyPassword was said
 * @digest: policyDigest, calculated here
 * @random: the Name of an object that differs from run to run is in @digest
 * @aes: it can encrypt
 */
struct session {
	bool full;
	bool saved;
	bool orphan;
	bool gone;
	u8 type;
	u32 handle;
	u16 alg;
	u32 times;
	bool fresh;
	u8 nonce_tpm[NONCE_SIZE];
	u8 nonce_caller[NONCE_SIZE];
	u8 key[TPM2_MAX_DIGEST];
	u16 key_len;
	u8 bind[TPM2_MAX_NAME];
	u16 bind_len;
	bool value;
	bool password;
	u8 digest[TPM2_MAX_DIGEST];
	bool random;
	bool aes;
};

/**
 * struct saved - a context that a client keeps
 * @len: octets in @data; 0: none
 * @data: TPMS_CONTEXT
 * @session: it is a session's
 * @of: register of the session
 * @times: &struct session.times then
 * @object: the object as it was then
 */
struct saved {
	u16 len;
	u8 data[MAX_SAVED];
	bool session;
	u8 of;
	u32 times;
	struct object object;
};

/**
 * struct blob - what Create gave
 * @len: octets in @data; 0: none
 * @data: TPM2B_PRIVATE and TPM2B_PUBLIC
 * @object: what it will be
 */
struct blob {
	u16 len;
	u8 data[600];
	struct object object;
};

/* One session of a command on its way. */
struct sending_auth {
	struct session *session;	/* NULL: a password */
	u8 attributes;
	bool with_value;
	bool plain;			/* the password instead of an HMAC */
	bool wrong;
	bool gone;			/* it was before the command */
	struct tpm2_bytes value;
};

/**
 * struct sending - a command on its way
 * @code: TPM_CC
 * @handle: its handles
 * @nr: how many
 * @name: their Names
 * @value: their authValues
 * @auths: how many of them are authorized
 * @params: parameters
 * @w: writes into @params
 * @auth: sessions
 * @nr_auths: how many
 * @shape: the parameters of the response: B: TPM2B that follows from the
 *	program, R: one that does not, 2, 4: octets that do, x: four that do not,
 *	*: the rest, ?: the rest, which does not
 * @made: object that comes into being
 * @into: register for it, or for the session
 * @mangled: must be refused
 */
struct sending {
	u32 code;
	u32 handle[TPM2_MAX_HANDLES];
	unsigned int nr;
	struct tpm2_bytes name[TPM2_MAX_HANDLES];
	u8 handle_name[TPM2_MAX_HANDLES][4];
	struct tpm2_bytes value[TPM2_MAX_HANDLES];
	unsigned int auths;
	u8 params[TPM2_BUFFER_SIZE];
	struct tpm2_writer w;
	struct sending_auth auth[TPM2_MAX_SESSIONS];
	unsigned int nr_auths;
	const char *shape;
	struct object made;
	u8 into;
	bool mangled;
};

/**
 * struct client - a client
 * @object: registers
 * @session: registers
 * @context: registers
 * @blob: registers
 * @signature: TPMT_SIGNATURE of the last Sign
 * @signature_len: octets in it
 * @times: counts saves and new sessions
 * @forgiving: what it had may be lost, as after a reset of the TPM
 * @now: the command on its way
 * @what: kind of step that it is: a full register is flushed first
 * @wrong: what is not as it must be; NULL: nothing
 */
struct client {
	struct object object[OBJECTS];
	struct session session[SESSIONS];
	struct saved context[CONTEXTS];
	struct blob blob[BLOBS];
	u8 signature[160];
	u16 signature_len;
	u32 times;
	bool forgiving;
	struct sending now;
	u8 what;
	const char *wrong;
};

/**
 * struct result - what is compared
 * @what: kind of step that it came to
 * @rc: response code; an errno as RESULT_ERRNO | errno; RESULT_NOTHING
 * @len: octets in @bytes
 * @bytes: the response as far as it follows from the program; of the rest only
 *	the lengths
 */
struct result {
	u8 what;
	u32 rc;
	u16 len;
	u8 bytes[700];
};

#define RESULT_ERRNO	0xe0000000
#define RESULT_NOTHING	0xffffffff

/**
 * struct path - who carries the commands of clients to a TPM
 * @transmit: returns octets in @rsp or -errno; @cmd may be written to
 * @open: the client opens one more file, which it uses from now on
 * @close: the client closes the file that it used before; @keep: handle of a
 *	session that is in the new one, or 0
 * @foreign: a step that is about another client; NULL: alone there is none
 */
struct path {
	int (*transmit)(struct path *path, unsigned int who, u8 *cmd,
			size_t len, u8 *rsp);
	void (*open)(struct path *path, unsigned int who);
	void (*close)(struct path *path, unsigned int who, u32 keep);
	void (*foreign)(struct path *path, unsigned int who,
			const struct step *s);
};

/* One step, over a path. */
void client_step(struct client *c, unsigned int who, struct path *path,
		 const struct step *s, struct result *result);

/* send.c */
void send_start(struct client *c, u32 code, const char *shape);
void send_handle(struct client *c, u32 handle);
void send_object(struct client *c, const struct object *o);
void send_auths(struct client *c, const struct step *s, unsigned int auths);
size_t send_finish(struct client *c, const struct step *s, u8 *cmd);
bool send_check(struct client *c, const struct trm_wire_response *r);
void session_key(struct session *s, struct tpm2_bytes value);

/* The number of a session is free again, or somebody else's. */
void client_lose_number(struct client *c, u32 handle);

/* build.c; @cmd: TPM2_BUFFER_SIZE octets.  Returns 0 if there is nothing to do. */
size_t client_build(struct client *c, const struct step *s, u8 *cmd);

/* A context that is good; NULL: there is none. */
struct saved *client_present(struct client *c, unsigned int session);
u32 object_handle(const struct client *c, u8 reg);
u32 session_handle(const struct client *c, u8 reg, bool other_octet);

/* take.c; @len: octets in @rsp or -errno. */
void client_take(struct client *c, const struct step *s, const u8 *rsp, int len,
		 struct result *result);

/* The file was closed; @session is in the next one, NULL: none is. */
void client_close(struct client *c, const struct session *session);

#endif /* _PROPERTY_CLIENT_H */
