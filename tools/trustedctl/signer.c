// SPDX-License-Identifier: GPL-2.0-only
/*
 * signer: a public key becomes signer=.
 */
#include <getopt.h>
#include <linux/tpm2_spec.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"
#include "object.h"
#include "pubkey.h"
#include "report.h"

static void print_signer(const struct pubkey *key, bool hex_only, bool json)
{
	u8 name[TPM2_MAX_NAME];
	int len = tpk_public_name(tpm2_bytes(key->area, key->area_len), name);

	report_start(json);
	if (!json && !hex_only)
		printf("signer=");
	report_hex("signer", "", ctl_bytes(&key->spki));
	report_hex("public", NULL, tpm2_bytes(key->area, key->area_len));
	if (len > 0)
		report_hex("name", NULL, tpm2_bytes(name, len));
	report_end();
}

static enum ctl_status run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "hex", no_argument, NULL, 'x' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	bool json = false, hex_only = false;
	struct pubkey key;
	const char *what;
	int option, err;

	while ((option = getopt_long(argc, argv, ":xjh", options, NULL)) != -1) {
		switch (option) {
		case 'x':
			hex_only = true;
			break;
		case 'j':
			json = true;
			break;
		case 'h':
			ctl_usage(&ctl_signer);
			return CTL_YES;
		default:
			return ctl_option_fault(&ctl_signer, option, argv);
		}
	}
	if (argc - optind != 1)
		return ctl_usage_fault(&ctl_signer, "one file with a public key is wanted");
	err = pubkey_read(&key, argv[optind], &what);
	if (err)
		ctl_fault(argv[optind], "%s", what);
	else
		print_signer(&key, hex_only, json);
	pubkey_free(&key);
	return err ? CTL_TROUBLE : CTL_YES;
}

const struct ctl_verb ctl_signer = {
	.name = "signer",
	.args = "[--hex] [--json] FILE",
	.short_desc = "Make signer= of a public key (PEM, certificate or DER)",
	.help = "  -x, --hex          only the hex digits of signer=\n",
	.run = run,
};
