# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# tools/boot/load-keys: what it refuses, and in the end what it does.
# boot: --add tools/boot:/usr/lib/trusted-keys
. /guest

root=/tmp/root
keys=$root/etc/keys
conf=/etc/trusted-keys.conf
evm=$keys/evm-trusted.blob

# ends STATUS: load-keys does, with the settings in $settings
ends()
{
	dmesg -c > /dev/null
	echo "$settings" > "$conf"
	/usr/lib/trusted-keys/load-keys "$root"
	ended=$?
	echo "status $ended"
	[ $ended -eq "$1" ]
}

# command_line TEXT: as if the kernel had been booted with it
command_line()
{
	echo "$1" > /tmp/cmdline
	mount -o bind /tmp/cmdline /proc/cmdline
}

mkdir -p $keys
umask 077
settings=
works "nothing is there: nothing to do" ends 0
settings=REFUSAL=stop
works "nothing is there, and the boot is to stop" ends 2
works "it says so" said "trusted-keys: there is no $evm"
command_line "quiet trusted_keys=off"
works "off on the command line: nothing to do" ends 0
umount /proc/cmdline

works "a key" new evm-key "32 pcrs=sha256:7"
blob evm-key > $evm
keyctl unlink %trusted:evm-key @u
settings=
chmod 644 $evm
works "a file that others can read" ends 1
works "it says so" said "$evm is not used: it must be a file of root's with mode 0600"
settings=REFUSAL=stop
works "the same, and the boot is to stop" ends 2
command_line "trusted_keys.refusal=continue"
works "but not by the command line" ends 1
umount /proc/cmdline
settings=
chmod 600 $evm
chown 1000 $evm
works "a file of another user" ends 1
chown 0 $evm
mv $evm $keys/blob
ln -s blob $evm
works "a link" ends 1
rm $evm
echo 3000 > $evm
works "a blob that is none" ends 1
works "it says why" said "$evm is refused: Bad message"
works "and what the kernel says" sh -c 'dmesg | grep -q "trusted-keys: .*blob"'
echo "default trusted:kmk 32 00" > $evm
works "an encrypted key without its master" ends 1
works "it says so" said "$evm needs trusted:kmk, and there is no $root/etc/keys/kmk-trusted.blob"
cp $keys/blob $keys/kmk-trusted.blob
works "an encrypted key in a kernel that has no trusted masters" ends 1
works "it says so" said "trusted-keys: $evm is refused:"
works "no key is left" sh -c '! keyctl show @s | grep -E "evm-key|kmk"'
mv $keys/blob $evm
works "extend PCR 7" tpm2_pcrextend "7:sha256=$(printf '%064d' 1)"
works "a PCR that differs" ends 1
works "it says which" said "trusted-keys: PCR sha256:7 is"
works "and that EVM is off" said "trusted-keys: EVM is off"
works "so it is" evm_reads 0

mv $evm $keys/other
works "a key for this boot" new evm-key "32 pcrs=sha256:7,23"
blob evm-key > "$keys/evm-trusted-$(uname -r).blob"
keyctl unlink %trusted:evm-key @u
mv $keys/other $evm
settings=PCRLOCK=23
tpm-mark "count: keys at boot"
works "the key for this kernel goes first" ends 0
tpm-mark "end"
works "it says so" said "EVM is enabled with $keys/evm-trusted-$(uname -r).blob"
works "EVM is enabled, and that is all" evm_reads 3
works "no more can be changed" sh -c '! echo 4 > /sys/kernel/security/evm'
works "no key is left" sh -c '! keyctl show @s | grep evm-key'
refused "PCRLOCK= has used it up" "Key was rejected" load again "$(cat "$keys/evm-trusted-$(uname -r).blob")"
logged "by PCR 23 alone" 1 'PCR sha256:23 is'
works "once more: it is enabled already" ends 0
works "it says so" said "EVM is enabled already"

mkdir -p /etc/keys
works "a key for later" new later "32"
blob later > /etc/keys/later.blob
keyctl unlink %trusted:later @u
works "loaded" /usr/lib/trusted-keys/load-key later
works "into the user keyring" keyctl search @u trusted later
works "loaded already" /usr/lib/trusted-keys/load-key later
works "unloaded" /usr/lib/trusted-keys/load-key --unload later
refused "gone" "Required key not available" keyctl search @u trusted later
works "unloaded already" /usr/lib/trusted-keys/load-key --unload later
works "a key that is not there" sh -c '! /usr/lib/trusted-keys/load-key nothing'
finish
