# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# boot: --add /usr/bin/openssl:/usr/bin/openssl --add selftests/boot/keyfile.sh:/keyfile.sh
# boot: --add /usr/bin/tssstartauthsession:/usr/bin/tssstartauthsession
# boot: --add /usr/bin/tsspolicypcr:/usr/bin/tsspolicypcr --timeout 900
#
# Key files between the kernel and others.  Written by others: as each of them
# encodes (see the comments), sealed by tpm2_create, opened by the kernel.  Written
# by the kernel with format=interop: taken apart by OpenSSL, opened by tpm2-tools.
# shellcheck source=selftests/boot/guest
. /guest
# shellcheck source=selftests/boot/keyfile.sh
. /keyfile.sh

mkdir -p /tmp/work && cd /tmp/work || exit

template='sensitivedataorigin|userwithauth|noda|restricted|decrypt|fixedtpm|fixedparent'
selection=00000001000b03800800	# sha256:7,11

# --- the others write ----------------------------------------------------------

# seal PARENT DIGEST ATTRIBUTES AUTH: the secret, into ./pub and ./priv
seal()
{
	octets "$2" digest
	set -- -C "$1" -a "$3" ${2:+-L digest} ${4:+-p "hex:$4"}
	tpm2_create -Q "$@" -i secret -u pub -r priv
}

# opens NAME BLOB OPTIONS: the kernel does
opens()
{
	works "the kernel opens: $1" load them "$2 $3"
	keyctl unlink %trusted:them @u
}

# same NAME BLOB OPTIONS: opens, and it is the secret: sealed anew in clear
same()
{
	works "the kernel opens: $1" load them "$2 $3"
	works "it is the key that was sealed: $1" is_the_secret
	keyctl unlink %trusted:them @u
}

is_the_secret()
{
	keyctl update %trusted:them "update migratable=1 format=interop" || return
	keyctl pipe %trusted:them | xxd -r -p > own
	take_apart own
	tpm2_load -Q -C srk -u pub -r priv -c object && tpm2_unseal -c object > key
	status=$?
	cmp key secret && [ "$status" -eq 0 ]
}

empty_auth=a0030101ff
engine_pcr() { statement 017f "$selection$values"; }
grub_pcr() { statement 017f "0000$selection"; }

openssl rand -out secret 32
works "a parent by the template" tpm2_createprimary -Q -C o -g sha256 -G ecc -c srk -a "$template"
works "a persistent parent" tpm2_evictcontrol -Q -C o -c srk 0x81000001
tpm2_pcrread -Q sha256:7,11 -o pcrs
values=$(openssl dgst -sha256 -r pcrs | cut -c -64)
pcr_digest=$(extend $zero 0000017f "$selection$values")

# openssl_tpm2_engine, seal_tpm2_data: TPML_PCR_SELECTION and the digest without a
# size; nothing fixed without --nomigrate; a positive INTEGER.
works "sealed" seal srk "$pcr_digest" noda ""
same "openssl_tpm2_engine, PolicyPCR" "$(file "$empty_auth$(policies "$(engine_pcr)")" 40000001)"
works "sealed" seal 0x81000001 "$pcr_digest" 'noda|fixedtpm|fixedparent' ""
opens "openssl_tpm2_engine, PolicyPCR, --nomigrate, persistent parent" \
	"$(file "$empty_auth$(policies "$(engine_pcr)")" 0081000001)"

# pcr-oracle and GRUB: TPM2B_DIGEST, empty, before the selection.  pcr-oracle writes
# the handle as a negative INTEGER.
works "sealed" seal srk "$pcr_digest" noda ""
same "pcr-oracle, PolicyPCR" "$(file "$empty_auth$(policies "$(grub_pcr)")" 40000001)"
works "sealed" seal 0x81000001 "$pcr_digest" 'fixedtpm|fixedparent' ""
opens "pcr-oracle, PolicyPCR, persistent parent" "$(file "$empty_auth$(policies "$(grub_pcr)")" 81000001)"
# With the digest in it, which the field allows.
works "sealed" seal srk "$pcr_digest" noda ""
same "TPM2B_DIGEST with a digest" \
	"$(file "$empty_auth$(policies "$(statement 017f "0020$values$selection")")" 40000001)"

# The kernel's own key type: TRUE is 01, no policy; with policydigest= it is for
# the user to know.
works "sealed" seal 0x81000001 "" userwithauth ""
same "Linux, no policy" "$(file a003010101 0081000001)"
works "sealed" seal 0x81000001 "" userwithauth 736563726574
same "Linux, blobauth=" "$(file a003010100 0081000001)" blobauth=secret
works "sealed" seal 0x81000001 "$pcr_digest" "" ""
linux=$(file a003010101 0081000001)
same "Linux, policydigest=, with pcrs=" "$linux" pcrs=sha256:7,11
same "Linux, policydigest=, with policy=" "$linux" "policy=$(der 30 "$(engine_pcr)")"
# As the page on migration has it: IBM's tools on /dev/tpm0.
ibm()
{
	TPM_INTERFACE_TYPE=dev TPM_DEVICE=/dev/tpm0 "$@"
}
session=$(ibm tssstartauthsession -se p | sed -n 's/^Handle //p')
works "a session" [ -n "$session" ]
works "a policy" ibm tsspolicypcr -ha "$session" -bm 880
same "Linux, policydigest=, with policyhandle=" "$linux" "policyhandle=0x$session"
auth_digest=$(extend "$pcr_digest" 0000016b "")
works "sealed" seal 0x81000001 "$auth_digest" "" 736563726574
same "Linux, policydigest= and blobauth=" "$(file "" 0081000001)" "pcrs=7,11 blobauth=secret"

# openssl_tpm2_engine: PolicyAuthValue, then PolicyPCR, then PolicyLocality; no
# emptyAuth.
auth=$(extend $zero 0000016b "")
all=$(extend "$(extend "$auth" 0000017f "$selection$values")" 0000016f 01)
works "sealed" seal srk "$all" noda 736563726574
same "openssl_tpm2_engine, PolicyAuthValue, PolicyPCR, PolicyLocality" \
	"$(file "$(policies "$(statement 016b "")$(engine_pcr)$(statement 016f 01)")" 40000001)" blobauth=secret

# openssl_tpm2_engine, --policy: operandB, offset, operation.
counter=00000fffffffffff00080009	# clock, not above
works "sealed" seal srk "$(extend $zero 0000016d "$(h $counter)")" noda ""
same "openssl_tpm2_engine, PolicyCounterTimer" \
	"$(file "$empty_auth$(policies "$(statement 016d $counter)")" 40000001)"

# --- signed policies -----------------------------------------------------------

# signed KIND PCRS REFERENCE NAME: the fields [1] and [3], sealed
signed()
{
	signer "$1" || return
	authorized=$(h "$(h "${zero}0000016a$key_name")$3")
	seal srk "$authorized" noda "" || return
	other=$(auth_policy "$4" "$(statement 016f 02)$(authorize "$3" "$(sign "$(extend "$zero" 0000016f 02)" "$3")")")
	this=$(auth_policy "$4" "$2$(authorize "$3" "$(sign "$pcr_digest" "$3")")")
	fields="$empty_auth$(policies "$(authorize "$3" 0010)")$(auth_policies "$other$this")"
}

# openssl_tpm2_engine, signed_tpm2_policy: a policyRef, a name, several policies
# of which one holds.
for kind in ecc rsa; do
	works "sealed" signed $kind "$(engine_pcr)" 7265666572656e6365 "these boots"
	same "openssl_tpm2_engine, signed by $kind" "$(file "$fields" 40000001)"
done
# pcr-oracle, for GRUB: no policyRef.
works "sealed" signed rsa "$(grub_pcr)" "" ""
same "pcr-oracle, signed by rsa" "$(file "$fields" 40000001)"

# --- the kernel writes ----------------------------------------------------------

# Only what others read: no [4], no [6].
only_known_fields()
{
	echo "tags: $tags"
	case $tags in
	*"[4]"* | *"[5]"* | *"[6]"*) return 1 ;;
	esac
	[ "${tags%% *}" = OBJECT ]
}

# pcr_list SELECTION: sha256 bank only, as the tools want it
pcr_list()
{
	[ "${1%??????}" = 00000001000b03 ] || return
	map=$((0x$(echo "$1" | cut -c 19-20)$(echo "$1" | cut -c 17-18)$(echo "$1" | cut -c 15-16)))
	list=
	for pcr in $(seq 0 23); do
		[ $((map >> pcr & 1)) -eq 0 ] || list=$list,$pcr
	done
	echo "sha256:${list#,}"
}

# run_authorize BODY: the signer signs what is, with ./signer.pem
run_authorize()
{
	len=$((0x$(echo "$1" | cut -c -4)))
	[ "$(echo "$1" | cut -c $((5 + 2 * len))-)" = 00000010 ] || return
	octets "$(echo "$1" | cut -c -$((4 + 2 * len)))" theirs.tss
	tpm2_loadexternal -Q -C o -u theirs.tss -c theirs -n theirs.name &&
		tpm2_policypcr -Q -S session -l sha256:7,11 -L approved &&
		openssl dgst -sha256 -sign signer.pem -out signature approved &&
		tpm2_verifysignature -Q -c theirs -g sha256 -m approved -s signature \
			-f "$(echo "$kind" | sed 's/rsa/rsassa/; s/ecc/ecdsa/')" -t ticket &&
		tpm2_policyauthorize -Q -S session -i approved -n theirs.name -t ticket
}

# run_statement CODE BODY
run_statement()
{
	case $1 in
	017f) tpm2_policypcr -Q -S session -l "$(pcr_list "$(echo "$2" | cut -c -20)")" ;;
	016b) tpm2_policyauthvalue -Q -S session ;;
	016f) tpm2_policylocality -Q -S session "$((0x$2))" ;;
	016a) run_authorize "$2" ;;
	*) return 1 ;;
	esac
}

# they_open AUTH: the file ./own, by OpenSSL and tpm2-tools, into ./key
they_open()
{
	take_apart own
	only_known_fields || return
	tpm2_load -Q -C "$( [ "$parent" = 40000001 ] && echo srk || echo "0x$parent")" \
		-u pub -r priv -c object || return
	[ -s parts ] || { tpm2_unseal -c object ${1:+-p "hex:$1"} > key; return; }
	tpm2_startauthsession -Q --policy-session -S session || return
	while read -r code body; do
		echo "statement $code $body"
		run_statement "$code" "$body" || return
	done < parts
	tpm2_unseal -c object -p "session:session${1:++hex:$1}" > key
	status=$?
	tpm2_flushcontext session
	return "$status"
}

# ours NAME OPTIONS AUTH: the kernel seals the same key anew, the others open it
ours()
{
	works "the kernel seals: $1" keyctl update %trusted:ours "update migratable=1 format=interop $2"
	keyctl pipe %trusted:ours | xxd -r -p > own
	rm -f key
	works "tpm2-tools open: $1" they_open "$3"
	works "it is the same key: $1" cmp key clear
}

# In clear first, to know what it is.
works "a key" new ours "32 migratable=1 format=interop"
keyctl pipe %trusted:ours | xxd -r -p > own
works "tpm2-tools open: no policy" they_open ""
mv key clear
works "32 octets" [ "$(wc -c < clear)" -eq 32 ]
ours "pcrs=" "pcrs=sha256:7,11" ""
ours "persistent parent" "pcrs=7 keyhandle=0x81000001" ""
ours "blobauth=" "blobauth=secret keyhandle=0x40000001" 736563726574
ours "pcrs= and blobauth=" "pcrs=7 blobauth=secret" 736563726574
for kind in ecc rsa; do
	works "a signer" signer $kind
	ours "signer=, $kind" "signer=$(openssl pkey -pubin -in signer.pub -outform DER | xxd -p -c 1000)" ""
done
ours "policy=, PolicyLocality" "policy=$(der 30 "$(statement 016f 01)")" ""

# A tool that knows nothing of the policy is refused by the TPM.
pcr_only()
{
	take_apart own
	tpm2_load -Q -C srk -u pub -r priv -c object && ! tpm2_unseal -c object
}
works "the kernel seals" keyctl update %trusted:ours "update migratable=1 format=interop pcrs=7"
keyctl pipe %trusted:ours | xxd -r -p > own
works "not without its policy" pcr_only
finish
