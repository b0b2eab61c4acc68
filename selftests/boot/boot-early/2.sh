# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# How long it takes when nothing else is done first: modules and all.
# boot: --add tools/boot:/usr/lib/trusted-keys --add selftests/boot/early:/etc/early
. /guest

works "EVM is enabled" evm_reads 3
works "blob to EVM in less than half a second" took 500 'trusted-keys: loading'
sed 's/^/# /' /carry/took
finish
