// SPDX-License-Identifier: GPL-2.0-only
/*
 * Asks the PURE files what they make of something; one question a line on
 * standard input, one answer a line.
 *
 *	options TEXT	the text of add_key(): errno, option, reason
 *	keyfile HEX	a blob: errno, what is wrong
 *	policy HEX	SEQUENCE OF TPMPolicy: errno, what is wrong, or the digest
 *			that it comes to with SHA-256
 *	verdict CODE	a response code, 0x...: "errno cause; cure" of every step,
 *			with tabs between
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keyfile.h"
#include "options.h"
#include "text.h"
#include "tree.h"
#include "verdict.h"

static void ask_options(char *text)
{
	static struct tpk_options o;
	struct tpk_complaint c;
	int err = tpk_options_parse(text, strlen(text), &o, &c);

	printf("%d %s: %s\n", -err, c.option, c.reason);
}

static void ask_keyfile(char *hex)
{
	static struct tpk_keyfile kf;
	const char *what = "";
	size_t len = strlen(hex) & ~1UL;
	u8 *blob = malloc(len / 2 + 1);
	int err = -EINVAL;

	if (blob && !tpk_text_hex(tpm2_bytes((u8 *)hex, len), blob))
		err = tpk_keyfile_decode(tpm2_bytes(blob, len / 2), &kf, &what);
	printf("%d %s\n", -err, what);
	free(blob);
}

static void ask_policy(char *hex)
{
	static struct tpk_tree tree;
	struct tpk_policy policy = {};
	struct tpm2_bytes der = tpm2_bytes((u8 *)hex, strlen(hex));
	const char *what = "";
	int err = tpk_text_hex(der, (u8 *)hex);
	size_t i;

	der.len /= 2;
	if (!err)
		err = tpk_policy_decode(der, &policy, &what);
	if (!err)
		err = tpk_tree_build(&tree, &policy, NULL, TPM_ALG_ID_SHA256, &what);
	printf("%d %s", -err, what);
	for (i = 0; !err && i < tpk_tree_digest(&tree).len; i++)
		printf("%02x", tpk_tree_digest(&tree).data[i]);
	printf("\n");
}

static void ask_verdict(const char *code)
{
	u32 rc = strtoul(code, NULL, 0);
	int step;

	for (step = TPK_STEP_PARENT_READ; step <= TPK_STEP_PCR_EXTEND; step++) {
		struct tpk_verdict with = tpk_verdict(step, rc, true);
		struct tpk_verdict without = tpk_verdict(step, rc, false);

		printf("%d %s; %s\t", -with.err, with.cause, with.cure);
		printf("%d %s; %s\t", -without.err, without.cause, without.cure);
	}
	printf("\n");
}

int main(void)
{
	static char line[70000];

	while (fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "options ", 8))
			ask_options(line + 8);
		else if (!strncmp(line, "keyfile ", 8))
			ask_keyfile(line + 8);
		else if (!strncmp(line, "policy ", 7))
			ask_policy(line + 7);
		else if (!strncmp(line, "verdict ", 8))
			ask_verdict(line + 8);
		else
			printf("1 no such question\n");
	}
	return 0;
}
