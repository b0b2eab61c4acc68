/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The text of add_key() and keyctl_update(): "new 32 pcrs=sha256:7,11".
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TPK_OPTIONS_H
#define _TPK_OPTIONS_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "alternatives.h"
#include "pcrs.h"
#include "signer.h"

#define TPK_MIN_KEY	32	/* octets, as upstream's MIN_KEY_SIZE */
#define TPK_MAX_KEY	128	/* octets, as upstream's MAX_KEY_SIZE */
#define TPK_MAX_TEXT	32767	/* octets of the whole text, as upstream */
#define TPK_AUTH_SIZE	20	/* octets of each authorization at most */
#define TPK_MAX_FD	99999999

enum tpk_command {
	TPK_NEW,
	TPK_LOAD,
	TPK_UPDATE,
};

/* Every option of the key type; a bit in &tpk_options.given. */
enum tpk_option {
	TPK_OPT_PCRS,
	TPK_OPT_KEYHANDLE,
	TPK_OPT_KEYAUTH,
	TPK_OPT_BLOBAUTH,
	TPK_OPT_HASH,
	TPK_OPT_MIGRATABLE,
	TPK_OPT_PCRLOCK,
	TPK_OPT_FORMAT,
	TPK_OPT_POLICYDIGEST,
	TPK_OPT_POLICY,
	TPK_OPT_SIGNER,
	TPK_OPT_AUTHPOLICY,
	TPK_OPT_PARENTNAME,
	TPK_OPT_SECRETAUTH,
	TPK_OPT_POLICYHANDLE,
	TPK_OPT_SIGNFD,
	/* Known by name, refused for good on TPM 2.0. */
	TPK_OPT_PCRINFO,
	TPK_NR_OPTIONS,
};

/**
 * struct tpk_options - what the user asked for
 * @command: new, load or update
 * @given: bit n: option n of &enum tpk_option was given
 * @key_len: new: octets of the key, TPK_MIN_KEY to TPK_MAX_KEY
 * @blob: load: the blob's octets; they lie in the parsed text itself
 * @parent: keyhandle=, a handle 0x81xxxxxx or of a hierarchy; default
 *	TPM_RH_OWNER
 * @keyauth: authorization of the parent, secret
 * @keyauth_len: octets of @keyauth
 * @blobauth: authorization of the sealed object, secret
 * @blobauth_len: octets of @blobauth
 * @blobauth_random: @blobauth was given as 40 hex digits; shorter text is taken
 *	for something that a person thought up and that can be guessed
 * @hash: TPM_ALG_ID of hash=; default TPM_ALG_ID_SHA256
 * @migratable: migratable=; default false
 * @pcrlock: pcrlock=; valid if given
 * @interop: format=interop
 * @policydigest: valid if given
 * @policydigest_len: its octets: tpm2_digest_size(@hash)
 * @alternatives: pcrs=; none if not given; points into the text
 * @pcrs: pcrs= if it is one alternative; otherwise no bank
 * @policy: policy=: octets of a SEQUENCE OF TPMPolicy, whose statements'
 *	bodies have not been looked at; empty if not given
 * @signer: signer=: TPMT_PUBLIC of the key whose signed policies open the key
 * @signer_len: octets of @signer; 0 if not given
 * @authpolicy: authpolicy=: contents octets of a SEQUENCE OF TPMAuthPolicy, as
 *	tpk_keyfile.auth_policy; empty if not given
 * @parentname: parentname=: the Name that the parent must have; empty if not
 *	given
 * @secretauth: authorization that PolicySecret and PolicyNV ask for, secret
 * @secretauth_len: octets of @secretauth
 * @signfd: signfd=: open file that has the answer to PolicySigned; valid if given
 * @policyhandle: policyhandle=: session that somebody else has started; valid if
 *	given
 *
 * On load, hash=, migratable= and policydigest= are checked but have no effect:
 * the blob says what holds.  They are taken because upstream takes them.
 *
 * Holds secrets: wipe it (kfree_sensitive()).
 */
struct tpk_options {
	enum tpk_command command;
	u32 given;
	unsigned int key_len;
	struct tpm2_bytes blob;
	u32 parent;
	u8 keyauth[TPK_AUTH_SIZE];
	unsigned int keyauth_len;
	u8 blobauth[TPK_AUTH_SIZE];
	unsigned int blobauth_len;
	bool blobauth_random;
	u16 hash;
	bool migratable;
	unsigned int pcrlock;
	bool interop;
	u8 policydigest[TPM2_MAX_DIGEST];
	size_t policydigest_len;
	struct tpk_alternatives alternatives;
	struct tpk_pcrs pcrs;
	struct tpm2_bytes policy;
	u8 signer[TPK_MAX_SIGNER];
	unsigned int signer_len;
	struct tpm2_bytes authpolicy;
	struct tpm2_bytes parentname;
	u8 secretauth[TPK_AUTH_SIZE];
	unsigned int secretauth_len;
	unsigned int signfd;
	u32 policyhandle;
};

static inline bool tpk_given(const struct tpk_options *o, enum tpk_option opt)
{
	return o->given & (1U << opt);
}

/**
 * struct tpk_complaint - what is wrong with the text
 * @option: name of the option, or of the command, that is at fault; a constant
 *	or "" - never the user's own octets
 * @reason: what is wrong with it and what would be right; a constant
 */
struct tpk_complaint {
	const char *option;
	const char *reason;
};

/**
 * tpk_options_parse() - read a command and its options
 * @text: the text; overwritten: the hex digits of a blob, of policy=,
 *	authpolicy=, signer= and parentname= become octets
 * @len: length of @text, which need not end in NUL
 * @o: result, spans point into @text; to be wiped even after an error
 * @c: in case of an error, what is wrong
 *
 * Words are separated by spaces and tabs; one newline at the end is allowed.
 *
 * Return: 0; -EINVAL for anything unknown, repeated, malformed, out of range or
 * contradictory; -EBADMSG for a blob that is too large; -EOPNOTSUPP for a key
 * in signer= that is of another kind.
 */
int tpk_options_parse(char *text, size_t len, struct tpk_options *o,
		      struct tpk_complaint *c);

/**
 * tpk_options_check() - do the options go together?
 * @o: all of them
 * @c: in case of an error, what is wrong
 *
 * The last step of tpk_options_parse().
 *
 * Return: 0; -EINVAL.
 */
int tpk_options_check(const struct tpk_options *o, struct tpk_complaint *c);

/**
 * tpk_option_name() - what an option is called
 * @option: the option
 *
 * Return: the name, without =.
 */
const char *tpk_option_name(enum tpk_option option);

#endif /* _TPK_OPTIONS_H */
