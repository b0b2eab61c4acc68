/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An answer, said once and printed as text or as JSON.
 *
 * A line has a key for JSON and a label for text; without a key it is text alone,
 * without a label JSON alone.  In a list the key is of no account.
 */
#ifndef _CTL_REPORT_H
#define _CTL_REPORT_H

#include <linux/tpm2_cursor.h>
#include <linux/types.h>

void report_start(bool json);
void report_end(void);
void report_drop(void);

void report_text(const char *key, const char *label, const char *format, ...)
	__printf(3, 4);
void report_hex(const char *key, const char *label, struct tpm2_bytes octets);
void report_flag(const char *key, const char *label, bool value);
void report_number(const char *key, const char *label, u64 value);
void report_null(const char *key);
void report_enter(const char *key, const char *heading);
void report_enter_list(const char *key, const char *heading);
void report_leave(void);
void report_line(const char *format, ...)
	__printf(1, 2);

#endif /* _CTL_REPORT_H */
