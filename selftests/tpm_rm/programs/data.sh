# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# tpm2-tools on /dev/tpmrm0: data that are hashed, encrypted or kept, in more
# than one buffer, and compared with what others make of them.

# KiB: tools send one buffer of 1 KiB at a time.
long_file()
{
	dd if=/dev/urandom of=data bs=1024 count="$1" 2> /dev/null
	echo "and some more" >> data
}

hash_of_many_buffers()
{
	long_file 20
	tpm2_hash -Q -g sha256 --hex -o hash data
	echo "$(cat hash)  data" | sha256sum -c
	tpm2_hash -Q -g sha512 --hex -o hash data
	echo "$(cat hash)  data" | sha512sum -c
}

hmac_of_many_buffers()
{
	printf 'a key of 32 octets, and no more.' > key.raw
	parent
	tpm2_import -Q -C parent.ctx -G hmac -i key.raw -u key.pub -r key.priv
	tpm2_load -Q -C parent.ctx -u key.pub -r key.priv -c key.ctx
	long_file 20
	tpm2_hmac -Q -c key.ctx -g sha256 -o hmac data
	openssl dgst -sha256 -mac HMAC -macopt key:"$(cat key.raw)" -binary -out expected data
	cmp hmac expected
}

encrypt_and_decrypt()
{
	printf 'sixteen octets..' > key.raw
	parent
	tpm2_import -Q -C parent.ctx -G aes128cfb -i key.raw -u key.pub -r key.priv
	tpm2_load -Q -C parent.ctx -u key.pub -r key.priv -c key.ctx
	long_file 3
	dd if=/dev/urandom of=iv bs=16 count=1 2> /dev/null
	tpm2_encryptdecrypt -Q -c key.ctx --iv iv -G cfb -o secret data
	openssl enc -d -aes-128-cfb -K "$(xxd -p key.raw)" -iv "$(xxd -p iv)" -in secret -out plain
	cmp data plain
	tpm2_encryptdecrypt -Q -d -c key.ctx --iv iv -G cfb -o again secret
	cmp data again
}

# Both ways between the TPM and openssl.
rsa_encryption()
{
	tpm2_createprimary -Q -C o -G rsa -c parent.ctx
	create key -G rsa2048 -a "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|decrypt"
	tpm2_readpublic -Q -c key.ctx -f pem -o key.pem
	echo "plain text" > data
	openssl pkeyutl -encrypt -pubin -inkey key.pem -in data -out secret
	tpm2_rsadecrypt -Q -c key.ctx -s rsaes -o plain secret
	cmp data plain
	tpm2_rsaencrypt -Q -c key.ctx -s oaep -o secret data
	tpm2_rsadecrypt -Q -c key.ctx -s oaep -o plain secret
	cmp data plain
}

seal_and_unseal()
{
	parent
	echo "a secret" > data
	create sealed -i data -p sesame
	tpm2_unseal -Q -c sealed.ctx -p sesame -o plain
	cmp data plain
	refused 0x98e tpm2_unseal -Q -c sealed.ctx -p wrong -o none
	tpm2_dictionarylockout -Q -c
}

nv_index()
{
	echo "some data" > data
	tpm2_nvdefine -Q -C o -s 10 0x1500010
	tpm2_nvwrite -Q -C o -i data 0x1500010
	tpm2_nvread -Q -C o -s 10 -o there 0x1500010
	cmp data there
	printf 'S' | tpm2_nvwrite -Q -C o -i - 0x1500010
	tpm2_nvread -Q -C o -s 10 -o there 0x1500010
	[ "$(cat there)" = "Some data" ]
	tpm2_nvundefine -Q -C o 0x1500010
	refused 0x18b tpm2_nvreadpublic -Q 0x1500010
}

nv_counter()
{
	tpm2_nvdefine -Q -C o -a "nt=1|ownerread|ownerwrite" 0x1500011
	tpm2_nvincrement -Q -C o 0x1500011
	tpm2_nvread -Q -C o -o first 0x1500011
	tpm2_nvincrement -Q -C o 0x1500011
	tpm2_nvread -Q -C o -o second 0x1500011
	tpm2_nvundefine -Q -C o 0x1500011
	[ $((0x$(xxd -p first) + 1)) -eq $((0x$(xxd -p second))) ]
}

# Readable in a policy session only, and by the reader's own authorization.
nv_index_with_a_policy()
{
	trial_session trial.ctx
	tpm2_policycommandcode -Q -S trial.ctx -L policy TPM2_CC_NV_Read
	tpm2_flushcontext -Q trial.ctx
	tpm2_nvdefine -Q -C o -s 5 -L policy -a "ownerwrite|policyread" 0x1500012
	printf 'hello' | tpm2_nvwrite -Q -C o -i - 0x1500012
	policy_session session.ctx
	tpm2_policycommandcode -Q -S session.ctx TPM2_CC_NV_Read
	tpm2_nvread -Q -C 0x1500012 -P session:session.ctx -s 5 -o there 0x1500012
	tpm2_flushcontext -Q session.ctx
	tpm2_nvundefine -Q -C o 0x1500012
	[ "$(cat there)" = hello ]
}
