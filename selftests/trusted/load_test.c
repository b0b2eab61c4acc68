// SPDX-License-Identifier: GPL-2.0-only
/*
 * "load": blobs that other programs made, old ones, foreign ones, broken ones.
 */
#include "fixture.h"

#define PARENT		0x81000061
#define POLICY_PCR	0x17f

/*
 * Made by openssl_tpm2_engine on a TPM that is no more: PolicyPCR under a
 * derived parent; with a PolicyLocality; under 0x81000001.
 */
#define FOREIGN_PCR \
	"3082014206066781050a0105a0030101ffa13830363034a0040202017fa12c04" \
	"2a00000001000b03800001f5a5fd42d16a20302798ef6ed309979b43003d2320" \
	"d9f0e8ea9831a92759fb4b0204400000010450004e0008000b0000040000202a" \
	"a20d10266e2597a0c0c14ae1d5db0ea93b4c20d76c66d032e4910413cb5fa800" \
	"100020c21a3c4b95bddc84b5302edc086dc806d6f764987149d3ff6e996b542e" \
	"60e6210481a0009e0020bcc6881050932e27fb161c493c78d13c99f0e7345f8e" \
	"0bbbb71d32f5cd1901d20010968359fbefc1a508a95ba0e4e3f8efa57010a034" \
	"ccac572d7b4281fc8b8a61e1a6d2b3d52587fd137c33509251eefb219da891d6" \
	"d310b8feed1f77b617c553d76012f3b8ed178c723098ef08076a84c4bdbdedf7" \
	"1299e342d05c68ef3fc6ec2ce1a44b1b1368e3eebde706b3e9e938fe998b4064" \
	"659b24ddeb59"
#define FOREIGN_LOCALITY \
	"3082015606066781050a0105a151304f300aa0040202016ba10204003034a004" \
	"0202017fa12c042a00000001000b0380000066687aadf862bd776c8fc18b8e9f" \
	"8e20089714856ee233b3902a591d0d5f2925300ba0040202016fa10304010102" \
	"04400000010450004e0008000b000004000020ca21c7a6c4574790390339b42a" \
	"8e1ee8c37d0e865b938df5c29e6e20436f401d00100020f13beb2b2577819453" \
	"03ea06a295f0f01969690b27a67b27f1754e82174a2dfa0481a0009e0020cf9f" \
	"496f88332106454e0952e39ca17667b020fa7a8d4378af7c2edfd2a38d740010" \
	"4a60dff7c4e15cccfeb4f0ccc9f3e4b7f15e444fad0e3afb79f3a8188b19bfa1" \
	"53576b0efeb502add985bc7d4ad9b50049a891a48736a1982b1bb468a9c710a5" \
	"4db7b2b30721a2e0aec06c78ab401f6f32ca689e753012809ba54d6ca5b76620" \
	"ccfcb69f7e65ed1c788a25e2e5029bf69f25653a98290eafc5ec"
#define FOREIGN_PERSISTENT \
	"3082016406066781050a0105a0030101ffa13830363034a0040202017fa12c04" \
	"2a00000001000b0380000066687aadf862bd776c8fc18b8e9f8e20089714856e" \
	"e233b3902a591d0d5f2925020500810000010450004e0008000b000004120020" \
	"8b5682d81b29435d08d79278150611dc7e5923b2fefcce684a09577b40130a8b" \
	"001000205ab6754c8717da282ce0d6b9a15a015a525f4de1c411e889f624f97d" \
	"bb43896b0481c100bf002020ea1474fe3feca87cd24a5bbb01fc3934c76fec18" \
	"abbef4999c55e934a389d20010e4a904572d4cea35c2cb1554a3142c287a7c20" \
	"0a177f6982b0297bb6c9bdd61b4c292c9671e23aa6a9360824337722cef97ac3" \
	"1669a0f51accafc9354d616e2f8c9943926ee490e8ef8fddf2d5149f2c483516" \
	"6a505b17bb4bc2635f10d72186e599811cbb03246dd90d4457f23a83cdceb302" \
	"83f85bf654766078d4c631d273141a56b43421309dc322a2cec61a43335e503b" \
	"58937d0a3fed7f5c"

static const char known_key[] = "a key of 40 octets, known to the test...";

FIXTURE(load)
{
	struct env env;
};

FIXTURE_SETUP(load)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER };

	env_open(_metadata, &self->env);
	ASSERT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	ASSERT_EQ(0, vault_persist(self->env.tpm, &p, PARENT));
}

FIXTURE_TEARDOWN(load)
{
	EXPECT_EQ(0, vault_evict(self->env.tpm, PARENT));
	EXPECT_EQ(0, vault_pcr_reset(self->env.tpm, 16));
	env_close(_metadata, &self->env);
}

/* --- blobs of other programs ---------------------------------------------- */

/* known_key, without a policy. */
static struct vault_data plain_data(void)
{
	return (struct vault_data){
		.hash = VAULT_SHA256,
		.attributes = VAULT_USER_WITH_AUTH | VAULT_NO_DA,
		.data = vault_text(known_key),
	};
}

static struct keyfile seal_data(struct __test_metadata *_metadata,
				struct env *e, const struct vault_data *d)
{
	struct keyfile kf = {
		.type = KEYFILE_SEALED,
		.fields = 1 << 0,
		.empty_auth = !d->auth.len,
		.parent = PARENT,
	};

	ASSERT_EQ(0, vault_seal(e->tpm, PARENT, d, &kf));
	return kf;
}

/* The blob as it is written loads, and what the kernel has then is known_key. */
static void expect_known_with(struct __test_metadata *_metadata, struct env *e,
			      const struct keyfile *kf, const char *options)
{
	char *hex = keyfile_encode(kf);
	int key = add(_metadata, e, "known", "load %s %s", hex, options);
	struct octets want = vault_text(known_key), is;
	char *again;

	free(hex);
	ASSERT_EQ(0, key_update(key, "update"));
	again = blob(_metadata, key);
	is = contents(_metadata, e, again, NULL);
	EXPECT_TRUE(same_octets(&want, &is));
	ASSERT_EQ(0, key_unlink(e->ring, key));
	free(again);
}

static void expect_known_key(struct __test_metadata *_metadata,
			     struct env *e, const struct keyfile *kf)
{
	expect_known_with(_metadata, e, kf, "");
}

TEST_F(load, plain_blob)
{
	struct vault_data d = plain_data();
	struct keyfile kf = seal_data(_metadata, &self->env, &d);

	expect_known_key(_metadata, &self->env, &kf);
	kf.short_parent = true;
	expect_known_key(_metadata, &self->env, &kf);
	kf.fields = 0;
	expect_known_key(_metadata, &self->env, &kf);
}

/* Linux wrote hash=sha1 objects too. */
TEST_F(load, blob_of_each_name_algorithm)
{
	static const uint16_t hash[] = {
		VAULT_SHA1, VAULT_SHA256, VAULT_SHA384, VAULT_SHA512,
	};
	struct vault_data d = plain_data();
	struct keyfile kf;
	int i;

	for (i = 0; i < 4; i++) {
		d.hash = hash[i];
		kf = seal_data(_metadata, &self->env, &d);
		expect_known_key(_metadata, &self->env, &kf);
	}
}

/* A PolicyPCR of PCR 7 and 16, in the form of openssl_tpm2_engine. */
static struct keyfile seal_to_pcr(struct __test_metadata *_metadata,
				  struct env *e, unsigned int pcr)
{
	struct vault_data d = plain_data();
	struct keyfile policy = { 0 }, kf;
	struct octets body;

	ASSERT_EQ(0, vault_pcr_policy(e->tpm, pcr, &body));
	keyfile_add_statement(&policy, POLICY_PCR, body.data, body.len);
	d.policy = vault_policy_digest(&policy);
	d.attributes = VAULT_NO_DA;
	kf = seal_data(_metadata, e, &d);
	kf.policy = policy.policy;
	kf.fields |= 1 << 1;
	return kf;
}

/*
 * The policy does not ask for the object's authValue, but what a session encrypts
 * depends on it: the key must be right whether it is given or not.
 */
TEST_F(load, authorization_that_the_policy_does_not_ask_for)
{
	static const char auth[] = "00112233445566778899aabbccddeeff00112233";
	struct vault_data d = plain_data();
	struct keyfile policy = { 0 }, kf;
	struct env *e = &self->env;
	struct octets body;

	ASSERT_EQ(0, vault_pcr_policy(e->tpm, 16, &body));
	keyfile_add_statement(&policy, POLICY_PCR, body.data, body.len);
	d.policy = vault_policy_digest(&policy);
	d.attributes = VAULT_NO_DA;
	d.auth.len = hex_decode(auth, d.auth.data, sizeof(d.auth.data));
	kf = seal_data(_metadata, e, &d);
	kf.fields = 1 << 1;
	kf.policy = policy.policy;
	expect_known_with(_metadata, e, &kf, "");
	expect_known_with(_metadata, e, &kf, "blobauth=00112233445566778899aabbccddeeff00112233");
	expect_known_with(_metadata, e, &kf, "blobauth=wrong");
}

/* As GRUB and pcr-oracle write it: a sized digest, then the selection. */
static void turn_statement(struct __test_metadata *_metadata,
			   struct keyfile *kf, bool with_digest)
{
	unsigned int size = with_digest ? 32 : 0;
	struct octets body = { 0 };
	struct statement st;

	ASSERT_TRUE(keyfile_statement(kf, 0, &st));
	ASSERT_EQ(10 + 32, st.body.len);
	body.data[1] = size;
	memcpy(body.data + 2, st.body.data + 10, size);
	memcpy(body.data + 2 + size, st.body.data, 10);
	kf->policy.len = 0;
	keyfile_add_statement(kf, POLICY_PCR, body.data, 2 + size + 10);
}

static void expect_opens_by_pcr_16(struct __test_metadata *_metadata,
				   struct env *e, const struct keyfile *kf,
				   const char *step)
{
	char *hex = keyfile_encode(kf);

	expect_known_key(_metadata, e, kf);
	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA256, 16, 1));
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "");
	EXPECT_LOGGED(1, e, step);
	EXPECT_LOGGED(0, e, "trusted_key: PCR ");
	ASSERT_EQ(0, vault_pcr_reset(e->tpm, 16));
	EXPECT_LOADS(e, hex, "");
	free(hex);
}

TEST_F(load, policy_with_a_bare_digest)
{
	struct keyfile kf = seal_to_pcr(_metadata, &self->env, 16);

	expect_opens_by_pcr_16(_metadata, &self->env, &kf, "PolicyPCR: ");
}

TEST_F(load, policy_with_a_sized_digest)
{
	struct keyfile kf = seal_to_pcr(_metadata, &self->env, 16);

	turn_statement(_metadata, &kf, true);
	expect_opens_by_pcr_16(_metadata, &self->env, &kf, "PolicyPCR: ");
}

TEST_F(load, policy_with_an_empty_digest)
{
	struct keyfile kf = seal_to_pcr(_metadata, &self->env, 16);

	turn_statement(_metadata, &kf, false);
	expect_opens_by_pcr_16(_metadata, &self->env, &kf, "Unseal: ");
}

static void run_tool(struct __test_metadata *_metadata, const char *command)
{
	ASSERT_EQ(0, system(command)) TH_LOG("%s", command);
}

static struct octets read_file(struct __test_metadata *_metadata,
			       const char *path)
{
	struct octets o;
	FILE *f = fopen(path, "re");

	ASSERT_NE(NULL, f) TH_LOG("%s", path);
	o.len = fread(o.data, 1, sizeof(o.data), f);
	fclose(f);
	return o;
}

/* tpm2_create writes TPM2B_PUBLIC and TPM2B_PRIVATE. */
TEST_F(load, blob_of_tpm2_create)
{
	struct octets selection = { 10, { 0, 0, 0, 1, 0, 0x0b, 3, 0x80, 0, 0 } };
	struct keyfile kf = {
		.type = KEYFILE_SEALED,
		.fields = 1 << 0,
		.empty_auth = true,
		.parent = PARENT,
	};
	struct env *e = &self->env;
	uint8_t body[2 + 10] = { 0 };

	run_tool(_metadata, "cd /tmp && tpm2_createpolicy -Q --policy-pcr -l sha256:7 -L policy");
	run_tool(_metadata, "cd /tmp && printf '%s' 'a key of 40 octets, known to the test...' | "
		 "tpm2_create -Q -C 0x81000061 -L policy -i - -u pub -r priv");
	kf.public = read_file(_metadata, "/tmp/pub");
	kf.private = read_file(_metadata, "/tmp/priv");
	memcpy(body + 2, selection.data, selection.len);
	keyfile_add_statement(&kf, POLICY_PCR, body, sizeof(body));
	kf.fields |= 1 << 1;
	/* Fixed, so that it cannot be updated: that it loads is enough. */
	EXPECT_LOADS(e, keyfile_encode(&kf), "");
	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA256, 7, 1));
	EXPECT_EQ(-EKEYREJECTED, load(e, keyfile_encode(&kf), ""));
}

/* What can be sealed and is no key. */
TEST_F(load, data_of_other_sizes)
{
	static const unsigned int len[] = { 1, 16, 31 };
	struct vault_data d = plain_data();
	struct env *e = &self->env;
	struct keyfile kf;
	int i;

	for (i = 0; i < 3; i++) {
		d.data.len = len[i];
		kf = seal_data(_metadata, e, &d);
		refuse_load(_metadata, e, -EBADMSG, keyfile_encode(&kf), "");
		EXPECT_LOGGED(1, e, "32 to 128");
	}
}

/* --- foreign blobs -------------------------------------------------------- */

TEST_F(load, foreign_blobs)
{
	struct vault_primary p = { .hierarchy = TPM_RH_OWNER };
	struct env *e = &self->env;

	refuse_load(_metadata, e, -EREMOTE, FOREIGN_PCR, "");
	EXPECT_LOGGED(1, e, "trusted_key: Load: ");
	EXPECT_LOGGED(1, e, "0x1df");
	refuse_load(_metadata, e, -EREMOTE, FOREIGN_LOCALITY, "");
	refuse_load(_metadata, e, -ENOKEY, FOREIGN_PERSISTENT, "");
	EXPECT_LOGGED(1, e, "0x81000001");
	ASSERT_EQ(0, vault_persist(e->tpm, &p, 0x81000001));
	refuse_load(_metadata, e, -EREMOTE, FOREIGN_PERSISTENT, "");
	EXPECT_EQ(0, vault_evict(e->tpm, 0x81000001));
}

/* A blob of this TPM under another of its parents. */
TEST_F(load, blob_under_the_wrong_parent)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 keyhandle=0x4000000b");
	struct keyfile kf = parsed(_metadata, hex);

	kf.parent = PARENT;
	refuse_load(_metadata, e, -EREMOTE, keyfile_encode(&kf), "");
	kf.parent = 0x40000001;
	refuse_load(_metadata, e, -EREMOTE, keyfile_encode(&kf), "");
	kf.parent = 0x4000000b;
	EXPECT_LOADS(e, keyfile_encode(&kf), "");
	free(hex);
}

/* The public half of one key and the private half of another. */
TEST_F(load, halves_of_two_blobs)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32");
	struct keyfile kf = parsed(_metadata, hex), other;

	free(hex);
	hex = new_blob(_metadata, e, "new 32");
	other = parsed(_metadata, hex);
	kf.private = other.private;
	refuse_load(_metadata, e, -EREMOTE, keyfile_encode(&kf), "");
	free(hex);
}

/* Nobody can take the policy off. */
TEST_F(load, blob_without_its_policy)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 pcrs=7,16");
	struct keyfile kf = parsed(_metadata, hex);

	kf.fields &= ~(1 << 1);
	refuse_load(_metadata, e, -EINVAL, keyfile_encode(&kf), "");
	EXPECT_LOADS(e, keyfile_encode(&kf), "pcrs=7,16");
	ASSERT_EQ(0, vault_pcr_extend(e->tpm, VAULT_SHA256, 16, 1));
	refuse_load(_metadata, e, -EKEYREJECTED, keyfile_encode(&kf), "pcrs=7,16");
	free(hex);
}

/* --- the format of before Linux 5.13 -------------------------------------- */

/* TPM2B_PRIVATE and TPM2B_PUBLIC in hex, to be freed. */
static char *old_format(const struct keyfile *kf)
{
	struct octets o = kf->private;

	memcpy(o.data + o.len, kf->public.data, kf->public.len);
	return hex_encode(o.data, o.len + kf->public.len);
}

TEST_F(load, old_blob_needs_keyhandle)
{
	struct env *e = &self->env;
	char *new = new_blob(_metadata, e, "new 33");
	struct keyfile kf = parsed(_metadata, new);
	char *hex = old_format(&kf);

	refuse_load(_metadata, e, -EINVAL, hex, "");
	EXPECT_LOGGED(1, e, "keyhandle=");
	EXPECT_LOADS(e, hex, "keyhandle=0x40000001");
	/* The same primary, made persistent. */
	EXPECT_LOADS(e, hex, "keyhandle=0x81000061");
	refuse_load(_metadata, e, -EREMOTE, hex, "keyhandle=0x40000007");
	refuse_load(_metadata, e, -ENOKEY, hex, "keyhandle=0x81000069");
	free(new);
	free(hex);
}

/* Behind the key stood whether it was migratable. */
static void expect_old_key(struct __test_metadata *_metadata, struct env *e,
			   uint8_t flag, int err)
{
	struct vault_data d = plain_data();
	struct octets is;
	struct keyfile kf;
	char *hex;
	int key;

	d.data.data[d.data.len++] = flag;
	kf = seal_data(_metadata, e, &d);
	hex = old_format(&kf);
	key = add(_metadata, e, "old", "load %s keyhandle=0x81000061", hex);
	free(hex);
	EXPECT_EQ(err, key_update(key, "update keyhandle=0x81000061"));
	hex = blob(_metadata, key);
	if (!err) {
		is = contents(_metadata, e, hex, NULL);
		d.data.len--;
		EXPECT_TRUE(same_octets(&d.data, &is));
	}
	ASSERT_EQ(0, key_unlink(e->ring, key));
	free(hex);
}

TEST_F(load, old_blob_says_whether_it_is_migratable)
{
	expect_old_key(_metadata, &self->env, 1, 0);
	expect_old_key(_metadata, &self->env, 0, -EPERM);
}

TEST_F(load, old_blob_without_room_for_a_key_and_a_flag)
{
	struct env *e = &self->env;
	char *new = new_blob(_metadata, e, "new 32");
	struct keyfile kf = parsed(_metadata, new);

	refuse_load(_metadata, e, -EBADMSG, old_format(&kf), "keyhandle=0x40000001");
	free(new);
}

/* It records no policy, so it must be given. */
TEST_F(load, old_blob_with_a_policy)
{
	struct env *e = &self->env;
	char *new = new_blob(_metadata, e, "new 33 pcrs=7");
	struct keyfile kf = parsed(_metadata, new);
	char *hex = old_format(&kf);

	refuse_load(_metadata, e, -EINVAL, hex, "keyhandle=0x40000001");
	EXPECT_LOADS(e, hex, "keyhandle=0x40000001 pcrs=7");
	refuse_load(_metadata, e, -EKEYREJECTED, hex, "keyhandle=0x40000001 pcrs=11");
	free(new);
	free(hex);
}

/* --- broken blobs --------------------------------------------------------- */

/* What a blob with one wrong bit may be refused with. */
static bool is_refusal(int err)
{
	switch (err) {
	case -EBADMSG:
	case -EREMOTE:
	case -ENOKEY:
	case -EOPNOTSUPP:
	case -EINVAL:
		return true;
	default:
		return false;
	}
}

static void flip(char *hex, size_t octet)
{
	char *digit = hex + 2 * octet + 1;

	*digit = "1032547698badcfe"[strchr("0123456789abcdef", *digit) -
				      "0123456789abcdef"];
}

/*
 * Bit 0 of each octet in turn.  One octet may be another: that of emptyAuth is
 * anything but 00.
 */
static void expect_no_flip_loads(struct __test_metadata *_metadata,
				 struct env *e, char *hex)
{
	size_t len = strlen(hex) / 2, i, free_octet;
	int err;

	free_octet = (strstr(hex, "a0030101ff") - hex) / 2 + 4;
	for (i = 0; i < len; i++) {
		flip(hex, i);
		err = load(e, hex, "");
		if (i == free_octet) {
			EXPECT_EQ(0, err);
		} else {
			EXPECT_TRUE(is_refusal(err)) TH_LOG("octet %zu: %d", i, err);
		}
		flip(hex, i);
	}
	EXPECT_EQ(0, key_count(e->ring));
	EXPECT_LOADS(e, hex, "");
}

TEST_F(load, no_octet_can_be_changed)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e,
			     "new 32 pcrs=7 format=interop keyhandle=0x81000061");

	expect_no_flip_loads(_metadata, e, hex);
	free(hex);
}

TEST_F(load, no_octet_can_be_changed_under_a_derived_parent)
{
	struct env *e = &self->env;
	char *hex = new_blob(_metadata, e, "new 32 format=interop");

	expect_no_flip_loads(_metadata, e, hex);
	free(hex);
}

TEST_HARNESS_MAIN
