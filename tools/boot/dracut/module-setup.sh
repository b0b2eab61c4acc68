#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# dracut: what goes into the initramfs to load keys there.  The blobs do not:
# they are read from the root file system.

# Installed is wanted, where there is what it needs.
check()
{
	require_binaries keyctl
}

installkernel()
{
	# Those that are built in are not missed.
	hostonly='' instmods trusted encrypted_keys sha1_generic '=drivers/char/tpm'
}

# shellcheck disable=SC2154 # of dracut
install()
{
	inst_multiple cat dmesg keyctl ls modprobe mount
	inst_script /usr/lib/trusted-keys/load-keys
	inst_simple /usr/lib/trusted-keys/functions
	[[ ! -e ${dracutsysrootdir-}/etc/trusted-keys.conf ]] || inst_simple /etc/trusted-keys.conf
	inst_hook pre-pivot 60 "$moddir/load-keys-hook.sh"
}
