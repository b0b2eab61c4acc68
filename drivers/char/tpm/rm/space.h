/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The space of a user client: its objects under virtual handles, its sessions
 * under the TPM's numbers, and the commands that it sends.
 *
 * PURE: used by the module and the host tests alike.
 *
 * A session's Name is its handle (Part 1, 16), so it goes into HMACs and cannot
 * be another one; an object's is not, so it can.
 */
#ifndef _TRM_SPACE_H
#define _TRM_SPACE_H

#include "room.h"

/* TSS2_RESMGR_TPM_RC_LAYER: a response code that the resource manager made. */
#define TRM_RC_LAYER	0x000b0000

/* Virtual handles go from here downwards, as the stock driver's do. */
#define TRM_VHANDLE_FIRST	0x80ffffff

/**
 * struct trm_space - what one open file has in the TPM
 * @room: the TPM's
 * @objects: &trm_entity.member of its objects, highest virtual handle first
 * @sessions: &trm_entity.member of its sessions
 * @account: on whom they count; @file is the one of TRM_FILE
 * @file: see @account
 * @privileged: may adopt every orphan; the quotas of users are not for it
 * @restricted: may send only what trm_allow_command() allows
 *
 * All protected by the lock of the room.
 */
struct trm_space {
	struct trm_room *room;
	struct list_head objects;
	struct list_head sessions;
	struct trm_account *account[TRM_NR_SCOPES];
	struct trm_account file;
	bool privileged;
	bool restricted;
};

/**
 * trm_space_init() - a space without anything
 * @space: the space, zeroed
 * @room: its TPM's
 *
 * The caller sets the accounts, but for the file's, and the privileges.
 */
void trm_space_init(struct trm_space *space, struct trm_room *room);

/* What trm_space_transmit() may need a new entity for. */
enum trm_need {
	TRM_NEED_NOTHING,
	TRM_NEED_OBJECT,
	TRM_NEED_SESSION,
};

/**
 * trm_space_need() - what memory does a command need?
 * @cmd: the command, not checked in any way
 *
 * Context: any; asks before the room is locked, so that memory can be allocated.
 * Return: the kind of entity that a handle in the response would stand for.
 */
enum trm_need trm_space_need(struct tpm2_bytes cmd);

/**
 * trm_space_transmit() - send a user's command
 * @space: the space
 * @cmd: the command, written by trm_wire_command_size(); its handles are
 *	replaced
 * @len: octets in @cmd
 * @spare: as trm_space_need() asked, by trm_entity_init(), else NULL; if it is
 *	used it belongs to @space until it is on &trm_room.dead
 * @rsp: TPM2_BUFFER_SIZE octets for the response
 *
 * The room is left as trm_room_rest() leaves it only when the caller calls that.
 *
 * Return: octets in @rsp; -EINVAL for what is no command, or an object that the
 * space does not have; -errno of the transport; -EIO for a response that is
 * malformed.
 */
int trm_space_transmit(struct trm_space *space, u8 *cmd, size_t len,
		       struct trm_entity *spare, u8 *rsp);

/**
 * trm_space_close() - the file is closed
 * @space: without anything afterwards
 *
 * Flushes all that is its own.  Sessions that the client has saved become
 * orphans, whose accounts, all but the file's, go on being charged.
 */
void trm_space_close(struct trm_space *space);

#endif /* _TRM_SPACE_H */
