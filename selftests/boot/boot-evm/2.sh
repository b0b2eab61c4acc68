# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# The second boot, by initramfs-tools: EVM has its key before this begins.
# boot: --disk --initrd update-initramfs --append quiet
. /guest

tpm-mark "over"
works "EVM is enabled" evm_reads 3
works "the log says by what" said "trusted-keys: EVM is enabled with /root/etc/keys/evm-trusted.blob"
works "the key is gone" sh -c '! keyctl show @u | grep trusted'
works "the log has no refusal" sh -c '! dmesg | grep "trusted_key:"'
# That it is fast is for boot-early, which does nothing else first.
took 500 'trusted-keys: loading' > /dev/null
sed 's/^/# /' /carry/took
works "IMA wants labels" appraise
works "the labelled files open" cat /mnt/good /mnt/mode /mnt/text
works "a new one is labelled" sh -c 'echo new > /mnt/new && cat /mnt/new'
works "another key" new other 32
refused "EVM does not take it" "Device or resource busy" sh -c \
	"echo $(keyctl search @u trusted other) > /sys/kernel/security/trusted/evm"
finish
