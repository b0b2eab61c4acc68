/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for numbers of the TPM specification, both ways.
 */
#ifndef _CTL_NAMES_H
#define _CTL_NAMES_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

/**
 * struct name - a number and what it is called
 * @value: the number
 * @name: its name
 */
struct name {
	u32 value;
	const char *name;
};

/**
 * struct time_field - a field of TPMS_TIME_INFO (Part 2, 10.11.6)
 * @name: what it is called here
 * @offset: where it stands
 * @size: its octets
 */
struct time_field {
	const char *name;
	u16 offset;
	u16 size;
};

extern const struct name name_hierarchies[];	/* owner, endorsement, ... */
extern const struct name name_operations[];	/* TPM_EO: =, !=, ... */
extern const struct name name_attributes[];	/* TPMA_OBJECT */
extern const struct name name_statements[];	/* TPM_CC_Policy...: pcr, or, ... */
extern const struct time_field name_time_fields[];

const char *name_of(const struct name *names, u32 value);
const struct name *name_find(const struct name *names, struct tpm2_bytes name);
const char *name_of_pcr(unsigned int pcr);

#endif /* _CTL_NAMES_H */
