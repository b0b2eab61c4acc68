#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# IMA measures every program that is executed and every module that is loaded,
# and extends a PCR each time, which takes the TPM; among them is the modprobe
# that the kernel calls for a hash that a key needs.  Nobody waits for ever, and
# no key is refused because PCR 10 moves on.
#
# Runs in the VM, started by `ima` beside it.  vm-timeout=300

LOADS=200
LIMIT=150	# seconds for each step
measured=/sys/kernel/security/ima/runtime_measurements_count
list=/sys/kernel/security/ima/ascii_runtime_measurements
modules=/lib/modules/$(uname -r)
cases=0
failed=0

case_is()
{
	cases=$((cases + 1))
	if [ "$1" = 0 ]; then
		echo "ok $cases $2"
	else
		echo "not ok $cases $2"
		failed=1
	fi
}

pcr10()
{
	tpm2_pcrread -T device:/dev/tpmrm0 sha256:10
}

# Programs that were never there before, as fast as can be, until /tmp/stop.
storm()
{
	n=0
	while [ ! -e /tmp/stop ]; do
		n=$((n + 1))
		printf '#!/bin/sh\n# %s\nexit 0\n' $n > /measured/new
		chmod +x /measured/new
		/measured/new || echo $n >> /tmp/storm.failed
		echo $n > /tmp/storm.programs
	done
}

storm_begins()
{
	rm -f /tmp/stop /tmp/storm.*
	storm &
	storm=$!
}

# Fails unless @1 programs were executed, and none in vain.
storm_ends()
{
	: > /tmp/stop
	wait $storm
	[ ! -e /tmp/storm.failed ] && [ "$(cat /tmp/storm.programs)" -ge "$1" ]
}

# A step that hangs is killed if it can be; if not the VM's timeout comes.
limited()
{
	timeout -s KILL $LIMIT "$@"
}

loaded()
{
	grep -q "^$1 " /proc/modules
}

# --- the steps ---------------------------------------------------------------

ima_measures()
{
	before=$(pcr10) && count=$(cat $measured) || return 1
	printf '#!/bin/sh\n# first\nexit 0\n' > /measured/first
	chmod +x /measured/first
	/measured/first || return 1
	[ "$(cat $measured)" -gt "$count" ] && [ "$(pcr10)" != "$before" ] &&
		grep -q /measured/first $list
}

# The kernel itself looks for the hashes, by the modprobe that IMA measures.
first_use_by_insmod()
{
	! loaded trusted && ! loaded sha512_generic || return 1
	# The one module whose functions ours calls; where it is not built in.
	modprobe -q ecdh_generic
	storm_begins
	limited insmod "$modules/tpm_rm.ko" && limited insmod "$modules/trusted.ko" &&
		limited keyctl add trusted sha512 "new 64 hash=sha512 pcrs=7,10" @s > /dev/null &&
		loaded sha512_generic
	status=$?
	storm_ends 1 && grep -q bin/kmod $list && return $status
}

unload()
{
	keyctl unlink %trusted:sha512 @s > /dev/null
	# The hash stays where the kernel's generator for ECDH has it too.
	rmmod trusted tpm_rm
}

# With all built in that is a step, for SHA-512 is there.
sha512_key()
{
	limited keyctl add trusted sha512 "new 64 hash=sha512 pcrs=7,8" @s > /dev/null &&
		limited keyctl add trusted again "load $(keyctl print %trusted:sha512)" @s > /dev/null
}

first_use_by_modprobe()
{
	! loaded trusted || return 1
	storm_begins
	limited modprobe trusted && loaded sha512_generic && sha512_key
	status=$?
	storm_ends 1 && return $status
}

# One process for all loads: keyctl itself is measured but once.
loads()
{
	blob=$(keyctl print %trusted:sha512) || return 1
	n=0
	while [ $n -lt $LOADS ]; do
		keyctl add trusted again "load $blob" @s > /dev/null || return 1
		keyctl unlink %trusted:again @s > /dev/null || return 1
		n=$((n + 1))
	done
}

loads_while_pcr_10_moves()
{
	keyctl unlink %trusted:again @s > /dev/null
	before=$(pcr10)
	storm_begins
	begin=$(cut -d. -f1 /proc/uptime)
	loads
	status=$?
	took=$(($(cut -d. -f1 /proc/uptime) - begin))
	storm_ends 20 && [ "$(pcr10)" != "$before" ] || return 1
	echo "# $LOADS loads beside $(cat /tmp/storm.programs) programs: $took s"
	[ $took -le $LIMIT ] && return $status
}

# --- the test ----------------------------------------------------------------

mkdir -p /measured
mount -t ramfs ramfs /measured || exit 1
built_in=
[ ! -e /sys/module/trusted ] || built_in=1
echo "1..$((built_in ? 3 : 5))"
ima_measures
case_is $? ima_measures_what_is_executed
if [ $built_in ]; then
	sha512_key
	case_is $? sha512_key
else
	ln -s /usr/bin/kmod /tmp/depmod
	/tmp/depmod || exit 1
	first_use_by_insmod
	case_is $? hashes_are_loaded_at_first_use
	unload
	case_is $? modules_go_again
	first_use_by_modprobe
	case_is $? sha512_key_right_after_modprobe
fi
loads_while_pcr_10_moves
case_is $? loads_while_pcr_10_moves
keyctl unlink %trusted:sha512 @s > /dev/null
exit $failed
