# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The PCRs are as in the first boot, and dracut made the initramfs: EVM is back,
# and notices what was done while it was off.
# boot: --timeout 600 --disk --initrd dracut --append quiet
. /guest

tpm-mark "over"
works "EVM is enabled" evm_reads 3
works "the log says by what" said "trusted-keys: EVM is enabled with /sysroot/etc/keys/evm-trusted.blob"
works "the key is gone" sh -c '! keyctl show @u | grep trusted'
works "IMA wants labels" appraise
works "a file that is as it was opens" cat /mnt/good
works "so does the one labelled in the second boot" cat /mnt/new
refused "one with another mode does not" "Permission denied" cat /mnt/mode
refused "nor one with another text" "Permission denied" cat /mnt/text
refused "nor can it be given the old mode" "Operation not permitted" chmod 644 /mnt/mode
finish
