# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
#
# tpm2-tools on /dev/tpmrm0: what a TPM says of itself and signs, and the secret
# that only it can read.

# An attestation key under an endorsement key, as remote attestation has them.
attestation_key()
{
	tpm2_createek -Q -G ecc -c ek.ctx -u ek.pub
	tpm2_createak -Q -C ek.ctx -G ecc -g sha256 -s ecdsa -c ak.ctx -u ak.pem -f pem -n ak.name
}

quote()
{
	attestation_key
	tpm2_quote -Q -c ak.ctx -l sha256:0,7,16 -q c0ffee -g sha256 -m message -s signature -o pcrs
	tpm2_checkquote -Q -u ak.pem -m message -s signature -f pcrs -g sha256 -q c0ffee
	if tpm2_checkquote -Q -u ak.pem -m message -s signature -f pcrs -g sha256 -q c0ffff; then
		return 1
	fi
}

certified_key()
{
	parent
	signing_key key
	signing_key other
	tpm2_certify -Q -c key.ctx -C other.ctx -g sha256 -f plain -o attest -s signature
	openssl_verifies other.pem attest signature
	tpm2_readpublic -Q -c key.ctx -n name
	xxd -p -c 256 attest | grep -q "$(xxd -p -c 256 name)"
}

# A key that is where its creator said, by the ticket.
certified_creation()
{
	parent
	signing_key signer
	create key -G ecc:ecdsa --creation-data creation -d digest -t ticket
	tpm2_certifycreation -Q -C signer.ctx -c key.ctx -d digest -t ticket -g sha256 \
		-o signature --attestation attest -f plain
	openssl_verifies signer.pem attest signature
}

certified_nv_index()
{
	parent
	signing_key key
	tpm2_nvdefine -Q -C o -s 5 0x1500030
	printf 'hello' | tpm2_nvwrite -Q -C o -i - 0x1500030
	tpm2_nvcertify -Q -C key.ctx -c o -g sha256 -f plain -s ecdsa -o signature \
		--attestation attest --size 5 0x1500030
	tpm2_nvundefine -Q -C o 0x1500030
	openssl_verifies key.pem attest signature
	tail -c 5 attest | grep -q hello
}

time_of_the_tpm()
{
	parent
	signing_key key
	tpm2_gettime -Q -c key.ctx -g sha256 -f plain -o signature --attestation attest
	openssl_verifies key.pem attest signature
}

# Encrypted to the endorsement key for a key that lies in the same TPM.
credential()
{
	attestation_key
	echo "for this key only" > secret
	tpm2_makecredential -Q -u ek.pub -s secret -n "$(xxd -p -c 256 ak.name)" -o credential
	policy_session session.ctx
	tpm2_policysecret -Q -S session.ctx -c e
	tpm2_activatecredential -Q -c ak.ctx -C ek.ctx -i credential -o plain -P session:session.ctx
	tpm2_flushcontext -Q session.ctx
	cmp secret plain
}
