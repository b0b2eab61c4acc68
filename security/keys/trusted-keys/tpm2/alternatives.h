/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pcrs= with alternatives: "sha256:7=<hex>+11|sha256:7=<hex>+11".
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 * A set of PCRs is large, so the alternatives stay text, and are read into one
 * set one after the other.
 */
#ifndef _TPK_ALTERNATIVES_H
#define _TPK_ALTERNATIVES_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "pcrs.h"
#include "tree.h"

/**
 * struct tpk_alternatives - what pcrs= says, or what is left of it
 * @text: alternatives with | between them
 * @nr: how many
 */
struct tpk_alternatives {
	struct tpm2_bytes text;
	unsigned int nr;
};

/**
 * tpk_alternatives_parse() - check all alternatives
 * @text: the value of pcrs=; not NUL-terminated
 * @alts: result, 1 to TPK_MAX_ALTERNATIVES, points into @text
 * @room: overwritten; for a single alternative, it is left there
 * @what: in case of an error, what is wrong (a constant)
 *
 * Return: 0; -EINVAL.
 */
int tpk_alternatives_parse(struct tpm2_bytes text, struct tpk_alternatives *alts,
			   struct tpk_pcrs *room, const char **what);

/**
 * tpk_alternatives_next() - take the next alternative
 * @alts: alternatives that have been parsed; the first is taken off
 * @pcrs: result
 *
 * Return: false if there is none left.
 */
bool tpk_alternatives_next(struct tpk_alternatives *alts, struct tpk_pcrs *pcrs);

/**
 * tpk_alternatives_pcrs() - what has to be read to seal to them
 * @alts: the alternatives
 * @pcrs: result: the PCRs that some alternative names without a value; no bank
 *	if all of them have one
 * @room: overwritten
 */
void tpk_alternatives_pcrs(const struct tpk_alternatives *alts,
			   struct tpk_pcrs *pcrs, struct tpk_pcrs *room);

/**
 * tpk_alternatives_closest() - which of them is closest to the present values?
 * @alts: the alternatives, with values
 * @now: present values
 * @closest: result: the alternative with the fewest PCRs that differ, the first
 *	of them if there are more
 * @room: overwritten
 *
 * Return: how many PCRs differ from @closest.
 */
unsigned int tpk_alternatives_closest(const struct tpk_alternatives *alts,
				      const struct tpk_pcrs *now,
				      struct tpk_pcrs *closest,
				      struct tpk_pcrs *room);

#endif /* _TPK_ALTERNATIVES_H */
