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

static int say(int fd, const char *verb, const char *text)
{
	/* StirRandom takes 128 bytes at most. */
	char data[128];
	struct tpm_msg m;
	int len;

	len = snprintf(data, sizeof(data), "%s:%s", verb, text);
	if (len >= (int)sizeof(data))
		len = sizeof(data) - 1;
	tpm_begin(&m, TPM_ST_NO_SESSIONS, TPM_CC_StirRandom);
	tpm_put16(&m, len);
	tpm_put(&m, data, len);
	return tpm_transmit(fd, &m) ? -1 : 0;
}

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
	if (fd < 0 || say(fd, delay ? "DELAY" : "MARK", argv[1])) {
		fprintf(stderr, "%s: %s\n", name, strerror(errno));
		return 1;
	}
	return 0;
}
