#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own selftests of TPM 2.0, tools/testing/selftests/tpm2, as they
# are in Debian's linux-source-6.12: each of their tests is a case here.
#
# Runs in the VM, started by `run` beside it.  vm-timeout=60

cases=0
failed=0

# "test_name (where) ... ok", and the dots may be on a later line.
verdicts()
{
	awk '
	/^test_[a-z0-9_]+ \(/ { name = $1 }
	/(^|\.\.\. ?)ok$/ && name { print "ok", name; name = "" }
	/(^|\.\.\. ?)(FAIL|ERROR|skipped.*)$/ && name { print "not ok", name; name = "" }' "$1"
}

# suite SCRIPT TESTS: how many it must have
suite()
{
	sh "./$1" > /tmp/said 2>&1
	status=$?
	verdicts /tmp/said > /tmp/verdicts
	while read -r verdict; do
		cases=$((cases + 1))
		echo "$verdict" | sed "s/ok /ok $cases /"
	done < /tmp/verdicts
	if [ $status -ne 0 ] || [ "$(grep -c '^ok' /tmp/verdicts)" -ne "$2" ]; then
		sed 's/^/# /' /tmp/said
		failed=1
	fi
}

cd /tpm2 || exit 1
export PYTHONDONTWRITEBYTECODE=1
echo "TAP version 13"
echo "1..15"
suite test_smoke.sh 9
suite test_space.sh 4
suite test_async.sh 2
exit $failed
