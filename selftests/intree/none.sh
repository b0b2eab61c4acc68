# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Without a TPM the key type is there, as encrypted keys need it, and has no key.
. /guest

works "the code is there" sh -c '[ -d /sys/module/trusted ] && [ -d /sys/module/tpm_rm ]'
refused "new" "No such device" new key 32
refused "but the key type is there: it reads its options" "Invalid argument" new key 31
if [ ! -e /sys/module/trusted/refcnt ]; then
	echo "1..$asserted"
	[ $wrong -eq 0 ]
	exit
fi
rmmod trusted
works "source=tpm" modprobe trusted source=tpm
refused "new with it" "No such device" new key 32
rmmod trusted
refused "source=tee, which this tree lacks" "" modprobe trusted source=tee
refused "rng=tee" "" modprobe trusted rng=tee
works "and after that all is as before" modprobe trusted
echo "1..$asserted"
[ $wrong -eq 0 ]
