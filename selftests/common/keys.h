/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trusted keys as a program sees them: the system calls, what the kernel's log
 * says of them, and which TPM commands they send.
 */
#ifndef _SELFTESTS_KEYS_H
#define _SELFTESTS_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- system calls: a serial number or 0, else -errno ---------------------- */

/**
 * key_ring() - a keyring that ends with this process
 *
 * Return: its serial number, or -errno.
 */
int key_ring(void);

/* key_add_octets() - add_key() of type trusted */
int key_add_octets(int ring, const char *name, const void *text, size_t len);
int key_add(int ring, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int key_update(int key, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int key_unlink(int ring, int key);

/* key_find() - the key of type trusted and of this name, or -errno */
int key_find(int ring, const char *name);

/* key_count() - how many keys a keyring has, or -errno */
int key_count(int ring);

/**
 * key_blob() - what reading a key gives
 * @key: the key
 *
 * Return: hex digits that end in NUL, to be freed; NULL and errno.
 */
char *key_blob(int key);

/* --- hex ------------------------------------------------------------------ */

/* hex_encode() - @len octets as 2 * @len digits and NUL, to be freed */
char *hex_encode(const void *octets, size_t len);

/**
 * hex_decode() - read hex digits
 * @hex: the digits, to the NUL
 * @out: where to
 * @size: its size
 *
 * Return: octets; 0 if @hex is something else or too long.
 */
size_t hex_decode(const char *hex, uint8_t *out, size_t size);

/* --- the kernel's log ----------------------------------------------------- */

#define KLOG_LINES	64

/**
 * struct klog - lines of the log since klog_mark()
 * @fd: /dev/kmsg
 * @nr: number of @line
 * @line: text of each, without what /dev/kmsg has before it
 */
struct klog {
	int fd;
	int nr;
	char line[KLOG_LINES][512];
};

/* klog_open() - 0, or -errno */
int klog_open(struct klog *log);
void klog_close(struct klog *log);

/* klog_mark() - forget what was logged up to now */
void klog_mark(struct klog *log);

/* klog_read() - take what was logged since; false if there was too much */
bool klog_read(struct klog *log);

/* klog_has() - number of lines since the mark that have @text in them */
int klog_has(const struct klog *log, const char *text);

/* --- TPM commands --------------------------------------------------------- */

#define TPM_TRACE_MAX	1024

/**
 * struct tpm_trace - TPM commands that the kernel sent for this process
 * @nr: number of @cc
 * @cc: TPM_CC of each
 */
struct tpm_trace {
	int nr;
	uint32_t cc[TPM_TRACE_MAX];
};

/* tpm_trace_start() - count from now on, this process only; 0 or -errno */
int tpm_trace_start(void);
void tpm_trace_stop(void);

/* tpm_trace_take() - those since the last time; 0, or -errno */
int tpm_trace_take(struct tpm_trace *trace);

#endif /* _SELFTESTS_KEYS_H */
