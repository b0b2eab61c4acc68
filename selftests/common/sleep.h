/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Suspending the VM (s2idle); it is woken by a key every two seconds, with `run
 * --wake`.
 */
#ifndef _COMMON_SLEEP_H
#define _COMMON_SLEEP_H

/* Keys wake the machine from now on; 0, or -errno. */
int sleep_prepare(void);

/* Returns when the machine is awake again; 0, or -errno. */
int sleep_till_key(void);

#endif
