# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# boot: --add /usr/bin/openssl:/usr/bin/openssl --add selftests/boot/keyfile.sh:/keyfile.sh
# boot: --timeout 900 --append trusted.rng=tpm
#
# What crosses the bus: one key nearly all along, which "update" seals in every way and
# "load" opens.  In the end it is sealed without a policy, and tpm2_unseal tells
# what it is, in clear.  "check" looks for it, and for the authorizations, in the
# log of what went before.
# shellcheck source=selftests/boot/guest
. /guest
# shellcheck source=selftests/boot/keyfile.sh
. /keyfile.sh

mkdir -p /tmp/work && cd /tmp/work || exit

keyauth=6b65796175746831a5c3e1f00f1e3c5a79b8d7f6
blobauth=626c6f6261757468d2b4968778695a4b3c2d1e0f
secretauth=736563726574617574689fe1c35a7b0d4e26f813
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

# How others of the TPM's entities are named in a policy.
nv_index()
{
	tpm2_nvdefine -Q -C o 0x01500010 -s 8 -p "hex:$secretauth" \
		-a 'authread|authwrite|ownerread|ownerwrite|no_da' &&
		echo 00000007 | xxd -r -p > four && cat four four | tpm2_nvwrite -Q -C o -i- 0x01500010 &&
		index_name=$(tpm2_nvreadpublic 0x01500010 | sed -n 's/ *name: *//p')
}

alternatives()
{
	der 30 "$(statement 0171 "$(der 30 "$(der 30 "$1")$(der 30 "$2")")")"
}

# signed_policy: authpolicy= for PCR 7 as it is, by the present signer
signed_policy()
{
	tpm2_pcrread -Q sha256:7 -o pcr
	now=00000001000b03800000$(openssl dgst -sha256 -r pcr | cut -c -64)
	der 30 "$(auth_policy "" "$(statement 017f "$now")$(authorize "" "$(sign "$(extend "$zero" 0000017f "$now")" "")")")"
}

# split HEX: the TPM2B that its OCTET STRING has, into $cut; what follows, into $rest
split()
{
	case $1 in
	0482*) len=$((0x$(echo "$1" | head -c 8 | tail -c 4))); head=8 ;;
	0481*) len=$((0x$(echo "$1" | head -c 6 | tail -c 2))); head=6 ;;
	*) len=$((0x$(echo "$1" | head -c 4 | tail -c 2))); head=4 ;;
	esac
	cut=$(echo "$1" | tail -c +$((head + 1)) | head -c $((2 * len)))
	rest=$(echo "$1" | tail -c +$((head + 2 * len + 1)))
}

# What is in a blob without a policy, told by the TPM in clear: blob, file.
unseal_in_clear()
{
	split "${1#*02050081000001}"
	echo "$cut" | xxd -r -p > /tmp/pub
	split "$rest"
	echo "$cut" | xxd -r -p > /tmp/priv
	tpm2_load -Q -C 0x81000001 -u /tmp/pub -r /tmp/priv -c /tmp/object &&
		tpm2_unseal -c /tmp/object > "$2" &&
		[ "$(wc -c < "$2")" -eq 32 ]
}

authorize_in_clear()
{
	echo x | tpm2_create -Q -C 0x81000001 -p "hex:$1" -i- -u /tmp/u -r /tmp/r
}

tpm-mark "control: keyauth"
works "a parent" primary 0x81000001 ecc ""
works "a parent with an authorization" primary 0x81000002 rsa "hex:$keyauth"

tpm-mark "secret: new, rng=tpm"
works "new, rng=tpm" new one "32 migratable=1 $bare"
tpm-mark "between"

# An authorization of the owner hierarchy, before its parent is derived, which is kept.
works "owner authorization" tpm2_changeauth -c owner "hex:$keyauth"
reseal "owner authorization" "keyhandle=0x40000001 keyauth=$keyauth" "keyauth=$keyauth"
works "no owner authorization" tpm2_changeauth -c owner -p "hex:$keyauth" ""

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

# Policies in which some ways ask for an authorization and some do not.  PCR 16 is
# zero, so the second way of the first one is not taken for its PCR.
pcr_zero=$(statement 017f "00000001000b03000001$(h $zero)")
pcr_other=$(statement 017f "00000001000b03000001$(h "${zero%0}1")")
auth=$(statement 016b "")
works "an NV index with an authorization" nv_index
nv=$(statement 0149 "0150001001500010$(size "$index_name")${index_name}00040000000700000000")
secret=$(statement 0151 "01500010$(size "$index_name")${index_name}0000")

reseal "pcrs= with alternatives, and blobauth=" \
	"$bare pcrs=16=$(h 00)|7 blobauth=$blobauth" "blobauth=$blobauth"
reseal "the way that asks for blobauth=" \
	"$bare policy=$(alternatives "$auth" "$pcr_other") blobauth=$blobauth" "blobauth=$blobauth"
reseal "the way that does not ask for blobauth=" \
	"$bare policy=$(alternatives "$auth$pcr_other" "$pcr_zero") blobauth=$blobauth" "blobauth=$blobauth"
reseal "blobauth= is not given, another way is taken" \
	"$bare policy=$(alternatives "$auth" "$pcr_zero") blobauth=$blobauth" ""
reseal "PolicySecret" "$bare policy=$(der 30 "$secret")" "secretauth=$secretauth"
reseal "PolicySecret and PolicyAuthValue" "$bare policy=$(der 30 "$secret$auth") blobauth=$blobauth" \
	"secretauth=$secretauth blobauth=$blobauth"
reseal "PolicySecret, the parent has an authorization" \
	"$guarded policy=$(der 30 "$secret$auth") blobauth=$blobauth" \
	"secretauth=$secretauth blobauth=$blobauth keyauth=$keyauth"
reseal "PolicyNV" "$bare policy=$(der 30 "$nv")" "secretauth=$secretauth"
reseal "PolicyNV, or PolicySecret" \
	"$bare policy=$(alternatives "$nv$auth" "$secret$pcr_other") blobauth=$blobauth" \
	"secretauth=$secretauth blobauth=$blobauth"
works "a signer" signer ecc
reseal "signer= and blobauth=" \
	"$bare signer=$(openssl pkey -pubin -in signer.pub -outform DER | xxd -p -c 1000) blobauth=$blobauth" \
	"authpolicy=$(signed_policy) blobauth=$blobauth"

tpm-mark "secret: new, blobauth="
works "new, blobauth=" new two "32 migratable=1 $bare blobauth=$blobauth"
tpm-mark "between"

works "update, no policy" keyctl update %trusted:one "update migratable=1 $bare"
tpm-mark "control: key"
works "unsealed in clear" unseal_in_clear "$(blob one)" /tmp/key
tpm-mark "between"
works "update, no policy" keyctl update %trusted:two "update migratable=1 $bare"
tpm-mark "control: otherkey"
works "unsealed in clear" unseal_in_clear "$(blob two)" /tmp/otherkey
tpm-mark "control: blobauth"
works "authorization in clear" authorize_in_clear $blobauth
tpm-mark "control: secretauth"
works "authorization in clear" authorize_in_clear $secretauth
tpm-mark "end"

{
	echo "key $(xxd -p -c 64 /tmp/key)"
	echo "otherkey $(xxd -p -c 64 /tmp/otherkey)"
	echo "keyauth $keyauth"
	echo "blobauth $blobauth"
	echo "secretauth $secretauth"
} > /carry/secrets
finish
