// SPDX-License-Identifier: GPL-2.0-only
/*
 * In the guest: prints the handles in use in the physical TPM, asked on
 * /dev/tpm0, "transient 80000000" a line.  None in use prints nothing.  Sessions
 * that trusted keys have kept are ended first.
 */
#include "tpm.h"

int main(void)
{
	int fd, i, r;

	tpm_forget_kept();
	fd = open("/dev/tpm0", O_RDWR | O_CLOEXEC);
	if (fd < 0) {
		perror("tpm-handles: /dev/tpm0");
		return 1;
	}
	for (r = 0; r < TPM_RANGES; r++) {
		struct tpm_handles h = { 0 };

		if (tpm_list_range(fd, tpm_ranges[r].first, &h)) {
			fprintf(stderr, "tpm-handles: GetCapability failed\n");
			return 1;
		}
		for (i = 0; i < h.nr; i++)
			printf("%s %08x\n", tpm_ranges[r].name, h.handle[i]);
	}
	return 0;
}
