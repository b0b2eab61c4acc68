# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
# boot: --power-cut
#
# One failure is counted, and with that the TPM is in lockout.
. /guest
tpm-mark "boot: the power fails in lockout"

failures "one counted for the power cut" 1
works "one is enough" tpm2_dictionarylockout -s -n 1 -t 1000 -l 1000
refused "under a parent without noDA no key opens" "Resource temporarily unavailable" \
	load guarded "$(cat /carry/guarded)"
logged "because of the lockout" 1 "0x921"
works "the others open" load one "$(cat /carry/default)"
works "the others open" load two "$(cat /carry/fixed)"
works "the others open" load three "$(cat /carry/random) blobauth=00112233445566778899aabbccddeeff00112233"
works "and new ones are sealed" new four "32 pcrs=sha256:7"
failures "no more counted" 1
finish
