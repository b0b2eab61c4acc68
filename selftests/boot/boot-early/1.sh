# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A key for EVM.
. /guest

works "seal a key to PCR 7" new evm-key "32 pcrs=sha256:7"
mkdir -m 700 /carry/keys
(umask 077; blob evm-key > /carry/keys/evm-trusted.blob)
finish
