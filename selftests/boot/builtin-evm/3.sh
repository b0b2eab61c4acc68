# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Another boot: no master, no key, no EVM; and a file is changed.
# boot: --disk --add tools/boot:/usr/lib/trusted-keys --measure 7:other
# console: trusted-keys: /etc/keys/kmk-trusted.blob is refused: Key was rejected by service
# console: trusted-keys: PCR sha256:7 is [0-9a-f]{16}\.\.\., but the key was sealed to [0-9a-f]{16}
# console: trusted-keys: EVM is off
. /guest

works "no keys at boot" sh -c '! /usr/lib/trusted-keys/load-keys'
works "EVM is off" evm_reads 0
works "IMA wants labels" appraise
works "the mode of a file is changed" chmod 4755 /mnt/mode
works "it opens: only EVM would know" cat /mnt/mode
finish
