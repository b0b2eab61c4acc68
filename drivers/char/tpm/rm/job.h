/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A user's command while it is being worked on.
 *
 * PURE: used by the module and the host tests alike.
 */
#ifndef _TRM_JOB_H
#define _TRM_JOB_H

#include "commands.h"
#include "space.h"
#include "wire.h"

/* A job is not done by the resource manager: it goes to the TPM. */
#define TRM_JOB_FORWARD	0

/**
 * struct trm_job - one command of a user
 * @space: whose it is
 * @cmd: its octets; handles are replaced in there
 * @len: how many
 * @c: taken apart; its spans point into @cmd
 * @other: description of a command that the command table lacks
 * @handle: what the handle area names of the space
 * @auth: what the authorization area names of it
 * @spare: see trm_space_transmit(); NULL once it is used
 * @rsp: where the response goes
 */
struct trm_job {
	struct trm_space *space;
	u8 *cmd;
	size_t len;
	struct trm_wire_command c;
	struct trm_command_info other;
	struct trm_entity *handle[TPM2_MAX_HANDLES];
	struct trm_entity *auth[TPM2_MAX_SESSIONS];
	struct trm_entity *spare;
	u8 *rsp;
};

/**
 * trm_job_error() - answer with a response code of our own
 * @job: the job
 * @rc: TPM_RC, without the layer
 *
 * Return: octets in the response.
 */
int trm_job_error(struct trm_job *job, u32 rc);

/**
 * trm_job_answer() - answer instead of the TPM
 * @job: a command without sessions
 * @body: handle area and parameters of the response
 *
 * Return: octets in the response.
 */
int trm_job_answer(struct trm_job *job, struct tpm2_bytes body);

/**
 * trm_space_object() - look an object up
 * @space: the space
 * @vhandle: virtual handle
 *
 * Return: the object, which the TPM may have lost (TRM_NONE); or NULL.
 */
struct trm_entity *trm_space_object(struct trm_space *space, u32 vhandle);

/**
 * trm_space_session() - look a session up
 * @space: the space
 * @handle: under either upper octet
 *
 * Return: the session, which the client may have saved; or NULL.
 */
struct trm_entity *trm_space_session(struct trm_space *space, u32 handle);

/**
 * trm_space_add() - an object becomes one of the space's
 * @space: the space
 * @object: an object that is charged to it; has a virtual handle after
 */
void trm_space_add(struct trm_space *space, struct trm_entity *object);

/**
 * trm_space_charge() - say whose something is, and who is charged for it
 * @space: the space
 * @e: an entity of nobody's
 */
void trm_space_charge(struct trm_space *space, struct trm_entity *e);

/**
 * trm_space_adopt() - a session becomes one of the space's
 * @space: the space
 * @e: a session that is charged to it
 */
void trm_space_adopt(struct trm_space *space, struct trm_entity *e);

/*
 * The commands that are ours to do, in part or in all.  Return: octets in the
 * response; TRM_JOB_FORWARD if the TPM is to do it after all; -errno.
 */
int trm_do_flush_context(struct trm_job *job);
int trm_do_context_save(struct trm_job *job);
int trm_do_context_load(struct trm_job *job);
int trm_do_get_capability(struct trm_job *job);

/*
 * Replaces properties that say what room there is, in the response to a
 * GetCapability without sessions; @len: its octets.
 */
void trm_show_properties(struct trm_job *job, size_t len);

#endif /* _TRM_JOB_H */
