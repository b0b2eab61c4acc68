// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of add_key() and keyctl_update(): a command, and a table of options.
 *
 * PURE: used by the module and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "keyfile.h"
#include "object.h"
#include "options.h"
#include "pcrs.h"
#include "policyder.h"
#include "signer.h"
#include "text.h"

/**
 * struct parse - a text that is being read
 * @o: result
 * @c: complaint; its @option is set before anything can be wrong with it
 */
struct parse {
	struct tpk_options *o;
	struct tpk_complaint *c;
};

static int complain(struct parse *p, const char *reason)
{
	p->c->reason = reason;
	return -EINVAL;
}

static int parse_pcrs(struct parse *p, struct tpm2_bytes value)
{
	struct tpk_options *o = p->o;
	int err;

	err = tpk_alternatives_parse(value, &o->alternatives, &o->pcrs,
				     &p->c->reason);
	if (!err && o->alternatives.nr > 1)
		memset(&o->pcrs, 0, sizeof(o->pcrs));
	return err;
}

#define BAD_PARENT \
	"must be 0x81xxxxxx or a hierarchy: 0x40000001 (owner), 0x4000000b, 0x4000000c, 0x40000007"

/* One to eight digits; 0x in front of them or not. */
static int parse_handle(struct parse *p, struct tpm2_bytes value, u32 *handle)
{
	size_t i;

	if (value.len > 2 && value.data[0] == '0' && (value.data[1] | 0x20) == 'x')
		value = tpm2_bytes(value.data + 2, value.len - 2);
	if (!value.len || value.len > 8)
		return complain(p, "must be a handle of 1 to 8 hex digits, as in 0x81000001");
	for (i = 0; i < value.len; i++) {
		unsigned int nibble = tpk_text_nibble(value.data[i]);

		if (nibble > 15)
			return complain(p, "must be a handle in hex digits, as in 0x81000001");
		*handle = *handle << 4 | nibble;
	}
	return 0;
}

static int parse_keyhandle(struct parse *p, struct tpm2_bytes value)
{
	u32 handle = 0;
	int err = parse_handle(p, value, &handle);

	if (err)
		return err;
	if (!tpk_is_parent(handle))
		return complain(p, BAD_PARENT);
	p->o->parent = handle;
	return 0;
}

static int parse_keyauth(struct parse *p, struct tpm2_bytes value)
{
	if (value.len != 2 * TPK_AUTH_SIZE)
		return complain(p, "must be exactly 40 hex digits");
	p->o->keyauth_len = TPK_AUTH_SIZE;
	if (tpk_text_hex(value, p->o->keyauth))
		return complain(p, "has something in it that is not a hex digit");
	return 0;
}

/* As upstream has it: 40 characters are hex, whatever they look like. */
static int parse_auth(struct parse *p, struct tpm2_bytes value, u8 *auth,
		      unsigned int *len)
{
	if (value.len == 2 * TPK_AUTH_SIZE) {
		*len = TPK_AUTH_SIZE;
		if (tpk_text_hex(value, auth))
			return complain(p, "is 40 characters long and so must be hex digits");
		return 0;
	}
	if (!value.len || value.len > TPK_AUTH_SIZE)
		return complain(p, "must be 40 hex digits, or a text of 1 to 20 octets");
	*len = value.len;
	memcpy(auth, value.data, value.len);
	return 0;
}

static int parse_blobauth(struct parse *p, struct tpm2_bytes value)
{
	p->o->blobauth_random = value.len == 2 * TPK_AUTH_SIZE;
	return parse_auth(p, value, p->o->blobauth, &p->o->blobauth_len);
}

static int parse_secretauth(struct parse *p, struct tpm2_bytes value)
{
	return parse_auth(p, value, p->o->secretauth, &p->o->secretauth_len);
}

/* Hashes that upstream takes or that a TPM may have, and why not here. */
static const struct {
	const char *name;
	const char *reason;
} refused_hashes[] = {
	{ "sha1", "sha1 is too weak to name a key; use sha256, sha384 or sha512" },
	{ "md5", "md5 is broken and no TPM has it; use sha256, sha384 or sha512" },
	{ "sha224", "sha224 is in no TPM; use sha256, sha384 or sha512" },
	{ "sm3", "sm3 is not supported; use sha256, sha384 or sha512" },
	{ "sm3-256", "sm3-256 is not supported; use sha256, sha384 or sha512" },
	{ "sha3-256", "sha3-256 is not supported; use sha256, sha384 or sha512" },
	{ "sha3-384", "sha3-384 is not supported; use sha256, sha384 or sha512" },
	{ "sha3-512", "sha3-512 is not supported; use sha256, sha384 or sha512" },
	{}
};

static int parse_hash(struct parse *p, struct tpm2_bytes value)
{
	unsigned int i;

	for (i = 0; refused_hashes[i].name; i++)
		if (tpk_text_is(value, refused_hashes[i].name))
			return complain(p, refused_hashes[i].reason);
	p->o->hash = tpk_bank_alg(value);
	if (!p->o->hash)
		return complain(p, "must be sha256, sha384 or sha512");
	return 0;
}

static int parse_migratable(struct parse *p, struct tpm2_bytes value)
{
	p->o->migratable = tpk_text_is(value, "1");
	if (!p->o->migratable && !tpk_text_is(value, "0"))
		return complain(p, "must be 0 or 1");
	return 0;
}

static int parse_pcrlock(struct parse *p, struct tpm2_bytes value)
{
	if (tpk_text_decimal(value, TPM2_PCRS - 1, &p->o->pcrlock))
		return complain(p, "must be the number of a PCR, 0 to 23");
	return 0;
}

static int parse_format(struct parse *p, struct tpm2_bytes value)
{
	p->o->interop = tpk_text_is(value, "interop");
	if (!p->o->interop)
		return complain(p, "must be interop");
	return 0;
}

static int parse_policydigest(struct parse *p, struct tpm2_bytes value)
{
	p->o->policydigest_len = value.len / 2;
	if (p->o->policydigest_len > sizeof(p->o->policydigest))
		return complain(p, "is longer than any digest; sha512 has 128 hex digits");
	if (tpk_text_hex(value, p->o->policydigest))
		return complain(p, "must be a digest in hex digits, two for each octet");
	return 0;
}

/* Hex digits become octets where they lie, in the caller's text. */
static int parse_octets(struct parse *p, struct tpm2_bytes value,
			struct tpm2_bytes *octets)
{
	u8 *out = (u8 *)value.data;

	if (!value.len || value.len > 2 * TPK_MAX_BLOB || tpk_text_hex(value, out))
		return complain(p, "must be 1 to 8192 octets in hex digits, two for each");
	*octets = tpm2_bytes(out, value.len / 2);
	return 0;
}

/* What is malformed in a blob is so in a text too, but there it is EINVAL. */
static int parse_policy(struct parse *p, struct tpm2_bytes value)
{
	int err = parse_octets(p, value, &p->o->policy);

	if (!err && tpk_policy_decode(p->o->policy, NULL, &p->c->reason))
		err = -EINVAL;
	return err;
}

static int parse_authpolicy(struct parse *p, struct tpm2_bytes value)
{
	struct tpm2_bytes der;
	int err = parse_octets(p, value, &der);

	if (!err && tpk_auth_policies_decode(der, &p->o->authpolicy, &p->c->reason))
		err = -EINVAL;
	return err;
}

static int parse_signer(struct parse *p, struct tpm2_bytes value)
{
	struct tpm2_bytes spki;
	int len = parse_octets(p, value, &spki);

	if (!len)
		len = tpk_signer_from_spki(spki, p->o->signer, &p->c->reason);
	if (len < 0)
		return len;
	p->o->signer_len = len;
	return 0;
}

static int parse_parentname(struct parse *p, struct tpm2_bytes value)
{
	int err = parse_octets(p, value, &p->o->parentname);

	if (!err && !tpk_is_name(p->o->parentname))
		err = complain(p, "must be a Name in hex digits: 000b and a SHA-256 digest");
	return err;
}

static int parse_signfd(struct parse *p, struct tpm2_bytes value)
{
	if (tpk_text_decimal(value, TPK_MAX_FD, &p->o->signfd))
		return complain(p, "must be the number of an open file, as in 3");
	return 0;
}

static int parse_policyhandle(struct parse *p, struct tpm2_bytes value)
{
	int err = parse_handle(p, value, &p->o->policyhandle);

	if (!err && TPM_HT(p->o->policyhandle) != TPM_HT_POLICY_SESSION)
		err = complain(p, "must be the handle of a policy session, 0x03xxxxxx");
	return err;
}

static int refuse_pcrinfo(struct parse *p, struct tpm2_bytes value)
{
	return complain(p, "seals to nothing on a TPM 2.0; use pcrs=, as in pcrs=sha256:7,11");
}

/* Which commands take an option. */
#define ON(command)	(1U << (command))
#define ON_SEAL		(ON(TPK_NEW) | ON(TPK_UPDATE))
#define ON_LOAD		ON(TPK_LOAD)
#define ON_ALL		(ON_SEAL | ON_LOAD)

static const struct option {
	const char *name;
	u8 commands;
	int (*parse)(struct parse *p, struct tpm2_bytes value);
} options[TPK_NR_OPTIONS] = {
	[TPK_OPT_PCRS]		= { "pcrs",		ON_ALL,	 parse_pcrs },
	[TPK_OPT_KEYHANDLE]	= { "keyhandle",	ON_ALL,	 parse_keyhandle },
	[TPK_OPT_KEYAUTH]	= { "keyauth",		ON_ALL,	 parse_keyauth },
	[TPK_OPT_BLOBAUTH]	= { "blobauth",		ON_ALL,	 parse_blobauth },
	[TPK_OPT_HASH]		= { "hash",		ON_ALL,	 parse_hash },
	[TPK_OPT_MIGRATABLE]	= { "migratable",	ON_ALL,	 parse_migratable },
	[TPK_OPT_PCRLOCK]	= { "pcrlock",		ON_ALL,	 parse_pcrlock },
	[TPK_OPT_FORMAT]	= { "format",		ON_SEAL, parse_format },
	[TPK_OPT_POLICYDIGEST]	= { "policydigest",	ON_ALL,	 parse_policydigest },
	[TPK_OPT_POLICY]	= { "policy",		ON_ALL,	 parse_policy },
	[TPK_OPT_SIGNER]	= { "signer",		ON_SEAL, parse_signer },
	[TPK_OPT_AUTHPOLICY]	= { "authpolicy",	ON_LOAD, parse_authpolicy },
	[TPK_OPT_PARENTNAME]	= { "parentname",	ON_ALL,	 parse_parentname },
	[TPK_OPT_SECRETAUTH]	= { "secretauth",	ON_ALL,	 parse_secretauth },
	[TPK_OPT_POLICYHANDLE]	= { "policyhandle",	ON_LOAD, parse_policyhandle },
	[TPK_OPT_SIGNFD]	= { "signfd",		ON_LOAD, parse_signfd },
	[TPK_OPT_PCRINFO]	= { "pcrinfo",		ON_ALL,	 refuse_pcrinfo },
};

const char *tpk_option_name(enum tpk_option option)
{
	return options[option].name;
}

static unsigned int find_option(struct tpm2_bytes name)
{
	unsigned int i;

	for (i = 0; i < TPK_NR_OPTIONS; i++)
		if (tpk_text_is(name, options[i].name))
			break;
	return i;
}

#define UNKNOWN \
	"unknown; use pcrs policy signer authpolicy signfd keyhandle parentname keyauth blobauth secretauth hash migratable pcrlock format policydigest policyhandle"

/* "NAME=VALUE" */
static int parse_option(struct parse *p, struct tpm2_bytes word)
{
	const struct option *option;
	struct tpm2_bytes name;
	unsigned int nr;
	bool valued;

	p->c->option = "";
	name = tpk_text_cut(&word, '=', &valued);
	nr = find_option(name);
	if (nr == TPK_NR_OPTIONS)
		return complain(p, UNKNOWN);

	option = &options[nr];
	p->c->option = option->name;
	if (!valued)
		return complain(p, "needs = and a value");
	if (tpk_given(p->o, nr))
		return complain(p, "given twice");
	if (!(option->commands & ON(p->o->command)))
		return complain(p, option->commands == ON_LOAD ?
				"goes with load, not with new and update" :
				"goes with new and update, not with load");
	p->o->given |= 1U << nr;
	return option->parse(p, word);
}

static int parse_length(struct parse *p, struct tpm2_bytes word)
{
	unsigned int len;
	int err;

	if (!word.len)
		return complain(p, "needs the octets of the key, as in new 32");
	err = tpk_text_decimal(word, TPK_MAX_KEY, &len);
	if (err == -EINVAL)
		return complain(p, "needs the octets of the key in decimal digits, as in new 32");
	if (err || len < TPK_MIN_KEY)
		return complain(p, "a key has 32 to 128 octets");
	p->o->key_len = len;
	return 0;
}

static int parse_blob(struct parse *p, struct tpm2_bytes word)
{
	/* It lies in the caller's text, which may be overwritten. */
	u8 *octets = (u8 *)word.data;

	if (!word.len)
		return complain(p, "needs the blob in hex digits");
	if (word.len > 2 * TPK_MAX_BLOB) {
		complain(p, "the blob is too large; at most 8192 octets are taken");
		return -EBADMSG;
	}
	if (tpk_text_hex(tpm2_bytes(octets, word.len & ~1UL), octets))
		return complain(p, "the blob has something in it that is not a hex digit");
	if (word.len & 1)
		return complain(p, "the blob has an odd number of hex digits; is it cut off?");
	if (word.len < 4)
		return complain(p, "the blob is too small; is it cut off?");
	p->o->blob = tpm2_bytes(octets, word.len / 2);
	return 0;
}

static const struct {
	const char *name;
	int (*parse)(struct parse *p, struct tpm2_bytes word);
} commands[] = {
	[TPK_NEW]	= { "new",	parse_length },
	[TPK_LOAD]	= { "load",	parse_blob },
	[TPK_UPDATE]	= { "update",	NULL },
};

static bool is_space(u8 c)
{
	return c == ' ' || c == '\t';
}

/* The next word, empty at the end. */
static struct tpm2_bytes next_word(struct tpm2_bytes *rest)
{
	struct tpm2_reader r = tpm2_reader(rest->data, rest->len);
	const u8 *start;

	while (r.at < r.end && is_space(*r.at))
		r.at++;
	start = r.at;
	while (r.at < r.end && !is_space(*r.at))
		r.at++;
	*rest = tpm2_bytes(r.at, r.end - r.at);
	return tpm2_bytes(start, r.at - start);
}

static int parse_command(struct parse *p, struct tpm2_bytes *rest)
{
	struct tpm2_bytes word = next_word(rest);
	unsigned int i;

	for (i = TPK_NEW; i <= TPK_UPDATE; i++)
		if (tpk_text_is(word, commands[i].name))
			break;
	if (i > TPK_UPDATE)
		return complain(p, "must start with new, load or update");

	p->o->command = i;
	p->c->option = commands[i].name;
	return commands[i].parse ? commands[i].parse(p, next_word(rest)) : 0;
}

static int parse_words(struct parse *p, struct tpm2_bytes rest)
{
	struct tpm2_bytes word;
	int err;

	err = parse_command(p, &rest);
	while (!err) {
		word = next_word(&rest);
		if (!word.len)
			return tpk_options_check(p->o, p->c);
		err = parse_option(p, word);
	}
	return err;
}

/* A shell's last newline is cut off; others, and NUL, separate nothing. */
static int trim(struct parse *p, struct tpm2_bytes *text)
{
	if (!text->len || text->len > TPK_MAX_TEXT)
		return complain(p, "the text must have 1 to 32767 octets");
	if (text->data[text->len - 1] == '\n')
		text->len--;
	if (memchr(text->data, '\0', text->len))
		return complain(p, "the text has a NUL in it");
	if (memchr(text->data, '\n', text->len))
		return complain(p, "the text has a newline in it; options are separated by spaces");
	return 0;
}

int tpk_options_parse(char *text, size_t len, struct tpk_options *o,
		      struct tpk_complaint *c)
{
	struct tpm2_bytes all = tpm2_bytes(text, len);
	struct parse p = { .o = o, .c = c };
	int err;

	*c = (struct tpk_complaint){ .option = "", .reason = "" };
	memset(o, 0, sizeof(*o));
	o->parent = TPM_RH_OWNER;
	o->hash = TPM_ALG_ID_SHA256;

	err = trim(&p, &all);
	return err ?: parse_words(&p, all);
}
