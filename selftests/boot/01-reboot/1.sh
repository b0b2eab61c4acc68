# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Seal to present values, to one still to come, and to an uncounted PCR.
. /guest

later=$(printf '%064d' 0 | tr 0 a)
works "seal to PCRs 7 and 16" new key "32 pcrs=sha256:7,16"
blob key > /carry/key
# What PCR 7 will be after one more extend with $later.
value=$(cat /sys/class/tpm/tpm0/pcr-sha256/7)
future=$(printf '%s%s' "$value" "$later" | tr A-F a-f | xxd -r -p | sha256sum | cut -d' ' -f1)
works "seal to a value that PCR 7 does not have yet" new future "32 pcrs=sha256:7=$future"
blob future > /carry/future
refused "which does not open now" "Key was rejected" load early "$(blob future)"
logged "because of PCR 7" 1 'PCR sha256:7 is'
works "extend PCR 7" tpm2_pcrextend "7:sha256=$later"
works "and opens now" load opened "$(blob future)"
echo "$later" > /carry/later
finish
