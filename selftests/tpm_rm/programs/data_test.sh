#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The flows of data.sh, one after the other.
#
# Runs in the VM, started by `run` beside it.  vm-timeout=180
# shellcheck source=selftests/tpm_rm/programs/flow.sh
. /programs/flow.sh
# shellcheck source=selftests/tpm_rm/programs/data.sh
. /programs/data.sh

flows hash_of_many_buffers hmac_of_many_buffers encrypt_and_decrypt rsa_encryption seal_and_unseal \
	nv_index nv_counter nv_index_with_a_policy
