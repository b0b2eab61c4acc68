# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# And so it stays.
. /guest

refused "the old blob is another TPM's" "Object is remote" load old "$(cat /carry/key)"
logged "the log says so" 1 'another TPM or parent'
works "new keys work" new fresh "32"
finish
