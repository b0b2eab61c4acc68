# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The first boot: a key for EVM, sealed to PCR 7, and files that it labels.
# boot: --disk
. /guest

works "seal a key to PCR 7" new evm-key "32 pcrs=sha256:7"
mkdir -m 700 /carry/keys
(umask 077; blob evm-key > /carry/keys/evm-trusted.blob)
works "give it to EVM" sh -c 'keyctl request trusted evm-key > /sys/kernel/security/trusted/evm'
works "no more changes" sh -c 'echo 0x80000002 > /sys/kernel/security/evm'
works "EVM is enabled" evm_reads 3
works "IMA wants labels" appraise
works "label files" label good mode text
works "they open" cat /mnt/good /mnt/mode /mnt/text
finish
