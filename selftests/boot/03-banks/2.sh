# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# A bank that is not allocated is refused.
. /guest

works "seal to the sha256 bank" new two "32 pcrs=sha256:7"
refused "sha1 is not allocated" "Operation not supported" new one "32 pcrs=sha1:7"
logged "the log names the bank" 1 'no bank sha1'
refused "sha384 is not allocated" "Operation not supported" new three "32 pcrs=sha256:7+sha384:7"
logged "the log names the bank" 1 'no bank sha384'
refused "nor does a key sealed to it open" "Key was rejected" load three "$(cat /carry/three)"
works "nothing of it was created" sh -c '! keyctl show @u | grep -q "one\|three"'
finish
