// SPDX-License-Identifier: GPL-2.0-only
/*
 * How /dev/tpmrm0 refuses.
 */
#include "hostile.h"
#include "module.h"
#include "refusal.h"

bool rm_is_ours(void)
{
	return module_present("tpm_rm");
}

long rm_refusal(long got, long rc)
{
	return !rm_is_ours() && got == rc ? rc : RM_LAYER | rc;
}

bool expect_refused(const char *what, long got, long rc)
{
	return expect_is(what, got, rm_refusal(got, rc));
}

bool expect_no_context(const char *what, long got)
{
	long rc = got > 0 ? got & 0xffff : got;

	return expect_that(what, rc == RC_HANDLE || rc == RC_INTEGRITY, "%s", outcome(got));
}
