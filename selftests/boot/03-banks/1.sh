# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh source=selftests/boot/guest
#
# All banks are allocated; the next boot has one less.
. /guest

works "seal to the sha1 bank" new one "32 pcrs=sha1:7"
works "seal to the sha384 bank" new three "32 pcrs=sha384:7"
blob three > /carry/three
works "leave sha256 alone" tpm2_pcrallocate -Q -P "" sha1:none+sha256:all+sha384:none+sha512:none
finish
