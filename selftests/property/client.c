// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client does a step: mostly one command.
 */
#include "client.h"

/* Returns false if the register had to be emptied first: now it is. */
static bool try_command(struct client *c, unsigned int who, struct path *path,
			const struct step *s, struct result *result)
{
	u8 cmd[TPM2_BUFFER_SIZE], rsp[TPM2_BUFFER_SIZE];
	size_t len = client_build(c, s, cmd);

	result->what = c->what;
	if (!len)
		return true;
	client_take(c, s, rsp, path->transmit(path, who, cmd, len, rsp), result);
	return c->what == s->kind;
}

static void command(struct client *c, unsigned int who, struct path *path,
		    const struct step *s, struct result *result)
{
	if (!try_command(c, who, path, s, result))
		try_command(c, who, path, s, result);
}

/* A session that the client saved, but has no context of any more. */
static void flush_lost(struct client *c, unsigned int who, struct path *path)
{
	struct step s = { .kind = STEP_FlushSession };
	struct result result;

	for (s.session = 0; s.session < SESSIONS; s.session++) {
		const struct session *session = &c->session[s.session];

		if (session->full && session->saved && !session->orphan &&
		    !client_present(c, s.session))
			command(c, who, path, &s, &result);
	}
}

static void reopen(struct client *c, unsigned int who, struct path *path)
{
	flush_lost(c, who, path);
	path->open(path, who);
	path->close(path, who, 0);
	client_close(c, NULL);
}

/* The next file takes over a saved session while the first is still open. */
static void hand_over(struct client *c, unsigned int who, struct path *path,
		      const struct step *s, struct result *result)
{
	const struct saved *ctx = &c->context[s->context];
	struct session *session = &c->session[ctx->of];

	if (!ctx->len || !ctx->session)
		return;
	flush_lost(c, who, path);
	path->open(path, who);
	command(c, who, path, s, result);
	if (result->rc)
		session = NULL;
	path->close(path, who, session ? session->handle : 0);
	client_close(c, session);
}

void client_step(struct client *c, unsigned int who, struct path *path,
		 const struct step *s, struct result *result)
{
	result->what = s->kind;
	result->rc = RESULT_NOTHING;
	result->len = 0;
	switch (s->kind) {
	case STEP_Reopen:
		reopen(c, who, path);
		break;
	case STEP_HandOver:
		hand_over(c, who, path, s, result);
		break;
	case STEP_ForeignSession:
	case STEP_ForeignContext:
		if (path->foreign)
			path->foreign(path, who, s);
		break;
	default:
		command(c, who, path, s, result);
	}
}
