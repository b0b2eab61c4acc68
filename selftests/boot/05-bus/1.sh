# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# What crosses the bus: one key all along, which "update" seals in every way and
# "load" opens.  In the end it is sealed without a policy, and tpm2_unseal tells
# what it is, in clear.  "check" looks for it, and for the authorizations, in the
# log of what went before.
. /guest

keyauth=6b65796175746831a5c3e1f00f1e3c5a79b8d7f6
blobauth=626c6f6261757468d2b4968778695a4b3c2d1e0f
bare="keyhandle=0x81000001"
guarded="keyhandle=0x81000002 keyauth=$keyauth"

primary()
{
	tpm2_createprimary -Q -C o -g sha256 -G "$2" -p "$3" -c /tmp/p \
		-a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt' &&
		tpm2_evictcontrol -Q -C o -c /tmp/p "$1"
}

# reseal NAME OPTIONS AUTHS: update the key, and load what came of it
reseal()
{
	tpm-mark "secret: update, $1"
	works "update, $1" keyctl update %trusted:one "update migratable=1 $2"
	tpm-mark "secret: load, $1"
	works "load, $1" load again "$(blob one) $3"
	tpm-mark "between"
	keyctl unlink %trusted:again @u
}

# cut HEX: the TPM2B that its OCTET STRING has, into $cut; what follows, into $rest
cut()
{
	case $1 in
	0482*) len=$((0x$(echo "$1" | head -c 8 | tail -c 4))); head=8 ;;
	0481*) len=$((0x$(echo "$1" | head -c 6 | tail -c 2))); head=6 ;;
	*) len=$((0x$(echo "$1" | head -c 4 | tail -c 2))); head=4 ;;
	esac
	cut=$(echo "$1" | tail -c +$((head + 1)) | head -c $((2 * len)))
	rest=$(echo "$1" | tail -c +$((head + 2 * len + 1)))
}

# What is in a blob without a policy, told by the TPM in clear.
unseal_in_clear()
{
	cut "${1#*02050081000001}"
	echo "$cut" | xxd -r -p > /tmp/pub
	cut "$rest"
	echo "$cut" | xxd -r -p > /tmp/priv
	tpm2_load -Q -C 0x81000001 -u /tmp/pub -r /tmp/priv -c /tmp/object &&
		tpm2_unseal -c /tmp/object > /tmp/key &&
		[ "$(wc -c < /tmp/key)" -eq 32 ]
}

tpm-mark "control: keyauth"
works "a parent" primary 0x81000001 ecc ""
works "a parent with an authorization" primary 0x81000002 rsa "hex:$keyauth"

rmmod trusted
works "rng=tpm" modprobe trusted rng=tpm
tpm-mark "secret: new, rng=tpm"
works "new, rng=tpm" new one "32 migratable=1 $bare"
tpm-mark "between"

reseal "ECC parent" "$bare" ""
reseal "pcrs=" "$bare pcrs=7" ""
reseal "blobauth=" "$bare blobauth=$blobauth" "blobauth=$blobauth"
reseal "pcrs= and blobauth=" "$bare pcrs=7 blobauth=$blobauth" "blobauth=$blobauth"
reseal "keyauth=" "$guarded" "keyauth=$keyauth"
reseal "keyauth= and pcrs=" "$guarded pcrs=7" "keyauth=$keyauth"
reseal "keyauth=, pcrs= and blobauth=" "$guarded pcrs=7 blobauth=$blobauth" \
	"keyauth=$keyauth blobauth=$blobauth"
reseal "default parent" "keyhandle=0x40000001 pcrs=7" ""
reseal "null hierarchy" "keyhandle=0x40000007 pcrs=7" ""

# An authorization of the owner hierarchy, from which the parent is derived anew.
works "owner authorization" tpm2_changeauth -c owner "hex:$keyauth"
works "update, kept elsewhere" keyctl update %trusted:one "update migratable=1 $bare"
blob one > /tmp/one
rmmod trusted
works "a parent that nobody has derived yet" modprobe trusted rng=tpm
works "load" load one "$(cat /tmp/one)"
reseal "owner authorization" "keyhandle=0x40000001 keyauth=$keyauth" "keyauth=$keyauth"
works "no owner authorization" tpm2_changeauth -c owner -p "hex:$keyauth" ""

works "update, no policy" keyctl update %trusted:one "update migratable=1 $bare"
tpm-mark "control: key"
works "unsealed in clear" unseal_in_clear "$(blob one)"
tpm-mark "control: blobauth"
works "authorization in clear" sh -c "echo x | tpm2_create -Q -C 0x81000001 \
	-p hex:$blobauth -i- -u /tmp/u -r /tmp/r"
tpm-mark "end"

{
	echo "key $(xxd -p -c 64 /tmp/key)"
	echo "keyauth $keyauth"
	echo "blobauth $blobauth"
} > /carry/secrets
finish
