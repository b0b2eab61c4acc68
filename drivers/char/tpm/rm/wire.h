/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands and responses as octets (Part 1, 18): header, handle area,
 * authorization area, parameters.
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#ifndef _TRM_WIRE_H
#define _TRM_WIRE_H

#include <linux/tpm2_cursor.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "commands.h"

/**
 * struct trm_wire_auth - one session of an authorization area
 * @handle: session, or TPM_RS_PW; 0 in a response, which has no such field
 * @nonce: nonceCaller or nonceTPM
 * @attributes: TPMA_SESSION
 * @hmac: HMAC or password
 */
struct trm_wire_auth {
	u32 handle;
	struct tpm2_bytes nonce;
	u8 attributes;
	struct tpm2_bytes hmac;
};

/**
 * struct trm_wire_command - a command taken apart
 * @code: TPM_CC
 * @info: its row in the command table
 * @handle: handle area, @info->handles of them
 * @nr_auths: sessions in the authorization area; 0 without one
 * @auth: the sessions
 * @params: parameter area
 *
 * Spans point into the octets of the command.
 */
struct trm_wire_command {
	u32 code;
	const struct trm_command_info *info;
	u32 handle[TPM2_MAX_HANDLES];
	unsigned int nr_auths;
	struct trm_wire_auth auth[TPM2_MAX_SESSIONS];
	struct tpm2_bytes params;
};

/**
 * struct trm_wire_response - a response taken apart
 * @rc: response code; if it is not TPM_RC_SUCCESS nothing below is valid
 * @handle: the handle area's one handle, 0 without one
 * @nr_auths: sessions in the authorization area
 * @auth: the sessions, in the order of the command's
 * @params: parameter area
 *
 * Spans point into the octets of the response.
 */
struct trm_wire_response {
	u32 rc;
	u32 handle;
	unsigned int nr_auths;
	struct trm_wire_auth auth[TPM2_MAX_SESSIONS];
	struct tpm2_bytes params;
};

/**
 * trm_wire_command_size() - length of a command by its header
 * @bytes: at least the header
 *
 * Return: the length, which @bytes holds; -EINVAL if the header is short, its
 * tag is unknown or its size field is below the header's or beyond @bytes.
 */
int trm_wire_command_size(struct tpm2_bytes bytes);

/**
 * trm_wire_code() - command or response code
 * @bytes: a command or response
 *
 * Return: the code; 0 if the header is short.
 */
u32 trm_wire_code(struct tpm2_bytes bytes);

/**
 * trm_wire_parse_with() - take a command apart that is known
 * @bytes: the command, no more and no less
 * @info: what is known of its code; NULL: nothing
 * @c: result
 *
 * Return: 0; -EINVAL if it is malformed; -EOPNOTSUPP without @info (@c->code is
 * valid then).
 */
int trm_wire_parse_with(struct tpm2_bytes bytes,
			const struct trm_command_info *info,
			struct trm_wire_command *c);

/**
 * trm_wire_parse_command() - take a command apart
 * @bytes: the command, no more and no less
 * @c: result
 *
 * Return: 0; -EINVAL if it is malformed; -EOPNOTSUPP if the command table lacks
 * its code (@c->code is valid then).
 */
int trm_wire_parse_command(struct tpm2_bytes bytes, struct trm_wire_command *c);

/**
 * trm_wire_parse_response() - take a response apart
 * @bytes: what the TPM answered
 * @info: row of the command that it answers
 * @nr_auths: sessions that the command carried
 * @r: result
 *
 * Strict: the size field is that of @bytes, an error is a header alone, the tag
 * agrees with @nr_auths, nothing is left over, and there are no parameters where
 * the command has none.
 *
 * Return: 0, whatever @r->rc is; -EBADMSG if it is malformed.
 */
int trm_wire_parse_response(struct tpm2_bytes bytes,
			    const struct trm_command_info *info,
			    unsigned int nr_auths, struct trm_wire_response *r);

/**
 * trm_wire_put_command() - put a command together
 * @w: where to; at its start
 * @c: the command; @c->info may be NULL if @c has no handles
 *
 * Sets the tag by @c->nr_auths, and the size.  Check @w->full afterwards.
 */
void trm_wire_put_command(struct tpm2_writer *w,
			  const struct trm_wire_command *c);

#endif /* _TRM_WIRE_H */
