# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A key that is for later than the initramfs.
. /guest

works "a key, sealed to PCR 7" new later "32 pcrs=sha256:7"
mkdir -m 700 /carry/keys
(umask 077; blob later > /carry/keys/later.blob)
finish
