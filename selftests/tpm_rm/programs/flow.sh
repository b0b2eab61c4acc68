# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# For the scripts beside this file, which run in the VM.  A flow is a function
# that works in a directory of its own and fails at the first command that does.

work=/tmp/flows
tpm0_is_taken=	# then nobody can ask it which handles are in use

# refused CODE COMMAND...: fails, and says that the TPM said CODE
refused()
{
	code=$1
	shift
	if "$@" 2> refusal; then
		echo "not refused: $*"
		return 1
	fi
	cat refusal
	grep -qi "($code)" refusal
}

# as_before: no handle is in use, or will be in a moment
as_before()
{
	tries=50
	while used=$(tpm-handles) && [ -n "$used" ] && [ $tries -gt 0 ]; do
		tries=$((tries - 1))
		usleep 20000
	done
	[ -z "$used" ] && return
	echo "handles in use: $(echo "$used" | tr '\n' ';')"
	return 1
}

# After a failure: the next flow shall not suffer from it.
clean_up()
{
	for kind in -t -l -s; do
		tpm2_flushcontext -Q -T device:/dev/tpm0 $kind 2> /dev/null
	done
}

# go FLOW WHERE: the status is that of the flow
go()
{
	mkdir -p "$2"
	(
		set -ex
		cd "$2"
		"$1"
	) > "$2.log" 2>&1
}

# case_is STATUS NAME LOG
case_is()
{
	cases=$((cases + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $cases $2"
		return
	fi
	sed 's/^/# /' "$3" | tail -n 30
	echo "not ok $cases $2"
	failed=1
}

# flows FLOW...: one after the other, each a case
flows()
{
	cases=0
	failed=0
	echo "TAP version 13"
	echo "1..$#"
	for flow; do
		go "$flow" "$work/$flow"
		status=$?
		[ -n "$tpm0_is_taken" ] || as_before >> "$work/$flow.log" || { status=1; clean_up; }
		case_is $status "$flow" "$work/$flow.log"
		rm -rf "${work:?}/$flow"
	done
	return $failed
}

# crowd FLOW...: at once, each a case; some may be the same.  That nothing is left
# in the end is another.
crowd()
{
	cases=0
	failed=0
	echo "TAP version 13"
	echo "1..$(($# + 1))"
	nr=0
	pids=
	for flow; do
		nr=$((nr + 1))
		go "$flow" "$work/$nr" &
		pids="$pids$! "
	done
	nr=0
	for flow; do
		nr=$((nr + 1))
		wait "${pids%% *}"
		case_is $? "$flow" "$work/$nr.log"
		pids=${pids#* }
	done
	as_before > "$work/left"
	case_is $? nothing_is_left "$work/left"
	return $failed
}

# --- what many flows begin with ----------------------------------------------

# A storage key that is there at once, being of an elliptic curve.
parent()
{
	tpm2_createprimary -Q -C o -G ecc -c parent.ctx
}

# create NAME OPTION...: a child of it, loaded
create()
{
	name=$1
	shift
	tpm2_create -Q -C parent.ctx -u "$name.pub" -r "$name.priv" "$@"
	tpm2_load -Q -C parent.ctx -u "$name.pub" -r "$name.priv" -c "$name.ctx"
}

signing_key()
{
	create "$1" -G ecc:ecdsa
	tpm2_readpublic -Q -c "$1.ctx" -f pem -o "$1.pem"
}

# openssl_verifies PEM FILE SIGNATURE
openssl_verifies()
{
	openssl dgst -sha256 -verify "$1" -signature "$3" "$2"
}

policy_session()
{
	tpm2_startauthsession -Q --policy-session -S "$1"
}

trial_session()
{
	tpm2_startauthsession -Q -S "$1"
}
