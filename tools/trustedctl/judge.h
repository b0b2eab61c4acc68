/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Would a policy be accepted now?
 */
#ifndef _CTL_JUDGE_H
#define _CTL_JUDGE_H

#include "choice.h"
#include "describe.h"
#include "esys.h"
#include "program.h"

#define JUDGE_WHY	320

enum judge_verdict {
	VERDICT_HOLDS,
	VERDICT_UNKNOWN,	/* only the TPM, or a person, can say */
	VERDICT_FAILS,
};

/**
 * struct judgement - of a statement
 * @verdict: does it hold?
 * @why: and why, or why not
 * @node: the statement
 */
struct judgement {
	enum judge_verdict verdict;
	char why[JUDGE_WHY];
	const struct tpk_node *node;
};

/**
 * struct judge - a policy and what is known
 * @tree: the policy, with its choice
 * @tpm: the TPM
 * @facts: what the choice is made by
 * @pcrs: present values of all PCRs that the policy names
 * @sealed: the values that the blob tells
 * @empty_auth: the object's authorization is empty
 * @program: room
 * @err: 0, or -errno if the TPM does not answer
 * @obstacle: why no alternative fits; @what is NULL if one does
 * @reason: the first thing in the way, if no way was found
 * @nr: number of @of
 * @of: the statements on the way that was chosen, in order
 *
 * About 200 KiB: not on the stack.
 */
struct judge {
	struct tpk_tree *tree;
	struct esys *tpm;
	struct tpk_facts facts;
	struct tpk_pcrs pcrs;
	struct sealed sealed;
	bool empty_auth;
	struct tpk_program program;
	int err;
	struct tpk_obstacle obstacle;
	struct judgement reason;
	unsigned int nr;
	struct judgement of[TPK_MAX_NODES];
};

int judge_read_pcrs(struct judge *j);
int judge_run(struct judge *j);
bool judge_opens(const struct judge *j, bool *certain);

#endif /* _CTL_JUDGE_H */
