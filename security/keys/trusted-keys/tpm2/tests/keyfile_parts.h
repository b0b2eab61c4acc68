/* SPDX-License-Identifier: GPL-2.0-only */
/* Key files put together from their fields, in hex. */
#ifndef _TPK_TESTS_KEYFILE_PARTS_H
#define _TPK_TESTS_KEYFILE_PARTS_H

#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/types.h>

#include "hex.h"

#define OID_LOADABLE	"06066781050a0103 "
#define OID_IMPORTABLE	"06066781050a0104 "
#define OID_SEALED	"06066781050a0105 "
#define OWNER		"020440000001 "
#define PERSISTENT	"02050081000001 "
#define PUBLIC		"0404 0002aabb "
#define PRIVATE		"0403 0001cc "
#define OBJECT		"" PUBLIC PRIVATE
#define TAIL		"" OWNER OBJECT
#define SECRET		"a205 0403 0001dd "

#define EMPTY_AUTH	"a003 0101ff "
#define RSA_PARENT	"a503 0101ff "
#define AUTHVALUE	"300a a00402 02016b a1020400 "
#define POLICY		"a10e 300c " AUTHVALUE
#define AUTHVALUE_4	"" AUTHVALUE AUTHVALUE AUTHVALUE AUTHVALUE
#define AUTHVALUE_16	"" AUTHVALUE_4 AUTHVALUE_4 AUTHVALUE_4 AUTHVALUE_4

#define NAME_SHA256	"000b 000102030405060708090a0b0c0d0e0f" \
			"101112131415161718191a1b1c1d1e1f "
#define PARENT_NAME	"a624 0422 " NAME_SHA256

#define PARTS_MAX	1024

/* The SEQUENCE around fields in hex, written to @out of PARTS_MAX octets. */
static inline struct tpm2_bytes keyfile_of(const char *fields, u8 *out)
{
	struct tpm2_bytes in = hex_octets(fields, out + 4);

	out[0] = 0x30;
	if (in.len < 0x80) {
		out[1] = in.len;
		memmove(out + 2, in.data, in.len);
		return tpm2_bytes(out, in.len + 2);
	}
	if (in.len < 0x100) {
		out[1] = 0x81;
		out[2] = in.len;
		memmove(out + 3, in.data, in.len);
		return tpm2_bytes(out, in.len + 3);
	}
	out[1] = 0x82;
	put_unaligned_be16(in.len, out + 2);
	return tpm2_bytes(out, in.len + 4);
}

#endif /* _TPK_TESTS_KEYFILE_PARTS_H */
