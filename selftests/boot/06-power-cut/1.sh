# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
# boot: --power-cut
#
# Keys are sealed and loaded under parents with noDA, and then the power fails.
. /guest
tpm-mark "boot: the power fails after a load"

primary()
{
	tpm2_createprimary -Q -C o -g sha256 -G ecc -c /tmp/p \
		-a "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|decrypt$2" &&
		tpm2_evictcontrol -Q -C o -c /tmp/p "$1"
}

works "a parent with noDA" primary 0x81000001 '|noda'
works "one without" primary 0x81000002 ''
works "seal under the default parent" new default "32 pcrs=sha256:7,16"
works "seal under one that is persistent" new fixed "32 keyhandle=0x81000001 pcrs=sha256:7|sha256:7,16"
works "seal with a random authorization" new random \
	"32 pcrs=sha256:7 blobauth=00112233445566778899aabbccddeeff00112233"
for key in default fixed random; do
	blob $key > /carry/$key
done
works "load" load one "$(cat /carry/default)"
works "load" load two "$(cat /carry/fixed)"
works "load" load three "$(cat /carry/random) blobauth=00112233445566778899aabbccddeeff00112233"
failures "none counted" 0
finish
