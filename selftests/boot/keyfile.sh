# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh disable=SC2034 # variables are for those who include it
#
# Key files in hex digits, written and taken apart without the kernel's codec: by
# hand, and by OpenSSL.

# der TAG CONTENTS: one element, its length the shortest
der()
{
	n=$((${#2} / 2))
	if [ $n -gt 255 ]; then
		printf '%s82%04x%s' "$1" $n "$2"
	elif [ $n -gt 127 ]; then
		printf '%s81%02x%s' "$1" $n "$2"
	else
		printf '%s%02x%s' "$1" $n "$2"
	fi
}

# statement CODE BODY: a TPMPolicy
statement()
{
	der 30 "$(der a0 "$(der 02 "$1")")$(der a1 "$(der 04 "$2")")"
}

# policies STATEMENTS: [1]; auth_policies ENTRIES: [3]
policies()
{
	der a1 "$(der 30 "$1")"
}

auth_policies()
{
	der a3 "$(der 30 "$1")"
}

# auth_policy NAME STATEMENTS: a TPMAuthPolicy; NAME is text, or empty for none
auth_policy()
{
	name=
	[ -z "$1" ] || name=$(der a0 "$(der 0c "$(printf %s "$1" | xxd -p -c 256)")")
	der 30 "$name$(der a1 "$(der 30 "$2")")"
}

# file FIELDS PARENT: a TPMKey of what is in ./pub and ./priv; PARENT is the
# contents of the INTEGER
file()
{
	der 30 "06066781050a0105$1$(der 02 "$2")$(der 04 "$(hex pub)")$(der 04 "$(hex priv)")"
}

# hex FILE; octets HEX FILE
hex()
{
	xxd -p -c 100000 "$1"
}

octets()
{
	echo "$1" | xxd -r -p > "$2"
}

# h HEX...: SHA-256 of that
h()
{
	printf %s "$@" | xxd -r -p | openssl dgst -sha256 -r | cut -c -64
}

# size HEX: in two octets
size()
{
	printf %04x $((${#1} / 2))
}

zero=0000000000000000000000000000000000000000000000000000000000000000

# extend OLD CODE ARGUMENTS: a policy digest
extend()
{
	h "$1$2$3"
}

# --- signed policies ----------------------------------------------------------

# signer KIND: a key pair, and its TPM2B_PUBLIC as OpenSSL's key makes it in a TPM
signer()
{
	case $1 in
	ecc) openssl ecparam -name prime256v1 -genkey -noout -out signer.pem ;;
	rsa) openssl genrsa -out signer.pem 2048 2> /dev/null ;;
	esac
	openssl pkey -in signer.pem -pubout -out signer.pub 2> /dev/null &&
		tpm2_loadexternal -Q -G "$1" -C o -u signer.pub -c signer &&
		tpm2_readpublic -Q -c signer -f tss -o signer.tss &&
		key=$(hex signer.tss) && key_name=000b$(h "${key#????}")
}

# sign DIGEST REFERENCE: a TPMT_SIGNATURE
sign()
{
	octets "$1$2" approved
	openssl dgst -sha256 -sign signer.pem -out signature approved || return
	sig=$(hex signature)
	if openssl pkey -in signer.pem -noout -text 2> /dev/null | grep -q 'Private-Key: (2048'; then
		printf '0014000b%s%s' "$(size "$sig")" "$sig"
		return
	fi
	printf 0018000b
	openssl asn1parse -inform DER -in signature | sed -n 's/.*INTEGER *://p' |
		while read -r n; do printf '%s%s' "$(size "$n")" "$n" | tr A-F a-f; done
}

# authorize REFERENCE SIGNATURE: a PolicyAuthorize
authorize()
{
	statement 016a "$key$(size "$1")$1$2"
}

# --- reading ------------------------------------------------------------------

# parse FILE: a line for each element, "DEPTH TAG OFFSET LENGTH", the last two of
# its contents
parse()
{
	openssl asn1parse -inform DER -in "$1" | sed -n \
		's/^ *\([0-9]*\):d=\([0-9]*\) *hl=\([0-9]*\) *l= *\([0-9]*\) *\(cons\|prim\): *\(.*\)/\2 \1 \3 \4 \6/p' |
		while read -r depth at head len tag; do
			case $tag in
			"cont [ "*) tag=${tag#cont [ } tag="[${tag%% *}]" ;;
			*) tag=${tag%% *} ;;
			esac
			echo "$depth $tag $((at + head)) $len"
		done
}

# contents FILE OFFSET LENGTH: in hex digits
contents()
{
	dd if="$1" bs=1 skip="$2" count="$3" 2> /dev/null | xxd -p -c 100000
}

# take_apart FILE: into ./parts: "CODE BODY" of each statement of [1]; ./pub and
# ./priv; $parent and $tags, the tags of all fields at the top
take_apart()
{
	parse "$1" > parsed
	tags=$(sed -n 's/^1 \([^ ]*\) .*/\1/p' parsed | tr '\n' ' ')
	sed -n '/^1 \[1\]/,/^1 INTEGER/p' parsed | grep '^5 ' | while read -r _ tag at len; do
		printf '%s' "$(contents "$1" "$at" "$len")"
		[ "$tag" = OCTET ] && echo || printf ' '
	done > parts
	# shellcheck disable=SC2046 # words
	parent=$(contents "$1" $(sed -n 's/^1 INTEGER \(.*\)/\1/p' parsed))
	# shellcheck disable=SC2046
	octets "$(contents "$1" $(sed -n 's/^1 OCTET \(.*\)/\1/p' parsed | head -n 1))" pub
	# shellcheck disable=SC2046
	octets "$(contents "$1" $(sed -n 's/^1 OCTET \(.*\)/\1/p' parsed | tail -n 1))" priv
}
