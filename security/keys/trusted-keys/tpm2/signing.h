/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PolicySigned as a transaction on a file, so that nothing in the kernel waits for
 * a person: an open file of /dev/trusted-sign has a blob, a session of the TPM,
 * and what was signed.
 *
 *	           "load ..."           "sign ..."          add_key(signfd=)
 *	   FRESH ------------> ASKED ------------> SIGNED ------------> OVER
 *	                        | ^                 |  | bad signature    ^
 *	                        | +-----------------|--+                  |
 *	                        +-------------------+---------------------+
 *	                              session lost, nonce refused, expired
 *
 *	FRESH	nothing is asked; a line that is wrong changes nothing
 *	ASKED	the TPM has a policy session, kept by the resource manager as long as
 *		the file is open, and its nonceTPM is what the challenge says: nobody
 *		may use the session with an HMAC until PolicySigned was run
 *	SIGNED	the same, and at least one signature is there; it holds for as many
 *		attempts as it takes, since a failed Unseal changes no nonce
 *	OVER	the session was used up, or is of no use any more; the text of the
 *		challenge can still be read
 *
 * Closing the file ends the session in each state.
 */
#ifndef _TPK_SIGNING_H
#define _TPK_SIGNING_H

#include <linux/mutex.h>
#include <linux/wait.h>

#include "challenge.h"
#include "unseal.h"

enum tpk_signing_state {
	TPK_SIGNING_FRESH,
	TPK_SIGNING_ASKED,
	TPK_SIGNING_SIGNED,
	TPK_SIGNING_OVER,
};

/**
 * struct tpk_signing - an open file of /dev/trusted-sign
 * @lock: protects the rest; taken outside of all locks of the resource manager,
 *	held across TPM commands, never while user memory is touched; with
 *	key_types_sem held it is only tried for
 * @wait: for a change of @state
 * @state: see above
 * @line: a line that is being written; NULL: none has begun.  May hold keyauth=
 * @line_len: its octets so far
 * @tpm: the TPM of @session; NULL before there is one
 * @session: the policy session; NULL before there is one
 * @dirty: something was run in it: PolicyRestart is needed
 * @spoilt: it is of no use any more
 * @challenge: what is asked, and the answers; NULL in FRESH
 * @blob: the blob whose object is to be unsealed
 * @blob_len: its octets
 * @text: the challenge for those who read; does not change once it is there
 * @text_len: its octets
 */
struct tpk_signing {
	struct mutex lock; /* of all that follows */
	wait_queue_head_t wait;
	enum tpk_signing_state state;
	char *line;
	size_t line_len;
	struct tpk_tpm *tpm;
	struct trm_session *session;
	bool dirty;
	bool spoilt;
	struct tpk_challenge *challenge;
	u8 *blob;
	size_t blob_len;
	char *text;
	size_t text_len;
};

/* signing.c */
int tpk_signing_line(struct tpk_signing *s, char *line, size_t len);
void tpk_signing_clear(struct tpk_signing *s);
void tpk_signing_settle(struct tpk_signing *s);

/* signdev.c */
struct file *tpk_signing_open(const struct tpk_options *o,
			      struct tpk_signing **signing);
void tpk_signing_close(struct file *file);

#endif /* _TPK_SIGNING_H */
