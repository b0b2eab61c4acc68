// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client tries what others have: their session numbers, their contexts.
 *
 * It must be refused with just the code that says so, and the owner must not
 * notice: what was in the TPM is there still, and the owner's next command on it
 * works (take.c).
 */
#include "through.h"

static struct through *of_path(struct path *path)
{
	return container_of(path, struct through, path);
}

static int try(struct through *t, unsigned int who, u32 code,
	       const u8 *body, size_t len, bool auths)
{
	u8 cmd[TPM2_BUFFER_SIZE], rsp[TPM2_BUFFER_SIZE];
	struct tpm2_writer w = tpm2_writer(cmd, sizeof(cmd));
	int got;

	tpm2_put_u16(&w, auths ? TPM_ST_SESSIONS : TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, TPM2_HEADER_SIZE + len);
	tpm2_put_u32(&w, code);
	tpm2_put(&w, body, len);
	got = t->path.transmit(&t->path, who, cmd, w.len, rsp);
	return got < 0 ? got : (int)get_unaligned_be32(rsp + 6);
}

/* GetRandom(4), audited by the session. */
static int try_auth(struct through *t, unsigned int who, u32 handle)
{
	u8 body[64];
	struct tpm2_writer w = tpm2_writer(body, sizeof(body));
	size_t start = tpm2_open_u32(&w);

	tpm2_put_u32(&w, handle);
	tpm2_put_u16(&w, 0);
	tpm2_put_u8(&w, TPMA_SESSION_continueSession | TPMA_SESSION_audit);
	tpm2_put_u16(&w, 0);
	tpm2_close_u32(&w, start);
	tpm2_put_u16(&w, 4);
	return try(t, who, 0x17b, body, w.len, true);
}

static void try_session(struct through *t, unsigned int who, u32 handle,
			const struct step *s)
{
	static const u32 codes[] = {
		0x189 /* PolicyGetDigest */, TPM_CC_ContextSave,
		TPM_CC_FlushContext, TPM_CC_PolicyRestart,
	};
	static const u32 refused[] = {
		TPM_RC_REFERENCE_H0, TPM_RC_REFERENCE_H0, TPM_RC_HANDLE_P1,
		TPM_RC_REFERENCE_H0, TPM_RC_REFERENCE_S0,
	};
	unsigned int how = s->variant % 5;
	u8 body[4];
	int rc;

	put_unaligned_be32(handle, body);
	rc = how == 4 ? try_auth(t, who, handle) :
			try(t, who, codes[how], body, 4, false);
	if (rc != (int)(TRM_RC_LAYER | refused[how]))
		t->wrong = "somebody else's session was not refused";
}

static bool is_users(const struct through *t, unsigned int a, unsigned int b)
{
	return t->files[a].space[t->files[a].now].account[TRM_USER] ==
	       t->files[b].space[t->files[b].now].account[TRM_USER];
}

static void try_context(struct through *t, unsigned int who,
			const struct saved *ctx)
{
	int rc;

	rc = try(t, who, TPM_CC_ContextLoad, ctx->data, ctx->len, false);
	if (rc != (int)(TRM_RC_LAYER | TPM_RC_HANDLE_P1))
		t->wrong = "somebody else's context was not refused";
}

void foreign_step(struct path *path, unsigned int who, const struct step *s)
{
	struct through *t = of_path(path);
	unsigned int other = s->salt % t->nr, i;
	struct client *c = &t->client[other];
	struct session *session = NULL;

	if (other == who)
		return;
	for (i = 0; i < SESSIONS; i++) {
		session = &c->session[(s->session + i) % SESSIONS];
		if (session->full && !session->gone &&
		    (s->kind == STEP_ForeignSession || session->saved))
			break;
	}
	if (i == SESSIONS || t->mode->reset)
		return;
	if (s->kind == STEP_ForeignSession)
		try_session(t, who, s->other_octet ?
			    session->handle ^ 0x01000000 : session->handle, s);
	else if (!is_users(t, who, other) &&
		 client_present(c, session - c->session))
		try_context(t, who, client_present(c, session - c->session));
}
