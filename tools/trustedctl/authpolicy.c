// SPDX-License-Identifier: GPL-2.0-only
/*
 * authpolicy: signed policies of systemd (tpm2-pcr-signature.json) become
 * authpolicy=.
 */
#include <getopt.h>
#include <linux/tpm2_spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "esys.h"
#include "pubkey.h"
#include "report.h"
#include "sigfile.h"
#include "text.h"

#define MAX_KEYS	8

/**
 * struct signing - signed policies that are being made
 * @file: systemd's file
 * @bank: TPM_ALG_ID of the only bank that is wanted; 0: all
 * @ref: policyRef that was signed with the policies; may be empty
 * @ref_octets: room of @ref
 * @now: only those that fit the present PCRs
 * @values: only those that fit these; NULL: all
 * @hex_only: nothing but the hex digits
 * @json: see report.h
 * @nr_keys: number of @key
 * @key: keys whose policies are wanted
 * @tpm: for @now
 * @sigfile: the file
 * @pcrs: values for @now and @values
 * @out: room of @der
 * @der: what is made
 * @nr: policies that were taken
 * @nr_foreign: policies of other keys
 * @nr_unfit: policies for other PCR values
 * @nr_unusable: policies whose signature a TPM cannot check
 */
struct signing {
	const char *file;
	u16 bank;
	struct tpm2_bytes ref;
	u8 ref_octets[TPM2_MAX_DIGEST];
	bool now;
	const char *values;
	bool hex_only;
	bool json;
	unsigned int nr_keys;
	struct pubkey key[MAX_KEYS];
	struct esys tpm;
	struct sigfile *sigfile;
	struct tpk_pcrs pcrs;
	u8 out[65536];
	struct tpm2_writer der;
	unsigned int nr;
	unsigned int nr_foreign;
	unsigned int nr_unfit;
	unsigned int nr_unusable;
};

static const struct pubkey *key_of(const struct signing *s, const struct sigfile_entry *e)
{
	unsigned int i;

	for (i = 0; i < s->nr_keys; i++)
		if (pubkey_has_fingerprint(&s->key[i], tpm2_bytes(e->pkfp, sizeof(e->pkfp))))
			return &s->key[i];
	return NULL;
}

/* Does PolicyPCR over these values give the digest that was signed? */
static bool fits(struct signing *s, const struct sigfile_entry *e, struct tpm2_bytes selection,
		 u8 *digest)
{
	struct tpk_assertion a = {
		.code = TPM_CC_PolicyPCR,
		.pcr = { .selection = selection, .digest = tpm2_bytes(digest, sizeof(e->pol)) },
	};
	u8 policy[TPM2_MAX_DIGEST] = {};

	return !tpk_pcrs_selection_digest(&s->pcrs, selection, TPM_ALG_ID_SHA256, digest) &&
	       !tpk_assertion_extend(&a, TPM_ALG_ID_SHA256, policy) &&
	       !memcmp(policy, e->pol, sizeof(e->pol));
}

static bool put_body(struct tpk_policy *policy, const struct tpk_assertion *a,
		     struct tpm2_writer *w)
{
	size_t start = w->len;

	tpk_assertion_put(w, a);
	policy->statement[policy->nr++] = (struct tpk_statement){
		.code = a->code,
		.body = tpm2_bytes(w->buf + start, w->len - start),
	};
	return !w->full;
}

/* PolicyPCR, and PolicyAuthorize with the signature. */
static bool put_policy(struct signing *s, const struct sigfile_entry *e,
		       const struct pubkey *key, const struct tpk_pcr_statement *pcr)
{
	u8 octets[4096], signature[1024];
	struct tpm2_writer w = tpm2_writer(octets, sizeof(octets));
	struct tpm2_writer sig = tpm2_writer(signature, sizeof(signature));
	struct tpk_assertion a = { .code = TPM_CC_PolicyPCR, .pcr = *pcr };
	struct tpk_policy policy = {};
	char name[32];

	if (!pubkey_put_signature(key->key, tpm2_bytes(e->sig, e->sig_len), &sig) ||
	    !put_body(&policy, &a, &w))
		return false;
	a = (struct tpk_assertion){
		.code = TPM_CC_PolicyAuthorize,
		.authorize = {
			.key = tpm2_bytes(key->area, key->area_len),
			.policy_ref = s->ref,
			.signature = tpm2_written(&sig),
		},
	};
	if (!put_body(&policy, &a, &w))
		return false;
	snprintf(name, sizeof(name), "%s[%u]", tpk_bank_name(e->pcrs.bank[0].alg), e->index);
	tpk_auth_policy_put(&s->der, tpm2_bytes(name, strlen(name)), &policy);
	return !s->der.full;
}

static bool is_signed(const struct signing *s, const struct sigfile_entry *e,
		      const struct pubkey *key, u16 hash)
{
	return pubkey_verify(key->key, hash, tpm2_bytes(e->pol, sizeof(e->pol)), s->ref,
			     tpm2_bytes(e->sig, e->sig_len));
}

/*
 * TPM2_PolicyAuthorize() wants the hash that is the key's nameAlg.  systemd 252
 * signs with that of the bank instead, and then nobody can use the policy.
 */
static enum ctl_status check_signature(struct signing *s, const struct sigfile_entry *e,
				       const struct pubkey *key)
{
	u16 bank = e->pcrs.bank[0].alg;

	if (is_signed(s, e, key, TPM_ALG_ID_SHA256))
		return CTL_YES;
	if (is_signed(s, e, key, bank)) {
		s->nr_unusable++;
		return CTL_NO;
	}
	return ctl_fault(s->file, "%s[%u]: the signature is not that of this key over pol%s; do not use this file",
			 tpk_bank_name(bank), e->index, s->ref.len ? " and --ref" : "");
}

static enum ctl_status take_entry(struct signing *s, const struct sigfile_entry *e)
{
	const struct pubkey *key = key_of(s, e);
	struct tpk_pcr_statement pcr = {};
	enum ctl_status status;
	u8 octets[64], digest[TPM2_MAX_DIGEST];
	struct tpm2_writer selection = tpm2_writer(octets, sizeof(octets));

	if (s->bank && s->bank != e->pcrs.bank[0].alg)
		return CTL_YES;
	if (!key) {
		s->nr_foreign++;
		return CTL_YES;
	}
	status = check_signature(s, e, key);
	if (status)
		return status == CTL_NO ? CTL_YES : status;
	tpk_pcrs_put_selection(&e->pcrs, &selection);
	pcr.selection = tpm2_written(&selection);
	if (s->now || s->values) {
		if (!fits(s, e, pcr.selection, digest)) {
			s->nr_unfit++;
			return CTL_YES;
		}
		pcr.digest = tpm2_bytes(digest, sizeof(e->pol));
	}
	if (!put_policy(s, e, key, &pcr))
		return ctl_fault(s->file, "%s[%u]: the signature is malformed",
				 tpk_bank_name(e->pcrs.bank[0].alg), e->index);
	s->nr++;
	return CTL_YES;
}

static enum ctl_status read_values(struct signing *s)
{
	const char *what;
	unsigned int i;

	if (s->values) {
		if (tpk_pcrs_parse(tpm2_bytes(s->values, strlen(s->values)), &s->pcrs, &what))
			return ctl_fault("--pcrs", "%s", what);
		return CTL_YES;
	}
	for (i = 0; s->now && i < s->sigfile->nr; i++)
		tpk_pcrs_add(&s->pcrs, &s->sigfile->entry[i].pcrs, false);
	if (s->pcrs.nr && esys_read_pcrs(&s->tpm, &s->pcrs))
		return ctl_fault(esys_tcti(&s->tpm), "%s", s->tpm.why);
	return CTL_YES;
}

/* The kernel's own reading of what was written. */
static enum ctl_status check(struct signing *s)
{
	struct tpk_tree *tree = ctl_alloc(sizeof(*tree));
	const struct tpk_policy none = {};
	struct tpk_signed_policies signed_policies = {};
	const char *what = "";
	bool bad;

	bad = tpk_auth_policies_decode(tpm2_written(&s->der), &signed_policies.given, &what) ||
	      tpk_tree_build(tree, &none, &signed_policies, TPM_ALG_ID_SHA256, &what);
	free(tree);
	return bad ? ctl_fault(s->file, "%s; the kernel would refuse it", what) : CTL_YES;
}

static enum ctl_status nothing(const struct signing *s)
{
	if (s->nr_unfit)
		return ctl_no(s->file, "has no policy of this key for these PCR values, but %u for others",
			      s->nr_unfit);
	if (s->nr_unusable)
		return ctl_no(s->file, "has %u policies of this key, but signed with another hash than sha256, which no TPM takes; sign for --bank=sha256",
			      s->nr_unusable);
	if (s->nr_foreign)
		return ctl_no(s->file, "has no policy of this key, but %u of others; is --key right?",
			      s->nr_foreign);
	return ctl_no(s->file, "has no policy%s", s->bank ? " for this bank" : "");
}

static void print_all(const struct signing *s)
{
	report_start(s->json);
	if (!s->json && !s->hex_only)
		printf("authpolicy=");
	report_hex("authpolicy", "", tpm2_written(&s->der));
	report_number("policies", NULL, s->nr);
	report_number("of_other_keys", NULL, s->nr_foreign);
	report_number("for_other_values", NULL, s->nr_unfit);
	report_number("unusable", NULL, s->nr_unusable);
	report_end();
}

static enum ctl_status make(struct signing *s)
{
	enum ctl_status status = sigfile_read(s->file, &s->sigfile);
	unsigned int i;

	if (!status)
		status = read_values(s);
	s->der = tpm2_writer(s->out, sizeof(s->out));
	for (i = 0; !status && i < s->sigfile->nr; i++)
		status = take_entry(s, &s->sigfile->entry[i]);
	if (status)
		return status;
	if (!s->nr)
		return nothing(s);
	tpk_der_wrap(&s->der, 0, DER_SEQUENCE);
	if (s->der.full || s->der.len > TPK_MAX_BLOB)
		return ctl_fault(s->file, "has %u policies, %zu octets of authpolicy=, and the kernel takes %d; choose with --bank=, --now or --pcrs=",
				 s->nr, s->der.len, TPK_MAX_BLOB);
	status = check(s);
	if (!status)
		print_all(s);
	return status;
}

static enum ctl_status add_key(struct signing *s, const char *path)
{
	const char *what;

	if (s->nr_keys == MAX_KEYS)
		return ctl_usage_fault(&ctl_authpolicy, "more than %d keys", MAX_KEYS);
	if (pubkey_read(&s->key[s->nr_keys++], path, &what))
		return ctl_fault(path, "%s", what);
	return CTL_YES;
}

static enum ctl_status set_ref(struct signing *s, const char *text)
{
	struct tpm2_bytes hex = tpm2_bytes(text, strlen(text));

	if (hex.len > 2 * sizeof(s->ref_octets) || tpk_text_hex(hex, s->ref_octets))
		return ctl_usage_fault(&ctl_authpolicy, "--ref is hex digits of 64 octets at most");
	s->ref = tpm2_bytes(s->ref_octets, hex.len / 2);
	return CTL_YES;
}

static enum ctl_status set_bank(struct signing *s, const char *text)
{
	s->bank = tpk_bank_alg(tpm2_bytes(text, strlen(text)));
	if (!s->bank)
		return ctl_usage_fault(&ctl_authpolicy, "--bank is one of sha1, sha256, sha384, sha512");
	return CTL_YES;
}

static enum ctl_status finish(struct signing *s, int argc, char **argv)
{
	if (argc != 1)
		return ctl_usage_fault(&ctl_authpolicy, "one file of systemd's is wanted");
	if (!s->nr_keys)
		return ctl_usage_fault(&ctl_authpolicy, "--key is missing: the public key that signed");
	if (s->now && s->values)
		return ctl_usage_fault(&ctl_authpolicy, "--now contradicts --pcrs; give one of them");
	s->file = argv[0];
	return CTL_YES;
}

static enum ctl_status take_option(struct signing *s, int option, char **argv)
{
	switch (option) {
	case 'k':
		return add_key(s, optarg);
	case 'b':
		return set_bank(s, optarg);
	case 'r':
		return set_ref(s, optarg);
	case 'n':
		s->now = true;
		return CTL_YES;
	case 'P':
		s->values = optarg;
		return CTL_YES;
	case 'x':
		s->hex_only = true;
		return CTL_YES;
	case 'T':
		s->tpm.tcti = optarg;
		return CTL_YES;
	case 'j':
		s->json = true;
		return CTL_YES;
	case 'h':
		ctl_usage(&ctl_authpolicy);
		exit(CTL_YES);
	default:
		return ctl_option_fault(&ctl_authpolicy, option, argv);
	}
}

static enum ctl_status parse(struct signing *s, int argc, char **argv)
{
	static const struct option options[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "bank", required_argument, NULL, 'b' },
		{ "ref", required_argument, NULL, 'r' },
		{ "now", no_argument, NULL, 'n' },
		{ "pcrs", required_argument, NULL, 'P' },
		{ "hex", no_argument, NULL, 'x' },
		{ "tcti", required_argument, NULL, 'T' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	enum ctl_status status = CTL_YES;
	int option;

	while (!status && (option = getopt_long(argc, argv, ":k:xT:jh", options, NULL)) != -1)
		status = take_option(s, option, argv);
	return status ?: finish(s, argc - optind, argv + optind);
}

static enum ctl_status run(int argc, char **argv)
{
	struct signing *s = ctl_alloc(sizeof(*s));
	enum ctl_status status = parse(s, argc, argv);
	unsigned int i;

	if (!status)
		status = make(s);
	for (i = 0; i < s->nr_keys; i++)
		pubkey_free(&s->key[i]);
	esys_close(&s->tpm);
	free(s->sigfile);
	free(s);
	return status;
}

const struct ctl_verb ctl_authpolicy = {
	.name = "authpolicy",
	.args = "--key=PUB... [--bank=BANK] [--now|--pcrs=VALUES] [--ref=HEX] [--hex] [--tcti=TCTI] [--json] FILE.json",
	.short_desc = "Make authpolicy= of the policies that systemd-measure has signed",
	.help = "  -k, --key=PUB      the public key that signed; may be repeated\n"
		"  --bank=BANK        only those for this bank\n"
		"  --now              only those that fit the present PCRs\n"
		"  --pcrs=VALUES      only those that fit these values: sha256:11=HEX\n"
		"  --ref=HEX          policyRef that was signed with them\n"
		"  -x, --hex          only the hex digits of authpolicy=\n"
		"  -T, --tcti=TCTI    the TPM of --now\n",
	.run = run,
};
