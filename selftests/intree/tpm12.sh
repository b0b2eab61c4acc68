# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# On a TPM 1.2 the tree's own trust source "tpm" seals and loads.
. /guest

again()
{
	keyctl clear @u && rmmod trusted && modprobe trusted "$@"
}

pcr()
{
	cat /sys/class/tpm/tpm0/pcr-sha1/16
}

# The SRK's authorization, and that of a key.
srk=keyauth=$(printf sss | sha1sum | cut -d' ' -f1)
auth=blobauth=$(printf '%040d' 7)

works "new" new key "40 $srk keyhandle=40000000 $auth"
blob key > /tmp/blob
works "it has no key file" sh -c 'head -c 2 /tmp/blob | grep -qv 30'
keyctl clear @u
works "load" load key "$(cat /tmp/blob) $srk $auth"
works "and has the same blob" sh -c 'keyctl pipe %trusted:key | cmp - /tmp/blob'
refused "load with a wrong authorization" "not permitted" load wrong "$(cat /tmp/blob) $srk"
refused "load with the SRK's wrong" "not permitted" load wrong "$(cat /tmp/blob) $auth"
refused "load of a blob cut short" "" load short "$(head -c 100 /tmp/blob) $srk $auth"
works "update" keyctl update %trusted:key "update $srk"
works "makes another blob" sh -c '! keyctl pipe %trusted:key | cmp -s - /tmp/blob'
refused "an option of a TPM 2.0" "Invalid argument" new other "32 $srk pcrs=7"
refused "a key of 31 octets" "Invalid argument" new other "31 $srk"

before=$(pcr)
refused "new on an existing name" "Invalid argument" new key "32 $srk pcrlock=16"
works "leaves the PCR of pcrlock= alone" [ "$(pcr)" = "$before" ]
works "new with pcrlock=" new locked "32 $srk pcrlock=16"
works "extends it" [ "$(pcr)" != "$before" ]

# Built in, it stays as it was told to be.
if [ ! -e /sys/module/trusted/refcnt ]; then
	echo "1..$asserted"
	[ $wrong -eq 0 ]
	exit
fi
works "rng=tpm" again rng=tpm
works "new with it" new key "32 $srk"
works "source=tpm rng=kernel" again source=tpm rng=kernel
works "new with them" new key "128 $srk"
keyctl clear @u
rmmod trusted
refused "rng=tee" "" modprobe trusted rng=tee
works "is said to be unsupported" sh -c 'dmesg | grep -q "rng=tee: source tpm has only kernel, tpm and default"'
refused "source=tee, which this tree lacks" "" modprobe trusted source=tee
works "and after that all is as before" modprobe trusted
works "new" new key "32 $srk"
echo "1..$asserted"
[ $wrong -eq 0 ]
