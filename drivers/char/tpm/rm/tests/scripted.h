/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A TPM that answers by a script: what each command must be, and what is
 * answered, be it a lie, nonsense, or nothing at all.
 */
#ifndef _TRM_TESTS_SCRIPTED_H
#define _TRM_TESTS_SCRIPTED_H

#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "../space.h"
#include "../wire.h"

#define SCRIPT_STEPS	32
#define SCRIPT_ANSWER	96
#define RM(rc)		(TRM_RC_LAYER | (rc))

/**
 * struct script_step - one command and its answer
 * @code: what the command must be
 * @err: what the transport returns, if it is not 0
 * @len: octets of the answer
 * @rsp: the answer
 */
struct script_step {
	u32 code;
	int err;
	size_t len;
	u8 rsp[SCRIPT_ANSWER];
};

/**
 * struct script - a scripted TPM, and a client of it
 * @tp: must be first
 * @test: the case
 * @step: what is to come
 * @nr: how many steps there are
 * @at: how many of them are over
 * @cmd: the last command
 * @limits: of @room
 * @room: over @tp
 * @user: whom @space counts on
 * @unprivileged: as well
 * @space: the client's
 * @rsp: the last response that the client got
 */
struct script {
	struct trm_transport tp;
	struct kunit *test;
	struct script_step step[SCRIPT_STEPS];
	unsigned int nr;
	unsigned int at;
	u8 cmd[TPM2_BUFFER_SIZE];
	struct trm_limits limits;
	struct trm_room room;
	struct trm_account user;
	struct trm_account unprivileged;
	struct trm_space space;
	u8 rsp[TPM2_BUFFER_SIZE];
};

static inline int script_transport(struct trm_transport *tp,
				   struct tpm2_bytes cmd, u8 *rsp, size_t size)
{
	struct script *s = container_of(tp, struct script, tp);
	struct script_step *step = &s->step[s->at];

	if (s->at == s->nr) {
		KUNIT_FAIL(s->test, "unexpected command %x", trm_wire_code(cmd));
		return -ENXIO;
	}
	s->at++;
	KUNIT_EXPECT_EQ_MSG(s->test, trm_wire_code(cmd), step->code, "step %u",
			    s->at);
	memcpy(s->cmd, cmd.data, cmd.len);
	memcpy(rsp, step->rsp, step->len);
	return step->err ?: (int)step->len;
}

static inline struct script_step *script_add(struct script *s, u32 code)
{
	KUNIT_ASSERT_LT(s->test, s->nr, SCRIPT_STEPS);
	s->step[s->nr] = (struct script_step){ .code = code };
	return &s->step[s->nr++];
}

/* Nothing comes back but -errno. */
static inline void script_errno(struct script *s, u32 code, int err)
{
	script_add(s, code)->err = err;
}

/* Octets as they are. */
static inline void script_raw(struct script *s, u32 code, const u8 *octets,
			      size_t len)
{
	struct script_step *step = script_add(s, code);

	memcpy(step->rsp, octets, len);
	step->len = len;
}

/* A well-formed response without sessions. */
static inline void script_answer(struct script *s, u32 code, u32 rc,
				 struct tpm2_bytes body)
{
	struct script_step *step = script_add(s, code);
	struct tpm2_writer w = tpm2_writer(step->rsp, SCRIPT_ANSWER);

	tpm2_put_u16(&w, TPM_ST_NO_SESSIONS);
	tpm2_put_u32(&w, TPM2_HEADER_SIZE + body.len);
	tpm2_put_u32(&w, rc);
	tpm2_put_bytes(&w, body);
	KUNIT_ASSERT_FALSE(s->test, w.full);
	step->len = w.len;
}

static inline void script_rc(struct script *s, u32 code, u32 rc)
{
	script_answer(s, code, rc, tpm2_bytes(NULL, 0));
}

static inline void script_handle(struct script *s, u32 code, u32 handle)
{
	u8 body[4];

	put_unaligned_be32(handle, body);
	script_answer(s, code, TPM_RC_SUCCESS, tpm2_bytes(body, sizeof(body)));
}

/* A context; its sequence number, and the handle that was saved. */
static inline size_t script_put_context(u8 *buf, u32 age, u32 handle)
{
	struct tpm2_writer w = tpm2_writer(buf, 24);

	tpm2_put_u32(&w, 0);
	tpm2_put_u32(&w, age);
	tpm2_put_u32(&w, handle);
	tpm2_put_u32(&w, TPM_RH_NULL);
	tpm2_put_sized(&w, tpm2_bytes("blob", 4));
	return w.len;
}

static inline void script_save(struct script *s, u32 age, u32 handle)
{
	u8 body[24];

	script_answer(s, TPM_CC_ContextSave, TPM_RC_SUCCESS,
		      tpm2_bytes(body, script_put_context(body, age, handle)));
}

/* A list of handles, of which there may be said to be more or fewer. */
static inline void script_list(struct script *s, u32 capability, u32 said,
			       const u32 *handle, unsigned int nr)
{
	u8 body[64];
	struct tpm2_writer w = tpm2_writer(body, sizeof(body));

	tpm2_put_u8(&w, 0);
	tpm2_put_u32(&w, capability);
	tpm2_put_u32(&w, said);
	while (nr--)
		tpm2_put_u32(&w, *handle++);
	script_answer(s, TPM_CC_GetCapability, TPM_RC_SUCCESS,
		      tpm2_written(&w));
}

static inline struct trm_entity *script_entity(struct script *s)
{
	struct trm_entity *e = kunit_kzalloc(s->test, sizeof(*e) + 256,
					     GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(s->test, e);
	trm_entity_init(e, (u8 *)(e + 1), 256);
	return e;
}

/* All that was expected has come. */
static inline void script_over(struct script *s)
{
	KUNIT_EXPECT_EQ(s->test, s->at, s->nr);
	s->at = 0;
	s->nr = 0;
}

/* As the device sends a command.  Returns -errno, or the response code. */
static inline int script_transmit(struct script *s, struct trm_space *space,
				  struct tpm2_bytes cmd,
				  struct trm_entity *spare)
{
	u8 *copy = kunit_kzalloc(s->test, cmd.len, GFP_KERNEL);
	int len;

	KUNIT_ASSERT_NOT_NULL(s->test, copy);
	memcpy(copy, cmd.data, cmd.len);
	len = trm_space_transmit(space, copy, cmd.len, spare, s->rsp);
	kunit_kfree(s->test, copy);
	script_over(s);
	if (len < 0)
		return len;
	KUNIT_EXPECT_EQ(s->test, (u32)len, get_unaligned_be32(s->rsp + 2));
	return get_unaligned_be32(s->rsp + 6);
}

static inline int script_command(struct script *s, struct trm_space *space,
				 struct trm_wire_command *c)
{
	u8 buf[128];
	struct tpm2_writer w = tpm2_writer(buf, sizeof(buf));
	struct trm_entity *spare = NULL;

	c->info = trm_command_find(c->code);
	trm_wire_put_command(&w, c);
	KUNIT_ASSERT_FALSE(s->test, w.full);
	if (trm_space_need(tpm2_written(&w)) != TRM_NEED_NOTHING)
		spare = script_entity(s);
	return script_transmit(s, space, tpm2_written(&w), spare);
}

/* A command with one handle, and parameters. */
static inline int script_name(struct script *s, u32 code, u32 handle)
{
	struct trm_wire_command c = { .code = code, .handle[0] = handle };

	return script_command(s, &s->space, &c);
}

static inline int script_params(struct script *s, u32 code,
				const u8 *params, size_t len)
{
	struct trm_wire_command c = {
		.code = code,
		.params = tpm2_bytes(params, len),
	};

	return script_command(s, &s->space, &c);
}

static inline void script_handles(struct script *s, const u32 *handle,
				  unsigned int nr)
{
	script_list(s, TPM_CAP_HANDLES, nr, handle, nr);
}

/* Doubt ends: the TPM lists objects, loaded sessions, saved ones. */
static inline void script_empty(struct script *s)
{
	script_handles(s, NULL, 0);
	script_handles(s, NULL, 0);
	script_handles(s, NULL, 0);
}

static inline struct trm_entity *script_take(struct script *s,
					     struct trm_space *space,
					     u32 handle, bool listed)
{
	struct trm_wire_command c = {
		.code = trm_is_session(handle) ? TPM_CC_StartAuthSession :
						 TPM_CC_LoadExternal,
	};
	struct list_head *list = trm_is_session(handle) ? &space->sessions :
							  &space->objects;

	script_handle(s, c.code, handle);
	if (listed)
		script_handles(s, &handle, 1);
	KUNIT_ASSERT_EQ(s->test, script_command(s, space, &c), 0);
	return list_entry(list->prev, struct trm_entity, member);
}

/* Gives a space something that the TPM knows as @handle. */
static inline struct trm_entity *script_own(struct script *s,
					    struct trm_space *space, u32 handle)
{
	return script_take(s, space, handle, false);
}

/* The same, though @handle is another's: the TPM lists nothing but it. */
static inline struct trm_entity *script_own_anew(struct script *s,
						 struct trm_space *space,
						 u32 handle)
{
	return script_take(s, space, handle, true);
}

static inline void script_space(struct script *s, struct trm_space *space)
{
	trm_space_init(space, &s->room);
	space->account[TRM_USER] = &s->user;
	space->account[TRM_UNPRIVILEGED] = &s->unprivileged;
}

static inline int script_init(struct kunit *test)
{
	struct script *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);
	unsigned int scope;

	if (!s)
		return -ENOMEM;
	s->test = test;
	s->tp.send = script_transport;
	for (scope = 0; scope < TRM_NR_SCOPES; scope++)
		s->limits.sessions[scope] = 8;
	s->limits.objects = 8;
	s->limits.orphans = 2;
	trm_room_init(&s->room, &s->tp, &s->limits);
	script_space(s, &s->space);
	test->priv = s;
	return 0;
}

#endif /* _TRM_TESTS_SCRIPTED_H */
