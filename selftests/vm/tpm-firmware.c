// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the guest, once after power on: what firmware leaves behind.  It closes
 * PCRs 0 to 7 with the separator, the digest of four zero bytes in every
 * allocated bank, so that they do not all read zero.
 */
#include "tpm.h"

static const uint8_t separator[4];

int main(void)
{
	struct tpm_msg m;
	int64_t rc;
	int fd, pcr;

	fd = open("/dev/tpm0", O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror("tpm-firmware: /dev/tpm0");
		return 1;
	}
	for (pcr = 0; pcr < 8; pcr++) {
		tpm_begin(&m, TPM_ST_SESSIONS, TPM_CC_PCR_Event);
		tpm_put32(&m, pcr);
		/* The authorization area: an empty password. */
		tpm_put32(&m, 9);
		tpm_put32(&m, TPM_RS_PW);
		tpm_put(&m, separator, 2);
		tpm_put(&m, separator, 1);
		tpm_put(&m, separator, 2);
		tpm_put16(&m, sizeof(separator));
		tpm_put(&m, separator, sizeof(separator));
		rc = tpm_transmit(fd, &m);
		if (rc) {
			fprintf(stderr, "tpm-firmware: PCR_Event: %#llx\n", (long long)rc);
			return 1;
		}
	}
	return 0;
}
