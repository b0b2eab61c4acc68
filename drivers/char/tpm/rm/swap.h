/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands that move contexts in and out of the TPM, each sent as it is.
 *
 * PURE: used by the module and the host tests alike.
 *
 * All return 0 with the response code in @rc, or -errno of the transport, or
 * -EBADMSG for an answer that is malformed.
 */
#ifndef _TRM_SWAP_H
#define _TRM_SWAP_H

#include "room.h"

/* TPM2_ContextSave: a session leaves its slot, an object stays in it. */
int trm_swap_save(struct trm_room *room, u32 handle, struct trm_context *ctx,
		  u32 *rc);

/* TPM2_ContextLoad: a session has its old handle, an object any. */
int trm_swap_load(struct trm_room *room, const struct trm_context *ctx,
		  u32 *handle, u32 *rc);

/* TPM2_FlushContext. */
int trm_swap_flush(struct trm_room *room, u32 handle, u32 *rc);

/* TPM2_HashSequenceStart with an empty authValue: the cheapest object. */
int trm_swap_sequence(struct trm_room *room, u32 *handle, u32 *rc);

/*
 * TPM2_GetCapability(TPM_CAP_HANDLES): handles from @first on, at most @max,
 * ascending.  Part 3, 30.2: TPM_HT_HMAC_SESSION stands for loaded sessions of
 * any kind, TPM_HT_POLICY_SESSION for saved ones.
 *
 * Returns their number, or -errno.
 */
int trm_swap_list(struct trm_room *room, u32 first, u32 *handle,
		  unsigned int max);

/* TPMS_TAGGED_PROPERTY: a TPM_PT and its value. */
struct trm_property {
	u32 property;
	u32 value;
};

/*
 * TPM2_GetCapability(TPM_CAP_TPM_PROPERTIES): at most @max properties from @first
 * on.
 *
 * Returns their number, or -errno.
 */
int trm_swap_properties(struct trm_room *room, u32 first,
			struct trm_property *list, unsigned int max);

/* Sequence number of a session's context (Part 2, 14.5): grows with each save. */
u64 trm_swap_age(const struct trm_context *ctx);

/* Is it the context of a sequence object, which changes with each use? */
bool trm_swap_is_sequence(const struct trm_context *ctx);

#endif /* _TRM_SWAP_H */
