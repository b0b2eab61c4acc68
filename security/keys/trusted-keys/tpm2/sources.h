/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Trust sources other than a TPM 2.0, which only a kernel tree has: TEE, CAAM,
 * DCP, PKWM, and a TPM 1.2.
 */
#ifndef _TPK_SOURCES_H
#define _TPK_SOURCES_H

#include <keys/trusted-type.h>

#include <linux/printk.h>
#include <linux/string.h>

struct key;
struct key_preparsed_payload;

/**
 * struct tpk_source - the trust source in use
 * @ops: how to drive it; NULL: a TPM 2.0, of which other files know
 * @get_random: where its keys come from; returns the octets written, or -errno
 */
struct tpk_source {
	const struct trusted_key_ops *ops;
	int (*get_random)(unsigned char *key, size_t key_len);
};

static inline int tpk_source_unknown(const char *source)
{
	pr_err("source=%s: this kernel has no such trust source\n", source);
	return -EINVAL;
}

#ifdef CONFIG_TRUSTED_KEYS_TPM2_SOURCES

int tpk_sources_init(struct tpk_source *chosen, const char *source,
		     const char *rng);
int tpk_source_choose(struct tpk_source *chosen,
		      const struct trusted_key_source *list, size_t nr,
		      const char *source, const char *rng);
int tpk_source_instantiate(const struct tpk_source *s, struct key *key,
			   struct key_preparsed_payload *prep);
int tpk_source_update(const struct tpk_source *s, struct key *key,
		      struct key_preparsed_payload *prep);

#else

static inline int tpk_sources_init(struct tpk_source *chosen,
				   const char *source, const char *rng)
{
	return source && strcmp(source, "tpm") ? tpk_source_unknown(source) : 0;
}

static inline int tpk_source_instantiate(const struct tpk_source *s,
					 struct key *key,
					 struct key_preparsed_payload *prep)
{
	return -ENODEV;
}

static inline int tpk_source_update(const struct tpk_source *s, struct key *key,
				    struct key_preparsed_payload *prep)
{
	return -ENODEV;
}

#endif

#endif /* _TPK_SOURCES_H */
