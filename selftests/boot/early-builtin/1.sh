# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A key for EVM, under a master.
. /guest

seal_evm_key
finish
