/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: each command that a TPM is sent, and what was done to make room.
 * Neither tells what is in a command.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM tpm_rm

#if !defined(_TRM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRM_TRACE_H

#include <linux/tracepoint.h>

#include "room.h"

TRACE_DEFINE_ENUM(TRM_EVENT_LOAD);
TRACE_DEFINE_ENUM(TRM_EVENT_SAVE);
TRACE_DEFINE_ENUM(TRM_EVENT_FLUSH);
TRACE_DEFINE_ENUM(TRM_EVENT_REFRESH);
TRACE_DEFINE_ENUM(TRM_EVENT_PARK);
TRACE_DEFINE_ENUM(TRM_EVENT_KICK);
TRACE_DEFINE_ENUM(TRM_EVENT_LOST);
TRACE_DEFINE_ENUM(TRM_EVENT_KEEP);
TRACE_DEFINE_ENUM(TRM_EVENT_DOUBT);
TRACE_DEFINE_ENUM(TRM_EVENT_FOUND);

#define show_trm_event(event)			\
	__print_symbolic(event,			\
		{ TRM_EVENT_LOAD, "load" },	\
		{ TRM_EVENT_SAVE, "save" },	\
		{ TRM_EVENT_FLUSH, "flush" },	\
		{ TRM_EVENT_REFRESH, "refresh" }, \
		{ TRM_EVENT_PARK, "park" },	\
		{ TRM_EVENT_KICK, "kick" },	\
		{ TRM_EVENT_LOST, "lost" },	\
		{ TRM_EVENT_KEEP, "keep" },	\
		{ TRM_EVENT_DOUBT, "doubt" },	\
		{ TRM_EVENT_FOUND, "found" })

TRACE_EVENT(trm_command,
	TP_PROTO(int chip, u32 code, size_t len, int result, u32 rc, u64 ns),
	TP_ARGS(chip, code, len, result, rc, ns),
	TP_STRUCT__entry(
		__field(int, chip)
		__field(u32, code)
		__field(u32, len)
		__field(int, result)
		__field(u32, rc)
		__field(u64, ns)
	),
	TP_fast_assign(
		__entry->chip = chip;
		__entry->code = code;
		__entry->len = len;
		__entry->result = result;
		__entry->rc = rc;
		__entry->ns = ns;
	),
	TP_printk("tpm%d code=0x%03x len=%u result=%d rc=0x%03x ns=%llu",
		  __entry->chip, __entry->code, __entry->len, __entry->result,
		  __entry->rc, __entry->ns)
);

TRACE_EVENT(trm_event,
	TP_PROTO(int chip, enum trm_event event, u32 handle),
	TP_ARGS(chip, event, handle),
	TP_STRUCT__entry(
		__field(int, chip)
		__field(int, event)
		__field(u32, handle)
	),
	TP_fast_assign(
		__entry->chip = chip;
		__entry->event = event;
		__entry->handle = handle;
	),
	TP_printk("tpm%d %s handle=0x%08x", __entry->chip,
		  show_trm_event(__entry->event), __entry->handle)
);

#endif /* _TRM_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
