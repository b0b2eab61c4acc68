# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest disable=SC2154
#
# Kernel A is booted.  A key is sealed to whatever a signer says, who says A.
# boot: --add /usr/bin/openssl:/usr/bin/openssl --measure 11:kernel-A
. /guest
. /guest-policy

private=/carry/private.pem
now=$(cat /sys/class/tpm/tpm0/pcr-sha256/11)
# What PCR 11 will be with kernel B: firmware measures its name, and nothing else.
later=$(sha256 "$nothing$(printf kernel-B | sha256sum | cut -d' ' -f1)")
works "a signer" openssl genrsa -out $private 2048
openssl rsa -in $private -pubout -outform DER 2> /dev/null | xxd -p -c 512 > /tmp/signer
works "seal to the signer" new evm-key "32 signer=$(cat /tmp/signer)"
mkdir -m 700 /carry/keys
(umask 077; blob evm-key > /carry/keys/evm-trusted.blob)
refused "it does not open without a signature" "Required key not available" load again "$(blob evm-key)"
authpolicy 11 "$now" > /carry/keys/evm-trusted.authpolicy
works "it opens with one" load again "$(blob evm-key) authpolicy=$(cat /carry/keys/evm-trusted.authpolicy)"
works "B is signed, too" authpolicy 11 "$later"
mv /tmp/said /carry/for-B
rm $private
finish
