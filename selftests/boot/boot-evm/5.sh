# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Another boot again, by dracut: refused, and it goes on.
# boot: --timeout 600 --disk --initrd dracut --measure 7:other --append quiet
# console: trusted-keys: /sysroot/etc/keys/evm-trusted.blob is refused: Key was rejected by service
# console: trusted-keys: PCR sha256:7 is [0-9a-f]{16}\.\.\., but the key was sealed to [0-9a-f]{16}
# console: trusted-keys: EVM is off
. /guest

works "EVM is off" evm_reads 0
finish
