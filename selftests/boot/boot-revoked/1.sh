# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A key that lasts until a counter of the TPM moves on.
. /guest
. /guest-policy

index=01800005
works "a counter" tpm2_nvdefine -Q -C o -s 8 \
	-a "nt=counter|ownerread|ownerwrite|authread|authwrite|no_da" 0x$index
works "which counts" tpm2_nvincrement -Q -C o 0x$index
value=$((0x$(tpm2_nvread -s 8 -C o 0x$index | xxd -p)))
name=$(tpm2_nvreadpublic 0x$index | sed -n 's/^  name: //p')
works "seal to it" new evm-key "32 policy=$(counter_policy $index "$name" $value)"
mkdir -m 700 /carry/keys
(umask 077; blob evm-key > /carry/keys/evm-trusted.blob)
works "it opens" load again "$(blob evm-key)"
finish
