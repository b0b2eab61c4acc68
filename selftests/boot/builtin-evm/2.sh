# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The same boot again: first the master, then the key, then EVM.
# boot: --disk --add tools/boot:/usr/lib/trusted-keys --add selftests/boot/early:/etc/early
. /guest

works "EVM is enabled" evm_reads 3
works "no key is left" sh -c '! keyctl show @s | grep -E "kmk|evm-key"'
works "IMA wants labels" appraise
works "the files open" cat /mnt/good /mnt/mode
finish
