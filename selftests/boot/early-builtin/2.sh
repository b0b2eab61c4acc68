# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# How long it takes where all is built in and nothing else is done first.
# times: 4
# boot: --add tools/boot:/usr/lib/trusted-keys --add selftests/boot/early:/etc/early
. /guest

works "EVM is enabled" evm_reads 3
works "start of user space to EVM in less than two seconds" took 2000 'Run .* as init process'
sed 's/^/# /' /carry/took
finish
