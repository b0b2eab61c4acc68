// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel clients: their life, their transactions, their objects.
 */
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "trm.h"

struct trm_client *trm_client_create(void)
{
	struct trm_client *client;
	struct trm_chip *chip;

	client = kzalloc(sizeof(*client), GFP_KERNEL);
	if (!client)
		return ERR_PTR(-ENOMEM);
	chip = trm_chip_get_default();
	if (IS_ERR(chip)) {
		kfree(client);
		return ERR_CAST(chip);
	}
	client->chip = chip;
	return client;
}
EXPORT_SYMBOL_GPL(trm_client_create);

void trm_client_destroy(struct trm_client *client)
{
	if (IS_ERR_OR_NULL(client))
		return;
	trm_chip_put(client->chip);
	kfree(client);
}
EXPORT_SYMBOL_GPL(trm_client_destroy);

bool trm_client_gone(struct trm_client *client)
{
	/* A pointer that only ever becomes NULL: nothing to be ordered with. */
	return !READ_ONCE(client->chip->chip);
}
EXPORT_SYMBOL_GPL(trm_client_gone);

/* Takes the chip in the turn of @payer, NULL for the kernel's. */
static int begin(struct trm_chip *chip, struct trm_payer *payer)
{
	int err = trm_chip_lock(chip, payer ? &payer->queue : NULL);

	if (err)
		return err;
	err = trm_xmit_start(chip);
	if (err)
		trm_chip_unlock(chip);
	return err;
}

int trm_begin(struct trm_client *client, unsigned int objects,
	      unsigned int sessions)
{
	bool restricted = !ns_capable_noaudit(&init_user_ns, CAP_SYS_ADMIN);
	struct trm_chip *chip = client->chip;
	struct trm_payer *payer = NULL;
	int err;

	if (objects > TRM_MAX_OBJECTS || sessions > TRM_MAX_SESSIONS)
		return -EINVAL;
	if (restricted) {
		payer = trm_payer_get_current(chip);
		if (!payer)
			return -ENOMEM;
	}
	err = begin(chip, payer);
	if (err) {
		trm_payer_put(payer);
		return err;
	}
	chip->owner = client;
	chip->restricted = restricted;
	chip->payer = payer;
	trm_room_enter(&chip->room);
	return 0;
}
EXPORT_SYMBOL_GPL(trm_begin);

void trm_end(struct trm_client *client)
{
	struct trm_chip *chip = client->chip;
	struct trm_payer *payer = chip->payer;

	lockdep_assert_held(&chip->lock);
	trm_chip_rest(chip);
	trm_xmit_stop(chip);
	memzero_explicit(chip->cmd, sizeof(chip->cmd));
	memzero_explicit(chip->rsp, sizeof(chip->rsp));
	chip->owner = NULL;
	chip->payer = NULL;
	trm_chip_unlock(chip);
	trm_payer_put(payer);
}
EXPORT_SYMBOL_GPL(trm_end);

/*
 * An object or session that was kept may be in the TPM, and others work on it.
 * One that was not has ended with its transaction.
 */
void trm_let_go(struct trm_chip *trm, struct trm_entity *e)
{
	bool left = false;

	if (e->keep) {
		mutex_lock(&trm->lock);
		left = trm_room_let_go(&trm->room, e);
		if (left)
			trm_chip_tidy(trm);
		mutex_unlock(&trm->lock);
	}
	WARN_ON_ONCE(!left && e->place != TRM_NONE);
	if (!left)
		e->release(e);
}

static void release_object(struct trm_entity *e)
{
	struct trm_object *object = container_of(e, struct trm_object, entity);

	kvfree_sensitive(object, sizeof(*object));
}

struct trm_object *trm_object_alloc(struct trm_client *client)
{
	struct trm_object *object = kvzalloc(sizeof(*object), GFP_KERNEL);

	if (!object)
		return NULL;
	object->client = client;
	trm_entity_init(&object->entity, object->context,
			sizeof(object->context));
	object->entity.release = release_object;
	return object;
}
EXPORT_SYMBOL_GPL(trm_object_alloc);

void trm_object_free(struct trm_object *object)
{
	if (object)
		trm_let_go(object->client->chip, &object->entity);
}
EXPORT_SYMBOL_GPL(trm_object_free);

void trm_object_set_name(struct trm_object *object,
			 const struct trm_name *name)
{
	object->name = *name;
}
EXPORT_SYMBOL_GPL(trm_object_set_name);

void trm_object_keep(struct trm_object *object, const struct trm_name *name)
{
	trm_object_set_name(object, name);
	object->entity.keep = true;
}
EXPORT_SYMBOL_GPL(trm_object_keep);

bool trm_object_valid(const struct trm_object *object)
{
	return object && object->entity.place != TRM_NONE;
}
EXPORT_SYMBOL_GPL(trm_object_valid);

bool trm_object_load(struct trm_object *object)
{
	struct trm_chip *chip = object->client->chip;
	u32 rc;

	lockdep_assert_held(&chip->lock);
	return !trm_room_load(&chip->room, &object->entity, &rc) && !rc;
}
EXPORT_SYMBOL_GPL(trm_object_load);

void trm_object_flush(struct trm_object *object)
{
	struct trm_chip *chip = object->client->chip;

	lockdep_assert_held(&chip->lock);
	if (object->entity.place != TRM_NONE)
		trm_room_flush(&chip->room, &object->entity);
}
EXPORT_SYMBOL_GPL(trm_object_flush);
