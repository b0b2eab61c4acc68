#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Two dozen programs on /dev/tpmrm0 at once, of eight kinds: each shell has a
# program of tpm2-tools running all the time.  Only those that leave alone what
# there is but once: PCRs, numbers of NV indexes, failed authorizations.
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

kinds='shared_secret openssl_signs openssl_key_is_imported hash_of_many_buffers
	hmac_of_many_buffers bound_session policy_with_an_authvalue
	salted_session_hides_parameters'
# shellcheck disable=SC2086 # a list
crowd $kinds $kinds $kinds
