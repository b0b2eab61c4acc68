# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
# boot: --power-cut
#
# That did not count.  The same after a load under a parent without noDA, which does.
. /guest
tpm-mark "boot: the power fails after a load under a parent without noDA"

failures "none counted for the power cut" 0
works "load" load one "$(cat /carry/default)"
works "load" load two "$(cat /carry/fixed)"
works "seal under a parent without noDA" new guarded "32 keyhandle=0x81000002 pcrs=sha256:7"
logged "which is said" 1 "noDA"
blob guarded > /carry/guarded
works "load" load three "$(cat /carry/guarded)"
failures "none counted" 0
finish
