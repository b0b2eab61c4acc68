// SPDX-License-Identifier: GPL-2.0-only
/*
 * One line of somebody who signs: "sign NUMBER FORMAT HEX [public=HEX]".
 *
 * PURE: used by the module, the user-space tools and the host tests alike.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "challenge.h"
#include "object.h"
#include "signer.h"
#include "text.h"

/**
 * struct answer - a line in pieces
 * @nr: NUMBER
 * @format: FORMAT
 * @signature: its octets
 * @public: octets of public=; empty if it was not given
 */
struct answer {
	unsigned int nr;
	struct tpm2_bytes format;
	struct tpm2_bytes signature;
	struct tpm2_bytes public;
};

static int fail(int err, const char **what, const char *fault)
{
	*what = fault;
	return err;
}

/* One blank between words; two of them make an empty word. */
static struct tpm2_bytes next_word(struct tpm2_bytes *text, bool *more)
{
	return tpk_text_cut(text, ' ', more);
}

/* The digits become octets where they are, in the line of the caller. */
static bool decode_hex(char *line, const struct tpm2_bytes *digits,
		       struct tpm2_bytes *octets)
{
	u8 *out = (u8 *)line + (digits->data - (const u8 *)line);

	if (!digits->len || tpk_text_hex(*digits, out))
		return false;
	*octets = tpm2_bytes(out, digits->len / 2);
	return true;
}

static int split(char *line, size_t len, struct answer *a, const char **what)
{
	struct tpm2_bytes text = tpm2_bytes(line, len), word;
	const struct tpm2_bytes public = tpm2_bytes("public=", 7);
	bool more;

	word = next_word(&text, &more);
	if (!tpk_text_is(word, "sign"))
		return fail(-EINVAL, what, "the line does not begin with sign");
	word = next_word(&text, &more);
	if (tpk_text_decimal(word, TPK_MAX_ASKED, &a->nr))
		return fail(-EINVAL, what, "sign: the number was not asked for");
	a->format = next_word(&text, &more);
	word = next_word(&text, &more);
	if (!decode_hex(line, &word, &a->signature))
		return fail(-EINVAL, what, "sign: the signature must be hex digits");
	a->public = tpm2_bytes(NULL, 0);
	if (!more)
		return 0;
	if (text.len < public.len ||
	    !tpm2_bytes_equal(tpm2_bytes(text.data, public.len), public))
		return fail(-EINVAL, what, "sign: behind the signature comes public= or nothing");
	text = tpm2_bytes(text.data + public.len, text.len - public.len);
	if (!decode_hex(line, &text, &a->public))
		return fail(-EINVAL, what, "sign: public= must be hex digits");
	return 0;
}

/* A TPMT_PUBLIC, which never begins with the identifier of a SEQUENCE. */
static int take_public(const struct tpm2_bytes *given, u8 *buf,
		       struct tpm2_bytes *area, const char **what)
{
	int err;

	if (given->data[0] == 0x30) {
		int len = tpk_signer_from_spki(*given, buf, what);

		if (len < 0)
			return len;
		*area = tpm2_bytes(buf, len);
		return 0;
	}
	err = tpk_signer_check(*given, what);
	if (err == -EBADMSG)
		err = -EINVAL;
	*area = *given;
	return err;
}

static bool has_name(struct tpm2_bytes area, const struct tpk_value *name)
{
	u8 buf[TPM2_MAX_NAME];
	int len = tpk_public_name(area, buf);

	return len > 0 && tpm2_bytes_equal(tpm2_bytes(buf, len), tpk_value_bytes(name));
}

/* Where the policy has the key's Name alone, its public area must be given. */
static int find_public(const struct answer *a, const struct tpk_asked *asked,
		       u8 *buf, struct tpm2_bytes *area, const char **what)
{
	int err;

	*area = tpk_asked_public(asked);
	if (!a->public.len)
		return area->len ? 0 : fail(-EINVAL, what,
			"sign: the policy does not have the key; give it with public=");
	err = take_public(&a->public, buf, area, what);
	if (err)
		return err;
	if (area->len > TPK_MAX_PUBLIC || !has_name(*area, &asked->name))
		return fail(-EINVAL, what, "sign: public= is another key than the one asked for");
	return 0;
}

int tpk_answer_parse(char *line, size_t len, struct tpk_challenge *c,
		     const char **what)
{
	struct tpk_asked *asked;
	struct tpm2_bytes area;
	struct answer a;
	int err;

	err = split(line, len, &a, what);
	if (err)
		return err;
	if (!a.nr || a.nr > c->nr)
		return fail(-EINVAL, what, "sign: the number was not asked for");
	asked = &c->asked[a.nr - 1];
	err = find_public(&a, asked, c->scratch, &area, what);
	if (err)
		return err;
	err = tpk_signature_make(a.format, a.signature, area, asked->signature, what);
	if (err < 0)
		return err;
	asked->signature_len = err;
	if (!asked->public_len) {
		memcpy(asked->public, area.data, area.len);
		asked->public_len = area.len;
	}
	return 0;
}
