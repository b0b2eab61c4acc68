# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The same boot again: the blob is enough.
# boot: --disk --add /sbin/dmsetup:/usr/sbin/dmsetup --add tools/boot:/usr/lib/trusted-keys
. /guest

refused "without the key there is no volume" "failed" crypt volume
works "load the key" /usr/lib/trusted-keys/load-key volume
works "the volume" crypt volume
works "what was written is there" sh -c 'head -c 65536 /dev/mapper/volume | grep -q "plain words"'
works "the volume is closed" dmsetup --noudevsync remove volume
finish
