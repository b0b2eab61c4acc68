// SPDX-License-Identifier: GPL-2.0-only
/*
 * Alternatives of pcrs=, read one after the other.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "alternatives.h"
#include "text.h"

int tpk_alternatives_parse(struct tpm2_bytes text, struct tpk_alternatives *alts,
			   struct tpk_pcrs *room, const char **what)
{
	bool more;
	int err;

	*alts = (struct tpk_alternatives){ .text = text };
	do {
		if (alts->nr++ == TPK_MAX_ALTERNATIVES) {
			*what = "at most 64 alternatives are possible";
			return -EINVAL;
		}
		err = tpk_pcrs_parse(tpk_text_cut(&text, '|', &more), room, what);
	} while (!err && more);
	return err;
}

bool tpk_alternatives_next(struct tpk_alternatives *alts, struct tpk_pcrs *pcrs)
{
	const char *what;
	bool more;

	if (!alts->nr)
		return false;
	alts->nr--;
	return !tpk_pcrs_parse(tpk_text_cut(&alts->text, '|', &more), pcrs, &what);
}

void tpk_alternatives_pcrs(const struct tpk_alternatives *alts,
			   struct tpk_pcrs *pcrs, struct tpk_pcrs *room)
{
	struct tpk_alternatives left = *alts;

	memset(pcrs, 0, sizeof(*pcrs));
	while (tpk_alternatives_next(&left, room))
		tpk_pcrs_add(pcrs, room, false);
}

unsigned int tpk_alternatives_closest(const struct tpk_alternatives *alts,
				      const struct tpk_pcrs *now,
				      struct tpk_pcrs *closest,
				      struct tpk_pcrs *room)
{
	struct tpk_alternatives left = *alts;
	unsigned int nr, least = 0;
	bool first = true;

	while (tpk_alternatives_next(&left, room)) {
		nr = tpk_pcrs_differing(room, now);
		if (!first && nr >= least)
			continue;
		first = false;
		least = nr;
		*closest = *room;
	}
	return least;
}
