// SPDX-License-Identifier: GPL-2.0-only
/*
 * pcrs: the PCRs of the TPM, with what is measured into them.
 */
#include <getopt.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esys.h"
#include "names.h"
#include "report.h"

/**
 * struct listing - PCRs that are listed
 * @text: which, as pcrs= names them; NULL: all that there are
 * @json: see report.h
 * @tpm: the TPM
 * @banks: what it has
 * @pcrs: the PCRs
 */
struct listing {
	const char *text;
	bool json;
	struct esys tpm;
	struct esys_banks banks;
	struct tpk_pcrs pcrs;
};

static enum ctl_status select_given(struct listing *l)
{
	const char *what;
	unsigned int i;

	if (tpk_pcrs_parse(tpm2_bytes(l->text, strlen(l->text)), &l->pcrs, &what))
		return ctl_usage_fault(&ctl_pcrs, "%s: %s", l->text, what);
	for (i = 0; i < l->pcrs.nr; i++)
		if (l->pcrs.bank[i].known)
			return ctl_usage_fault(&ctl_pcrs, "%s: no values here; name PCRs only",
					       l->text);
	return CTL_YES;
}

/* All PCRs of the banks that are allocated and that the kernel can use. */
static void select_all(struct listing *l)
{
	unsigned int i;

	for (i = 0; i < l->banks.nr && l->pcrs.nr < TPK_MAX_BANKS; i++) {
		if (!l->banks.bank[i].pcrs || !tpk_bank_name(l->banks.bank[i].alg))
			continue;
		l->pcrs.bank[l->pcrs.nr].alg = l->banks.bank[i].alg;
		l->pcrs.bank[l->pcrs.nr++].selected = l->banks.bank[i].pcrs;
	}
}

/* Which value a PCR has as long as nothing is measured into it; NULL: not that. */
static const char *state_of(const struct tpk_bank *bank, unsigned int pcr)
{
	size_t size = tpm2_digest_size(bank->alg), i;

	for (i = 1; i < size; i++)
		if (bank->value[pcr][i] != bank->value[pcr][0])
			return NULL;
	if (!bank->value[pcr][0])
		return "zero";
	return bank->value[pcr][0] == 0xff ? "ones" : NULL;
}

static void report_pcr(const struct tpk_bank *bank, unsigned int pcr)
{
	const char *state = bank->known & 1U << pcr ? state_of(bank, pcr) : "unallocated";
	struct tpm2_bytes value = tpm2_bytes(bank->value[pcr], tpm2_digest_size(bank->alg));
	char label[64];

	report_enter(NULL, NULL);
	report_number("pcr", NULL, pcr);
	report_text("name", NULL, "%s", name_of_pcr(pcr));
	snprintf(label, sizeof(label), "%2u %-20s", pcr, name_of_pcr(pcr));
	if (!(bank->known & 1U << pcr)) {
		report_null("value");
		report_text(NULL, label, "unallocated");
	} else if (state) {
		report_hex("value", NULL, value);
		report_text(NULL, label, "%s", *state == 'z' ? "00..00 (reset value)" :
			    "ff..ff (reset value)");
	} else {
		report_hex("value", label, value);
	}
	if (state)
		report_text("state", NULL, "%s", *state == 'u' ? state : "reset");
	else
		report_text("state", NULL, "used");
	report_leave();
}

static void report_bank(const struct tpk_bank *bank)
{
	unsigned int pcr;

	report_enter(NULL, tpk_bank_name(bank->alg));
	report_text("bank", NULL, "%s", tpk_bank_name(bank->alg));
	report_flag("allocated", NULL, bank->known);
	report_enter_list("pcrs", NULL);
	for (pcr = 0; pcr < TPM2_PCRS; pcr++)
		if (bank->selected & 1U << pcr)
			report_pcr(bank, pcr);
	report_leave();
	report_leave();
}

/* Banks that the TPM could have, but that have no PCR. */
static void report_unallocated(const struct listing *l)
{
	unsigned int i;

	for (i = 0; i < l->banks.nr; i++) {
		const char *name = tpk_bank_name(l->banks.bank[i].alg);

		if (l->banks.bank[i].pcrs)
			continue;
		report_enter(NULL, NULL);
		if (name)
			report_text("bank", NULL, "%s", name);
		else
			report_text("bank", NULL, "0x%04x", l->banks.bank[i].alg);
		report_flag("allocated", NULL, false);
		report_line("%s: unallocated", name ?: "another bank");
		report_leave();
	}
}

static enum ctl_status list(struct listing *l)
{
	enum ctl_status status;
	unsigned int i;

	if (l->text) {
		status = select_given(l);
		if (status)
			return status;
	}
	if (esys_banks(&l->tpm, &l->banks))
		return ctl_fault(esys_tcti(&l->tpm), "%s", l->tpm.why);
	if (!l->text)
		select_all(l);
	if (l->pcrs.nr && esys_read_pcrs(&l->tpm, &l->pcrs))
		return ctl_fault(esys_tcti(&l->tpm), "%s", l->tpm.why);
	report_start(l->json);
	report_enter_list("banks", NULL);
	for (i = 0; i < l->pcrs.nr; i++)
		report_bank(&l->pcrs.bank[i]);
	if (!l->text)
		report_unallocated(l);
	report_leave();
	report_end();
	return CTL_YES;
}

static enum ctl_status parse(struct listing *l, int argc, char **argv)
{
	static const struct option options[] = {
		{ "tcti", required_argument, NULL, 'T' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int option;

	while ((option = getopt_long(argc, argv, ":T:jh", options, NULL)) != -1) {
		switch (option) {
		case 'T':
			l->tpm.tcti = optarg;
			break;
		case 'j':
			l->json = true;
			break;
		case 'h':
			ctl_usage(&ctl_pcrs);
			exit(CTL_YES);
		default:
			return ctl_option_fault(&ctl_pcrs, option, argv);
		}
	}
	if (argc - optind > 1)
		return ctl_usage_fault(&ctl_pcrs, "one selection at most; write it as sha256:7,11+sha1:0-7");
	l->text = argv[optind];
	return CTL_YES;
}

static enum ctl_status run(int argc, char **argv)
{
	struct listing *l = ctl_alloc(sizeof(*l));
	enum ctl_status status = parse(l, argc, argv);

	if (!status)
		status = list(l);
	esys_close(&l->tpm);
	free(l);
	return status;
}

const struct ctl_verb ctl_pcrs = {
	.name = "pcrs",
	.args = "[--tcti=TCTI] [--json] [SELECTION]",
	.short_desc = "List PCRs: what is measured into them, and their values",
	.help = "  SELECTION          as pcrs= names them: sha256:0-7,11+sha1:7 (all)\n"
		"  -T, --tcti=TCTI    the TPM ($TPM2TOOLS_TCTI, device:/dev/tpmrm0)\n",
	.run = run,
};
