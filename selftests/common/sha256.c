// SPDX-License-Identifier: GPL-2.0-only
/*
 * SHA-256 (FIPS 180-4) and HMAC (RFC 2104).
 */
#include <endian.h>
#include <string.h>

#include "sha256.h"

static const uint32_t k[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
	0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
	0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static void schedule(const uint8_t *block, uint32_t *w)
{
	int i;

	memcpy(w, block, SHA256_BLOCK);
	for (i = 0; i < 16; i++)
		w[i] = be32toh(w[i]);
	for (; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];

		w[i] = w[i - 16] + w[i - 7] +
		       (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) +
		       (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void compress(struct sha256 *s)
{
	uint32_t w[64], v[8], t1, t2;
	int i;

	schedule(s->block, w);
	memcpy(v, s->h, sizeof(v));
	for (i = 0; i < 64; i++) {
		t1 = v[7] + (rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)) +
		     ((v[4] & v[5]) ^ (~v[4] & v[6])) + k[i] + w[i];
		t2 = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) +
		     ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (i = 0; i < 8; i++)
		s->h[i] += v[i];
}

void sha256_init(struct sha256 *s)
{
	static const uint32_t h[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};

	memcpy(s->h, h, sizeof(h));
	s->len = 0;
}

void sha256_update(struct sha256 *s, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len--) {
		s->block[s->len++ % SHA256_BLOCK] = *p++;
		if (s->len % SHA256_BLOCK == 0)
			compress(s);
	}
}

void sha256_update32(struct sha256 *s, uint32_t v)
{
	v = htobe32(v);
	sha256_update(s, &v, sizeof(v));
}

void sha256_final(struct sha256 *s, uint8_t *out)
{
	uint64_t bits = htobe64(s->len * 8);
	int i;

	sha256_update(s, "\x80", 1);
	while (s->len % SHA256_BLOCK != SHA256_BLOCK - sizeof(bits))
		sha256_update(s, "", 1);
	sha256_update(s, &bits, sizeof(bits));
	for (i = 0; i < 8; i++) {
		uint32_t h = htobe32(s->h[i]);

		memcpy(out + 4 * i, &h, sizeof(h));
	}
}

static void start_padded(struct sha256 *s, const void *key, size_t len, uint8_t pad)
{
	uint8_t block[SHA256_BLOCK] = { 0 };
	int i;

	memcpy(block, key, len);
	for (i = 0; i < SHA256_BLOCK; i++)
		block[i] ^= pad;
	sha256_init(s);
	sha256_update(s, block, sizeof(block));
}

void hmac256_init(struct sha256 *s, const void *key, size_t len)
{
	start_padded(s, key, len, 0x36);
}

void hmac256_final(struct sha256 *s, const void *key, size_t len, uint8_t *out)
{
	sha256_final(s, out);
	start_padded(s, key, len, 0x5c);
	sha256_update(s, out, SHA256_SIZE);
	sha256_final(s, out);
}
