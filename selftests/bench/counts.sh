# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/bench/guest
#
# How many TPM commands?  The answers are in the log of TPM commands.
. /bench/guest

parent=0x81000001

quietly()
{
	"$@" > /tmp/said 2>&1 || say "$*: $(cat /tmp/said)"
}

prepare_tools()
{
	quietly tpm2_createprimary -C o -g sha256 -G ecc -c /tmp/primary
	quietly tpm2_evictcontrol -C o -c /tmp/primary $parent
	quietly tpm2_startauthsession -S /tmp/trial
	quietly tpm2_policypcr -S /tmp/trial -l sha256:7 -L /tmp/policy
	quietly tpm2_flushcontext /tmp/trial
	echo secret > /tmp/secret
}

# As many processes as there are lines.  What a tool leaves behind on the raw
# device it would find in its way the next time.
tools()
{
	TPM2TOOLS_TCTI=device:$2
	tpm-mark "$1|tpm2-tools: seal|1"
	quietly tpm2_create -C $parent -g sha256 -L /tmp/policy -i /tmp/secret -u /tmp/pub -r /tmp/priv
	tpm-mark "-"
	[ "$1" != raw ] || quietly tpm2_flushcontext -t
	tpm-mark "$1|tpm2-tools: load, unseal|1"
	quietly tpm2_load -C $parent -u /tmp/pub -r /tmp/priv -c /tmp/object
	quietly tpm2_unseal -c /tmp/object -p pcr:sha256:7
	tpm-mark "-"
	[ "$(cat /tmp/said)" = secret ] || say "unsealed: $(cat /tmp/said)"
	[ "$1" != raw ] || quietly tpm2_flushcontext -t
	export TPM2TOOLS_TCTI=device:/dev/tpmrm0
}

node stock
prepare_tools
part raw counts
tools raw /dev/tpm0
for column in stock ours; do
	[ $column = stock ] || node ours
	part $column counts
	part $column crowd
	tools $column /dev/tpmrm0
done
quietly tpm2_evictcontrol -C o -c $parent
finish
