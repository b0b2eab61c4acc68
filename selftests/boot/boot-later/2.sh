# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A system where trusted-key@later.service is enabled, and this is a service too.
# boot: --timeout 600 --disk --initrd update-initramfs --add build/initramfs/update-initramfs.root:/
# boot: --add selftests/boot/boot-later/vm.service:/etc/systemd/system/vm.service
# boot: --append init=/usr/lib/systemd/systemd --append systemd.unit=vm.service
# boot: --append systemd.firstboot=no
# console: trusted-keys: /etc/keys/later.blob is refused: Key was rejected by service
# console: trusted-keys: PCR sha256:7 is [0-9a-f]{16}\.\.\., but the key was sealed to [0-9a-f]{16}
. /guest

unit=trusted-key@later.service
works "the unit is active" systemctl is-active $unit
works "it waited for the TPM, and that came" systemctl is-active dev-tpmrm0.device
works "the key is there" keyctl search @u trusted later
works "it is that key" sh -c "keyctl pipe %trusted:later | cmp - /etc/keys/later.blob"
works "start it again: nothing to do" systemctl start $unit
works "stop it" systemctl stop $unit
works "the key is gone" sh -c '! keyctl search @u trusted later'
works "the PCR changes" tpm2_pcrextend 7:sha256=$(printf other | sha256sum | cut -d" " -f1)
refused "now it does not start" "failed" systemctl start $unit
works "and no key is there" sh -c '! keyctl search @u trusted later'
finish
