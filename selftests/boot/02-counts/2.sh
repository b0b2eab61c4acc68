# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The very first use after a boot costs no more.
. /guest

tpm-mark "count: first load after a boot"
works "load" load one "$(cat /carry/one)"
tpm-mark "end"
finish
