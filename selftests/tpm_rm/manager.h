/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The resource manager as an administrator sees it: who uses the module, what
 * debugfs says, and the parameters.
 */
#ifndef _TPM_RM_MANAGER_H
#define _TPM_RM_MANAGER_H

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "module.h"
#include "process.h"

/* The lines of debugfs's clients, without the headings; those of all TPMs. */
static inline int manager_clients(void)
{
	glob_t g;
	int c, nr = 0;
	size_t i;
	FILE *f;

	if (glob("/sys/kernel/debug/tpm_rm/tpm*/clients", 0, NULL, &g))
		return 0;
	for (i = 0; i < g.gl_pathc; i++) {
		f = fopen(g.gl_pathv[i], "re");
		if (!f)
			continue;
		for (nr--; (c = getc(f)) != EOF;)
			nr += c == '\n';
		fclose(f);
	}
	globfree(&g);
	return nr;
}

/* Files of /dev/tpmrm0 that we serve; those of a module include TPMs that are gone. */
static inline int manager_files(void)
{
	if (module_built_in("tpm_rm"))
		return manager_clients();
	return module_references("tpm_rm") - module_present("trusted");
}

/* A number that debugfs has of the TPM; -errno. */
static inline long manager_stat(const char *name)
{
	char line[80], key[64];
	long value, found = -ENOENT;
	glob_t g;
	FILE *f;

	if (glob("/sys/kernel/debug/tpm_rm/tpm*/stats", 0, NULL, &g))
		return -ENODEV;
	f = fopen(g.gl_pathv[0], "re");
	globfree(&g);
	if (!f)
		return -errno;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s %ld", key, &value) == 2 && !strcmp(key, name))
			found = value;
	}
	fclose(f);
	return found;
}

/* Waits, 10 s at most, until it is so. */
static inline bool manager_reaches(const char *name, long value)
{
	long end = now_ms() + 10000;

	while (manager_stat(name) != value && now_ms() < end)
		usleep(1000);
	return manager_stat(name) == value;
}

/* 0, or -errno. */
static inline int manager_set(const char *parameter, const char *value)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "/sys/module/tpm_rm/parameters/%s", parameter);
	f = fopen(path, "we");
	if (!f)
		return -errno;
	fputs(value, f);
	return fclose(f) ? -errno : 0;
}

#endif /* _TPM_RM_MANAGER_H */
