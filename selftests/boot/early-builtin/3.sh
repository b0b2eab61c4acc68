# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The last of five: the machine that the VM is on has other things to do, too.
# boot: --add tools/boot:/usr/lib/trusted-keys --add selftests/boot/early:/etc/early
. /guest

works "EVM is enabled" evm_reads 3
works "start of user space to EVM in less than two seconds" took 2000 'Run .* as init process'
works "the quickest of five in less than half a second" quickest 500
sed 's/^/# /' /carry/took
finish
