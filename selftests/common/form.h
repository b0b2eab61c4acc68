/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program some of whose tests are about modules.  Where the code is built in,
 * those are not among its tests.
 */
#ifndef _COMMON_FORM_H
#define _COMMON_FORM_H

#include "kselftest_harness.h"
#include "module.h"

#define FORM_MAX_ARGS	64

/**
 * form_run() - what main() does
 * @argc: its arguments
 * @argv: its arguments
 * @of_modules: names of tests that are about modules, and NULL
 *
 * Return: exit status.
 */
static inline int form_run(int argc, char **argv, const char *const *of_modules)
{
	char *args[FORM_MAX_ARGS];
	int i, nr = 0;

	args[nr++] = argv[0];
	for (i = 1; i < argc && nr < FORM_MAX_ARGS / 2; i++)
		args[nr++] = argv[i];
	if (!module_built_in("tpm_rm"))
		of_modules = NULL;
	for (; of_modules && *of_modules && nr < FORM_MAX_ARGS - 3; of_modules++) {
		args[nr++] = "-T";
		args[nr++] = (char *)*of_modules;
	}
	args[nr] = NULL;
	return test_harness_run(nr, args);
}

#endif
