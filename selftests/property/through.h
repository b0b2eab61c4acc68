/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clients that share a TPM through the resource manager.
 */
#ifndef _PROPERTY_THROUGH_H
#define _PROPERTY_THROUGH_H

#include "client.h"
#include "space.h"

/**
 * struct mode - what a run tries
 * @name: for --mode
 * @compare: each program is run alone as well; nothing may be kicked out
 * @small: quotas are small
 * @strangers: others go past the resource manager
 * @warnings: the TPM warns without reason
 * @kernel: kernel clients have transactions in between
 * @reset: the TPM is reset now and then
 */
struct mode {
	const char *name;
	bool compare;
	bool small;
	bool strangers;
	bool warnings;
	bool kernel;
	bool reset;
};

/* The open files of a client: one, or two while it changes over. */
struct files {
	struct trm_space space[2];
	unsigned int now;
	struct trm_account user;
	struct trm_account cgroup;
};

/**
 * struct through - a TPM, its resource manager and the clients
 * @path: for the clients
 * @tp: the way to the TPM
 * @limits: quotas
 * @room: what is tested
 * @unprivileged: account of all users
 * @files: of each client
 * @client: the clients
 * @nr: how many
 * @flushing: session that the client flushes itself just now
 * @seed: chooses when to rest, and between what there is to choose
 * @entities: not freed yet
 * @mode: what is tried
 * @wrong: what is not as it must be
 */
struct through {
	struct path path;
	struct trm_transport tp;
	struct trm_limits limits;
	struct trm_room room;
	struct trm_account unprivileged;
	struct files files[MAX_CLIENTS];
	struct client client[MAX_CLIENTS];
	unsigned int nr;
	u32 flushing;
	u64 seed;
	unsigned int entities;
	const struct mode *mode;
	const char *wrong;
};

/* @t: about 1 MiB.  The TPM is empty. */
void through_start(struct through *t, const struct mode *mode, unsigned int nr,
		   u64 seed);

/* All files are closed, and all orphans forgotten. */
void through_end(struct through *t);

struct trm_space *through_space(struct through *t, unsigned int who);

/* Frees what is over. */
void through_bury(struct through *t);

/* An entity that is freed by through_bury(). */
struct trm_entity *through_new(struct through *t, size_t size);
void through_free(struct through *t, struct trm_entity *e);

/* foreign.c: handles and contexts of others. */
void foreign_step(struct path *path, unsigned int who, const struct step *s);

/* invariants.c: sets @t->wrong. */
void invariants_check(struct through *t, bool rests);
void invariants_check_end(struct through *t);

/* others.c: strangers, kernel clients, warnings without reason. */
void others_start(struct through *t);
void others_act(struct through *t);
void others_end(struct through *t);
void others_note(struct through *t, enum trm_event event, u32 handle);
bool others_have(const struct trm_room *room, u32 handle);
u32 others_warn(u32 code);

#endif /* _PROPERTY_THROUGH_H */
