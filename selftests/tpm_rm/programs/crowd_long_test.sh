#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Two dozen programs on /dev/tpmrm0 at once, no two of them the same.
#
# Runs in the VM, started by `run` beside it.  vm-timeout=300
# shellcheck source=selftests/tpm_rm/programs/flow.sh
. /programs/flow.sh
# shellcheck source=selftests/tpm_rm/programs/keys.sh
. /programs/keys.sh
# shellcheck source=selftests/tpm_rm/programs/policy.sh
. /programs/policy.sh
# shellcheck source=selftests/tpm_rm/programs/data.sh
. /programs/data.sh
# shellcheck source=selftests/tpm_rm/programs/attest.sh
. /programs/attest.sh

crowd sign_and_verify openssl_signs openssl_key_is_imported contexts_in_files persistent_key \
	shared_secret hash_of_many_buffers hmac_of_many_buffers encrypt_and_decrypt nv_index \
	nv_counter nv_index_with_a_policy policy_with_an_authvalue policy_with_a_secret \
	policy_of_alternatives policy_signed_by_openssl policy_of_an_nv_index policies_in_turn \
	salted_session_hides_parameters bound_session audited_commands quote certified_key credential
