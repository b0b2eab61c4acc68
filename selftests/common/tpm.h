/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TPM 2.0 as a test program sees it: raw commands over /dev/tpm0 or
 * /dev/tpmrm0, with objects and sessions that can tell whether they still are
 * what they were.
 *
 * What talks to the TPM returns its response code, or -errno: -EBADMSG if the
 * response does not hang together or its HMAC is wrong.  So 0 is success.
 */
#ifndef _COMMON_TPM_H
#define _COMMON_TPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sha256.h"

#define TPM_RAW		"/dev/tpm0"
#define TPM_MANAGED	"/dev/tpmrm0"

#define TPM_BUF_SIZE	4096
#define TPM_NAME_SIZE	(2 + SHA256_SIZE)

enum {
	TPM_CC_EVICT_CONTROL		= 0x120,
	TPM_CC_CREATE_PRIMARY		= 0x131,
	TPM_CC_PCR_RESET		= 0x13d,
	TPM_CC_SEQUENCE_COMPLETE	= 0x13e,
	TPM_CC_GET_SESSION_AUDIT	= 0x14d,
	TPM_CC_HMAC			= 0x155,
	TPM_CC_HMAC_START		= 0x15b,
	TPM_CC_SEQUENCE_UPDATE		= 0x15c,
	TPM_CC_CONTEXT_LOAD		= 0x161,
	TPM_CC_CONTEXT_SAVE		= 0x162,
	TPM_CC_FLUSH_CONTEXT		= 0x165,
	TPM_CC_POLICY_CP_HASH		= 0x16e,
	TPM_CC_READ_PUBLIC		= 0x173,
	TPM_CC_START_AUTH_SESSION	= 0x176,
	TPM_CC_GET_CAPABILITY		= 0x17a,
	TPM_CC_GET_RANDOM		= 0x17b,
	TPM_CC_PCR_READ			= 0x17e,
	TPM_CC_PCR_EXTEND		= 0x182,
	TPM_CC_HASH_SEQUENCE_START	= 0x186,
	TPM_CC_POLICY_GET_DIGEST	= 0x189,
};

enum {
	TPM_ALG_HMAC		= 0x5,
	TPM_ALG_AES		= 0x6,
	TPM_ALG_KEYEDHASH	= 0x8,
	TPM_ALG_XOR		= 0xa,
	TPM_ALG_SHA256		= 0xb,
	TPM_ALG_NULL		= 0x10,
	TPM_ALG_ECC		= 0x23,
	TPM_ALG_CFB		= 0x43,
};

enum {
	TPM_RH_OWNER		= 0x40000001,
	TPM_RH_NULL		= 0x40000007,
	TPM_RS_PW		= 0x40000009,
	TPM_RH_ENDORSEMENT	= 0x4000000b,
};

/* Response codes. */
enum {
	TPM_RC_SESSION_MEMORY	= 0x903,
	TPM_RC_SESSION_HANDLES	= 0x905,
	TPM_RC_REFERENCE_H0	= 0x910,
	TPM_RC_REFERENCE_S0	= 0x918,
};

enum {
	TPM_SE_HMAC	= 0,
	TPM_SE_POLICY	= 1,
};

/* Attributes of a session in a command. */
enum {
	TPM_CONTINUE		= 0x01,
	TPM_AUDIT_EXCLUSIVE	= 0x02,
	TPM_DECRYPT		= 0x20,
	TPM_ENCRYPT		= 0x40,
	TPM_AUDIT		= 0x80,
};

/* TPM_CAP_TPM_PROPERTIES. */
enum {
	TPM_PT_ACTIVE_SESSIONS_MAX	= 0x111,
	TPM_PT_LOCKOUT_COUNTER		= 0x20e,
};

/* Octets being written to @len, or read from @at on; @bad after too many. */
struct tpm_buf {
	size_t len, at;
	bool bad;
	uint8_t data[TPM_BUF_SIZE];
};

void tpm_put(struct tpm_buf *b, const void *p, size_t len);
void tpm_put8(struct tpm_buf *b, uint8_t v);
void tpm_put16(struct tpm_buf *b, uint16_t v);
void tpm_put32(struct tpm_buf *b, uint32_t v);
void tpm_put_sized(struct tpm_buf *b, const void *p, size_t len);

/* NULL if there is not so much any more. */
const uint8_t *tpm_get(struct tpm_buf *b, size_t len);
uint8_t tpm_get8(struct tpm_buf *b);
uint16_t tpm_get16(struct tpm_buf *b);
uint32_t tpm_get32(struct tpm_buf *b);
const uint8_t *tpm_get_sized(struct tpm_buf *b, uint16_t *len);

/* A sized field of SHA256_SIZE octets. */
void tpm_get_digest(struct tpm_buf *b, uint8_t *out);

/* 0 if all has been read, and not more; -EBADMSG. */
long tpm_finish(const struct tpm_buf *b);

/* An object, with what its owner knows of it. */
struct tpm_object {
	uint32_t handle;
	uint16_t name_len;
	uint8_t name[TPM_NAME_SIZE];
	uint8_t auth_len;
	char auth[16];
	char key[16];		/* of a key for HMACs */
};

/* A session for SHA-256, unsalted, with what its owner knows. */
struct tpm_session {
	uint32_t handle;
	uint8_t type;
	uint8_t secrets;		/* TPM_DECRYPT, TPM_ENCRYPT: hides keys' parameters */
	const struct tpm_object *bound;
	uint8_t key_len;
	uint8_t key[SHA256_SIZE];	/* sessionKey */
	uint8_t nonce_caller[SHA256_SIZE];
	uint8_t nonce_tpm[SHA256_SIZE];
	uint8_t policy[SHA256_SIZE];	/* digest */
	uint8_t audit[SHA256_SIZE];	/* digest */
};

/*
 * One session of a command; NULL stands for a password.  Only the first can
 * hide parameters.
 */
struct tpm_auth {
	struct tpm_session *session;
	uint8_t attributes;	/* TPM_CONTINUE is there by itself */
	bool last;		/* but not then */
	uint8_t answered;	/* those in the response */
};

/*
 * A command.  Handle number i is that of @object[i] if there is one; the first
 * authorizations belong to the first handles.
 */
struct tpm_call {
	uint32_t code;
	int handles;
	uint32_t handle[3];
	const struct tpm_object *object[3];
	int auths;
	struct tpm_auth auth[3];
	struct tpm_buf params;
	uint32_t *result;	/* where the handle in the response goes */
	struct tpm_buf reply;	/* parameters of the response */
};

int tpm_open(const char *path);
long tpm_run(int fd, struct tpm_call *c);

/* KDFa of SHA-256 (Part 1, 11.4.10.2); both contexts are nonces. */
void tpm_kdf(const uint8_t *key, size_t key_len, const char *label, const uint8_t *u,
	     const uint8_t *v, uint8_t *out, size_t len);

/*
 * Hides the first parameter, one with a size, or shows it again, by XOR, for
 * the authorization with number 0 (Part 1, 21.2).
 */
void tpm_hide(const struct tpm_call *c, struct tpm_buf *params, const uint8_t *newer,
	      const uint8_t *older);

/* Octets in, octets out: no more than the device does. */
long tpm_transmit(int fd, struct tpm_buf *b);

/* A key for HMACs in the null hierarchy; @nr makes each another. */
long tpm_create_key(int fd, struct tpm_object *o, unsigned int nr);

/* The Name that ReadPublic says must be right. */
long tpm_check_name(int fd, const struct tpm_object *o);

/* That, and an HMAC by the key: both must be right. */
long tpm_use_key(int fd, const struct tpm_object *o, struct tpm_session *s);

/* A parent for sealed objects: ECC P-256, noDA, no authValue. */
long tpm_create_parent(int fd, uint32_t hierarchy, struct tpm_object *o);
long tpm_persist(int fd, const struct tpm_object *o, uint32_t persistent);

long tpm_sequence_start(int fd, uint32_t *handle);
long tpm_hmac_start(int fd, const struct tpm_object *key, uint32_t *handle);
long tpm_sequence_update(int fd, uint32_t handle, const char *data);
long tpm_sequence_complete(int fd, uint32_t handle, const char *data, uint8_t *digest);

long tpm_session_start(int fd, uint8_t type, struct tpm_session *s);

/* For HMACs, bound to the key, and with parameters hidden both ways. */
long tpm_session_start_bound(int fd, const struct tpm_object *key, struct tpm_session *s);

/* One last command, with continueSession clear: the session goes with it. */
long tpm_session_finish(int fd, struct tpm_session *s);

/* Makes the digest of a policy session one that no other @nr has. */
long tpm_session_mark(int fd, struct tpm_session *s, unsigned int nr);

/* A policy session's digest must be right; another authorizes a command. */
long tpm_session_use(int fd, struct tpm_session *s);

/* Audits a command; @exclusive: the TPM says that nothing else came between. */
long tpm_session_audit(int fd, struct tpm_session *s, bool *exclusive);

/* The TPM's digest of what was audited must be ours. */
long tpm_session_check_audit(int fd, struct tpm_session *s);

long tpm_context_save(int fd, uint32_t handle, struct tpm_buf *context);
long tpm_context_load(int fd, const struct tpm_buf *context, uint32_t *handle);
long tpm_flush(int fd, uint32_t handle);

long tpm_pcr_extend(int fd, unsigned int pcr, const uint8_t *digest);
long tpm_pcr_read(int fd, unsigned int pcr, uint8_t *digest);
long tpm_property(int fd, uint32_t property, uint32_t *value);

#define TPM_MAX_HANDLES	128

struct tpm_handles {
	int nr;
	uint32_t handle[TPM_MAX_HANDLES];
};

/* Everything in the physical TPM that has a handle and can come and go. */
struct tpm_state {
	struct tpm_handles transient, loaded, saved, persistent;
};

/* One answer: at most @max handles from @first on, and whether there are more. */
long tpm_list_handles(int fd, uint32_t first, uint32_t max, struct tpm_handles *h, bool *more);

/* The same with the session as audit. */
long tpm_list_audited(int fd, uint32_t first, struct tpm_session *s, struct tpm_handles *h);

/*
 * End the sessions that trusted keys keep from one to the next: they are nobody's
 * handles.  Those who read the state do it first.
 */
void tpm_forget_kept(void);

/* @fd is of TPM_RAW; the second opens it. */
long tpm_read_state(int fd, struct tpm_state *s);
long tpm_state_now(struct tpm_state *s);
bool tpm_same_handles(const struct tpm_handles *a, const struct tpm_handles *b);
bool tpm_same_state(const struct tpm_state *a, const struct tpm_state *b);
bool tpm_has_handle(const struct tpm_handles *h, uint32_t handle);
void tpm_print_state(const char *what, const struct tpm_state *s);

#endif
