# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# tpm2-tools on /dev/tpmrm0: keys and what is done with them, each command in a
# process of its own, contexts in files.

sign_and_verify()
{
	parent
	signing_key key
	echo "to be signed" > data
	tpm2_sign -Q -c key.ctx -g sha256 -f plain -o signature data
	openssl_verifies key.pem data signature
	tpm2_sign -Q -c key.ctx -g sha256 -o signature.tss data
	tpm2_verifysignature -Q -c key.ctx -g sha256 -m data -s signature.tss
	echo "something else" > data
	refused 0x2db tpm2_verifysignature -Q -c key.ctx -g sha256 -m data -s signature.tss
}

openssl_signs()
{
	openssl ecparam -name prime256v1 -genkey -noout -out key.pem
	openssl pkey -in key.pem -pubout -out public.pem
	echo "to be signed" > data
	openssl dgst -sha256 -sign key.pem -out signature data
	tpm2_loadexternal -Q -C n -G ecc -u public.pem -c public.ctx
	tpm2_verifysignature -Q -c public.ctx -g sha256 -m data -f ecdsa -s signature
	echo "something else" > data
	refused 0x2db tpm2_verifysignature -Q -c public.ctx -g sha256 -m data -f ecdsa -s signature
}

openssl_key_is_imported()
{
	openssl ecparam -name prime256v1 -genkey -noout -out key.pem
	openssl pkey -in key.pem -pubout -out public.pem
	parent
	tpm2_import -Q -C parent.ctx -G ecc -i key.pem -u key.pub -r key.priv
	tpm2_load -Q -C parent.ctx -u key.pub -r key.priv -c key.ctx
	echo "to be signed" > data
	tpm2_sign -Q -c key.ctx -g sha256 -f plain -o signature data
	openssl_verifies public.pem data signature
}

# The context of an object can be loaded as often as one likes.
contexts_in_files()
{
	parent
	signing_key one
	signing_key two
	cp one.ctx copy.ctx
	for key in one copy two one; do
		tpm2_readpublic -Q -c $key.ctx -n $key.name
	done
	cmp one.name copy.name
	if cmp -s one.name two.name; then return 1; fi
	tpm2_getcap handles-transient > handles
	[ ! -s handles ]
}

auth_is_changed()
{
	parent
	create key -G ecc:ecdsa -p old
	tpm2_changeauth -Q -C parent.ctx -c key.ctx -p old -r new.priv new
	tpm2_load -Q -C parent.ctx -u key.pub -r new.priv -c new.ctx
	tpm2_readpublic -Q -c new.ctx -f pem -o key.pem
	echo "to be signed" > data
	tpm2_sign -Q -c new.ctx -p new -g sha256 -f plain -o signature data
	openssl_verifies key.pem data signature
	refused 0x98e tpm2_sign -Q -c new.ctx -p old -g sha256 -o none data
	tpm2_dictionarylockout -Q -c
}

persistent_key()
{
	parent
	signing_key key
	tpm2_evictcontrol -Q -C o -c key.ctx 0x81000010
	tpm2_getcap handles-persistent | grep -q 0x81000010
	echo "to be signed" > data
	tpm2_sign -Q -c 0x81000010 -g sha256 -f plain -o signature data
	openssl_verifies key.pem data signature
	tpm2_evictcontrol -Q -C o -c 0x81000010
	refused 0x18b tpm2_readpublic -Q -c 0x81000010
}

shared_secret()
{
	parent
	create key -G ecc:ecdh
	tpm2_ecdhkeygen -Q -c key.ctx -u point -o secret
	tpm2_ecdhzgen -Q -c key.ctx -u point -o again
	cmp secret again
	[ -s secret ]
}

# To a new parent, with a policy that allows nothing else.
duplicated_key()
{
	parent
	tpm2_createprimary -Q -C o -G rsa2048 -g sha256 -c new.ctx
	trial_session trial.ctx
	tpm2_policycommandcode -Q -S trial.ctx -L policy TPM2_CC_Duplicate
	tpm2_flushcontext -Q trial.ctx
	tpm2_create -Q -C parent.ctx -G ecc:ecdsa -L policy -u key.pub -r key.priv \
		-a "sensitivedataorigin|userwithauth|sign"
	tpm2_load -Q -C parent.ctx -u key.pub -r key.priv -c key.ctx
	tpm2_readpublic -Q -c key.ctx -f pem -o key.pem
	policy_session session.ctx
	tpm2_policycommandcode -Q -S session.ctx -L policy TPM2_CC_Duplicate
	tpm2_duplicate -Q -C new.ctx -c key.ctx -G null -p session:session.ctx -r key.dup -s key.seed
	tpm2_flushcontext -Q session.ctx
	tpm2_import -Q -C new.ctx -u key.pub -r there.priv -i key.dup -s key.seed -L policy
	tpm2_load -Q -C new.ctx -u key.pub -r there.priv -c there.ctx
	echo "to be signed" > data
	tpm2_sign -Q -c there.ctx -g sha256 -f plain -o signature data
	openssl_verifies key.pem data signature
}
