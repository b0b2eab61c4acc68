// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a blob as the kernel does before it touches the TPM.
 */
#include <linux/errno.h>
#include <stdlib.h>

#include "blob.h"

static enum ctl_status decode_keyfile(struct blob *b, const char *name,
				      struct tpm2_bytes octets)
{
	const char *what;

	b->old_format = octets.data[0] != 0x30;
	if (b->old_format && tpk_oldfile_decode(octets, &b->kf, &what))
		return ctl_fault(name, "is no key file: neither DER, hex nor PEM of it (%s)", what);
	if (!b->old_format && tpk_keyfile_decode(octets, &b->kf, &what))
		return ctl_fault(name, "is malformed: %s; the kernel refuses it", what);
	return CTL_YES;
}

static enum ctl_status decode_public(struct blob *b, const char *name)
{
	struct tpm2_reader r = tpm2_reader(b->kf.public.data, b->kf.public.len);
	struct tpm2_bytes area = tpm2_get_sized(&r);
	int err = tpk_public_decode(area, &b->public);
	int len = err ? 0 : tpk_public_name(area, b->object_name);

	if (err == -EOPNOTSUPP || len < 0)
		return ctl_fault(name, "its name algorithm is not supported");
	if (err)
		return ctl_fault(name, "is malformed: public area; the kernel refuses it");
	b->object_name_len = len;
	return CTL_YES;
}

/**
 * blob_decode() - read a blob
 * @b: result, to be freed in any case
 * @name: of the file, for what goes wrong
 * @octets: the blob
 *
 * A policy that cannot be read is no error, but noted.
 *
 * Return: CTL_YES or CTL_TROUBLE.
 */
enum ctl_status blob_decode(struct blob *b, const char *name, struct tpm2_bytes octets)
{
	enum ctl_status status = decode_keyfile(b, name, octets);
	struct tpk_signed_policies signed_policies;

	if (!status)
		status = decode_public(b, name);
	if (status)
		return status;
	signed_policies = (struct tpk_signed_policies){ .recorded = b->kf.auth_policy };
	b->tree = ctl_alloc(sizeof(*b->tree));
	b->tree_err = tpk_tree_build(b->tree, &b->kf.policy, &signed_policies,
				     b->public.name_alg, &b->tree_what);
	return CTL_YES;
}

/**
 * blob_free() - give back what a blob holds
 * @b: the blob; may never have been read
 */
void blob_free(struct blob *b)
{
	free(b->tree);
	b->tree = NULL;
}
