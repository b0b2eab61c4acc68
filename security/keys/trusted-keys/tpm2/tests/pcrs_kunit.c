// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit cases for sets of PCRs: what texts and octets say, and digests.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/tpm2_cursor.h>
#include <linux/tpm2_hash.h>
#include <linux/tpm2_spec.h>
#include <linux/types.h>

#include "../pcrs.h"
#include "hex.h"

#define ALL	0xffffff
#define SHA1	"000102030405060708090a0b0c0d0e0f10111213"
#define SHA256	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define ONES	"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

/* All PCRs of all banks with their values. */
#define MAX_TEXT	(4 * (8 + 70) + TPM2_PCRS * 2 * (20 + 32 + 48 + 64))

struct work {
	struct tpk_pcrs pcrs;
	struct tpk_pcrs again;
	char text[MAX_TEXT];
};

static struct tpk_pcrs *right(struct kunit *test, const char *text)
{
	struct work *work = test->priv;
	const char *what = "";
	int err;

	err = tpk_pcrs_parse(tpm2_bytes(text, strlen(text)), &work->pcrs, &what);
	KUNIT_ASSERT_EQ_MSG(test, err, 0, "%s: %s", text, what);
	return &work->pcrs;
}

static const struct {
	const char *text;
	unsigned int nr;
	u16 alg[2];
	u32 selected[2];
	u32 known[2];
} texts[] = {
	{ "0", 1, { TPM_ALG_ID_SHA256 }, { 0x1 } },
	{ "23", 1, { TPM_ALG_ID_SHA256 }, { 0x800000 } },
	{ "007", 1, { TPM_ALG_ID_SHA256 }, { 0x80 } },
	{ "7,11", 1, { TPM_ALG_ID_SHA256 }, { 0x880 } },
	{ "11,7", 1, { TPM_ALG_ID_SHA256 }, { 0x880 } },
	{ "0-7", 1, { TPM_ALG_ID_SHA256 }, { 0xff } },
	{ "7-7", 1, { TPM_ALG_ID_SHA256 }, { 0x80 } },
	{ "0-23", 1, { TPM_ALG_ID_SHA256 }, { ALL } },
	{ "8,0-3,20-23,5", 1, { TPM_ALG_ID_SHA256 }, { 0xf0012f } },
	{ "sha1:4", 1, { TPM_ALG_ID_SHA1 }, { 0x10 } },
	{ "sha256:4", 1, { TPM_ALG_ID_SHA256 }, { 0x10 } },
	{ "sha384:4", 1, { TPM_ALG_ID_SHA384 }, { 0x10 } },
	{ "sha512:4", 1, { TPM_ALG_ID_SHA512 }, { 0x10 } },
	{ "4+8", 1, { TPM_ALG_ID_SHA256 }, { 0x110 } },
	{ "4+sha256:8", 1, { TPM_ALG_ID_SHA256 }, { 0x110 } },
	{ "sha512:1+sha1:2", 2, { TPM_ALG_ID_SHA512, TPM_ALG_ID_SHA1 }, { 2, 4 } },
	{ "sha1:2+1", 2, { TPM_ALG_ID_SHA1, TPM_ALG_ID_SHA256 }, { 4, 2 } },
	{ "sha1:2+1+sha1:0", 2, { TPM_ALG_ID_SHA1, TPM_ALG_ID_SHA256 }, { 5, 2 } },
	{ "7=" SHA256, 1, { TPM_ALG_ID_SHA256 }, { 0x80 }, { 0x80 } },
	{ "7=" SHA256 "+8", 1, { TPM_ALG_ID_SHA256 }, { 0x180 }, { 0x80 } },
	{ "8+7=" SHA256, 1, { TPM_ALG_ID_SHA256 }, { 0x180 }, { 0x80 } },
	{ "2+sha1:4-5=" SHA1 SHA1, 2, { TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA1 },
	  { 4, 0x30 }, { 0, 0x30 } },
};

static void texts_are_read(struct kunit *test)
{
	size_t i, bank;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		struct tpk_pcrs *pcrs = right(test, texts[i].text);

		KUNIT_EXPECT_EQ(test, pcrs->nr, texts[i].nr);
		for (bank = 0; bank < texts[i].nr; bank++) {
			KUNIT_EXPECT_EQ(test, pcrs->bank[bank].alg, texts[i].alg[bank]);
			KUNIT_EXPECT_EQ(test, pcrs->bank[bank].selected,
					texts[i].selected[bank]);
			KUNIT_EXPECT_EQ(test, pcrs->bank[bank].known,
					texts[i].known[bank]);
		}
	}
}

/* The order in the list is the user's, that of the values is by number. */
static void values_ascend_with_the_numbers(struct kunit *test)
{
	struct tpk_pcrs *pcrs = right(test, "11,7=" SHA256 ONES);
	u8 want[32];

	hex_octets(SHA256, want);
	KUNIT_EXPECT_MEMEQ(test, pcrs->bank[0].value[7], want, 32);
	memset(want, 0xff, 32);
	KUNIT_EXPECT_MEMEQ(test, pcrs->bank[0].value[11], want, 32);
}

static const struct {
	const char *text;
	const char *canonical;
} formats[] = {
	{ "7", "sha256:7" },
	{ "8,7", "sha256:7,8" },
	{ "7-9", "sha256:7-9" },
	{ "23,0,4-5", "sha256:0,4,5,23" },
	{ "0-23", "sha256:0-23" },
	{ "21,22,23,0,1,2", "sha256:0-2,21-23" },
	{ "sha1:9-11+0+sha1:12", "sha1:9-12+sha256:0" },
	{ "7=" SHA256, "sha256:7=" SHA256 },
	{ "8,7=" SHA256 ONES, "sha256:7,8=" SHA256 ONES },
	{ "8=" ONES "+7=" SHA256, "sha256:7,8=" SHA256 ONES },
	{ "8+7=" SHA256, "sha256:7,8" },
	{ "sha1:1=" SHA1 "+2", "sha1:1=" SHA1 "+sha256:2" },
};

static struct tpm2_bytes format(struct work *work)
{
	struct tpm2_writer w = tpm2_writer(work->text, sizeof(work->text));

	tpk_pcrs_format(&work->pcrs, &w);
	return w.full ? tpm2_bytes(NULL, 0) : tpm2_written(&w);
}

static void sets_are_written_in_one_way(struct kunit *test)
{
	struct work *work = test->priv;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		struct tpm2_bytes text;

		right(test, formats[i].text);
		text = format(work);
		work->text[text.len] = '\0';
		KUNIT_EXPECT_STREQ(test, work->text, formats[i].canonical);
	}
}

static const u16 algs[TPK_MAX_BANKS] = {
	TPM_ALG_ID_SHA1, TPM_ALG_ID_SHA256, TPM_ALG_ID_SHA384, TPM_ALG_ID_SHA512,
};

static void random_bank(struct tpk_bank *bank, u16 alg, u32 *state)
{
	unsigned int pcr;

	bank->alg = alg;
	bank->selected = test_random(state) & test_random(state) & ALL;
	if (!bank->selected)
		bank->selected = 1;
	if (test_random(state) & 1)
		return;
	bank->known = bank->selected;
	for (pcr = 0; pcr < TPM2_PCRS; pcr++)
		if (bank->selected & 1U << pcr)
			test_random_octets(state, bank->value[pcr],
					   tpm2_digest_size(alg));
}

/* One to four banks, starting with any. */
static void random_set(struct tpk_pcrs *pcrs, u32 *state)
{
	unsigned int first = test_random(state);
	unsigned int i;

	memset(pcrs, 0, sizeof(*pcrs));
	pcrs->nr = 1 + test_random(state) % TPK_MAX_BANKS;
	for (i = 0; i < pcrs->nr; i++)
		random_bank(&pcrs->bank[i], algs[(first + i) % TPK_MAX_BANKS], state);
}

static void random_sets_come_back_from_text(struct kunit *test)
{
	struct work *work = test->priv;
	const char *what = "";
	u32 state = 1;
	int i;

	for (i = 0; i < 500; i++) {
		struct tpm2_bytes text;

		random_set(&work->pcrs, &state);
		text = format(work);
		KUNIT_ASSERT_NOT_NULL(test, text.data);
		KUNIT_ASSERT_EQ(test, tpk_pcrs_parse(text, &work->again, &what), 0);
		KUNIT_ASSERT_MEMEQ(test, &work->again, &work->pcrs,
				   sizeof(work->pcrs));
	}
}

static void random_sets_come_back_from_octets(struct kunit *test)
{
	struct work *work = test->priv;
	u32 state = 2;
	int i, bank;

	for (i = 0; i < 500; i++) {
		struct tpm2_writer w = tpm2_writer(work->text, sizeof(work->text));
		struct tpm2_reader r;

		random_set(&work->pcrs, &state);
		tpk_pcrs_put_selection(&work->pcrs, &w);
		KUNIT_ASSERT_EQ(test, w.len, 4 + 6 * work->pcrs.nr);
		r = tpm2_reader(w.buf, w.len);
		KUNIT_ASSERT_EQ(test, tpk_pcrs_get_selection(&r, &work->again), 0);
		KUNIT_EXPECT_TRUE(test, tpm2_done(&r));
		KUNIT_ASSERT_EQ(test, work->again.nr, work->pcrs.nr);
		for (bank = 0; bank < work->pcrs.nr; bank++) {
			KUNIT_EXPECT_EQ(test, work->again.bank[bank].alg,
					work->pcrs.bank[bank].alg);
			KUNIT_EXPECT_EQ(test, work->again.bank[bank].selected,
					work->pcrs.bank[bank].selected);
			KUNIT_EXPECT_EQ(test, work->again.bank[bank].known, 0);
		}
	}
}

static void short_buffers_are_not_overrun(struct kunit *test)
{
	static const char canonical[] = "sha1:1-3+sha256:7=" SHA256;
	struct tpk_pcrs *pcrs = right(test, canonical);
	size_t room;

	for (room = 0; room <= sizeof(canonical); room++) {
		u8 *buf = kunit_kmalloc(test, room, GFP_KERNEL);
		struct tpm2_writer w = tpm2_writer(buf, room);

		tpk_pcrs_format(pcrs, &w);
		KUNIT_EXPECT_EQ(test, w.full, room < sizeof(canonical) - 1);
		w = tpm2_writer(buf, room);
		tpk_pcrs_put_selection(pcrs, &w);
		KUNIT_EXPECT_EQ(test, w.full, room < 16);
		kunit_kfree(test, buf);
	}
}

/* The octets are those of the k1.der and k2.der vectors, and by hand. */
static const struct {
	const char *text;
	const char *hex;
} selections[] = {
	{ "7", "00000001 000b 03 800000" },
	{ "7,16", "00000001 000b 03 800001" },
	{ "0,23", "00000001 000b 03 010080" },
	{ "sha512:8+sha1:0-7", "00000002 000d 03 000100 0004 03 ff0000" },
	{ "sha384:0-23", "00000001 000c 03 ffffff" },
};

static void selections_have_three_octets(struct kunit *test)
{
	struct work *work = test->priv;
	u8 want[32];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(selections); i++) {
		struct tpm2_writer w = tpm2_writer(work->text, sizeof(work->text));
		struct tpm2_bytes b = hex_octets(selections[i].hex, want);

		tpk_pcrs_put_selection(right(test, selections[i].text), &w);
		KUNIT_EXPECT_EQ(test, w.len, b.len);
		KUNIT_EXPECT_MEMEQ(test, w.buf, b.data, b.len);
	}
}

static void selections_of_other_sizes_are_read(struct kunit *test)
{
	struct work *work = test->priv;
	struct tpm2_reader r;
	struct tpm2_bytes b;
	u8 octets[32];

	b = hex_octets("00000002 000b 01 80 0004 04 00000100 ee", octets);
	r = tpm2_reader(b.data, b.len);
	KUNIT_EXPECT_EQ(test, tpk_pcrs_get_selection(&r, &work->pcrs), 0);
	KUNIT_EXPECT_EQ(test, work->pcrs.bank[0].selected, 0x80);
	KUNIT_EXPECT_EQ(test, work->pcrs.bank[1].selected, 0x10000);
	KUNIT_EXPECT_EQ(test, tpm2_left(&r), 1);
}

/*
 * Where PCR n of each bank holds octets that are all n.  Computed with
 * Python's hashlib, for the second one (and so for the others):
 *
 *	hashlib.sha256(b"\x07" * 32 + b"\x10" * 32).hexdigest()
 *
 * The first is also what the TPM found that sealed the k2.der vector.
 */
static const struct {
	const char *text;
	u16 hash;
	const char *digest[2];
} digests[] = {
	{ "sha256:0", TPM_ALG_ID_SHA256,
	  { "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925" } },
	{ "16,7", TPM_ALG_ID_SHA256,
	  { "5c36467d972061bcc9948f00d4eb593ab6010ccd3d5527ef1b2e0c8fbfdb67f0" } },
	{ "sha1:4+sha256:0,1,23", TPM_ALG_ID_SHA384,
	  { "f835565efad152740b44a53d73f4be8305393ad533625ef0834eedff6a4942d2",
	    "20068c02e70e34b60b4139e15a42685a" } },
	{ "sha512:0,23+sha384:8+sha1:9", TPM_ALG_ID_SHA512,
	  { "e74a92fa35946d3258817c09a5fbe585d0c3cbe51346e94130881ed57afd32e2",
	    "9ee2c5e80e15a61ff9ca7396b8de393420c4d533b43479a0725daa50d6d54470" } },
	{ "sha256:0-23", TPM_ALG_ID_SHA1,
	  { "84bf8c455688bda2454fb6d599d2663be72ae15e" } },
	{ "sha1:0-23+sha256:0-23+sha384:0-23+sha512:0-23", TPM_ALG_ID_SHA256,
	  { "0e0152a27b1fa62b8d3d84ab93b3e69411c82214b1a91fe1812b920df24149f8" } },
};

static void fill(struct tpk_pcrs *pcrs)
{
	unsigned int i, pcr;

	for (i = 0; i < pcrs->nr; i++) {
		pcrs->bank[i].known = pcrs->bank[i].selected;
		for (pcr = 0; pcr < TPM2_PCRS; pcr++)
			memset(pcrs->bank[i].value[pcr], pcr, TPM2_MAX_DIGEST);
	}
}

static void digests_are_the_known_ones(struct kunit *test)
{
	u8 want[TPM2_MAX_DIGEST], out[TPM2_MAX_DIGEST];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(digests); i++) {
		struct tpk_pcrs *pcrs = right(test, digests[i].text);
		struct tpm2_bytes b = hex_octets(digests[i].digest[0], want);

		if (digests[i].digest[1])
			b.len += hex_octets(digests[i].digest[1], want + b.len).len;
		fill(pcrs);
		KUNIT_EXPECT_EQ(test, tpk_pcrs_digest(pcrs, digests[i].hash, out), 0);
		KUNIT_EXPECT_EQ(test, tpm2_digest_size(digests[i].hash), b.len);
		KUNIT_EXPECT_MEMEQ(test, out, b.data, b.len);
	}
}

static void digest_needs_every_value(struct kunit *test)
{
	struct tpk_pcrs *pcrs = right(test, "sha1:1=" SHA1 "+7,8");
	u8 out[TPM2_MAX_DIGEST];

	KUNIT_EXPECT_EQ(test, tpk_pcrs_digest(pcrs, TPM_ALG_ID_SHA256, out), -ENODATA);
	pcrs->bank[1].known = 1U << 7;
	KUNIT_EXPECT_EQ(test, tpk_pcrs_digest(pcrs, TPM_ALG_ID_SHA256, out), -ENODATA);
	pcrs->bank[1].known = 3U << 7;
	KUNIT_EXPECT_EQ(test, tpk_pcrs_digest(pcrs, TPM_ALG_ID_SHA256, out), 0);
	KUNIT_EXPECT_EQ(test, tpk_pcrs_digest(pcrs, TPM_ALG_ID_NULL, out), -EOPNOTSUPP);
}

static void bank_is_unused_if_all_was_read_and_is_reset(struct kunit *test)
{
	u32 given[TPK_MAX_BANKS] = {};
	struct tpk_pcrs *pcrs = right(test, "sha1:1-2+sha256:16-17");

	fill(pcrs);
	KUNIT_EXPECT_EQ(test, tpk_pcrs_unused(pcrs, given), 0);
	memset(pcrs->bank[1].value[16], 0x00, 32);
	memset(pcrs->bank[1].value[17], 0xff, 32);
	KUNIT_EXPECT_EQ(test, tpk_pcrs_unused(pcrs, given), TPM_ALG_ID_SHA256);
	given[1] = 1U << 17;
	KUNIT_EXPECT_EQ(test, tpk_pcrs_unused(pcrs, given), 0);
	given[1] = 0;
	pcrs->bank[1].value[16][31] = 1;
	KUNIT_EXPECT_EQ(test, tpk_pcrs_unused(pcrs, given), 0);
	pcrs->bank[1].value[16][31] = 0;
	pcrs->bank[1].known = 1U << 16;
	KUNIT_EXPECT_EQ(test, tpk_pcrs_unused(pcrs, given), 0);
	memset(pcrs->bank[0].value[1], 0, 20);
	memset(pcrs->bank[0].value[2], 0, 20);
	KUNIT_EXPECT_EQ(test, tpk_pcrs_unused(pcrs, given), TPM_ALG_ID_SHA1);
}

static void banks_have_names(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(algs); i++) {
		const char *name = tpk_bank_name(algs[i]);

		KUNIT_ASSERT_NOT_NULL(test, name);
		KUNIT_EXPECT_EQ(test, tpk_bank_alg(tpm2_bytes(name, strlen(name))),
				algs[i]);
		KUNIT_EXPECT_EQ(test, tpk_bank_alg(tpm2_bytes(name, strlen(name) - 1)),
				0);
	}
	KUNIT_EXPECT_STREQ(test, tpk_bank_name(TPM_ALG_ID_SHA384), "sha384");
	KUNIT_EXPECT_NULL(test, tpk_bank_name(TPM_ALG_ID_NULL));
	KUNIT_EXPECT_NULL(test, tpk_bank_name(0));
}

static int pcrs_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct work), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static struct kunit_case pcrs_cases[] = {
	KUNIT_CASE(texts_are_read),
	KUNIT_CASE(values_ascend_with_the_numbers),
	KUNIT_CASE(sets_are_written_in_one_way),
	KUNIT_CASE(random_sets_come_back_from_text),
	KUNIT_CASE(random_sets_come_back_from_octets),
	KUNIT_CASE(short_buffers_are_not_overrun),
	KUNIT_CASE(selections_have_three_octets),
	KUNIT_CASE(selections_of_other_sizes_are_read),
	KUNIT_CASE(digests_are_the_known_ones),
	KUNIT_CASE(digest_needs_every_value),
	KUNIT_CASE(bank_is_unused_if_all_was_read_and_is_reset),
	KUNIT_CASE(banks_have_names),
	{}
};

static struct kunit_suite pcrs_suite = {
	.name = "tpk_pcrs",
	.init = pcrs_init,
	.test_cases = pcrs_cases,
};

kunit_test_suite(pcrs_suite);
