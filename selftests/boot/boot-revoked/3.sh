# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# And it stays so.
# boot: --add tools/boot:/usr/lib/trusted-keys
# console: trusted-keys: /etc/keys/evm-trusted.blob is refused: Key has been revoked
# console: trusted-keys: PolicyNV: the NV index has moved on
# console: trusted-keys: EVM is off
. /guest

works "no key at boot" sh -c '! /usr/lib/trusted-keys/load-keys'
works "EVM is off" evm_reads 0
finish
