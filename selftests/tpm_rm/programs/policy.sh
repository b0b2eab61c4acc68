# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# tpm2-tools on /dev/tpmrm0: sessions that go from one process to the next in a
# file, as policies, to hide what is sent, and to audit.

# sealed POLICY [OPTION...]: "a secret" under a policy
sealed()
{
	policy=$1
	shift
	parent
	echo "a secret" > data
	create sealed -i data -L "$policy" "$@"
}

# unsealed SESSION[+AUTH]: what was sealed comes out
unsealed()
{
	tpm2_unseal -Q -c sealed.ctx -p "session:$1" -o plain
	cmp data plain
}

policy_of_a_pcr()
{
	tpm2_pcrread -Q -o values sha256:16
	trial_session trial.ctx
	tpm2_policypcr -Q -S trial.ctx -l sha256:16 -f values -L policy
	tpm2_flushcontext -Q trial.ctx
	sealed policy
	policy_session session.ctx
	tpm2_policypcr -Q -S session.ctx -l sha256:16
	unsealed session.ctx

	tpm2_policyrestart -Q -S session.ctx
	tpm2_pcrextend -Q "16:sha256=$(echo more | sha256sum | cut -c-64)"
	tpm2_policypcr -Q -S session.ctx -l sha256:16
	refused 0x99d tpm2_unseal -Q -c sealed.ctx -p session:session.ctx -o none
	tpm2_pcrreset -Q 16
	tpm2_policyrestart -Q -S session.ctx
	tpm2_policypcr -Q -S session.ctx -l sha256:16
	unsealed session.ctx
	tpm2_flushcontext -Q session.ctx
}

policy_with_a_password()
{
	trial_session trial.ctx
	tpm2_policypassword -Q -S trial.ctx -L policy
	tpm2_flushcontext -Q trial.ctx
	sealed policy -p sesame
	policy_session session.ctx
	tpm2_policypassword -Q -S session.ctx
	unsealed session.ctx+sesame
	tpm2_policypassword -Q -S session.ctx
	refused 0x98e tpm2_unseal -Q -c sealed.ctx -p session:session.ctx+wrong -o none
	tpm2_flushcontext -Q session.ctx
	tpm2_dictionarylockout -Q -c
}

# The authorization is proved by an HMAC that the session's key goes into.
policy_with_an_authvalue()
{
	trial_session trial.ctx
	tpm2_policyauthvalue -Q -S trial.ctx -L policy
	tpm2_flushcontext -Q trial.ctx
	sealed policy -p sesame
	policy_session session.ctx
	tpm2_policyauthvalue -Q -S session.ctx
	unsealed session.ctx+sesame
	tpm2_flushcontext -Q session.ctx
}

# The session is in the handle area of an authorized command: its Name counts.
policy_with_a_secret()
{
	trial_session trial.ctx
	tpm2_policysecret -Q -S trial.ctx -c o -L policy
	tpm2_flushcontext -Q trial.ctx
	sealed policy
	policy_session session.ctx
	tpm2_policysecret -Q -S session.ctx -c o
	unsealed session.ctx
	refused 0x99d tpm2_unseal -Q -c sealed.ctx -p session:session.ctx -o none
	tpm2_flushcontext -Q session.ctx
}

# The second of two ways is open.
policy_of_alternatives()
{
	for code in TPM2_CC_Sign TPM2_CC_Unseal; do
		trial_session trial.ctx
		tpm2_policycommandcode -Q -S trial.ctx -L policy.$code $code
		tpm2_flushcontext -Q trial.ctx
	done
	both=sha256:policy.TPM2_CC_Sign,policy.TPM2_CC_Unseal
	trial_session trial.ctx
	tpm2_policyor -Q -S trial.ctx -L policy -l $both
	tpm2_flushcontext -Q trial.ctx
	sealed policy
	policy_session session.ctx
	tpm2_policycommandcode -Q -S session.ctx TPM2_CC_Unseal
	tpm2_policyor -Q -S session.ctx -l $both
	unsealed session.ctx
	tpm2_flushcontext -Q session.ctx
}

# Signed outside of the TPM, over the nonce of this session.
policy_signed_by_openssl()
{
	openssl ecparam -name prime256v1 -genkey -noout -out key.pem
	openssl pkey -in key.pem -pubout -out public.pem
	tpm2_loadexternal -Q -C o -G ecc -u public.pem -c signer.ctx
	trial_session trial.ctx
	tpm2_policysigned -Q -S trial.ctx -c signer.ctx --raw-data to-sign
	openssl dgst -sha256 -sign key.pem -out signature to-sign
	tpm2_policysigned -Q -S trial.ctx -g sha256 -s signature -f ecdsa -c signer.ctx -L policy
	tpm2_flushcontext -Q trial.ctx
	sealed policy
	policy_session session.ctx
	tpm2_policysigned -Q -S session.ctx -c signer.ctx --raw-data to-sign
	openssl dgst -sha256 -sign key.pem -out signature to-sign
	tpm2_policysigned -Q -S session.ctx -g sha256 -s signature -f ecdsa -c signer.ctx
	unsealed session.ctx
	tpm2_flushcontext -Q session.ctx
}

policy_of_an_nv_index()
{
	tpm2_nvdefine -Q -C o -s 1 0x1500020
	printf 7 | tpm2_nvwrite -Q -C o -i - 0x1500020
	printf 7 > seven
	trial_session trial.ctx
	tpm2_policynv -Q -S trial.ctx -C o -i seven -L policy 0x1500020 eq
	tpm2_flushcontext -Q trial.ctx
	sealed policy
	policy_session session.ctx
	tpm2_policynv -Q -S session.ctx -C o -i seven 0x1500020 eq
	unsealed session.ctx
	printf 8 | tpm2_nvwrite -Q -C o -i - 0x1500020
	refused 0x126 tpm2_policynv -Q -S session.ctx -C o -i seven 0x1500020 eq
	tpm2_flushcontext -Q session.ctx
	tpm2_nvundefine -Q -C o 0x1500020
}

# Two policies at a time, and other work between their steps.
policies_in_turn()
{
	trial_session trial.ctx
	tpm2_policyauthvalue -Q -S trial.ctx
	tpm2_policycommandcode -Q -S trial.ctx -L policy TPM2_CC_Unseal
	tpm2_flushcontext -Q trial.ctx
	sealed policy -p sesame
	policy_session one.ctx
	policy_session two.ctx
	tpm2_policyauthvalue -Q -S one.ctx
	tpm2_hash -Q -g sha256 -o none sealed.pub
	tpm2_policyauthvalue -Q -S two.ctx
	tpm2_readpublic -Q -c sealed.ctx
	tpm2_policycommandcode -Q -S two.ctx TPM2_CC_Unseal
	tpm2_policycommandcode -Q -S one.ctx TPM2_CC_Unseal
	unsealed one.ctx+sesame
	unsealed two.ctx+sesame
	tpm2_flushcontext -Q one.ctx
	tpm2_flushcontext -Q two.ctx
}

# Salted by a key of the TPM, with AES on the bus.
salted_session_hides_parameters()
{
	parent
	echo "a secret" > data
	create sealed -i data -p sesame
	tpm2_startauthsession -Q --hmac-session -c parent.ctx -S session.ctx
	tpm2_sessionconfig -Q --enable-decrypt --enable-encrypt session.ctx
	unsealed session.ctx+sesame
	unsealed session.ctx+sesame
	tpm2_getrandom -S session.ctx -o random 32
	[ "$(wc -c < random)" -eq 32 ]
	tpm2_flushcontext -Q session.ctx
}

bound_session()
{
	parent
	echo "a secret" > data
	create sealed -i data -p sesame
	tpm2_startauthsession -Q --hmac-session --bind-context sealed.ctx --bind-auth sesame \
		-S session.ctx
	unsealed session.ctx+sesame
	tpm2_flushcontext -Q session.ctx
}

# What the TPM says that it was asked is what it was asked.
audited_commands()
{
	parent
	signing_key key
	tpm2_startauthsession -Q --audit-session -S session.ctx
	tpm2_getrandom -Q -S session.ctx --cphash cp --rphash rp -o random 8
	tpm2_getsessionauditdigest -Q -c key.ctx -g sha256 -m message -s signature \
		-S session.ctx -f plain
	tpm2_flushcontext -Q session.ctx
	openssl_verifies key.pem message signature
	head -c 32 /dev/zero > digest
	tail -c 32 cp >> digest
	tail -c 32 rp >> digest
	[ "$(tail -c 32 message | xxd -p -c 32)" = "$(sha256sum < digest | cut -c-64)" ]
}
