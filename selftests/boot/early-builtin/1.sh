# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A key for EVM, under a master.
. /guest

works "a master, sealed to PCR 7" new kmk-trusted "32 pcrs=sha256:7"
works "a key under it" keyctl add encrypted evm-key "new trusted:kmk-trusted 32" @u
mkdir -m 700 /carry/keys
umask 077
blob kmk-trusted > /carry/keys/kmk-trusted.blob
keyctl pipe %encrypted:evm-key > /carry/keys/evm-trusted.blob
finish
