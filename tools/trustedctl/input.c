// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files, standard input and keys; hex digits and PEM become octets.
 */
#include <errno.h>
#include <keyutils.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "text.h"

/**
 * ctl_octets_free() - give back and wipe
 * @octets: may be empty
 */
void ctl_octets_free(struct ctl_octets *octets)
{
	if (octets->data)
		memzero_explicit(octets->data, octets->len);
	free(octets->data);
	*octets = (struct ctl_octets){};
}

static enum ctl_status read_stream(const char *name, FILE *stream, struct ctl_octets *in)
{
	in->data = ctl_alloc(CTL_MAX_INPUT + 1);
	in->len = fread(in->data, 1, CTL_MAX_INPUT + 1, stream);
	if (ferror(stream))
		return ctl_fault(name, "cannot be read: %s", strerror(errno));
	if (in->len > CTL_MAX_INPUT)
		return ctl_fault(name, "is larger than %d octets; no file for this is",
				 CTL_MAX_INPUT);
	if (!in->len)
		return ctl_fault(name, "is empty");
	return CTL_YES;
}

static enum ctl_status read_file(const char *name, struct ctl_octets *in)
{
	enum ctl_status status;
	FILE *stream;

	if (!strcmp(name, "-"))
		return read_stream("standard input", stdin, in);
	stream = fopen(name, "rb");
	if (!stream)
		return ctl_fault(name, "cannot be opened: %s; give a file, - or %%TYPE:NAME",
				 strerror(errno));
	status = read_stream(name, stream, in);
	fclose(stream);
	return status;
}

/* %TYPE:NAME, as keyctl spells it. */
static enum ctl_status read_key(const char *name, struct ctl_octets *in)
{
	const char *colon = strchr(name, ':');
	key_serial_t key;
	void *payload;
	char *type;
	int len;

	if (!colon || colon == name + 1 || !colon[1])
		return ctl_fault(name, "is not the name of a key; write it as %%trusted:NAME");
	type = strndup(name + 1, colon - name - 1);
	key = type ? find_key_by_type_and_desc(type, colon + 1, 0) : -1;
	free(type);
	if (key < 0)
		return ctl_no(name, "there is no such key; keyctl show lists those that there are");
	len = keyctl_read_alloc(key, &payload);
	if (len < 0)
		return ctl_fault(name, "cannot be read: %s", strerror(errno));
	in->len = len;
	in->data = payload;
	return len ? CTL_YES : ctl_fault(name, "is empty");
}

/**
 * ctl_read() - the octets of a file or key as they are
 * @name: a file, "-", or %TYPE:NAME
 * @in: result, to be freed in any case
 *
 * Return: a status.
 */
enum ctl_status ctl_read(const char *name, struct ctl_octets *in)
{
	*in = (struct ctl_octets){};
	return *name == '%' ? read_key(name, in) : read_file(name, in);
}

static bool is_space(u8 c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Hex digits in place; they may be broken into lines. */
static bool decode_hex(struct ctl_octets *in)
{
	size_t i, digits = 0;

	for (i = 0; i < in->len; i++)
		if (!is_space(in->data[i]) && tpk_text_nibble(in->data[i]) > 15)
			return false;
	for (i = 0; i < in->len; i++)
		if (!is_space(in->data[i]))
			in->data[digits++] = in->data[i];
	if (!digits || tpk_text_hex(tpm2_bytes(in->data, digits), in->data))
		return false;
	in->len = digits / 2;
	return true;
}

static enum ctl_status decode_pem(const char *name, struct ctl_octets *in)
{
	BIO *bio = BIO_new_mem_buf(in->data, in->len);
	char *label = NULL, *header = NULL;
	enum ctl_status status = CTL_YES;
	u8 *der = NULL;
	long len;

	if (!bio || !PEM_read_bio(bio, &label, &header, &der, &len))
		status = ctl_fault(name, "is malformed PEM");
	else if (strcmp(label, "TSS2 PRIVATE KEY"))
		status = ctl_fault(name, "is PEM of a %s; a key file is a TSS2 PRIVATE KEY", label);
	if (!status) {
		memcpy(in->data, der, len);
		in->len = len;
	}
	OPENSSL_free(label);
	OPENSSL_free(header);
	OPENSSL_free(der);
	BIO_free(bio);
	return status;
}

/**
 * ctl_read_decoded() - the octets of a file or key, out of hex or PEM
 * @name: a file, "-", or %TYPE:NAME
 * @in: result, to be freed in any case
 *
 * Return: a status.
 */
enum ctl_status ctl_read_decoded(const char *name, struct ctl_octets *in)
{
	static const char begin[] = "-----BEGIN ";
	enum ctl_status status = ctl_read(name, in);

	if (status || decode_hex(in))
		return status;
	if (in->len > strlen(begin) && memmem(in->data, in->len, begin, strlen(begin)))
		return decode_pem(name, in);
	return CTL_YES;
}
