// SPDX-License-Identifier: GPL-2.0-only
/*
 * check: would the kernel load this blob now?
 */
#include <errno.h>
#include <getopt.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "compose.h"
#include "judge.h"
#include "names.h"
#include "options.h"
#include "print.h"
#include "report.h"

/**
 * struct check - a blob that is checked
 * @name: of the file
 * @pcrs: pcrs=, NULL if not given
 * @policy: policy=, likewise
 * @authpolicy: authpolicy=, likewise
 * @json: see report.h
 * @in: the blob's octets
 * @text: what would be given to add_key(); spans of @o point into it
 * @o: that, read by the kernel's parser
 * @blob: the blob
 * @composed: the policy that opens it, if the blob has none recorded
 * @body: octets of what pcrs= stands for
 * @now: room
 * @tpm: the TPM
 * @judge: of its policy
 * @parent: of its parent
 */
struct check {
	const char *name;
	const char *pcrs;
	const char *policy;
	const char *authpolicy;
	bool json;
	struct ctl_octets in;
	char *text;
	struct tpk_options o;
	struct blob blob;
	struct tpk_policy composed;
	u8 body[TPK_MAX_BLOB];
	struct tpk_pcrs now;
	struct tpk_pcrs room;
	struct esys tpm;
	struct judge judge;
	struct judgement parent;
};

static char *append(char *at, const char *option, const char *value)
{
	return value ? at + sprintf(at, " %s=%s", option, value) : at;
}

static size_t size_of(const char *value)
{
	return value ? strlen(value) + 16 : 0;
}

/* "load BLOB ..." through the parser of the key type. */
static enum ctl_status parse_options(struct check *c)
{
	size_t size = 16 + 2 * c->in.len + size_of(c->pcrs) + size_of(c->policy) +
		      size_of(c->authpolicy);
	struct tpk_complaint complaint = {};
	char *at;
	size_t i;
	int err;

	c->text = ctl_alloc(size);
	at = c->text + sprintf(c->text, "load ");
	for (i = 0; i < c->in.len; i++)
		at += sprintf(at, "%02x", c->in.data[i]);
	at = append(at, "pcrs", c->pcrs);
	at = append(at, "policy", c->policy);
	at = append(at, "authpolicy", c->authpolicy);
	err = tpk_options_parse(c->text, at - c->text, &c->o, &complaint);
	/* What the key type cannot do yet has been read all the same. */
	if (!err || (err == -EOPNOTSUPP && c->o.blob.len))
		return CTL_YES;
	return ctl_fault(*complaint.option ? complaint.option : c->name, "%s", complaint.reason);
}

static enum ctl_status no_tpm(struct check *c)
{
	return ctl_fault(esys_tcti(&c->tpm), "%s", c->tpm.why);
}

static enum ctl_status compose(struct check *c)
{
	struct tpm2_writer w = tpm2_writer(c->body, sizeof(c->body));
	const char *what;
	int err;

	if (!c->o.alternatives.nr) {
		if (tpk_policy_decode(c->o.policy, &c->composed, &what))
			return ctl_fault("--policy", "%s", what);
		return CTL_YES;
	}
	tpk_alternatives_pcrs(&c->o.alternatives, &c->now, &c->room);
	if (c->now.nr && esys_read_pcrs(&c->tpm, &c->now))
		return no_tpm(c);
	err = tpk_compose_pcrs(&c->composed, &c->o.alternatives, &c->now,
			       c->blob.public.name_alg, &c->room, &w);
	if (err == -ENODATA)
		return ctl_fault("--pcrs", "the TPM does not have all of these PCRs; trustedctl pcrs lists them");
	return err ? ctl_fault("--pcrs", "%s", strerror(-err)) : CTL_YES;
}

static enum ctl_status build(struct check *c, const struct tpk_policy *policy)
{
	const struct tpk_signed_policies signed_policies = {
		.given = c->o.authpolicy, .recorded = c->blob.kf.auth_policy,
	};
	const char *what;

	if (tpk_tree_build(c->blob.tree, policy, &signed_policies, c->blob.public.name_alg, &what))
		return ctl_fault(c->name, "%s; the kernel refuses it", what);
	return CTL_YES;
}

/* As the kernel decides it: the recorded policy, or that of the options. */
static enum ctl_status choose_policy(struct check *c)
{
	bool given = c->pcrs || c->policy, sealed = c->blob.public.auth_policy.len;
	const char *option = c->pcrs ? "--pcrs" : "--policy";
	enum ctl_status status;

	if (c->blob.kf.policy.nr && given)
		return ctl_fault(option, "is for blobs without a policy; this one has its own");
	if (!sealed && given)
		return ctl_fault(option, "this blob was not sealed to a policy");
	if (c->blob.kf.policy.nr)
		return build(c, &c->blob.kf.policy);
	if (given) {
		status = compose(c);
		return status ?: build(c, &c->composed);
	}
	if (sealed && !(c->blob.public.attributes & TPMA_OBJECT_userWithAuth))
		return ctl_fault(c->name, "records no policy; give --pcrs= or --policy=");
	return CTL_YES;
}

static void judge_name(struct check *c, struct judgement *p, int err, struct tpm2_bytes name)
{
	const struct tpm2_bytes wanted = c->blob.kf.parent_name;

	p->verdict = VERDICT_UNKNOWN;
	if (err)
		snprintf(p->why, JUDGE_WHY, "%s", c->tpm.why);
	else if (!wanted.len)
		snprintf(p->why, JUDGE_WHY, "the blob does not say its Name");
	else if (!tpm2_bytes_equal(name, wanted))
		snprintf(p->why, JUDGE_WHY, "has another Name: the blob belongs to another TPM or parent");
	if (!err && wanted.len)
		p->verdict = tpm2_bytes_equal(name, wanted) ? VERDICT_HOLDS : VERDICT_FAILS;
	if (err == -ENOENT)
		p->verdict = VERDICT_FAILS;
}

static int judge_parent(struct check *c)
{
	const struct tpk_keyfile *kf = &c->blob.kf;
	u8 name[TPM2_MAX_NAME];
	size_t len = 0;
	int err;

	if (!kf->parent) {
		c->parent.verdict = VERDICT_UNKNOWN;
		snprintf(c->parent.why, JUDGE_WHY, "if keyhandle= is right");
		return 0;
	}
	if (TPM_HT(kf->parent) == TPM_HT_PERSISTENT)
		err = esys_read_name(&c->tpm, kf->parent, name, &len);
	else if (kf->parent_name.len)
		err = esys_primary_name(&c->tpm, kf->parent, kf->rsa_parent, name, &len);
	else
		err = 0;
	if (err == -ENODEV || err == -EIO)
		return err;
	judge_name(c, &c->parent, err, tpm2_bytes(name, len));
	return 0;
}

static int judge_policy(struct check *c)
{
	struct judge *j = &c->judge;
	int err;

	j->tree = c->blob.tree;
	j->tpm = &c->tpm;
	j->empty_auth = c->blob.kf.empty_auth;
	/* Whatever a person could bring is there. */
	j->facts.auth_value = true;
	j->facts.signer = true;
	sealed_start(&j->sealed, c->blob.kf.description);
	err = judge_read_pcrs(j);
	if (!err)
		err = tpk_tree_compute(j->tree, &j->pcrs);
	return err ?: judge_run(j);
}

static const char *const verdicts[] = {
	[VERDICT_HOLDS] = "holds", [VERDICT_UNKNOWN] = "unknown", [VERDICT_FAILS] = "fails",
};

static void put_value(const char *key, const char *label, const struct tpk_bank *bank,
		      unsigned int pcr)
{
	if (bank->known & 1U << pcr)
		report_hex(key, label, tpm2_bytes(bank->value[pcr], tpm2_digest_size(bank->alg)));
}

/* As text only those that stand in the way, or that may. */
static bool is_shown(const struct tpk_bank *now, const struct tpk_bank *sealed, unsigned int pcr)
{
	return !(sealed->known & 1U << pcr) || !(now->known & 1U << pcr) ||
	       memcmp(now->value[pcr], sealed->value[pcr], tpm2_digest_size(now->alg));
}

static void report_pcr(const struct tpk_bank *now, const struct tpk_bank *sealed,
		       unsigned int pcr, bool as_text)
{
	bool shown = as_text && is_shown(now, sealed, pcr);

	report_enter(NULL, NULL);
	report_text("bank", NULL, "%s", tpk_bank_name(now->alg));
	report_number("pcr", NULL, pcr);
	report_text("name", NULL, "%s", name_of_pcr(pcr));
	if (shown)
		report_line("          %s:%u %s", tpk_bank_name(now->alg), pcr, name_of_pcr(pcr));
	put_value("now", shown ? "         now" : NULL, now, pcr);
	put_value("sealed", shown ? "      sealed" : NULL, sealed, pcr);
	report_leave();
}

/* Each PCR of the statement: now, and as it was sealed if that is known. */
static void report_pcrs(struct check *c, const struct judgement *j)
{
	const struct tpk_pcrs *sealed = sealed_find(&c->judge.sealed, c->blob.tree, j->node);
	struct tpk_assertion a;
	unsigned int i, pcr;

	tpk_node_decode(c->blob.tree, j->node, &a);
	memset(&c->now, 0, sizeof(c->now));
	tpk_pcrs_add_selection(&c->now, a.pcr.selection);
	c->room = c->now;
	tpk_pcrs_fill(&c->now, &c->judge.pcrs);
	if (sealed)
		tpk_pcrs_fill(&c->room, sealed);
	report_enter_list("pcrs", NULL);
	for (i = 0; i < c->now.nr; i++)
		for (pcr = 0; pcr < TPM2_PCRS; pcr++)
			if (c->now.bank[i].selected & 1U << pcr)
				report_pcr(&c->now.bank[i], &c->room.bank[i], pcr,
					   j->verdict == VERDICT_FAILS);
	report_leave();
}

/* For people: of long hex digits the first eight. */
static void shorten(char *text)
{
	static const char hex[] = "0123456789abcdef";
	char *to = text;
	size_t len;

	for (; *text; text += len ?: 1) {
		len = strspn(text, hex);
		memmove(to, text, len ?: 1);
		if (len > 24)
			memcpy(to + 8, "..", 2);
		to += len > 24 ? 10 : len ?: 1;
	}
	*to = '\0';
}

static void report_statement(struct check *c, const struct judgement *j)
{
	char *text = ctl_alloc(PRINT_SIZE + 1);
	struct tpm2_writer w = tpm2_writer(text, PRINT_SIZE);

	if (j->node->code == TPM_CC_PolicyOR)
		tpm2_put(&w, "or", 2);
	else
		print_statement(c->blob.tree, j->node, &w);
	text[w.len] = '\0';
	report_text("statement", NULL, "%s", name_of(name_statements, j->node->code) ?: "?");
	report_text("text", NULL, "%s", text);
	shorten(text);
	report_line("  %-7s %s%s%s", verdicts[j->verdict], text, *j->why ? ": " : "", j->why);
	free(text);
}

static void report_judgement(struct check *c, const struct judgement *j)
{
	report_enter(NULL, NULL);
	report_text("verdict", NULL, "%s", verdicts[j->verdict]);
	report_text("why", NULL, "%s", j->why);
	report_statement(c, j);
	if (j->node->code == TPM_CC_PolicyPCR)
		report_pcrs(c, j);
	report_leave();
}

static void report_parent(struct check *c)
{
	const struct judgement *p = &c->parent;

	report_enter("parent", NULL);
	report_text("handle", NULL, "0x%08x", c->blob.kf.parent);
	report_text("verdict", NULL, "%s", verdicts[p->verdict]);
	report_text("why", NULL, "%s", p->why);
	report_line("  %-7s parent 0x%08x%s%s", verdicts[p->verdict], c->blob.kf.parent,
		    *p->why ? ": " : "", p->why);
	report_leave();
}

static const char *reason_of(const struct check *c, bool matches)
{
	if (!matches)
		return "the policy is not the one that the object was sealed with";
	if (c->parent.verdict == VERDICT_FAILS)
		return c->parent.why;
	if (c->judge.reason.verdict == VERDICT_FAILS && *c->judge.reason.why)
		return c->judge.reason.why;
	return c->judge.obstacle.what;
}

static void report_all(struct check *c, bool opens, bool certain, bool matches)
{
	const char *reason = opens ? NULL : reason_of(c, matches);
	unsigned int i;

	report_start(c->json);
	report_flag("opens", NULL, opens);
	report_flag("certain", NULL, certain);
	if (reason)
		report_text("reason", NULL, "%s", reason);
	else
		report_null("reason");
	report_line("%s: would %s%s%s", c->name, opens ? "open" : "not open",
		    reason ? ": " : opens && !certain ? ", if what is unknown holds" : "",
		    reason ?: "");
	report_parent(c);
	report_enter_list("policy", NULL);
	for (i = 0; i < c->judge.nr; i++)
		report_judgement(c, &c->judge.of[i]);
	report_leave();
	report_end();
}

static bool policy_matches(const struct check *c)
{
	struct tpm2_bytes digest = tpk_tree_digest(c->blob.tree);

	return !c->blob.tree->nr_nodes || tpm2_bytes_equal(digest, c->blob.public.auth_policy);
}

static enum ctl_status check(struct check *c)
{
	bool opens, certain, matches;
	enum ctl_status status;

	if (c->blob.kf.type != TPK_SEALED_DATA)
		return ctl_fault(c->name, "is a key of the TPM, not sealed data; it is no trusted key");
	status = choose_policy(c);
	if (status)
		return status;
	if (judge_parent(c) || judge_policy(c))
		return no_tpm(c);
	matches = policy_matches(c);
	opens = judge_opens(&c->judge, &certain) && matches &&
		c->parent.verdict != VERDICT_FAILS;
	certain &= c->parent.verdict == VERDICT_HOLDS;
	if (!opens)
		certain = true;
	report_all(c, opens, certain, matches);
	return opens ? CTL_YES : CTL_NO;
}

static enum ctl_status parse(struct check *c, int argc, char **argv)
{
	static const struct option options[] = {
		{ "pcrs", required_argument, NULL, 'P' },
		{ "policy", required_argument, NULL, 'p' },
		{ "authpolicy", required_argument, NULL, 'a' },
		{ "tcti", required_argument, NULL, 'T' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ }
	};
	int option;

	while ((option = getopt_long(argc, argv, ":T:jh", options, NULL)) != -1) {
		switch (option) {
		case 'P':
			c->pcrs = optarg;
			break;
		case 'p':
			c->policy = optarg;
			break;
		case 'a':
			c->authpolicy = optarg;
			break;
		case 'T':
			c->tpm.tcti = optarg;
			break;
		case 'j':
			c->json = true;
			break;
		case 'h':
			ctl_usage(&ctl_check);
			exit(CTL_YES);
		default:
			return ctl_option_fault(&ctl_check, option, argv);
		}
	}
	if (argc - optind != 1)
		return ctl_usage_fault(&ctl_check, "one blob is checked; give a file, - or %%TYPE:NAME");
	c->name = argv[optind];
	return CTL_YES;
}

static enum ctl_status run(int argc, char **argv)
{
	struct check *c = ctl_alloc(sizeof(*c));
	enum ctl_status status = parse(c, argc, argv);

	if (!status)
		status = ctl_read_decoded(c->name, &c->in);
	if (!status)
		status = parse_options(c);
	if (!status)
		status = blob_decode(&c->blob, c->name, c->o.blob);
	if (!status)
		status = check(c);
	esys_close(&c->tpm);
	blob_free(&c->blob);
	ctl_octets_free(&c->in);
	free(c->text);
	free(c);
	return status;
}

const struct ctl_verb ctl_check = {
	.name = "check",
	.args = "[--pcrs=PCRS|--policy=HEX] [--authpolicy=HEX] [--tcti=TCTI] [--json] FILE|-|%TYPE:NAME",
	.short_desc = "Say whether a blob would open now, and if not, why",
	.help = "  --pcrs=PCRS        as pcrs= of load: of a blob that records no policy\n"
		"  --policy=HEX       as policy= of load, likewise\n"
		"  --authpolicy=HEX   as authpolicy= of load: signed policies\n"
		"  -T, --tcti=TCTI    the TPM ($TPM2TOOLS_TCTI, device:/dev/tpmrm0)\n",
	.run = run,
};
