# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# EVM is back, and knows.
# boot: --disk --add tools/boot:/usr/lib/trusted-keys
. /guest

works "keys at boot" /usr/lib/trusted-keys/load-keys
works "EVM is enabled" evm_reads 3
works "IMA wants labels" appraise
works "a file that is as it was opens" cat /mnt/good
refused "one with another mode does not" "Permission denied" cat /mnt/mode
finish
