// SPDX-License-Identifier: GPL-2.0-only
/*
 * GetCapability: a client sees its own handles, and the room that it has.
 *
 * PURE: used by the module and the host tests alike.
 *
 * A command that carries a session is left alone: the response is covered by an
 * HMAC.
 */
#include <linux/minmax.h>

#include "job.h"

/* Most handles in one response: MAX_CAP_HANDLES of the reference code. */
#define MAX_HANDLES	254

/* What is asked for. */
struct query {
	u32 capability;
	u32 property;
	u32 count;
};

static bool get_query(const struct trm_job *job, struct query *q)
{
	struct tpm2_reader r = tpm2_reader(job->c.params.data,
					   job->c.params.len);

	q->capability = tpm2_get_u32(&r);
	q->property = tpm2_get_u32(&r);
	q->count = min_t(u32, tpm2_get_u32(&r), MAX_HANDLES);
	return tpm2_done(&r) && !job->c.nr_auths;
}

/* The handle under which an entity is listed, 0 if it is not. */
static u32 listed_as(const struct trm_entity *e, u32 ht)
{
	if (e->place == TRM_NONE)
		return 0;
	if (ht == TPM_HT_TRANSIENT)
		return e->vhandle;
	if (ht == TPM_HT_HMAC_SESSION)
		return e->hold == TRM_HELD ? e->handle : 0;
	if (e->hold == TRM_HELD)
		return 0;
	return TPM_HANDLE_FIRST(TPM_HT_HMAC_SESSION) |
	       (e->handle & TPM_HANDLE_INDEX);
}

/* The lowest handle whose index is not below @from; 0 if there is none. */
static u32 next_handle(const struct list_head *list, u32 ht, u32 from)
{
	struct trm_entity *e;
	u32 handle, next = 0;

	list_for_each_entry(e, list, member) {
		handle = listed_as(e, ht);
		if (!handle || (handle & TPM_HANDLE_INDEX) < from)
			continue;
		if (!next || (handle & TPM_HANDLE_INDEX) <
			     (next & TPM_HANDLE_INDEX))
			next = handle;
	}
	return next;
}

/*
 * Programs go on from the last handle, or count from 0x80000000 as if objects
 * had the numbers of slots: below all virtual handles it is how many to skip.
 */
static u32 first_handle(const struct list_head *list, u32 ht, u32 from)
{
	u32 handle = next_handle(list, ht, 0);

	if (ht != TPM_HT_TRANSIENT || from >= (handle & TPM_HANDLE_INDEX))
		return next_handle(list, ht, from);
	while (handle && from--)
		handle = next_handle(list, ht,
				     (handle & TPM_HANDLE_INDEX) + 1);
	return handle;
}

static int list_handles(struct trm_job *job, const struct query *q)
{
	const struct list_head *list = TPM_HT(q->property) == TPM_HT_TRANSIENT ?
		&job->space->objects : &job->space->sessions;
	u8 body[1 + 4 + 4 + 4 * MAX_HANDLES];
	struct tpm2_writer w = tpm2_writer(body, sizeof(body));
	u32 ht = TPM_HT(q->property), handle, nr = 0;

	tpm2_put_u8(&w, 0);
	tpm2_put_u32(&w, TPM_CAP_HANDLES);
	tpm2_put_u32(&w, 0);
	handle = first_handle(list, ht, q->property & TPM_HANDLE_INDEX);
	for (; handle && nr < q->count; nr++) {
		tpm2_put_u32(&w, handle);
		handle = next_handle(list, ht,
				     (handle & TPM_HANDLE_INDEX) + 1);
	}
	body[0] = !!handle; /* moreData */
	put_unaligned_be32(nr, body + 5);
	return trm_job_answer(job, tpm2_written(&w));
}

int trm_do_get_capability(struct trm_job *job)
{
	struct query q;

	if (!get_query(job, &q) || q.capability != TPM_CAP_HANDLES)
		return TRM_JOB_FORWARD;
	switch (TPM_HT(q.property)) {
	case TPM_HT_TRANSIENT:
	case TPM_HT_HMAC_SESSION:
	case TPM_HT_POLICY_SESSION:
		return list_handles(job, &q);
	default:
		return TRM_JOB_FORWARD;
	}
}

static unsigned int count_held(const struct trm_space *space)
{
	struct trm_entity *e;
	unsigned int nr = 0;

	list_for_each_entry(e, &space->sessions, member)
		nr += e->hold == TRM_HELD;
	return nr;
}

/* What a property is for this client; @value as the TPM has it. */
static u32 property_value(const struct trm_space *space, u32 property,
			  u32 value)
{
	u32 objects = READ_ONCE(space->room->limits->objects);

	switch (property) {
	case TPM_PT_CONTEXT_GAP_MAX:
		return ~0U; /* the resource manager sees to it */
	case TPM_PT_HR_LOADED:
		return count_held(space);
	case TPM_PT_HR_ACTIVE:
		return space->file.sessions;
	case TPM_PT_HR_LOADED_AVAIL:
	case TPM_PT_HR_ACTIVE_AVAIL:
		return trm_room_left(space->room, space);
	case TPM_PT_HR_TRANSIENT_AVAIL:
		return objects - min(objects, space->file.objects);
	default:
		return value;
	}
}

void trm_show_properties(struct trm_job *job, size_t len)
{
	struct tpm2_reader r = tpm2_reader(job->rsp, len);
	u32 i, nr, property, value;

	tpm2_get(&r, TPM2_HEADER_SIZE + 1); /* moreData */
	if (tpm2_get_u32(&r) != TPM_CAP_TPM_PROPERTIES)
		return;
	nr = tpm2_get_u32(&r);
	for (i = 0; i < nr && !r.bad; i++) {
		property = tpm2_get_u32(&r);
		value = tpm2_get_u32(&r);
		if (r.bad)
			break;
		value = property_value(job->space, property, value);
		put_unaligned_be32(value, job->rsp + len - tpm2_left(&r) - 4);
	}
}
