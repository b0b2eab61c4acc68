// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way to the TPM core: the one place that knows struct tpm_buf, and what
 * tpm_transmit_cmd() assumes about it.
 *
 * The core hands tpm_transmit() the data of the buffer and lets it write a whole
 * page there (6.1, 6.12) or the buffer's capacity (7.x), so the buffer is a page
 * or two of our own, and commands and responses are copied.
 */
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/tpm.h>
#include <linux/unaligned.h>

#include "trace.h"
#include "trm.h"

#ifdef __LINUX_TPM_BUF_H__

/* Since 7.0 struct tpm_buf is a header with the data behind it. */
#define XMIT_ORDER 1
#define XMIT_DATA(page) (((struct tpm_buf *)(page))->data)

static ssize_t transmit(struct tpm_chip *chip, void *page, size_t len)
{
	struct tpm_buf *buf = page;

	buf->length = len;
	buf->capacity = TPM2_BUFFER_SIZE;
	return tpm_transmit_cmd(chip, buf, 0, NULL);
}

#else

/* Before that it points to a page of data. */
#define XMIT_ORDER 0
#define XMIT_DATA(page) ((u8 *)(page))

static ssize_t transmit(struct tpm_chip *chip, void *page, size_t len)
{
	struct tpm_buf buf = { .data = page };

	return tpm_transmit_cmd(chip, &buf, 0, NULL);
}

#endif

/* The core's cached session would be a stranger in our slots: it ends first. */
static void end_core_session(struct tpm_chip *chip)
{
#ifdef CONFIG_TCG_TPM2_HMAC
	tpm2_end_auth_session(chip);
#endif
}

/* Sends @cmd; what was secret in it or in the answer does not stay behind. */
static int exchange(struct trm_chip *trm, struct tpm2_bytes cmd, u8 *rsp,
		    size_t size)
{
	u8 *data = XMIT_DATA(trm->page);
	ssize_t rc;
	size_t len;

	memcpy(data, cmd.data, cmd.len);
	rc = transmit(trm->chip, trm->page, cmd.len);
	/* A response code above INT_MAX, which the core has in an int. */
	if (rc < -MAX_ERRNO)
		rc = TPM_RC_SUCCESS;
	/* The core has compared the size field with what it received. */
	len = get_unaligned_be32(data + 2);
	if (rc >= 0 && (len < TPM2_HEADER_SIZE || len > size))
		rc = -EBADMSG;
	if (rc >= 0)
		memcpy(rsp, data, len);
	memzero_explicit(data, TPM2_BUFFER_SIZE);
	if (rc < 0)
		return rc == -EFAULT ? -EIO : rc;
	return len;
}

static void trace(const struct trm_chip *trm, struct tpm2_bytes cmd,
		  const u8 *rsp, int len, u64 begin)
{
	if (!trace_trm_command_enabled() || cmd.len < TPM2_HEADER_SIZE)
		return;
	trace_trm_command(trm->nr, get_unaligned_be32(cmd.data + 6), cmd.len,
			  min(len, 0), len < 0 ? 0 : get_unaligned_be32(rsp + 6),
			  ktime_get_ns() - begin);
}

static int xmit_send(struct trm_transport *tp, struct tpm2_bytes cmd, u8 *rsp,
		     size_t size)
{
	struct trm_chip *trm = container_of(tp, struct trm_chip, tp);
	u64 begin = ktime_get_ns();
	int len;

	lockdep_assert_held(&trm->lock);
	might_sleep();
	if (!trm->started)
		return -ENODEV;
	if (cmd.len > TPM2_BUFFER_SIZE)
		return -EMSGSIZE;
	len = exchange(trm, cmd, rsp, size);
	trm->commands++;
	trace(trm, cmd, rsp, len, begin);
	return len;
}

int trm_xmit_init(struct trm_chip *trm)
{
	trm->page = (void *)__get_free_pages(GFP_KERNEL | __GFP_ZERO,
					     XMIT_ORDER);
	if (!trm->page)
		return -ENOMEM;
	trm->tp.send = xmit_send;
	trm->tp.note = trm_trace_event;
	return 0;
}

void trm_xmit_exit(struct trm_chip *trm)
{
	free_pages((unsigned long)trm->page, XMIT_ORDER);
}

/**
 * trm_xmit_start() - take the chip from everybody else
 * @trm: the chip, locked
 *
 * Return: 0; -ENODEV if it was removed; -EIO if the core does not give it.
 */
int trm_xmit_start(struct trm_chip *trm)
{
	int err;

	lockdep_assert_held(&trm->lock);
	if (!trm->chip)
		return -ENODEV;
	err = tpm_try_get_ops(trm->chip);
	if (err)
		return err;
	end_core_session(trm->chip);
	trm->started = true;
	trm_chip_look(trm);
	return 0;
}

void trm_xmit_stop(struct trm_chip *trm)
{
	lockdep_assert_held(&trm->lock);
	trm->started = false;
	tpm_put_ops(trm->chip);
}
