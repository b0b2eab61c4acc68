# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A TPM that is cleared has other primaries.
. /guest

works "new" new key "32 pcrs=sha256:7"
blob key > /carry/key
works "load" load again "$(blob key)"
works "clear" tpm2_clear -c p
refused "the old blob is another TPM's" "Object is remote" load old "$(blob key)"
works "new under the new primary" new fresh "32 pcrs=sha256:7"
works "and load" load loaded "$(blob fresh)"
finish
