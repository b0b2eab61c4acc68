# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The counter is what it was: EVM has its key.  Then it moves on.
# boot: --add tools/boot:/usr/lib/trusted-keys
. /guest

works "keys at boot" /usr/lib/trusted-keys/load-keys
works "EVM is enabled" evm_reads 3
works "the counter moves on" tpm2_nvincrement -Q -C o 0x01800005
refused "the key is revoked at once" "Key has been revoked" load again "$(cat /etc/keys/evm-trusted.blob)"
finish
