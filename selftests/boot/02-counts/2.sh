# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The very first use after a boot, and the next.
. /guest

stay

tpm-mark "count: first load after a boot"
works "load" load one "$(cat /carry/one)"
tpm-mark "count: second load"
works "second load" load two "$(cat /carry/one)"
tpm-mark "end"
finish
