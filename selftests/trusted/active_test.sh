#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# For the threat model's sake: whoever can send commands to the TPM while the PCRs
# match opens a blob that has nothing but pcrs=, without the kernel.  One with
# blobauth= he does not open.  vm-timeout=120
set -u
cd /tmp || exit
export TPM2TOOLS_TCTI=device:/dev/tpmrm0
echo "TAP version 13"
echo "1..7"
nr=0

# verdict STATUS NAME
verdict()
{
	nr=$((nr + 1))
	[ "$1" -eq 0 ] && echo "ok $nr $2" || echo "not ok $nr $2"
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

# take BLOB: the sealed object, loaded as he would who found the blob
take()
{
	cut "${1#*02050081000022}"
	echo "$cut" | xxd -r -p > pub
	cut "$rest"
	echo "$cut" | xxd -r -p > priv
	tpm2_load -Q -C 0x81000022 -u pub -r priv -c object
}

# open_it [EXTRA]: the policy is run, and whatever EXTRA says; the key is in "key"
open_it()
{
	rm -f key
	tpm2_startauthsession -Q --policy-session -S session
	tpm2_policypcr -Q -S session -l sha256:16
	[ $# -eq 0 ] || tpm2_policyauthvalue -Q -S session
	tpm2_unseal -Q -p "session:session${1-}" -c object > key 2> said
	status=$?
	tpm2_flushcontext session
	return $status
}

# blob OPTIONS: a new key's
blob()
{
	keyctl add trusted active "new 32 keyhandle=0x81000022 pcrs=16 $1" @s > /dev/null &&
		keyctl pipe %trusted:active
	keyctl unlink %trusted:active @s > /dev/null
}

secret=626c6f6261757468d2b4968778695a4b3c2d1e0f
tpm2_pcrreset -Q 16
tpm2_pcrextend -Q 16:sha256=5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a
tpm2_createprimary -Q -C o -g sha256 -G ecc -c primary \
	-a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt' &&
	tpm2_evictcontrol -Q -C o -c primary 0x81000022
verdict $? "a parent"

take "$(blob "")"
verdict $? "he loads a blob with nothing but pcrs="
open_it && [ "$(wc -c < key)" -eq 32 ]
verdict $? "he opens it while the PCRs match"

take "$(blob "blobauth=$secret")" && ! open_it && [ ! -s key ]
verdict $? "he does not open one with blobauth= by its PCRs"
! open_it "+hex:00112233445566778899aabbccddeeff00112233" && [ ! -s key ]
verdict $? "nor by a guess"
open_it "+hex:$secret" && [ "$(wc -c < key)" -eq 32 ]
verdict $? "who knows it does"

tpm2_pcrextend -Q 16:sha256=5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a
take "$(blob "")" && tpm2_pcrreset -Q 16 && ! open_it
verdict $? "nor does he open the former once the PCRs have changed"

tpm2_evictcontrol -Q -C o -c 0x81000022
tpm2_dictionarylockout -Q -c
rm -f pub priv object session primary key said
