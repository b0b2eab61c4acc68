/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The TPM's whole state: so that it can start from the same one again, the seed
 * of the null hierarchy included.
 */
#ifndef _PROPERTY_STATE_H
#define _PROPERTY_STATE_H

/* Remembers the state of the TPM as it is. */
void state_keep(void);

/* Back to the state that was remembered. */
void state_restore(void);

/* What was remembered is forgotten. */
void state_drop(void);

#endif /* _PROPERTY_STATE_H */
