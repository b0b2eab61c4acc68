// SPDX-License-Identifier: GPL-2.0-only
/*
 * A smaller TPM_PT_CONTEXT_GAP_MAX.  Each ContextSave of a session has a number,
 * one more than the last; that of the next may be so much greater than that of
 * any session that is saved.
 */
#include <string.h>

#include "tpm-gap.h"

#define HEADER		10
#define MAX_ACTIVE	64
#define PT_GAP_MAX	0x114
#define CAP_PROPERTIES	6

enum {
	CC_STARTUP		= 0x144,
	CC_CONTEXT_LOAD		= 0x161,
	CC_CONTEXT_SAVE		= 0x162,
	CC_FLUSH_CONTEXT	= 0x165,
	CC_START_AUTH_SESSION	= 0x176,
	CC_GET_CAPABILITY	= 0x17a,
};

static struct {
	unsigned int max;
	uint64_t next;
	uint64_t saved[MAX_ACTIVE];	/* number, 0 if it is not saved */
} gap;

void gap_set(unsigned int max)
{
	gap.max = max;
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void put32(uint8_t *p, uint32_t v)
{
	p[0] = v >> 24;
	p[1] = v >> 16;
	p[2] = v >> 8;
	p[3] = v;
}

/* The number of a session, or NULL for the handle of something else. */
static uint64_t *saved(uint32_t handle)
{
	bool session = handle >> 24 == 2 || handle >> 24 == 3;

	return session ? &gap.saved[handle % MAX_ACTIVE] : NULL;
}

static uint64_t oldest(void)
{
	uint64_t min = 0;
	int i;

	for (i = 0; i < MAX_ACTIVE; i++) {
		if (gap.saved[i] && (!min || gap.saved[i] < min))
			min = gap.saved[i];
	}
	return min;
}

static bool at_max(void)
{
	return oldest() && gap.next - oldest() > gap.max;
}

/* With one slot free all but the oldest must leave that to the oldest. */
static bool needs_last_slot(const uint8_t *command, size_t len)
{
	uint64_t *nr;

	switch (get32(command + 6)) {
	case CC_START_AUTH_SESSION:
		return true;
	case CC_CONTEXT_LOAD:
		nr = len < HEADER + 12 ? NULL : saved(get32(command + HEADER + 8));
		return nr && *nr != oldest();
	}
	return false;
}

bool gap_forbids(const uint8_t *command, size_t len, unsigned int (*loaded_free)(void))
{
	if (!gap.max || len < HEADER + 4 || !at_max())
		return false;
	if (get32(command + 6) == CC_CONTEXT_SAVE)
		return saved(get32(command + HEADER));
	return needs_last_slot(command, len) && loaded_free() == 1;
}

/* TPMS_CONTEXT begins with the number, 64 bits, and the handle. */
static void context_saved(const uint8_t *context)
{
	uint64_t *nr = saved(get32(context + 8));

	if (!nr)
		return;
	*nr = (uint64_t)get32(context) << 32 | get32(context + 4);
	gap.next = *nr + 1;
}

static void forget(uint32_t handle)
{
	uint64_t *nr = saved(handle);

	if (nr)
		*nr = 0;
}

/* moreData, capability, count, pairs */
static void change_property(uint8_t *response, size_t len)
{
	const uint8_t *end = response + len;
	uint8_t *pair;

	if (len < HEADER + 9 || get32(response + HEADER + 1) != CAP_PROPERTIES)
		return;
	for (pair = response + HEADER + 9; pair + 8 <= end; pair += 8) {
		if (get32(pair) == PT_GAP_MAX)
			put32(pair + 4, gap.max);
	}
}

void gap_done(const uint8_t *command, size_t len, uint8_t *response, size_t response_len)
{
	if (!gap.max || get32(response + 6))
		return;
	switch (get32(command + 6)) {
	case CC_STARTUP:
		memset(gap.saved, 0, sizeof(gap.saved));
		break;
	case CC_CONTEXT_SAVE:
		if (response_len >= HEADER + 12)
			context_saved(response + HEADER);
		break;
	case CC_CONTEXT_LOAD:
		if (response_len >= HEADER + 4)
			forget(get32(response + HEADER));
		break;
	case CC_FLUSH_CONTEXT:
		if (len >= HEADER + 4)
			forget(get32(command + HEADER));
		break;
	case CC_GET_CAPABILITY:
		if (command[1] == 1)	/* not in a session */
			change_property(response, response_len);
	}
}
