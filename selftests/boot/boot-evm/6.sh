# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Another boot, which is to stop there.
# boot: --disk --initrd update-initramfs --measure 7:other
# boot: --append trusted_keys.refusal=stop
# console: trusted-keys: PCR sha256:7 is
# console: a key was refused, and the configuration says to stop
# status: 125
. /guest
works "this is not reached" false
finish
