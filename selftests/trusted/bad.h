/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text for add_key() that is wrong in itself: the same for options and blobs.
 */
#ifndef _TRUSTED_BAD_H
#define _TRUSTED_BAD_H

#include "fixture.h"

/* Secrets that the texts have in them: nothing of these may be logged. */
#define SECRET		"5ec3e75ec3e75ec3e75ec3e75ec3e75ec3e75ec3"
#define WORD		"hunter2-hunter2"

struct bad_text {
	const char *text;
	int err;
	const char *says;
};

static inline int try_octets(struct env *e, const void *text, size_t len)
{
	int ret;

	klog_mark(&e->log);
	ret = key_add_octets(e->ring, "bad", text, len);
	klog_read(&e->log);
	return ret;
}

static inline void expect_said(struct __test_metadata *_metadata,
			       struct env *e, const char *text,
			       const char *says)
{
	EXPECT_EQ(1, klog_has(&e->log, "trusted_key: ")) {
		TH_LOG("\"%.200s\" not logged", text);
		show_log(&e->log);
	}
	EXPECT_LT(0, klog_has(&e->log, says)) {
		TH_LOG("\"%.200s\" does not log \"%s\"", text, says);
		show_log(&e->log);
	}
	EXPECT_FALSE(says_secret(&e->log, SECRET));
	EXPECT_FALSE(says_secret(&e->log, WORD));
}

/**
 * expect_bad() - a text that is refused before the TPM is touched
 * @err: errno
 * @says: what the one line in the log has in it
 *
 * tpm_trace_start() must have been called.
 */
static inline void expect_bad(struct __test_metadata *_metadata,
			      struct env *e, const void *text, size_t len,
			      int err, const char *says)
{
	struct tpm_trace trace;
	int ret = try_octets(e, text, len);

	EXPECT_EQ(-err, ret) TH_LOG("\"%.200s\"", (const char *)text);
	EXPECT_EQ(0, key_count(e->ring));
	ASSERT_EQ(0, tpm_trace_take(&trace));
	EXPECT_EQ(0, trace.nr) TH_LOG("\"%.200s\"", (const char *)text);
	expect_said(_metadata, e, text, says);
}

#endif /* _TRUSTED_BAD_H */
