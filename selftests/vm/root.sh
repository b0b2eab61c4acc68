# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154
#
# The VM's files, an initramfs or the root file system on a disk.  For "run", whose
# options these functions use; each of its settings is named there.

# The libraries that the programs $@ load, each by the path at which it is sought.
closure()
{
	realpath "$@" | sort -u | xargs ldd 2> /dev/null | awk '
		/not found/ { print "# vm: library " $1 " not found" > "/dev/stderr" }
		$2 == "=>" && $3 ~ /^\// { print $3 }
		$1 ~ /^\// && NF == 2 { print $1 }' | sort -u
}

put_libraries()
{
	local f

	for f in $(closure "$@"); do
		[[ $f == $bin/* || -e $root$f ]] || cp -L --parents "$f" "$root"
	done
}

# put HOST:GUEST
put()
{
	local from=${1%%:*} to=$root${1#*:} programs

	[[ $1 == ?*:/* ]] || die "--add $1: want HOST:GUEST, GUEST from the root"
	[ -r "$from" ] || die "--add $1: no $from"
	mkdir -p "$(dirname "$to")"
	if [ -d "$from" ]; then
		mkdir -p "$to"
		cp -a --remove-destination "$from/." "$to/"
	else
		cp -L "$from" "$to"
	fi
	# A system of its own brings its libraries.
	[ ! -e "$from/usr/lib64/ld-linux-x86-64.so.2" ] || return 0
	mapfile -t programs < <(find -L "$from" -type f -exec grep -lam1 $'^\x7fELF' {} +)
	[ ${#programs[@]} -eq 0 ] || put_libraries "${programs[@]}"
}

put_modules()
{
	local lib=$root/lib/modules/$release m dir=${MODULES_DIR:-$build/modules/$release}

	: > "$root/etc/modules"
	[ "$stock$modules" ] || return 0
	mkdir -p "$lib"
	[ -z "$stock" ] || cp -a "$stock/lib/modules/$release/." "$lib/"
	if [ "$modules" ]; then
		for m in tpm_rm trusted; do
			[ -e "$dir/$m.ko" ] || die "no $dir/$m.ko; build it with: make modules K=${kernel/stock/6.12} (or give --no-modules)"
			echo $m >> "$root/etc/modules"
		done
		# Where "make install" puts them: before the kernel's own.
		mkdir -p "$lib/updates"
		cp "$dir"/*.ko "$lib/updates/"
	fi
	/sbin/depmod -b "$root" "$release" 2> /dev/null
}

pack()
{
	local libs add tool tools

	root=$d/root
	mkdir -p "$root"/usr/{bin,sbin,lib,lib64} "$root"/{dev,proc,sys,tmp,run,etc,root,carry,mnt}
	for libs in bin sbin lib lib64; do
		ln -s usr/$libs "$root/$libs"
	done
	cp -L "$(command -v busybox)" "$root/usr/bin/busybox"
	# What /etc/early may use; init installs the others after that.
	for tool in sh cat dmesg ls mount mv; do
		ln -s busybox "$root/usr/bin/$tool"
	done
	# Not from the start: at boot the kernel asks for dozens of modules, 3 s in all.
	mkdir "$root/usr/sbin/later"
	for tool in modprobe insmod rmmod lsmod; do
		ln -s ../bin/kmod "$root/usr/sbin/later/$tool"
	done
	cp "$here/init" "$root/init"
	cp "$bin"/tpm-{mark,handles,firmware} "$bin/tap-run" "$root/usr/bin/"
	ln -s tpm-mark "$root/usr/bin/tpm-delay"
	tools=(/usr/bin/keyctl /usr/bin/kmod /usr/bin/tpm2*)
	cp -P "${tools[@]}" "$root/usr/bin/"
	cp "$bin/libcurl-gnutls.so.4" "$root/usr/lib/"
	LD_LIBRARY_PATH=$bin put_libraries "${tools[@]}"
	put "$(echo /usr/lib/*/libtss2-tcti-device.so.0):/usr/lib/libtss2-tcti-device.so.0"
	printf '%s\n' root:x:0:0::/root:/bin/sh tss:x:100:100::/:/bin/sh user:x:1000:1000::/:/bin/sh > "$root/etc/passwd"
	printf '%s\n' root:x:0: tss:x:100: user:x:1000: > "$root/etc/group"
	[ -z "$tpm_log$tpm_delay$tpm_gap$tpm_mutate" ] || : > "$root/etc/tpm-proxy"
	[ -z "$power_cut" ] || : > "$root/etc/power-cut"
	[ -z "$shell" ] || echo "${TERM:-dumb}" > "$root/etc/shell"
	[ -z "$tpm12" ] || : > "$root/etc/tpm-1.2"
	[ "$tpm" != none ] || : > "$root/etc/no-tpm"
	{ echo "export TPM2TOOLS_TCTI=device:/dev/tpmrm0"; cat "$script"; } > "$root/etc/script"
	put_modules
	for add in ${adds[@]+"${adds[@]}"}; do
		put "$add"
	done
	if [ "$carry" ]; then
		mkdir -p "$carry"
		cp -a "$carry/." "$root/carry/"
		: > "$root/etc/carry"
	fi
	if [ "$initrd" ]; then
		pack_disk
	else
		archive "$root" > "$d/initrd"
	fi
}

archive()
{
	(cd "$1" && find . | cpio --quiet -o -H newc -R 0:0)
}

# The root file system on a disk.  The initramfs gets one program more, which
# comes before its init and does what firmware does.
pack_disk()
{
	local first=$d/first size

	printf 'ID=vm\nVERSION_ID=1\n' > "$root/etc/os-release"
	: > "$root/etc/initrd"
	size=$(du -sm "$root")
	# Whoever we are, the files are root's.
	unshare -r /sbin/mke2fs -q -t ext4 -L vm-root -E root_owner=0:0 -d "$root" "$d/root.img" $((${size%%[!0-9]*} * 5 / 4 + 64))M > /dev/null
	mkdir -p "$first/dev"
	cp "$bin/tpm-firmware" "$first/firmware"
	# In this order, for cpio pads its archive and compressors do not.
	{ archive "$first"; cat "$initrd"; } > "$d/initrd"
	[ -z "$tpm_log" ] || append+=" mark=initramfs"
	append=" rdinit=/firmware root=LABEL=vm-root rootfstype=ext4 rw init=/init$append"
}
