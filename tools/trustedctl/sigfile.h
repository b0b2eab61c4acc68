/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tpm2-pcr-signature.json: policies that systemd-measure has signed.
 */
#ifndef _CTL_SIGFILE_H
#define _CTL_SIGFILE_H

#include "assertion.h"
#include "ctl.h"
#include "der.h"
#include "keyfile.h"
#include "pcrs.h"
#include "policyder.h"
#include "tree.h"

#define SIGFILE_MAX_ENTRIES	256
#define SIGFILE_MAX_SIGNATURE	512	/* octets: RSA-4096 */

/**
 * struct sigfile_entry - a signed policy
 * @pcrs: its PCRs, one bank, no values
 * @index: which of its bank, from 0
 * @pkfp: fingerprint of the key that signed
 * @pol: the policy's digest, SHA-256
 * @sig: the signature over @pol, as OpenSSL has it
 * @sig_len: its octets
 */
struct sigfile_entry {
	struct tpk_pcrs pcrs;
	unsigned int index;
	u8 pkfp[32];
	u8 pol[32];
	u8 sig[SIGFILE_MAX_SIGNATURE];
	size_t sig_len;
};

/**
 * struct sigfile - a file
 * @nr: number of @entry
 * @entry: in the order of the file
 */
struct sigfile {
	unsigned int nr;
	struct sigfile_entry entry[SIGFILE_MAX_ENTRIES];
};

enum ctl_status sigfile_read(const char *path, struct sigfile **result);

#endif /* _CTL_SIGFILE_H */
