// SPDX-License-Identifier: GPL-2.0-only
/*
 * trusted-signer: signs what /dev/trusted-sign asks, with a key in a file or on a
 * smartcard, and loads the trusted key that it opens.
 *
 * A sample, which needs OpenSSL 3 and nothing else; the formats are in
 * Documentation/security/keys/trusted-tpm2-signing.rst.
 */
#define OPENSSL_SUPPRESS_DEPRECATED	/* engines, the only way to PKCS#11 in many */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/keyctl.h>
#include <openssl/core_names.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NODE		"/dev/trusted-sign"
#define MAX_KEYS	8
#define MAX_TEXT	0x100000
#define MAX_OCTETS	1024

enum {
	TPM_ALG_RSA	= 0x0001,
	TPM_ALG_SHA256	= 0x000b,
	TPM_ALG_NULL	= 0x0010,
	TPM_ALG_ECC	= 0x0023,
	TPM_P256	= 0x0003,
	ATTRIBUTES	= 0x00060040,	/* userWithAuth, decrypt, sign */
};

/**
 * struct octets - octets that grow at the end
 * @len: how many
 * @data: the octets
 */
struct octets {
	size_t len;
	uint8_t data[MAX_OCTETS];
};

/**
 * struct asked - one signature that is asked for
 * @nr: its number; 0: none
 * @name: Name of the key
 * @public: its TPMT_PUBLIC; empty: it must be given
 * @message: what is to be signed
 * @hash: with which hash; empty: any
 */
struct asked {
	unsigned int nr;
	struct octets name;
	struct octets public;
	struct octets message;
	char hash[16];
};

static EVP_PKEY *keys[MAX_KEYS];
static int nr_keys;
static bool pss;

/* --- octets ---------------------------------------------------------------- */

static void put(struct octets *o, const void *data, size_t len)
{
	if (len > sizeof(o->data) - o->len)
		errx(1, "a value is too long");
	memcpy(o->data + o->len, data, len);
	o->len += len;
}

static void put_number(struct octets *o, uint32_t value, int len)
{
	while (len--) {
		uint8_t octet = value >> 8 * len;

		put(o, &octet, 1);
	}
}

static bool get_hex(const char *hex, struct octets *o)
{
	unsigned int octet;

	o->len = 0;
	if (!strcmp(hex, "-"))
		return true;
	for (; *hex; hex += 2) {
		if (!isxdigit(hex[0]) || !isxdigit(hex[1]) || sscanf(hex, "%2x", &octet) != 1 ||
		    o->len == sizeof(o->data))
			return false;
		o->data[o->len++] = octet;
	}
	return true;
}

static void print_hex(FILE *f, const void *data, size_t len)
{
	const uint8_t *octet = data;

	while (len--)
		fprintf(f, "%02x", *octet++);
}

/* --- keys ------------------------------------------------------------------ */

static EVP_PKEY *load_from_store(const char *uri)
{
	OSSL_STORE_CTX *store = OSSL_STORE_open(uri, UI_get_default_method(), NULL, NULL, NULL);
	EVP_PKEY *key = NULL;

	if (!store)
		return NULL;
	OSSL_STORE_expect(store, OSSL_STORE_INFO_PKEY);
	while (!key && !OSSL_STORE_eof(store)) {
		OSSL_STORE_INFO *info = OSSL_STORE_load(store);

		if (!info)
			break;
		key = OSSL_STORE_INFO_get1_PKEY(info);
		OSSL_STORE_INFO_free(info);
	}
	OSSL_STORE_close(store);
	return key;
}

/* Of libp11; where there is a provider instead, the store has found the key. */
static EVP_PKEY *load_from_engine(const char *uri)
{
	ENGINE *engine;

	ENGINE_load_dynamic();
	engine = ENGINE_by_id("pkcs11");
	if (!engine || !ENGINE_init(engine))
		return NULL;
	return ENGINE_load_private_key(engine, uri, (UI_METHOD *)UI_get_default_method(), NULL);
}

static void add_key_of(const char *uri)
{
	EVP_PKEY *key = load_from_store(uri);

	if (!key && !strncmp(uri, "pkcs11:", 7))
		key = load_from_engine(uri);
	if (!key) {
		ERR_print_errors_fp(stderr);
		errx(1, "%s: no private key", uri);
	}
	if (nr_keys == MAX_KEYS)
		errx(1, "more than %d keys", MAX_KEYS);
	keys[nr_keys++] = key;
}

static bool is_rsa(EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA;
}

/* What makes it this key and no other: the modulus, or x and y on P-256. */
static struct octets unique_of(EVP_PKEY *key)
{
	struct octets o = { 0 };
	uint8_t *point = NULL;
	BIGNUM *n = NULL;

	if (is_rsa(key)) {
		if (!EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) ||
		    BN_num_bytes(n) > MAX_OCTETS)
			errx(1, "an RSA key is too long");
		o.len = BN_bn2bin(n, o.data);
		BN_free(n);
	} else if (EVP_PKEY_get1_encoded_public_key(key, &point) == 1 + 2 * 32 && *point == 4) {
		put(&o, point + 1, 2 * 32);
	}
	OPENSSL_free(point);
	return o;
}

/* The TPMT_PUBLIC that the kernel makes of the key, as systemd does. */
static struct octets public_of(EVP_PKEY *key)
{
	struct octets o = { 0 }, unique = unique_of(key);

	put_number(&o, is_rsa(key) ? TPM_ALG_RSA : TPM_ALG_ECC, 2);
	put_number(&o, TPM_ALG_SHA256, 2);
	put_number(&o, ATTRIBUTES, 4);
	put_number(&o, 0, 2);			/* authPolicy */
	put_number(&o, TPM_ALG_NULL, 2);	/* symmetric */
	put_number(&o, TPM_ALG_NULL, 2);	/* scheme */
	if (is_rsa(key)) {
		put_number(&o, 8 * unique.len, 2);
		put_number(&o, 0, 4);		/* exponent 65537 */
		put_number(&o, unique.len, 2);
		put(&o, unique.data, unique.len);
		return o;
	}
	put_number(&o, TPM_P256, 2);
	put_number(&o, TPM_ALG_NULL, 2);	/* kdf */
	put_number(&o, 32, 2);
	put(&o, unique.data, 32);
	put_number(&o, 32, 2);
	put(&o, unique.data + 32, 32);
	return o;
}

/* Does a TPMT_PUBLIC end with the key's modulus, or x and y? */
static bool ends_with(const struct octets *public, EVP_PKEY *key)
{
	struct octets own = public_of(key), unique = unique_of(key);
	size_t len = is_rsa(key) ? unique.len : 2 * (2 + 32);

	return unique.len && public->len >= len && own.data[0] == public->data[0] &&
	       own.data[1] == public->data[1] &&
	       !memcmp(public->data + public->len - len, own.data + own.len - len, len);
}

static bool has_name(const struct octets *name, EVP_PKEY *key)
{
	struct octets public = public_of(key);
	uint8_t own[2 + SHA256_DIGEST_LENGTH] = { TPM_ALG_SHA256 >> 8, TPM_ALG_SHA256 & 0xff };

	SHA256(public.data, public.len, own + 2);
	return name->len == sizeof(own) && !memcmp(name->data, own, sizeof(own));
}

static EVP_PKEY *find_key(const struct asked *a)
{
	int i;

	for (i = 0; i < nr_keys; i++)
		if (a->public.len ? ends_with(&a->public, keys[i]) : has_name(&a->name, keys[i]))
			return keys[i];
	return NULL;
}

/* --- signing --------------------------------------------------------------- */

static struct octets sign(EVP_PKEY *key, const char *hash, const struct octets *message)
{
	struct octets sig = { .len = sizeof(sig.data) };
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = NULL;

	if (!ctx || EVP_DigestSignInit(ctx, &pctx, EVP_get_digestbyname(hash), NULL, key) <= 0 ||
	    (pss && is_rsa(key) &&
	     (EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) <= 0 ||
	      EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, RSA_PSS_SALTLEN_DIGEST) <= 0)) ||
	    EVP_DigestSign(ctx, sig.data, &sig.len, message->data, message->len) <= 0) {
		ERR_print_errors_fp(stderr);
		errx(1, "the key does not sign");
	}
	EVP_MD_CTX_free(ctx);
	return sig;
}

/* One line, in one piece. */
static void answer(int fd, const struct asked *a, EVP_PKEY *key)
{
	const char *hash = *a->hash ? a->hash : "sha256";
	struct octets sig = sign(key, hash, &a->message);
	char *line = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&line, &len);

	if (!f)
		err(1, "no memory");
	fprintf(f, "sign %u %s-%s ", a->nr, !is_rsa(key) ? "ecdsa" : pss ? "rsapss" : "rsassa",
		hash);
	print_hex(f, sig.data, sig.len);
	if (!a->public.len) {
		struct octets public = public_of(key);

		fputs(" public=", f);
		print_hex(f, public.data, public.len);
	}
	fputc('\n', f);
	if (fclose(f) || write(fd, line, len) != (ssize_t)len)
		err(1, "the signature was not taken");
	free(line);
}

/* True if it was for one of our keys. */
static bool answer_if_ours(int fd, const struct asked *a)
{
	EVP_PKEY *key = a->nr ? find_key(a) : NULL;

	if (key)
		answer(fd, a, key);
	return key;
}

/* One line of the challenge; what is not known is left alone. */
static void take_line(struct asked *a, const char *name, const char *value)
{
	bool good = true;

	if (!strcmp(name, "key"))
		good = get_hex(value, &a->name);
	else if (!strcmp(name, "public"))
		good = get_hex(value, &a->public);
	else if (!strcmp(name, "message"))
		good = get_hex(value, &a->message);
	else if (!strcmp(name, "hash"))
		snprintf(a->hash, sizeof(a->hash), "%s", strcmp(value, "-") ? value : "");
	if (!good)
		errx(1, "the challenge has a malformed %s", name);
}

static int sign_all(int fd, char *text)
{
	struct asked a = { 0 };
	char *line, *value;
	int signatures = 0;
	bool ended = false;

	line = strsep(&text, "\n");
	if (strcmp(line, "trusted-sign 1"))
		errx(1, "this is no challenge, or one of another version");
	while ((line = strsep(&text, "\n")) && !ended) {
		value = line;
		strsep(&value, " ");
		ended = !strcmp(line, "end");
		if (ended || !strcmp(line, "signer")) {
			signatures += answer_if_ours(fd, &a);
			memset(&a, 0, sizeof(a));
			a.nr = value ? atoi(value) : 0;
		} else if (value) {
			take_line(&a, line, value);
		}
	}
	if (!ended)
		errx(1, "the challenge is not whole");
	return signatures;
}

static char *read_all(int fd, const char *what)
{
	char *text = calloc(1, MAX_TEXT);
	size_t len = 0;
	ssize_t n;

	if (!text)
		err(1, "no memory");
	while ((n = read(fd, text + len, MAX_TEXT - 1 - len)) > 0)
		len += n;
	if (n)
		err(1, "%s", what);
	return text;
}

static void sign_file(int fd)
{
	char *text;

	lseek(fd, 0, SEEK_SET);
	text = read_all(fd, "no challenge");
	if (!sign_all(fd, text))
		errx(1, "none of the keys is asked to sign");
	free(text);
}

/* --- the trusted key ------------------------------------------------------- */

static char *read_blob(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *hex;

	if (fd < 0)
		err(1, "%s", path);
	hex = read_all(fd, path);
	close(fd);
	hex[strspn(hex, "0123456789abcdefABCDEF")] = '\0';
	if (!*hex)
		errx(1, "%s: no blob in hex digits", path);
	return hex;
}

static int ask(const char *device, const char *request)
{
	int fd = open(device, O_RDWR);
	char *line;

	if (fd < 0)
		err(1, "%s", device);
	if (asprintf(&line, "%s\n", request) < 0)
		err(1, "no memory");
	if (write(fd, line, strlen(line)) != (ssize_t)strlen(line))
		err(1, "%s: the request was not taken; see the kernel's log", device);
	free(line);
	return fd;
}

static int ring_of(const char *name)
{
	static const char *const special[] = { "@t", "@p", "@s", "@u", "@us" };
	int i;

	for (i = 0; i < 5; i++)
		if (!strcmp(name, special[i]))
			return -1 - i;
	return strtol(name, NULL, 0);
}

/**
 * struct target - what is to become of the signature
 * @name: description of the trusted key
 * @blob: file of its blob
 * @options: more options of load
 * @ring: keyring
 * @instantiate: a key that waits for it, of request_key(2); NULL: a new one
 */
struct target {
	const char *name;
	const char *blob;
	const char *options;
	const char *ring;
	const char *instantiate;
};

static long add(const struct target *t, const char *payload)
{
	int ring = t->ring && *t->ring ? ring_of(t->ring) : 0;
	long key;

	if (!t->instantiate)
		return syscall(SYS_add_key, "trusted", t->name, payload, strlen(payload), ring);
	key = strtol(t->instantiate, NULL, 0);
	if (syscall(SYS_keyctl, KEYCTL_ASSUME_AUTHORITY, key) < 0)
		return -1;
	return syscall(SYS_keyctl, KEYCTL_INSTANTIATE, key, payload, strlen(payload), ring);
}

static void load(const char *device, const struct target *t)
{
	char *hex = read_blob(t->blob), *request, *payload;
	long key;
	int fd;

	if (asprintf(&request, "load %s%s%s", hex, *t->options ? " " : "", t->options) < 0)
		err(1, "no memory");
	fd = ask(device, request);
	sign_file(fd);
	if (asprintf(&payload, "%s signfd=%d", request, fd) < 0)
		err(1, "no memory");
	key = add(t, payload);
	if (key < 0)
		err(1, "%s: the key was not loaded; see the kernel's log", t->blob);
	if (!t->instantiate)
		printf("%ld\n", key);
	explicit_bzero(request, strlen(request));
	explicit_bzero(payload, strlen(payload));
	free(request);
	free(payload);
	free(hex);
	close(fd);
}

static void usage(FILE *f)
{
	fputs("usage: trusted-signer -k KEY [OPTION...] NAME BLOB [RING]\n"
	      "       trusted-signer -k KEY [OPTION...] -i ID BLOB [RING]\n"
	      "       trusted-signer -k KEY [OPTION...] -f FD\n"
	      "\n"
	      "Loads the trusted key NAME from the file BLOB, signing what its policy wants;\n"
	      "or instantiates the key ID of request_key(2); or only signs what is asked in\n"
	      "the open file FD of /dev/trusted-sign.\n"
	      "\n"
	      "  -k, --key KEY          private key: a file, or pkcs11:...; may be repeated\n"
	      "  -f, --fd FD            sign what is asked in an open file\n"
	      "  -i, --instantiate ID   instantiate this key instead of adding one\n"
	      "  -o, --options TEXT     more options of load: authpolicy=, blobauth= ...\n"
	      "  -p, --pss              RSA keys sign with RSASSA-PSS\n"
	      "  -d, --device PATH      instead of /dev/trusted-sign\n"
	      "  -h, --help\n"
	      "\n"
	      "RING is @s (default with NAME), @u, @us, or a number.\n", f);
}

static const struct option long_options[] = {
	{ "key", required_argument, NULL, 'k' },
	{ "fd", required_argument, NULL, 'f' },
	{ "instantiate", required_argument, NULL, 'i' },
	{ "options", required_argument, NULL, 'o' },
	{ "pss", no_argument, NULL, 'p' },
	{ "device", required_argument, NULL, 'd' },
	{ "help", no_argument, NULL, 'h' },
	{ }
};

int main(int argc, char **argv)
{
	struct target t = { .options = "" };
	const char *device = NODE;
	int c, fd = -1, names;

	while ((c = getopt_long(argc, argv, "k:f:i:o:pd:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'k':
			add_key_of(optarg);
			break;
		case 'f':
			fd = atoi(optarg);
			break;
		case 'i':
			t.instantiate = optarg;
			break;
		case 'o':
			t.options = optarg;
			break;
		case 'p':
			pss = true;
			break;
		case 'd':
			device = optarg;
			break;
		case 'h':
			usage(stdout);
			return 0;
		default:
			usage(stderr);
			return 2;
		}
	}
	argc -= optind;
	argv += optind;
	names = fd >= 0 ? 0 : t.instantiate ? 1 : 2;
	if (!nr_keys || argc < names || argc > (names ? names + 1 : 0)) {
		usage(stderr);
		return 2;
	}
	if (fd >= 0) {
		sign_file(fd);
		return 0;
	}
	if (!t.instantiate)
		t.name = *argv++;
	t.blob = *argv++;
	t.ring = argc > names ? *argv : t.instantiate ? NULL : "@s";
	load(device, &t);
	return 0;
}
