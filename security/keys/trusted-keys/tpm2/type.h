/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations of the key type, for export.c, which must not see more.
 */
#ifndef _TPK_TYPE_H
#define _TPK_TYPE_H

struct key;
struct key_preparsed_payload;

int tpk_preparse(struct key_preparsed_payload *prep);
void tpk_free_preparse(struct key_preparsed_payload *prep);
int tpk_instantiate(struct key *key, struct key_preparsed_payload *prep);
int tpk_update(struct key *key, struct key_preparsed_payload *prep);
void tpk_destroy(struct key *key);
long tpk_read(const struct key *key, char *buffer, size_t buflen);

int tpk_signdev_init(void);
void tpk_signdev_exit(void);

#endif /* _TPK_TYPE_H */
