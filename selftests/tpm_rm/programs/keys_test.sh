#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The flows of keys.sh, one after the other.
#
# Runs in the VM, started by `run` beside it.  vm-timeout=180
# shellcheck source=selftests/tpm_rm/programs/flow.sh
. /programs/flow.sh
# shellcheck source=selftests/tpm_rm/programs/keys.sh
. /programs/keys.sh

flows sign_and_verify openssl_signs openssl_key_is_imported contexts_in_files auth_is_changed \
	persistent_key shared_secret duplicated_key
