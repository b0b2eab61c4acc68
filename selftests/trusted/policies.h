/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of policies share: keys that are sealed to one, whether it is the
 * same key that comes out, and which TPM commands that takes.
 */
#ifndef _TRUSTED_POLICIES_H
#define _TRUSTED_POLICIES_H

#include "fixture.h"
#include "policy.h"

#define RIGHT	"00112233445566778899aabbccddeeff00112233"
#define WRONG	"00112233445566778899aabbccddeeff00112234"

/* PCR 16 can be reset, and is all zeroes then. */
#define EXTEND_16(e)	\
	ASSERT_EQ(0, vault_pcr_extend((e)->tpm, VAULT_SHA256, 16, 0xaa))
#define RESET_16(e)	\
	ASSERT_EQ(0, vault_pcr_reset((e)->tpm, 16))

/* PCR 16 is as it is now. */
static inline void policy_pcr_now(struct __test_metadata *_metadata,
				  struct env *e, struct policy *p)
{
	struct octets value;

	ASSERT_EQ(0, vault_pcr_read(e->tpm, VAULT_SHA256, 16, &value));
	policy_pcr(p, VAULT_SHA256, 16, &value);
}

/* A value of PCR 16 that never comes about; @nr makes each another. */
static inline void policy_pcr_never(struct policy *p, unsigned int nr)
{
	struct octets value = { .len = 32 };

	memset(value.data, 0x5a, value.len);
	value.data[0] = nr;
	policy_pcr(p, VAULT_SHA256, 16, &value);
}

/* with_policy() - "COMMAND policy=HEX OPTIONS", to be freed */
static inline char *with_policy(struct __test_metadata *_metadata,
				const char *command, const struct policy *p,
				const char *options)
{
	char *hex = policy_hex(p), *text;

	ASSERT_LT(0, asprintf(&text, "%s policy=%s %s", command, hex, options));
	free(hex);
	return text;
}

/* seal() - the blob of a new key that this policy opens, to be freed */
static inline char *seal(struct __test_metadata *_metadata, struct env *e,
			 const struct policy *p, const char *options)
{
	char *text = with_policy(_metadata, "new 32", p, options);
	char *hex = new_blob(_metadata, e, text);

	free(text);
	return hex;
}

/* refuse_seal() - refuse() for a new key with this policy */
static inline void refuse_seal(struct __test_metadata *_metadata, struct env *e,
			       int err, const struct policy *p, const char *options)
{
	char *text = with_policy(_metadata, "new 32", p, options);

	refuse(_metadata, e, err, text);
	free(text);
}

/**
 * expect_same_key() - a key goes through a policy and comes out as it was
 * @update: what seals it to the policy
 * @options: what opens it
 *
 * Before and after, it is sealed without a policy, so that it can be told.
 */
static inline void expect_same_key(struct __test_metadata *_metadata,
				   struct env *e, const char *update,
				   const char *options)
{
	int key = add(_metadata, e, "same", "new 64 migratable=1");
	char *before = blob(_metadata, key), *hex;
	struct octets was = contents(_metadata, e, before, NULL), is;
	int again;

	ASSERT_EQ(0, key_update(key, "%s", update));
	hex = blob(_metadata, key);
	again = add(_metadata, e, "again", "load %s %s", hex, options);
	ASSERT_EQ(0, key_update(again, "update keyhandle=40000001"));
	free(hex);
	hex = blob(_metadata, again);
	is = contents(_metadata, e, hex, NULL);
	EXPECT_EQ(64, was.len);
	EXPECT_TRUE(same_octets(&was, &is));
	EXPECT_EQ(0, key_unlink(e->ring, key));
	EXPECT_EQ(0, key_unlink(e->ring, again));
	free(before);
	free(hex);
}

static inline void expect_same_key_by(struct __test_metadata *_metadata,
				      struct env *e, const struct policy *p,
				      const char *sealing, const char *opening)
{
	char *update = with_policy(_metadata, "update", p, sealing);

	expect_same_key(_metadata, e, update, opening);
	free(update);
}

/* So many times in the commands that were sent. */
static inline int sent(const struct tpm_trace *trace, uint32_t code)
{
	int i, nr = 0;

	for (i = 0; i < trace->nr; i++)
		nr += trace->cc[i] == code;
	return nr;
}

/* Those that run a policy. */
static inline int sent_policy(const struct tpm_trace *trace)
{
	static const uint32_t codes[] = {
		POLICY_CC_NV, POLICY_CC_SECRET, POLICY_CC_AUTHORIZE,
		POLICY_CC_AUTH_VALUE, POLICY_CC_COUNTER_TIMER,
		POLICY_CC_LOCALITY, POLICY_CC_OR, POLICY_CC_PCR,
	};
	unsigned int i;
	int nr = 0;

	for (i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		nr += sent(trace, codes[i]);
	return nr;
}

/* load_traced() - load(), and the commands that it sent */
static inline int load_traced(struct __test_metadata *_metadata, struct env *e,
			      const char *hex, const char *options,
			      struct tpm_trace *trace)
{
	int ret;

	ASSERT_EQ(0, tpm_trace_start());
	ret = load(e, hex, options);
	ASSERT_EQ(0, tpm_trace_take(trace));
	tpm_trace_stop();
	return ret;
}

#endif /* _TRUSTED_POLICIES_H */
