#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dracut: the root file system is there, and not yet in use.

# shellcheck disable=SC2154 # of dracut
/usr/lib/trusted-keys/load-keys "$NEWROOT"
[ $? -ne 2 ] || die "trusted-keys: a key was refused, and the configuration says to stop"
:
