# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# Our trusted.ko in the place of the kernel's own, under the kernel's own
# encrypted-keys.ko and dm-crypt.ko.
. /guest

theirs=/their-trusted.ko

# With the TPM's storage key, which the kernel's own module must be told.
parent()
{
	tpm2_createprimary -Q -C o -g sha256 -G ecc -c /tmp/parent \
		-a 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt' &&
		tpm2_evictcontrol -Q -C o -c /tmp/parent 0x81000001
}

# In the place of the one that is there, which nobody uses.
change_to()
{
	keyctl clear @u && rmmod trusted && "$@"
}

works "ours is the one that is loaded" sh -c 'modprobe --show-depends trusted | grep -q "updates/trusted.ko"'
works "with the resource manager" grep -q '^tpm_rm .*trusted' /proc/modules
dmesg -c > /dev/null
works "encrypted-keys.ko of another key_type_trusted is refused" sh -c '! insmod /other.ko'
works "for that" said "disagrees about version of symbol key_type_trusted"
works "the kernel's own loads" modprobe encrypted-keys
works "and uses ours" grep -q '^trusted .*encrypted_keys' /proc/modules
works "no module taints for its version" sh -c '! dmesg | grep -q "no symbol version"'

works "a master, sealed to PCR 7" new master "32 pcrs=sha256:7"
works "a key under it" keyctl add encrypted key "new trusted:master 32" @u
blob master > /tmp/master
keyctl pipe %encrypted:key > /tmp/key
keyctl clear @u
refused "no master, no key" "Required key not available" \
	keyctl add encrypted key "load $(cat /tmp/key)" @u
works "load the master" load master "$(cat /tmp/master)"
works "load the key" keyctl add encrypted key "load $(cat /tmp/key)" @u
works "it is the same" sh -c 'keyctl pipe %encrypted:key | cmp - /tmp/key'
works "a second master" new second 64
works "the key moves under it" keyctl update %encrypted:key "update trusted:second"
works "and is another blob" sh -c '! keyctl pipe %encrypted:key | cmp -s - /tmp/key'
keyctl clear @u
works "another master of that name" new master 32
refused "does not open it" "Invalid argument" keyctl add encrypted key "load $(cat /tmp/key)" @u
works "trusted.ko is in use" sh -c '! rmmod trusted && grep -q "^trusted " /proc/modules'

works "dm-crypt.ko loads" modprobe dm-crypt
works "and uses ours" grep -q '^trusted .*dm_crypt' /proc/modules
works "a key of 64 octets" new volume "64 pcrs=sha256:7"
blob volume > /tmp/volume
works "a volume" crypt volume
works "something on it" sh -c 'yes "plain words" | head -c 65536 | dd of=/dev/mapper/volume conv=fsync'
works "is not on the disk" sh -c '! grep -q "plain words" /dev/testdisk'
works "the volume is closed" dmsetup --noudevsync remove volume
keyctl clear @u
refused "without the key there is none" "failed" crypt volume
works "load the key" load volume "$(cat /tmp/volume)"
works "the volume again" crypt volume
works "what was written is there" sh -c 'head -c 65536 /dev/mapper/volume | grep -q "plain words"'
works "the volume is closed" dmsetup --noudevsync remove volume

works "a persistent parent" parent
works "a key for other readers" new shared "32 keyhandle=0x81000001 format=interop"
works "a key under that one" keyctl add encrypted key "new trusted:shared 32" @u
blob shared > /tmp/shared
keyctl pipe %encrypted:key > /tmp/key
keyctl clear @u
works "the modules go" rmmod dm-crypt encrypted-keys
works "what the kernel's own needs" modprobe asn1_encoder
works "it takes the place of ours" change_to insmod $theirs
works "encrypted-keys.ko on it" modprobe encrypted-keys
works "it loads what ours made" load shared "$(cat /tmp/shared)"
works "and the key under it" keyctl add encrypted key "load $(cat /tmp/key)" @u
works "it makes one" new old "32 keyhandle=0x81000001"
works "with a key under it" keyctl add encrypted young "new trusted:old 32" @u
blob old > /tmp/old
keyctl pipe %encrypted:young > /tmp/young
keyctl clear @u
works "encrypted-keys.ko goes" rmmod encrypted-keys
works "ours is back" change_to modprobe trusted
works "with encrypted-keys.ko" modprobe encrypted-keys
works "it loads what the kernel's own made" load old "$(cat /tmp/old)"
works "and the key under it" keyctl add encrypted young "load $(cat /tmp/young)" @u
keyctl clear @u
works "no parent" tpm2_evictcontrol -Q -C o -c 0x81000001
finish
