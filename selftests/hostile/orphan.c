// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sessions that their clients have saved and left behind.
 */
#include <errno.h>
#include <unistd.h>

#include "orphan.h"

long orphan_leave(uid_t uid, struct orphan *o, unsigned int nr)
{
	int fd = open_as(uid, TPM_MANAGED);
	long err = fd < 0 ? fd : tpm_session_start(fd, TPM_SE_POLICY, &o->session);

	if (!err)
		err = tpm_session_mark(fd, &o->session, nr);
	if (!err)
		err = tpm_context_save(fd, o->session.handle, &o->context);
	close(fd);
	return err;
}

long orphan_adopt(uid_t uid, struct orphan *o, bool keep)
{
	int fd = open_as(uid, TPM_MANAGED);
	uint32_t handle;
	long err = fd < 0 ? fd : tpm_context_load(fd, &o->context, &handle);

	if (!err && handle != o->session.handle)
		err = -ESTALE;
	if (!err)
		err = session_works(fd, &o->session);
	if (!err && keep)
		err = tpm_context_save(fd, handle, &o->context);
	else if (!err)
		err = tpm_flush(fd, handle);
	close(fd);
	return err;
}
