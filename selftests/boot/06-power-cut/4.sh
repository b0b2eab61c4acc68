# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Still in lockout, and still they open.
. /guest
tpm-mark "boot: the end is in order"

failures "no more counted for the power cut" 1
refused "the lockout goes on" "Resource temporarily unavailable" load guarded "$(cat /carry/guarded)"
works "the others open" load one "$(cat /carry/default)"
works "the others open" load two "$(cat /carry/fixed)"
works "reset the lockout" tpm2_dictionarylockout -c
works "all open" load guarded "$(cat /carry/guarded)"
finish
