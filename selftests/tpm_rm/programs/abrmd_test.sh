#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tpm2-abrmd, the resource manager of user space, has /dev/tpm0, and its clients
# work there beside those of /dev/tpmrm0: neither sees anything of the other.
#
# Runs in the VM, started by `run` beside it.  vm-timeout=180
# shellcheck disable=SC2317 # flows are called by name
# shellcheck source=selftests/tpm_rm/programs/flow.sh
. /programs/flow.sh
# shellcheck source=selftests/tpm_rm/programs/keys.sh
. /programs/keys.sh
# shellcheck source=selftests/tpm_rm/programs/policy.sh
. /programs/policy.sh
# shellcheck source=selftests/tpm_rm/programs/data.sh
. /programs/data.sh

socket=/run/dbus.socket
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$socket
there=tabrmd:

begin_bus()
{
	cat > /tmp/bus.conf <<-E
	<busconfig>
	  <type>system</type>
	  <listen>unix:path=$socket</listen>
	  <auth>EXTERNAL</auth>
	  <policy context="default">
	    <allow user="*"/>
	    <allow own="*"/>
	    <allow send_destination="*" eavesdrop="true"/>
	    <allow eavesdrop="true"/>
	  </policy>
	</busconfig>
	E
	dbus-daemon --config-file=/tmp/bus.conf --nofork > /tmp/bus.log 2>&1 &
	bus=$!
	within 10 test -S $socket
}

# within SECONDS COMMAND...: it works before then
within()
{
	end=$(($(date +%s) + $1))
	shift
	until "$@"; do
		[ "$(date +%s)" -lt $end ] || return 1
		usleep 50000
	done
}

begin_abrmd()
{
	tpm2-abrmd --allow-root --tcti=device:/dev/tpm0 > /tmp/abrmd.log 2>&1 &
	abrmd=$!
	within 30 tpm2_getrandom -Q -T $there 4 2> /dev/null
}

# --- flows of one or the other ------------------------------------------------

over_there()
{
	(
		export TPM2TOOLS_TCTI="$there"
		"$@"
	)
}

abrmd_has_the_tpm()
{
	if tpm-handles; then return 1; fi
	over_there tpm2_getcap properties-fixed | grep -q TPM2_PT_MANUFACTURER
}

# The same, in turns: what one leaves in its space or in files is not the other's.
both_in_turns()
{
	mkdir here there
	for flow in sign_and_verify policy_with_an_authvalue; do
		(cd here && $flow)
		(cd there && over_there "$flow")
	done
}

# And at the same time.
both_at_once()
{
	pids=
	for flow in policies_in_turn hash_of_many_buffers; do
		go "$flow" "$PWD/here.$flow" &
		pids="$pids $!"
		over_there go "$flow" "$PWD/there.$flow" &
		pids="$pids $!"
	done
	wrong=
	for pid in $pids; do
		wait "$pid" || wrong="$wrong $pid"
	done
	[ -z "$wrong" ] || { cat ./*.log; return 1; }
}

# A session goes on here while abrmd works, as it was.
session_beside_abrmd()
{
	policy_session session.ctx
	tpm2_policycommandcode -Q -S session.ctx -L before TPM2_CC_Unseal
	over_there sign_and_verify
	tpm2_getpolicydigest -Q -S session.ctx -o after
	cmp before after
	tpm2_flushcontext -Q session.ctx
}

keys_are_kept_apart()
{
	parent
	over_there tpm2_createprimary -Q -C o -G ecc -c there.ctx
	tpm2_readpublic -Q -c parent.ctx -n here.name
	over_there tpm2_readpublic -Q -c there.ctx -n there.name
	cmp here.name there.name
	tpm2_getcap handles-transient > handles
	[ ! -s handles ]
	over_there tpm2_getcap handles-transient > handles
	[ ! -s handles ]
}

# --- the test -----------------------------------------------------------------

# Only then can /dev/tpm0 be asked, by who started this script.
abrmd_ends()
{
	kill "$abrmd"
	wait "$abrmd"
	kill "$bus"
	wait "$bus"
	as_before
}

if ! begin_bus || ! begin_abrmd; then
	sed 's/^/# /' /tmp/bus.log /tmp/abrmd.log
	echo "Bail out! tpm2-abrmd does not work"
	exit 1
fi
tpm0_is_taken=yes
flows abrmd_has_the_tpm both_in_turns both_at_once session_beside_abrmd keys_are_kept_apart
status=$?
abrmd_ends > /tmp/left || {
	sed 's/^/# /' /tmp/left
	status=1
}
exit $status
