// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys of trust sources other than a TPM 2.0, through the struct trusted_key_ops
 * that the kernel tree has for each, unchanged.  Not in the out-of-tree modules.
 *
 * A source's init registers the key type, now or when its device appears, and
 * its exit unregisters it; so it is for a TPM 2.0 only that type.c does that.
 * What they do, they do where their authors expect it: in .instantiate and
 * .update.
 */
#include <keys/trusted_caam.h>
#include <keys/trusted_dcp.h>
#include <keys/trusted_tee.h>
#include <keys/trusted_tpm.h>
#ifdef CONFIG_TRUSTED_KEYS_PKWM
#include <keys/trusted_pkwm.h>
#endif

#include <linux/err.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/key-type.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "sources.h"
#include "tpk.h"

static const struct trusted_key_source sources[] = {
#ifdef CONFIG_TRUSTED_KEYS_TEE
	{ "tee", &trusted_key_tee_ops },
#endif
#ifdef CONFIG_TRUSTED_KEYS_CAAM
	{ "caam", &trusted_key_caam_ops },
#endif
#ifdef CONFIG_TRUSTED_KEYS_DCP
	{ "dcp", &dcp_trusted_key_ops },
#endif
#ifdef CONFIG_TRUSTED_KEYS_PKWM
	{ "pkwm", &pkwm_trusted_key_ops },
#endif
};

static const struct trusted_key_source tpm1[] = {
#ifdef CONFIG_TRUSTED_KEYS_TPM
	{ "tpm", &trusted_key_tpm_ops },
#endif
};

static int kernel_get_random(unsigned char *key, size_t key_len)
{
	return get_random_bytes_wait(key, key_len) ?: key_len;
}

/* rng= is "default", "kernel", or the source itself if that has a generator. */
static int choose_rng(struct tpk_source *chosen,
		      const struct trusted_key_source *s, const char *rng)
{
	int (*own)(unsigned char *key, size_t key_len) = s->ops->get_random;

	if (!strcmp(rng, "kernel")) {
		own = NULL;
	} else if (strcmp(rng, "default") && (strcmp(rng, s->name) || !own)) {
		pr_err("rng=%s: source %s has only kernel%s%s and default\n",
		       rng, s->name, own ? ", " : "", own ? s->name : "");
		return -EINVAL;
	}
	chosen->get_random = own ?: kernel_get_random;
	return 0;
}

/* The source may register the key type at once, so all is set before. */
static int take(struct tpk_source *chosen, const struct trusted_key_source *s,
		const char *rng)
{
	int err = choose_rng(chosen, s, rng);

	if (err)
		return err;
	chosen->ops = s->ops;
	err = s->ops->init();
	if (err)
		chosen->ops = NULL;
	return err;
}

/**
 * tpk_source_choose() - the first source that can be had
 * @chosen: the result; @chosen->ops is NULL after an error
 * @list: the sources, in order of preference
 * @nr: number of @list
 * @source: name of the only one to try, or NULL
 * @rng: parameter rng=
 *
 * Return: 0; -ENODEV if none is there; -EINVAL if none has that name, or it lacks
 * that generator; what its init returned.
 */
int tpk_source_choose(struct tpk_source *chosen,
		      const struct trusted_key_source *list, size_t nr,
		      const char *source, const char *rng)
{
	bool known = !source;
	int err = -ENODEV;
	size_t i;

	for (i = 0; i < nr && err == -ENODEV; i++) {
		if (source && strcmp(source, list[i].name))
			continue;
		known = true;
		err = take(chosen, &list[i], rng);
	}
	return known ? err : tpk_source_unknown(source);
}

/* 2: a TPM 2.0, or one that does not say; 1: a TPM 1.2; 0: none yet. */
static int tpm_version(void)
{
	struct tpm_chip *chip = tpm_default_chip();
	int version;

	if (!chip)
		return 0;
	version = tpm_is_tpm2(chip) ? 2 : 1;
	put_device(&chip->dev);
	return version;
}

/**
 * tpk_sources_init() - choose the trust source
 * @chosen: the result; @chosen->ops stays NULL for a TPM 2.0
 * @source: parameter source=, or NULL
 * @rng: parameter rng=
 *
 * The first that is there of: a TPM, and the others in the order above.  If none
 * is, it is a TPM 2.0, which may appear later: security/ is initialized before
 * most drivers, and drivers can be modules.
 *
 * Return: 0 for a TPM 2.0; 1 if the key type is the business of @chosen, or of
 * nobody, since what @source names is not there; -errno as tpk_source_choose().
 */
int tpk_sources_init(struct tpk_source *chosen, const char *source,
		     const char *rng)
{
	bool any = !source, tpm = any || !strcmp(source, "tpm");
	int version = tpm ? tpm_version() : 0;
	int err = -ENODEV;

	if (version == 2 || (!version && tpm && !any))
		return 0;
	if (version == 1)
		err = tpk_source_choose(chosen, tpm1, ARRAY_SIZE(tpm1), source,
					rng);
	if (err == -ENODEV && (any || !tpm))
		err = tpk_source_choose(chosen, sources, ARRAY_SIZE(sources),
					source, rng);
	if (err == -ENODEV)
		return version || !tpm;
	return err ?: 1;
}

/* --- keys ----------------------------------------------------------------- */

/* Without the newline at its end, with a NUL; to be freed with free_text(). */
static char *copy_text(const struct key_preparsed_payload *prep)
{
	size_t len = prep->datalen;
	char *text;

	if (!prep->data || !len || len > TPK_MAX_TEXT)
		return ERR_PTR(-EINVAL);
	text = kvzalloc(len + 1, GFP_KERNEL_ACCOUNT);
	if (!text)
		return ERR_PTR(-ENOMEM);
	memcpy(text, prep->data, len);
	if (text[len - 1] == '\n')
		text[len - 1] = '\0';
	return text;
}

static void free_text(char *text, const struct key_preparsed_payload *prep)
{
	kvfree_sensitive(text, prep->datalen + 1);
}

static int parse_length(const char *word, struct trusted_key_payload *p)
{
	unsigned int len;

	if (!word || kstrtouint(word, 10, &len) || len < MIN_KEY_SIZE ||
	    len > MAX_KEY_SIZE)
		return -EINVAL;
	p->key_len = len;
	return TPK_NEW;
}

static int parse_blob(const char *word, struct trusted_key_payload *p)
{
	size_t digits = word ? strlen(word) : 0;

	if (!digits || digits % 2 || digits / 2 > MAX_BLOB_SIZE ||
	    hex2bin(p->blob, word, digits / 2))
		return -EINVAL;
	p->blob_len = digits / 2;
	return TPK_LOAD;
}

/* The command, and its argument into @p; @text is then at the source's options. */
static int parse(char **text, struct trusted_key_payload *p)
{
	const char *command = strsep(text, " \t");

	if (!strcmp(command, "new"))
		return parse_length(strsep(text, " \t"), p);
	if (!strcmp(command, "load"))
		return parse_blob(strsep(text, " \t"), p);
	return strcmp(command, "update") ? -EINVAL : TPK_UPDATE;
}

static int source_seal(const struct tpk_source *s,
		       struct trusted_key_payload *p, char *options)
{
	int err = s->ops->seal(p, options);

	dump_payload(p);
	if (err)
		tpk_notice("seal: the trust source failed (%d)", err);
	return err > 0 ? -EIO : err;
}

static int source_unseal(const struct tpk_source *s,
			 struct trusted_key_payload *p, char *options)
{
	int err = s->ops->unseal(p, options);

	dump_payload(p);
	if (err)
		tpk_notice("unseal: the trust source failed (%d)", err);
	return err > 0 ? -EIO : err;
}

static int new_key(const struct tpk_source *s, struct trusted_key_payload *p,
		   char *options)
{
	int len = s->get_random(p->key, p->key_len);

	if (len < 0)
		return len;
	if (len != p->key_len) {
		tpk_notice("new: the random number generator gave %d of %u octets",
			   len, p->key_len);
		return -EIO;
	}
	return source_seal(s, p, options);
}

static int make(const struct tpk_source *s, struct trusted_key_payload *p,
		char *text)
{
	switch (parse(&text, p)) {
	case TPK_NEW:
		return new_key(s, p, text);
	case TPK_LOAD:
		return source_unseal(s, p, text);
	default:
		return -EINVAL;
	}
}

static struct tpk_payload *alloc_payload(const struct tpk_source *s)
{
	struct tpk_payload *p = tpk_payload_alloc(0);

	if (!IS_ERR(p))
		p->tkp.migratable = s->ops->migratable;
	return p;
}

/**
 * tpk_source_instantiate() - .instantiate of a key of another source
 * @s: the source
 * @key: the new key
 * @prep: the text, as user space gave it
 *
 * Context: key_construction_mutex held, while the source works.
 * Return: 0; -EINVAL, -ENOMEM, -EDQUOT; what the source returns.
 */
int tpk_source_instantiate(const struct tpk_source *s, struct key *key,
			   struct key_preparsed_payload *prep)
{
	char *text = copy_text(prep);
	struct tpk_payload *p;
	int err;

	if (IS_ERR(text))
		return PTR_ERR(text);
	p = alloc_payload(s);
	err = PTR_ERR_OR_ZERO(p);
	if (err)
		goto out_text;
	err = key_payload_reserve(key, sizeof(*p));
	if (!err)
		err = make(s, &p->tkp, text);
	if (!err)
		rcu_assign_keypointer(key, p);
	else
		kfree_sensitive(p);
out_text:
	free_text(text, prep);
	return err;
}

/* The same key in a new blob. */
static int reseal(const struct tpk_source *s, struct trusted_key_payload *p,
		  const struct trusted_key_payload *old, char *text)
{
	if (parse(&text, p) != TPK_UPDATE)
		return -EINVAL;
	p->migratable = old->migratable;
	p->key_len = old->key_len;
	memcpy(p->key, old->key, old->key_len);
	return source_seal(s, p, text);
}

/**
 * tpk_source_update() - .update of a key of another source
 * @s: the source
 * @key: the key
 * @prep: the text, as user space gave it
 *
 * If anything fails, the key is as it was.
 *
 * Context: @key's semaphore held for writing.
 * Return: 0; -ENOKEY for a negative key; -EPERM for one that is not migratable;
 * as tpk_source_instantiate().
 */
int tpk_source_update(const struct tpk_source *s, struct key *key,
		      struct key_preparsed_payload *prep)
{
	struct tpk_payload *old, *new;
	char *text;
	int err;

	if (key_is_negative(key))
		return -ENOKEY;
	old = key->payload.data[0];
	if (!old->tkp.migratable)
		return -EPERM;
	text = copy_text(prep);
	if (IS_ERR(text))
		return PTR_ERR(text);
	new = alloc_payload(s);
	err = PTR_ERR_OR_ZERO(new);
	if (err)
		goto out_text;
	err = reseal(s, &new->tkp, &old->tkp, text);
	if (err)
		kfree_sensitive(new);
	else
		err = tpk_payload_replace(key, old, new);
out_text:
	free_text(text, prep);
	return err;
}
