/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Somebody who signs: keys of OpenSSL, policies that want their signatures, and
 * /dev/trusted-sign as a program sees it.
 */
#ifndef _TRUSTED_SIGN_H
#define _TRUSTED_SIGN_H

#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <poll.h>

#include "fixture.h"

#define SIGN_NODE	"/dev/trusted-sign"

enum {
	POLICY_SIGNED	= 0x160,
	POLICY_PCR	= 0x17f,
	POLICY_AUTH	= 0x16b,
	POLICY_OR	= 0x171,
};

/* Octets that grow at the end. */
static inline void add_octets(struct octets *o, const void *data, size_t len)
{
	memcpy(o->data + o->len, data, len);
	o->len += len;
}

static inline void add_number(struct octets *o, unsigned int value, int len)
{
	while (len--)
		o->data[o->len++] = value >> 8 * len;
}

/* An element of DER around @in. */
static inline struct octets der(uint8_t id, const struct octets *in)
{
	struct octets o = { 0 };

	add_number(&o, id, 1);
	if (in->len >= 0x100)
		add_number(&o, 0x820000 | in->len, 3);
	else if (in->len >= 0x80)
		add_number(&o, 0x8100 | in->len, 2);
	else
		add_number(&o, in->len, 1);
	add_octets(&o, in->data, in->len);
	return o;
}

/* --- keys ------------------------------------------------------------------ */

/* To make one takes long in a VM. */
static const char rsa_key[] =
	"-----BEGIN PRIVATE KEY-----\n"
	"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCtYuIY4MzvhUUR\n"
	"ipPOSDbX7yV3SYbUV4rrPEgCOAG5I7cNh2bU/wm1uW2o8B/kkJQbHF2wbbjNSoyh\n"
	"lIiKTr/25tE7Vxe2V6SKq3DuEFNQhsw0CMN/N1y4OYpenNmwI6k8ytpavVqvk1ND\n"
	"hEWoWBwQNAb8qRGbJ7CASHsUgeL5MUWWtslDNPE+ZX3QBOvCDD0CBZF25dGHxVwf\n"
	"7W/zTpnjnGqc9mKrbtkKUssf6RY8Ndnw/XDcUh/JND2Axdyvx3PHpMoXP/Dzo2X+\n"
	"AaqF0PyK3QOlxYCatUZifVfC6Z5rqrVB+NZXDe9DJpNolEMbsm0qJ2/H5zzSrAQ/\n"
	"kuDtXW6RAgMBAAECggEAAhagsUrE4SYuaaqNAvUu9u0eGwiXT4ex6Ekwt1kgGTAn\n"
	"UGoG+K4NOoN+IQSqZ6z/oa925+z8ZrmdBcW1ms/dw04uqzuucQ9vb42m1bE75aqH\n"
	"+2D3JNlAfEYSJvdV7meRjmZFmMXy2Y5JWJT3Z1KPXPkZc/Hf4Mnqt/LXi6zQVG7I\n"
	"yZNrwr11aaoxBYX5RrH7mFswKK82ntMJmZjh+exsOuzFMhkljrb383yFX2FRy3Nm\n"
	"yucHXPciuK9/SvpB4VtJJVh08QOi3CtJm9DuYwjS/BTDXbYeW0WAB+Vm3GiM63w9\n"
	"ZyGaq2qM/NlVpcdBVsBc7N+VYm6Gd82d8G4SLx7FmQKBgQDfpY9PAGU0fFcJKxzA\n"
	"tGsX+snjPR6WEmm+SPaHM2p0v/qCv7RyFnq3N0+l8HWzdChrhT74mwVsNDZhi6cQ\n"
	"i5dgnfepwBMFyoI2MzJ38vHOlwq61KuoBov0DWWqsHuGS32NQf+N8pkMGAPosQtz\n"
	"0GlAu53hCrKGCwapIJkTdocAqQKBgQDGd/+ZqqPoA1R8cF7jnD2cGekZVDXNoK7J\n"
	"DO08uhYenxJcVU1m9VhzkHUQN/EpDFYozIbOMsmKK1F01gLU3FcnL84IEUMX5aqa\n"
	"VYTTKE8ZjUKNaoDVAaldjf1dRdyJN1pkkMZPPJ3xgtZLK/4CP6q7k8oNNsTxDHPc\n"
	"bFw7v2pnqQKBgQDavw+FoQhcJsXmhNGRtqYNBVIUPkK9XHMrGChxIxwb5256FlHD\n"
	"STNsIuB3mNM23AVw7RojhVTveb46+KJGb5J3gOqtkN3KS0HDC55wbiKPA3MOPFdN\n"
	"eGHJKpVnN0kKmKnL0WLJDyEdEBw6q3hdJdrc4uVQKOtmakBwih7PR55SSQKBgDnc\n"
	"DfYcm0AuiFjm4aL1j7iMjTpHJJBYAdy3GgqULZKryUyFydT0Pd8jBB3AUVwoLo4i\n"
	"YkKG596SFmM7aQPpYLcZ5rTPY4H6AKyRtfFhVP4cAoT7wadXnqqZlH22uj5+lqmu\n"
	"00GSaHFaNWMg5iJ9sSaSRVto1i139ecS6Ci6+yhRAoGAHNhfAlZRe8A40mqPp5Jh\n"
	"oPSKZk+xFb7ULES1cOr17epBgitZM4u7wrliFRyBCLQ246tgw4hDMf+ZG9tq+KH+\n"
	"tOFO9+J9hMT6otQSSTaSDV6nYSoQn6Q1KLnoQmwm5cBNSMw4hSmRt/pQjsX4NuBV\n"
	"ZFMtDWGNp/7/MXHvQ4GIqkM=\n"
	"-----END PRIVATE KEY-----\n";

static inline EVP_PKEY *signer_new(bool rsa)
{
	BIO *pem;
	EVP_PKEY *key;

	if (!rsa)
		return EVP_EC_gen("P-256");
	pem = BIO_new_mem_buf(rsa_key, -1);
	key = PEM_read_bio_PrivateKey(pem, NULL, NULL, NULL);
	BIO_free(pem);
	return key;
}

/* TPMT_PUBLIC as systemd builds it. */
static inline struct octets signer_public(EVP_PKEY *key)
{
	struct octets o = { 0 };
	uint8_t point[65];
	size_t len;

	bool rsa = EVP_PKEY_is_a(key, "RSA");

	add_number(&o, rsa ? 0x0001 : 0x0023, 2);
	add_number(&o, VAULT_SHA256, 2);
	add_number(&o, 0x00060040, 4);	/* userWithAuth, decrypt, sign */
	add_number(&o, 0, 2);		/* authPolicy */
	add_number(&o, 0x00100010, 4);	/* symmetric, scheme */
	if (rsa) {
		BIGNUM *n = NULL;
		uint8_t modulus[256];

		EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n);
		BN_bn2binpad(n, modulus, sizeof(modulus));
		BN_free(n);
		add_number(&o, 2048, 2);
		add_number(&o, 0, 4);
		add_number(&o, sizeof(modulus), 2);
		add_octets(&o, modulus, sizeof(modulus));
		return o;
	}
	EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point,
					sizeof(point), &len);
	add_number(&o, 0x0003, 2);	/* P-256 */
	add_number(&o, 0x0010, 2);	/* kdf */
	add_number(&o, 32, 2);
	add_octets(&o, point + 1, 32);
	add_number(&o, 32, 2);
	add_octets(&o, point + 33, 32);
	return o;
}

/* How a signature is made: 0 for ECDSA, else RSA_..._PADDING. */
static inline struct octets signer_sign(EVP_PKEY *key, int padding, const struct octets *message)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct octets sig = { .len = sizeof(sig.data) };
	EVP_PKEY_CTX *pctx;

	if (EVP_DigestSignInit(ctx, &pctx, EVP_sha256(), NULL, key) <= 0 ||
	    (padding && EVP_PKEY_CTX_set_rsa_padding(pctx, padding) <= 0) ||
	    EVP_DigestSign(ctx, sig.data, &sig.len, message->data, message->len) <= 0)
		sig.len = 0;
	EVP_MD_CTX_free(ctx);
	return sig;
}

/* --- policies -------------------------------------------------------------- */

/* One TPMPolicy. */
static inline struct octets policy_statement(uint32_t code, const struct octets *body)
{
	struct octets number = { 0 }, inner, all, octets = der(0x04, body);

	add_number(&number, code, 2);
	inner = der(0x02, &number);
	all = der(0xa0, &inner);
	inner = der(0xa1, &octets);
	add_octets(&all, inner.data, inner.len);
	return der(0x30, &all);
}

static inline struct octets policy_signed(EVP_PKEY *key, const char *ref, unsigned int expiration)
{
	struct octets public = signer_public(key), body = { 0 };

	add_number(&body, public.len, 2);
	add_octets(&body, public.data, public.len);
	add_number(&body, strlen(ref), 2);
	add_octets(&body, ref, strlen(ref));
	add_number(&body, expiration, 4);
	return policy_statement(POLICY_SIGNED, &body);
}

/* Any of two lists of statements. */
static inline struct octets policy_or(const struct octets *a, const struct octets *b)
{
	struct octets all = der(0x30, a), second = der(0x30, b), body;

	add_octets(&all, second.data, second.len);
	body = der(0x30, &all);
	return policy_statement(POLICY_OR, &body);
}

/* "new 32 policy=..." for statements, and what else is asked for. */
static inline char *sealed_to(struct __test_metadata *_metadata, struct env *e,
			      const struct octets *statements, const char *more)
{
	struct octets policy = der(0x30, statements);
	char *hex = hex_encode(policy.data, policy.len), *text, *made;

	ASSERT_NE(NULL, hex);
	ASSERT_LT(0, asprintf(&text, "new 32 policy=%s %s", hex, more));
	made = new_blob(_metadata, e, text);
	free(hex);
	free(text);
	return made;
}

/* --- the node -------------------------------------------------------------- */

static inline int node_open(void)
{
	return open(SIGN_NODE, O_RDWR | O_CLOEXEC);
}

/* 0, or -errno. */
static inline int node_write(int fd, const char *text)
{
	size_t len = strlen(text), done = 0;

	while (done < len) {
		ssize_t n = write(fd, text + done, len - done);

		if (n <= 0)
			return n ? -errno : -EIO;
		done += n;
	}
	return 0;
}

static inline int node_ask(int fd, const char *blob, const char *options)
{
	char *line;
	int err;

	if (asprintf(&line, "load %s%s%s\n", blob, *options ? " " : "", options) < 0)
		return -ENOMEM;
	err = node_write(fd, line);
	free(line);
	return err;
}

/* What is to be read, to be freed; NULL and errno. */
static inline char *node_read(int fd)
{
	size_t size = 65536, len = 0;
	char *text = calloc(1, size);
	ssize_t n;

	lseek(fd, 0, SEEK_SET);
	while ((n = read(fd, text + len, size - 1 - len)) > 0)
		len += n;
	if (!n)
		return text;
	free(text);
	return NULL;
}

/* The value of a line of the challenge, for signer @nr; false if there is none. */
static inline bool challenge_get(const char *text, unsigned int nr, const char *name, char *value,
				 size_t size)
{
	char head[32];
	const char *at = text;
	size_t len;

	if (nr) {
		snprintf(head, sizeof(head), "\nsigner %u\n", nr);
		at = strstr(text, head);
		if (!at)
			return false;
		at += strlen(head) - 1;
	}
	snprintf(head, sizeof(head), "\n%s ", name);
	at = strstr(at, head);
	if (!at)
		return false;
	at += strlen(head);
	len = strcspn(at, "\n");
	if (len >= size)
		return false;
	memcpy(value, at, len);
	value[len] = '\0';
	return true;
}

/* Signs what signer @nr is asked for; 0 or -errno. */
static inline int node_sign(int fd, unsigned int nr, EVP_PKEY *key, int padding)
{
	const char *format = padding == RSA_PKCS1_PADDING ? "rsassa" : padding ? "rsapss" : "ecdsa";
	char hex[1024], *text = node_read(fd), *line, *digits;
	struct octets message, sig;
	int err;

	if (!text)
		return -errno;
	if (!challenge_get(text, nr, "message", hex, sizeof(hex))) {
		free(text);
		return -ENOENT;
	}
	free(text);
	message.len = hex_decode(hex, message.data, sizeof(message.data));
	sig = signer_sign(key, padding, &message);
	digits = hex_encode(sig.data, sig.len);
	if (asprintf(&line, "sign %u %s-sha256 %s\n", nr, format, digits) < 0)
		return -ENOMEM;
	err = node_write(fd, line);
	free(digits);
	free(line);
	return err;
}

/* poll() without waiting. */
static inline int node_events(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT };

	return poll(&p, 1, 0) < 0 ? -errno : p.revents;
}

/* load() with what was signed in an open file; @options: empty or what else. */
static inline int load_signed(struct env *e, const char *hex, int fd, const char *options)
{
	char *more;
	int err;

	if (asprintf(&more, "signfd=%d %s", fd, options) < 0)
		return -ENOMEM;
	err = load(e, hex, more);
	free(more);
	return err;
}

#endif /* _TRUSTED_SIGN_H */
