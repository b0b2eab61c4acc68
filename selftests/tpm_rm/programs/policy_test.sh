#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The flows of policy.sh, one after the other.
#
# Runs in the VM, started by `run` beside it.  vm-timeout=180
# shellcheck source=selftests/tpm_rm/programs/flow.sh
. /programs/flow.sh
# shellcheck source=selftests/tpm_rm/programs/policy.sh
. /programs/policy.sh

flows policy_of_a_pcr policy_with_a_password policy_with_an_authvalue policy_with_a_secret \
	policy_of_alternatives policy_signed_by_openssl policy_of_an_nv_index policies_in_turn \
	salted_session_hides_parameters bound_session audited_commands
