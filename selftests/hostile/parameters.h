/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameters of tpm_rm.
 */
#ifndef _HOSTILE_PARAMETERS_H
#define _HOSTILE_PARAMETERS_H

/*
 * Around a case, which may set what it likes and need not come to its end:
 * afterwards all are what they were.
 */
void parameters_save(void);
void parameters_restore(void);

/* 0; -errno: -ENOENT where stock is. */
int parameter_set(const char *name, unsigned int value);
int parameter_set_text(const char *name, const char *value);

/* As many as there are, for each file, user and cgroup. */
void parameters_no_quota(void);

#endif
