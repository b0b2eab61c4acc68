// SPDX-License-Identifier: GPL-2.0-only
/*
 * show: a blob, a policy, or signed policies, as text.
 */
#include <getopt.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "ctl.h"
#include "describe.h"
#include "names.h"
#include "report.h"

/**
 * struct show - what is shown
 * @name: of the file
 * @in: its octets
 * @blob: it, if it is a blob
 * @hash: TPM_ALG_ID of the policy's hash
 * @policy_only: nothing but the policy's text
 * @json: see report.h
 */
struct show {
	const char *name;
	struct ctl_octets in;
	struct blob blob;
	u16 hash;
	bool policy_only;
	bool json;
};

static const char *const types[] = {
	[TPK_LOADABLE_KEY] = "loadable key",
	[TPK_IMPORTABLE_KEY] = "importable key",
	[TPK_SEALED_DATA] = "sealed data",
};

static void show_parent(const struct tpk_keyfile *kf)
{
	const char *hierarchy = name_of(name_hierarchies, kf->parent);

	report_enter("parent", NULL);
	if (!kf->parent)
		report_text(NULL, "parent", "not said: keyhandle= is needed");
	else if (hierarchy)
		report_text(NULL, "parent", "0x%08x (primary of the %s hierarchy, %s)", kf->parent,
			    hierarchy, kf->rsa_parent ? "RSA-2048" : "ECC P-256");
	else
		report_text(NULL, "parent", "0x%08x (persistent)", kf->parent);
	report_text("handle", NULL, "0x%08x", kf->parent);
	if (hierarchy) {
		report_text("hierarchy", NULL, "%s", hierarchy);
		report_flag("rsa", NULL, kf->rsa_parent);
	}
	if (kf->parent_name.len)
		report_hex("name", "parent's Name", kf->parent_name);
	report_leave();
}

static void show_attributes(u32 attributes)
{
	const struct name *a;
	u32 unnamed = attributes;
	char text[256] = "";

	report_enter_list("attributes", NULL);
	for (a = name_attributes; a->name; a++) {
		if (!(attributes & a->value))
			continue;
		report_text(NULL, NULL, "%s", a->name);
		strcat(strcat(text, *text ? " " : ""), a->name);
		unnamed &= ~a->value;
	}
	report_leave();
	report_text(NULL, "attributes", "%s (0x%08x%s)", text, attributes,
		    unnamed ? ", some unknown" : "");
	report_number("attribute_bits", NULL, attributes);
}

/* Is the recorded policy the one that the object wants? */
static void show_digest(const struct blob *b)
{
	struct tpm2_bytes digest = b->tree_err ? tpm2_bytes(NULL, 0) : tpk_tree_digest(b->tree);

	report_hex("digest", "policy digest", b->public.auth_policy);
	if (!b->kf.policy.nr)
		report_text(NULL, "policy", "%s", b->public.auth_policy.len ?
			    "not recorded; load needs pcrs= or policy=" : "none");
	if (!b->kf.policy.nr || b->tree_err)
		return;
	if (!digest.len) {
		report_line("# depends on PCR values at the time of loading");
		return;
	}
	report_flag("matches", NULL, tpm2_bytes_equal(digest, b->public.auth_policy));
	if (!tpm2_bytes_equal(digest, b->public.auth_policy))
		report_line("# NOT that of the policy below: the kernel refuses this blob");
}

/* Its name is not trusted: what is not plain ASCII becomes a dot. */
static void show_auth_policy_name(struct tpm2_bytes name)
{
	char text[64];
	size_t i;

	for (i = 0; i < name.len && i < sizeof(text) - 1; i++)
		text[i] = name.data[i] < 0x20 || name.data[i] > 0x7e ? '.' : name.data[i];
	text[i] = '\0';
	report_text("name", NULL, "%s", text);
	report_line("# signed policy%s%s", i ? " " : "", text);
}

static void show_signed_policies(const struct blob *b, struct sealed *sealed)
{
	struct tpm2_reader list = tpm2_reader(b->kf.auth_policy.data, b->kf.auth_policy.len);
	struct tpk_auth_policy ap;
	const char *what;
	unsigned int i;

	for (i = b->tree->signed_policies; i; i = b->tree->branch[i].next) {
		if (tpk_auth_policy_get(&list, &ap, &what))
			return;
		report_enter(NULL, NULL);
		show_auth_policy_name(ap.name);
		report_enter_list("policy", NULL);
		describe_branch(b->tree, i, sealed);
		report_leave();
		report_leave();
	}
}

static void show_statements(const struct blob *b, const char *heading)
{
	struct sealed *sealed = ctl_alloc(sizeof(*sealed));

	sealed_start(sealed, b->kf.description);
	if (b->tree->branch[0].end) {
		report_enter_list("policy", heading);
		describe_branch(b->tree, 0, sealed);
		report_leave();
	}
	if (b->tree->signed_policies) {
		report_enter_list("signed_policies", heading ? "signed policies" : NULL);
		show_signed_policies(b, sealed);
		report_leave();
	}
	free(sealed);
}

/* For a policy with something in it that is not known here. */
static void show_raw_statements(const struct blob *b)
{
	unsigned int i;

	report_text("unreadable", "policy", "%s", b->tree_what);
	report_enter_list("raw_policy", "policy");
	for (i = 0; i < b->kf.policy.nr; i++) {
		const struct tpk_statement *st = &b->kf.policy.statement[i];

		report_enter(NULL, NULL);
		report_number("code", NULL, st->code);
		report_text(NULL, "", "# 0x%03x %s", st->code,
			    name_of(name_statements, st->code) ?: "unknown");
		report_hex("body", "#  ", st->body);
		report_leave();
	}
	report_leave();
}

static void show_object(const struct blob *b)
{
	const char *hash = tpk_bank_name(b->public.name_alg);

	report_hex("name", "Name", tpm2_bytes(b->object_name, b->object_name_len));
	report_text("name_alg", "name algorithm", "%s", hash ?: "?");
	show_attributes(b->public.attributes);
	if (!b->old_format)
		report_text("empty_auth", "authorization", "%s",
			    b->kf.empty_auth ? "empty" : "not empty: blobauth= is needed if asked for");
}

static void show_description(const struct tpk_keyfile *kf)
{
	if (kf->description.len)
		report_text("description", NULL, "%.*s", (int)kf->description.len,
			    kf->description.data);
}

static void show_blob(const struct show *s)
{
	const struct blob *b = &s->blob;

	if (s->policy_only && !b->tree_err) {
		show_statements(b, NULL);
		return;
	}
	report_text("type", NULL, "%s", types[b->kf.type]);
	report_flag("old_format", NULL, b->old_format);
	report_text(NULL, "type", "%s%s", types[b->kf.type],
		    b->old_format ? " (format of Linux before 5.13)" : "");
	show_parent(&b->kf);
	show_object(b);
	show_description(&b->kf);
	show_digest(b);
	if (b->tree_err)
		show_raw_statements(b);
	else if (b->kf.policy.nr)
		show_statements(b, "policy");
}

static enum ctl_status show_tree(const struct show *s, const struct tpk_policy *policy,
				 const struct tpk_signed_policies *signed_policies)
{
	struct blob b = { .tree = ctl_alloc(sizeof(*b.tree)) };
	enum ctl_status status = CTL_YES;
	struct tpm2_bytes digest;
	const char *what;

	b.kf.auth_policy = signed_policies->given;
	if (tpk_tree_build(b.tree, policy, signed_policies, s->hash, &what)) {
		status = ctl_fault(s->name, "%s; the kernel refuses it", what);
		goto out_free;
	}
	digest = tpk_tree_digest(b.tree);
	if (!s->policy_only) {
		report_text("type", "type", "%s", policy->nr ? "policy" : "signed policies");
		report_text("hash", "hash", "%s", tpk_bank_name(s->hash));
		if (policy->nr && digest.len)
			report_hex("digest", "policy digest", digest);
	}
	show_statements(&b, s->policy_only ? NULL : "policy");
out_free:
	free(b.tree);
	return status;
}

/* Three things are DER; which of them it is shows in its first octets. */
static enum ctl_status show_der(struct show *s)
{
	struct tpk_signed_policies signed_policies = {};
	struct tpk_policy policy = {};
	struct tpm2_bytes der = ctl_bytes(&s->in);
	const char *what;

	if (!tpk_policy_decode(der, &policy, &what))
		return show_tree(s, &policy, &signed_policies);
	memset(&policy, 0, sizeof(policy));
	if (!tpk_auth_policies_decode(der, &signed_policies.given, &what))
		return show_tree(s, &policy, &signed_policies);
	if (blob_decode(&s->blob, s->name, der))
		return CTL_TROUBLE;
	show_blob(s);
	return CTL_YES;
}

static enum ctl_status show(struct show *s)
{
	enum ctl_status status = ctl_read_decoded(s->name, &s->in);

	if (status)
		return status;
	report_start(s->json);
	status = show_der(s);
	if (status)
		report_drop();
	else
		report_end();
	return status;
}

static enum ctl_status run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "hash", required_argument, NULL, 'H' },
		{ "json", no_argument, NULL, 'j' },
		{ "policy", no_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	struct show s = { .hash = TPM_ALG_ID_SHA256 };
	enum ctl_status status;
	int option;

	while ((option = getopt_long(argc, argv, ":pjh", options, NULL)) != -1) {
		switch (option) {
		case 'H':
			s.hash = tpk_bank_alg(tpm2_bytes(optarg, strlen(optarg)));
			break;
		case 'p':
			s.policy_only = true;
			break;
		case 'j':
			s.json = true;
			break;
		case 'h':
			ctl_usage(&ctl_show);
			return CTL_YES;
		default:
			return ctl_option_fault(&ctl_show, option, argv);
		}
	}
	if (!s.hash)
		return ctl_usage_fault(&ctl_show, "--hash is one of sha1, sha256, sha384, sha512");
	if (argc - optind != 1)
		return ctl_usage_fault(&ctl_show, "one file is shown; give a file, - or %%TYPE:NAME");
	s.name = argv[optind];
	status = show(&s);
	blob_free(&s.blob);
	ctl_octets_free(&s.in);
	return status;
}

const struct ctl_verb ctl_show = {
	.name = "show",
	.args = "[--policy] [--hash=HASH] [--json] FILE|-|%TYPE:NAME",
	.short_desc = "Print what a blob, a policy or signed policies say",
	.help = "  -p, --policy       only the policy, as the verb policy reads it\n"
		"  --hash=HASH        of a policy that is in no blob (sha256)\n",
	.run = run,
};
