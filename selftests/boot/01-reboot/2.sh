# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# After a reboot the blob alone is enough, until a PCR changes.
. /guest

blob=$(cat /carry/key)
works "load with the blob alone" load key "$blob"
refused "the future is over" "Key was rejected" load future "$(cat /carry/future)"
works "extend the uncounted PCR 16" tpm2_pcrextend "16:sha256=$(cat /carry/later)"
refused "refused after PCR 16 changed" "Key was rejected" load again "$blob"
logged "the log names PCR 16" 1 'PCR sha256:16 is'
logged "and no other" 1 'PCR sha256:[0-9]+ is'
works "reset PCR 16" tpm2_pcrreset 16
works "load again" load again "$blob"
works "extend the counted PCR 7" tpm2_pcrextend "7:sha256=$(cat /carry/later)"
refused "refused after PCR 7 changed" "Key was rejected" load third "$blob"
logged "the log names PCR 7" 1 'PCR sha256:7 is'
logged "and no other" 1 'PCR sha256:[0-9]+ is'
works "but the value sealed to is here now" load future "$(cat /carry/future)"
finish
