/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session that its client has saved and left behind, as tpm2-tools do between
 * two of their runs.
 */
#ifndef _HOSTILE_ORPHAN_H
#define _HOSTILE_ORPHAN_H

#include "client.h"

struct orphan {
	struct tpm_session session;
	struct tpm_buf context;
};

/* Starts a policy session, saves it, and goes; @nr makes it another. */
long orphan_leave(uid_t uid, struct orphan *o, unsigned int nr);

/* Loads it in another file, uses it, and saves it anew or flushes it. */
long orphan_adopt(uid_t uid, struct orphan *o, bool keep);

#endif
