// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the guest: speaks to the interposer between QEMU and the TPM (tpm-proxy.c)
 * through the TPM itself, so that what it says takes its place among the
 * commands: StirRandom with bytes that no other program would send.
 *
 *	tpm-mark TEXT	writes "# TEXT" in the log of TPM commands
 *	tpm-delay MS	delays every command after this one
 */
#include <stdlib.h>

#include "tpm.h"

/* Made by run where there is an interposer. */
#define PROXY "/etc/tpm-proxy"

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int delay, fd;

	name = name ? name + 1 : argv[0];
	delay = !strcmp(name, "tpm-delay");
	if (argc != 2 || (delay && argv[1][strspn(argv[1], "0123456789")])) {
		fprintf(stderr, "usage: tpm-mark TEXT | tpm-delay MS\n");
		return 2;
	}
	if (access(PROXY, F_OK)) {
		/* Nobody keeps a log: nothing to mark, but no way to delay. */
		if (!delay)
			return 0;
		fprintf(stderr, "tpm-delay: run the VM with --tpm-delay or --tpm-log\n");
		return 1;
	}
	fd = open("/dev/tpmrm0", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fd = open("/dev/tpm0", O_RDWR | O_CLOEXEC);
	if (fd < 0 || tpm_say(fd, delay ? "DELAY" : "MARK", argv[1])) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return 1;
	}
	return 0;
}
