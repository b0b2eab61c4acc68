/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Public areas: the sealed object's, and those of its parent.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TPK_OBJECT_H
#define _TPK_OBJECT_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

/**
 * struct tpk_public - the fields of a TPMT_PUBLIC that matter here
 * @type: TPM_ALG_ID of the object
 * @name_alg: TPM_ALG_ID of its Name
 * @attributes: TPMA_OBJECT
 * @auth_policy: policy digest, points into the area; empty: none
 */
struct tpk_public {
	u16 type;
	u16 name_alg;
	u32 attributes;
	struct tpm2_bytes auth_policy;
};

/**
 * tpk_public_decode() - read a TPMT_PUBLIC
 * @area: the TPMT_PUBLIC, without a size field
 * @p: result, points into @area
 *
 * The parameters and the unique field are checked to the end for keyedhash
 * objects, which must be sealed data: one with a scheme, an HMAC key, is refused.
 * For others they are left to the TPM.
 *
 * Return: 0; -EBADMSG; -EOPNOTSUPP for a name algorithm that is not known here.
 */
int tpk_public_decode(struct tpm2_bytes area, struct tpk_public *p);

/**
 * tpk_public_name() - the Name of an object (Part 1, 16)
 * @area: TPMT_PUBLIC
 * @name: TPM2_MAX_NAME octets
 *
 * Return: octets of the Name; -EBADMSG; -EOPNOTSUPP.
 */
int tpk_public_name(struct tpm2_bytes area, u8 *name);

/**
 * tpk_is_name() - has this the form of the Name of an object or NV index?
 * @name: octets of it
 *
 * Any algorithm may stand in front, but if it is known here, the digest behind
 * it must have the right length.
 *
 * Return: true if so.
 */
bool tpk_is_name(struct tpm2_bytes name);

/**
 * tpk_put_sealed() - write the TPM2B_PUBLIC of an object to be sealed
 * @w: where to
 * @name_alg: TPM_ALG_ID
 * @attributes: TPMA_OBJECT
 * @auth_policy: policy digest or empty
 */
void tpk_put_sealed(struct tpm2_writer *w, u16 name_alg, u32 attributes,
		    struct tpm2_bytes auth_policy);

/**
 * tpk_put_primary() - write the TPM2B_PUBLIC of a storage primary
 * @w: where to
 * @rsa: RSA-2048 (template H-1) instead of ECC P-256 (template H-2)
 *
 * Templates of the TCG EK Credential Profile, B.4.4 and B.4.5, with the
 * attributes that key files mean: fixedTPM, fixedParent, sensitiveDataOrigin,
 * userWithAuth, noDA, restricted, decrypt; empty unique field.
 */
void tpk_put_primary(struct tpm2_writer *w, bool rsa);

#endif /* _TPK_OBJECT_H */
