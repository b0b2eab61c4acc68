# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# How many TPM commands?  "expected" has the answers.
. /guest

works "a primary" tpm2_createprimary -Q -C o -g sha256 -G ecc -c /tmp/p \
	-a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt'
works "made persistent" tpm2_evictcontrol -Q -C o -c /tmp/p 0x81000001
stay

tpm-mark "count: first new under a persistent parent"
works "new" new one "32 keyhandle=0x81000001 pcrs=sha256:7,11"
tpm-mark "count: new"
works "new again" new two "32 keyhandle=0x81000001 pcrs=sha256:7,11"
tpm-mark "count: new, 9 PCRs"
works "new, 9 PCRs" new nine "32 keyhandle=0x81000001 pcrs=sha256:0-8"
tpm-mark "count: new, no PCRs"
works "new, no PCRs" new none "32 keyhandle=0x81000001"
tpm-mark "count: load"
works "load" load three "$(blob one)"
tpm-mark "count: next load"
works "next load" load three-a "$(blob two)"
works "idle" idle
tpm-mark "count: load after that"
works "load after that" load three-b "$(blob nine)"
tpm-mark "count: bad input"
refused "bad option" "Invalid argument" new bad "32 pcrs=sha256:24"
refused "bad blob" "Bad message" load bad "$(blob one | tr 0 1 | sed 's/^../30/')"
refused "exists" "Invalid argument" load one nonsense
tpm-mark "count: first new under the default parent"
works "new, default parent" new four "32 pcrs=sha256:7,11"
tpm-mark "count: new under the default parent"
works "new, default parent, again" new five "32 pcrs=sha256:7,11"
tpm-mark "count: load under the default parent"
works "load, default parent" load six "$(blob four)"
tpm-mark "count: next load under the default parent"
works "next load, default parent" load six-a "$(blob five)"
works "idle" idle
tpm-mark "count: load under the default parent after that"
works "load, default parent, saved" load seven "$(blob four)"
tpm-mark "end"
blob one > /carry/one
finish
