// SPDX-License-Identifier: GPL-2.0-only
/*
 * StirRandom, which the interposer answers itself (selftests/vm/tpm-proxy.c).
 */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "tpm.h"

#define NO_SESSIONS	0x8001
#define STIR_RANDOM	0x146
#define HEADER		10

/* Leaves the body of the answer in @b, from @b->at on. */
static void say(int fd, const char *text, struct tpm_buf *b)
{
	*b = (struct tpm_buf){ 0 };
	tpm_put16(b, NO_SESSIONS);
	tpm_put32(b, HEADER + 2 + strlen(text));
	tpm_put32(b, STIR_RANDOM);
	tpm_put_sized(b, text, strlen(text));
	if (tpm_transmit(fd, b) || memcmp(b->data + 6, "\0\0\0", 4))
		errx(2, "%s: run the VM with --tpm-mutate", text);
}

void control_plan(int fd, const char *fmt, ...)
{
	struct tpm_buf b;
	char text[120] = "PLAN:";
	va_list args;

	va_start(args, fmt);
	vsnprintf(text + 5, sizeof(text) - 5, fmt, args);
	va_end(args);
	say(fd, text, &b);
}

void control_ask(int fd, struct report *r)
{
	struct tpm_buf b;
	char text[TPM_BUF_SIZE], *word, *rest;

	say(fd, "ASK:", &b);
	memset(r, 0, sizeof(*r));
	snprintf(text, sizeof(text), "%.*s", (int)(b.len - HEADER), b.data + HEADER);
	rest = strchr(text, '|');
	if (!rest)
		errx(2, "the interposer says nothing; run the VM with --tpm-mutate");
	snprintf(r->handles, sizeof(r->handles), "%s", rest);
	*rest = 0;
	word = strtok(text, " ");
	r->told = word && !strcmp(word, "told");
	while ((word = strtok(NULL, " ")) && r->nr < MAX_ANSWERS) {
		if (sscanf(word, "%x:%u", &r->code[r->nr], &r->len[r->nr]) == 2)
			r->nr++;
	}
}

bool control_same(const struct report *a, const struct report *b)
{
	return a->nr == b->nr && !memcmp(a->code, b->code, sizeof(a->code)) &&
	       !memcmp(a->len, b->len, sizeof(a->len));
}
