// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading systemd's file of signed policies:
 *
 *	{ "sha256": [ { "pcrs": [11], "pkfp": HEX, "pol": HEX, "sig": BASE64 } ] }
 */
#include <json-c/json.h>
#include <linux/tpm2_spec.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "sigfile.h"
#include "text.h"

/**
 * struct reading - where in the file we are
 * @path: the file
 * @bank: name of the bank
 * @index: which of its entries
 */
struct reading {
	const char *path;
	const char *bank;
	unsigned int index;
};

static enum ctl_status bad(const struct reading *r, const char *what)
{
	return ctl_fault(r->path, "%s[%u]: %s; is it a file of systemd-measure sign?", r->bank,
			 r->index, what);
}

static const char *string_of(struct json_object *entry, const char *member)
{
	struct json_object *value;

	if (!json_object_object_get_ex(entry, member, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "";
	return json_object_get_string(value);
}

static bool get_digest(struct json_object *entry, const char *member, u8 out[32])
{
	const char *text = string_of(entry, member);

	return strlen(text) == 64 && !tpk_text_hex(tpm2_bytes(text, 64), out);
}

static bool get_signature(struct json_object *entry, struct sigfile_entry *e)
{
	const char *text = string_of(entry, "sig");
	size_t len = strlen(text), pad = 0;
	u8 octets[SIGFILE_MAX_SIGNATURE + 16];
	int got;

	if (!len || len % 4 || len / 4 * 3 > sizeof(octets))
		return false;
	got = EVP_DecodeBlock(octets, (const u8 *)text, len);
	pad = len - strcspn(text, "=");
	if (got < 0 || pad > 2 || strspn(text + len - pad, "=") < pad || got - pad > sizeof(e->sig))
		return false;
	e->sig_len = got - pad;
	memcpy(e->sig, octets, e->sig_len);
	return true;
}

static bool get_pcrs(struct json_object *entry, struct sigfile_entry *e)
{
	struct json_object *list, *number;
	size_t i;
	s64 pcr;

	if (!json_object_object_get_ex(entry, "pcrs", &list) ||
	    !json_object_is_type(list, json_type_array))
		return false;
	for (i = 0; i < json_object_array_length(list); i++) {
		number = json_object_array_get_idx(list, i);
		pcr = json_object_get_int64(number);
		if (!json_object_is_type(number, json_type_int) || pcr < 0 || pcr >= TPM2_PCRS ||
		    e->pcrs.bank[0].selected & 1U << pcr)
			return false;
		e->pcrs.bank[0].selected |= 1U << pcr;
	}
	return e->pcrs.bank[0].selected;
}

static enum ctl_status read_entry(const struct reading *r, struct json_object *entry, u16 alg,
				  struct sigfile_entry *e)
{
	e->index = r->index;
	e->pcrs.nr = 1;
	e->pcrs.bank[0].alg = alg;
	if (!json_object_is_type(entry, json_type_object))
		return bad(r, "is no object");
	if (!get_pcrs(entry, e))
		return bad(r, "pcrs is no list of PCRs");
	if (!get_digest(entry, "pkfp", e->pkfp))
		return bad(r, "pkfp is no SHA-256 in hex");
	if (!get_digest(entry, "pol", e->pol))
		return bad(r, "pol is no SHA-256 in hex");
	if (!get_signature(entry, e))
		return bad(r, "sig is no signature in base64");
	return CTL_YES;
}

static enum ctl_status read_bank(struct reading *r, struct json_object *list,
				 struct sigfile *file)
{
	u16 alg = tpk_bank_alg(tpm2_bytes(r->bank, strlen(r->bank)));
	enum ctl_status status = CTL_YES;
	size_t i;

	/* A bank that no policy can name: what it holds is for others. */
	if (!alg)
		return CTL_YES;
	if (!json_object_is_type(list, json_type_array))
		return ctl_fault(r->path, "%s is no list; is it a file of systemd-measure sign?",
				 r->bank);
	for (i = 0; !status && i < json_object_array_length(list); i++) {
		if (file->nr == SIGFILE_MAX_ENTRIES)
			return ctl_fault(r->path, "has more than %d policies", SIGFILE_MAX_ENTRIES);
		r->index = i;
		status = read_entry(r, json_object_array_get_idx(list, i), alg,
				    &file->entry[file->nr++]);
	}
	return status;
}

static struct json_object *parse(const char *path, const struct ctl_octets *in,
				 enum ctl_status *status)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *root;

	json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	/* With its NUL, so that a number at the end is one. */
	root = json_tokener_parse_ex(tok, (char *)in->data, in->len + 1);
	*status = CTL_YES;
	if (!root || !json_object_is_type(root, json_type_object))
		*status = ctl_fault(path, "is no JSON object (%s); is it a file of systemd-measure sign?",
				    json_tokener_error_desc(json_tokener_get_error(tok)));
	json_tokener_free(tok);
	return root;
}

/**
 * sigfile_read() - read a file of signed policies
 * @path: the file, or -
 * @result: what it says, to be freed
 *
 * Return: CTL_YES or CTL_TROUBLE.
 */
enum ctl_status sigfile_read(const char *path, struct sigfile **result)
{
	struct reading r = { .path = path };
	struct json_object *root = NULL;
	struct ctl_octets in;
	enum ctl_status status = ctl_read(path, &in);

	*result = ctl_alloc(sizeof(**result));
	/* ctl_read() leaves a NUL behind what it read from a file. */
	if (!status && *path == '%')
		status = ctl_fault(path, "is a key; a file is wanted");
	if (!status)
		root = parse(path, &in, &status);
	if (!status) {
		json_object_object_foreach(root, bank, list) {
			r.bank = bank;
			if (!status)
				status = read_bank(&r, list, *result);
		}
	}
	json_object_put(root);
	ctl_octets_free(&in);
	return status;
}
