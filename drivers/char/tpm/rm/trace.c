// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is told of the work for a TPM: tracepoints, and the log.
 */
#include <linux/printk.h>

#include "trm.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* As &trm_transport.note. */
void trm_trace_event(struct trm_transport *tp, enum trm_event event, u32 handle)
{
	struct trm_chip *trm = container_of(tp, struct trm_chip, tp);

	trace_trm_event(trm->nr, event, handle);
	if (event == TRM_EVENT_LOST)
		pr_warn_ratelimited("tpm_rm: an object or session of another TPM user could not be put back\n");
	if (event == TRM_EVENT_DOUBT)
		pr_warn_ratelimited("tpm_rm: an answer of the TPM did not hang together; suspect the bus\n");
	if (event == TRM_EVENT_FOUND)
		pr_warn_ratelimited("tpm_rm: flushed 0x%08x, which somebody's command had left in the TPM unknown\n",
				    handle);
}
