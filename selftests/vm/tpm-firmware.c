// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the guest, once after power on: what firmware leaves behind.  It closes
 * PCRs 0 to 7 with the separator, the digest of four zero bytes in every
 * allocated bank, so that they do not all read zero, and measures what "measure="
 * on the kernel's command line says, PCR:TEXT.  With "mark=" it says in the log of
 * TPM commands that it is done.
 *
 * As the first process of all it goes before an initramfs that knows nothing of
 * it, and becomes its init.
 */
#include <stdlib.h>
#include <sys/mount.h>

#include "tpm.h"

static const uint8_t separator[4];

static int measure(int fd, uint32_t pcr, const void *what, size_t len)
{
	struct tpm_msg m;
	int64_t rc;

	tpm_begin(&m, TPM_ST_SESSIONS, TPM_CC_PCR_Event);
	tpm_put32(&m, pcr);
	/* The authorization area: an empty password. */
	tpm_put32(&m, 9);
	tpm_put32(&m, TPM_RS_PW);
	tpm_put(&m, separator, 2);
	tpm_put(&m, separator, 1);
	tpm_put(&m, separator, 2);
	tpm_put16(&m, len);
	tpm_put(&m, what, len);
	rc = tpm_transmit(fd, &m);
	if (!rc)
		return 0;
	fprintf(stderr, "tpm-firmware: PCR_Event: %#llx\n", (long long)rc);
	return 1;
}

static int power_on(void)
{
	const char *also = getenv("measure"), *mark = getenv("mark");
	int err = 0, fd, pcr;
	char *text;

	fd = open("/dev/tpm0", O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror("tpm-firmware: /dev/tpm0");
		return 1;
	}
	for (pcr = 0; pcr < 8 && !err; pcr++)
		err = measure(fd, pcr, separator, sizeof(separator));
	if (also && !err) {
		pcr = strtol(also, &text, 10);
		err = measure(fd, pcr, text + 1, strlen(text + 1));
	}
	if (mark && !err)
		err = tpm_say(fd, "MARK", mark);
	close(fd);
	return err;
}

/* Without /dev it has nowhere to complain: that the kernel panics is enough. */
static int before_init(char **argv)
{
	if (mount("dev", "/dev", "devtmpfs", 0, NULL) || power_on() || umount("/dev"))
		return 1;
	execv("/init", argv);
	return 1;
}

int main(int argc __attribute__((unused)), char **argv)
{
	return getpid() == 1 ? before_init(argv) : power_on();
}
