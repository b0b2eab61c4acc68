# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A boot that is another: PCR 7 differs, EVM stays off, and files are changed.  The
# initramfs has no busybox.
# boot: --disk --initrd klibc --measure 7:other --append quiet
# console: trusted-keys: /root/etc/keys/evm-trusted.blob is refused: Key was rejected by service
# console: trusted-keys: PCR sha256:7 is [0-9a-f]{16}\.\.\., but the key was sealed to [0-9a-f]{16}
# console: trusted-keys: EVM is off
. /guest

works "EVM is off" evm_reads 0
works "no key is there" sh -c '! keyctl show @u | grep trusted'
works "IMA wants labels" appraise
works "the mode of a file is changed" chmod 4755 /mnt/mode
works "the text of another, and IMA's label with it" sh -c 'echo "other words" > /mnt/text'
works "both open: only EVM would know" cat /mnt/mode /mnt/text
finish
