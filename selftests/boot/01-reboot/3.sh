# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The PCRs are as in the first boot.
. /guest

works "load as in the first boot" load key "$(cat /carry/key)"
finish
