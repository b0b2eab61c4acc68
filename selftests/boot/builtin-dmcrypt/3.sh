# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Another boot: no key, no volume.
# boot: --disk --add /sbin/dmsetup:/usr/sbin/dmsetup --add tools/boot:/usr/lib/trusted-keys
# boot: --measure 7:other
# console: trusted-keys: /etc/keys/volume.blob is refused: Key was rejected by service
. /guest

works "the key is refused" sh -c '! /usr/lib/trusted-keys/load-key volume'
refused "there is no volume" "failed" crypt volume
finish
