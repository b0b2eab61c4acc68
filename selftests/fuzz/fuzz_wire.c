// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands from any client and responses from any TPM.
 *
 * The first octet says which: 0 to 0x7f a command, else a response to a command
 * of the table with so many sessions.  What is taken apart lies within the
 * input, and a command can be put together again as it was.
 */
#include <assert.h>
#include <stdlib.h>

#include "commands.h"
#include "wire.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static void must_lie_in(struct tpm2_bytes span, struct tpm2_bytes all)
{
	if (!span.len)
		return;
	assert(span.data >= all.data && span.len <= all.len);
	assert(span.data + span.len <= all.data + all.len);
}

static void auths_must_lie_in(const struct trm_wire_auth *auth,
			      unsigned int nr, struct tpm2_bytes all)
{
	assert(nr <= TPM2_MAX_SESSIONS);
	for (; nr; nr--, auth++) {
		must_lie_in(auth->nonce, all);
		must_lie_in(auth->hmac, all);
	}
}

static void must_be_put_again(const struct trm_wire_command *c,
			      struct tpm2_bytes all)
{
	u8 *buf = malloc(all.len);
	struct tpm2_writer w = tpm2_writer(buf, all.len);

	assert(buf);
	trm_wire_put_command(&w, c);
	assert(!w.full);
	assert(tpm2_bytes_equal(tpm2_written(&w), all));
	free(buf);
}

static void try_command(struct tpm2_bytes all)
{
	int size = trm_wire_command_size(all);
	struct trm_wire_command c;
	int err;

	assert(size == -EINVAL ||
	       (size >= TPM2_HEADER_SIZE && (size_t)size <= all.len));
	err = trm_wire_parse_command(all, &c);
	if (err == -EOPNOTSUPP) {
		assert(!trm_command_find(c.code) && (size_t)size == all.len);
		return;
	}
	if (err) {
		assert(err == -EINVAL);
		return;
	}
	assert((size_t)size == all.len && c.info->code == c.code);
	auths_must_lie_in(c.auth, c.nr_auths, all);
	must_lie_in(c.params, all);
	must_be_put_again(&c, all);
}

static void try_response(struct tpm2_bytes all,
			 const struct trm_command_info *info,
			 unsigned int nr_auths)
{
	struct trm_wire_response r;
	int err = trm_wire_parse_response(all, info, nr_auths, &r);

	if (err) {
		assert(err == -EBADMSG);
		return;
	}
	if (r.rc) {
		assert(all.len == TPM2_HEADER_SIZE);
		return;
	}
	assert(r.nr_auths == nr_auths && (info->handle_out || !r.handle));
	auths_must_lie_in(r.auth, r.nr_auths, all);
	must_lie_in(r.params, all);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u32 codes[] = { TPM_CC_Unseal, TPM_CC_Load };
	struct tpm2_bytes all;

	if (!size)
		return 0;
	all = tpm2_bytes(data + 1, size - 1);
	if (data[0] < 0x80)
		try_command(all);
	else
		try_response(all, trm_command_find(codes[data[0] & 1]),
			     data[0] >> 1 & 7);
	return 0;
}
