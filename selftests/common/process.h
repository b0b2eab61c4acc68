/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Child processes, what they wait for, and a TPM that keeps them waiting.
 */
#ifndef _COMMON_PROCESS_H
#define _COMMON_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

long now_ms(void);

/* A child that ends with what @run returns, an errno in these tests. */
pid_t process_start(int (*run)(void *arg), void *arg);

/* Waits, 10 s at most, until @function is on the kernel stack of the process. */
bool process_reaches(pid_t pid, const char *function);

/* False once the process has ended, reaped or not. */
bool process_runs(pid_t pid);

/* The errno with which it ends; 128 and more for signals; -1 after @ms. */
int process_result(pid_t pid, long ms);

/* From now on every command takes @ms longer; needs `run --tpm-delay` or log. */
int tpm_slow(unsigned int ms);

#endif
