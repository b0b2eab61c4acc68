/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies in DER: TPMPolicy, lists of it, and TPMAuthPolicy.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 *
 *	TPMPolicy ::= SEQUENCE {
 *		commandCode	[0] EXPLICIT INTEGER,
 *		commandPolicy	[1] EXPLICIT OCTET STRING
 *	}
 *	TPMAuthPolicy ::= SEQUENCE {
 *		name		[0] EXPLICIT UTF8String OPTIONAL,
 *		policy		[1] EXPLICIT SEQUENCE OF TPMPolicy
 *	}
 *
 * What a commandPolicy holds is read in assertion.c, except that of PolicyOR,
 * which is DER again: SEQUENCE OF (SEQUENCE OF TPMPolicy).
 */
#ifndef _TPK_POLICYDER_H
#define _TPK_POLICYDER_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#define TPK_MAX_STATEMENTS	16	/* statements of one list */

/**
 * struct tpk_statement - one TPMPolicy
 * @code: TPM_CC_Policy…
 * @body: commandPolicy, points into the blob
 */
struct tpk_statement {
	u32 code;
	struct tpm2_bytes body;
};

/**
 * struct tpk_policy - SEQUENCE OF TPMPolicy
 * @nr: number of @statement; 0 if the field is absent
 * @statement: in the order in which they are run
 */
struct tpk_policy {
	unsigned int nr;
	struct tpk_statement statement[TPK_MAX_STATEMENTS];
};

/**
 * struct tpk_auth_policy - one TPMAuthPolicy
 * @name: its name, not trusted; empty if absent
 * @statements: contents octets of its SEQUENCE OF TPMPolicy
 */
struct tpk_auth_policy {
	struct tpm2_bytes name;
	struct tpm2_bytes statements;
};

/**
 * struct tpk_list_faults - what to say of a list of statements
 * @shape: it is no SEQUENCE, or something is beside it
 * @empty: it has nothing in it
 * @many: it has more than TPK_MAX_STATEMENTS
 * @entry: one of them is no TPMPolicy
 */
struct tpk_list_faults {
	const char *shape;
	const char *empty;
	const char *many;
	const char *entry;
};

/**
 * tpk_statement_get() - read a TPMPolicy
 * @list: where from
 * @st: result
 *
 * Return: false if there is none.
 */
bool tpk_statement_get(struct tpm2_reader *list, struct tpk_statement *st);

/**
 * tpk_statement_size() - octets of a TPMPolicy
 * @st: the statement
 *
 * Return: octets with identifier and length.
 */
size_t tpk_statement_size(const struct tpk_statement *st);

/**
 * tpk_statement_put() - write a TPMPolicy
 * @w: where to
 * @st: the statement
 */
void tpk_statement_put(struct tpm2_writer *w, const struct tpk_statement *st);

/**
 * tpk_statement_open() - begin a TPMPolicy whose body is written next
 * @w: where to
 * @code: TPM_CC_Policy…
 * @start: for tpk_statement_close()
 *
 * Return: where the body begins, for tpk_statement_close().
 */
size_t tpk_statement_open(struct tpm2_writer *w, u32 code, size_t *start);

/**
 * tpk_statement_close() - make a TPMPolicy of the body that was written
 * @w: where to
 * @start: as tpk_statement_open() gave it
 * @body: as tpk_statement_open() returned it
 */
void tpk_statement_close(struct tpm2_writer *w, size_t start, size_t body);

/**
 * tpk_policy_get() - read a SEQUENCE OF TPMPolicy
 * @r: holds it and nothing else
 * @policy: result; NULL: it is only checked
 * @faults: what to say in case of an error
 * @what: in case of an error, one of @faults
 *
 * Return: 0; -EBADMSG.
 */
int tpk_policy_get(struct tpm2_reader *r, struct tpk_policy *policy,
		   const struct tpk_list_faults *faults, const char **what);

/**
 * tpk_policy_len() - contents octets of a SEQUENCE OF TPMPolicy
 * @policy: the policy
 *
 * Return: octets.
 */
size_t tpk_policy_len(const struct tpk_policy *policy);

/**
 * tpk_policy_put() - write a SEQUENCE OF TPMPolicy
 * @w: where to
 * @policy: the policy
 */
void tpk_policy_put(struct tpm2_writer *w, const struct tpk_policy *policy);

/**
 * tpk_policy_decode() - read the value of policy=
 * @der: SEQUENCE OF TPMPolicy
 * @policy: result, points into @der
 * @what: in case of an error, what is wrong
 *
 * The bodies are not looked at; see tpk_tree_build().
 *
 * Return: 0; -EBADMSG.
 */
int tpk_policy_decode(struct tpm2_bytes der, struct tpk_policy *policy,
		      const char **what);

/**
 * tpk_auth_policy_get() - read a TPMAuthPolicy
 * @list: where from
 * @ap: result
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EBADMSG.
 */
int tpk_auth_policy_get(struct tpm2_reader *list, struct tpk_auth_policy *ap,
			const char **what);

/**
 * tpk_auth_policy_put() - write a TPMAuthPolicy
 * @w: where to
 * @name: its name in UTF-8; empty: none
 * @policy: the statements, a signed PolicyAuthorize at the end
 */
void tpk_auth_policy_put(struct tpm2_writer *w, struct tpm2_bytes name,
			 const struct tpk_policy *policy);

/**
 * tpk_auth_policies_check() - are these TPMAuthPolicies?
 * @contents: contents octets of a SEQUENCE OF TPMAuthPolicy
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EBADMSG, also if there is none.
 */
int tpk_auth_policies_check(struct tpm2_bytes contents, const char **what);

/**
 * tpk_auth_policies_decode() - read the value of authpolicy=
 * @der: SEQUENCE OF TPMAuthPolicy, as in [3] of a blob
 * @contents: result: its contents octets, which have been checked
 * @what: in case of an error, what is wrong
 *
 * Return: 0; -EBADMSG.
 */
int tpk_auth_policies_decode(struct tpm2_bytes der, struct tpm2_bytes *contents,
			     const char **what);

#endif /* _TPK_POLICYDER_H */
