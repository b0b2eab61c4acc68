// SPDX-License-Identifier: GPL-2.0-only
/*
 * policy: a policy's text becomes policy= and its digest.
 */
#include <getopt.h>
#include <linux/tpm2_spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "esys.h"
#include "grammar.h"
#include "keyfile.h"
#include "report.h"
#include "tree.h"

/**
 * struct making - a policy that is being made
 * @where: the text comes from
 * @text: the text
 * @file: what was read of it, if it was a file
 * @hash: TPM_ALG_ID of the policy's hash
 * @hex_only: nothing but the hex digits
 * @json: see report.h
 * @tpm: for what the text leaves open
 * @grammar: memory to read the text
 * @tree: the policy
 * @der: octets of the policy
 */
struct making {
	const char *where;
	struct tpm2_bytes text;
	struct ctl_octets file;
	u16 hash;
	bool hex_only;
	bool json;
	struct esys tpm;
	struct grammar grammar;
	struct tpk_tree tree;
	u8 der[TPK_MAX_BLOB];
};

static void print_policy(struct making *m, struct tpm2_bytes der)
{
	struct tpm2_bytes digest = tpk_tree_digest(&m->tree);

	report_start(m->json);
	if (m->hex_only && !m->json) {
		report_hex(NULL, "", der);
		report_end();
		return;
	}
	report_hex("policy", NULL, der);
	report_text("hash", NULL, "%s", tpk_bank_name(m->hash));
	if (digest.len)
		report_hex("digest", NULL, digest);
	else
		report_null("digest");
	report_flag("interop", NULL, tpk_tree_is_interop(&m->tree));
	if (!m->json) {
		printf("policy=");
		report_hex(NULL, "", der);
		if (digest.len)
			printf("digest=");
		report_hex(NULL, "", digest);
	}
	report_end();
}

/* The kernel's own reading of what was written. */
static enum ctl_status check(struct making *m, struct tpm2_bytes der)
{
	struct tpk_policy policy;
	const char *what;

	if (tpk_policy_decode(der, &policy, &what) ||
	    tpk_tree_build(&m->tree, &policy, NULL, m->hash, &what))
		return ctl_fault(m->where, "%s; the kernel would refuse it", what);
	return CTL_YES;
}

static enum ctl_status make(struct making *m)
{
	struct tpm2_writer w = tpm2_writer(m->der, sizeof(m->der));
	struct grammar_lookup lookup = lookup_functions;
	enum ctl_status status;

	lookup.ctx = &m->tpm;
	if (grammar_read(&m->grammar, m->text, m->hash, &lookup, &w))
		return ctl_fault(m->where, "line %u: %s", m->grammar.line, m->grammar.what);
	status = check(m, tpm2_written(&w));
	if (!status)
		print_policy(m, tpm2_written(&w));
	return status;
}

static enum ctl_status take_text(struct making *m, const char *file, int argc, char **argv)
{
	enum ctl_status status;

	if (file && argc)
		return ctl_usage_fault(&ctl_policy, "the text is given twice, here and by --file");
	if (!file && argc != 1)
		return ctl_usage_fault(&ctl_policy, "the policy is one argument; put it in quotes");
	if (!file) {
		m->where = "policy";
		m->text = tpm2_bytes(argv[0], strlen(argv[0]));
		return CTL_YES;
	}
	m->where = strcmp(file, "-") ? file : "standard input";
	status = ctl_read(file, &m->file);
	m->text = ctl_bytes(&m->file);
	return status;
}

static enum ctl_status parse(struct making *m, int argc, char **argv)
{
	static const struct option options[] = {
		{ "file", required_argument, NULL, 'f' },
		{ "hash", required_argument, NULL, 'H' },
		{ "hex", no_argument, NULL, 'x' },
		{ "tcti", required_argument, NULL, 'T' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	const char *file = NULL;
	int option;

	while ((option = getopt_long(argc, argv, ":f:xT:jh", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			file = optarg;
			break;
		case 'H':
			m->hash = tpk_bank_alg(tpm2_bytes(optarg, strlen(optarg)));
			break;
		case 'x':
			m->hex_only = true;
			break;
		case 'T':
			m->tpm.tcti = optarg;
			break;
		case 'j':
			m->json = true;
			break;
		case 'h':
			ctl_usage(&ctl_policy);
			exit(CTL_YES);
		default:
			return ctl_option_fault(&ctl_policy, option, argv);
		}
	}
	if (!m->hash)
		return ctl_usage_fault(&ctl_policy, "--hash is one of sha1, sha256, sha384, sha512");
	return take_text(m, file, argc - optind, argv + optind);
}

static enum ctl_status run(int argc, char **argv)
{
	struct making *m = ctl_alloc(sizeof(*m));
	enum ctl_status status;

	m->hash = TPM_ALG_ID_SHA256;
	status = parse(m, argc, argv);
	if (!status)
		status = make(m);
	esys_close(&m->tpm);
	ctl_octets_free(&m->file);
	free(m);
	return status;
}

const struct ctl_verb ctl_policy = {
	.name = "policy",
	.args = "[--hash=HASH] [--hex] [--tcti=TCTI] [--json] TEXT|--file=FILE|--file=-",
	.short_desc = "Make policy= of a policy's text, and its digest",
	.help = "  -f, --file=FILE    the text is in a file, or is standard input (-)\n"
		"  --hash=HASH        name algorithm of the key: sha256 (default), sha384, sha512\n"
		"  -x, --hex          only the hex digits of policy=\n"
		"  -T, --tcti=TCTI    the TPM that values and Names are read from\n",
	.run = run,
};
