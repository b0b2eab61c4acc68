/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A blob and all that is known of it without a TPM.
 */
#ifndef _CTL_BLOB_H
#define _CTL_BLOB_H

#include "ctl.h"
#include "keyfile.h"
#include "object.h"
#include "tree.h"

/**
 * struct blob - a blob, read
 * @kf: its fields, which point into the octets that it was read from
 * @public: public area of the object
 * @object_name: its Name
 * @object_name_len: octets of it
 * @old_format: the blob is of before Linux 5.13
 * @tree: its policy, of its own memory; without a statement if there is none
 * @tree_err: the policy cannot be read: -EBADMSG or -EOPNOTSUPP
 * @tree_what: and why
 */
struct blob {
	struct tpk_keyfile kf;
	struct tpk_public public;
	u8 object_name[TPM2_MAX_NAME];
	size_t object_name_len;
	bool old_format;
	struct tpk_tree *tree;
	int tree_err;
	const char *tree_what;
};

enum ctl_status blob_decode(struct blob *b, const char *name, struct tpm2_bytes octets);
void blob_free(struct blob *b);

#endif /* _CTL_BLOB_H */
