/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A policy as the text that grammar_read() reads.
 */
#ifndef _CTL_PRINT_H
#define _CTL_PRINT_H

#include <linux/tpm2_cursor.h>

#include "tree.h"

#define PRINT_SIZE	4096	/* octets of a statement's text at most */

/**
 * print_statement() - a statement's text, without a line end
 * @tree: the policy
 * @n: a node of it, not a PolicyOR
 * @w: where to; PRINT_SIZE octets are enough
 *
 * The signature of a signed policy's PolicyAuthorize is left out.
 */
void print_statement(const struct tpk_tree *tree, const struct tpk_node *n,
		     struct tpm2_writer *w);

/**
 * print_selection() - the PCRs of a TPML_PCR_SELECTION as pcrs= names them
 * @selection: a TPML_PCR_SELECTION and nothing else
 * @w: where to
 *
 * Return: false if pcrs= has no way to say it, and nothing was written.
 */
bool print_selection(struct tpm2_bytes selection, struct tpm2_writer *w);

#endif /* _CTL_PRINT_H */
