// SPDX-License-Identifier: GPL-2.0-only
/*
 * Public areas of objects: reading, naming, and the templates for new ones.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "object.h"

#define AES_KEY_BITS	128
#define RSA_KEY_BITS	2048

#define PRIMARY_ATTRIBUTES						\
	(TPMA_OBJECT_fixedTPM | TPMA_OBJECT_fixedParent |		\
	 TPMA_OBJECT_sensitiveDataOrigin | TPMA_OBJECT_userWithAuth |	\
	 TPMA_OBJECT_noDA | TPMA_OBJECT_restricted | TPMA_OBJECT_decrypt)

/*
 * Part 2, 12.2.3.4: sealed data has no scheme.  The unique field is a digest,
 * or empty in a template.
 */
static bool keyedhash_is_sealed(struct tpm2_reader *r, unsigned int size)
{
	u16 scheme = tpm2_get_u16(r);
	struct tpm2_bytes unique = tpm2_get_sized(r);

	return tpm2_done(r) && scheme == TPM_ALG_ID_NULL &&
	       (!unique.len || unique.len == size);
}

int tpk_public_decode(struct tpm2_bytes area, struct tpk_public *p)
{
	struct tpm2_reader r = tpm2_reader(area.data, area.len);
	unsigned int size;

	p->type = tpm2_get_u16(&r);
	p->name_alg = tpm2_get_u16(&r);
	p->attributes = tpm2_get_u32(&r);
	p->auth_policy = tpm2_get_sized(&r);
	if (r.bad)
		return -EBADMSG;
	size = tpm2_digest_size(p->name_alg);
	if (!size)
		return -EOPNOTSUPP;
	if (p->auth_policy.len && p->auth_policy.len != size)
		return -EBADMSG;
	if (p->type == TPM_ALG_ID_KEYEDHASH && !keyedhash_is_sealed(&r, size))
		return -EBADMSG;
	return 0;
}

int tpk_public_name(struct tpm2_bytes area, u8 *name)
{
	struct tpk_public p;
	int err = tpk_public_decode(area, &p);

	if (err)
		return err;
	put_unaligned_be16(p.name_alg, name);
	err = tpm2_digest(p.name_alg, &area, 1, name + 2);
	return err ? err : 2 + tpm2_digest_size(p.name_alg);
}

bool tpk_is_name(struct tpm2_bytes name)
{
	unsigned int size;

	if (name.len <= 2 || name.len > TPM2_MAX_NAME)
		return false;
	size = tpm2_digest_size(get_unaligned_be16(name.data));
	return !size || name.len == 2 + size;
}

void tpk_put_sealed(struct tpm2_writer *w, u16 name_alg, u32 attributes,
		    struct tpm2_bytes auth_policy)
{
	size_t start = tpm2_open_u16(w);

	tpm2_put_u16(w, TPM_ALG_ID_KEYEDHASH);
	tpm2_put_u16(w, name_alg);
	tpm2_put_u32(w, attributes);
	tpm2_put_sized(w, auth_policy);
	tpm2_put_u16(w, TPM_ALG_ID_NULL);	/* scheme */
	tpm2_put_u16(w, 0);			/* unique */
	tpm2_close_u16(w, start);
}

/* Part 2, 12.2.3.5: a storage parent has this cipher and no scheme. */
static void put_storage_parms(struct tpm2_writer *w)
{
	tpm2_put_u16(w, TPM_ALG_ID_AES);
	tpm2_put_u16(w, AES_KEY_BITS);
	tpm2_put_u16(w, TPM_ALG_ID_CFB);
	tpm2_put_u16(w, TPM_ALG_ID_NULL);
}

static void put_rsa(struct tpm2_writer *w)
{
	put_storage_parms(w);
	tpm2_put_u16(w, RSA_KEY_BITS);
	tpm2_put_u32(w, 0);			/* exponent: 65537 */
	tpm2_put_u16(w, 0);			/* unique */
}

static void put_ecc(struct tpm2_writer *w)
{
	put_storage_parms(w);
	tpm2_put_u16(w, TPM_ECC_NIST_P256);
	tpm2_put_u16(w, TPM_ALG_ID_NULL);	/* kdf */
	tpm2_put_u16(w, 0);			/* unique.x */
	tpm2_put_u16(w, 0);			/* unique.y */
}

void tpk_put_primary(struct tpm2_writer *w, bool rsa)
{
	size_t start = tpm2_open_u16(w);

	tpm2_put_u16(w, rsa ? TPM_ALG_ID_RSA : TPM_ALG_ID_ECC);
	tpm2_put_u16(w, TPM_ALG_ID_SHA256);
	tpm2_put_u32(w, PRIMARY_ATTRIBUTES);
	tpm2_put_u16(w, 0);			/* authPolicy */
	if (rsa)
		put_rsa(w);
	else
		put_ecc(w);
	tpm2_close_u16(w, start);
}
