# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# EVM's key is encrypted under a trusted key, which is sealed to PCR 7.
# boot: --disk
. /guest

seal_evm_key
works "there is no file to give it to EVM" sh -c '[ ! -e /sys/kernel/security/trusted ]'
works "EVM takes it" sh -c 'echo 3 > /sys/kernel/security/evm'
works "EVM is enabled" evm_reads 3
works "IMA wants labels" appraise
works "label files" label good mode
works "they open" cat /mnt/good /mnt/mode
finish
