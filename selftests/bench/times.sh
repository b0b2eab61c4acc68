# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/bench/guest
#
# How long, and how much memory?  No log is kept meanwhile.
. /bench/guest

read -r seconds < /bench/seconds
for column in stock ours; do
	node $column
	part $column memory
	part $column speed
	part $column fair "$seconds"
	[ $column = ours ] || node stock-with-keys
	part $column key
done
finish
