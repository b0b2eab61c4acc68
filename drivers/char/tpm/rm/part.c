// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of users' objects and sessions.
 *
 * It is allocated before a transaction and freed after one, and charged to the
 * memory cgroup of whoever opened the file.  A session may outlive its file and
 * so holds on to those who are charged for it.
 */
#include <linux/mm.h>

#include "trm.h"

/**
 * struct part - an entity with what is around it
 * @entity: in the room
 * @user: charged for it, referenced
 * @cgroup: likewise; may be NULL
 * @data: room for the context
 */
struct part {
	struct trm_entity entity;
	struct trm_payer *user;
	struct trm_payer *cgroup;
	u8 data[];
};

/**
 * trm_part_alloc() - memory that a command may need
 * @file: who sends it
 * @need: what for
 *
 * Return: an entity, to be freed with trm_part_free(), or by
 * trm_dead_free() when it is over; NULL if there is no memory.
 */
struct trm_entity *trm_part_alloc(struct trm_file *file, enum trm_need need)
{
	struct trm_room *room = &file->trm->room;
	/* They grow smaller once, when the TPM is first asked. */
	size_t size = need == TRM_NEED_SESSION ?
		READ_ONCE(room->session_context) :
		READ_ONCE(room->object_context);
	struct part *part = trm_file_alloc(file, struct_size(part, data, size));

	if (!part)
		return NULL;
	trm_entity_init(&part->entity, part->data, size);
	part->entity.release = trm_part_free;
	trm_payer_ref(file->user);
	trm_payer_ref(file->cgroup);
	part->user = file->user;
	part->cgroup = file->cgroup;
	return &part->entity;
}

void trm_part_free(struct trm_entity *e)
{
	struct part *part = container_of(e, struct part, entity);

	trm_payer_put(part->user);
	trm_payer_put(part->cgroup);
	kvfree_sensitive(part, struct_size(part, data, e->context.size));
}

/**
 * trm_dead_free() - free what is over
 * @dead: taken from &trm_room.dead
 *
 * Context: without the lock of the room.
 */
void trm_dead_free(struct list_head *dead)
{
	struct trm_entity *e, *next;

	list_for_each_entry_safe(e, next, dead, member)
		e->release(e);
}
