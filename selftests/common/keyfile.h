/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Key files as other programs read and write them: written apart from the
 * kernel's codec, so that neither hides the other's mistakes.
 */
#ifndef _SELFTESTS_KEYFILE_H
#define _SELFTESTS_KEYFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct octets {
	size_t len;
	uint8_t data[8192];
};

enum {
	KEYFILE_LOADABLE	= 3,
	KEYFILE_IMPORTABLE	= 4,
	KEYFILE_SEALED		= 5,
};

/**
 * struct keyfile - a TPMKey
 * @type: last arc of the object identifier
 * @fields: bit n: [n] is there
 * @empty_auth: [0]
 * @policy: [1], contents of the SEQUENCE OF TPMPolicy
 * @auth_policy: [3], contents of the SEQUENCE OF TPMAuthPolicy
 * @description: [4]
 * @parent_name: [6]
 * @parent: handle
 * @short_parent: the handle is written in 4 octets, as if negative
 * @public: TPM2B_PUBLIC
 * @private: TPM2B_PRIVATE
 */
struct keyfile {
	uint8_t type;
	unsigned int fields;
	bool empty_auth;
	struct octets policy;
	struct octets auth_policy;
	struct octets description;
	struct octets parent_name;
	uint32_t parent;
	bool short_parent;
	struct octets public;
	struct octets private;
};

/* One TPMPolicy. */
struct statement {
	uint32_t code;
	struct octets body;
};

/* keyfile_decode() - false if @hex is not what is expected of a writer */
bool keyfile_decode(const char *hex, struct keyfile *kf);

/* keyfile_encode() - hex digits, to be freed; as @kf->fields says */
char *keyfile_encode(const struct keyfile *kf);

/* keyfile_add_statement() - append to @kf->policy */
void keyfile_add_statement(struct keyfile *kf, uint32_t code, const void *body,
			   size_t len);

/* keyfile_statement() - number @nr, from 0; false if there is none */
bool keyfile_statement(const struct keyfile *kf, unsigned int nr,
		       struct statement *st);

/* der_wrap() - hex digits of a SEQUENCE with these contents, to be freed */
char *der_wrap(const char *contents);

#endif /* _SELFTESTS_KEYFILE_H */
