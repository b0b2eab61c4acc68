/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a policy names: NV indices, and entities with an authorization.
 */
#ifndef _TPK_ENTITY_H
#define _TPK_ENTITY_H

#include "assertion.h"
#include "tpk.h"

int tpk_entity_allow(struct tpk_tpm *tpm, const struct tpk_assertion *a);
int tpk_entity_check(struct tpk_tpm *tpm, const struct tpk_assertion *a);
bool tpk_entity_changed(struct tpk_tpm *tpm, const struct tpk_assertion *a);

#endif /* _TPK_ENTITY_H */
