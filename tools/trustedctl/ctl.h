/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trustedctl: what its files have in common.
 *
 * Whatever the kernel reads, computes or chooses is done here by the kernel's own
 * PURE files; this program has what they do not: files, text, a TPM, OpenSSL.
 */
#ifndef _CTL_H
#define _CTL_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>
#include <stdbool.h>

/* Of a function, and of the program. */
enum ctl_status {
	CTL_YES = 0,		/* yes, or done */
	CTL_NO = 1,		/* no: would not open, is not there */
	CTL_TROUBLE = 2,	/* usage, or something went wrong */
};

#define CTL_MAX_INPUT	65536	/* octets of a file */

/**
 * struct ctl_verb - one thing that the program does
 * @name: as it is typed
 * @args: what follows it, for the usage
 * @short_desc: one line
 * @help: lines about its options, and examples
 * @run: does it; gets the verb's own arguments, @name first
 */
struct ctl_verb {
	const char *name;
	const char *args;
	const char *short_desc;
	const char *help;
	enum ctl_status (*run)(int argc, char **argv);
};

extern const struct ctl_verb ctl_authpolicy;
extern const struct ctl_verb ctl_check;
extern const struct ctl_verb ctl_pcrs;
extern const struct ctl_verb ctl_policy;
extern const struct ctl_verb ctl_show;
extern const struct ctl_verb ctl_signer;

/* main.c */
void ctl_usage(const struct ctl_verb *verb);
enum ctl_status ctl_usage_fault(const struct ctl_verb *verb, const char *format, ...)
	__printf(2, 3);
enum ctl_status ctl_option_fault(const struct ctl_verb *verb, int option, char **argv);

/* say.c */
enum ctl_status ctl_fault(const char *where, const char *format, ...)
	__printf(2, 3);
enum ctl_status ctl_no(const char *where, const char *format, ...)
	__printf(2, 3);
void *ctl_alloc(size_t size);

/**
 * struct ctl_octets - octets of our own
 * @data: from ctl_alloc() or NULL
 * @len: how many
 */
struct ctl_octets {
	u8 *data;
	size_t len;
};

/* input.c */
enum ctl_status ctl_read(const char *name, struct ctl_octets *in);
enum ctl_status ctl_read_decoded(const char *name, struct ctl_octets *in);
void ctl_octets_free(struct ctl_octets *octets);

static inline struct tpm2_bytes ctl_bytes(const struct ctl_octets *octets)
{
	return tpm2_bytes(octets->data, octets->len);
}

#endif /* _CTL_H */
