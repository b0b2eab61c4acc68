#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The flows of attest.sh, one after the other.
#
# Runs in the VM, started by `run` beside it.  vm-timeout=180
# shellcheck source=selftests/tpm_rm/programs/flow.sh
. /programs/flow.sh
# shellcheck source=selftests/tpm_rm/programs/attest.sh
. /programs/attest.sh

flows quote certified_key certified_creation certified_nv_index time_of_the_tpm credential
