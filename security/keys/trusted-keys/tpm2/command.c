// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of a user: may it be asked for?
 */
#include <linux/capability.h>

#include "tpk.h"

static int check_capabilities(const struct tpk_options *o)
{
	if (tpk_given(o, TPK_OPT_PCRLOCK) && !capable(CAP_SYS_ADMIN)) {
		tpk_notice("pcrlock= needs CAP_SYS_ADMIN");
		return -EPERM;
	}
	if (tpk_given(o, TPK_OPT_KEYHANDLE) && !tpk_parent_allowed(o->parent))
		return -EPERM;
	return 0;
}

/**
 * tpk_command_parse() - read a command, and say what is wrong with it
 * @text: as for tpk_options_parse()
 * @len: its length
 * @o: result, to be wiped in any case
 *
 * Return: 0; as tpk_options_parse(); -EPERM.
 */
int tpk_command_parse(char *text, size_t len, struct tpk_options *o)
{
	struct tpk_complaint c = {};
	int err = tpk_options_parse(text, len, o, &c);

	if (err) {
		tpk_notice("%s: %s", *c.option ? c.option : "options", c.reason);
		return err;
	}
	return check_capabilities(o);
}
