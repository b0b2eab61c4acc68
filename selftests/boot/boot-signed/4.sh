# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Kernel B with its signature: the same blob opens.
# boot: --add tools/boot:/usr/lib/trusted-keys --measure 11:kernel-B
. /guest

works "keys at boot" /usr/lib/trusted-keys/load-keys
works "EVM is enabled" evm_reads 3
finish
