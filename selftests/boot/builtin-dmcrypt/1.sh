# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A volume of dm-crypt, whose key is a trusted key.
# boot: --disk --add /sbin/dmsetup:/usr/sbin/dmsetup
. /guest

works "a key of 64 octets, sealed to PCR 7" new volume "64 pcrs=sha256:7"
mkdir -m 700 /carry/keys
(umask 077; blob volume > /carry/keys/volume.blob)
works "the volume" crypt volume
works "something on it" sh -c 'yes "plain words" | head -c 65536 | dd of=/dev/mapper/volume conv=fsync'
works "which reads back" sh -c 'head -c 65536 /dev/mapper/volume | grep -q "plain words"'
works "but is not on the disk" sh -c '! grep -q "plain words" /dev/testdisk'
works "the volume is closed" dmsetup --noudevsync remove volume
finish
