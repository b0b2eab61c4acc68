/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Policies in a report, and the PCR values that a blob says it was sealed to.
 */
#ifndef _CTL_DESCRIBE_H
#define _CTL_DESCRIBE_H

#include "keyfile.h"
#include "tree.h"

/**
 * struct sealed - what [4] of a blob says of PCR values
 * @text: what follows "pcrs="; empty if there is nothing of the kind
 * @pcrs: room
 *
 * Not trusted: anyone can have written it.
 */
struct sealed {
	struct tpm2_bytes text;
	struct tpk_pcrs pcrs;
};

void sealed_start(struct sealed *sealed, struct tpm2_bytes description);
const struct tpk_pcrs *sealed_find(struct sealed *sealed, const struct tpk_tree *tree,
				   const struct tpk_node *n);

void describe_statement(const struct tpk_tree *tree, const struct tpk_node *n,
			struct sealed *sealed);
void describe_branch(const struct tpk_tree *tree, unsigned int branch,
		     struct sealed *sealed);
void describe_signature(const struct tpk_tree *tree, const struct tpk_node *n);

#endif /* _CTL_DESCRIBE_H */
