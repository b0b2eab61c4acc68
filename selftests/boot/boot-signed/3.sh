# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Kernel B, with the signature for A alone: refused.  The one for B comes along.
# boot: --add tools/boot:/usr/lib/trusted-keys --measure 11:kernel-B
# console: trusted-keys: /etc/keys/evm-trusted.blob is refused: Required key not available
# console: trusted-keys: EVM is off
. /guest

works "no key at boot" sh -c '! /usr/lib/trusted-keys/load-keys'
works "EVM is off" evm_reads 0
works "the update brings a signature" mv /carry/for-B /carry/keys/evm-trusted.authpolicy
finish
