# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# On a TPM 2.0 it is ours, also if the TPM comes later than the key type.
. /guest

again()
{
	keyctl clear @u && rmmod trusted && modprobe trusted "$@"
}

works "new, sealed to a PCR" new key "32 pcrs=7"
works "as a key file" sh -c 'keyctl pipe %trusted:key | grep -q ^30'
blob key > /tmp/blob
works "source=tpm rng=tpm" again source=tpm rng=tpm
works "load with them" load key "$(cat /tmp/blob)"
works "new with them" new other 32
works "rng=kernel" again rng=kernel
works "new with it" new key 32
keyctl clear @u
rmmod trusted
refused "rng=tee" "" modprobe trusted rng=tee
refused "source=tee, which this tree lacks" "" modprobe trusted source=tee

device=$(readlink -f /sys/class/tpm/tpm0/device)
driver=$(readlink -f "$device/driver")
works "without the TPM's driver" sh -c "echo ${device##*/} > $driver/unbind"
works "the key type is there" modprobe trusted
refused "and has no TPM" "No such device" load key "$(cat /tmp/blob)"
works "until the driver comes" sh -c "echo ${device##*/} > $driver/bind"
works "load" load key "$(cat /tmp/blob)"
keyctl clear @u
finish
