/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signatures in the TPM's own form.
 */
#ifndef _CTL_VERIFY_H
#define _CTL_VERIFY_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>
#include <openssl/evp.h>

const EVP_MD *verify_md(u16 alg);
bool verify_signature(struct tpm2_bytes area, struct tpm2_bytes signature,
		      struct tpm2_bytes digest);

#endif /* _CTL_VERIFY_H */
