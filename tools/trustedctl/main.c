// SPDX-License-Identifier: GPL-2.0-only
/*
 * trustedctl: what a trusted key's blob says, what opens it, and whether it would
 * open now; policies from text; signed policies from systemd's files.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

static const struct ctl_verb *const verbs[] = {
	&ctl_show, &ctl_check, &ctl_policy, &ctl_pcrs, &ctl_signer, &ctl_authpolicy,
};

static void usage(void)
{
	size_t i;

	puts("Usage: trustedctl VERB [OPTION...] [ARGUMENT...]\n\n"
	     "Trusted keys on a TPM 2.0, as the kernel sees them.\n");
	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		printf("  %-12s %s\n", verbs[i]->name, verbs[i]->short_desc);
	puts("\n  trustedctl VERB --help    about one of them\n\n"
	     "Exit status: 0 yes, or done; 1 no: the key would not open, or it is not there;\n"
	     "2 usage, or something went wrong.");
}

/**
 * ctl_usage() - print how a verb is used
 * @verb: the verb
 */
void ctl_usage(const struct ctl_verb *verb)
{
	printf("Usage: trustedctl %s %s\n\n%s.\n\n%s"
	       "  --json             the answer as JSON\n"
	       "  --help             this text\n",
	       verb->name, verb->args, verb->short_desc, verb->help);
}

/**
 * ctl_usage_fault() - say that a verb was not used as it should be
 * @verb: the verb
 * @format: what is wrong
 *
 * Return: CTL_TROUBLE.
 */
enum ctl_status ctl_usage_fault(const struct ctl_verb *verb, const char *format, ...)
{
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return ctl_fault(verb->name, "%s; see trustedctl %s --help", what, verb->name);
}

/**
 * ctl_option_fault() - say what getopt_long() did not like
 * @verb: the verb
 * @option: '?' or ':', as it returned
 * @argv: the verb's arguments
 *
 * Return: CTL_TROUBLE.
 */
enum ctl_status ctl_option_fault(const struct ctl_verb *verb, int option, char **argv)
{
	const char *word = argv[optind - 1];

	if (option == ':')
		return ctl_usage_fault(verb, "%s: its value is missing", word);
	return ctl_usage_fault(verb, "%s: there is no such option, or it takes no value", word);
}

static const struct ctl_verb *find_verb(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

/* An answer that could not be written is none. */
static enum ctl_status close_stdout(enum ctl_status status)
{
	if (fflush(stdout) || ferror(stdout))
		return ctl_fault("standard output", "cannot be written");
	return status;
}

int main(int argc, char **argv)
{
	const struct ctl_verb *verb;

	if (argc < 2)
		return ctl_fault("usage", "no verb is given; see trustedctl --help");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		usage();
		return close_stdout(CTL_YES);
	}
	verb = find_verb(argv[1]);
	if (!verb)
		return ctl_fault(argv[1], "there is no such verb; see trustedctl --help");
	opterr = 0;
	return close_stdout(verb->run(argc - 1, argv + 1));
}
